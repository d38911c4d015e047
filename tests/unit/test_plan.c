#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "core/plain.h"
#include "core/plan.h"

#define REAL "revert the merge and redeploy the previous image"
#define TEMPLATE                                                               \
	"## Rollback plan\n\n<!-- Say how to undo this change. -->\n"          \
	"Describe how this change is undone.\nWho does it? How long does it "  \
	"take?\n\nSteps:\n"

static const char *const placeholders[] = {"describe how to undo"};
static const char *const templates[] = {TEMPLATE};
static const struct plan_rules rules = {.min_words = 5,
    .placeholders = placeholders,
    .placeholder_count = 1,
    .templates = templates,
    .template_count = 1};

struct judged {
	const char *text;
	enum plan_state state;
};

static void
expect_judged(const struct judged *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct pool pool = {0};
		enum plan_state got =
		    plan_judge(cases[i].text, &rules, &pool, NULL);

		if (got != cases[i].state)
			fail_msg("'%s' is %s", cases[i].text,
			    plan_state_name(got));
		pool_free(&pool);
	}
}

#define EXPECT_JUDGED(cases)                                                   \
	expect_judged(cases, sizeof(cases) / sizeof((cases)[0]))

static void
H07_what_says_nothing_is_no_plan(void **state)
{
	static const struct judged cases[] = {
	    {NULL, PLAN_ABSENT},
	    {"", PLAN_EMPTY},
	    {" \t\r\n\n", PLAN_EMPTY},
	    {"\xc2\xa0\xe2\x80\x8b", PLAN_EMPTY},
	    {"<!-- " REAL " -->", PLAN_EMPTY},
	    {"<!-- " REAL, PLAN_EMPTY},
	    {"N/A", PLAN_PLACEHOLDER},
	    {"n.a.", PLAN_PLACEHOLDER},
	    {"**N/A**", PLAN_PLACEHOLDER},
	    {"- [ ] n/a", PLAN_PLACEHOLDER},
	    {"TBD", PLAN_PLACEHOLDER},
	    {"T.B.D.", PLAN_PLACEHOLDER},
	    {"<p>TODO</p>", PLAN_PLACEHOLDER},
	    {"to do!", PLAN_PLACEHOLDER},
	    {"None.", PLAN_PLACEHOLDER},
	    {"See  above", PLAN_PLACEHOLDER},
	    {"See\nabove.", PLAN_PLACEHOLDER},
	    {"-", PLAN_PLACEHOLDER},
	    {"...", PLAN_PLACEHOLDER},
	    {"\xe2\x80\xa6", PLAN_PLACEHOLDER},
	    {"xxx", PLAN_PLACEHOLDER},
	    {"a b c d e", PLAN_PLACEHOLDER},
	    {"&nbsp;", PLAN_PLACEHOLDER},
	    {"n/a, tbd, todo, none, see above", PLAN_PLACEHOLDER},
	    {"no rollback plan needed, all good, as usual", PLAN_PLACEHOLDER},
	    {"Describe how to undo!", PLAN_PLACEHOLDER},
	    {"nicht n\xc3\xb6tig", PLAN_PLACEHOLDER},
	    {"nicht no\xcc\x88tig", PLAN_PLACEHOLDER},
	    {"\xe6\x97\xa0", PLAN_PLACEHOLDER},
	    {"\xe3\x81\xaa\xe3\x81\x97", PLAN_PLACEHOLDER},
	    {"<!-- x --> n/a <!-- y -->", PLAN_PLACEHOLDER},
	};

	(void)state;
	EXPECT_JUDGED(cases);
}

static void
H07_the_template_is_no_plan(void **state)
{
	static const struct judged cases[] = {
	    {"Describe how this change is undone.\n"
	     "Who does it? How long does it take?\n\nSteps:\n",
	        PLAN_TEMPLATE},
	    {"Describe how\nthis change is undone. Who does\nit?",
	        PLAN_TEMPLATE},
	    {"*describe how this change is undone*", PLAN_TEMPLATE},
	    {"How long does it take?", PLAN_TEMPLATE},
	    {"Steps:", PLAN_TEMPLATE},
	    {"Say how to undo this change.", PLAN_TEMPLATE},
	    {"Describe how this change is undone.\nn/a", PLAN_PLACEHOLDER},
	    {"Describe how this change is undone.\n" REAL, PLAN_REAL},
	    {"Who does it? ops team. How long does it take?", PLAN_TOO_SHORT},
	    {"Steps: " REAL, PLAN_REAL},
	};

	(void)state;
	EXPECT_JUDGED(cases);
}

