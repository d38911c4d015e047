/*
 * table - one table of the pack: its CSV file, and its cells once more for
 * whoever shows them otherwise (the page, a workbook).
 *
 *	static const char *const columns[] = {"record", "time", NULL};
 *
 *	if (table_open(&t, pack, "refusals", columns, err) < 0)
 *		return -1;
 *	table_number(&t, seq);
 *	table_instant(&t, time);
 *	table_row(&t);
 *	...
 *	if (table_close(&t, err) == 0)
 *		ret = table_replay(&t, see, ctx, err);
 *	table_free(&t);
 *
 * Cells are given as they are; the CSV file has them made harmless (app/csv.h),
 * table_replay() gives them back unchanged.  Several things in one cell are
 * apart by "; ".  Memory does not grow with the rows: the cells lie in a file
 * without a name in the pack's directory.
 */
#ifndef APP_TABLE_H
#define APP_TABLE_H

#include "app/csv.h"
#include "app/pack.h"
#include "core/policy.h"

#define TABLE_COLUMNS_MAX 64

struct table {
	const char *name; /* "changes" */
	const char *const *columns;
	size_t count;
	uint64_t rows;
	struct csv csv;
	FILE *cells;
	int failed; /* the errno of the first failure, or 0 */
	bool open;
};

/* `columns` ends with NULL and, like `name`, is borrowed. */
int table_open(struct table *t, struct pack *pack, const char *name,
    const char *const *columns, struct err *err) must_check;
/* The same of cells alone: no file is made of it, and no pack is needed. */
int table_cells(struct table *t, const char *name, const char *const *columns,
    struct err *err) must_check;
/* The same as CSV alone, on what is open; there are no cells to replay. */
int table_stream(struct table *t, int fd, const char *name,
    const char *const *columns, struct err *err) must_check;
/* A stream to write to and read back, in memory and of no directory. */
int table_scratch(FILE **out, struct err *err) must_check;
void table_text(struct table *t, const char *text); /* NULL: empty */
void table_printf(struct table *t, const char *format, ...) like_printf(2, 3);
void table_number(struct table *t, int64_t number);
void table_seq(struct table *t, uint64_t seq);     /* 0: empty */
void table_instant(struct table *t, int64_t time); /* 0: empty */
void table_bool(struct table *t, bool value);
void table_list(struct table *t, const struct texts *list);
/* Cells that were not given are empty. */
void table_row(struct table *t);
/* The CSV file is whole and on disk, or why not. */
int table_close(struct table *t, struct err *err) must_check;

/* Cells are borrowed for the call. */
typedef int table_see_fn(const char *const *cells, void *ctx, struct err *err);
int table_replay(struct table *t, table_see_fn *see, void *ctx,
    struct err *err) must_check;
void table_free(struct table *t);

#endif
