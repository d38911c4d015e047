#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/confuse.h"
#include "core/letter.h"

static void
expect_skeleton(const char *text, const char *skeleton)
{
	struct pool pool = {0};
	const char *got = confuse_skeleton(&pool, text);

	if (strcmp(got, skeleton) != 0)
		fail_msg("of '%s': '%s', not '%s'", text, got, skeleton);
	pool_free(&pool);
}

static void
B13_case_width_blanks_and_marks_are_folded(void **state)
{
	(void)state;
	expect_skeleton("Bob@X.test", "bob@x.test");
	expect_skeleton(" bob@x.test \t", "bob@x.test");
	expect_skeleton("Bob  B\xc2\xa0ob", "bobbob");
	expect_skeleton("\xef\xbc\xa2\xef\xbd\x8f"
	                "b\xef\xbc\xa0x",
	    "bob@x");
	expect_skeleton("x\xe3\x80\x82test", "x.test");
	expect_skeleton("x\xef\xbc\x8etest", "x.test");
	expect_skeleton("x\xef\xbd\xa1test", "x.test");
	expect_skeleton("x\xe2\x80\xa4test", "x.test");
	expect_skeleton("b\xe2\x80\x8bo\xc2\xad"
	                "b\xef\xbb\xbf",
	    "bob");
	expect_skeleton("Ren\xc3\xa9", "rene");
	expect_skeleton("Rene\xcc\x81", "rene");
	expect_skeleton("REN\xc3\x89", "rene");
	expect_skeleton("Ren\xe9", "rene");
	expect_skeleton("\xc6\xa0\xc6\xaf", "ou");
	expect_skeleton("\xe1\xbb\x87", "e");
	expect_skeleton("", "");
	expect_skeleton(NULL, "");
}

static void
B12_letters_that_look_alike_are_folded(void **state)
{
	(void)state;
	expect_skeleton("c\xd0\xb0rol@x.test", "carol@x.test");
	expect_skeleton("\xd0\x90lice", "alice");
	expect_skeleton("b\xce\xbf"
	                "b",
	    "bob");
	expect_skeleton("b\xd6\x85"
	                "b",
	    "bob");
	expect_skeleton("d\xc9\x91vid", "david");
	expect_skeleton("\xf0\x9d\x90\x9b\xf0\x9d\x90\x8e\xf0\x9d\x90\x9b",
	    "bob");
	expect_skeleton("\xe2\x93\x91o\xe2\x92\xb7", "bob");
	expect_skeleton("a\xe2\x80\x90"
	                "b",
	    "a-b");
	expect_skeleton("user\xf0\x9d\x9f\x8f", "user1");
}

static void
a_capital_counts_for_what_it_looks_like_where_scripts_mix(void **state)
{
	(void)state;
	/* Eta, Nu: "H" and "N" by look, "n" and "v" by their small ones. */
	expect_skeleton("\xce\x97"
	                "arry",
	    "harry");
	expect_skeleton("\xce\x9d\xce\x97", "vn");
	expect_skeleton("\xce\xbd\xce\xb7", "vn");
}

static void
other_letters_stay_themselves_but_for_case_and_marks(void **state)
{
	struct pool pool = {0};

	(void)state;
	assert_true(confuse_same(&pool, "\xd0\x96\xd0\x99",
	    "\xd0\xb6\xd0\xb8\xcc\x86"));
	assert_false(confuse_same(&pool, "\xd0\xb6", "\xd0\xb3"));
	assert_true(confuse_same(&pool, "\xe5\xbc\xa0", "\xe5\xbc\xa0"));
	assert_false(confuse_same(&pool, "\xe5\xbc\xa0", "\xe7\x8e\x8b"));
	pool_free(&pool);
}

static void
nothing_is_like_nothing(void **state)
{
	struct pool pool = {0};

	(void)state;
	assert_true(confuse_same(&pool, "Bob@x", "bob@X"));
	assert_false(confuse_same(&pool, "bob@x", "bob@y"));
	assert_false(confuse_same(&pool, "", ""));
	assert_false(confuse_same(&pool, NULL, NULL));
	assert_false(confuse_same(&pool, " ", "\xe2\x80\x8b"));
	assert_false(confuse_same(&pool, "a", NULL));
	pool_free(&pool);
}

