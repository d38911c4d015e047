#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/csv.h"

static const char *const one[] = {"cell", NULL};
static const char *const three[] = {"a", "b", "c", NULL};

/* What a table became, read back through a pipe; it must fit into one. */
static char got[32768];

static void
read_back(struct csv *csv, int from)
{
	struct err err = {0};
	ssize_t n;

	assert_int_equal(csv_close(csv, &err), 0);
	n = read(from, got, sizeof(got) - 1);
	assert_true(n >= 0);
	got[n] = '\0';
	close(from);
}

static int
begin(struct csv *csv, const char *const *header)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	csv_open(csv, ends[1], "a table", header);
	return ends[0];
}

static const char *
cell(const char *text, size_t len)
{
	struct csv csv = {0};
	int from = begin(&csv, one);

	csv_textn(&csv, text, len);
	csv_row(&csv);
	read_back(&csv, from);
	assert_int_equal(strncmp(got, "cell\r\n", 6), 0);
	got[strlen(got) - 2] = '\0';
	return got + 6;
}

static void
a_table_is_its_header_and_its_rows(void **state)
{
	struct csv csv = {0};
	int from = begin(&csv, three);

	(void)state;
	csv_text(&csv, "x");
	csv_number(&csv, -5);
	csv_instant(&csv, 1795564800123);
	csv_row(&csv);
	csv_bool(&csv, true);
	csv_instant(&csv, 0);
	csv_row(&csv);
	csv_text(&csv, NULL);
	csv_row(&csv);
	assert_int_equal(csv.rows, 3);
	read_back(&csv, from);
	assert_string_equal(got,
	    "a,b,c\r\nx,-5,2026-11-25T00:00:00.123Z\r\nyes,,\r\n,,\r\n");
}

static void
a_table_without_rows_has_its_header(void **state)
{
	struct csv csv = {0};
	int from = begin(&csv, three);

	(void)state;
	read_back(&csv, from);
	assert_string_equal(got, "a,b,c\r\n");
}

