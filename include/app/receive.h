/*
 * receive - evidence refs of a push: checked when received, with our clock.
 *
 * A signed tag below refs/foureyes/ becomes an observation, or is refused with
 * the reason: who gave it must be told at once, not when it is needed.
 */
#ifndef APP_RECEIVE_H
#define APP_RECEIVE_H

#include "app/push.h"

/*
 * Look at one evidence ref.  Sets `r->code` and `r->why` when it is refused.
 * Else `*body` gets the observation's record; it stays empty for a statement
 * that was received before.
 */
int receive_evidence(struct push *p, struct ref_update *r, struct buf *body,
    struct err *err) must_check;

#endif
