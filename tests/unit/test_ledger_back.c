/*
 * From the end: the same lines in the other order, no more of them read than
 * wanted, and nothing passed over that does not add up.
 */
#include "test_ledger.h"

#include "edge/ledger_back.h"

#define MANY 40

/* A ledger of so many records, in segments of some bytes. */
static void
fill(int count, uint64_t segment)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err = {0};

	ledger_segment_size(l, segment);
	for (int n = 1; n <= count; n++)
		if (append_one(l, n, &err) < 0)
			fail_msg("%s", err.text);
	ledger_close(l);
}

static int
back(struct seen *s, uint64_t stop_at, uint64_t *bytes)
{
	struct ledger *l = opened(LEDGER_READ);
	struct err err = {0};
	int ret;

	*s = (struct seen){.stop_at = stop_at};
	ret = ledger_back(l, note, s, bytes, &err);
	assert_true(ret == 0 || err.kind == ERR_TAMPERED);
	ledger_close(l);
	return ret;
}

static void
it_shows_what_a_walk_shows_in_the_other_order(void **state)
{
	static const uint64_t sizes[] = {1, 200, 1000, 1u << 20};
	static struct seen walk, s;

	(void)state;
	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		assert_int_equal(no_ledger(NULL), 0);
		assert_int_equal(new_ledger(NULL), 0);
		fill(MANY, sizes[k]);
		walked(&walk);
		assert_int_equal(back(&s, 0, NULL), 0);
		assert_int_equal(s.count, walk.count);
		for (size_t i = 0; i < s.count; i++)
			assert_memory_equal(&s.mark[i],
			    &walk.mark[walk.count - 1 - i], sizeof(s.mark[i]));
	}
}

static void
the_last_lines_cost_the_same_of_any_length(void **state)
{
	uint64_t few, many;
	static struct seen s;

	(void)state;
	fill(20, 2000);
	assert_int_equal(back(&s, 18, &few), 0);
	assert_int_equal(s.count, 3);
	append_many(21, 400);
	assert_int_equal(back(&s, 398, &many), 0);
	assert_int_equal(s.count, 3);
	assert_in_range(many, 1, LEDGER_BACK_BLOCK);
	assert_in_range(few, 1, 4000);
}

static void
a_line_longer_than_what_is_looked_at_is_shown(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	size_t len = 3 * LEDGER_BACK_BLOCK;
	char *text = malloc(len);
	struct ledger_body body = {text, len};
	static struct seen s;
	struct err err = {0};

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	memcpy(text, "\"type\":\"observation\",\"text\":\"", 28);
	memcpy(text + len - 2, "\"}", 2);
	assert_int_equal(ledger_append(l, &body, 1, NOON, NULL, &err), 0);
	ledger_close(l);
	append_many(2, 4);
	assert_int_equal(back(&s, 0, NULL), 0);
	assert_int_equal(s.count, 4);
	assert_int_equal(s.mark[3].seq, 1);
	assert_in_range(s.mark[3].length, len, len + CHAIN_HEAD_MAX);
	free(text);
}

/* Every byte of it. */
static void
what_was_altered_is_not_shown(void **state)
{
	static struct seen s;
	struct buf all;

	(void)state;
	append_many(1, 5);
	all = slurp(in_dir(SEGMENT));
	for (size_t i = 0; i < all.len; i++) {
		all.data[i] ^= 1;
		spill(in_dir(SEGMENT), all.data, all.len);
		/* The newest is named by nobody yet. */
		if (back(&s, 0, NULL) == 0)
			assert_true(i >= s.mark[0].offset);
		all.data[i] ^= 1;
	}
	buf_free(&all);
}

static void
a_torn_tail_and_a_lost_beginning_are_for_the_walk(void **state)
{
	static struct seen s;
	struct buf all;

	(void)state;
	fill(40, 1000);
	assert_int_equal(unlink(in_dir(SEGMENT)), 0);
	assert_int_equal(back(&s, 0, NULL), -1);
	assert_int_equal(back(&s, 38, NULL), 0);
	assert_int_equal(no_ledger(NULL), 0);
	assert_int_equal(new_ledger(NULL), 0);
	append_many(1, 5);
	all = slurp(in_dir(SEGMENT));
	spill(in_dir(SEGMENT), all.data, all.len - 1);
	assert_int_equal(back(&s, 0, NULL), -1);
	buf_free(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
	        it_shows_what_a_walk_shows_in_the_other_order, new_ledger,
	        no_ledger),
	    cmocka_unit_test_setup_teardown(
	        the_last_lines_cost_the_same_of_any_length, new_ledger,
	        no_ledger),
	    cmocka_unit_test_setup_teardown(
	        a_line_longer_than_what_is_looked_at_is_shown, new_ledger,
	        no_ledger),
	    cmocka_unit_test_setup_teardown(what_was_altered_is_not_shown,
	        new_ledger, no_ledger),
	    cmocka_unit_test_setup_teardown(
	        a_torn_tail_and_a_lost_beginning_are_for_the_walk, new_ledger,
	        no_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
