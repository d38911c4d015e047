/*
 * revoked - whether a list of revoked SSH keys holds a key.
 *
 * The list is a KRL as `ssh-keygen -k` makes it (PROTOCOL.krl), or a text of
 * public key lines with "#" comments.  It is read to its end whatever it
 * holds: a list with one thing in it that is not understood answers nothing,
 * for the key asked about might have stood there.  Sections on certificates
 * are passed over, as certificates are never taken.  Signed KRLs are refused.
 */
#ifndef CORE_REVOKED_H
#define CORE_REVOKED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/err.h"

#define REVOKED_SHA1_SIZE 20

/* The key asked about: its blob, and digests of it. */
struct revoked_key {
	const unsigned char *blob;
	size_t len;
	unsigned char sha1[REVOKED_SHA1_SIZE];
	unsigned char sha256[DIGEST_SIZE];
};

int revoked_look(bool *revoked, const struct revoked_key *key, const char *list,
    size_t len, struct err *err) must_check;

#endif
