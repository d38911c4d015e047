/*
 * pruned - where a ledger begins whose oldest records were taken away.
 *
 * The records 1 to `last` are gone.  What is left of them is enough for all
 * that is kept: the digest of the last one, which the next line names, and the
 * roots of the full subtrees over them (RFC 6962), from which every root and
 * every proof of a record that is kept can still be made.
 *
 * It stands in the `pruned` record, with the statement that two persons signed,
 * and in the file `pruned` beside the segments, which only tells where to begin
 * and is worth nothing without the record (retain.h checks both):
 *
 *	foureyes pruned 1
 *	last 5000
 *	digest <64 hex: SHA-256 of line 5000>
 *	node <64 hex>			the largest full subtree first
 *	node <64 hex>
 *
 * Pure; reading is strict: one file is one value.
 */
#ifndef CORE_PRUNED_H
#define CORE_PRUNED_H

#include "base/buf.h"
#include "base/err.h"
#include "core/merkle.h"

#define PRUNED_TEXT_MAX 8192
#define PRUNED_SIGNERS 2 /* persons who sign */
/* The namespace of their signatures: ssh-keygen -Y sign -n */
#define PRUNED_SPACE "foureyes-prune"

/* `last` 0: nothing was taken away. */
struct pruned {
	uint64_t last;
	unsigned char digest[DIGEST_SIZE];
	struct merkle tree; /* over the records that are gone */
};

void pruned_write(struct buf *out, const struct pruned *p);
int pruned_read(struct pruned *out, const char *text, size_t len,
    struct err *err) must_check;
bool pruned_same(const struct pruned *a, const struct pruned *b);

/* What two persons sign, to the byte. */
struct pruning {
	const char *origin;
	uint64_t first;   /* the first record that is still there */
	int64_t from, to; /* times of the first and the last of them */
	struct pruned before, after;
};
void pruning_statement(struct buf *out, const struct pruning *p);
/* The span that a statement names; false where it is none. */
bool pruning_span(const char *text, size_t len, uint64_t *first,
    uint64_t *last);

#endif
