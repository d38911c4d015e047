/*
 * renames - a repository goes on under another name (rules.md 39).
 *
 * A `renamed` record says so.  What was recorded before under the old name is
 * the renamed repository's from then on: it is found under the new name, and
 * reads as recorded under it.  A repository that gets the old name later is
 * another one, and begins with nothing.
 *
 * Which records count as renames is the caller's matter (app/changelog.h):
 * history is never joined to a repository that has one of its own.
 */
#ifndef CORE_RENAMES_H
#define CORE_RENAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/tree.h"

#define RENAMES_MAX 4096     /* `renamed` records that are looked at */
#define RENAMES_SPANS_MAX 16 /* names that one repository had */

struct rename {
	uint64_t seq; /* of its record */
	const char *was, *name;
};

/* In the order of their records. */
struct renames {
	struct rename *list;
	size_t count;
};

/* Records under `name` that lie behind `after` and before `before`. */
struct rename_span {
	const char *name;
	uint64_t after, before; /* UINT64_MAX: all that come */
};

/*
 * Under which names, and when, the repository was recorded that is `name` now;
 * newest first.  At least one: its own.
 */
size_t renames_spans(const struct renames *r, const char *name,
    struct rename_span spans[RENAMES_SPANS_MAX]);
/* What the repository is called now that was `name` at record `seq`. */
const char *renames_now(const struct renames *r, const char *name,
    uint64_t seq);
/* When, before record `seq`, that name was last given up; 0: never. */
uint64_t renames_left(const struct renames *r, const char *name, uint64_t seq);
/* The same record under another name; from the pool. */
const struct tree *renames_record(struct pool *pool, const struct tree *record,
    const char *name);

#endif
