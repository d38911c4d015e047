/*
 * digest - SHA-256 and SHA-1 (FIPS 180-4), HMAC of both (RFC 2104), and
 * comparing without telling.
 *
 * The door to libcrypto for hashing.  It cannot fail: a machine that cannot
 * compute them ends the process with status 3.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#define DIGEST_SIZE 32
#define DIGEST_HEX_SIZE 65

void digest_sha256(unsigned char out[DIGEST_SIZE], const void *data,
    size_t len);
/* The same of one byte and, behind it, the data. */
void digest_sha256_behind(unsigned char out[DIGEST_SIZE], unsigned char first,
    const void *data, size_t len);
void digest_sha256_hex(char out[DIGEST_HEX_SIZE], const void *data, size_t len);

/*
 * SHA-256 of what comes piece by piece:
 *
 *	digest_begin(&d);
 *	while (there is more)
 *		digest_add(&d, data, len);
 *	digest_end(&d, out);
 */
#define DIGEST_STATE 128
struct digest {
	_Alignas(16) unsigned char state[DIGEST_STATE];
};
void digest_begin(struct digest *d);
void digest_add(struct digest *d, const void *data, size_t len);
/* Only digest_begin() may follow. */
void digest_end(struct digest *d, unsigned char out[DIGEST_SIZE]);

/*
 * SHA-1 of one text behind another: only for what git named by it, whether it
 * still is what it was.
 */
#define DIGEST_SHA1_SIZE 20
void digest_sha1(unsigned char out[DIGEST_SHA1_SIZE], const void *head,
    size_t head_len, const void *data, size_t len);

/*
 * HMAC, keyed with `key`.  That with SHA-1 proves nothing: it is for finding
 * out whether a header that some senders still add is at least not wrong.
 */
void digest_hmac_sha256(unsigned char out[DIGEST_SIZE], const void *key,
    size_t key_len, const void *data, size_t len);
void digest_hmac_sha1(unsigned char out[DIGEST_SHA1_SIZE], const void *key,
    size_t key_len, const void *data, size_t len);
/* With SHA-256, of two texts one behind the other. */
void digest_hmac_two(unsigned char out[DIGEST_SIZE], const void *key,
    size_t key_len, const void *head, size_t head_len, const void *data,
    size_t len);

/* In time that depends on `len` only. */
bool digest_same(const void *a, const void *b, size_t len);

#endif
