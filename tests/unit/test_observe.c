/* app/observe: which words become records, whose they are, and of what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "app/observe.h"
#include "base/text.h"
#include "base/tree.h"
#include "core/topics.h"

#define COMMIT "1111111111111111111111111111111111111111"

static const char PEOPLE[] =
    "version: 1\n"
    "people:\n"
    "  alice: {logins: {hub: [alice, \"id:1\"]}, groups: [engineers]}\n"
    "  bob: {logins: {hub: bob, other: alice}}\n"
    "  gone: {logins: {hub: gone}, expires: 2020-01-01}\n";
static const char POLICY[] = "version: 1\nrepositories:\n"
                             "  - {match: [\"pay*\"], gates: {}}\n";

struct place {
	struct pool pool;
	struct config config;
	struct source source;
	struct source_mapping mapping;
	struct observing from;
	struct observations out;
};

static void
setup(struct place *p)
{
	const struct tree *t;
	struct err err = {0};

	*p = (struct place){.mapping = {"acme/*", "*"}};
	assert_int_equal(tree_parse_yaml(&t, &p->pool, PEOPLE, strlen(PEOPLE),
	                     "people.yaml", &err),
	    0);
	assert_int_equal(people_read(&p->config.people, &p->pool, t, NULL,
	                     &err),
	    0);
	assert_int_equal(tree_parse_yaml(&t, &p->pool, POLICY, strlen(POLICY),
	                     "policy.yaml", &err),
	    0);
	assert_int_equal(policy_read(&p->config.policy, &p->pool, t, &err), 0);
	p->source = (struct source){.name = "hub",
	    .mappings = &p->mapping,
	    .mapping_count = 1,
	    .mapped = true};
	p->from = (struct observing){.config = &p->config,
	    .source = &p->source,
	    .delivery = "d-1",
	    .now = INT64_C(1764028800000)};
}

static void
teardown(struct place *p)
{
	observations_free(&p->out);
	pool_free(&p->pool);
}

static void
observe(struct place *p, const struct observed *words, size_t count)
{
	struct payload payload = {.list = words, .count = count};

	observations_free(&p->out);
	observe_bodies(&p->out, &p->pool, &p->from, &payload);
}

/* The record as a reader of the ledger would have it. */
static const struct tree *
record(struct place *p, size_t i)
{
	const struct tree *t;
	struct err err = {0};
	const char *json;

	assert_true(i < p->out.count);
	json = pool_printf(&p->pool, "{%s", buf_text(&p->out.list[i]));
	if (tree_parse_json(&t, &p->pool, json, strlen(json), "body", &err) < 0)
		fail_msg("%s: %s", err.text, json);
	return t;
}

/* As it was written before. */
#define OLDER                                                                  \
	"{\"type\":\"observation\",\"kind\":\"push\",\"source\":\"hub\","      \
	"\"delivery\":\"d-1\",\"repository\":\"payments\"}"

static const struct observed REVIEW = {.kind = OBSERVED_REVIEW,
    .repository = "acme/payments",
    .actor = {.login = "alice", .id = "1"},
    .request = "17",
    .head = COMMIT,
    .target = "refs/heads/main",
    .decision = "approve",
    .commit = COMMIT};

static bool
has_topic(struct place *p, const struct tree *record, const char *topic)
{
	const char *const *list;
	size_t count;
	bool has = false;

	topics_of(&p->pool, record, &list, &count);
	for (size_t i = 0; i < count; i++)
		has = has || strcmp(list[i], topic) == 0;
	return has;
}

/* A writer may die behind the first one. */
static void
a_delivery_is_known_by_its_last_record(void **state)
{
	struct place p;
	struct observed words[3] = {REVIEW, REVIEW, REVIEW};
	const char *by_id, *by_body;
	const struct tree *older;
	struct err err = {0};

	(void)state;
	setup(&p);
	p.from.delivery = "d-1";
	p.from.body = COMMIT;
	words[2].repository = "nobody/knows";
	observe(&p, words, 3);
	assert_int_equal(p.out.count, 2);
	by_id = topic_delivery(&p.pool, p.from.source->name, "d-1");
	by_body = topic_body(&p.pool, p.from.source->name, COMMIT);
	assert_false(has_topic(&p, record(&p, 0), by_id));
	assert_false(has_topic(&p, record(&p, 0), by_body));
	assert_true(has_topic(&p, record(&p, 1), by_id));
	assert_true(has_topic(&p, record(&p, 1), by_body));
	/* One alone is the last, and older ones each were. */
	observe(&p, words, 1);
	assert_true(has_topic(&p, record(&p, 0), by_id));
	assert_int_equal(tree_parse_json(&older, &p.pool, OLDER, strlen(OLDER),
	                     "body", &err),
	    0);
	assert_true(
	    has_topic(&p, older, topic_delivery(&p.pool, "hub", "d-1")));
	teardown(&p);
}

