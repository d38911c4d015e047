#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/tree.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct tree *
read_yaml(struct pool *pool, const char *text)
{
	const struct tree *t = NULL;
	struct err err = {0};

	if (tree_parse_yaml(&t, pool, text, strlen(text), "policy.yaml", &err) <
	    0)
		fail_msg("%s: %s", text, err.text);
	return t;
}

static void
a_document_comes_out_with_its_places(void **state)
{
	struct pool pool = {0};
	const struct tree *t = read_yaml(&pool,
	    "# a policy\n"
	    "version: 1\n"
	    "gates:\n"
	    "  main:\n"
	    "    refs: [refs/heads/main, \"refs/heads/b\"]\n"
	    "    soak: 30m\n"
	    "  'rel ease': {refs: x, count: 2}\n");
	const struct tree *gate, *refs;

	(void)state;
	assert_int_equal(t->kind, TREE_MAP);
	assert_int_equal(t->len, 2);
	assert_int_equal(t->line, 2);
	assert_int_equal(t->column, 1);
	assert_string_equal(t->child->key, "version");
	assert_string_equal(t->child->text, "1");
	assert_int_equal(t->child->kind, TREE_TEXT);
	assert_true(t->child->plain);
	gate = tree_path(t, "gates.main");
	assert_int_equal(gate->line, 4);
	assert_int_equal(gate->column, 3);
	refs = tree_get(gate, "refs");
	assert_int_equal(refs->kind, TREE_LIST);
	assert_int_equal(refs->len, 2);
	assert_int_equal(refs->child->line, 5);
	assert_int_equal(refs->child->column, 12);
	assert_true(refs->child->plain);
	assert_false(refs->child->next->plain);
	assert_string_equal(refs->child->next->text, "refs/heads/b");
	gate = gate->next;
	assert_string_equal(gate->key, "rel ease");
	assert_int_equal(tree_get(gate, "count")->line, 7);
	assert_int_equal(tree_get(gate, "count")->column, 25);
	assert_string_equal(gate->file, "policy.yaml");
	pool_free(&pool);
}

static void
an_empty_document_is_null_and_everything_in_it_absent(void **state)
{
	static const char *const cases[] = {"", "\n", "# only a comment\n",
	    "---\n", "--- ~\n...\n", "null\n"};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct tree *t = read_yaml(&pool, cases[i]);
		const char *text = "before";
		struct err err = {0};

		assert_true(tree_is_null(t));
		assert_int_equal(tree_want_text(t, "a", &text, &err), 0);
		assert_string_equal(text, "before");
		assert_int_equal(tree_need_text(t, "a", &text, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	pool_free(&pool);
}

static void
what_is_not_the_plain_core_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
	    {"a: 1\nb: &x 2\n", "2:4: anchors (&name) are not used here"},
	    {"a: &x\n  b: 1\n", "1:4: anchors (&name) are not used here"},
	    {"a: &x [1]\n", "1:4: anchors (&name) are not used here"},
	    {"&x a: 1\n", "1:1: anchors (&name) are not used here"},
	    {"a: *x\n", "1:4: aliases (*name) are not used here"},
	    {"*x : 1\n", "1:1: aliases (*name) are not used here"},
	    {"a: !!int 1\n", "1:4: tags (!name) are not used here"},
	    {"a: !x {b: 1}\n", "1:4: tags (!name) are not used here"},
	    {"a: !x [b]\n", "1:4: tags (!name) are not used here"},
	    {"a: ! b\n", "1:4: tags (!name) are not used here"},
	    {"!!str a: b\n", "1:1: tags (!name) are not used here"},
	    {"%YAML 1.1\n---\na: 1\n",
	        "1:1: directives (%name) are not used here"},
	    {"%TAG ! tag:x,2000:\n---\na: 1\n",
	        "1:1: directives (%name) are not used here"},
	    {"a: 1\n---\nb: 2\n", "2:1: a second document begins"},
	    {"a: 1\n---\n", "2:1: a second document begins"},
	    {"a: 1\n<<: {b: 2}\n", "2:1: merge keys (<<) are not used here"},
	    {"? {a: 1}\n: x\n", "1:3: a key must be a text"},
	    {"? [a]\n: x\n", "1:3: a key must be a text"},
	    {"{[a]: x}\n", "1:2: a key must be a text"},
	    {"? \n: x\n", "1:2: a key is missing"},
	    {"a: 1\nb: 2\na: 3\n",
	        "3:1: 'a' stands here twice, first in line 1"},
	    {"x: {a: 1, \"a\": 1}\n",
	        "1:11: 'a' stands here twice, first in line 1"},
	    {"a: \"x\\0y\"\n", "1:4: a text holds a NUL"},
	    {"\"a\\x00\": y\n", "1:1: a text holds a NUL"},
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct tree *t = NULL;
		struct err err = {0};

		if (tree_parse_yaml(&t, &pool, cases[i].text,
		        strlen(cases[i].text), "p", &err) == 0)
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_memory_equal(err.text, "p:", 2);
		assert_string_equal(err.text + 2, cases[i].error);
		assert_null(t);
	}
	pool_free(&pool);
}