static void
mixed_scripts_and_hidden_characters_are_told(void **state)
{
	(void)state;
	assert_true(confuse_mixed("c\xd0\xb0rol"));
	assert_true(confuse_mixed("b\xce\xbf"
	                          "b"));
	assert_true(confuse_mixed("c1\xd0\xb0"));
	assert_true(confuse_mixed("ca\xe2\x80\x8brol"));
	assert_true(confuse_mixed("x\xe2\x80\xaey"));
	assert_false(confuse_mixed("carol@x.test"));
	assert_false(confuse_mixed("Ren\xc3\xa9 Rene\xcc\x81"));
	assert_false(confuse_mixed("\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd@x.test"));
	assert_false(confuse_mixed("\xe5\xbc\xa0san"));
	assert_false(confuse_mixed(""));
	assert_false(confuse_mixed(NULL));
}

static void
what_is_not_ascii_is_spelled_by_number(void **state)
{
	struct pool pool = {0};

	(void)state;
	assert_string_equal(confuse_spelled(&pool, "c\xd0\xb0rol"),
	    "c\\u{0430}rol");
	assert_string_equal(confuse_spelled(&pool, "a\xf0\x9f\x99\x82"),
	    "a\\u{1F642}");
	assert_string_equal(confuse_spelled(&pool, "carol"), "carol");
	assert_string_equal(confuse_spelled(&pool, ""), "");
	assert_string_equal(confuse_spelled(&pool, NULL), "");
	pool_free(&pool);
}

static void
characters_are_read_and_written_strictly(void **state)
{
	static const struct {
		const char *bytes;
		uint32_t c;
		size_t size;
	} cases[] = {
	    {"a", 'a', 1},
	    {"\xc3\xa9", 0xe9, 2},
	    {"\xe2\x80\x8b", 0x200b, 3},
	    {"\xf0\x9d\x90\x80", 0x1d400, 4},
	    {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
	    {"\xe9", 0xe9, 1},
	    {"\xc3", 0xc3, 1},
	    {"\xc3x", 0xc3, 1},
	    {"\xc0\x80", 0xc0, 1},
	    {"\xe0\x80\x80", 0xe0, 1},
	    {"\xed\xa0\x80", 0xed, 1},
	    {"\xf4\x90\x80\x80", 0xf4, 1},
	    {"\x80", 0x80, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].bytes), size;
		char out[4];

		assert_int_equal(letter_read(cases[i].bytes, len, &size),
		    cases[i].c);
		assert_int_equal(size, cases[i].size);
		if (size == 1 && len > 0 && cases[i].c >= 0x80)
			continue;
		assert_int_equal(letter_write(out, cases[i].c), size);
		assert_memory_equal(out, cases[i].bytes, size);
	}
}

static void
each_capital_has_a_small_one_that_is_its_own(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x20000; c++) {
		uint32_t low = letter_lower(c);

		if (letter_lower(low) != low)
			fail_msg("U+%04X", c);
		if (letter_lower(letter_base(low)) != letter_base(low))
			fail_msg("U+%04X", c);
	}
	assert_int_equal(letter_lower(0x416), 0x436);
	assert_int_equal(letter_lower(0x3a3), 0x3c3);
	assert_int_equal(letter_lower(0x3c2), 0x3c3);
	assert_int_equal(letter_lower(0x17d), 0x17e);
	assert_int_equal(letter_lower(0x1e9e), 0xdf);
	assert_int_equal(letter_lower(0xd7), 0xd7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(B13_case_width_blanks_and_marks_are_folded),
	    cmocka_unit_test(B12_letters_that_look_alike_are_folded),
	    cmocka_unit_test(
	        a_capital_counts_for_what_it_looks_like_where_scripts_mix),
	    cmocka_unit_test(
	        other_letters_stay_themselves_but_for_case_and_marks),
	    cmocka_unit_test(nothing_is_like_nothing),
	    cmocka_unit_test(mixed_scripts_and_hidden_characters_are_told),
	    cmocka_unit_test(what_is_not_ascii_is_spelled_by_number),
	    cmocka_unit_test(characters_are_read_and_written_strictly),
	    cmocka_unit_test(each_capital_has_a_small_one_that_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
