#include "repo_fixture.h"

#include "base/buf.h"

static const char *
tree_of(struct fixture *f, const char *name)
{
	char *tree = pool_alloc(&f->pool, REPO_OID_SIZE);

	if (repo_tree(f->r, fixture_id(f, name), tree, &f->err) < 0)
		fail_msg("%s", f->err.text);
	return tree;
}

static const char *
id_or_zeros(const char *id)
{
	return id[0] != '\0' ? id : "0000000000000000000000000000000000000000";
}

/* Our list in the form of `git diff-tree -r --no-renames`. */
static const char *
compared(struct fixture *f, const char *old_tree, const char *new_tree)
{
	struct repo_path *list;
	size_t count;
	struct buf out = {0};
	const char *text;

	if (repo_diff(f->r, &f->pool, old_tree, new_tree, 10000, &list, &count,
	        &f->err) < 0)
		return f->err.text;
	for (size_t i = 0; i < count; i++) {
		const struct repo_path *p = &list[i];

		buf_printf(&out, ":%06o %06o %s %s %s\n", p->old_mode,
		    p->new_mode, id_or_zeros(p->old_id), id_or_zeros(p->new_id),
		    p->path);
	}
	text = pool_text(&f->pool, buf_text(&out));
	buf_free(&out);
	return text;
}

/* git's list, its letter taken out. */
static const char *
by_git(struct fixture *f, const char *old_tree, const char *new_tree)
{
	static char raw[200000], out[200000];
	char *argv[] = {(char *)"git", (char *)"--git-dir", f->git,
	    (char *)"-c", (char *)"core.quotePath=false", (char *)"diff-tree",
	    (char *)"-r", (char *)"--no-renames", (char *)(uintptr_t)old_tree,
	    (char *)(uintptr_t)new_tree, NULL};
	size_t len = 0;

	assert_int_equal(fixture_run(argv, raw, sizeof(raw)), 0);
	for (char *line = raw; *line != '\0';) {
		char *tab = strchr(line, '\t'), *end = strchr(line, '\n');

		assert_non_null(tab);
		assert_non_null(end);
		len += (size_t)snprintf(out + len, sizeof(out) - len,
		    "%.*s%.*s\n", (int)(tab - line - 1), line,
		    (int)(end - tab - 1), tab + 1);
		line = end + 1;
	}
	out[len] = '\0';
	return out;
}

static void
what_differs_is_what_git_says(void **state)
{
	static const char *const names[] = {"base", "moved", "nod", "addd",
	    "gone", "sub", "file", "dir", "root"};
	struct fixture f;

	(void)state;
	fixture_make(&f, "merges");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			const char *a = tree_of(&f, names[i]);
			const char *b = tree_of(&f, names[k]);

			assert_string_equal(compared(&f, a, b),
			    by_git(&f, a, b));
		}
	fixture_drop(&f);
}

static void
nothing_is_a_tree_too(void **state)
{
	static const char empty[] = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
	struct fixture f;
	const char *base, *want;
	char out[64];

	(void)state;
	fixture_make(&f, "merges");
	fixture_open(&f, f.git);
	base = tree_of(&f, "base");
	fixture_git(&f, out, sizeof(out), "hash-object", "-w", "-t", "tree",
	    "/dev/null", NULL);
	assert_string_equal(out, empty);
	want = by_git(&f, empty, base);
	assert_string_equal(compared(&f, NULL, base), want);
	assert_string_equal(compared(&f, empty, base), want);
	want = by_git(&f, base, empty);
	assert_string_equal(compared(&f, base, NULL), want);
	assert_string_equal(compared(&f, NULL, NULL), "");
	assert_string_equal(compared(&f, base, base), "");
	fixture_drop(&f);
}

