#include "edge/seal_report.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/text.h"
#include "edge/seal_file.h"

#define KEY "the report key"
#define SIGNATURE_MAX 128

struct seal_report {
	EVP_PKEY *key;
};

static bool
is_p256(EVP_PKEY *key)
{
	char name[64];
	size_t len;

	return key != NULL && EVP_PKEY_is_a(key, "EC") &&
	    EVP_PKEY_get_group_name(key, name, sizeof(name), &len) == 1 &&
	    strcmp(name, "prime256v1") == 0;
}

/* What a BIO in memory holds. */
static void
take(struct buf *out, BIO *bio)
{
	char *data;
	long len = BIO_get_mem_data(bio, &data);

	if (len > 0)
		buf_add(out, data, (size_t)len);
}

int
seal_report_make(const char *path, struct err *err)
{
	struct buf pem = {0};
	EVP_PKEY *key;
	BIO *bio;
	int ret = -1;

	seal_set_up();
	key = EVP_EC_gen("P-256");
	bio = BIO_new(BIO_s_secmem());
	if (key == NULL || bio == NULL ||
	    PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL,
	        NULL) != 1)
		err_set(err, ERR_SYSTEM,
		    "libcrypto does not make the report key '%s'", path);
	else {
		take(&pem, bio);
		ret = seal_file_write(path, KEY, &pem, err);
	}
	seal_wipe(&pem);
	BIO_free(bio);
	EVP_PKEY_free(key);
	return ret;
}

/* Without a passphrase, and nobody is asked for one. */
static int
no_passphrase(char *buf, int size, int writing, void *ctx)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static EVP_PKEY *
parse(const char *pem, size_t len, bool private)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)len);
	EVP_PKEY *key = NULL;

	if (bio != NULL)
		key = private
		    ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL)
		    : PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	if (is_p256(key))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

int
seal_report_open(struct seal_report **out, const char *path, struct err *err)
{
	char text[SEAL_FILE_MAX + 1];
	struct seal_report *new;
	EVP_PKEY *key;
	size_t len;

	seal_set_up();
	if (seal_file_read(text, &len, KEY, path, err) < 0)
		return -1;
	key = parse(text, len, true);
	explicit_bzero(text, sizeof(text));
	if (key == NULL)
		return err_set(err, ERR_CONFIG,
		    "'%s' is not a key on P-256 in PKCS#8 PEM", path);
	new = calloc(1, sizeof(*new));
	if (new == NULL)
		err_fatal("out of memory");
	new->key = key;
	*out = new;
	return 0;
}

void
seal_report_close(struct seal_report *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->key);
	free(key);
}

static int
fingerprint_of(char out[SEAL_FINGERPRINT_SIZE], EVP_PKEY *key, struct err *err)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);

	if (len <= 0)
		return err_set(err, ERR_SYSTEM,
		    "libcrypto does not write the report key");
	digest_sha256_hex(out, der, (size_t)len);
	OPENSSL_free(der);
	return 0;
}

int
seal_report_public(const struct seal_report *key, struct buf *pem,
    char fingerprint[SEAL_FINGERPRINT_SIZE], struct err *err)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool done = bio != NULL && PEM_write_bio_PUBKEY(bio, key->key) == 1;

	if (done)
		take(pem, bio);
	BIO_free(bio);
	if (!done)
		return err_set(err, ERR_SYSTEM,
		    "libcrypto does not write the report key");
	return fingerprint_of(fingerprint, key->key, err);
}

/* One way to write it only, or one key would have two texts. */
int
seal_report_fingerprint(char out[SEAL_FINGERPRINT_SIZE], const char *pem,
    size_t len, struct err *err)
{
	struct seal_report key = {NULL};
	struct buf again = {0};
	int ret = -1;

	seal_set_up();
	if (len <= SEAL_FILE_MAX)
		key.key = parse(pem, len, false);
	if (key.key == NULL)
		return err_set(err, ERR_INPUT,
		    "not one public key on P-256 in PEM");
	if (seal_report_public(&key, &again, out, err) == 0)
		ret =
		    again.len == len && memcmp(buf_text(&again), pem, len) == 0
		    ? 0
		    : err_set(err, ERR_INPUT,
		          "the public key's PEM is not in canonical form");
	buf_free(&again);
	EVP_PKEY_free(key.key);
	return ret;
}

int
seal_report_sign(const struct seal_report *key, const void *data, size_t len,
    struct buf *signature, struct err *err)
{
	unsigned char bytes[SIGNATURE_MAX];
	size_t size = sizeof(bytes);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done = ctx != NULL &&
	    EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, key->key,
	        NULL) == 1 &&
	    EVP_DigestSign(ctx, bytes, &size, data, len) == 1;

	EVP_MD_CTX_free(ctx);
	if (!done)
		return err_set(err, ERR_SYSTEM,
		    "libcrypto did not sign with the report key");
	buf_add(signature, bytes, size);
	return 0;
}
