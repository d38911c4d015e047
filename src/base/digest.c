/*
 * OpenSSL 3 calls the functions used here deprecated and would have EVP used.
 * A hook computes a handful of digests and must be over in a millisecond or
 * two, and EVP first builds its table of providers.  One SHA-256 in a process
 * of its own, linked statically, median of 1000 starts on two cores (a process
 * that does nothing takes 0.51 ms):
 *
 *	SHA256_Init, _Update, _Final		0.53 ms
 *	EVP without the configuration file	1.05 ms
 *	EVP_Q_digest, the same			1.06 ms
 *	EVP as it comes				1.35 ms
 *
 * Later digests of 700 bytes take 0.39 us here and 0.42 us with a fetched EVP
 * method.  The same code does the work, hardware instructions included.
 */
#include "base/digest.h"

#include <openssl/sha.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

void
digest_sha256(unsigned char out[DIGEST_SIZE], const void *data, size_t len)
{
	SHA256_CTX ctx;

	if (SHA256_Init(&ctx) != 1 ||
	    (len > 0 && SHA256_Update(&ctx, data, len) != 1) ||
	    SHA256_Final(out, &ctx) != 1)
		err_fatal("SHA-256 could not be computed");
}

void
digest_sha256_behind(unsigned char out[DIGEST_SIZE], unsigned char first,
    const void *data, size_t len)
{
	SHA256_CTX ctx;

	if (SHA256_Init(&ctx) != 1 || SHA256_Update(&ctx, &first, 1) != 1 ||
	    (len > 0 && SHA256_Update(&ctx, data, len) != 1) ||
	    SHA256_Final(out, &ctx) != 1)
		err_fatal("SHA-256 could not be computed");
}

void
digest_sha256_hex(char out[DIGEST_HEX_SIZE], const void *data, size_t len)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(digest, data, len);
	text_hex(out, digest, sizeof(digest));
}

_Static_assert(sizeof(SHA256_CTX) <= DIGEST_STATE, "the state has its room");

void
digest_begin(struct digest *d)
{
	if (SHA256_Init((SHA256_CTX *)(void *)d->state) != 1)
		err_fatal("SHA-256 could not be computed");
}

void
digest_add(struct digest *d, const void *data, size_t len)
{
	if (len > 0 &&
	    SHA256_Update((SHA256_CTX *)(void *)d->state, data, len) != 1)
		err_fatal("SHA-256 could not be computed");
}

void
digest_end(struct digest *d, unsigned char out[DIGEST_SIZE])
{
	if (SHA256_Final(out, (SHA256_CTX *)(void *)d->state) != 1)
		err_fatal("SHA-256 could not be computed");
}

void
digest_sha1(unsigned char out[DIGEST_SHA1_SIZE], const void *head,
    size_t head_len, const void *data, size_t len)
{
	SHA_CTX ctx;

	if (SHA1_Init(&ctx) != 1 || SHA1_Update(&ctx, head, head_len) != 1 ||
	    (len > 0 && SHA1_Update(&ctx, data, len) != 1) ||
	    SHA1_Final(out, &ctx) != 1)
		err_fatal("SHA-1 could not be computed");
}

/* ---- RFC 2104 ---- */

#define HMAC_BLOCK 64

/* The key's block, with each byte turned by `turn`. */
static void
hmac_block(unsigned char block[HMAC_BLOCK], const unsigned char *key,
    size_t len, unsigned char turn)
{
	memset(block, turn, HMAC_BLOCK);
	for (size_t i = 0; i < len; i++)
		block[i] ^= key[i];
}

void
digest_hmac_two(unsigned char out[DIGEST_SIZE], const void *key, size_t key_len,
    const void *head, size_t head_len, const void *data, size_t len)
{
	unsigned char block[HMAC_BLOCK], short_key[DIGEST_SIZE];
	struct digest d;

	if (key_len > HMAC_BLOCK) {
		digest_sha256(short_key, key, key_len);
		key = short_key;
		key_len = sizeof(short_key);
	}
	hmac_block(block, key, key_len, 0x36);
	digest_begin(&d);
	digest_add(&d, block, sizeof(block));
	digest_add(&d, head, head_len);
	digest_add(&d, data, len);
	digest_end(&d, out);
	hmac_block(block, key, key_len, 0x5c);
	digest_begin(&d);
	digest_add(&d, block, sizeof(block));
	digest_add(&d, out, DIGEST_SIZE);
	digest_end(&d, out);
}

void
digest_hmac_sha256(unsigned char out[DIGEST_SIZE], const void *key,
    size_t key_len, const void *data, size_t len)
{
	digest_hmac_two(out, key, key_len, NULL, 0, data, len);
}

void
digest_hmac_sha1(unsigned char out[DIGEST_SHA1_SIZE], const void *key,
    size_t key_len, const void *data, size_t len)
{
	unsigned char block[HMAC_BLOCK], short_key[DIGEST_SHA1_SIZE];

	if (key_len > HMAC_BLOCK) {
		digest_sha1(short_key, key, key_len, NULL, 0);
		key = short_key;
		key_len = sizeof(short_key);
	}
	hmac_block(block, key, key_len, 0x36);
	digest_sha1(out, block, sizeof(block), data, len);
	hmac_block(block, key, key_len, 0x5c);
	digest_sha1(out, block, sizeof(block), out, DIGEST_SHA1_SIZE);
}

bool
digest_same(const void *a, const void *b, size_t len)
{
	const volatile unsigned char *x = a, *y = b;
	unsigned char differs = 0;

	for (size_t i = 0; i < len; i++)
		differs |= (unsigned char)(x[i] ^ y[i]);
	return differs == 0;
}
