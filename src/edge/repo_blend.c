/*
 * Merging three trees as trees.  What one side alone changed is taken as it
 * is, a directory without being opened; only directories that both changed are
 * read.  That is exactly what libgit2's merge makes of them where no path was
 * changed by both, but to the same content where it stood before:
 *
 * - what only one side lost or gained may look like a rename to libgit2, which
 *   then finds the other side of that rename unchanged, and takes it over;
 * - what both lost, or both gained, may be an end of two renames: left to it;
 * - so is a path that one side changed and that is a directory to the other.
 *
 * A directory that is not opened stays as it is even where git would not write
 * it so today (modes, order); libgit2 would write it anew.
 */
#include <stdlib.h>
#include <string.h>

#include <git2.h>

#include "base/buf.h"
#include "repo_inside.h"

struct blend {
	struct repo *r;
	struct pool *pool;
	bool certain;
	size_t trees;
	struct err *err;
};

enum {
	BASE,
	OURS,
	THEIRS
};

/* A name that is no directory, and who changed it. */
struct changed {
	const char *name;
	size_t len;
	bool by_ours, by_theirs;
};

/* One directory on its way. */
struct level {
	struct repo_side side[3];
	struct changed *files; /* in the order of their bytes */
	size_t file_count;
	struct buf out;
	unsigned depth;
};

static int blend_trees(struct blend *b, const unsigned char *const ids[3],
    unsigned depth, git_oid *out, bool *empty);

static bool
is_same(const struct repo_entry *a, const struct repo_entry *b)
{
	return a == b ||
	    (a != NULL && b != NULL && a->mode == b->mode &&
	        memcmp(a->id, b->id, 20) == 0);
}

