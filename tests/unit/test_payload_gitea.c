#include "payload_cases.h"

/* What Gitea and Forgejo sends. */
static const struct payload_case files[] = {
    {"issue_comment", "comment.created", NULL, NULL},
    {"issue_comment", "comment.edited", NULL, NULL},
    {"issue_comment", "comment.on_issue", NULL, NULL},
    {"pull_request", "pull_request.from_fork", NULL, NULL},
    {"pull_request_label", "pull_request.label", NULL, NULL},
    {"pull_request", "pull_request.merged", NULL, NULL},
    {"pull_request", "pull_request.opened", NULL, NULL},
    {"pull_request", "pull_request.retargeted", NULL, NULL},
    {"pull_request", "pull_request.synchronized", NULL, NULL},
    {"push", "push", NULL, NULL},
    {"pull_request_approved", "review.actions", NULL, NULL},
    {"pull_request_approved", "review.approved", NULL, NULL},
    {"pull_request_comment", "review.comment", NULL, NULL},
    {"pull_request_approved", "review.ghost", NULL, NULL},
    {"pull_request_rejected", "review.rejected", NULL, NULL},
    {"status", "status", NULL, NULL},
    {"status", "status.warning", NULL, NULL},
};

static const struct payload_case inline_cases[] = {
    {"pull_request_review_approved", "the more exact header does as well",
        "{\"action\":\"reviewed\",\"review\":{\"type\":"
        "\"pull_request_review_approved\"},\"pull_request\":{\"number\":"
        "2},\"sender\":{\"login\":\"bob\",\"id\":5},\"repository\":"
        "{\"full_name\":\"a/b\"}}",
        "review in=a/b action=reviewed actor=bob(5) ask request=2 "
        "decision=approve\n"},
    {"pull_request_approved", "the body's type counts",
        "{\"action\":\"reviewed\",\"review\":{\"type\":"
        "\"pull_request_review_rejected\"},\"pull_request\":{\"number\":"
        "2},\"sender\":null,\"repository\":{\"full_name\":\"a/b\"}}",
        "review in=a/b action=reviewed ask request=2 decision=object\n"},
    {"wiki", "an event nobody needs", "{}",
        "ignored: it is about issues, wikis, releases or packages\n"},
    {"unheard_of", "an event nobody knows", "{}",
        "ignored: an event that is not known\n"},
    {"push", "no repository", "{\"ref\":\"refs/heads/main\"}",
        "error: push event without a usable name of the repository\n"},
};

static void
each_body_is_read_for_what_it_says(void **state)
{
	(void)state;
	check_cases(SOURCE_GITEA, files, COUNT(files));
}

static void
what_is_odd_is_refused_or_counts_for_nobody(void **state)
{
	(void)state;
	check_cases(SOURCE_GITEA, inline_cases, COUNT(inline_cases));
}

static void
forgejo_is_read_as_gitea_is(void **state)
{
	char *told = told_of(SOURCE_FORGEJO, "wiki", "{}");

	(void)state;
	assert_string_equal(told,
	    "ignored: it is about issues, wikis, releases or packages\n");
	assert_string_equal(source_kind_name(SOURCE_FORGEJO), "forgejo");
	free(told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_body_is_read_for_what_it_says),
	    cmocka_unit_test(what_is_odd_is_refused_or_counts_for_nobody),
	    cmocka_unit_test(forgejo_is_read_as_gitea_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
