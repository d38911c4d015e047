/*
 * baseline - taking a ref as it is (rules.md 32).
 *
 * The first adoption of a ref makes what it holds count as landed, not
 * reviewed; every later one is an exception in every report, with the number of
 * commits it took in.
 */
#ifndef APP_BASELINE_H
#define APP_BASELINE_H

#include "app/visit.h"

#define BASELINE_COMMITS_MAX 1000000 /* taken in by one adoption, counted */

struct baseline {
	const char *ref;
	const struct gate *gate;
	const char *actual; /* what the ref holds; NULL: it is not there */
	const char *tip;    /* the ledger's; NULL: no baseline */
	bool drifted;       /* both are there and differ */
	bool gone;          /* it is not there, and the ledger has it */
	const char *commit; /* what `actual` stands for; NULL: no commit */
	size_t unreviewed;  /* commits a new adoption would take in */
};

/*
 * How a gated ref stands.  With `settle`, an admitted landing nobody has
 * recorded yet is recorded first, and so is drift.
 */
int baseline_look(struct push *p, const struct visit_ref *ref, bool settle,
    struct baseline *out, struct err *err) must_check;
/* The same of a ref by its full name; an error where no gate has it. */
int baseline_of(struct push *p, const char *name, struct baseline *out,
    struct err *err) must_check;
/*
 * The same once more, under the lock of witnesses (app/told.h) that the caller
 * holds: nothing is settled, and what others wrote meanwhile is known.
 */
int baseline_again(struct push *p, const char *name, struct baseline *out,
    struct err *err) must_check;
/*
 * The body of its `adopted` record.  Of a ref that is gone: the ledger has it
 * gone then, and made again it goes on from where it was.
 */
void baseline_write(struct push *p, const struct baseline *b,
    const struct by *by, const char *reason, struct buf *out);
/* Tell of malformed commits in the history of these. */
void baseline_defects(struct push *p, const char *const tips[],
    size_t tip_count);
/* Loud where the record will be an exception, because of who makes it. */
void baseline_warn(const struct by *by, const char *what);

#endif
