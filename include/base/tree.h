/*
 * tree - a parsed document: JSON or YAML in, typed getters with places out.
 *
 * Outside bytes pass one strict reader and come out as these nodes; nothing
 * past the reader sees a library's type.  Nodes and texts belong to the pool.
 * Refused in both: more than TREE_SIZE_MAX bytes, deeper than TREE_DEPTH_MAX,
 * more than TREE_NODES_MAX nodes, a key twice in one mapping, text that is not
 * UTF-8 or holds a NUL, anything behind the document.  YAML is the plain core
 * only: no anchors, aliases, tags, directives or second document; a scalar is
 * text, and becomes a number, boolean or null only when a getter asks for one
 * (a plain, unquoted scalar is needed then).
 *
 * A getter's error reads "file:line:column: ..." (JSON: "file: path ...") and
 * names what was expected.
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
#define TREE_NODES_MAX 4000000

enum tree_kind {
	TREE_NULL = 0,
	TREE_BOOL,
	TREE_NUMBER, /* JSON only: an integer that fits int64_t */
	TREE_TEXT, /* also a JSON number that is no such integer, as written */
	TREE_LIST,
	TREE_MAP
};

struct tree {
	enum tree_kind kind;
	bool plain; /* YAML: the scalar was not quoted */
	bool boolean;
	unsigned line, column; /* from 1; 0 where not known */
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

/* The child with that key, or NULL (also when `t` is NULL or no map). */
const struct tree *tree_get(const struct tree *t, const char *key);
/* "a.b.c" through maps, or NULL. */
const struct tree *tree_path(const struct tree *t, const char *path);
/* The text of a text child, or NULL when it is absent or something else. */
const char *tree_text(const struct tree *t, const char *path);
/* The number of a number child, or 0. */
int64_t tree_number(const struct tree *t, const char *path);
bool tree_true(const struct tree *t, const char *path);
/* The instant written in a text child, or 0. */
int64_t tree_instant(const struct tree *t, const char *path);

/* An error at this node: "file:line:column: ...", ERR_CONFIG for YAML. */
int tree_error(const struct tree *t, struct err *err, const char *format, ...)
    like_printf(3, 4);
/* `t` is a map and has no other keys than these (NULL ends the list). */
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
/* A list of texts (a single text is a list of one); none may be empty. */
int tree_want_texts(const struct tree *t, const char *key, struct pool *pool,
    const char *const **out, size_t *count, struct err *err) must_check;

#endif
