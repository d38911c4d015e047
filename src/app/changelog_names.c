/*
 * What was recorded under a former name of a repository.
 *
 * The renames there are are read once, and again when there are more.  One
 * counts only where the new name has no history of its own: nothing landed on
 * it since it was last given up, and nothing was adopted.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#include "changelog_inside.h"

/* ---- which there are ---- */

static int
has_history(struct changelog *log, struct pool *pool, const struct rename *r,
    bool *has, struct err *err)
{
	uint64_t left = renames_left(&log->renames, r->name, r->seq);
	struct rename_span spans[RENAMES_SPANS_MAX];
	struct chain_mark tip;
	size_t count;

	/* Another one goes on under it. */
	*has = renames_spans(&log->renames, r->name, spans) > 1;
	if (*has)
		return 0;

	if (changelog_marks(log, topic_tips(pool, r->name), true, r->seq, &tip,
	        1, &count, err) < 0)
		return -1;
	*has = count > 0 && tip.seq > left;
	return 0;
}

static int
take(struct changelog *log, struct pool *pool, const struct chain_mark *mark,
    struct err *err)
{
	struct rename r = {.seq = mark->seq};
	struct record record;
	bool has;

	if (changelog_mark_read(log, pool, mark, &record, err) < 0)
		return -1;
	r.was = tree_text(record.tree, "was");
	r.name = tree_text(record.tree, "repository");
	if (!text_same(record.type, "renamed") || r.was == NULL ||
	    r.name == NULL || text_same(r.was, r.name))
		return 0;
	if (has_history(log, pool, &r, &has, err) < 0)
		return -1;
	if (has)
		return 0;
	r.was = pool_text(&log->renames_pool, r.was);
	r.name = pool_text(&log->renames_pool, r.name);
	log->renames.list[log->renames.count++] = r;
	return 0;
}

static int
read_all(struct changelog *log, uint64_t newest, struct err *err)
{
	struct chain_mark *marks = malloc(RENAMES_MAX * sizeof(*marks));
	struct pool pool = {0};
	size_t count;
	int ret;

	if (marks == NULL)
		err_fatal("out of memory");
	pool_free(&log->renames_pool);
	log->renames_pool = (struct pool){0};
	log->renames =
	    (struct renames){.list = pool_array(&log->renames_pool, RENAMES_MAX,
	                         sizeof(*log->renames.list))};
	ret = changelog_marks(log, topic_all_renamed(), false, 0, marks,
	    RENAMES_MAX, &count, err);
	if (ret == 0 && count == RENAMES_MAX)
		ret = err_set(err, ERR_INPUT,
		    "the ledger has %d renames of repositories or more",
		    RENAMES_MAX);
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = take(log, &pool, &marks[i], err);
	pool_free(&pool);
	free(marks);
	if (ret == 0)
		log->renamed = newest;
	return ret;
}

static int
bring_up(struct changelog *log, struct err *err)
{
	struct chain_mark newest = {0};
	size_t count;

	if (log->renamed_at == log->last.seq)
		return 0;
	if (changelog_marks(log, topic_all_renamed(), true, 0, &newest, 1,
	        &count, err) < 0)
		return -1;
	if (count == 0)
		log->renames.count = log->renamed = 0;
	else if (newest.seq != log->renamed &&
	    read_all(log, newest.seq, err) < 0)
		return -1;
	log->renamed_at = log->last.seq;
	return 0;
}

/* ---- under all names ---- */

struct naming {
	const char *topic;
	size_t at, len; /* of the name in it */
	bool newest_first;
	uint64_t beyond;
	struct chain_mark *marks; /* of all names */
	size_t count;
};

static int
of_span(struct changelog *log, struct pool *pool, struct naming *n,
    const struct rename_span *span, size_t room, struct err *err)
{
	const char *topic = pool_printf(pool, "%.*s%s%s", (int)n->at, n->topic,
	    span->name, n->topic + n->at + n->len);
	struct chain_mark *into = n->marks + n->count;
	uint64_t beyond = n->beyond;
	size_t count, kept = 0;

	if (n->newest_first && (beyond == 0 || span->before < beyond))
		beyond = span->before == UINT64_MAX ? 0 : span->before;
	else if (!n->newest_first && span->after > beyond)
		beyond = span->after;
	if (changelog_marks(log, topic, n->newest_first, beyond, into, room,
	        &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (into[i].seq > span->after && into[i].seq < span->before)
			into[kept++] = into[i];
	n->count += kept;
	return 0;
}

static int
by_seq(const void *a, const void *b)
{
	const struct chain_mark *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

static int
newest_by_seq(const void *a, const void *b)
{
	return by_seq(b, a);
}

static int
of_all_spans(struct changelog *log, struct naming *n,
    const struct rename_span *spans, size_t span_count, size_t room,
    struct err *err)
{
	struct pool pool = {0};
	int ret = 0;

	n->marks = calloc(span_count * room, sizeof(*n->marks));
	if (n->marks == NULL)
		err_fatal("out of memory");
	for (size_t i = 0; ret == 0 && i < span_count; i++)
		ret = of_span(log, &pool, n, &spans[i], room, err);
	qsort(n->marks, n->count, sizeof(*n->marks),
	    n->newest_first ? newest_by_seq : by_seq);
	pool_free(&pool);
	return ret;
}

int
changelog_named(struct changelog *log, const char *topic, bool newest_first,
    uint64_t beyond, struct chain_mark *marks, size_t room, size_t *count,
    struct err *err)
{
	struct naming n = {.topic = topic,
	    .newest_first = newest_first,
	    .beyond = beyond};
	struct rename_span spans[RENAMES_SPANS_MAX];
	struct pool pool = {0};
	size_t span_count = 0;
	int ret;

	if (bring_up(log, err) < 0)
		return -1;
	if (log->renames.count > 0 && room > 0 &&
	    topic_repository(topic, &n.at, &n.len))
		span_count = renames_spans(&log->renames,
		    pool_textn(&pool, topic + n.at, n.len), spans);
	if (span_count == 0 || (span_count == 1 && spans[0].after == 0)) {
		pool_free(&pool);
		return changelog_marks(log, topic, newest_first, beyond, marks,
		    room, count, err);
	}
	ret = of_all_spans(log, &n, spans, span_count, room, err);
	*count = n.count < room ? n.count : room;
	if (ret == 0)
		memcpy(marks, n.marks, *count * sizeof(*marks));
	free(n.marks);
	pool_free(&pool);
	return ret;
}

const char *
changelog_called(struct changelog *log, const char *name, uint64_t seq)
{
	return name == NULL || log == NULL
	    ? name
	    : renames_now(&log->renames, name, seq);
}

int
changelog_call(struct changelog *log, struct pool *pool, struct record *record,
    struct err *err)
{
	const char *name, *now;

	if (bring_up(log, err) < 0)
		return -1;
	if (log->renames.count == 0 || text_same(record->type, "renamed"))
		return 0;
	name = tree_text(record->tree, "repository");
	if (name == NULL)
		return 0;
	now = renames_now(&log->renames, name, record->seq);
	if (now != name)
		record->tree = renames_record(pool, record->tree, now);
	return 0;
}
