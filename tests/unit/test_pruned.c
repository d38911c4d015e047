#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/pruned.h"
#include "core/record.h"

/* The first `count` of some lines are gone. */
static struct pruned
some(uint64_t count)
{
	struct pruned p = {.last = count};
	unsigned char leaf[DIGEST_SIZE];

	for (uint64_t i = 0; i < count; i++) {
		merkle_leaf(leaf, &i, sizeof(i));
		merkle_add(&p.tree, leaf);
		memcpy(p.digest, leaf, DIGEST_SIZE);
	}
	return p;
}

static void
what_is_written_is_read_again(void **state)
{
	static const uint64_t counts[] = {1, 2, 5, 64, 1000};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct pruned p = some(counts[i]), again;
		struct buf text = {0};

		pruned_write(&text, &p);
		assert_int_equal(pruned_read(&again, text.data, text.len, &err),
		    0);
		assert_true(pruned_same(&p, &again));
		/* And nothing else is: not one byte more, less or other. */
		assert_int_equal(pruned_read(&again, text.data, text.len - 1,
		                     &err),
		    -1);
		for (size_t at = 0; at < text.len; at++) {
			char kept = text.data[at];

			text.data[at] = 'A';
			assert_int_equal(pruned_read(&again, text.data,
			                     text.len, &err),
			    -1);
			assert_int_equal(again.last, 0);
			text.data[at] = kept;
		}
		buf_char(&text, '\n');
		assert_int_equal(pruned_read(&again, text.data, text.len, &err),
		    -1);
		buf_free(&text);
	}
}

static void
a_ledger_goes_on_from_what_is_left(void **state)
{
	struct pruned p = some(11);
	struct merkle whole = some(37).tree, rest = p.tree;
	unsigned char leaf[DIGEST_SIZE], a[DIGEST_SIZE], b[DIGEST_SIZE];

	(void)state;
	for (uint64_t i = 11; i < 37; i++) {
		merkle_leaf(leaf, &i, sizeof(i));
		merkle_add(&rest, leaf);
	}
	merkle_root(a, &whole);
	merkle_root(b, &rest);
	assert_memory_equal(a, b, DIGEST_SIZE);
}

static void
each_part_alone_makes_another_beginning(void **state)
{
	struct pruned p = some(11), q = p;

	(void)state;
	assert_true(pruned_same(&p, &q));
	q.digest[3] ^= 1;
	assert_false(pruned_same(&p, &q));
	q = p;
	q.tree.node[1][0] ^= 1;
	assert_false(pruned_same(&p, &q));
	q = p;
	q.tree.node[2][0] ^= 1; /* no subtree of eleven */
	assert_true(pruned_same(&p, &q));
	q = p;
	q.last++;
	assert_false(pruned_same(&p, &q));
}

static void
the_statement_says_all_that_goes(void **state)
{
	struct pruning p = {.origin = "example.com/foureyes",
	    .first = 3,
	    .from = 1000,
	    .to = 2000,
	    .before = some(2),
	    .after = some(5)};
	struct buf text = {0};
	uint64_t first, last;

	(void)state;
	pruning_statement(&text, &p);
	assert_non_null(strstr(text.data,
	    "foureyes prune 1\nrecords 3 to 5\norigin example.com/foureyes\n"
	    "times 1970-01-01T00:00:01.000Z to 1970-01-01T00:00:02.000Z\n"
	    "prev "));
	assert_true(pruning_span(text.data, text.len, &first, &last));
	assert_int_equal(first, 3);
	assert_int_equal(last, 5);
	buf_free(&text);
	assert_false(pruning_span("foureyes prune 1\nrecords 5 to 3\n", 33,
	    &first, &last));
	assert_false(pruning_span("foureyes prune 1\nrecords 05 to 7\n", 34,
	    &first, &last));
	assert_false(pruning_span("records 5 to 7\n", 15, &first, &last));
}

#define HEAD                                                                   \
	"{\"v\":1,\"seq\":7,\"time\":\"2026-11-25T00:00:00.000Z\",\"prev\":"   \
	"\"0000000000000000000000000000000000000000000000000000000000000000\","

static void
a_copy_says_what_it_is_a_copy_of(void **state)
{
	static const char line[] = HEAD "\"type\":\"key\",\"public\":\"x\"}";
	static const char *const others[] = {
	    line,
	    HEAD "\"type\":\"key\",\"text\":\",\\\"carried\\\":7,"
	         "\\\"carried_time\\\":\\\"2026-11-25T00:00:00.000Z\"}",
	    HEAD "\"type\":\"key\",\"by\":{\"a\":1,\"carried\":7,"
	         "\"carried_time\":\"2026-11-25T00:00:00.000Z\"}}",
	    HEAD "\"type\":\"key\",\"carried\":0,"
	         "\"carried_time\":\"2026-11-25T00:00:00.000Z\"}",
	};
	struct buf body = {0}, copy = {0};
	uint64_t seq;

	(void)state;
	record_carried(&body, line, strlen(line), 1234, 1000);
	assert_string_equal(body.data,
	    "\"type\":\"key\",\"public\":\"x\",\"carried\":1234,"
	    "\"carried_time\":\"1970-01-01T00:00:01.000Z\"}");
	buf_printf(&copy, "%s%s", HEAD, body.data);
	assert_true(record_is_carried(copy.data, copy.len, &seq));
	assert_int_equal(seq, 1234);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(
		    record_is_carried(others[i], strlen(others[i]), &seq));
	buf_free(&body);
	buf_free(&copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_is_read_again),
	    cmocka_unit_test(a_ledger_goes_on_from_what_is_left),
	    cmocka_unit_test(each_part_alone_makes_another_beginning),
	    cmocka_unit_test(the_statement_says_all_that_goes),
	    cmocka_unit_test(a_copy_says_what_it_is_a_copy_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