static void
words_are_counted_once_and_in_every_script(void **state)
{
	static const struct judged cases[] = {
	    {REAL, PLAN_REAL},
	    {"revert the merge", PLAN_TOO_SHORT},
	    {"revert the merge and redeploy", PLAN_REAL},
	    {"revert revert revert revert revert", PLAN_TOO_SHORT},
	    {"Revert, revert! REVERT r\xc3\xa9vert revert.", PLAN_TOO_SHORT},
	    {"git git git revert a b c d", PLAN_TOO_SHORT},
	    {"revert 1 2 3 4 5", PLAN_TOO_SHORT},
	    {"run plan 12 34 now", PLAN_REAL},
	    {"https://wiki.example.com/how/to/undo/this", PLAN_TOO_SHORT},
	    {"undo v1.2.3.4.5", PLAN_TOO_SHORT},
	    {"don't wait, undo migration 42", PLAN_REAL},
	    /* German, Russian, Greek, Chinese, Japanese, Korean, Thai */
	    {"vorherige Version \xc3\xbc"
	     "ber die Pipeline ausrollen",
	        PLAN_REAL},
	    {"\xd0\xbe\xd1\x82\xd0\xba\xd0\xb0\xd1\x82\xd0\xb8\xd1\x82\xd1\x8c "
	     "\xd1\x80\xd0\xb5\xd0\xbb\xd0\xb8\xd0\xb7",
	        PLAN_TOO_SHORT},
	    {"\xe5\x9b\x9e\xe6\xbb\x9a\xe5\x88\xb0\xe4\xb8\x8a\xe4\xb8\x80"
	     "\xe7\x89\x88\xe6\x9c\xac",
	        PLAN_REAL},
	    {"\xe5\x9b\x9e\xe5\x9b\x9e\xe5\x9b\x9e\xe5\x9b\x9e\xe5\x9b\x9e",
	        PLAN_TOO_SHORT},
	    {"\xe5\x89\x8d\xe3\x81\xae\xe7\x89\x88\xe3\x81\xab"
	     "\xe6\x88\xbb\xe3\x81\x99",
	        PLAN_REAL},
	    {"\xec\x9d\xb4\xec\xa0\x84 \xeb\xb2\x84\xec\xa0\x84",
	        PLAN_TOO_SHORT},
	    {"\xe0\xb9\x84\xe0\xb8\xa1\xe0\xb9\x88\xe0\xb8\xa1\xe0\xb8\xb5",
	        PLAN_TOO_SHORT},
	    {"caf\xe9 r\xe9tablir la version pr\xe9"
	     "c\xe9"
	     "dente",
	        PLAN_REAL},
	    {"\xf0\x9f\x9a\x80 \xf0\x9f\x8e\x89 \xe2\x9c\x85 \xe2\x9c\x94 "
	     "\xe2\x80\xa2",
	        PLAN_PLACEHOLDER},
	};
	struct pool pool = {0};
	unsigned words = 9;

	(void)state;
	EXPECT_JUDGED(cases);
	assert_int_equal(plan_judge("revert the merge", &rules, &pool, &words),
	    PLAN_TOO_SHORT);
	assert_int_equal(words, 3);
	assert_int_equal(plan_judge("n/a", &rules, &pool, &words),
	    PLAN_PLACEHOLDER);
	assert_int_equal(words, 0);
	pool_free(&pool);
}

static void
no_rules_ask_for_one_word(void **state)
{
	static const struct plan_rules none = {0};
	struct pool pool = {0};

	(void)state;
	assert_int_equal(plan_judge("revert", &none, &pool, NULL), PLAN_REAL);
	assert_int_equal(plan_judge("n/a", &none, &pool, NULL),
	    PLAN_PLACEHOLDER);
	assert_int_equal(plan_judge("7", &none, &pool, NULL), PLAN_TOO_SHORT);
	pool_free(&pool);
}

static void
what_lies_behind_the_limit_is_not_looked_at(void **state)
{
	struct pool pool = {0};
	struct buf text = {0};

	(void)state;
	for (size_t i = 0; i < PLAN_TEXT_MAX; i++)
		buf_char(&text, ' ');
	buf_put(&text, REAL);
	assert_int_equal(plan_judge(text.data, &rules, &pool, NULL),
	    PLAN_EMPTY);
	assert_int_equal(plan_judge(text.data + 60, &rules, &pool, NULL),
	    PLAN_REAL);
	buf_free(&text);
	pool_free(&pool);
}

struct found {
	const char *text;
	const char *plans; /* each with its white space folded, "|" behind */
};

static void
expect_found(const struct found *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct pool pool = {0};
		struct buf out = {0};
		struct plan plan;

		plan_find(&plan, &pool, cases[i].text, strlen(cases[i].text));
		for (size_t k = 0; k < plan.count; k++)
			buf_printf(&out, "%s|",
			    plain_words(&pool, plan.texts[k],
			        strlen(plan.texts[k])));
		if (strcmp(buf_text(&out), cases[i].plans) != 0)
			fail_msg("of\n%s\nfound '%s', not '%s'", cases[i].text,
			    buf_text(&out), cases[i].plans);
		buf_free(&out);
		pool_free(&pool);
	}
}

