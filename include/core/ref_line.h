/*
 * ref_line - one line of what Git gives a hook: "old new ref".
 *
 * Two object names of one length in lower-case hex, a space between each, and
 * the rest of the line is the name of the ref (githooks(5), pre-receive).
 * Nothing is said about whether such a ref or object may be.
 */
#ifndef CORE_REF_LINE_H
#define CORE_REF_LINE_H

#include <stddef.h>

#include "base/err.h"
#include "base/pool.h"

struct ref_line {
	const char *old, *new, *name;
};

/*
 * Read the first line of `text` and say in `*used` how many bytes it takes,
 * its newline included; the last line needs none.  `number` is the line's, for
 * the error.  What is read lives in the pool.
 */
int ref_line_read(struct ref_line *out, struct pool *pool, const char *text,
    size_t len, size_t number, size_t *used, struct err *err) must_check;

#endif
