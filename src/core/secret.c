#include "core/secret.h"

#include <string.h>

#include "base/text.h"
#include "secret_inside.h"

#define BOT_LEAST 8 /* digits of a bot's number */
#define BOT_MOST 10
#define PROBE_MAX 8000 /* bytes that tell UTF-16 from other text */
#define PAIRS_LEAST 4
#define KEY_TYPE "\"kty\""

struct scan {
	const char *data;
	size_t len;
	size_t at;
	const char *line_start; /* of the line that holds `counted` */
	const char *counted;
	unsigned line;
	const char *hit_line; /* the last one that was named */
	bool key_known, key;  /* does the text hold "kty"? */
	const struct secret_starts *starts;
	struct pool *pool;
	struct secret_hits *out;
	struct secret_hit *list;
};

/* ---- one candidate ---- */

/* The "n" of a written "\n", or the end of "%3D". */
static bool
ends_an_escape(const struct scan *s, size_t at)
{
	if (at >= 2 && s->data[at - 2] == '\\')
		return strchr("nrt", s->data[at - 1]) != NULL;
	return at >= 3 && s->data[at - 3] == '%' &&
	    secret_is_in('x', (unsigned char)s->data[at - 2]) &&
	    secret_is_in('x', (unsigned char)s->data[at - 1]);
}

static bool
begins_a_word(const struct scan *s, size_t at)
{
	return at == 0 || !s->starts->word[(unsigned char)s->data[at - 1]] ||
	    ends_an_escape(s, at);
}

static bool
ends_here(const struct scan *s, size_t at, char last)
{
	unsigned char c;

	if (at >= s->len)
		return true;
	c = (unsigned char)s->data[at];
	return !secret_is_word(c) && !secret_is_in(last, c);
}

static bool
follows_a_number(const struct scan *s, size_t at)
{
	size_t n = 0;

	while (n < at && n <= BOT_MOST &&
	    secret_is_in('d', (unsigned char)s->data[at - n - 1]))
		n++;
	return n >= BOT_LEAST && n <= BOT_MOST && begins_a_word(s, at - n);
}

static bool
holds_key_type(struct scan *s)
{
	if (!s->key_known)
		s->key = text_find(s->data, s->len, KEY_TYPE) != NULL;
	s->key_known = true;
	return s->key;
}

static bool
stands_right(struct scan *s, const struct secret_shape *p)
{
	if ((p->flags & SECRET_NO_DASH) != 0 && s->at > 0 &&
	    s->data[s->at - 1] == '-')
		return false;
	if ((p->flags & SECRET_BOT_BEFORE) != 0 && !follows_a_number(s, s->at))
		return false;
	return (p->flags & SECRET_WEB_KEY) == 0 || holds_key_type(s);
}

static bool
is_convincing(const struct secret_shape *p, const char *tail, size_t len)
{
	if ((p->flags & SECRET_CHECKSUM) != 0 && secret_checks(tail, len))
		return true;
	if (secret_distinct(tail, len) < p->distinct)
		return false;
	if ((p->flags & SECRET_KEY) != 0)
		return true;
	return ((p->flags & SECRET_MIXED) == 0 || secret_is_mixed(tail, len)) &&
	    !secret_is_placeholder(tail, len) && !secret_is_sample(tail, len);
}

static size_t
shape_size(struct scan *s, const struct secret_shape *p, bool word)
{
	size_t prefix, left = s->len - s->at, tail;
	const char *at = s->data + s->at;
	char last;

	if ((!word && (p->flags & SECRET_ANYWHERE) == 0) || left < 2 ||
	    at[1] != p->prefix[1])
		return 0;
	prefix = strlen(p->prefix);
	if (prefix > left || memcmp(at, p->prefix, prefix) != 0)
		return 0;
	tail = secret_fits(p->form, at + prefix, left - prefix, &last);
	if (tail == 0 ||
	    ((p->flags & SECRET_KEY) == 0 &&
	        !ends_here(s, s->at + prefix + tail, last)) ||
	    !stands_right(s, p) || !is_convincing(p, at + prefix, tail))
		return 0;
	return prefix + tail;
}

static size_t
candidate_size(struct scan *s, const char **kind)
{
	const char *at = s->data + s->at;
	size_t left = s->len - s->at, size;
	unsigned char c = (unsigned char)*at;
	bool word = begins_a_word(s, s->at);

	if (c == '-')
		return secret_pem(at, left, kind);
	if (*at == SECRET_PEM_IN_BASE64[0] && word &&
	    left >= sizeof(SECRET_PEM_IN_BASE64) &&
	    memcmp(at, SECRET_PEM_IN_BASE64,
	        sizeof(SECRET_PEM_IN_BASE64) - 1) == 0)
		return secret_pem_in_base64(at, left, kind);
	for (size_t i = s->starts->first[c]; i < s->starts->past[c]; i++) {
		size = shape_size(s, &secret_shapes[i], word);
		*kind = secret_shapes[i].kind;
		if (size > 0)
			return size;
	}
	return 0;
}

