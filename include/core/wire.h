/*
 * wire - the fields of an SSH message (RFC 4251 section 5), read in order.
 *
 * A reader that ran past its end once stays failed, so a row of reads needs
 * one look at the end: wire_ended() is true when every read went well and
 * nothing is left over.
 */
#ifndef CORE_WIRE_H
#define CORE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct wire {
	const unsigned char *data;
	size_t len; /* what is left */
	bool failed;
};

struct wire_bytes {
	const unsigned char *data; /* borrowed from what is read */
	size_t len;
};

unsigned char wire_byte(struct wire *w);
uint32_t wire_u32(struct wire *w);
struct wire_bytes wire_raw(struct wire *w, size_t len);
struct wire_bytes wire_string(struct wire *w);
/*
 * A number above zero in its one shortest form, without the leading zero byte
 * that keeps it positive.  Anything else fails.
 */
struct wire_bytes wire_mpint(struct wire *w);
bool wire_ended(const struct wire *w);
bool wire_is(struct wire_bytes bytes, const char *text);

void wire_put_u32(struct buf *out, uint32_t number);
void wire_put_string(struct buf *out, const void *data, size_t len);

#endif
