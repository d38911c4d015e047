/*
 * page - the auditor's page: one HTML file that checks its own evidence.
 *
 * The pieces of src/page/ (markup, style, scripts) are part of the program.
 * This module writes them, and behind them the data, block by block, so memory
 * does not grow with what is told.  The reader's browser shows the first table
 * before the file is read whole, then hashes the records it holds up to the
 * sealed checkpoint and compares what the tables say with what they say.
 *
 *	if (page_open(&page, file, err) < 0)
 *		return -1;
 *	ret = write_all_of_it(page, err);
 *	if (ret == 0)
 *		ret = page_close(page, err);
 *	page_free(page);
 *
 * Order: page_about() first, then the tables, `changes` the first of them, then
 * page_text() for checkpoint, key and range, the records, page_close().
 *
 * Everything told is data.  It is written as JSON strings in which "<" is
 * \u003c, so nothing in it ends a script block or begins one, and a
 * Content-Security-Policy allows the page's own script and style by their
 * digests, and nothing else, no network above all.
 *
 * What the page expects (each key may be missing: then it says "not told"):
 *
 * about:
 *	an object: `title`; `origin`; `period` {`from`, `to`} (instants,
 *	half-open) or `as_of`; `incomplete` (true, or why: the period has not
 *	ended); `record` (the seq of the last record that was looked at);
 *	`scope` {`repositories`, `gates`} (lists; only where the pack was asked
 *	for some: rows of others are then not missed); `made` {`at`, `by`,
 *	`account`, `program` {`version`, `sha256`}, `command`}; `counts` {name:
 *	number}; `coverage` {`gated`, `covered`, `why`} (landed commits, and how
 *	many of them are in an approved change); `verify` {`unaltered`,
 *	`uncut`, `complete`}, each {`is`: yes, no or unknown, `why`};
 *	`published` (where the key's fingerprint stands too); `observed` (true
 *	when some of it was not enforced); `not_covered` (sentences);
 *	`notes` (sentences for the head of the page).
 *
 * tables:
 *	the CSV tables of the pack under their names without ".csv", with
 *	the same columns and the same cells, but without what was put in front
 *	of a cell for spreadsheets.  A cell with several things has them apart
 *	by "; ".  Columns `decision_seq`, `landing_seq` or `seq` say on which
 *	record a row rests.  A cell of `changes` must be what that record says;
 *	of another table the cells under names that the record has too.  A row
 *	must be there in `changes` for each change of each landing in period
 *	and scope, and once; in `emergencies` for each landing as one, in
 *	`refusals` for each decision REFUSED, in `deployments` for each told,
 *	in `exceptions` for each `drift`.
 *
 * texts:
 *	`checkpoint` (the signed note), `seal-pub` (PEM), `range`.
 *
 * range:
 *	which records are here, and the roots of the full subtrees
 *	before and behind them, in order, each by its first leaf (from 0) and
 *	how many it has:
 *
 *		first 13
 *		last 21
 *		size 25
 *		before 0 8 <64 hex>
 *		before 8 4 <64 hex>
 *		after 21 1 <64 hex>
 *		after 22 2 <64 hex>
 *		after 24 1 <64 hex>
 *
 *	Each has 2^k leaves, begins at a multiple of that, and is the largest
 *	that does so within [0, first - 1) or [last, size): added in order like
 *	core/merkle.h adds leaves they give the checkpoint's root.  `size` is
 *	the checkpoint's; where it is less than `last` the newest records are
 *	not sealed yet, `after` is empty and the page says so.
 *
 * records:
 *	the ledger's lines from `first` to `last`: those of the period, and
 *	one more on each side where there is one, so that the reader sees that
 *	nothing of the period was left out; else that is said to be not
 *	provable.  A row whose record is not here (a decision just before the
 *	period) is not provable either, so they may begin earlier still.
 */
#ifndef APP_PAGE_H
#define APP_PAGE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

#define PAGE_ROWS 2000        /* of one block */
#define PAGE_RECORDS 1000     /* of one block */
#define PAGE_BLOCK (8u << 20) /* bytes at which a block ends early */
#define PAGE_COLUMNS_MAX 64

struct page;

/* Writes to `file`, which stays the caller's and is not closed. */
int page_open(struct page **out, FILE *file, struct err *err) must_check;
/*
 * The data alone, without the page around them and without its end: what the
 * page of foureyesd asks for and reads as if it stood there.
 */
void page_data_open(struct page **out, FILE *file);
/* That page without data: it asks for them (src/page/live.js). */
void page_live(struct buf *out);
/* What its Content-Security-Policy must allow, for the header. */
void page_live_policy(struct buf *out);
void page_free(struct page *page); /* NULL is allowed */

/* One JSON object. */
int page_about(struct page *page, const char *json, size_t len,
    struct err *err) must_check;

/* A table without rows is said to have none. */
int page_table(struct page *page, const char *name, const char *const *columns,
    size_t count, struct err *err) must_check;
/*
 * As many cells as there are columns; NULL is an empty one.  A cell is UTF-8
 * as a record's text is read (armored bytes stay so); other bytes are armored.
 */
int page_row(struct page *page, const char *const *cells,
    struct err *err) must_check;
int page_table_end(struct page *page, struct err *err) must_check;

/* `id` is "checkpoint", "seal-pub" or "range". */
int page_text(struct page *page, const char *id, const char *text, size_t len,
    struct err *err) must_check;

/* Ledger lines without their newline, in order and without a gap. */
int page_record(struct page *page, uint64_t seq, const char *line, size_t len,
    struct err *err) must_check;

/* The end, which names every block: a page without it is cut short. */
int page_close(struct page *page, struct err *err) must_check;

#endif
