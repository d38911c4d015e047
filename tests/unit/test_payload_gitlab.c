#include "payload_cases.h"

/* What GitLab sends. */
static const struct payload_case files[] = {
    {NULL, "build.called_pipeline", NULL, NULL},
    {NULL, "build.no_project", NULL, NULL},
    {NULL, "build.success", NULL, NULL},
    {NULL, "deployment.another_commit", NULL, NULL},
    {NULL, "deployment.failed", NULL, NULL},
    {NULL, "deployment.running", NULL, NULL},
    {NULL, "deployment.success", NULL, NULL},
    {NULL, "merge_request.approval", NULL, NULL},
    {NULL, "merge_request.approval_by_itself", NULL, NULL},
    {NULL, "merge_request.approved", NULL, NULL},
    {NULL, "merge_request.asked_again", NULL, NULL},
    {NULL, "merge_request.fast_forward", NULL, NULL},
    {NULL, "merge_request.from_fork", NULL, NULL},
    {NULL, "merge_request.ghost", NULL, NULL},
    {NULL, "merge_request.merge", NULL, NULL},
    {NULL, "merge_request.objector_approves", NULL, NULL},
    {NULL, "merge_request.open", NULL, NULL},
    {NULL, "merge_request.pushed", NULL, NULL},
    {NULL, "merge_request.requested_changes", NULL, NULL},
    {NULL, "merge_request.reset", NULL, NULL},
    {NULL, "merge_request.reset_owners", NULL, NULL},
    {NULL, "merge_request.retargeted", NULL, NULL},
    {NULL, "merge_request.unapproval", NULL, NULL},
    {NULL, "merge_request.unapproved", NULL, NULL},
    {NULL, "note.create", NULL, NULL},
    {NULL, "note.on_issue", NULL, NULL},
    {NULL, "note.system", NULL, NULL},
    {NULL, "note.update", NULL, NULL},
    {NULL, "pipeline.skipped", NULL, NULL},
    {NULL, "pipeline.success", NULL, NULL},
    {NULL, "project_rename", NULL, NULL},
    {NULL, "push", NULL, NULL},
    {NULL, "system.push", NULL, NULL},
    {NULL, "tag_push", NULL, NULL},
};

static const struct payload_case inline_cases[] = {
    {NULL, "neither object_kind nor event_name", "{}",
        "error: an event without a usable object_kind or event_name\n"},
    {"Push Hook", "the body's word counts, not the header's",
        "{\"object_kind\":\"wiki_page\"}",
        "ignored: it is about issues, wikis, releases or the like\n"},
    {NULL, "an event nobody knows",
        "{\"object_kind\":\"unheard_of\","
        "\"project\":{\"path_with_namespace\":\"a/b\"}}",
        "ignored: an event that is not known\n"},
    {NULL, "a request without a project", "{\"object_kind\":\"merge_request\"}",
        "error: merge_request event without a usable name of the "
        "project\n"},
};

static void
each_body_is_read_for_what_it_says(void **state)
{
	(void)state;
	check_cases(SOURCE_GITLAB, files, COUNT(files));
}

static void
what_is_odd_is_refused_or_counts_for_nobody(void **state)
{
	(void)state;
	check_cases(SOURCE_GITLAB, inline_cases, COUNT(inline_cases));
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
