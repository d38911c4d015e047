/*
 * facts_mask - no fact says a secret.
 *
 * Facts hold what others wrote: subjects, plans, reasons, paths, logins.  They
 * stand in a record for ever and in what a pusher reads, so each text in which
 * core/secret.h finds something is replaced as a whole.
 */
#ifndef CORE_FACTS_MASK_H
#define CORE_FACTS_MASK_H

#include "base/pool.h"
#include "core/change.h"

#define FACTS_MASK_TEXT "(withheld: it holds a secret)"

void facts_mask(struct update *update, struct pool *pool);

#endif
