#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/signed.h"

#define HEAD "object 1\ntype commit\ntag foureyes/x\ntagger a <a@b> 1 +0000\n\n"
#define SSH                                                                    \
	"-----BEGIN SSH SIGNATURE-----\nAAAA\n"                                \
	"-----END SSH SIGNATURE-----\n"
#define PGP                                                                    \
	"-----BEGIN PGP SIGNATURE-----\n\nAAAA\n"                              \
	"-----END PGP SIGNATURE-----\n"

/* `payload` -1: refused; the tag is looked at without a NUL behind it. */
static void
check(const char *tag, long payload, long armor)
{
	struct signed_parts parts = {0};
	struct err err = {0};
	size_t len = strlen(tag);
	char *exact = malloc(len ? len : 1);
	int ret;

	assert_non_null(exact);
	memcpy(exact, tag, len);
	ret = signed_split(&parts, exact, len, &err);
	assert_int_equal(ret, payload < 0 ? -1 : 0);
	if (ret < 0) {
		assert_int_equal(err.kind, ERR_INPUT);
		free(exact);
		return;
	}
	assert_ptr_equal(parts.payload, exact);
	assert_int_equal(parts.payload_len, payload);
	if (armor == 0)
		assert_null(parts.armor);
	else
		assert_ptr_equal(parts.armor, exact + payload);
	assert_int_equal(parts.armor_len, armor);
	free(exact);
}

#define LEN(s) ((long)sizeof(s) - 1)

static void
the_last_armor_line_cuts_the_tag(void **state)
{
	(void)state;
	check(HEAD "text\n" SSH, LEN(HEAD "text\n"), LEN(SSH) - 1);
	check(HEAD "text\n" PGP, LEN(HEAD "text\n"), LEN(PGP) - 1);
	check(HEAD "text\n", LEN(HEAD "text\n"), 0);
	check("", 0, 0);
	/* Armor counts at the beginning of a line only. */
	check(HEAD " -----BEGIN SSH SIGNATURE-----\n" SSH,
	    LEN(HEAD " -----BEGIN SSH SIGNATURE-----\n"), LEN(SSH) - 1);
	/* Like git: only the beginning of the line is compared. */
	check(HEAD "-----BEGIN SSH SIGNATURE-----x\n-----END y\n", LEN(HEAD),
	    LEN("-----BEGIN SSH SIGNATURE-----x\n-----END y"));
}

static void
white_space_behind_the_armor_is_left_out(void **state)
{
	(void)state;
	check(HEAD SSH " \n\t\r\n", LEN(HEAD), LEN(SSH) - 1);
	check(HEAD "text \n\n", LEN(HEAD "text \n\n"), 0);
}

static void
more_than_one_signature_is_refused(void **state)
{
	(void)state;
	check(HEAD SSH SSH, -1, 0);
	check(HEAD PGP SSH, -1, 0);
	check(HEAD "-----BEGIN PGP MESSAGE-----\n" SSH, -1, 0);
	check(HEAD "-----BEGIN SIGNED MESSAGE-----\n" SSH, -1, 0);
}

static void
text_behind_the_armor_is_refused(void **state)
{
	(void)state;
	check(HEAD SSH "Foureyes-Target: refs/heads/main\n", -1, 0);
	check(HEAD SSH "\n-----END SSH SIGNATURE-----\n", -1, 0);
	check(HEAD "-----BEGIN SSH SIGNATURE-----\nAAAA\n", -1, 0);
}

static void
a_signature_in_the_header_is_refused(void **state)
{
	(void)state;
	check("object 1\ngpgsig x\n\ntext\n", -1, 0);
	check("object 1\ngpgsig-sha256 x\n\ntext\n" SSH, -1, 0);
	/* In the message it is a word like any other. */
	check("object 1\n\ngpgsig x\n", LEN("object 1\n\ngpgsig x\n"), 0);
}

static void
a_tag_over_the_limit_is_refused(void **state)
{
	struct signed_parts parts = {0};
	struct err err = {0};
	char *big = calloc(1, SIGNED_SIZE_MAX + 1);

	(void)state;
	assert_non_null(big);
	assert_int_equal(signed_split(&parts, big, SIGNED_SIZE_MAX, &err), 0);
	assert_int_equal(signed_split(&parts, big, SIGNED_SIZE_MAX + 1, &err),
	    -1);
	free(big);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_last_armor_line_cuts_the_tag),
	    cmocka_unit_test(white_space_behind_the_armor_is_left_out),
	    cmocka_unit_test(more_than_one_signature_is_refused),
	    cmocka_unit_test(text_behind_the_armor_is_refused),
	    cmocka_unit_test(a_signature_in_the_header_is_refused),
	    cmocka_unit_test(a_tag_over_the_limit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
