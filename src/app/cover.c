/*
 * Does an approved commit cover a step of the ref?  rules.md 5 to 7.
 *
 * The tree at the end of the step is the mechanical merge of the approved
 * commit into its beginning, and every commit that becomes reachable inside is
 * the approved history itself, the landing commit, a clean merge of such
 * commits, or a clean copy of them in their order.  Trees are compared, never
 * patches.
 */
#include "app/gather.h"

#include <string.h>

struct covering {
	struct gathering *g;
	size_t from, to; /* positions on the line */
	const char *before, *after, *approved;
	struct map approved_map;           /* approved history that is new */
	const struct repo_commit *history; /* children before parents */
	size_t history_count;
	struct map fine;    /* commits found to be in order */
	enum place *places; /* by place in g->fresh; may be NULL */
};

/* Is this commit one of those that this step brings? */
static bool
inside(const struct covering *k, const struct commit_fact *c)
{
	return c->step > k->from && c->step <= k->to;
}

static int
mechanical_tree(struct push *p, const char *ours, const char *theirs,
    char tree[REPO_OID_SIZE], struct err *err)
{
	struct repo_merged merged;

	tree[0] = '\0';
	if (repo_merge(p->repo, ours, theirs, &merged, err) < 0)
		return -1;
	if (merged.end == REPO_MERGE_CLEAN)
		memcpy(tree, merged.tree, REPO_OID_SIZE);
	return 0;
}

/* The end of the step has the one tree it may have. */
static int
tree_is_right(struct covering *k, bool *right, enum carried *how,
    struct err *err)
{
	struct push *p = k->g->push;
	char merged[REPO_OID_SIZE], after[REPO_OID_SIZE];
	char approved[REPO_OID_SIZE];

	if (repo_tree(p->repo, k->after, after, err) < 0 ||
	    repo_tree(p->repo, k->approved, approved, err) < 0 ||
	    mechanical_tree(p, k->before, k->approved, merged, err) < 0)
		return -1;
	*right = merged[0] != '\0' && strcmp(merged, after) == 0;
	*how = CARRIED_CLEAN_MERGE;
	if (strcmp(after, approved) == 0)
		*how = CARRIED_SAME_CONTENT;
	if (strcmp(k->after, k->approved) == 0)
		*how = CARRIED_EXACT;
	return 0;
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

/* In order so far, or landed before this step. */
static bool
is_fine(const struct covering *k, const char *id)
{
	const struct commit_fact *c = map_get(&k->g->fresh_map, id);

	if (map_get(&k->approved_map, id) != NULL ||
	    map_get(&k->fine, id) != NULL)
		return true;
	return c == NULL || c->step <= k->from;
}

static bool
parents_are_fine(const struct covering *k, const struct repo_commit *c)
{
	for (size_t i = 0; i < c->parent_count; i++)
		if (!is_fine(k, c->parents[i]))
			return false;
	return true;
}

static bool
is_landing_commit(const struct covering *k, const struct commit_fact *c)
{
	bool on_base = false;

	if (strcmp(c->id, k->after) != 0)
		return false;
	for (size_t i = 0; i < c->raw->parent_count; i++)
		if (strcmp(c->raw->parents[i], k->before) == 0)
			on_base = true;
	return on_base && parents_are_fine(k, c->raw);
}

/*
 * A row of single-parent commits from beginning to end that repeats the
 * approved commits in their order, each with exactly the tree that a clean
 * cherry-pick gives.  Some may be missing: they had landed before.
 */
static int
replay_one(struct covering *k, const struct repo_commit *copy, const char *at,
    size_t *next, bool *found, struct err *err)
{
	struct push *p = k->g->push;

	*found = false;
	while (*next > 0 && !*found) {
		const struct repo_commit *h = &k->history[--*next];
		char base[REPO_OID_SIZE], tip[REPO_OID_SIZE];
		struct repo_merged merged;

		if (h->parent_count != 1)
			continue;
		if (gather_is_late(p))
			return 0;
		if (repo_tree(p->repo, h->parents[0], base, err) < 0 ||
		    repo_tree(p->repo, at, tip, err) < 0 ||
		    repo_pick(p->repo, base, tip, h->tree, &merged, err) < 0)
			return -1;
		*found = merged.end == REPO_MERGE_CLEAN &&
		    strcmp(merged.tree, copy->tree) == 0;
	}
	return 0;
}

static int
find_replay(struct covering *k, struct err *err)
{
	struct gathering *g = k->g;
	size_t next = k->history_count;
	bool found = true;

	if (k->to - k->from < 2)
		return 0;
	for (size_t i = k->from + 1; i <= k->to; i++) {
		const struct commit_fact *c =
		    map_get(&g->fresh_map, g->line[i]);

		if (c == NULL || c->raw->parent_count != 1 ||
		    map_get(&k->approved_map, c->id) != NULL)
			return 0;
	}
	for (size_t i = k->from + 1; i <= k->to && found; i++) {
		const struct commit_fact *c =
		    map_get(&g->fresh_map, g->line[i]);

		if (replay_one(k, c->raw, g->line[i - 1], &next, &found, err) <
		    0)
			return -1;
	}
	if (!found)
		return 0;
	for (size_t i = k->from + 1; i <= k->to; i++)
		map_put(&k->fine, g->line[i], k);
	return 0;
}

static void
set_place(struct covering *k, size_t i, enum place place)
{
	if (k->places != NULL)
		k->places[i] = place;
}

/* Every commit of the step, parents first; true when all are in order. */
static bool
all_in_order(struct covering *k)
{
	struct gathering *g = k->g;

	for (size_t i = 0; i < g->fresh_count; i++) {
		struct commit_fact *c = g->fresh[i];

		if (!inside(k, c))
			continue;
		if (map_get(&k->approved_map, c->id) != NULL) {
			set_place(k, i, PLACE_APPROVED);
		} else if (map_get(&k->fine, c->id) != NULL) {
			set_place(k, i, PLACE_REPLAYED);
		} else if (is_landing_commit(k, c)) {
			set_place(k, i, PLACE_LAST);
		} else if (c->raw->parent_count == 2 &&
		    parents_are_fine(k, c->raw) &&
		    commit_is_mechanical(g->push, c) == TRI_YES) {
			set_place(k, i, PLACE_MECHANICAL);
			map_put(&k->fine, c->id, k);
		} else {
			return false;
		}
	}
	return true;
}

int
cover(struct gathering *g, size_t from, size_t to, const char *approved,
    enum carried *carried, enum place *places, struct err *err)
{
	struct covering k = {.g = g,
	    .from = from,
	    .to = to,
	    .before = g->line[from],
	    .after = g->line[to],
	    .approved = approved,
	    .places = places};
	bool right = false, landed = false;
	enum carried how = CARRIED_NOT;