static void
more_paths_than_the_limit_are_an_error(void **state)
{
	struct fixture f;
	struct repo_path *list;
	size_t count;

	(void)state;
	fixture_make(&f, "many");
	fixture_open(&f, f.git);
	assert_int_equal(repo_diff(f.r, &f.pool, NULL, tree_of(&f, "base"), 30,
	                     &list, &count, &f.err),
	    0);
	assert_int_equal(count, 30);
	assert_int_equal(repo_diff(f.r, &f.pool, NULL, tree_of(&f, "base"), 29,
	                     &list, &count, &f.err),
	    -1);
	assert_string_equal(f.err.text, "more than 29 paths changed");
	fixture_drop(&f);
}

/* A tree out of bytes that git would not write. */
static const char *
odd_tree(struct fixture *f, const void *data, size_t len)
{
	char out[64], *path = pool_printf(&f->pool, "%s/tree", f->dir);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	fclose(file);
	assert_int_equal(fixture_git(f, out, sizeof(out), "hash-object", "-w",
	                     "-t", "tree", "--literally", path, NULL),
	    0);
	return pool_text(&f->pool, out);
}

#define ID "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"

static void
malformed_trees_are_an_error_that_names_them(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
#define BYTES(s) {s, sizeof(s) - 1}
	    BYTES("rubbish"),
	    BYTES("100644 a"),
	    BYTES("100644 a\0" ID "100"),
	    BYTES("100644 a\0\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"),
	    BYTES("100644 \0" ID),
	    BYTES("100644 a/b\0" ID),
	    BYTES("108644 a\0" ID),
	    BYTES(" a\0" ID),
	    BYTES("77777777777777777777 a\0" ID),
	    BYTES("0 a\0" ID),
#undef BYTES
	};
	struct fixture f;

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *tree = odd_tree(&f, cases[i].bytes, cases[i].len);

		if (strstr(compared(&f, NULL, tree), "is malformed") == NULL ||
		    strstr(f.err.text, tree) == NULL)
			fail_msg("case %zu was taken: '%s'", i, f.err.text);
	}
	fixture_drop(&f);
}

static void
no_entry_of_a_disorderly_tree_is_passed_over(void **state)
{
	static const char both[] =
	    "100644 z\0" ID "100644 a\0" ID "100755 a\0" ID;
	static const char one[] = "100644 a\0" ID;
	struct fixture f;
	struct repo_path *list;
	const char *a, *b;
	size_t count;

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	a = odd_tree(&f, one, sizeof(one) - 1);
	b = odd_tree(&f, both, sizeof(both) - 1);
	assert_int_equal(repo_diff(f.r, &f.pool, NULL, b, 9, &list, &count,
	                     &f.err),
	    0);
	assert_int_equal(count, 3);
	assert_int_equal(repo_diff(f.r, &f.pool, a, b, 9, &list, &count,
	                     &f.err),
	    0);
	assert_true(count >= 2);
	fixture_drop(&f);
}

/* As repo_diff(), but of trees that git would not write so, which and why. */
static void
a_strict_comparison_finds_the_same_paths(void **state)
{
	static const char *const pairs[][2] = {{"ours", "theirs"},
	    {"base", "ours"}, {"theirs", "moved"}, {"moved", "beside"},
	    {"base", "base"}};
	struct fixture f;
	struct repo_path *list, *strict;
	size_t count, n;
	const char *why;

	(void)state;
	fixture_make(&f, "wide");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *a = tree_of(&f, pairs[i][0]);
		const char *b = tree_of(&f, pairs[i][1]);

		assert_int_equal(repo_diff(f.r, &f.pool, a, b, 1000, &list,
		                     &count, &f.err),
		    0);
		assert_int_equal(repo_diff_strict(f.r, &f.pool, a, b, 1000,
		                     &strict, &n, &why, &f.err),
		    0);
		assert_null(why);
		assert_int_equal(n, count);
		for (size_t k = 0; k < n; k++) {
			assert_string_equal(strict[k].path, list[k].path);
			assert_string_equal(strict[k].new_id, list[k].new_id);
			assert_string_equal(strict[k].old_id, list[k].old_id);
		}
	}
	fixture_drop(&f);
}

