/*
 * Does an approved commit cover a step of the ref?  rules.md 5 to 7.
 *
 * The tree at the end of the step is the mechanical merge of the approved
 * commit into its beginning, and every commit that becomes reachable inside is
 * the approved history itself, the landing commit, a clean merge of such
 * commits, or a clean copy of them in their order; or it landed under approval
 * on a gate that this one accepts.  Trees are compared, never patches.
 */
#include "app/gather.h"

#include <string.h>

#include "app/setup.h"

struct covering {
	struct gathering *g;
	size_t from, to; /* positions on the line */
	const char *before, *after, *approved;
	struct map approved_map;           /* approved history that is new */
	const struct repo_commit *history; /* children before parents */
	size_t history_count;
	bool *copied;       /* of the history: a copy was found */
	struct map copies;  /* of the step: a row that repeats the history */
	enum place *places; /* by place in g->fresh; may be NULL */
};

/* Approvals are tried within a share of the time; then they cover nothing. */
static bool
is_out_of_time(const struct gathering *g)
{
	return gather_is_late(g->push) ||
	    (g->covers_until != 0 && clock_now() >= g->covers_until);
}

int
cover_tree(struct gathering *g, size_t from, const char *approved,
    char tree[REPO_OID_SIZE], struct err *err)
{
	struct push *p = g->push;
	const char *before = g->line[from];
	char base[REPO_OID_SIZE];
	struct repo_merged merged;
	bool found;

	tree[0] = '\0';
	if (before == NULL || is_out_of_time(g) ||
	    repo_kind_of(p->repo, approved) != REPO_COMMIT)
		return 0;
	if (repo_merge_base(p->repo, before, approved, base, &found, err) < 0)
		return -1;
	if (!found || strcmp(base, approved) == 0)
		return 0;
	if (strcmp(base, before) == 0)
		return repo_tree(p->repo, approved, tree, err);
	if (repo_merge(p->repo, before, approved, &merged, err) < 0)
		return -1;
	if (merged.end == REPO_MERGE_CLEAN)
		memcpy(tree, merged.tree, REPO_OID_SIZE);
	return 0;
}

int
cover_end(struct gathering *g, size_t to, char tree[REPO_OID_SIZE],
    struct err *err)
{
	const struct commit_fact *c = map_get(&g->fresh_map, g->line[to]);

	if (c == NULL)
		return repo_tree(g->push->repo, g->line[to], tree, err);
	memcpy(tree, c->raw->tree, REPO_OID_SIZE);
	return 0;
}

/* Is this commit one of those that this step brings? */
static bool
inside(const struct covering *k, const struct commit_fact *c)
{
	return c->step > k->from && c->step <= k->to;
}

static int
find_history(struct covering *k, struct err *err)
{
	struct push *p = k->g->push;
	struct repo_commit *list;

	if (repo_range(p->repo, p->pool, k->approved, &k->before, 1,
	        PUSH_COMMITS_MAX, &list, &k->history_count, err) < 0)
		return -1;
	k->history = list;
	k->approved_map = (struct map){.pool = p->pool};
	for (size_t i = 0; i < k->history_count; i++)
		map_put(&k->approved_map, list[i].oid, &list[i]);
	return 0;
}

static bool
is_landing_commit(const struct covering *k, const struct commit_fact *c)
{
	if (strcmp(c->id, k->after) != 0)
		return false;
	for (size_t i = 0; i < c->raw->parent_count; i++)
		if (strcmp(c->raw->parents[i], k->before) == 0)
			return true;
	return false;
}

/* ---- a row of copies ---- */

/* An empty commit repeats nothing but an empty commit. */
static int
is_copy(struct covering *k, const struct repo_commit *h,
    const struct repo_commit *copy, const char *at, bool *yes, struct err *err)
{
	struct push *p = k->g->push;
	char base[REPO_OID_SIZE], tip[REPO_OID_SIZE];
	struct repo_merged merged;

	*yes = false;
	if (h->parent_count != 1)
		return 0;
	if (repo_tree(p->repo, h->parents[0], base, err) < 0 ||
	    repo_tree(p->repo, at, tip, err) < 0)
		return -1;
	if ((strcmp(base, h->tree) == 0) != (strcmp(tip, copy->tree) == 0))
		return 0;
	if (repo_pick(p->repo, base, tip, h->tree, &merged, err) < 0)
		return -1;
	*yes = merged.end == REPO_MERGE_CLEAN &&
	    strcmp(merged.tree, copy->tree) == 0;
	return 0;
}

/* No copy of a descendant stands before the copy of this one. */
static int
keeps_order(struct covering *k, size_t at, bool *yes, struct err *err)
{
	*yes = true;
	for (size_t i = 0; i < at && *yes; i++) {
		bool behind = false;

		if (k->copied[i] &&
		    repo_is_ancestor(k->g->push->repo, k->history[at].oid,
		        k->history[i].oid, &behind, err) < 0)
			return -1;
		*yes = !behind;
	}
	return 0;
}

