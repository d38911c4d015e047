/* receiver_known: what is added is found until the index knows it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/receiver_known.h"

/* As spread as digests are. */
static int64_t
topic(uint64_t n)
{
	return (int64_t)(n * 0x9e3779b97f4a7c15U);
}

static void
what_is_added_is_found_and_the_first_record_stays(void **state)
{
	struct receiver_known k = {0};

	(void)state;
	assert_int_equal(receiver_known_seq(&k, 5), 0);
	assert_true(receiver_known_add(&k, 5, 17));
	assert_true(receiver_known_add(&k, 5, 18));
	assert_true(receiver_known_add(&k, -5, 19));
	assert_true(receiver_known_add(&k, 0, 20));
	assert_int_equal(receiver_known_seq(&k, 5), 17);
	assert_int_equal(receiver_known_seq(&k, -5), 19);
	assert_int_equal(receiver_known_seq(&k, 0), 20);
	assert_int_equal(receiver_known_seq(&k, 6), 0);
	receiver_known_forget(&k);
	assert_int_equal(receiver_known_seq(&k, 5), 0);
}

static void
a_half_is_dropped_only_when_the_index_goes_as_far(void **state)
{
	struct receiver_known k = {0};

	(void)state;
	assert_true(receiver_known_add(&k, 1, 10));
	receiver_known_turn(&k, 9, 10);
	assert_true(receiver_known_add(&k, 2, 11));
	/* Behind the first half, not as far as it. */
	receiver_known_turn(&k, 9, 11);
	assert_int_equal(receiver_known_seq(&k, 1), 10);
	assert_int_equal(receiver_known_seq(&k, 2), 11);
	/* Known as before, though the half is the old one now. */
	assert_true(receiver_known_add(&k, 1, 12));
	assert_int_equal(receiver_known_seq(&k, 1), 10);
	receiver_known_turn(&k, 10, 11);
	assert_int_equal(receiver_known_seq(&k, 1), 0);
	assert_int_equal(receiver_known_seq(&k, 2), 11);
	receiver_known_turn(&k, 11, 11);
	assert_int_equal(receiver_known_seq(&k, 2), 0);
	/* What the index knows already makes no old half. */
	assert_true(receiver_known_add(&k, 3, 12));
	receiver_known_turn(&k, 12, 12);
	assert_int_equal(receiver_known_seq(&k, 3), 0);
	receiver_known_forget(&k);
}

static void
a_half_takes_so_many_and_no_more(void **state)
{
	struct receiver_known k = {0};

	(void)state;
	assert_int_equal(receiver_known_room(&k), RECEIVER_KNOWN_MAX);
	for (uint64_t i = 0; i < RECEIVER_KNOWN_MAX; i++)
		assert_true(receiver_known_add(&k, topic(i), i + 1));
	assert_int_equal(receiver_known_room(&k), 0);
	assert_false(receiver_known_add(&k, topic(RECEIVER_KNOWN_MAX), 99));
	assert_true(receiver_known_add(&k, topic(1), 99));
	for (uint64_t i = 0; i < RECEIVER_KNOWN_MAX; i++)
		assert_int_equal(receiver_known_seq(&k, topic(i)), i + 1);
	receiver_known_turn(&k, 0, RECEIVER_KNOWN_MAX);
	assert_int_equal(receiver_known_room(&k), RECEIVER_KNOWN_MAX);
	assert_true(receiver_known_add(&k, topic(RECEIVER_KNOWN_MAX), 99));
	receiver_known_forget(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_added_is_found_and_the_first_record_stays),
	    cmocka_unit_test(a_half_is_dropped_only_when_the_index_goes_as_far),
	    cmocka_unit_test(a_half_takes_so_many_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