#define EXPECT_FOUND(cases)                                                    \
	expect_found(cases, sizeof(cases) / sizeof((cases)[0]))

static void
a_plan_is_a_trailer(void **state)
{
	static const struct found cases[] = {
	    {"s\n\nbody\n", ""},
	    {"s\n\nRollback-Plan: undo it\n", "undo it|"},
	    {"s\n\nROLLBACK-PLAN: undo\n it\n", "undo it|"},
	    {"s\r\n\r\nRollback-Plan: undo it\r\n", "undo it|"},
	    {"s\n\nRollback-Plan:\n", "|"},
	    {"s\n\nRollback-Plan: a1\nRollback-Plan: b2\n", "a1|b2|"},
	    {"s\n\nRollback-Plan: undo it\n\nbody\n", ""},
	    {"s\n\nbody\n---\nRollback-Plan: undo it\n", ""},
	    {"Rollback-Plan: undo it\n", ""},
	};

	(void)state;
	EXPECT_FOUND(cases);
}

static void
a_plan_is_a_section(void **state)
{
	static const struct found cases[] = {
	    {"# Rollback plan\nundo it\n", "undo it|"},
	    {"s\n\n## Rollback Plan\n\nundo\nit\n", "undo it|"},
	    {"s\n\n###### ROLLBACK-PLAN ##\nundo it", "undo it|"},
	    {"s\n\n   ## 3. Rollback plan: (required)\nundo it",
	        "required undo it|"},
	    {"s\n\n## Rollback plan (required)\nundo it", "undo it|"},
	    {"s\n\n## **Rollback plan**\r\n\r\nundo it\r\n", "undo it|"},
	    {"s\n\n## Rollback plan: undo it\nnow\n", "undo it now|"},
	    {"s\n\nRollback plan\n-------------\nundo it\n", "undo it|"},
	    {"s\n\nRollback plan\n==\nundo it\n", "undo it|"},
	    {"s\n\n## Rollback plan\n", "|"},
	    {"s\n\n####### Rollback plan\nundo it\n", ""},
	    {"s\n\n#Rollback plan\nundo it\n", ""},
	    {"s\n\nRollback plan\nundo it\n", ""},
	    {"s\n\nRollback plan\n-\nundo it\n", ""},
	    {"s\n\n## No rollback plan\nundo it\n", ""},
	    {"s\n\n## Rollback planning\nundo it\n", ""},
	    {"s\n\n> ## Rollback plan\n> undo it\n", ""},
	    {"s\n\n    ## Rollback plan\nundo it\n", ""},
	    {"s\n\n```\n## Rollback plan\n```\nundo it\n", ""},
	    {"s\n\n~~~~\n~~~\n## Rollback plan\nundo it\n", ""},
	    {"s\n\n<!--\n## Rollback plan\n-->\nundo it\n", ""},
	    {"s\n\n<!-- x -->\n## Rollback plan\nundo it\n", "undo it|"},
	};

	(void)state;
	EXPECT_FOUND(cases);
}

static void
a_section_ends_at_a_heading_that_is_no_lower(void **state)
{
	static const struct found cases[] = {
	    {"## Rollback plan\nundo it\n## Risk\nnone\n", "undo it|"},
	    {"## Rollback plan\nundo it\n# Risk\nnone\n", "undo it|"},
	    {"## Rollback plan\nundo it\n\nRisk\n----\nnone\n", "undo it|"},
	    {"## Rollback plan\nundo\n### Steps\nit\n", "undo it|"},
	    {"# Rollback plan\nundo\n\nSteps\n-----\nit\n", "undo it|"},
	    {"## Rollback plan\nundo\n```\n# it\n```\n", "undo it|"},
	    {"## Rollback plan\nundo\n\n1. it\n---\nnow\n", "undo 1 it now|"},
	    {"## Rollback plan\na1\n## x\n## Rollback plan\nb2\n", "a1|b2|"},
	};

	(void)state;
	EXPECT_FOUND(cases);
}

static void
trailers_are_no_part_of_a_section(void **state)
{
	static const struct found cases[] = {
	    {"s\n\n## Rollback plan\n\nSigned-off-by: Bob the Builder <b@x>\n"
	     " folded\n",
	        "|"},
	    {"s\n\n## Rollback plan\nTicket: all of these words are it\n", "|"},
	    {"s\n\n## Rollback plan\nundo it\n\nSigned-off-by: Bob <b@x>\n",
	        "undo it|"},
	    {"s\n\n## Rollback plan\n\nStep 1: undo\nStep2: it\n",
	        "step 1 undo step2 it|"},
	    {"s\n\n## Rollback plan\nundo\n\nRollback-Plan: it\n", "it|undo|"},
	    {"s\n\nSigned-off-by: Bob <b@x>\n---\n## Rollback plan\nundo it\n",
	        "undo it|"},
	};

	(void)state;
	EXPECT_FOUND(cases);
}

