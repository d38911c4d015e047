#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/pool.h"
#include "base/text.h"
#include "core/sshsig.h"
#include "edge/signature.h"
#include "run.h"

#define DATA "object 1\ntype commit\n\ntext\n"

static char dir[64];

static const struct row {
	const char *name, *type, *bits;
} rows[] = {
    {"ed", "ed25519", "256"},
    {"p256", "ecdsa", "256"},
    {"p384", "ecdsa", "384"},
    {"p521", "ecdsa", "521"},
    {"rsa2048", "rsa", "2048"},
    {"rsa3072", "rsa", "3072"},
    {"rsa1024", "rsa", "1024"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define GOOD_ROWS (ROWS - 1) /* 1024 bits are too few */

static int
make_keys(void **state)
{
	(void)state;
	make_dir(dir, "signature");
	for (size_t i = 0; i < ROWS; i++)
		if (RUN(dir, NULL, NULL, "ssh-keygen", "-q", "-t", rows[i].type,
		        "-b", rows[i].bits, "-N", "", "-f", rows[i].name) != 0)
			return -1;
	return 0;
}

static int
drop_keys(void **state)
{
	(void)state;
	remove_dir(dir);
	return 0;
}

static void
ssh_sign(struct buf *armor, const char *key, const char *space,
    const char *option)
{
	struct buf in = {0};

	buf_put(&in, DATA);
	buf_clear(armor);
	assert_int_equal(RUN(dir, &in, armor, "ssh-keygen", "-Y", "sign", "-q",
	                     "-n", space, "-f", key, "-O", option),
	    0);
	buf_free(&in);
}

/* What ssh-keygen thinks of it, whoever's key it is. */
static bool
ssh_holds(const struct buf *armor, const char *data, size_t len)
{
	struct buf in = {0};
	int status;

	buf_add(&in, data, len);
	put_file(dir, "sig", armor->data, armor->len);
	status = RUN(dir, &in, NULL, "ssh-keygen", "-Y", "check-novalidate",
	    "-n", "git", "-s", "sig");
	buf_free(&in);
	return status == 0;
}

static struct signature
ask_with(const struct buf *armor, const char *data, size_t len,
    const struct signature_rules *rules)
{
	struct signature s;
	struct err err = {0};

	assert_int_equal(signature_check(&s, data, len, armor->data, armor->len,
	                     rules, &err),
	    0);
	assert_int_equal(s.good, s.code[0] == '\0');
	assert_true(!s.good || s.intact);
	return s;
}

static struct signature
ask(const struct buf *armor)
{
	struct signature_rules rules = {.space = "git"};

	return ask_with(armor, DATA, strlen(DATA), &rules);
}

static void
assert_code(const struct buf *armor, const char *code, bool intact)
{
	struct signature s = ask(armor);

	assert_string_equal(s.code, code);
	assert_int_equal(s.intact, intact);
}

static void
wrap(struct buf *armor, const struct buf *blob)
{
	struct buf digits = {0};

	text_base64(&digits, blob->data, blob->len);
	buf_clear(armor);
	buf_put(armor, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t at = 0; at < digits.len; at += 70)
		buf_printf(armor, "%.70s\n", digits.data + at);
	buf_put(armor, "-----END SSH SIGNATURE-----\n");
	buf_free(&digits);
}

static void
unwrap(struct buf *blob, const struct buf *armor)
{
	const char *at = strchr(armor->data, '\n');

	buf_clear(blob);
	assert_true(text_parse_base64(blob, at,
	    (size_t)(strstr(at, "\n-----END") - at), true));
}

static void
signatures_by_each_type_of_key_hold(void **state)
{
	static const char *const hashes[] = {"hashalg=sha256",
	    "hashalg=sha512"};
	struct buf armor = {0}, shown = {0};

	(void)state;
	for (size_t i = 0; i < GOOD_ROWS * 2; i++) {
		const char *name = rows[i / 2].name;
		struct signature s;

		ssh_sign(&armor, name, "git", hashes[i % 2]);
		s = ask(&armor);
		assert_true(s.good);
		assert_int_equal(s.form, SIGNATURE_SSH);
		assert_false(s.present || s.verified);
		buf_clear(&shown);
		RUN(dir, NULL, &shown, "ssh-keygen", "-l", "-f", name);
		assert_int_equal(strlen(s.key), 50);
		assert_non_null(strstr(shown.data, s.key));
	}
	buf_free(&armor);
	buf_free(&shown);
}

static void
a_signature_over_other_bytes_does_not_hold(void **state)
{
	struct signature_rules rules = {0};
	struct buf armor = {0};

	(void)state;
	for (size_t i = 0; i < GOOD_ROWS; i++) {
		ssh_sign(&armor, rows[i].name, "git", "hashalg=sha512");
		assert_true(ask_with(&armor, DATA, strlen(DATA), &rules).good);
		assert_string_equal(
		    ask_with(&armor, DATA, strlen(DATA) - 1, &rules).code,
		    "bad");
		assert_string_equal(ask_with(&armor, "", 0, &rules).code,
		    "bad");
	}
	buf_free(&armor);
}

/*
 * Bits turned over all of the blob: what ssh-keygen calls bad we never call
 * good, and what we call good it does too.
 */
static void
with_a_bit_turned_we_agree_with_ssh_keygen(void **state)
{
	struct buf armor = {0}, blob = {0};

	(void)state;
	for (size_t i = 0; i < GOOD_ROWS; i++) {
		size_t step;

		ssh_sign(&armor, rows[i].name, "git", "hashalg=sha512");
		unwrap(&blob, &armor);
		step = blob.len / 40;
		for (size_t at = 0; at < blob.len; at += step) {
			char bit = (char)(1 << at % 8);

			blob.data[at] = (char)(blob.data[at] ^ bit);
			wrap(&armor, &blob);
			assert_int_equal(ask(&armor).good,
			    ssh_holds(&armor, DATA, strlen(DATA)));
			assert_false(ask(&armor).intact);
			blob.data[at] = (char)(blob.data[at] ^ bit);
		}
		wrap(&armor, &blob);
		assert_true(ask(&armor).good);
		assert_true(ssh_holds(&armor, DATA, strlen(DATA)));
	}
	buf_free(&armor);
	buf_free(&blob);
}

static void
a_blob_cut_anywhere_is_malformed(void **state)
{
	struct buf armor = {0}, blob = {0};

	(void)state;
	for (size_t i = 0; i < GOOD_ROWS; i++) {
		size_t whole;

		ssh_sign(&armor, rows[i].name, "git", "hashalg=sha512");
		unwrap(&blob, &armor);
		whole = blob.len;
		for (blob.len = 1; blob.len < whole; blob.len++) {
			wrap(&armor, &blob);
			assert_code(&armor, "malformed", false);
		}
		buf_char(&blob, '\0');
		wrap(&armor, &blob);
		assert_code(&armor, "malformed", false);
	}
	buf_free(&armor);
	buf_free(&blob);
}

static void
a_signature_made_for_another_purpose_says_so(void **state)
{
	struct signature_rules rules = {.space = "file"};
	struct buf armor = {0};

	(void)state;
	ssh_sign(&armor, "ed", "file", "hashalg=sha512");
	assert_code(&armor, "wrong-namespace", true);
	assert_non_null(strstr(ask(&armor).reason, "'file'"));
	assert_true(ask_with(&armor, DATA, strlen(DATA), &rules).good);
	ssh_sign(&armor, "ed", "git2", "hashalg=sha512");
	assert_code(&armor, "wrong-namespace", true);
	buf_free(&armor);
}

static void
rsa_keys_below_the_least_are_weak(void **state)
{
	struct signature_rules rules = {.rsa_bits = 3072};
	struct buf armor = {0};
	struct signature s;

	(void)state;
	ssh_sign(&armor, "rsa1024", "git", "hashalg=sha512");
	assert_code(&armor, "weak", true);
	ssh_sign(&armor, "rsa2048", "git", "hashalg=sha512");
	s = ask_with(&armor, DATA, strlen(DATA), &rules);
	assert_string_equal(s.code, "weak");
	ssh_sign(&armor, "rsa3072", "git", "hashalg=sha512");
	assert_true(ask_with(&armor, DATA, strlen(DATA), &rules).good);
	buf_free(&armor);
}

static void
only_one_whole_block_of_armor_is_taken(void **state)
{
	struct buf armor = {0}, other = {0};
	struct signature_rules rules = {0};
	struct signature s;
	struct err err = {0};

	(void)state;
	ssh_sign(&armor, "ed", "git", "hashalg=sha512");
	ssh_sign(&other, "p256", "git", "hashalg=sha512");
	buf_put(&other, armor.data);
	assert_code(&other, "not-one", false);
	buf_clear(&other);
	buf_printf(&other, "%s \n\n", armor.data);
	assert_code(&other, "", true);
	buf_clear(&other);
	buf_printf(&other, "%sx", armor.data);
	assert_code(&other, "malformed", false);
	buf_clear(&other);
	buf_printf(&other, "\n%s", armor.data);
	assert_code(&other, "unknown-form", false);
	buf_clear(&other);
	buf_add(&other, armor.data, armor.len - 3);
	assert_code(&other, "malformed", false);
	for (char *lf = armor.data; (lf = strchr(lf + 1, '\n')) != NULL;) {
		buf_clear(&other);
		buf_printf(&other, "%.*s %s", (int)(lf - armor.data),
		    armor.data, lf);
		if (lf[1] != '\0')
			assert_false(ask(&other).good);
	}
	buf_clear(&other);
	buf_put(&other,
	    "-----BEGIN SIGNED MESSAGE-----\nAAAA\n"
	    "-----END SIGNED MESSAGE-----\n");
	assert_code(&other, "unknown-form", false);
	assert_int_equal(signature_check(&s, DATA, strlen(DATA), NULL, 0,
	                     &rules, &err),
	    0);
	assert_string_equal(s.code, "absent");
	buf_free(&armor);
	buf_free(&other);
}

/* A signature put together by hand. */
struct parts {
	uint32_t version;
	const char *magic, *space, *reserved, *hash, *algorithm;
	struct buf key;
	struct buf bytes; /* of the signature */
	const char *behind;
	size_t behind_len;
};

static void
text_field(struct buf *out, const char *text)
{
	wire_put_string(out, text, strlen(text));
}

static void
compose(struct buf *armor, const struct parts *p)
{
	struct buf blob = {0}, signature = {0};

	buf_put(&blob, p->magic);
	wire_put_u32(&blob, p->version);
	wire_put_string(&blob, p->key.data, p->key.len);
	text_field(&blob, p->space);
	text_field(&blob, p->reserved);
	text_field(&blob, p->hash);
	text_field(&signature, p->algorithm);
	wire_put_string(&signature, p->bytes.data, p->bytes.len);
	buf_add(&signature, p->behind, p->behind_len);
	wire_put_string(&blob, signature.data, signature.len);
	wrap(armor, &blob);
	buf_free(&blob);
	buf_free(&signature);
}

/* The bytes that PROTOCOL.sshsig says are signed for `p` over DATA. */
static void
message_of(struct buf *out, const struct parts *p)
{
	unsigned char hash[SHA512_DIGEST_LENGTH];

	SHA512((const unsigned char *)DATA, strlen(DATA), hash);
	buf_put(out, "SSHSIG");
	text_field(out, p->space);
	text_field(out, p->reserved);
	text_field(out, p->hash);
	wire_put_string(out, hash, sizeof(hash));
}

static void
sign_with(struct buf *out, EVP_PKEY *key, const EVP_MD *md,
    const struct buf *message)
{
	unsigned char bytes[1024];
	size_t len = sizeof(bytes);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	assert_int_equal(EVP_DigestSignInit(ctx, NULL, md, NULL, key), 1);
	assert_int_equal(EVP_DigestSign(ctx, bytes, &len,
	                     (unsigned char *)message->data, message->len),
	    1);
	buf_clear(out);
	buf_add(out, bytes, len);
	EVP_MD_CTX_free(ctx);
}

/* An Ed25519 key of libcrypto's and a good signature by it. */
static EVP_PKEY *
ed25519_parts(struct parts *p)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	unsigned char point[32];
	size_t len = sizeof(point);
	struct buf message = {0};

	memset(p, 0, sizeof(*p));
	p->version = 1;
	p->magic = "SSHSIG";
	p->space = "git";
	p->reserved = "";
	p->hash = "sha512";
	p->algorithm = "ssh-ed25519";
	EVP_PKEY_get_raw_public_key(key, point, &len);
	text_field(&p->key, "ssh-ed25519");
	wire_put_string(&p->key, point, len);
	message_of(&message, p);
	sign_with(&p->bytes, key, NULL, &message);
	buf_free(&message);
	return key;
}

static void
sign_again(struct parts *p, EVP_PKEY *key)
{
	struct buf message = {0};

	message_of(&message, p);
	sign_with(&p->bytes, key, NULL, &message);
	buf_free(&message);
}

static void
drop_parts(struct parts *p, EVP_PKEY *key)
{
	buf_free(&p->key);
	buf_free(&p->bytes);
	EVP_PKEY_free(key);
}

static void
expect(struct parts *p, const char *code, bool intact)
{
	struct buf armor = {0};

	compose(&armor, p);
	assert_code(&armor, code, intact);
	buf_free(&armor);
}

static void
each_field_out_of_order_is_refused_though_the_signature_fits(void **state)
{
	struct parts p;
	EVP_PKEY *key = ed25519_parts(&p);

	(void)state;
	expect(&p, "", true);
	p.version = 2;
	expect(&p, "unknown-form", false);
	p.version = 0;
	expect(&p, "unknown-form", false);
	p.version = 1;
	p.magic = "SSHSIH";
	expect(&p, "malformed", false);
	p.magic = "SSHSIG";
	p.reserved = "x";
	sign_again(&p, key);
	expect(&p, "malformed", false);
	p.reserved = "";
	p.space = "";
	sign_again(&p, key);
	expect(&p, "malformed", false);
	p.space = "git";
	p.hash = "sha384";
	sign_again(&p, key);
	expect(&p, "unknown-form", false);
	p.hash = "sha512";
	sign_again(&p, key);
	expect(&p, "", true);
	p.algorithm = "rsa-sha2-512";
	expect(&p, "unknown-form", false);
	p.algorithm = "sk-ssh-ed25519@openssh.com";
	expect(&p, "unknown-form", false);
	p.algorithm = "ssh-ed25519";
	p.behind = "x";
	p.behind_len = 1;
	expect(&p, "malformed", false);
	p.behind_len = 0;
	buf_char(&p.bytes, '\0');
	expect(&p, "malformed", false);
	p.bytes.len -= 2;
	expect(&p, "malformed", false);
	drop_parts(&p, key);
}

static void
a_key_of_an_unknown_type_or_a_damaged_one_is_told_apart(void **state)
{
	struct parts p;
	EVP_PKEY *key = ed25519_parts(&p);

	(void)state;
	p.key.len--;
	expect(&p, "malformed", false);
	buf_clear(&p.key);
	text_field(&p.key, "ssh-dss");
	expect(&p, "unknown-form", false);
	drop_parts(&p, key);
}

static void
a_certificate_is_refused_and_called_so(void **state)
{
	struct buf line = {0};
	struct parts p;
	EVP_PKEY *key = ed25519_parts(&p);
	const char *digits;

	(void)state;
	assert_int_equal(RUN(dir, NULL, NULL, "ssh-keygen", "-q", "-s", "ed",
	                     "-I", "id", "-n", "alice", "p256.pub"),
	    0);
	get_file(&line, dir, "p256-cert.pub");
	digits = strchr(line.data, ' ') + 1;
	buf_clear(&p.key);
	assert_true(
	    text_parse_base64(&p.key, digits, strcspn(digits, " "), false));
	expect(&p, "certificate", false);
	buf_free(&line);
	drop_parts(&p, key);
}

/* The same key with another way to write the same numbers. */
static void
numbers_of_ecdsa_have_one_form(void **state)
{
	struct buf armor = {0}, blob = {0};
	struct err err = {0};
	struct sshsig sig;
	struct parts p = {.version = 1,
	    .magic = "SSHSIG",
	    .space = "git",
	    .reserved = "",
	    .hash = "sha512",
	    .algorithm = "ecdsa-sha2-nistp256"};

	(void)state;
	ssh_sign(&armor, "p256", "git", "hashalg=sha512");
	unwrap(&blob, &armor);
	assert_int_equal(sshsig_parse(&sig, (unsigned char *)blob.data,
	                     blob.len, &err),
	    0);
	buf_add(&p.key, sig.key.blob.data, sig.key.blob.len);
	for (unsigned zeros = 0; zeros < 3; zeros++) {
		bool high = sig.r.data[0] >= 0x80;
		bool s_high = sig.s.data[0] >= 0x80;

		buf_clear(&p.bytes);
		wire_put_u32(&p.bytes, (uint32_t)sig.r.len + zeros);
		buf_add(&p.bytes, "\0\0", zeros);
		buf_add(&p.bytes, sig.r.data, sig.r.len);
		wire_put_u32(&p.bytes, (uint32_t)sig.s.len + s_high);
		buf_add(&p.bytes, "\0", s_high);
		buf_add(&p.bytes, sig.s.data, sig.s.len);
		expect(&p, zeros == high ? "" : "malformed", zeros == high);
	}
	buf_free(&armor);
	buf_free(&blob);
	buf_free(&p.key);
	buf_free(&p.bytes);
}

/* Signs until the signature begins with a zero, which is then left out. */
static void
rsa_signatures_may_lack_leading_zeros_but_not_use_sha1(void **state)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	struct parts p = {.version = 1,
	    .magic = "SSHSIG",
	    .reserved = "",
	    .hash = "sha512",
	    .algorithm = "rsa-sha2-256"};
	struct signature_rules rules = {0};
	struct buf message = {0}, armor = {0};
	char space[16];
	BIGNUM *modulus = NULL;
	unsigned char bytes[257] = {0};

	(void)state;
	EVP_PKEY_get_bn_param(key, "n", &modulus);
	BN_bn2bin(modulus, bytes + 1);
	text_field(&p.key, "ssh-rsa");
	wire_put_string(&p.key, "\x01\x00\x01", 3);
	wire_put_string(&p.key, bytes, sizeof(bytes));
	p.space = space;
	for (unsigned i = 0; i == 0 || p.bytes.data[0] != 0; i++) {
		snprintf(space, sizeof(space), "s%u", i);
		buf_clear(&message);
		message_of(&message, &p);
		sign_with(&p.bytes, key, EVP_sha256(), &message);
	}
	rules.space = space;
	compose(&armor, &p);
	assert_true(ask_with(&armor, DATA, strlen(DATA), &rules).good);
	memmove(p.bytes.data, p.bytes.data + 1, --p.bytes.len);
	compose(&armor, &p);
	assert_true(ask_with(&armor, DATA, strlen(DATA), &rules).good);
	p.algorithm = "rsa-sha2-512";
	compose(&armor, &p);
	assert_string_equal(ask_with(&armor, DATA, strlen(DATA), &rules).code,
	    "bad");
	sign_with(&p.bytes, key, EVP_sha1(), &message);
	p.algorithm = "ssh-rsa";
	compose(&armor, &p);
	assert_string_equal(ask_with(&armor, DATA, strlen(DATA), &rules).code,
	    "weak");
	buf_char(&p.bytes, '\0');
	p.algorithm = "rsa-sha2-256";
	compose(&armor, &p);
	assert_string_equal(ask_with(&armor, DATA, strlen(DATA), &rules).code,
	    "malformed");
	BN_free(modulus);
	EVP_PKEY_free(key);
	buf_free(&message);
	buf_free(&armor);
	buf_free(&p.key);
	buf_free(&p.bytes);
}

