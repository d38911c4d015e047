/*
 * push - one push, as a hook sees it.
 *
 * Git's standard input and environment turned into facts: the ref updates, the
 * push options, which repository, and who pushes by which door.  Everything
 * lives in the push's pool.
 */
#ifndef APP_PUSH_H
#define APP_PUSH_H

#include "app/setup.h"
#include "base/map.h"
#include "core/change.h"
#include "core/handed.h"
#include "core/record.h"
#include "edge/repo.h"

#define PUSH_REFS_MAX 100000
#define PUSH_REF_SIZE 255 /* bytes of a ref's name */
#define PUSH_OPTIONS_MAX 100
#define PUSH_OPTION_SIZE 16384
#define PUSH_COMMITS_MAX 10000 /* new commits of one ref, judged */
#define DOOR_SESSION_MAX 65536 /* bytes of what SSH_USER_AUTH names */

struct ref_update {
	const char *old, *new, *name; /* as Git wrote them */
	const char
	    *target; /* the ref that is really written: symrefs followed */
	const struct gate *gate; /* or NULL */
	bool evidence;
	const char *code, *why; /* refused before any gate: the reason */
};

struct push {
	struct setup *setup;
	struct pool *pool;
	/*
	 * Set first for what a hook handed over, and `repo` with it; NULL: we
	 * are the hook.
	 */
	const struct handed *handed;
	struct repo *repo;
	const char *repository; /* its name */
	const struct policy_repository *entry;
	const struct door *door;
	struct actor pusher;
	bool web;       /* the server says that it made this push itself */
	bool foreseen;  /* nobody pushes: what would landing it give? */
	bool witnessed; /* it has moved already, and is judged all the same */
	struct ref_update *refs;
	size_t ref_count;
	size_t gated;
	const char *const *options;
	size_t option_count;
	int64_t now;
	int64_t deadline; /* an instant; what is not known by then stays so */
	struct in_force in_force;
	struct map commits; /* id -> struct commit_fact *, see app/commits.h */
	struct map pushers; /* seq -> parsed push observations */
	struct map statements; /* received in this push, by their ids */
	struct map used;     /* records of those it lets land by -> their ref */
	struct map requests; /* "<source> <number>" -> struct request */
	struct map
	    brought; /* commits that nobody told of before, by their ids */
	const char **tips; /* what refs hold before the push, once asked for */
	size_t tip_count;
	bool tips_known, tips_peeled; /* commits; before, what refs name */
	bool accepting;     /* looking at what landed on accepted gates */
	struct map secrets; /* content -> what app/secrets.c saw in it */
	size_t secrets_read;
	bool looked; /* foureyesd was asked to look again (app/look.h) */
	const char *unasked;       /* why it could not be; or NULL */
	const char *unasked_forge; /* what it could not find out; or NULL */
};

/*
 * Begin a push: its ref updates from `input`, the repository that Git runs us
 * for (or the one at `git_dir`).  `p` is zeroed before; close `p->repo`.
 */
int push_open(struct push *p, struct setup *s, const char *input, size_t len,
    const char *git_dir, struct err *err) must_check;
/* The same without the repository; push_repository() opens that. */
int push_begin(struct push *p, struct setup *s, const char *input, size_t len,
    struct err *err) must_check;
/* Only the repository: at `git_dir`, or (NULL) the one Git runs us for. */
int push_repository(struct push *p, const char *git_dir,
    struct err *err) must_check;
/* "old new ref" lines; a line that does not fit is an error. */
int push_read(struct push *p, const char *input, size_t len,
    struct err *err) must_check;
/*
 * A variable of the server's: from our environment, or as it was handed over;
 * NULL where it is not set.
 */
const char *push_variable(const struct push *p, const char *name);
/* Push options from the environment, or as they were handed over. */
int push_options(struct push *p, struct err *err) must_check;
/* The value of `name=value` among them, or NULL. */
const char *push_option(const struct push *p, const char *name);
/* Is the bare word given? */
bool push_option_given(const struct push *p, const char *name);

/*
 * The door this push came by, the repository's name and the pusher.  Only what
 * the settings name is read for identity.  A pusher nobody knows is a fact, not
 * an error; a repository outside `root`, or two doors that fit, is an error.
 */
int door_find(struct push *p, struct err *err) must_check;
/*
 * Only which repository this is, for who merely looks at what moved: whoever
 * moved it, by whatever way.  `git_dir` is its real path.
 */
int door_witness(struct push *p, const char *git_dir,
    struct err *err) must_check;
/* A repository's name from its path, for commands. */
int door_name(const struct settings *settings, struct pool *pool,
    const char *path, const char **name, struct err *err) must_check;
/* The path of a repository from its name or path, for commands. */
int door_path(const struct settings *settings, struct pool *pool,
    const char *name, const char **path, struct err *err) must_check;

/* Find policy entry, targets and gates of all refs. */
int push_sort(struct push *p, struct err *err) must_check;

#endif
