#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "core/merkle_proof.h"

#define MOST 70

static unsigned char leaves[MOST][DIGEST_SIZE];
static unsigned char roots[MOST + 1][DIGEST_SIZE];

static void
grow(void)
{
	struct merkle m = {0};

	merkle_root(roots[0], &m);
	for (size_t i = 0; i < MOST; i++) {
		merkle_leaf(leaves[i], &i, sizeof(i));
		merkle_add(&m, leaves[i]);
		merkle_root(roots[i + 1], &m);
	}
}

static void
add_all(struct merkle_prover *p, unsigned char list[][DIGEST_SIZE], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_false(merkle_prover_done(p));
		merkle_prover_add(p, list[i]);
	}
	assert_true(merkle_prover_done(p));
}

/* The eight leaves that Certificate Transparency's own tests use. */
static void
ct_leaves(unsigned char out[8][DIGEST_SIZE])
{
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
	    {"", 0},
	    {"\x00", 1},
	    {"\x10", 1},
	    {"\x20\x21", 2},
	    {"\x30\x31", 2},
	    {"\x40\x41\x42\x43", 4},
	    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
	    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
	        16},
	};

	for (size_t i = 0; i < 8; i++)
		merkle_leaf(out[i], rows[i].bytes, rows[i].len);
}

#define H96 "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define H5F "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define H6B "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
#define HBC "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define HCA "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define HD3 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
#define HFA "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
#define H6E "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
#define H0E "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

static void
proofs_are_those_of_the_known_vectors(void **state)
{
	static const struct {
		bool consistency;
		uint64_t number, size;
		const char *hex[4];
	} rows[] = {
	    {false, 0, 1, {NULL}},
	    {false, 0, 8, {H96, H5F, H6B}},
	    {false, 5, 8, {HBC, HCA, HD3}},
	    {false, 2, 3, {HFA}},
	    {false, 1, 5, {H6E, H5F, HBC}},
	    {true, 1, 1, {NULL}},
	    {true, 1, 8, {H96, H5F, H6B}},
	    {true, 6, 8, {H0E, HCA, HD3}},
	    {true, 2, 5, {H5F, HBC}},
	};
	unsigned char list[8][DIGEST_SIZE];

	(void)state;
	ct_leaves(list);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct merkle_prover p = {0};
		char hex[DIGEST_HEX_SIZE];
		size_t n = 0;

		assert_true(rows[i].consistency
		        ? merkle_prove_consistency(&p, rows[i].number,
		              rows[i].size)
		        : merkle_prove_inclusion(&p, rows[i].number,
		              rows[i].size));
		add_all(&p, list, rows[i].size);
		for (; rows[i].hex[n] != NULL; n++) {
			text_hex(hex, p.proof.hash[n], DIGEST_SIZE);
			assert_string_equal(hex, rows[i].hex[n]);
		}
		assert_int_equal(p.proof.count, n);
	}
}

static void
each_leaf_of_each_list_is_proved_at_its_own_place_only(void **state)
{
	(void)state;
	for (size_t size = 1; size <= MOST; size++)
		for (size_t i = 0; i < size; i++) {
			struct merkle_prover p;

			assert_true(merkle_prove_inclusion(&p, i, size));
			add_all(&p, leaves, size);
			for (size_t at = 0; at <= size; at++)
				assert_int_equal(merkle_included(&p.proof,
				                     leaves[i], at, size,
				                     roots[size]),
				    at == i);
			assert_false(merkle_included(&p.proof,
			    leaves[(i + 1) % MOST], i, size, roots[size]));
			assert_false(merkle_included(&p.proof, leaves[i], i,
			    size, roots[size - 1]));
		}
}

