/*
 * ledger_scan - a ledger read to its end, on all processors.
 *
 * What ledger_walk() finds, found as surely and sooner.  Each link is checked
 * from two neighbouring lines alone, so a segment is cut into units at line
 * bounds, each processor checks the links within one of them, and the units are
 * joined in order.  Where anything is not a plain whole line that follows the
 * one before, ledger_walk() goes on from there: what is wrong, whether a writer
 * is still at it, and in which words, is its answer.
 *
 * While the units of one round are joined, and their lines seen, those of the
 * next are looked at already.
 *
 * On the way the tree over the lines is built, as far as it is asked for, and
 * the clock looked at.  Memory is 2 * LEDGER_UNITS * LEDGER_UNIT for each
 * processor, and more only for lines that are longer, and for what `look`
 * makes.
 */
#ifndef EDGE_LEDGER_SCAN_H
#define EDGE_LEDGER_SCAN_H

#include "core/merkle.h"
#include "edge/ledger.h"

#define LEDGER_UNIT ((size_t)256 << 10)
#define LEDGER_UNITS ((size_t)2) /* for each processor, in a round */

struct ledger_scan {
	/*
	 * Is this line one for `see`?  Called on any thread, in no order, and
	 * perhaps for lines that then are not seen: it changes nothing, and
	 * reads nothing that `see` changes.  NULL: none is.
	 */
	bool (*pick)(const struct chain_head *head, const char *line,
	    size_t len, const void *ctx);
	/* Those lines, in order, as ledger_walk() would show them. */
	ledger_see_fn *see;
	/* Of the line that `see` is called for; the leaf where they are asked
	 * for. */
	const struct chain_head *head;
	const unsigned char *leaf;
	bool leaves;
	/* Called now and then; true: stop, `paused`, and the answer is 0. */
	bool (*pause)(void *ctx, uint64_t seq);
	/*
	 * Sizes, ascending, at which `at` is called, when the tree holds just
	 * so many records.  Behind the last of them no tree is built.
	 */
	const uint64_t *stops;
	size_t stop_count;
	void (*at)(void *ctx);
	void *ctx;
	struct merkle *tree; /* over what is before the first line, at first */
	size_t unit;         /* bytes of a unit; 0: LEDGER_UNIT */
	/* Believed, as ledger_walk() does; NULL: from the first line. */
	const struct chain_mark *after;
	/* Found. */
	size_t next_stop;
	int64_t last_time;
	size_t went_back; /* lines older than the one before them */
	uint64_t back_at; /* the first of them */
	bool paused;
};

/* How many bytes all segments have; 0 where that cannot be told. */
uint64_t ledger_size(struct ledger *l);
/* How many of them lie behind this line. */
uint64_t ledger_size_behind(struct ledger *l, const struct chain_mark *mark);
/* As ledger_walk(), behind `s->after`. */
int ledger_scan(struct ledger *l, struct ledger_scan *s, struct ledger_end *end,
    struct err *err) must_check;

#endif
