/*
 * Two trees compared as they lie in the object store.  What has the same id
 * is never opened, so the work grows with the change and not with the tree.
 */
#include <string.h>

#include <git2.h>

#include "core/listing.h"
#include "repo_inside.h"
#include "repo_parse.h"

#define ID_LEN 20 /* of an id as it stands in a tree */

struct compare {
	struct repo *r;
	struct pool *pool;
	struct repo_path *list;
	size_t count, limit;
	size_t trees;
	bool asked; /* whether anything is odd */
	bool odd;
	bool strict;     /* look at the new trees themselves */
	bool unlisted;   /* and at nothing else */
	const char *why; /* the first that is not as git writes them */
	struct err *err;
	char path[REPO_PATH_MAX + 1];
	size_t path_len;
};

static int walk_trees(struct compare *c, const unsigned char *old_id,
    const unsigned char *new_id, unsigned depth);

static int
advance(struct compare *c, struct repo_side *s)
{
	struct repo_entry before = s->entry;

	if (repo_side_next(s, c->err) < 0)
		return -1;
	c->odd = c->odd || (c->asked && repo_side_is_odd(s, &before));
	return 0;
}

/*
 * Past what is the same behind both entries in front, in a tree that was found
 * sound as a whole.
 */
static void
skip_alike(struct repo_side *a, struct repo_side *b)
{
	while (a->at < a->end) {
		const char *stop =
		    memchr(a->at, '\0', (size_t)(a->end - a->at));
		size_t len;

		if (stop == NULL || a->end - stop <= ID_LEN)
			return;
		len = (size_t)(stop - a->at) + 1 + ID_LEN;
		if ((size_t)(b->end - b->at) < len ||
		    memcmp(a->at, b->at, len) != 0)
			return;
		a->at += len;
		b->at += len;
	}
}

/*
 * The entries in front of both are the same to the byte.  Mostly those behind
 * them are too (`*same`), and then they are parsed, and found odd, once.
 */
static int
advance_both(struct compare *c, struct repo_side *a, struct repo_side *b,
    bool *same)
{
	const char *start = a->at;
	size_t len;

	*same = false;
	if (c->strict)
		skip_alike(a, b);
	if (advance(c, a) < 0)
		return -1;
	len = (size_t)(a->at - start);
	if (!a->more || (size_t)(b->end - b->at) < len ||
	    memcmp(start, b->at, len) != 0)
		return advance(c, b);
	b->entry = a->entry;
	b->entry.name = b->at + (a->entry.name - start);
	b->entry.id = (const unsigned char *)b->at +
	    (a->entry.id - (const unsigned char *)start);
	b->at += len;
	*same = true;
	return 0;
}

static bool
same_entries(const struct repo_side *a, const struct repo_side *b)
{
	return a->more && b->more && a->entry.mode == b->entry.mode &&
	    a->entry.len == b->entry.len &&
	    memcmp(a->entry.name, b->entry.name, a->entry.len) == 0 &&
	    memcmp(a->entry.id, b->entry.id, 20) == 0;
}

static int
open_side(struct compare *c, struct repo_side *s, const unsigned char *id,
    unsigned depth)
{
	static const struct repo_entry none;

	if (id != NULL && ++c->trees > REPO_TREES_MAX)
		return err_set(c->err, ERR_INPUT,
		    "more than %d trees to compare", REPO_TREES_MAX);
	if (repo_side_open(c->r, s, id, c->err) < 0)
		return -1;
	c->odd = c->odd || repo_side_is_odd(s, &none) ||
	    (id != NULL && !s->more && depth > 0);
	return 0;
}

static int
push_name(struct compare *c, const struct repo_entry *e)
{
	if (c->path_len + e->len + 1 > REPO_PATH_MAX)
		return err_set(c->err, ERR_INPUT,
		    "a path has more than %d bytes", REPO_PATH_MAX);
	memcpy(c->path + c->path_len, e->name, e->len);
	c->path_len += e->len;
	c->path[c->path_len] = '\0';
	return 0;
}

static int
note_path(struct compare *c, const struct repo_entry *a,
    const struct repo_entry *b)
{
	size_t before = c->path_len;
	struct repo_path *p;

	if (c->unlisted)
		return 0;
	if (c->count == c->limit)
		return err_set(c->err, ERR_INPUT, "more than %zu paths changed",
		    c->limit);
	if (push_name(c, a != NULL ? a : b) < 0)
		return -1;
	p = pool_grow(c->pool, &c->list, &c->count, sizeof(*c->list));
	p->path = pool_textn(c->pool, c->path, c->path_len);
	if (a != NULL) {
		p->old_mode = a->mode;
		repo_oid_text(p->old_id, a->id);
	}
	if (b != NULL) {
		p->new_mode = b->mode;
		repo_oid_text(p->new_id, b->id);
	}
	c->path_len = before;
	return 0;
}

static int
descend(struct compare *c, const struct repo_entry *a,
    const struct repo_entry *b, unsigned depth)
{
	size_t before = c->path_len;
	int ret;

	if (push_name(c, a != NULL ? a : b) < 0)
		return -1;
	c->path[c->path_len++] = '/';
	ret = walk_trees(c, a != NULL ? a->id : NULL, b != NULL ? b->id : NULL,
	    depth + 1);
	c->path_len = before;
	return ret;
}

