/*
 * repo_inside - what the files of edge/repo share among themselves.
 *
 * libgit2's types appear by name only; nobody else includes this.
 */
#ifndef EDGE_REPO_INSIDE_H
#define EDGE_REPO_INSIDE_H

#include <sys/stat.h>

#include <sys/types.h>

#include "base/map.h"
#include "edge/repo.h"
#include "edge/repo_afar.h"
#include "repo_parse.h"

struct git_odb;
struct git_odb_backend;
struct git_odb_object;
struct git_oid;
struct git_repository;
struct buf;
struct repo_node;

/* A directory of objects. */
struct repo_store {
	const char *path;
	dev_t device;
	ino_t inode;
	bool quarantine;
	struct git_odb_backend *loose,
	    *packed; /* in repo.db, which owns them */
};

/* Git never writes to packed-refs: it puts another in its place. */
struct repo_packed_file {
	char *data; /* NULL: none is kept */
	size_t len;
	struct stat was;
	unsigned users; /* who read in it now */
};

struct repo {
	struct pool pool;
	const char *dir;    /* where HEAD is */
	const char *common; /* where refs and config are: mostly the same */
	const unsigned *trusted; /* a user whose directories we open too */
	bool shallow; /* by its file, the push's, or a commit that is not there
	               */
	bool cut;     /* this push would leave it so */
	bool quarantined;
	unsigned merge_ms; /* of one merge; 0: as long as it takes */
	struct repo_store stores[REPO_ALTERNATES_MAX];
	size_t store_count;
	struct git_odb *db;      /* everything, and memory to write to */
	struct git_odb *fresh;   /* the quarantine alone, or NULL */
	struct git_odb *settled; /* everything else; made when asked for */
	struct git_odb_backend *memory;
	int (*refresh)(struct git_odb_backend *); /* of packed stores */
	struct git_repository *git;               /* around db, for merges */
	struct repo_node **slots; /* commits known so far, by id */
	size_t slot_count, node_count;
	unsigned walk;                /* number of the walk that is under way */
	const struct repo_afar *afar; /* it lies elsewhere; or NULL */
	struct map lent;              /* what came from there, by its id */
	size_t lent_bytes;
	size_t opened; /* trees, since it was opened itself */
	/* Trees read lately, by id: the next commit has most of them too. */
	struct git_odb_object **trees;
	size_t tree_bytes;
	struct repo_packed_file packed; /* as it was read last */
};

/* repo_packed.c */
void repo_packed_forget(struct repo *r);

/* repo_place.c: find directories, and refuse what is not supported. */
int repo_place(struct repo *r, const char *git_dir, struct err *err) must_check;

/* repo_config.c: formats and extensions that are not for us. */
int repo_check_format(struct repo *r, struct err *err) must_check;

/* repo.c, repo_object.c */

/* An error of libgit2: "<text>: <its message, made safe>". */
int repo_git_error(struct err *err, enum err_kind kind, const char *format, ...)
    like_printf(3, 4);
int repo_oid(struct git_oid *out, const char *oid, struct err *err) must_check;
void repo_oid_text(char out[REPO_OID_SIZE], const unsigned char id[20]);
/*
 * Read an object within the limit of its kind; `want` REPO_NONE takes any
 * kind.  The caller frees it.
 */
int repo_read(struct repo *r, const struct git_oid *id, enum repo_kind want,
    struct git_odb_object **out, struct err *err) must_check;
/* Of any kind and size. */
int repo_read_any(struct repo *r, const struct git_oid *id,
    struct git_odb_object **out, struct err *err) must_check;
/* A tree, mostly from those read lately; the caller frees it. */
int repo_read_tree(struct repo *r, const struct git_oid *id,
    struct git_odb_object **out, struct err *err) must_check;
void repo_forget_trees(struct repo *r);
/* A kind by libgit2's number for it. */
enum repo_kind repo_kind_of_type(int type);
/* Do these bytes hash to that name? */
bool repo_object_is(const unsigned char id[20], enum repo_kind kind,
    const void *data, size_t len);
/* In the quarantine. */
bool repo_is_fresh(struct repo *r, const unsigned char id[20]);
/* In the quarantine and nowhere else: it was not here before this push. */
bool repo_is_new(struct repo *r, const unsigned char id[20]);