	*carried = CARRIED_NOT;
	k.fine = (struct map){.pool = g->push->pool};
	if (k.before == NULL || gather_is_late(g->push) ||
	    repo_kind_of(g->push->repo, approved) != REPO_COMMIT)
		return 0;
	if (repo_is_ancestor(g->push->repo, approved, k.before, &landed, err) <
	    0)
		return -1;
	if (landed)
		return 0;
	if (tree_is_right(&k, &right, &how, err) < 0)
		return -1;
	if (!right)
		return 0;
	if (find_history(&k, err) < 0 || find_replay(&k, err) < 0)
		return -1;
	if (all_in_order(&k))
		*carried = how;
	return 0;
}

/* Is every path of `ours` also in `theirs`? */
static bool
all_among(const struct repo_path *ours, size_t ours_count,
    const struct repo_path *theirs, size_t theirs_count)
{
	size_t k = 0;

	for (size_t i = 0; i < ours_count; i++) {
		while (k < theirs_count &&
		    strcmp(theirs[k].path, ours[i].path) != 0)
			k++;
		if (k == theirs_count)
			return false;
	}
	return true;
}

/*
 * A path that the commit changes since the merge base, and the tip does not,
 * would change: then no merge need be tried.
 */
static int
cannot_be_nothing(struct push *p, const char *base, const char *tip,
    const char *commit, bool *certain, struct err *err)
{
	char base_tree[REPO_OID_SIZE], tip_tree[REPO_OID_SIZE];
	char commit_tree[REPO_OID_SIZE];
	struct repo_path *mine, *others;
	size_t mine_count, others_count;

	if (repo_tree(p->repo, base, base_tree, err) < 0 ||
	    repo_tree(p->repo, tip, tip_tree, err) < 0 ||
	    repo_tree(p->repo, commit, commit_tree, err) < 0 ||
	    repo_diff(p->repo, p->pool, base_tree, commit_tree, SIZE_MAX, &mine,
	        &mine_count, err) < 0 ||
	    repo_diff(p->repo, p->pool, base_tree, tip_tree, SIZE_MAX, &others,
	        &others_count, err) < 0)
		return -1;
	*certain = !all_among(mine, mine_count, others, others_count);
	return 0;
}

int
merging_changes_nothing(struct push *p, const char *tip, const char *commit,
    enum tri *nothing, struct err *err)
{
	char base[REPO_OID_SIZE], merged[REPO_OID_SIZE], tree[REPO_OID_SIZE];
	bool found, certain = false;

	*nothing = TRI_UNKNOWN;
	if (repo_merge_base(p->repo, tip, commit, base, &found, err) < 0)
		return -1;
	if (!found || strcmp(base, tip) == 0) {
		*nothing = strcmp(tip, commit) == 0 ? TRI_YES : TRI_NO;
		return 0;
	}
	if (strcmp(base, commit) == 0) {
		*nothing = TRI_YES;
		return 0;
	}
	if (cannot_be_nothing(p, base, tip, commit, &certain, err) < 0)
		return -1;
	if (certain) {
		*nothing = TRI_NO;
		return 0;
	}
	if (gather_is_late(p))
		return 0;
	if (mechanical_tree(p, tip, commit, merged, err) < 0 ||
	    repo_tree(p->repo, tip, tree, err) < 0)
		return -1;
	*nothing =
	    merged[0] != '\0' && strcmp(merged, tree) == 0 ? TRI_YES : TRI_NO;
	return 0;
}
