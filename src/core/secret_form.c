/*
 * Which characters a shape is made of, and in which order.
 */
#include "secret_inside.h"

#include <string.h>

#define BETWEEN_MAX 8 /* bytes between a name and its value */

/* ---- characters ---- */

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_upper(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_alnum(unsigned char c)
{
	return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool
is_hex(unsigned char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

bool
secret_is_base64(unsigned char c)
{
	return is_alnum(c) || c == '+' || c == '/';
}

/* Bech32, in upper case. */
static bool
is_bech32(unsigned char c)
{
	return (is_digit(c) && c != '1') ||
	    (is_upper(c) && c != 'B' && c != 'I' && c != 'O');
}

bool
secret_is_in(char class, unsigned char c)
{
	switch (class) {
	case 'd':
		return is_digit(c);
	case 'A':
		return is_digit(c) || is_upper(c);
	case 'a':
		return is_alnum(c);
	case 'h':
		return is_hex(c);
	case 'x':
		return is_hex(c) || (c >= 'A' && c <= 'F');
	case 'q':
		return is_bech32(c);
	case 'b':
		return secret_is_base64(c);
	case 's':
		return is_alnum(c) || c == '-';
	case 'w':
		return is_alnum(c) || c == '-' || c == '_';
	case 'e':
		return is_alnum(c) || c == '-' || c == '_' || c == '=';
	default:
		return false;
	}
}

bool
secret_is_word(unsigned char c)
{
	return is_alnum(c) || c == '_';
}

/* ---- forms ---- */

static size_t
number(const char **form)
{
	size_t n = 0;

	while (is_digit((unsigned char)**form))
		n = n * 10 + (size_t)(*(*form)++ - '0');
	return n;
}

/* "%b20-30": as many as there are, up to the most. */
static size_t
fit_class(const char **form, const char *at, size_t left, char *last, bool *fit)
{
	size_t least, most, n = 0;

	*last = (*form)[1];
	*form += 2;
	least = most = number(form);
	if (**form == '-' && is_digit((unsigned char)(*form)[1])) {
		++*form;
		most = number(form);
	}
	while (
	    n < left && n < most && secret_is_in(*last, (unsigned char)at[n]))
		n++;
	*fit = n >= least;
	return n;
}

static size_t
fit_between(const char *at, size_t left)
{
	size_t n = 0;

	while (n < left && n < BETWEEN_MAX && at[n] != '\0' &&
	    strchr(" \t\"'`:=>\\", at[n]) != NULL)
		n++;
	return n;
}

static size_t
fit_line_end(const char *at, size_t left)
{
	size_t n = left > 0 && at[0] == '\r' ? 1 : 0;

	return n < left && at[n] == '\n' ? n + 1 : 0;
}

size_t
secret_fits(const char *form, const char *at, size_t left, char *last)
{
	size_t all = 0, n;
	bool fit;

	*last = '\0';
	while (*form != '\0') {
		if (*form == '%') {
			n = fit_class(&form, at + all, left - all, last, &fit);
		} else {
			if (*form == '~')
				n = fit_between(at + all, left - all);
			else if (*form == '^')
				n = fit_line_end(at + all, left - all);
			else
				n = all < left && at[all] == *form ? 1 : 0;
			fit = n > 0;
			form++;
		}
		if (!fit)
			return 0;
		all += n;
	}
	return all;
}

/* At least two of: digits, upper case, lower case. */
bool
secret_is_mixed(const char *at, size_t len)
{
	bool digit = false, large = false, small = false;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at[i];

		digit = digit || is_digit(c);
		large = large || is_upper(c);
		small = small || (c >= 'a' && c <= 'z');
	}
	return digit + large + small >= 2;
}
