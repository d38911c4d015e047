#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/tree.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct tree *
read_json(struct pool *pool, const char *text)
{
	const struct tree *t = NULL;
	struct err err = {0};

	if (tree_parse_json(&t, pool, text, strlen(text), "body", &err) < 0)
		fail_msg("%s: %s", text, err.text);
	return t;
}

static void
a_document_comes_out_in_its_order_with_its_kinds(void **state)
{
	struct pool pool = {0};
	const struct tree *t = read_json(&pool,
	    " {\"z\":[1,-2,\"x\",true,false,null],\"a\":{},\"m\":[]}\n");
	const struct tree *n = t->child->child;

	(void)state;
	assert_int_equal(t->kind, TREE_MAP);
	assert_int_equal(t->len, 3);
	assert_string_equal(t->child->key, "z");
	assert_string_equal(t->child->next->key, "a");
	assert_string_equal(t->child->next->next->key, "m");
	assert_null(t->child->next->next->next);
	assert_int_equal(t->child->kind, TREE_LIST);
	assert_int_equal(t->child->len, 6);
	assert_int_equal(n->kind, TREE_NUMBER);
	assert_int_equal(n->number, 1);
	assert_int_equal((n = n->next)->number, -2);
	assert_string_equal((n = n->next)->text, "x");
	assert_int_equal(n->len, 1);
	assert_true((n = n->next)->boolean);
	assert_int_equal((n = n->next)->kind, TREE_BOOL);
	assert_false(n->boolean);
	assert_int_equal((n = n->next)->kind, TREE_NULL);
	assert_null(n->next);
	assert_string_equal(t->file, "body");
	assert_int_equal(t->line, 0);
	pool_free(&pool);
}

static void
numbers_are_exact_or_text(void **state)
{
	static const struct {
		const char *json;
		enum tree_kind kind;
		int64_t number;
		const char *text;
	} cases[] = {
	    {"[0]", TREE_NUMBER, 0, NULL},
	    {"[-0]", TREE_NUMBER, 0, NULL},
	    {"[9007199254740993]", TREE_NUMBER, 9007199254740993, NULL},
	    {"[9223372036854775807]", TREE_NUMBER, INT64_MAX, NULL},
	    {"[-9223372036854775808]", TREE_NUMBER, INT64_MIN, NULL},
	    {"[0.1]", TREE_TEXT, 0, "0.1"},
	    {"[32.5]", TREE_TEXT, 0, "32.5"},
	    {"[1.0]", TREE_TEXT, 0, "1"},
	    {"[1e3]", TREE_TEXT, 0, "1000"},
	    {"[-0.30000000000000004]", TREE_TEXT, 0, "-0.30000000000000004"},
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct tree *t = read_json(&pool, cases[i].json)->child;

		assert_int_equal(t->kind, cases[i].kind);
		assert_int_equal(t->number, cases[i].number);
		if (cases[i].text != NULL)
			assert_string_equal(t->text, cases[i].text);
		else
			assert_null(t->text);
	}
	pool_free(&pool);
}

static void
strings_are_decoded(void **state)
{
	struct pool pool = {0};
	const struct tree *t = read_json(&pool,
	    "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\xc3\xa9\","
	    "\"\"]");

	(void)state;
	assert_string_equal(t->child->text,
	    "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80\xc3\xa9");
	assert_int_equal(t->child->len, strlen(t->child->text));
	assert_string_equal(t->child->next->text, "");
	assert_int_equal(t->child->next->len, 0);
	pool_free(&pool);
}

