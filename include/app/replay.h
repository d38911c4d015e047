/*
 * replay - every decision judged again, from its own record.
 *
 * A decision holds the facts it was made on and names policy and people, whose
 * texts are records too.  So the same judge(), with the rules of the version
 * that the record names, must come to the same verdict, the same findings and
 * the same approvals counted.  A difference means that the record was not
 * written by what it says, or that the program judges otherwise than it did:
 * both are errors.
 *
 * Nothing but the ledger is read, and nothing is written.
 */
#ifndef APP_REPLAY_H
#define APP_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "edge/ledger.h"

struct replayed_one {
	uint64_t seq;
	const char *repository, *gate, *ref;
	const char *outcome; /* as recorded */
	/* What differs, and both sides of it; NULL: nothing does. */
	const char *where, *recorded, *judged;
	/* By today's rules it would be this outcome; NULL: the same. */
	const char *newer;
};

struct replay {
	uint64_t only; /* this record alone; 0: all */
	bool newer;    /* say what newer rules would say */
	bool progress; /* on standard error */
	/* Each that differs, and with `newer` each that would be otherwise. */
	int (*see)(void *ctx, const struct replayed_one *one, struct err *err);
	void *ctx;
	/* Counted. */
	uint64_t decisions; /* judged again */
	uint64_t at_door;   /* refused before they were any gate's */
	uint64_t differ;
	uint64_t otherwise; /* by newer rules */
};

/* -1: the ledger does not add up or cannot be read. */
int replay(struct replay *r, struct ledger *ledger, struct err *err) must_check;

#endif
