/*
 * Private keys between "-----BEGIN ... PRIVATE KEY-----" and its end (RFC 7468,
 * RFC 1421 headers, RFC 9580 for PGP, RFC 4716's cousin of SSH2), wherever they
 * were put: in a file of their own, indented in YAML, in a string with "\n", in
 * quotes that are joined, behind the signs of a comment.
 */
#include "secret_inside.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define LABEL_MAX 64
#define HEADERS_MAX 8
#define HEADER_NAME_MAX 40
#define HEADER_MAX 256
#define BODY_LEAST 56 /* base64 characters of the smallest key there is */
#define BODY_LEAST_CLOSED 24 /* where the end line follows */
#define DISTINCT 16
#define DISTINCT_CLOSED 10
#define BODY_MAX 65536 /* bytes of one key, the rest is not its own */
#define INNER_LEAST 76 /* of a file in base64: its first line */
#define INNER_MAX 160

struct body {
	const char *at, *end;
	char start[BODY_LEAST]; /* looked at for placeholders */
	size_t count;           /* base64 characters */
	bool seen[256];
	size_t distinct;
};

static const char BEGIN[] = "-----BEGIN ";
static const char DASHES[] = "-----";

static bool
starts(const char *at, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - at) >= len && memcmp(at, word, len) == 0;
}

/* What may stand between the characters of a key without being of it. */
static bool
is_between(char c)
{
	return c != '\0' && strchr(" \t\r\n\"'`,;=#>*+", c) != NULL;
}

static void
skip_between(struct body *b)
{
	while (b->at < b->end) {
		if (*b->at == '\\' && b->end - b->at > 1 &&
		    strchr("nrt", b->at[1]) != NULL && b->at[1] != '\0')
			b->at += 2;
		else if (*b->at == '\\' || is_between(*b->at))
			b->at++;
		else
			break;
	}
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/* "Proc-Type: 4,ENCRYPTED", "Version: 2": one line, real or written "\n". */
static bool
skip_header(struct body *b)
{
	const char *at = b->at;

	while (at < b->end && is_name(*at) && at - b->at < HEADER_NAME_MAX)
		at++;
	if (at == b->at || at == b->end || *at != ':' || *b->at == '-')
		return false;
	while (at < b->end && *at != '\n' && !starts(at, b->end, "\\n"))
		if (at++ - b->at == HEADER_MAX)
			return false;
	b->at = at;
	return true;
}

static void
take(struct body *b)
{
	unsigned char c = (unsigned char)*b->at++;

	if (b->count < sizeof(b->start))
		b->start[b->count] = (char)c;
	b->count++;
	b->distinct += b->seen[c] ? 0 : 1;
	b->seen[c] = true;
}

static void
read_body(struct body *b)
{
	skip_between(b);
	for (unsigned i = 0; i < HEADERS_MAX && skip_header(b); i++)
		skip_between(b);
	while (b->at < b->end) {
		skip_between(b);
		if (b->at == b->end || !secret_is_base64((unsigned char)*b->at))
			return;
		take(b);
	}
}

/* Long enough for a key; a shorter one must be closed, and no placeholder. */
static bool
is_plausible(const struct body *b, bool closed)
{
	if (b->count >= BODY_LEAST)
		return b->distinct >= DISTINCT;
	return closed && b->count >= BODY_LEAST_CLOSED &&
	    b->distinct >= DISTINCT_CLOSED &&
	    !secret_is_placeholder(b->start, b->count);
}

/* Behind "-----END ... PRIVATE KEY-----", which `at` begins. */
static const char *
end_line(const char *at, const char *end)
{
	const char *label = at + strlen(DASHES), *close;
	size_t left = (size_t)(end - label);

	close = text_find(label, left < LABEL_MAX ? left : LABEL_MAX, DASHES);
	return close == NULL ? at : close + strlen(DASHES);
}

static size_t
key_size(const char *at, const char *inside, const char *end)
{
	struct body b = {.at = inside, .end = end};
	bool closed;

	if (b.end - b.at > BODY_MAX)
		b.end = b.at + BODY_MAX;
	read_body(&b);
	closed = starts(b.at, end, "-----END");
	if (!is_plausible(&b, closed))
		return 0;
	return (size_t)((closed ? end_line(b.at, end) : b.at) - at);
}

/* The label in "-----BEGIN label-----": its length, or 0. */
static size_t
label_size(const char *at, const char *end)
{
	const char *close;
	size_t left = (size_t)(end - at);

	close = text_find(at, left < LABEL_MAX ? left : LABEL_MAX, DASHES);
	return close == NULL ? 0 : (size_t)(close - at);
}

static bool
ends(const char *label, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && memcmp(label + len - n, word, n) == 0;
}

static const char *
kind_of(const char *label, size_t len)
{
	if (ends(label, len, "PGP PRIVATE KEY BLOCK"))
		return "a PGP private key";
	if (ends(label, len, "OPENSSH PRIVATE KEY"))
		return "an OpenSSH private key";
	if (ends(label, len, "PRIVATE KEY"))
		return "a private key";
	if (ends(label, len, "OpenVPN Static key V1"))
		return "an OpenVPN static key";
	return NULL;
}

size_t
secret_pem(const char *at, size_t left, const char **kind)
{
	static const char ssh2[] = "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----";
	const char *end = at + left, *label = at + strlen(BEGIN);
	size_t len;

	if (starts(at, end, ssh2)) {
		*kind = "an SSH2 private key";
		return key_size(at, at + strlen(ssh2), end);
	}
	if (!starts(at, end, BEGIN))
		return 0;
	len = label_size(label, end);
	*kind = len == 0 ? NULL : kind_of(label, len);
	if (*kind == NULL)
		return 0;
	return key_size(at, label + len + strlen(DASHES), end);
}

/* Does a file in base64 begin with the first line of a private key? */
static bool
holds_pem(const char *at, size_t len, const char **kind)
{
	struct buf inner = {0};
	const char *label, *end;

	*kind = NULL;
	if (text_parse_base64(&inner, at, len - len % 4, false) &&
	    starts(inner.data, inner.data + inner.len, BEGIN)) {
		end = inner.data + inner.len;
		label = inner.data + strlen(BEGIN);
		*kind = kind_of(label, label_size(label, end));
	}
	buf_free(&inner);
	return *kind != NULL;
}

/*
 * As kubeconfig and Kubernetes secrets hold it.  The label is enough: behind
 * it stands more base64.
 */
size_t
secret_pem_in_base64(const char *at, size_t left, const char **kind)
{
	size_t run = 0;

	while (run < left && run < INNER_MAX &&
	    secret_is_base64((unsigned char)at[run]))
		run++;
	if (run < INNER_LEAST || !holds_pem(at, run, kind))
		return 0;
	while (run < left && run < BODY_MAX &&
	    secret_is_base64((unsigned char)at[run]))
		run++;
	return run;
}
