/* Texts of a JSON document, eight bytes at a time where they are plain. */
#include "json_pick_parts.h"

#include <string.h>

#include "base/text.h"

#define ONES 0x0101010101010101u
#define HIGHS 0x8080808080808080u

/*
 * The high bit of each byte that ends what is plain: a quote, a backslash, a
 * control character, one that is not ASCII.  The lowest bit is exact, and no
 * bit means that there is none; those above it may be wrong.
 */
static uint64_t
not_plain(uint64_t word)
{
	uint64_t quote = word ^ (ONES * '"'), slash = word ^ (ONES * '\\');

	return (((quote - ONES) & ~quote) | ((slash - ONES) & ~slash) |
	           ((word - ONES * 0x20) & ~word) | word) &
	    HIGHS;
}

static bool
is_plain(char c)
{
	return c != '"' && c != '\\' && (unsigned char)c >= 0x20 &&
	    (unsigned char)c < 0x80;
}

static const char *
skip_plain(const char *at, const char *end)
{
	while (end - at >= 8) {
		uint64_t word;

		memcpy(&word, at, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		word = __builtin_bswap64(word);
#endif
		word = not_plain(word);
		if (word != 0)
			return at + (__builtin_ctzll(word) >> 3);
		at += 8;
	}
	while (at < end && is_plain(*at))
		at++;
	return at;
}

/* The four hex digits at `at`, or -1. */
static int
read_unit(const char *at, const char *end)
{
	int unit = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef";
		char c =
		    at[i] >= 'A' && at[i] <= 'F' ? (char)(at[i] | 0x20) : at[i];
		const char *digit = memchr(digits, c, sizeof(digits) - 1);

		if (digit == NULL)
			return -1;
		unit = unit * 16 + (int)(digit - digits);
	}
	return unit;
}

static bool
is_first_half(int unit)
{
	return unit >= 0xd800 && unit <= 0xdbff;
}

static bool
is_second_half(int unit)
{
	return unit >= 0xdc00 && unit <= 0xdfff;
}

/*
 * The escape whose backslash stands at `at`: its character, and how many bytes
 * it takes, 0 where it is none.
 */
static size_t
read_escape(const char *at, const char *end, uint32_t *character)
{
	static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *name;
	int unit, second;

	if (end - at < 2)
		return 0;
	if (at[1] != 'u') {
		name = memchr(names, at[1], sizeof(names) - 1);
		if (name == NULL)
			return 0;
		*character = (uint32_t)means[name - names];
		return 2;
	}
	unit = read_unit(at + 2, end);
	if (unit < 0 || is_second_half(unit))
		return 0;
	*character = (uint32_t)unit;
	if (!is_first_half(unit))
		return 6;
	if (end - at < 8 || at[6] != '\\' || at[7] != 'u')
		return 0;
	second = read_unit(at + 8, end);
	if (!is_second_half(second))
		return 0;
	*character = 0x10000u + ((uint32_t)(unit - 0xd800) << 10) +
	    (uint32_t)(second - 0xdc00);
	return 12;
}

bool
json_text_scan(struct json_text *out, const char **at, const char *end,
    const char **why)
{
	const char *c = *at;

	*out = (struct json_text){.from = c};
	for (;;) {
		uint32_t character;
		size_t size;

		c = skip_plain(c, end);
		*at = c;
		*why = "a text that does not end";
		if (c == end)
			return false;
		if (*c == '"')
			break;
		*why = "a control character";
		if ((unsigned char)*c < 0x20)
			return false;
		out->escapes |= *c == '\\';
		*why = *c == '\\' ? "an unknown escape" : "not UTF-8";
		size = *c == '\\' ? read_escape(c, end, &character)
		                  : text_char(c, (size_t)(end - c), &character);
		if (size == 0)
			return false;
		c += size;
	}
	out->len = (size_t)(c - out->from);
	*at = c + 1;
	return true;
}

static char *
put_character(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

const char *
json_text_decode(struct pool *pool, const struct json_text *text, size_t *len)
{
	const char *from = text->from, *end = from + text->len;
	char *start, *to;

	if (!text->escapes) {
		*len = text->len;
		return pool_textn(pool, from, text->len);
	}
	start = to = pool_alloc(pool, text->len + 1);
	while (from < end) {
		uint32_t character = 0;

		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		from += read_escape(from, end, &character);
		to = put_character(to, character);
	}
	*len = (size_t)(to - start);
	return start;
}
