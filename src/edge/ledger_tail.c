#include "edge/ledger_tail.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_LOOK ((size_t)16 << 10)

/*
 * The last bytes of a segment, and in them the last whole line, the one before
 * it, and what is torn.  Equal offsets are an empty stretch.
 */
struct view {
	char *data;
	size_t len;
	uint64_t base; /* of `data` in the file */
	size_t before, start, end;
};

/* Behind the last newline among the first `len` bytes; 0 without one. */
static size_t
behind_newline(const char *data, size_t len)
{
	while (len > 0 && data[len - 1] != '\n')
		len--;
	return len;
}

/*
 * Find the lines; false when they begin before the view does.  A line with a
 * NUL in it was never written whole: what follows it on disk did not follow.
 */
static bool
find_lines(struct view *v)
{
	size_t len = v->len;

	for (;;) {
		v->end = behind_newline(v->data, len);
		v->start = v->before = 0;
		if (v->end == 0)
			return v->base == 0;
		v->start = behind_newline(v->data, v->end - 1);
		if (v->start == 0 && v->base > 0)
			return false;
		if (!memchr(v->data + v->start, '\0', v->end - v->start))
			break;
		len = v->start;
	}
	if (v->start == 0)
		return true;
	v->before = behind_newline(v->data, v->start - 1);
	return v->before > 0 || v->base == 0;
}

static int
look_back(struct ledger *l, uint64_t segment, int fd, uint64_t size,
    struct view *v, struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	size_t most = FIRST_LOOK, got;

	ledger_name(name, segment);
	for (;; most *= 4) {
		if (most > LEDGER_TAIL_MAX)
			most = LEDGER_TAIL_MAX;
		v->len = size < most ? (size_t)size : most;
		v->base = size - v->len;
		free(v->data);
		v->data = malloc(v->len + 1);
		if (!v->data)
			err_fatal("out of memory");
		if (ledger_pread(l, segment, fd, v->data, v->len, v->base, &got,
		        err) < 0)
			return -1;
		v->len = got;
		if (find_lines(v))
			return 0;
		if (most == LEDGER_TAIL_MAX)
			return err_set(err, ERR_TAMPERED,
			    "'%s/%s': no whole line in its last %zu bytes",
			    l->path, name, most);
	}
}

/* The mark of one line, whatever it follows; seq 0 when it is not readable. */
static struct chain_mark
mark_of(const struct view *v, size_t start, size_t end)
{
	struct chain_mark none = {0}, mark;
	struct chain_head head;

	chain_check(&none, v->data + start, end - 1 - start, true, &head,
	    &mark);
	return mark;
}

/* What the first line of a segment has to name. */
static int
end_of_segment_before(struct ledger *l, uint64_t segment,
    struct chain_mark *mark, struct err *err)
{
	uint64_t before = ledger_segment_before(l, segment);
	char name[LEDGER_NAME_SIZE];
	struct view v = {0};
	struct stat st;
	int fd = -1, ret = -1;

	*mark = (struct chain_mark){0};
	if (before == 0 && segment == 1)
		return 0;
	if (before == 0)
		return err_set(err, ERR_TAMPERED,
		    "'%s': the segment before the one of line %" PRIu64
		    " is missing",
		    l->path, segment);
	ledger_name(name, before);
	if (ledger_open_stat(l, name, O_RDONLY, &fd, &st, err) < 0 ||
	    look_back(l, before, fd, (uint64_t)st.st_size, &v, err) < 0)
		goto out;
	if (v.end > v.start)
		*mark = mark_of(&v, v.start, v.end);
	if (v.end != v.len || mark->seq + 1 != segment)
		err_set(err, ERR_TAMPERED,
		    "'%s/%s' does not end with line %" PRIu64
		    ", after which the next segment begins",
		    l->path, name, segment - 1);
	else
		ret = 0;
out:
	if (fd >= 0)
		close(fd);
	free(v.data);
	return ret;
}

/* The newest line is one of ours and follows the one before it. */
static int
check_last(struct ledger *l, const struct view *v, struct ledger_tail *t,
    struct err *err)
{
	struct chain_mark before;
	struct chain_head head;
	enum chain_verdict verdict;

	if (v->before < v->start)
		before = mark_of(v, v->before, v->start);
	else if (end_of_segment_before(l, t->segment, &before, err) < 0)
		return -1;
	if (v->start == v->end) {
		t->last = before;
		return 0;
	}
	verdict = chain_check(&before, v->data + v->start,
	    v->end - 1 - v->start, true, &head, &t->last);
	t->time = head.time;
	if (verdict != CHAIN_FINE)
		return err_set(err, ERR_TAMPERED,
		    "the newest line of '%s/%s' (byte %" PRIu64 ") %s; nothing "
		    "is appended to it: see 'foureyes verify --chain'",
		    l->path, t->name, v->base + v->start,
		    head.seq == 0 ? "is not a record of a ledger"
		                  : "does not follow the line before it");
	return 0;
}

int
ledger_tail_find(struct ledger *l, struct ledger_tail *t, struct err *err)
{
	struct view v = {0};
	struct stat st;
	int ret = -1;

	if (ledger_list(l, err) < 0)
		return -1;
	t->segment = l->segment[l->segment_count - 1];
	ledger_name(t->name, t->segment);
	if (ledger_open_stat(l, t->name, O_RDWR, &t->fd, &st, err) < 0)
		return -1;
	t->dev = st.st_dev;
	t->ino = st.st_ino;
	if (look_back(l, t->segment, t->fd, (uint64_t)st.st_size, &v, err) == 0)
		ret = check_last(l, &v, t, err);
	t->data = v.data;
	t->end = v.base + v.end;
	t->torn = v.data ? v.data + v.end : NULL;
	t->torn_len = v.len - v.end;
	return ret;
}

void
ledger_tail_release(struct ledger_tail *t)
{
	if (t->fd >= 0)
		close(t->fd);
	free(t->data);
	*t = (struct ledger_tail){.fd = -1};
}