/* What a security key does, done by hand (PROTOCOL.u2f). */
static void
token_sign(struct parts *p, EVP_PKEY *key, const EVP_MD *md,
    const unsigned char tail[5])
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	struct buf message = {0}, inner = {0};

	message_of(&inner, p);
	SHA256((const unsigned char *)"ssh:", 4, hash);
	buf_add(&message, hash, sizeof(hash));
	buf_add(&message, tail, 5);
	SHA256((unsigned char *)inner.data, inner.len, hash);
	buf_add(&message, hash, sizeof(hash));
	sign_with(&p->bytes, key, md, &message);
	buf_free(&message);
	buf_free(&inner);
}

/* DER's two integers are mpints as they stand. */
static void
from_der(struct buf *bytes)
{
	struct buf out = {0};
	const unsigned char *at = (unsigned char *)bytes->data + 2;

	for (int i = 0; i < 2; i++) {
		wire_put_string(&out, at + 2, at[1]);
		at += 2 + at[1];
	}
	buf_free(bytes);
	*bytes = out;
}

static void
check_token(struct parts *p, EVP_PKEY *key, bool ecdsa)
{
	for (unsigned flags = 0; flags < 8; flags++) {
		unsigned char tail[5] = {(unsigned char)flags, 0, 0, 1, 7};
		struct buf armor = {0};
		struct signature s;

		token_sign(p, key, ecdsa ? EVP_sha256() : NULL, tail);
		if (ecdsa)
			from_der(&p->bytes);
		p->behind = (char *)tail;
		p->behind_len = 5;
		compose(&armor, p);
		assert_true(ssh_holds(&armor, DATA, strlen(DATA)));
		s = ask(&armor);
		assert_true(s.intact);
		assert_int_equal(s.good, flags & 1);
		assert_int_equal(s.present, flags & 1);
		assert_int_equal(s.verified, (flags & 4) != 0);
		assert_string_equal(s.code, flags & 1 ? "" : "presence");
		/* The flags are signed too. */
		tail[0] ^= 1;
		compose(&armor, p);
		assert_code(&armor, "bad", false);
		assert_false(ask(&armor).present);
		tail[0] ^= 1;
		tail[4]++;
		expect(p, "bad", false);
		p->behind_len = 4;
		expect(p, "malformed", false);
		p->behind_len = 0;
		expect(p, "malformed", false);
		buf_free(&armor);
	}
}

