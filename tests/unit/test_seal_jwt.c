/* The App's word, as openssl sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "edge/seal_jwt.h"
#include "run.h"

#define NOW ((int64_t)1795600800 * 1000)

static char dir[64];

static const char *
path_of(const char *name)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
from_base64url(struct buf *out, const char *text, size_t len)
{
	struct buf plain = {0};

	for (size_t i = 0; i < len; i++)
		buf_char(&plain,
		    text[i] == '-'       ? '+'
		        : text[i] == '_' ? '/'
		                         : text[i]);
	while (plain.len % 4 != 0)
		buf_char(&plain, '=');
	assert_true(text_parse_base64(out, plain.data, plain.len, false));
	buf_free(&plain);
}

static void
openssl_verifies_what_was_signed(void **state)
{
	struct buf token = {0}, part = {0}, signature = {0};
	struct err err = {0};
	const char *first, *second;

	(void)state;
	assert_int_equal(seal_jwt(&token, 123, path_of("rsa.pem"), NOW, &err),
	    0);
	first = strchr(token.data, '.');
	second = strrchr(token.data, '.');
	assert_true(first != NULL && second > first);
	from_base64url(&part, token.data, (size_t)(first - token.data));
	assert_string_equal(part.data, "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
	buf_clear(&part);
	from_base64url(&part, first + 1, (size_t)(second - first - 1));
	assert_string_equal(part.data,
	    "{\"iat\":1795600740,\"exp\":1795601340,\"iss\":123}");
	from_base64url(&signature, second + 1, strlen(second + 1));
	put_file(dir, "signed", token.data, (size_t)(second - token.data));
	put_file(dir, "signature", signature.data, signature.len);
	assert_int_equal(RUN(dir, NULL, NULL, "openssl", "dgst", "-sha256",
	                     "-verify", "rsa.pub", "-signature", "signature",
	                     "signed"),
	    0);
	buf_free(&token);
	buf_free(&part);
	buf_free(&signature);
}

static void
another_key_or_an_open_file_signs_nothing(void **state)
{
	static const char *const bad[] = {"ec.pem", "small.pem", "rsa.pub",
	    "open.pem", "locked.pem", "link.pem", "nothing.pem", NULL};
	struct buf token = {0};

	(void)state;
	for (size_t i = 0; bad[i] != NULL; i++) {
		struct err err = {0};

		if (seal_jwt(&token, 123, path_of(bad[i]), NOW, &err) == 0)
			fail_msg("%s signs", bad[i]);
		assert_int_equal(token.len, 0);
		assert_non_null(strstr(err.text, bad[i]));
	}
	buf_free(&token);
}

static int
make_keys(void **state)
{
	(void)state;
	make_dir(dir, "jwt");
	RUN(dir, NULL, NULL, "openssl", "genrsa", "-out", "rsa.pem", "2048");
	RUN(dir, NULL, NULL, "openssl", "rsa", "-in", "rsa.pem", "-pubout",
	    "-out", "rsa.pub");
	RUN(dir, NULL, NULL, "openssl", "genrsa", "-out", "small.pem", "1024");
	RUN(dir, NULL, NULL, "openssl", "genpkey", "-algorithm", "ED25519",
	    "-out", "ec.pem");
	RUN(dir, NULL, NULL, "openssl", "rsa", "-in", "rsa.pem", "-aes128",
	    "-passout", "pass:secret", "-out", "locked.pem");
	RUN(dir, NULL, NULL, "cp", "rsa.pem", "open.pem");
	RUN(dir, NULL, NULL, "chmod", "600", "rsa.pem", "small.pem", "ec.pem",
	    "rsa.pub", "locked.pem");
	RUN(dir, NULL, NULL, "chmod", "644", "open.pem");
	RUN(dir, NULL, NULL, "ln", "-s", "rsa.pem", "link.pem");
	return 0;
}

static int
remove_keys(void **state)
{
	(void)state;
	remove_dir(dir);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(openssl_verifies_what_was_signed),
	    cmocka_unit_test(another_key_or_an_open_file_signs_nothing),
	};

	return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
