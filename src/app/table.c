#include "app/table.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/memfd.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

static char *
file_name(struct pack *pack, const char *name)
{
	return pool_printf(&pack->pool, "%s.csv", name);
}

int
table_open(struct table *t, struct pack *pack, const char *name,
    const char *const *columns, struct err *err)
{
	const char *file = file_name(pack, name);

	*t = (struct table){.name = name, .columns = columns};
	while (columns[t->count] != NULL)
		t->count++;
	if (t->count > TABLE_COLUMNS_MAX)
		return err_set(err, ERR_INPUT, "table '%s' is too wide", name);
	if (csv_create(&t->csv, pack->dir, file, columns, err) < 0)
		return -1;
	pack_add(pack, file);
	t->open = true;
	return pack_scratch(pack, &t->cells, err);
}

int
table_scratch(FILE **out, struct err *err)
{
	int fd = (int)syscall(SYS_memfd_create, "cells", MFD_CLOEXEC);

	*out = fd < 0 ? NULL : fdopen(fd, "w+");
	if (*out != NULL)
		return 0;
	err_errno(err, "memory for a table");
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

int
table_stream(struct table *t, int fd, const char *name,
    const char *const *columns, struct err *err)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	*t = (struct table){.name = name, .columns = columns};
	while (columns[t->count] != NULL)
		t->count++;
	if (own < 0)
		return err_errno(err, "'%s'", name);
	csv_open(&t->csv, own, name, columns);
	t->open = true;
	return 0;
}

int
table_cells(struct table *t, const char *name, const char *const *columns,
    struct err *err)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	*t = (struct table){.name = name, .columns = columns};
	while (columns[t->count] != NULL)
		t->count++;
	if (fd < 0)
		return err_errno(err, "'/dev/null'");
	csv_open(&t->csv, fd, "/dev/null", columns);
	t->open = true;
	return table_scratch(&t->cells, err);
}

/* A NUL ends a cell: no text of a record holds one. */
static void
keep(struct table *t, const char *text)
{
	size_t len;

	if (t->cells == NULL)
		return;
	len = strlen(text) + 1;
	if (fwrite_unlocked(text, 1, len, t->cells) != len && t->failed == 0)
		t->failed = errno;
}

void
table_text(struct table *t, const char *text)
{
	csv_text(&t->csv, text);
	keep(t, text == NULL ? "" : text);
}

void
table_printf(struct table *t, const char *format, ...)
{
	struct buf text = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	table_text(t, buf_text(&text));
	buf_free(&text);
}

void
table_number(struct table *t, int64_t number)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%" PRId64, number);
	csv_number(&t->csv, number);
	keep(t, digits);
}

void
table_seq(struct table *t, uint64_t seq)
{
	if (seq == 0)
		table_text(t, NULL);
	else
		table_number(t, (int64_t)seq);
}

void
table_instant(struct table *t, int64_t time)
{
	char text[TEXT_INSTANT_SIZE] = "";

	if (time != 0)
		text_instant(text, time);
	csv_instant(&t->csv, time);
	keep(t, text);
}

void
table_bool(struct table *t, bool value)
{
	csv_bool(&t->csv, value);
	keep(t, value ? "yes" : "no");
}

void
table_list(struct table *t, const struct texts *list)
{
	struct buf text = {0};

	for (size_t i = 0; i < list->count; i++) {
		buf_put(&text, i > 0 ? "; " : "");
		buf_put(&text, list->list[i]);
	}
	table_text(t, buf_text(&text));
	buf_free(&text);
}

void
table_row(struct table *t)
{
	for (size_t at = t->csv.at; at < t->count; at++)
		table_text(t, NULL);
	csv_row(&t->csv);
	t->rows++;
}

int
table_close(struct table *t, struct err *err)
{
	t->open = false;
	if (csv_close(&t->csv, err) < 0)
		return -1;
	if (t->cells != NULL && fflush(t->cells) != 0 && t->failed == 0)
		t->failed = errno;
	errno = t->failed;
	return t->failed == 0 ? 0
	                      : err_errno(err, "the cells of '%s'", t->name);
}

static int
read_cell(struct table *t, struct buf *row)
{
	int c;

	while ((c = getc_unlocked(t->cells)) != EOF) {
		buf_char(row, (char)c);
		if (c == '\0')
			return 0;
	}
	return -1;
}

int
table_replay(struct table *t, table_see_fn *see, void *ctx, struct err *err)
{
	const char *cells[TABLE_COLUMNS_MAX];
	size_t at[TABLE_COLUMNS_MAX] = {0};
	struct buf row = {0};
	int ret = 0;

	rewind(t->cells);
	for (uint64_t i = 0; i < t->rows && ret == 0; i++) {
		buf_clear(&row);
		for (size_t k = 0; k < t->count && ret == 0; k++) {
			at[k] = row.len;
			ret = read_cell(t, &row);
		}
		if (ret < 0) {
			err_set(err, ERR_SYSTEM,
			    "the cells of '%s' cannot be read back", t->name);
			break;
		}
		for (size_t k = 0; k < t->count; k++)
			cells[k] = row.data + at[k];
		ret = see(cells, ctx, err);
	}
	buf_free(&row);
	return ret;
}

void
table_free(struct table *t)
{
	struct err ignored = {0};

	if (t->open && csv_close(&t->csv, &ignored) < 0)
		t->open = false;
	if (t->cells != NULL)
		(void)fclose(t->cells);
	*t = (struct table){0};
}
