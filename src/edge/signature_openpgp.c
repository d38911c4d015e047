/*
 * OpenPGP signatures: gpgv is asked, and its status lines are believed only
 * where they speak of exactly one signature and say nothing else.  Its exit
 * status is 0 for revoked and expired keys too, and never enough.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/armor.h"
#include "core/pgpsig.h"
#include "edge/signature_parts.h"

#define PREFIX "[GNUPG:] "
#define WORDS_MAX 12
#define PUBLIC_KEY_END "-----END PGP PUBLIC KEY BLOCK-----"

enum word {
	OTHER = 0,
	PASSED_OVER,
	NEWSIG,
	GOODSIG,
	VALIDSIG,
	BADSIG,
	ERRSIG,
	NO_PUBKEY,
	EXPSIG,
	EXPKEYSIG,
	REVKEYSIG,
	KEYEXPIRED,
	WORD_COUNT
};

/* A line that stands in no row here makes the signature unacceptable. */
static const struct {
	const char *text;
	enum word word;
} words[] = {
    {"NEWSIG", NEWSIG}, {"GOODSIG", GOODSIG}, {"VALIDSIG", VALIDSIG},
    {"BADSIG", BADSIG}, {"ERRSIG", ERRSIG}, {"NO_PUBKEY", NO_PUBKEY},
    {"EXPSIG", EXPSIG}, {"EXPKEYSIG", EXPKEYSIG}, {"REVKEYSIG", REVKEYSIG},
    {"KEYEXPIRED", KEYEXPIRED},
    {"SIGEXPIRED", PASSED_OVER}, /* an older word for what others say */
    {"KEYREVOKED", PASSED_OVER}, {"KEY_CONSIDERED", PASSED_OVER},
    {"SIG_ID", PASSED_OVER}, {"VERIFICATION_COMPLIANCE_MODE", PASSED_OVER},
    {"NOTATION_NAME", PASSED_OVER}, {"NOTATION_FLAGS", PASSED_OVER},
    {"NOTATION_DATA", PASSED_OVER}, {"POLICY_URL", PASSED_OVER},
    {"FAILURE", PASSED_OVER}, /* repeats why the exit status is not 0 */
};

struct answer {
	unsigned count[WORD_COUNT];
	char primary[SIGNATURE_KEY_SIZE]; /* fingerprint of the primary key */
	bool sound;                       /* VALIDSIG says what it should */
	int64_t sig_expires;              /* seconds; 0 never */
	int64_t key_expired;              /* the earliest; 0 none told */
	bool key_expiry_lost;             /* told, and not understood */
};

static bool
parse_seconds(const char *text, int64_t *seconds)
{
	int64_t n = 0;

	if (text[0] == '\0' || strlen(text) > 15)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n * 10 + (*text - '0');
	}
	*seconds = n;
	return true;
}

static bool
is_fingerprint(const char *text)
{
	size_t len = strlen(text);

	return (len == 40 || len == 64) &&
	    strspn(text, "0123456789ABCDEF") == len;
}

/* Cuts `line` at its spaces. */
static size_t
split(char *line, char *parts[WORDS_MAX])
{
	size_t count = 0;

	while (count < WORDS_MAX) {
		char *space = strchr(line, ' ');

		parts[count++] = line;
		if (space == NULL)
			break;
		*space = '\0';
		line = space + 1;
	}
	return count;
}

/*
 * VALIDSIG fingerprint day second expires version reserved algorithm hash
 * class primary-fingerprint
 */
static void
read_valid(struct answer *a, char *const parts[], size_t count)
{
	a->sound = count >= 11 && is_fingerprint(parts[1]) &&
	    parse_seconds(parts[4], &a->sig_expires) &&
	    strcmp(parts[9], "00") == 0 && is_fingerprint(parts[10]);
	if (a->sound)
		snprintf(a->primary, sizeof(a->primary), "openpgp:%s",
		    parts[10]);
}

