#include "app/csv.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* What a byte of a cell needs. */
enum need {
	PLAIN = 0,
	DOUBLED, /* written twice, in quotes */
	ESCAPED, /* a letter behind a backslash, or a number */
	WIDE,    /* not ASCII: looked at as a character */
	SPLITS   /* another country's spreadsheet begins a cell behind it */
};

#define P PLAIN
#define D DOUBLED
#define E ESCAPED
#define W WIDE
#define S SPLITS
/* clang-format off */
static const unsigned char needs[256] = {
	E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E,
	E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E,
	P, P, D, P, P, P, P, P, P, P, P, P, S, P, P, P,
	P, P, P, P, P, P, P, P, P, P, P, S, P, P, P, P,
	P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P,
	P, P, P, P, P, P, P, P, P, P, P, P, E, P, P, P,
	P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P,
	P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, E,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
};
/* clang-format on */
#undef P
#undef D
#undef E
#undef W
#undef S

static void
flush(struct csv *csv)
{
	size_t at = 0;

	while (csv->failed == 0 && at < csv->out.len) {
		ssize_t n =
		    write(csv->fd, csv->out.data + at, csv->out.len - at);

		if (n < 0 && errno != EINTR)
			csv->failed = errno;
		if (n > 0)
			at += (size_t)n;
	}
	buf_clear(&csv->out);
}

static void
begin_cell(struct csv *csv)
{
	assert(csv->at < csv->columns);
	if (csv->at++ > 0)
		buf_char(&csv->out, ',');
}

/* The bytes of what a spreadsheet takes for a formula's first character. */
static size_t
formula_size(const char *text, size_t len)
{
	static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b",
	    "\xef\xbc\x8d", "\xef\xbc\xa0", "\xe2\x88\x92"};

	if (len > 0 && text[0] != '\0' && strchr("=+-@", text[0]) != NULL)
		return 1;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (len >= 3 && memcmp(text, wide[i], 3) == 0)
			return 3;
	return 0;
}

/* Blanks of any alphabet, and what draws nothing. */
static size_t
skip_blanks(const char *text, size_t len)
{
	size_t at = 0;

	for (;;) {
		uint32_t c = 0;
		size_t size = text_char(text + at, len - at, &c);

		if (size == 0 ||
		    (c > 0x20 && c != 0x7f && c != 0xa0 && c != 0x3000 &&
		        c != 0xfeff && !(c >= 0x2000 && c <= 0x200f)))
			return at;
		at += size;
	}
}

static bool
needs_mark(const char *text, size_t len)
{
	size_t at = skip_blanks(text, len);

	return text[0] == '\'' || formula_size(text + at, len - at) > 0;
}

static void
add_number(struct csv *csv, uint32_t c)
{
	buf_printf(&csv->out, "\\u{%04X}", (unsigned)c);
}

static void
add_escaped(struct csv *csv, unsigned char c)
{
	static const char letters[][2] = {{'\\', '\\'}, {'\n', 'n'},
	    {'\r', 'r'}, {'\t', 't'}};

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if ((unsigned char)letters[i][0] == c) {
			buf_char(&csv->out, '\\');
			buf_char(&csv->out, letters[i][1]);
			return;
		}
	add_number(csv, c);
}

/* text_safe() knows what may be shown; its escapes are those of the header. */
static size_t
add_wide(struct csv *csv, const char *text, size_t len)
{
	uint32_t c = 0;
	size_t size = text_char(text, len, &c);

	size = size == 0 ? 1 : size;
	text_safe(&csv->out, text, size, false);
	return size;
}

/* `text` is what stands behind a comma or semicolon. */
static size_t
add_defused(struct csv *csv, const char *text, size_t len)
{
	size_t blanks = skip_blanks(text, len);
	size_t size = formula_size(text + blanks, len - blanks);
	uint32_t c = 0;

	if (size == 0)
		return 0;
	for (size_t i = 0; i < blanks; i++)
		if (text[i] != ' ')
			return 0;
	buf_add(&csv->out, text, blanks);
	(void)text_char(text + blanks, size, &c);
	add_number(csv, c);
	return blanks + size;
}

