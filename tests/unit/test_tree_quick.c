#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tree_quick.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void
same(const char *text, const struct tree *a, const struct tree *b)
{
	const struct tree *c = a->child, *d = b->child;

	if (a->kind != b->kind || a->plain != b->plain ||
	    a->boolean != b->boolean || a->number != b->number ||
	    a->line != b->line || a->column != b->column || a->len != b->len ||
	    (a->key == NULL) != (b->key == NULL) ||
	    (a->text == NULL) != (b->text == NULL))
		fail_msg("%s: another node", text);
	if (a->key != NULL)
		assert_string_equal(a->key, b->key);
	if (a->text != NULL)
		assert_string_equal(a->text, b->text);
	for (; c != NULL && d != NULL; c = c->next, d = d->next)
		same(text, c, d);
	assert_ptr_equal(c, d);
}

static void
check_yaml(const char *text, size_t len, bool taken)
{
	const struct tree *quick = NULL, *slow = NULL;
	struct pool pool = {0};
	struct err err = {0};

	if (tree_quick_yaml(&quick, &pool, text, len, "f") != taken)
		fail_msg("%s: %s", text, taken ? "not taken" : "taken");
	if (taken && tree_library_yaml(&slow, &pool, text, len, "f", &err) < 0)
		fail_msg("%s: %s", text, err.text);
	if (taken)
		same(text, quick, slow);
	pool_free(&pool);
}

static void
check_json(const char *text, bool taken)
{
	const struct tree *quick = NULL, *slow = NULL;
	struct pool pool = {0};
	struct err err = {0};
	size_t len = strlen(text);

	if (tree_quick_json(&quick, &pool, text, len, "f") != taken)
		fail_msg("%s: %s", text, taken ? "not taken" : "taken");
	if (taken && tree_library_json(&slow, &pool, text, len, "f", &err) < 0)
		fail_msg("%s: %s", text, err.text);
	if (taken)
		same(text, quick, slow);
	pool_free(&pool);
}

