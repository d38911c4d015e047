#include "app/changelog.h"

#include <stdlib.h>
#include <string.h>

#include "app/changelog_bulk.h"
#include "app/node.h"
#include "core/chain.h"
#include "core/topics.h"
#include "edge/ledger_scan.h"

#include "changelog_inside.h"

struct catching {
	struct changelog *log;
	struct pool pool;
	size_t in_batch;
};

static int
index_one(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct catching *c = ctx;
	const struct tree *record;
	const char *const *topics;
	size_t count;
	int ret = -1;

	if (tree_parse_json(&record, &c->pool, line, len, "ledger", err) < 0) {
		err_within(err, "record %llu", (unsigned long long)mark->seq);
		goto out;
	}
	if (index_add(c->log->index, mark, err) < 0)
		goto out;
	topics_of(&c->pool, record, &topics, &count);
	for (size_t i = 0; i < count; i++)
		if (index_topic(c->log->index, mark->seq, topics[i], err) < 0)
			goto out;
	c->in_batch += 1 + count;
	ret = c->in_batch >= CHANGELOG_BATCH ? 1 : 0;
out:
	pool_free(&c->pool);
	return ret;
}

static int
catch_batch(struct changelog *log, bool *more, struct err *err)
{
	struct catching c = {.log = log};
	struct ledger_end end = {0};

	if (index_begin(log->index, err) < 0)
		return -1;
	if (index_last(log->index, &log->last, err) < 0 ||
	    ledger_walk(log->ledger, &log->last, index_one, &c, &end, err) <
	        0) {
		index_rollback(log->index);
		return -1;
	}
	if (index_commit(log->index, err) < 0)
		return -1;
	log->last = end.last;
	*more = c.in_batch >= CHANGELOG_BATCH;
	return 0;
}

/* Is there a line behind the last one known?  Costs no transaction. */
static int
nothing_new(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	(void)mark;
	(void)line;
	(void)len;
	(void)err;
	*(bool *)ctx = false;
	return 1;
}

static int
take_in(struct changelog *log, struct err *err)
{
	bool more = true;

	while (more)
		if (catch_batch(log, &more, err) < 0)
			return -1;
	return 0;
}

/*
 * An empty index of a long ledger is made at once.  Where that cannot be done,
 * line by line has the answer, or says why there is none.
 */
static void
make_at_once(struct changelog *log)
{
	struct err ignored = {0};
	uint64_t size = log->last.seq == 0 ? ledger_size(log->ledger) : 0;

	if (size < CHANGELOG_BULK_BYTES ||
	    (log->hurried && size > CHANGELOG_BULK_HURRIED))
		return;
	if (changelog_bulk(log->ledger, log->index, &ignored) < 0 ||
	    index_last(log->index, &log->last, &ignored) < 0)
		log->last = (struct chain_mark){0};
}

/*
 * One that is far behind too, and line by line would be at it for long; what it
 * has is there again then.  A hook is not kept waiting for that.
 */
static void
make_anew(struct changelog *log)
{
	const struct chain_mark before = log->last;
	uint64_t behind = ledger_size_behind(log->ledger, &before);
	struct err ignored = {0};

	if (log->hurried || before.seq == 0 ||
	    behind < CHANGELOG_BULK_HURRIED ||
	    behind < ledger_size(log->ledger) / 2)
		return;
	if (changelog_bulk(log->ledger, log->index, &ignored) < 0 ||
	    index_last(log->index, &log->last, &ignored) < 0)
		log->last = before;
}

static int
catch_up(struct changelog *log, struct err *err)
{
	bool holds, current = true;

	if (ledger_catch_up(log->ledger, err) < 0 ||
	    index_last(log->index, &log->last, err) < 0 ||
	    ledger_holds(log->ledger, &log->last, &holds, err) < 0)
		return -1;
	if (!holds) {
		memset(&log->last, 0, sizeof(log->last));
		if (index_reset(log->index, err) < 0)
			return -1;
	}
	make_at_once(log);
	if (ledger_walk(log->ledger, &log->last, nothing_new, &current, NULL,
	        err) < 0)
		return -1;
	if (!current)
		make_anew(log);
	return current ? 0 : take_in(log, err);
}