static void
what_is_not_strict_json_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
#define CASE(text) {text, sizeof(text) - 1}
	    CASE(""),
	    CASE(" "),
	    CASE("null"),
	    CASE("1"),
	    CASE("\"text\""),
	    CASE("["),
	    CASE("[1"),
	    CASE("[1,]"),
	    CASE("[,1]"),
	    CASE("{\"a\":1,}"),
	    CASE("{\"a\"}"),
	    CASE("{a:1}"),
	    CASE("{'a':1}"),
	    CASE("{1:1}"),
	    CASE("[1] 2"),
	    CASE("[1][2]"),
	    CASE("[1]x"),
	    CASE("[1]\0"),
	    CASE("[1\0]"),
	    CASE("[01]"),
	    CASE("[+1]"),
	    CASE("[.5]"),
	    CASE("[1.]"),
	    CASE("[0x1]"),
	    CASE("[1e400]"),
	    CASE("[NaN]"),
	    CASE("[Infinity]"),
	    CASE("[True]"),
	    CASE("[9223372036854775808]"),
	    CASE("[-9223372036854775809]"),
	    CASE("[99999999999999999999999999]"),
	    CASE("[\"\n\"]"),
	    CASE("[\"\x01\"]"),
	    CASE("[\"a\0b\"]"),
	    CASE("[\"\\u0000\"]"),
	    CASE("[\"a\\u0000b\"]"),
	    CASE("{\"\\u0000\":1}"),
	    CASE("{\"a\\u0000b\":1}"),
	    CASE("[\"\\x\"]"),
	    CASE("[\"\\u12\"]"),
	    CASE("[\"\\ud800\"]"),
	    CASE("[\"\\ude00\\ud83d\"]"),
	    CASE("[\"\xff\"]"),
	    CASE("[\"\xc0\x80\"]"),
	    CASE("[\"\xed\xa0\x80\"]"),
	    CASE("[\"\xf4\x90\x80\x80\"]"),
	    CASE("\xef\xbb\xbf[]"),
	    CASE("[1] // no"),
	    CASE("/* no */ [1]"),
	    CASE("{\"a\":1,\"a\":1}"),
	    CASE("{\"a\":1,\"b\":2,\"\\u0061\":3}"),
	    CASE("[{\"x\":{\"a\":1,\"a\":{}}}]"),
#undef CASE
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct tree *t = NULL;
		struct err err = {0};

		if (tree_parse_json(&t, &pool, cases[i].text, cases[i].len,
		        "body", &err) == 0)
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_memory_equal(err.text, "body:", 5);
		assert_null(t);
	}
	pool_free(&pool);
}

static void
a_refusal_names_line_and_column_and_shows_nothing_raw(void **state)
{
	static const char text[] = "{\n \"a\": \"\xe2\x80\xae\",\n \"a\": 1\n}";
	static const char hidden[] = "[x\xe2\x80\xae\x1b";
	struct pool pool = {0};
	const struct tree *t;
	struct err err = {0};

	(void)state;
	assert_int_equal(tree_parse_json(&t, &pool, text, sizeof(text) - 1,
	                     "body", &err),
	    -1);
	assert_string_equal(err.text,
	    "body:3:4: duplicate object key near '\"a\"'");
	assert_int_equal(tree_parse_json(&t, &pool, hidden, sizeof(hidden) - 1,
	                     "body", &err),
	    -1);
	assert_null(strstr(err.text, "\xe2\x80\xae"));
	pool_free(&pool);
}

/* `open` and `close` n times round nothing. */
static int
parse_nested(const char *open, const char *close, int n)
{
	struct pool pool = {0};
	struct buf buf = {0};
	const struct tree *t;
	struct err err = {0};
	int ret;

	for (int i = 0; i < n; i++)
		buf_put(&buf, open);
	buf_put(&buf, "1");
	for (int i = 0; i < n; i++)
		buf_put(&buf, close);
	ret = tree_parse_json(&t, &pool, buf.data, buf.len, "body", &err);
	if (ret < 0)
		assert_string_equal(err.text, "body: deeper than 32 levels");
	buf_free(&buf);
	pool_free(&pool);
	return ret;
}

static void
depth_is_bounded_at_the_promised_level(void **state)
{
	(void)state;
	assert_int_equal(parse_nested("[", "]", TREE_DEPTH_MAX), 0);
	assert_int_equal(parse_nested("[", "]", TREE_DEPTH_MAX + 1), -1);
	assert_int_equal(parse_nested("[", "]", 1000000), -1);
	assert_int_equal(parse_nested("{\"[\":", "}", TREE_DEPTH_MAX), 0);
	assert_int_equal(parse_nested("{\"]\":", "}", TREE_DEPTH_MAX + 1), -1);
}

