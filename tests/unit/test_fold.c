#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "app/fold.h"

static void
folds_at_blanks_and_keeps_long_words_whole(void **state)
{
	struct buf out = {0};

	(void)state;
	fold_text(&out, "foureyes:",
	    "main: a sentence that goes on and on until it does not fit into "
	    "one line of a terminal any more");
	assert_string_equal(buf_text(&out),
	    "foureyes: main: a sentence that goes on and on until it does not "
	    "fit into one line of a\n"
	    "           terminal any more\n");
	buf_clear(&out);
	fold_text(&out, "  help:   ",
	    "https://wiki.example.com/a/very/long/address/that/nobody/may/cut/"
	    "because/it/is/to/be/copied/whole");
	assert_string_equal(buf_text(&out),
	    "  help:    "
	    "https://wiki.example.com/a/very/long/address/that/nobody/may/cut/"
	    "because/it/is/to/be/copied/whole\n");
	buf_free(&out);
}

/* What fold_behind() makes of a text. */
static const struct {
	const char *text, *behind;
} behind[] = {
    {"", ""},
    {"one\ntwo\n", "GL-HOOK-ERR: one\nGL-HOOK-ERR: two\n"},
    {"no end", "GL-HOOK-ERR: no end\n"},
    {"one\n\ntwo\n", "GL-HOOK-ERR: one\nGL-HOOK-ERR: \nGL-HOOK-ERR: two\n"},
    /* What fits stays. */
    {"foureyes: main: short\n  record:  1\n",
        "GL-HOOK-ERR: foureyes: main: short\nGL-HOOK-ERR:   record:  1\n"},
    /* A sentence is folded for what is left, with what went on already. */
    {"foureyes: main: a sentence that goes on and on until it does not fit "
     "into one line of a\n"
     "           terminal any more\n"
     "  record:  1\n",
        "GL-HOOK-ERR: foureyes: main: a sentence that goes on and on until "
        "it does not fit into one\n"
        "GL-HOOK-ERR:            line of a terminal any more\n"
        "GL-HOOK-ERR:   record:  1\n"},
    /* What is typed stays whole, and in its line. */
    {"  they:    git fetch origin\n"
     "           foureyes approve 0123456789012345678901234567890123456789 "
     "--repository payments --for refs/heads/main\n",
        "GL-HOOK-ERR:   they:    git fetch origin\n"
        "GL-HOOK-ERR:            foureyes approve "
        "0123456789012345678901234567890123456789 --repository payments --for "
        "refs/heads/main\n"},
};

static void
puts_a_prefix_before_each_line_and_still_fits(void **state)
{
	struct buf text = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		buf_put(&text, behind[i].text);
		fold_behind(&text, "GL-HOOK-ERR: ");
		assert_string_equal(buf_text(&text), behind[i].behind);
		buf_clear(&text);
	}
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folds_at_blanks_and_keeps_long_words_whole),
	    cmocka_unit_test(puts_a_prefix_before_each_line_and_still_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
