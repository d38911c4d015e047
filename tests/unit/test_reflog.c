#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "core/reflog.h"

#define A "1111111111111111111111111111111111111111"
#define B "2222222222222222222222222222222222222222"
#define LINE A " " B " Alice <alice@example.com> 1795564800 +0100"

static void
a_line_of_gits_is_read(void **state)
{
	static const char *const lines[] = {
	    LINE "\tpush",
	    LINE,
	    LINE "\t",
	    LINE "\ta > b <c> 5 +0000",
	    A " " B " A <b> c <a@b> 1795564800 +0000\tx",
	    A " " B "  <> 1795564800 +0000",
	};
	struct reflog r;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_true(reflog_read(&r, lines[i], strlen(lines[i])));
		assert_string_equal(r.old, A);
		assert_string_equal(r.new, B);
		assert_int_equal(r.time, 1795564800000);
	}
}

static void
anything_else_is_none_and_says_nothing(void **state)
{
	static const char *const lines[] = {
	    "",
	    A,
	    A " " B,
	    A " " B " Alice",
	    A "  " B " Alice <a@b> 1795564800 +0100",
	    "x" LINE,
	    A " " B " Alice <a@b> +0100",
	    A " " B " Alice <a@b>1795564800 +0100",
	    A " " B " Alice <a@b> 1795564800",
	    A " " B " Alice <a@b> -5 +0100",
	    A " " B " Alice <a@b> 99999999999999999999 +0100",
	    A " " B " Alice <a@b>",
	    A " " B " Alice\t<a@b> 1795564800 +0100",
	};
	struct reflog r;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_false(reflog_read(&r, lines[i], strlen(lines[i])));
		assert_int_equal(r.time, 0);
		assert_string_equal(r.new, "");
	}
	assert_false(reflog_read(&r, LINE "\0", sizeof(LINE)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_of_gits_is_read),
	    cmocka_unit_test(anything_else_is_none_and_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