static void
security_keys_must_have_been_touched(void **state)
{
	struct parts p;
	EVP_PKEY *key = ed25519_parts(&p);
	unsigned char point[65];
	size_t len = 32;

	(void)state;
	EVP_PKEY_get_raw_public_key(key, point, &len);
	buf_clear(&p.key);
	p.algorithm = "sk-ssh-ed25519@openssh.com";
	text_field(&p.key, p.algorithm);
	wire_put_string(&p.key, point, len);
	text_field(&p.key, "ssh:");
	check_token(&p, key, false);
	EVP_PKEY_free(key);

	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	assert_int_equal(EVP_PKEY_get_octet_string_param(key, "pub", point,
	                     sizeof(point), &len),
	    1);
	buf_clear(&p.key);
	p.algorithm = "sk-ecdsa-sha2-nistp256@openssh.com";
	text_field(&p.key, p.algorithm);
	text_field(&p.key, "nistp256");
	wire_put_string(&p.key, point, len);
	text_field(&p.key, "ssh:");
	check_token(&p, key, true);
	drop_parts(&p, key);
}

static void
a_point_that_is_not_on_its_curve_signs_nothing(void **state)
{
	struct buf armor = {0}, blob = {0};
	struct err err = {0};
	struct sshsig sig;

	(void)state;
	ssh_sign(&armor, "p256", "git", "hashalg=sha512");
	unwrap(&blob, &armor);
	assert_int_equal(sshsig_parse(&sig, (unsigned char *)blob.data,
	                     blob.len, &err),
	    0);
	blob.data[(const char *)sig.key.point.data - blob.data + 64] ^= 1;
	wrap(&armor, &blob);
	assert_code(&armor, "bad", false);
	buf_free(&armor);
	buf_free(&blob);
}

