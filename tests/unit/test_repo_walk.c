#include "repo_fixture.h"

static void
a_range_is_what_new_reaches_and_nothing_hidden_does(void **state)
{
	static const struct {
		const char *new, *hide, *want;
	} cases[] = {
	    {"c5", "c3", "c5 c4"},
	    {"c5", "c5", ""},
	    {"c3", "c5", ""},
	    {"c2", "", "c2 c1"},
	    {"m", "c5", "m t2 t1"},
	    {"m", "t2", "m c5 c4 c3"},
	    {"m", "c5 t1", "m t2"},
	    {"t2", "c5", "t2 t1"},
	    {"c5", "t2", "c5 c4 c3"},
	};
	struct fixture f;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(fixture_range(&f, cases[i].new,
		                        cases[i].hide),
		    cases[i].want);
	fixture_drop(&f);
}

static void
a_commit_says_what_it_holds(void **state)
{
	struct fixture f;
	struct repo_commit c;
	char tree[REPO_OID_SIZE], want[128];

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	assert_int_equal(repo_commit(f.r, &f.pool, fixture_id(&f, "m"), &c,
	                     &f.err),
	    0);
	assert_int_equal(c.parent_count, 2);
	assert_string_equal(c.parents[0], fixture_id(&f, "c5"));
	assert_string_equal(c.parents[1], fixture_id(&f, "t2"));
	assert_int_equal(strlen(c.raw), c.len);
	assert_false(c.received);
	fixture_git(&f, want, sizeof(want), "rev-parse", "refs/t/m^{tree}",
	    NULL);
	assert_string_equal(c.tree, want);
	assert_int_equal(repo_tree(f.r, c.oid, tree, &f.err), 0);
	assert_string_equal(tree, want);
	fixture_drop(&f);
}

static void
a_range_over_its_limit_is_an_error_that_names_it(void **state)
{
	struct fixture f;
	struct repo_commit *list;
	size_t count;
	const char *hide;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	hide = fixture_id(&f, "c2");
	assert_int_equal(repo_range(f.r, &f.pool, fixture_id(&f, "c5"), &hide,
	                     1, 3, &list, &count, &f.err),
	    0);
	assert_int_equal(count, 3);
	assert_int_equal(repo_range(f.r, &f.pool, fixture_id(&f, "c5"), &hide,
	                     1, 2, &list, &count, &f.err),
	    -1);
	assert_string_equal(f.err.text, "more than 2 commits");
	assert_int_equal(repo_range(f.r, &f.pool, fixture_id(&f, "c5"), NULL, 0,
	                     4, &list, &count, &f.err),
	    -1);
	fixture_drop(&f);
}

static void
dates_that_lie_change_no_range(void **state)
{
	static const struct {
		const char *new, *hide, *want;
	} cases[] = {
	    {"c5", "c3", "c5 c4"},
	    {"n", "c5", "n m t2 t1"},
	    {"t2", "c5", "t2 t1"},
	    {"c5", "t2", "c5 c4 c3"},
	    {"c4", "t1", "c4 c3"},
	    {"c3", "n", ""},
	    {"t1", "m", ""},
	    {"c2", "m", ""},
	    {"n", "t1 c4", "n m c5 t2"},
	};
	struct fixture f;

	(void)state;
	fixture_make(&f, "lies");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(fixture_range(&f, cases[i].new,
		                        cases[i].hide),
		    cases[i].want);
	fixture_drop(&f);
}

static void
check_ancestor(struct fixture *f, const char *a, const char *b, bool want)
{
	bool yes = !want;

	if (repo_is_ancestor(f->r, fixture_id(f, a), fixture_id(f, b), &yes,
	        &f->err) < 0)
		fail_msg("%s", f->err.text);
	if (yes != want)
		fail_msg("%s is %san ancestor of %s", a, yes ? "" : "no ", b);
}

