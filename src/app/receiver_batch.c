/*
 * What waits is one batch: which of it is known, and the append of the rest.
 *
 * Whether a delivery is known is looked up here, by the one that stores it and
 * behind the same line of the ledger, so two copies cannot both be new: not two
 * that wait, and not one here and one at another process, whose append makes
 * ours begin again.
 *
 * The index is told later, by another thread (receiver_indexer.c).  Until then
 * what it would be asked for is remembered (receiver_known.h); each record as
 * far as the newest is known to one of both.
 */
#include "receiver_inside.h"

#include <string.h>

#include "app/changelog_ahead.h"
#include "base/map.h"
#include "base/text.h"
#include "core/chain.h"
#include "edge/index.h"

/* Topics that one batch adds, at most. */
#define BATCH_TOPICS ((size_t)RECEIVER_BATCH * RECEIVER_KEYS)
#define AGAIN_MAX 1000 /* times that somebody else was quicker */

struct batch {
	struct receiver_writer *writer;
	struct pool pool;
	struct receiver_write *list;
	struct map map; /* from key to the write that brings it */
	struct ledger_body *bodies;
	size_t count;
	uint64_t known; /* the newest record by which one of them is */
	bool full;
};

/* Would a line of it be no line?  Then it alone fails. */
static bool
is_fit(const struct receiver_write *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->bodies[i].len > LEDGER_LINE_MAX - CHAIN_HEAD_MAX ||
		    !chain_body_fit(w->bodies[i].text, w->bodies[i].len))
			return false;
	return w->count > 0;
}

/* The record that has this key; 0: none.  -1: it could not be found out. */
static int
find_key(struct receiver_writer *writer, const char *key, int64_t topic,
    uint64_t *seq, struct err *err)
{
	size_t count;

	*seq = receiver_known_seq(&writer->known, topic);
	if (*seq != 0)
		return 0;
	if (changelog_seqs(writer->log, key, true, 0, seq, 1, &count, err) < 0)
		return -1;
	if (count == 0)
		*seq = 0;
	return 0;
}

static int
is_known(struct batch *b, struct receiver_write *w, bool *known,
    struct err *err)
{
	*known = false;
	for (size_t i = 0; i < w->topic_count; i++) {
		w->twin = map_get(&b->map, w->keys[i]);
		if (w->twin != NULL)
			return 0;
		if (find_key(b->writer, w->keys[i], w->topics[i], &w->first,
		        err) < 0)
			return -1;
		if (w->first != 0) {
			*known = true;
			if (w->first > b->known)
				b->known = w->first;
			return 0;
		}
	}
	return 0;
}

static int
take_in(struct batch *b, struct receiver_write *w, struct err *err)
{
	bool known;

	w->fate = RECEIVER_FAILED;
	w->twin = NULL;
	if (!is_fit(w))
		return 0;
	if (is_known(b, w, &known, err) < 0)
		return -1;
	if (known)
		w->fate = RECEIVER_KNOWN;
	if (known || w->twin != NULL)
		return 0;
	w->fate = RECEIVER_STORED;
	w->at = b->count;
	for (size_t i = 0; i < w->topic_count; i++)
		map_put(&b->map, w->keys[i], w);
	memcpy(&b->bodies[b->count], w->bodies, w->count * sizeof(*w->bodies));
	b->count += w->count;
	return 0;
}

static void
turn(struct receiver_writer *w)
{
	uint64_t last = changelog_last(w->log);

	/* The copy of a shared ledger may lag behind what was stored. */
	receiver_known_turn(&w->known, atomic_load(&w->indexer->indexed),
	    last > w->on_disk ? last : w->on_disk);
}

/*
 * Room for what a batch adds.  What the index knows is dropped first, and only
 * then is the state of the index taken that is asked.
 */
static int
begin_looking(struct receiver_writer *w, struct err *err)
{
	turn(w);
	if (receiver_known_room(&w->known) < BATCH_TOPICS) {
		if (!receiver_indexer_wait(w->indexer, w->known.old.last))
			return err_set(err, ERR_UNREACHABLE,
			    "the index lags too far behind the ledger");
		turn(w);
	}
	changelog_look_anew(w->log);
	return 0;
}

static int
look_at_all(struct batch *b, struct err *err)
{
	int ret = begin_looking(b->writer, err);

	b->count = 0;
	b->known = 0;
	b->map = (struct map){.pool = &b->pool};
	for (struct receiver_write *w = b->list; ret == 0 && w != NULL;
	     w = w->next)
		ret = take_in(b, w, err);
	/* A state that is held on to keeps the index's log from being cut. */
	changelog_look_anew(b->writer->log);
	return ret;
}

/* Of what others append only that is asked for here. */
static void
see_topic(const char *topic, uint64_t seq, void *ctx)
{
	struct batch *b = ctx;

	if ((text_starts(topic, "delivery ") || text_starts(topic, "body ")) &&
	    !receiver_known_add(&b->writer->known, index_topic_number(topic),
	        seq))
		b->full = true;
}

static int
follow(struct batch *b, struct err *err)
{
	struct receiver_writer *w = b->writer;
	bool anew;

	b->full = false;
	if (changelog_follow(w->log, see_topic, b, &anew, err) < 0)
		return -1;
	if (b->full && changelog_catch_up(w->log, err) < 0)
		return -1;
	if (b->full || anew)
		receiver_known_forget(&w->known);
	receiver_indexer_stored(w->indexer, changelog_last(w->log));
	return 0;
}

static void
remember(struct batch *b, uint64_t first)
{
	struct receiver_writer *writer = b->writer;

	for (struct receiver_write *w = b->list; w != NULL; w = w->next) {
		if (w->fate != RECEIVER_STORED)
			continue;
		w->first = first + w->at;
		for (size_t i = 0; i < w->topic_count; i++)
			(void)receiver_known_add(&writer->known, w->topics[i],
			    w->first);
	}
	writer->on_disk =
	    b->count > 0 ? first + b->count - 1 : changelog_last(writer->log);
	atomic_store(&writer->last_seq, writer->on_disk);
	atomic_fetch_add(&writer->records, b->count);
	receiver_indexer_stored(writer->indexer, writer->on_disk);
}

/* One try; `*stale`: somebody else wrote since we looked. */
static int
try_batch(struct batch *b, bool *stale, struct err *err)
{
	uint64_t first = 0;

	*stale = false;
	if (look_at_all(b, err) < 0)
		return -1;
	/* What another process has written need not be on disk yet. */
	if (b->count == 0 && b->known <= b->writer->on_disk)
		return 0;
	if (changelog_append_ahead(b->writer->log, b->bodies, b->count,
	        clock_now(), &first, stale, err) < 0)
		return -1;
	if (*stale)
		return follow(b, err);
	remember(b, first);
	return 0;
}

static int
write_batch(struct batch *b, struct err *err)
{
	bool stale = true;

	for (unsigned n = 0; stale && n < AGAIN_MAX; n++)
		if (try_batch(b, &stale, err) < 0)
			return -1;
	return stale
	    ? err_set(err, ERR_UNREACHABLE, "others write all the time")
	    : 0;
}

int
receiver_batch(struct receiver_writer *writer, struct receiver_write *list,
    struct err *err)
{
	struct batch b = {.writer = writer, .list = list};
	size_t room = 0;
	int ret;

	for (const struct receiver_write *w = list; w != NULL; w = w->next)
		room += w->count;
	b.bodies = pool_array(&b.pool, room + 1, sizeof(*b.bodies));
	ret = write_batch(&b, err);
	pool_free(&b.pool);
	return ret;
}