static void
a_review_is_an_approval_by_our_person(void **state)
{
	struct place p;
	const struct tree *t;

	(void)state;
	setup(&p);
	observe(&p, &REVIEW, 1);
	t = record(&p, 0);
	assert_string_equal(tree_text(t, "kind"), "approval");
	assert_string_equal(tree_text(t, "repository"), "payments");
	assert_string_equal(tree_text(t, "person"), "alice");
	assert_string_equal(tree_text(t, "login"), "id:1");
	assert_string_equal(tree_text(t, "in_force"), "yes");
	assert_string_equal(tree_text(t, "delivery"), "d-1");
	assert_null(tree_text(t, "key"));
	teardown(&p);
}

static void
it_is_found_by_commit_request_head_and_delivery(void **state)
{
	static const char *const wanted[] = {"approval payments " COMMIT,
	    "approvals payments refs/heads/main", "request payments hub 17",
	    "head payments " COMMIT, "requests payments refs/heads/main",
	    "delivery hub d-1"};
	struct place p;
	const char *const *list;
	size_t count;

	(void)state;
	setup(&p);
	observe(&p, &REVIEW, 1);
	topics_of(&p.pool, record(&p, 0), &list, &count);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		bool found = false;

		for (size_t k = 0; k < count; k++)
			found = found || strcmp(list[k], wanted[i]) == 0;
		if (!found)
			fail_msg("not found by '%s'", wanted[i]);
	}
	teardown(&p);
}

static void
a_number_goes_before_a_name(void **state)
{
	static const struct {
		const char *source, *login, *id, *person, *by;
	} cases[] = {
	    {"hub", "alice", "1", "alice", "id:1"},
	    {"hub", "renamed", "1", "alice", "id:1"},
	    {"hub", "alice", "7", NULL, "alice"},
	    {"hub", "alice", NULL, "alice", "alice"},
	    {"hub", "bob", "7", "bob", "bob"},
	    {"hub", "Alice", NULL, NULL, "Alice"},
	    {"other", "alice", "1", "bob", "alice"},
	    {"third", "alice", "1", NULL, "alice"},
	    {"hub", NULL, NULL, NULL, NULL},
	};
	struct place p;

	(void)state;
	setup(&p);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct forge_user user = {.login = cases[i].login,
		    .id = cases[i].id};
		const char *by;
		const struct person *who = observe_person(&p.config.people,
		    &p.pool, cases[i].source, &user, &by);

		if (!text_same(who == NULL ? NULL : who->id, cases[i].person) &&
		    (who != NULL || cases[i].person != NULL))
			fail_msg("case %zu: %s", i, who ? who->id : "nobody");
		if (by == NULL || cases[i].by == NULL)
			assert_true(by == cases[i].by);
		else
			assert_string_equal(by, cases[i].by);
	}
	teardown(&p);
}

static void
rights_that_have_ended_are_said(void **state)
{
	struct observed w = REVIEW;
	struct place p;

	(void)state;
	setup(&p);
	w.actor = (struct forge_user){.login = "gone"};
	observe(&p, &w, 1);
	assert_string_equal(tree_text(record(&p, 0), "person"), "gone");
	assert_string_equal(tree_text(record(&p, 0), "in_force"), "no");
	w.actor = (struct forge_user){.login = "stranger"};
	observe(&p, &w, 1);
	assert_null(tree_text(record(&p, 0), "person"));
	assert_string_equal(tree_text(record(&p, 0), "in_force"), "unknown");
	teardown(&p);
}

static void
what_another_takes_back_is_whose_it_was(void **state)
{
	struct observed w = REVIEW;
	struct place p;
	const struct tree *t;

	(void)state;
	setup(&p);
	w.decision = "withdraw";
	w.of = (struct forge_user){.login = "bob"};
	observe(&p, &w, 1);
	t = record(&p, 0);
	assert_string_equal(tree_text(t, "person"), "bob");
	assert_string_equal(tree_text(tree_get(t, "by"), "person"), "alice");
	teardown(&p);
}

