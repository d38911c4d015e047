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
	changelog_bulk_first(log->ledger, log->index, &log->last, log->hurried);
	if (ledger_walk(log->ledger, &log->last, nothing_new, &current, NULL,
	        err) < 0)
		return -1;
	if (!current && !log->hurried)
		changelog_bulk_again(log->ledger, log->index, &log->last);
	return current ? 0 : take_in(log, err);
}

bool
changelog_cured(struct changelog *log, struct err *err)
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
	return changelog_cured(log, err) ? 0 : -1;
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
		(void)changelog_cured(log, &ignored);
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
		(void)changelog_cured(log, &ignored);
	return 0;
}

uint64_t
changelog_last(struct changelog *log)
{
	return log->last.seq;
}
