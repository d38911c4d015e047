/*
 * secret_inside - what the files of core/secret share among themselves.
 */
#ifndef CORE_SECRET_INSIDE_H
#define CORE_SECRET_INSIDE_H

#include <stdint.h>

#include "core/secret.h"

enum secret_flag {
	SECRET_ANYWHERE = 1,    /* also in the middle of a word */
	SECRET_NO_DASH = 2,     /* not behind "-" */
	SECRET_MIXED = 4,       /* two of: lower case, upper case, digits */
	SECRET_CHECKSUM = 8,    /* ends in six digits of a CRC-32 */
	SECRET_BOT_BEFORE = 16, /* a number of 8 to 10 digits stands before */
	SECRET_WEB_KEY = 32,    /* only where the text also holds "kty" */
	SECRET_KEY = 64 /* part of a longer key: no end, no placeholders */
};

/*
 * A shape: the prefix, then `form`, in which "%b20-30" is 20 to 30 characters
 * of class b (secret_form.c has the classes), "~" one to eight of what stands
 * between a name and its value, "^" the end of a line, and all else itself.
 */
struct secret_shape {
	const char *kind;
	const char *prefix;
	const char *form;
	unsigned
	    distinct; /* different characters behind the prefix, at least */
	unsigned flags;
};

extern const struct secret_shape secret_shapes[];
extern const size_t secret_shape_count;

/* A file in PEM, in base64, begins so. */
#define SECRET_PEM_IN_BASE64 "LS0tLS1CRUdJTi"

/* What shapes begin with. */
struct secret_starts {
	unsigned char first[256], past[256]; /* shapes by their first byte */
	bool anywhere[256]; /* one of them needs no start of a word */
	bool word[256];
	uint32_t threes[65536 / 32]; /* first three bytes, by a hash of them */
	bool filled;
};
const struct secret_starts *secret_starts(void);
/* From `at` on, where a shape may begin; `len` where none does. */
size_t secret_next_start(const struct secret_starts *s, const char *data,
    size_t at, size_t len);

/* Is it of that class of a form? */
bool secret_is_in(char class, unsigned char c);
bool secret_is_word(unsigned char c);
bool secret_is_mixed(const char *at, size_t len);
/* How many bytes of `at` fit the form; 0: none.  `*last` is its last class. */
size_t secret_fits(const char *form, const char *at, size_t left, char *last);
bool secret_is_base64(unsigned char c);
size_t secret_distinct(const char *at, size_t len);
/* A word that only placeholders hold, or a row such as "12345678". */
bool secret_is_placeholder(const char *at, size_t len);
/* The manual's own: behind any prefix, from its first characters. */
bool secret_is_sample(const char *tail, size_t len);
/* The last six characters are those of the thirty before. */
bool secret_checks(const char *tail, size_t len);

/*
 * A private key in PEM, or such a file in base64, begins at `at`: how many
 * bytes it takes, or 0.
 */
size_t secret_pem(const char *at, size_t left, const char **kind);
size_t secret_pem_in_base64(const char *at, size_t left, const char **kind);

#endif