/* The oldest of the approved commits not copied yet that this one repeats. */
static int
find_original(struct covering *k, const struct repo_commit *copy,
    const char *at, bool *found, struct err *err)
{
	*found = false;
	for (size_t i = k->history_count; i-- > 0 && !*found;) {
		if (k->copied[i])
			continue;
		if (is_out_of_time(k->g))
			return 0;
		if (is_copy(k, &k->history[i], copy, at, found, err) < 0)
			return -1;
		if (!*found)
			continue;
		if (keeps_order(k, i, found, err) < 0)
			return -1;
		k->copied[i] = *found;
	}
	return 0;
}

static bool
is_row(const struct covering *k)
{
	const struct gathering *g = k->g;

	if (k->to - k->from < 2)
		return false;
	for (size_t i = k->from + 1; i <= k->to; i++) {
		const struct commit_fact *c =
		    map_get(&g->fresh_map, g->line[i]);

		if (c == NULL || c->raw->parent_count != 1 ||
		    map_get(&k->approved_map, c->id) != NULL)
			return false;
	}
	return true;
}

/*
 * A row of single-parent commits from beginning to end that repeats the
 * approved commits in their order, each with exactly the tree that a clean
 * cherry-pick gives.  Some may be missing: they had landed before.
 */
static int
find_replay(struct covering *k, struct err *err)
{
	struct gathering *g = k->g;
	bool found = true;

	if (!is_row(k))
		return 0;
	k->copied =
	    pool_array(g->push->pool, k->history_count + 1, sizeof(bool));
	for (size_t i = k->from + 1; i <= k->to && found; i++) {
		const struct commit_fact *c =
		    map_get(&g->fresh_map, g->line[i]);

		if (find_original(k, c->raw, g->line[i - 1], &found, err) < 0)
			return -1;
	}
	for (size_t i = k->from + 1; found && i <= k->to; i++)
		map_put(&k->copies, g->line[i], k);
	return 0;
}

/* ---- all commits of the step ---- */

/*
 * Every commit of the step, parents first; true when all are in order.  The
 * parents of each are in order then, or landed before this step.
 */
static bool
all_in_order(struct covering *k)
{
	struct gathering *g = k->g;

	for (size_t i = 0; i < g->fresh_count; i++) {
		struct commit_fact *c = g->fresh[i];
		enum place place;

		if (!inside(k, c))
			continue;
		if (gather_accepts(g, c, k->from, k->to, NULL)) {
			place = PLACE_ACCEPTED;
		} else if (map_get(&k->approved_map, c->id) != NULL) {
			place = PLACE_APPROVED;
		} else if (map_get(&k->copies, c->id) != NULL) {
			place = PLACE_REPLAYED;
		} else if (is_landing_commit(k, c)) {
			place = PLACE_LAST;
		} else if (commit_is_mechanical(g->push, c) == TRI_YES) {
			place = PLACE_MECHANICAL;
		} else {
			return false;
		}
		if (k->places != NULL)
			k->places[i] = place;
	}
	return true;
}

/*
 * What it brings is there already: an earlier step, perhaps of the same push,
 * spent it, and it is no yes to a commit without content.
 */
static bool
repeats(const struct covering *k, const char *start, const char *end)
{
	return strcmp(start, end) == 0 && strcmp(k->after, k->approved) != 0;
}

int
cover(struct gathering *g, size_t from, size_t to, const char *approved,
    const char *tree, enum carried *carried, enum place *places,
    struct err *err)
{
	struct covering k = {.g = g,
	    .from = from,
	    .to = to,
	    .before = g->line[from],
	    .after = g->line[to],
	    .approved = approved,
	    .places = places};
	char end[REPO_OID_SIZE], whole[REPO_OID_SIZE], start[REPO_OID_SIZE];

	*carried = CARRIED_NOT;
	k.copies = (struct map){.pool = g->push->pool};
	if (tree[0] == '\0')
		return 0;
	if (cover_end(g, to, end, err) < 0 ||
	    cover_end(g, from, start, err) < 0)
		return -1;
	if (strcmp(end, tree) != 0 || repeats(&k, start, end))
		return 0;
	if (find_history(&k, err) < 0 || find_replay(&k, err) < 0 ||
	    repo_tree(g->push->repo, approved, whole, err) < 0)
		return -1;
	if (!all_in_order(&k))
		return 0;
	*carried = strcmp(k.after, approved) == 0 ? CARRIED_EXACT
	    : strcmp(end, whole) == 0             ? CARRIED_SAME_CONTENT
	                                          : CARRIED_CLEAN_MERGE;
	return 0;
}
