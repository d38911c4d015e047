/*
 * change_token - what opens the page of one change, and no other.
 *
 * HMAC-SHA-256 over the change's id under the key of `token_key_file`, in
 * base64url without padding.  A status at a forge links to
 * <page>/change/<token>?id=<id>; whoever has that link may read that page.  A
 * key that is replaced makes all links before it worthless.
 */
#ifndef APP_CHANGE_TOKEN_H
#define APP_CHANGE_TOKEN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/pool.h"
#include "core/source.h"

#define CHANGE_TOKEN_KEY_MIN 32 /* bytes */
#define CHANGE_TOKEN_KEY_MAX 4096
#define CHANGE_TOKEN_SIZE 44 /* with its NUL */
#define CHANGE_ID_MAX 600    /* bytes of an id */

struct change_token_key {
	char bytes[CHANGE_TOKEN_KEY_MAX];
	unsigned len; /* 0: no key is configured, and no token is one */
};

/* `receiver.token_key_file`; `key->len` 0 where there is none. */
int change_token_key(struct change_token_key *key, const struct receiver *r,
    struct err *err) must_check;
void change_token(char out[CHANGE_TOKEN_SIZE],
    const struct change_token_key *key, const char *change);
/* Is that the token of this change?  Compared in constant time. */
bool change_token_is(const struct change_token_key *key, const char *change,
    const char *token);
/* The address of its page; NULL where no page or key is configured. */
const char *change_address(struct pool *pool, const struct receiver *r,
    const struct change_token_key *key, const char *change);

#endif
