/*
 * subtrees - the roots of each 256 records, kept in memory, so that a proof or
 * a root reads a few hundred lines and not the ledger.
 *
 * Lists of RFC 6962 only grow, so what was computed once stays true; what is
 * new is taken in when it is needed.  32 bytes for 256 records.  Nothing here
 * is believed: a proof made of it must lead to the sealed root, and where it
 * does not, all of it is computed anew from the lines, once.
 */
#ifndef APP_SUBTREES_H
#define APP_SUBTREES_H

#include "app/changelog.h"
#include "app/proving.h"

#define SUBTREES_LEVEL 8
#define SUBTREES_STEP ((uint64_t)1 << SUBTREES_LEVEL)

struct subtree {
	unsigned char root[DIGEST_SIZE];
};

struct subtrees {
	struct merkle pruned; /* what stands for records that are gone */
	uint64_t first;       /* leaves before the first root that is kept */
	uint64_t count;
	struct subtree *list;
	size_t room;
	struct chain_mark last; /* of the last record that is in a root */
};

void subtrees_free(struct subtrees *t);
/* The tree over the first `size` records. */
int subtrees_tree(struct subtrees *t, struct changelog *log, uint64_t size,
    struct merkle *out, struct err *err) must_check;
/* As proof_make(), which reads all lines. */
int subtrees_prove(struct subtrees *t, struct changelog *log, struct buf *out,
    const struct buf *note, uint64_t seq, bool grown,
    struct err *err) must_check;

#endif
