/*
 * alert_state - how far each destination of `alerts` was told, beside the
 * index.
 *
 * A file each, <directory of the index>/alerts/NAME, which foureyesd alone
 * writes, and only when the other side took what it was sent: what is lost on
 * the way is sent again.  The record that was looked at last stands there with
 * the digest of its line, so another ledger in its place is found out.  doctor
 * and the metrics read it.
 */
#ifndef APP_ALERT_STATE_H
#define APP_ALERT_STATE_H

#include "app/changelog.h"
#include "base/digest.h"
#include "core/alert.h"
#include "core/settings.h"

#define ALERT_DIR "alerts"
#define ALERT_AFTER_MAX ((int64_t)60 * 60 * 1000) /* ms, as it asks for */
#define ALERT_COUNT_MAX 5000 /* records behind that are looked at */

struct alert_state {
	const struct alert_to *to;
	bool there;   /* it was written once */
	uint64_t seq; /* told, or not for it, as far as this record */
	char digest[DIGEST_HEX_SIZE]; /* of that line; "": none yet */
	int64_t told_at;   /* when it last took something; 0: never */
	uint64_t told;     /* records, in all */
	uint64_t rejected; /* that it says it did not take */
	uint64_t missed;   /* taken away (retain) before they were told */
	int64_t tried;
	int64_t failed_since; /* the first of the tries that failed; 0: none */
	unsigned failed;      /* in a row */
	int64_t not_until;    /* patience */
	bool refused; /* it does not know us, or the ledger is another one */
	const char *error; /* of the last try; NULL: none */
};

/* In a directory of its own. */
const char *alert_dir(struct pool *pool, const struct settings *s);
/* One for each destination; what cannot be read has an `error`. */
void alert_states_read(struct alert_state **out, struct pool *pool,
    const struct settings *s);
int alert_state_read(struct alert_state *out, struct pool *pool,
    const struct settings *s, const struct alert_to *to,
    struct err *err) must_check;
/*
 * How long it is left alone from `now` on, in ms.  What no patience of ours can
 * be, as after the clock was set back, is none.
 */
int64_t alert_state_patience(const struct alert_state *state, int64_t now);
/*
 * For foureyesd alone: who tells it has its lock, from before its state is
 * read. -1 in `*lock`: somebody else has it just now; else the caller's to
 * close.
 */
int alert_state_lock(int *lock, const struct settings *s,
    const struct alert_to *to, struct err *err) must_check;
int alert_state_write(const struct settings *s, const struct alert_state *state,
    struct err *err) must_check;

/*
 * What waits for it, by a ledger open for reading: how many records that it
 * wants, at least, and the time of the oldest; 0 where there is none.
 */
struct alert_waiting {
	uint64_t count;
	int64_t since;
	bool more; /* not all were looked at */
};
int alert_waiting(struct alert_waiting *out, struct changelog *log,
    const struct alert_state *state, struct err *err) must_check;

#endif