static void
a_strict_comparison_says_what_is_odd(void **state)
{
	struct fixture f;
	struct repo_path *list;
	size_t count;
	const char *why;

	(void)state;
	fixture_make(&f, "doubtful");
	fixture_open(&f, f.git);
	assert_int_equal(repo_diff_strict(f.r, &f.pool, tree_of(&f, "tail"),
	                     tree_of(&f, "tailx"), 9, &list, &count, &why,
	                     &f.err),
	    0);
	assert_non_null(why);
	assert_int_equal(count, 0);
	/* What is taken away, or is the same in its place, is let alone. */
	assert_int_equal(repo_diff_strict(f.r, &f.pool, tree_of(&f, "tail"),
	                     tree_of(&f, "base"), 9, &list, &count, &why,
	                     &f.err),
	    0);
	assert_null(why);
	assert_int_equal(count, 7);
	assert_int_equal(repo_diff_strict(f.r, &f.pool, tree_of(&f, "tail"),
	                     tree_of(&f, "tail"), 9, &list, &count, &why,
	                     &f.err),
	    0);
	assert_null(why);
	fixture_drop(&f);
}

static size_t
new_paths(struct fixture *f, const char *name, const char *one, const char *two)
{
	const char *const old[] = {tree_of(f, one), tree_of(f, two)};
	struct repo_path *list;
	size_t count, opened = repo_trees_opened(f->r);

	if (repo_new_paths(f->r, &f->pool, tree_of(f, name), old, 2, 1000,
	        &list, &count, &f->err) < 0)
		fail_msg("%s", f->err.text);
	for (size_t i = 0; i < count; i++)
		assert_true(list[i].new_mode == 0100644 &&
		    list[i].old_id[0] == '\0' && list[i].path[0] == 'a');
	opened = repo_trees_opened(f->r) - opened;
	if (opened > 3 + 9 * count)
		fail_msg("%zu trees opened for %zu paths", opened, count);
	return count;
}

static void
what_no_parent_has_is_found_without_opening_the_rest(void **state)
{
	struct fixture f;
	const char *old;
	struct repo_path *list;
	size_t count;

	(void)state;
	fixture_make(&f, "wide");
	fixture_open(&f, f.git);
	assert_int_equal(new_paths(&f, "theirs", "base", "ours"), 1);
	assert_int_equal(new_paths(&f, "theirs", "ours", "base"), 1);
	assert_int_equal(new_paths(&f, "theirs", "ours", "theirs"), 0);
	assert_int_equal(new_paths(&f, "base", "ours", "theirs"), 0);
	assert_int_equal(new_paths(&f, "moved", "base", "beside"), 1);
	assert_int_equal(new_paths(&f, "ours", "theirs", "base"), 380);
	old = tree_of(&f, "base");
	assert_int_equal(repo_new_paths(f.r, &f.pool, tree_of(&f, "ours"), &old,
	                     1, 379, &list, &count, &f.err),
	    -1);
	assert_string_equal(f.err.text, "more than 379 paths changed");
	fixture_drop(&f);
}

/* Each level a directory "d" of the one before. */
static const char *
nested(struct fixture *f, unsigned depth)
{
	char entry[64] = "100644 f\0" ID;
	const char *tree = odd_tree(f, entry, 9 + 20);

	for (unsigned i = 0; i < depth; i++) {
		size_t len = 8;

		memcpy(entry, "40000 d", len);
		for (unsigned k = 0; k < 20; k++, len++) {
			const char digits[] = {tree[2 * k], tree[2 * k + 1], 0};

			entry[len] = (char)strtoul(digits, NULL, 16);
		}
		tree = odd_tree(f, entry, len);
	}
	return tree;
}

static void
directories_have_a_depth_limit(void **state)
{
	struct fixture f;
	const char *fits;
	struct repo_path *list;
	size_t count;

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	fits = nested(&f, REPO_TREE_DEPTH_MAX);
	assert_int_equal(repo_diff(f.r, &f.pool, NULL, fits, 9, &list, &count,
	                     &f.err),
	    0);
	assert_int_equal(count, 1);
	assert_non_null(
	    strstr(compared(&f, NULL, nested(&f, REPO_TREE_DEPTH_MAX + 1)),
	        "more than 256 deep"));
	fixture_drop(&f);
}

