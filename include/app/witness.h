/*
 * witness - what really moved: landings and drift.
 *
 * A decision says what may land; a landing says that it did.  Whoever sees
 * first that a gated ref holds what an admitted decision allowed writes the
 * landing, once: the transaction's hook, post-receive, the next push.  A
 * movement that fits no decision is drift.
 */
#ifndef APP_WITNESS_H
#define APP_WITNESS_H

#include "app/push.h"

/* An admitted decision serves its own push, and so long. */
#define WITNESS_DECISION_LIVES ((int64_t)10 * 60 * 1000)

/* What a ref holds that is not there. */
#define WITNESS_NOTHING "0000000000000000000000000000000000000000"

/* A gated ref, and what it was seen to hold (WITNESS_NOTHING: it is gone). */
struct witnessed {
	const char *ref;
	const struct gate *gate;
	const char *actual;
};

/* What a ref holds now; WITNESS_NOTHING where it is not there. */
int witness_present(struct push *p, const char *ref, const char **held,
    struct err *err) must_check;

/*
 * Write a landing or a drift record for each ref, where the ledger does not
 * know that yet: all of them, or none.  A ref that drift found elsewhere and
 * that is back at the ledger's tip has landed there again, or drifted back.
 * `witness` is who saw it: "transaction", "post-receive", or "found" by
 * whoever came by later.
 */
int witness_refs(struct push *p, const struct witnessed *list, size_t count,
    const char *witness, struct err *err) must_check;
int witness_ref(struct push *p, const char *ref, const struct gate *gate,
    const char *actual, const char *witness, struct err *err) must_check;

/*
 * What witness_refs() would write of one ref: the body of a record, or nothing.
 */
int witness_look(struct push *p, const struct witnessed *seen,
    const char *witness, struct buf *out, struct err *err) must_check;

#endif
