#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/json.h"

static void
a_record_comes_out_in_the_order_written_without_spaces(void **state)
{
	struct buf buf = {0};
	struct json j = {.out = &buf};

	(void)state;
	json_open(&j, '{');
	json_key_number(&j, "v", 1);
	json_key_text(&j, "type", "landing");
	json_key_instant(&j, "time", 1795564800000);
	json_key_bool(&j, "ok", true);
	json_key_bool(&j, "bad", false);
	json_key_open(&j, "list", '[');
	json_text(&j, "a");
	json_number(&j, -5);
	json_nothing(&j);
	json_open(&j, '{');
	json_close(&j);
	json_open(&j, '[');
	json_close(&j);
	json_bool(&j, true);
	json_close(&j);
	json_key(&j, "raw");
	json_raw(&j, "{\"x\":1}", 7);
	json_key_text(&j, "none", NULL);
	json_close(&j);
	assert_string_equal(buf.data,
	    "{\"v\":1,\"type\":\"landing\","
	    "\"time\":\"2026-11-25T00:00:00.000Z\",\"ok\":true,\"bad\":false,"
	    "\"list\":[\"a\",-5,null,{},[],true],\"raw\":{\"x\":1},"
	    "\"none\":null}");
	buf_free(&buf);
}

static void
every_number_is_exact(void **state)
{
	static const struct {
		int64_t number;
		const char *text;
	} cases[] = {
	    {0, "0"},
	    {9, "9"},
	    {-10, "-10"},
	    {9007199254740993, "9007199254740993"},
	    {INT64_MAX, "9223372036854775807"},
	    {INT64_MIN, "-9223372036854775808"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf buf = {0};
		struct json j = {.out = &buf};

		json_number(&j, cases[i].number);
		assert_string_equal(buf.data, cases[i].text);
		buf_free(&buf);
	}
}

static void
strings_hold_nothing_that_could_break_their_line(void **state)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
	    {"", "\"\""},
	    {"plain /~ text", "\"plain /~ text\""},
	    {"\" \\ \b \f \n \r \t", "\"\\\" \\\\ \\b \\f \\n \\r \\t\""},
	    {"\x01 \x1f \x7f", "\"\\u0001 \\u001f \\u007f\""},
	    {"\xc2\x80 \xc2\x9f \xc2\xa0", "\"\\u0080 \\u009f \xc2\xa0\""},
	    {"\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9",
	        "\"\xe2\x80\xa7\\u2028\\u2029\""},
	    {"\xe2\x80\xaa\xe2\x80\xae\xe2\x80\xaf",
	        "\"\\u202a\\u202e\xe2\x80\xaf\""},
	    {"\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa",
	        "\"\xe2\x81\xa5\\u2066\\u2069\xe2\x81\xaa\""},
	    {"\xd8\x9c\xe2\x80\x8d\xe2\x80\x8e\xe2\x80\x8f",
	        "\"\\u061c\xe2\x80\x8d\\u200e\\u200f\""},
	    {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
	        "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf buf = {0};
		struct json j = {.out = &buf};

		json_text(&j, cases[i].text);
		assert_string_equal(buf.data, cases[i].json);
		buf_free(&buf);
	}
}

static void
what_is_not_utf_8_is_armored(void **state)
{
	struct buf buf = {0};
	struct json j = {.out = &buf};

	(void)state;
	json_textn(&j, "a\xff\xc3", 3);
	assert_string_equal(buf.data, "\"a\xf4\x8f\xbf\xbf\xf4\x8f\xbf\x83\"");
	buf_clear(&buf);
	/* U+10FFFF itself: each of its bytes. */
	json_textn(&j, "\xf4\x8f\xbf\xbf", 4);
	assert_string_equal(buf.data,
	    "\"\xf4\x8f\xbf\xb4\xf4\x8f\xbe\x8f"
	    "\xf4\x8f\xbe\xbf\xf4\x8f\xbe\xbf\"");
	buf_free(&buf);
}

static void
a_nul_and_a_key_are_escaped_like_any_text(void **state)
{
	struct buf buf = {0};
	struct json j = {.out = &buf};

	(void)state;
	json_open(&j, '{');
	json_key(&j, "a\"\n");
	json_textn(&j, "\0x", 2);
	json_close(&j);
	assert_string_equal(buf.data, "{\"a\\\"\\n\":\"\\u0000x\"}");
	buf_free(&buf);
}

static void
an_instant_nobody_knows_is_null(void **state)
{
	static const int64_t instants[] = {0, -1, INT64_MIN, INT64_MAX,
	    253402300800000};

	(void)state;
	for (size_t i = 0; i < sizeof(instants) / sizeof(instants[0]); i++) {
		struct buf buf = {0};
		struct json j = {.out = &buf};

		json_instant(&j, instants[i]);
		assert_string_equal(buf.data, "null");
		buf_free(&buf);
	}
}

static void
the_deepest_nesting_promised_works(void **state)
{
	struct buf buf = {0};
	struct json j = {.out = &buf};

	(void)state;
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		json_open(&j, '[');
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		json_close(&j);
	assert_int_equal(buf.len, JSON_DEPTH_MAX * 2);
	buf_free(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
	        a_record_comes_out_in_the_order_written_without_spaces),
	    cmocka_unit_test(every_number_is_exact),
	    cmocka_unit_test(strings_hold_nothing_that_could_break_their_line),
	    cmocka_unit_test(what_is_not_utf_8_is_armored),
	    cmocka_unit_test(a_nul_and_a_key_are_escaped_like_any_text),
	    cmocka_unit_test(an_instant_nobody_knows_is_null),
	    cmocka_unit_test(the_deepest_nesting_promised_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
