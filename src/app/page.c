#include "app/page.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"
#include "edge/squeeze.h"
#include "page_pieces.h"

/*
 * A block is collected whole, because its tag names the digest of its text.
 * `sums` are those digests in hex, one behind the other: their own digest, at
 * the end of the page, tells when a block is gone or stands elsewhere.
 */
struct page {
	FILE *file;
	struct buf block; /* what the block will hold */
	struct buf lines; /* ledger lines, before they are compressed */
	struct buf sums;
	size_t blocks;
	bool bare; /* no page is around the blocks */
	char name[32];
	size_t columns, rows;
	struct buf head; /* of that table: its columns */
	uint64_t first, records;
};

static int
put(struct page *p, const char *data, size_t len, struct err *err)
{
	if (len > 0 && fwrite(data, 1, len, p->file) != len)
		return err_errno(err, "the page cannot be written");
	return 0;
}

/* In JSON "<" stands in strings only, and there \u003c says the same. */
static void
add_harmless(struct buf *out, const char *json, size_t len)
{
	const char *end = json + len, *at;

	for (; (at = memchr(json, '<', (size_t)(end - json))) != NULL;
	     json = at + 1) {
		buf_add(out, json, (size_t)(at - json));
		buf_put(out, "\\u003c");
	}
	buf_add(out, json, (size_t)(end - json));
}

static bool
stands_for_itself(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7f;
}

/*
 * Text that is UTF-8 goes in as it is: a cell that was read from a record is
 * not armored again, as base/json.h would.
 */
static void
add_string(struct buf *out, const char *text, size_t len)
{
	struct buf armored = {0};
	size_t at = 0, run;

	if (!text_is_utf8(text, len)) {
		text_armor(&armored, text, len);
		text = armored.data;
		len = armored.len;
	}
	buf_char(out, '"');
	for (; at < len; at += run) {
		for (run = 0; at + run < len &&
		     stands_for_itself((unsigned char)text[at + run]);
		     run++)
			;
		buf_add(out, text + at, run);
		if (run == 0) {
			buf_printf(out, "\\u%04x", (unsigned char)text[at]);
			run = 1;
		}
	}
	buf_char(out, '"');
	buf_free(&armored);
}

/* Of what stands in the tag, and of the text: both are what was told. */
static void
add_sum(struct page *p, char sum[DIGEST_HEX_SIZE], const char *attributes)
{
	struct buf all = {0};

	buf_put(&all, attributes);
	buf_char(&all, '\n');
	buf_add(&all, p->block.data, p->block.len);
	digest_sha256_hex(sum, all.data, all.len);
	buf_free(&all);
	buf_put(&p->sums, sum);
	p->blocks++;
}

/* Write the block with `attributes` in its tag, and begin an empty one. */
static int
put_block(struct page *p, const char *attributes, struct err *err)
{
	char sum[DIGEST_HEX_SIZE];
	struct buf tag = {0};
	int ret;

	add_sum(p, sum, attributes);
	buf_printf(&tag, "<script %s data-sum=\"%s\">", attributes, sum);
	ret = put(p, tag.data, tag.len, err);
	if (ret == 0)
		ret = put(p, p->block.data, p->block.len, err);
	if (ret == 0)
		ret = put(p, "</script>\n", 10, err);
	buf_free(&tag);
	buf_clear(&p->block);
	return ret;
}

static struct page *
new_page(FILE *file)
{
	struct page *p = calloc(1, sizeof(*p));

	if (p == NULL)
		err_fatal("out of memory");
	p->file = file;
	return p;
}

void
page_data_open(struct page **out, FILE *file)
{
	*out = new_page(file);
	(*out)->bare = true;
}

int
page_open(struct page **out, FILE *file, struct err *err)
{
	struct page *p = new_page(file);
	struct buf shell = {0};
	int ret;

	page_shell(&shell);
	ret = put(p, shell.data, shell.len, err);
	buf_free(&shell);
	if (ret < 0) {
		page_free(p);
		return -1;
	}
	*out = p;
	return 0;
}

void
page_free(struct page *p)
{
	if (p == NULL)
		return;
	buf_free(&p->block);
	buf_free(&p->lines);
	buf_free(&p->sums);
	buf_free(&p->head);
	free(p);
}