static void
read_key_expired(struct answer *a, char *const parts[], size_t count)
{
	int64_t at;

	if (count < 2 || !parse_seconds(parts[1], &at) || at == 0)
		a->key_expiry_lost = true;
	else if (a->key_expired == 0 || at < a->key_expired)
		a->key_expired = at;
}

static void
read_line(struct answer *a, char *line)
{
	char *parts[WORDS_MAX];
	size_t count;
	enum word word = OTHER;

	if (!text_starts(line, PREFIX)) {
		a->count[OTHER]++;
		return;
	}
	count = split(line + strlen(PREFIX), parts);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(parts[0], words[i].text) == 0)
			word = words[i].word;
	a->count[word]++;
	if (word == VALIDSIG)
		read_valid(a, parts, count);
	if (word == KEYEXPIRED)
		read_key_expired(a, parts, count);
}

static void
read_status(struct answer *a, struct buf *status)
{
	char *at = status->data;
	char *end = at + status->len;

	while (at < end) {
		char *lf = memchr(at, '\n', (size_t)(end - at));

		if (lf == NULL || memchr(at, '\0', (size_t)(lf - at)) != NULL) {
			a->count[OTHER]++;
			return;
		}
		*lf = '\0';
		read_line(a, at);
		at = lf + 1;
	}
}

/*
 * `told`: gpgv says that the time is over, by the machine's clock.  That
 * stands unless the time is known and lies after the instant asked of.
 */
static bool
is_over(bool told, int64_t seconds, const struct signature_rules *rules)
{
	if (seconds == 0 || rules->now == 0)
		return told;
	return seconds * 1000 <= rules->now;
}

/* The line that stands in the place of GOODSIG decides what is to be said. */
static int
weigh(struct signature *out, const struct answer *a,
    const struct signature_rules *rules)
{
	const unsigned *n = a->count;

	if (n[REVKEYSIG] > 0)
		return signature_refuse(out, "revoked",
		    "signed with a key that is revoked");
	if (n[EXPKEYSIG] > 0 &&
	    (a->key_expiry_lost || is_over(true, a->key_expired, rules)))
		return signature_refuse(out, "expired",
		    "signed with a key that has expired");
	if (is_over(n[EXPSIG] > 0, a->sig_expires, rules))
		return signature_refuse(out, "expired",
		    "the signature has expired");
	out->good = true;
	return 0;
}

int
openpgp_answer(struct signature *out, struct buf *status, int exit,
    const struct signature_rules *rules)
{
	struct answer answer = {0}, *a = &answer;
	const unsigned *n = a->count;
	unsigned kinds;

	if (status->len > 0)
		read_status(a, status);
	kinds = n[GOODSIG] + n[EXPSIG] + n[EXPKEYSIG] + n[REVKEYSIG];

	if (n[NEWSIG] > 1)
		return signature_refuse(out, "not-one",
		    "more than one signature where one is expected");
	if (n[NO_PUBKEY] > 0)
		return signature_refuse(out, "unknown-key",
		    "signed with an OpenPGP key that is not in the keyring");
	if (n[BADSIG] > 0)
		return signature_refuse(out, "bad",
		    "the signature does not fit what it stands under");
	if (n[NEWSIG] != 1 || kinds != 1 || n[VALIDSIG] != 1 || !a->sound ||
	    n[ERRSIG] > 0 || n[OTHER] > 0)
		return signature_refuse(out, "bad",
		    "gpgv does not call the OpenPGP signature good");
	if (n[GOODSIG] == 1 && exit != 0)
		return signature_refuse(out, "bad",
		    "gpgv calls the signature good and ends with status %d",
		    exit);
	memcpy(out->key, a->primary, sizeof(out->key));
	out->intact = true;
	return weigh(out, a, rules);
}

