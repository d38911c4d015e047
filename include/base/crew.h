/*
 * crew - one piece of work cut into parts that are done at the same time.
 *
 *	static void part(void *ctx, size_t which)
 *
 *	crew_run(crew_size(), part, ctx);
 *
 * As many parts as there are processors, at most CREW_MAX.  A part owns what it
 * writes to; what several of them read nobody changes meanwhile.  Where no
 * thread can be had, the caller does all parts itself, one after the other: the
 * answer is the same, later.
 */
#ifndef BASE_CREW_H
#define BASE_CREW_H

#include <stddef.h>

#define CREW_MAX 8

/* How many parts are worth it here; at least 1. */
size_t crew_size(void);
/* Do `work` once for each of 0 to count - 1; all are done on return. */
void crew_run(size_t count, void (*work)(void *ctx, size_t which), void *ctx);

#endif
