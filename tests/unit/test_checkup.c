#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "core/checkup.h"
#include "core/topics.h"

static void
ids_are_found_and_stand_once(void **state)
{
	const struct check_kind *kind;

	(void)state;
	for (size_t i = 0; (kind = check_kind_at(i)) != NULL; i++) {
		assert_ptr_equal(check_kind(kind->id), kind);
		assert_true(strchr(kind->id, '.') != NULL);
		assert_true(strlen(kind->purpose) > 0);
	}
	assert_null(check_kind("hook.no-such"));
	assert_null(check_kind(NULL));
}

static void
states_have_words_and_nothing_else_is_one(void **state)
{
	(void)state;
	for (enum check_state s = CHECK_PASS; s <= CHECK_GONE; s++)
		assert_int_equal(check_state_of(check_state_word(s)), s);
	assert_int_equal(check_state_of("none"), CHECK_NONE);
	assert_int_equal(check_state_of("Pass"), CHECK_NONE);
	assert_int_equal(check_state_of(NULL), CHECK_NONE);
}

static void
a_change_is_a_record_that_is_found_again(void **state)
{
	const struct check_change change = {.check = "hook.there",
	    .repository = "payments",
	    .subject = "payments",
	    .state = CHECK_FAIL,
	    .was = CHECK_PASS,
	    .text = "there is no such hook",
	    .since = 1795564800000,
	    .since_record = 9,
	    .witness = "watch",
	    .by = {.account = "root"}};
	static const char wanted[] =
	    "\"type\":\"drift\",\"check\":\"hook.there\","
	    "\"repository\":\"payments\",\"subject\":\"payments\","
	    "\"state\":\"fail\",\"was\":\"pass\",\"severe\":true,"
	    "\"text\":\"there is no such hook\",\"witness\":\"watch\","
	    "\"since\":\"2026-11-25T00:00:00.000Z\",\"since_record\":9,"
	    "\"by\":{\"account\":\"root\",\"person\":null,"
	    "\"in_order\":false}}";
	const char *const *topics;
	const struct tree *record;
	struct buf body = {0};
	struct pool pool = {0};
	struct err err;
	size_t count;

	(void)state;
	record_checked(&body, &change);
	assert_string_equal(buf_text(&body), wanted);
	assert_int_equal(tree_parse_json(&record, &pool,
	                     pool_printf(&pool, "{%s", buf_text(&body)),
	                     body.len + 1, "body", &err),
	    0);
	topics_of(&pool, record, &topics, &count);
	assert_int_equal(count, 1);
	assert_string_equal(topics[0], topic_checks());
	pool_free(&pool);
	buf_free(&body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ids_are_found_and_stand_once),
	    cmocka_unit_test(states_have_words_and_nothing_else_is_one),
	    cmocka_unit_test(a_change_is_a_record_that_is_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
