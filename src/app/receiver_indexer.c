/*
 * The one that lets the index know what was stored, behind the answers.
 *
 * In large pieces, which cost the least: when nothing was stored for a moment,
 * when much was, or when some of it has waited long enough.  The clerk is woken
 * then, so that it finds an index that knows.  Whoever opens the ledger before
 * that catches up by himself, as after a crash.
 */
#include "receiver_inside.h"

#include <time.h>

#include "app/cmd.h"

#define LOOK 20         /* ms; nothing new for so long: a moment of quiet */
#define LOOKS 25        /* and no record waits for more of them */
#define MANY 4096       /* records */
#define AGAIN 200       /* ms, where the index could not be written */
#define PATIENCE_LOOK 5 /* ms */

static void
nap(long ms)
{
	const struct timespec t = {.tv_nsec = ms * 1000000L};

	(void)nanosleep(&t, NULL);
}

/* Until it is worth it. */
static void
gather(struct receiver_indexer *x)
{
	uint64_t from = atomic_load(&x->indexed), before, now;

	now = atomic_load(&x->stored);
	for (unsigned n = 0; n < LOOKS && !atomic_load(&x->over); n++) {
		nap(LOOK);
		before = now;
		now = atomic_load(&x->stored);
		if (now == before || now - from >= MANY)
			break;
	}
}

static bool
catch_up(struct receiver_indexer *x)
{
	struct err err = {0};

	if (changelog_catch_up(x->log, &err) == 0) {
		atomic_store(&x->indexed, changelog_last(x->log));
		if (atomic_exchange(&x->failing, false))
			(void)complain(0, "the index can be written again");
		return true;
	}
	if (!atomic_exchange(&x->failing, true))
		(void)complain(0, "the index lags: %s", err.text);
	return false;
}

/* False: it ends, and nothing is left. */
static bool
wait_for_more(struct receiver_indexer *x)
{
	bool more;

	(void)pthread_mutex_lock(&x->lock);
	atomic_store(&x->idle, true);
	while (atomic_load(&x->stored) <= atomic_load(&x->indexed) &&
	    !atomic_load(&x->over))
		(void)pthread_cond_wait(&x->more, &x->lock);
	atomic_store(&x->idle, false);
	more = atomic_load(&x->stored) > atomic_load(&x->indexed);
	(void)pthread_mutex_unlock(&x->lock);
	return more;
}

static void *
index_on(void *ctx)
{
	struct receiver_indexer *x = ctx;

	while (wait_for_more(x)) {
		gather(x);
		if (catch_up(x))
			receiver_wake(x->receiving);
		else if (atomic_load(&x->over))
			break;
		else
			nap(AGAIN);
	}
	return NULL;
}

void
receiver_indexer_stored(struct receiver_indexer *x, uint64_t last)
{
	atomic_store(&x->stored, last);
	if (!atomic_load(&x->idle))
		return;
	(void)pthread_mutex_lock(&x->lock);
	(void)pthread_cond_signal(&x->more);
	(void)pthread_mutex_unlock(&x->lock);
}

bool
receiver_indexer_wait(struct receiver_indexer *x, uint64_t seq)
{
	for (int ms = 0; ms < RECEIVER_INDEX_WAIT; ms += PATIENCE_LOOK) {
		if (atomic_load(&x->indexed) >= seq)
			return true;
		nap(PATIENCE_LOOK);
	}
	return false;
}

int
receiver_indexer_start(struct receiver_indexer *x, struct err *err)
{
	(void)pthread_mutex_init(&x->lock, NULL);
	(void)pthread_cond_init(&x->more, NULL);
	atomic_store(&x->indexed, changelog_last(x->log));
	atomic_store(&x->stored, changelog_last(x->log));
	if (pthread_create(&x->thread, NULL, index_on, x) != 0)
		return err_set(err, ERR_SYSTEM, "no thread could be had");
	x->started = true;
	return 0;
}

void
receiver_indexer_stop(struct receiver_indexer *x)
{
	if (!x->started)
		return;
	(void)pthread_mutex_lock(&x->lock);
	atomic_store(&x->over, true);
	(void)pthread_cond_signal(&x->more);
	(void)pthread_mutex_unlock(&x->lock);
	(void)pthread_join(x->thread, NULL);
}
