#include "core/sshkey.h"

#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"

#define ED25519_SIZE 32

/* A row is a type of key; `curve` and `bits` are those of ECDSA. */
static const struct type {
	const char *name;
	const char *curve;
	unsigned bits;
	bool sk;
} types[] = {
    [SSHKEY_ED25519] = {"ssh-ed25519", NULL, 256, false},
    [SSHKEY_ECDSA_256] = {"ecdsa-sha2-nistp256", "nistp256", 256, false},
    [SSHKEY_ECDSA_384] = {"ecdsa-sha2-nistp384", "nistp384", 384, false},
    [SSHKEY_ECDSA_521] = {"ecdsa-sha2-nistp521", "nistp521", 521, false},
    [SSHKEY_RSA] = {"ssh-rsa", NULL, 0, false},
    [SSHKEY_SK_ED25519] = {"sk-ssh-ed25519@openssh.com", NULL, 256, true},
    [SSHKEY_SK_ECDSA] = {"sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 256,
        true},
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

const char *
sshkey_type_name(enum sshkey_type type)
{
	return (size_t)type < TYPE_COUNT ? types[type].name : NULL;
}

enum sshkey_type
sshkey_type_named(struct wire_bytes name)
{
	for (size_t i = 1; i < TYPE_COUNT; i++)
		if (wire_is(name, types[i].name))
			return (enum sshkey_type)i;
	return SSHKEY_NONE;
}

static int
refuse_type(struct wire_bytes name, struct err *err)
{
	struct buf safe = {0};

	if (name.len > 0)
		text_safe(&safe, (const char *)name.data,
		    name.len < 64 ? name.len : 64, false);
	if (text_find(buf_text(&safe), safe.len, "-cert-v01@") != NULL)
		err_set(err, ERR_INPUT,
		    "'%s' is a certificate, list the key itself",
		    buf_text(&safe));
	else
		err_set(err, ERR_INPUT, "'%s' is not a type of key taken here",
		    buf_text(&safe));
	buf_free(&safe);
	return -1;
}

static unsigned
bit_length(struct wire_bytes number)
{
	unsigned bits = (unsigned)number.len * 8;

	for (unsigned top = number.data[0]; top < 0x80; top <<= 1)
		bits--;
	return bits;
}

static bool
read_rsa(struct wire *w, struct sshkey *key)
{
	key->e = wire_mpint(w);
	key->n = wire_mpint(w);
	if (w->failed)
		return false;
	key->bits = bit_length(key->n);
	/* An even modulus or exponent is no RSA key; 1 signs nothing. */
	return key->bits <= SSHKEY_RSA_BITS_MAX &&
	    (key->n.data[key->n.len - 1] & 1) == 1 &&
	    (key->e.data[key->e.len - 1] & 1) == 1 && bit_length(key->e) > 1 &&
	    bit_length(key->e) <= 64;
}

static bool
read_point(struct wire *w, const struct type *type, struct sshkey *key)
{
	size_t half = (type->bits + 7) / 8;

	if (type->curve == NULL) {
		key->point = wire_string(w);
		return key->point.len == ED25519_SIZE;
	}
	if (!wire_is(wire_string(w), type->curve))
		return false;
	key->point = wire_string(w);
	return key->point.len == 1 + 2 * half && key->point.data[0] == 4;
}

static bool
read_fields(struct wire *w, struct sshkey *key)
{
	const struct type *type = &types[key->type];

	key->bits = type->bits;
	if (key->type == SSHKEY_RSA)
		return read_rsa(w, key);
	if (!read_point(w, type, key))
		return false;
	if (type->sk)
		key->scope = wire_string(w);
	return !type->sk || key->scope.len > 0;
}

static void
print_key(char out[SSHKEY_PRINT_SIZE], struct wire_bytes blob)
{
	unsigned char digest[DIGEST_SIZE];
	struct buf text = {0};

	digest_sha256(digest, blob.data, blob.len);
	buf_put(&text, "SHA256:");
	text_base64(&text, digest, sizeof(digest));
	/* 32 bytes are 43 digits and one "=", which ssh-keygen leaves out. */
	memcpy(out, text.data, SSHKEY_PRINT_SIZE - 1);
	out[SSHKEY_PRINT_SIZE - 1] = '\0';
	buf_free(&text);
}

int
sshkey_parse_blob(struct sshkey *out, const unsigned char *blob, size_t len,
    struct err *err)
{
	struct sshkey key = {.blob = {blob, len}};
	struct wire w = {.data = blob, .len = len};
	struct wire_bytes name;

	if (len > SSHKEY_BLOB_MAX)
		return err_set(err, ERR_INPUT,
		    "a public key of more than %u bytes", SSHKEY_BLOB_MAX);
	name = wire_string(&w);
	if (w.failed)
		return err_set(err, ERR_INPUT, "not an SSH public key");
	key.type = sshkey_type_named(name);
	if (key.type == SSHKEY_NONE)
		return refuse_type(name, err);
	if (!read_fields(&w, &key) || !wire_ended(&w))
		return err_set(err, ERR_INPUT, "not a well-formed %s key",
		    types[key.type].name);
	print_key(key.print, key.blob);
	*out = key;
	return 0;
}

static size_t
word_length(const char *text)
{
	size_t len = 0;

	while (text[len] != '\0' && text[len] != ' ' && text[len] != '\t')
		len++;
	return len;
}

static const char *
skip_blank(const char *text)
{
	while (*text == ' ' || *text == '\t')
		text++;
	return text;
}

int
sshkey_parse_line(struct sshkey *out, struct pool *pool, const char *line,
    struct err *err)
{
	struct wire_bytes name = {(const unsigned char *)line,
	    word_length(line)};
	const char *digits = skip_blank(line + name.len);
	struct buf blob = {0};
	struct sshkey key = {0};
	int ret = -1;

	if (strlen(line) > SSHKEY_LINE_MAX)
		return err_set(err, ERR_INPUT,
		    "a key line of more than %u bytes", SSHKEY_LINE_MAX);
	if (sshkey_type_named(name) == SSHKEY_NONE)
		return refuse_type(name, err);
	if (digits[0] == '\0' ||
	    !text_parse_base64(&blob, digits, word_length(digits), false)) {
		err_set(err, ERR_INPUT, "the key after '%s' is not base64",
		    types[sshkey_type_named(name)].name);
		goto out;
	}
	key.blob.data = pool_copy(pool, blob.data, blob.len);
	if (sshkey_parse_blob(&key, key.blob.data, blob.len, err) < 0)
		goto out;
	if (key.type != sshkey_type_named(name)) {
		err_set(err, ERR_INPUT,
		    "the line says '%s', the key inside is '%s'",
		    types[sshkey_type_named(name)].name, types[key.type].name);
		goto out;
	}
	*out = key;
	ret = 0;
out:
	buf_free(&blob);
	return ret;
}
