/* json_pick_parts - texts and keys, for json_pick.c alone. */
#ifndef JSON_PICK_PARTS_H
#define JSON_PICK_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

struct json_text {
	const char *from;
	size_t len; /* between the quotes, as it stands */
	bool escapes;
};

/*
 * The text behind the opening quote at `*at`, looked at to its closing one,
 * which `*at` is put behind.  Where it is no text, false, `*at` is the byte
 * that is wrong and `*why` says how.
 */
bool json_text_scan(struct json_text *out, const char **at, const char *end,
    const char **why);
/* Without its escapes, ended by a NUL; from a text that was scanned. */
const char *json_text_decode(struct pool *pool, const struct json_text *text,
    size_t *len);

/*
 * The keys of all mappings that are open, the innermost last.  Bounded time: a
 * mapping's keys are hashed into a table, and where somebody chose them so that
 * they meet there, they are sorted.
 */
#define JSON_KEYS_FIRST 256

struct json_key {
	const char *key;
	uint32_t len;
	uint32_t hash;
};

struct json_keys {
	struct pool *pool;
	struct json_key *list;
	size_t count, room;
	uint32_t *slots;
	size_t slot_room;
	struct json_key first_list[JSON_KEYS_FIRST];
	uint32_t first_slots[2 * JSON_KEYS_FIRST];
};

void json_keys_start(struct json_keys *keys, struct pool *pool);
/* False: there are JSON_PICK_KEYS_MAX already. */
bool json_keys_add(struct json_keys *keys, const char *key, size_t len);
/*
 * Forgets all but the first `count`; a key that stood twice among those that
 * are forgotten, or NULL.
 */
const struct json_key *json_keys_close(struct json_keys *keys, size_t count);

#endif
