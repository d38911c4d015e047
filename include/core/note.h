/*
 * note - a signed note (C2SP signed-note), as text only.
 *
 * A text that ends with LF, an empty line, and one or more signature lines:
 * an em dash, a space, the key's name, a space, and in base64 the key's id
 * (four bytes) and the signature.  This module takes notes apart and puts
 * lines together; whether a signature holds is asked elsewhere.
 *
 * Refused: more than NOTE_SIZE_MAX bytes or NOTE_SIGNATURES_MAX signatures,
 * control characters other than LF, text that is not UTF-8, no text, no
 * signature, a signature line that is not exactly of that form.
 */
#ifndef CORE_NOTE_H
#define CORE_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/pool.h"

#define NOTE_SIZE_MAX 65536u
#define NOTE_SIGNATURES_MAX 64u
#define NOTE_ID_SIZE 4
#define NOTE_ED25519 0x01 /* the algorithm's byte in a key's id */

struct note_signature {
	const char *name;
	unsigned char id[NOTE_ID_SIZE];
	const unsigned char *bytes;
	size_t len;
};

struct note {
	const char *text; /* what was signed, its last LF included */
	size_t len;
	const struct note_signature *signatures;
	size_t count;
};

/* The texts of `out` are borrowed from `data` and `pool`. */
int note_parse(struct note *out, struct pool *pool, const char *data,
    size_t len, struct err *err) must_check;

/* Not empty, UTF-8, no white space, no "+", no control character. */
bool note_is_name(const char *name);
/* SHA-256 of name, LF, algorithm, public key: its first four bytes. */
void note_key_id(unsigned char out[NOTE_ID_SIZE], const char *name,
    unsigned char algorithm, const unsigned char *key, size_t len);
/* One signature line, to stand behind the text and an empty line. */
void note_signature_line(struct buf *out, const char *name,
    const unsigned char id[NOTE_ID_SIZE], const unsigned char *bytes,
    size_t len);

#endif
