/*
 * Which contents a commit has that none of its parents has.
 */
#include <string.h>

#include "app/secrets.h"

#define PATHS_MAX 200000
#define MODE_LINK 0160000

static int
diff_of(struct push *p, const char *from, const struct repo_commit *to,
    struct repo_path **list, size_t *count, struct err *err)
{
	char tree[REPO_OID_SIZE];

	if (from != NULL && repo_tree(p->repo, from, tree, err) < 0)
		return -1;
	return repo_diff(p->repo, p->pool, from == NULL ? NULL : tree, to->tree,
	    PATHS_MAX, list, count, err);
}

/* Against the first parent; a commit of the push is asked for that more often.
 */
static int
first_diff(struct push *p, const struct repo_commit *c, struct repo_path **list,
    size_t *count, struct err *err)
{
	struct commit_fact *f = map_get(&p->commits, c->oid);

	if (f == NULL || f->raw != c)
		return diff_of(p, c->parent_count == 0 ? NULL : c->parents[0],
		    c, list, count, err);
	if (commit_fact_paths(p, f, err) < 0)
		return -1;
	*list = f->paths;
	*count = f->path_count;
	return 0;
}

/* Of a merge: where no parent has what it has. */
static int
differ_from_all(struct push *p, const struct repo_commit *c,
    struct repo_path **list, size_t *count, struct err *err)
{
	const char **old = pool_array(p->pool, c->parent_count, sizeof(*old));

	for (size_t i = 0; i < c->parent_count; i++) {
		char *tree = pool_alloc(p->pool, REPO_OID_SIZE);

		old[i] = tree;
		if (repo_tree(p->repo, c->parents[i], tree, err) < 0)
			return -1;
	}
	return repo_new_paths(p->repo, p->pool, c->tree, old, c->parent_count,
	    PATHS_MAX, list, count, err);
}

static bool
has_content(const struct repo_path *path)
{
	return path->new_id[0] != '\0' && path->new_mode != MODE_LINK;
}

/* What a path held before is not new under another name. */
int
secrets_new(struct push *p, const struct repo_commit *c,
    struct repo_path **list, size_t *count, struct err *err)
{
	struct map before = {.pool = p->pool};
	size_t kept = 0, all_count;
	struct repo_path *all, *differ;

	*list = NULL;
	*count = 0;
	if (c->parent_count > 1) {
		if (differ_from_all(p, c, &differ, count, err) < 0)
			return -1;
		if (*count == 0)
			return 0;
	}
	if (first_diff(p, c, &all, &all_count, err) < 0)
		return -1;
	for (size_t i = 0; i < all_count; i++)
		if (all[i].old_id[0] != '\0')
			map_put(&before, all[i].old_id, &all[i]);
	if (c->parent_count <= 1) {
		differ = all;
		*count = all_count;
	}
	*list = pool_array(p->pool, *count + 1, sizeof(**list));
	for (size_t i = 0; i < *count; i++)
		if (has_content(&differ[i]) &&
		    map_get(&before, differ[i].new_id) == NULL)
			(*list)[kept++] = differ[i];
	*count = kept;
	return 0;
}
