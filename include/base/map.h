/*
 * map - from texts to pointers, for as long as a pool lives.
 *
 * `struct map map = {.pool = pool};` is a valid, empty map.  Keys are borrowed
 * and must live as long as the map.  Nothing is ever taken out.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

#include "base/pool.h"

struct map_slot {
	const char *key;
	void *value;
};

struct map {
	struct pool *pool;
	struct map_slot *slots;
	size_t room, count;
};

/* The value under `key`, or NULL. */
void *map_get(const struct map *map, const char *key);
/* Put `value` (not NULL) under `key`, over what was there. */
void map_put(struct map *map, const char *key, void *value);

#endif
