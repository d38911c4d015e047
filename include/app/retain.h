/*
 * retain - how long the ledger keeps its records, and taking the oldest away.
 *
 * Whole segments only, the oldest first, and only what retain_plan() says may
 * go: all of it older than the policy's `retention.keep` (never less than
 * POLICY_KEEP_LEAST days), in no legal hold, nothing owed in it, and never one
 * of the last two segments.  Two different persons of `administration` groups
 * sign the statement of exactly that span (core/pruned.h); a `pruned` record
 * keeps it whole, with what chain, checkpoints and proofs need of what goes.
 *
 * What the records that stay cannot do without is carried over before: the
 * record in front is copied to the end with `carried` and `carried_time`, which
 * is true of how the ledger began, of keys, of the texts in force when what
 * stays begins, and of the newest landing or adoption of each ref.
 *
 * The order is record, mark, index, files; each step can be the last for a
 * while, and retain_resume() goes on.
 */
#ifndef APP_RETAIN_H
#define APP_RETAIN_H

#include "app/setup.h"
#include "core/record.h"

#define RETAIN_STATEMENT_MAX 4096
#define RETAIN_SIGNATURE_MAX 65536
#define RETAIN_CARRIED_MAX 100000

struct retain_segment {
	uint64_t first, last; /* its records */
	int64_t from, to;     /* their times; to the newest */
	const char *why;      /* it stays; NULL: it may go */
};

struct retain_plan {
	struct retain_segment *list;
	size_t count;
	size_t may_go; /* so many of the first */
	int64_t keep;  /* what the policy asks */
};

int retain_plan(struct setup *s, struct retain_plan *out,
    struct err *err) must_check;
/* The records that begin the ledger, up to `last`, as they would be signed. */
int retain_statement(struct setup *s, uint64_t last, struct pruning *out,
    struct buf *text, struct err *err) must_check;
/*
 * Take away what `statement` names; `armors` are its two signatures.  ERR_INPUT
 * where it is not what the ledger says now, or they are not two persons'.
 */
int retain_prune(struct setup *s, const struct buf *statement,
    const struct buf armors[PRUNED_SIGNERS], uint64_t *record, size_t *files,
    struct err *err) must_check;
/* Go on with what was interrupted; `*files` 0: there was nothing. */
int retain_resume(struct setup *s, size_t *files, struct err *err) must_check;

/*
 * For verify.  Is the ledger's beginning the one that a record of it tells of,
 * with two good signatures by people of that moment?  `begin` is what
 * ledger_pruned() gave; `record` the newest `pruned` record (seq 0: none).
 * Whose keys they were then is asked of the log, where it is open.  -1: no, and
 * why.
 */
int retain_check(struct setup *s, const struct pruned *begin,
    const struct record *record, struct err *err) must_check;
/* The same, with the texts that were in force then; NULL: none is known. */
int retain_people(struct setup *s, const struct record *record,
    const char *people_text, const char *policy_text,
    struct err *err) must_check;

#endif
