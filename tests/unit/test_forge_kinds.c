/* What each forge says, in our words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "edge/forge.h"
#include "fake_http.h"

#define C "1111111111111111111111111111111111111111"
#define D "2222222222222222222222222222222222222222"

static struct pool pool;
static struct err err;
static struct forge_list list;

static const struct observed request = {.repository = "acme/pay",
    .request = "7",
    .target = "refs/heads/main",
    .head = D};

static struct forge *
open_forge(enum source_kind kind, const struct fake_answer *answers)
{
	struct forge *f = NULL;

	err = (struct err){0};
	fake_serve(answers);
	assert_int_equal(forge_open(&f,
	                     &(struct forge_setup){.kind = kind,
	                         .name = "hub",
	                         .api = "https://h.example"},
	                     &err),
	    0);
	return f;
}

/* "decision:who:first digit of the commit" of each, by blanks. */
static const char *
said(enum source_kind kind, const struct fake_answer *answers)
{
	struct forge *f = open_forge(kind, answers);
	const char *text = "";

	if (forge_reviews(f, &pool, &request, &list, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < list.count; i++) {
		const struct observed *o = &list.list[i];
		const char *who =
		    o->of.login != NULL ? o->of.login : o->actor.login;

		assert_int_equal(o->kind, OBSERVED_REVIEW);
		assert_string_equal(o->request, "7");
		assert_string_equal(o->target, "refs/heads/main");
		text = pool_printf(&pool, "%s%s%s:%s:%.1s", text,
		    i > 0 ? " " : "", o->decision, who != NULL ? who : "-",
		    o->commit != NULL ? o->commit : "-");
	}
	forge_close(f);
	return text;
}

static void
github_tells_each_review_with_its_commit(void **state)
{
	static const struct fake_answer answers[] = {
	    {.at = "/reviews",
	        .body = "[{\"id\":1,\"state\":\"APPROVED\",\"commit_id\":\"" C
	                "\",\"user\":{\"login\":\"bob\",\"id\":2}},"
	                "{\"id\":2,\"state\":\"COMMENTED\",\"user\":null},"
	                "{\"id\":3,\"state\":\"PENDING\",\"user\":null},"
	                "{\"id\":4,\"state\":\"DISMISSED\",\"commit_id\":\"" C
	                "\",\"user\":{\"login\":\"bob\",\"id\":2}},"
	                "{\"id\":5,\"state\":\"CHANGES_REQUESTED\","
	                "\"commit_id\":null,"
	                "\"user\":{\"login\":\"carol\",\"id\":3}},"
	                "{\"id\":6,\"state\":\"APPROVED\",\"commit_id\":\"" D
	                "\",\"user\":null}]"},
	    {0}};

	(void)state;
	assert_string_equal(said(SOURCE_GITHUB, answers),
	    "approve:bob:1 withdraw:bob:1 object:carol:- approve:-:2");
}

static void
gitea_tells_a_dismissed_review_as_taken_back(void **state)
{
	static const struct fake_answer answers[] = {
	    {.at = "page=1",
	        .fields = "X-Total-Count: 4\n",
	        .body = "[{\"id\":1,\"state\":\"APPROVED\",\"commit_id\":\"" C
	                "\",\"dismissed\":true,"
	                "\"user\":{\"login\":\"bob\",\"id\":2}},"
	                "{\"id\":2,\"state\":\"REQUEST_REVIEW\",\"user\":null},"
	                "{\"id\":3,\"state\":\"APPROVED\",\"commit_id\":\"" D
	                "\",\"user\":{\"login\":\"Ghost\",\"id\":-1}}]"},
	    {.at = "page=2",
	        .fields = "X-Total-Count: 4\n",
	        .body = "[{\"id\":4,\"state\":\"REQUEST_CHANGES\","
	                "\"commit_id\":\"" D "\","
	                "\"user\":{\"login\":\"carol\",\"id\":3}}]"},
	    {0}};

	(void)state;
	assert_string_equal(said(SOURCE_GITEA, answers),
	    "withdraw:bob:1 approve:-:2 object:carol:2");
	assert_non_null(strstr(fake_asked, "/api/v1/repos/acme/pay/pulls/7/"));
}

static void
gitea_that_tells_less_than_it_counts_is_no_answer(void **state)
{
	static const struct fake_answer answers[] = {{.at = "page=1",
	                                                 .fields =
	                                                     "X-Total-Count: "
	                                                     "4\n",
	                                                 .body = "[]"},
	    {0}};
	struct forge *f = open_forge(SOURCE_FORGEJO, answers);

	(void)state;
	assert_int_equal(forge_reviews(f, &pool, &request, &list, &err), -1);
	assert_non_null(strstr(err.text, "ends before all was told"));
	forge_close(f);
}

#define BY(n) "\"author\":{\"username\":\"" n "\",\"id\":\"" n "\"}"
#define NOTE(n, body, who, at)                                                 \
	"{\"id\":" n ",\"system\":true,\"body\":\"" body                       \
	"\"," BY(who) ",\"created_at\":\"2026-01-0" at "T00:00:00Z\"}"

static void
gitlab_tells_the_commit_by_the_version_that_was_newest(void **state)
{
	static const struct fake_answer answers[] = {
	    {.at = "/approvals",
	        .body = "{\"approved_by\":[{\"user\":{\"id\":\"carol\"}}]}"},
	    {.at = "/versions",
	        .body = "[{\"head_commit_sha\":\"" D
	                "\",\"created_at\":\"2026-01-03T00:00:00Z\"},"
	                "{\"head_commit_sha\":\"" C
	                "\",\"created_at\":\"2026-01-01T00:00:00Z\"}]"},
	    {.at = "/notes",
	        .body = "[" NOTE("1", "approved this merge request", "bob",
	            "2") "," NOTE("2", "approved this merge request", "erin",
	            "3") "," NOTE("3", "unapproved this merge request", "erin",
	            "4") "," NOTE("4", "requested changes", "dave",
	            "4") "," NOTE("5", "approved this merge request", "carol",
	            "5") ",{\"id\":6,\"system\":false,"
	                 "\"body\":\"approved this merge request\"," BY(
	                     "mallory") ","
	                                "\"created_at\":\"2026-01-06T00:00:00Z\"}]"},
	    {0}};

	(void)state;
	/* bob's was reset by a push; erin said yes as it was pushed to. */
	assert_string_equal(said(SOURCE_GITLAB, answers),
	    "approve:bob:1 approve:erin:- withdraw:erin:2 object:dave:2 "
	    "approve:carol:2 withdraw:bob:1");
	assert_non_null(strstr(fake_asked, "/api/v4/projects/acme%2Fpay/"));
}

#define USER(n) "\"user\":{\"account_id\":\"" n "\",\"uuid\":\"{" n "}\"}"

static void
bitbucket_tells_the_commit_by_the_activity(void **state)
{
	static const struct fake_answer answers[] = {
	    {.at = "page=2",
	        .body = "{\"values\":["
	                "{\"update\":{\"source\":{\"commit\":"
	                "{\"hash\":\"111111111111\"}}}}]}"},
	    {.at = "/activity",
	        .body =
	            "{\"values\":["
	            "{\"changes_requested\":{\"date\":"
	            "\"2026-01-04T00:00:00Z\"," USER(
	                "dave") "}},"
	                        "{\"approval\":{\"date\":"
	                        "\"2026-01-03T00:00:00Z\"," USER(
	                            "carol") "}},"
	                                     "{\"update\":{\"source\":{\"commit\":"
	                                     "{\"hash\":\"222222222222\"}}}},"
	                                     "{\"approval\":{\"date\":"
	                                     "\"2026-01-02T00:00:00Z\"," USER(
	                                         "bob") "}}],"
	                                                "\"next\":\"https://h.example/2.0/x?page=2\"}"},
	    {.at = "/commit/111111111111", .body = "{\"hash\":\"" C "\"}"},
	    {.at = "/commit/222222222222", .body = "{\"hash\":\"" D "\"}"},
	    {.at = "/pullrequests/7",
	        .body = "{\"participants\":["
	                "{\"approved\":true," USER(
	                    "carol") "},"
	                             "{\"state\":\"changes_requested\"," USER(
	                                 "dave") "},"
	                                         "{\"approved\":false," USER(
	                                             "bob") "}]}"},
	    {0}};

	(void)state;
	assert_string_equal(said(SOURCE_BITBUCKET, answers),
	    "withdraw:bob:1 approve:carol:2 object:dave:2");
}

#define DC_USER(n) "\"user\":{\"name\":\"" n "\",\"id\":\"" n "\"}"

static void
bitbucket_dc_tells_the_commit_by_what_was_pushed_before(void **state)
{
	static const struct fake_answer answers[] = {
	    {.at = "start=4",
	        .body = "{\"isLastPage\":true,\"values\":["
	                "{\"id\":1,\"action\":\"APPROVED\"," DC_USER(
	                    "bob") "},{\"id\":0,\"action\":\"OPENED\"}]}"},
	    {.at = "/activities",
	        .body =
	            "{\"isLastPage\":false,\"nextPageStart\":4,"
	            "\"values\":["
	            "{\"id\":5,\"action\":\"APPROVED\"," DC_USER(
	                "carol") "},"
	                         "{\"id\":4,\"action\":\"REVIEWED\"," DC_USER(
	                             "dave") "},"
	                                     "{\"id\":3,\"action\":\"RESCOPED\",\"fromHash\":\"" D
	                                     "\",\"previousFromHash\":\"" C
	                                     "\"},"
	                                     "{\"id\":2,\"action\":\"UNAPPROVED\"," DC_USER(
	                                         "bob") "}]}"},
	    {0}};

	(void)state;
	assert_string_equal(said(SOURCE_BITBUCKET_DC, answers),
	    "approve:bob:1 withdraw:bob:1 object:dave:2 approve:carol:2");
	assert_non_null(strstr(fake_asked,
	    "/rest/api/latest/projects/acme/repos/pay/pull-requests/7/"));
}

/* ---- statuses and deployments ---- */

static const char *
results(enum source_kind kind, bool deployments,
    const struct fake_answer *answers)
{
	struct forge *f = open_forge(kind, answers);
	const char *text = "";
	int ret = deployments
	    ? forge_deployments(f, &pool, "acme/pay", C,
	          (int64_t)1795600800 * 1000, &list, &err)
	    : forge_statuses(f, &pool, "acme/pay", C, &list, &err);

	if (ret < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < list.count; i++)
		text = pool_printf(&pool, "%s%s%s:%s", text, i > 0 ? " " : "",
		    deployments ? list.list[i].environment
		                : list.list[i].context,
		    list.list[i].result);
	forge_close(f);
	return text;
}

static void
what_has_not_succeeded_is_not_said_to_have(void **state)
{
	static const struct fake_answer hub[] = {
	    {.at = "/status?",
	        .body = "{\"total_count\":2,\"statuses\":["
	                "{\"context\":\"a\",\"state\":\"success\"},"
	                "{\"context\":\"b\",\"state\":\"error\"}]}"},
	    {.at = "/check-runs",
	        .body = "{\"total_count\":4,\"check_runs\":["
	                "{\"name\":\"c\",\"status\":\"completed\","
	                "\"conclusion\":\"skipped\",\"head_sha\":\"" C "\"},"
	                "{\"name\":\"d\",\"status\":\"in_progress\","
	                "\"conclusion\":null,\"head_sha\":\"" C "\"},"
	                "{\"name\":\"e\",\"status\":\"completed\","
	                "\"conclusion\":\"neutral\",\"head_sha\":\"" C "\"},"
	                "{\"name\":\"f\",\"status\":\"completed\","
	                "\"conclusion\":\"success\",\"head_sha\":\"" C "\"}]}"},
	    {0}};
	static const struct fake_answer lab[] = {
	    {.at = "/statuses",
	        .body = "[{\"name\":\"a\",\"status\":\"success\",\"sha\":\"" C
	                "\"},{\"name\":\"b\",\"status\":\"canceled\",\"sha\":"
	                "\"" C "\"},{\"name\":\"c\",\"status\":\"manual\","
	                "\"sha\":\"" C "\"}]"},
	    {0}};
	static const struct fake_answer tea[] = {
	    {.at = "/statuses",
	        .fields = "X-Total-Count: 3\n",
	        .body = "[{\"context\":\"a\",\"status\":\"warning\"},"
	                "{\"context\":\"b\",\"status\":\"success\"},"
	                "{\"context\":\"b\",\"status\":\"failure\"}]"},
	    {0}};
	static const struct fake_answer center[] = {
	    {.at = "/build-status/",
	        .body = "{\"isLastPage\":true,\"values\":["
	                "{\"key\":\"a\",\"state\":\"SUCCESSFUL\"},"
	                "{\"key\":\"b\",\"state\":\"CANCELLED\"},"
	                "{\"key\":\"c\",\"state\":\"INPROGRESS\"}]}"},
	    {0}};

	(void)state;
	assert_string_equal(results(SOURCE_GITHUB, false, hub),
	    "a:success b:failure c:failure d:pending e:failure f:success");
	assert_string_equal(results(SOURCE_GITLAB, false, lab),
	    "a:success b:failure c:pending");
	assert_string_equal(results(SOURCE_GITEA, false, tea),
	    "a:failure b:success");
	assert_string_equal(results(SOURCE_BITBUCKET_DC, false, center),
	    "a:success b:failure c:pending");
}

static void
a_list_that_is_shorter_than_it_says_is_no_answer(void **state)
{
	static const struct fake_answer answers[] = {
	    {.at = "/status?", .body = "{\"total_count\":3,\"statuses\":[]}"},
	    {0}};
	struct forge *f = open_forge(SOURCE_GITHUB, answers);

	(void)state;
	assert_int_equal(forge_statuses(f, &pool, "acme/pay", C, &list, &err),
	    -1);
	assert_non_null(strstr(err.text, "ends before all was told"));
	assert_int_equal(list.count, 0);
	forge_close(f);
}

static void
deployments_are_of_that_commit_and_have_ended(void **state)
{
	static const struct fake_answer lab[] = {
	    {.at = "/deployments?",
	        .body = "[{\"id\":1,\"status\":\"success\",\"sha\":\"" D
	                "\",\"environment\":{\"name\":\"other\"}},"
	                "{\"id\":2,\"status\":\"running\",\"sha\":\"" C
	                "\",\"environment\":{\"name\":\"staging\"}},"
	                "{\"id\":3,\"status\":\"failed\",\"sha\":\"" C
	                "\",\"environment\":{\"name\":\"staging\"}},"
	                "{\"id\":4,\"status\":\"success\",\"sha\":\"" C
	                "\",\"environment\":{\"name\":\"staging\"}}]"},
	    {0}};
	static const struct fake_answer bucket[] = {
	    {.at = "/environments",
	        .body = "{\"values\":[{\"uuid\":\"{e}\",\"name\":\"live\"}]}"},
	    {.at = "/deployments",
	        .body = "{\"values\":[{\"uuid\":\"{1}\","
	                "\"environment\":{\"uuid\":\"{e}\"},"
	                "\"release\":{\"commit\":{\"hash\":\"" C "\"}},"
	                "\"state\":{\"status\":{\"name\":\"SUCCESSFUL\"}}}]}"},
	    {0}};

	(void)state;
	assert_string_equal(results(SOURCE_GITLAB, true, lab),
	    "staging:failure staging:success");
	assert_string_equal(results(SOURCE_BITBUCKET, true, bucket),
	    "live:success");
}

/* ---- our own status ---- */

static void
a_status_is_set_in_each_ones_words(void **state)
{
	static const struct fake_answer answers[] = {
	    {.at = "/", .body = "{}", .status = 201}, {0}};
	static const struct {
		enum source_kind kind;
		const char *path, *says;
	} cases[] = {
	    {SOURCE_GITHUB, "/api/v3/repos/acme/pay/statuses/" C,
	        "\"state\":\"failure\""},
	    {SOURCE_GITLAB, "/api/v4/projects/acme%2Fpay/statuses/" C,
	        "\"state\":\"failed\""},
	    {SOURCE_GITEA, "/api/v1/repos/acme/pay/statuses/" C,
	        "\"state\":\"failure\""},
	    {SOURCE_BITBUCKET,
	        "/2.0/repositories/acme/pay/commit/" C "/statuses/build",
	        "\"state\":\"FAILED\""},
	    {SOURCE_BITBUCKET_DC,
	        "/rest/api/latest/projects/acme/repos/pay/commits/" C "/builds",
	        "\"state\":\"FAILED\""},
	};
	const struct forge_status status = {.repository = "acme/pay",
	    .commit = C,
	    .context = "foureyes/main",
	    .state = "failure",
	    .description = "0 of 1 approvals"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct forge *f = open_forge(cases[i].kind, answers);

		if (forge_post_status(f, &status, &err) < 0)
			fail_msg("%s", err.text);
		assert_non_null(strstr(fake_asked, cases[i].path));
		assert_non_null(strstr(fake_sent, cases[i].says));
		assert_non_null(strstr(fake_sent, "foureyes/main"));
		forge_close(f);
	}
}

static int
free_pool(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(github_tells_each_review_with_its_commit),
	    cmocka_unit_test(gitea_tells_a_dismissed_review_as_taken_back),
	    cmocka_unit_test(gitea_that_tells_less_than_it_counts_is_no_answer),
	    cmocka_unit_test(
	        gitlab_tells_the_commit_by_the_version_that_was_newest),
	    cmocka_unit_test(bitbucket_tells_the_commit_by_the_activity),
	    cmocka_unit_test(
	        bitbucket_dc_tells_the_commit_by_what_was_pushed_before),
	    cmocka_unit_test(what_has_not_succeeded_is_not_said_to_have),
	    cmocka_unit_test(a_list_that_is_shorter_than_it_says_is_no_answer),
	    cmocka_unit_test(deployments_are_of_that_commit_and_have_ended),
	    cmocka_unit_test(a_status_is_set_in_each_ones_words),
	};

	return cmocka_run_group_tests(tests, NULL, free_pool);
}
