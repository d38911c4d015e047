/*
 * What a merge has that none of its parents has, in one walk: a directory that
 * it has from any of them is not opened, so a merge of two long histories costs
 * what both changed.
 */
#include <string.h>

#include <git2.h>

#include "repo_inside.h"
#include "repo_parse.h"

struct joint {
	struct repo *r;
	struct pool *pool;
	struct repo_path *list;
	size_t count, limit, parents;
	struct err *err;
	char path[REPO_PATH_MAX + 1];
	size_t path_len;
};

static int walk_joint(struct joint *j, const unsigned char *tree,
    const unsigned char *const old[], unsigned depth);

/* Up to the place of `e`: true where it stands there as it is. */
static int
find_same(struct joint *j, struct repo_side *s, const struct repo_entry *e,
    const unsigned char **tree, bool *same)
{
	while (s->more && repo_entry_order(&s->entry, e) < 0)
		if (repo_side_next(s, j->err) < 0)
			return -1;
	if (!s->more || repo_entry_order(&s->entry, e) != 0)
		return 0;
	*tree = s->entry.id;
	*same = *same ||
	    (s->entry.mode == e->mode && memcmp(s->entry.id, e->id, 20) == 0);
	return 0;
}

static int
note(struct joint *j, const struct repo_entry *e)
{
	struct repo_path *p;

	if (j->count == j->limit)
		return err_set(j->err, ERR_INPUT, "more than %zu paths changed",
		    j->limit);
	p = pool_grow(j->pool, &j->list, &j->count, sizeof(*j->list));
	p->path = pool_textn(j->pool, j->path, j->path_len);
	p->new_mode = e->mode;
	repo_oid_text(p->new_id, e->id);
	return 0;
}

static int
take_new(struct joint *j, const struct repo_entry *e,
    const unsigned char *const old[], unsigned depth)
{
	size_t before = j->path_len;
	int ret;

	if (before + e->len + 1 > REPO_PATH_MAX)
		return err_set(j->err, ERR_INPUT,
		    "a path has more than %d bytes", REPO_PATH_MAX);
	memcpy(j->path + before, e->name, e->len);
	j->path_len += e->len;
	if (repo_entry_is_tree(e)) {
		j->path[j->path_len++] = '/';
		ret = walk_joint(j, e->id, old, depth + 1);
	} else {
		ret = note(j, e);
	}
	j->path_len = before;
	return ret;
}

static int
walk_joint(struct joint *j, const unsigned char *tree,
    const unsigned char *const old[], unsigned depth)
{
	struct repo_side now = {0}, was[REPO_JOINT_MAX] = {{0}};
	int ret;

	if (depth > REPO_TREE_DEPTH_MAX)
		return err_set(j->err, ERR_INPUT,
		    "directories are more than %d deep", REPO_TREE_DEPTH_MAX);
	ret = repo_side_open(j->r, &now, tree, j->err);
	for (size_t i = 0; ret == 0 && i < j->parents; i++)
		ret = repo_side_open(j->r, &was[i], old[i], j->err);
	while (ret == 0 && now.more) {
		const unsigned char *ids[REPO_JOINT_MAX] = {NULL};
		bool same = false;

		for (size_t i = 0; ret == 0 && i < j->parents; i++)
			ret = find_same(j, &was[i], &now.entry, &ids[i], &same);
		if (ret == 0 && !same)
			ret = take_new(j, &now.entry, ids, depth);
		if (ret == 0)
			ret = repo_side_next(&now, j->err);
	}
	repo_side_close(&now);
	for (size_t i = 0; i < j->parents; i++)
		repo_side_close(&was[i]);
	return ret;
}

int
repo_new_paths(struct repo *r, struct pool *pool, const char *tree,
    const char *const old[], size_t old_count, size_t limit,
    struct repo_path **list, size_t *count, struct err *err)
{
	struct joint j = {.r = r, .pool = pool, .limit = limit, .err = err};
	const unsigned char *ids[REPO_JOINT_MAX] = {NULL};
	git_oid oids[REPO_JOINT_MAX], id;

	*list = NULL;
	*count = 0;
	if (repo_oid(&id, tree, err) < 0)
		return -1;
	for (; j.parents < old_count && j.parents < REPO_JOINT_MAX;
	     j.parents++) {
		if (repo_oid(&oids[j.parents], old[j.parents], err) < 0)
			return -1;
		ids[j.parents] = oids[j.parents].id;
	}
	if (walk_joint(&j, id.id, ids, 0) < 0)
		return -1;
	*list = j.list;
	*count = j.count;
	return 0;
}
