/*
 * The two forms of an Ed25519 key (RFC 8410) have one length each and differ
 * in their last 32 bytes only, so they are written and compared here byte for
 * byte; libcrypto's general readers would take more than is wanted.
 */
#include "edge/seal.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/text.h"
#include "edge/seal_file.h"

#define KEY "the sealing key" /* in errors */
#define SEED_SIZE 32
#define PRIVATE_SIZE 48 /* PKCS#8 in DER */
#define PUBLIC_SIZE 44  /* SubjectPublicKeyInfo in DER */
#define PRIVATE_BEGIN "-----BEGIN PRIVATE KEY-----\n"
#define PRIVATE_END "\n-----END PRIVATE KEY-----\n"
#define PUBLIC_BEGIN "-----BEGIN PUBLIC KEY-----\n"
#define PUBLIC_END "\n-----END PUBLIC KEY-----\n"

static const unsigned char private_head[PRIVATE_SIZE - SEED_SIZE] = {0x30, 0x2e,
    0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22,
    0x04, 0x20};
static const unsigned char public_head[PUBLIC_SIZE - SEAL_PUBLIC_SIZE] = {0x30,
    0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

struct seal {
	EVP_PKEY *key;
	struct seal_public public;
};

/* The bytes between exactly these lines, their last 32; false otherwise. */
static bool
open_pem(unsigned char last[32], const char *pem, size_t len, const char *begin,
    const char *end, const unsigned char *head, size_t head_len)
{
	size_t before = strlen(begin), behind = strlen(end);
	struct buf der = {0};
	bool sound = len > before + behind && text_starts(pem, begin) &&
	    memcmp(pem + len - behind, end, behind) == 0 &&
	    text_parse_base64(&der, pem + before, len - before - behind,
	        false) &&
	    der.len == head_len + 32 && memcmp(der.data, head, head_len) == 0;

	if (sound)
		memcpy(last, der.data + head_len, 32);
	seal_wipe(&der);
	return sound;
}

static void
write_pem(struct buf *out, const unsigned char last[32], const char *begin,
    const char *end, const unsigned char *head, size_t head_len)
{
	unsigned char der[PRIVATE_SIZE];

	memcpy(der, head, head_len);
	memcpy(der + head_len, last, 32);
	buf_put(out, begin);
	text_base64(out, der, head_len + 32);
	buf_put(out, end);
	explicit_bzero(der, sizeof(der));
}

int
seal_make(const char *path, struct err *err)
{
	unsigned char seed[SEED_SIZE];
	struct buf pem = {0};
	int ret;

	seal_set_up();
	if (RAND_priv_bytes(seed, sizeof(seed)) != 1)
		return err_set(err, ERR_SYSTEM,
		    "no random numbers for the sealing key '%s'", path);
	write_pem(&pem, seed, PRIVATE_BEGIN, PRIVATE_END, private_head,
	    sizeof(private_head));
	explicit_bzero(seed, sizeof(seed));
	ret = seal_file_write(path, KEY, &pem, err);
	seal_wipe(&pem);
	return ret;
}

static int
load(struct seal **out, const unsigned char seed[SEED_SIZE], struct err *err)
{
	struct seal *seal = calloc(1, sizeof(*seal));
	size_t len = SEAL_PUBLIC_SIZE;

	if (seal == NULL)
		return err_set(err, ERR_SYSTEM, "out of memory");
	seal_set_up();
	seal->key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed,
	    SEED_SIZE);
	if (seal->key == NULL ||
	    EVP_PKEY_get_raw_public_key(seal->key, seal->public.bytes, &len) !=
	        1 ||
	    len != SEAL_PUBLIC_SIZE) {
		seal_close(seal);
		return err_set(err, ERR_SYSTEM,
		    "libcrypto does not take the Ed25519 key");
	}
	*out = seal;
	return 0;
}

int
seal_open(struct seal **out, const char *path, struct err *err)
{
	unsigned char seed[SEED_SIZE];
	char text[SEAL_FILE_MAX + 1];
	size_t len;
	int ret;

	if (seal_file_read(text, &len, KEY, path, err) < 0)
		return -1;
	ret = open_pem(seed, text, len, PRIVATE_BEGIN, PRIVATE_END,
	          private_head, sizeof(private_head))
	    ? load(out, seed, err)
	    : err_set(err, ERR_CONFIG,
	          "'%s' is not an Ed25519 key in PKCS#8 PEM", path);
	explicit_bzero(text, sizeof(text));
	explicit_bzero(seed, sizeof(seed));
	return ret;
}

void
seal_close(struct seal *seal)
{
	if (seal == NULL)
		return;
	EVP_PKEY_free(seal->key);
	free(seal);
}

void
seal_public(struct seal_public *out, const struct seal *seal)
{
	*out = seal->public;
}

int
seal_public_parse(struct seal_public *out, const char *pem, size_t len,
    struct err *err)
{
	struct buf text = {0};
	bool sound;

	if (len <= SEAL_FILE_MAX)
		buf_add(&text, pem, len);
	sound = open_pem(out->bytes, buf_text(&text), text.len, PUBLIC_BEGIN,
	    PUBLIC_END, public_head, sizeof(public_head));
	buf_free(&text);
	if (!sound)
		return err_set(err, ERR_INPUT,
		    "not one Ed25519 public key in PEM");
	return 0;
}

void
seal_public_pem(struct buf *out, const struct seal_public *key)
{
	write_pem(out, key->bytes, PUBLIC_BEGIN, PUBLIC_END, public_head,
	    sizeof(public_head));
}

void
seal_fingerprint(char out[SEAL_FINGERPRINT_SIZE], const struct seal_public *key)
{
	unsigned char der[PUBLIC_SIZE];

	memcpy(der, public_head, sizeof(public_head));
	memcpy(der + sizeof(public_head), key->bytes, SEAL_PUBLIC_SIZE);
	digest_sha256_hex(out, der, sizeof(der));
}

int
seal_bytes(unsigned char out[SEAL_SIGNATURE_SIZE], const struct seal *seal,
    const void *data, size_t len, struct err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t size = SEAL_SIGNATURE_SIZE;
	bool done = ctx != NULL &&
	    EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL, seal->key,
	        NULL) == 1 &&
	    EVP_DigestSign(ctx, out, &size, data, len) == 1 &&
	    size == SEAL_SIGNATURE_SIZE;

	EVP_MD_CTX_free(ctx);
	if (!done)
		return err_set(err, ERR_SYSTEM,
		    "libcrypto did not sign with the sealing key");
	return 0;
}

bool
seal_holds(const unsigned char signature[SEAL_SIGNATURE_SIZE],
    const struct seal_public *key, const void *data, size_t len)
{
	EVP_MD_CTX *ctx;
	EVP_PKEY *pkey;
	bool holds;

	seal_set_up();
	ctx = EVP_MD_CTX_new();
	pkey = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, key->bytes,
	    SEAL_PUBLIC_SIZE);
	holds = ctx != NULL && pkey != NULL &&
	    EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, pkey, NULL) ==
	        1 &&
	    EVP_DigestVerify(ctx, signature, SEAL_SIGNATURE_SIZE, data, len) ==
	        1;
	EVP_PKEY_free(pkey);
	EVP_MD_CTX_free(ctx);
	return holds;
}
