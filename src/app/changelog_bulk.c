#include "app/changelog_bulk.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/crew.h"
#include "base/tree.h"
#include "core/topics.h"
#include "edge/index_bulk.h"
#include "edge/ledger_scan.h"

#define JOBS_MAX 1024
#define JOBS_BYTES ((size_t)1 << 20)
#define TAKEN 16 /* jobs at a time */

struct job {
	struct chain_mark mark;
	size_t at; /* in the batch's bytes */
	int64_t *topics;
	size_t count, room;
	bool bad;
};

/* One is read while the other is written. */
struct batch {
	struct buf bytes;
	struct job jobs[JOBS_MAX];
	size_t count;
};

struct bulk {
	struct index_bulk *index;
	struct batch batches[2];
	struct batch *filling, *before;
	atomic_size_t next; /* job that nobody has taken yet */
	struct err err;     /* of writing */
	int ret;
};

/* ---- reading ---- */

static void
name_topics(struct batch *b, struct job *job, struct pool *pool)
{
	const struct tree *record;
	const char *const *topics;
	struct err ignored = {0};

	job->count = 0;
	job->bad = tree_parse_json(&record, pool, b->bytes.data + job->at,
	               (size_t)job->mark.length, "ledger", &ignored) < 0;
	if (job->bad)
		return;
	topics_of(pool, record, &topics, &job->count);
	if (job->count > job->room) {
		free(job->topics);
		job->room = job->count * 2;
		job->topics = malloc(job->room * sizeof(*job->topics));
		if (job->topics == NULL)
			err_fatal("out of memory");
	}
	for (size_t i = 0; i < job->count; i++)
		job->topics[i] = index_topic_number(topics[i]);
}

/* ---- writing ---- */

static void
write_batch(struct bulk *x, struct batch *b)
{
	for (size_t i = 0; i < b->count && x->ret == 0; i++) {
		struct job *job = &b->jobs[i];

		if (job->bad)
			x->ret = err_set(&x->err, ERR_TAMPERED,
			    "record %llu cannot be read",
			    (unsigned long long)job->mark.seq);
		else
			x->ret = index_bulk_add(x->index, &job->mark,
			    job->topics, job->count, &x->err);
	}
	b->count = 0;
	buf_clear(&b->bytes);
}

/* The first part writes what was read before; all read what there is to read.
 */
static void
do_part(void *ctx, size_t which)
{
	struct bulk *x = ctx;
	struct batch *b = x->filling;
	struct pool pool = {0};
	size_t at;

	if (which == 0)
		write_batch(x, x->before);
	while ((at = atomic_fetch_add(&x->next, TAKEN)) < b->count)
		for (size_t i = at; i < at + TAKEN && i < b->count; i++) {
			name_topics(b, &b->jobs[i], &pool);
			pool_free(&pool);
		}
}

static int
turn(struct bulk *x, struct err *err)
{
	struct batch *b = x->filling;

	atomic_store(&x->next, 0);
	crew_run(crew_size(), do_part, x);
	x->filling = x->before;
	x->before = b;
	if (x->ret < 0)
		*err = x->err;
	return x->ret;
}

static bool
every(const struct chain_head *head, const char *line, size_t len,
    const void *ctx)
{
	(void)head;
	(void)line;
	(void)len;
	(void)ctx;
	return true;
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct bulk *x = ctx;
	struct batch *b = x->filling;
	struct job *job = &b->jobs[b->count++];

	job->mark = *mark;
	job->at = b->bytes.len;
	buf_add(&b->bytes, line, len);
	return b->count == JOBS_MAX || b->bytes.len >= JOBS_BYTES ? turn(x, err)
	                                                          : 0;
}

static int
fill(struct bulk *x, struct ledger *l, struct err *err)
{
	struct ledger_scan s = {.pick = every, .see = see, .ctx = x};

	if (ledger_scan(l, &s, NULL, err) < 0)
		return -1;
	if (turn(x, err) < 0)
		return -1;
	/* What was read last is written by the turn after. */
	return turn(x, err);
}

static void
free_batch(struct batch *b)
{
	for (size_t i = 0; i < JOBS_MAX; i++)
		free(b->jobs[i].topics);
	buf_free(&b->bytes);
}

int
changelog_bulk(struct ledger *l, struct index *index, struct err *err)
{
	struct bulk *x = calloc(1, sizeof(*x));
	int ret;

	if (x == NULL)
		err_fatal("out of memory");
	x->filling = &x->batches[0];
	x->before = &x->batches[1];
	ret = index_bulk_begin(&x->index, index, err);
	if (ret == 0) {
		ret = fill(x, l, err);
		if (ret < 0)
			index_bulk_drop(x->index);
		else
			ret = index_bulk_end(x->index, err);
	}
	free_batch(&x->batches[0]);
	free_batch(&x->batches[1]);
	free(x);
	return ret;
}

void
changelog_bulk_first(struct ledger *l, struct index *index,
    struct chain_mark *last, bool hurried)
{
	struct err ignored = {0};
	uint64_t size = last->seq == 0 ? ledger_size(l) : 0;

	if (size < CHANGELOG_BULK_BYTES ||
	    (hurried && size > CHANGELOG_BULK_HURRIED))
		return;
	if (changelog_bulk(l, index, &ignored) < 0 ||
	    index_last(index, last, &ignored) < 0)
		*last = (struct chain_mark){0};
}

void
changelog_bulk_again(struct ledger *l, struct index *index,
    struct chain_mark *last)
{
	const struct chain_mark before = *last;
	struct err ignored = {0};
	uint64_t behind = ledger_size_behind(l, last);

	if (behind < CHANGELOG_BULK_HURRIED || behind < ledger_size(l) / 2)
		return;
	if (changelog_bulk(l, index, &ignored) < 0 ||
	    index_last(index, last, &ignored) < 0)
		*last = before;
}
