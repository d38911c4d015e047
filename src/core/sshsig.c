#include "core/sshsig.h"

#include <string.h>

#include "base/text.h"

#define MAGIC "SSHSIG"
#define MAGIC_SIZE 6
#define ED25519_SIGNATURE_SIZE 64

static bool
is_sk(const struct sshkey *key)
{
	return key->type == SSHKEY_SK_ED25519 || key->type == SSHKEY_SK_ECDSA;
}

static int
fault(struct sshsig *sig, const char *code, struct err *err, const char *text)
{
	sig->fault = code;
	return err_set(err, ERR_INPUT, "%s", text);
}

static bool
read_hash(struct wire_bytes name, enum sshsig_hash *hash)
{
	if (wire_is(name, "sha256"))
		*hash = SSHSIG_SHA256;
	else if (wire_is(name, "sha512"))
		*hash = SSHSIG_SHA512;
	else
		return false;
	return true;
}

/* Which algorithm signed with this key, and over which hash. */
static int
read_algorithm(struct sshsig *sig, struct wire_bytes name, struct err *err)
{
	static const enum sshsig_hash hashes[] = {
	    [SSHKEY_ECDSA_256] = SSHSIG_SHA256,
	    [SSHKEY_ECDSA_384] = SSHSIG_SHA384,
	    [SSHKEY_ECDSA_521] = SSHSIG_SHA512,
	    [SSHKEY_SK_ECDSA] = SSHSIG_SHA256,
	};

	if (sig->key.type != SSHKEY_RSA) {
		sig->inner = hashes[sig->key.type];
		if (wire_is(name, sshkey_type_name(sig->key.type)))
			return 0;
		return fault(sig, "unknown-form", err,
		    "the algorithm of the signature is not that of its key");
	}
	if (wire_is(name, "ssh-rsa"))
		return fault(sig, "weak", err,
		    "the RSA signature uses SHA-1 ('ssh-rsa')");
	if (wire_is(name, "rsa-sha2-256"))
		sig->inner = SSHSIG_SHA256;
	else if (wire_is(name, "rsa-sha2-512"))
		sig->inner = SSHSIG_SHA512;
	else
		return fault(sig, "unknown-form", err,
		    "the algorithm of the signature is not that of its key");
	return 0;
}

static bool
read_ecdsa(struct sshsig *sig, struct wire_bytes bytes)
{
	struct wire w = {.data = bytes.data, .len = bytes.len};
	size_t most = (sig->key.bits + 7) / 8;

	sig->r = wire_mpint(&w);
	sig->s = wire_mpint(&w);
	return wire_ended(&w) && sig->r.len <= most && sig->s.len <= most;
}

static bool
read_numbers(struct sshsig *sig, struct wire_bytes bytes)
{
	switch (sig->key.type) {
	case SSHKEY_ED25519:
	case SSHKEY_SK_ED25519:
		sig->bytes = bytes;
		return bytes.len == ED25519_SIGNATURE_SIZE;
	case SSHKEY_ECDSA_256:
	case SSHKEY_ECDSA_384:
	case SSHKEY_ECDSA_521:
	case SSHKEY_SK_ECDSA:
		return read_ecdsa(sig, bytes);
	case SSHKEY_RSA:
		sig->bytes = bytes;
		return bytes.len > 0 && bytes.len <= (sig->key.bits + 7) / 8;
	case SSHKEY_NONE:
		break;
	}
	return false;
}

static int
read_signature(struct sshsig *sig, struct wire_bytes field, struct err *err)
{
	struct wire w = {.data = field.data, .len = field.len};
	struct wire_bytes name = wire_string(&w), bytes = wire_string(&w);

	if (w.failed)
		return fault(sig, "malformed", err,
		    "the signature inside is cut short");
	if (read_algorithm(sig, name, err) < 0)
		return -1;
	if (is_sk(&sig->key)) {
		sig->flags = wire_byte(&w);
		sig->counter = wire_u32(&w);
	}
	if (!wire_ended(&w) || !read_numbers(sig, bytes))
		return fault(sig, "malformed", err,
		    "the signature inside is not of its key's form");
	return 0;
}

static int
read_key(struct sshsig *sig, struct wire_bytes blob, struct err *err)
{
	struct wire w = {.data = blob.data, .len = blob.len};
	struct wire_bytes type = wire_string(&w);

	if (sshkey_parse_blob(&sig->key, blob.data, blob.len, err) == 0)
		return 0;
	if (type.len > 0 &&
	    text_find((const char *)type.data, type.len, "-cert-v01@") != NULL)
		sig->fault = "certificate";
	else if (type.len > 0 && sshkey_type_named(type) == SSHKEY_NONE)
		sig->fault = "unknown-form";
	else
		sig->fault = "malformed";
	return -1;
}

int
sshsig_parse(struct sshsig *out, const unsigned char *blob, size_t len,
    struct err *err)
{
	struct wire w = {.data = blob, .len = len};
	struct wire_bytes magic, key, reserved, hash, signature;
	uint32_t version;

	memset(out, 0, sizeof(*out));
	magic = wire_raw(&w, MAGIC_SIZE);
	version = wire_u32(&w);
	key = wire_string(&w);
	out->space = wire_string(&w);
	reserved = wire_string(&w);
	hash = wire_string(&w);
	signature = wire_string(&w);
	if (len > SSHSIG_BLOB_MAX || w.failed || !wire_is(magic, MAGIC))
		return fault(out, "malformed", err,
		    "not an SSH signature, or cut short");
	if (version != 1)
		return fault(out, "unknown-form", err,
		    "an SSH signature of another version than 1");
	if (!wire_ended(&w) || out->space.len == 0 || reserved.len > 0)
		return fault(out, "malformed", err,
		    "an SSH signature with more or less in it than there "
		    "should be");
	if (!read_hash(hash, &out->message))
		return fault(out, "unknown-form", err,
		    "the message was hashed with neither sha256 nor sha512");
	if (read_key(out, key, err) < 0)
		return -1;
	return read_signature(out, signature, err);
}

void
sshsig_message(struct buf *out, const struct sshsig *sig,
    const unsigned char *hash, size_t len)
{
	const char *name = sig->message == SSHSIG_SHA256 ? "sha256" : "sha512";

	buf_add(out, MAGIC, MAGIC_SIZE);
	wire_put_string(out, sig->space.data, sig->space.len);
	wire_put_string(out, "", 0);
	wire_put_string(out, name, strlen(name));
	wire_put_string(out, hash, len);
}
