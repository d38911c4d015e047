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

/* A path that a parent has as it is does not differ from that parent. */
static int
differs_from_others(struct push *p, const struct repo_commit *c,
    struct map *maps, size_t *map_count, struct err *err)
{
	struct repo_path *list;
	size_t count;

	for (size_t k = 1; k < c->parent_count && k < SECRETS_PARENTS_MAX;
	     k++) {
		struct map *map = &maps[(*map_count)++];

		*map = (struct map){.pool = p->pool};
		if (diff_of(p, c->parents[k], c, &list, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++)
			map_put(map, list[i].new_id, &list[i]);
	}
	return 0;
}

static bool
differs_from_all(const struct map *maps, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (map_get(&maps[i], id) == NULL)
			return false;
	return true;
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
	struct map maps[SECRETS_PARENTS_MAX];
	struct map before = {.pool = p->pool};
	size_t map_count = 0, kept = 0;
	struct repo_path *all;

	if (first_diff(p, c, &all, count, err) < 0 ||
	    differs_from_others(p, c, maps, &map_count, err) < 0)
		return -1;
	for (size_t i = 0; i < *count; i++)
		if (all[i].old_id[0] != '\0')
			map_put(&before, all[i].old_id, &all[i]);
	*list = pool_array(p->pool, *count + 1, sizeof(**list));
	for (size_t i = 0; i < *count; i++)
		if (has_content(&all[i]) &&
		    map_get(&before, all[i].new_id) == NULL &&
		    differs_from_all(maps, map_count, all[i].new_id))
			(*list)[kept++] = all[i];
	*count = kept;
	return 0;
}
