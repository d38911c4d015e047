/*
 * watch - what stands otherwise than before is written down, once.
 *
 * How a check stood says the ledger's own newest record of it; there is no
 * other memory.  A check that passes and of which nothing was ever written is
 * not written either; what could not be found out is.
 *
 *	struct notes n = {.pool = &s.pool};
 *	struct watched sum = {0};
 *
 *	doctor_look(&n, &s, NULL, 0);
 *	if (watch_write(&s, &n, &how, &sum, err) < 0)
 *
 * What an administrator takes for right (watch_accept()) is a record as well.
 */
#ifndef APP_WATCH_H
#define APP_WATCH_H

#include "app/notes.h"
#include "app/reconcile.h"

#define STANDINGS_MAX 1000000 /* records looked at */

/* A check, by the newest records of it. */
struct check_standing {
	const char *check, *repository, *subject;
	enum check_state state;
	uint64_t record; /* that says so; 0: none */
	uint64_t at;     /* where it lies: it was carried over, if elsewhere */
	int64_t time;
	const char *text, *seen; /* its text; the value it found */
	/* Of a valued check: taken for right, and since which record. */
	const char *value;
	uint64_t value_record, value_at;
	struct check_standing *next;
};

struct standings {
	struct map by_name;
	struct check_standing *list;
};

/*
 * All that the ledger tells; `log` is caught up.  Of a ledger that is shared
 * each node's checks stand by themselves: those of `node` (NULL: whatever it
 * tells).
 */
int standings_read(struct standings *out, struct pool *pool,
    struct changelog *log, const char *node, struct err *err) must_check;
/* NULL: there is none. */
const struct check_standing *standing_of(const struct standings *s,
    struct pool *pool, const char *check, const char *subject);

/*
 * Every gated ref against the ledger, written down as reconcile does, and
 * repositories that are not where they were.  `see` is shown each ref; or NULL.
 */
int watch_refs(struct setup *s, struct notes *n,
    int (*see)(void *ctx, const struct reconciled_ref *r, struct err *err),
    void *ctx, struct reconciled *sum, struct err *err) must_check;

/*
 * A push that must be refused, shown to the hook of each gated repository: the
 * check watch.self-test.
 */
void watch_self_test(struct setup *s, struct notes *n);

struct watch_how {
	const char *witness; /* "watch", "foureyesd" */
	bool whole;          /* everything was looked at: the rest is gone */
	bool afar;           /* those with `afar`, too */
	bool local;          /* those without */
	const char *always;  /* that check is written each time; or NULL */
	struct by by;
	/* Each change as it was written; or NULL. */
	void (*see)(void *ctx, const struct check_change *change, uint64_t seq);
	void *ctx;
};

struct watched {
	size_t checks, failed, unknown; /* as they stand now */
	size_t written;
};

/* The log must be open for appending. */
int watch_write(struct setup *s, const struct notes *n,
    const struct watch_how *how, struct watched *sum,
    struct err *err) must_check;

/*
 * The value that the newest record of that check holds is right: a record, and
 * its number.  ERR_INPUT where there is nothing to accept.
 */
int watch_accept(struct setup *s, const char *check, const char *subject,
    const char *reason, uint64_t *seq, struct err *err) must_check;
/*
 * The same of a value that was just put in place (foureyes apply); nothing
 * where the watch knows none to compare it with, or knows that one.
 */
int watch_applied(struct setup *s, const char *check, const char *value,
    struct err *err) must_check;

/*
 * Can whoever we are look at the repositories and hooks as the hook user does?
 */
bool watch_is_local(struct setup *s);

#endif
