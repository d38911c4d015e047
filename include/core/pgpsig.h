/*
 * pgpsig - that an OpenPGP signature is exactly one packet of a sound kind.
 *
 * Looked at before gpgv is asked, so that what it reports can only be about
 * one signature: one packet of a known length (RFC 4880 section 4.2) and
 * nothing behind it, version 4, over a binary document, RSA or ECDSA or EdDSA
 * with SHA-256, SHA-384 or SHA-512, its numbers in full.  Whether the
 * signature holds, and by which key, only gpgv says.
 */
#ifndef CORE_PGPSIG_H
#define CORE_PGPSIG_H

#include <stddef.h>

#include "base/err.h"

#define PGPSIG_SIZE_MAX 16384u

struct pgpsig {
	/*
	 * RSA: bits of the signature's number, never more than the modulus
	 * has and shorter by k bits once in 2^k; 0 for other algorithms.
	 */
	unsigned rsa_bits;
	/* On -1: "malformed", "not-one", "unknown-form" or "weak". */
	const char *fault;
};

int pgpsig_parse(struct pgpsig *out, const unsigned char *data, size_t len,
    struct err *err) must_check;

#endif
