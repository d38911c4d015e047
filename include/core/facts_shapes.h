/*
 * facts_shapes - which member of core/change.h stands under which key.
 *
 * One table a struct.  core/facts.h walks them to write a record and to read
 * it back; nothing else needs them, but for the test that fills every member.
 */
#ifndef CORE_FACTS_SHAPES_H
#define CORE_FACTS_SHAPES_H

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
	FIELD_TEXT,
	FIELD_BOOL,
	FIELD_WORD,  /* an enum, by its word */
	FIELD_COUNT, /* unsigned */
	FIELD_SEQ,   /* uint64_t */
	FIELD_SPAN,  /* int64_t milliseconds */
	FIELD_INSTANT,
	FIELD_TEXTS, /* const char *const *, and its count */
	FIELD_ONE,   /* a struct in the struct */
	FIELD_LIST   /* pointer to structs, and their count */
};

struct shape;

struct field {
	const char *key;
	size_t at;
	size_t count_at;
	const struct shape *shape;
	const char *const *words; /* index is the value; NULL ends it */
	enum field_kind kind;
	bool always; /* written also when it is zero */
};

struct shape {
	size_t size;
	const struct field *fields; /* a NULL key ends it */
};

extern const struct shape facts_update;

#endif