static void
each_list_is_proved_to_begin_with_each_shorter_one(void **state)
{
	(void)state;
	for (size_t size = 1; size <= MOST; size++)
		for (size_t old = 1; old <= size; old++) {
			struct merkle_prover p;

			assert_true(merkle_prove_consistency(&p, old, size));
			add_all(&p, leaves, size);
			assert_true(merkle_consistent(&p.proof, old, roots[old],
			    size, roots[size]));
			assert_false(merkle_consistent(&p.proof, old,
			    roots[old - 1], size, roots[size]));
			assert_false(merkle_consistent(&p.proof, old,
			    roots[old], size, roots[size - 1]));
			assert_false(merkle_consistent(&p.proof, old + 1,
			    roots[old], size, roots[size]));
		}
}

/* Each of its hashes matters, and there may be none more and none less. */
static void
a_proof_that_was_touched_proves_nothing(void **state)
{
	(void)state;
	for (size_t size = 2; size <= 33; size++) {
		struct merkle_prover p, q;

		assert_true(merkle_prove_inclusion(&p, size / 2, size));
		add_all(&p, leaves, size);
		assert_true(merkle_prove_consistency(&q, size / 2, size));
		add_all(&q, leaves, size);
		for (size_t n = 0; n < p.proof.count; n++) {
			struct merkle_proof bad = p.proof;

			bad.hash[n][7] ^= 1;
			assert_false(merkle_included(&bad, leaves[size / 2],
			    size / 2, size, roots[size]));
		}
		for (size_t n = 0; n < q.proof.count; n++) {
			struct merkle_proof bad = q.proof;

			bad.hash[n][7] ^= 1;
			assert_false(merkle_consistent(&bad, size / 2,
			    roots[size / 2], size, roots[size]));
		}
		for (int by = -1; by <= 1; by += 2) {
			struct merkle_proof bad = p.proof, other = q.proof;

			bad.count += (size_t)by;
			other.count += (size_t)by;
			assert_false(merkle_included(&bad, leaves[size / 2],
			    size / 2, size, roots[size]));
			assert_false(merkle_consistent(&other, size / 2,
			    roots[size / 2], size, roots[size]));
		}
	}
}

/* In steps of full subtrees where that can be; the steps that were taken. */
static size_t
add_by_subtrees(struct merkle_prover *p, unsigned level, size_t size)
{
	size_t step = (size_t)1 << level, full = 0;

	while (p->seen < size) {
		struct merkle m = {0};
		unsigned char node[DIGEST_SIZE];
		size_t at = p->seen;

		for (size_t i = at; at + step <= size && i < at + step; i++)
			merkle_add(&m, leaves[i]);
		merkle_root(node, &m);
		if (m.count == step && merkle_prover_add_full(p, level, node)) {
			full++;
			continue;
		}
		assert_int_equal(p->seen, at);
		for (size_t i = at; i < size && i < at + step; i++)
			merkle_prover_add(p, leaves[i]);
	}
	assert_true(merkle_prover_done(p));
	return full;
}

static void
full_subtrees_stand_for_their_leaves_but_where_the_proof_looks_inside(
    void **state)
{
	(void)state;
	for (size_t size = 1; size <= MOST; size++)
		for (size_t i = 0; i < size; i++) {
			struct merkle_prover p, q;
			size_t blocks = size / 4;
			/* All but the one that the leaf lies in. */
			size_t most = blocks - (i / 4 < blocks);

			assert_true(merkle_prove_inclusion(&p, i, size));
			assert_true(merkle_prove_consistency(&q, i + 1, size));
			assert_int_equal(add_by_subtrees(&p, 2, size), most);
			assert_true(merkle_included(&p.proof, leaves[i], i,
			    size, roots[size]));
			assert_true(add_by_subtrees(&q, 2, size) >=
			    (most == 0 ? 0 : most - 1));
			assert_true(merkle_consistent(&q.proof, i + 1,
			    roots[i + 1], size, roots[size]));
		}
}

