#include "edge/ledger_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/ledger_lock.h"
#include "edge/ledger_reserve.h"

/* Who makes a sync may die, and wakes nobody then. */
#define SLEEP_MOST 20000 /* microseconds */
#define BLOCK 16384
#define TRIES_MAX 8 /* beyond the deadline, while the disk answers */

/* `c` was read with the lock that is held. */
static int
sync_now(struct ledger *l, int fd, struct ledger_claims *c,
    const struct ledger_cell *upto)
{
	struct ledger_cell cell = *upto;

	ledger_claim_doubt(l, c);
	if (fdatasync(fd) < 0)
		return -1;
	cell.turn = c->synced.turn;
	cell.doubt = 0;
	ledger_claim_synced(l, &cell, c->waited);
	return 0;
}

int
ledger_sync_now(struct ledger *l, int fd, const struct ledger_cell *upto)
{
	struct ledger_claims c;

	if (l->page == NULL)
		return fdatasync(fd);
	ledger_claims_read(l, &c);
	return sync_now(l, fd, &c, upto);
}

/* ---- taking back ---- */

/*
 * What was written and could not be synced may be in memory only, and look as
 * if it was on disk.  So memory is let go of, and the end read again.
 */
static int
read_back(struct ledger *l, struct ledger_tail *t, struct err *err)
{
	(void)posix_fadvise(t->fd, 0, 0, POSIX_FADV_DONTNEED);
	ledger_tail_release(t);
	return ledger_tail_find(l, t, err);
}

static void
claim_anew(struct ledger *l, const struct ledger_claims *c,
    const struct ledger_tail *t)
{
	struct ledger_cell cell = c->written;
	uint64_t generation = c->synced.generation + 1;

	ledger_cell_of(&cell, t, generation);
	ledger_claim_written(l, &cell);
	cell = c->synced;
	ledger_cell_of(&cell, t, generation);
	ledger_claim_synced(l, &cell, true);
}

static int
settle_locked(struct ledger *l, struct ledger_tail *t, struct err *err)
{
	struct ledger_claims c;
	bool cut;

	ledger_claims_read(l, &c);
	if (c.synced.doubt == 0)
		return 0;
	/*
	 * Where all that lies behind the last sync is from writers who kept to
	 * the claims, none of it was promised to anybody.
	 */
	cut = ledger_claims_meet(l, &c, t) && c.synced.end < t->end;
	if ((cut && ftruncate(t->fd, (off_t)c.synced.end) < 0) ||
	    fdatasync(t->fd) < 0)
		return err_errno(err,
		    "'%s/%s': what a failed sync left there could not be taken "
		    "back",
		    l->path, t->name);
	if (read_back(l, t, err) < 0)
		return -1;
	if (cut && memcmp(t->last.digest, c.synced.digest, DIGEST_SIZE) != 0)
		return err_set(err, ERR_TAMPERED,
		    "'%s/%s' does not end with line %" PRIu64
		    ", which was on disk",
		    l->path, t->name, c.synced.seq);
	claim_anew(l, &c, t);
	return 0;
}

int
ledger_settle(struct ledger *l, struct ledger_tail *t, struct ledger_claims *c,
    struct err *err)
{
	int ret;

	ledger_claims_read(l, c);
	/* Where the lock is held the sync goes on, and is no failure yet. */
	if (c->synced.doubt == 0 || ledger_sync_try(l) <= 0)
		return 0;
	ret = settle_locked(l, t, err);
	ledger_sync_unlock(l);
	ledger_claims_read(l, c);
	return ret;
}

/* ---- sharing ---- */

static bool
is_covered(const struct ledger *l, const struct ledger_claims *c,
    const struct ledger_written *w)
{
	const struct ledger_cell *s = &c->synced;

	if (memcmp(s->boot, l->boot, sizeof(s->boot)) != 0)
		return false;
	return s->segment > w->end.segment ||
	    (s->segment == w->end.segment && s->ino == w->end.ino &&
	        s->dev == w->end.dev && s->end >= w->end.end);
}