/* A damaged index is made anew once; its answers come from the ledger. */
static bool
cured(struct changelog *log, struct err *err)
{
	struct err again = {0};

	if (!index_damaged(log->index))
		return false;
	if (index_reset(log->index, &again) < 0 || catch_up(log, &again) < 0) {
		*err = again;
		return false;
	}
	return true;
}

int
changelog_catch_up(struct changelog *log, struct err *err)
{
	struct err first = {0};

	if (catch_up(log, &first) == 0)
		return 0;
	/* An index that lags must not stop what may still be recorded. */
	if (log->appends && index_was_full(log->index) &&
	    ledger_reserve_give(log->ledger))
		return catch_up(log, err);
	*err = first;
	return cured(log, err) ? 0 : -1;
}

int
changelog_again(struct changelog *log, struct err *err)
{
	if (index_reset(log->index, err) < 0)
		return -1;
	return changelog_catch_up(log, err);
}

int
changelog_open(struct changelog **out, const struct settings *settings,
    enum ledger_mode mode, bool hurried, struct err *err)
{
	struct changelog *log = calloc(1, sizeof(*log));

	if (log == NULL)
		return err_errno(err, "the change log");
	log->hurried = hurried;
	log->appends = mode == LEDGER_APPEND;
	log->found = malloc(FIND_MAX * sizeof(*log->found));
	if (log->found == NULL)
		err_fatal("out of memory");
	if (node_ledger(&log->ledger, settings, mode, err) < 0 ||
	    index_open(&log->index, settings->index, err) < 0 ||
	    changelog_catch_up(log, err) < 0) {
		changelog_close(log);
		return -1;
	}
	*out = log;
	return 0;
}

void
changelog_close(struct changelog *log)
{
	if (log == NULL)
		return;
	index_close(log->index);
	ledger_close(log->ledger);
	pool_free(&log->renames_pool);
	free(log->found);
	free(log);
}

struct ledger *
changelog_ledger(struct changelog *log)
{
	return log->ledger;
}

int
changelog_append(struct changelog *log, const struct ledger_body *bodies,
    size_t count, int64_t now, uint64_t *first, struct err *err)
{
	struct err ignored = {0};

	if (ledger_append(log->ledger, bodies, count, now, first, err) < 0)
		return -1;
	/* The records are safe; an index that lags catches up next time. */
	if (take_in(log, &ignored) < 0)
		(void)cured(log, &ignored);
	return 0;
}

int
changelog_append_behind(struct changelog *log, const struct ledger_body *bodies,
    size_t count, int64_t now, uint64_t *first, bool *stale, struct err *err)
{
	struct err ignored = {0};

	if (ledger_append_behind(log->ledger, &log->last, bodies, count, now,
	        first, stale, err) < 0)
		return -1;
	if (!*stale && take_in(log, &ignored) < 0)
		(void)cured(log, &ignored);
	return 0;
}

static int
read_line(struct changelog *log, struct pool *pool,
    const struct chain_mark *mark, struct record *out, struct err *err)
{
	struct chain_head head;

	if (ledger_line(log->ledger, mark, pool, &out->line, &out->len, err) <
	    0)
		return -1;
	if (!chain_read(&head, out->line, out->len))
		return err_set(err, ERR_TAMPERED, "record %llu has no head",
		    (unsigned long long)mark->seq);
	out->seq = mark->seq;
	out->time = head.time;
	return 0;
}

int
changelog_mark_read(struct changelog *log, struct pool *pool,
    const struct chain_mark *mark, struct record *out, struct err *err)
{
	if (read_line(log, pool, mark, out, err) < 0)
		return -1;
	if (tree_parse_json(&out->tree, pool, out->line, out->len, "ledger",
	        err) < 0)
		return err_within(err, "record %llu",
		    (unsigned long long)mark->seq);
	out->type = tree_text(out->tree, "type");
	return 0;
}

