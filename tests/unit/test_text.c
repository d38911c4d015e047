#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void
instants_are_written_as_ledgers_write_them(void **state)
{
	static const struct {
		int64_t instant;
		const char *text;
	} cases[] = {
	    {0, "1970-01-01T00:00:00.000Z"},
	    {1, "1970-01-01T00:00:00.001Z"},
	    {86399999, "1970-01-01T23:59:59.999Z"},
	    {86400000, "1970-01-02T00:00:00.000Z"},
	    {951782400000, "2000-02-29T00:00:00.000Z"},
	    {951868799999, "2000-02-29T23:59:59.999Z"},
	    {951868800000, "2000-03-01T00:00:00.000Z"},
	    {978307199999, "2000-12-31T23:59:59.999Z"},
	    {1795564800000, "2026-11-25T00:00:00.000Z"},
	    {4107542400000, "2100-03-01T00:00:00.000Z"},
	    {253402300799999, "9999-12-31T23:59:59.999Z"},
	    {253402300800000, ""},
	    {-1, ""},
	    {INT64_MIN, ""},
	    {INT64_MAX, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[TEXT_INSTANT_SIZE];

		text_instant(text, cases[i].instant);
		assert_string_equal(text, cases[i].text);
	}
}

static void
every_day_until_2200_comes_back_and_follows_the_one_before(void **state)
{
	char text[TEXT_INSTANT_SIZE], before[TEXT_INSTANT_SIZE] = "";
	int64_t back;

	(void)state;
	for (int64_t day = 1; day < 84006; day++) {
		int64_t instant = day * 86400000 + day * 1021 % 86400000;

		text_instant(text, instant);
		assert_true(text_parse_instant(text, &back));
		assert_int_equal(back, instant);
		assert_true(strcmp(before, text) < 0);
		memcpy(before, text, sizeof(before));
	}
	assert_memory_equal(text, "2199-12-31T", 11);
}

static void
instants_of_forges_and_people_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t instant;
	} cases[] = {
	    {"2026-11-25", 1795564800000},
	    {"2026-11-25T00:00:00Z", 1795564800000},
	    {"2026-11-25t00:00:00z", 1795564800000},
	    {"2026-11-25T01:00:00+01:00", 1795564800000},
	    {"2026-11-24T18:30:00-05:30", 1795564800000},
	    {"2026-11-25T00:00:00-00:00", 1795564800000},
	    {"2026-11-25T00:00:00.5Z", 1795564800500},
	    {"2026-11-25T00:00:00.05Z", 1795564800050},
	    {"2026-11-25T00:00:00.1239999999999999Z", 1795564800123},
	    {"2000-02-29", 951782400000},
	    {"2024-02-29", 1709164800000},
	    {"1969-12-31T23:59:59.999-00:01", 59999},
	    {"1970-01-01T00:00:00.001Z", 1},
	    {"9999-12-31T23:59:59.999Z", 253402300799999},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t instant = -7;

		if (!text_parse_instant(cases[i].text, &instant))
			fail_msg("refused: %s", cases[i].text);
		assert_int_equal(instant, cases[i].instant);
	}
}

static void
what_is_no_instant_is_refused_and_touches_nothing(void **state)
{
	static const char *const cases[] = {"", "2026", "2026-11", "2026-11-2",
	    "2026-11-25 ", " 2026-11-25", "2026-11-25T", "2026-11-25Z",
	    "2026-11-25T00:00Z", "2026-11-25T00:00:00", "2026-11-25 00:00:00Z",
	    "2026-11-25T00:00:00.Z", "2026-11-25T00:00:00,5Z",
	    "2026-11-25T00:00:00Z ", "2026-11-25T00:00:00ZZ",
	    "2026-11-25T00:00:00+0100", "2026-11-25T00:00:00+1:00",
	    "2026-11-25T00:00:00+24:00", "2026-11-25T00:00:00+01:60",
	    "2026-11-25T24:00:00Z", "2026-11-25T00:60:00Z",
	    "2026-11-25T00:00:60Z", "2016-12-31T23:59:60Z", "2026-00-25",
	    "2026-13-25", "2026-11-00", "2026-11-31", "2026-04-31",
	    "2026-02-29", "2100-02-29", "2026-1-125", "+026-11-25",
	    "02026-11-25", "1969-12-31", "1970-01-01", "0000-01-01",
	    "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
	    "1970-01-01T00:00:00+01:00", "9999-12-31T23:59:59-00:01",
	    "20261125", "2026/11/25", "25.11.2026", "now"};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t instant = 42;

		if (text_parse_instant(cases[i], &instant))
			fail_msg("accepted: %s", cases[i]);
		assert_int_equal(instant, 42);
	}
	assert_false(text_parse_instant(NULL, NULL));
}

