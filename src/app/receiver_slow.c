/* Threads for what waits for somebody else. */
#include "receiver_inside.h"

static void *
run_on(void *ctx)
{
	struct receiver_pool *p = ctx;

	(void)pthread_mutex_lock(&p->lock);
	for (;;) {
		struct receiver_waiting next;

		while (p->count == 0 && !p->over)
			(void)pthread_cond_wait(&p->more, &p->lock);
		if (p->count == 0)
			break;
		next = p->queue[p->at];
		p->at = (p->at + 1) % RECEIVER_SLOW_QUEUE;
		p->count--;
		(void)pthread_mutex_unlock(&p->lock);
		next.run(next.ctx);
		(void)pthread_mutex_lock(&p->lock);
	}
	(void)pthread_mutex_unlock(&p->lock);
	return NULL;
}

bool
receiver_slow(struct receiving *r, void (*run)(void *ctx), void *ctx)
{
	struct receiver_pool *p = &r->pool;
	bool taken = false;

	(void)pthread_mutex_lock(&p->lock);
	if (p->count < RECEIVER_SLOW_QUEUE && !p->over) {
		p->queue[(p->at + p->count) % RECEIVER_SLOW_QUEUE] =
		    (struct receiver_waiting){run, ctx};
		p->count++;
		taken = true;
		(void)pthread_cond_signal(&p->more);
	}
	(void)pthread_mutex_unlock(&p->lock);
	return taken;
}

int
receiver_pool_start(struct receiver_pool *p, struct err *err)
{
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->more, NULL);
	for (; p->started < RECEIVER_SLOW; p->started++)
		if (pthread_create(&p->threads[p->started], NULL, run_on, p) !=
		    0)
			return err_set(err, ERR_SYSTEM,
			    "no thread could be had");
	return 0;
}

void
receiver_pool_stop(struct receiver_pool *p)
{
	if (p->started == 0)
		return;
	(void)pthread_mutex_lock(&p->lock);
	p->over = true;
	(void)pthread_cond_broadcast(&p->more);
	(void)pthread_mutex_unlock(&p->lock);
	while (p->started > 0)
		(void)pthread_join(p->threads[--p->started], NULL);
}