static void
ancestors_are_told_whatever_dates_say(void **state)
{
	static const struct {
		const char *a, *b;
		bool want;
	} cases[] = {{"c1", "n", true}, {"t1", "n", true}, {"c4", "m", true},
	    {"c2", "t2", true}, {"n", "n", true}, {"n", "c1", false},
	    {"t2", "c5", false}, {"c5", "t2", false}, {"c3", "t1", false},
	    {"m", "c4", false}};
	struct fixture f;

	(void)state;
	fixture_make(&f, "lies");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_ancestor(&f, cases[i].a, cases[i].b, cases[i].want);
	fixture_drop(&f);
}

static void
merge_bases_are_the_best_ones(void **state)
{
	static const struct {
		const char *a, *b, *want;
	} cases[] = {{"a1", "b1", "o"}, {"a3", "b3", "b1"}, {"oct", "p", "p"},
	    {"p", "oct", "p"}, {"oct", "a3", "b1"}, {"o", "o", "o"},
	    {"root", "o", NULL}};
	struct fixture f;
	char base[REPO_OID_SIZE];
	bool found;

	(void)state;
	fixture_make(&f, "cross");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(repo_merge_base(f.r,
		                     fixture_id(&f, cases[i].a),
		                     fixture_id(&f, cases[i].b), base, &found,
		                     &f.err),
		    0);
		assert_int_equal(found, cases[i].want != NULL);
		assert_string_equal(base,
		    found ? fixture_id(&f, cases[i].want) : "");
	}
	fixture_drop(&f);
}

static void
an_octopus_brings_all_its_parents(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, "cross");
	fixture_open(&f, f.git);
	assert_string_equal(fixture_range(&f, "oct", "a1"), "oct p b1");
	assert_string_equal(fixture_range(&f, "a3", "b3"), "a3 a2");
	assert_string_equal(fixture_range(&f, "root", "oct"), "root");
	fixture_drop(&f);
}

static void
check_line(struct fixture *f, const char *from, const char *until, size_t limit,
    const char *want, bool want_reached)
{
	struct repo_commit *list;
	size_t count;
	bool reached;

	if (repo_first_parents(f->r, &f->pool, fixture_id(f, from),
	        until != NULL ? fixture_id(f, until) : NULL, limit, &list,
	        &count, &reached, &f->err) < 0) {
		assert_string_equal(f->err.text, want);
		return;
	}
	assert_string_equal(fixture_subjects(f, list, count), want);
	assert_int_equal(reached, want_reached);
}

static void
the_first_parent_line_tells_where_it_ends(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	check_line(&f, "m", "c3", 10, "m c5 c4", true);
	check_line(&f, "m", "t2", 10, "m c5 c4 c3", false);
	check_line(&f, "m", "m", 10, "", true);
	check_line(&f, "c3", "m", 10, "", false);
	check_line(&f, "t2", "c5", 10, "t2 t1", false);
	check_line(&f, "c3", NULL, 10, "c3 c2 c1", true);
	check_line(&f, "c3", NULL, 2, "c3 c2", false);
	check_line(&f, "m", "c3", 2,
	    "more than 2 commits on the first-parent line", false);
	fixture_drop(&f);
}

static const char *
loose_path(struct fixture *f, const char *oid)
{
	return pool_printf(&f->pool, "%s/objects/%.2s/%s", f->git, oid,
	    oid + 2);
}

static void
a_missing_commit_is_an_error_that_names_it(void **state)
{
	struct fixture f;
	const char *gone;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	gone = fixture_id(&f, "c3");
	assert_int_equal(unlink(loose_path(&f, gone)), 0);
	assert_non_null(strstr(fixture_range(&f, "c5", "c2"), gone));
	assert_int_equal(f.err.kind, ERR_INPUT);
	/* Where it is not needed its absence is nobody's business. */
	assert_string_equal(fixture_range(&f, "c5", "c4"), "c5");
	fixture_drop(&f);
}

static void
a_damaged_commit_is_an_error_that_names_it(void **state)
{
	struct fixture f;
	const char *bad, *other;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	bad = fixture_id(&f, "c4");
	other = fixture_id(&f, "c1");
	/* A whole object in the wrong place: only its hash tells. */
	assert_int_equal(unlink(loose_path(&f, bad)), 0);
	assert_int_equal(link(loose_path(&f, other), loose_path(&f, bad)), 0);
	assert_non_null(strstr(fixture_range(&f, "c5", "c2"), bad));
	fixture_drop(&f);
}

