#include "base/map.h"

#include <stdint.h>
#include <string.h>

#define ROOM_FIRST 64

/* FNV-1a: keys are ids and names of bounded count, not chosen to collide. */
static size_t
hash(const char *key)
{
	uint64_t h = 14695981039346656037u;

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * 1099511628211u;
	return (size_t)(h ^ (h >> 32));
}

static struct map_slot *
find(const struct map *map, const char *key)
{
	size_t i = hash(key) & (map->room - 1);

	while (map->slots[i].key != NULL && strcmp(map->slots[i].key, key) != 0)
		i = (i + 1) & (map->room - 1);
	return &map->slots[i];
}

void *
map_get(const struct map *map, const char *key)
{
	return map->room == 0 ? NULL : find(map, key)->value;
}

static void
grow(struct map *map)
{
	struct map wide = {.pool = map->pool,
	    .room = map->room == 0 ? ROOM_FIRST : map->room * 2};

	wide.slots = pool_array(map->pool, wide.room, sizeof(*wide.slots));
	for (size_t i = 0; i < map->room; i++)
		if (map->slots[i].key != NULL)
			*find(&wide, map->slots[i].key) = map->slots[i];
	wide.count = map->count;
	*map = wide;
}

void
map_put(struct map *map, const char *key, void *value)
{
	struct map_slot *slot;

	if (map->room == 0 || map->count >= map->room / 2)
		grow(map);
	slot = find(map, key);
	if (slot->key == NULL) {
		slot->key = key;
		map->count++;
	}
	slot->value = value;
}
