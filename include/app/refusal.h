/*
 * refusal - what the pusher reads.
 *
 * The product's face: which gate, which control, which commit and person, what
 * is missing, and the exact line that helps.  100 columns, the essential first.
 */
#ifndef APP_REFUSAL_H
#define APP_REFUSAL_H

#include "app/gate.h"

/* Everything to say about a push, admitted or not, into `out`. */
void refusal_write(struct buf *out, const struct push *p,
    const struct gate_answer *answer);
/* The push could not be checked at all. */
void refusal_error(struct buf *out, const struct err *err);

#endif
