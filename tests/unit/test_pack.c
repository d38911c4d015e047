/* A pack is whole or not there; a table gives back what it was given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/table.h"

static char place[] = "/tmp/foureyes-pack.XXXXXX";

static int
make_place(void **state)
{
	(void)state;
	return mkdtemp(place) == NULL || chdir(place) < 0 ? -1 : 0;
}

static int
remove_place(void **state)
{
	(void)state;
	return chdir("/") < 0 || rmdir(place) < 0 ? -1 : 0;
}

static bool
is_there(const char *name)
{
	struct stat st;

	return lstat(name, &st) == 0;
}

/* A file that ends with a block, and beside that. */
static void
a_file_has_the_digest_of_its_bytes(void **state)
{
	static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 200000};
	static char bytes[200000];
	char is[DIGEST_HEX_SIZE], should[DIGEST_HEX_SIZE];
	struct pack p;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)('a' + i % 23);
	assert_int_equal(pack_begin(&p, "sums", &err), 0);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const char *name = pool_printf(&p.pool, "%zu", sizes[i]);

		assert_int_equal(pack_text(&p, name, bytes, sizes[i], &err), 0);
		assert_int_equal(pack_digest(&p, name, is, &err), 0);
		digest_sha256_hex(should, bytes, sizes[i]);
		assert_string_equal(is, should);
	}
	assert_int_equal(pack_digest(&p, "none", is, &err), -1);
	pack_end(&p);
	assert_false(is_there("sums.part"));
}

static void
a_pack_has_its_name_when_it_is_whole(void **state)
{
	struct pack p;
	struct err err = {0};

	(void)state;
	assert_int_equal(pack_begin(&p, "one/", &err), 0);
	assert_int_equal(pack_text(&p, "a.txt", "a\n", 2, &err), 0);
	assert_false(is_there("one"));
	assert_true(is_there("one.part/a.txt"));
	assert_int_equal(pack_finish(&p, NULL, &err), 0);
	assert_true(is_there("one/a.txt"));
	assert_true(is_there("one/" PACK_MANIFEST));
	assert_false(is_there("one.part"));
	pack_end(&p);
	assert_int_equal(pack_begin(&p, "one", &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	pack_end(&p);
	assert_int_equal(unlink("one/a.txt") | unlink("one/" PACK_MANIFEST) |
	        unlink("one/" PACK_SIGNATURE) | rmdir("one"),
	    0);
}

static void
what_was_not_finished_is_taken_away(void **state)
{
	struct pack p;
	struct err err = {0};

	(void)state;
	assert_int_equal(pack_begin(&p, "two", &err), 0);
	assert_int_equal(pack_directory(&p, "sub", &err), 0);
	assert_int_equal(pack_text(&p, "sub/b", "", 0, &err), 0);
	pack_end(&p);
	assert_false(is_there("two"));
	assert_false(is_there("two.part"));
}

static void
what_another_left_is_not_touched(void **state)
{
	struct pack p;
	struct err err = {0};

	(void)state;
	assert_int_equal(mkdir("three.part", 0700), 0);
	assert_int_equal(pack_begin(&p, "three", &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	pack_end(&p);
	assert_true(is_there("three.part"));
	assert_int_equal(rmdir("three.part"), 0);
	assert_int_equal(pack_begin(&p, "..", &err), -1);
	pack_end(&p);
}

static const char *const cells[][2] = {{"=1+1", "a\nb"}, {"", "\xe2\x80\xae;"},
    {"'quoted", "\"x\", y"}};

static int
see(const char *const *row, void *ctx, struct err *err)
{
	size_t *at = ctx;

	(void)err;
	assert_string_equal(row[0], cells[*at][0]);
	assert_string_equal(row[1], cells[*at][1]);
	assert_string_equal(row[2], "");
	(*at)++;
	return 0;
}

static void
a_table_gives_back_its_cells(void **state)
{
	static const char *const columns[] = {"a", "b", "c", NULL};
	struct pack p;
	struct table t;
	struct err err = {0};
	size_t seen = 0;

	(void)state;
	assert_int_equal(pack_begin(&p, "four", &err), 0);
	assert_int_equal(table_open(&t, &p, "t", columns, &err), 0);
	for (size_t i = 0; i < 3; i++) {
		table_text(&t, cells[i][0]);
		table_text(&t, cells[i][1]);
		table_row(&t);
	}
	assert_int_equal(table_close(&t, &err), 0);
	assert_int_equal(table_replay(&t, see, &seen, &err), 0);
	assert_int_equal(seen, 3);
	seen = 0;
	assert_int_equal(table_replay(&t, see, &seen, &err), 0);
	assert_int_equal(seen, 3);
	table_free(&t);
	pack_end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_has_the_digest_of_its_bytes),
	    cmocka_unit_test(a_pack_has_its_name_when_it_is_whole),
	    cmocka_unit_test(what_was_not_finished_is_taken_away),
	    cmocka_unit_test(what_another_left_is_not_touched),
	    cmocka_unit_test(a_table_gives_back_its_cells),
	};

	return cmocka_run_group_tests(tests, make_place, remove_place);
}
