/*
 * merkle - the RFC 6962 root over a growing list of records.
 *
 * A leaf is SHA-256 of 0x00 and the record, a node SHA-256 of 0x01 and its two
 * children, and a list is split at the largest power of two below its length.
 * The state holds the roots of the full subtrees only, one for each bit that is
 * set in `count`, so it is small, is a plain value, and any list that begins
 * with these records can be gone on with from it.
 *
 *	struct merkle m = {0};
 *
 *	merkle_leaf(leaf, line, len);
 *	merkle_add(&m, leaf);
 *	merkle_root(root, &m);
 */
#ifndef CORE_MERKLE_H
#define CORE_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

#define MERKLE_LEVELS 64

struct merkle {
	uint64_t count;
	/* node[k] is meant only while bit k of `count` is set: the root of the
	 * full subtree of 2^k leaves; the larger the subtree the earlier it
	 * stands in the list. */
	unsigned char node[MERKLE_LEVELS][DIGEST_SIZE];
};

void merkle_leaf(unsigned char out[DIGEST_SIZE], const void *record,
    size_t len);
void merkle_join(unsigned char out[DIGEST_SIZE],
    const unsigned char left[DIGEST_SIZE],
    const unsigned char right[DIGEST_SIZE]);
void merkle_add(struct merkle *m, const unsigned char leaf[DIGEST_SIZE]);
/*
 * A full subtree of 2^level leaves at once; `count` must be a multiple of
 * that.
 */
void merkle_add_full(struct merkle *m, unsigned level,
    const unsigned char node[DIGEST_SIZE]);
/* SHA-256 of nothing while there are no leaves. */
void merkle_root(unsigned char out[DIGEST_SIZE], const struct merkle *m);

#endif
