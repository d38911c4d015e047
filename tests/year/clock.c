/*
 * clock.so - another time, for a program that is preloaded with it.
 *
 * CLOCK_OFFSET says by how many seconds the wall clock is wrong.  Clocks that
 * measure how long something takes stay right, and files keep their own times.
 */
#define _GNU_SOURCE /* SYS_clock_gettime */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t
offset(void)
{
	const char *text = getenv("CLOCK_OFFSET");

	return text == NULL ? 0 : (time_t)strtoll(text, NULL, 10);
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	int ret = (int)syscall(SYS_clock_gettime, clock, now);

	if (ret == 0 &&
	    (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += offset();
	return ret;
}

/* The C library's own declaration has two forms. */
int gettimeofday(struct timeval *restrict now, void *restrict zone);
int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec at;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &at) < 0)
		return -1;
	now->tv_sec = at.tv_sec;
	now->tv_usec = at.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec at;

	if (clock_gettime(CLOCK_REALTIME, &at) < 0)
		return -1;
	if (out != NULL)
		*out = at.tv_sec;
	return at.tv_sec;
}
