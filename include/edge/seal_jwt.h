/*
 * seal_jwt - the signed word by which a GitHub App says who it is.
 *
 * A JSON Web Token (RFC 7519) signed with RS256 (RFC 7518 section 3.3) by the
 * App's RSA key, valid from a minute before `now` for nine more minutes (at
 * most ten are taken; docs.github.com, "Generating a JSON Web Token").  The key
 * file is PEM, PKCS#1 or PKCS#8, and passes the same checks as a sealing key's.
 */
#ifndef EDGE_SEAL_JWT_H
#define EDGE_SEAL_JWT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define SEAL_JWT_BITS 2048 /* of the key, at least */

/* Appends the token; it is a secret. */
int seal_jwt(struct buf *out, unsigned app, const char *key_file, int64_t now,
    struct err *err) must_check;

#endif
