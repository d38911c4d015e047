/* Appending to a shared ledger: in the database first, then in the copy. */
#include <string.h>
#include <time.h>

#include "app/node.h"
#include "base/json.h"
#include "base/text.h"

#include "daemon_shared_inside.h"

#define NAP 50000000L /* ns between two looks */
#define TRIES_MAX 50  /* times that another node was quicker */

static int64_t
moment(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Where the lines go, as of a ledger in a directory (edge/ledger.h). */
static void
place(struct database_head *to, const char month[DATABASE_MONTH], size_t len)
{
	bool later = to->month[0] != '\0' && strcmp(month, to->month) > 0;

	if (to->bytes > 0 && (later || to->bytes >= LEDGER_SEGMENT_BYTES)) {
		to->segment = to->last.seq + 1;
		to->bytes = 0;
	}
	if (to->bytes == 0)
		memcpy(to->month, month, sizeof(to->month));
	to->bytes += len;
}

/* ,"node":"n1" which no string of a record can hold, as it has quotes. */
static void
node_key(struct buf *out, const struct settings *settings)
{
	struct json j = {.out = out};
	struct pool pool = {0};

	json_open(&j, '{');
	json_key_text(&j, "node", node_name(&pool, settings));
	json_close(&j);
	out->data[0] = ',';
	out->data[--out->len] = '\0';
	pool_free(&pool);
}

/*
 * Each record says which machine wrote it, if it does not yet.  One that would
 * become too long is left as it is.
 */
static void
write_body(struct buf *out, const struct ledger_body *b, const char *node)
{
	size_t len = strlen(node);

	buf_clear(out);
	buf_add(out, b->text, b->len);
	if (text_find(b->text, b->len, node) != NULL ||
	    b->len + len > LEDGER_LINE_MAX - CHAIN_HEAD_MAX)
		return;
	out->len--;
	buf_put(out, node);
	buf_char(out, '}');
}

static void
compose(const struct shared *s, const struct ledger_wish *w, struct buf *lines,
    struct database_head *to)
{
	struct chain_mark last = s->head.last;
	struct buf node = {0}, body = {0};
	char time[TEXT_INSTANT_SIZE], month[DATABASE_MONTH] = "";

	text_instant(time, w->now);
	memcpy(month, time, sizeof(month) - 1);
	node_key(&node, s->settings);
	for (size_t i = 0; i < w->count; i++) {
		write_body(&body, &w->bodies[i], buf_text(&node));
		chain_write(lines, &last, w->now, body.data, body.len, &last);
		buf_char(lines, '\n');
	}
	buf_free(&node);
	buf_free(&body);
	*to = s->head;
	place(to, month, lines->len);
	to->last = last;
}

/* In the database it is; a copy that is behind is caught up next time. */
static void
stored(struct shared *s, const struct database_put *put)
{
	struct err ignored = {0};

	s->head = *put->after;
	if (ledger_take(s->copy, &put->lines, &s->last, &ignored) < 0)
		s->fresh = false;
}

/* Are these our lines, behind the line they were to follow? */
struct looking {
	const struct database_put *put;
	bool seen, ours;
};

static int
look(const struct ledger_lines *lines, void *ctx, struct err *err)
{
	struct looking *l = ctx;

	(void)err;
	if (!l->seen)
		l->ours = lines->len == l->put->lines.len &&
		    memcmp(lines->data, l->put->lines.data, lines->len) == 0;
	l->seen = true;
	return 0;
}

/* One look; UNKNOWN also where the first try may still be on its way. */
static enum database_fate
look_once(struct shared *s, const struct database_put *put, struct err *err)
{
	struct looking l = {.put = put};

	if (database_lines(s->database, put->before->last.seq, look, &l, err) <
	    0)
		return DATABASE_UNKNOWN;
	if (l.seen && !l.ours)
		return DATABASE_STALE;
	if (l.seen)
		return database_confirm(s->database, err) == 0
		    ? DATABASE_STORED
		    : DATABASE_UNKNOWN;
	if (database_put(s->database, put, err) == DATABASE_STORED)
		return DATABASE_STORED;
	/* What was quicker just now may be our own first try, come late. */
	if (err->kind == ERR_NONE)
		(void)err_set(err, ERR_UNREACHABLE,
		    "the database of the ledger (%s) was slow",
		    database_where(s->database));
	return DATABASE_UNKNOWN;
}

/*
 * The connection was lost over it: what became of it is looked up, and it is
 * put once more where nothing did.  What is there by then is confirmed, as it
 * may have reached one machine alone.
 */
static enum database_fate
find_out(struct shared *s, const struct database_put *put, int64_t until,
    struct err *err)
{
	enum database_fate fate = DATABASE_UNKNOWN;

	while (fate == DATABASE_UNKNOWN && moment() < until) {
		fate = look_once(s, put, err);
		if (fate == DATABASE_UNKNOWN)
			(void)nanosleep(&(struct timespec){.tv_nsec = NAP},
			    NULL);
	}
	if (fate == DATABASE_UNKNOWN)
		(void)err_within(err, "whether it was recorded is not known");
	return fate;
}

static enum database_fate
put_once(struct shared *s, struct ledger_wish *w, struct err *err)
{
	struct buf lines = {0};
	struct database_head from = s->head, to;
	struct database_put put = {.before = &from, .after = &to};
	int64_t until = moment() + SHARED_APPEND;
	enum database_fate fate;

	compose(s, w, &lines, &to);
	put.lines = (struct ledger_lines){to.segment, lines.data, lines.len};
	fate = database_put(s->database, &put, err);
	if (fate == DATABASE_UNKNOWN) {
		s->fresh = false;
		fate = find_out(s, &put, until, err);
	}
	if (fate == DATABASE_STORED) {
		w->first = from.last.seq + 1;
		stored(s, &put);
	} else {
		s->fresh = false;
	}
	buf_free(&lines);
	return fate;
}

static bool
is_stale(const struct shared *s, const struct ledger_wish *w)
{
	return w->behind != NULL && !shared_is_same(w->behind, &s->last);
}

static int
append(struct shared *s, struct ledger_wish *w, struct err *err)
{
	enum database_fate fate = DATABASE_STALE;

	w->stale = false;
	for (int i = 0; fate == DATABASE_STALE && i < TRIES_MAX; i++) {
		if ((!s->fresh || w->count == 0) && shared_fetch(s, err) < 0)
			return -1;
		w->stale = is_stale(s, w);
		if (w->stale || w->count == 0)
			return 0;
		fate = put_once(s, w, err);
	}
	if (fate == DATABASE_STALE)
		return err_set(err, ERR_UNREACHABLE,
		    "other nodes append to the ledger all the time");
	return fate == DATABASE_STORED ? 0 : -1;
}

int
shared_append(struct shared *s, struct ledger_wish *w, struct err *err)
{
	int ret;

	if (w->now <= 0)
		return err_set(err, ERR_INPUT, "a record needs a time");
	if (ledger_check_bodies(w->bodies, w->count, err) < 0)
		return -1;
	(void)pthread_mutex_lock(&s->lock);
	ret = append(s, w, err);
	(void)pthread_mutex_unlock(&s->lock);
	return ret;
}
