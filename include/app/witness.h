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
#define WITNESS_DECISION_LIVES (10 * 60 * 1000)

/*
 * The ref holds `actual` (zeros: it is gone).  Writes a landing or a drift
 * record where the ledger does not know that yet.
 */
int witness_ref(struct push *p, const char *ref, const struct gate *gate,
    const char *actual, const char *witness, struct err *err) must_check;

#endif
