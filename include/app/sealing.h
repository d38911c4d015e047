/*
 * sealing - the next checkpoint, which only ever extends the last one.
 *
 * Who seals is another user than those who push, and remembers in a directory
 * of its own (app/seal_state.h) what it sealed last.  The ledger must still
 * hold that line at that place, and what is new is walked from there; so the
 * work grows with what is new.  Anything else is refused, with the reason and
 * with the record from which on the ledger is not what was sealed.
 *
 * Without a memory the checkpoint beside the ledger, signed with our own key,
 * is where it begins; without either it is refused.
 */
#ifndef APP_SEALING_H
#define APP_SEALING_H

#include "app/seal_state.h"
#include "app/setup.h"

/* What came of it. */
struct sealed {
	struct checkpoint checkpoint;
	uint64_t before;  /* records sealed before */
	bool begun;       /* there was no memory of it */
	bool put_back;    /* the checkpoint beside the ledger was another */
	uint64_t rotated; /* the record that introduced the key, just now */
	uint64_t stray;   /* a `key` record that no sealing key signed */
	/* Records that were sealed and are lost: given up, just now. */
	uint64_t lost_from, lost_to;
	const char *unkept; /* why it is not kept in checkpoints/; or NULL */
};

/* ERR_TAMPERED: the ledger is not an extension of what was sealed. */
int seal_next(struct sealed *out, struct setup *s, struct err *err) must_check;
/*
 * The same behind a loss: record `recovered` says that the end of what was
 * sealed is lost (app/cmd_recover.c), and who seals takes that for true.  What
 * was sealed before the loss must still be there.  The memory of what is lost
 * goes to `seals.lost-<records>`, kept checkpoints of it get names in
 * `.lost-<record>`; the next checkpoint counts the record.
 */
int seal_accept(struct sealed *out, struct setup *s, uint64_t recovered,
    struct err *err) must_check;

/*
 * The key that is on its way out, beside the key: there while keys change,
 * readable by who seals (app/cmd_rekey.c).
 */
#define SEAL_OLD_KEY ".old"

/*
 * As root: be the owner of the sealing key from now on; for good, or until
 * seal_root() (then no program may be run in between).
 */
int seal_become(const struct settings *s, bool for_good,
    struct err *err) must_check;
int seal_root(struct err *err) must_check;

#endif