static void
durations_are_a_number_and_a_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t duration;
	} cases[] = {
	    {"15s", 15000},
	    {"30m", 1800000},
	    {"4h", 14400000},
	    {"90d", 7776000000},
	    {"0s", 0},
	    {"007d", 604800000},
	    {"3650d", TEXT_DURATION_MAX},
	    {"87600h", TEXT_DURATION_MAX},
	    {"5256000m", TEXT_DURATION_MAX},
	    {"315360000s", TEXT_DURATION_MAX},
	};
	static const char *const wrong[] = {"", "d", "1", "1 d", " 1d", "1d ",
	    "-1d", "+1d", "1.5h", "1D", "1w", "1y", "1ms", "1dd", "1d1h",
	    "3651d", "87601h", "5256001m", "315360001s",
	    "99999999999999999999999s", "0x1d"};
	int64_t duration;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (!text_parse_duration(cases[i].text, &duration))
			fail_msg("refused: %s", cases[i].text);
		assert_int_equal(duration, cases[i].duration);
	}
	for (size_t i = 0; i < COUNT(wrong); i++) {
		duration = 42;
		if (text_parse_duration(wrong[i], &duration))
			fail_msg("accepted: %s", wrong[i]);
		assert_int_equal(duration, 42);
	}
	assert_false(text_parse_duration(NULL, &duration));
}

