#include "core/ident.h"

#include <stdbool.h>
#include <string.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
parse_seconds(const char *text, size_t len, int64_t *out)
{
	int64_t n = 0;

	if (len == 0 || (text[0] == '0' && len > 1))
		return false;
	for (size_t i = 0; i < len; i++) {
		int64_t digit = text[i] - '0';

		if (!is_digit(text[i]) || n > (INT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return true;
}

static bool
is_zone(const char *text, size_t len)
{
	if (len != 5 || (text[0] != '+' && text[0] != '-'))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_digit(text[i]))
			return false;
	return true;
}

/* " seconds zone", all that stands behind the address. */
static const char *
date_parse(struct ident *out, struct pool *pool, const char *text, size_t len,
    const char **why)
{
	const char *blank;

	*why = "no date in seconds since 1970";
	if (len == 0 || *text != ' ')
		return "bad-date";
	text++;
	len--;
	blank = memchr(text, ' ', len);
	if (!blank ||
	    !parse_seconds(text, (size_t)(blank - text), &out->seconds))
		return "bad-date";
	*why = "a time zone that is not a sign and four digits";
	if (!is_zone(blank + 1, len - (size_t)(blank + 1 - text)))
		return "bad-zone";
	out->date = pool_textn(pool, text, len);
	return NULL;
}

/* What git takes off both ends of an address it writes, and some readers off
 * one that they read. */
static bool
is_crud(char c)
{
	return (unsigned char)c <= ' ' || strchr(".,:;<>\"\\'", c) != NULL;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_empty(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_blank(text[i]))
			return false;
	return true;
}

static const char *
name_of(struct pool *pool, const char *text, size_t len)
{
	while (len > 0 && *text == ' ') {
		text++;
		len--;
	}
	while (len > 0 && text[len - 1] == ' ')
		len--;
	return pool_textn(pool, text, len);
}

const char *
ident_parse(struct ident *out, struct pool *pool, const char *line, size_t len,
    const char **why)
{
	const char *end = line + len, *open, *close;

	*why = "no e-mail address";
	open = memchr(line, '<', len);
	close = memchr(line, '>', len);
	if (!open || !close)
		return "no-address";
	*why = "two e-mail addresses";
	if (close < open || memchr(open + 1, '<', (size_t)(end - open - 1)) ||
	    memchr(close + 1, '>', (size_t)(end - close - 1)))
		return "two-addresses";
	*why = "an empty e-mail address";
	if (is_empty(open + 1, (size_t)(close - open - 1)))
		return "empty-address";
	*why = "a blank or stop at an end of the e-mail address";
	if (is_crud(open[1]) || is_crud(close[-1]))
		return "bad-address";
	*why = "no blank between name and address";
	if (open > line && open[-1] != ' ')
		return "bad-name";
	out->name = name_of(pool, line, (size_t)(open - line));
	out->email = pool_textn(pool, open + 1, (size_t)(close - open - 1));
	return date_parse(out, pool, close + 1, (size_t)(end - close - 1), why);
}
