#include "payload_cases.h"

/* What Bitbucket Data Center sends. */
static const struct payload_case files[] = {
    {NULL, "comment.added", NULL, NULL},
    {NULL, "comment.edited", NULL, NULL},
    {NULL, "modified", NULL, NULL},
    {NULL, "ping", NULL, NULL},
    {NULL, "pr.merged", NULL, NULL},
    {NULL, "pr.opened", NULL, NULL},
    {NULL, "pr.retargeted", NULL, NULL},
    {NULL, "refs_changed", NULL, NULL},
    {NULL, "reviewer.approved", NULL, NULL},
    {NULL, "reviewer.changes_requested", NULL, NULL},
    {NULL, "reviewer.needs_work", NULL, NULL},
    {NULL, "reviewer.no_commit", NULL, NULL},
    {NULL, "reviewer.unapproved", NULL, NULL},
};

static const struct payload_case inline_cases[] = {
    {"diagnostics:ping", "a ping by its header", "{}", "ignored: a ping\n"},
    {"pr:reviewer:approved", "the body's word counts, not the header's",
        "{\"eventKey\":\"pr:reviewer:unapproved\",\"pullRequest\":{\"id\":"
        "2,\"toRef\":{\"repository\":{\"slug\":\"b\",\"project\":{\"key\":"
        "\"A\"}}}}}",
        "review in=A/b action=pr:reviewer:unapproved ask request=2 "
        "decision=withdraw\n"},
    {"unheard:of", "an event nobody knows", "{}",
        "ignored: an event that is not known\n"},
};

static void
each_body_is_read_for_what_it_says(void **state)
{
	(void)state;
	check_cases(SOURCE_BITBUCKET_DC, files, COUNT(files));
}

static void
what_is_odd_is_refused_or_counts_for_nobody(void **state)
{
	(void)state;
	check_cases(SOURCE_BITBUCKET_DC, inline_cases, COUNT(inline_cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_body_is_read_for_what_it_says),
	    cmocka_unit_test(what_is_odd_is_refused_or_counts_for_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
