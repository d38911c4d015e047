/*
 * ledger_put - writing lines behind the newest one; for src/edge/ledger*.c
 * alone, and only under the lock for appending.
 */
#ifndef EDGE_LEDGER_PUT_H
#define EDGE_LEDGER_PUT_H

#include "edge/ledger_sync.h"

/* What is to be appended, and behind which line alone. */
struct ledger_appending {
	const struct ledger_body *bodies;
	size_t count;
	int64_t now;
	const struct chain_mark *behind;  /* NULL: whatever is the newest */
	const struct ledger_lost *lost;   /* NULL: nothing may be */
	const struct ledger_lines *lines; /* instead of bodies: as they are */
	uint64_t first;
	bool stale;
	struct chain_mark last; /* the newest line, afterwards */
};

/*
 * Write them.  Where `w->fd` is one afterwards, ledger_share() brings them to
 * disk, once the lock is given back; else they are there.
 */
int ledger_put(struct ledger *l, struct ledger_appending *a,
    struct ledger_written *w, struct err *err) must_check;

/*
 * The lines, and the mark of the last of them.  What is torn, and lines that
 * were on disk as far as `synced` and are gone, are told first; what was to
 * follow a line is stale then.
 */
void ledger_compose(struct buf *lines, struct ledger_appending *a,
    const struct ledger_tail *t, uint64_t synced, struct chain_mark *last);
/*
 * The same of lines that stand elsewhere: what of them is new here.  A torn
 * tail is not told of, as nothing was lost.
 */
int ledger_compose_taken(struct buf *lines, const struct ledger *l,
    const struct ledger_lines *from, const struct ledger_tail *t,
    struct chain_mark *last, struct err *err) must_check;
/* Does a new segment begin behind this tail? */
bool ledger_segment_due(const struct ledger *l, const struct ledger_tail *t,
    int64_t now);

/* The lines that are gone by the checkpoint beside; 0 and 0 where none are. */
void ledger_find_lost(struct ledger *l, const struct ledger_tail *t,
    struct ledger_lost *out);
/*
 * ERR_TAMPERED: there are such, the oldest segments are missing, or all of it.
 */
int ledger_look_for_loss(struct ledger *l, const struct ledger_tail *t,
    const struct ledger_claims *c, struct err *err) must_check;

/* Does the directory say that it is a copy? */
bool ledger_is_copy(const struct ledger *l);

#endif
