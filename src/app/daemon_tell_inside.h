/* daemon_tell_inside - what the parts of telling share. */
#ifndef DAEMON_TELL_INSIDE_H
#define DAEMON_TELL_INSIDE_H

#include "app/daemon_clerk.h"
#include "app/gate.h"
#include "app/mirror.h"
#include "core/record_posted.h"

#define TELL_REQUESTS_MAX 1000 /* open ones of one repository, judged */
#define TELL_JUDGE_TIME 20000  /* ms for one of them */
#define TELL_PROMOTED_MAX 10   /* of a gate's newest landings, each told of */
#define TELL_WAIT 60000        /* ms that a push may be told later than seen */
#define TELL_SETTLE 10000      /* ms that a merge may be told after its push */
#define TELL_PENDING 1000      /* ms until it is looked for again */

/* One repository, whose copy is at hand. */
struct telling {
	struct clerk_run *run;
	struct pool *pool;
	struct mirror mirror;
	struct push
	    look; /* without refs: repository, entry, what is in force */
	/* What the copy's refs held before it was brought up to date. */
	const char **before;
	size_t before_count;
	bool made; /* the copy is new */
	/* And when it was new. */
	const char **first;
	size_t first_count;
	/* What was told of refs that moved, and not looked at yet, in order. */
	struct record *pushes;
	size_t push_count;
	/* What there is to say, and when something else will be. */
	struct posted_list {
		struct posted *list;
		size_t count;
	} posted;
	int64_t again;
	bool pending; /* something more is about to be told of what moved */
};

/* A repository of a source, and what came since it was looked at last. */
struct known {
	const char *repository;
	const char *forge_name;
	bool fetch;     /* something there moved, or may have */
	bool look;      /* something might change a verdict */
	bool behind;    /* it was not done last time */
	uint64_t since; /* what came behind that record is to be looked at */
	struct record *pushes;
	size_t push_count;
};

struct known_list {
	struct known *list;
	size_t count;
	uint64_t since; /* as far as the ledger was read before */
};

/*
 * The repositories of that source: those with a copy, and those it told of
 * since.  `*seen` is how far the ledger was read.
 */
int tell_known(struct clerk_run *run, const struct source *s,
    struct known_list *out, struct err *err) must_check;
/* All of it was done: remember so. */
int tell_known_done(struct clerk_run *run, const struct source *s,
    struct err *err) must_check;
/*
 * It is to be done again, as it failed or something more is about to be told;
 * or is done.  So one repository holds up no other.
 */
int tell_keep_behind(struct telling *t, const struct known *k, bool is_behind,
    struct err *err) must_check;
/* What the forge calls it is kept beside the copy. */
int tell_keep_name(const struct mirror *m, struct pool *pool,
    struct err *err) must_check;

/* Fills `before` and `made`.  `made`: the copy is new, and was never filled. */
int tell_before(struct telling *t, bool made, struct err *err) must_check;
/* Fills `first`; with `made`, from `text`, which is kept. */
int tell_first(struct telling *t, struct buf *text, struct err *err) must_check;
/* What came since is written down. */
int tell_before_done(struct telling *t, struct err *err) must_check;

/* Run again at that instant at the latest. */
void tell_again(struct telling *t, int64_t at);

/* A request as the forge has it now. */
struct open_request {
	const char *number;
	const char *head;   /* full id */
	const char *target; /* full name of a ref */
	int64_t told;       /* when it was told of last; 0: not looked at */
	bool queued;        /* a merge queue's candidate: `head` lands as is */
};

/* Those that are open, newest word of each. */
int tell_requests(struct telling *t, struct open_request **list, size_t *count,
    struct err *err) must_check;

/* ---- judging ---- */

/*
 * A push that nobody makes, of one ref, on the copy; `p->pool` is the
 * telling's.  What is not known of its ref stands in `refs[0].code`.
 */
int tell_push(struct telling *t, struct push *p, const char *old,
    const char *new, const char *ref, struct err *err) must_check;
int tell_push_lines(struct telling *t, struct push *p, const char *lines,
    struct err *err) must_check;
/*
 * What landing `head` on `ref` would give, as a status; `out->state` NULL
 * where there is nothing to say: not gated, or landed already.
 */
int tell_judge(struct telling *t, const struct open_request *r,
    struct posted *out, struct err *err) must_check;
/* For commits that landed where a gate takes from. */
int tell_promotions(struct telling *t, struct err *err) must_check;
/* Adds to what there is to say: of two about one commit the worse. */
void tell_add(struct telling *t, const struct posted *one);

/* ---- telling ---- */

/* Post what is not as it was told last, and record it. */
int tell_post(struct telling *t, struct err *err) must_check;

/* ---- what moved ---- */

/* Did the forge say that it merged a request into exactly this commit? */
int tell_merged(struct telling *t, const char *ref, const char *commit,
    bool *merged, struct actor *by, struct err *err) must_check;

/* Evidence, received commits, landings, drift: written down. */
int tell_evidence(struct telling *t, struct err *err) must_check;
int tell_received(struct telling *t, struct err *err) must_check;
int tell_moved(struct telling *t, struct err *err) must_check;

#endif
