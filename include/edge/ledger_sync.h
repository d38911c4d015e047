/*
 * ledger_sync - bringing what was written to disk, one sync for many; for
 * src/edge/ledger*.c alone.  The file of claims is edge/ledger_claim.h.
 */
#ifndef EDGE_LEDGER_SYNC_H
#define EDGE_LEDGER_SYNC_H

#include "base/buf.h"
#include "edge/ledger_claim.h"

/* What one append wrote, until it is on disk. */
struct ledger_written {
	int fd; /* of the segment; -1: nothing is waited for */
	uint64_t start;
	struct ledger_cell end;
	struct buf lines; /* they must still be there at the end */
};

/*
 * Wait until it is on disk: by somebody else's sync, or by making one for all
 * that was written so far.  Called without a lock.  -1: the lines were taken
 * back, or the error says that one does not know.
 */
int ledger_share(struct ledger *l, struct ledger_written *w,
    struct err *err) must_check;

/*
 * Sync this file, and claim that with it all is on disk as far as `upto` says.
 * Called with the lock of claims, where they can be had.  -1 and errno: the
 * doubt stands.
 */
int ledger_sync_now(struct ledger *l, int fd,
    const struct ledger_cell *upto) must_check;

/*
 * Where a sync failed, or who made it died: take back what was written since
 * the last one and promised to nobody, and look at the tail again, as it is on
 * disk.  Called with the lock for appending; `t` is what was found under it.
 * `c` becomes the claims as they stand then.
 */
int ledger_settle(struct ledger *l, struct ledger_tail *t,
    struct ledger_claims *c, struct err *err) must_check;

#endif