/* Ten directories in each of ten in each ... : few objects, no end. */
static void
a_tree_that_unfolds_without_end_is_an_error(void **state)
{
	struct fixture f;
	struct buf tree = {0};
	const char *inner;

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	inner = odd_tree(&f, "", 0);
	for (unsigned depth = 0; depth < 9; depth++) {
		buf_clear(&tree);
		for (char name = '0'; name <= '9'; name++) {
			buf_printf(&tree, "40000 %c", name);
			buf_char(&tree, '\0');
			for (unsigned k = 0; k < 20; k++) {
				const char digits[] = {inner[2 * k],
				    inner[2 * k + 1], 0};

				buf_char(&tree,
				    (char)strtoul(digits, NULL, 16));
			}
		}
		inner = odd_tree(&f, tree.data, tree.len);
	}
	assert_non_null(
	    strstr(compared(&f, NULL, inner), "more than 1000000 trees"));
	buf_free(&tree);
	fixture_drop(&f);
}

static void
a_missing_tree_is_an_error_that_names_it(void **state)
{
	struct fixture f;
	const char *old, *new;
	char sub[64];

	(void)state;
	fixture_make(&f, "merges");
	fixture_open(&f, f.git);
	old = tree_of(&f, "base");
	new = tree_of(&f, "addd");
	fixture_git(&f, sub, sizeof(sub), "rev-parse", "refs/t/addd:d", NULL);
	assert_int_equal(unlink(pool_printf(&f.pool, "%s/objects/%.2s/%s",
	                     f.git, sub, sub + 2)),
	    0);
	assert_non_null(strstr(compared(&f, old, new), sub));
	fixture_drop(&f);
}

static void
one_path_is_looked_up_by_name_and_kind(void **state)
{
	static const struct {
		const char *ref, *path;
		bool there;
	} cases[] = {
	    {"base", "a", true},
	    {"base", "d/x", true},
	    {"base", "d/z", false},
	    {"addd", "d/z", true},
	    {"base", "no/such/path", false},
	    {"base", "a/b", false},
	    {"base", "d", false},
	    {"base", "d/", false},
	    {"base", "", false},
	    {"sub", "sub", true},
	};
	struct fixture f;
	struct repo_path *list;
	struct err err = {0};
	const char *tree;
	char id[REPO_OID_SIZE];
	unsigned mode;
	size_t count;

	(void)state;
	fixture_make(&f, "merges");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(repo_entry(f.r, tree_of(&f, cases[i].ref),
		                     cases[i].path, &mode, id, &err),
		    0);
		assert_int_equal(mode != 0, cases[i].there);
	}
	tree = tree_of(&f, "addd");
	assert_int_equal(repo_diff(f.r, &f.pool, NULL, tree, SIZE_MAX, &list,
	                     &count, &err),
	    0);
	assert_true(count > 1);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(repo_entry(f.r, tree, list[i].path, &mode, id,
		                     &err),
		    0);
		assert_int_equal(mode, list[i].new_mode);
		assert_string_equal(id, list[i].new_id);
	}
	fixture_drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
	        what_no_parent_has_is_found_without_opening_the_rest),
	    cmocka_unit_test(a_strict_comparison_finds_the_same_paths),
	    cmocka_unit_test(a_strict_comparison_says_what_is_odd),
	    cmocka_unit_test(what_differs_is_what_git_says),
	    cmocka_unit_test(nothing_is_a_tree_too),
	    cmocka_unit_test(more_paths_than_the_limit_are_an_error),
	    cmocka_unit_test(malformed_trees_are_an_error_that_names_them),
	    cmocka_unit_test(no_entry_of_a_disorderly_tree_is_passed_over),
	    cmocka_unit_test(directories_have_a_depth_limit),
	    cmocka_unit_test(a_tree_that_unfolds_without_end_is_an_error),
	    cmocka_unit_test(a_missing_tree_is_an_error_that_names_it),
	    cmocka_unit_test(one_path_is_looked_up_by_name_and_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
