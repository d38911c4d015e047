/*
 * csv - tables for spreadsheets and for scripts, written as a stream.
 *
 *	static const char *const header[] = {"change", "time", "lines", NULL};
 *	struct csv csv = {0};
 *
 *	if (csv_create(&csv, dir, "changes.csv", header, err) < 0)
 *		return -1;
 *	csv_text(&csv, id);
 *	csv_instant(&csv, at);
 *	csv_number(&csv, lines);
 *	csv_row(&csv);
 *	ret = csv_close(&csv, err);
 *
 * RFC 4180: the header is the first row; a row ends with CR LF; a cell with a
 * comma, a semicolon, a quote or a blank at either end stands in quotes, in
 * which a quote is doubled.  UTF-8 without a mark.  No cell holds a line break,
 * so that the lines less one are the rows.
 *
 * A cell is harmless in a spreadsheet, and what it was made from can be got
 * back.  For who reads it back, in this order:
 *
 *	1. Where the cell begins with "'", take that one character away.  It is
 *	   put before whatever a spreadsheet would take for a formula (= + - @
 *	   and their full-width forms, behind blanks too), and before "'".
 *	2. "\\" is a backslash, "\n" LF, "\r" CR, "\t" a tab, "\xHH" a byte
 *	   that is not UTF-8, "\u{HHHH}" the character of that number: controls,
 *	   line and paragraph separators, bidirectional and invisible ones, and
 *	   a formula's first character behind ";" or "," (where a spreadsheet of
 *	   another country begins a new cell).
 *
 * Numbers and instants that csv_number() and csv_instant() write are never
 * changed so.  Memory does not grow with the rows.  The first failure to write
 * is kept and told by csv_close(); cells after it go nowhere.
 */
#ifndef APP_CSV_H
#define APP_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define CSV_BLOCK 65536 /* bytes that are written at once */

struct csv {
	int fd;
	const char *name; /* what errors call it; borrowed */
	struct buf out;
	size_t columns;
	size_t at;     /* cells in the row begun */
	uint64_t rows; /* ended ones, without the header */
	int failed;    /* the errno of the first failure, or 0 */
};

/*
 * A new file `name` in the directory `dir` (AT_FDCWD: where we are), mode 0644;
 * one that is there is an error.  `header` ends with NULL.
 */
int csv_create(struct csv *csv, int dir, const char *name,
    const char *const *header, struct err *err) must_check;
/* The same on what is open (a pipe, standard output); csv_close() closes it. */
void csv_open(struct csv *csv, int fd, const char *name,
    const char *const *header);

void csv_text(struct csv *csv, const char *text); /* NULL: an empty cell */
void csv_textn(struct csv *csv, const char *text, size_t len);
void csv_number(struct csv *csv, int64_t number);
/* "2026-11-25T00:00:00.000Z"; 0 is an empty cell. */
void csv_instant(struct csv *csv, int64_t instant);
void csv_bool(struct csv *csv, bool value); /* "yes", "no" */

/*
 * Ends the row; cells that were not given are empty.  More cells than columns
 * are a mistake of the caller and end the process (assert).
 */
void csv_row(struct csv *csv);
/*
 * What is still held is written (a row begun is ended) and the file closed.
 * With 0 every row was taken by the operating system.
 */
int csv_close(struct csv *csv, struct err *err) must_check;

#endif