static void
what_is_malformed_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text;
		const char *place;
	} cases[] = {
	    {"a: 'x\n", "p:2:1: "},
	    {"a: [1, 2\n", "p:2:1: "},
	    {"a: b: c\n", "p:1:5: "},
	    {"\ta: b\n", "p:1:1: "},
	    {"a: 1\n...\nb: 2\n", "p:3:1: "},
	    {"a: 1\n b: 2\n", "p:2:3: "},
	    {"- a\nb: 1\n", "p:2:1: "},
	    {"a: @b\n", "p:1:4: "},
	    {"a: %b\n", "p:1:4: "},
	    {"a: \"\\q\"\n", "p:1:5: "},
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct tree *t = NULL;
		struct err err = {0};

		if (tree_parse_yaml(&t, &pool, cases[i].text,
		        strlen(cases[i].text), "p", &err) == 0)
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (strncmp(err.text, cases[i].place, 7) != 0)
			fail_msg("%s: %s", cases[i].text, err.text);
	}
	pool_free(&pool);
}

static void
characters_that_mislead_a_reader_are_refused(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *error;
	} cases[] = {
#define CASE(text, error) {text, sizeof(text) - 1, error}
	    CASE("a: \xff\n", "p:1:4: not UTF-8"),
	    CASE("a: 1\nb\xc3", "p:2:2: not UTF-8"),
	    CASE("a: \0", "p:1:4: the character U+0000 may not stand here"),
	    CASE("a: \x1b", "p:1:4: the character U+001B may not stand here"),
	    CASE("a: \x7f", "p:1:4: the character U+007F may not stand here"),
	    CASE("# x\xc2\x85"
	         "a: 1",
	        "p:1:4: the character U+0085 may not stand here"),
	    CASE("# x\xe2\x80\xa8"
	         "a: 1",
	        "p:1:4: the character U+2028 may not stand here"),
	    CASE("# x\xe2\x80\xa9"
	         "a: 1",
	        "p:1:4: the character U+2029 may not stand here"),
	    CASE("# x\ra: 1\n",
	        "p:1:4: the character U+000D may not stand here"),
	    CASE("a: 1\r", "p:1:5: the character U+000D may not stand here"),
	    CASE("\xc3\xa9: \xe2\x80\xae",
	        "p:1:4: the character U+202E may not stand here"),
	    CASE("a: \xe2\x81\xa6",
	        "p:1:4: the character U+2066 may not stand here"),
	    CASE("\xef\xbb\xbf"
	         "a: 1\n",
	        "p:1:1: the character U+FEFF may not stand here"),
	    CASE("\xff\xfe"
	         "a\0",
	        "p:1:1: not UTF-8"),
#undef CASE
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct tree *t = NULL;
		struct err err = {0};

		if (tree_parse_yaml(&t, &pool, cases[i].text, cases[i].len, "p",
		        &err) == 0)
			fail_msg("accepted: case %zu", i);
		assert_string_equal(err.text, cases[i].error);
	}
	pool_free(&pool);
}

