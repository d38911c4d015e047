/* What others wrote is withheld where it holds a secret, and else as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "core/facts.h"
#include "core/facts_mask.h"

/* Of nobody; put together here, so that it stands in no file. */
#define TOKEN                                                                  \
	"AK"                                                                   \
	"IAZ7KWQ3XNM5RT2YHB"

static const char *
written(struct pool *pool, const struct update *u)
{
	struct buf out = {0};
	struct json j = {.out = &out};
	const char *ret;

	json_open(&j, '{');
	facts_write(&j, u);
	json_close(&j);
	ret = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return ret;
}

static void
a_text_that_holds_a_secret_is_withheld_wherever_it_stands(void **state)
{
	static const char *const conflicts[] = {"a", "b " TOKEN, "c"};
	struct pool pool = {0};
	struct landing_commit commits[] = {{.id = "1", .subject = "one"},
	    {.id = "2", .subject = "use " TOKEN}};
	struct change c = {.description = TOKEN " is new",
	    .commits = commits,
	    .commit_count = 2,
	    .plan = {.text = "go back to\n" TOKEN, .where = "tag"},
	    .rehearsal = {.conflicts = conflicts, .conflict_count = 3}};
	struct update u = {.ref = "refs/heads/main",
	    .changes = &c,
	    .change_count = 1,
	    .declaration = {.reason = "it is " TOKEN}};
	const char *text;

	(void)state;
	assert_non_null(strstr(written(&pool, &u), TOKEN));
	facts_mask(&u, &pool);
	text = written(&pool, &u);
	assert_null(strstr(text, TOKEN));
	assert_string_equal(u.ref, "refs/heads/main");
	assert_string_equal(u.changes[0].commits[0].subject, "one");
	assert_string_equal(u.changes[0].commits[1].subject, FACTS_MASK_TEXT);
	assert_string_equal(u.changes[0].commits[1].id, "2");
	assert_string_equal(u.changes[0].description, FACTS_MASK_TEXT);
	assert_string_equal(u.changes[0].plan.text, FACTS_MASK_TEXT);
	assert_string_equal(u.changes[0].plan.where, "tag");
	assert_string_equal(u.changes[0].rehearsal.conflicts[0], "a");
	assert_string_equal(u.changes[0].rehearsal.conflicts[1],
	    FACTS_MASK_TEXT);
	assert_string_equal(u.declaration.reason, FACTS_MASK_TEXT);
	/* What the facts were made of is as it was. */
	assert_string_equal(conflicts[1], "b " TOKEN);
	assert_string_equal(c.description, TOKEN " is new");
	pool_free(&pool);
}

static void
what_holds_none_is_as_it_was(void **state)
{
	struct pool pool = {0};
	struct update u = {0};
	const char *before;

	(void)state;
	facts_mask(&u, &pool);
	assert_null(u.changes);
	u.ref = "refs/heads/a-long-name-of-a-branch";
	u.new = "0123456789abcdef0123456789abcdef01234567";
	before = written(&pool, &u);
	facts_mask(&u, &pool);
	assert_string_equal(written(&pool, &u), before);
	pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
	        a_text_that_holds_a_secret_is_withheld_wherever_it_stands),
	    cmocka_unit_test(what_holds_none_is_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