/* What most bytes are not: the beginning of a prefix, where one may begin. */
static bool
may_begin(const struct scan *s)
{
	unsigned char c = (unsigned char)s->data[s->at];

	return s->starts->past[c] != 0 &&
	    (s->starts->anywhere[c] || begins_a_word(s, s->at));
}

/* ---- lines ---- */

static void
count_lines(struct scan *s, const char *to)
{
	const char *nl;

	while ((nl = memchr(s->counted, '\n', (size_t)(to - s->counted))) !=
	    NULL) {
		s->line++;
		s->counted = s->line_start = nl + 1;
	}
	s->counted = to;
}

static void
note(struct scan *s, size_t size, const char *kind)
{
	const char *end = s->data + s->at + size, *text_end = s->data + s->len;
	const char *nl;
	struct secret_hit *hit;

	count_lines(s, s->data + s->at);
	if (s->hit_line == s->line_start)
		return;
	s->hit_line = s->line_start;
	s->out->more = s->out->count == SECRET_HITS_MAX;
	if (s->out->more)
		return;
	nl = memchr(end, '\n', (size_t)(text_end - end));
	end = nl != NULL ? nl : text_end;
	if (end > s->line_start && end[-1] == '\r')
		end--;
	hit = pool_grow(s->pool, &s->list, &s->out->count, sizeof(*hit));
	hit->kind = kind;
	hit->line = s->line;
	digest_sha256_hex(hit->digest, s->line_start,
	    (size_t)(end - s->line_start));
}

/* ---- the text ---- */

/* UTF-16 by its mark, or because every other byte is NUL: 1 big, 2 little. */
static int
wide(const char *data, size_t len)
{
	size_t probe = len < PROBE_MAX ? len : PROBE_MAX, zeros[2] = {0, 0};

	if (len >= 2 && memcmp(data, "\xfe\xff", 2) == 0)
		return 1;
	if (len >= 2 && memcmp(data, "\xff\xfe", 2) == 0)
		return 2;
	if (len == 0 || memchr(data, '\0', probe) == NULL)
		return 0;
	for (size_t i = 0; i < probe; i++)
		zeros[i % 2] += data[i] == '\0' ? 1 : 0;
	if (probe / 2 < PAIRS_LEAST)
		return 0;
	if (zeros[0] > probe / 4 && zeros[1] < probe / 50 + 1)
		return 1;
	return zeros[1] > probe / 4 && zeros[0] < probe / 50 + 1 ? 2 : 0;
}

/* Characters beyond ASCII are of no shape: one byte stands for each. */
static const char *
narrow(struct pool *pool, const char *data, size_t *len, int how)
{
	char *out = pool_alloc(pool, *len / 2 + 1);
	size_t n = 0, high = how == 1 ? 0 : 1;

	for (size_t i = 0; i + 1 < *len; i += 2) {
		char c = data[i + 1 - high];

		if (data[i + high] != '\0')
			c = '\x7f';
		if (c != '\0')
			out[n++] = c;
	}
	*len = n;
	return out;
}

static void
scan_text(struct scan *s, const char *data, size_t len)
{
	const char *kind;
	size_t size;

	s->data = s->line_start = s->counted = data;
	s->len = len;
	s->at = 0;
	s->line = 1;
	s->hit_line = NULL;
	s->key_known = false;
	while (!s->out->more &&
	    (s->at = secret_next_start(s->starts, data, s->at, len)) < len) {
		if (!may_begin(s) || (size = candidate_size(s, &kind)) == 0) {
			s->at++;
			continue;
		}
		note(s, size, kind);
		s->at += size;
	}
}

/* A mark of UTF-16 in front of other text must not hide it: both are read. */
void
secret_scan(struct secret_hits *out, struct pool *pool, const char *data,
    size_t len)
{
	struct scan s = {.starts = secret_starts(), .pool = pool, .out = out};
	int how;

	*out = (struct secret_hits){0};
	len = len < SECRET_BLOB_MAX ? len : SECRET_BLOB_MAX;
	scan_text(&s, data, len);
	how = wide(data, len);
	if (how != 0) {
		data = narrow(pool, data, &len, how);
		scan_text(&s, data, len);
	}
	out->list = s.list;
}