static void
what_misleads_nobody_is_read(void **state)
{
	struct pool pool = {0};
	const struct tree *t = read_yaml(&pool,
	    "a:\tx\r\nb: \xc3\xa9\xf0\x9f\x98\x80\r\n"
	    "c: |\n  two\n  lines\nd: \"\\u202e\\e\"\ne: x<<\n\"<<\": y\n");

	(void)state;
	assert_string_equal(tree_text(t, "a"), "x");
	assert_string_equal(tree_text(t, "b"), "\xc3\xa9\xf0\x9f\x98\x80");
	assert_string_equal(tree_text(t, "c"), "two\nlines\n");
	assert_string_equal(tree_text(t, "d"), "\xe2\x80\xae\x1b");
	assert_string_equal(tree_text(t, "e"), "x<<");
	assert_string_equal(tree_text(t, "<<"), "y");
	pool_free(&pool);
}

static void
plain_scalars_are_what_the_header_says(void **state)
{
	static const struct {
		const char *scalar;
		bool null, boolean, number, text;
		int64_t value;
	} cases[] = {
	    {"", .null = true},
	    {"~", .null = true},
	    {"null", .null = true},
	    {"Null", .text = true},
	    {"NULL", .text = true},
	    {"''", .text = true},
	    {"'~'", .text = true},
	    {"\"null\"", .text = true},
	    {"true", .boolean = true, .value = 1},
	    {"false", .boolean = true},
	    {"True", .text = true},
	    {"FALSE", .text = true},
	    {"'true'", .text = true},
	    {"yes", .text = true},
	    {"no", .text = true},
	    {"on", .text = true},
	    {"off", .text = true},
	    {"y", .text = true},
	    {"0", .number = true, .text = true},
	    {"-0", .number = true, .text = true},
	    {"42", .number = true, .text = true, .value = 42},
	    {"-42", .number = true, .text = true, .value = -42},
	    {"9223372036854775807", .number = true, .text = true,
	        .value = INT64_MAX},
	    {"-9223372036854775808", .number = true, .text = true,
	        .value = INT64_MIN},
	    {"9223372036854775808", .text = true},
	    {"-9223372036854775809", .text = true},
	    {"92233720368547758070", .text = true},
	    {"'42'", .text = true},
	    {"\"42\"", .text = true},
	    {"010", .text = true},
	    {"00", .text = true},
	    {"+1", .text = true},
	    {"0x10", .text = true},
	    {"0o10", .text = true},
	    {"1_000", .text = true},
	    {"1e3", .text = true},
	    {"1.0", .text = true},
	    {".inf", .text = true},
	    {"12:30", .text = true},
	    {"2026-12-31", .text = true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pool pool = {0};
		const struct tree *t;
		int64_t number = 0;
		bool boolean = false;
		char doc[64];

		snprintf(doc, sizeof(doc), "k: %s\n", cases[i].scalar);
		t = tree_get(read_yaml(&pool, doc), "k");
		if (tree_is_null(t) != cases[i].null ||
		    tree_is_boolean(t, &boolean) != cases[i].boolean ||
		    tree_is_number(t, &number) != cases[i].number ||
		    tree_is_text(t) != cases[i].text)
			fail_msg("k: %s", cases[i].scalar);
		if (cases[i].number)
			assert_int_equal(number, cases[i].value);
		if (cases[i].boolean)
			assert_int_equal(boolean, cases[i].value);
		pool_free(&pool);
	}
}

static void
getters_take_what_fits_and_leave_the_rest_alone(void **state)
{
	static const char *const colours[] = {"red", "green", NULL};
	struct pool pool = {0};
	const struct tree *t = read_yaml(&pool,
	    "text: some text\nnumber: 123\ncount: 3\nflag: true\nsoak: 4h\n"
	    "day: 2026-11-25\nquoted: '2026-11-25T01:00:00+01:00'\n"
	    "colour: green\none: a\nmany: [a, b c, 12]\nnone: []\nnil: ~\n"
	    "dotted.key: x\n");
	const char *text = NULL, *const *texts = NULL;
	unsigned number = 0, choice = 0;
	int64_t duration = 0, instant = 0;
	bool flag = false;
	size_t count = 0;
	struct err err = {0};

	(void)state;
	assert_int_equal(tree_want_text(t, "text", &text, &err), 0);
	assert_string_equal(text, "some text");
	assert_int_equal(tree_want_text(t, "number", &text, &err), 0);
	assert_string_equal(text, "123");
	assert_int_equal(tree_need_text(t, "dotted.key", &text, &err), 0);
	assert_string_equal(text, "x");
	assert_int_equal(tree_want_unsigned(t, "count", 1, 9, &number, &err),
	    0);
	assert_int_equal(number, 3);
	assert_int_equal(tree_want_bool(t, "flag", &flag, &err), 0);
	assert_true(flag);
	assert_int_equal(tree_want_duration(t, "soak", &duration, &err), 0);
	assert_int_equal(duration, 14400000);
	assert_int_equal(tree_want_instant(t, "day", &instant, &err), 0);
	assert_int_equal(instant, 1795564800000);
	instant = 0;
	assert_int_equal(tree_want_instant(t, "quoted", &instant, &err), 0);
	assert_int_equal(instant, 1795564800000);
	assert_int_equal(tree_want_choice(t, "colour", colours, &choice, &err),
	    0);
	assert_int_equal(choice, 1);
	assert_int_equal(tree_want_texts(t, "one", &pool, &texts, &count, &err),
	    0);
	assert_int_equal(count, 1);
	assert_string_equal(texts[0], "a");
	assert_int_equal(tree_want_texts(t, "many", &pool, &texts, &count,
	                     &err),
	    0);
	assert_int_equal(count, 3);
	assert_string_equal(texts[1], "b c");
	assert_string_equal(texts[2], "12");
	texts = NULL;
	assert_int_equal(tree_want_texts(t, "none", &pool, &texts, &count,
	                     &err),
	    0);
	assert_int_equal(count, 0);
	assert_non_null(texts);
	assert_int_equal(tree_number(t, "number"), 123);
	assert_true(tree_true(t, "flag"));
	assert_int_equal(tree_instant(t, "day"), 1795564800000);
	assert_int_equal(err.kind, ERR_NONE);
	pool_free(&pool);
}

static void
absent_and_null_leave_what_was_there(void **state)
{
	static const char *const colours[] = {"red", NULL};
	static const char *const kept[] = {"kept"};
	struct pool pool = {0};
	const struct tree *t = read_yaml(&pool, "nil: ~\n");
	const char *const keys[] = {"nil", "absent"};

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		const char *text = "kept", *const *texts = kept;
		unsigned number = 7, choice = 8;
		int64_t duration = 9, instant = 10;
		size_t count = 1;
		bool flag = true;
		struct err err = {0};
		const char *key = keys[i];

		assert_int_equal(tree_want_text(t, key, &text, &err), 0);
		assert_int_equal(tree_want_unsigned(t, key, 0, 1, &number,
		                     &err),
		    0);
		assert_int_equal(tree_want_bool(t, key, &flag, &err), 0);
		assert_int_equal(tree_want_duration(t, key, &duration, &err),
		    0);
		assert_int_equal(tree_want_instant(t, key, &instant, &err), 0);
		assert_int_equal(tree_want_choice(t, key, colours, &choice,
		                     &err),
		    0);
		assert_int_equal(tree_want_texts(t, key, &pool, &texts, &count,
		                     &err),
		    0);
		assert_string_equal(text, "kept");
		assert_int_equal(number, 7);
		assert_int_equal(choice, 8);
		assert_int_equal(duration, 9);
		assert_int_equal(instant, 10);
		assert_int_equal(count, 1);
		assert_ptr_equal(texts, kept);
		assert_true(flag);
	}
	pool_free(&pool);
}

