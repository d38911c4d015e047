#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_pick.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct json_want user[] = {JSON_WANT("login"), JSON_WANT("id"),
    {0}};
static const struct json_want any[] = {{0}};
static const struct json_want wants[] = {JSON_WANT("a"), JSON_WANT("whole"),
    JSON_WANT_IN("user", user), JSON_WANT_IN("list", user),
    JSON_WANT_IN("words", any), {0}};

static const struct tree *
pick(struct pool *pool, const char *text)
{
	const struct tree *t = NULL;
	struct err err = {0};

	if (json_pick(&t, pool, wants, text, strlen(text), &err) < 0)
		fail_msg("%s: %s", text, err.text);
	return t;
}

static void
only_what_is_wanted_is_picked(void **state)
{
	struct pool pool = {0};
	const struct tree *t = pick(&pool,
	    "{\"x\":{\"a\":1},\"user\":{\"login\":\"bob\",\"mail\":[1,{}],"
	    "\"id\":9007199254740993},\"a\":true,\"whole\":{\"a\":[1,2]},"
	    "\"words\":[\"x\",{\"a\":1},null],\"y\":[]}");

	(void)state;
	assert_int_equal(t->kind, TREE_MAP);
	assert_int_equal(t->len, 4);
	assert_string_equal(t->child->key, "user");
	assert_int_equal(t->child->len, 2);
	assert_string_equal(tree_text(t, "user.login"), "bob");
	assert_string_equal(tree_path(t, "user.id")->text, "9007199254740993");
	assert_int_equal(tree_number(t, "user.id"), 9007199254740993);
	assert_true(tree_true(t, "a"));
	assert_int_equal(tree_get(t, "whole")->kind, TREE_MAP);
	assert_null(tree_get(t, "whole")->child);
	assert_int_equal(tree_get(t, "words")->len, 3);
	assert_string_equal(tree_get(t, "words")->child->text, "x");
	assert_int_equal(tree_get(t, "words")->child->next->kind, TREE_MAP);
	assert_null(tree_get(t, "words")->child->next->child);
	pool_free(&pool);
}

static void
what_is_in_a_list_is_picked_from_each_element(void **state)
{
	struct pool pool = {0};
	const struct tree *t =
	    pick(&pool, "{\"list\":[{\"id\":1,\"z\":2},[{\"id\":2}],3]}");

	(void)state;
	t = tree_get(t, "list");
	assert_int_equal(t->len, 3);
	assert_int_equal(tree_number(t->child, "id"), 1);
	assert_null(tree_get(t->child, "z"));
	assert_int_equal(tree_number(t->child->next->child, "id"), 2);
	assert_int_equal(t->child->next->next->number, 3);
	pool_free(&pool);
}