static void
yaml_of_every_day_comes_out_as_libyaml_has_it(void **state)
{
	static const char *const texts[] = {
	    "a: b\n",
	    "a: b",
	    "# c\n\n  # d\na: b # e\nc: d#e\n",
	    "a:\n  b: c\n  d:\n    e: f\ng: h\n",
	    "a:\n  - b\n  - c d\n  - \"e: f\"\ng: []\nh: {}\n",
	    "a:\n  - b: c\n    d: e\n  - f: {g: h, i: [j, 'k']}\n",
	    "a: [b, {c: d}, [e]]   # f\n",
	    "a:\nb:  # c\nd: e\n",
	    "a: http://x:8/y#z\nb: 18:30\nc: x:y\n",
	    "\"a b\": 'c'\n'd': \"\"\n",
	    "a: J\xc3\xbcrgen\nb: [\"\xc3\xa4\", c]\n",
	    "a: \"\xe2\x82\xac\"\n\"\xf0\x9f\x98\x80\": b\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		check_yaml(texts[i], strlen(texts[i]), true);
}

/* Some of it is YAML and some is none: the library decides. */
static void
yaml_beyond_that_is_left_to_libyaml(void **state)
{
	static const char *const texts[] = {
	    "",
	    "# c\n",
	    "- a\n",
	    " a: b\n",
	    "a\n",
	    "a: b: c\n",
	    "a: b\na: c\n",
	    "a: b\n c: d\n",
	    "a: b\n  more\n",
	    "a:\n- b\n",
	    "a:\n  b\n",
	    "a: |\n  b\n",
	    "a: &x b\n",
	    "a: *x\n",
	    "a: !t b\n",
	    "<<: {a: b}\n",
	    "? a\n",
	    "---\na: b\n",
	    "a: b\n...\n",
	    "%YAML 1.1\n---\na: b\n",
	    "a: \"b\\n\"\n",
	    "a: 'b''c'\n",
	    "a: \"b\n  c\"\n",
	    "a: \"b\" c\n",
	    "a: [b\n",
	    "a: [b,\n  c]\n",
	    "a: [b, ]\n",
	    "a: [b: c]\n",
	    "a: {b}\n",
	    "a: {b: }\n",
	    "a: {\"b\":c}\n",
	    "a: {b: c:d}\n",
	    "a: {b: c, b: d}\n",
	    "a: [b] c\n",
	    "a:\tb\n",
	    "a: b\r\n",
	    "a : b\n",
	    "a:b\n",
	    "a:\n  - - b\n",
	    "a:\n  -\n    b: c\n",
	    "a:\n  -b\n",
	    "a:\n    b: c\n  d: e\n",
	    "-a: b\n",
	    "a: -1\n",
	    "a: \xef\xbb\xbf\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		check_yaml(texts[i], strlen(texts[i]), false);
}

/* They are what a hook reads; slow reading would be seen by nobody. */
static void
the_samples_are_taken(void **state)
{
	static const char *const names[] = {"policy.yaml", "people.yaml",
	    "foureyes.yaml"};
	static char text[65536];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		const char *root = getenv("FOUREYES_SRC");
		char path[4096];
		size_t len;
		FILE *f;

		(void)snprintf(path, sizeof(path), "%s/config/%s",
		    root != NULL ? root : ".", names[i]);
		f = fopen(path, "re");
		assert_non_null(f);
		len = fread(text, 1, sizeof(text) - 1, f);
		(void)fclose(f);
		assert_true(len > 100);
		text[len] = '\0';
		check_yaml(text, len, true);
	}
}

static void
json_of_every_day_comes_out_as_jansson_has_it(void **state)
{
	static const char *const texts[] = {
	    "[]",
	    " { } ",
	    "{\"a\":[1,-2,0,-0,999999999999999999,true,false,null,\"\"]}",
	    "{\"a\":{\"b\":{\"c\":[[[{}]]]}},\"d\":\"e\"}\n",
	    "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\"]",
	    "[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]",
	    "[ 1 , 2 ,\t3\r\n]",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		check_json(texts[i], true);
}

static void
json_beyond_that_is_left_to_jansson(void **state)
{
	static const char *const texts[] = {
	    "",
	    "1",
	    "\"a\"",
	    "null",
	    "[",
	    "[1",
	    "[1,]",
	    "[,1]",
	    "[1 2]",
	    "[01]",
	    "[-]",
	    "[+1]",
	    "[1.0]",
	    "[1e2]",
	    "[1000000000000000000]",
	    "[1]x",
	    "[1][2]",
	    "[truex]",
	    "[nul]",
	    "{\"a\"}",
	    "{\"a\":}",
	    "{\"a\":1,}",
	    "{a:1}",
	    "{\"a\":1,\"a\":2}",
	    "{\"a\":1,\"\\u0061\":2}",
	    "[\"a]",
	    "[\"\n\"]",
	    "[\"\\x\"]",
	    "[\"\\u00g0\"]",
	    "[\"\\u0000\"]",
	    "[\"\\ud83d\\ude00\"]",
	    "[\"\xff\"]",
	    "[\"\xc0\x80\"]",
	    "[\"\\\"]",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		check_json(texts[i], false);
}

/* As many as are read at all; one more is left to who says why not. */
static void
depth_and_keys_have_their_bounds(void **state)
{
	char text[4096];
	size_t n = 0;

	(void)state;
	memset(text, '[', TREE_DEPTH_MAX);
	memset(text + TREE_DEPTH_MAX, ']', TREE_DEPTH_MAX);
	text[2 * TREE_DEPTH_MAX] = '\0';
	check_json(text, true);
	memset(text, '[', TREE_DEPTH_MAX + 1);
	memset(text + TREE_DEPTH_MAX + 1, ']', TREE_DEPTH_MAX + 1);
	text[2 * TREE_DEPTH_MAX + 2] = '\0';
	check_json(text, false);
	for (unsigned keys = QUICK_KEYS_MAX; keys <= QUICK_KEYS_MAX + 1;
	     keys++) {
		n = 0;
		for (unsigned i = 0; i < keys; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "%c\"k%u\":0", i == 0 ? '{' : ',', i);
		(void)snprintf(text + n, sizeof(text) - n, "}");
		check_json(text, keys <= QUICK_KEYS_MAX);
	}
	memset(text, 'k', QUICK_YAML_KEY_MAX + 1);
	memcpy(text + QUICK_YAML_KEY_MAX, ": v", 4);
	check_yaml(text, strlen(text), true);
	memset(text, 'k', QUICK_YAML_KEY_MAX + 1);
	memcpy(text + QUICK_YAML_KEY_MAX + 1, ": v", 4);
	check_yaml(text, strlen(text), false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(yaml_of_every_day_comes_out_as_libyaml_has_it),
	    cmocka_unit_test(yaml_beyond_that_is_left_to_libyaml),
	    cmocka_unit_test(the_samples_are_taken),
	    cmocka_unit_test(json_of_every_day_comes_out_as_jansson_has_it),
	    cmocka_unit_test(json_beyond_that_is_left_to_jansson),
	    cmocka_unit_test(depth_and_keys_have_their_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
