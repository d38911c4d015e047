/*
 * A sample that anybody can draw again: of each row number n of changes.csv
 * the SHA-256 of "<seed> <SHA-256 of changes.csv> <n>"; the smallest are drawn.
 * So who draws cannot know them before the population is fixed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/proving.h"
#include "app/report_inside.h"
#include "app/subtrees.h"
#include "base/text.h"

struct drawn {
	uint64_t row;
	unsigned char key[DIGEST_SIZE];
	uint64_t decision, landing;
	struct buf sheet;
};

struct drawing {
	struct subtrees subtrees; /* so that each proof reads few lines */
	struct making *m;
	struct drawn *list;
	size_t count, room;
	char population[DIGEST_HEX_SIZE];
	uint64_t row;
	const struct table *table;
};

static void
key_of(const struct drawing *d, unsigned char key[DIGEST_SIZE])
{
	struct buf text = {0};

	buf_printf(&text, "%s %s %" PRIu64, d->m->seed, d->population, d->row);
	digest_sha256(key, text.data, text.len);
	buf_free(&text);
}

static int
see_draw(const char *const *cells, void *ctx, struct err *err)
{
	struct drawing *d = ctx;
	struct drawn one = {.row = ++d->row};
	size_t at;

	(void)cells;
	(void)err;
	key_of(d, one.key);
	if (d->count == d->room &&
	    memcmp(one.key, d->list[d->count - 1].key, DIGEST_SIZE) >= 0)
		return 0;
	at = d->count < d->room ? d->count++ : d->count - 1;
	for (; at > 0 && memcmp(d->list[at - 1].key, one.key, DIGEST_SIZE) > 0;
	     at--)
		d->list[at] = d->list[at - 1];
	d->list[at] = one;
	return 0;
}

static struct drawn *
drawn_row(struct drawing *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].row == d->row)
			return &d->list[i];
	return NULL;
}

/* One line a cell: a cell's line breaks are written as the CSV files do. */
static void
add_cell(struct buf *out, const char *name, const char *cell)
{
	buf_printf(out, "%-22s ", name);
	text_safe(out, cell, strlen(cell), false);
	buf_char(out, '\n');
}

static int
see_cells(const char *const *cells, void *ctx, struct err *err)
{
	struct drawing *d = ctx;
	struct drawn *one;

	(void)err;
	d->row++;
	one = drawn_row(d);
	if (one == NULL)
		return 0;
	for (size_t i = 0; i < d->table->count; i++) {
		const char *name = d->table->columns[i];

		add_cell(&one->sheet, name, cells[i]);
		if (strcmp(name, "decision_seq") == 0)
			one->decision = strtoull(cells[i], NULL, 10);
		if (strcmp(name, "landing_seq") == 0)
			one->landing = strtoull(cells[i], NULL, 10);
	}
	buf_char(&one->sheet, '\n');
	return 0;
}

static int
read_rows(struct drawing *d, struct table *t, table_see_fn *see,
    struct err *err)
{
	d->row = 0;
	d->table = t;
	return table_replay(t, see, d, err);
}

static int
add_record(struct drawing *d, struct drawn *one, uint64_t seq, struct err *err)
{
	struct report *r = &d->m->report;
	struct pool pool = {0};
	struct buf proof = {0};
	struct record record;
	const char *name = pool_printf(&pool,
	    "sample/%06" PRIu64 "-%" PRIu64 ".proof", one->row, seq);
	int ret = seq == 0 ? 0 : report_read(r, &pool, seq, &record, err);

	if (ret < 0 || seq == 0 || record.seq == 0)
		goto out;
	buf_printf(&one->sheet, "record %" PRIu64 "\n", seq);
	buf_add(&one->sheet, record.line, record.len);
	if (d->m->is_uncut != TRI_YES || seq > r->range.size) {
		buf_put(&one->sheet,
		    "\nno proof: it is newer than the "
		    "checkpoint\n\n");
		goto out;
	}
	ret = r->s->log == NULL
	    ? proof_make(&proof, r->ledger, &d->m->checkpoint, seq, false, err)
	    : subtrees_prove(&d->subtrees, r->s->log, &proof, &d->m->checkpoint,
	          seq, false, err);
	if (ret == 0)
		ret = pack_text(&d->m->pack, name, proof.data, proof.len, err);
	buf_printf(&one->sheet, "\nproved by %s\n\n", name);
out:
	buf_free(&proof);
	pool_free(&pool);
	return ret;
}

static int
write_sheet(struct drawing *d, struct drawn *one, struct err *err)
{
	struct pool pool = {0};
	int ret = -1;

	if (add_record(d, one, one->decision, err) == 0 &&
	    add_record(d, one, one->landing, err) == 0)
		ret = pack_text(&d->m->pack,
		    pool_printf(&pool, "sample/%06" PRIu64 ".txt", one->row),
		    one->sheet.data, one->sheet.len, err);
	pool_free(&pool);
	return ret;
}

static int
write_sheets(struct drawing *d, struct err *err)
{
	struct making *m = d->m;

	for (size_t i = 0; i < d->count; i++)
		buf_printf(&d->list[i].sheet,
		    "Row %" PRIu64 " of changes.csv, drawn with seed %s\n\n",
		    d->list[i].row, m->seed);
	if (read_rows(d, &m->tables[TABLE_CHANGES], see_cells, err) < 0 ||
	    read_rows(d, &m->tables[TABLE_ATTRIBUTES], see_cells, err) < 0 ||
	    pack_directory(&m->pack, "sample", err) < 0)
		return -1;
	for (size_t i = 0; i < d->count; i++)
		if (write_sheet(d, &d->list[i], err) < 0)
			return -1;
	return 0;
}

int
sample_write(struct making *m, struct err *err)
{
	struct drawing d = {.m = m, .room = m->sample};
	int ret = -1;

	if (m->sample == 0)
		return 0;
	d.list = pool_array(&m->report.pool, d.room, sizeof(*d.list));
	if (pack_digest(&m->pack, "changes.csv", d.population, err) == 0 &&
	    read_rows(&d, &m->tables[TABLE_CHANGES], see_draw, err) == 0)
		ret = write_sheets(&d, err);
	for (size_t i = 0; i < d.count; i++)
		buf_free(&d.list[i].sheet);
	subtrees_free(&d.subtrees);
	return ret;
}
