/*
 * The two forms of an Ed25519 key (RFC 8410) have one length each and differ
 * in their last 32 bytes only, so they are written and compared here byte for
 * byte; libcrypto's general readers would take more than is wanted.
 */
#include "edge/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/text.h"

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

static void
wipe(struct buf *buf)
{
	if (buf->data != NULL)
		explicit_bzero(buf->data, buf->room);
	buf_free(buf);
}

/* libcrypto reads no file of settings that the environment names. */
static void
set_up_libcrypto(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

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
	wipe(&der);
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

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, data, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		data += put;
		len -= (size_t)put;
	}
	return 0;
}

/* A name that is not on disk may be gone after a power cut. */
static int
sync_directory(const char *path, struct err *err)
{
	char *copy = strdup(path);
	const char *name;
	int fd, ret = 0;

	if (copy == NULL)
		return err_set(err, ERR_SYSTEM, "out of memory");
	name = dirname(copy);
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		ret = err_errno(err, "'%s'", name);
	if (fd >= 0)
		close(fd);
	free(copy);
	return ret;
}

static int
write_key(const char *path, const struct buf *pem, struct err *err)
{
	int fd = open(path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
	int ret = -1;

	if (fd < 0)
		return err_errno(err, "the sealing key '%s'", path);
	if (fchmod(fd, 0400) < 0 || write_all(fd, pem->data, pem->len) < 0 ||
	    fsync(fd) < 0)
		err_errno(err, "the sealing key '%s'", path);
	else
		ret = sync_directory(path, err);
	close(fd);
	if (ret < 0)
		unlink(path);
	return ret;
}

int
seal_make(const char *path, struct err *err)
{
	unsigned char seed[SEED_SIZE];
	struct buf pem = {0};
	int ret;

	set_up_libcrypto();
	if (RAND_priv_bytes(seed, sizeof(seed)) != 1)
		return err_set(err, ERR_SYSTEM,
		    "no random numbers for the sealing key '%s'", path);
	write_pem(&pem, seed, PRIVATE_BEGIN, PRIVATE_END, private_head,
	    sizeof(private_head));
	explicit_bzero(seed, sizeof(seed));
	ret = write_key(path, &pem, err);
	wipe(&pem);
	return ret;
}

static int
check_file(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "the sealing key '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG,
		    "the sealing key '%s' is not a regular file", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(err, ERR_CONFIG,
		    "the sealing key '%s' belongs to another user", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_set(err, ERR_CONFIG,
		    "the sealing key '%s' is open to others: chmod 0400", path);
	return 0;
}

static int
read_key(unsigned char seed[SEED_SIZE], int fd, const char *path,
    struct err *err)
{
	char text[SEAL_FILE_MAX + 1];
	size_t len = 0;
	ssize_t got = 1;
	bool sound;

	while (got != 0 && len < sizeof(text) - 1) {
		got = read(fd, text + len, sizeof(text) - 1 - len);
		if (got < 0 && errno != EINTR) {
			explicit_bzero(text, sizeof(text));
			return err_errno(err, "the sealing key '%s'", path);
		}
		len += got > 0 ? (size_t)got : 0;
	}
	text[len] = '\0';
	sound = open_pem(seed, text, len, PRIVATE_BEGIN, PRIVATE_END,
	    private_head, sizeof(private_head));
	explicit_bzero(text, sizeof(text));
	if (!sound)
		return err_set(err, ERR_CONFIG,
		    "'%s' is not an Ed25519 key in PKCS#8 PEM", path);
	return 0;
}

static int
load(struct seal **out, const unsigned char seed[SEED_SIZE], struct err *err)
{
	struct seal *seal = calloc(1, sizeof(*seal));
	size_t len = SEAL_PUBLIC_SIZE;

	if (seal == NULL)
		return err_set(err, ERR_SYSTEM, "out of memory");
	set_up_libcrypto();
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
	int fd = open(path,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	unsigned char seed[SEED_SIZE];
	int ret = -1;

	if (fd < 0)
		return err_errno(err, "the sealing key '%s'", path);
	if (check_file(fd, path, err) == 0 &&
	    read_key(seed, fd, path, err) == 0)
		ret = load(out, seed, err);
	explicit_bzero(seed, sizeof(seed));
	close(fd);
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

	set_up_libcrypto();
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
