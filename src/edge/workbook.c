#include "edge/workbook.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/buf.h"
#include "base/text.h"
#include "workbook_scratch.h"

#define DATE_FORMAT "yyyy-mm-dd hh:mm:ss.000"
#define DAY 86400000.0
#define EPOCH 25569.0 /* 1970-01-01 as spreadsheets count days */
/* Whole numbers up to here are exact in a spreadsheet's cell. */
#define DIGITS_MAX 15

struct book {
	lxw_workbook *lxw; /* NULL: closed */
	lxw_worksheet *sheet;
	lxw_format *header, *date, *number;
	char path[40], name[32];
	struct book_column columns[BOOK_COLUMNS_MAX];
	size_t count, sheets;
	unsigned part; /* of this table, from 1 */
	lxw_row_t row; /* the one to write */
	struct buf cell;
};

static int
failed(struct err *err, lxw_error what)
{
	return err_set(err, ERR_SYSTEM, "the workbook cannot be written: %s",
	    lxw_strerror(what));
}

static lxw_format *
format_of(struct book *book, const char *pattern)
{
	lxw_format *format = workbook_add_format(book->lxw);

	if (format == NULL)
		err_fatal("out of memory");
	if (pattern != NULL)
		format_set_num_format(format, pattern);
	return format;
}

static int
tell(struct book *book, const struct book_told *told, struct err *err)
{
	lxw_doc_properties properties = {.title = (char *)told->title,
	    .author = "foureyes",
	    .created = (time_t)(told->created / 1000)};
	lxw_error ret = workbook_set_properties(book->lxw, &properties);

	return ret == LXW_NO_ERROR ? 0 : failed(err, ret);
}

int
book_open(struct book **out, int fd, const struct book_told *told,
    struct err *err)
{
	lxw_workbook_options options = {.constant_memory = LXW_TRUE,
	    .use_zip64 = LXW_FALSE};
	struct book *book = calloc(1, sizeof(*book));

	if (book == NULL)
		err_fatal("out of memory");
	(void)snprintf(book->path, sizeof(book->path), "/proc/self/fd/%d", fd);
	book->lxw = workbook_new_opt(book->path, &options);
	if (book->lxw == NULL)
		err_fatal("out of memory");
	*out = book;
	book->header = format_of(book, NULL);
	format_set_bold(book->header);
	format_set_bg_color(book->header, 0xDDE3EA);
	format_set_bottom(book->header, LXW_BORDER_THIN);
	book->date = format_of(book, DATE_FORMAT);
	book->number = format_of(book, "0");
	return tell(book, told, err);
}

static double
width_of(enum book_kind kind)
{
	return kind == BOOK_INSTANT ? 25 : kind == BOOK_NUMBER ? 10 : 22;
}

/* The filters reach to the last row, which is known only now. */
static void
end_sheet(struct book *book)
{
	if (book->sheet != NULL)
		(void)worksheet_autofilter(book->sheet, 0, 0,
		    book->row > 1 ? book->row - 1 : 0,
		    (lxw_col_t)(book->count - 1));
	book->sheet = NULL;
}

static int
begin_sheet(struct book *book, struct err *err)
{
	char name[48];
	lxw_error ret = LXW_NO_ERROR;

	end_sheet(book);
	if (book->sheets++ >= BOOK_SHEETS_MAX)
		return err_set(err, ERR_INPUT, "more rows than %d sheets hold",
		    BOOK_SHEETS_MAX);
	(void)snprintf(name, sizeof(name), book->part > 1 ? "%s-%u" : "%s",
	    book->name, book->part);
	book->sheet = workbook_add_worksheet(book->lxw, name);
	if (book->sheet == NULL)
		return err_set(err, ERR_INPUT, "'%s' is no name for a sheet",
		    name);
	for (size_t i = 0; i < book->count && ret == LXW_NO_ERROR; i++) {
		lxw_col_t at = (lxw_col_t)i;

		(void)worksheet_set_column(book->sheet, at, at,
		    width_of(book->columns[i].kind), NULL);
		ret = worksheet_write_string(book->sheet, 0, at,
		    book->columns[i].name, book->header);
	}
	worksheet_freeze_panes(book->sheet, 1, 0);
	book->row = 1;
	return ret == LXW_NO_ERROR ? 0 : failed(err, ret);
}

