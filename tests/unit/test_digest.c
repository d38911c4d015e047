#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"

/* The examples NIST publishes for FIPS 180-4, and lengths round a block. */
static void
known_digests_come_out(void **state)
{
	static const struct {
		const char *text, *digest;
	} cases[] = {
	    {"",
	        "e3b0c44298fc1c149afbf4c8996fb924"
	        "27ae41e4649b934ca495991b7852b855"},
	    {"abc",
	        "ba7816bf8f01cfea414140de5dae2223"
	        "b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	        "248d6a61d20638b8e5c026930c3e6039"
	        "a33ce45964ff2167f6ecedd419db06c1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char hex[DIGEST_HEX_SIZE];

		digest_sha256_hex(hex, cases[i].text, strlen(cases[i].text));
		assert_string_equal(hex, cases[i].digest);
	}
}

/* However it is cut, round the blocks of 64 bytes above all. */
static void
pieces_have_the_digest_of_the_whole(void **state)
{
	unsigned char text[300], whole[DIGEST_SIZE], out[DIGEST_SIZE];
	struct digest d;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (unsigned char)(i * 7);
	digest_sha256(whole, text, sizeof(text));
	for (size_t cut = 0; cut <= sizeof(text); cut++) {
		digest_begin(&d);
		digest_add(&d, text, cut);
		digest_add(&d, text + cut, sizeof(text) - cut);
		digest_end(&d, out);
		assert_memory_equal(out, whole, DIGEST_SIZE);
	}
}

/* The empty blob, and the example of FIPS 180-4. */
static void
sha1_of_two_parts_is_that_of_both(void **state)
{
	unsigned char out[DIGEST_SHA1_SIZE];

	(void)state;
	digest_sha1(out, "blob 0", 7, NULL, 0);
	assert_memory_equal(out,
	    "\xe6\x9d\xe2\x9b\xb2\xd1\xd6\x43\x4b\x8b"
	    "\x29\xae\x77\x5a\xd8\xc2\xe4\x8c\x53\x91",
	    DIGEST_SHA1_SIZE);
	digest_sha1(out, "a", 1, "bc", 2);
	assert_memory_equal(out,
	    "\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e"
	    "\x25\x71\x78\x50\xc2\x6c\x9c\xd0\xd8\x9d",
	    DIGEST_SHA1_SIZE);
}

static void
a_million_letters_have_the_published_digest(void **state)
{
	struct buf buf = {0};
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	for (int i = 0; i < 1000000; i++)
		buf_char(&buf, 'a');
	digest_sha256_hex(hex, buf.data, buf.len);
	assert_string_equal(hex,
	    "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0");
	buf_free(&buf);
}

static void
no_bytes_need_no_address(void **state)
{
	unsigned char a[DIGEST_SIZE], b[DIGEST_SIZE];

	(void)state;
	digest_sha256(a, NULL, 0);
	digest_sha256(b, "", 0);
	assert_memory_equal(a, b, DIGEST_SIZE);
}

static void
one_bit_anywhere_makes_two_digests_differ(void **state)
{
	unsigned char a[DIGEST_SIZE], b[DIGEST_SIZE];

	(void)state;
	digest_sha256(a, "abc", 3);
	memcpy(b, a, sizeof(b));
	assert_true(digest_same(a, b, DIGEST_SIZE));
	for (int bit = 0; bit < DIGEST_SIZE * 8; bit++) {
		b[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_false(digest_same(a, b, DIGEST_SIZE));
		assert_true(digest_same(a, b, (size_t)(bit / 8)));
		b[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_digests_come_out),
	    cmocka_unit_test(pieces_have_the_digest_of_the_whole),
	    cmocka_unit_test(sha1_of_two_parts_is_that_of_both),
	    cmocka_unit_test(a_million_letters_have_the_published_digest),
	    cmocka_unit_test(no_bytes_need_no_address),
	    cmocka_unit_test(one_bit_anywhere_makes_two_digests_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
