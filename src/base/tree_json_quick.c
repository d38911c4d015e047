/*
 * JSON in one pass over a copy of its bytes, where texts stay: a NUL takes the
 * place of the quote that ended one.
 */
#include "base/tree_quick.h"

#include <string.h>

#include "base/text.h"

#define DIGITS_MAX 18
/* Nodes are had from the pool so many at a time. */
#define NODES_FIRST 8
#define NODES_MORE 64

struct reader {
	char *at, *end;
	struct pool *pool;
	const char *file;
	size_t nodes;
	struct tree *spare;
	size_t spare_count;
};

static struct tree *read_value(struct reader *r, unsigned depth);

static void
skip_space(struct reader *r)
{
	while (r->at < r->end &&
	    (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' ||
	        *r->at == '\r'))
		r->at++;
}

static bool
take(struct reader *r, char c)
{
	skip_space(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool
take_word(struct reader *r, const char *word, size_t len)
{
	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
		return false;
	r->at += len;
	return true;
}

static bool
hex_digit(char c, unsigned *value)
{
	if (c >= '0' && c <= '9')
		*value = *value << 4 | (unsigned)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*value = *value << 4 | (unsigned)(c - 'a' + 10);
	else if (c >= 'A' && c <= 'F')
		*value = *value << 4 | (unsigned)(c - 'A' + 10);
	else
		return false;
	return true;
}

/* The four digits behind \u.  Zero and surrogates are left to the library. */
static bool
decode_unicode(const char *from, const char *end, char **to)
{
	unsigned c = 0;

	if (end - from < 4)
		return false;
	for (int i = 0; i < 4; i++)
		if (!hex_digit(from[i], &c))
			return false;
	if (c == 0 || (c >= 0xd800 && c <= 0xdfff))
		return false;
	if (c < 0x80) {
		*(*to)++ = (char)c;
	} else if (c < 0x800) {
		*(*to)++ = (char)(0xc0 | c >> 6);
		*(*to)++ = (char)(0x80 | (c & 0x3f));
	} else {
		*(*to)++ = (char)(0xe0 | c >> 12);
		*(*to)++ = (char)(0x80 | (c >> 6 & 0x3f));
		*(*to)++ = (char)(0x80 | (c & 0x3f));
	}
	return true;
}

/* What stands behind the backslash at `from`; its length, 0 when unknown. */
static size_t
decode_escape(const char *from, const char *end, char **to)
{
	static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *name;

	if (end - from < 2)
		return 0;
	if (from[1] == 'u')
		return decode_unicode(from + 2, end, to) ? 6 : 0;
	name = memchr(names, from[1], sizeof(names) - 1);
	if (name == NULL)
		return 0;
	*(*to)++ = means[name - names];
	return 2;
}

/* Is one of these eight bytes a quote, a backslash, a control, or not ASCII? */
static bool
is_odd(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t x, quote, slash;

	memcpy(&x, at, sizeof(x));
	quote = x ^ ones * '"';
	slash = x ^ ones * '\\';
	return ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
	            (x - ones * 0x20) | x) &
	           ones * 0x80) != 0;
}

/* The closing quote of the text that begins at `at`, or NULL. */
static char *
find_quote(const struct reader *r, bool *escapes, bool *wide)
{
	char *c = r->at;

	*escapes = *wide = false;
	while (c < r->end) {
		if (r->end - c >= 8 && !is_odd(c)) {
			c += 8;
			continue;
		}
		if (*c == '"')
			return c;
		if ((unsigned char)*c < 0x20)
			return NULL;
		*wide = *wide || (unsigned char)*c >= 0x80;
		if (*c == '\\') {
			*escapes = true;
			c++;
		}
		c++;
	}
	return NULL;
}

/* In place: no escape is shorter than what it stands for. */
static bool
decode(char *text, const char *end, size_t *len)
{
	const char *from = text;
	char *to = text;

	while (from < end) {
		size_t n;

		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		n = decode_escape(from, end, &to);
		if (n == 0)
			return false;
		from += n;
	}
	*to = '\0';
	*len = (size_t)(to - text);
	return true;
}

/* The text whose opening quote has been taken; NULL when it is not known. */
static const char *
read_text(struct reader *r, size_t *len)
{
	bool escapes, wide;
	char *text = r->at, *quote = find_quote(r, &escapes, &wide);

	if (quote == NULL ||
	    (wide && !text_is_utf8(text, (size_t)(quote - text))))
		return NULL;
	r->at = quote + 1;
	*quote = '\0';
	*len = (size_t)(quote - text);
	return !escapes || decode(text, quote, len) ? text : NULL;
}