static void
what_cannot_be_proved_is_not_begun(void **state)
{
	struct merkle_proof none = {0},
	                    long_one = {.count = MERKLE_PROOF_MAX + 1};
	struct merkle_prover p = {0};

	(void)state;
	assert_false(merkle_prove_inclusion(&p, 0, 0));
	assert_false(merkle_prove_inclusion(&p, 7, 7));
	assert_false(merkle_prove_consistency(&p, 0, 7));
	assert_false(merkle_prove_consistency(&p, 8, 7));
	assert_false(merkle_prover_done(&p));
	assert_false(merkle_included(&none, leaves[0], 0, 0, roots[0]));
	assert_false(merkle_consistent(&none, 0, roots[0], 0, roots[0]));
	assert_false(merkle_consistent(&none, 0, roots[0], 3, roots[3]));
	assert_false(merkle_consistent(&none, 2, roots[2], 3, roots[3]));
	assert_false(
	    merkle_included(&long_one, leaves[0], 0, UINT64_MAX, roots[1]));
	assert_false(
	    merkle_consistent(&long_one, 1, roots[1], UINT64_MAX, roots[1]));
}

/* A proof of a list as long as there can be has room. */
static void
the_longest_list_has_its_proof(void **state)
{
	struct merkle_prover p;

	(void)state;
	assert_true(merkle_prove_inclusion(&p, 0, UINT64_MAX));
	assert_int_equal(p.proof.count, 64);
	assert_true(merkle_prove_inclusion(&p, UINT64_MAX - 1, UINT64_MAX));
	assert_int_equal(p.proof.count, 63);
	assert_true(merkle_prove_consistency(&p, UINT64_MAX - 2, UINT64_MAX));
	assert_true(p.proof.count <= MERKLE_PROOF_MAX);
	assert_true(merkle_prove_consistency(&p, 1, UINT64_MAX));
	assert_int_equal(p.proof.count, 64);
}

/* Where leaf `at` is asked for and the first `gone` are not there any more. */
static bool
same_without(size_t at, size_t size, size_t gone, bool grown)
{
	struct merkle_prover whole = {0}, rest = {0};
	struct merkle first = {0};

	for (size_t i = 0; i < gone; i++)
		merkle_add(&first, leaves[i]);
	if (grown) {
		assert_true(merkle_prove_consistency(&whole, at, size));
		assert_true(merkle_prove_consistency(&rest, at, size));
	} else {
		assert_true(merkle_prove_inclusion(&whole, at, size));
		assert_true(merkle_prove_inclusion(&rest, at, size));
	}
	if (!merkle_prover_begin(&rest, &first)) {
		assert_int_equal(rest.seen, 0);
		return false;
	}
	for (size_t i = 0; i < size; i++) {
		merkle_prover_add(&whole, leaves[i]);
		if (i >= gone)
			merkle_prover_add(&rest, leaves[i]);
	}
	assert_true(merkle_prover_done(&rest));
	assert_memory_equal(&whole.proof, &rest.proof, sizeof(whole.proof));
	return true;
}

static void
what_is_kept_is_proved_without_what_is_gone(void **state)
{
	(void)state;
	grow();
	for (size_t size = 1; size <= MOST; size++)
		for (size_t gone = 0; gone < size; gone++)
			for (size_t at = gone; at < size; at++) {
				assert_true(
				    same_without(at, size, gone, false));
				if (at > 0)
					assert_true(
					    same_without(at, size, gone, true));
			}
	assert_false(same_without(2, 40, 20, false));
	assert_false(same_without(3, 40, 20, true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_kept_is_proved_without_what_is_gone),
	    cmocka_unit_test(proofs_are_those_of_the_known_vectors),
	    cmocka_unit_test(
	        each_leaf_of_each_list_is_proved_at_its_own_place_only),
	    cmocka_unit_test(
	        each_list_is_proved_to_begin_with_each_shorter_one),
	    cmocka_unit_test(a_proof_that_was_touched_proves_nothing),
	    cmocka_unit_test(
	        full_subtrees_stand_for_their_leaves_but_where_the_proof_looks_inside),
	    cmocka_unit_test(what_cannot_be_proved_is_not_begun),
	    cmocka_unit_test(the_longest_list_has_its_proof),
	};

	grow();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
