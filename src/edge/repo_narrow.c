/*
 * Three trees without what is the same in all of them, for libgit2 to merge.
 *
 * Its merge looks at nothing else: a path that nobody changed is no end of a
 * rename, stands in nobody's way, and is in the result as it is.  So what it
 * makes of the narrow trees, laid over one of the whole ones, is what it would
 * have made of those, at the cost of what differs.
 */
#include <string.h>

#include <git2.h>

#include "base/buf.h"
#include "repo_inside.h"

#define PATHS_MAX 100000 /* changed on a side; more are merged as they are */

/* A path that is not the same in all three. */
struct cell {
	const char *path;
	unsigned mode[3]; /* 0: not there */
	const char *id[3];
};

struct narrowing {
	struct repo *r;
	const struct cell *cells; /* in the order of their paths */
	struct err *err;
};

static void
set(struct cell *c, size_t which, const char *id, unsigned mode)
{
	c->mode[which] = mode;
	c->id[which] = id;
}

/* Both lists are in the order of trees, which is that of the paths' bytes. */
static struct cell *
lay_together(struct pool *pool, const struct repo_path *ours, size_t our_count,
    const struct repo_path *theirs, size_t their_count, size_t *count)
{
	struct cell *cells =
	    pool_array(pool, our_count + their_count + 1, sizeof(*cells));
	size_t n = 0;

	for (size_t i = 0, k = 0; i < our_count || k < their_count; n++) {
		int order = i == our_count ? 1
		    : k == their_count     ? -1
		                       : strcmp(ours[i].path, theirs[k].path);
		const struct repo_path *any =
		    order <= 0 ? &ours[i] : &theirs[k];
		struct cell *c = &cells[n];

		c->path = any->path;
		for (size_t which = 0; which < 3; which++)
			set(c, which, any->old_id, any->old_mode);
		if (order <= 0) {
			set(c, 1, ours[i].new_id, ours[i].new_mode);
			i++;
		}
		if (order >= 0) {
			set(c, 2, theirs[k].new_id, theirs[k].new_mode);
			k++;
		}
	}
	*count = n;
	return cells;
}

/* How many from `from` on lie in the directory that ends at `slash`. */
static size_t
in_directory(const struct cell *cells, size_t from, size_t to,
    const char *slash)
{
	size_t len = (size_t)(slash + 1 - cells[from].path), n = 1;

	while (from + n < to &&
	    strncmp(cells[from + n].path, cells[from].path, len) == 0)
		n++;
	return n;
}

static int
write_cells(const struct narrowing *n, size_t which, size_t from, size_t to,
    size_t skip, git_oid *out, bool *empty)
{
	struct buf tree = {0};
	git_oid id;
	int ret = 0;

	for (size_t i = from, step; ret == 0 && i < to; i += step) {
		const struct cell *c = &n->cells[i];
		const char *name = c->path + skip, *slash = strchr(name, '/');
		bool none = slash == NULL && c->mode[which] == 0;
		unsigned mode = slash == NULL ? c->mode[which] : REPO_MODE_TREE;

		step = slash == NULL ? 1 : in_directory(n->cells, i, to, slash);
		if (slash != NULL)
			ret = write_cells(n, which, i, i + step,
			    (size_t)(slash + 1 - c->path), &id, &none);
		else if (!none)
			ret = repo_oid(&id, c->id[which], n->err);
		if (ret == 0 && !none)
			repo_put_entry(&tree, mode, name,
			    slash == NULL ? strlen(name)
			                  : (size_t)(slash - name),
			    id.id);
	}
	*empty = tree.len == 0;
	if (ret == 0)
		ret = repo_write_tree(n->r, &tree, out, n->err);
	buf_free(&tree);
	return ret;
}

int
repo_narrow(struct repo *r, struct pool *pool, const char *const trees[3],
    struct repo_narrow *out, bool *done, struct err *err)
{
	struct repo_path *ours, *theirs;
	size_t our_count, their_count, count;
	bool odd[2], empty;
	struct narrowing n = {.r = r, .err = err};

	*done = false;
	if (repo_compare(r, pool, trees[0], trees[1], PATHS_MAX, &ours,
	        &our_count, &odd[0], err) < 0 ||
	    repo_compare(r, pool, trees[0], trees[2], PATHS_MAX, &theirs,
	        &their_count, &odd[1], err) < 0)
		return -1;
	if (odd[0] || odd[1])
		return 0;
	n.cells =
	    lay_together(pool, ours, our_count, theirs, their_count, &count);
	for (size_t i = 0; i < 3; i++) {
		git_oid id;

		if (write_cells(&n, i, 0, count, 0, &id, &empty) < 0)
			return -1;
		repo_oid_text(out->trees[i], id.id);
	}
	out->ours = trees[1];
	*done = true;
	return 0;
}

