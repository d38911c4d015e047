#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>

#include "base/text.h"
#include "core/sshkey.h"
#include "run.h"

static char dir[64];

/* What `ssh-keygen` is told, and what must come out. */
static const struct row {
	const char *name, *type, *bits;
	enum sshkey_type want;
	unsigned want_bits;
} rows[] = {
    {"ed", "ed25519", "256", SSHKEY_ED25519, 256},
    {"p256", "ecdsa", "256", SSHKEY_ECDSA_256, 256},
    {"p384", "ecdsa", "384", SSHKEY_ECDSA_384, 384},
    {"p521", "ecdsa", "521", SSHKEY_ECDSA_521, 521},
    {"rsa1024", "rsa", "1024", SSHKEY_RSA, 1024},
    {"rsa3072", "rsa", "3072", SSHKEY_RSA, 3072},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int
make_keys(void **state)
{
	(void)state;
	make_dir(dir, "sshkey");
	for (size_t i = 0; i < ROWS; i++)
		if (RUN(dir, NULL, NULL, "ssh-keygen", "-q", "-t", rows[i].type,
		        "-b", rows[i].bits, "-N", "", "-C", "a comment", "-f",
		        rows[i].name) != 0)
			return -1;
	return 0;
}

static int
drop_keys(void **state)
{
	(void)state;
	remove_dir(dir);
	return 0;
}

static void
read_line(struct buf *line, const char *name)
{
	char file[64];

	snprintf(file, sizeof(file), "%s.pub", name);
	get_file(line, dir, file);
	line->data[--line->len] = '\0';
}

static void
keys_of_each_type_are_read_as_ssh_keygen_shows_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct buf line = {0}, shown = {0};
		struct pool pool = {0};
		struct err err = {0};
		struct sshkey key;

		read_line(&line, rows[i].name);
		RUN(dir, NULL, &shown, "ssh-keygen", "-l", "-f", rows[i].name);
		assert_int_equal(sshkey_parse_line(&key, &pool, line.data,
		                     &err),
		    0);
		assert_int_equal(key.type, rows[i].want);
		assert_int_equal(key.bits, rows[i].want_bits);
		assert_true(
		    text_starts(line.data, sshkey_type_name(rows[i].want)));
		assert_int_equal(strlen(key.print), SSHKEY_PRINT_SIZE - 1);
		assert_non_null(strstr(shown.data, key.print));
		pool_free(&pool);
		buf_free(&line);
		buf_free(&shown);
	}
}

static bool
takes(const char *line, const char *says)
{
	struct pool pool = {0};
	struct err err = {0};
	struct sshkey key;
	int ret = sshkey_parse_line(&key, &pool, line, &err);

	if (ret < 0 && says != NULL)
		assert_non_null(strstr(err.text, says));
	pool_free(&pool);
	return ret == 0;
}

static void
a_line_is_type_digits_and_maybe_a_comment(void **state)
{
	struct buf line = {0}, other = {0};
	const char *digits;
	size_t len;

	(void)state;
	read_line(&line, "ed");
	digits = line.data + strlen("ssh-ed25519 ");
	len = strcspn(digits, " ");
	buf_printf(&other, "ssh-ed25519 %.*s", (int)len, digits);
	assert_true(takes(other.data, NULL));
	buf_put(&other, "\t a b c");
	assert_true(takes(other.data, NULL));

	assert_false(takes("", "not a type"));
	assert_false(takes("ssh-ed25519", "not base64"));
	assert_false(takes("ssh-ed25519 ", "not base64"));
	assert_false(takes("ssh-dss AAAA", "not a type"));
	assert_false(
	    takes("ssh-ed25519-cert-v01@openssh.com AAAA", "certificate"));
	buf_clear(&other);
	buf_printf(&other, "no-pty %s", line.data);
	assert_false(takes(other.data, "'no-pty' is not a type"));
	buf_clear(&other);
	buf_printf(&other, " %s", line.data);
	assert_false(takes(other.data, "not a type"));
	buf_clear(&other);
	buf_printf(&other, "ssh-rsa %.*s", (int)len, digits);
	assert_false(takes(other.data, "the key inside is 'ssh-ed25519'"));
	buf_clear(&other);
	buf_printf(&other, "ssh-ed25519 %.*s!", (int)len, digits);
	assert_false(takes(other.data, "not base64"));
	buf_clear(&other);
	buf_printf(&other, "%s%*s", line.data, (int)SSHKEY_LINE_MAX, "x");
	assert_false(takes(other.data, "more than"));
	buf_free(&line);
	buf_free(&other);
}

static bool
blob_is_taken(const struct buf *blob)
{
	struct err err = {0};
	struct sshkey key;
	void *exact = malloc(blob->len ? blob->len : 1);
	int ret;

	memcpy(exact, blob->data, blob->len);
	ret = sshkey_parse_blob(&key, exact, blob->len, &err);
	free(exact);
	return ret == 0;
}

