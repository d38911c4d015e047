#include "core/webhook.h"

#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"

#define WHSEC "whsec_"
#define SIGNATURE "webhook-signature"
#define TOKEN "X-Gitlab-Token"

/* How a header proves something. */
enum proof {
	PROOF_HEX,  /* hex, behind a prefix or bare */
	PROOF_LIST, /* Standard Webhooks */
	PROOF_TOKEN /* the secret itself */
};

static const struct header {
	const char *name;
	enum proof proof;
	const char *prefix;
} headers[] = {
    {"X-Hub-Signature-256", PROOF_HEX, "sha256="},
    {"X-Hub-Signature", PROOF_HEX, "sha256="},
    {"X-Gitea-Signature", PROOF_HEX, ""},
    {"X-Forgejo-Signature", PROOF_HEX, ""},
    {"X-Gogs-Signature", PROOF_HEX, ""},
    {SIGNATURE, PROOF_LIST, NULL},
    {TOKEN, PROOF_TOKEN, NULL},
};
#define HEADERS (sizeof(headers) / sizeof(headers[0]))

static const struct scheme {
	const char *proof, *instead; /* headers; `instead` of the first */
	const char *id, *event;
	bool by_id;
} schemes[] = {
    [SOURCE_GITHUB] = {"X-Hub-Signature-256", NULL, "X-GitHub-Delivery",
        "X-GitHub-Event", false},
    [SOURCE_GITLAB] = {SIGNATURE, TOKEN, "Idempotency-Key", "X-Gitlab-Event",
        true},
    [SOURCE_GITEA] = {"X-Gitea-Signature", NULL, "X-Gitea-Delivery",
        "X-Gitea-Event", false},
    [SOURCE_FORGEJO] = {"X-Forgejo-Signature", NULL, "X-Forgejo-Delivery",
        "X-Forgejo-Event", false},
    [SOURCE_BITBUCKET] = {"X-Hub-Signature", NULL, "X-Request-UUID",
        "X-Event-Key", false},
    [SOURCE_BITBUCKET_DC] = {"X-Hub-Signature", NULL, "X-Request-Id",
        "X-Event-Key", false},
    [SOURCE_GENERIC] = {SIGNATURE, NULL, "webhook-id", NULL, true},
};

static const char *
header(const struct webhook *w, const char *name)
{
	return name == NULL ? NULL : w->header(w->ctx, name);
}

static bool
hex_digit(char c, unsigned char *value)
{
	if (c >= '0' && c <= '9')
		*value = (unsigned char)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*value = (unsigned char)(c - 'a' + 10);
	else if (c >= 'A' && c <= 'F')
		*value = (unsigned char)(c - 'A' + 10);
	else
		return false;
	return true;
}

/* Exactly `len` bytes in hex of either case. */
static bool
read_hex(unsigned char *out, size_t len, const char *text)
{
	unsigned char high, low;

	if (strlen(text) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!hex_digit(text[2 * i], &high) ||
		    !hex_digit(text[2 * i + 1], &low))
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* ---- hex ---- */

static bool
by_sha1(const struct webhook *w, const char *hex, size_t *which)
{
	unsigned char said[DIGEST_SHA1_SIZE], right[DIGEST_SHA1_SIZE];

	if (!read_hex(said, sizeof(said), hex))
		return false;
	for (*which = 0; *which < w->secret_count; ++*which) {
		const struct webhook_secret *s = &w->secrets[*which];

		digest_hmac_sha1(right, s->bytes, s->len, w->body, w->len);
		if (digest_same(said, right, sizeof(right)))
			return true;
	}
	return false;
}

static bool
by_hex(const struct webhook *w, const char *hex, size_t *which)
{
	unsigned char said[DIGEST_SIZE], right[DIGEST_SIZE];

	if (!read_hex(said, sizeof(said), hex))
		return false;
	for (*which = 0; *which < w->secret_count; ++*which) {
		const struct webhook_secret *s = &w->secrets[*which];

		digest_hmac_sha256(right, s->bytes, s->len, w->body, w->len);
		if (digest_same(said, right, sizeof(right)))
			return true;
	}
	return false;
}

/* ---- Standard Webhooks ---- */

/* Seconds since 1970, in at most 12 digits. */
static bool
read_seconds(const char *text, int64_t *ms)
{
	size_t len = strlen(text);
	int64_t n = 0;

	if (len == 0 || len > 12)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n * 10 + (*text - '0');
	}
	*ms = n * 1000;
	return true;
}

/* One of the listed ones is that digest; others may be there. */
static bool
is_listed(const char *list, const unsigned char right[DIGEST_SIZE])
{
	struct buf said = {0};
	bool found = false;

	for (unsigned n = 0; n < WEBHOOK_LISTED && *list != '\0'; n++) {
		const char *end = list;

		while (*end != '\0' && *end != ' ')
			end++;
		buf_clear(&said);
		if (end - list > 3 && memcmp(list, "v1,", 3) == 0 &&
		    text_parse_base64(&said, list + 3, (size_t)(end - list) - 3,
		        false) &&
		    said.len == DIGEST_SIZE &&
		    digest_same(said.data, right, DIGEST_SIZE))
			found = true;
		list = *end == ' ' ? end + 1 : end;
	}
	buf_free(&said);
	return found;
}

/* The key itself, in `out`; false: base64 that is none. */
static bool
standard_key(struct buf *out, const struct webhook_secret *s)
{
	size_t skip = sizeof(WHSEC) - 1;

	buf_clear(out);
	if (s->len > skip && memcmp(s->bytes, WHSEC, skip) == 0)
		return text_parse_base64(out, s->bytes + skip, s->len - skip,
		           false) &&
		    out->len > 0;
	buf_add(out, s->bytes, s->len);
	return s->len > 0;
}

