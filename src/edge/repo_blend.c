/*
 * Merging three trees as trees.  Where each path changed on one side only (or
 * to the same on both), and no side both lost and gained paths, so that nothing
 * can look like a rename, the result is each entry's changed side.  Anything
 * else is left to libgit2.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <git2.h>

#include "base/buf.h"
#include "repo_inside.h"

#define PATHS_MAX 100000

struct change_list {
	struct repo_path *list;
	size_t count;
	bool gained, lost, odd;
};

static int
by_path(const void *a, const void *b)
{
	const struct repo_path *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static int
list_changes(struct repo *r, struct pool *pool, const char *base,
    const char *side, struct change_list *c, struct err *err)
{
	if (repo_compare(r, pool, base, side, PATHS_MAX, &c->list, &c->count,
	        &c->odd, err) < 0)
		return -1;
	for (size_t i = 0; i < c->count; i++) {
		c->gained = c->gained || c->list[i].old_mode == 0;
		c->lost = c->lost || c->list[i].new_mode == 0;
	}
	if (c->count > 0)
		qsort(c->list, c->count, sizeof(c->list[0]), by_path);
	return 0;
}

static const struct repo_path *
find(const struct change_list *c, const char *path)
{
	struct repo_path key = {.path = path};

	return c->count == 0
	    ? NULL
	    : bsearch(&key, c->list, c->count, sizeof(c->list[0]), by_path);
}

/* A path of one side that the other changed otherwise, or made a directory. */
static bool
clashes(const struct change_list *c, const struct change_list *other)
{
	char path[REPO_PATH_MAX + 1];

	for (size_t i = 0; i < c->count; i++) {
		const struct repo_path *mine = &c->list[i], *same;

		same = find(other, mine->path);
		if (same != NULL &&
		    (same->new_mode != mine->new_mode ||
		        strcmp(same->new_id, mine->new_id) != 0))
			return true;
		memcpy(path, mine->path, strlen(mine->path) + 1);
		for (char *slash = strchr(path, '/'); slash != NULL;
		     slash = strchr(slash + 1, '/')) {
			*slash = '\0';
			if (find(other, path) != NULL)
				return true;
			*slash = '/';
		}
	}
	return false;
}

static bool
is_plain(const struct change_list *a, const struct change_list *b)
{
	return !a->odd && !b->odd && !(a->gained && a->lost) &&
	    !(b->gained && b->lost) && !clashes(a, b) && !clashes(b, a);
}

struct blend {
	struct repo *r;
	bool certain;
	struct err *err;
};

enum {
	BASE,
	OURS,
	THEIRS
};

static int blend_trees(struct blend *b, const unsigned char *const ids[3],
    git_oid *out, bool *empty);

static bool
is_same_id(const unsigned char *a, const unsigned char *b)
{
	return a == b || (a != NULL && b != NULL && memcmp(a, b, 20) == 0);
}

static bool
is_same(const struct repo_entry *a, const struct repo_entry *b)
{
	return a == b ||
	    (a != NULL && b != NULL && a->mode == b->mode &&
	        is_same_id(a->id, b->id));
}

static void
put_entry(struct buf *out, unsigned mode, const struct repo_entry *named,
    const unsigned char *id)
{
	assert(named != NULL);
	buf_printf(out, "%o ", mode);
	buf_add(out, named->name, named->len);
	buf_char(out, '\0');
	buf_add(out, id, 20);
}

/* The entries of one name and kind; NULL where it is not there. */
static int
blend_entry(struct blend *b, const struct repo_entry *const e[3],
    struct buf *out)
{
	const unsigned char *ids[3] = {NULL, NULL, NULL};
	const struct repo_entry *take, *any = NULL;
	git_oid id;
	bool empty;

