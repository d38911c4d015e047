/*
 * SSH signatures: framing is core/sshsig.h, the mathematics is libcrypto's.
 */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "core/armor.h"
#include "core/revoked.h"
#include "core/sshsig.h"
#include "edge/signature_parts.h"

#define RSA_BYTES_MAX (SSHKEY_RSA_BITS_MAX / 8)

static const char *
hash_name(enum sshsig_hash hash)
{
	switch (hash) {
	case SSHSIG_SHA256:
		return "SHA256";
	case SSHSIG_SHA384:
		return "SHA384";
	case SSHSIG_SHA512:
		return "SHA512";
	}
	return NULL;
}

static bool
hash_bytes(const char *name, const void *data, size_t len, unsigned char *out,
    size_t *out_len)
{
	return EVP_Q_digest(NULL, name, NULL, data, len, out, out_len) == 1;
}

/* The key from its named parts; libcrypto looks whether a point is one. */
static EVP_PKEY *
key_from(const char *type, OSSL_PARAM_BLD *parts)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(parts);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		if (EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) !=
		    1)
			key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

static EVP_PKEY *
ecdsa_key(const struct sshkey *k)
{
	const char *group = k->bits == 256 ? "P-256"
	    : k->bits == 384               ? "P-384"
	                                   : "P-521";
	OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (parts != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(parts, OSSL_PKEY_PARAM_GROUP_NAME,
	        group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(parts, OSSL_PKEY_PARAM_PUB_KEY,
	        k->point.data, k->point.len) == 1)
		key = key_from("EC", parts);
	OSSL_PARAM_BLD_free(parts);
	return key;
}

static EVP_PKEY *
rsa_key(const struct sshkey *k)
{
	OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_bin2bn(k->n.data, (int)k->n.len, NULL);
	BIGNUM *e = BN_bin2bn(k->e.data, (int)k->e.len, NULL);
	EVP_PKEY *key = NULL;

	if (parts != NULL && n != NULL && e != NULL &&
	    OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		key = key_from("RSA", parts);
	BN_free(n);
	BN_free(e);
	OSSL_PARAM_BLD_free(parts);
	return key;
}

static EVP_PKEY *
public_key(const struct sshkey *k)
{
	switch (k->type) {
	case SSHKEY_ED25519:
	case SSHKEY_SK_ED25519:
		return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL,
		    k->point.data, k->point.len);
	case SSHKEY_ECDSA_256:
	case SSHKEY_ECDSA_384:
	case SSHKEY_ECDSA_521:
	case SSHKEY_SK_ECDSA:
		return ecdsa_key(k);
	case SSHKEY_RSA:
		return rsa_key(k);
	case SSHKEY_NONE:
		break;
	}
	return NULL;
}

/* r and s as libcrypto wants them: a DER sequence of two integers. */
static bool
der_signature(struct buf *out, const struct sshsig *sig)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(sig->r.data, (int)sig->r.len, NULL);
	BIGNUM *s = BN_bin2bn(sig->s.data, (int)sig->s.len, NULL);
	unsigned char *der = NULL;
	int len = -1;

	if (pair != NULL && r != NULL && s != NULL &&
	    ECDSA_SIG_set0(pair, r, s) == 1) {
		r = NULL;
		s = NULL;
		len = i2d_ECDSA_SIG(pair, &der);
	}
	if (len > 0)
		buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(pair);
	return len > 0;
}

static bool
raw_signature(struct buf *out, const struct sshsig *sig)
{
	static const unsigned char zeros[RSA_BYTES_MAX];

	if (sig->r.len > 0)
		return der_signature(out, sig);
	/* RSA signatures may come without their leading zeros. */
	if (sig->key.type == SSHKEY_RSA)
		buf_add(out, zeros, (sig->key.bits + 7) / 8 - sig->bytes.len);
	buf_add(out, sig->bytes.data, sig->bytes.len);
	return true;
}

/* What a security key signs: application, flags, counter, message. */
static bool
token_message(struct buf *out, const struct sshsig *sig,
    const struct buf *message)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	size_t len = 0;

	if (!hash_bytes("SHA256", sig->key.scope.data, sig->key.scope.len, hash,
	        &len))
		return false;
	buf_add(out, hash, len);
	buf_char(out, (char)sig->flags);
	wire_put_u32(out, sig->counter);
	if (!hash_bytes("SHA256", message->data, message->len, hash, &len))
		return false;
	buf_add(out, hash, len);
	return true;
}

static bool
signed_message(struct buf *out, const struct sshsig *sig, const char *data,
    size_t len)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct buf plain = {0};
	size_t hash_len = 0;
	bool done =
	    hash_bytes(hash_name(sig->message), data, len, hash, &hash_len);

	if (done && sig->key.scope.len > 0) {
		sshsig_message(&plain, sig, hash, hash_len);
		done = token_message(out, sig, &plain);
		buf_free(&plain);
	} else if (done) {
		sshsig_message(out, sig, hash, hash_len);
	}
	return done;
}

