#include "app/fold.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define INDENT 10

static void
fold_at(struct buf *out, size_t columns, const char *head, const char *text)
{
	size_t column = strlen(head);

	buf_put(out, head);
	while (*text != '\0') {
		size_t word = strcspn(text, " ");

		if (column + word + 1 > columns && column > INDENT + 2) {
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
fold_text(struct buf *out, const char *head, const char *text)
{
	fold_at(out, FOLD_COLUMNS, head, text);
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

/* ---- behind a prefix ---- */

#define GOES_ON "           " /* how fold_at() begins what follows */

/* Does a line begin what fold_at() may have folded, and nobody types? */
static bool
is_sentence(const char *line)
{
	return text_starts(line, "foureyes:") ||
	    text_starts(line, "  does not:");
}

/* One line, or a sentence with the lines that go on with it, made one. */
static const char *
take(struct buf *line, const char *at)
{
	bool sentence = is_sentence(at);

	buf_clear(line);
	for (;;) {
		size_t len = strcspn(at, "\n");

		buf_add(line, at, len);
		at += at[len] == '\n' ? len + 1 : len;
		if (!sentence || !text_starts(at, GOES_ON))
			return at;
		at += sizeof(GOES_ON) - 2; /* one blank stays between words */
	}
}

static void
put_behind(struct buf *out, const char *prefix, const char *lines)
{
	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");

		buf_put(out, prefix);
		buf_add(out, lines, len);
		buf_char(out, '\n');
		lines += lines[len] == '\n' ? len + 1 : len;
	}
}

void
fold_behind(struct buf *text, const char *prefix)
{
	size_t taken = strlen(prefix);
	size_t columns = taken < FOLD_COLUMNS ? FOLD_COLUMNS - taken : 0;
	struct buf out = {0}, line = {0}, head = {0}, folded = {0};
	const char *at = buf_text(text), *rest;

	while (*at != '\0') {
		at = take(&line, at);
		rest = buf_text(&line);
		buf_clear(&folded);
		if (is_sentence(rest)) {
			buf_clear(&head);
			buf_add(&head, rest, strcspn(rest, ":") + 1);
			rest += head.len;
			fold_at(&folded, columns, buf_text(&head),
			    rest + strspn(rest, " "));
			rest = buf_text(&folded);
		}
		put_behind(&out, prefix, *rest != '\0' ? rest : "\n");
	}
	buf_free(&line);
	buf_free(&head);
	buf_free(&folded);
	buf_free(text);
	*text = out;
}
