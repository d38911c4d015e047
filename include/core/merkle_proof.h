/*
 * merkle_proof - that a record is in a list, that a list only grew.
 *
 * RFC 6962 section 2.1: an inclusion proof leads from one leaf to the root, a
 * consistency proof from the root of a list's beginning to that of the whole.
 * Each is a short list of roots of subtrees.  One pass over all leaves in
 * order makes it, in memory that does not depend on how many there are:
 *
 *	struct merkle_prover p = {0};
 *
 *	if (!merkle_prove_inclusion(&p, index, size))
 *		return -1;
 *	for (uint64_t i = 0; i < size; i++)
 *		merkle_prover_add(&p, leaf[i]);
 *	if (!merkle_prover_done(&p))
 *		return -1;
 *	... p.proof ...
 *
 * Checking (RFC 9162 sections 2.1.3.2 and 2.1.4.2) asks nobody: sizes, roots
 * and proof are all there is to it, and all of them may be anybody's.
 */
#ifndef CORE_MERKLE_PROOF_H
#define CORE_MERKLE_PROOF_H

#include <stdbool.h>

#include "core/merkle.h"

/* The longest proof that there can be: one more than a tree is high. */
#define MERKLE_PROOF_MAX (MERKLE_LEVELS + 1)

struct merkle_proof {
	size_t count;
	unsigned char hash[MERKLE_PROOF_MAX][DIGEST_SIZE];
};

/* The leaves [begin, end) whose root one hash of the proof is. */
struct merkle_range {
	uint64_t begin, end;
};

struct merkle_prover {
	struct merkle_proof proof;
	struct merkle_range range[MERKLE_PROOF_MAX]; /* in the proof's order */
	uint64_t size; /* leaves of the list it is about */
	uint64_t seen; /* leaves that were added */
	struct merkle open;
};

/*
 * Of leaf `index`, counted from 0, in a list of `size`; of the first `old` of
 * `size`.  False where there is no such proof: an index that is not in the
 * list, a beginning that is empty or longer than the whole.
 */
bool merkle_prove_inclusion(struct merkle_prover *p, uint64_t index,
    uint64_t size);
bool merkle_prove_consistency(struct merkle_prover *p, uint64_t old,
    uint64_t size);
/*
 * In place of the first leaves, the full subtrees over them; before any leaf.
 * False where the proof needs more of them than that: nothing was done.
 */
bool merkle_prover_begin(struct merkle_prover *p, const struct merkle *first);
/* The next leaf; those behind the list's end are passed over. */
void merkle_prover_add(struct merkle_prover *p,
    const unsigned char leaf[DIGEST_SIZE]);
/*
 * A full subtree of the next 2^level leaves, from a multiple of that.  False
 * where the proof looks inside it, or the list ends there: nothing was done.
 */
bool merkle_prover_add_full(struct merkle_prover *p, unsigned level,
    const unsigned char node[DIGEST_SIZE]);
/* Were all leaves added? */
bool merkle_prover_done(const struct merkle_prover *p);

bool merkle_included(const struct merkle_proof *proof,
    const unsigned char leaf[DIGEST_SIZE], uint64_t index, uint64_t size,
    const unsigned char root[DIGEST_SIZE]);
/* Lists of one length are consistent by an empty proof and one root. */
bool merkle_consistent(const struct merkle_proof *proof, uint64_t old,
    const unsigned char old_root[DIGEST_SIZE], uint64_t size,
    const unsigned char root[DIGEST_SIZE]);

#endif
