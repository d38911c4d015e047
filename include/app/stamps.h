/*
 * stamps - what time stamps say of a ledger's past.
 *
 * Beside each kept checkpoint may lie stamps of it (RFC 3161, edge/
 * seal_stamp.h), one for each authority of `held`:
 *
 *	<ledger>/checkpoints/<20 digits of the size>
 *	<ledger>/checkpoints/<20 digits of the size>.<name>.tsr
 *
 * One that holds says: these records were there not later than its time.
 */
#ifndef APP_STAMPS_H
#define APP_STAMPS_H

#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "core/keeper.h"

/* At most so many files are looked at, the smallest sizes first. */
#define STAMPS_MAX 100000

struct stamped {
	uint64_t size;    /* the first so many records were there ... */
	int64_t time;     /* ... not later than that; 0: it does not hold */
	const char *name; /* in whose word */
	const char *why;  /* it does not hold; else NULL */
	/* The note that is stamped, as it stands: whether it is signed, and has
	 * the root of the ledger's lines, is for who asks to check. */
	const char *note;
	size_t note_len;
};

/* From the pool. */
const char *stamps_path(struct pool *pool, const char *ledger, uint64_t size,
    const char *name);
/*
 * Each stamp there is, by size, then by name; those by an authority that is not
 * in `held` do not hold, as nobody says whose word it is.  `see` returns 0 to
 * go on, -1 with `err` set to stop; texts live as long as the call.
 */
typedef int stamps_see_fn(void *ctx, const struct stamped *s, struct err *err);
int stamps_all(const char *ledger, const struct keepers *held,
    stamps_see_fn *see, void *ctx, struct err *err) must_check;

#endif