int
book_sheet(struct book *book, const char *name,
    const struct book_column *columns, size_t count, struct err *err)
{
	if (count == 0 || count > BOOK_COLUMNS_MAX)
		return err_set(err, ERR_INPUT,
		    "sheet '%s' has %zu columns, not 1 to %d", name, count,
		    BOOK_COLUMNS_MAX);
	end_sheet(book);
	(void)snprintf(book->name, sizeof(book->name), "%.24s", name);
	memcpy(book->columns, columns, count * sizeof(*columns));
	book->count = count;
	book->part = 1;
	return begin_sheet(book, err);
}

/* Would a reader of XLSX take "_x0041_" for "A"? */
static bool
is_escape(const char *text, size_t len)
{
	if (len < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_')
		return false;
	for (size_t i = 2; i < 6; i++)
		if (strchr("0123456789abcdefABCDEF", text[i]) == NULL)
			return false;
	return true;
}

static void
clean(struct buf *out, const char *text, size_t len)
{
	size_t n, characters = 0;
	uint32_t c;

	for (; len > 0; text += n, len -= n) {
		n = text_char(text, len, &c);
		if (n == 0)
			n = 1;
		if (characters++ == BOOK_CELL_MAX) {
			buf_put(out, " [cut: the CSV file has it whole]");
			return;
		}
		/* Outside the first plane a character counts as two. */
		characters += n == 4;
		if (is_escape(text, len))
			buf_put(out, "_x005F_");
		else if (c == 0xfffe || c == 0xffff)
			buf_printf(out, "\\u{%X}", (unsigned)c);
		else
			buf_add(out, text, n);
	}
}

static lxw_error
write_text(struct book *book, lxw_col_t at, const char *text)
{
	struct buf sound = {0};
	size_t len = strlen(text);

	buf_clear(&book->cell);
	if (!text_is_utf8(text, len)) {
		text_armor(&sound, text, len);
		clean(&book->cell, sound.data, sound.len);
	} else {
		clean(&book->cell, text, len);
	}
	buf_free(&sound);
	return worksheet_write_string(book->sheet, book->row, at,
	    buf_text(&book->cell), NULL);
}

/* As a record writes it: anything else stays a text. */
static bool
is_number(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len > 0 && len <= DIGITS_MAX && text[len] == '\0' &&
	    (text[0] != '0' || len == 1);
}

static lxw_error
write_cell(struct book *book, size_t column, const char *text)
{
	lxw_col_t at = (lxw_col_t)column;
	enum book_kind kind = book->columns[column].kind;
	int64_t instant;

	if (text == NULL || text[0] == '\0')
		return LXW_NO_ERROR;
	if (kind == BOOK_NUMBER && is_number(text))
		return worksheet_write_number(book->sheet, book->row, at,
		    strtod(text, NULL), book->number);
	if (kind == BOOK_INSTANT && strlen(text) == TEXT_INSTANT_SIZE - 1 &&
	    text_parse_instant(text, &instant))
		return worksheet_write_number(book->sheet, book->row, at,
		    (double)instant / DAY + EPOCH, book->date);
	return write_text(book, at, text);
}

int
book_row(struct book *book, const char *const *cells, struct err *err)
{
	lxw_error ret = LXW_NO_ERROR;

	if (book->sheet == NULL)
		return err_set(err, ERR_INPUT, "a row without a sheet");
	if (book->row > BOOK_ROWS_MAX) {
		book->part++;
		if (begin_sheet(book, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < book->count && ret == LXW_NO_ERROR; i++)
		ret = write_cell(book, i, cells[i]);
	book->row++;
	return ret == LXW_NO_ERROR ? 0 : failed(err, ret);
}

int
book_close(struct book *book, struct err *err)
{
	lxw_workbook *lxw = book->lxw;
	lxw_error ret;

	end_sheet(book);
	book->lxw = NULL;
	ret = workbook_close(lxw);
	if (ret != LXW_NO_ERROR)
		return failed(err, ret);
	return workbook_scratch_failed != 0
	    ? err_set(err, ERR_SYSTEM, "the workbook's scratch files: %s",
	          strerror(workbook_scratch_failed))
	    : 0;
}

void
book_free(struct book *book)
{
	if (book == NULL)
		return;
	if (book->lxw != NULL)
		lxw_workbook_free(book->lxw);
	buf_free(&book->cell);
	free(book);
}
