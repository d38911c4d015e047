/*
 * The one that writes: what waits is appended together (receiver_batch.c) and
 * synced once, and each is told what became of it.
 */
#include "receiver_inside.h"

#include <stdlib.h>
#include <time.h>

#include "app/cmd.h"
#include "edge/index.h"

static int64_t
nanoseconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Buckets are 0.125 ms, 0.25 ms, 0.5 ms, ... */
static void
count_time(struct receiver_writer *w, int64_t ns)
{
	size_t n = 0;

	for (int64_t most = 125000; n + 1 < RECEIVER_BUCKETS && ns > most;
	     most *= 2)
		n++;
	atomic_fetch_add(&w->buckets[n], 1);
	atomic_fetch_add(&w->nanoseconds, (unsigned long long)ns);
	atomic_fetch_add(&w->appends, 1);
}

static void
settle(struct receiver_write *list, bool failed)
{
	struct receiver_write *next;

	for (struct receiver_write *w = list; w != NULL; w = w->next) {
		if (failed && w->fate == RECEIVER_STORED)
			w->fate = RECEIVER_FAILED;
		if (w->twin != NULL) {
			w->fate = w->twin->fate == RECEIVER_FAILED
			    ? RECEIVER_FAILED
			    : RECEIVER_KNOWN;
			w->first = w->twin->first;
		}
	}
	for (struct receiver_write *w = list; w != NULL; w = next) {
		next = w->next;
		w->done(w, w->fate, w->first);
	}
}

void
receiver_writer_failed(struct receiver_writer *w, const struct err *err)
{
	atomic_fetch_add(&w->failures, 1);
	if (!atomic_exchange(&w->failing, true))
		(void)complain(0, "nothing can be stored: %s", err->text);
}

/* `list` is written; the ledger's lock is held. */
static void
write_list(struct receiver_writer *writer, struct receiver_write *list)
{
	int64_t begin = nanoseconds();
	struct err err = {0};
	int ret;

	atomic_store(&writer->busy_since, begin);
	ret = receiver_batch(writer, list, &err);
	atomic_store(&writer->busy_since, 0);
	if (ret == 0 && atomic_exchange(&writer->failing, false))
		(void)complain(0, "records can be stored again");
	if (ret == 0)
		count_time(writer, nanoseconds() - begin);
	else
		receiver_writer_failed(writer, &err);
	(void)pthread_mutex_unlock(&writer->ledger);
	settle(list, ret < 0);
}

/* ---- the queue ---- */

/* As much as one append should have; the queue is locked. */
static struct receiver_write *
take_some(struct receiver_writer *w)
{
	struct receiver_write *list = w->first, *end = list;
	size_t bytes = end->bytes;
	size_t count = 1;

	while (end->next != NULL && count < RECEIVER_BATCH &&
	    bytes + end->next->bytes <= RECEIVER_BATCH_BYTES) {
		end = end->next;
		bytes += end->bytes;
		count++;
	}
	w->first = end->next;
	end->next = NULL;
	if (w->first == NULL)
		w->last = &w->first;
	w->waiting -= count;
	w->waiting_bytes -= bytes;
	return list;
}

static void *
write_on(void *ctx)
{
	struct receiver_writer *w = ctx;

	(void)pthread_mutex_lock(&w->lock);
	for (;;) {
		struct receiver_write *list;

		while (w->first == NULL && !w->over)
			(void)pthread_cond_wait(&w->more, &w->lock);
		if (w->first == NULL)
			break;
		(void)pthread_mutex_unlock(&w->lock);
		/* What comes while we wait for our turn comes along. */
		(void)pthread_mutex_lock(&w->ledger);
		(void)pthread_mutex_lock(&w->lock);
		list = take_some(w);
		(void)pthread_mutex_unlock(&w->lock);
		write_list(w, list);
		(void)pthread_mutex_lock(&w->lock);
	}
	(void)pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* Nobody else is there: without a change of threads. */
static bool
write_at_once(struct receiving *r, struct receiver_write *w)
{
	struct receiver_writer *writer = &r->writer;

	if (listen_busy(r->listen) > 1 ||
	    pthread_mutex_trylock(&writer->ledger) != 0)
		return false;
	write_list(writer, w);
	return true;
}

bool
receiver_append(struct receiving *r, struct receiver_write *w)
{
	struct receiver_writer *writer = &r->writer;
	bool taken = false, first;

	w->next = NULL;
	w->bytes = 0;
	w->first = 0;
	for (size_t i = 0; i < w->count; i++)
		w->bytes += w->bodies[i].len;
	w->topic_count = 0;
	while (
	    w->topic_count < RECEIVER_KEYS && w->keys[w->topic_count] != NULL) {
		w->topics[w->topic_count] =
		    index_topic_number(w->keys[w->topic_count]);
		w->topic_count++;
	}
	if (write_at_once(r, w))
		return true;
	(void)pthread_mutex_lock(&writer->lock);
	first = writer->first == NULL;
	if (writer->waiting < RECEIVER_QUEUE &&
	    writer->waiting_bytes + w->bytes <= RECEIVER_QUEUE_BYTES &&
	    !writer->over) {
		*writer->last = w;
		writer->last = &w->next;
		writer->waiting++;
		writer->waiting_bytes += w->bytes;
		taken = true;
	}
	if (taken && first)
		(void)pthread_cond_signal(&writer->more);
	(void)pthread_mutex_unlock(&writer->lock);
	return taken;
}

int
receiver_writer_start(struct receiver_writer *w, struct err *err)
{
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_mutex_init(&w->ledger, NULL);
	(void)pthread_cond_init(&w->more, NULL);
	w->last = &w->first;
	atomic_store(&w->last_seq, changelog_last(w->log));
	w->on_disk = 0;
	if (pthread_create(&w->thread, NULL, write_on, w) != 0)
		return err_set(err, ERR_SYSTEM, "no thread could be had");
	w->started = true;
	return 0;
}

void
receiver_writer_stop(struct receiver_writer *w)
{
	if (!w->started)
		return;
	(void)pthread_mutex_lock(&w->lock);
	w->over = true;
	(void)pthread_cond_signal(&w->more);
	(void)pthread_mutex_unlock(&w->lock);
	(void)pthread_join(w->thread, NULL);
	receiver_known_forget(&w->known);
}
