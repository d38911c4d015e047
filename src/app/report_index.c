/* One change at a time: what later records say of it, by the index. */
#include "app/report_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define DEPLOYED_MAX 64 /* results of one commit that are looked at */
#define POLICIES_BATCH 8

int
report_by_index(struct report *r, struct err *err)
{
	r->by_index = true;
	if (r->parsed == NULL)
		r->parsed = report_policies();
	r->gates.pool = &r->pool;
	r->keys.pool = &r->pool;
	r->ledger = changelog_ledger(r->s->log);
	r->until = changelog_last(r->s->log);
	if (ledger_pruned(r->ledger, &r->pruned, err) < 0)
		return -1;
	r->begin = r->pruned.last + 1;
	return 0;
}

/* Copies of what was pruned count for what they copy. */
int
report_policy_record(struct report *r, struct pool *pool, const char *digest,
    struct record *out, struct err *err)
{
	uint64_t below = 0;
	size_t count = POLICIES_BATCH;

	*out = (struct record){0};
	while (count == POLICIES_BATCH) {
		struct pool own = {0};
		struct record *list;
		uint64_t found = 0;
		int ret =
		    changelog_find(r->s->log, &own, topic_text(&own, "policy"),
		        true, below, POLICIES_BATCH, &list, &count, err);

		for (size_t i = 0; ret == 0 && i < count && found == 0; i++) {
			below = list[i].seq;
			if (text_same(tree_text(list[i].tree, "sha256"),
			        digest))
				found = below;
		}
		pool_free(&own);
		if (ret < 0 || found != 0)
			return ret < 0
			    ? -1
			    : changelog_read(r->s->log, pool, found, out, err);
	}
	return 0;
}

static int
look_up_review(struct report *r, uint64_t landing, struct report_link *out,
    struct err *err)
{
	struct pool pool = {0};
	struct record record;
	int ret = changelog_oldest(r->s->log, &pool,
	    topic_reviewed(&pool, landing), &record, err);

	if (ret == 0 && record.seq != 0 &&
	    text_same(tree_text(record.tree, "kind"), "review") &&
	    (uint64_t)tree_number(record.tree, "landing") == landing)
		*out = (struct report_link){landing, record.seq, record.time};
	pool_free(&pool);
	return ret;
}

int
report_review(struct report *r, uint64_t landing, struct report_link *out,
    struct err *err)
{
	const struct report_link *told;

	*out = (struct report_link){0};
	if (r->by_index)
		return look_up_review(r, landing, out, err);
	told = report_about(r->reviewed, r->reviewed_count, landing);
	if (told != NULL)
		*out = *told;
	return 0;
}

int
report_deployed_index(struct report *r, struct pool *pool,
    const char *repository, const char *commit, const struct texts *within,
    uint64_t behind, struct record *out, struct err *err)
{
	*out = (struct record){0};
	for (size_t i = 0; i < within->count; i++) {
		struct record *list;
		size_t count;

		if (changelog_find(r->s->log, pool,
		        topic_deployment(pool, repository, within->list[i],
		            commit),
		        false, behind, DEPLOYED_MAX, &list, &count, err) < 0)
			return -1;
		for (size_t k = 0; k < count; k++)
			if (report_is_success(&list[k], repository, commit,
			        within) &&
			    (out->seq == 0 || list[k].seq < out->seq))
				*out = list[k];
	}
	return 0;
}
