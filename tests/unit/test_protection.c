#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "core/protection.h"

#define GITHUB_RULE(app)                                                       \
	"{\"type\":\"required_status_checks\",\"parameters\":{"                \
	"\"required_status_checks\":[{\"context\":\"ci\"},"                    \
	"{\"context\":\"foureyes/main\",\"integration_id\":" app "}]}}"
#define SAFE ",{\"type\":\"non_fast_forward\"},{\"type\":\"deletion\"}"
#define CLASSIC(admins, app)                                                   \
	"[{\"required_status_checks\":{\"contexts\":[\"foureyes/main\"],"      \
	"\"checks\":[{\"context\":\"foureyes/main\",\"app_id\":" app "}]},"    \
	"\"enforce_admins\":{\"enabled\":" admins "},"                         \
	"\"allow_force_pushes\":{\"enabled\":false},"                          \
	"\"allow_deletions\":{\"enabled\":false}}]"
#define GITLAB(force, level)                                                   \
	"[{\"name\":\"main\",\"allow_force_push\":" force ","                  \
	"\"push_access_levels\":[{\"access_level\":" level "}]},"              \
	"{\"approvals_before_merge\":1}]"
#define GITEA(on, context)                                                     \
	"[{\"name\":\"main\",\"protected\":true,\"enable_status_check\":" on   \
	",\"status_check_contexts\":[\"" context "\"]}]"
#define KIND(kind) "{\"kind\":\"" kind "\",\"pattern\":\"main\"}"
#define CLOUD "[" KIND("push") "," KIND("force") "," KIND("delete")
#define DC(type)                                                               \
	"{\"type\":\"" type "\",\"matcher\":{\"id\":\"refs/heads/main\"}}"

static const struct {
	enum source_kind kind;
	unsigned app;
	enum check_state state;
	const char *told, *says;
} cases[] = {
    {SOURCE_GITHUB, 7, CHECK_PASS, "[" GITHUB_RULE("7") SAFE "]", NULL},
    {SOURCE_GITHUB, 7, CHECK_FAIL, "[]", "does not require the status"},
    {SOURCE_GITHUB, 7, CHECK_FAIL, "[" GITHUB_RULE("8") SAFE "]",
        "from others"},
    {SOURCE_GITHUB, 7, CHECK_FAIL, "[" GITHUB_RULE("null") SAFE "]",
        "from others"},
    {SOURCE_GITHUB, 0, CHECK_FAIL, "[" GITHUB_RULE("7") SAFE "]",
        "whoever may write"},
    {SOURCE_GITHUB, 7, CHECK_FAIL,
        "[" GITHUB_RULE("7") ",{\"type\":\"deletion\"}]", "force pushes"},
    {SOURCE_GITHUB, 7, CHECK_FAIL,
        "[" GITHUB_RULE("7") ",{\"type\":\"non_fast_forward\"}]", "deleted"},
    {SOURCE_GITHUB, 7, CHECK_PASS, CLASSIC("true", "7"), NULL},
    {SOURCE_GITHUB, 7, CHECK_FAIL, CLASSIC("false", "7"), "administrators"},
    {SOURCE_GITHUB, 7, CHECK_FAIL, CLASSIC("true", "-1"), "from others"},
    {SOURCE_GITHUB, 7, CHECK_UNKNOWN, "{}", "no list"},
    {SOURCE_GITLAB, 0, CHECK_UNKNOWN, GITLAB("false", "0"), "is not told"},
    {SOURCE_GITLAB, 0, CHECK_FAIL, GITLAB("true", "0"), "force pushes"},
    {SOURCE_GITLAB, 0, CHECK_FAIL, GITLAB("false", "40"), "without a merge"},
    {SOURCE_GITLAB, 0, CHECK_FAIL, "[{\"approvals_before_merge\":1}]",
        "not protected"},
    {SOURCE_GITEA, 0, CHECK_PASS, GITEA("true", "foureyes/main"), NULL},
    {SOURCE_FORGEJO, 0, CHECK_PASS, GITEA("true", "foureyes/*"), NULL},
    {SOURCE_FORGEJO, 0, CHECK_FAIL, GITEA("true", "ci/*"), "does not require"},
    {SOURCE_GITEA, 0, CHECK_FAIL, GITEA("false", "foureyes/main"),
        "does not require"},
    {SOURCE_GITEA, 0, CHECK_FAIL, "[{\"protected\":false}]", "not protected"},
    {SOURCE_GITEA, 0, CHECK_FAIL, "[]", "not protected"},
    {SOURCE_BITBUCKET, 0, CHECK_PASS,
        CLOUD "," KIND("require_passing_builds_to_merge") "]", NULL},
    {SOURCE_BITBUCKET, 0, CHECK_FAIL, CLOUD "]", "does not require"},
    {SOURCE_BITBUCKET, 0, CHECK_FAIL, "[]", "anybody may push"},
    {SOURCE_BITBUCKET_DC, 0, CHECK_UNKNOWN,
        "[" DC("pull-request-only") "," DC("fast-forward-only") "," DC(
            "no-deletes") "]",
        "is not told"},
    {SOURCE_BITBUCKET_DC, 0, CHECK_FAIL,
        "[" DC("fast-forward-only") "," DC("no-deletes") "]",
        "without a request"},
    {SOURCE_GENERIC, 0, CHECK_UNKNOWN, "[]", "no forge"},
};

static void
each_kind_is_held_against_what_is_needed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct protection_asked asked = {.kind = cases[i].kind,
		    .branch = "main",
		    .context = "foureyes/main",
		    .app_id = cases[i].app};
		struct protection_found found = {0};
		const struct tree *told;
		struct pool pool = {0};
		struct err err;

		assert_int_equal(tree_parse_json(&told, &pool, cases[i].told,
		                     strlen(cases[i].told), "told", &err),
		    0);
		protection_look(&found, &pool, &asked, told);
		if (found.state != cases[i].state)
			print_error("case %zu: %s\n", i,
			    found.text != NULL ? found.text : "-");
		assert_int_equal(found.state, cases[i].state);
		if (cases[i].says == NULL)
			assert_null(found.text);
		else
			assert_non_null(strstr(found.text, cases[i].says));
		pool_free(&pool);
	}
}

static void
no_answer_is_not_known(void **state)
{
	const struct protection_asked asked = {.branch = "main",
	    .context = "foureyes/main"};
	struct protection_found found = {0};
	struct pool pool = {0};

	(void)state;
	protection_look(&found, &pool, &asked, NULL);
	assert_int_equal(found.state, CHECK_UNKNOWN);
	pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_is_held_against_what_is_needed),
	    cmocka_unit_test(no_answer_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
