/*
 * Ranges of commits.  repo_range() first paints by date, as git does; then,
 * because dates lie, it proves for what is left that nothing hidden leads
 * there, and walks on where that is not proved yet.
 */
#include <string.h>

#include <git2.h>

#include "repo_graph.h"
#include "repo_parse.h"

/* Of 64 marks one is never given: asking for it asks for everything. */
#define MARKS_MAX 63
#define EVERYTHING UINT64_MAX

static bool
is_candidate(const struct repo_walk *w, const struct repo_node *node)
{
	return (repo_flags(w, node) & (REPO_BOTH | REPO_OPENED)) ==
	    (REPO_NEW | REPO_OPENED);
}

static size_t
count_candidates(const struct repo_walk *w)
{
	size_t count = 0;

	for (size_t i = 0; i < w->seen_count; i++)
		count += is_candidate(w, w->seen[i]);
	return count;
}

static int
over_limit(const char *what, size_t limit, struct err *err)
{
	return err_set(err, ERR_INPUT, "more than %zu %s", limit, what);
}

static bool
has_candidate_parent(const struct repo_walk *w, const struct repo_node *node)
{
	for (size_t i = 0; i < node->parent_count; i++)
		if (is_candidate(w, node->parents[i]))
			return true;
	return false;
}

/*
 * Mark each lowest candidate and its ancestors.  If anything hidden leads to
 * a candidate at all, it leads to a lowest one.  `*full` becomes the marks
 * given; 0 means that nothing is in doubt.
 *
 * Where all that is hidden was here before the push (`old`), a commit that
 * was not is out of doubt: what was here is whole, git keeps it so.
 */
static int
mark_lowest(struct repo_walk *w, bool old, uint64_t *full, struct err *err)
{
	unsigned given = 0;

	*full = 0;
	for (size_t i = 0; i < w->seen_count; i++)
		w->seen[i]->marks = 0;
	for (size_t i = 0; i < w->seen_count; i++) {
		struct repo_node *node = w->seen[i];

		if (!is_candidate(w, node) || has_candidate_parent(w, node) ||
		    (old && repo_is_new(w->r, node->id)))
			continue;
		if (given == MARKS_MAX) {
			*full = EVERYTHING;
			return 0;
		}
		*full |= (uint64_t)1 << given;
		if (repo_paint(w, node, 0, (uint64_t)1 << given, err) < 0)
			return -1;
		given++;
	}
	return 0;
}

/*
 * Open what is hidden until the rest is known to be an ancestor of all that
 * is marked.  What is an ancestor of a commit cannot also lead to it.
 */
static int
chase(struct repo_walk *w, uint64_t full, struct err *err)
{
	struct repo_heap aside = {0};
	struct repo_node *node;
	int ret = 0;

	while (ret == 0 && (node = repo_heap_pop(&w->hidden)) != NULL) {
		if ((node->marks & full) == full)
			repo_heap_push(&aside, node);
		else
			ret = repo_walk_open(w, node, err);
	}
	while ((node = repo_heap_pop(&aside)) != NULL)
		repo_heap_push(&w->hidden, node);
	repo_heap_free(&aside);
	return ret;
}

/*
 * Once is enough: whatever is still open is an ancestor of each lowest
 * candidate there was, and so of all that is left.
 */
static int
settle(struct repo_walk *w, bool old, struct err *err)
{
	uint64_t full;

	if (mark_lowest(w, old, &full, err) < 0)
		return -1;
	return full == 0 ? 0 : chase(w, full, err);
}

/* More than `limit` that no further walking could take away again. */
static bool
is_surely_over(struct repo_walk *w, size_t limit, bool old, bool all)
{
	size_t count = 0;

	if (all)
		return count_candidates(w) > limit;
	if (!old)
		return false;
	for (size_t i = 0; i < w->seen_count && count <= limit; i++)
		count += is_candidate(w, w->seen[i]) &&
		    repo_is_new(w->r, w->seen[i]->id);
	return count > limit;
}

