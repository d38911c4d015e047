/*
 * policy_log - what the policy asks of the log itself: how long records are
 * kept (`retention`), and that somebody reads them (`review`).
 *
 * A part of policy_read(); nobody else calls it.
 */
#ifndef CORE_POLICY_LOG_H
#define CORE_POLICY_LOG_H

#include "core/policy.h"

/* Refused: a hold that ends before it begins, and what core/shape.h refuses. */
int policy_read_log(struct policy *policy, struct pool *pool,
    const struct tree *document, struct err *err) must_check;

#endif
