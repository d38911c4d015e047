/*
 * repo - a Git repository, read only: the one door to libgit2.
 *
 * Reports what a repository holds and what a push brought, and holds no
 * opinion on it.  Nothing of the repository or of its users bends an answer:
 * no configuration, attributes, filters, drivers, replace refs, grafts or
 * shallow boundaries are honoured.  Hashes of what is read are verified.  An
 * object that is missing, damaged or over a limit is an error that names it,
 * never the quiet end of a walk.
 *
 * Object ids are 40 lower-case hex digits in `const char *`; a parameter
 * `char out[REPO_OID_SIZE]` receives one.  Anything else where an id belongs
 * is an error.  SHA-1 repositories with loose and packed refs are supported;
 * SHA-256, reftable and partial clones are refused by repo_open().
 *
 *	struct repo *r;
 *
 *	if (repo_open(&r, NULL, err) < 0)	in a hook: what git's variables
 *say return -1; ret = repo_range(r, pool, new, hide, 1, 10000, &list, &count,
 *err); repo_close(r);
 *
 * Merges are rehearsed in memory; nothing is ever written to the repository
 * or its quarantine, but by repo_config_set() and repo_config_unset().  Not
 * for use by two threads at once.
 */
#ifndef EDGE_REPO_H
#define EDGE_REPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "core/reflog.h"

#define REPO_OID_SIZE 41
#define REPO_OBJECT_MAX 2097152 /* bytes of a commit, tag or blob: 2 MiB */
#define REPO_TREE_MAX 33554432  /* bytes of one tree: 32 MiB */
#define REPO_TREES_MAX 1000000  /* trees opened in one comparison */
#define REPO_TREES_KEPT 4096    /* read lately, in memory */
#define REPO_TREES_KEPT_BYTES 33554432 /* of all those: 32 MiB */
#define REPO_TREE_DEPTH_MAX 256        /* directories in directories */
#define REPO_JOINT_MAX 16              /* trees that another is held against */
#define REPO_PATH_MAX 4096             /* bytes of a path inside a tree */
#define REPO_WALK_MAX 4000000      /* commits known to one open repository */
#define REPO_PARENTS_MAX 1024      /* parents of one commit */
#define REPO_ALTERNATES_MAX 64     /* object directories of one repository */
#define REPO_ALTERNATE_DEPTH_MAX 6 /* that borrow from one another */
#define REPO_REF_NAME_MAX 255      /* bytes of a ref's name */
#define REPO_REF_DEPTH_MAX 5       /* symbolic refs that follow each other */
#define REPO_REFS_MAX 1000000      /* refs listed by repo_refs() */
#define REPO_REFLOG_MAX 1048576    /* bytes read of the end of a ref's log */
#define REPO_PEEL_MAX 8            /* tags of tags */
#define REPO_CONFLICTS_MAX 20      /* conflicting paths that are named */

struct repo;

enum repo_kind {
	REPO_NONE = 0, /* not there, or not readable */
	REPO_COMMIT,
	REPO_TREE,
	REPO_BLOB,
	REPO_TAG
};

struct repo_commit {
	char oid[REPO_OID_SIZE];
	char tree[REPO_OID_SIZE];
	const char (*parents)[REPO_OID_SIZE]; /* in their order */
	size_t parent_count;
	const char *raw; /* the whole object; a NUL follows it */
	size_t len;
	bool received; /* lies in this push's quarantine */
};

/* One side's mode is 0 and its id "" where the path is not there. */
struct repo_path {
	const char *path; /* bytes as in the tree, ended by NUL */
	unsigned old_mode, new_mode;
	char old_id[REPO_OID_SIZE], new_id[REPO_OID_SIZE];
};

enum repo_merge_end {
	REPO_MERGE_NONE = 0,
	REPO_MERGE_CLEAN,     /* `tree` is the result */
	REPO_MERGE_CONFLICT,  /* `paths` need a human hand */
	REPO_MERGE_UNRELATED, /* no common ancestor */
	REPO_MERGE_SLOW       /* it would take longer than may be */
};

struct repo_merged {
	enum repo_merge_end end;
	char tree[REPO_OID_SIZE]; /* "" unless clean */
	/* At most REPO_CONFLICTS_MAX, good until repo_close(). */
	const char *const *paths;
	size_t path_count;
};

struct repo_ref {
	const char *name;
	char oid[REPO_OID_SIZE]; /* "" for a symbolic ref that leads nowhere */
	const char *target;      /* of a symbolic ref: the next name; or NULL */
	bool packed;             /* it has no file of its own */
};

