/*
 * keeping - how far each place that holds checkpoints is.
 *
 * `foureyesd hold` sends the newest checkpoint to each place of `held` and
 * writes down, in `<ledger>/held/<name>`, the last success and what went wrong
 * last.  The directory belongs to who seals; one of anybody else's tells
 * nothing.  doctor, and later a metric, read it here.
 */
#ifndef APP_KEEPING_H
#define APP_KEEPING_H

#include "core/keeper.h"
#include "core/settings.h"

#define KEEPING_DIR "held" /* in the ledger's directory */

struct keeping {
	const struct keeper *keeper;
	int64_t time;       /* of the last success; 0: there was none */
	uint64_t size;      /* records of the checkpoint that is held there */
	const char *digest; /* SHA-256 of the note that was sent; or NULL */
	int64_t tried;      /* of the last try */
	const char *error;  /* what went wrong then; NULL: nothing */
	bool alarm; /* not unreachable: what is held there is not what it was */
};

/* One for each place; of what cannot be read, why stands in `error`. */
void keeping_read(struct keeping **out, struct pool *pool,
    const struct settings *s);
/* Is its last success too old, or none? */
bool keeping_stale(const struct keeping *k, int64_t now);
/* For foureyesd alone. */
int keeping_write(const struct settings *s, const struct keeping *k,
    struct err *err) must_check;

#endif
