/* A page of changes, newest first, by the index. */
#include "api_inside.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define HOUR ((int64_t)60 * 60 * 1000)

struct paging {
	struct answering *a;
	struct change_query query;
	uint64_t at; /* the movement looked at last */
	size_t rows, looked;
};

/* Rows of one movement stay on one page. */
static int
see_row(struct report *r, const struct change_row *row, void *ctx,
    struct err *err)
{
	struct paging *p = ctx;

	(void)r;
	(void)err;
	if (p->query.outcome != NULL &&
	    !text_same(row->outcome, p->query.outcome))
		return 0;
	api_row(&p->a->json, row);
	p->rows++;
	return 0;
}

static bool
is_asked(const struct paging *p, const struct record *record)
{
	const struct change_query *q = &p->query;

	if (!text_same(record->type, "landing") &&
	    !text_same(record->type, "drift"))
		return false;
	return (q->repository == NULL ||
	           text_same(tree_text(record->tree, "repository"),
	               q->repository)) &&
	    (q->gate == NULL ||
	        text_same(tree_text(record->tree, "gate"), q->gate)) &&
	    (q->from == 0 || record->time >= q->from) &&
	    (q->to == 0 || record->time < q->to);
}

/* A clock may have gone back between two records, not by hours. */
static bool
is_over(const struct paging *p, const struct record *record)
{
	return p->query.from != 0 && record->time + HOUR < p->query.from;
}

static bool
is_full(const struct paging *p)
{
	return p->rows >= p->query.count || p->looked >= API_LOOKED_MAX ||
	    p->a->out->body.len > API_ANSWER_MAX;
}

static int
look_at(struct paging *p, uint64_t seq, bool *over, struct err *err)
{
	struct api *api = p->a->api;
	struct pool pool = {0};
	struct record record;
	int ret = changelog_read(api->setup.log, &pool, seq, &record, err);

	p->at = seq;
	p->looked++;
	if (ret == 0 && record.seq != 0) {
		*over = is_over(p, &record);
		if (is_asked(p, &record))
			ret = report_changes(&api->report, &pool, &record,
			    see_row, p, err);
	}
	pool_free(&pool);
	return ret;
}

/* Where records of that time or later begin: seq is nearly in their order. */
static int
find_time(struct api *api, int64_t time, uint64_t *out, struct err *err)
{
	uint64_t low = api->report.begin, high = api->report.until + 1;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		struct pool pool = {0};
		struct record record;

		if (changelog_read(api->setup.log, &pool, middle, &record,
		        err) < 0) {
			pool_free(&pool);
			return -1;
		}
		pool_free(&pool);
		if (record.seq != 0 && record.time < time)
			low = middle + 1;
		else
			high = middle;
	}
	*out = low;
	return 0;
}

static int
walk(struct paging *p, struct err *err)
{
	struct api *api = p->a->api;
	const struct change_query *q = &p->query;
	/* A gate alone has no topic: all are looked at. */
	const char *topic = topic_changes(&p->a->pool, q->repository,
	    q->repository == NULL ? NULL : q->gate);
	uint64_t below = q->below;
	bool over = false;

	if (q->to != 0) {
		uint64_t end;

		if (find_time(api, q->to + HOUR, &end, err) < 0)
			return -1;
		below = below == 0 || end < below ? end : below;
	}
	while (!over && !is_full(p)) {
		uint64_t seqs[64];
		size_t count;

		if (below == 1 ||
		    changelog_seqs(api->setup.log, topic, true, below, seqs, 64,
		        &count, err) < 0)
			return below == 1 ? 1 : -1;
		for (size_t i = 0; i < count && !over && !is_full(p); i++)
			if (look_at(p, seqs[i], &over, err) < 0)
				return -1;
		below = p->at;
		if (count < 64 && (count == 0 || p->at == seqs[count - 1]))
			over = true;
	}
	return over ? 1 : 0;
}

static void
put_next(struct paging *p)
{
	json_key(&p->a->json, "next");
	if (p->at == 0) {
		json_nothing(&p->a->json);
		return;
	}
	json_text(&p->a->json,
	    pool_printf(&p->a->pool, "%llu", (unsigned long long)p->at));
	buf_printf(&p->a->out->next, "cursor=%llu", (unsigned long long)p->at);
}

int
api_changes(struct answering *a, struct err *err)
{
	struct paging p = {.a = a};
	int ret;

	if (change_query_read(&p.query, a->asked->query, a->asked->ctx, err) <
	    0)
		return -1;
	json_open(&a->json, '{');
	api_as_of(a);
	json_key_open(&a->json, "changes", '[');
	ret = walk(&p, err);
	if (ret < 0)
		return -1;
	json_close(&a->json);
	if (ret > 0)
		p.at = 0;
	put_next(&p);
	json_close(&a->json);
	buf_char(&a->out->body, '\n');
	return 0;
}
