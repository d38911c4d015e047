#include "edge/ledger_put.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/ledger_lock.h"
#include "edge/ledger_reserve.h"

static int
write_all(int fd, const char *data, size_t len, uint64_t offset)
{
	ssize_t n;

	for (size_t done = 0; done < len; done += (size_t)n) {
		n = pwrite(fd, data + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return -1;
		else if (n == 0) {
			errno = EIO;
			return -1;
		}
	}
	return 0;
}

/* Where the lines go: behind the tail, or into a file that begins there. */
struct place {
	const struct ledger_tail *tail;
	char name[LEDGER_NAME_SIZE];
	int fd;
	bool fresh;
	uint64_t start;
	struct ledger_cell before, end; /* as it is, and as it will be */
};

/*
 * Put things back as they were found, torn bytes and all.  Where it was the
 * sync that failed, the doubt about what others wrote is left to stand.
 */
static int
take_back(struct ledger *l, const struct place *p, bool sync_failed)
{
	const struct ledger_tail *t = p->tail;

	if (p->fresh)
		return unlinkat(l->dir, p->name, 0) < 0 || fsync(l->dir) < 0
		    ? -1
		    : 0;
	if (write_all(t->fd, t->torn, t->torn_len, t->end) < 0 ||
	    ftruncate(t->fd, (off_t)(t->end + t->torn_len)) < 0)
		return -1;
	return sync_failed ? fdatasync(t->fd)
	                   : ledger_sync_now(l, t->fd, &p->before);
}

static int
not_undone(struct ledger *l, struct err *err)
{
	l->broken = true;
	return err_within(err, "a failed append could not be undone");
}

static int
fail(struct ledger *l, const struct place *p, bool sync_failed, struct err *err)
{
	ledger_note_full(l, errno);
	(void)err_errno(err, "'%s/%s' cannot be appended to", l->path, p->name);
	return take_back(l, p, sync_failed) < 0 ? not_undone(l, err) : -1;
}

/*
 * Over a torn tail the new lines are written before what is left of it is cut
 * off, so that a failure finds the room to put it back.
 */
static int
write_lines(const struct place *p, const struct buf *lines)
{
	const struct ledger_tail *t = p->tail;

	if (write_all(p->fd, lines->data, lines->len, p->start) < 0)
		return -1;
	if (!p->fresh && t->torn_len > lines->len)
		return ftruncate(p->fd, (off_t)(p->start + lines->len));
	return 0;
}

/* The tail's file is on disk before another one begins behind it. */
static int
begin_segment(struct ledger *l, struct place *p, struct err *err)
{
	const struct ledger_tail *t = p->tail;
	struct stat st;

	if (ledger_sync_now(l, t->fd, &p->before) < 0)
		return err_errno(err, "'%s/%s'", l->path, t->name);
	ledger_name(p->name, t->last.seq + 1);
	if (ledger_make_file(l, p->name, O_EXCL, &p->fd, err) < 0) {
		ledger_note_full(l, errno);
		return -1;
	}
	p->fresh = true;
	p->start = 0;
	if (fstat(p->fd, &st) < 0)
		return fail(l, p, false, err);
	p->end.dev = st.st_dev;
	p->end.ino = st.st_ino;
	p->end.segment = t->last.seq + 1;
	return 0;
}

/*
 * With both locks, for oneself: where claims do not say what is there, or a
 * file is new.  The directory is synced too, as nobody knows who made the file.
 */
static int
put_alone(struct ledger *l, struct place *p, const struct buf *lines,
    bool new_segment, struct err *err)
{
	if (new_segment && begin_segment(l, p, err) < 0)
		return -1;
	p->end.end = p->start + lines->len;
	if (write_lines(p, lines) < 0)
		return fail(l, p, false, err);
	if (fsync(l->dir) < 0 || ledger_sync_now(l, p->fd, &p->end) < 0)
		return fail(l, p, true, err);
	ledger_claim_written(l, &p->end);
	return 0;
}

/* What is written is told, and brought to disk by whoever syncs next. */
static int
put_shared(struct ledger *l, struct place *p, const struct buf *lines,
    struct err *err)
{
	int error;

	p->end.end = p->start + lines->len;
	if (lines->len == 0)
		return 0;
	if (write_lines(p, lines) == 0) {
		ledger_claim_written(l, &p->end);
		return 0;
	}
	error = errno;
	if (ledger_sync_lock(l, err) < 0)
		return take_back(l, p, true) < 0 ? not_undone(l, err) : -1;
	errno = error;
	(void)fail(l, p, false, err);
	ledger_sync_unlock(l);
	return -1;
}

static int
put(struct ledger *l, struct place *p, const struct buf *lines, bool shared,
    bool new_segment, struct err *err)
{
	bool held = l->sync_fd >= 0;
	int ret;

	if (shared)
		return put_shared(l, p, lines, err);
	if (held && ledger_sync_lock(l, err) < 0)
		return -1;
	ret = put_alone(l, p, lines, new_segment, err);
	if (held)
		ledger_sync_unlock(l);
	return ret;
}

/* ---- all of it ---- */

static bool
is_stale(const struct ledger_appending *a, const struct ledger_tail *t)
{
	return a->behind != NULL &&
	    (a->behind->seq != t->last.seq ||
	        memcmp(a->behind->digest, t->last.digest, DIGEST_SIZE) != 0);
}

/* What an administrator goes on without is what he saw. */
static int
still_lost(struct ledger *l, const struct ledger_tail *t,
    const struct ledger_lost *lost, struct err *err)
{
	struct ledger_lost now;

	ledger_find_lost(l, t, &now);
	if (now.to != 0 && now.from == lost->from && now.to == lost->to)
		return 0;
	return err_set(err, ERR_INPUT,
	    "'%s': what is lost is not any more what it was a moment ago; look "
	    "again",
	    l->path);
}

static void
set_place(struct place *p, const struct ledger_tail *t,
    const struct ledger_claims *c, const struct chain_mark *last, bool meet)
{
	uint64_t generation = c->synced.generation;

	*p = (struct place){.tail = t, .fd = t->fd, .start = t->end};
	memcpy(p->name, t->name, sizeof(p->name));
	p->before.turn = c->written.turn;
	ledger_cell_of(&p->before, t, meet ? generation : generation + 1);
	p->end = p->before;
	p->end.seq = last->seq;
	memcpy(p->end.digest, last->digest, DIGEST_SIZE);
}

static struct chain_mark
mark_in(const struct place *p, const struct chain_mark *last)
{
	struct chain_mark mark = *last;

	mark.segment = p->end.segment;
	mark.offset = p->end.end - 1 - last->length;
	return mark;
}

/* What is not yet on disk goes to the caller, descriptor and lines. */
static void
hand_over(struct ledger_written *w, struct ledger_tail *t,
    const struct place *p, struct buf *lines)
{
	*w = (struct ledger_written){.fd = t->fd,
	    .start = p->start,
	    .end = p->end,
	    .lines = *lines};
	t->fd = -1;
	*lines = (struct buf){0};
}

static int
put_behind(struct ledger *l, struct ledger_appending *a, struct ledger_tail *t,
    const struct ledger_claims *c, struct ledger_written *w, struct err *err)
{
	bool meet = ledger_claims_meet(l, c, t), new_segment;
	struct chain_mark last;
	struct buf lines = {0};
	struct place p;
	int ret;

	if (a->lines != NULL) {
		if (ledger_compose_taken(&lines, l, a->lines, t, &last, err) <
		    0) {
			buf_free(&lines);
			return -1;
		}
		new_segment = lines.len > 0 && a->lines->segment != t->segment;
	} else {
		ledger_compose(&lines, a, t, c->synced.seq, &last);
		new_segment = lines.len > 0 && ledger_segment_due(l, t, a->now);
	}
	a->last = last;
	set_place(&p, t, c, &last, meet);
	ret = put(l, &p, &lines, meet && !new_segment, new_segment, err);
	if (ret == 0 && lines.len > 0)
		l->appended = mark_in(&p, &last);
	if (p.fresh)
		close(p.fd);
	else if (ret == 0 && meet && (lines.len > 0 || c->synced.end < t->end))
		hand_over(w, t, &p, &lines);
	buf_free(&lines);
	return ret;
}

int
ledger_put(struct ledger *l, struct ledger_appending *a,
    struct ledger_written *w, struct err *err)
{
	struct ledger_tail t = {.fd = -1};
	struct ledger_claims c;
	int ret = -1;

	ledger_claims_open(l, false);
	if (ledger_tail_find(l, &t, err) < 0 ||
	    ledger_settle(l, &t, &c, err) < 0)
		goto out;
	if (!ledger_claims_meet(l, &c, &t)) {
		ledger_claims_open(l, true);
		ledger_claims_read(l, &c);
	}
	if (a->lines == NULL &&
	    (a->lost == NULL ? ledger_look_for_loss(l, &t, &c, err)
	                     : still_lost(l, &t, a->lost, err)) < 0)
		goto out;
	a->stale = is_stale(a, &t);
	ret = a->stale ? 0 : put_behind(l, a, &t, &c, w, err);
out:
	ledger_tail_release(&t);
	return ret;
}
