#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "core/keeper.h"

static int
read(struct keepers *k, struct pool *pool, const char *text, struct err *err)
{
	const struct tree *t;

	if (tree_parse_yaml(&t, pool, text, strlen(text), "f", err) < 0)
		return -1;
	return keepers_read(k, pool, tree_get(t, "held"), err);
}

static void
each_kind_is_read_with_its_defaults(void **state)
{
	static const char text[] =
	    "held:\n"
	    "  - {name: away, kind: git, url: \"ssh://git@a.example/s.git\"}\n"
	    "  - {name: disk, kind: git, url: /srv/s.git, ref: refs/x/y}\n"
	    "  - {name: e, kind: https, url: \"https://e.example/\", "
	    "method: POST, token_file: /t, stale: 2h}\n"
	    "  - {name: here, kind: https, url: \"http://127.0.0.1:1/\"}\n"
	    "  - {name: c, kind: timestamp, url: \"http://c.example/\", "
	    "ca_file: /c.pem}\n";
	struct pool pool = {0};
	struct keepers k = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(read(&k, &pool, text, &err), 0);
	assert_int_equal(k.count, 5);
	assert_int_equal(k.list[0].kind, KEEPER_GIT);
	assert_string_equal(k.list[0].ref, "refs/heads/foureyes");
	assert_true(k.list[0].stale == KEEPER_STALE);
	assert_string_equal(k.list[1].ref, "refs/x/y");
	assert_true(k.list[2].post);
	assert_string_equal(k.list[2].token_file, "/t");
	assert_true(k.list[2].stale == 7200000);
	assert_false(k.list[3].post);
	assert_string_equal(k.list[4].ca_file, "/c.pem");
	assert_string_equal(keeper_kind_name(k.list[4].kind), "timestamp");
	pool_free(&pool);
}

static void
nobody_is_named_by_default(void **state)
{
	struct pool pool = {0};
	struct keepers k = {NULL, 7};
	struct err err = {0};

	(void)state;
	assert_int_equal(read(&k, &pool, "held: []\n", &err), 0);
	assert_int_equal(k.count, 0);
	assert_int_equal(read(&k, &pool, "x: 1\n", &err), 0);
	assert_int_equal(k.count, 0);
	pool_free(&pool);
}

/* Each of them leads a program to do something else, or gives a secret away. */
static void
what_leads_elsewhere_is_refused(void **state)
{
	static const char *const rows[] = {
	    "kind: git, url: \"ext::sh -c id\"",
	    "kind: git, url: \"--upload-pack=id\"",
	    "kind: git, url: \"http://a.example/s\"",
	    "kind: git, url: \"git://a.example/s\"",
	    "kind: git, url: \"https://u:p@a.example/s\"",
	    "kind: git, url: \"ssh://a.example/s x\"",
	    "kind: git, url: \"ssh://a.example/s\", ref: main",
	    "kind: git, url: \"ssh://a.example/s\", ref: \"refs/a:refs/b\"",
	    "kind: git, url: \"ssh://a.example/s\", token_file: /t",
	    "kind: git, url: \"ssh://a.example/s\", ca_file: /c",
	    "kind: git, url: relative/s.git",
	    "kind: https, url: \"http://e.example/\"",
	    "kind: https, url: \"http://127.0.0.1.e.example/\"",
	    "kind: https, url: \"http://localhost@e.example/\"",
	    "kind: https, url: \"https://u:p@e.example/\"",
	    "kind: https, url: \"file:///etc/passwd\"",
	    "kind: https, url: \"https://e.example/\", ref: refs/x",
	    "kind: https, url: \"https://e.example/\", method: DELETE",
	    "kind: timestamp, url: \"http://c.example/\"",
	    "kind: timestamp, url: \"ftp://c.example/\", ca_file: /c",
	    "kind: timestamp, url: \"http://c.example/\", ca_file: /c, "
	    "token_file: /t",
	    "kind: mail, url: \"https://e.example/\"",
	    "kind: https, url: \"https://e.example/\", stale: 1s",
	    "kind: https",
	    "url: \"https://e.example/\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pool pool = {0};
		struct keepers k = {0};
		struct err err = {0};
		const char *text =
		    pool_printf(&pool, "held:\n  - {name: a, %s}\n", rows[i]);

		if (read(&k, &pool, text, &err) == 0)
			fail_msg("taken: %s", rows[i]);
		assert_int_equal(err.kind, ERR_CONFIG);
		pool_free(&pool);
	}
}

static void
a_name_is_one_word_and_stands_once(void **state)
{
	static const char *const rows[] = {
	    "held:\n  - {name: ../a, kind: git, url: /x}\n",
	    "held:\n  - {name: .a, kind: git, url: /x}\n",
	    "held:\n  - {name: a, kind: git, url: /x}\n"
	    "  - {name: a, kind: git, url: /y}\n",
	    "held: {name: a, kind: git, url: /x}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pool pool = {0};
		struct keepers k = {0};
		struct err err = {0};

		assert_int_equal(read(&k, &pool, rows[i], &err), -1);
		pool_free(&pool);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_is_read_with_its_defaults),
	    cmocka_unit_test(nobody_is_named_by_default),
	    cmocka_unit_test(what_leads_elsewhere_is_refused),
	    cmocka_unit_test(a_name_is_one_word_and_stands_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
