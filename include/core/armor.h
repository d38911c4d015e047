/*
 * armor - one block of base64 between a BEGIN and an END line, taken off.
 *
 * Exactly one block and nothing around it: the first line is
 * "-----BEGIN <label>-----", the last "-----END <label>-----", lines end with
 * LF, and the digits between hold no white space but that.  White space behind
 * the last line is passed over.  OpenPGP's armor (RFC 4880 section 6) has
 * header lines and an empty line in front of the digits, and may have a
 * checksum behind them, which must then be right.
 */
#ifndef CORE_ARMOR_H
#define CORE_ARMOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum armor_kind {
	ARMOR_NONE = 0,
	ARMOR_SSH_SIGNATURE,
	ARMOR_PGP_SIGNATURE,
	ARMOR_PGP_PUBLIC_KEY
};

/* What the first line begins, or ARMOR_NONE. */
enum armor_kind armor_kind(const char *armor, size_t len);
/* How many lines begin or end with a block's marks: 2 is one block. */
size_t armor_marks(const char *armor, size_t len);
/* Appends the bytes inside to `out`; false when it is not such a block. */
bool armor_open(struct buf *out, enum armor_kind kind, const char *armor,
    size_t len);

#endif