	take = is_same(e[BASE], e[OURS]) ? e[THEIRS] : e[OURS];
	if (is_same(e[OURS], e[THEIRS]) || is_same(e[BASE], e[OURS]) ||
	    is_same(e[BASE], e[THEIRS])) {
		if (take != NULL)
			put_entry(out, take->mode, take, take->id);
		return 0;
	}
	for (size_t i = 0; i < 3; i++) {
		if (e[i] == NULL)
			continue;
		b->certain = b->certain && repo_entry_is_tree(e[i]);
		ids[i] = e[i]->id;
		any = e[i];
	}
	if (!b->certain)
		return 0;
	if (blend_trees(b, ids, &id, &empty) < 0)
		return -1;
	if (b->certain && !empty)
		put_entry(out, REPO_MODE_TREE, any, id.id);
	return 0;
}

static const struct repo_entry *
least(struct repo_side side[3])
{
	const struct repo_entry *first = NULL;

	for (size_t i = 0; i < 3; i++)
		if (side[i].more &&
		    (first == NULL ||
		        repo_entry_order(&side[i].entry, first) < 0))
			first = &side[i].entry;
	return first;
}

static int
blend_sides(struct blend *b, struct repo_side side[3], struct buf *out)
{
	const struct repo_entry *first;

	while (b->certain && (first = least(side)) != NULL) {
		const struct repo_entry key = *first;
		const struct repo_entry *e[3] = {NULL, NULL, NULL};

		for (size_t i = 0; i < 3; i++)
			if (side[i].more &&
			    repo_entry_order(&side[i].entry, &key) == 0)
				e[i] = &side[i].entry;
		if (blend_entry(b, e, out) < 0)
			return -1;
		for (size_t i = 0; i < 3; i++)
			if (e[i] != NULL &&
			    repo_side_next(&side[i], b->err) < 0)
				return -1;
	}
	return 0;
}

static int
blend_trees(struct blend *b, const unsigned char *const ids[3], git_oid *out,
    bool *empty)
{
	struct repo_side side[3] = {{0}};
	struct buf tree = {0};
	int ret = 0;

	for (size_t i = 0; i < 3 && ret == 0; i++)
		ret = repo_side_open(b->r, &side[i], ids[i], b->err);
	if (ret == 0)
		ret = blend_sides(b, side, &tree);
	*empty = tree.len == 0;
	if (ret == 0 && b->certain &&
	    git_odb_write(out, b->r->db, buf_text(&tree), tree.len,
	        GIT_OBJECT_TREE) < 0)
		ret = repo_git_error(b->err, ERR_SYSTEM, "merged tree");
	for (size_t i = 0; i < 3; i++)
		repo_side_close(&side[i]);
	buf_free(&tree);
	return ret;
}

static int
blend_roots(struct repo *r, const char *const trees[3], git_oid *out,
    bool *done, struct err *err)
{
	struct blend b = {.r = r, .certain = true, .err = err};
	const unsigned char *ids[3] = {NULL, NULL, NULL};
	git_oid oids[3];
	bool empty;

	for (size_t i = 0; i < 3; i++) {
		if (trees[i] == NULL)
			continue;
		if (repo_oid(&oids[i], trees[i], err) < 0)
			return -1;
		ids[i] = oids[i].id;
	}
	if (blend_trees(&b, ids, out, &empty) < 0)
		return -1;
	*done = b.certain;
	return 0;
}

int
repo_blend(struct repo *r, const char *base, const char *ours,
    const char *theirs, char out[REPO_OID_SIZE], bool *done, struct err *err)
{
	const char *const trees[3] = {base, ours, theirs};
	struct change_list a = {0}, b = {0};
	struct pool pool = {0};
	git_oid id;
	int ret = 0;

	*done = false;
	if (list_changes(r, &pool, base, ours, &a, err) < 0 ||
	    list_changes(r, &pool, base, theirs, &b, err) < 0)
		ret = -1;
	else if (is_plain(&a, &b))
		ret = blend_roots(r, trees, &id, done, err);
	if (ret == 0 && *done)
		repo_oid_text(out, id.id);
	pool_free(&pool);
	return ret;
}
