/*
 * sshkey - an OpenSSH public key, as a line of text or as a blob.
 *
 * A line is "type base64 comment", the comment being optional; the type in
 * the text and the type in the blob must agree, every field has its exact
 * length or is a canonical mpint, and nothing stands behind the last field
 * (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709, PROTOCOL.u2f).
 * Options in front of the type (authorized_keys) are refused.  Whether a point
 * lies on its curve is left to whoever uses the key.
 */
#ifndef CORE_SSHKEY_H
#define CORE_SSHKEY_H

#include <stddef.h>

#include "base/err.h"
#include "base/pool.h"
#include "core/wire.h"

#define SSHKEY_LINE_MAX 8192u
#define SSHKEY_BLOB_MAX 4096u
#define SSHKEY_RSA_BITS_MAX 16384u
/* "SHA256:" and 43 base64 digits, as `ssh-keygen -l` shows it. */
#define SSHKEY_PRINT_SIZE 51

enum sshkey_type {
	SSHKEY_NONE = 0,
	SSHKEY_ED25519,
	SSHKEY_ECDSA_256,
	SSHKEY_ECDSA_384,
	SSHKEY_ECDSA_521,
	SSHKEY_RSA,
	SSHKEY_SK_ED25519,
	SSHKEY_SK_ECDSA
};

struct sshkey {
	enum sshkey_type type;
	unsigned bits; /* 256, 384, 521, or the length of an RSA modulus */
	struct wire_bytes blob;
	/* Ed25519: 32 bytes; ECDSA: the uncompressed point; RSA: not used. */
	struct wire_bytes point;
	struct wire_bytes e, n;  /* RSA, without leading zeros */
	struct wire_bytes scope; /* sk-: the application, such as "ssh:" */
	char print[SSHKEY_PRINT_SIZE];
};

/* "ssh-ed25519" and so on; NULL for SSHKEY_NONE. */
const char *sshkey_type_name(enum sshkey_type type);
/* SSHKEY_NONE for any other name. */
enum sshkey_type sshkey_type_named(struct wire_bytes name);
/* The blob is copied to the pool. */
int sshkey_parse_line(struct sshkey *out, struct pool *pool, const char *line,
    struct err *err) must_check;
/* The fields of `out` are borrowed from `blob`. */
int sshkey_parse_blob(struct sshkey *out, const unsigned char *blob, size_t len,
    struct err *err) must_check;

#endif