static void
brackets_and_commas_in_strings_are_no_depth_and_no_values(void **state)
{
	struct pool pool = {0};
	struct buf buf = {0};
	const struct tree *t;

	(void)state;
	buf_put(&buf, "[\"\\\\\",\"\\\"");
	for (int i = 0; i < TREE_NODES_MAX + 1; i++)
		buf_put(&buf, "[,");
	buf_put(&buf, "\"]");
	t = read_json(&pool, buf.data);
	assert_int_equal(t->len, 2);
	assert_int_equal(t->child->next->len, 2 * (TREE_NODES_MAX + 1) + 1);
	buf_free(&buf);
	pool_free(&pool);
}

static int
parse_list_of(size_t count)
{
	struct pool pool = {0};
	struct buf buf = {0};
	const struct tree *t;
	struct err err = {0};
	int ret;

	buf_put(&buf, "[1");
	for (size_t i = 1; i < count; i++)
		buf_put(&buf, ",1");
	buf_put(&buf, "]");
	ret = tree_parse_json(&t, &pool, buf.data, buf.len, "body", &err);
	if (ret < 0)
		assert_string_equal(err.text, "body: more than 1000000 values");
	else
		assert_int_equal(t->len, count);
	buf_free(&buf);
	pool_free(&pool);
	return ret;
}

static void
the_number_of_values_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(parse_list_of(TREE_NODES_MAX - 1), 0);
	assert_int_equal(parse_list_of(TREE_NODES_MAX), -1);
}

static void
the_size_is_bounded(void **state)
{
	size_t size = (size_t)TREE_SIZE_MAX + 1;
	char *text = malloc(size);
	struct pool pool = {0};
	const struct tree *t;
	struct err err = {0};

	(void)state;
	assert_non_null(text);
	memset(text, ' ', size);
	memcpy(text, "[]", 2);
	assert_int_equal(tree_parse_json(&t, &pool, text, size - 1, "body",
	                     &err),
	    0);
	assert_int_equal(tree_parse_json(&t, &pool, text, size, "body", &err),
	    -1);
	assert_string_equal(err.text, "body: more than 26214400 bytes");
	free(text);
	pool_free(&pool);
}

static void
paths_lead_through_mappings(void **state)
{
	struct pool pool = {0};
	const struct tree *t = read_json(&pool,
	    "{\"a\":{\"b\":{\"c\":7,\"t\":\"x\"},\"ab\":1},\"l\":[{\"k\":1}],"
	    "\"yes\":true,\"no\":false,\"s\":\"true\",\"n\":null,"
	    "\"at\":\"2026-11-25T00:00:00Z\",\"bad\":\"2026-11-31\",\"\":5}");

	(void)state;
	assert_int_equal(tree_number(t, "a.b.c"), 7);
	assert_string_equal(tree_text(t, "a.b.t"), "x");
	assert_non_null(tree_path(t, "a.b"));
	assert_null(tree_path(t, "a.b.d"));
	assert_null(tree_path(t, "a.c.c"));
	assert_null(tree_path(t, "a.b.c.d"));
	assert_null(tree_path(t, "l.k"));
	assert_null(tree_path(t, "aa.b"));
	assert_null(tree_path(t, "a."));
	assert_null(tree_path(NULL, "a.b"));
	assert_null(tree_get(NULL, "a"));
	assert_null(tree_get(t, "b"));
	assert_null(tree_get(tree_get(t, "l"), "k"));
	assert_int_equal(tree_number(t, ""), 5);
	assert_null(tree_text(t, "a.b.c"));
	assert_null(tree_text(t, "n"));
	assert_null(tree_text(t, "yes"));
	assert_null(tree_text(t, "absent"));
	assert_int_equal(tree_number(t, "a.b.t"), 0);
	assert_int_equal(tree_number(t, "absent"), 0);
	assert_true(tree_true(t, "yes"));
	assert_false(tree_true(t, "no"));
	assert_false(tree_true(t, "s"));
	assert_false(tree_true(t, "a"));
	assert_false(tree_true(t, "absent"));
	assert_int_equal(tree_instant(t, "at"), 1795564800000);
	assert_int_equal(tree_instant(t, "bad"), 0);
	assert_int_equal(tree_instant(t, "a.b.c"), 0);
	assert_int_equal(tree_instant(t, "absent"), 0);
	pool_free(&pool);
}