static void
durations_are_told_in_two_units(void **state)
{
	static const struct {
		int64_t duration;
		const char *text;
	} cases[] = {
	    {0, "0s"},
	    {1, "1ms"},
	    {999, "999ms"},
	    {1000, "1s"},
	    {1999, "1s"},
	    {45000, "45s"},
	    {60000, "1m"},
	    {5400000, "1h 30m"},
	    {5430000, "1h 30m"},
	    {3601000, "1h"},
	    {172800000, "2d"},
	    {176400000, "2d 1h"},
	    {-5400000, "-1h 30m"},
	    {-5, "-5ms"},
	    {INT64_MAX, "106751991167d 7h"},
	    {INT64_MIN, "-106751991167d 7h"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[32];

		text_duration(text, cases[i].duration);
		assert_string_equal(text, cases[i].text);
	}
}

static void
hex_goes_both_ways_and_only_its_own_form_back(void **state)
{
	static const unsigned char data[] = {0x00, 0x09, 0xaf, 0xff};
	static const char *const wrong[] = {"", "0009aff", "0009afff0",
	    "0009afff00", "0009afFF", "0009afg0", "0009af f", "0x09afff"};
	unsigned char back[4];
	char hex[9];

	(void)state;
	text_hex(hex, data, sizeof(data));
	assert_string_equal(hex, "0009afff");
	assert_true(text_parse_hex(back, sizeof(back), hex));
	assert_memory_equal(back, data, sizeof(data));
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(text_parse_hex(back, sizeof(back), wrong[i]));
	assert_true(text_parse_hex(back, 0, ""));
	assert_false(text_parse_hex(back, 0, "0"));
}

static void
object_ids_are_40_or_64_lower_case_digits(void **state)
{
	char text[80];

	(void)state;
	assert_false(text_is_oid(NULL));
	assert_false(text_is_zero_oid(NULL));
	for (size_t len = 0; len < 70; len++) {
		bool right = len == 40 || len == 64;

		memset(text, '0', len);
		text[len] = '\0';
		assert_int_equal(text_is_oid(text), right);
		assert_int_equal(text_is_zero_oid(text), right);
		if (len == 0)
			continue;
		text[len - 1] = 'f';
		assert_int_equal(text_is_oid(text), right);
		assert_false(text_is_zero_oid(text));
		text[len - 1] = 'F';
		assert_false(text_is_oid(text));
		text[len - 1] = 'g';
		assert_false(text_is_oid(text));
	}
}

/* The table of RFC 4648 section 10. */
static void
base64_goes_both_ways(void **state)
{
	static const struct {
		const char *text, *code;
	} cases[] = {
	    {"", ""},
	    {"f", "Zg=="},
	    {"fo", "Zm8="},
	    {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"},
	    {"\xff\xef\xbe", "/+++"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = {0};

		text_base64(&out, cases[i].text, strlen(cases[i].text));
		assert_string_equal(out.data, cases[i].code);
		buf_clear(&out);
		assert_true(text_parse_base64(&out, cases[i].code,
		    strlen(cases[i].code), false));
		assert_string_equal(out.data, cases[i].text);
		buf_free(&out);
	}
}

static void
base64_that_is_not_canonical_is_refused_whole(void **state)
{
	static const struct {
		const char *code;
		bool wrapped;
	} cases[] = {
	    {"Z", false},
	    {"Zg", false},
	    {"Zg=", false},
	    {"Zg===", false},
	    {"Zh==", false},
	    {"Zv==", false},
	    {"Zm9=", false},
	    {"====", false},
	    {"Z===", false},
	    {"=g==", false},
	    {"Zg=a", false},
	    {"Zm9vZg==Zm9v", false},
	    {"Zg==\n", false},
	    {"Zm9v\nZm9v", false},
	    {"Zm9-", false},
	    {"Zm9_", false},
	    {"Zm9v!", true},
	    {"Zm9v\v", true},
	    {"Zg==Zg==", true},
	    {"Zg=", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = {0};

		buf_put(&out, "kept");
		if (text_parse_base64(&out, cases[i].code,
		        strlen(cases[i].code), cases[i].wrapped))
			fail_msg("accepted: %s", cases[i].code);
		assert_string_equal(out.data, "kept");
		assert_int_equal(out.len, 4);
		buf_free(&out);
	}
}

static void
wrapped_base64_may_hold_white_space_anywhere(void **state)
{
	static const char code[] = "\n Zm\r\n9v\tYg =\n=\n";
	struct buf out = {0};

	(void)state;
	buf_put(&out, ">");
	assert_true(text_parse_base64(&out, code, sizeof(code) - 1, true));
	assert_string_equal(out.data, ">foob");
	buf_free(&out);
}

static const struct {
	const char *text;
	bool valid;
} utf8_cases[] = {
    {"", true},
    {"ascii", true},
    {"\x7f", true},
    {"\xc2\x80", true},
    {"\xdf\xbf", true},
    {"\xe0\xa0\x80", true},
    {"\xed\x9f\xbf", true},
    {"\xee\x80\x80", true},
    {"\xef\xbf\xbf", true},
    {"\xf0\x90\x80\x80", true},
    {"\xf4\x8f\xbf\xbf", true},
    {"\x80", false},
    {"a\xbf", false},
    {"\xc0\x80", false},
    {"\xc1\xbf", false},
    {"\xc2", false},
    {"\xc2 ", false},
    {"\xc2\xc2", false},
    {"\xe0\x9f\xbf", false},
    {"\xe2\x82", false},
    {"\xe2\x82 ", false},
    {"\xe2 \x82", false},
    {"\xed\xa0\x80", false},
    {"\xed\xbf\xbf", false},
    {"\xf0\x8f\xbf\xbf", false},
    {"\xf0\x9f\x98", false},
    {"\xf4\x90\x80\x80", false},
    {"\xf5\x80\x80\x80", false},
    {"\xf8\x88\x80\x80\x80", false},
    {"\xfe", false},
    {"\xff", false},
};

static void
utf_8_is_judged_as_rfc_3629_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(utf8_cases); i++) {
		const char *text = utf8_cases[i].text;

		if (text_is_utf8(text, strlen(text)) != utf8_cases[i].valid)
			fail_msg("case %zu", i);
	}
	assert_true(text_is_utf8("a\0b", 3));
	assert_true(text_is_utf8(NULL, 0));
}

static void
a_character_is_read_with_its_length(void **state)
{
	uint32_t c = 42;

	(void)state;
	assert_int_equal(text_char("", 0, &c), 0);
	assert_int_equal(c, 42);
	assert_int_equal(text_char("a", 1, &c), 1);
	assert_int_equal(c, 'a');
	assert_int_equal(text_char("\xc3\xa9", 2, &c), 2);
	assert_int_equal(c, 0xe9);
	assert_int_equal(text_char("\xe2\x82\xac!", 4, &c), 3);
	assert_int_equal(c, 0x20ac);
	assert_int_equal(text_char("\xf4\x8f\xbf\xbf", 4, &c), 4);
	assert_int_equal(c, 0x10ffff);
	assert_int_equal(text_char("\xf4\x8f\xbf\xbf", 3, &c), 0);
}

static void
armor_is_utf_8_and_comes_off_again(void **state)
{
	struct buf armored = {0}, back = {0};
	char bytes[256];

	(void)state;
	for (size_t i = 0; i < COUNT(utf8_cases); i++) {
		const char *text = utf8_cases[i].text;

		buf_clear(&armored);
		buf_clear(&back);
		text_armor(&armored, text, strlen(text));
		assert_true(text_is_utf8(armored.data, armored.len));
		text_unarmor(&back, armored.data, armored.len);
		assert_string_equal(back.data, text);
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(255 - i);
	buf_clear(&armored);
	buf_clear(&back);
	text_armor(&armored, bytes, sizeof(bytes));
	assert_true(text_is_utf8(armored.data, armored.len));
	text_unarmor(&back, armored.data, armored.len);
	assert_int_equal(back.len, sizeof(bytes));
	assert_memory_equal(back.data, bytes, sizeof(bytes));
	buf_free(&armored);
	buf_free(&back);
}

static void
armor_leaves_good_text_alone_and_marks_each_bad_byte(void **state)
{
	struct buf out = {0};

	(void)state;
	text_armor(&out, "a\xc3\xa9\xf4\x8f\xbb\xbf", 7);
	assert_string_equal(out.data, "a\xc3\xa9\xf4\x8f\xbb\xbf");
	buf_clear(&out);
	text_armor(&out, "x\xff\x80y", 4);
	assert_string_equal(out.data, "x\xf4\x8f\xbf\xbf\xf4\x8f\xbe\x80y");
	buf_clear(&out);
	/* U+10FF00 was there already: else it would come back as a byte. */
	text_armor(&out, "\xf4\x8f\xbc\x80", 4);
	assert_string_equal(out.data,
	    "\xf4\x8f\xbf\xb4\xf4\x8f\xbe\x8f"
	    "\xf4\x8f\xbe\xbc\xf4\x8f\xbe\x80");
	buf_free(&out);
}

static void
unarmor_never_makes_ascii(void **state)
{
	struct buf out = {0};

	(void)state;
	/* U+10FF0A and U+10FF7F: no armor of any byte. */
	text_unarmor(&out, "\xf4\x8f\xbc\x8a\xf4\x8f\xbd\xbf", 8);
	assert_string_equal(out.data, "\xf4\x8f\xbc\x8a\xf4\x8f\xbd\xbf");
	buf_free(&out);
}

static void
nothing_unsafe_is_shown_raw(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
	    {"", ""},
	    {"plain \\ 'text'", "plain \\ 'text'"},
	    {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	        "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
	    {"\x1b[31m", "\\u{001B}[31m"},
	    {"a\rb\tc\x7f", "a\\u{000D}b\\u{0009}c\\u{007F}"},
	    {"\xc2\x9b", "\\u{009B}"},
	    {"\xc2\xa0\xc2\xad", "\xc2\xa0\\u{00AD}"},
	    {"\xe2\x80\xa8\xe2\x80\xa9", "\\u{2028}\\u{2029}"},
	    {"\xe2\x80\xae\xe2\x81\xa6", "\\u{202E}\\u{2066}"},
	    {"\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf",
	        "\\u{200B}\\u{200D}\\u{FEFF}"},
	    {"\xd8\x9c", "\\u{061C}"},
	    {"\xf3\xa0\x81\x81", "\\u{E0041}"},
	    {"\xe3\x85\xa4", "\\u{3164}"},
	    {"\xff\xc3", "\\xFF\\xC3"},
	    {"a\nb", "a\\u{000A}b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = {0};

		text_safe(&out, cases[i].text, strlen(cases[i].text), false);
		assert_string_equal(out.data, cases[i].shown);
		buf_free(&out);
	}
}

static void
with_lines_only_lf_stays(void **state)
{
	struct buf out = {0};

	(void)state;
	text_safe(&out, "a\nb\r\n\0", 6, true);
	assert_string_equal(out.data, "a\nb\\u{000D}\n\\u{0000}");
	buf_free(&out);
}

static void
a_safe_copy_is_cut_by_what_is_shown(void **state)
{
	static const struct {
		const char *text;
		size_t most;
		const char *shown;
	} cases[] = {
	    {"", 0, ""},
	    {"a", 0, "..."},
	    {"abc", 3, "abc"},
	    {"abcd", 3, "abc..."},
	    {"\xc3\xa9\xc3\xa9\xc3\xa9", 2, "\xc3\xa9\xc3\xa9..."},
	    {"a\nb", 9, "a\\u{000A}..."},
	    {"a\nb", 10, "a\\u{000A}b"},
	    {"a\nb", 8, "a..."},
	    {"\xff\xff", 4, "\\xFF..."},
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(text_safe_copy(&pool, cases[i].text,
		                        strlen(cases[i].text), cases[i].most),
		    cases[i].shown);
	assert_string_equal(text_safe_copy(&pool, NULL, 0, 5), "");
	pool_free(&pool);
}

static void
globs_match_as_they_are_described(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} cases[] = {
	    {"", "", true},
	    {"", "a", false},
	    {"a", "", false},
	    {"refs/heads/main", "refs/heads/main", true},
	    {"refs/heads/main", "refs/heads/main2", false},
	    {"refs/heads/main", "refs/heads/mai", false},
	    {"refs/heads/main", "xrefs/heads/main", false},
	    {"*", "", true},
	    {"*", "a", true},
	    {"*", "a/b", false},
	    {"*", "/", false},
	    {"**", "", true},
	    {"**", "a/b/c", true},
	    {"refs/heads/*", "refs/heads/a", true},
	    {"refs/heads/*", "refs/heads/", true},
	    {"refs/heads/*", "refs/heads/a/b", false},
	    {"refs/heads/**", "refs/heads/a/b", true},
	    {"refs/heads/**", "refs/heads", false},
	    {"refs/tags/v*", "refs/tags/v1.0", true},
	    {"refs/tags/v*", "refs/tags/w1.0", false},
	    {"*/b", "a/b", true},
	    {"*/b", "a/c/b", false},
	    {"**/b", "a/c/b", true},
	    {"**/b", "b", false},
	    {"a**b", "ab", true},
	    {"a**b", "a/x/b", true},
	    {"a*b", "a/b", false},
	    {"a***b", "a/x/yb", true},
	    {"****", "x/y", true},
	    {"*a*b*", "xxaxxbxx", true},
	    {"*a*b*", "xxbxxaxx", false},
	    {"**/a*/**", "x/y/ab/z/w", true},
	    {"**/a*/**", "x/y/ba/z/w", false},
	    /* Only the second way to split the name works. */
	    {"**a*c", "a/abc", true},
	    {"**a*c", "abc/a/c", false},
	    {"*.*.c", "a.b.c.c", true},
	    {"a?c", "abc", false},
	    {"a?c", "a?c", true},
	    {"[ab]", "a", false},
	    {"[ab]", "[ab]", true},
	    {"\\*", "\\x", true},
	    {"a*", "a*", true},
	    {"A", "a", false},
	    {"*\xc3\xa9", "x\xc3\xa9", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (text_glob(cases[i].pattern, cases[i].name) !=
		    cases[i].matches)
			fail_msg("'%s' on '%s'", cases[i].pattern,
			    cases[i].name);
	assert_true(text_is_glob("a*"));
	assert_false(text_is_glob("a?[b]"));
	assert_false(text_is_glob(""));
}

static void
no_glob_takes_long_and_long_ones_match_too(void **state)
{
	char pattern[4001], name[4001];

	(void)state;
	for (size_t i = 0; i < 4000; i++)
		pattern[i] = i % 2 == 0 ? '*' : 'a';
	pattern[4000] = '\0';
	memset(name, 'a', 4000);
	name[4000] = '\0';
	assert_true(text_glob(pattern, name));
	name[3999] = 'b';
	assert_false(text_glob(pattern, name));
	name[1999] = '\0';
	assert_false(text_glob(pattern, name));
}

static void
texts_compare_by_their_ends_and_case(void **state)
{
	(void)state;
	assert_true(text_starts("refs/heads/x", "refs/"));
	assert_true(text_starts("a", ""));
	assert_false(text_starts("re", "refs"));
	assert_false(text_starts("Refs/", "refs/"));
	assert_true(text_ends("name.git", ".git"));
	assert_true(text_ends(".git", ".git"));
	assert_true(text_ends("", ""));
	assert_false(text_ends("git", ".git"));
	assert_false(text_ends("name.git ", ".git"));

	assert_true(
	    text_same_case_blind("ALICE@Example.com", "alice@eXAMPLE.COM"));
	assert_true(text_same_case_blind("", ""));
	assert_false(text_same_case_blind("a", "ab"));
	assert_false(text_same_case_blind("ab", "a"));
	assert_false(text_same_case_blind("a", "b"));
	/* "@" and "`", "[" and "{": a bit apart, but no letters. */
	assert_false(text_same_case_blind("@", "`"));
	assert_false(text_same_case_blind("[", "{"));
	assert_false(text_same_case_blind("\xc3\x89", "\xc3\xa9"));
	assert_false(text_same_case_blind(NULL, NULL));
	assert_false(text_same_case_blind("a", NULL));
	assert_false(text_same_case_blind(NULL, "a"));

	assert_true(text_same("a", "a"));
	assert_false(text_same("a", "A"));
	assert_false(text_same("a", NULL));
	assert_false(text_same(NULL, "a"));
	assert_false(text_same(NULL, NULL));
}

static void
a_needle_is_found_where_it_first_stands(void **state)
{
	static const char data[] = "ab\0aab\0ac";
	size_t len = sizeof(data) - 1;

	(void)state;
	assert_ptr_equal(text_find(data, len, "ab"), data);
	assert_ptr_equal(text_find(data, len, "aab"), data + 3);
	assert_ptr_equal(text_find(data, len, "ac"), data + 7);
	assert_ptr_equal(text_find(data, len, "c"), data + 8);
	assert_null(text_find(data, len, "acx"));
	assert_null(text_find(data, len - 1, "ac"));
	assert_null(text_find(data, 1, "ab"));
	assert_null(text_find(data, 0, "a"));
	assert_ptr_equal(text_find(data, len, ""), data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(instants_are_written_as_ledgers_write_them),
	    cmocka_unit_test(
	        every_day_until_2200_comes_back_and_follows_the_one_before),
	    cmocka_unit_test(instants_of_forges_and_people_are_read),
	    cmocka_unit_test(what_is_no_instant_is_refused_and_touches_nothing),
	    cmocka_unit_test(durations_are_a_number_and_a_unit),
	    cmocka_unit_test(durations_are_told_in_two_units),
	    cmocka_unit_test(hex_goes_both_ways_and_only_its_own_form_back),
	    cmocka_unit_test(object_ids_are_40_or_64_lower_case_digits),
	    cmocka_unit_test(base64_goes_both_ways),
	    cmocka_unit_test(base64_that_is_not_canonical_is_refused_whole),
	    cmocka_unit_test(wrapped_base64_may_hold_white_space_anywhere),
	    cmocka_unit_test(utf_8_is_judged_as_rfc_3629_says),
	    cmocka_unit_test(a_character_is_read_with_its_length),
	    cmocka_unit_test(armor_is_utf_8_and_comes_off_again),
	    cmocka_unit_test(
	        armor_leaves_good_text_alone_and_marks_each_bad_byte),
	    cmocka_unit_test(unarmor_never_makes_ascii),
	    cmocka_unit_test(nothing_unsafe_is_shown_raw),
	    cmocka_unit_test(with_lines_only_lf_stays),
	    cmocka_unit_test(a_safe_copy_is_cut_by_what_is_shown),
	    cmocka_unit_test(globs_match_as_they_are_described),
	    cmocka_unit_test(no_glob_takes_long_and_long_ones_match_too),
	    cmocka_unit_test(texts_compare_by_their_ends_and_case),
	    cmocka_unit_test(a_needle_is_found_where_it_first_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
