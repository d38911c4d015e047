/*
 * change_query - what somebody asks of the changes in an address.
 *
 * The words behind `/api/v1/...` come from anybody who may read, so they are
 * read as strictly as configuration: a number has digits alone, a name no
 * blank or control character, an instant is RFC 3339 or a day.  Pure.
 */
#ifndef CORE_CHANGE_QUERY_H
#define CORE_CHANGE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"

#define CHANGE_QUERY_COUNT 50 /* changes of a page, by default */
#define CHANGE_QUERY_MOST 500
#define CHANGE_QUERY_NAME 512 /* bytes of a name */
#define CHANGE_QUERY_ID 1024  /* bytes of a change's id */
#define BEARER_MIN 20         /* bytes of a token */
#define BEARER_MAX 512

/* The value of `name=`, unescaped; NULL: there is none. */
typedef const char *change_query_get(void *ctx, const char *name);

struct change_query {
	int64_t from, to; /* half-open; 0: no bound */
	const char *repository, *gate, *outcome;
	uint64_t below; /* the cursor: records with a smaller number; 0: any */
	size_t count;
};

/* Texts are borrowed from `get`.  ERR_INPUT names what is wrong. */
int change_query_read(struct change_query *out, change_query_get *get,
    void *ctx, struct err *err) must_check;

/* Decimal digits alone, no leading zero, within [least, most]. */
bool change_query_number(const char *text, uint64_t least, uint64_t most,
    uint64_t *out);

/*
 * "<repository>/<gate>/<12 hex>", or that and "/<seq>" where a movement is one
 * change as a whole: its record then, else 0.
 */
struct change_id {
	uint64_t movement;
};
bool change_id_read(struct change_id *out, const char *text);

/*
 * "Bearer TOKEN" (RFC 6750, the scheme in any case) as the SHA-256 of the
 * token, so that tokens are compared, and held, by digest only.
 */
bool bearer_read(unsigned char out[DIGEST_SIZE], const char *header);
/* The same of a token alone: of characters that a header may hold. */
bool bearer_token(unsigned char out[DIGEST_SIZE], const char *token,
    size_t len);

#endif