static void
numbers_keep_their_digits(void **state)
{
	static const struct {
		const char *digits;
		int64_t number;
	} cases[] = {
	    {"0", 0},
	    {"-0", 0},
	    {"9223372036854775807", INT64_MAX},
	    {"9223372036854775808", 0},
	    {"-9223372036854775808", INT64_MIN},
	    {"-9223372036854775809", 0},
	    {"123456789012345678901234567890", 0},
	    {"1.50", 0},
	    {"1e3", 0},
	    {"-2E-7", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pool pool = {0};
		const struct tree *t;

		t = tree_get(pick(&pool,
		                 pool_printf(&pool, "{\"a\":%s}",
		                     cases[i].digits)),
		    "a");
		assert_int_equal(t->kind, TREE_NUMBER);
		assert_string_equal(t->text, cases[i].digits);
		assert_true(t->number == cases[i].number);
		pool_free(&pool);
	}
}

static void
escapes_become_what_they_stand_for(void **state)
{
	struct pool pool = {0};
	const struct tree *t = tree_get(
	    pick(&pool,
	        "{\"\\u0061\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\u20ac"
	        "\\ud83d\\uDE00-\\u0000-\xf0\x9f\x98\x80\"}"),
	    "a");
	static const char text[] = "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac"
	                           "\xf0\x9f\x98\x80-\0-\xf0\x9f\x98\x80";

	(void)state;
	assert_int_equal(t->len, sizeof(text) - 1);
	assert_memory_equal(t->text, text, sizeof(text));
	pool_free(&pool);
}

/* N10 and N11 of cases.md, and the rest of RFC 8259. */
static void
what_is_not_strict_is_refused_whole(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"", "not JSON at byte 0: a mapping or list was expected"},
	    {"1", "not JSON at byte 0: a mapping or list was expected"},
	    {"\xef\xbb\xbf{}",
	        "not JSON at byte 0: a mapping or list was expected"},
	    {"{} {}",
	        "not JSON at byte 3: something stands behind the "
	        "document"},
	    {"[1,]", "not JSON at byte 3: a value was expected"},
	    {"[1", "not JSON at byte 2: a comma or ] was expected"},
	    {"[", "not JSON at byte 1: it ends too soon"},
	    {"{\"a\"", "not JSON at byte 4: a colon was expected"},
	    {"{\"a\":1,}", "not JSON at byte 7: a key was expected"},
	    {"{\"a\":1", "not JSON at byte 6: a comma or } was expected"},
	    {"{a:1}", "not JSON at byte 1: a key was expected"},
	    {"[tru]", "not JSON at byte 1: a value was expected"},
	    {"[NaN]", "not JSON at byte 1: a value was expected"},
	    {"[01]", "not JSON at byte 3: a value was expected"},
	    {"[+1]", "not JSON at byte 1: a value was expected"},
	    {"[1.]", "not JSON at byte 3: a digit was expected"},
	    {"[1e]", "not JSON at byte 3: a digit was expected"},
	    {"[\"a]", "not JSON at byte 4: a text that does not end"},
	    {"[\"\x01\"]", "not JSON at byte 2: a control character"},
	    {"[\"\\x\"]", "not JSON at byte 2: an unknown escape"},
	    {"[\"\\u12g4\"]", "not JSON at byte 2: an unknown escape"},
	    {"[\"\\ud83d\"]", "not JSON at byte 2: an unknown escape"},
	    {"[\"\\ud83d\\u0041\"]", "not JSON at byte 2: an unknown escape"},
	    {"[\"\\ude00\"]", "not JSON at byte 2: an unknown escape"},
	    {"[\"\xe9\"]", "not JSON at byte 2: not UTF-8"},
	    {"[\"\xed\xa0\xbd\"]", "not JSON at byte 2: not UTF-8"},
	    {"[\"12345678\xc0\xaf\"]", "not JSON at byte 10: not UTF-8"},
	    {"{\"a\":1,\"a\":2}", "duplicate key \"a\""},
	    {"{\"z\":[{\"k\":1,\"\\u006b\":2}]}", "duplicate key \"k\""},
	    {"{\"\":1,\"\":2}", "duplicate key \"\""},
	    {"{\"a\\u0000\":1,\"a\\u0000\":2}", "duplicate key \"a\\u{0000}\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pool pool = {0};
		const struct tree *t;
		struct err err = {0};

		assert_int_equal(json_pick(&t, &pool, wants, cases[i].text,
		                     strlen(cases[i].text), &err),
		    -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(err.text, cases[i].why);
		pool_free(&pool);
	}
}

static void
a_nul_byte_is_refused_wherever_it_stands(void **state)
{
	static const char *const texts[] = {"{\"a\":1}#", "{#\"a\":1}",
	    "{\"a#\":1}", "{\"a\":\"#\"}", "{\"a\":1#}"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct pool pool = {0};
		const struct tree *t;
		struct err err = {0};
		char text[32];

		snprintf(text, sizeof(text), "%s", texts[i]);
		*strchr(text, '#') = '\0';
		assert_int_equal(json_pick(&t, &pool, wants, text,
		                     strlen(texts[i]), &err),
		    -1);
		pool_free(&pool);
	}
}

static int
pick_buf(const struct buf *b, struct err *err)
{
	struct pool pool = {0};
	const struct tree *t;
	int status = json_pick(&t, &pool, wants, b->data, b->len, err);

	pool_free(&pool);
	return status;
}

static void
only_so_deep(void **state)
{
	(void)state;
	for (unsigned levels = JSON_PICK_DEPTH_MAX; levels <= 100000;
	     levels += 33323) {
		struct buf b = {0};
		struct err err = {0};
		int right = levels <= JSON_PICK_DEPTH_MAX ? 0 : -1;

		for (unsigned i = 0; i < levels; i++)
			buf_char(&b, '[');
		for (unsigned i = 0; i < levels; i++)
			buf_char(&b, ']');
		assert_int_equal(pick_buf(&b, &err), right);
		if (right < 0)
			assert_string_equal(err.text,
			    "not JSON at byte 32: too deep");
		buf_free(&b);
	}
}

static void
put_keys(struct buf *b, unsigned count)
{
	buf_char(b, '{');
	for (unsigned i = 0; i < count; i++)
		buf_printf(b, "%s\"key%u\":%u", i == 0 ? "" : ",", i, i);
}

static void
a_mapping_of_a_million_keys_is_read(void **state)
{
	struct buf b = {0};
	struct err err = {0};

	(void)state;
	put_keys(&b, 1000000);
	buf_char(&b, '}');
	assert_int_equal(pick_buf(&b, &err), 0);
	b.data[b.len - 1] = ',';
	buf_put(&b, "\"key4711\":0}");
	assert_int_equal(pick_buf(&b, &err), -1);
	assert_string_equal(err.text, "duplicate key \"key4711\"");
	buf_clear(&b);
	put_keys(&b, JSON_PICK_KEYS_MAX + 1);
	buf_char(&b, '}');
	assert_int_equal(pick_buf(&b, &err), -1);
	assert_non_null(strstr(err.text, "too many keys"));
	buf_free(&b);
}

/*
 * Keys that all have the hash of json_pick_keys.c: its second word takes the
 * first one's back.  Only keys of letters that a text may hold are of use.
 */
static bool
make_alike(char key[17], uint64_t *seed)
{
	uint64_t first = 0, second;

	for (unsigned i = 0; i < 8; i++) {
		*seed = *seed * 6364136223846793005u + 1442695040888963407u;
		first = first << 8 | (0x30 + (*seed >> 40) % 64);
	}
	second = (16 ^ first) * 0x9e3779b97f4a7c15u;
	second ^= second >> 32;
	second ^= 0x4040404040404040u;
	memcpy(key, &first, 8);
	memcpy(key + 8, &second, 8);
	key[16] = '\0';
	for (unsigned i = 0; i < 16; i++)
		if (key[i] <= ' ' || key[i] > '~' || key[i] == '"' ||
		    key[i] == '\\')
			return false;
	return true;
}

static void
keys_that_were_chosen_to_meet_are_told_apart_all_the_same(void **state)
{
	struct buf b = {0};
	struct err err = {0};
	char key[17], last[17] = "";
	uint64_t seed = 1;
	unsigned count = 0;

	(void)state;
	buf_char(&b, '{');
	while (count < 1000) {
		if (!make_alike(key, &seed))
			continue;
		buf_printf(&b, "%s\"%s\":1", count == 0 ? "" : ",", key);
		if (count++ == 500)
			memcpy(last, key, sizeof(last));
	}
	buf_char(&b, '}');
	assert_int_equal(pick_buf(&b, &err), 0);
	b.data[b.len - 1] = ',';
	buf_printf(&b, "\"%s\":2}", last);
	assert_int_equal(pick_buf(&b, &err), -1);
	assert_non_null(strstr(err.text, last));
	buf_free(&b);
}

static void
keys_of_mappings_around_are_others(void **state)
{
	struct pool pool = {0};
	struct buf b = {0};
	struct err err = {0};

	(void)state;
	(void)pick(&pool, "{\"k\":{\"k\":{\"k\":1},\"j\":2},\"j\":{\"k\":3}}");
	put_keys(&b, 300);
	buf_char(&b, ',');
	buf_put(&b, "\"in\":");
	put_keys(&b, 300);
	buf_put(&b, "},\"key299\":1}");
	assert_int_equal(pick_buf(&b, &err), -1);
	assert_string_equal(err.text, "duplicate key \"key299\"");
	buf_free(&b);
	pool_free(&pool);
}

static void
only_so_much_is_picked(void **state)
{
	struct buf b = {0};
	struct err err = {0};

	(void)state;
	buf_put(&b, "{\"words\":[0");
	for (unsigned i = 2; i < JSON_PICK_NODES_MAX; i++)
		buf_put(&b, ",0");
	buf_put(&b, "]}");
	assert_int_equal(pick_buf(&b, &err), 0);
	b.len -= 2;
	buf_put(&b, ",0]}");
	assert_int_equal(pick_buf(&b, &err), -1);
	assert_non_null(strstr(err.text, "too many values"));
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_what_is_wanted_is_picked),
	    cmocka_unit_test(what_is_in_a_list_is_picked_from_each_element),
	    cmocka_unit_test(numbers_keep_their_digits),
	    cmocka_unit_test(escapes_become_what_they_stand_for),
	    cmocka_unit_test(what_is_not_strict_is_refused_whole),
	    cmocka_unit_test(a_nul_byte_is_refused_wherever_it_stands),
	    cmocka_unit_test(only_so_deep),
	    cmocka_unit_test(a_mapping_of_a_million_keys_is_read),
	    cmocka_unit_test(
	        keys_that_were_chosen_to_meet_are_told_apart_all_the_same),
	    cmocka_unit_test(keys_of_mappings_around_are_others),
	    cmocka_unit_test(only_so_much_is_picked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
