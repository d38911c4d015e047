#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Bytes 0x80 to 0xbf carry on a UTF-8 character that began before them. */
static int
is_inside_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/*
 * The text is made apart and then copied, so that it may quote what `err` held.
 * A cut text must stay UTF-8: the character the cut fell into goes whole.
 */
static void
store(struct err *err, const char *text, size_t wanted)
{
	size_t len = strlen(text);

	if (wanted > len) {
		while (len > 0 && is_inside_character(text[len - 1]))
			len--;
		if (len > 0 && (unsigned char)text[len - 1] >= 0x80)
			len--;
	}
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		err->text[i] = c < 0x20 || c == 0x7f ? '?' : text[i];
	}
	err->text[len] = '\0';
}

static size_t form(char out[sizeof(((struct err *)0)->text)],
    const char *format, va_list ap) like_printf(2, 0);

static size_t
form(char out[sizeof(((struct err *)0)->text)], const char *format, va_list ap)
{
	int len = vsnprintf(out, sizeof(((struct err *)0)->text), format, ap);

	if (len < 0) {
		out[0] = '\0';
		return 0;
	}
	return (size_t)len;
}

int
err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	char text[sizeof(err->text)];
	size_t wanted;
	va_list ap;

	va_start(ap, format);
	wanted = form(text, format, ap);
	va_end(ap);
	store(err, text, wanted);
	err->kind = kind;
	return -1;
}

/* Put "first: second" into `err`. */
static void
store_joined(struct err *err, const char *first, const char *second)
{
	char text[sizeof(err->text)];
	int wanted = snprintf(text, sizeof(text), "%s: %s", first, second);

	store(err, text, wanted < 0 ? 0 : (size_t)wanted);
}

int
err_errno(struct err *err, const char *format, ...)
{
	char place[sizeof(err->text)], why[128];
	int number = errno;
	va_list ap;

	va_start(ap, format);
	form(place, format, ap);
	va_end(ap);
	if (strerror_r(number, why, sizeof(why)) != 0)
		snprintf(why, sizeof(why), "error %d", number);
	store_joined(err, place, why);
	err->kind = ERR_SYSTEM;
	return -1;
}

int
err_within(struct err *err, const char *format, ...)
{
	char place[sizeof(err->text)], cause[sizeof(err->text)];
	va_list ap;

	va_start(ap, format);
	form(place, format, ap);
	va_end(ap);
	memcpy(cause, err->text, sizeof(cause));
	store_joined(err, place, cause);
	return -1;
}

void
err_fatal(const char *why)
{
	static const char name[] = "foureyes: ";

	/* No stdio: its buffers may need the memory that is missing. */
	if (write(STDERR_FILENO, name, sizeof(name) - 1) < 0 ||
	    write(STDERR_FILENO, why, strlen(why)) < 0 ||
	    write(STDERR_FILENO, "\n", 1) < 0)
		_exit(3);
	_exit(3);
}
