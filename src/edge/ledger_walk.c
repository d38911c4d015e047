/* Walking along the chain, without the lock. */
#include "edge/ledger.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/ledger_files.h"

#define BLOCK ((size_t)1 << 20)
/* Where a line is longer than that. */
#define BLOCK_MOST (LEDGER_LINE_MAX + BLOCK)
/* A bad line is looked at again: its writer may just have taken it back. */
#define LOOKS 3
#define LOOK_AGAIN 1000 /* microseconds */

struct walk {
	struct ledger *l;
	ledger_see_fn *see;
	void *ctx;
	struct chain_mark last;
	uint64_t segment;
	char name[LEDGER_NAME_SIZE];
	int fd;
	char *data; /* what is read and not yet seen begins at `pos` */
	size_t room, have, pos;
	uint64_t base; /* of `data` in the file */
	unsigned looks;
	bool stopped;
	bool saw; /* a line of this walk's own: `last` is it */
};

/* The number of the line that is looked at, counted in its file. */
static uint64_t
line_number(const struct walk *w)
{
	return w->last.seq + 1 - w->segment + 1;
}

static int
say_altered(const struct walk *w, const struct chain_head *head,
    struct err *err)
{
	uint64_t n = line_number(w);

	if (head->seq == 0)
		return err_set(err, ERR_TAMPERED,
		    "altered: line %" PRIu64 " of '%s/%s' is not a record of a "
		    "ledger",
		    n, w->l->path, w->name);
	if (n == 1)
		return err_set(err, ERR_TAMPERED,
		    "altered: line 1 of '%s/%s' names another line before it "
		    "than the one there",
		    w->l->path, w->name);
	return err_set(err, ERR_TAMPERED,
	    "altered: line %" PRIu64 " of '%s/%s' is not the one that line "
	    "%" PRIu64 " names",
	    n - 1, w->l->path, w->name, n);
}

static int
say_bad(const struct walk *w, enum chain_verdict verdict,
    const struct chain_head *head, struct err *err)
{
	if (verdict == CHAIN_OUT_OF_SEQUENCE)
		return err_set(err, ERR_TAMPERED,
		    "dropped or inserted: line %" PRIu64 " of '%s/%s' has seq "
		    "%" PRIu64 ", expected %" PRIu64,
		    line_number(w), w->l->path, w->name, head->seq,
		    w->last.seq + 1);
	return say_altered(w, head, err);
}

static int
say_too_long(const struct walk *w, struct err *err)
{
	return err_set(err, ERR_TAMPERED,
	    "altered: line %" PRIu64 " of '%s/%s' is longer than %u bytes",
	    line_number(w), w->l->path, w->name, LEDGER_LINE_MAX);
}

/*
 * Read the line at `pos` again from its first byte, and what follows it; `more`
 * says whether there was more this time.  So the bytes of one line come from
 * one read: those of a line that was taken back meanwhile never join others.
 */
static int
fill(struct walk *w, bool *more, struct err *err)
{
	size_t left = w->have - w->pos;

	w->base += w->pos;
	w->have = w->pos = 0;
	if (left == w->room) {
		if (w->room == BLOCK_MOST)
			return say_too_long(w, err);
		w->room = BLOCK_MOST;
		w->data = realloc(w->data, BLOCK_MOST);
		if (!w->data)
			err_fatal("out of memory");
	}
	if (ledger_pread(w->l, w->segment, w->fd, w->data, w->room, w->base,
	        &w->have, err) < 0)
		return -1;
	*more = w->have > left;
	return 0;
}

/*
 * The newest line, with NULs in it: a writer died, and behind the NULs even
 * its newline reached the disk.
 */
static int
is_torn_end(struct walk *w, size_t len, bool *torn, struct err *err)
{
	bool more;

	*torn = false;
	if (!memchr(w->data + w->pos, '\0', len) ||
	    ledger_next_segment(w->l, w->segment) != 0)
		return 0;
	if (w->pos + len + 1 < w->have)
		return 0;
	if (fill(w, &more, err) < 0)
		return -1;
	*torn = w->have == len + 1;
	return 0;
}

/* A line that adds up, or is borne. */
static int
see_line(struct walk *w, struct chain_mark *mark, size_t len, struct err *err)
{
	int ret;

	mark->segment = w->segment;
	mark->offset = w->base + w->pos;
	ret = w->see ? w->see(mark, w->data + w->pos, len, w->ctx, err) : 0;
	if (ret < 0)
		return -1;
	w->stopped = ret > 0;
	w->saw = true;
	w->last = *mark;
	w->pos += len + 1;
	w->looks = 0;
	return 0;
}

/* What has no head is passed over; its digest is what the next may name. */
static int
bear(struct walk *w, enum chain_verdict verdict, const struct chain_head *head,
    struct chain_mark *mark, size_t len, struct err *err)
{
	if (w->l->flaw->kind == ERR_NONE)
		(void)say_bad(w, verdict, head, w->l->flaw);
	if (head->seq != 0)
		return see_line(w, mark, len, err);
	mark->seq = w->last.seq;
	w->saw = false;
	w->last = *mark;
	w->pos += len + 1;
	w->looks = 0;
	return 0;
}

/*
 * What is here does not follow the last line: is that one gone again, because
 * its writer failed?  Then others stand where it stood, and the walk ends with
 * it, as ledger.h says.
 */
static int
was_taken_back(struct walk *w, bool *taken, struct err *err)
{
	bool holds = true;

	if (w->saw && ledger_holds(w->l, &w->last, &holds, err) < 0)
		return -1;
	*taken = !holds;
	w->stopped = w->stopped || !holds;
	return 0;
}

