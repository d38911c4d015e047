#include "app/changelog_ahead.h"

#include "changelog_inside.h"
#include "core/topics.h"
#include "edge/ledger_shared.h"

struct following {
	struct pool pool;
	changelog_topic_fn *see;
	void *ctx;
};

void
changelog_look_anew(struct changelog *log)
{
	index_rollback(log->index);
}

int
changelog_append_ahead(struct changelog *log, const struct ledger_body *bodies,
    size_t count, int64_t now, uint64_t *first, bool *stale, struct err *err)
{
	struct err ignored = {0};

	if (ledger_append_behind(log->ledger, &log->last, bodies, count, now,
	        first, stale, err) < 0)
		return -1;
	if (*stale || count == 0 || ledger_appended(log->ledger, &log->last))
		return 0;
	/* Recorded all the same; what lags catches up next time. */
	(void)!changelog_catch_up(log, &ignored);
	return 0;
}

static int
follow_one(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct following *f = ctx;
	const struct tree *record;
	const char *const *topics;
	size_t count;
	int ret = tree_parse_json(&record, &f->pool, line, len, "ledger", err);

	if (ret < 0) {
		(void)err_within(err, "record %llu",
		    (unsigned long long)mark->seq);
	} else {
		topics_of(&f->pool, record, &topics, &count);
		for (size_t i = 0; i < count; i++)
			f->see(topics[i], mark->seq, f->ctx);
	}
	pool_free(&f->pool);
	return ret;
}

int
changelog_follow(struct changelog *log, changelog_topic_fn *see, void *ctx,
    bool *anew, struct err *err)
{
	struct following f = {.see = see, .ctx = ctx};
	struct ledger_end end = {0};
	bool holds;

	*anew = false;
	if (ledger_catch_up(log->ledger, err) < 0 ||
	    ledger_holds(log->ledger, &log->last, &holds, err) < 0)
		return -1;
	if (!holds) {
		*anew = true;
		return changelog_catch_up(log, err);
	}
	if (ledger_walk(log->ledger, &log->last, follow_one, &f, &end, err) < 0)
		return -1;
	log->last = end.last;
	return 0;
}
