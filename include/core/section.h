/*
 * section - what stands below a heading of a Markdown text.
 *
 * Headings are "#" to "######" and a blank before the words, or a line of words
 * above a line of two or more "=" or "-" (CommonMark, sections "ATX headings"
 * and "Setext headings"; of a paragraph above such a line only its last line
 * is taken).  Not headings: lines in code fences, in HTML comments, in quotes,
 * or with four blanks before them.  Numbers before a heading's words and
 * parentheses behind them are passed over; words behind a ":" belong to the
 * section.
 */
#ifndef CORE_SECTION_H
#define CORE_SECTION_H

#include <stddef.h>

#include "base/pool.h"

/*
 * The sections whose heading is one of `headings` (as plain_words() gives
 * them; NULL ends the list), each up to the next heading of its level or a
 * higher one, headings of lower ones left out.  At most `most` of them.
 */
size_t sections_find(struct pool *pool, const char *text, size_t len,
    const char *const headings[], const char **list, size_t most);

#endif
