/*
 * The mechanical merge: what a machine makes of two commits, or of three
 * trees.  The limits are fixed, so that the answer is the same on each server
 * and next year.
 */
#include <string.h>

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "repo_inside.h"

#define RENAME_LIMIT 1000
#define RENAME_THRESHOLD 50
/* Merges of merge bases that are merged first; more cost minutes. */
#define RECURSION_LIMIT 3

static git_merge_options
fixed_options(void)
{
	git_merge_options options;

	git_merge_options_init(&options, GIT_MERGE_OPTIONS_VERSION);
	options.flags = GIT_MERGE_FIND_RENAMES;
	options.rename_threshold = RENAME_THRESHOLD;
	options.target_limit = RENAME_LIMIT;
	options.recursion_limit = RECURSION_LIMIT;
	return options;
}

/*
 * Each object written in memory is looked for first, and each one not found
 * would have all packs listed again.  Off while merging.
 */
static void
refresh_stores(struct repo *r, bool on)
{
	for (size_t i = 0; i < r->store_count; i++)
		if (r->stores[i].packed != NULL)
			r->stores[i].packed->refresh = on ? r->refresh : NULL;
}

static void
add_conflict(struct repo *r, struct repo_merged *out, const char *path,
    size_t len)
{
	const char **list = (const char **)(uintptr_t)out->paths, *last = "";

	if (out->path_count > 0)
		last = list[out->path_count - 1];
	if (out->path_count == REPO_CONFLICTS_MAX ||
	    (strncmp(last, path, len) == 0 && last[len] == '\0'))
		return;
	*(const char **)pool_grow(&r->pool, &list, &out->path_count,
	    sizeof(*list)) = pool_textn(&r->pool, path, len);
	out->paths = list;
}

static int
list_conflicts(struct repo *r, git_index *index, struct repo_merged *out)
{
	git_index_conflict_iterator *all = NULL;
	const git_index_entry *e[3];
	int ret;

	if (git_index_conflict_iterator_new(&all, index) < 0)
		return -1;
	while ((ret = git_index_conflict_next(&e[0], &e[1], &e[2], all)) == 0 &&
	    out->path_count < REPO_CONFLICTS_MAX) {
		const char *path = e[0] != NULL ? e[0]->path
		    : e[1] != NULL              ? e[1]->path
		                                : e[2]->path;
		add_conflict(r, out, path, strlen(path));
	}
	git_index_conflict_iterator_free(all);
	out->end = REPO_MERGE_CONFLICT;
	return ret < 0 && ret != GIT_ITEROVER ? -1 : 0;
}

/*
 * One side made a file of what is a directory to the other.  libgit2 takes
 * both, and the tree has one name twice.
 */
static void
list_doubles(struct repo *r, git_index *index, struct repo_merged *out)
{
	char dir[REPO_PATH_MAX + 1];
	const char *before = "";

	for (size_t i = 0; i < git_index_entrycount(index); i++) {
		const char *path = git_index_get_byindex(index, i)->path;

		for (const char *s = path; (s = strchr(s, '/')) != NULL; s++) {
			size_t len = (size_t)(s - path);

			if (len > REPO_PATH_MAX ||
			    strncmp(before, path, len + 1) == 0)
				continue;
			memcpy(dir, path, len);
			dir[len] = '\0';
			if (git_index_get_bypath(index, dir, 0) != NULL)
				add_conflict(r, out, path, len);
		}
		before = path;
	}
	if (out->path_count > 0)
		out->end = REPO_MERGE_CONFLICT;
}

static int
take_index(struct repo *r, git_index *index, struct repo_merged *out)
{
	git_oid id;

	if (git_index_has_conflicts(index))
		return list_conflicts(r, index, out);
	list_doubles(r, index, out);
	if (out->end == REPO_MERGE_CONFLICT)
		return 0;
	if (git_index_write_tree_to(&id, index, r->git) < 0)
		return -1;
	repo_oid_text(out->tree, id.id);
	out->end = REPO_MERGE_CLEAN;
	return 0;
}

static int
merge_commits(struct repo *r, const char *ours, const char *theirs,
    struct repo_merged *out)
{
	git_merge_options options = fixed_options();
	git_commit *a = NULL, *b = NULL;
	git_index *index = NULL;
	git_oid id;
	int ret = -1;

	if (git_oid_fromstr(&id, ours) == 0 &&
	    git_commit_lookup(&a, r->git, &id) == 0 &&
	    git_oid_fromstr(&id, theirs) == 0 &&
	    git_commit_lookup(&b, r->git, &id) == 0 &&
	    git_merge_commits(&index, r->git, a, b, &options) == 0)
		ret = take_index(r, index, out);
	git_index_free(index);
	git_commit_free(a);
	git_commit_free(b);
	return ret;
}

/* NULL is the empty tree, which not every repository holds. */
static int
find_tree(struct repo *r, const char *tree, git_tree **out)
{
	git_oid id;

	if (tree != NULL
	        ? git_oid_fromstr(&id, tree) < 0
	        : git_odb_write(&id, r->db, "", 0, GIT_OBJECT_TREE) < 0)
		return -1;
	return git_tree_lookup(out, r->git, &id);
}

