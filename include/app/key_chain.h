/*
 * key_chain - which keys a ledger names, and who introduced each.
 *
 * The ledger's first `key` record names the first sealing key.  Every other
 * one is introduced by the sealing key that was in force: `signed_by` and
 * `signature` (record_key_statement() of core/record.h, Ed25519).  A record
 * that no such key signed introduces nothing; it is counted as a stray, for
 * whoever may append could write one.
 *
 *	struct key_chain chain = {.pool = pool};
 *
 *	... for each line, in order: key_chain_see(&chain, seq, line, len);
 *	key_chain_check(&chain, &checkpoint, note, len, err);
 *
 * Of a ledger whose oldest records were taken away, the first keys come behind
 * others, as carried records: they count from where they stood first, and what
 * they introduced is taken then.
 *
 * So a key that is known from elsewhere, whichever of the chain it is, vouches
 * for the ones behind it by signatures, and for those before it by what it
 * sealed.
 */
#ifndef APP_KEY_CHAIN_H
#define APP_KEY_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "core/checkpoint.h"
#include "core/record.h"
#include "edge/ledger.h"
#include "edge/seal.h"

#define KEY_CHAIN_MAX 1024 /* keys that are taken; the rest are strays */
#define KEY_SEAL "seal"    /* the purposes */
#define KEY_REPORT "report"

/* A key and the record that names it. */
struct key_link {
	uint64_t seq;
	char fingerprint[SEAL_FINGERPRINT_SIZE];
	const char *pem;
	struct seal_public public; /* of a sealing key */
};

struct key_stray {
	uint64_t seq;   /* where it stood first */
	bool malformed; /* or signed by no key that was in force */
	struct key_record record;
};

struct key_chain {
	struct pool *pool;
	const char *origin; /* as the ledger opened with it; NULL: not seen */
	/* The last record that was taken away: the first key is one of those,
	 * carried over.  0: none was. */
	uint64_t gone;
	struct key_link *seals, *reports;
	size_t seal_count, report_count;
	/* Records that introduce nothing so far. */
	struct key_stray *strays;
	size_t stray_count;
};

/*
 * One line of the ledger; any type.  Of a pruned ledger, whose first records
 * are gone, those carried over (app/retain.h) count as where they stood: tell
 * of these first, as they lie behind the ones that they introduce.
 */
void key_chain_see(struct key_chain *c, uint64_t seq, const char *line,
    size_t len);
/* The same of all its lines; what is pruned was carried over. */
int key_chain_of(struct key_chain *c, struct ledger *ledger,
    struct err *err) must_check;
/* The sealing key of a ledger of `size` records; NULL: none was named. */
const struct key_link *key_chain_at(const struct key_chain *c, uint64_t size);
/* Is it one of its sealing keys? */
bool key_chain_has(const struct key_chain *c, const struct seal_public *key);
/*
 * Read a signed checkpoint and check it with the key of its size.
 * ERR_TAMPERED as seal_check(), or when no key is known.
 */
int key_chain_check(const struct key_chain *c, struct checkpoint *out,
    const char *note, size_t len, struct err *err) must_check;

/* Write the record that introduces a key, signed with `seal`. */
int key_chain_introduce(struct buf *out, const struct seal *seal,
    const char *origin, const char *purpose, const char *fingerprint,
    const char *pem, const struct by *by, struct err *err) must_check;

#endif