/*
 * Open a repository.  With `git_dir` NULL that is the one git runs us for:
 * GIT_DIR, GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES (entries
 * C-quoted as git writes them) and GIT_QUARANTINE_PATH are taken from the
 * environment.  Otherwise `git_dir` is a bare repository, a .git directory or
 * a directory that holds one, and the environment is not looked at.
 *
 * Alternates are followed; each one named must exist and be readable.  The
 * directory must belong to the acting user (root may open any).
 */
int repo_open(struct repo **out, const char *git_dir,
    struct err *err) must_check;
/*
 * The same, of a directory that may also belong to the user `*owner` (NULL: to
 * nobody else): a server's own account, in whose repositories other accounts
 * push by a local path.
 */
int repo_open_of(struct repo **out, const char *git_dir, const unsigned *owner,
    struct err *err) must_check;
void repo_close(struct repo *r); /* NULL is allowed */

/* The real path of the git directory (of the main one, in a linked tree). */
const char *repo_path(const struct repo *r);
/* Is there a quarantine, that is: is this a push that can still be refused? */
bool repo_in_quarantine(const struct repo *r);
/*
 * History is cut off: commits may be missing without anything being broken.
 * Also once a walk has met a commit that is not there.
 */
bool repo_is_shallow(const struct repo *r);
/* This push comes from a history that is cut off, and would cut off ours. */
bool repo_would_be_cut(const struct repo *r);
/* info/grafts or refs/replace/ hold something, or could not be looked at. */
bool repo_grafts(const struct repo *r);

/* The raw bytes of an object; `*data` is ended by a NUL beyond `*len`. */
int repo_object(struct repo *r, struct pool *pool, const char *oid,
    enum repo_kind *kind, const char **data, size_t *len,
    struct err *err) must_check;
enum repo_kind repo_kind_of(struct repo *r, const char *oid);
bool repo_has(struct repo *r, const char *oid);
/* The object lies in this push's quarantine; false where there is none. */
bool repo_received(struct repo *r, const char *oid);
/* One commit, parsed. */
int repo_commit(struct repo *r, struct pool *pool, const char *oid,
    struct repo_commit *out, struct err *err) must_check;
/* The tree of a commit. */
int repo_tree(struct repo *r, const char *commit, char out[REPO_OID_SIZE],
    struct err *err) must_check;
/*
 * Through tags down to what is no tag.  `*kind` is what it ended in, `out` its
 * id.  More than REPO_PEEL_MAX tags is an error.
 */
int repo_peel(struct repo *r, const char *oid, char out[REPO_OID_SIZE],
    enum repo_kind *kind, struct err *err) must_check;

/*
 * Exactly the commits reachable from `new` and from none of `hide`, children
 * before parents, the same order every time.  Dates only decide where to look
 * first, never what is in the answer.  More than `limit` is an error.
 */
int repo_range(struct repo *r, struct pool *pool, const char *new,
    const char *const hide[], size_t hide_count, size_t limit,
    struct repo_commit **list, size_t *count, struct err *err) must_check;
/* The commits of the quarantine that `tips` reach through nothing else. */
int repo_received_commits(struct repo *r, struct pool *pool,
    const char *const tips[], size_t tip_count, size_t limit,
    struct repo_commit **list, size_t *count, struct err *err) must_check;
/*
 * Every commit that `tips` reach, once each, in no order that means anything;
 * `raw` is borrowed for the call.  Not 0 from `see` ends it so.
 */
typedef int repo_commit_see(void *ctx, const char *oid, const char *raw,
    size_t len);
int repo_history(struct repo *r, const char *const tips[], size_t tip_count,
    repo_commit_see *see, void *ctx, struct err *err) must_check;
/* Is `a` an ancestor of `b`, or `b` itself? */
int repo_is_ancestor(struct repo *r, const char *a, const char *b, bool *yes,
    struct err *err) must_check;
/*
 * A best common ancestor; of several, the newest by its own date, then the
 * smallest id.  `*found` is false and `out` "" where there is none.
 */
int repo_merge_base(struct repo *r, const char *a, const char *b,
    char out[REPO_OID_SIZE], bool *found, struct err *err) must_check;
/* The same, and how many there are that are no ancestors of one another. */
int repo_merge_bases(struct repo *r, const char *a, const char *b,
    char out[REPO_OID_SIZE], size_t *count, struct err *err) must_check;
/*
 * The first-parent line from `from` down, while it is outside the history of
 * `until`.  `*reached` says that it ended at `until` itself, which is not in
 * the list.  More than `limit` is an error.  With `until` NULL: the newest
 * `limit` of the line, and `*reached` says that its root is among them.
 */
int repo_first_parents(struct repo *r, struct pool *pool, const char *from,
    const char *until, size_t limit, struct repo_commit **list, size_t *count,
    bool *reached, struct err *err) must_check;