static int
merge_trees(struct repo *r, const char *const trees[3], struct repo_merged *out)
{
	git_merge_options options = fixed_options();
	git_tree *t[3] = {NULL, NULL, NULL};
	git_index *index = NULL;
	int ret = -1;

	if (find_tree(r, trees[0], &t[0]) == 0 &&
	    find_tree(r, trees[1], &t[1]) == 0 &&
	    find_tree(r, trees[2], &t[2]) == 0 &&
	    git_merge_trees(&index, r->git, t[0], t[1], t[2], &options) == 0)
		ret = take_index(r, index, out);
	git_index_free(index);
	for (size_t i = 0; i < 3; i++)
		git_tree_free(t[i]);
	return ret;
}

struct task {
	const char *const *trees;
	const char *ours, *theirs;
};

static void
try(struct repo *r, const void *what)
{
	const struct task *t = what;
	struct repo_merged ignored = {0};

	refresh_stores(r, false);
	if (t->trees != NULL)
		(void)merge_trees(r, t->trees, &ignored);
	else
		(void)merge_commits(r, t->ours, t->theirs, &ignored);
}

/* A pack may have gone away meanwhile, so what fails is tried once more. */
static int
by_libgit2(struct repo *r, const char *const trees[3], const char *ours,
    const char *theirs, struct repo_merged *out, struct err *err)
{
	static const struct repo_merged nothing;
	const struct task task = {trees, ours, theirs};
	int ret = -1;

	*out = nothing;
	if (!repo_merge_is_quick(r, trees, try, &task)) {
		out->end = REPO_MERGE_SLOW;
		return 0;
	}
	for (unsigned attempt = 0; ret < 0 && attempt < 2; attempt++) {
		*out = nothing;
		refresh_stores(r, attempt > 0);
		ret = trees != NULL ? merge_trees(r, trees, out)
		                    : merge_commits(r, ours, theirs, out);
	}
	refresh_stores(r, true);
	if (ret == 0)
		return 0;
	*out = nothing;
	return repo_git_error(err, ERR_INPUT, "merging");
}

/* Without opening more than both sides changed, or else what either did. */
static int
merge_differences(struct repo *r, struct pool *pool, const char *const trees[3],
    struct repo_merged *out, bool *done, struct err *err)
{
	struct repo_narrow n = {0};
	const char *const narrow[3] = {n.trees[0], n.trees[1], n.trees[2]};
	int ret;

	if (repo_blend(r, trees, out->tree, done, err) < 0)
		return -1;
	if (*done) {
		out->end = REPO_MERGE_CLEAN;
		return 0;
	}
	if (repo_narrow(r, pool, trees, &n, done, err) < 0 || !*done)
		return -1;
	ret = by_libgit2(r, narrow, NULL, NULL, out, err);
	if (ret == 0 && out->end == REPO_MERGE_CLEAN)
		ret = repo_widen(r, pool, &n, out->tree, out->tree, err);
	*done = ret == 0;
	return ret;
}

/* `*done` is false where it could not be done so, for whatever reason. */
static void
merge_quickly(struct repo *r, const char *const trees[3],
    struct repo_merged *out, bool *done)
{
	static const struct repo_merged nothing;
	struct pool pool = {0};
	struct err ignored;

	*done = false;
	refresh_stores(r, false);
	if (merge_differences(r, &pool, trees, out, done, &ignored) < 0)
		*done = false;
	if (!*done)
		*out = nothing;
	refresh_stores(r, true);
	pool_free(&pool);
}

static bool
is_same_tree(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

int
repo_pick(struct repo *r, const char *ancestor_tree, const char *ours_tree,
    const char *theirs_tree, struct repo_merged *out, struct err *err)
{
	const char *const trees[3] = {ancestor_tree, ours_tree, theirs_tree};
	const char *take = NULL;
	bool done;
	git_oid id;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < 3; i++)
		if (trees[i] != NULL && repo_oid(&id, trees[i], err) < 0)
			return -1;
	if (is_same_tree(ours_tree, theirs_tree) ||
	    is_same_tree(ancestor_tree, theirs_tree))
		take = ours_tree;
	else if (is_same_tree(ancestor_tree, ours_tree))
		take = theirs_tree;
	if (take != NULL) {
		memcpy(out->tree, take, REPO_OID_SIZE);
		out->end = REPO_MERGE_CLEAN;
		return 0;
	}
	/* What stops the short way need not stop the long one. */
	merge_quickly(r, trees, out, &done);
	return done ? 0 : by_libgit2(r, trees, NULL, NULL, out, err);
}

int
repo_merge(struct repo *r, const char *ours, const char *theirs,
    struct repo_merged *out, struct err *err)
{
	char base[REPO_OID_SIZE], tree[3][REPO_OID_SIZE];
	size_t bases;

	memset(out, 0, sizeof(*out));
	if (repo_merge_bases(r, ours, theirs, base, &bases, err) < 0)
		return -1;
	if (bases == 0) {
		out->end = REPO_MERGE_UNRELATED;
		return 0;
	}
	if (repo_tree(r, base, tree[0], err) < 0 ||
	    repo_tree(r, ours, tree[1], err) < 0 ||
	    repo_tree(r, theirs, tree[2], err) < 0)
		return -1;
	if (bases == 1)
		return repo_pick(r, tree[0], tree[1], tree[2], out, err);
	return by_libgit2(r, NULL, ours, theirs, out, err);
}

void
repo_merge_time(struct repo *r, unsigned milliseconds)
{
	r->merge_ms = milliseconds;
}
