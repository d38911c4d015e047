/*
 * Room for bodies.
 *
 * What is large comes from the system by itself and goes back at once: from
 * malloc() it would grow in a thread's arena, which keeps it.
 */
#define _GNU_SOURCE /* mremap() */
#include "listen_inside.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static bool
is_apart(size_t size)
{
	return size > LISTEN_ROOM_FIRST;
}

static char *
map_room(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static char *
move_apart(char *room, size_t before, size_t size)
{
	char *apart = map_room(size);

	if (apart != NULL && before > 0) {
		memcpy(apart, room, before);
		free(room);
	}
	return apart;
}

char *
listen_room_grow(char *room, size_t before, size_t size)
{
	void *grown;

	if (!is_apart(size))
		grown = realloc(room, size);
	else if (!is_apart(before))
		grown = move_apart(room, before, size);
	else
		grown = mremap(room, before, size, MREMAP_MAYMOVE);
	if (grown == NULL || grown == MAP_FAILED)
		err_fatal("out of memory");
	return grown;
}

void
listen_room_free(char *room, size_t size)
{
	if (is_apart(size))
		(void)munmap(room, size);
	else
		free(room);
}
