#include "payload_cases.h"

#define TEN "xxxxxxxxxx"
#define FIFTY TEN TEN TEN TEN TEN
#define LONG FIFTY FIFTY FIFTY FIFTY FIFTY TEN

/* What GitHub sends. */
static const struct payload_case files[] = {
    {"check_run", "check_run.queued", NULL, NULL},
    {"check_run", "check_run.rerequested", NULL, NULL},
    {"check_run", "check_run.skipped", NULL, NULL},
    {"check_run", "check_run.success", NULL, NULL},
    {"check_run", "check_run.unheard_of", NULL, NULL},
    {"issue_comment", "comment.created", NULL, NULL},
    {"issue_comment", "comment.deleted", NULL, NULL},
    {"issue_comment", "comment.edited", NULL, NULL},
    {"issue_comment", "comment.on_issue", NULL, NULL},
    {"issue_comment", "comment.on_merged", NULL, NULL},
    {"branch_protection_configuration", "configuration.disabled", NULL, NULL},
    {"deploy_key", "deploy_key.created", NULL, NULL},
    {"deployment_status", "deployment_status.error", NULL, NULL},
    {"deployment_status", "deployment_status.inactive", NULL, NULL},
    {"deployment_status", "deployment_status.success", NULL, NULL},
    {"merge_group", "merge_group.destroyed", NULL, NULL},
    {"merge_group", "merge_group", NULL, NULL},
    {"meta", "meta.deleted", NULL, NULL},
    {"ping", "ping", NULL, NULL},
    {"pull_request", "pull_request.fork_gone", NULL, NULL},
    {"pull_request", "pull_request.from_fork", NULL, NULL},
    {"pull_request", "pull_request.ghosts", NULL, NULL},
    {"pull_request", "pull_request.labeled", NULL, NULL},
    {"pull_request", "pull_request.merged", NULL, NULL},
    {"pull_request", "pull_request.opened", NULL, NULL},
    {"pull_request", "pull_request.retargeted", NULL, NULL},
    {"pull_request", "pull_request.synchronize", NULL, NULL},
    {"push", "push.deleted", NULL, NULL},
    {"push", "push.moved", NULL, NULL},
    {"repository", "repository.archived", NULL, NULL},
    {"repository", "repository.default_branch", NULL, NULL},
    {"repository", "repository.edited", NULL, NULL},
    {"repository", "repository.renamed", NULL, NULL},
    {"repository", "repository.transferred", NULL, NULL},
    {"pull_request_review", "review.approved", NULL, NULL},
    {"pull_request_review", "review.changes_requested", NULL, NULL},
    {"pull_request_review", "review.commented", NULL, NULL},
    {"pull_request_review", "review.dismissed", NULL, NULL},
    {"pull_request_review", "review.edited", NULL, NULL},
    {"pull_request_review", "review.ghost", NULL, NULL},
    {"pull_request_review", "review.no_commit", NULL, NULL},
    {"pull_request_review", "review.older_commit", NULL, NULL},
    {"pull_request_review_comment", "review_comment.created", NULL, NULL},
    {"branch_protection_rule", "rule.edited", NULL, NULL},
    {"repository_ruleset", "ruleset.edited", NULL, NULL},
    {"status", "status.error", NULL, NULL},
    {"status", "status.success", NULL, NULL},
};

