/* Hex, object ids and base64. */
#include "base/text.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

void
text_hex(char *out, const unsigned char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		*out++ = hex_digits[data[i] >> 4];
		*out++ = hex_digits[data[i] & 15];
	}
	*out = '\0';
}

/* One more than what a digit is worth; 0: no digit.  Ledgers are full of them.
 */
static const unsigned char hex_worth[256] = {['0'] = 1,
    ['1'] = 2,
    ['2'] = 3,
    ['3'] = 4,
    ['4'] = 5,
    ['5'] = 6,
    ['6'] = 7,
    ['7'] = 8,
    ['8'] = 9,
    ['9'] = 10,
    ['a'] = 11,
    ['b'] = 12,
    ['c'] = 13,
    ['d'] = 14,
    ['e'] = 15,
    ['f'] = 16};

static int
hex_value(char c)
{
	return hex_worth[(unsigned char)c] - 1;
}

bool
text_parse_hex(unsigned char *out, size_t len, const char *hex)
{
	for (size_t i = 0; i < len; i++, hex += 2) {
		int high = hex_value(hex[0]), low;

		if (high < 0)
			return false;
		low = hex_value(hex[1]);
		if (low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return *hex == '\0';
}

bool
text_is_oid(const char *text)
{
	size_t len = 0;

	if (text == NULL)
		return false;
	while (len <= 64 && hex_value(text[len]) >= 0)
		len++;
	return (len == 40 || len == 64) && text[len] == '\0';
}

bool
text_is_zero_oid(const char *text)
{
	return text_is_oid(text) && text[strspn(text, "0")] == '\0';
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
text_base64(struct buf *out, const void *data, size_t len)
{
	const unsigned char *d = data;

	buf_add(out, "", 0);
	for (; len > 0; d += len < 3 ? len : 3, len -= len < 3 ? len : 3) {
		unsigned group = (unsigned)d[0] << 16;
		char four[4];

		if (len > 1)
			group |= (unsigned)d[1] << 8;
		if (len > 2)
			group |= d[2];
		four[0] = base64_digits[group >> 18];
		four[1] = base64_digits[group >> 12 & 63];
		four[2] = len > 1 ? base64_digits[group >> 6 & 63] : '=';
		four[3] = len > 2 ? base64_digits[group & 63] : '=';
		buf_add(out, four, sizeof(four));
	}
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * Three bytes or fewer from one group of four.  What the last digit holds
 * beyond the last byte must be zero, else one value would have several texts.
 */
static bool
add_group(struct buf *out, const char four[4], bool *last)
{
	size_t digits = four[3] != '=' ? 4 : four[2] != '=' ? 3 : 2;
	unsigned group = 0;
	char bytes[3];

	for (size_t i = 0; i < 4; i++) {
		int value = i < digits ? base64_value(four[i]) : 0;

		if (value < 0)
			return false;
		group = group << 6 | (unsigned)value;
	}
	if ((digits == 2 && (group & 0xffff) != 0) ||
	    (digits == 3 && (group & 0xff) != 0))
		return false;
	bytes[0] = (char)(group >> 16 & 0xff);
	bytes[1] = (char)(group >> 8 & 0xff);
	bytes[2] = (char)(group & 0xff);
	buf_add(out, bytes, digits - 1);
	*last = digits < 4;
	return true;
}

static bool
decode(struct buf *out, const char *text, size_t len, bool wrapped)
{
	char four[4];
	size_t have = 0;
	bool last = false;

	for (size_t i = 0; i < len; i++) {
		if (wrapped && is_space(text[i]))
			continue;
		if (last)
			return false;
		four[have++] = text[i];
		if (have < sizeof(four))
			continue;
		if (!add_group(out, four, &last))
			return false;
		have = 0;
	}
	return have == 0;
}

bool
text_parse_base64(struct buf *out, const char *text, size_t len, bool wrapped)
{
	size_t before = out->len;

	buf_add(out, "", 0);
	if (decode(out, text, len, wrapped))
		return true;
	out->len = before;
	out->data[before] = '\0';
	return false;
}