static void
a_cell_is_quoted_where_it_must_be(void **state)
{
	static const char *const cells[][2] = {
	    {"plain text", "plain text"},
	    {"a,b", "\"a,b\""},
	    {"a;b", "\"a;b\""},
	    {"say \"hi\"", "\"say \"\"hi\"\"\""},
	    {" led", "\" led\""},
	    {"trailed ", "\"trailed \""},
	    {"J\xc3\xbcrgen", "J\xc3\xbcrgen"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		assert_string_equal(cell(cells[i][0], strlen(cells[i][0])),
		    cells[i][1]);
}

static void
a_formula_is_none_any_more(void **state)
{
	static const char *const cells[][2] = {
	    {"=1+1", "'=1+1"},
	    {"+1", "'+1"},
	    {"-1", "'-1"},
	    {"@SUM(A1)", "'@SUM(A1)"},
	    {"  =1", "\"'  =1\""},
	    {"\xc2\xa0=1", "'\xc2\xa0=1"},
	    {"\t=1", "'\\t=1"},
	    {"\xef\xbc\x9d\x31", "'\xef\xbc\x9d\x31"},
	    {"'=1", "''=1"},
	    {"'", "''"},
	    {"it's", "it's"},
	    {"a-b=c", "a-b=c"},
	    {"a;=1", "\"a;\\u{003D}1\""},
	    {"a, -1", "\"a, \\u{002D}1\""},
	    {"a;b", "\"a;b\""},
	    {"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		assert_string_equal(cell(cells[i][0], strlen(cells[i][0])),
		    cells[i][1]);
}

static void
no_cell_holds_a_line_break_or_a_control(void **state)
{
	static const char *const cells[][2] = {
	    {"a\nb", "a\\nb"},
	    {"a\r\nb", "a\\r\\nb"},
	    {"a\tb", "a\\tb"},
	    {"C:\\new", "C:\\\\new"},
	    {"a\x1b[31m", "a\\u{001B}[31m"},
	    {"a\x7f", "a\\u{007F}"},
	    {"a\xe2\x80\xa8z", "a\\u{2028}z"},
	    {"a\xe2\x80\xaez", "a\\u{202E}z"},
	    {"caf\xe9", "caf\\xE9"},
	    {"\xc2\x85x", "\\u{0085}x"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		assert_string_equal(cell(cells[i][0], strlen(cells[i][0])),
		    cells[i][1]);
	assert_string_equal(cell("a\0b", 3), "a\\u{0000}b");
}

/* As the header says that it is read back. */
static size_t
got_back(char *out, const char *at)
{
	size_t len = 0, end;

	if (*at == '"') {
		end = strlen(at);
		assert_true(end >= 2 && at[end - 1] == '"');
		at++;
	}
	if (*at == '\'')
		at++;
	while (*at != '\0' && !(at[0] == '"' && at[1] == '\0')) {
		char *stop = NULL;

		if (at[0] == '"') {
			assert_int_equal(at[1], '"');
			out[len++] = '"';
			at += 2;
		} else if (at[0] != '\\') {
			out[len++] = *at++;
		} else if (at[1] == 'u') {
			unsigned long c = strtoul(at + 3, &stop, 16);

			assert_int_equal(*stop, '}');
			assert_true(c < 0x80);
			out[len++] = (char)c;
			at = stop + 1;
		} else if (at[1] == 'x') {
			char hex[3] = {at[2], at[3], '\0'};

			out[len++] = (char)strtoul(hex, NULL, 16);
			at += 4;
		} else {
			out[len++] = at[1] == 'n' ? '\n'
			    : at[1] == 'r'        ? '\r'
			    : at[1] == 't'        ? '\t'
			                          : at[1];
			at += 2;
		}
	}
	return len;
}

/* Every text of three bytes of an alphabet with all that is looked at. */
static void
each_cell_can_be_got_back(void **state)
{
	static const char alphabet[] = "\"';,\\=-@ \n\r\tau\x01\xff";
	static const size_t size = sizeof(alphabet); /* with the NUL */
	char back[128];

	(void)state;
	for (size_t i = 0; i < size * size * size; i++) {
		const char text[3] = {alphabet[i / size / size],
		    alphabet[i / size % size], alphabet[i % size]};
		size_t len = got_back(back, cell(text, sizeof(text)));

		assert_int_equal(len, sizeof(text));
		assert_memory_equal(back, text, sizeof(text));
	}
}

static void
what_could_not_be_written_is_told_at_the_end(void **state)
{
	struct csv csv = {0};
	struct err err = {0};
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	csv_open(&csv, fd, "changes.csv", three);
	for (int i = 0; i < 20000; i++) {
		csv_text(&csv, "a cell of some length, to fill the block");
		csv_row(&csv);
	}
	assert_int_equal(csv_close(&csv, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "changes.csv"));
	assert_non_null(strstr(err.text, strerror(ENOSPC)));
}

static void
a_file_that_is_there_is_left_alone(void **state)
{
	char dir[] = "/tmp/foureyes-csv.XXXXXX";
	struct csv csv = {0};
	struct err err = {0};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(csv_create(&csv, fd, "t.csv", one, &err), 0);
	assert_int_equal(csv_close(&csv, &err), 0);
	assert_int_equal(csv_create(&csv, fd, "t.csv", one, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_int_equal(unlinkat(fd, "t.csv", 0), 0);
	close(fd);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_table_is_its_header_and_its_rows),
	    cmocka_unit_test(a_table_without_rows_has_its_header),
	    cmocka_unit_test(a_cell_is_quoted_where_it_must_be),
	    cmocka_unit_test(a_formula_is_none_any_more),
	    cmocka_unit_test(no_cell_holds_a_line_break_or_a_control),
	    cmocka_unit_test(each_cell_can_be_got_back),
	    cmocka_unit_test(what_could_not_be_written_is_told_at_the_end),
	    cmocka_unit_test(a_file_that_is_there_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
