/*
 * ledger_shared - a ledger whose lines are decided elsewhere: several machines
 * write one, and each keeps a copy of it.
 *
 * The copy is a ledger as any other, with the same lines in the same files, and
 * all that reads reads it as ever.  What may be appended and where is asked of
 * whoever reaches the one place (app/node.h), which puts the lines there first
 * and then, with ledger_take(), into the copy: a copy never holds a line that
 * the one place has not promised to keep.  A file `shared` beside the segments
 * says that it is such a copy; nothing is appended to one by other ways.
 */
#ifndef EDGE_LEDGER_SHARED_H
#define EDGE_LEDGER_SHARED_H

#include "edge/ledger.h"

#define LEDGER_SHARED_NAME "shared"
#define LEDGER_SHARED_MAX 4096 /* bytes of that file */

/* What is to be appended, and what came of it. */
struct ledger_wish {
	const struct ledger_body *bodies;
	size_t count; /* 0: nothing; all that is there is known to be kept */
	int64_t now;
	const struct chain_mark *behind; /* NULL: whatever is the newest */
	/* Found. */
	uint64_t first;
	bool stale;
};

struct ledger_elsewhere {
	/* As ledger_append_behind(); the copy has the lines afterwards. */
	int (*append)(void *ctx, struct ledger_wish *w, struct err *err);
	/* The copy has every line that is there now. */
	int (*catch_up)(void *ctx, struct err *err);
	void (*close)(void *ctx); /* or NULL */
	void *ctx;
};

/* From now on appends of this handle go there. */
void ledger_elsewhere(struct ledger *l, const struct ledger_elsewhere *e);
/* Nothing for a ledger that is kept here. */
int ledger_catch_up(struct ledger *l, struct err *err) must_check;

/* Are bodies what may stand in one append? */
int ledger_check_bodies(const struct ledger_body *bodies, size_t count,
    struct err *err) must_check;

/* Say in the copy whose it is: one line. */
int ledger_shared_mark(struct ledger *l, const char *text,
    struct err *err) must_check;

/* Whole lines as they stand elsewhere, of one segment. */
struct ledger_lines {
	uint64_t segment; /* the seq of its first line */
	const char *data;
	size_t len;
};
/*
 * Put them behind the newest line of the copy, each link checked; those that it
 * has already are passed over.  What a writer who died left torn there goes.
 * `last` becomes the newest line.  ERR_TAMPERED: they do not follow it.
 */
int ledger_take(struct ledger *l, const struct ledger_lines *lines,
    struct chain_mark *last, struct err *err) must_check;
/* The newest whole line; zeroed: there is none. */
int ledger_newest(struct ledger *l, struct chain_mark *last,
    struct err *err) must_check;

#endif
