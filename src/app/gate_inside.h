/* gate_inside - what the parts of gate share. */
#ifndef GATE_INSIDE_H
#define GATE_INSIDE_H

#include "app/gate.h"

/*
 * What the ref holds now, whatever the push says of it, may be a landing nobody
 * saw, or drift; then the base is the ledger's tip.
 */
int gate_find_base(struct push *p, struct judged *j, bool dry,
    struct err *err) must_check;
/*
 * The refs of the gates that this push does not move: what happened to them
 * behind our back is written down all the same.  Globs, and gates by the dozen,
 * are left to reconcile.
 */
int gate_look_around(struct push *p, struct err *err) must_check;

/*
 * The record of a refusal on this ref a moment ago that says the same as this
 * body, but for the time; 0: there is none, and it is recorded in full.
 */
uint64_t gate_repeats(struct push *p, const char *ref, const struct buf *body);

/*
 * Let the index have what others appended; `*again`: something of it might
 * change a verdict.  Another policy, people or settings is an error.
 */
int gate_catch_up(struct push *p, bool *again, struct err *err) must_check;

#endif
