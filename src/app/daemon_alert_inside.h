/* daemon_alert_inside - what the parts of telling alerts share. */
#ifndef DAEMON_ALERT_INSIDE_H
#define DAEMON_ALERT_INSIDE_H

#include "app/alert_state.h"
#include "app/setup.h"
#include "core/alert_form.h"
#include "edge/ledger.h"

#define ALERT_SHARE 20000   /* ms that one destination may take of a run */
#define ALERT_REQUEST 10000 /* ms for one batch */
#define ALERT_RETRY_MIN 1000
#define ALERT_RETRY_MAX ((int64_t)5 * 60 * 1000)
#define ALERT_BATCH_BYTES (1u << 20) /* of lines, of one batch */

/* One destination, as it is told. */
struct telling {
	const struct setup *setup;
	const struct alert_to *to;
	struct alert_state state;
	struct alert_from from;
	struct chain_mark at; /* the line of state.seq */
	uint64_t to_seq;      /* records up to that are on disk */
	int64_t until;        /* an instant: no batch begins behind it */
	size_t most;          /* records of a batch */
	bool in_words;        /* the next is too much for it otherwise */
	int64_t written_at;   /* the state */
	uint64_t written_seq;
	/* What came of the last batch, besides the error. */
	int64_t after; /* ms that it asks us to wait; 0: it does not */
	bool refused;  /* it does not know us */
	bool too_much; /* fewer, or less, might do */
	uint64_t rejected;
};

/* Send them; 0: the other side took them. */
typedef int alert_send_fn(struct telling *t, const struct alert *list,
    size_t count, struct err *err);
alert_send_fn alert_send_syslog, alert_send_http, alert_send_mail;
int alert_send(struct telling *t, const struct alert *list, size_t count,
    struct err *err) must_check;

/* How many records it takes at once. */
size_t alert_batch(const struct alert_to *to);
void alert_from_here(struct alert_from *out, struct pool *pool,
    const struct setup *setup);

/* Tell what waits, until it is all told, or fails, or time is over. */
int alert_tell(struct telling *t, struct err *err) must_check;

/*
 * Each destination, or those named, in a process of its own; `at_once`: without
 * patience for what failed.  `*again` becomes when there is something to do, or
 * stays.
 */
struct alert_round {
	struct setup *setup;
	char *const *names;
	int name_count;
	bool at_once;
	int64_t again;
	int64_t until; /* no batch begins behind it */
	uint64_t last; /* record that is on disk */
};
int alert_round(struct alert_round *round, struct err *err) must_check;

#endif
