/*
 * movement - one gated ref, seen somewhere else than where the ledger has it.
 *
 * Which decision does that serve, and how is it written: as the landing or the
 * baseline of that decision, or as drift.  Nothing is appended here.
 */
#ifndef APP_MOVEMENT_H
#define APP_MOVEMENT_H

#include "app/push.h"

struct moved {
	const char *ref;
	const struct gate *gate;
	const char *witness;
	const char *held;   /* what the ledger has it hold; NULL: nothing yet */
	const char *base;   /* as `held`, but still its last when it is gone */
	const char *actual; /* what it was seen to hold */
	uint64_t since;     /* the record of `held` */
	int64_t since_time; /* and its time */
	int64_t at;         /* when it came to hold that */
	uint64_t drifted;   /* the newest drift away since then; 0: none */
};

/* Was it let through: admitted, or only observed? */
bool movement_is_admitted(const struct record *decision);

/*
 * The admitted decision whose landing this is; `out->seq` 0: none.  It goes
 * from the ledger's tip, is of this push's time, was not withheld, and nothing
 * moved the ref otherwise since.
 */
int movement_decision(struct push *p, const struct moved *m, struct record *out,
    struct err *err) must_check;
/* The newest drift of this ref since its tip; `seq` 0: there is none. */
int movement_drift(struct push *p, const struct moved *m, struct record *out,
    struct err *err) must_check;

/*
 * Does it tell of the ref leaving, so that what was decided before has lapsed?
 * What Git's log alone tells happened at some time before.
 */
bool movement_is_away(const struct record *drift);

/* The body of what that decision comes to: its landing, or its baseline. */
void movement_write(struct push *p, const struct moved *m,
    const struct record *decision, struct buf *out);
/*
 * The body of a drift record.  `drift` is the newest before it (seq 0: none),
 * `symbolic` what the ref leads to, or NULL.
 */
int movement_write_drift(struct push *p, const struct moved *m,
    const struct record *drift, const char *symbolic, struct buf *out,
    struct err *err) must_check;

/*
 * The last record that saw the ref hold `value`: `*seq` and `*time` are those
 * of an earlier one on entry.
 */
int movement_last_seen(struct push *p, const char *ref, const char *value,
    uint64_t *seq, int64_t *time, struct err *err) must_check;

#endif