static void
put(struct buf *blob, const char *text)
{
	wire_put_string(blob, text, strlen(text));
}

static void
a_key_cut_anywhere_or_with_more_behind_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		struct buf line = {0}, blob = {0};
		struct pool pool = {0};
		struct err err = {0};
		struct sshkey key;
		size_t whole;

		read_line(&line, rows[i].name);
		assert_int_equal(sshkey_parse_line(&key, &pool, line.data,
		                     &err),
		    0);
		buf_add(&blob, key.blob.data, key.blob.len);
		assert_true(blob_is_taken(&blob));
		whole = blob.len;
		for (blob.len = 0; blob.len < whole; blob.len++)
			assert_false(blob_is_taken(&blob));
		buf_char(&blob, '\0');
		assert_false(blob_is_taken(&blob));
		buf_free(&blob);
		buf_free(&line);
		pool_free(&pool);
	}
}

static void
fields_have_their_exact_length(void **state)
{
	static const char point[140] = {4};
	static const struct {
		const char *type, *curve;
		size_t len;
		bool sk, taken;
	} cases[] = {
	    {"ssh-ed25519", NULL, 32, false, true},
	    {"ssh-ed25519", NULL, 31, false, false},
	    {"ssh-ed25519", NULL, 33, false, false},
	    {"ecdsa-sha2-nistp256", "nistp256", 65, false, true},
	    {"ecdsa-sha2-nistp256", "nistp384", 65, false, false},
	    {"ecdsa-sha2-nistp256", "nistp256", 64, false, false},
	    {"ecdsa-sha2-nistp384", "nistp384", 97, false, true},
	    {"ecdsa-sha2-nistp521", "nistp521", 133, false, true},
	    {"ecdsa-sha2-nistp521", "nistp521", 131, false, false},
	    {"sk-ssh-ed25519@openssh.com", NULL, 32, true, true},
	    {"sk-ssh-ed25519@openssh.com", NULL, 32, false, false},
	    {"ssh-ed25519", NULL, 32, true, false},
	    {"sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 65, true, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf blob = {0};

		put(&blob, cases[i].type);
		if (cases[i].curve != NULL)
			put(&blob, cases[i].curve);
		wire_put_string(&blob, point, cases[i].len);
		if (cases[i].sk)
			put(&blob, "ssh:");
		assert_int_equal(blob_is_taken(&blob), cases[i].taken);
		buf_free(&blob);
	}
}

static void
a_compressed_point_and_an_empty_application_are_refused(void **state)
{
	static const char compressed[65] = {2}, point[32] = {1};
	struct buf blob = {0};

	(void)state;
	put(&blob, "ecdsa-sha2-nistp256");
	put(&blob, "nistp256");
	wire_put_string(&blob, compressed, sizeof(compressed));
	assert_false(blob_is_taken(&blob));
	buf_clear(&blob);
	put(&blob, "sk-ssh-ed25519@openssh.com");
	wire_put_string(&blob, point, sizeof(point));
	put(&blob, "");
	assert_false(blob_is_taken(&blob));
	buf_free(&blob);
}

static void
rsa_numbers_are_in_their_one_form(void **state)
{
	static const struct {
		const char *e;
		size_t e_len;
		const char *n;
		size_t n_len;
		bool taken;
	} cases[] = {
	    {"\x01\x00\x01", 3, "\x00\xff\xff", 3, true},
	    {"\x01\x00\x01", 3, "\x7f\xff", 2, true},
	    {"\x00\x01\x00\x01", 4, "\x7f\xff", 2, false}, /* a zero too much */
	    {"\x01\x00\x01", 3, "\xff\xff", 2, false},     /* negative */
	    {"\x01\x00\x01", 3, "\x7f\xfe", 2, false},     /* even */
	    {"\x02", 1, "\x7f\xff", 2, false},
	    {"\x01", 1, "\x7f\xff", 2, false}, /* signs nothing */
	    {"\x01\x00\x01", 3, "", 0, false},
	    {"\x01\x00\x01", 3, "\x00", 1, false},
	    {"", 0, "\x7f\xff", 2, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf blob = {0};

		put(&blob, "ssh-rsa");
		wire_put_string(&blob, cases[i].e, cases[i].e_len);
		wire_put_string(&blob, cases[i].n, cases[i].n_len);
		assert_int_equal(blob_is_taken(&blob), cases[i].taken);
		buf_free(&blob);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
	        keys_of_each_type_are_read_as_ssh_keygen_shows_them),
	    cmocka_unit_test(a_line_is_type_digits_and_maybe_a_comment),
	    cmocka_unit_test(a_key_cut_anywhere_or_with_more_behind_is_refused),
	    cmocka_unit_test(fields_have_their_exact_length),
	    cmocka_unit_test(
	        a_compressed_point_and_an_empty_application_are_refused),
	    cmocka_unit_test(rsa_numbers_are_in_their_one_form),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
