/*
 * workbook - tables as an XLSX file, by libxlsxwriter.
 *
 *	if (book_open(&book, fd, &told, err) < 0)
 *		return -1;
 *	ret = book_sheet(book, "changes", columns, count, err);
 *	if (ret == 0)
 *		ret = book_row(book, cells, err);
 *	if (ret == 0)
 *		ret = book_close(book, err);
 *	book_free(book);
 *
 * A cell is a text, never a formula or a link, whatever it begins with.  In a
 * column of numbers or instants what reads as one is one, so that it can be
 * filtered, sorted and counted with; all else stays a text.  Dates are in UTC.
 * What XML cannot hold is written "\u{FFFE}" or, for bytes that are not UTF-8,
 * armored (base/text.h).
 *
 * Each sheet has a header that stays in sight, and filters.  The same cells
 * give the same bytes: the only date in the file is `created`.  Memory does not
 * grow with the rows; they lie in files without a name in /tmp, and one that
 * cannot be written is told by book_close().
 *
 * Only the program foureyes-workbook is linked with it: libxlsxwriter is there
 * as a shared library alone, and a hook shall not load it.
 */
#ifndef EDGE_WORKBOOK_H
#define EDGE_WORKBOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define BOOK_COLUMNS_MAX 64
/* Rows of one sheet; what is more stands on another one, "changes-2". */
#define BOOK_ROWS_MAX 1048575u
#define BOOK_SHEETS_MAX 200
/* Characters of a cell; of a longer one the beginning, and that it is cut. */
#define BOOK_CELL_MAX 32000

struct book;

struct book_told {
	const char *title;
	int64_t created; /* an instant */
};

enum book_kind {
	BOOK_TEXT,
	BOOK_NUMBER,
	BOOK_INSTANT
};

struct book_column {
	const char *name;
	enum book_kind kind;
};

/* Writes to what `fd` is open for (it stays the caller's), by /proc/self/fd. */
int book_open(struct book **out, int fd, const struct book_told *told,
    struct err *err) must_check;
/* A name of at most 24 characters; the columns are copied. */
int book_sheet(struct book *book, const char *name,
    const struct book_column *columns, size_t count,
    struct err *err) must_check;
int book_row(struct book *book, const char *const *cells,
    struct err *err) must_check;
/* Everything is in the file, or an error says why not. */
int book_close(struct book *book, struct err *err) must_check;
void book_free(struct book *book); /* NULL is allowed */

#endif