static bool
has_name(struct ledger *l, const struct ledger_written *w)
{
	char name[LEDGER_NAME_SIZE];
	struct stat st;

	ledger_name(name, w->end.segment);
	return fstatat(l->dir, ledger_name_now(l, name), &st,
	           AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_ino == w->end.ino && st.st_dev == w->end.dev;
}

/* The file that was written to is still one of the ledger. */
static bool
is_in_place(struct ledger *l, const struct ledger_written *w)
{
	return has_name(l, w) ||
	    (ledger_list(l, &(struct err){0}) == 0 && has_name(l, w));
}

/* All that was written stands there, to the byte. */
static int
look_at_lines(struct ledger *l, const struct ledger_written *w, bool *there,
    struct err *err)
{
	char block[BLOCK];
	size_t len, got;

	*there = false;
	for (size_t at = 0; at < w->lines.len; at += len) {
		len = w->lines.len - at < BLOCK ? w->lines.len - at : BLOCK;
		if (ledger_pread(l, w->end.segment, w->fd, block, len,
		        w->start + at, &got, err) < 0)
			return -1;
		if (got != len || memcmp(block, w->lines.data + at, len) != 0)
			return 0;
	}
	*there = is_in_place(l, w);
	return 0;
}

static bool
is_of(const struct ledger_cell *c, const struct ledger_cell *end)
{
	return c->dev == end->dev && c->ino == end->ino &&
	    c->segment == end->segment && c->generation == end->generation &&
	    c->end >= end->end;
}

/* With the lock of claims: a sync for everybody who wrote so far. */
static int
lead(struct ledger *l, const struct ledger_written *w, bool *doubt)
{
	struct ledger_claims c;

	ledger_claims_read(l, &c);
	*doubt = c.synced.doubt != 0;
	if (*doubt || is_covered(l, &c, w))
		return 0;
	return sync_now(l, w->fd, &c,
	    is_of(&c.written, &w->end) ? &c.written : &w->end);
}

/* Without any lock: a sync failed, here or with somebody who died. */
static int
settle_all(struct ledger *l, struct err *err)
{
	struct ledger_tail t = {.fd = -1};
	struct ledger_claims c;
	int ret = -1;

	if (ledger_lock(l, err) < 0)
		return -1;
	if (ledger_tail_find(l, &t, err) == 0)
		ret = ledger_settle(l, &t, &c, err);
	ledger_tail_release(&t);
	ledger_unlock(l);
	return ret;
}

static int
say_failed(struct ledger *l, const struct ledger_written *w, struct err *err)
{
	ledger_note_full(l, errno);
	return err_errno(err, "'%s/%020" PRIu64 ".jsonl' cannot be appended to",
	    l->path, w->end.segment);
}

static int
say_gone(const struct ledger *l, const struct ledger_written *w,
    const struct err *why, struct err *err)
{
	if (why->kind != ERR_NONE) {
		*err = *why;
		return -1;
	}
	return err_set(err, ERR_SYSTEM,
	    "'%s/%020" PRIu64 ".jsonl' cannot be appended to: the sync failed, "
	    "and what it was to keep was taken back",
	    l->path, w->end.segment);
}

/* How a try to make the sync ended. */
enum led {
	LED_NOT,    /* somebody else makes one */
	LED_DONE,   /* all is on disk */
	LED_FAILED, /* what is there now has to be looked at */
	LED_STUCK   /* and could not be put right; `err` tells */
};

static enum led
try_to_lead(struct ledger *l, const struct ledger_written *w, struct err *why,
    struct err *err)
{
	struct err settled = {0};
	bool doubt = false;
	int got = ledger_sync_try(l), ret = got;

	if (got == 0)
		return LED_NOT;
	if (got > 0)
		ret = lead(l, w, &doubt);
	if (ret < 0)
		(void)say_failed(l, w, why);
	if (got > 0)
		ledger_sync_unlock(l);
	if (ret == 0 && !doubt)
		return LED_DONE;
	if (settle_all(l, &settled) == 0)
		return LED_FAILED;
	l->broken = true;
	*err = why->kind != ERR_NONE ? *why : settled;
	(void)err_within(err, "a failed append could not be undone");
	return LED_STUCK;
}

/* 1: on disk; 0: not yet; -1: gone. */
static int
look(struct ledger *l, const struct ledger_written *w, bool synced,
    const struct err *why, uint32_t *turn, struct err *err)
{
	struct ledger_claims c;
	bool covered, there;

	ledger_claims_read(l, &c);
	*turn = c.synced.turn;
	covered = synced || is_covered(l, &c, w);
	if (!covered && c.synced.generation == w->end.generation)
		return 0;
	if (look_at_lines(l, w, &there, err) < 0)
		return err_within(err,
		    "whether it is on disk could not be found out");
	if (!there)
		return say_gone(l, w, why, err);
	return covered;
}

int
ledger_share(struct ledger *l, struct ledger_written *w, struct err *err)
{
	int64_t until = ledger_now_ms() + l->patience;
	struct err why = {0};
	enum led led;
	uint32_t turn;
	int ret;

	for (unsigned tries = 0;; tries++) {
		led = try_to_lead(l, w, &why, err);
		if (led == LED_STUCK)
			return -1;
		ret = look(l, w, led == LED_DONE, &why, &turn, err);
		if (ret != 0)
			return ret > 0 ? 0 : -1;
		if ((led == LED_NOT || tries >= TRIES_MAX) &&
		    ledger_now_ms() >= until)
			return err_set(err, ERR_UNREACHABLE,
			    "whether '%s/%020" PRIu64 ".jsonl' is on disk "
			    "could not be found out for %" PRId64 " ms",
			    l->path, w->end.segment, l->patience);
		if (led == LED_NOT)
			ledger_claims_wait(l, turn, SLEEP_MOST);
	}
}
