#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "core/submodule.h"

static void
expect(const char *text, const char *name, const char *url)
{
	struct pool pool = {0};
	struct submodule *list;
	size_t count;
	const char *got;

	submodules_read(&pool, text, strlen(text), &list, &count);
	got = submodule_url(list, count, name);
	if ((got == NULL) != (url == NULL) ||
	    (got != NULL && strcmp(got, url) != 0))
		fail_msg("'%s' has '%s'", text, got != NULL ? got : "(none)");
	pool_free(&pool);
}

static void
an_address_belongs_to_the_section_above_it(void **state)
{
	(void)state;
	expect("[submodule \"a\"]\n\turl = x\n", "a", "x");
	expect("[submodule \"a\"]\n\tpath = p\n\tURL=x \r\n", "a", "x");
	expect("[submodule \"a\"]\nurl = x\n[submodule \"b\"]\nurl = y", "b",
	    "y");
	expect("[submodule \"a\"]\nurl = x\nurl = y\n", "a", "y");
	expect("[submodule \"a\"]\nurl =\n", "a", "");
	expect("[submodule \"a\"]\n\turl = x=y\n", "a", "x=y");
}

static void
what_is_not_as_git_writes_it_is_passed_over(void **state)
{
	(void)state;
	expect("", "a", NULL);
	expect("url = x\n", "a", NULL);
	expect("[submodule \"a\"]\nurl\n", "a", NULL);
	expect("[submodule \"a\"]\n=x\n", "a", NULL);
	expect("[submodule \"a\"]\nurls = x\n", "a", NULL);
	expect("[submodule a]\nurl = x\n", "a", NULL);
	expect("[submodule \"]\nurl = x\n", "", NULL);
	expect("[core]\nurl = x\n", "core", NULL);
	expect("[submodule \"a\"]\n[core]\nurl = x\n", "a", NULL);
}

static void
control_characters_are_escaped_and_length_is_bounded(void **state)
{
	struct pool pool = {0};
	struct submodule *list;
	struct buf text = {0};
	size_t count;

	(void)state;
	expect("[submodule \"a\033\"]\nurl = \033[2Jx\n", "a\\u{001B}",
	    "\\u{001B}[2Jx");
	for (int i = 0; i < SUBMODULES_MAX + 9; i++)
		buf_printf(&text, "[submodule \"%d\"]\nurl = %0*d\n", i,
		    SUBMODULE_TEXT_MAX + 50, i);
	submodules_read(&pool, text.data, text.len, &list, &count);
	assert_int_equal(count, SUBMODULES_MAX);
	assert_true(strlen(list[0].url) <= SUBMODULE_TEXT_MAX + 3);
	pool_free(&pool);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_belongs_to_the_section_above_it),
	    cmocka_unit_test(what_is_not_as_git_writes_it_is_passed_over),
	    cmocka_unit_test(
	        control_characters_are_escaped_and_length_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
