/*
 * confuse - could a reader take one name or address for another?
 *
 * Used only to bar and to warn, never to grant: two texts with one skeleton
 * may be the same person.  The skeleton folds case, width, forms of the full
 * stop, blanks around and inside, invisible characters, marks on Latin letters
 * (composed or not), and letters of other scripts that look like Latin ones.
 * The idea is that of Unicode Technical Standard 39 (confusables); the table
 * is our own, of the letters a reader cannot tell from Latin in common fonts,
 * and is not complete.  A skeleton is for comparing, not for showing.
 */
#ifndef CORE_CONFUSE_H
#define CORE_CONFUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

/* What of a text is looked at, in bytes. */
#define CONFUSE_TEXT_MAX 4096

const char *confuse_skeleton(struct pool *pool, const char *text);
/* Equal skeletons; an empty skeleton, or NULL, is like nothing. */
bool confuse_same(struct pool *pool, const char *a, const char *b);
/*
 * A text that mixes Latin, Greek, Cyrillic, Armenian or Cherokee letters in one
 * word, or holds invisible characters: worth a mark where it is shown.
 */
bool confuse_mixed(const char *text);
/* The text with each character beyond ASCII as "\\u{0430}". */
const char *confuse_spelled(struct pool *pool, const char *text);

#endif
