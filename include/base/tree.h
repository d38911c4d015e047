/*
 * tree - a parsed document: JSON or YAML in, typed getters with places out.
 *
 * Outside bytes pass one strict reader and come out as these nodes; nothing
 * past the reader sees a library's type.  Nodes and texts belong to the pool.
 * Refused in both: more than TREE_SIZE_MAX bytes, deeper than TREE_DEPTH_MAX,
 * more than TREE_NODES_MAX nodes, a key twice in one mapping, text that is not
 * UTF-8 or holds a NUL (escaped ones too), anything behind the document.
 *
 * JSON is RFC 8259, read by jansson, and the document is a list or a mapping.
 * Integers are exact; one that does not fit int64_t is refused, and so is a
 * number too big for a double.  A number with a point or exponent comes out as
 * the shortest text that gives the same double.
 *
 * YAML, read by libyaml, is the plain core only: no anchors, aliases, tags,
 * directives, merge keys ("<<"), keys that are no text, or second document.
 * Nor may it hold what an editor shows otherwise than it is read: control
 * characters, a byte order mark, line breaks other than LF and CR LF,
 * bidirectional embeddings, overrides and isolates.  A scalar is text, and
 * becomes a number, boolean or null only when a getter asks for one; a plain,
 * unquoted scalar is needed then:
 *
 *	null		nothing at all, ~ or null
 *	boolean		true or false; yes, no, on and off are texts
 *	number		decimal digits, perhaps after a minus; 010 is a text
 *
 * A plain number is a text too where a text is wanted (an incident's number, a
 * login), as it stands there; a plain null or boolean is none.  An empty
 * document is null.
 *
 * A getter's error reads "file:line:column: ..." (JSON: "file: ...") and names
 * the key and what was expected.
 */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"

#define TREE_SIZE_MAX (26214400) /* 25 MiB */
#define TREE_DEPTH_MAX 32
#define TREE_NODES_MAX 1000000

enum tree_kind {
	TREE_NULL = 0,
	TREE_BOOL,
	TREE_NUMBER, /* JSON only: an integer that fits int64_t */
	TREE_TEXT,   /* each YAML scalar; a JSON number that is no integer */
	TREE_LIST,
	TREE_MAP
};

struct tree {
	enum tree_kind kind;
	bool plain; /* YAML: the scalar was not quoted */
	bool boolean;
	unsigned line, column; /* YAML, from 1; in a map, those of the key */
	int64_t number;
	const char *text;         /* ended by NUL */
	size_t len;               /* bytes of `text`, or count of children */
	const char *key;          /* in a map */
	const struct tree *child; /* first of a list or map */
	const struct tree *next;  /* in the parent's order */
	const char *file;         /* what the parser was told */
};

/* `file` names the document in errors; it is borrowed as long as the pool. */
int tree_parse_json(const struct tree **out, struct pool *pool,
    const char *data, size_t len, const char *file, struct err *err) must_check;
int tree_parse_yaml(const struct tree **out, struct pool *pool,
    const char *data, size_t len, const char *file, struct err *err) must_check;

/* What one node is; where it is, the value is in the last argument. */
bool tree_is_null(const struct tree *t);
bool tree_is_boolean(const struct tree *t, bool *value);
bool tree_is_number(const struct tree *t, int64_t *number);
bool tree_is_text(const struct tree *t); /* and then `text` holds it */

/* The child with that key, or NULL (also when `t` is NULL or no map). */
const struct tree *tree_get(const struct tree *t, const char *key);
/* "a.b.c" through maps, or NULL. */
const struct tree *tree_path(const struct tree *t, const char *path);
/* The text of a text child, or NULL when it is absent or something else. */
const char *tree_text(const struct tree *t, const char *path);
/* The number of a number child, or 0; tree_true(): it is there and true. */
int64_t tree_number(const struct tree *t, const char *path);
bool tree_true(const struct tree *t, const char *path);
/* The instant written in a text child, or 0. */
int64_t tree_instant(const struct tree *t, const char *path);

/* An error at this node; ERR_CONFIG for YAML, ERR_INPUT for JSON. */
int tree_error(const struct tree *t, struct err *err, const char *format, ...)
    like_printf(3, 4);
/*
 * `t` is a map and has no other keys than these (NULL ends the list).  Strict
 * getters take a key as it stands, a dot in it included.
 */
int tree_only(const struct tree *t, const char *const keys[],
    struct err *err) must_check;

/*
 * Strict getters.  want_: absent (or null) leaves `*out` as it is.  need_:
 * absent is an error.  The wrong type or a value out of range is always one.
 */
int tree_want_text(const struct tree *t, const char *key, const char **out,
    struct err *err) must_check;
int tree_need_text(const struct tree *t, const char *key, const char **out,
    struct err *err) must_check;
int tree_want_unsigned(const struct tree *t, const char *key, unsigned least,
    unsigned most, unsigned *out, struct err *err) must_check;
int tree_want_bool(const struct tree *t, const char *key, bool *out,
    struct err *err) must_check;
int tree_want_duration(const struct tree *t, const char *key, int64_t *out,
    struct err *err) must_check;
int tree_want_instant(const struct tree *t, const char *key, int64_t *out,
    struct err *err) must_check;
/* One of `names` (NULL ends the list); `*out` is its place in it. */
int tree_want_choice(const struct tree *t, const char *key,
    const char *const names[], unsigned *out, struct err *err) must_check;
/*
 * A list of texts (a single text is a list of one); none may be empty.  `*out`
 * is NULL only as long as nothing was there: an empty list is not NULL.
 */
int tree_want_texts(const struct tree *t, const char *key, struct pool *pool,
    const char *const **out, size_t *count, struct err *err) must_check;

#endif
