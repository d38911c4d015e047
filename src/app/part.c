/*
 * Part of an approved commit has landed since it was approved.  What Git merges
 * then starts from that part, and what became of it on the ref meanwhile (it
 * was reverted, or dropped by the hand that merged it) would silently stay so:
 * rules.md 8.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"

#define PATHS_MAX 200000

struct parting {
	struct gathering *g;
	const char *then, *now, *approved;
	struct map own; /* approved history that was new when it was approved */
};

/* Was any of it taken in since?  What is not new any more was. */
static int
find_part(struct parting *k, bool *part, struct err *err)
{
	struct push *p = k->g->push;
	struct repo_commit *list, *left;
	struct map still = {.pool = p->pool};
	size_t count, left_count;

	*part = false;
	k->own = (struct map){.pool = p->pool};
	if (repo_range(p->repo, p->pool, k->approved, &k->then, 1,
	        PUSH_COMMITS_MAX, &list, &count, err) < 0 ||
	    repo_range(p->repo, p->pool, k->approved, &k->now, 1,
	        PUSH_COMMITS_MAX, &left, &left_count, err) < 0)
		return -1;
	for (size_t i = 0; i < left_count; i++)
		map_put(&still, left[i].oid, k);
	for (size_t i = 0; i < count; i++) {
		map_put(&k->own, list[i].oid, k);
		*part = *part || map_get(&still, list[i].oid) == NULL;
	}
	return 0;
}

static bool
has_part(const struct map *with, const struct repo_commit *c)
{
	for (size_t i = 0; i < c->parent_count; i++)
		if (map_get(with, c->parents[i]) != NULL)
			return true;
	return false;
}

/* Each merge since that has part of it on a side was made by no hand. */
static int
was_taken_cleanly(struct parting *k, bool *clean, struct err *err)
{
	struct push *p = k->g->push;
	struct map with = k->own;
	struct repo_commit *list;
	size_t count;

	*clean = true;
	if (repo_range(p->repo, p->pool, k->now, &k->then, 1, PUSH_COMMITS_MAX,
	        &list, &count, err) < 0)
		return -1;
	for (size_t i = count; i-- > 0 && *clean;) {
		struct commit_fact *f;

		if (map_get(&with, list[i].oid) != NULL ||
		    !has_part(&with, &list[i]))
			continue;
		map_put(&with, list[i].oid, k);
		if (list[i].parent_count < 2)
			continue;
		if (commit_fact_get(p, &list[i], &f, err) < 0)
			return -1;
		*clean = commit_is_mechanical(p, f) == TRI_YES;
	}
	return 0;
}

/*
 * Does the ref still have each file of the part as the part has it?  Then what
 * the approved commit goes on from is there, whatever the merge of that time
 * says.
 */
static int
part_stands(struct parting *k, const char *base, bool *stands, struct err *err)
{
	struct push *p = k->g->push;
	char now[REPO_OID_SIZE], taken[REPO_OID_SIZE];
	struct map own = {.pool = p->pool};
	struct repo_path *part, *since;
	size_t bases, part_count, since_count;

	*stands = false;
	if (repo_merge_bases(p->repo, k->now, k->approved, taken, &bases, err) <
	    0)
		return -1;
	if (bases != 1)
		return 0;
	if (repo_tree(p->repo, taken, taken, err) < 0 ||
	    repo_tree(p->repo, k->now, now, err) < 0 ||
	    repo_diff(p->repo, p->pool, base, taken, PATHS_MAX, &part,
	        &part_count, err) < 0 ||
	    repo_diff(p->repo, p->pool, taken, now, PATHS_MAX, &since,
	        &since_count, err) < 0)
		return -1;
	for (size_t i = 0; i < part_count; i++)
		map_put(&own, part[i].path, k);
	*stands = true;
	for (size_t i = 0; i < since_count && *stands; i++)
		*stands = map_get(&own, since[i].path) == NULL;
	return 0;
}

/*
 * Does merging with the merge base of that time give another tree?  A conflict
 * would be one, made by hand: then the part must stand as it was.
 */
static int
gives_another(struct parting *k, const char *end, bool *another,
    struct err *err)
{
	struct push *p = k->g->push;
	char base[REPO_OID_SIZE], tree[3][REPO_OID_SIZE];
	struct repo_merged merged;
	size_t bases;

	*another = true;
	if (repo_merge_bases(p->repo, k->then, k->approved, base, &bases, err) <
	    0)
		return -1;
	if (bases != 1)
		return 0;
	if (repo_tree(p->repo, base, tree[0], err) < 0 ||
	    repo_tree(p->repo, k->now, tree[1], err) < 0 ||
	    repo_tree(p->repo, k->approved, tree[2], err) < 0 ||
	    repo_pick(p->repo, tree[0], tree[1], tree[2], &merged, err) < 0)
		return -1;
	if (merged.end == REPO_MERGE_CONFLICT) {
		bool stands;

		if (part_stands(k, tree[0], &stands, err) < 0)
			return -1;
		*another = !stands;
		return 0;
	}
	*another =
	    merged.end != REPO_MERGE_CLEAN || strcmp(merged.tree, end) != 0;
	return 0;
}

int
gather_part_landed(struct gathering *g, size_t from, size_t to,
    const struct statement_fact *s, bool *falls, struct err *err)
{
	struct parting k = {.g = g,
	    .now = g->line[from],
	    .approved = s->approval.commit};
	char end[REPO_OID_SIZE];
	bool part, clean, another;
	enum tri known;

	*falls = false;
	if (g->reviewed != 0)
		return 0;
	if (gather_tip_before(g, s->approval.seq, &k.then, &known, err) < 0)
		return -1;
	if (text_same(k.then, k.now))
		return 0;
	*falls = true;
	if (k.then == NULL || gather_is_late(g->push) ||
	    repo_kind_of(g->push->repo, k.then) != REPO_COMMIT)
		return 0;
	if (find_part(&k, &part, err) < 0)
		return -1;
	*falls = false;
	if (!part)
		return 0;
	if (cover_end(g, to, end, err) < 0 ||
	    was_taken_cleanly(&k, &clean, err) < 0 ||
	    gives_another(&k, end, &another, err) < 0)
		return -1;
	*falls = !clean || another;
	return 0;
}
