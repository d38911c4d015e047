/*
 * live - the newest time of the ledger as the page's data (app/page.h), for a
 * page that is served: the same tables and records as the auditor's pack has,
 * of a time that is bounded, and nothing is written anywhere.
 *
 * Git is not asked, so nothing is reconciled; which time of the log nobody
 * signed for is not told.  Both say so by their absence, and are in the pack.
 */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "app/setup.h"
#include "app/subtrees.h"

struct live_asked {
	int64_t from, to; /* half-open; `to` is now */
	uint64_t records; /* the newest ones that are looked at, at most */
	uint64_t bytes;   /* of them, about */
	const struct buf *note; /* the newest checkpoint; empty: none */
};

/* The blocks, as text. */
int live_data(struct buf *out, struct setup *s, struct subtrees *t,
    const struct live_asked *asked, struct err *err) must_check;

#endif
