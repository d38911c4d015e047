/*
 * signed - a tag object taken apart into what was signed and the signature.
 *
 * Cut where git cuts: the LAST line that begins like the armor of a signature
 * begins the signature, everything before it is what was signed.  Stricter
 * than git in what it takes: a tag with more than one such line, with anything
 * but white space behind the line that ends the armor, or with a signature
 * made for the other hash algorithm in its header ("gpgsig") is refused.
 *
 * The signature is not looked at here; edge/signature.h does that.
 */
#ifndef CORE_SIGNED_H
#define CORE_SIGNED_H

#include <stddef.h>

#include "base/err.h"

#define SIGNED_SIZE_MAX (1u << 20)

struct signed_parts {
	const char *payload; /* borrowed from the tag */
	size_t payload_len;
	const char *armor; /* NULL: the tag is not signed */
	size_t armor_len;  /* white space behind it left out */
};

/* `tag` is the object's content, without its "tag <size>" and NUL. */
int signed_split(struct signed_parts *out, const char *tag, size_t len,
    struct err *err) must_check;

#endif
