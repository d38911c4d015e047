/*
 * ledger_back - a ledger from its newest line backwards.
 *
 * For who wants the last lines of a long ledger: what is read is what is
 * shown, and not the whole.  Each line is held against the one behind it, which
 * names its digest; nothing is said of lines further back than the last one
 * shown.
 */
#ifndef EDGE_LEDGER_BACK_H
#define EDGE_LEDGER_BACK_H

#include "edge/ledger.h"

#define LEDGER_BACK_BLOCK ((size_t)64 << 10) /* bytes looked at at a time */

/*
 * Visit the lines from the newest to the first there is; `see` answers as in
 * ledger_walk(), and its mark is whole.  Where anything is not a plain whole
 * line that the one behind it names, the answer is -1 and ERR_TAMPERED, and
 * which line is at fault, or whether a writer is just at it, is for
 * ledger_walk() to find out.  `*bytes` (may be NULL) is how many were read.
 */
int ledger_back(struct ledger *l, ledger_see_fn *see, void *ctx,
    uint64_t *bytes, struct err *err) must_check;

#endif
