/*
 * verifying - what `verify` found out so far.
 */
#ifndef APP_VERIFYING_H
#define APP_VERIFYING_H

#include "app/setup.h"
#include "core/change.h"
#include "core/checkpoint.h"
#include "core/merkle.h"
#include "edge/seal.h"

/* One question's; TRI_UNKNOWN where it could not be found out, or was not. */
struct answer {
	enum tri is;
	const char *why;
};

struct verifying {
	struct pool pool;
	const char *dir; /* of the ledger */
	/* The checkpoint and the key, from wherever. */
	const char *note_path;
	bool note_given, key_given, has_checkpoint, has_key;
	struct buf note;
	struct checkpoint checkpoint;
	struct seal_public key;
	/* What the walk saw. */
	struct pruned begin;  /* what was taken away before the first line */
	struct record pruned; /* the newest record of that */
	struct merkle tree;
	unsigned char root[DIGEST_SIZE]; /* over the checkpoint's records */
	uint64_t records;
	const char *origin;
	struct ledger_end end;
	bool progress;
	struct answer unaltered, uncut, complete;
	bool stuck; /* whether it is complete could not be found out */
};

/* Every gated ref there is against the ledger's tip. */
void verify_complete(struct verifying *v, struct setup *s);

#endif
