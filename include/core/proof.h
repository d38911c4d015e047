/*
 * proof - a record, or a ledger's growth, with what proves it, as one file.
 *
 * A record's is a C2SP tlog-proof: the line itself stands in `extra`, so that
 * the file needs nothing beside it but the sealing key.
 *
 *	c2sp.org/tlog-proof@v1
 *	extra <the record's line without its newline, in base64>
 *	index <seq - 1>
 *	<a hash in base64, a line each: RFC 6962 section 2.1.1>
 *
 *	<a signed checkpoint, core/note.h>
 *
 * That a ledger only grew since it had `old` records is proved by what C2SP
 * tlog-witness has as the body of an add-checkpoint request:
 *
 *	old <records>
 *	<hashes: RFC 6962 section 2.1.2>
 *
 *	<a signed checkpoint>
 *
 * Reading is strict: LF, canonical base64, no leading zeros, nothing else.  It
 * takes files apart; whether they prove anything is asked elsewhere.
 */
#ifndef CORE_PROOF_H
#define CORE_PROOF_H

#include "base/buf.h"
#include "base/err.h"
#include "base/pool.h"
#include "core/merkle_proof.h"

#define PROOF_SIZE_MAX (6u << 20) /* bytes; a line of 4 MiB fits */

struct proof {
	const char *line; /* the record; NULL: it is of consistency */
	size_t len;
	uint64_t number; /* the record's index from 0; or the old count */
	struct merkle_proof path;
	const char *note; /* the signed checkpoint, as it stands */
	size_t note_len;
};

void proof_write(struct buf *out, const struct proof *p);
/* The note is borrowed from `data`, the line from `pool`. */
int proof_parse(struct proof *out, struct pool *pool, const char *data,
    size_t len, struct err *err) must_check;

#endif