static void
what_is_no_commit_is_an_error(void **state)
{
	struct fixture f;
	struct repo_commit *list;
	char tree[REPO_OID_SIZE];
	const char *hide;
	size_t count;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	assert_int_equal(repo_tree(f.r, fixture_id(&f, "c1"), tree, &f.err), 0);
	assert_int_equal(repo_range(f.r, &f.pool, tree, NULL, 0, 9, &list,
	                     &count, &f.err),
	    -1);
	assert_non_null(strstr(f.err.text, "is a tree, not a commit"));
	hide = tree;
	assert_int_equal(repo_range(f.r, &f.pool, fixture_id(&f, "c1"), &hide,
	                     1, 9, &list, &count, &f.err),
	    -1);
	hide = "0123";
	assert_int_equal(repo_range(f.r, &f.pool, fixture_id(&f, "c1"), &hide,
	                     1, 9, &list, &count, &f.err),
	    -1);
	fixture_drop(&f);
}

/* Random histories, some with dates at random, against a closure by hand. */
#define RANDOM_COMMITS 60

struct history {
	size_t parents[RANDOM_COMMITS][3];
	size_t parent_count[RANDOM_COMMITS];
	bool reach[RANDOM_COMMITS][RANDOM_COMMITS];
	char oid[RANDOM_COMMITS][REPO_OID_SIZE];
};

static unsigned
roll(uint64_t *seed, unsigned sides)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(*seed >> 33) % sides;
}

static void
write_commit(FILE *out, struct history *h, size_t i, uint64_t *seed, bool lies)
{
	unsigned want;
	long date = lies ? (long)roll(seed, 2000000000) : 1000 + (long)i * 10;

	fprintf(out, "commit refs/t/n%zu\nmark :%zu\n", i, i + 1);
	fprintf(out, "committer C <c@example.org> %ld +0000\n", date);
	fprintf(out, "data 3\nn%02zu\n", i);
	h->reach[i][i] = true;
	h->parent_count[i] = 0;
	want = i == 0 || roll(seed, 12) == 0 ? 0 : 1 + roll(seed, 5) / 3;
	while (h->parent_count[i] < want) {
		size_t back = 1 + roll(seed, i < 8 ? (unsigned)i : 8);
		size_t p = i - back;

		fprintf(out, "%s :%zu\n",
		    h->parent_count[i] == 0 ? "from" : "merge", p + 1);
		h->parents[i][h->parent_count[i]++] = p;
		for (size_t k = 0; k < RANDOM_COMMITS; k++)
			h->reach[i][k] = h->reach[i][k] || h->reach[p][k];
	}
	fprintf(out, "M 644 inline f\ndata 2\n%02zu\n", i);
}

static void
make_history(struct fixture *f, struct history *h, uint64_t *seed, bool lies)
{
	char stream[PATH_MAX], line[64];
	char *argv[] = {(char *)"sh", (char *)"-c",
	    (char *)"git --git-dir \"$1\" fast-import --quiet --force <\"$2\"",
	    (char *)"sh", f->git, stream, NULL};
	FILE *out;

	memset(h, 0, sizeof(*h));
	snprintf(stream, sizeof(stream), "%s/stream", f->dir);
	out = fopen(stream, "w");
	assert_non_null(out);
	for (size_t i = 0; i < RANDOM_COMMITS; i++)
		write_commit(out, h, i, seed, lies);
	fclose(out);
	assert_int_equal(fixture_run(argv, NULL, 0), 0);
	fixture_open(f, f->git);
	for (size_t i = 0; i < RANDOM_COMMITS; i++) {
		snprintf(line, sizeof(line), "n%zu", i);
		memcpy(h->oid[i], fixture_id(f, line), REPO_OID_SIZE);
	}
}

static size_t
number_of(const struct history *h, const char *oid)
{
	for (size_t i = 0; i < RANDOM_COMMITS; i++)
		if (strcmp(h->oid[i], oid) == 0)
			return i;
	fail_msg("%s is nobody's", oid);
	return 0;
}

