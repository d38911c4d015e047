/*
 * checkpoint - what a ledger was, in three lines: origin, count, root.
 *
 * The text of a C2SP tlog-checkpoint: the origin, the number of records in
 * decimal, the RFC 6962 root (core/merkle.h) in base64, each ended by LF.
 * Read strictly: no leading zeros, no other white space, canonical base64;
 * further lines (extensions) are passed over when they are not empty.
 */
#ifndef CORE_CHECKPOINT_H
#define CORE_CHECKPOINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

#define CHECKPOINT_ORIGIN_SIZE 256

struct checkpoint {
	char origin[CHECKPOINT_ORIGIN_SIZE];
	uint64_t size; /* records; 0 is an empty ledger */
	unsigned char root[DIGEST_SIZE];
};

/* ERR_CONFIG for an origin that no checkpoint could have. */
int checkpoint_name(struct checkpoint *c, const char *origin,
    struct err *err) must_check;
void checkpoint_text(struct buf *out, const struct checkpoint *c);
int checkpoint_parse(struct checkpoint *out, const char *text, size_t len,
    struct err *err) must_check;

#endif
