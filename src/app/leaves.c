#include "app/leaves.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"

#define LINES_MOST 16384

/* Lines one behind another, and where each ends. */
struct block {
	struct buf bytes;
	size_t ends[LINES_MOST];
	size_t count;
};

struct leaves {
	struct merkle *tree;
	leaves_at_fn *at;
	void *ctx;
	struct block blocks[2];
	unsigned filling; /* which of them the walk fills */
	bool threaded;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* Under the lock: the other block waits to be hashed; no more come. */
	bool full, over;
};

static void
hash(struct leaves *l, struct block *b)
{
	unsigned char leaf[DIGEST_SIZE];
	size_t begin = 0;

	for (size_t i = 0; i < b->count; i++) {
		merkle_leaf(leaf, b->bytes.data + begin, b->ends[i] - begin);
		merkle_add(l->tree, leaf);
		if (l->at != NULL)
			l->at(l->ctx);
		begin = b->ends[i];
	}
	b->count = 0;
	buf_clear(&b->bytes);
}

static void *
work(void *arg)
{
	struct leaves *l = arg;

	(void)pthread_mutex_lock(&l->lock);
	for (;;) {
		struct block *b;

		while (!l->full && !l->over)
			(void)pthread_cond_wait(&l->changed, &l->lock);
		if (!l->full)
			break;
		b = &l->blocks[!l->filling];
		(void)pthread_mutex_unlock(&l->lock);
		hash(l, b);
		(void)pthread_mutex_lock(&l->lock);
		l->full = false;
		(void)pthread_cond_signal(&l->changed);
	}
	(void)pthread_mutex_unlock(&l->lock);
	return NULL;
}

struct leaves *
leaves_begin(struct merkle *tree, leaves_at_fn *at, void *ctx)
{
	struct leaves *l = calloc(1, sizeof(*l));

	if (l == NULL)
		err_fatal("out of memory");
	l->tree = tree;
	l->at = at;
	l->ctx = ctx;
	(void)pthread_mutex_init(&l->lock, NULL);
	(void)pthread_cond_init(&l->changed, NULL);
	l->threaded = pthread_create(&l->thread, NULL, work, l) == 0;
	return l;
}

/* Give the block away, as soon as the one before it is done with. */
static void
hand_over(struct leaves *l)
{
	if (!l->threaded) {
		hash(l, &l->blocks[l->filling]);
		return;
	}
	(void)pthread_mutex_lock(&l->lock);
	while (l->full)
		(void)pthread_cond_wait(&l->changed, &l->lock);
	l->filling = !l->filling;
	l->full = true;
	(void)pthread_cond_signal(&l->changed);
	(void)pthread_mutex_unlock(&l->lock);
}

void
leaves_add(struct leaves *l, const char *line, size_t len)
{
	struct block *b = &l->blocks[l->filling];

	if (b->count == LINES_MOST ||
	    (b->count > 0 && b->bytes.len + len > LEAVES_BLOCK)) {
		hand_over(l);
		b = &l->blocks[l->filling];
	}
	buf_add(&b->bytes, line, len);
	b->ends[b->count++] = b->bytes.len;
}

void
leaves_end(struct leaves *l)
{
	hand_over(l);
	if (l->threaded) {
		(void)pthread_mutex_lock(&l->lock);
		l->over = true;
		(void)pthread_cond_signal(&l->changed);
		(void)pthread_mutex_unlock(&l->lock);
		(void)pthread_join(l->thread, NULL);
	}
	(void)pthread_cond_destroy(&l->changed);
	(void)pthread_mutex_destroy(&l->lock);
	buf_free(&l->blocks[0].bytes);
	buf_free(&l->blocks[1].bytes);
	free(l);
}
