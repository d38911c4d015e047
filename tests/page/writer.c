/*
 * writer - makes a page of what stands on standard input.
 *
 * The door by which the browser's tests reach app/page.h: one thing a line,
 * its first character says what.
 *
 *	A{...}			about
 *	T["name","column",...]	a table begins
 *	R["cell",...]		one row of it
 *	E			it ends
 *	X["id","text"]		a text
 *	L17 {...}		ledger line 17
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "app/page.h"
#include "base/pool.h"
#include "base/tree.h"

static size_t
cells_of(const char **cells, struct pool *pool, const char *json, size_t len,
    struct err *err)
{
	const struct tree *list, *t;
	size_t count = 0;

	if (tree_parse_json(&list, pool, json, len, "input", err) < 0) {
		fprintf(stderr, "writer: %s\n", err->text);
		exit(3);
	}
	for (t = list->child; t != NULL && count < PAGE_COLUMNS_MAX + 1;
	     t = t->next)
		cells[count++] = t->text;
	return count;
}

static int
take(struct page *page, struct pool *pool, const char *line, size_t len,
    struct err *err)
{
	const char *cells[PAGE_COLUMNS_MAX + 1] = {0}, *rest;
	char *end;
	uint64_t seq;
	size_t count;

	switch (line[0]) {
	case 'A':
		return page_about(page, line + 1, len - 1, err);
	case 'E':
		return page_table_end(page, err);
	case 'L':
		seq = strtoull(line + 1, &end, 10);
		rest = end + 1;
		return page_record(page, seq, rest, len - (size_t)(rest - line),
		    err);
	default:
		count = cells_of(cells, pool, line + 1, len - 1, err);
		break;
	}
	if (line[0] == 'T')
		return page_table(page, cells[0], cells + 1, count - 1, err);
	if (line[0] == 'X')
		return page_text(page, cells[0], cells[1], strlen(cells[1]),
		    err);
	return page_row(page, cells, err);
}

int
main(void)
{
	struct page *page;
	struct err err = {0};
	char *line = NULL;
	size_t room = 0;
	ssize_t got;
	int ret;

	ret = page_open(&page, stdout, &err);
	while (ret == 0 && (got = getline(&line, &room, stdin)) > 0) {
		struct pool pool = {0};

		line[--got] = '\0'; /* each line is ended */
		ret = take(page, &pool, line, (size_t)got, &err);
		pool_free(&pool);
	}
	if (ret == 0)
		ret = page_close(page, &err);
	page_free(page);
	free(line);
	if (ret < 0)
		fprintf(stderr, "writer: %s\n", err.text);
	return ret < 0 ? 3 : 0;
}
