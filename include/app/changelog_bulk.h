/*
 * changelog_bulk - the index of a long ledger, made at once, on all processors.
 *
 * What changelog_catch_up() does line by line, for an index that is empty: the
 * links are checked by a scan, lines are read and their topics named on every
 * processor, and the index is written in order.
 */
#ifndef APP_CHANGELOG_BULK_H
#define APP_CHANGELOG_BULK_H

#include "edge/index.h"
#include "edge/ledger.h"

/* A shorter ledger is not worth it; a hook makes that of a longer one by steps.
 */
#define CHANGELOG_BULK_BYTES ((uint64_t)256 << 10)
#define CHANGELOG_BULK_HURRIED ((uint64_t)64 << 20)

/*
 * Line by line, so many lines and topics together are one transaction, and an
 * interruption keeps them.  Others wait for it, no longer than INDEX_WAIT, and
 * what takes time are topics, of which a line may have many.
 */
#define CHANGELOG_BATCH ((size_t)50000)

int changelog_bulk(struct ledger *l, struct index *x,
    struct err *err) must_check;
/*
 * Where it is worth it; where that cannot be done, line by line has the answer,
 * or says why there is none.  `last` is the newest line that the index knows.
 */
void changelog_bulk_first(struct ledger *l, struct index *x,
    struct chain_mark *last, bool hurried);
/*
 * One that lacks more than it has, and much: line by line would be at it for
 * long, as its topics go all over a large index.
 */
void changelog_bulk_again(struct ledger *l, struct index *x,
    struct chain_mark *last);

#endif