static void
check_random_range(struct fixture *f, const struct history *h, uint64_t *seed)
{
	bool want[RANDOM_COMMITS], got[RANDOM_COMMITS] = {false};
	size_t new = roll(seed, RANDOM_COMMITS), hidden[3], count, expected = 0;
	size_t hide_count = roll(seed, 4);
	const char *hide[3];
	struct repo_commit *list;

	memcpy(want, h->reach[new], sizeof(want));
	for (size_t i = 0; i < hide_count; i++) {
		hidden[i] = roll(seed, RANDOM_COMMITS);
		hide[i] = h->oid[hidden[i]];
		for (size_t k = 0; k < RANDOM_COMMITS; k++)
			want[k] = want[k] && !h->reach[hidden[i]][k];
	}
	for (size_t k = 0; k < RANDOM_COMMITS; k++)
		expected += want[k];
	assert_int_equal(repo_range(f->r, &f->pool, h->oid[new], hide,
	                     hide_count, 1000, &list, &count, &f->err),
	    0);
	assert_int_equal(count, expected);
	for (size_t i = 0; i < count; i++) {
		size_t n = number_of(h, list[i].oid);

		assert_true(want[n]);
		got[n] = true;
		for (size_t k = 0; k < h->parent_count[n]; k++)
			assert_false(got[h->parents[n][k]]);
	}
}

static bool
is_best_base(const struct history *h, size_t a, size_t b, size_t base)
{
	if (!h->reach[a][base] || !h->reach[b][base])
		return false;
	for (size_t k = 0; k < RANDOM_COMMITS; k++)
		if (k != base && h->reach[a][k] && h->reach[b][k] &&
		    h->reach[k][base])
			return false;
	return true;
}

static void
check_random_pair(struct fixture *f, const struct history *h, uint64_t *seed)
{
	size_t a = roll(seed, RANDOM_COMMITS), b = roll(seed, RANDOM_COMMITS);
	char base[REPO_OID_SIZE];
	bool yes, found, any = false;

	assert_int_equal(repo_is_ancestor(f->r, h->oid[a], h->oid[b], &yes,
	                     &f->err),
	    0);
	assert_int_equal(yes, h->reach[b][a]);
	assert_int_equal(repo_merge_base(f->r, h->oid[a], h->oid[b], base,
	                     &found, &f->err),
	    0);
	for (size_t k = 0; k < RANDOM_COMMITS; k++)
		any = any || (h->reach[a][k] && h->reach[b][k]);
	assert_int_equal(found, any);
	if (found)
		assert_true(is_best_base(h, a, b, number_of(h, base)));
}

static void
random_histories_agree_with_a_closure_by_hand(void **state)
{
	struct history *h = malloc(sizeof(*h));
	uint64_t seed = 20240229;

	(void)state;
	assert_non_null(h);
	for (unsigned round = 0; round < 12; round++) {
		struct fixture f;

		fixture_make(&f, "empty");
		make_history(&f, h, &seed, round % 2 == 1);
		for (unsigned i = 0; i < 250; i++) {
			check_random_range(&f, h, &seed);
			check_random_pair(&f, h, &seed);
		}
		fixture_drop(&f);
	}
	free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
	        a_range_is_what_new_reaches_and_nothing_hidden_does),
	    cmocka_unit_test(a_commit_says_what_it_holds),
	    cmocka_unit_test(a_range_over_its_limit_is_an_error_that_names_it),
	    cmocka_unit_test(dates_that_lie_change_no_range),
	    cmocka_unit_test(ancestors_are_told_whatever_dates_say),
	    cmocka_unit_test(merge_bases_are_the_best_ones),
	    cmocka_unit_test(an_octopus_brings_all_its_parents),
	    cmocka_unit_test(the_first_parent_line_tells_where_it_ends),
	    cmocka_unit_test(a_missing_commit_is_an_error_that_names_it),
	    cmocka_unit_test(a_damaged_commit_is_an_error_that_names_it),
	    cmocka_unit_test(what_is_no_commit_is_an_error),
	    cmocka_unit_test(random_histories_agree_with_a_closure_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
