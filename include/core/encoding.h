/*
 * encoding - what a commit may say its text is written in.
 *
 * Readers of Git decode a message by its `encoding` header before they show
 * it; what is judged are the bytes.  In UTF-7 "+AAo-" is a line's end, and in
 * EBCDIC no letter is what it seems: there the two would be different texts.
 */
#ifndef CORE_ENCODING_H
#define CORE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * One that is known, and in which each byte of ASCII that stands by itself is
 * what it is in ASCII.  Case, "-" and "_" make no difference.
 */
bool encoding_is_plain(const char *name, size_t len);

#endif
