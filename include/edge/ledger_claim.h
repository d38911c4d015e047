/*
 * ledger_claim - how much of the ledger is on disk; for src/edge/ledger*.c
 * alone.
 *
 * The file `sync` beside the segments.  It lets processes that append at the
 * same time share one fdatasync, and it is the lock under which one of them
 * makes it.  Two cells of fixed size, each with a sum of its own:
 *
 *	written	the newest line that somebody wrote and told of here; put by
 *		who holds the lock `lock`
 *	synced	the newest line known to be on disk; put by who holds the lock
 *		`sync`.  `doubt` stands while a sync is made: where it stands
 *		and nobody holds the lock, the sync failed or its maker died
 *
 * Nothing in it is worth more than the lines themselves.  It counts as long as
 * the machine runs (`boot`) for the file it was written for (`dev`, `ino`), and
 * only while the newest line is the one it names; else who appends syncs for
 * himself, and writes it anew.  Without the file everybody does.  What outlives
 * all of this is that the line named in `synced` was on disk once: a ledger
 * that ends before it has lost lines.
 *
 * The bytes are this machine's own, like those of a lock: they are no record.
 * They are written through a mapping, since a write() would cost the journal of
 * the file system as much as the line does.  Who cuts the file short under it
 * ends the process, which is a writer that died.
 */
#ifndef EDGE_LEDGER_CLAIM_H
#define EDGE_LEDGER_CLAIM_H

#include "edge/ledger_tail.h"

#define LEDGER_SYNC_NAME "sync"

/* Zeroed: nothing is claimed. */
struct ledger_cell {
	uint32_t turn; /* another one each time; processes wait for it */
	uint32_t doubt;
	uint64_t dev, ino;
	uint64_t segment, end; /* the line ends at this byte of that segment */
	uint64_t seq;
	uint64_t generation; /* another one each time that lines were cut off */
	unsigned char digest[DIGEST_SIZE];
	unsigned char boot[16];
};

struct ledger_claims {
	struct ledger_cell written, synced;
	bool waited; /* somebody may sleep until the next turn */
};

/*
 * Have the file open (`l->sync_fd`), making it where it is not there.  Where it
 * cannot be had that is -1, all claims are zeroed, and none is put.  One
 * that is open is kept; `again` looks whether it is still the one.
 */
void ledger_claims_open(struct ledger *l, bool again);
/* What stands there now; a cell that is not whole is zeroed. */
void ledger_claims_read(struct ledger *l, struct ledger_claims *c);
/* Put one cell; `turn`, `boot` and the sum are filled in. */
void ledger_claim_written(struct ledger *l, struct ledger_cell *cell);
void ledger_claim_doubt(struct ledger *l, struct ledger_claims *c);
/* Wakes who sleeps; `waited` as it was read before. */
void ledger_claim_synced(struct ledger *l, struct ledger_cell *cell,
    bool waited);

/* The cell that says: everything as far as this tail. */
void ledger_cell_of(struct ledger_cell *cell, const struct ledger_tail *t,
    uint64_t generation);
/*
 * May one count on what these claims say?  They were written for this file, in
 * this life of the machine, agree with each other, and `written` names the
 * newest line there is.
 */
bool ledger_claims_meet(struct ledger *l, const struct ledger_claims *c,
    const struct ledger_tail *t);

/* Sleep until the `synced` cell has another turn, but only so long. */
void ledger_claims_wait(struct ledger *l, uint32_t turn, int64_t microseconds);

#endif