static int
read_mark(struct changelog *log, struct pool *pool,
    const struct chain_mark *mark, struct record *out, struct err *err)
{
	return changelog_mark_read(log, pool, mark, out, err) < 0
	    ? -1
	    : changelog_call(log, pool, out, err);
}

int
changelog_marks(struct changelog *log, const char *topic, bool newest_first,
    uint64_t beyond, struct chain_mark *marks, size_t room, size_t *count,
    struct err *err)
{
	if (index_find(log->index, topic, newest_first, beyond, marks, room,
	        count, err) == 0)
		return 0;
	if (!cured(log, err))
		return -1;
	return index_find(log->index, topic, newest_first, beyond, marks, room,
	    count, err);
}

int
changelog_find(struct changelog *log, struct pool *pool, const char *topic,
    bool newest_first, uint64_t beyond, size_t most, struct record **list,
    size_t *count, struct err *err)
{
	size_t room = most < FIND_MAX ? most : FIND_MAX;

	if (changelog_named(log, topic, newest_first, beyond, log->found, room,
	        count, err) < 0)
		return -1;
	*list = pool_array(pool, *count + 1, sizeof(**list));
	for (size_t i = 0; i < *count; i++)
		if (read_mark(log, pool, &log->found[i], &(*list)[i], err) < 0)
			return -1;
	return 0;
}

static int
find_end(struct changelog *log, struct pool *pool, const char *topic,
    bool newest, struct record *out, struct err *err)
{
	struct chain_mark mark;
	size_t count;

	*out = (struct record){0};
	if (changelog_named(log, topic, newest, 0, &mark, 1, &count, err) < 0)
		return -1;
	return count == 0 ? 0 : read_mark(log, pool, &mark, out, err);
}

int
changelog_newest(struct changelog *log, struct pool *pool, const char *topic,
    struct record *out, struct err *err)
{
	return find_end(log, pool, topic, true, out, err);
}

int
changelog_newest_start(struct changelog *log, struct pool *pool,
    const char *topic, struct record *out, struct err *err)
{
	struct chain_mark mark;
	size_t count;

	*out = (struct record){0};
	if (changelog_named(log, topic, true, 0, &mark, 1, &count, err) < 0)
		return -1;
	if (count == 0)
		return 0;
	out->seq = mark.seq;
	return ledger_line_start(log->ledger, &mark, pool, CHANGELOG_START,
	    &out->line, &out->len, err);
}

int
changelog_oldest(struct changelog *log, struct pool *pool, const char *topic,
    struct record *out, struct err *err)
{
	return find_end(log, pool, topic, false, out, err);
}

int
changelog_seqs(struct changelog *log, const char *topic, bool newest_first,
    uint64_t beyond, uint64_t *seqs, size_t room, size_t *count,
    struct err *err)
{
	struct chain_mark marks[64];

	if (room > sizeof(marks) / sizeof(marks[0]))
		room = sizeof(marks) / sizeof(marks[0]);
	if (changelog_named(log, topic, newest_first, beyond, marks, room,
	        count, err) < 0)
		return -1;
	for (size_t i = 0; i < *count; i++)
		seqs[i] = marks[i].seq;
	return 0;
}

int
changelog_mark(struct changelog *log, uint64_t seq, struct chain_mark *mark,
    struct err *err)
{
	*mark = (struct chain_mark){0};
	if (seq == 0)
		return 0;
	if (index_seq(log->index, seq, mark, err) < 0 &&
	    (!cured(log, err) || index_seq(log->index, seq, mark, err) < 0))
		return -1;
	return 0;
}

int
changelog_read(struct changelog *log, struct pool *pool, uint64_t seq,
    struct record *out, struct err *err)
{
	struct chain_mark mark;

	*out = (struct record){0};
	if (changelog_mark(log, seq, &mark, err) < 0)
		return -1;
	return mark.seq == 0 ? 0 : read_mark(log, pool, &mark, out, err);
}

uint64_t
changelog_last(struct changelog *log)
{
	return log->last.seq;
}
