/*
 * json_pick - of a JSON document only what is wanted, in one strict pass.
 *
 * The whole document is looked at, byte by byte, and refused whole where it is
 * not RFC 8259: what is not a list or a mapping, more than JSON_PICK_DEPTH_MAX
 * collections in one another, a key twice in one mapping (as it reads, however
 * it is escaped), bytes that are not UTF-8, half a surrogate pair, a byte order
 * mark, anything behind the document.  What is wanted becomes nodes of
 * base/tree.h; of everything else nothing is kept but, while its mapping is
 * open, where each key stands.  So memory grows with what is wanted and with
 * JSON_PICK_KEYS_MAX, not with the document, and time with its length alone,
 * whoever chose the keys.
 *
 * What is wanted is a table of keys that ends with an empty row:
 *
 *	static const struct json_want user[] = {
 *	    JSON_WANT("login"), JSON_WANT("id"), {0}};
 *	static const struct json_want wants[] = {
 *	    JSON_WANT("action"), JSON_WANT_IN("sender", user), {0}};
 *
 * A wanted mapping has the children that `inside` names; a wanted list with an
 * `inside` has each of its elements, mappings among them treated so.  Without
 * `inside` either is there and empty.  The document itself is treated so too.
 *
 * Other than in tree.h: a TREE_NUMBER has its digits as they stand in `text`,
 * and 0 in `number` where it is no integer or does not fit; a TREE_TEXT may
 * hold a NUL, so that `len` is its length.  `len` of a mapping or list counts
 * the children that were picked.
 *
 * tests/fuzz/fuzz_json_pick.c holds this against jansson.
 */
#ifndef BASE_JSON_PICK_H
#define BASE_JSON_PICK_H

#include "base/tree.h"

#define JSON_PICK_SIZE_MAX 26214400 /* 25 MiB */
#define JSON_PICK_DEPTH_MAX 32
#define JSON_PICK_NODES_MAX 100000 /* picked */
#define JSON_PICK_KEYS_MAX 1048576 /* of the mappings open at one place */

struct json_want {
	const char *key;
	size_t len;
	const struct json_want *inside;
};
#define JSON_WANT(key)                                                         \
	{                                                                      \
		key, sizeof(key) - 1, NULL                                     \
	}
#define JSON_WANT_IN(key, inside)                                              \
	{                                                                      \
		key, sizeof(key) - 1, inside                                   \
	}

/*
 * ERR_INPUT: what is wrong and at which byte, or which key is there twice.
 * Nodes belong to the pool, and so do texts.
 */
int json_pick(const struct tree **out, struct pool *pool,
    const struct json_want *wants, const char *data, size_t len,
    struct err *err) must_check;

#endif
