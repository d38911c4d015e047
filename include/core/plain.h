/*
 * plain - a text as bare words, so that two ways of writing it are equal.
 *
 * What is gone: HTML comments, tags and entities, Markdown, punctuation, case,
 * white space, invisible characters, marks on letters.  What is left are words
 * of letters and digits with one blank between them.  A point, apostrophe or
 * underline inside a word joins it ("v1.2" is one word); an address with "://"
 * is one word, its scheme; an ideograph is a word of its own; in scripts
 * without spaces (Thai, Lao, Khmer, Burmese) four letters make one.
 */
#ifndef CORE_PLAIN_H
#define CORE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

/* A copy with each HTML comment as an empty line; an open one ends the text. */
const char *plain_uncomment(struct pool *pool, const char *text, size_t len);
/* Nothing but white space, invisible characters and HTML comments. */
bool plain_is_blank(struct pool *pool, const char *text, size_t len);
const char *plain_words(struct pool *pool, const char *text, size_t len);
/*
 * How many different words `words` (of plain_words()) holds.  A single letter
 * is none, an ideograph is one; numbers count up to the number of the others.
 */
unsigned plain_count(struct pool *pool, const char *words);

#endif
