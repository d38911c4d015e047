/* receiver_inside - what the receiver's own pieces know of each other. */
#ifndef RECEIVER_INSIDE_H
#define RECEIVER_INSIDE_H

#include <pthread.h>
#include <sys/stat.h>

#include "app/api.h"
#include "app/receiver.h"
#include "app/shared.h"
#include "app/receiver_known.h"

#define RECEIVER_INDEX_WAIT 3000 /* ms */
#define RECEIVER_BUCKETS 12 /* of the histogram; the last is for the rest */

/* Lets the index know, behind the answers (receiver_indexer.c). */
struct receiver_indexer {
	pthread_t thread;
	bool started;
	struct receiving *receiving;
	struct changelog *log; /* its own, for reading */
	pthread_mutex_t lock;
	pthread_cond_t more;
	atomic_bool idle, over, failing;
	atomic_ullong stored, indexed; /* as far as there is; as it knows */
};

struct receiver_writer {
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* of the queue */
	pthread_cond_t more;
	struct receiver_write *first, **last;
	size_t waiting, waiting_bytes;
	bool over;
	pthread_mutex_t ledger; /* one appends at a time */
	struct changelog *log;
	struct receiver_known known; /* what the index may not know yet */
	struct receiver_indexer *indexer;
	uint64_t on_disk; /* all records as far as that are */
	atomic_bool failing;
	atomic_llong busy_since; /* an append began then; 0: none */
	/* For the metrics. */
	atomic_ullong records, appends, nanoseconds, last_seq, failures;
	atomic_ullong buckets[RECEIVER_BUCKETS];
};

struct receiver_waiting {
	void (*run)(void *ctx);
	void *ctx;
};

struct receiver_pool {
	pthread_t threads[RECEIVER_SLOW];
	size_t started;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct receiver_waiting queue[RECEIVER_SLOW_QUEUE];
	size_t at, count;
	bool over;
};

#define RECEIVER_LANE_QUEUE 32 /* readers that wait */
enum {
	RECEIVER_LANE_API,
	RECEIVER_LANE_PAGE,
	RECEIVER_LANES
};

/* Readers are answered one after the other (receiver_api.c). */
struct receiver_lane {
	struct receiving *r;
	pthread_t thread;
	bool started, over;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct listen_request *queue[RECEIVER_LANE_QUEUE];
	size_t at, count;
	struct api *api; /* NULL: nobody asked yet */
	int64_t read;    /* when its configuration was read */
};

#define RECEIVER_SHARED_QUEUE 1024 /* that wait for the database */

/* Who asks for the shared ledger is answered by one thread. */
struct receiver_shared {
	struct setup setup;    /* as it was when we began */
	struct shared *shared; /* NULL: the ledger is kept here */
	struct ledger_elsewhere elsewhere;
	struct stat copy; /* its directory: who may write there may append */
	uid_t sealer;     /* whose the seal key is */
	pthread_t thread;
	bool started, over;
	bool failed; /* `why`; under the lock */
	struct err why;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct listen_request *queue[RECEIVER_SHARED_QUEUE];
	size_t at, count;
};

struct receiving {
	const char *dir;
	int sockets[LISTEN_SOCKETS_MAX];
	size_t socket_count;
	int wake_fd;
	atomic_bool woken;
	pthread_mutex_t view_lock; /* of `view` and `counts` */
	struct receiver_view *view;
	struct receiver_counts *counts;
	atomic_ullong unknown_source;
	struct receiver_writer writer;
	struct receiver_indexer indexer;
	struct receiver_pool pool;
	struct receiver_lane lanes[RECEIVER_LANES];
	struct receiver_shared shared;
	struct listen *listen;
};

int receiver_view_read(struct receiver_view **out, struct receiving *r,
    struct err *err) must_check;

/* Its `log` and `receiving` are set; and it takes nothing of `log` back. */
int receiver_indexer_start(struct receiver_indexer *x,
    struct err *err) must_check;
/* What is not indexed yet is, if that is possible. */
void receiver_indexer_stop(struct receiver_indexer *x);
/* There are records as far as `last`. */
void receiver_indexer_stored(struct receiver_indexer *x, uint64_t last);
/* Until the index goes as far as `seq`; false: not in RECEIVER_INDEX_WAIT. */
bool receiver_indexer_wait(struct receiver_indexer *x, uint64_t seq);

int receiver_writer_start(struct receiver_writer *w,
    struct err *err) must_check;
/* What waits is written first. */
void receiver_writer_stop(struct receiver_writer *w);
/*
 * Find out which are known and append the others, of which on -1 none is in the
 * ledger; with `ledger` locked.
 */
int receiver_batch(struct receiver_writer *writer, struct receiver_write *list,
    struct err *err) must_check;
/* Say why nothing could be stored, once until it can. */
void receiver_writer_failed(struct receiver_writer *w, const struct err *err);

int receiver_pool_start(struct receiver_pool *p, struct err *err) must_check;
void receiver_pool_stop(struct receiver_pool *p);

/* Where the ledger is shared: reach it, before the log is opened. */
int receiver_shared_open(struct receiver_shared *s, const char *dir,
    struct err *err) must_check;
/* Do these settings still name that ledger? */
bool receiver_shared_is(const struct receiver_shared *s,
    const struct settings *settings);
int receiver_shared_start(struct receiver_shared *s,
    struct err *err) must_check;
void receiver_shared_stop(struct receiver_shared *s);
void receiver_shared_close(struct receiver_shared *s);

/* The table of receiver_routes.c, with `r` as ctx. */
size_t receiver_routes(struct receiving *r, struct listen_route *out,
    size_t room);

/* Handlers. */
void receiver_gate(struct listen_request *request, void *ctx);
void receiver_hook(struct listen_request *request, void *ctx);
void receiver_metrics(struct listen_request *request, void *ctx);
void receiver_health(struct listen_request *request, void *ctx);
void receiver_shared(struct listen_request *request, void *ctx);
void receiver_look_again(struct listen_request *request, void *ctx);

#endif
