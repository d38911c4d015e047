#include "payload_cases.h"

/* What generic sources sends. */
static const struct payload_case files[] = {
    {NULL, "deployment", NULL, NULL},
    {NULL, "status", NULL, NULL},
};

static const struct payload_case inline_cases[] = {
    {NULL, "no type", "{\"repository\":\"payments\"}",
        "error: an event without a usable type (deployment, status)\n"},
    {NULL, "another type",
        "{\"type\":\"approval\",\"repository\":"
        "\"payments\"}",
        "error: approval event without a usable type (deployment, "
        "status)\n"},
    {NULL, "no repository", "{\"type\":\"status\"}",
        "error: status event without a usable repository\n"},
    {NULL, "a deployment that is not over",
        "{\"type\":\"deployment\",\"repository\":\"p\",\"environment\":"
        "\"e\",\"commit\":\"1111111111111111111111111111111111111111\","
        "\"result\":\"pending\"}",
        "error: deployment event without a usable result (success, "
        "failure)\n"},
    {NULL, "an abbreviated commit",
        "{\"type\":\"deployment\",\"repository\":\"p\",\"environment\":"
        "\"e\",\"commit\":\"1111111\",\"result\":\"success\"}",
        "error: deployment event without a usable commit\n"},
    {NULL, "no environment", "{\"type\":\"deployment\",\"repository\":\"p\"}",
        "error: deployment event without a usable environment\n"},
    {NULL, "no context", "{\"type\":\"status\",\"repository\":\"p\"}",
        "error: status event without a usable context\n"},
    {NULL, "a list", "[]", "error: the body is no mapping\n"},
};

static void
each_body_is_read_for_what_it_says(void **state)
{
	(void)state;
	check_cases(SOURCE_GENERIC, files, COUNT(files));
}

static void
what_is_odd_is_refused_or_counts_for_nobody(void **state)
{
	(void)state;
	check_cases(SOURCE_GENERIC, inline_cases, COUNT(inline_cases));
}

static void
every_kind_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = SOURCE_GITHUB; i <= SOURCE_GENERIC; i++) {
		assert_non_null(source_kind_names[i]);
		for (int k = SOURCE_GITHUB; k < i; k++)
			assert_string_not_equal(source_kind_names[i],
			    source_kind_names[k]);
	}
	assert_null(source_kind_names[SOURCE_GENERIC + 1]);
	assert_string_equal(source_kind_name((enum source_kind)99), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_body_is_read_for_what_it_says),
	    cmocka_unit_test(what_is_odd_is_refused_or_counts_for_nobody),
	    cmocka_unit_test(every_kind_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
