/*
 * replay - every decision judged once more, from its own record.
 *
 * A decision holds the facts it was made by, and names policy and people by
 * their digests; the ledger holds those texts.  So the same judge() can say
 * once more what it said then, by the rules' version that the record names, and
 * all that was made of the facts (outcome, findings, which approvals counted)
 * must come out to the byte.  Whoever writes another verdict into a ledger, and
 * computes the chain anew, is found here without any checkpoint.
 *
 *	static int see(void *ctx, const struct replayed *r, struct err *err)
 *
 *	struct replay replay = {.see = see, .ctx = x};
 *
 *	if (replay_ledger(&replay, "/var/lib/foureyes/ledger", err) < 0)
 *
 * Decisions are judged on all processors; `see` is called in the ledger's
 * order, for each of them, and may return -1 with `err` set.  What it is given
 * lasts as long as the call.  Memory is bounded whatever the ledger's length.
 */
#ifndef APP_REPLAY_H
#define APP_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define REPLAY_DIFFERENCES_MAX 32

enum replay_end {
	REPLAY_UNKNOWN = 0, /* could not be judged here: `why` */
	REPLAY_SAME,
	REPLAY_DIFFERS,
	REPLAY_UNJUDGED /* refused before any rule was asked */
};

/* One member of the record, as JSON; NULL: it is not there. */
struct replay_difference {
	const char *key;
	const char *recorded, *judged;
};

struct replayed {
	uint64_t seq;
	int64_t time;
	const char *repository, *gate, *ref;
	enum replay_end end;
	const char *why; /* where it is not the same, in a line */
	struct replay_difference differences[REPLAY_DIFFERENCES_MAX];
	size_t difference_count;
	unsigned rules; /* the version it was judged by */
	/* What the rules of today say, where that is something else. */
	const char *newer_outcome;  /* or NULL */
	const char *newer_findings; /* JSON */
};

struct replay {
	int (*see)(void *ctx, const struct replayed *r, struct err *err);
	void *ctx;
	uint64_t only; /* that record alone; 0: all */
	/* Called now and then; true: stop, and keep what there is. */
	bool (*pause)(void *ctx, uint64_t seq);
	/* Counted as it goes. */
	uint64_t records; /* that were walked over */
	size_t same, differ, unjudged, unknown;
	size_t older, newer; /* by older rules; and newer ones say else */
	bool stopped;        /* by `pause` */
	bool found;          /* `only` is a decision */
};

/* ERR_TAMPERED: the lines do not add up (foureyes verify says more). */
int replay_ledger(struct replay *replay, const char *dir,
    struct err *err) must_check;

#endif
