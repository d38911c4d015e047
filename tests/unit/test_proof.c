#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "core/proof.h"

#define A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define HEAD "c2sp.org/tlog-proof@v1\n"
#define NOTE "example.com/foureyes\n8\n" A "\n\xe2\x80\x94 x AAAAAAAA\n"

static int
parse(struct proof *p, struct pool *pool, const char *text)
{
	struct err err = {0};
	int ret = proof_parse(p, pool, text, strlen(text), &err);

	assert_int_equal(ret == 0, err.kind == ERR_NONE);
	return ret;
}

static void
what_was_written_is_read_back(void **state)
{
	static const char *const rows[] = {
	    HEAD "extra e30=\nindex 0\n\n" NOTE,
	    HEAD "extra e30=\nindex 73894\n" A A "\n" NOTE,
	    "old 0\n\n" NOTE,
	    "old 20852163\n" A A A "\n" NOTE,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pool pool = {0};
		struct buf again = {0};
		struct proof p;

		assert_int_equal(parse(&p, &pool, rows[i]), 0);
		assert_int_equal(p.line != NULL, i < 2);
		proof_write(&again, &p);
		assert_string_equal(buf_text(&again), rows[i]);
		buf_free(&again);
		pool_free(&pool);
	}
}

static void
what_is_not_quite_a_proof_is_refused(void **state)
{
	static const char *const rows[] = {
	    "",
	    "c2sp.org/tlog-proof@v1",
	    HEAD,
	    "c2sp.org/tlog-proof@v2\nextra e30=\nindex 0\n\n" NOTE,
	    HEAD "index 0\n\n" NOTE,
	    HEAD "extra \nindex 0\n\n" NOTE,
	    HEAD "extra e30\nindex 0\n\n" NOTE,
	    HEAD "extra  e30=\nindex 0\n\n" NOTE,
	    HEAD "extra e30=\r\nindex 0\n\n" NOTE,
	    HEAD "extra e30=\nindex \n\n" NOTE,
	    HEAD "extra e30=\nindex 00\n\n" NOTE,
	    HEAD "extra e30=\nindex -1\n\n" NOTE,
	    HEAD "extra e30=\nindex +1\n\n" NOTE,
	    HEAD "extra e30=\nindex 1 \n\n" NOTE,
	    HEAD "extra e30=\nindex 18446744073709551616\n\n" NOTE,
	    HEAD "extra e30=\nindex 0\nAAAA\n\n" NOTE,
	    HEAD "extra e30=\nindex 0\n" NOTE,
	    HEAD "extra e30=\nindex 0\n" A,
	    HEAD "extra e30=\nindex 0\n" A "\n",
	    "old 1" A "\n" NOTE,
	    "old\n" A "\n" NOTE,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pool pool = {0};
		struct proof p;

		if (parse(&p, &pool, rows[i]) == 0)
			fail_msg("taken: %s", rows[i]);
		pool_free(&pool);
	}
}

static void
more_hashes_than_a_tree_is_high_are_refused(void **state)
{
	struct pool pool = {0};
	struct buf text = {0};
	struct proof p;

	(void)state;
	buf_put(&text, "old 1\n");
	for (size_t i = 0; i < MERKLE_PROOF_MAX; i++)
		buf_put(&text, A);
	buf_put(&text, "\n" NOTE);
	assert_int_equal(parse(&p, &pool, buf_text(&text)), 0);
	buf_clear(&text);
	buf_put(&text, "old 1\n");
	for (size_t i = 0; i <= MERKLE_PROOF_MAX; i++)
		buf_put(&text, A);
	buf_put(&text, "\n" NOTE);
	assert_int_equal(parse(&p, &pool, buf_text(&text)), -1);
	buf_free(&text);
	pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_written_is_read_back),
	    cmocka_unit_test(what_is_not_quite_a_proof_is_refused),
	    cmocka_unit_test(more_hashes_than_a_tree_is_high_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
