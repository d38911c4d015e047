/*
 * sshsig - an SSH signature (PROTOCOL.sshsig) taken apart, not yet checked.
 *
 * Version 1, a plain key (no certificate), an empty reserved field, a hash of
 * sha256 or sha512, an algorithm that belongs to the key, every field of its
 * exact length, nothing behind the last.  RSA signs with rsa-sha2-256 or
 * rsa-sha2-512 and never with SHA-1.
 */
#ifndef CORE_SSHSIG_H
#define CORE_SSHSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/sshkey.h"

#define SSHSIG_BLOB_MAX 16384u
#define SSHSIG_SK_PRESENT 0x01
#define SSHSIG_SK_VERIFIED 0x04

enum sshsig_hash {
	SSHSIG_SHA256 = 1,
	SSHSIG_SHA384, /* of an ecdsa-sha2-nistp384 key only */
	SSHSIG_SHA512
};

struct sshsig {
	struct sshkey key;
	struct wire_bytes space;  /* the namespace */
	enum sshsig_hash message; /* how the message was hashed */
	enum sshsig_hash inner;   /* the hash of the algorithm; 0: Ed25519 */
	struct wire_bytes bytes;  /* Ed25519: 64 bytes; RSA: the number */
	struct wire_bytes r, s;   /* ECDSA */
	unsigned char flags;      /* sk- keys */
	uint32_t counter;
	/* On -1: "malformed", "certificate", "weak" or "unknown-form". */
	const char *fault;
};

/* What the armor holds; the fields of `out` are borrowed from `blob`. */
int sshsig_parse(struct sshsig *out, const unsigned char *blob, size_t len,
    struct err *err) must_check;
/* The bytes that were signed, for a message whose hash is `hash`. */
void sshsig_message(struct buf *out, const struct sshsig *sig,
    const unsigned char *hash, size_t len);

#endif
