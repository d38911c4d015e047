#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"

static void
an_error_keeps_its_kind_and_text_and_returns_minus_one(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(err_set(&err, ERR_CONFIG, "no such key '%s'",
	                     "colour"),
	    -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, "no such key 'colour'");
}

static void
errno_is_told_behind_the_place(void **state)
{
	struct err err = {0};

	(void)state;
	errno = ENOENT;
	assert_int_equal(err_errno(&err, "%s", "/etc/x"), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "/etc/x: No such file or directory");
}

static void
a_place_goes_in_front_and_the_kind_stays(void **state)
{
	struct err err = {0};

	(void)state;
	err_set(&err, ERR_INPUT, "too long");
	assert_int_equal(err_within(&err, "commit %d", 7), -1);
	assert_int_equal(err_within(&err, "push"), -1);
	assert_string_equal(err.text, "push: commit 7: too long");
	assert_int_equal(err.kind, ERR_INPUT);
}

static void
an_error_may_quote_itself(void **state)
{
	struct err err = {0};

	(void)state;
	err_set(&err, ERR_INPUT, "first");
	err_set(&err, ERR_INPUT, "second after %s", err.text);
	assert_string_equal(err.text, "second after first");
	err_within(&err, "%s again", err.text);
	assert_string_equal(err.text,
	    "second after first again: second after first");
}

static void
control_bytes_never_get_into_an_error(void **state)
{
	struct err err = {0};

	(void)state;
	err_set(&err, ERR_INPUT, "a\nb\x1b[31m\x7f%s", "\r\t");
	assert_string_equal(err.text, "a?b?[31m???");
	err_within(&err, "x\ny");
	assert_string_equal(err.text, "x?y: a?b?[31m???");
}

static void
a_text_too_long_is_cut_between_two_characters(void **state)
{
	char text[1200];
	struct err err;

	(void)state;
	for (size_t lead = 0; lead < 5; lead++) {
		memset(text, 'x', lead);
		for (size_t i = lead; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe2\x82\xac", 4);
		err_set(&err, ERR_INPUT, "%s", text);
		assert_true(text_is_utf8(err.text, strlen(err.text)));
		assert_true(strlen(err.text) > sizeof(err.text) - 5);
		err_within(&err, "in front");
		assert_true(text_is_utf8(err.text, strlen(err.text)));
		assert_true(strlen(err.text) > sizeof(err.text) - 9);
	}
}

static void
a_text_that_just_fits_is_not_cut(void **state)
{
	char text[sizeof(((struct err *)0)->text)];
	struct err err;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + sizeof(text) - 4, "\xe2\x82\xac", 4);
	err_set(&err, ERR_INPUT, "%s", text);
	assert_string_equal(err.text, text);
}

static void
what_nobody_can_handle_ends_the_process_with_status_3(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		close(STDERR_FILENO);
		err_fatal("out of memory");
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
	        an_error_keeps_its_kind_and_text_and_returns_minus_one),
	    cmocka_unit_test(errno_is_told_behind_the_place),
	    cmocka_unit_test(a_place_goes_in_front_and_the_kind_stays),
	    cmocka_unit_test(an_error_may_quote_itself),
	    cmocka_unit_test(control_bytes_never_get_into_an_error),
	    cmocka_unit_test(a_text_too_long_is_cut_between_two_characters),
	    cmocka_unit_test(a_text_that_just_fits_is_not_cut),
	    cmocka_unit_test(
	        what_nobody_can_handle_ends_the_process_with_status_3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
