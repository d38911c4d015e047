/* index.html: what all the files say, on one page that checks it. */
#include <stdlib.h>
#include <string.h>

#include "app/report_inside.h"
#include "app/walking.h"

static int
see_cells(const char *const *cells, void *ctx, struct err *err)
{
	return page_row(ctx, cells, err);
}

static int
write_table(struct page *page, struct table *t, struct err *err)
{
	if (page_table(page, t->name, t->columns, t->count, err) < 0 ||
	    table_replay(t, see_cells, page, err) < 0)
		return -1;
	return page_table_end(page, err);
}

static int
write_records(struct making *m, struct page *page, struct err *err)
{
	const struct report_range *g = &m->report.range;
	char *line = NULL;
	size_t room = 0;
	FILE *file = NULL;
	uint64_t seq = g->first;
	int ret = 0;

	if (m->live) {
		file = m->records;
		rewind(file);
	} else if (pack_again(&m->pack, "records.jsonl", &file, err) < 0) {
		return -1;
	}
	for (; seq <= g->last && ret == 0; seq++) {
		ssize_t len = getline(&line, &room, file);

		if (len < 1)
			break;
		if (walking_at(seq, "records put on the page"))
			ret = report_interrupted(err);
		else
			ret =
			    page_record(page, seq, line, (size_t)len - 1, err);
	}
	if (ret == 0 && seq <= g->last && m->report.altered == NULL)
		ret = err_set(err, ERR_SYSTEM,
		    "'records.jsonl' cannot be read back");
	free(line);
	if (!m->live)
		(void)fclose(file);
	return ret;
}

static int
write_all(struct making *m, struct page *page, struct err *err)
{
	struct buf about = {0};
	int ret;

	about_page(m, &about);
	ret = page_about(page, about.data, about.len, err);
	buf_free(&about);
	for (size_t i = 0; i < TABLE_COUNT && ret == 0; i++)
		if (m->tables[i].name != NULL)
			ret = write_table(page, &m->tables[i], err);
	if (ret == 0 && m->checkpoint.len > 0)
		ret = page_text(page, "checkpoint", m->checkpoint.data,
		    m->checkpoint.len, err);
	return ret;
}

static int
write_texts(struct making *m, struct page *page, struct err *err)
{
	const struct key_link *key = sealed_key(m);

	if (key != NULL &&
	    page_text(page, "seal-pub", key->pem, strlen(key->pem), err) < 0)
		return -1;
	if (page_text(page, "range", m->range.data, m->range.len, err) < 0 ||
	    write_records(m, page, err) < 0)
		return -1;
	return page_close(page, err);
}

int
page_data(struct making *m, FILE *file, struct err *err)
{
	struct page *page = NULL;
	int ret = -1;

	page_data_open(&page, file);
	if (write_all(m, page, err) == 0)
		ret = write_texts(m, page, err);
	page_free(page);
	return ret;
}

int
page_write(struct making *m, struct err *err)
{
	struct page *page = NULL;
	FILE *file = NULL;
	int ret = -1;

	if (pack_open(&m->pack, "index.html", &file, err) < 0)
		return -1;
	if (page_open(&page, file, err) == 0 && write_all(m, page, err) == 0)
		ret = write_texts(m, page, err);
	page_free(page);
	if (ret < 0) {
		(void)fclose(file);
		return -1;
	}
	return pack_shut(&m->pack, "index.html", file, err);
}
