#include "payload_cases.h"

/* What Bitbucket Cloud sends. */
static const struct payload_case files[] = {
    {"repo:commit_status_updated", "commit_status", NULL, NULL},
    {"repo:commit_status_updated", "commit_status.stopped", NULL, NULL},
    {"pullrequest:approved", "pullrequest.approved", NULL, NULL},
    {"pullrequest:changes_request_created", "pullrequest.changes_request", NULL,
        NULL},
    {"pullrequest:comment_created", "pullrequest.comment", NULL, NULL},
    {"pullrequest:created", "pullrequest.created", NULL, NULL},
    {"pullrequest:fulfilled", "pullrequest.fulfilled", NULL, NULL},
    {"pullrequest:approved", "pullrequest.nickname_only", NULL, NULL},
    {"pullrequest:created", "pullrequest.whole_hash", NULL, NULL},
    {"repo:push", "push", NULL, NULL},
    {"repo:updated", "updated.description", NULL, NULL},
    {"repo:updated", "updated.renamed", NULL, NULL},
};

static const struct payload_case inline_cases[] = {
    {"pullrequest:approved", "the body says so too",
        "{\"repository\":{\"full_name\":\"a/b\"},\"approval\":{\"user\":"
        "{\"uuid\":\"{b}\",\"account_id\":\"5:b\"}},\"pullrequest\":"
        "{\"id\":2,\"participants\":[{\"user\":{\"uuid\":\"{c}\"},"
        "\"approved\":false},{\"user\":{\"uuid\":\"{b}\"},\"approved\":"
        "true}]}}",
        "review in=a/b action=pullrequest:approved actor=5:b({b}) ask "
        "request=2 decision=approve\n"},
    {"pullrequest:approved", "the body says otherwise than the header",
        "{\"repository\":{\"full_name\":\"a/b\"},\"approval\":{\"user\":"
        "{\"uuid\":\"{b}\",\"account_id\":\"5:b\"}},\"pullrequest\":"
        "{\"id\":2,\"participants\":[{\"user\":{\"uuid\":\"{c}\"},"
        "\"approved\":false},{\"user\":{\"uuid\":\"{b}\"},\"approved\":"
        "false}]}}",
        "ignored: its body says that they did not\n"},
    {"repo:push", "nothing moved",
        "{\"repository\":{\"full_name\":"
        "\"a/b\"},\"push\":{\"changes\":[]}}",
        "ignored: nothing in it is needed\n"},
    {"repo:push", "a side without a commit",
        "{\"repository\":"
        "{\"full_name\":\"a/b\"},\"push\":{\"changes\":[{\"new\":"
        "{\"type\":\"branch\",\"name\":\"x\",\"target\":null},"
        "\"old\":null}]}}",
        "error: repo:push event without a usable commit\n"},
    {"repo:push", "neither side",
        "{\"repository\":{\"full_name\":"
        "\"a/b\"},\"push\":{\"changes\":[{\"new\":null,\"old\":null}]}}",
        "error: repo:push event without a usable ref\n"},
    {"issue:created", "an event nobody needs", "{}",
        "ignored: it is about issues\n"},
    {"unheard:of", "an event nobody knows", "{}",
        "ignored: an event that is not known\n"},
};

static void
each_body_is_read_for_what_it_says(void **state)
{
	(void)state;
	check_cases(SOURCE_BITBUCKET, files, COUNT(files));
}

static void
what_is_odd_is_refused_or_counts_for_nobody(void **state)
{
	(void)state;
	check_cases(SOURCE_BITBUCKET, inline_cases, COUNT(inline_cases));
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