/* 1 it holds, 0 it does not, -1 libcrypto could not say. */
static int
holds(const struct sshsig *sig, const char *data, size_t len)
{
	struct buf message = {0}, raw = {0};
	EVP_PKEY *key = public_key(&sig->key);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ret = -1;

	if (key == NULL) {
		ret = 0;
		goto out;
	}
	if (ctx == NULL || !raw_signature(&raw, sig) ||
	    !signed_message(&message, sig, data, len) ||
	    EVP_DigestVerifyInit_ex(ctx, NULL, hash_name(sig->inner), NULL,
	        NULL, key, NULL) != 1)
		goto out;
	ret = EVP_DigestVerify(ctx, (const unsigned char *)raw.data, raw.len,
	          (const unsigned char *)message.data, message.len) == 1;
out:
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	buf_free(&raw);
	buf_free(&message);
	return ret;
}

static int
is_revoked(bool *revoked, const struct sshkey *key, const char *path,
    struct err *err)
{
	struct revoked_key asked = {.blob = key->blob.data,
	    .len = key->blob.len};
	struct buf list = {0};
	size_t len = 0;
	int ret = -1;

	if (signature_read(&list, path, "the list of revoked keys",
	        SIGNATURE_REVOKED_MAX, err) < 0)
		goto out;
	digest_sha256(asked.sha256, asked.blob, asked.len);
	if (!hash_bytes("SHA1", asked.blob, asked.len, asked.sha1, &len)) {
		err_set(err, ERR_SYSTEM, "libcrypto has no SHA-1");
		goto out;
	}
	ret = revoked_look(revoked, &asked, buf_text(&list), list.len, err);
	if (ret < 0)
		err_within(err, "the list of revoked keys '%s'", path);
out:
	buf_free(&list);
	return ret;
}

/* No key at all is looked for, in all of it. */
int
signature_revoked_ready(const char *path, struct err *err)
{
	const struct sshkey none = {0};
	bool revoked;

	return is_revoked(&revoked, &none, path, err);
}

/* What is wrong with a signature that holds. */
static int
weigh(struct signature *out, const struct sshsig *sig,
    const struct signature_rules *rules, struct err *err)
{
	unsigned least = rules->rsa_bits ? rules->rsa_bits : SIGNATURE_RSA_BITS;
	const char *space = rules->space ? rules->space : "git";
	bool revoked = false;

	if (rules->revoked != NULL &&
	    is_revoked(&revoked, &sig->key, rules->revoked, err) < 0)
		return -1;
	if (revoked)
		return signature_refuse(out, "revoked",
		    "signed with a key that is revoked");
	if (!wire_is(sig->space, space))
		return signature_refuse(out, "wrong-namespace",
		    "signed for the namespace '%.*s', not for '%s'",
		    (int)(sig->space.len < 64 ? sig->space.len : 64),
		    (const char *)sig->space.data, space);
	if (sig->key.type == SSHKEY_RSA && sig->key.bits < least)
		return signature_refuse(out, "weak",
		    "an RSA key of %u bits, %u are asked", sig->key.bits,
		    least);
	if (sig->key.scope.len > 0 && !out->present)
		return signature_refuse(out, "presence",
		    "the security key signed without being touched");
	out->good = true;
	return 0;
}

static int
check_blob(struct signature *out, const char *data, size_t len,
    const struct buf *blob, const struct signature_rules *rules,
    struct err *err)
{
	struct sshsig sig;
	struct err why = {0};
	int held;

	if (sshsig_parse(&sig, (const unsigned char *)blob->data, blob->len,
	        &why) < 0)
		return signature_refuse(out, sig.fault, "%s", why.text);
	memcpy(out->key, sig.key.print, sizeof(sig.key.print));
	if (sig.key.scope.len > 0) {
		out->present = (sig.flags & SSHSIG_SK_PRESENT) != 0;
		out->verified = (sig.flags & SSHSIG_SK_VERIFIED) != 0;
	}
	held = holds(&sig, data, len);
	if (held < 0)
		return err_set(err, ERR_SYSTEM,
		    "libcrypto cannot check a signature by a %s key",
		    sshkey_type_name(sig.key.type));
	if (held == 0) {
		out->present = false;
		out->verified = false;
		return signature_refuse(out, "bad",
		    "the signature does not fit what it stands under");
	}
	out->intact = true;
	return weigh(out, &sig, rules, err);
}

int
signature_ssh(struct signature *out, const char *data, size_t len,
    const char *armor, size_t armor_len, const struct signature_rules *rules,
    struct err *err)
{
	struct buf blob = {0};
	int ret;

	/* No file of settings from the environment decides what holds. */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	if (!armor_open(&blob, ARMOR_SSH_SIGNATURE, armor, armor_len))
		ret = signature_refuse(out, "malformed",
		    "the armor of the SSH signature is not well-formed");
	else
		ret = check_blob(out, data, len, &blob, rules, err);
	buf_free(&blob);
	return ret;
}
