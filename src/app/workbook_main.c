/*
 * foureyes-workbook - writes the workbook of a pack; `foureyes report` runs it.
 *
 * A program of its own, because libxlsxwriter is a shared library and no hook
 * shall load it.  Standard input has the tables, standard output becomes the
 * file (it must be one).  Each field of the input ends with a NUL:
 *
 *	foureyes-workbook 1, title, instant,
 *	sheet, name, number of columns, for each its kind (t, n, i) and name,
 *	row, a cell for each column of the sheet,
 *	... end
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/version.h"
#include "app/workbook.h"
#include "base/buf.h"
#include "base/text.h"
#include "edge/workbook.h"

struct reader {
	struct book *book;
	struct buf fields; /* those of one row or sheet, each with its NUL */
	const char *cells[BOOK_COLUMNS_MAX + 1];
	size_t columns; /* of the sheet */
};

static int
ended(struct err *err)
{
	return err_set(err, ERR_INPUT, "the tables end early");
}

/* The next `count` fields, in `cells` until the next call. */
static int
take(struct reader *r, size_t count, struct err *err)
{
	size_t at[BOOK_COLUMNS_MAX + 1];
	int c = 0;

	buf_clear(&r->fields);
	for (size_t i = 0; i < count; i++) {
		at[i] = r->fields.len;
		while ((c = getc_unlocked(stdin)) != EOF && c != '\0')
			buf_char(&r->fields, (char)c);
		if (c == EOF)
			return ended(err);
		buf_char(&r->fields, '\0');
	}
	for (size_t i = 0; i < count; i++)
		r->cells[i] = r->fields.data + at[i];
	return 0;
}

static enum book_kind
kind_of(char letter)
{
	return letter == 'n' ? BOOK_NUMBER
	    : letter == 'i'  ? BOOK_INSTANT
	                     : BOOK_TEXT;
}

static int
take_sheet(struct reader *r, struct err *err)
{
	struct book_column columns[BOOK_COLUMNS_MAX];
	char name[32];
	size_t count;

	if (take(r, 2, err) < 0)
		return -1;
	(void)snprintf(name, sizeof(name), "%s", r->cells[0]);
	count = strtoul(r->cells[1], NULL, 10);
	if (count == 0 || count > BOOK_COLUMNS_MAX)
		return err_set(err, ERR_INPUT, "sheet '%s' has %zu columns",
		    name, count);
	if (take(r, count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (r->cells[i][0] == '\0')
			return ended(err);
		columns[i] = (struct book_column){.name = r->cells[i] + 1,
		    .kind = kind_of(r->cells[i][0])};
	}
	r->columns = count;
	return book_sheet(r->book, name, columns, count, err);
}

/* 1: more to come; 0: the end. */
static int
take_one(struct reader *r, struct err *err)
{
	if (take(r, 1, err) < 0)
		return -1;
	if (strcmp(r->cells[0], "end") == 0)
		return 0;
	if (strcmp(r->cells[0], "sheet") == 0)
		return take_sheet(r, err) < 0 ? -1 : 1;
	if (strcmp(r->cells[0], "row") != 0 || r->columns == 0)
		return err_set(err, ERR_INPUT, "these are no tables");
	if (take(r, r->columns, err) < 0)
		return -1;
	return book_row(r->book, r->cells, err) < 0 ? -1 : 1;
}

static int
begin(struct reader *r, struct err *err)
{
	struct book_told told = {0};

	if (take(r, 3, err) < 0)
		return -1;
	if (strcmp(r->cells[0], WORKBOOK_MAGIC) != 0 ||
	    !text_parse_instant(r->cells[2], &told.created))
		return err_set(err, ERR_INPUT,
		    "these are no tables of this version");
	told.title = r->cells[1];
	return book_open(&r->book, STDOUT_FILENO, &told, err);
}

static int
write_all(struct reader *r, struct err *err)
{
	int more = 1;

	if (begin(r, err) < 0)
		return -1;
	while (more > 0)
		more = take_one(r, err);
	return more < 0 ? -1 : book_close(r->book, err);
}

int
main(int argc, char **argv)
{
	struct reader r = {0};
	struct err err = {0};
	int ret;

	if (argc > 1) {
		bool asked = strcmp(argv[1], "--version") == 0;

		(void)fprintf(asked ? stdout : stderr,
		    asked ? "foureyes-workbook %s\n"
		          : "foureyes-workbook%.0s: foureyes report runs it\n",
		    FOUREYES_VERSION);
		return asked ? 0 : 2;
	}
	ret = write_all(&r, &err);
	book_free(r.book);
	buf_free(&r.fields);
	if (ret == 0)
		return 0;
	(void)fprintf(stderr, "foureyes-workbook: %s\n", err.text);
	return 3;
}
