#include "app/say.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void
put_line(const char *data, size_t len)
{
	struct buf safe = {0};

	text_safe(&safe, data, len, false);
	(void)fwrite(safe.data, 1, safe.len, stdout);
	(void)putchar('\n');
	buf_free(&safe);
}

void
say(const char *format, ...)
{
	struct buf text = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	put_line(buf_text(&text), text.len);
	buf_free(&text);
}

void
say_text(const char *indent, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		(void)fputs(indent, stdout);
		put_line(text, len);
		text += len + (text[len] == '\n' ? 1 : 0);
	}
}

void
say_json(struct buf *json)
{
	buf_char(json, '\n');
	(void)fwrite(json->data, 1, json->len, stdout);
	buf_clear(json);
}
