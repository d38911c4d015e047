/*
 * secret - private keys and credentials of published shapes, in bytes.
 *
 * What is found is what its own issuer published a shape of: PEM and PGP
 * private keys, bare DER ones in base64, and tokens with a prefix, of the
 * length and letters that belong to it (secret_shapes.c, with the source of
 * each).  A token must stand alone, must not be made of few different letters,
 * and is passed over where it is a placeholder ("EXAMPLE", "xxxx", "12345678")
 * or a sample of its issuer's manual.  Where a token ends in a checksum that is
 * right, nothing excuses it.
 *
 * What has no shape is not found: passwords, keys that are compressed,
 * encrypted or encoded otherwise than in base64.  JSON Web Tokens are not
 * looked for.  Text in UTF-16 is read as text; NULs do not hide anything else.
 *
 * One pass, in time that grows with the length only.  Bytes of what is found
 * never come out, only where they stand and a digest of those lines.
 */
#ifndef CORE_SECRET_H
#define CORE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/pool.h"

#define SECRET_BLOB_MAX 1048576   /* bytes looked at in one text: 1 MiB */
#define SECRET_TOTAL_MAX 67108864 /* bytes read for one push: 64 MiB */
#define SECRET_HITS_MAX 1000      /* lines named of one text */

struct secret_hit {
	const char *kind; /* "an AWS access key id" */
	unsigned line;    /* from 1 on */
	/*
	 * SHA-256 of the line without its line end; of a key that takes
	 * several, from its first line to its last, without the last line end.
	 */
	char digest[DIGEST_HEX_SIZE];
};

struct secret_hits {
	const struct secret_hit *list; /* one a line, in their order */
	size_t count;
	bool more; /* than SECRET_HITS_MAX */
};

/* Looks at the first SECRET_BLOB_MAX bytes. */
void secret_scan(struct secret_hits *out, struct pool *pool, const char *data,
    size_t len);

#endif