static const struct payload_case inline_cases[] = {
    /* N05: nobody is an approver, and nothing breaks. */
    {"pull_request_review", "no user at all",
        "{\"action\":\"submitted\",\"review\":{\"id\":1,\"state\":"
        "\"approved\"},\"pull_request\":{\"number\":2},"
        "\"repository\":{\"full_name\":\"a/b\"}}",
        "review in=a/b action=submitted ask request=2 decision=approve "
        "review=1\n"},
    {"pull_request_review", "a user without an id",
        "{\"action\":\"submitted\",\"review\":{\"id\":1,\"state\":"
        "\"approved\",\"user\":{\"login\":\"bob\"}},\"pull_request\":"
        "{\"number\":2},\"repository\":{\"full_name\":\"a/b\"}}",
        "review in=a/b action=submitted ask request=2 decision=approve "
        "review=1\n"},
    /* N11: a NUL in a login is nobody, an id of any size is exact. */
    {"pull_request_review", "a NUL in the login",
        "{\"action\":\"submitted\",\"review\":{\"id\":1,\"state\":"
        "\"approved\",\"user\":{\"login\":\"bob\\u0000x\",\"id\":5}},"
        "\"pull_request\":{\"number\":2},\"repository\":{\"full_name\":"
        "\"a/b\"}}",
        "review in=a/b action=submitted ask request=2 decision=approve "
        "review=1\n"},
    {"pull_request_review", "ids above 2^64",
        "{\"action\":\"submitted\",\"review\":{\"id\":"
        "98765432109876543210987,\"state\":\"approved\",\"user\":"
        "{\"login\":\"bob\",\"id\":18446744073709551617}},"
        "\"pull_request\":{\"number\":2},\"repository\":{\"full_name\":"
        "\"a/b\"}}",
        "review in=a/b action=submitted actor=bob(18446744073709551617) "
        "ask request=2 decision=approve "
        "review=98765432109876543210987\n"},
    /* N10: what two readers would read differently is refused. */
    {"pull_request_review", "a key twice",
        "{\"action\":\"submitted\",\"review\":{\"id\":1,\"state\":"
        "\"commented\",\"state\":\"approved\"}}",
        "error: duplicate key \"state\"\n"},
    {"pull_request_review", "a key twice where nobody looks",
        "{\"action\":\"submitted\",\"x\":{\"user\":1,\"us\\u0065r\":2}}",
        "error: duplicate key \"user\"\n"},
    {"pull_request_review", "an unknown state",
        "{\"action\":\"submitted\",\"review\":{\"id\":1,\"state\":"
        "\"adored\"},\"pull_request\":{\"number\":2},"
        "\"repository\":{\"full_name\":\"a/b\"}}",
        "ignored: a review in a state that is not known\n"},
    {"pull_request_review", "no review",
        "{\"action\":\"submitted\",\"repository\":{\"full_name\":"
        "\"a/b\"}}",
        "error: pull_request_review event without a usable state of the "
        "review\n"},
    {"pull_request_review", "no repository", "{\"action\":\"submitted\"}",
        "error: pull_request_review event without a usable "
        "repository.full_name\n"},
    {"push", "an abbreviated commit",
        "{\"ref\":\"refs/heads/main\",\"before\":\"1111111\",\"after\":"
        "\"2222222\",\"repository\":{\"full_name\":\"a/b\"}}",
        "error: push event without a usable before\n"},
    {"status", "a name that is too long to be kept",
        "{\"sha\":\"1111111111111111111111111111111111111111\","
        "\"state\":\"success\",\"context\":\"" LONG "\","
        "\"repository\":{\"full_name\":\"a/b\"}}",
        "error: status event without a usable name\n"},
    {"issue_comment", "a secret in a comment is never kept",
        "{\"action\":\"created\",\"issue\":{\"number\":2,"
        "\"pull_request\":{}},\"comment\":{\"id\":3,\"body\":\"use "
        "AKIA"
        "QYLPMN5HHHFPZAM2\"},"
        "\"repository\":{\"full_name\":\"a/b\"}}",
        "comment in=a/b action=created request=2 text=(left out: it "
        "holds an AWS access key id) comment=3\n"},
    {"sponsorship", "an event nobody needs", "{\"action\":\"created\"}",
        "ignored: it is about accounts, not about a change\n"},
    {"unheard_of", "an event nobody knows", "{\"action\":\"x\"}",
        "ignored: an event that is not known\n"},
    {NULL, "no event", "{}", "ignored: an event that is not known\n"},
};

static void
each_body_is_read_for_what_it_says(void **state)
{
	(void)state;
	check_cases(SOURCE_GITHUB, files, COUNT(files));
}

static void
what_is_odd_is_refused_or_counts_for_nobody(void **state)
{
	(void)state;
	check_cases(SOURCE_GITHUB, inline_cases, COUNT(inline_cases));
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
