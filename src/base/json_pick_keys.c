/* Is a key there twice: a table, and where that is made to fail, a sort. */
#include "json_pick_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_pick.h"

#define FEW 8              /* are compared each with each */
#define PROBES_A_KEY 4     /* on the average; more is somebody's doing */
#define PROBES_ALWAYS 1024 /* and this much is never too much */

#define MIX 0x9e3779b97f4a7c15u

static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * MIX;
	return hash ^ hash >> 32;
}

static uint32_t
hash_of(const char *key, size_t len)
{
	uint64_t hash = len, word;

	for (; len >= sizeof(word); key += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, key, sizeof(word));
		hash = mix(hash, word);
	}
	word = 0;
	for (size_t i = 0; i < len; i++)
		word = word << 8 | (unsigned char)key[i];
	return (uint32_t)mix(hash, word);
}

void
json_keys_start(struct json_keys *keys, struct pool *pool)
{
	keys->pool = pool;
	keys->list = keys->first_list;
	keys->room = JSON_KEYS_FIRST;
	keys->count = 0;
	keys->slots = keys->first_slots;
	keys->slot_room = sizeof(keys->first_slots) / sizeof(keys->slots[0]);
}

static void
make_room(struct json_keys *keys)
{
	struct json_key *wide =
	    pool_array(keys->pool, keys->room * 2, sizeof(*wide));

	memcpy(wide, keys->list, keys->count * sizeof(*wide));
	keys->list = wide;
	keys->room *= 2;
}

bool
json_keys_add(struct json_keys *keys, const char *key, size_t len)
{
	if (keys->count == JSON_PICK_KEYS_MAX)
		return false;
	if (keys->count == keys->room)
		make_room(keys);
	keys->list[keys->count++] = (struct json_key){.key = key,
	    .len = (uint32_t)len,
	    .hash = hash_of(key, len)};
	return true;
}

static bool
same(const struct json_key *a, const struct json_key *b)
{
	return a->hash == b->hash && a->len == b->len &&
	    memcmp(a->key, b->key, a->len) == 0;
}

static const struct json_key *
twice_of_few(const struct json_key *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (same(&list[i], &list[j]))
				return &list[i];
	return NULL;
}

static int
by_key(const void *left, const void *right)
{
	const struct json_key *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->key, b->key, a->len);
}

static const struct json_key *
twice_by_order(struct json_key *list, size_t count)
{
	qsort(list, count, sizeof(*list), by_key);
	for (size_t i = 1; i < count; i++)
		if (same(&list[i - 1], &list[i]))
			return &list[i];
	return NULL;
}

/* A table at least twice as wide as there are keys, empty. */
static size_t
clear_slots(struct json_keys *keys, size_t count)
{
	size_t room = 32;

	while (room < 2 * count)
		room *= 2;
	if (room > keys->slot_room) {
		keys->slots =
		    pool_array(keys->pool, room, sizeof(*keys->slots));
		keys->slot_room = room;
		return room;
	}
	memset(keys->slots, 0, room * sizeof(*keys->slots));
	return room;
}

static const struct json_key *
twice_by_hash(struct json_keys *keys, struct json_key *list, size_t count)
{
	size_t mask = clear_slots(keys, count) - 1;
	size_t left = PROBES_A_KEY * count + PROBES_ALWAYS;

	for (size_t i = 0; i < count; i++) {
		size_t slot = list[i].hash & mask;

		for (; keys->slots[slot] != 0; slot = (slot + 1) & mask) {
			if (same(&list[keys->slots[slot] - 1], &list[i]))
				return &list[i];
			if (--left == 0)
				return twice_by_order(list, count);
		}
		keys->slots[slot] = (uint32_t)i + 1;
	}
	return NULL;
}

const struct json_key *
json_keys_close(struct json_keys *keys, size_t count)
{
	struct json_key *list = keys->list + count;
	size_t closed = keys->count - count;

	keys->count = count;
	return closed <= FEW ? twice_of_few(list, closed)
	                     : twice_by_hash(keys, list, closed);
}
