/*
 * repo_inside - what the files of edge/repo share among themselves.
 *
 * libgit2's types appear by name only; nobody else includes this.
 */
#ifndef EDGE_REPO_INSIDE_H
#define EDGE_REPO_INSIDE_H

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
};

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

/* repo_trial.c */

/* Do the merge and forget what came of it; only ever called in a child. */
typedef void repo_trial_fn(struct repo *r, const void *what);
/*
 * Would this merge end within repo_merge_time()?  `trees` are those merged,
 * or NULL where there are more of them.
 */
bool repo_merge_is_quick(struct repo *r, const char *const trees[3],
    repo_trial_fn *merge, const void *what);

/* repo_loose.c: the loose objects of a directory. */
struct git_odb_backend *repo_loose_backend(const char *dir);

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
 * Three trees merged without opening a file: `*done` is false where that is
 * not certain to be what libgit2 makes of them.  NULL is the empty tree.
 */
int repo_blend(struct repo *r, const char *base, const char *ours,
    const char *theirs, char out[REPO_OID_SIZE], bool *done,
    struct err *err) must_check;

#endif
