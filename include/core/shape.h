/*
 * shape - a map of a configuration file, as a table: a key is a row.
 *
 * shape_read() puts the keys of one map into one struct.  A key without a row,
 * a key without a value ("groups:" and nothing behind it), a wrong type and a
 * value out of range are refused with their place; a key that is absent leaves
 * its field as it was, so defaults are set before.  An empty list is refused
 * where SHAPE_FILLED stands: there "none" would mean "anybody".
 */
#ifndef CORE_SHAPE_H
#define CORE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/tree.h"
#include "core/policy.h"

#define SHAPE_ROWS_MAX 32
#define SHAPE_WORD_MAX 64
#define SHAPE_WORD_IS "1 to 64 of A-Z, a-z, 0-9, '-', '_' and '.'"
#define SHAPE_QUOTE_MAX 60  /* characters of a text that an error shows */
#define SHAPE_TEXT_MAX 4096 /* bytes of one text */

enum shape_kind {
	SHAPE_PART = 0, /* known; whoever reads the part looks at it */
	SHAPE_TEXT,     /* const char * */
	SHAPE_WORD,     /* const char *, shape_is_word() */
	SHAPE_PATH,     /* const char *, shape_is_path() */
	SHAPE_TEXTS,    /* struct texts */
	SHAPE_WORDS,    /* struct texts, each each shape_is_word() */
	SHAPE_COUNT,    /* unsigned, `least` to `most` */
	SHAPE_BOOL,     /* bool */
	SHAPE_DURATION, /* int64_t, `least` to `most` */
	SHAPE_INSTANT,  /* int64_t */
	SHAPE_CHOICE,   /* an enum: `least` and the place in `names` */
	SHAPE_EITHER    /* bool: the second of two `names` */
};

enum shape_flag {
	SHAPE_NEEDED = 1,
	SHAPE_FILLED = 2
};

struct shape_row {
	const char *key; /* NULL ends the table */
	enum shape_kind kind;
	size_t offset;
	unsigned flags;
	int64_t least, most;
	const char *const *names;
};

/*
 * The first fields of a row, such as
 *	{SHAPE_ROW("count", COUNT, approvals, count), .least = 1, .most = 9}
 */
#define SHAPE_ROW(name, what, type, field)                                     \
	.key = (name), .kind = SHAPE_##what,                                   \
	.offset = offsetof(struct type, field)

int shape_read(void *out, struct pool *pool, const struct tree *map,
    const struct shape_row *rows, struct err *err) must_check;
/* One row of texts or words alone; absent counts as an empty list. */
int shape_texts(struct texts *out, struct pool *pool, const struct tree *map,
    const struct shape_row *row, struct err *err) must_check;
/* Every key of `map` has a row and a value, and needed ones are there. */
int shape_keys(const struct tree *map, const struct shape_row *rows,
    struct err *err) must_check;
/* `t` is of that kind, else an error that names its key. */
int shape_is_list(const struct tree *t, struct err *err) must_check;
int shape_is_map(const struct tree *t, struct err *err) must_check;
/* The first key of a document: "version: 1". */
int shape_version(const struct tree *document, struct err *err) must_check;

/* Where the `nth` text of a row stands: in the list, or the text itself. */
const struct tree *shape_at(const struct tree *map, const char *key,
    size_t nth);
/*
 * The "name" of `map`, which is in `list`, where shape_read() was content: no
 * dot first, and none before it has the same.
 */
int shape_name(const struct tree *list, const struct tree *map,
    struct err *err) must_check;
/* The text in quotes, safe to show. */
const char *shape_quote(struct pool *pool, const char *text);
/* Letters, digits, "-", "_", "."; 1 to SHAPE_WORD_MAX of them. */
bool shape_is_word(const char *text);
/* From "/" on, without "//", a step ".." or ".", or a "/" at the end. */
bool shape_is_path(const char *text);

#endif