static void
add_cell(struct csv *csv, const char *text, size_t len)
{
	size_t at = 0, kept = 0;

	while (at < len) {
		unsigned char c = (unsigned char)text[at];
		size_t size = 1;

		if (needs[c] == PLAIN) {
			at++;
			continue;
		}
		buf_add(&csv->out, text + kept, at - kept);
		switch (needs[c]) {
		case WIDE:
			size = add_wide(csv, text + at, len - at);
			break;
		case ESCAPED:
			add_escaped(csv, c);
			break;
		case DOUBLED:
			buf_put(&csv->out, "\"\"");
			break;
		default:
			buf_char(&csv->out, (char)c);
			size += add_defused(csv, text + at + 1, len - at - 1);
			break;
		}
		at += size;
		kept = at;
	}
	buf_add(&csv->out, text + kept, at - kept);
}

static bool
needs_quotes(const char *text, size_t len)
{
	if (text[0] == ' ' || text[len - 1] == ' ')
		return true;
	for (size_t i = 0; i < len; i++)
		if (needs[(unsigned char)text[i]] == DOUBLED ||
		    needs[(unsigned char)text[i]] == SPLITS)
			return true;
	return false;
}

/* Most cells stand as they are: letters, digits and signs within ASCII. */
static bool
stands_as_it_is(const char *text, size_t len)
{
	const unsigned char first = (unsigned char)text[0];
	unsigned char sum = 0;

	if (!(first >= '0' && first <= '9') &&
	    !(first >= 'A' && first <= 'Z') && !(first >= 'a' && first <= 'z'))
		return false;
	for (size_t i = 0; i < len; i++)
		sum |= needs[(unsigned char)text[i]];
	return sum == PLAIN && text[len - 1] != ' ';
}

void
csv_textn(struct csv *csv, const char *text, size_t len)
{
	bool quotes;

	begin_cell(csv);
	if (len == 0)
		return;
	if (stands_as_it_is(text, len)) {
		buf_add(&csv->out, text, len);
		return;
	}
	quotes = needs_quotes(text, len);
	if (quotes)
		buf_char(&csv->out, '"');
	if (needs_mark(text, len))
		buf_char(&csv->out, '\'');
	add_cell(csv, text, len);
	if (quotes)
		buf_char(&csv->out, '"');
}

void
csv_text(struct csv *csv, const char *text)
{
	if (text == NULL)
		text = "";
	csv_textn(csv, text, strlen(text));
}

void
csv_number(struct csv *csv, int64_t number)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)number);

	begin_cell(csv);
	buf_add(&csv->out, digits, (size_t)len);
}

void
csv_instant(struct csv *csv, int64_t instant)
{
	char text[TEXT_INSTANT_SIZE] = "";

	if (instant != 0)
		text_instant(text, instant);
	begin_cell(csv);
	buf_put(&csv->out, text);
}

void
csv_bool(struct csv *csv, bool value)
{
	begin_cell(csv);
	buf_put(&csv->out, value ? "yes" : "no");
}

static void
end_row(struct csv *csv)
{
	for (; csv->at < csv->columns; csv->at++)
		if (csv->at > 0)
			buf_char(&csv->out, ',');
	buf_add(&csv->out, "\r\n", 2);
	csv->at = 0;
	if (csv->out.len >= CSV_BLOCK)
		flush(csv);
}

void
csv_row(struct csv *csv)
{
	end_row(csv);
	csv->rows++;
}

void
csv_open(struct csv *csv, int fd, const char *name, const char *const *header)
{
	*csv = (struct csv){.fd = fd, .name = name};
	while (header[csv->columns] != NULL)
		csv->columns++;
	for (size_t i = 0; i < csv->columns; i++)
		csv_text(csv, header[i]);
	end_row(csv);
}

int
csv_create(struct csv *csv, int dir, const char *name,
    const char *const *header, struct err *err)
{
	int fd = openat(dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd < 0)
		return err_errno(err, "'%s'", name);
	csv_open(csv, fd, name, header);
	return 0;
}

int
csv_close(struct csv *csv, struct err *err)
{
	int ret = 0;

	if (csv->at > 0)
		csv_row(csv);
	flush(csv);
	if (close(csv->fd) < 0 && csv->failed == 0)
		csv->failed = errno;
	if (csv->failed != 0) {
		errno = csv->failed;
		ret = err_errno(err, "'%s'", csv->name);
	}
	buf_free(&csv->out);
	csv->fd = -1;
	return ret;
}
