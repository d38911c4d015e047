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
 * A proof being made: of record `seq`, or (`grown`) that the first `seq`
 * records are still the first ones, for the checkpoint in `note`.  Whoever has
 * the lines or the roots of full subtrees gives them in order, from record
 * `tree.count` + 1 on: behind proof_begin() that is the first one that was not
 * taken away.
 *
 *	if (proof_begin(&m, ledger, note, seq, false, err) < 0)
 *		goto out;
 *	while (!proof_done(&m))
 *		... proof_line() or proof_node() ...
 *	ret = proof_end(&m, &out, err);
 * out:
 *	proof_free(&m);
 */
struct proof_making {
	struct merkle_prover prover;
	struct merkle tree;
	struct checkpoint checkpoint;
	const struct buf *note;
	uint64_t seq;
	bool grown;
	struct buf line;
};

int proof_begin(struct proof_making *m, struct ledger *ledger,
    const struct buf *note, uint64_t seq, bool grown,
    struct err *err) must_check;
void proof_line(struct proof_making *m, uint64_t seq, const char *line,
    size_t len);
/* False: the proof looks inside it, so its lines are needed. */
bool proof_node(struct proof_making *m, unsigned level,
    const unsigned char node[DIGEST_SIZE]);
bool proof_done(const struct proof_making *m);
/* ERR_TAMPERED when what was given is not what was sealed. */
int proof_end(struct proof_making *m, struct buf *out,
    struct err *err) must_check;
void proof_free(struct proof_making *m);

/*
 * Make the proof of record `seq`, or (`grown`) that the first `seq` records are
 * still the first ones, from the ledger's lines, for the checkpoint in `note`.
 * ERR_TAMPERED when these lines are not those that were sealed.
 */
int proof_make(struct buf *out, struct ledger *ledger, const struct buf *note,
    uint64_t seq, bool grown, struct err *err) must_check;

#endif