/* What each getter says about the one key `k` of a document. */
enum getter {
	TEXT,
	NEED,
	UNSIGNED,
	BOOL,
	DURATION,
	INSTANT,
	CHOICE,
	TEXTS
};

static int
get(enum getter getter, const struct tree *t, struct pool *pool,
    struct err *err)
{
	static const char *const colours[] = {"red", "green", NULL};
	const char *text, *const *texts;
	unsigned number;
	int64_t time;
	size_t count;
	bool flag;

	switch (getter) {
	case TEXT:
		return tree_want_text(t, "k", &text, err);
	case NEED:
		return tree_need_text(t, "k", &text, err);
	case UNSIGNED:
		return tree_want_unsigned(t, "k", 1, 9, &number, err);
	case BOOL:
		return tree_want_bool(t, "k", &flag, err);
	case DURATION:
		return tree_want_duration(t, "k", &time, err);
	case INSTANT:
		return tree_want_instant(t, "k", &time, err);
	case CHOICE:
		return tree_want_choice(t, "k", colours, &number, err);
	case TEXTS:
		return tree_want_texts(t, "k", pool, &texts, &count, err);
	}
	return 0;
}

static void
the_wrong_type_is_told_with_place_and_way_out(void **state)
{
	static const struct {
		enum getter getter;
		const char *text, *error;
	} cases[] = {
	    {TEXT, "k: true\n", "p:1:1: 'k' must be a text, not 'true'"},
	    {TEXT, "k: [a]\n", "p:1:1: 'k' must be a text, not a list"},
	    {TEXT, "k: {a: b}\n", "p:1:1: 'k' must be a text, not a mapping"},
	    {TEXT, "- k\n", "p:1:1: this must be a mapping, not a list"},
	    {TEXT, "k\n", "p:1:1: this must be a mapping, not 'k'"},
	    {NEED, "\na: b\n", "p:2:1: 'k' is missing"},
	    {NEED, "k:\n", "p:1:1: 'k' is missing"},
	    {NEED, "k: false\n", "p:1:1: 'k' must be a text, not 'false'"},
	    {UNSIGNED, "a: 1\nk: many\n",
	        "p:2:1: 'k' must be a whole number from 1 to 9, not 'many'"},
	    {UNSIGNED, "k: 0\n",
	        "p:1:1: 'k' must be a whole number from 1 to 9, not '0'"},
	    {UNSIGNED, "k: 10\n",
	        "p:1:1: 'k' must be a whole number from 1 to 9, not '10'"},
	    {UNSIGNED, "k: -1\n",
	        "p:1:1: 'k' must be a whole number from 1 to 9, not '-1'"},
	    {UNSIGNED, "k: 4294967297\n",
	        "p:1:1: 'k' must be a whole number from 1 to 9, not "
	        "'4294967297'"},
	    {UNSIGNED, "k: '1'\n",
	        "p:1:1: 'k' must be a whole number from 1 to 9, not '1' in "
	        "quotes"},
	    {UNSIGNED, "k: 1.0\n",
	        "p:1:1: 'k' must be a whole number from 1 to 9, not '1.0'"},
	    {BOOL, "k: yes\n", "p:1:1: 'k' must be true or false, not 'yes'"},
	    {BOOL, "k: 1\n", "p:1:1: 'k' must be true or false, not '1'"},
	    {BOOL, "k: \"true\"\n",
	        "p:1:1: 'k' must be true or false, not 'true' in quotes"},
	    {DURATION, "k: 30\n",
	        "p:1:1: 'k' must be a time such as 30m, 4h or 90d, at most "
	        "3650d, not '30'"},
	    {DURATION, "k: 4000d\n",
	        "p:1:1: 'k' must be a time such as 30m, 4h or 90d, at most "
	        "3650d, not '4000d'"},
	    {INSTANT, "k: 2026-02-30\n",
	        "p:1:1: 'k' must be a day such as 2026-12-31, or an instant "
	        "with its offset such as 2026-12-31T18:00:00Z, not "
	        "'2026-02-30'"},
	    {CHOICE, "k: blue\n",
	        "p:1:1: 'k' must be one of red, green, not 'blue'"},
	    {CHOICE, "k: true\n",
	        "p:1:1: 'k' must be one of red, green, not 'true'"},
	    {TEXTS, "k: {a: b}\n",
	        "p:1:1: 'k' must be a text or a list of texts, not a mapping"},
	    {TEXTS, "k: ''\n",
	        "p:1:1: 'k' must be a text or a list of texts, not '' in "
	        "quotes"},
	    {TEXTS, "k:\n  - a\n  - ''\n",
	        "p:3:5: this must be a text that is not empty, not '' in "
	        "quotes"},
	    {TEXTS, "k: [a, ~]\n",
	        "p:1:8: this must be a text that is not empty, not '~'"},
	    {TEXTS, "k: [a, [b]]\n",
	        "p:1:8: this must be a text that is not empty, not a list"},
	    {BOOL, "k: \"\\e[31m\\u202e\"\n",
	        "p:1:1: 'k' must be true or false, not '\\u{001B}[31m\\u{202E}'"
	        " in quotes"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pool pool = {0};
		const struct tree *t = NULL;
		struct err err = {0};

		assert_int_equal(tree_parse_yaml(&t, &pool, cases[i].text,
		                     strlen(cases[i].text), "p", &err),
		    0);
		if (get(cases[i].getter, t, &pool, &err) == 0)
			fail_msg("accepted: %s", cases[i].text);
		assert_string_equal(err.text, cases[i].error);
		assert_int_equal(err.kind, ERR_CONFIG);
		pool_free(&pool);
	}
}

static void
an_unknown_key_is_refused_with_the_known_ones(void **state)
{
	static const char *const keys[] = {"version", "gates", NULL};
	struct pool pool = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(tree_only(read_yaml(&pool, "version: 1\n"), keys,
	                     &err),
	    0);
	assert_int_equal(tree_only(read_yaml(&pool, "{}\n"), keys, &err), 0);
	assert_int_equal(
	    tree_only(read_yaml(&pool,
	                  "version: 1\ngates: {}\nGates:\n  a: 1\n"),
	        keys, &err),
	    -1);
	assert_string_equal(err.text,
	    "policy.yaml:3:1: no such key 'Gates' "
	    "(known here: version, gates)");
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(tree_only(read_yaml(&pool, "- version\n"), keys, &err),
	    -1);
	assert_string_equal(err.text,
	    "policy.yaml:1:1: this must be a mapping, not a list");
	assert_int_equal(tree_only(read_yaml(&pool, ""), keys, &err), -1);
	pool_free(&pool);
}

/* -1, and the error, for `open`, "1" and `close` with `n` levels. */
static int
parse_nested(const char *open, const char *close, int n, struct err *err)
{
	struct pool pool = {0};
	struct buf buf = {0};
	const struct tree *t;
	int ret;

	for (int i = 0; i < n; i++)
		buf_put(&buf, open);
	buf_put(&buf, "1");
	for (int i = 0; i < n; i++)
		buf_put(&buf, close);
	ret = tree_parse_yaml(&t, &pool, buf.data, buf.len, "p", err);
	buf_free(&buf);
	pool_free(&pool);
	return ret;
}

static void
depth_is_bounded_while_reading(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(parse_nested("[", "]", TREE_DEPTH_MAX, &err), 0);
	assert_int_equal(parse_nested("- ", "", TREE_DEPTH_MAX, &err), 0);
	assert_int_equal(parse_nested("{a: ", "}", TREE_DEPTH_MAX, &err), 0);
	assert_int_equal(parse_nested("[", "]", TREE_DEPTH_MAX + 1, &err), -1);
	assert_string_equal(err.text,
	    "p:1:33: the document is nested too deeply");
	assert_int_equal(parse_nested("- ", "", TREE_DEPTH_MAX + 1, &err), -1);
	assert_string_equal(err.text,
	    "p:1:65: the document is nested too deeply");
	assert_int_equal(parse_nested("{a: ", "}", TREE_DEPTH_MAX + 1, &err),
	    -1);
	/* Ended long before the million. */
	assert_int_equal(parse_nested("[", "", 1000000, &err), -1);
	assert_string_equal(err.text,
	    "p:1:33: the document is nested too deeply");
}

static void
the_number_of_values_is_bounded_while_reading(void **state)
{
	struct pool pool = {0};
	struct buf buf = {0};
	const struct tree *t;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < TREE_NODES_MAX - 1; i++)
		buf_put(&buf, "-\n");
	assert_int_equal(tree_parse_yaml(&t, &pool, buf.data, buf.len, "p",
	                     &err),
	    0);
	assert_int_equal(t->len, TREE_NODES_MAX - 1);
	buf_put(&buf, "-\n");
	assert_int_equal(tree_parse_yaml(&t, &pool, buf.data, buf.len, "p",
	                     &err),
	    -1);
	assert_string_equal(err.text,
	    "p:1000000:2: the document holds too many values");
	buf_free(&buf);
	pool_free(&pool);
}