/* A keyring as gpgv reads it: armored blocks are taken off. */
static int
read_keyring(struct buf *out, const char *path, struct err *err)
{
	struct buf file = {0};
	const char *at, *end;
	int ret = signature_read(&file, path, "the OpenPGP keyring",
	    SIGNATURE_KEYRING_MAX, err);

	at = buf_text(&file);
	end = at + file.len;
	if (ret == 0 && armor_kind(at, file.len) != ARMOR_PGP_PUBLIC_KEY)
		buf_add(out, at, file.len);
	while (ret == 0 && at < end &&
	    armor_kind(at, (size_t)(end - at)) == ARMOR_PGP_PUBLIC_KEY) {
		const char *stop =
		    text_find(at, (size_t)(end - at), PUBLIC_KEY_END);
		size_t len = stop == NULL
		    ? 0
		    : (size_t)(stop - at) + strlen(PUBLIC_KEY_END);

		if (len == 0 || !armor_open(out, ARMOR_PGP_PUBLIC_KEY, at, len))
			ret = err_set(err, ERR_CONFIG,
			    "the OpenPGP keyring '%s' has damaged armor", path);
		at += len;
		while (at < end && (*at == '\n' || *at == '\r' || *at == ' '))
			at++;
	}
	if (ret == 0 && (out->len == 0 || (at < end && at != file.data)))
		ret = err_set(err, ERR_CONFIG,
		    "the OpenPGP keyring '%s' is empty or holds more than keys",
		    path);
	buf_free(&file);
	return ret;
}

int
signature_keyring_ready(const char *path, struct err *err)
{
	struct buf keyring = {0};
	int ret = read_keyring(&keyring, path, err);

	buf_free(&keyring);
	return ret;
}

static int
ask(struct signature *out, struct gpgv *g, const struct signature_rules *rules,
    struct err *err)
{
	g->scratch = rules->scratch ? rules->scratch : "/tmp";
	g->wait_ms = rules->wait_ms ? rules->wait_ms : SIGNATURE_WAIT_MS;
	if (gpgv_ask(g, err) < 0)
		return -1;
	return openpgp_answer(out, &g->status, g->exit, rules);
}

static int
look_at_packet(struct signature *out, const struct buf *packet,
    const struct signature_rules *rules)
{
	unsigned least = rules->rsa_bits ? rules->rsa_bits : SIGNATURE_RSA_BITS;
	struct pgpsig sig;
	struct err why = {0};

	if (pgpsig_parse(&sig, (const unsigned char *)packet->data, packet->len,
	        &why) < 0)
		return signature_refuse(out, sig.fault, "%s", why.text);
	/* gpgv does not tell how long a key is, but the number does. */
	if (sig.rsa_bits > 0 && sig.rsa_bits + 64 < least)
		return signature_refuse(out, "weak",
		    "an RSA key of about %u bits, %u are asked", sig.rsa_bits,
		    least);
	return 0;
}

int
signature_openpgp(struct signature *out, const char *data, size_t len,
    const char *armor, size_t armor_len, const struct signature_rules *rules,
    struct err *err)
{
	struct buf packet = {0}, keyring = {0};
	struct gpgv g = {.keyring = &keyring,
	    .signature = &packet,
	    .data = data,
	    .len = len};
	int ret = 0;

	if (rules->keyring == NULL)
		return signature_refuse(out, "not-configured",
		    "OpenPGP signatures are not taken here, no keyring is "
		    "configured");
	if (!armor_open(&packet, ARMOR_PGP_SIGNATURE, armor, armor_len)) {
		signature_refuse(out, "malformed",
		    "the armor of the OpenPGP signature is not well-formed");
		goto out;
	}
	look_at_packet(out, &packet, rules);
	if (out->code[0] != '\0')
		goto out;
	ret = read_keyring(&keyring, rules->keyring, err);
	if (ret == 0)
		ret = ask(out, &g, rules, err);
out:
	buf_free(&g.status);
	buf_free(&packet);
	buf_free(&keyring);
	return ret;
}
