#include "edge/seal_jwt.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/json.h"
#include "base/text.h"
#include "edge/seal_file.h"

#define KEY "the App's key"   /* in errors */
#define BEFORE 60             /* s */
#define FOR ((int64_t)9 * 60) /* s */
#define SIGNATURE_MAX 2048    /* bytes: a key of 16384 bits */

/* Base64 for addresses, without padding (RFC 7515 section 2). */
static void
add_base64url(struct buf *out, const void *data, size_t len)
{
	struct buf plain = {0};

	text_base64(&plain, data, len);
	for (size_t i = 0; i < plain.len && plain.data[i] != '='; i++)
		buf_char(out,
		    plain.data[i] == '+'       ? '-'
		        : plain.data[i] == '/' ? '_'
		                               : plain.data[i]);
	buf_free(&plain);
}

static void
add_claims(struct buf *out, unsigned app, int64_t now)
{
	static const char head[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
	struct buf claims = {0};
	struct json j = {.out = &claims};

	json_open(&j, '{');
	json_key_number(&j, "iat", now / 1000 - BEFORE);
	json_key_number(&j, "exp", now / 1000 + FOR);
	json_key(&j, "iss");
	json_number(&j, app);
	json_close(&j);
	add_base64url(out, head, sizeof(head) - 1);
	buf_char(out, '.');
	add_base64url(out, claims.data, claims.len);
	buf_free(&claims);
}

/* Nobody is asked for a passphrase. */
static int
no_passphrase(char *out, int room, int writing, void *ctx)
{
	(void)out;
	(void)room;
	(void)writing;
	(void)ctx;
	return -1;
}

static EVP_PKEY *
read_key(const char *path, struct err *err)
{
	char text[SEAL_FILE_MAX + 1];
	EVP_PKEY *key = NULL;
	size_t len;
	BIO *bio;

	if (seal_file_read(text, &len, KEY, path, err) < 0)
		return NULL;
	seal_set_up();
	bio = BIO_new_mem_buf(text, (int)len);
	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	explicit_bzero(text, sizeof(text));
	if (key != NULL && EVP_PKEY_is_a(key, "RSA") &&
	    EVP_PKEY_get_bits(key) >= SEAL_JWT_BITS)
		return key;
	EVP_PKEY_free(key);
	err_set(err, ERR_CONFIG, KEY " '%s' is no RSA key of at least %d bits",
	    path, SEAL_JWT_BITS);
	return NULL;
}

int
seal_jwt(struct buf *out, unsigned app, const char *key_file, int64_t now,
    struct err *err)
{
	unsigned char signature[SIGNATURE_MAX];
	size_t len = sizeof(signature);
	EVP_PKEY *key = read_key(key_file, err);
	EVP_MD_CTX *ctx;
	struct buf token = {0};
	int ret = 0;

	if (key == NULL)
		return -1;
	add_claims(&token, app, now);
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL ||
	    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestSign(ctx, signature, &len,
	        (const unsigned char *)token.data, token.len) != 1)
		ret = err_set(err, ERR_SYSTEM,
		    KEY " '%s' cannot be signed with", key_file);
	if (ret == 0) {
		buf_char(&token, '.');
		add_base64url(&token, signature, len);
		buf_put(out, buf_text(&token));
	}
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	seal_wipe(&token);
	return ret;
}
