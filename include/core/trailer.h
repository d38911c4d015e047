/*
 * trailer - the trailers of a message, as git reads them.
 *
 * The answer is that of `git interpret-trailers --parse` (2.39, no settings)
 * to the same text: only the last paragraph, never the first; all its lines
 * trailers, or one of them made by git (Signed-off-by, cherry picked from) and
 * a quarter of them trailers; a line continued by lines that begin with a
 * blank; "#" comments passed over; all behind a lone "---" line cut off, but
 * not behind "------".  The one difference: a carriage return at a line's end
 * is never part of a value, in a folded value neither.
 *
 * A trailer is what its author claims; it grants nothing by itself.
 * The armor of a tag's signature is cut off by the caller.  Work is linear.
 */
#ifndef CORE_TRAILER_H
#define CORE_TRAILER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

struct trailer {
	const char *key;   /* as written, blanks around it gone */
	const char *value; /* on one line; may be "" */
};

void trailers_parse(struct pool *pool, const char *message, size_t len,
    struct trailer **list, size_t *count);
/*
 * The offset at which the trailers' paragraph begins, and where it ends in
 * `*end`; both are the same where there is none.
 */
size_t trailers_place(const char *message, size_t len, size_t *end);

/* Keys are equal whatever their ASCII case. */
bool trailer_is(const struct trailer *t, const char *key);
/*
 * The value of the first trailer with that key, or NULL.  `times` (may be NULL)
 * is how often the key stands there.
 */
const char *trailer_get(const struct trailer *list, size_t count,
    const char *key, size_t *times);

struct coauthor {
	const char *name;  /* may be "" */
	const char *email; /* "": the line names no address */
};

/*
 * Everybody a message calls co-author: "Co-authored-by" and "Co-developed-by",
 * as trailers and, because such a line can only bar, as a line anywhere in the
 * message, quoted or indented ones too.  Each pair stands once, in the order of
 * the addresses' bytes.
 */
void coauthors(struct pool *pool, const char *message, size_t len,
    struct coauthor **list, size_t *count);

#endif
