/*
 * receiver - foureyesd's first process while it serves.
 *
 * It takes what forges and tools send, stores it, and answers only then.  Many
 * threads read requests; one thread writes them, as many at once as are waiting
 * (one sync for all), so nothing that was answered 2xx is lost whatever ends
 * the process.
 *
 * Requests are answered by routes (receiver_routes.c has the table; a route's
 * ctx is the `struct receiving`).  A handler that has something to record:
 *
 *	listen_later(request);
 *	receiver_append(r, &write);	(write.done answers, on another thread)
 *
 * and one that must wait for somebody else:
 *
 *	listen_later(request);
 *	if (!receiver_slow(r, run, ctx))
 *		(answer 503: all are busy)
 */
#ifndef APP_RECEIVER_H
#define APP_RECEIVER_H

#include <stdatomic.h>

#include "app/changelog.h"
#include "app/readers.h"
#include "app/setup.h"
#include "core/webhook.h"
#include "edge/listen.h"

#define RECEIVER_QUEUE 4096 /* writes that wait, at most */
#define RECEIVER_QUEUE_BYTES ((size_t)32 << 20)
#define RECEIVER_BATCH 512 /* of them in one append */
#define RECEIVER_BATCH_BYTES (16u << 20)
#define RECEIVER_SLOW 8 /* threads for what waits */
#define RECEIVER_SLOW_QUEUE 64
#define RECEIVER_KEYS 2

/*
 * What the process has at most while it receives: LISTEN_MEMORY of bodies (128
 * MB), RECEIVER_QUEUE_BYTES of records that wait (32 MB), RECEIVER_BATCH_BYTES
 * of them twice while they are written (32 MB), and the rest for itself and for
 * LISTEN_CONNECTIONS that say nothing, some 5 KB each.  Beyond that there are
 * heads: LISTEN_HEAD_MAX of each connection whose head is on its way.
 */
#define RECEIVER_MEMORY ((size_t)256 << 20)

struct receiving;

/* ---- what is configured ---- */

/* How often a source's deliveries were answered in which way. */
enum receiver_answer {
	RECEIVED_STORED = 0, /* 204 */
	RECEIVED_KNOWN,      /* 200 */
	RECEIVED_IGNORED,    /* 200 */
	RECEIVED_UNMAPPED,   /* 200: no entry names the repository */
	RECEIVED_MALFORMED,  /* 400 */
	RECEIVED_FORGED,     /* 401 */
	RECEIVED_UNSUITED,   /* 415 */
	RECEIVED_FAILED,     /* 503 */
	RECEIVED_ANSWERS
};

struct receiver_counts {
	struct receiver_counts *next;
	char name[72]; /* of the source */
	atomic_ullong answers[RECEIVED_ANSWERS];
};

struct receiver_secrets {
	const struct webhook_secret *list;
	size_t count;
	struct receiver_counts *counts;
};

/* The three files and the secrets, as they were read; never changed. */
struct receiver_view {
	struct setup setup; /* without a log; `now` is when it was read */
	const struct receiver_secrets *secrets; /* one a source, in order */
	struct readers readers;
	const char *certificate, *key; /* PEM, or NULL */
	atomic_uint users;
};

/* The newest; give it back.  It stays as it is until then. */
struct receiver_view *receiver_view_take(struct receiving *r);
void receiver_view_done(struct receiver_view *view);

/* ---- writing ---- */

enum receiver_fate {
	RECEIVER_FAILED = 0, /* nothing of it is in the ledger */
	RECEIVER_STORED,
	RECEIVER_KNOWN /* a record with one of its keys is */
};

struct receiver_write {
	const struct ledger_body *bodies; /* all of them or none */
	size_t count;
	/* Topics: where a record has one of them, nothing is written. */
	const char *keys[RECEIVER_KEYS]; /* NULL ends them */
	/* Called once, on any thread; the struct is the caller's again. */
	void (*done)(struct receiver_write *w, enum receiver_fate fate,
	    uint64_t first);
	void *ctx;
	/* Of the receiver. */
	struct receiver_write *next;
	size_t bytes;
	int64_t topics[RECEIVER_KEYS]; /* the keys' numbers */
	size_t topic_count;
	enum receiver_fate fate;
	uint64_t first;
	size_t at;
	struct receiver_write *twin;
};

/* False: the queue is full, or it ends; `done` is not called. */
bool receiver_append(struct receiving *r, struct receiver_write *w);

/* ---- waiting ---- */

/* Run it on a thread of its own, soon; false: too many wait already. */
bool receiver_slow(struct receiving *r, void (*run)(void *ctx), void *ctx);

/* The clerk looks at once; may be called by any thread. */
void receiver_wake(struct receiving *r);

/* ---- the whole ---- */

struct receiver_setup {
	const char *dir; /* the configuration's */
	const int *sockets;
	size_t socket_count;
	int wake_fd; /* the clerk's; -1: there is none */
};

/* Read everything; nothing runs yet. */
int receiver_open(struct receiving **out, const struct receiver_setup *setup,
    struct err *err) must_check;
/* From here on there are threads. */
int receiver_run(struct receiving *r, struct err *err) must_check;
/* All is read again, and only then taken; on -1 all is as it was. */
int receiver_reload(struct receiving *r, struct err *err) must_check;
/* Now and then, by whoever runs the process. */
void receiver_look(struct receiving *r);
/* Is the one that writes getting on? */
bool receiver_is_alive(struct receiving *r);
/* What was begun is answered first. */
void receiver_close(struct receiving *r);

/* A short answer: plain text, one line. */
void receiver_say(struct listen_request *request, unsigned status,
    const char *text);

#endif
