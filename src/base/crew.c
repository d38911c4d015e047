#include "base/crew.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

struct hand {
	pthread_t thread;
	bool away;
	void (*work)(void *ctx, size_t which);
	void *ctx;
	size_t which;
};

size_t
crew_size(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > CREW_MAX ? CREW_MAX : (size_t)n;
}

static void *
run_one(void *arg)
{
	struct hand *h = arg;

	h->work(h->ctx, h->which);
	return NULL;
}

void
crew_run(size_t count, void (*work)(void *ctx, size_t which), void *ctx)
{
	struct hand hands[CREW_MAX];
	size_t more = count > CREW_MAX ? CREW_MAX - 1 : count;

	for (size_t i = 1; i < more; i++) {
		hands[i] = (struct hand){.work = work, .ctx = ctx, .which = i};
		hands[i].away = pthread_create(&hands[i].thread, NULL, run_one,
		                    &hands[i]) == 0;
	}
	for (size_t i = more; i < count; i++)
		work(ctx, i);
	if (count > 0)
		work(ctx, 0);
	for (size_t i = 1; i < more; i++) {
		if (!hands[i].away)
			work(ctx, i);
		else
			(void)pthread_join(hands[i].thread, NULL);
	}
}