static bool
read_number(struct reader *r, struct tree *t)
{
	bool minus = *r->at == '-';
	char *first;
	int64_t n = 0;

	if (minus)
		r->at++;
	for (first = r->at; r->at < r->end && *r->at >= '0' && *r->at <= '9';
	     r->at++) {
		if (r->at - first >= DIGITS_MAX)
			return false;
		n = n * 10 + (*r->at - '0');
	}
	if (r->at == first || (*first == '0' && r->at - first > 1))
		return false;
	if (r->at < r->end && memchr(",]} \n\r\t", *r->at, 7) == NULL)
		return false;
	t->kind = TREE_NUMBER;
	t->number = minus ? -n : n;
	return true;
}

/* Keys are told apart by few of their bytes mostly, and then by all. */
static uint64_t
bit_of(const char *key, size_t len)
{
	unsigned sum = (unsigned)len;

	if (len > 0)
		sum += 7u * (unsigned char)key[0] +
		    13u * (unsigned char)key[len / 2] +
		    29u * (unsigned char)key[len - 1];
	return UINT64_C(1) << (sum & 63);
}

static bool
is_new(const struct tree *map, const struct tree *last)
{
	for (const struct tree *t = map->child; t != last; t = t->next)
		if (strcmp(t->key, last->key) == 0)
			return false;
	return true;
}

static bool
read_list(struct reader *r, unsigned depth, struct tree *t)
{
	const struct tree **link = &t->child;
	struct tree *child;

	t->kind = TREE_LIST;
	if (take(r, ']'))
		return true;
	do {
		child = read_value(r, depth);
		if (child == NULL)
			return false;
		*link = child;
		link = &child->next;
		t->len++;
	} while (take(r, ','));
	return take(r, ']');
}

static bool
read_map(struct reader *r, unsigned depth, struct tree *t)
{
	const struct tree **link = &t->child;
	uint64_t seen = 0;

	t->kind = TREE_MAP;
	if (take(r, '}'))
		return true;
	do {
		const char *key;
		struct tree *child;
		size_t len;
		uint64_t bit;

		if (t->len == QUICK_KEYS_MAX || !take(r, '"'))
			return false;
		key = read_text(r, &len);
		if (key == NULL || !take(r, ':'))
			return false;
		child = read_value(r, depth);
		if (child == NULL)
			return false;
		child->key = key;
		*link = child;
		link = &child->next;
		t->len++;
		bit = bit_of(key, len);
		if ((seen & bit) != 0 && !is_new(t, child))
			return false;
		seen |= bit;
	} while (take(r, ','));
	return take(r, '}');
}

static bool
read_scalar(struct reader *r, struct tree *t)
{
	if (*r->at == '"') {
		r->at++;
		t->kind = TREE_TEXT;
		t->text = read_text(r, &t->len);
		return t->text != NULL;
	}
	if (take_word(r, "null", 4))
		return true;
	t->boolean = take_word(r, "true", 4);
	if (!t->boolean && !take_word(r, "false", 5))
		return read_number(r, t);
	t->kind = TREE_BOOL;
	return true;
}

static struct tree *
new_node(struct reader *r)
{
	if (r->spare_count == 0) {
		r->spare_count =
		    r->nodes <= NODES_FIRST ? NODES_FIRST : NODES_MORE;
		r->spare =
		    pool_array(r->pool, r->spare_count, sizeof(*r->spare));
	}
	r->spare_count--;
	r->spare->file = r->file;
	return r->spare++;
}

/* `depth` collections are around it; NULL when it is not known. */
static struct tree *
read_value(struct reader *r, unsigned depth)
{
	struct tree *t;
	bool known;

	skip_space(r);
	if (r->at == r->end || ++r->nodes > TREE_NODES_MAX)
		return NULL;
	t = new_node(r);
	if (*r->at != '[' && *r->at != '{')
		return read_scalar(r, t) ? t : NULL;
	if (depth == TREE_DEPTH_MAX)
		return NULL;
	known = *r->at++ == '[' ? read_list(r, depth + 1, t)
	                        : read_map(r, depth + 1, t);
	return known ? t : NULL;
}

bool
tree_quick_json(const struct tree **out, struct pool *pool, const char *data,
    size_t len, const char *file)
{
	struct reader r = {.pool = pool, .file = file};
	const struct tree *t;

	if (len == 0 || len > TREE_SIZE_MAX)
		return false;
	r.at = pool_textn(pool, data, len);
	r.end = r.at + len;
	skip_space(&r);
	if (r.at == r.end || (*r.at != '[' && *r.at != '{'))
		return false;
	t = read_value(&r, 0);
	skip_space(&r);
	if (t == NULL || r.at != r.end)
		return false;
	*out = t;
	return true;
}
