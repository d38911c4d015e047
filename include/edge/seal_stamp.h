/*
 * seal_stamp - time stamps of RFC 3161: asking for one, and checking one.
 *
 * A stamp says that a digest was there not later than its time, in the word of
 * an authority with a clock of its own.  What is kept is the authority's whole
 * answer, so that openssl checks it too:
 *
 *	openssl ts -verify -data FILE -in FILE.tsr -CAfile CA
 *
 * The chain of certificates is judged for the time of the stamp, for they run
 * out long before the stamp is of no use any more.
 */
#ifndef EDGE_SEAL_STAMP_H
#define EDGE_SEAL_STAMP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

#define SEAL_STAMP_MAX 65536 /* bytes of an answer */
#define SEAL_NONCE_SIZE 8

/* Random. */
int seal_stamp_nonce(unsigned char nonce[SEAL_NONCE_SIZE],
    struct err *err) must_check;
/* Appends the query (DER) for a SHA-256. */
int seal_stamp_query(struct buf *out, const unsigned char digest[DIGEST_SIZE],
    const unsigned char nonce[SEAL_NONCE_SIZE], struct err *err) must_check;
/*
 * Does the answer stamp this digest, with this nonce (NULL: it was looked at
 * when it came), by an authority that `ca_file` leads to?  `*time` becomes the
 * stamp's.  ERR_TAMPERED: it does not, and why; ERR_INPUT: it is no answer, or
 * the authority declined; ERR_CONFIG: `ca_file` cannot be used.
 */
int seal_stamp_check(int64_t *time, const unsigned char digest[DIGEST_SIZE],
    const unsigned char *nonce, const char *ca_file, const void *data,
    size_t len, struct err *err) must_check;

#endif