/* `list` as a file of revoked keys, made by ssh-keygen or by hand. */
static struct signature
ask_revoked(const struct buf *armor, const char *list)
{
	char path[128];
	struct signature_rules rules = {.revoked = path};

	snprintf(path, sizeof(path), "%s/%s", dir, list);
	return ask_with(armor, DATA, strlen(DATA), &rules);
}

static void
assert_ready(const char *list)
{
	char path[128];
	struct signature_rules rules = {.revoked = path};
	struct err err = {0};

	snprintf(path, sizeof(path), "%s/%s", dir, list);
	assert_int_equal(signature_ready(&rules, &err), 0);
	rules.revoked = NULL;
	assert_int_equal(signature_ready(&rules, &err), 0);
}

static void
keys_in_a_list_of_revoked_keys_are_revoked(void **state)
{
	static const char *const lists[] = {"krl.key", "krl.sha1", "krl.sha256",
	    "p256.pub", "lines"};
	static const char *const specs[] = {"key: ", "sha1: ", "sha256: "};
	struct buf armor = {0}, other = {0}, line = {0}, spec = {0};

	(void)state;
	get_file(&line, dir, "p256.pub");
	for (size_t i = 0; i < 3; i++) {
		buf_clear(&spec);
		buf_printf(&spec, "%s%s", specs[i], line.data);
		put_file(dir, "spec", spec.data, spec.len);
		assert_int_equal(RUN(dir, NULL, NULL, "ssh-keygen", "-q", "-k",
		                     "-f", lists[i], "spec"),
		    0);
	}
	buf_clear(&spec);
	get_file(&spec, dir, "rsa2048.pub");
	buf_printf(&spec, "\n# old\n  %s", line.data);
	put_file(dir, "lines", spec.data, spec.len);
	ssh_sign(&armor, "p256", "git", "hashalg=sha512");
	ssh_sign(&other, "p384", "git", "hashalg=sha512");
	for (size_t i = 0; i < 5; i++) {
		struct signature s = ask_revoked(&armor, lists[i]);

		assert_string_equal(s.code, "revoked");
		assert_true(s.intact);
		assert_null(strstr(s.reason, "tamper"));
		assert_true(ask_revoked(&other, lists[i]).good);
		assert_ready(lists[i]);
	}
	put_file(dir, "empty", "", 0);
	assert_true(ask_revoked(&armor, "empty").good);
	buf_free(&armor);
	buf_free(&other);
	buf_free(&line);
	buf_free(&spec);
}