/* A tree being read, entry by entry; `entry` is the one in front. */
struct repo_side {
	struct git_odb_object *object;
	const char *at, *end;
	struct repo_entry entry;
	bool more;
};
/* NULL is a tree without entries. */
int repo_side_open(struct repo *r, struct repo_side *s, const unsigned char *id,
    struct err *err) must_check;
int repo_side_next(struct repo_side *s, struct err *err) must_check;
void repo_side_close(struct repo_side *s);
/* The entry in front is not one that git would write behind `before`. */
bool repo_side_is_odd(const struct repo_side *s,
    const struct repo_entry *before);
void repo_put_entry(struct buf *tree, unsigned mode, const char *name,
    size_t len, const unsigned char id[20]);
/* Into memory, where merges are. */
int repo_write_tree(struct repo *r, const struct buf *entries,
    struct git_oid *out, struct err *err) must_check;

/* repo_trial.c */

/* Do the merge and forget what came of it; only ever called in a child. */
typedef void repo_trial_fn(struct repo *r, const void *what);
/*
 * Would this merge end within repo_merge_time()?  `trees` are those merged,
 * or NULL where there are more of them.
 */
bool repo_merge_is_quick(struct repo *r, const char *const trees[3],
    repo_trial_fn *merge, const void *what);

/*
 * repo_loose.c: the loose objects of a directory; `still`: none are added to it
 * any more.
 */
struct git_odb_backend *repo_loose_backend(const char *dir, bool still);

/* repo_afar.c: an object store that asks, and what came; NULL: nothing did. */
int repo_afar_store(struct repo *r, struct err *err) must_check;
const struct repo_lent *repo_lent_of(struct repo *r, const unsigned char id[20],
    bool whole);

/*
 * repo_trial_lend.c: a child that tries a merge asks its parent for what lies
 * elsewhere, as only one of them may speak to who has it.  Lending answers one
 * question; false: there is none any more.
 */
void repo_trial_borrow(struct repo *r, int fd);
bool repo_trial_lend(struct repo *r, int fd);

/* repo_packed.c: packed-refs. */

/* A missing file is no refs. */
int repo_packed_find(struct repo *r, const char *name, char oid[REPO_OID_SIZE],
    bool *there, struct err *err) must_check;
typedef int repo_packed_see(void *ctx, const struct repo_packed *line);
/* Each line whose name starts with `prefix`; not 0 from `see` ends it so. */
int repo_packed_list(struct repo *r, const char *prefix, repo_packed_see *see,
    void *ctx, struct err *err) must_check;

/* repo_diff.c */

/*
 * repo_diff(); `*odd` (may be NULL) is set where a tree is not as git writes
 * them (modes, order, empty directories).
 */
int repo_compare(struct repo *r, struct pool *pool, const char *old_tree,
    const char *new_tree, size_t limit, struct repo_path **list, size_t *count,
    bool *odd, struct err *err) must_check;

/* repo_blend.c */

/*
 * Three trees (base, ours, theirs; NULL is the empty tree) merged without
 * opening a file, or a directory that one side alone changed: `*done` is false
 * where that is not certain to be what libgit2 makes of them.
 */
int repo_blend(struct repo *r, const char *const trees[3],
    char out[REPO_OID_SIZE], bool *done, struct err *err) must_check;

/* repo_narrow.c */

/* Three trees cut down to the paths that are not the same in all of them. */
struct repo_narrow {
	char trees[3][REPO_OID_SIZE];
	const char *ours; /* the whole tree of our side; NULL: the empty one */
};

/*
 * `*done` is false where they are not trees as git writes them, or differ in
 * more than can be listed.
 */
int repo_narrow(struct repo *r, struct pool *pool, const char *const trees[3],
    struct repo_narrow *out, bool *done, struct err *err) must_check;
/*
 * The whole tree again, of a tree `merged` made of the narrow ones: our side
 * with all that is not the same there.
 */
int repo_widen(struct repo *r, struct pool *pool, const struct repo_narrow *n,
    const char *merged, char out[REPO_OID_SIZE], struct err *err) must_check;

#endif