static void
the_best_of_several_plans_counts(void **state)
{
	static const char text[] =
	    "s\n\n## Rollback plan\nn/a\n\n"
	    "## Rollback plan\n" REAL "\n\nRollback-Plan: tbd\n";
	struct pool pool = {0};
	struct plan plan, none = {0};
	const char *best;

	(void)state;
	plan_find(&plan, &pool, text, strlen(text));
	assert_int_equal(plan.count, 3);
	assert_int_equal(plan_judge_all(&plan, &rules, &pool, &best),
	    PLAN_REAL);
	assert_non_null(strstr(best, REAL));
	assert_int_equal(plan_judge_all(&none, &rules, &pool, &best),
	    PLAN_ABSENT);
	assert_null(best);
	pool_free(&pool);
}

static void
plans_of_one_text_are_bounded(void **state)
{
	struct pool pool = {0};
	struct buf text = {0};
	struct plan plan;

	(void)state;
	for (size_t i = 0; i < PLAN_COUNT_MAX + 3; i++)
		buf_put(&text, "# Rollback plan\nundo it\n");
	plan_find(&plan, &pool, text.data, text.len);
	assert_int_equal(plan.count, PLAN_COUNT_MAX);
	buf_free(&text);
	pool_free(&pool);
}

static void
a_target_to_go_back_to_is_found(void **state)
{
	static const char one[] = "s\n\nRollback-To: v1\nrollback-to: v1\n";
	static const char two[] = "s\n\nRollback-To: v1\nRollback-To: v2\n";
	struct pool pool = {0};
	struct plan plan;

	(void)state;
	plan_find(&plan, &pool, one, strlen(one));
	assert_string_equal(plan.to, "v1");
	assert_int_equal(plan.to_count, 1);
	plan_find(&plan, &pool, two, strlen(two));
	assert_string_equal(plan.to, "v1");
	assert_int_equal(plan.to_count, 2);
	plan_find(&plan, &pool, "s\n", 2);
	assert_null(plan.to);
	assert_int_equal(plan.to_count, 0);
	pool_free(&pool);
}

static void
incidents_and_reasons_are_held_to_the_same(void **state)
{
	static const char *const extra[] = {"Because I say so"};
	struct pool pool = {0};

	(void)state;
	assert_true(plan_is_placeholder(NULL, NULL, 0, &pool));
	assert_true(plan_is_placeholder("", NULL, 0, &pool));
	assert_true(plan_is_placeholder(" - ", NULL, 0, &pool));
	assert_true(plan_is_placeholder("TBD", NULL, 0, &pool));
	assert_true(plan_is_placeholder("000", NULL, 0, &pool));
	assert_false(plan_is_placeholder("INC-7", NULL, 0, &pool));
	assert_false(plan_is_placeholder("4711", NULL, 0, &pool));
	assert_false(plan_is_placeholder("nothing works", NULL, 0, &pool));
	assert_false(plan_is_placeholder("because I say so", NULL, 0, &pool));
	assert_true(plan_is_placeholder("because, I say so!", extra, 1, &pool));
	pool_free(&pool);
}

static void
each_state_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(plan_state_name(PLAN_ABSENT), "absent");
	assert_string_equal(plan_state_name(PLAN_TOO_SHORT), "too-short");
	assert_string_equal(plan_state_name(PLAN_REAL), "real");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(H07_what_says_nothing_is_no_plan),
	    cmocka_unit_test(H07_the_template_is_no_plan),
	    cmocka_unit_test(words_are_counted_once_and_in_every_script),
	    cmocka_unit_test(no_rules_ask_for_one_word),
	    cmocka_unit_test(what_lies_behind_the_limit_is_not_looked_at),
	    cmocka_unit_test(a_plan_is_a_trailer),
	    cmocka_unit_test(a_plan_is_a_section),
	    cmocka_unit_test(a_section_ends_at_a_heading_that_is_no_lower),
	    cmocka_unit_test(trailers_are_no_part_of_a_section),
	    cmocka_unit_test(the_best_of_several_plans_counts),
	    cmocka_unit_test(plans_of_one_text_are_bounded),
	    cmocka_unit_test(a_target_to_go_back_to_is_found),
	    cmocka_unit_test(incidents_and_reasons_are_held_to_the_same),
	    cmocka_unit_test(each_state_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
