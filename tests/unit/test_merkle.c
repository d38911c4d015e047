#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "core/merkle.h"

static void
assert_root(const struct merkle *m, const char *want)
{
	unsigned char root[DIGEST_SIZE];
	char hex[DIGEST_HEX_SIZE];

	merkle_root(root, m);
	text_hex(hex, root, sizeof(root));
	assert_string_equal(hex, want);
}

/* The eight leaves that Certificate Transparency's own tests use. */
static void
roots_are_those_of_the_known_vectors(void **state)
{
	static const struct {
		const char *leaf;
		size_t len;
		const char *root;
	} rows[] = {
	    {"", 0,
	        "6e340b9cffb37a989ca544e6bb780a2c"
	        "78901d3fb33738768511a30617afa01d"},
	    {"\x00", 1,
	        "fac54203e7cc696cf0dfcb42c92a1d9d"
	        "baf70ad9e621f4bd8d98662f00e3c125"},
	    {"\x10", 1,
	        "aeb6bcfe274b70a14fb067a5e5578264"
	        "db0fa9b51af5e0ba159158f329e06e77"},
	    {"\x20\x21", 2,
	        "d37ee418976dd95753c1c73862b9398f"
	        "a2a2cf9b4ff0fdfe8b30cd95209614b7"},
	    {"\x30\x31", 2,
	        "4e3bbb1f7b478dcfe71fb631631519a3"
	        "bca12c9aefca1612bfce4c13a86264d4"},
	    {"\x40\x41\x42\x43", 4,
	        "76e67dadbcdf1e10e1b74ddc608abd2f"
	        "98dfb16fbce75277b5232a127f2087ef"},
	    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8,
	        "ddb89be403809e325750d3d263cd7892"
	        "9c2942b7942a34b77e122c9594a74c8c"},
	    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
	        16,
	        "5dc9da79a70659a9ad559cb701ded9a2"
	        "ab9d823aad2f4960cfe370eff4604328"},
	};
	unsigned char leaf[DIGEST_SIZE];
	struct merkle m = {0};

	(void)state;
	assert_root(&m,
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		merkle_leaf(leaf, rows[i].leaf, rows[i].len);
		merkle_add(&m, leaf);
		assert_root(&m, rows[i].root);
	}
}

/* RFC 6962 section 2.1 as it is written there. */
static void
by_the_book(unsigned char out[DIGEST_SIZE], unsigned char leaves[][DIGEST_SIZE],
    size_t n)
{
	unsigned char left[DIGEST_SIZE], right[DIGEST_SIZE];
	size_t k = 1;

	if (n == 1) {
		memcpy(out, leaves[0], DIGEST_SIZE);
		return;
	}
	while (k * 2 < n)
		k *= 2;
	by_the_book(left, leaves, k);
	by_the_book(right, leaves + k, n - k);
	merkle_join(out, left, right);
}

static void
the_growing_root_is_that_of_the_definition(void **state)
{
	enum {
		MOST = 200
	};
	static unsigned char leaves[MOST][DIGEST_SIZE];
	unsigned char want[DIGEST_SIZE], got[DIGEST_SIZE];
	struct merkle m = {0};

	(void)state;
	for (size_t i = 0; i < MOST; i++) {
		merkle_leaf(leaves[i], &i, sizeof(i));
		merkle_add(&m, leaves[i]);
		by_the_book(want, leaves, i + 1);
		merkle_root(got, &m);
		assert_memory_equal(got, want, DIGEST_SIZE);
		assert_int_equal(m.count, i + 1);
	}
}

static void
a_list_is_gone_on_with_from_a_copy_of_the_state(void **state)
{
	unsigned char leaf[DIGEST_SIZE], a[DIGEST_SIZE], b[DIGEST_SIZE];
	struct merkle m = {0}, copy;

	(void)state;
	merkle_leaf(leaf, "x", 1);
	for (int i = 0; i < 11; i++)
		merkle_add(&m, leaf);
	copy = m;
	merkle_add(&m, leaf);
	merkle_add(&copy, leaf);
	merkle_root(a, &m);
	merkle_root(b, &copy);
	assert_memory_equal(a, b, DIGEST_SIZE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(roots_are_those_of_the_known_vectors),
	    cmocka_unit_test(the_growing_root_is_that_of_the_definition),
	    cmocka_unit_test(a_list_is_gone_on_with_from_a_copy_of_the_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