static int
spread(struct repo_walk *w, size_t limit, bool old, bool all, struct err *err)
{
	size_t look = limit + 1;

	while (repo_walk_has_fresh(w)) {
		if (repo_walk_step(w, err) < 0)
			return -1;
		if (w->fresh_steps < look)
			continue;
		if (is_surely_over(w, limit, old, all))
			return over_limit("commits", limit, err);
		look *= 2;
	}
	return 0;
}

/* Paint `new` and what is hidden, until nothing new is left to be opened. */
static int
paint_range(struct repo_walk *w, const char *new, const char *const hide[],
    size_t hide_count, size_t limit, bool *old, struct err *err)
{
	struct repo_node *node;

	*old = w->r->quarantined;
	if (repo_node(w->r, new, &node, err) < 0 ||
	    repo_paint(w, node, REPO_NEW, 0, err) < 0)
		return -1;
	for (size_t i = 0; i < hide_count; i++) {
		if (repo_node(w->r, hide[i], &node, err) < 0 ||
		    repo_paint(w, node, REPO_HIDDEN, 0, err) < 0)
			return -1;
		*old = *old && !repo_is_fresh(w->r, node->id);
	}
	return spread(w, limit, *old, hide_count == 0, err);
}

static void
fill_in(struct repo_commit *out, struct pool *pool, const struct repo_parsed *p)
{
	char(*parents)[REPO_OID_SIZE] =
	    pool_array(pool, p->parent_count, sizeof(parents[0]));

	memcpy(out->tree, p->tree, REPO_OID_SIZE - 1);
	for (size_t i = 0; i < p->parent_count; i++)
		memcpy(parents[i], repo_parsed_parent(p, i), REPO_OID_SIZE - 1);
	out->parents = (const char(*)[REPO_OID_SIZE])parents;
	out->parent_count = p->parent_count;
}

int
repo_commit(struct repo *r, struct pool *pool, const char *oid,
    struct repo_commit *out, struct err *err)
{
	git_odb_object *object = NULL;
	struct repo_parsed p;
	git_oid id;
	int ret = 0;

	memset(out, 0, sizeof(*out));
	if (repo_oid(&id, oid, err) < 0 ||
	    repo_read(r, &id, REPO_COMMIT, &object, err) < 0)
		return -1;
	repo_oid_text(out->oid, id.id);
	out->len = git_odb_object_size(object);
	if (repo_parse_commit(&p, git_odb_object_data(object), out->len)) {
		out->raw =
		    pool_textn(pool, git_odb_object_data(object), out->len);
		fill_in(out, pool, &p);
		out->received = repo_is_fresh(r, id.id);
	} else {
		ret = err_set(err, ERR_INPUT, "commit %s is malformed", oid);
	}
	git_odb_object_free(object);
	return ret;
}

static int
add_commit(struct repo *r, struct pool *pool, const struct repo_node *node,
    struct repo_commit *out, struct err *err)
{
	char oid[REPO_OID_SIZE];

	repo_oid_text(oid, node->id);
	return repo_commit(r, pool, oid, out, err);
}

/* The candidates with children before parents, newest first among equals. */
static int
list_sorted(struct repo_walk *w, struct pool *pool, struct repo_commit **list,
    size_t *count, struct err *err)
{
	struct repo_heap ready = {0};
	struct repo_node *node;
	size_t at = 0;
	int ret = 0;

	*count = count_candidates(w);
	*list = pool_array(pool, *count, sizeof(**list));
	for (size_t i = 0; i < w->seen_count; i++)
		for (size_t k = 0; is_candidate(w, w->seen[i]) &&
		     k < w->seen[i]->parent_count;
		     k++)
			w->seen[i]->parents[k]->children++;
	for (size_t i = 0; i < w->seen_count; i++)
		if (is_candidate(w, w->seen[i]) && w->seen[i]->children == 0)
			repo_heap_push(&ready, w->seen[i]);
	while (ret == 0 && (node = repo_heap_pop(&ready)) != NULL) {
		ret = add_commit(w->r, pool, node, &(*list)[at++], err);
		for (size_t k = 0; k < node->parent_count; k++)
			if (--node->parents[k]->children == 0 &&
			    is_candidate(w, node->parents[k]))
				repo_heap_push(&ready, node->parents[k]);
	}
	repo_heap_free(&ready);
	return ret;
}