static bool
by_list(const struct webhook *w, const char *list, size_t *which)
{
	const char *id = header(w, "webhook-id");
	const char *stamp = header(w, "webhook-timestamp");
	unsigned char right[DIGEST_SIZE];
	struct buf key = {0}, head = {0};
	bool found = false;
	int64_t then;

	if (id == NULL || stamp == NULL || id[0] == '\0' ||
	    !read_seconds(stamp, &then) || then - w->now > WEBHOOK_SKEW ||
	    w->now - then > WEBHOOK_SKEW)
		return false;
	buf_printf(&head, "%s.%s.", id, stamp);
	for (*which = 0; *which < w->secret_count; ++*which) {
		if (!standard_key(&key, &w->secrets[*which]))
			continue;
		digest_hmac_two(right, key.data, key.len, head.data, head.len,
		    w->body, w->len);
		found = is_listed(list, right);
		if (found)
			break;
	}
	buf_free(&key);
	buf_free(&head);
	return found;
}

/* ---- the secret itself ---- */

/* By digests, so that the time it takes tells nothing, not even a length. */
static bool
by_token(const struct webhook *w, const char *token, size_t *which)
{
	unsigned char said[DIGEST_SIZE], right[DIGEST_SIZE];

	digest_sha256(said, token, strlen(token));
	for (*which = 0; *which < w->secret_count; ++*which) {
		const struct webhook_secret *s = &w->secrets[*which];

		digest_sha256(right, s->bytes, s->len);
		if (s->len > 0 && digest_same(said, right, sizeof(right)))
			return true;
	}
	return false;
}

/* ---- all of them ---- */

static bool
is_right(const struct webhook *w, const struct header *h, const char *value,
    size_t *which)
{
	size_t skip;

	if (value[0] == '\0' || strlen(value) > WEBHOOK_HEADER)
		return false;
	if (h->proof == PROOF_LIST)
		return by_list(w, value, which);
	if (h->proof == PROOF_TOKEN)
		return by_token(w, value, which);
	if (text_starts(value, "sha1=") &&
	    strcmp(h->name, "X-Hub-Signature") == 0)
		return by_sha1(w, value + strlen("sha1="), which);
	skip = strlen(h->prefix);
	return strncmp(value, h->prefix, skip) == 0 &&
	    by_hex(w, value + skip, which);
}

/* Is the header that proves it there, and all that are there right? */
static const char *
check_headers(struct webhook_known *out, const struct webhook *w,
    const char *proof)
{
	const char *why = "the signature is missing";

	for (size_t i = 0; i < HEADERS; i++) {
		const char *value = header(w, headers[i].name);
		size_t which = 0;

		if (value == NULL)
			continue;
		if (!is_right(w, &headers[i], value, &which))
			return "the signature is wrong";
		/* SHA-1 is right, and proves nothing. */
		if (strcmp(headers[i].name, proof) == 0 &&
		    !text_starts(value, "sha1=")) {
			out->secret = which;
			why = NULL;
		}
	}
	return why;
}

static bool
is_id(const char *id)
{
	size_t len = strlen(id);

	for (const char *c = id; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	return len > 0 && len <= WEBHOOK_ID_MAX;
}

void
webhook_check(struct webhook_known *out, const struct webhook *w)
{
	static const size_t count = sizeof(schemes) / sizeof(schemes[0]);
	const struct scheme *s;
	const char *proof;

	*out = (struct webhook_known){.why = "the kind of source is unknown"};
	if ((size_t)w->kind >= count)
		return;
	s = &schemes[w->kind];
	proof = s->proof;
	if (s->instead != NULL && header(w, s->proof) == NULL)
		proof = s->instead;
	out->why = check_headers(out, w, proof);
	if (out->why != NULL)
		return;
	out->id = header(w, s->id);
	if (out->id == NULL && w->kind == SOURCE_GITLAB)
		out->id = header(w, "webhook-id");
	out->event = header(w, s->event);
	out->by_id = s->by_id && out->id != NULL;
	if (out->id != NULL && !is_id(out->id))
		out->why = "the delivery's id is malformed or stands there "
		           "twice";
	else if (out->event != NULL && !is_id(out->event) &&
	    w->kind != SOURCE_GITLAB)
		out->why = "the event is malformed or stands there twice";
	else if (out->event != NULL && out->event[0] == '\0')
		out->why = "the event is empty or stands there twice";
}

const char *
webhook_secret_unfit(enum source_kind kind, const struct webhook_secret *secret)
{
	struct buf key = {0};
	const char *why = NULL;

	if (secret->len == 0)
		return "it is empty";
	if (secret->len > WEBHOOK_SECRET_MAX)
		return "it is too long";
	if (memchr(secret->bytes, '\0', secret->len) != NULL ||
	    memchr(secret->bytes, '\n', secret->len) != NULL)
		return "it has more than one line, or a NUL";
	if (secret->len < WEBHOOK_SECRET_MIN)
		return "it is too short: 16 bytes are the least";
	if ((kind == SOURCE_GENERIC || kind == SOURCE_GITLAB) &&
	    (!standard_key(&key, secret) || key.len < WEBHOOK_SECRET_MIN))
		why = "what stands behind 'whsec_' is no base64 of 16 bytes or "
		      "more";
	buf_free(&key);
	return why;
}
