/*
 * moving - a ledger from one place to another, with all that belongs to it.
 *
 * Its lines, in the same segments; `pruned`; the checkpoint that lies beside
 * them, the ones that are kept, and their time stamps.  Byte for byte, and in
 * the order in which what is there is always less than what is told of: the
 * checkpoints are read first.
 */
#ifndef APP_MOVING_H
#define APP_MOVING_H

#include "app/setup.h"

#define MOVING_FILES_MAX 1000000 /* kept checkpoints and stamps */

struct moving {
	struct pool *pool;
	struct ledger *from; /* open for reading */
	const char *from_dir, *to_dir;
	const struct settings
	    *settings;  /* of whose ledger it becomes, or NULL */
	uint64_t until; /* the last record that is taken; 0: all there are */
	/* Found. */
	struct chain_mark last; /* the newest record that was brought */
	bool went_on;     /* what somebody had begun was brought to its end */
	bool interrupted; /* nothing was brought */
};

/* What verify says of a ledger alone. */
struct moving_look {
	uint64_t records;
	struct chain_mark last;
	const char *no; /* it does not verify: why; from the pool, else NULL */
	bool interrupted;
};
int moving_look(struct moving_look *out, struct pool *pool, const char *dir,
    struct err *err) must_check;

/* ERR_INPUT: the place is not empty. */
int moving_copy(struct moving *m, struct err *err) must_check;

#endif
