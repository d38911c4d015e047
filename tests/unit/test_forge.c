/* What is an answer of a forge's, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edge/forge.h"
#include "fake_http.h"

#define C "1111111111111111111111111111111111111111"
#define D "2222222222222222222222222222222222222222"

static struct pool pool;
static struct err err;

static struct forge *
open_forge(enum source_kind kind, const char *api)
{
	struct forge *f = NULL;

	err = (struct err){0};
	assert_int_equal(forge_open(&f,
	                     &(struct forge_setup){.kind = kind,
	                         .name = "hub",
	                         .api = api,
	                         .token = "the-token"},
	                     &err),
	    0);
	return f;
}

static int
reviews(const char *api, struct forge_list *list)
{
	struct forge *f = open_forge(SOURCE_GITHUB, api);
	const struct observed request = {.repository = "acme/pay",
	    .request = "7",
	    .target = "refs/heads/main",
	    .head = C};
	int ret = forge_reviews(f, &pool, &request, list, &err);

	assert_true(ret == 0 || list->count == 0);
	forge_close(f);
	return ret;
}

#define APPROVED                                                               \
	"{\"id\":1,\"state\":\"APPROVED\",\"commit_id\":\"" C "\","            \
	"\"submitted_at\":\"2026-01-01T00:00:00Z\","                           \
	"\"user\":{\"login\":\"bob\",\"id\":2}}"

static void
an_address_is_completed_only_where_nothing_is_behind_its_host(void **state)
{
	static const struct fake_answer answers[] = {{.at = "reviews",
	                                                 .body = "[]"},
	    {0}};
	static const struct {
		const char *api, *asked;
	} cases[] = {
	    {"https://api.github.com", "https://api.github.com/repos/"},
	    {"https://api.github.com/", "https://api.github.com/repos/"},
	    {"https://ghe.example.com",
	        "https://ghe.example.com/api/v3/repos/"},
	    {"https://ghe.example.com/x/", "https://ghe.example.com/x/repos/"},
	};
	struct forge_list list;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_serve(answers);
		assert_int_equal(reviews(cases[i].api, &list), 0);
		assert_ptr_equal(strstr(fake_asked, cases[i].asked),
		    fake_asked);
	}
}

static void
what_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = {"", "api.github.com", "ftp://a",
	    "https://", "https://a b", "https://user@host", "https://host:0",
	    "https://host:99999", "https://host?x", "https://host/#x",
	    "https://h\\o", "https://[::1", "file:///etc/passwd", NULL};
	struct forge *f = NULL;

	(void)state;
	for (size_t i = 0; bad[i] != NULL; i++) {
		struct forge_setup s = {.name = "hub", .api = bad[i]};

		err = (struct err){0};
		if (forge_open(&f, &s, &err) == 0)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	err = (struct err){0};
	assert_int_equal(forge_open(&f,
	                     &(struct forge_setup){.kind = SOURCE_GENERIC,
	                         .name = "ci",
	                         .api = "https://ci.example.com"},
	                     &err),
	    -1);
}

static void
the_next_page_is_asked_at_the_same_place_alone(void **state)
{
	static const struct {
		const char *link;
		bool taken;
	} cases[] = {
	    {"<https://hub.example.com/api/v3/x?page=2>; rel=\"next\"", true},
	    {"<https://HUB.example.com:443/y?page=2>; rel=\"next\"", true},
	    {"<https://hub.example.com/x?page=1>; rel=\"first\", "
	     "<https://hub.example.com/x?page=2>; rel=\"next\"",
	        true},
	    {"<https://hub.example.com/x?page=2>; title=x; rel=next", true},
	    {"<http://hub.example.com/x?page=2>; rel=\"next\"", false},
	    {"<https://hub.example.com:8443/x?page=2>; rel=\"next\"", false},
	    {"<https://hub.example.com.evil.example/?page=2>; rel=\"next\"",
	        false},
	    {"<https://hub.example.com@evil.example/?page=2>; rel=\"next\"",
	        false},
	    {"<https://evil.example\\hub.example.com/?page=2>; rel=\"next\"",
	        false},
	    {"<//evil.example/?page=2>; rel=\"next\"", false},
	    {"</x?page=2>; rel=\"next\"", false},
	    {"<>; rel=\"next\"", false},
	};
	struct forge_list list;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[256];
		const struct fake_answer answers[] = {{.at = "page=2",
		                                          .body =
		                                              "[" APPROVED "]"},
		    {.at = "reviews", .body = "[]", .fields = line}, {0}};

		(void)snprintf(line, sizeof(line), "Link: %s\n", cases[i].link);
		fake_serve(answers);
		if ((reviews("https://hub.example.com", &list) == 0) !=
		    cases[i].taken)
			fail_msg("%s: %s", cases[i].link, err.text);
		assert_int_equal(list.count, cases[i].taken ? 1 : 0);
		assert_null(strstr(fake_asked, "evil"));
	}
}

static void
each_kind_of_refusal_says_when_to_ask_again(void **state)
{
	static const struct {
		struct fake_answer answer;
		const char *says;
	} cases[] = {
	    {{.status = 500, .body = ""}, "500 (retry after 60 s)"},
	    {{.status = 502, .body = "<html>", .type = "text/html"},
	        "502 (retry after 60 s)"},
	    {{.status = 503, .body = "{}", .fields = "Retry-After: 7\n"},
	        "503 (retry after 7 s)"},
	    {{.status = 429,
	         .body = "{}",
	         .fields = "Date: Wed, 25 Nov 2026 10:00:00 GMT\n"
	                   "retry-after: Wed, 25 Nov 2026 10:01:30 GMT\n"},
	        "too many questions for now (retry after 90 s)"},
	    {{.status = 403,
	         .body = "{\"message\":\"API rate limit exceeded\"}",
	         .fields = "date: Wed, 25 Nov 2026 10:00:00 GMT\n"
	                   "X-RateLimit-Remaining: 0\n"
	                   "X-RateLimit-Reset: 1795600920\n"},
	        "too many questions for now (retry after 120 s)"},
	    {{.status = 403,
	         .body = "{}",
	         .fields = "date: Wed, 25 Nov 2026 10:00:00 GMT\n"
	                   "X-RateLimit-Remaining: 0\n"
	                   "X-RateLimit-Reset: 99999999999\n"},
	        "(retry after 3600 s)"},
	    {{.status = 403,
	         .body = "{\"message\":\"not \\u0007 for you\"}",
	         .fields = "X-RateLimit-Remaining: 17\n"},
	        "403: not \\u{0007} for you"},
	    {{.status = 401, .body = "{}"}, "the token is not taken"},
	    {{.status = 404, .body = "{}"}, "404"},
	    {{.status = 301, .body = "{}"}, "leads elsewhere (301)"},
	    {{.status = 204, .body = ""}, "204"},
	    {{.status = 202, .body = "[]"}, "202"},
	    {{.status = 206, .body = "[]"}, "206"},
	    {{.status = -1}, "does not answer"},
	    {{.body = "<html>", .type = "text/html"}, "no JSON"},
	    {{.body = "[]", .type = ""}, "no JSON"},
	    {{.body = ""}, "no JSON"},
	    {{.body = "[]", .type = "application/json-seq"}, "no JSON"},
	    {{.body = "[} "}, "answer"},
	    {{.body = "[] []"}, "answer"},
	    {{.body = "{\"a\":1,\"a\":2}"}, "answer"},
	    {{.body = "{}"}, "no list"},
	    {{.body = "[1]"}, "what it should not"},
	    {{.body = "[{\"id\":1}]"}, "without a state"},
	    {{.body =
	             "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]"
	             "]]]]]]]]]]]]]]]]]]]]]]"},
	        "answer"},
	};
	struct forge_list list;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_answer answers[] = {cases[i].answer, {0}};

		answers[0].at = "reviews";
		if (answers[0].body == NULL)
			answers[0].body = "";
		fake_serve(answers);
		assert_int_equal(reviews("https://hub.example.com", &list), -1);
		assert_int_equal(err.kind, ERR_UNREACHABLE);
		if (strstr(err.text, "could not check at 'hub': ") !=
		        err.text ||
		    strstr(err.text, cases[i].says) == NULL ||
		    strstr(err.text, "(retry after ") == NULL ||
		    strstr(err.text, "the-token") != NULL)
			fail_msg("%zu: %s", i, err.text);
	}
}

static void
a_list_without_an_end_ends(void **state)
{
	static const struct fake_answer answers[] = {{.at = "/",
	                                                 .body = "[]",
	                                                 .fields =
	                                                     "Link: <https://"
	                                                     "h.example/x>; "
	                                                     "rel=\"next\"\n"},
	    {0}};
	struct forge_list list;

	(void)state;
	fake_serve(answers);
	assert_int_equal(reviews("https://h.example", &list), -1);
	assert_non_null(strstr(err.text, "more than 50 pages"));
}

static void
no_time_is_no_answer(void **state)
{
	static const struct fake_answer answers[] = {{.at = "/", .body = "[]"},
	    {0}};
	struct forge *f = open_forge(SOURCE_GITHUB, "https://h.example");
	struct forge_list list;

	(void)state;
	fake_serve(answers);
	forge_time(f, 0);
	assert_int_equal(forge_open_requests(f, &pool, "acme/pay", &list, &err),
	    -1);
	assert_non_null(strstr(err.text, "no time is left"));
	assert_true(forge_wait(f) > 0);
	assert_string_equal(fake_asked, "");
	forge_close(f);
}

static unsigned signed_times;
static int
sign(struct buf *jwt, void *ctx, struct err *e)
{
	(void)ctx;
	(void)e;
	signed_times++;
	buf_put(jwt, "signed");
	return 0;
}

static void
an_app_keeps_the_token_of_an_owner(void **state)
{
	static const struct fake_answer answers[] = {
	    {.at = "/access_tokens",
	        .body = "{\"token\":\"short-lived\"}",
	        .status = 201},
	    {.at = "/installation", .body = "{\"id\":5}"},
	    {.at = "/pulls", .body = "[]"}, {0}};
	struct forge *f = NULL;
	struct forge_list list;
	const char *token = NULL;

	(void)state;
	fake_serve(answers);
	assert_int_equal(forge_open(&f,
	                     &(struct forge_setup){.name = "hub",
	                         .api = "https://api.github.com",
	                         .app = sign},
	                     &err),
	    0);
	for (int i = 0; i < 3; i++)
		if (forge_open_requests(f, &pool, "acme/pay", &list, &err) < 0)
			fail_msg("%s", err.text);
	assert_int_equal(signed_times, 2);
	assert_int_equal(forge_token(f, "acme/other", &token, &err), 0);
	assert_string_equal(token, "short-lived");
	assert_int_equal(signed_times, 2);
	assert_int_equal(forge_token(f, "else/other", &token, &err), 0);
	assert_int_equal(signed_times, 4);
	forge_close(f);
}

static void
an_app_that_is_not_installed_has_no_token(void **state)
{
	static const struct fake_answer answers[] = {{0}};
	struct forge *f = NULL;
	const char *token = NULL;

	(void)state;
	fake_serve(answers);
	assert_int_equal(forge_open(&f,
	                     &(struct forge_setup){.name = "hub",
	                         .api = "https://api.github.com",
	                         .app = sign},
	                     &err),
	    0);
	assert_int_equal(forge_token(f, "acme/pay", &token, &err), -1);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	forge_close(f);
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
	    cmocka_unit_test(
	        an_address_is_completed_only_where_nothing_is_behind_its_host),
	    cmocka_unit_test(what_is_no_address_is_refused),
	    cmocka_unit_test(the_next_page_is_asked_at_the_same_place_alone),
	    cmocka_unit_test(each_kind_of_refusal_says_when_to_ask_again),
	    cmocka_unit_test(a_list_without_an_end_ends),
	    cmocka_unit_test(no_time_is_no_answer),
	    cmocka_unit_test(an_app_keeps_the_token_of_an_owner),
	    cmocka_unit_test(an_app_that_is_not_installed_has_no_token),
	};

	return cmocka_run_group_tests(tests, NULL, free_pool);
}