/* One whole line of `len` bytes is at `pos`.  0 on, 1 torn end, -1. */
static int
take_line(struct walk *w, size_t len, struct err *err)
{
	struct chain_mark mark;
	struct chain_head head;
	enum chain_verdict verdict;
	bool torn, more, taken;

	if (len > LEDGER_LINE_MAX)
		return say_too_long(w, err);
	verdict =
	    chain_check(&w->last, w->data + w->pos, len, true, &head, &mark);
	if (verdict == CHAIN_FINE)
		return see_line(w, &mark, len, err);
	if (is_torn_end(w, len, &torn, err) < 0)
		return -1;
	if (torn)
		return 1;
	if (was_taken_back(w, &taken, err) < 0)
		return -1;
	if (taken)
		return 0;
	if (++w->looks >= LOOKS)
		return w->l->flaw != NULL
		    ? bear(w, verdict, &head, &mark, len, err)
		    : say_bad(w, verdict, &head, err);
	ledger_nap(LOOK_AGAIN);
	return fill(w, &more, err);
}

/* All whole lines of the open segment; what is left stays in the block. */
static int
walk_lines(struct walk *w, struct err *err)
{
	bool more = true;
	const char *lf;
	int ret;

	while (!w->stopped) {
		lf = w->have == w->pos
		    ? NULL
		    : memchr(w->data + w->pos, '\n', w->have - w->pos);
		if (lf) {
			ret =
			    take_line(w, (size_t)(lf - w->data) - w->pos, err);
			if (ret != 0)
				return ret < 0 ? -1 : 0;
			continue;
		}
		if (!more)
			break;
		if (fill(w, &more, err) < 0)
			return -1;
	}
	return 0;
}

static int
enter_segment(struct walk *w, uint64_t segment, uint64_t offset,
    struct err *err)
{
	off_t size;

	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
	w->segment = segment;
	ledger_name(w->name, segment);
	w->base = offset;
	w->have = w->pos = 0;
	if (ledger_open_file(w->l, w->name, O_RDONLY, &w->fd, err) < 0)
		return -1;
	size = lseek(w->fd, 0, SEEK_END);
	if (size < 0)
		return err_errno(err, "'%s/%s'", w->l->path, w->name);
	if ((uint64_t)size < offset)
		return err_set(err, ERR_TAMPERED,
		    "cut: '%s/%s' has %lld bytes, and line %" PRIu64
		    " was seen to end at byte %" PRIu64,
		    w->l->path, w->name, (long long)size, w->last.seq, offset);
	return 0;
}

/* Go on with the next segment: the one before it must be complete. */
static int
join(struct walk *w, uint64_t next, struct err *err)
{
	uint64_t left = w->have - w->pos;

	if (left > 0)
		return err_set(err, ERR_TAMPERED,
		    "altered: '%s/%s' ends at byte %" PRIu64
		    " with a piece of a line, and another segment follows it",
		    w->l->path, w->name, w->base + w->have);
	if (next != w->last.seq + 1)
		return err_set(err, ERR_TAMPERED,
		    "dropped or inserted: '%s' ends with seq %" PRIu64
		    ", and the next segment begins with %" PRIu64,
		    w->l->path, w->last.seq, next);
	return enter_segment(w, next, 0, err);
}

/*
 * With the first line there is: number 1, or the one behind what was pruned.
 * Files of the pruned that are still there are passed over.
 */
static int
begin_first(struct walk *w, struct err *err)
{
	struct pruned p;

	if (ledger_list(w->l, err) < 0 || ledger_pruned(w->l, &p, err) < 0)
		return -1;
	w->last.seq = p.last;
	memcpy(w->last.digest, p.digest, sizeof(w->last.digest));
	for (size_t i = 0; i < w->l->segment_count; i++)
		if (w->l->segment[i] == p.last + 1)
			return enter_segment(w, p.last + 1, 0, err);
	return err_set(err, ERR_TAMPERED,
	    "dropped: '%s' begins with line %" PRIu64
	    ", older segments are missing",
	    w->l->path, w->l->segment[0]);
}

static int
begin(struct walk *w, struct err *err)
{
	if (w->last.seq == 0)
		return begin_first(w, err);
	return enter_segment(w, w->last.segment,
	    w->last.offset + w->last.length + 1, err);
}

/* At the end of what was known: is there a segment that is newer? */
static int
look_further(struct walk *w, uint64_t *next, struct err *err)
{
	*next = ledger_next_segment(w->l, w->segment);
	if (*next != 0)
		return 0;
	if (ledger_list(w->l, err) < 0)
		return -1;
	*next = ledger_next_segment(w->l, w->segment);
	return 0;
}

void
ledger_bear(struct ledger *l, struct err *flaw)
{
	l->flaw = flaw;
}

int
ledger_walk(struct ledger *l, const struct chain_mark *after,
    ledger_see_fn *see, void *ctx, struct ledger_end *end, struct err *err)
{
	struct walk w = {.l = l, .see = see, .ctx = ctx, .fd = -1};
	uint64_t next;
	int ret;

	if (after)
		w.last = *after;
	w.room = BLOCK;
	w.data = malloc(w.room);
	if (!w.data)
		err_fatal("out of memory");
	ret = begin(&w, err);
	while (ret == 0) {
		ret = walk_lines(&w, err);
		if (ret < 0 || w.stopped)
			break;
		ret = look_further(&w, &next, err);
		if (ret < 0 || next == 0)
			break;
		ret = join(&w, next, err);
	}
	if (ret == 0 && end) {
		*end = (struct ledger_end){.last = w.last};
		end->segment = w.segment;
		end->torn_at = w.base + w.pos;
		end->torn = w.stopped ? 0 : w.have - w.pos;
	}
	if (w.fd >= 0)
		close(w.fd);
	free(w.data);
	return ret;
}
