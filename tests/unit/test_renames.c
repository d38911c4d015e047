#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "core/renames.h"
#include "core/topics.h"

#define EVER UINT64_MAX

/*
 * a becomes b, b becomes c; a new a; that becomes d, and d becomes a again.
 */
static struct rename list[] = {
    {10, "a", "b"},
    {20, "b", "c"},
    {30, "a", "d"},
    {40, "d", "a"},
};
static const struct renames all = {list, sizeof(list) / sizeof(list[0])};

static const struct {
	const char *name;
	struct rename_span spans[4];
} cases[] = {
    {"x", {{"x", 0, EVER}}},
    {"c", {{"c", 0, EVER}, {"b", 0, 20}, {"a", 0, 10}}},
    /* Whose name it was before is not who has it now. */
    {"b", {{"b", 20, EVER}}},
    {"a", {{"a", 30, EVER}, {"d", 0, 40}, {"a", 10, 30}}},
    {"d", {{"d", 40, EVER}}},
};

static void
a_repository_is_found_under_all_names_it_had(void **state)
{
	struct rename_span spans[RENAMES_SPANS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t count = renames_spans(&all, cases[i].name, spans), n = 0;

		for (; n < 4 && cases[i].spans[n].name != NULL; n++) {
			assert_true(n < count);
			assert_string_equal(spans[n].name,
			    cases[i].spans[n].name);
			assert_int_equal(spans[n].after,
			    cases[i].spans[n].after);
			assert_int_equal(spans[n].before,
			    cases[i].spans[n].before);
		}
		assert_int_equal(count, n);
	}
}

static void
a_record_is_called_as_its_repository_is_now(void **state)
{
	static const struct {
		const char *then;
		uint64_t seq;
		const char *now;
	} rows[] = {
	    {"a", 5, "c"}, {"b", 15, "c"}, {"c", 25, "c"},
	    {"a", 15, "a"}, /* the new one: d meanwhile, and a again */
	    {"d", 35, "a"}, {"a", 45, "a"},
	    {"b", 25, "b"}, /* nobody's history */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(renames_now(&all, rows[i].then,
		                        rows[i].seq),
		    rows[i].now);
}

static void
names_that_go_round_end(void **state)
{
	struct rename round[2 * RENAMES_SPANS_MAX];
	struct renames many = {round, 2 * RENAMES_SPANS_MAX};
	struct rename_span spans[RENAMES_SPANS_MAX];

	(void)state;
	for (size_t i = 0; i < many.count; i++)
		round[i] = (struct rename){i + 1, i % 2 == 0 ? "a" : "b",
		    i % 2 == 0 ? "b" : "a"};
	assert_int_equal(renames_spans(&many, "a", spans), RENAMES_SPANS_MAX);
	assert_string_equal(renames_now(&many, "a", 0), "a");
}

static void
only_the_name_of_a_record_is_another(void **state)
{
	static const char text[] = "{\"seq\":7,\"repository\":\"a\",\"ref\":"
	                           "\"refs/heads/main\"}";
	struct pool pool = {0};
	struct err err = {0};
	const struct tree *record, *called;

	(void)state;
	assert_int_equal(tree_parse_json(&record, &pool, text, strlen(text),
	                     "t", &err),
	    0);
	called = renames_record(&pool, record, "bcd");
	assert_string_equal(tree_text(called, "repository"), "bcd");
	assert_string_equal(tree_text(called, "ref"), "refs/heads/main");
	assert_int_equal(tree_number(called, "seq"), 7);
	assert_string_equal(tree_text(record, "repository"), "a");
	pool_free(&pool);
}

/* Every topic that is of a repository is known to be, and no other. */
static void
topics_tell_their_repository(void **state)
{
	struct pool pool = {0}, *p = &pool;
	const char *const of_one[] = {topic_approval(p, "r/s", "c"),
	    topic_approvals(p, "r/s", "t"), topic_against(p, "r/s", "t"),
	    topic_declared(p, "r/s", "c"), topic_deployment(p, "r/s", "e", "c"),
	    topic_request(p, "r/s", "s", "1"), topic_request_id(p, "r/s", "i"),
	    topic_head(p, "r/s", "c"), topic_requests(p, "r/s", "t"),
	    topic_status(p, "r/s", "c"), topic_moved(p, "r/s", "ref"),
	    topic_queued(p, "r/s"), topic_protection(p, "r/s"),
	    topic_decision(p, "r/s", "ref"), topic_tip(p, "r/s", "ref"),
	    topic_landed(p, "r/s", "g", "c"), topic_adopted(p, "r/s", "g"),
	    topic_tips(p, "r/s"), topic_born(p, "r/s"),
	    topic_unjudged(p, "r/s", "g"), topic_owed(p, "r/s", "g"),
	    topic_posted(p, "r/s", "c"), topic_drift(p, "r/s", "ref"),
	    topic_changes(p, "r/s", NULL), topic_changes(p, "r/s", "g")};
	const char *const of_none[] = {topic_received(p, "r/s"),
	    topic_patch(p, "r/s"), topic_statement(p, "r/s"),
	    topic_delivery(p, "r/s", "i"), topic_body(p, "r/s", "d"),
	    topic_heard(p, "r/s"), topic_used(p, 7), topic_reviewed(p, 7),
	    topic_text(p, "policy"), topic_change(p, "r/s/g/c"),
	    topic_lands(p, 7), topic_commit(p, "r/s"), topic_all_born(),
	    topic_all_unjudged(), topic_all_owed(), topic_all_renamed(),
	    topic_numbered(p, "gitea:7"), topic_checks(),
	    topic_changes(p, NULL, NULL)};
	size_t at, len;

	(void)state;
	for (size_t i = 0; i < sizeof(of_one) / sizeof(of_one[0]); i++) {
		assert_true(topic_repository(of_one[i], &at, &len));
		assert_int_equal(len, 3);
		assert_memory_equal(of_one[i] + at, "r/s", 3);
	}
	for (size_t i = 0; i < sizeof(of_none) / sizeof(of_none[0]); i++)
		assert_false(topic_repository(of_none[i], &at, &len));
	pool_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_repository_is_found_under_all_names_it_had),
	    cmocka_unit_test(a_record_is_called_as_its_repository_is_now),
	    cmocka_unit_test(names_that_go_round_end),
	    cmocka_unit_test(only_the_name_of_a_record_is_another),
	    cmocka_unit_test(topics_tell_their_repository),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
