/*
 * readers - who may read by the web: `receiver.reader_files`.
 *
 * Each file holds bearer tokens, one a line; empty lines and those that begin
 * with "#" are none.  A token has BEARER_MIN to BEARER_MAX characters of those
 * that RFC 6750 allows.  Only their SHA-256 is kept, and a token that is
 * presented is compared by its own with each of them, in a time that does not
 * depend on which one fits.  Modes as app/secret_file.h has them.
 */
#ifndef APP_READERS_H
#define APP_READERS_H

#include "base/err.h"
#include "base/pool.h"
#include "core/change_query.h"
#include "core/policy.h"

#define READERS_MAX 1024 /* tokens of all files */

struct readers {
	unsigned char (*digests)[DIGEST_SIZE];
	size_t count; /* 0: nobody may read */
};

int readers_read(struct readers *out, struct pool *pool,
    const struct texts *files, struct err *err) must_check;
/* The value of `Authorization`; NULL or anything else opens nothing. */
bool readers_have(const struct readers *r, const char *authorization);

#endif