/* ---- and back ---- */

struct widening {
	struct repo *r;
	const struct repo_path *edits; /* in the order of their paths */
	struct err *err;
};

/* Edits at one place of one directory. */
struct place_edits {
	struct repo_entry key; /* a directory where they lie in one */
	size_t from, count;
};

static int widen(const struct widening *w, const unsigned char *id, size_t from,
    size_t to, size_t skip, git_oid *out, bool *empty);

static struct place_edits
next_edits(const struct widening *w, size_t from, size_t to, size_t skip)
{
	const char *path = w->edits[from].path, *name = path + skip;
	const char *slash = strchr(name, '/');
	struct place_edits p = {.from = from, .count = 1};
	size_t len;

	p.key.name = name;
	p.key.len = slash == NULL ? strlen(name) : (size_t)(slash - name);
	p.key.mode = slash == NULL ? w->edits[from].new_mode : REPO_MODE_TREE;
	if (slash == NULL)
		return p;
	len = (size_t)(slash + 1 - path);
	while (from + p.count < to &&
	    strncmp(w->edits[from + p.count].path, path, len) == 0)
		p.count++;
	return p;
}

/* What comes of a place: nothing, a file, or a directory edited in turn. */
static int
put_edits(const struct widening *w, const struct place_edits *p,
    const struct repo_entry *old, size_t skip, struct buf *out)
{
	git_oid id;
	bool none;
	int ret;

	if (repo_entry_is_tree(&p->key)) {
		ret = widen(w, old != NULL ? old->id : NULL, p->from,
		    p->from + p->count, skip + p->key.len + 1, &id, &none);
	} else {
		none = p->key.mode == 0;
		ret =
		    none ? 0 : repo_oid(&id, w->edits[p->from].new_id, w->err);
	}
	if (ret == 0 && !none)
		repo_put_entry(out, p->key.mode, p->key.name, p->key.len,
		    id.id);
	return ret;
}

static int
edit_side(const struct widening *w, struct repo_side *s, size_t from, size_t to,
    size_t skip, struct buf *out)
{
	while (s->more || from < to) {
		struct place_edits p = {0};
		int order = -1;

		if (from < to) {
			p = next_edits(w, from, to, skip);
			order =
			    s->more ? repo_entry_order(&s->entry, &p.key) : 1;
		}
		if (order < 0)
			repo_put_entry(out, s->entry.mode, s->entry.name,
			    s->entry.len, s->entry.id);
		else if (put_edits(w, &p, order == 0 ? &s->entry : NULL, skip,
		             out) < 0)
			return -1;
		from += p.count * (order >= 0);
		if (order <= 0 && repo_side_next(s, w->err) < 0)
			return -1;
	}
	return 0;
}

static int
widen(const struct widening *w, const unsigned char *id, size_t from, size_t to,
    size_t skip, git_oid *out, bool *empty)
{
	struct repo_side s = {0};
	struct buf tree = {0};
	int ret = repo_side_open(w->r, &s, id, w->err);

	if (ret == 0)
		ret = edit_side(w, &s, from, to, skip, &tree);
	*empty = tree.len == 0;
	if (ret == 0)
		ret = repo_write_tree(w->r, &tree, out, w->err);
	repo_side_close(&s);
	buf_free(&tree);
	return ret;
}

int
repo_widen(struct repo *r, struct pool *pool, const struct repo_narrow *n,
    const char *merged, char out[REPO_OID_SIZE], struct err *err)
{
	struct widening w = {.r = r, .err = err};
	struct repo_path *edits;
	git_oid ours, id;
	size_t count;
	bool empty;

	if (repo_diff(r, pool, n->trees[1], merged, (size_t)2 * PATHS_MAX,
	        &edits, &count, err) < 0 ||
	    (n->ours != NULL && repo_oid(&ours, n->ours, err) < 0))
		return -1;
	w.edits = edits;
	if (widen(&w, n->ours != NULL ? ours.id : NULL, 0, count, 0, &id,
	        &empty) < 0)
		return -1;
	repo_oid_text(out, id.id);
	return 0;
}
