/*
 * proving - a proof file (core/proof.h), made from a ledger or looked at alone.
 */
#ifndef APP_PROVING_H
#define APP_PROVING_H

#include "base/pool.h"
#include "core/checkpoint.h"
#include "core/proof.h"
#include "edge/ledger.h"
#include "edge/seal.h"

/* What a proof file says, once it was found to hold. */
struct proved {
	const char *line; /* the record; NULL: it is of consistency */
	size_t len;
	uint64_t seq; /* of the record, or how many records there were before */
	struct checkpoint checkpoint;
	bool is_signed; /* by the key given; false: none was given */
};

/*
 * Does the file prove what it says?  It is looked at alone: its hashes lead
 * from the record to the root of its checkpoint, the record's own number is
 * that of its place, and `key` (NULL: not known, and then nobody vouches for
 * the root) signed the checkpoint.  A file of consistency is looked at against
 * `old`, a signed checkpoint held elsewhere (NULL: ERR_INPUT), signed by the
 * same key.
 *
 * ERR_INPUT: it is no proof, or of another kind.  ERR_TAMPERED: it proves
 * nothing, and why.  Texts are borrowed from the pool.
 */
int proof_check(struct proved *out, struct pool *pool, const char *data,
    size_t len, const struct seal_public *key, const struct buf *old,
    struct err *err) must_check;
/* The same of files; `key` and `old` may be NULL. */
int proof_check_file(struct proved *out, struct pool *pool, const char *path,
    const struct seal_public *key, const char *old, struct err *err) must_check;

/*
 * Make the proof of record `seq`, or (`grown`) that the first `seq` records are
 * still the first ones, from the ledger's lines, for the checkpoint in `note`.
 * ERR_TAMPERED when these lines are not those that were sealed.
 */
int proof_make(struct buf *out, struct ledger *ledger, const struct buf *note,
    uint64_t seq, bool grown, struct err *err) must_check;

#endif