/* Entries of one name and kind; either may be NULL. */
static int
see(struct compare *c, const struct repo_entry *a, const struct repo_entry *b,
    unsigned depth)
{
	if (a != NULL && b != NULL && a->mode == b->mode &&
	    memcmp(a->id, b->id, 20) == 0)
		return 0;
	if (repo_entry_is_tree(a != NULL ? a : b))
		return descend(c, a, b, depth);
	return note_path(c, a, b);
}

static int
walk_sides(struct compare *c, struct repo_side *a, struct repo_side *b,
    unsigned depth)
{
	bool same = false;

	while (a->more || b->more) {
		int order;

		if (same || same_entries(a, b)) {
			if (advance_both(c, a, b, &same) < 0)
				return -1;
			continue;
		}
		order = !a->more ? 1
		    : !b->more   ? -1
		                 : repo_entry_order(&a->entry, &b->entry);

		if (see(c, order <= 0 ? &a->entry : NULL,
		        order >= 0 ? &b->entry : NULL, depth) < 0 ||
		    (order <= 0 && advance(c, a) < 0) ||
		    (order >= 0 && advance(c, b) < 0))
			return -1;
	}
	return 0;
}

static int
look_at(struct compare *c, const unsigned char *id)
{
	git_odb_object *object = NULL;
	char hex[REPO_OID_SIZE];
	const char *why;
	git_oid oid;

	git_oid_fromraw(&oid, id);
	if (repo_read_tree(c->r, &oid, &object, c->err) < 0)
		return -1;
	why = listing_defect(c->pool, git_odb_object_data(object),
	    git_odb_object_size(object));
	git_odb_object_free(object);
	if (why == NULL)
		return 0;
	repo_oid_text(hex, id);
	c->why = pool_printf(c->pool, "tree %.12s: %s", hex, why);
	return 0;
}

static int
walk_trees(struct compare *c, const unsigned char *old_id,
    const unsigned char *new_id, unsigned depth)
{
	struct repo_side a = {0}, b = {0};
	int ret = -1;

	if (old_id != NULL && new_id != NULL && memcmp(old_id, new_id, 20) == 0)
		return 0;
	if (depth > REPO_TREE_DEPTH_MAX)
		return err_set(c->err, ERR_INPUT,
		    "directories are more than %d deep", REPO_TREE_DEPTH_MAX);
	if (c->strict && new_id != NULL && look_at(c, new_id) < 0)
		return -1;
	if (c->why != NULL || (c->unlisted && new_id == NULL))
		return 0;
	if (open_side(c, &a, old_id, depth) == 0 &&
	    open_side(c, &b, new_id, depth) == 0)
		ret = walk_sides(c, &a, &b, depth);
	repo_side_close(&a);
	repo_side_close(&b);
	return ret;
}

int
repo_compare(struct repo *r, struct pool *pool, const char *old_tree,
    const char *new_tree, size_t limit, struct repo_path **list, size_t *count,
    bool *odd, struct err *err)
{
	struct compare c = {.r = r,
	    .pool = pool,
	    .limit = limit,
	    .asked = odd != NULL,
	    .err = err};
	git_oid a, b;

	*list = NULL;
	*count = 0;
	if ((old_tree != NULL && repo_oid(&a, old_tree, err) < 0) ||
	    (new_tree != NULL && repo_oid(&b, new_tree, err) < 0) ||
	    walk_trees(&c, old_tree != NULL ? a.id : NULL,
	        new_tree != NULL ? b.id : NULL, 0) < 0)
		return -1;
	*list = c.list;
	*count = c.count;
	if (odd != NULL)
		*odd = c.odd;
	return 0;
}

int
repo_diff(struct repo *r, struct pool *pool, const char *old_tree,
    const char *new_tree, size_t limit, struct repo_path **list, size_t *count,
    struct err *err)
{
	return repo_compare(r, pool, old_tree, new_tree, limit, list, count,
	    NULL, err);
}

static int
odd_against(struct compare *c, const char *old, const char *tree)
{
	git_oid a, b;

	c->why = NULL;
	if ((old != NULL && repo_oid(&a, old, c->err) < 0) ||
	    repo_oid(&b, tree, c->err) < 0)
		return -1;
	return walk_trees(c, old != NULL ? a.id : NULL, b.id, 0);
}

int
repo_diff_strict(struct repo *r, struct pool *pool, const char *old_tree,
    const char *new_tree, size_t limit, struct repo_path **list, size_t *count,
    const char **why, struct err *err)
{
	struct compare c = {.r = r,
	    .pool = pool,
	    .limit = limit,
	    .strict = true,
	    .err = err};

	*list = NULL;
	*count = 0;
	*why = NULL;
	if (odd_against(&c, old_tree, new_tree) < 0)
		return -1;
	*why = c.why;
	if (c.why == NULL) {
		*list = c.list;
		*count = c.count;
	}
	return 0;
}

int
repo_odd_tree(struct repo *r, struct pool *pool, const char *const old[],
    size_t old_count, const char *tree, const char **why, struct err *err)
{
	struct compare c = {.r = r,
	    .pool = pool,
	    .strict = true,
	    .unlisted = true,
	    .err = err};

	*why = NULL;
	if (odd_against(&c, old_count > 0 ? old[0] : NULL, tree) < 0)
		return -1;
	*why = c.why;
	for (size_t i = 1; i < old_count && *why != NULL; i++) {
		if (odd_against(&c, old[i], tree) < 0)
			return -1;
		if (c.why == NULL)
			*why = NULL;
	}
	return 0;
}
