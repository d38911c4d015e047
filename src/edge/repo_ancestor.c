/*
 * Who descends from whom.  Exact whatever dates say, and near answers are
 * found nearby: both sides are painted until they meet.
 */
#include <string.h>

#include "repo_graph.h"

int
repo_is_ancestor(struct repo *r, const char *a, const char *b, bool *yes,
    struct err *err)
{
	struct repo_node *upper, *lower;
	struct repo_walk w;
	int ret = -1;

	*yes = false;
	repo_walk_start(&w, r);
	if (repo_node(r, a, &lower, err) < 0 ||
	    repo_node(r, b, &upper, err) < 0 ||
	    repo_paint(&w, upper, REPO_NEW, 0, err) < 0 ||
	    repo_paint(&w, lower, REPO_HIDDEN, 0, err) < 0)
		goto out;
	/*
	 * What is open in the end and belongs to `b` is an ancestor of `a`, and
	 * cannot lead to `a` again.
	 */
	while (
	    (repo_flags(&w, lower) & REPO_NEW) == 0 && repo_walk_has_fresh(&w))
		if (repo_walk_step(&w, err) < 0)
			goto out;
	*yes = (repo_flags(&w, lower) & REPO_NEW) != 0;
	ret = 0;
out:
	repo_walk_end(&w);
	return ret;
}

/* Is there an open node that is not yet known to be common to both? */
static bool
is_undecided(struct repo_walk *w)
{
	if (repo_walk_has_fresh(w))
		return true;
	for (;;) {
		if (w->hidden.count == 0)
			return false;
		if ((w->hidden.nodes[0]->flags & REPO_BOTH) != REPO_BOTH)
			return true;
		repo_heap_pop(&w->hidden);
	}
}

static bool
is_common(const struct repo_walk *w, const struct repo_node *node)
{
	return (repo_flags(w, node) & REPO_BOTH) == REPO_BOTH;
}

/*
 * Common ancestors without a common child among those that were met.  All
 * others are ancestors of these; these may be of one another.
 */
static void
find_common(struct repo_walk *w, struct pool *pool, struct repo_node ***list,
    size_t *count)
{
	for (size_t i = 0; i < w->seen_count; i++)
		for (size_t k = 0; is_common(w, w->seen[i]) &&
		     (w->seen[i]->flags & REPO_OPENED) != 0 &&
		     k < w->seen[i]->parent_count;
		     k++)
			w->seen[i]->parents[k]->flags |= REPO_BELOW;
	for (size_t i = 0; i < w->seen_count; i++) {
		struct repo_node **slot;

		if (!is_common(w, w->seen[i]) ||
		    (w->seen[i]->flags & REPO_BELOW) != 0)
			continue;
		slot = pool_grow(pool, list, count, sizeof(**list));
		*slot = w->seen[i];
	}
}

static int
meet(struct repo *r, struct pool *pool, const char *a, const char *b,
    struct repo_node ***list, size_t *count, struct err *err)
{
	struct repo_node *one, *other;
	struct repo_walk w;
	int ret = -1;

	repo_walk_start(&w, r);
	if (repo_node(r, a, &one, err) < 0 ||
	    repo_node(r, b, &other, err) < 0 ||
	    repo_paint(&w, one, REPO_NEW, 0, err) < 0 ||
	    repo_paint(&w, other, REPO_HIDDEN, 0, err) < 0)
		goto out;
	while (is_undecided(&w)) {
		/* The step may take the hidden side: keep common ones off. */
		while (w.hidden.count > 0 && is_common(&w, w.hidden.nodes[0]))
			repo_heap_pop(&w.hidden);
		if (repo_walk_step(&w, err) < 0)
			goto out;
	}
	find_common(&w, pool, list, count);
	ret = 0;
out:
	repo_walk_end(&w);
	return ret;
}

/* Drop those that another one of the list descends from. */
static int
drop_ancestors(struct repo *r, struct repo_node **list, size_t *count,
    struct err *err)
{
	char a[REPO_OID_SIZE], b[REPO_OID_SIZE];

	for (size_t i = 0; i < *count; i++) {
		bool below = false;

		repo_oid_text(a, list[i]->id);
		for (size_t k = 0; !below && k < *count; k++) {
			if (k == i)
				continue;
			repo_oid_text(b, list[k]->id);
			if (repo_is_ancestor(r, a, b, &below, err) < 0)
				return -1;
		}
		if (below)
			list[i--] = list[--*count];
	}
	return 0;
}

int
repo_merge_bases(struct repo *r, const char *a, const char *b,
    char out[REPO_OID_SIZE], size_t *count, struct err *err)
{
	struct pool pool = {0};
	struct repo_node **list = NULL, *best;
	struct repo_heap order = {0};
	int ret = -1;

	*count = 0;
	out[0] = '\0';
	if (meet(r, &pool, a, b, &list, count, err) < 0 ||
	    (*count > 1 && drop_ancestors(r, list, count, err) < 0))
		goto out;
	for (size_t i = 0; i < *count; i++)
		repo_heap_push(&order, list[i]);
	best = repo_heap_pop(&order);
	if (best != NULL)
		repo_oid_text(out, best->id);
	ret = 0;
out:
	repo_heap_free(&order);
	pool_free(&pool);
	return ret;
}

int
repo_merge_base(struct repo *r, const char *a, const char *b,
    char out[REPO_OID_SIZE], bool *found, struct err *err)
{
	size_t count = 0;
	int ret = repo_merge_bases(r, a, b, out, &count, err);

	*found = count > 0;
	return ret;
}
