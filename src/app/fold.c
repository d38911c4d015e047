#include "app/fold.h"

#include <stdarg.h>
#include <string.h>

#define INDENT 10

void
fold_text(struct buf *out, const char *head, const char *text)
{
	size_t column = strlen(head);

	buf_put(out, head);
	while (*text != '\0') {
		size_t word = strcspn(text, " ");

		if (column + word + 1 > FOLD_COLUMNS && column > INDENT + 2) {
			buf_put(out, "\n          ");
			column = INDENT;
		}
		buf_char(out, ' ');
		buf_add(out, text, word);
		column += word + 1;
		text += word;
		text += strspn(text, " ");
	}
	buf_char(out, '\n');
}

void
fold_printf(struct buf *out, const char *head, const char *format, ...)
{
	struct buf text = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	fold_text(out, head, buf_text(&text));
	buf_free(&text);
}