int
repo_range(struct repo *r, struct pool *pool, const char *new,
    const char *const hide[], size_t hide_count, size_t limit,
    struct repo_commit **list, size_t *count, struct err *err)
{
	struct repo_walk w;
	bool old = false;
	int ret = -1;

	*list = NULL;
	*count = 0;
	repo_walk_start(&w, r);
	if (paint_range(&w, new, hide, hide_count, limit, &old, err) < 0 ||
	    settle(&w, old, err) < 0)
		goto out;
	if (count_candidates(&w) > limit) {
		over_limit("commits", limit, err);
		goto out;
	}
	ret = list_sorted(&w, pool, list, count, err);
out:
	repo_walk_end(&w);
	return ret;
}

/* What is not in the quarantine is coloured as hidden and not opened. */
static int
spread_received(struct repo_walk *w, size_t limit, struct err *err)
{
	while (repo_walk_has_fresh(w)) {
		struct repo_node *node = repo_heap_pop(&w->fresh);

		if (!repo_is_fresh(w->r, node->id)) {
			node->flags |= REPO_HIDDEN;
			continue;
		}
		if (++w->fresh_steps > limit)
			return over_limit("commits received", limit, err);
		if (repo_walk_open(w, node, err) < 0)
			return -1;
	}
	return 0;
}

int
repo_received_commits(struct repo *r, struct pool *pool,
    const char *const tips[], size_t tip_count, size_t limit,
    struct repo_commit **list, size_t *count, struct err *err)
{
	struct repo_walk w;
	struct repo_node *node;
	int ret = -1;

	*list = NULL;
	*count = 0;
	repo_walk_start(&w, r);
	for (size_t i = 0; i < tip_count; i++)
		if (repo_received(r, tips[i]) &&
		    (repo_node(r, tips[i], &node, err) < 0 ||
		        repo_paint(&w, node, REPO_NEW, 0, err) < 0))
			goto out;
	if (spread_received(&w, limit, err) == 0)
		ret = list_sorted(&w, pool, list, count, err);
out:
	repo_walk_end(&w);
	return ret;
}

/* Down the line while it is outside what `w` hides (all of it, without). */
static int
go_down(struct repo *r, struct repo_walk *w, struct repo_node **at,
    size_t limit, struct pool *pool, struct repo_commit **list, size_t *count,
    struct err *err)
{
	while (*at != NULL &&
	    (w == NULL || (repo_flags(w, *at) & REPO_HIDDEN) == 0)) {
		if (*count == limit)
			return w == NULL
			    ? 0
			    : over_limit("commits on the first-parent line",
			          limit, err);
		if (repo_node_read(r, *at, err) < 0 ||
		    add_commit(r, pool, *at,
		        pool_grow(pool, list, count, sizeof(**list)), err) < 0)
			return -1;
		*at = (*at)->parent_count > 0 ? (*at)->parents[0] : NULL;
	}
	return 0;
}

int
repo_first_parents(struct repo *r, struct pool *pool, const char *from,
    const char *until, size_t limit, struct repo_commit **list, size_t *count,
    bool *reached, struct err *err)
{
	struct repo_node *at = NULL, *end = NULL;
	struct repo_walk w;
	bool old;
	int ret = -1;

	*list = NULL;
	*count = 0;
	*reached = false;
	repo_walk_start(&w, r);
	if (repo_node(r, from, &at, err) < 0)
		goto out;
	if (until != NULL &&
	    (repo_node(r, until, &end, err) < 0 ||
	        paint_range(&w, from, &until, 1, SIZE_MAX / 4, &old, err) < 0 ||
	        settle(&w, old, err) < 0))
		goto out;
	ret = go_down(r, until != NULL ? &w : NULL, &at, limit, pool, list,
	    count, err);
	*reached = ret == 0 && at == end;
out:
	repo_walk_end(&w);
	return ret;
}

int
repo_tree(struct repo *r, const char *commit, char out[REPO_OID_SIZE],
    struct err *err)
{
	struct pool pool = {0};
	struct repo_commit c;
	int ret = repo_commit(r, &pool, commit, &c, err);

	if (ret == 0)
		memcpy(out, c.tree, REPO_OID_SIZE);
	pool_free(&pool);
	return ret;
}
