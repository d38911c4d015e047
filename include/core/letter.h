/*
 * letter - characters as people take them: letters, scripts, small and large.
 *
 * Reads UTF-8 without a locale and without a table of all of Unicode: what is
 * not known as punctuation, symbol, space or invisible counts as a letter, so
 * that no script is left out.  A byte that is not part of valid UTF-8 is taken
 * for the Latin-1 character it may have been.
 */
#ifndef CORE_LETTER_H
#define CORE_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum letter_script {
	LETTER_COMMON = 0, /* digits, punctuation, symbols, invisible */
	LETTER_LATIN,
	LETTER_GREEK,
	LETTER_CYRILLIC,
	LETTER_ARMENIAN,
	LETTER_CHEROKEE,
	LETTER_IDEOGRAPHIC, /* Han, Hiragana, Katakana, Bopomofo, Hangul */
	LETTER_OTHER
};

/* The character at `text` (of `len` > 0 bytes); `*size` is what it takes. */
uint32_t letter_read(const char *text, size_t len, size_t *size);

/* `c` as UTF-8; answers how many bytes it took. */
size_t letter_write(char out[4], uint32_t c);

bool letter_is_space(uint32_t c);
/* Draws nothing: zero width, soft hyphen, bidirectional, variation marks. */
bool letter_is_invisible(uint32_t c);
/* A combining mark that is put on the letter before it. */
bool letter_is_mark(uint32_t c);
bool letter_is_digit(uint32_t c);
/* A letter in the wide sense of the opening comment; no digit, no mark. */
bool letter_is_letter(uint32_t c);
/* Each such character is a word of its own. */
bool letter_is_word(uint32_t c);
/* Of a script that puts no space between words (Thai, Lao, Khmer, Burmese). */
bool letter_is_unspaced(uint32_t c);
enum letter_script letter_script(uint32_t c);

/* Simple lower case: ASCII, Latin, Greek, Cyrillic, Armenian, full width. */
uint32_t letter_lower(uint32_t c);
/* Full-width and half-width forms of ASCII as ASCII. */
uint32_t letter_narrow(uint32_t c);
/* A composed Latin letter as the small letter under its marks; else `c`. */
uint32_t letter_base(uint32_t c);

#endif
