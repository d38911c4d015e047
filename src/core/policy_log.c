#include "core/policy_log.h"

#include "core/shape.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)

static const struct shape_row retention_rows[] = {
    {SHAPE_ROW("keep", DURATION, policy_retention, keep),
        .least = POLICY_KEEP_LEAST * DAY, .most = 3650 * DAY},
    {.key = "hold"},
    {0},
};

static const struct shape_row hold_rows[] = {
    {SHAPE_ROW("from", INSTANT, policy_hold, from), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("to", INSTANT, policy_hold, to)},
    {SHAPE_ROW("reason", TEXT, policy_hold, reason), .flags = SHAPE_NEEDED},
    {0},
};

static const struct shape_row review_rows[] = {
    {SHAPE_ROW("groups", WORDS, policy_review, groups),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {SHAPE_ROW("every", DURATION, policy_review, every), .least = DAY,
        .most = 366 * DAY},
    {SHAPE_ROW("within", DURATION, policy_review, within), .least = DAY,
        .most = 366 * DAY},
    {0},
};

static int
read_holds(struct policy_retention *r, struct pool *pool,
    const struct tree *list, struct err *err)
{
	struct policy_hold *holds = NULL;

	if (list == NULL)
		return 0;
	if (shape_is_list(list, err) < 0)
		return -1;
	for (const struct tree *t = list->child; t != NULL; t = t->next) {
		struct policy_hold *h =
		    pool_grow(pool, &holds, &r->hold_count, sizeof(*h));

		if (shape_read(h, pool, t, hold_rows, err) < 0)
			return -1;
		if (h->to != 0 && h->to <= h->from)
			return tree_error(t, err,
			    "a hold must end after it begins");
	}
	r->holds = holds;
	return 0;
}

static int
read_retention(struct policy_retention *r, struct pool *pool,
    const struct tree *map, struct err *err)
{
	*r = (struct policy_retention){.keep = POLICY_KEEP_DAYS * DAY};
	if (map == NULL)
		return 0;
	if (shape_read(r, pool, map, retention_rows, err) < 0)
		return -1;
	return read_holds(r, pool, tree_get(map, "hold"), err);
}

static int
read_review(struct policy_review *r, struct pool *pool, const struct tree *map,
    int64_t every, int64_t within, struct err *err)
{
	if (map == NULL)
		return 0;
	*r = (struct policy_review){.asked = true,
	    .every = every,
	    .within = within};
	return shape_read(r, pool, map, review_rows, err);
}

int
policy_read_log(struct policy *policy, struct pool *pool,
    const struct tree *document, struct err *err)
{
	if (read_retention(&policy->retention, pool,
	        tree_get(document, "retention"), err) < 0 ||
	    read_review(&policy->review, pool, tree_get(document, "review"),
	        7 * DAY, 3 * DAY, err) < 0)
		return -1;
	return read_review(&policy->access_review, pool,
	    tree_get(document, "access_review"), 90 * DAY, 14 * DAY, err);
}