static void
a_key_twice_is_found_among_very_many(void **state)
{
	struct pool pool = {0};
	struct buf buf = {0};
	const struct tree *t;
	struct err err = {0};

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		buf_printf(&buf, "k%u: 1\n", i * 7919 % 100000);
	assert_int_equal(tree_parse_yaml(&t, &pool, buf.data, buf.len, "p",
	                     &err),
	    0);
	buf_put(&buf, "k500: 1\n");
	assert_int_equal(tree_parse_yaml(&t, &pool, buf.data, buf.len, "p",
	                     &err),
	    -1);
	assert_memory_equal(err.text,
	    "p:100001:1: 'k500' stands here twice, first in line ", 52);
	buf_free(&buf);
	pool_free(&pool);
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
	memset(text, '\n', size);
	assert_int_equal(tree_parse_yaml(&t, &pool, text, size, "p", &err), -1);
	assert_string_equal(err.text, "p: more than 26214400 bytes");
	assert_int_equal(err.kind, ERR_CONFIG);
	free(text);
	pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_document_comes_out_with_its_places),
	    cmocka_unit_test(
	        an_empty_document_is_null_and_everything_in_it_absent),
	    cmocka_unit_test(
	        what_is_not_the_plain_core_is_refused_with_its_place),
	    cmocka_unit_test(what_is_malformed_is_refused_with_its_place),
	    cmocka_unit_test(characters_that_mislead_a_reader_are_refused),
	    cmocka_unit_test(what_misleads_nobody_is_read),
	    cmocka_unit_test(plain_scalars_are_what_the_header_says),
	    cmocka_unit_test(getters_take_what_fits_and_leave_the_rest_alone),
	    cmocka_unit_test(absent_and_null_leave_what_was_there),
	    cmocka_unit_test(the_wrong_type_is_told_with_place_and_way_out),
	    cmocka_unit_test(an_unknown_key_is_refused_with_the_known_ones),
	    cmocka_unit_test(depth_is_bounded_while_reading),
	    cmocka_unit_test(the_number_of_values_is_bounded_while_reading),
	    cmocka_unit_test(a_key_twice_is_found_among_very_many),
	    cmocka_unit_test(the_size_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