static void
strict_getters_name_file_key_and_what_was_expected(void **state)
{
	struct pool pool = {0};
	const struct tree *t = read_json(&pool,
	    "{\"a\":\"text\",\"n\":5,\"s\":\"5\",\"t\":\"true\",\"l\":[],"
	    "\"nil\":null,\"e\\u202e\":1}");
	const char *text = NULL;
	struct err err = {0};
	unsigned number = 0;
	bool yes = true;

	(void)state;
	assert_int_equal(tree_need_text(t, "a", &text, &err), 0);
	assert_string_equal(text, "text");
	assert_int_equal(tree_need_text(t, "b", &text, &err), -1);
	assert_string_equal(err.text, "body: 'b' is missing");
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(tree_need_text(t, "nil", &text, &err), -1);
	assert_string_equal(err.text, "body: 'nil' is missing");
	assert_int_equal(tree_need_text(NULL, "a", &text, &err), -1);
	assert_string_equal(err.text, "'a' is missing");
	assert_int_equal(tree_want_text(t, "n", &text, &err), -1);
	assert_string_equal(err.text, "body: 'n' must be a text, not 5");
	assert_int_equal(tree_want_unsigned(t, "s", 1, 9, &number, &err), -1);
	assert_string_equal(err.text,
	    "body: 's' must be a whole number from 1 to 9, not '5'");
	assert_int_equal(tree_want_unsigned(t, "n", 1, 4, &number, &err), -1);
	assert_int_equal(tree_want_unsigned(t, "n", 6, 9, &number, &err), -1);
	assert_int_equal(number, 0);
	assert_int_equal(tree_want_unsigned(t, "n", 5, 5, &number, &err), 0);
	assert_int_equal(number, 5);
	assert_int_equal(tree_want_bool(t, "t", &yes, &err), -1);
	assert_string_equal(err.text,
	    "body: 't' must be true or false, not 'true'");
	assert_int_equal(tree_want_text(t, "l", &text, &err), -1);
	assert_string_equal(err.text, "body: 'l' must be a text, not a list");
	assert_int_equal(tree_want_text(tree_get(t, "l"), "x", &text, &err),
	    -1);
	assert_string_equal(err.text,
	    "body: 'l' must be a mapping, not a list");
	assert_int_equal(tree_want_text(t, "e\xe2\x80\xae", &text, &err), -1);
	assert_string_equal(err.text,
	    "body: 'e\\u{202E}' must be a text, not 1");
	assert_string_equal(text, "text");
	pool_free(&pool);
}

static void
two_documents_in_one_pool_do_not_disturb_each_other(void **state)
{
	struct pool pool = {0};
	const struct tree *a = read_json(&pool, "{\"k\":\"first\"}");
	const struct tree *b = read_json(&pool, "{\"k\":\"second\"}");

	(void)state;
	assert_string_equal(tree_text(a, "k"), "first");
	assert_string_equal(tree_text(b, "k"), "second");
	pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_document_comes_out_in_its_order_with_its_kinds),
	    cmocka_unit_test(numbers_are_exact_or_text),
	    cmocka_unit_test(strings_are_decoded),
	    cmocka_unit_test(what_is_not_strict_json_is_refused),
	    cmocka_unit_test(
	        a_refusal_names_line_and_column_and_shows_nothing_raw),
	    cmocka_unit_test(depth_is_bounded_at_the_promised_level),
	    cmocka_unit_test(
	        brackets_and_commas_in_strings_are_no_depth_and_no_values),
	    cmocka_unit_test(the_number_of_values_is_bounded),
	    cmocka_unit_test(the_size_is_bounded),
	    cmocka_unit_test(paths_lead_through_mappings),
	    cmocka_unit_test(
	        strict_getters_name_file_key_and_what_was_expected),
	    cmocka_unit_test(
	        two_documents_in_one_pool_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
