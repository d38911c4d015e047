#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "edge/seal_report.h"
#include "run.h"

static char dir[64];

static const char *
in(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
what_it_signs_openssl_checks(void **state)
{
	char fingerprint[SEAL_FINGERPRINT_SIZE], again[SEAL_FINGERPRINT_SIZE];
	struct seal_report *key;
	struct buf pem = {0}, signature = {0}, said = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(seal_report_make(in("key"), &err), 0);
	assert_int_equal(seal_report_make(in("key"), &err), -1);
	assert_int_equal(seal_report_open(&key, in("key"), &err), 0);
	assert_int_equal(seal_report_public(key, &pem, fingerprint, &err), 0);
	assert_int_equal(seal_report_sign(key, "pack", 4, &signature, &err), 0);
	put_file(dir, "pub", pem.data, pem.len);
	put_file(dir, "data", "pack", 4);
	put_file(dir, "other", "pick", 4);
	put_file(dir, "sig", signature.data, signature.len);
	assert_int_equal(RUN(dir, NULL, NULL, "openssl", "dgst", "-sha256",
	                     "-verify", "pub", "-signature", "sig", "data"),
	    0);
	assert_int_equal(RUN(dir, NULL, NULL, "openssl", "dgst", "-sha256",
	                     "-verify", "pub", "-signature", "sig", "other"),
	    1);
	assert_int_equal(RUN(dir, NULL, NULL, "openssl", "pkey", "-pubin",
	                     "-in", "pub", "-outform", "DER", "-out", "der"),
	    0);
	assert_int_equal(RUN(dir, NULL, &said, "sha256sum", "der"), 0);
	assert_memory_equal(said.data, fingerprint, 64);
	assert_int_equal(seal_report_fingerprint(again, pem.data, pem.len,
	                     &err),
	    0);
	assert_string_equal(again, fingerprint);
	seal_report_close(key);
	buf_free(&pem);
	buf_free(&signature);
	buf_free(&said);
}

static void
other_keys_and_open_files_are_refused(void **state)
{
	static const char *const others[][3] = {
	    {"ed25519", NULL, NULL},
	    {"EC", "-pkeyopt", "ec_paramgen_curve:P-384"},
	    {"RSA", NULL, NULL},
	};
	struct seal_report *key;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(RUN(dir, NULL, NULL, "openssl", "genpkey",
		                     "-out", "bad", "-algorithm", others[i][0],
		                     others[i][1], others[i][2]),
		    0);
		assert_int_equal(chmod(in("bad"), 0400), 0);
		assert_int_equal(seal_report_open(&key, in("bad"), &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		(void)remove(in("bad"));
	}
	assert_int_equal(chmod(in("key"), 0440), 0);
	assert_int_equal(seal_report_open(&key, in("key"), &err), -1);
	assert_non_null(strstr(err.text, "open to others"));
	assert_int_equal(chmod(in("key"), 0400), 0);
}

/* Two texts of one key would be two records of it. */
static void
a_public_key_has_one_text(void **state)
{
	char fingerprint[SEAL_FINGERPRINT_SIZE];
	struct buf pem = {0};
	struct err err = {0};

	(void)state;
	get_file(&pem, dir, "pub");
	buf_char(&pem, '\n');
	assert_int_equal(seal_report_fingerprint(fingerprint, pem.data, pem.len,
	                     &err),
	    -1);
	pem.len--;
	assert_int_equal(seal_report_fingerprint(fingerprint, pem.data, pem.len,
	                     &err),
	    0);
	assert_int_equal(seal_report_fingerprint(fingerprint, pem.data,
	                     pem.len - 1, &err),
	    -1);
	assert_int_equal(seal_report_fingerprint(fingerprint, "", 0, &err), -1);
	buf_free(&pem);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_it_signs_openssl_checks),
	    cmocka_unit_test(other_keys_and_open_files_are_refused),
	    cmocka_unit_test(a_public_key_has_one_text),
	};
	int failed;

	make_dir(dir, "foureyes-report");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	remove_dir(dir);
	return failed;
}