int
page_about(struct page *p, const char *json, size_t len, struct err *err)
{
	add_harmless(&p->block, json, len);
	return put_block(p, "type=\"application/json\" id=\"about\"", err);
}

int
page_text(struct page *p, const char *id, const char *text, size_t len,
    struct err *err)
{
	char attributes[80];

	(void)snprintf(attributes, sizeof(attributes),
	    "type=\"application/json\" class=\"text\" id=\"%s\"", id);
	add_string(&p->block, text, len);
	return put_block(p, attributes, err);
}

int
page_table(struct page *p, const char *name, const char *const *columns,
    size_t count, struct err *err)
{
	if (count == 0 || count > PAGE_COLUMNS_MAX)
		return err_set(err, ERR_INPUT,
		    "table '%s' has %zu columns, 1 to %d are allowed", name,
		    count, PAGE_COLUMNS_MAX);
	(void)snprintf(p->name, sizeof(p->name), "%s", name);
	p->columns = count;
	p->rows = 0;
	buf_clear(&p->head);
	buf_put(&p->head, "{\"columns\":[");
	for (size_t i = 0; i < count; i++) {
		buf_put(&p->head, i == 0 ? "" : ",");
		add_string(&p->head, columns[i], strlen(columns[i]));
	}
	buf_put(&p->head, "],\"rows\":[");
	buf_add(&p->block, p->head.data, p->head.len);
	return 0;
}

static int
put_rows(struct page *p, struct err *err)
{
	char attributes[96];

	(void)snprintf(attributes, sizeof(attributes),
	    "type=\"application/json\" class=\"table\" data-name=\"%s\"",
	    p->name);
	buf_put(&p->block, "\n]}");
	p->rows = 0;
	return put_block(p, attributes, err);
}

int
page_row(struct page *p, const char *const *cells, struct err *err)
{
	if (p->rows == PAGE_ROWS || p->block.len > PAGE_BLOCK) {
		if (put_rows(p, err) < 0)
			return -1;
		buf_add(&p->block, p->head.data, p->head.len);
	}
	buf_put(&p->block, p->rows++ == 0 ? "\n[" : ",\n[");
	for (size_t i = 0; i < p->columns; i++) {
		const char *cell = cells[i] == NULL ? "" : cells[i];

		buf_put(&p->block, i == 0 ? "" : ",");
		add_string(&p->block, cell, strlen(cell));
	}
	buf_char(&p->block, ']');
	return 0;
}

int
page_table_end(struct page *p, struct err *err)
{
	return put_rows(p, err);
}

static int
put_records(struct page *p, struct err *err)
{
	char attributes[128];
	struct buf small = {0};

	if (p->records == 0)
		return 0;
	(void)snprintf(attributes, sizeof(attributes),
	    "type=\"text/plain\" class=\"records\" data-first=\"%llu\" "
	    "data-count=\"%llu\"",
	    (unsigned long long)p->first, (unsigned long long)p->records);
	squeeze(&small, p->lines.data, p->lines.len);
	text_base64(&p->block, small.data, small.len);
	buf_free(&small);
	buf_clear(&p->lines);
	p->records = 0;
	return put_block(p, attributes, err);
}

int
page_record(struct page *p, uint64_t seq, const char *line, size_t len,
    struct err *err)
{
	if ((p->records == PAGE_RECORDS || p->lines.len > PAGE_BLOCK) &&
	    put_records(p, err) < 0)
		return -1;
	if (p->records++ == 0)
		p->first = seq;
	buf_add(&p->lines, line, len);
	buf_char(&p->lines, '\n');
	return 0;
}

int
page_close(struct page *p, struct err *err)
{
	char sum[DIGEST_HEX_SIZE];
	struct buf end = {0};
	int ret;

	if (put_records(p, err) < 0)
		return -1;
	digest_sha256_hex(sum, buf_text(&p->sums), p->sums.len);
	buf_printf(&end,
	    "<script type=\"application/json\" id=\"end\">{\"blocks\":%zu,"
	    "\"sum\":\"%s\"}</script>\n%s",
	    p->blocks, sum, p->bare ? "" : "</body>\n</html>\n");
	ret = put(p, end.data, end.len, err);
	buf_free(&end);
	if (ret == 0 && fflush(p->file) != 0)
		ret = err_errno(err, "the page cannot be written");
	return ret;
}