static void
cannot_say(const struct buf *armor, const char *list)
{
	char path[128];
	struct signature_rules rules = {.revoked = path};
	struct signature s;
	struct err err = {0};

	snprintf(path, sizeof(path), "%s/%s", dir, list);
	assert_int_equal(signature_check(&s, DATA, strlen(DATA), armor->data,
	                     armor->len, &rules, &err),
	    -1);
	assert_false(s.good);
	assert_non_null(strstr(err.text, path));
	err = (struct err){0};
	assert_int_equal(signature_ready(&rules, &err), -1);
	assert_non_null(strstr(err.text, path));
}

static void
a_list_of_revoked_keys_that_cannot_be_used_answers_nothing(void **state)
{
	static const char extension[] = "\xff\0\0\0\x0e\0\0\0\1x\1\0\0\0\4abcd";
	struct buf armor = {0}, krl = {0};
	char path[128];

	(void)state;
	ssh_sign(&armor, "ed", "git", "hashalg=sha512");
	cannot_say(&armor, "not-there");
	cannot_say(&armor, ".");
	put_file(dir, "list", "ssh-ed25519 AAAA\n", 17);
	cannot_say(&armor, "list");
	assert_int_equal(RUN(dir, NULL, NULL, "ssh-keygen", "-q", "-k", "-f",
	                     "list", "p384.pub"),
	    0);
	assert_true(ask_revoked(&armor, "list").good);
	snprintf(path, sizeof(path), "%s/list", dir);
	chmod(path, 0620);
	cannot_say(&armor, "list");
	chmod(path, 0602);
	cannot_say(&armor, "list");

	get_file(&krl, dir, "list");
	put_file(dir, "list", krl.data, krl.len - 1);
	cannot_say(&armor, "list");
	buf_add(&krl, extension, sizeof(extension) - 1);
	put_file(dir, "list", krl.data, krl.len);
	cannot_say(&armor, "list"); /* an extension that matters */
	krl.data[krl.len - 9] = 0;
	put_file(dir, "list", krl.data, krl.len);
	assert_true(ask_revoked(&armor, "list").good);
	buf_add(&krl, "\x04\0\0\0\0", 5);
	put_file(dir, "list", krl.data, krl.len);
	cannot_say(&armor, "list"); /* signed */
	krl.data[11] = 2;
	put_file(dir, "list", krl.data, krl.len - 5);
	cannot_say(&armor, "list"); /* another format */
	buf_free(&armor);
	buf_free(&krl);
}