/*
 * Paths that differ between two trees (NULL is the empty tree), in the order
 * of the trees; directories are never in the list, gitlinks are.  Both sides
 * of a rename appear by themselves.  More than `limit` is an error.
 */
int repo_diff(struct repo *r, struct pool *pool, const char *old_tree,
    const char *new_tree, size_t limit, struct repo_path **list, size_t *count,
    struct err *err) must_check;

/*
 * Paths of `tree` where none of the first REPO_JOINT_MAX trees `old` has the
 * same; the old side is empty in each.  Directories that one of them has as
 * they are are not opened.
 */
int repo_new_paths(struct repo *r, struct pool *pool, const char *tree,
    const char *const old[], size_t old_count, size_t limit,
    struct repo_path **list, size_t *count, struct err *err) must_check;

/*
 * The first tree that `tree` has in a place where none of the trees `old` has
 * it, and that is not as git writes them (core/listing.h): `*why` says which
 * and how.  NULL where there is none.
 */
int repo_odd_tree(struct repo *r, struct pool *pool, const char *const old[],
    size_t old_count, const char *tree, const char **why,
    struct err *err) must_check;

/*
 * repo_diff() and repo_odd_tree() in one: where `*why` is not NULL the list is
 * empty.
 */
int repo_diff_strict(struct repo *r, struct pool *pool, const char *old_tree,
    const char *new_tree, size_t limit, struct repo_path **list, size_t *count,
    const char **why, struct err *err) must_check;

/*
 * What lies at a path of a tree, that is no directory: its mode and id; 0 and
 * "" where nothing does.
 */
int repo_entry(struct repo *r, const char *tree, const char *path,
    unsigned *mode, char id[REPO_OID_SIZE], struct err *err) must_check;

/*
 * No merge may take longer than that from now on (0: as long as it takes);
 * one that would is REPO_MERGE_SLOW.
 */
void repo_merge_time(struct repo *r, unsigned milliseconds);
/*
 * The merge of exactly two commits as a machine makes it: fixed rename and
 * recursion limits, nobody's attributes, drivers or configuration.
 */
int repo_merge(struct repo *r, const char *ours, const char *theirs,
    struct repo_merged *out, struct err *err) must_check;
/*
 * The same of three trees: what a cherry-pick or revert makes.  NULL is the
 * empty tree.
 */
int repo_pick(struct repo *r, const char *ancestor_tree, const char *ours_tree,
    const char *theirs_tree, struct repo_merged *out,
    struct err *err) must_check;
/*
 * How many trees were read since it was opened (those kept not again, libgit2's
 * own not counted): what comparing and merging cost.
 */
size_t repo_trees_opened(const struct repo *r);

/*
 * What a ref holds, symbolic refs followed ("HEAD" is a ref too).  A name
 * that is not well formed is an error.
 */
int repo_ref(struct repo *r, const char *name, char oid[REPO_OID_SIZE],
    bool *exists, struct err *err) must_check;
/*
 * The name of the ref that is written to when `name` is: symbolic refs
 * followed, `name` itself where it is none (or does not exist).
 */
int repo_symref(struct repo *r, struct pool *pool, const char *name,
    const char **target, struct err *err) must_check;
/*
 * Without opening a repository: is `name` in `git_dir` a symbolic ref, or can
 * that not be told?
 */
bool repo_may_be_symbolic(const char *git_dir, const char *name);
/* All refs whose name starts with `prefix`, sorted by name. */
int repo_refs(struct repo *r, struct pool *pool, const char *prefix,
    struct repo_ref **list, size_t *count, struct err *err) must_check;

/*
 * What Git's own log of a ref tells, oldest first: at most the `limit` newest
 * of the last REPO_REFLOG_MAX bytes of it.  Lines that are none are passed
 * over; no log is an empty one.  It proves nothing (core/reflog.h).
 */
int repo_reflog(struct repo *r, struct pool *pool, const char *name,
    size_t limit, struct reflog **list, size_t *count,
    struct err *err) must_check;
/* When a ref's own file was written; 0 where it has none, as in packed-refs. */
int64_t repo_ref_written(struct repo *r, const char *name);

/*
 * The last value of a key ("core.hookspath") in the repository's own config
 * file; NULL where it is not set, "true" for a key without a value.
 */
int repo_config(struct repo *r, struct pool *pool, const char *key,
    const char **value, struct err *err) must_check;
/* A key with several values is left alone: an error. */
int repo_config_set(struct repo *r, const char *key, const char *value,
    struct err *err) must_check;
int repo_config_unset(struct repo *r, const char *key,
    struct err *err) must_check;

#endif