static int
by_name(const void *key, const void *member)
{
	const struct repo_entry *a = key;
	const struct changed *b = member;
	int order = memcmp(a->name, b->name, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

/* A directory to one, and something else to the other who changed it. */
static bool
clashes(const struct level *l, const struct repo_entry *tree, bool by_ours,
    bool by_theirs)
{
	const struct changed *c = l->file_count == 0
	    ? NULL
	    : bsearch(tree, l->files, l->file_count, sizeof(*l->files),
	          by_name);

	return c != NULL &&
	    ((c->by_ours && by_theirs) || (c->by_theirs && by_ours));
}

static void
note_changed(struct blend *b, struct level *l, const struct repo_entry *e,
    bool by_ours, bool by_theirs)
{
	struct changed *c =
	    pool_grow(b->pool, &l->files, &l->file_count, sizeof(*l->files));

	*c = (struct changed){e->name, e->len, by_ours, by_theirs};
}

static int
blend_both(struct blend *b, struct level *l,
    const struct repo_entry *const e[3], const struct repo_entry *any)
{
	const unsigned char *ids[3] = {NULL, NULL, NULL};
	git_oid id;
	bool empty;

	if (!repo_entry_is_tree(any)) {
		b->certain = e[BASE] != NULL && e[OURS] != NULL &&
		    is_same(e[OURS], e[THEIRS]);
		if (b->certain)
			repo_put_entry(&l->out, e[OURS]->mode, any->name,
			    any->len, e[OURS]->id);
		return 0;
	}
	for (size_t i = 0; i < 3; i++)
		ids[i] = e[i] != NULL ? e[i]->id : NULL;
	if (blend_trees(b, ids, l->depth + 1, &id, &empty) < 0)
		return -1;
	if (b->certain && !empty)
		repo_put_entry(&l->out, REPO_MODE_TREE, any->name, any->len,
		    id.id);
	return 0;
}

/* The entries of one name and kind; NULL where it is not there. */
static int
blend_entry(struct blend *b, struct level *l,
    const struct repo_entry *const e[3], const struct repo_entry *any)
{
	bool by_ours = !is_same(e[BASE], e[OURS]);
	bool by_theirs = !is_same(e[BASE], e[THEIRS]);
	const struct repo_entry *take = by_ours ? e[OURS] : e[THEIRS];

	if (by_ours || by_theirs) {
		if (!repo_entry_is_tree(any))
			note_changed(b, l, any, by_ours, by_theirs);
		else if (clashes(l, any, by_ours, by_theirs))
			b->certain = false;
	}
	if (b->certain && by_ours && by_theirs)
		return blend_both(b, l, e, any);
	if (take != NULL)
		repo_put_entry(&l->out, take->mode, take->name, take->len,
		    take->id);
	return 0;
}

static const struct repo_entry *
least(const struct level *l)
{
	const struct repo_entry *first = NULL;

	for (size_t i = 0; i < 3; i++)
		if (l->side[i].more &&
		    (first == NULL ||
		        repo_entry_order(&l->side[i].entry, first) < 0))
			first = &l->side[i].entry;
	return first;
}

static int
advance(struct blend *b, struct repo_side *s)
{
	const struct repo_entry before = s->entry;

	if (repo_side_next(s, b->err) < 0)
		return -1;
	b->certain = b->certain && !repo_side_is_odd(s, &before);
	return 0;
}

static int
blend_level(struct blend *b, struct level *l)
{
	const struct repo_entry *first;

	while (b->certain && (first = least(l)) != NULL) {
		const struct repo_entry key = *first;
		const struct repo_entry *e[3] = {NULL, NULL, NULL};

		for (size_t i = 0; i < 3; i++)
			if (l->side[i].more &&
			    repo_entry_order(&l->side[i].entry, &key) == 0)
				e[i] = &l->side[i].entry;
		if (blend_entry(b, l, e, &key) < 0)
			return -1;
		for (size_t i = 0; i < 3; i++)
			if (e[i] != NULL && advance(b, &l->side[i]) < 0)
				return -1;
	}
	return 0;
}

static int
open_level(struct blend *b, struct level *l, const unsigned char *const ids[3])
{
	static const struct repo_entry none;

	if (l->depth > REPO_TREE_DEPTH_MAX ||
	    (b->trees += 3) > REPO_TREES_MAX) {
		b->certain = false;
		return 0;
	}
	for (size_t i = 0; i < 3; i++) {
		struct repo_side *s = &l->side[i];

		if (repo_side_open(b->r, s, ids[i], b->err) < 0)
			return -1;
		if (repo_side_is_odd(s, &none) ||
		    (ids[i] != NULL && !s->more && l->depth > 0))
			b->certain = false;
	}
	return 0;
}

static int
blend_trees(struct blend *b, const unsigned char *const ids[3], unsigned depth,
    git_oid *out, bool *empty)
{
	struct level l = {.depth = depth};
	int ret = open_level(b, &l, ids);

	if (ret == 0)
		ret = blend_level(b, &l);
	*empty = l.out.len == 0;
	if (ret == 0 && b->certain)
		ret = repo_write_tree(b->r, &l.out, out, b->err);
	for (size_t i = 0; i < 3; i++)
		repo_side_close(&l.side[i]);
	buf_free(&l.out);
	return ret;
}

int
repo_blend(struct repo *r, const char *const trees[3], char out[REPO_OID_SIZE],
    bool *done, struct err *err)
{
	struct pool pool = {0};
	struct blend b = {.r = r, .pool = &pool, .certain = true, .err = err};
	const unsigned char *ids[3] = {NULL, NULL, NULL};
	git_oid oids[3], id;
	bool empty;
	int ret = 0;

	*done = false;
	for (size_t i = 0; i < 3 && ret == 0; i++) {
		if (trees[i] == NULL)
			continue;
		ret = repo_oid(&oids[i], trees[i], err);
		ids[i] = oids[i].id;
	}
	if (ret == 0)
		ret = blend_trees(&b, ids, 0, &id, &empty);
	pool_free(&pool);
	if (ret < 0 || !b.certain)
		return ret;
	*done = true;
	repo_oid_text(out, id.id);
	return 0;
}