static void
nothing_is_kept_of_what_nobody_needs(void **state)
{
	static const struct {
		struct observed word;
		size_t kept, unmatched;
	} cases[] = {
	    {{.kind = OBSERVED_NONE, .repository = "acme/payments"}, 0, 0},
	    {{.kind = OBSERVED_REQUEST, .repository = "acme/payments"}, 0, 0},
	    {{.kind = OBSERVED_REQUEST,
	         .repository = "acme/payments",
	         .request = "1"},
	        1, 0},
	    {{.kind = OBSERVED_REQUEST,
	         .repository = "acme/other",
	         .request = "1"},
	        0, 1},
	    {{.kind = OBSERVED_REQUEST,
	         .repository = "beta/payments",
	         .request = "1"},
	        0, 1},
	    {{.kind = OBSERVED_REQUEST,
	         .repository = "acme/pay ments",
	         .request = "1"},
	        0, 1},
	    {{.kind = OBSERVED_REQUEST, .request = "1"}, 0, 1},
	    {{.kind = OBSERVED_REVIEW,
	         .repository = "acme/payments",
	         .request = "1"},
	        0, 0},
	    {{.kind = OBSERVED_COMMENT,
	         .repository = "acme/payments",
	         .request = "1",
	         .text = "Looks good."},
	        0, 0},
	    {{.kind = OBSERVED_COMMENT,
	         .repository = "acme/payments",
	         .request = "1",
	         .text = "Down.\r\nemergency-change: INC-7\r\n"},
	        1, 0},
	    {{.kind = OBSERVED_STATUS,
	         .repository = "acme/payments",
	         .context = "ci",
	         .result = "success"},
	        0, 0},
	    {{.kind = OBSERVED_STATUS,
	         .repository = "acme/payments",
	         .context = "ci",
	         .result = "success",
	         .commit = COMMIT},
	        1, 0},
	};
	struct place p;

	(void)state;
	setup(&p);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		observe(&p, &cases[i].word, 1);
		if (p.out.count != cases[i].kept ||
		    p.out.unmatched != cases[i].unmatched)
			fail_msg("case %zu: %zu kept, %zu unmatched", i,
			    p.out.count, p.out.unmatched);
	}
	teardown(&p);
}

static void
an_emergency_is_read_line_by_line(void **state)
{
	struct observed w = {.kind = OBSERVED_COMMENT,
	    .repository = "acme/payments",
	    .request = "1",
	    .text = "Down.\n  Emergency-Change:  INC-7\n"
	            "Emergency-Reason:\n"};
	struct place p;

	(void)state;
	setup(&p);
	observe(&p, &w, 1);
	assert_string_equal(tree_text(record(&p, 0), "incident"), "INC-7");
	assert_string_equal(tree_text(record(&p, 0), "reason"), "");
	teardown(&p);
}

static void
a_rename_is_a_record_of_its_own(void **state)
{
	struct observed w = {.kind = OBSERVED_RENAMED,
	    .repository = "acme/payments",
	    .was = "acme/pay"};
	struct place p;

	(void)state;
	setup(&p);
	p.source.tells = SOURCE_TELLS_APPROVALS;
	observe(&p, &w, 1);
	assert_string_equal(tree_text(record(&p, 0), "type"), "renamed");
	assert_string_equal(tree_text(record(&p, 0), "was"), "pay");
	teardown(&p);
}

static void
who_is_not_believed_for_approvals_renames_nothing(void **state)
{
	struct observed w = {.kind = OBSERVED_RENAMED,
	    .repository = "acme/payments",
	    .was = "acme/pay"};
	struct place p;

	(void)state;
	setup(&p);
	p.source.tells = SOURCE_TELLS_TESTS | SOURCE_TELLS_DEPLOYMENTS;
	observe(&p, &w, 1);
	assert_string_equal(tree_text(record(&p, 0), "type"), "renamed");
	assert_null(tree_text(record(&p, 0), "was"));
	teardown(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_delivery_is_known_by_its_last_record),
	    cmocka_unit_test(a_review_is_an_approval_by_our_person),
	    cmocka_unit_test(it_is_found_by_commit_request_head_and_delivery),
	    cmocka_unit_test(a_number_goes_before_a_name),
	    cmocka_unit_test(rights_that_have_ended_are_said),
	    cmocka_unit_test(what_another_takes_back_is_whose_it_was),
	    cmocka_unit_test(nothing_is_kept_of_what_nobody_needs),
	    cmocka_unit_test(an_emergency_is_read_line_by_line),
	    cmocka_unit_test(a_rename_is_a_record_of_its_own),
	    cmocka_unit_test(who_is_not_believed_for_approvals_renames_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
