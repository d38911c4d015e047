#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM ((size_t)128)

/* Room for `more` bytes and the NUL behind them. */
static void
reserve(struct buf *buf, size_t more)
{
	size_t room = buf->room < FIRST_ROOM ? FIRST_ROOM : buf->room;
	char *data;

	if (more > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4)
		err_fatal("out of memory");
	if (buf->len + more < buf->room)
		return;
	while (room <= buf->len + more)
		room *= 2;
	data = realloc(buf->data, room);
	if (data == NULL)
		err_fatal("out of memory");
	buf->data = data;
	buf->room = room;
}

void
buf_add(struct buf *buf, const void *data, size_t len)
{
	reserve(buf, len);
	if (len > 0)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
buf_char(struct buf *buf, char c)
{
	reserve(buf, 1);
	buf->data[buf->len++] = c;
	buf->data[buf->len] = '\0';
}

void
buf_put(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	buf_vprintf(buf, format, ap);
	va_end(ap);
}

void
buf_vprintf(struct buf *buf, const char *format, va_list ap)
{
	va_list again;
	int len;

	reserve(buf, 1);
	va_copy(again, ap);
	len = vsnprintf(buf->data + buf->len, buf->room - buf->len, format, ap);
	if (len < 0)
		err_fatal("a text could not be formatted");
	if ((size_t)len >= buf->room - buf->len) {
		reserve(buf, (size_t)len);
		vsnprintf(buf->data + buf->len, buf->room - buf->len, format,
		    again);
	}
	va_end(again);
	buf->len += (size_t)len;
}

const char *
buf_text(const struct buf *buf)
{
	return buf->data == NULL ? "" : buf->data;
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

void
buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}

void
buf_html(struct buf *buf, const char *text, size_t len)
{
	static const char marks[] = "&<>\"'";
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;",
	    "&quot;", "&#39;"};

	for (size_t i = 0; i < len; i++) {
		const char *mark =
		    text[i] == '\0' ? NULL : strchr(marks, text[i]);

		if (mark == NULL)
			buf_char(buf, text[i]);
		else
			buf_put(buf, entities[mark - marks]);
	}
}