static void
limits_are_refused_and_named(void **state)
{
	struct signature_rules rules = {0};
	struct buf armor = {0};
	char *big = calloc(1, SIGNATURE_DATA_MAX + 1);

	(void)state;
	ssh_sign(&armor, "ed", "git", "hashalg=sha512");
	assert_string_equal(
	    ask_with(&armor, big, SIGNATURE_DATA_MAX, &rules).code, "bad");
	assert_string_equal(
	    ask_with(&armor, big, SIGNATURE_DATA_MAX + 1, &rules).code,
	    "malformed");
	while (armor.len <= SIGNATURE_ARMOR_MAX)
		buf_char(&armor, '\n');
	assert_string_equal(ask(&armor).code, "malformed");
	armor.len--;
	assert_true(ask(&armor).good);
	free(big);
	buf_free(&armor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signatures_by_each_type_of_key_hold),
	    cmocka_unit_test(a_signature_over_other_bytes_does_not_hold),
	    cmocka_unit_test(with_a_bit_turned_we_agree_with_ssh_keygen),
	    cmocka_unit_test(a_blob_cut_anywhere_is_malformed),
	    cmocka_unit_test(a_signature_made_for_another_purpose_says_so),
	    cmocka_unit_test(rsa_keys_below_the_least_are_weak),
	    cmocka_unit_test(only_one_whole_block_of_armor_is_taken),
	    cmocka_unit_test(
	        each_field_out_of_order_is_refused_though_the_signature_fits),
	    cmocka_unit_test(
	        a_key_of_an_unknown_type_or_a_damaged_one_is_told_apart),
	    cmocka_unit_test(a_certificate_is_refused_and_called_so),
	    cmocka_unit_test(numbers_of_ecdsa_have_one_form),
	    cmocka_unit_test(
	        rsa_signatures_may_lack_leading_zeros_but_not_use_sha1),
	    cmocka_unit_test(security_keys_must_have_been_touched),
	    cmocka_unit_test(a_point_that_is_not_on_its_curve_signs_nothing),
	    cmocka_unit_test(keys_in_a_list_of_revoked_keys_are_revoked),
	    cmocka_unit_test(
	        a_list_of_revoked_keys_that_cannot_be_used_answers_nothing),
	    cmocka_unit_test(limits_are_refused_and_named),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
