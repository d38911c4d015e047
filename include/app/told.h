/*
 * told - one witness at a time, and what the last one told.
 *
 * The file lies beside the index.  It only saves work: after a push the hook
 * need not open the log to learn that the transaction's told everything.  Every
 * hook may write it; where it lies or is gone, nothing is lost, as whoever
 * comes next looks at the log.
 */
#ifndef APP_TOLD_H
#define APP_TOLD_H

#include "app/witness.h"

/* The open file, locked until it is closed; or -1. */
int told_lock(struct push *p, struct err *err) must_check;
/* Exactly these were told; with `count` 0, nothing that need be known. */
void told_keep(struct push *p, int fd, const struct witnessed *list,
    size_t count);
/* Were all of these among what was told last? */
bool told_were(struct push *p, const struct witnessed *list, size_t count);

#endif
