#include "repo_fixture.h"

static struct repo_merged
merge(struct fixture *f, const char *ours, const char *theirs)
{
	struct repo_merged m;

	if (repo_merge(f->r, fixture_id(f, ours), fixture_id(f, theirs), &m,
	        &f->err) < 0)
		fail_msg("%s and %s: %s", ours, theirs, f->err.text);
	return m;
}

/* What `git merge-tree --write-tree` says: its tree, or "" on conflicts. */
static void
by_git(struct fixture *f, const char *ours, const char *theirs, char *out,
    size_t room)
{
	char a[80], b[80];

	snprintf(a, sizeof(a), "refs/t/%s", ours);
	snprintf(b, sizeof(b), "refs/t/%s", theirs);
	if (fixture_git(f, out, room, "merge-tree", "--write-tree", a, b,
	        NULL) != 0)
		out[0] = '\0';
}

/* Make all files old; then none may get new, by writing or touching. */
static void
age_files(struct fixture *f)
{
	char *argv[] = {(char *)"find", f->git, (char *)"-exec",
	    (char *)"touch", (char *)"-h", (char *)"-d", (char *)"2001-01-01",
	    (char *)"{}", (char *)"+", NULL};

	assert_int_equal(fixture_run(argv, NULL, 0), 0);
}

static void
check_untouched(struct fixture *f)
{
	char found[PATH_MAX];
	char *argv[] = {(char *)"find", f->git, (char *)"-newermt",
	    (char *)"2001-01-02", NULL};

	assert_int_equal(fixture_run(argv, found, sizeof(found)), 0);
	assert_string_equal(found, "");
}

static void
clean_merges_are_those_of_git(void **state)
{
	static const char *const pairs[][2] = {
	    {"a2", "other"},    /* each path on one side */
	    {"a2", "nod"},      /* one side lost a directory */
	    {"nod", "addd"},    /* lost there, gained here */
	    {"edit", "moved"},  /* a rename followed */
	    {"moved", "edit"},  /* and the other way round */
	    {"moved", "other"}, /* a rename beside a new path */
	    {"sub", "a2"},      /* a gitlink moved */
	    {"nod", "gone"},    /* both lost the same */
	    {"addd", "file"},   /* both gained */
	    {"sub", "moved"},
	    {"edit", "sub"},
	};
	struct fixture f;
	char want[128];

	(void)state;
	fixture_make(&f, "merges");
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct repo_merged m;

		fixture_open(&f, f.git);
		age_files(&f);
		m = merge(&f, pairs[i][0], pairs[i][1]);
		check_untouched(&f);
		by_git(&f, pairs[i][0], pairs[i][1], want, sizeof(want));
		assert_int_equal(m.end, REPO_MERGE_CLEAN);
		assert_string_equal(m.tree, want);
		assert_int_equal(m.path_count, 0);
		fixture_close(&f);
	}
	fixture_drop(&f);
}

static void
conflicts_name_their_paths_and_have_no_tree(void **state)
{
	static const struct {
		const char *ours, *theirs, *path;
	} cases[] = {
	    {"a2", "a3", "a"},
	    {"file", "dir", "e"},
	    {"dir", "file", "e"},
	    {"noold", "moved", "old"}, /* lost, and moved elsewhere */
	    {"moved", "noold", "old"},
	};
	struct fixture f;

	(void)state;
	fixture_make(&f, "merges");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct repo_merged m =
		    merge(&f, cases[i].ours, cases[i].theirs);

		assert_int_equal(m.end, REPO_MERGE_CONFLICT);
		assert_string_equal(m.tree, "");
		assert_true(m.path_count > 0);
		assert_string_equal(m.paths[m.path_count - 1], cases[i].path);
	}
	fixture_drop(&f);
}

static void
unrelated_histories_have_no_merge(void **state)
{
	struct fixture f;
	struct repo_merged m;

	(void)state;
	fixture_make(&f, "merges");
	fixture_open(&f, f.git);
	m = merge(&f, "root", "base");
	assert_int_equal(m.end, REPO_MERGE_UNRELATED);
	assert_string_equal(m.tree, "");
	fixture_drop(&f);
}

static void
an_ancestor_changes_nothing(void **state)
{
	struct fixture f;
	char tree[REPO_OID_SIZE];

	(void)state;
	fixture_make(&f, "merges");
	fixture_open(&f, f.git);
	assert_int_equal(repo_tree(f.r, fixture_id(&f, "moved"), tree, &f.err),
	    0);
	assert_string_equal(merge(&f, "base", "moved").tree, tree);
	assert_string_equal(merge(&f, "moved", "base").tree, tree);
	assert_string_equal(merge(&f, "moved", "moved").tree, tree);
	fixture_drop(&f);
}

static void
several_merge_bases_are_merged_first(void **state)
{
	struct fixture f;
	char want[128];

	(void)state;
	fixture_make(&f, "cross");
	fixture_open(&f, f.git);
	by_git(&f, "a3", "b3", want, sizeof(want));
	assert_int_equal(strlen(want), 40);
	assert_string_equal(merge(&f, "a3", "b3").tree, want);
	by_git(&f, "x2", "y2", want, sizeof(want));
	assert_int_equal(strlen(want), 40);
	assert_string_equal(merge(&f, "x2", "y2").tree, want);
	by_git(&f, "oct", "a3", want, sizeof(want));
	assert_string_equal(merge(&f, "oct", "a3").tree, want);
	fixture_drop(&f);
}

static void
at_most_twenty_conflicting_paths_are_named(void **state)
{
	struct fixture f;
	struct repo_merged m;

	(void)state;
	fixture_make(&f, "many");
	fixture_open(&f, f.git);
	m = merge(&f, "a", "b");
	assert_int_equal(m.end, REPO_MERGE_CONFLICT);
	assert_int_equal(m.path_count, REPO_CONFLICTS_MAX);
	assert_string_equal(m.paths[0], "f1");
	fixture_drop(&f);
}

static void
nobodys_attributes_or_settings_matter(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, "merges");
	fixture_write(pool_printf(&f.pool, "%s/.gitconfig", f.dir),
	    "[merge]\n default = union\n renames = false\n");
	mkdir(pool_printf(&f.pool, "%s/.config", f.dir), 0777);
	mkdir(pool_printf(&f.pool, "%s/.config/git", f.dir), 0777);
	fixture_write(pool_printf(&f.pool, "%s/.config/git/attributes", f.dir),
	    "* merge=union\n");
	fixture_write(pool_printf(&f.pool, "%s/info/attributes", f.git),
	    "* merge=union\n");
	fixture_write(pool_printf(&f.pool, "%s/config", f.git),
	    "[core]\n bare = true\n[merge]\n default = union\n"
	    " renames = false\n[diff]\n renames = false\n");
	fixture_open(&f, f.git);
	assert_int_equal(merge(&f, "a2", "a3").end, REPO_MERGE_CONFLICT);
	assert_int_equal(merge(&f, "edit", "moved").end, REPO_MERGE_CLEAN);
	fixture_drop(&f);
}

static void
trees_are_picked_as_a_cherry_pick_would(void **state)
{
	struct fixture f;
	struct repo_merged m;
	char base[REPO_OID_SIZE], a2[REPO_OID_SIZE], other[REPO_OID_SIZE];
	char want[128];

	(void)state;
	fixture_make(&f, "merges");
	fixture_open(&f, f.git);
	assert_int_equal(repo_tree(f.r, fixture_id(&f, "base"), base, &f.err),
	    0);
	assert_int_equal(repo_tree(f.r, fixture_id(&f, "a2"), a2, &f.err), 0);
	assert_int_equal(repo_tree(f.r, fixture_id(&f, "other"), other, &f.err),
	    0);
	by_git(&f, "a2", "other", want, sizeof(want));
	assert_int_equal(repo_pick(f.r, base, a2, other, &m, &f.err), 0);
	assert_string_equal(m.tree, want);
	/* Undone: the change of a2 taken back on top of both. */
	assert_int_equal(repo_pick(f.r, a2, want, base, &m, &f.err), 0);
	assert_string_equal(m.tree, other);
	/* A root commit's pick starts from nothing. */
	assert_int_equal(repo_pick(f.r, NULL, a2, NULL, &m, &f.err), 0);
	assert_string_equal(m.tree, a2);
	assert_int_equal(repo_pick(f.r, NULL, NULL, a2, &m, &f.err), 0);
	assert_string_equal(m.tree, a2);
	assert_int_equal(repo_pick(f.r, NULL, a2, base, &m, &f.err), 0);
	assert_int_equal(m.end, REPO_MERGE_CONFLICT);
	assert_int_equal(repo_pick(f.r, a2, NULL, NULL, &m, &f.err), 0);
	assert_string_equal(m.tree, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	assert_int_equal(repo_pick(f.r, base, "xyz", other, &m, &f.err), -1);
	fixture_drop(&f);
}

/* As of a merge in a repository that one may write to. */
static const struct {
	const char *ours, *theirs, *tree, *path;
} doubtful[] = {
    {"moved", "same", "", "t"},  /* both gained what one moved */
    {"same", "moved", "", "t"},  /* and the other way round */
    {"file", "more", "", "d/s"}, /* no tree can hold both */
    {"more", "file", "", "d/s"},
    /* Directories that are merged are written as git writes them. */
    {"headx", "heady", "12c458dacaeddccc7f4df2108bb506da21562561", NULL},
    {"tailx", "taily", "12c458dacaeddccc7f4df2108bb506da21562561", NULL},
    {"headz", "headw", "b76624853c1d56a792aebe80731302333bb793d2", NULL},
    {"tailz", "tailw", "b76624853c1d56a792aebe80731302333bb793d2", NULL},
};

static void
what_is_in_doubt_is_left_to_libgit2(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, "doubtful");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(doubtful) / sizeof(doubtful[0]); i++) {
		struct repo_merged m =
		    merge(&f, doubtful[i].ours, doubtful[i].theirs);

		assert_string_equal(m.tree, doubtful[i].tree);
		if (doubtful[i].path != NULL)
			assert_string_equal(m.paths[m.path_count - 1],
			    doubtful[i].path);
	}
	fixture_drop(&f);
}

/*
 * 421 trees are in each commit, and `ours` differs in 399 of them: only what
 * both sides changed is opened, or what either did where a file is merged.
 */
static void
a_merge_opens_what_differs_and_not_the_tree(void **state)
{
	static const struct {
		const char *ours, *theirs;
		size_t most;
	} cases[] = {
	    {"ours", "theirs", 3},  /* the top alone */
	    {"ours", "beside", 9},  /* the top, a3, a3/b3 */
	    {"theirs", "moved", 3}, /* a rename is as good as any change */
	    {"beside", "moved", 3},
	    {"first", "last", 30}, /* a file is merged */
	    {"moved", "last", 3},
	};
	struct fixture f;
	char want[128];

	(void)state;
	fixture_make(&f, "wide");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct repo_merged m;

		fixture_open(&f, f.git);
		m = merge(&f, cases[i].ours, cases[i].theirs);
		by_git(&f, cases[i].ours, cases[i].theirs, want, sizeof(want));
		assert_string_equal(m.tree, want);
		if (repo_trees_opened(f.r) > cases[i].most)
			fail_msg("%s and %s: %zu trees opened", cases[i].ours,
			    cases[i].theirs, repo_trees_opened(f.r));
		fixture_close(&f);
	}
	fixture_drop(&f);
}

/* A tree with one large file; `edit` is the line that is not as in others. */
static const char *
large_tree(struct fixture *f, unsigned state, int edit)
{
	const char *path = pool_printf(&f->pool, "%s/large", f->dir);
	char id[REPO_OID_SIZE + 1], *tree;
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	for (int i = 0; i < 30000; i++) {
		state = state * 1103515245 + 12345;
		fprintf(file, "%u %u line%s\n", state >> 16 & 7,
		    state >> 20 & 7, i == edit ? " edited" : "");
	}
	fclose(file);
	fixture_git(f, id, sizeof(id), "hash-object", "-w", path, NULL);
	fixture_git(f, NULL, 0, "update-index", "--add", "--cacheinfo",
	    pool_printf(&f->pool, "100644,%s,large", id), NULL);
	tree = pool_alloc(&f->pool, REPO_OID_SIZE + 1);
	fixture_git(f, tree, REPO_OID_SIZE + 1, "write-tree", NULL);
	return tree;
}

static enum repo_merge_end
pick_within(struct fixture *f, unsigned ms, const char *const trees[3])
{
	struct repo_merged m;

	repo_merge_time(f->r, ms);
	if (repo_pick(f->r, trees[0], trees[1], trees[2], &m, &f->err) < 0)
		fail_msg("%s", f->err.text);
	assert_int_equal(m.tree[0] != '\0', m.end == REPO_MERGE_CLEAN);
	return m.end;
}

static void
a_merge_that_takes_too_long_has_no_result(void **state)
{
	struct fixture f;
	const char *same[3], *other[3];

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	same[0] = other[0] = large_tree(&f, 1, -1);
	same[1] = large_tree(&f, 1, 10);
	same[2] = large_tree(&f, 1, 29990);
	other[1] = large_tree(&f, 2, -1);
	other[2] = large_tree(&f, 3, -1);
	assert_int_equal(pick_within(&f, 1, other), REPO_MERGE_SLOW);
	assert_int_equal(pick_within(&f, 0, other), REPO_MERGE_CONFLICT);
	/* Large and quick is as without a limit. */
	assert_int_equal(pick_within(&f, 30000, same), REPO_MERGE_CLEAN);
	assert_int_equal(pick_within(&f, 0, same), REPO_MERGE_CLEAN);
	fixture_drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(clean_merges_are_those_of_git),
	    cmocka_unit_test(conflicts_name_their_paths_and_have_no_tree),
	    cmocka_unit_test(unrelated_histories_have_no_merge),
	    cmocka_unit_test(an_ancestor_changes_nothing),
	    cmocka_unit_test(several_merge_bases_are_merged_first),
	    cmocka_unit_test(at_most_twenty_conflicting_paths_are_named),
	    cmocka_unit_test(nobodys_attributes_or_settings_matter),
	    cmocka_unit_test(trees_are_picked_as_a_cherry_pick_would),
	    cmocka_unit_test(what_is_in_doubt_is_left_to_libgit2),
	    cmocka_unit_test(a_merge_opens_what_differs_and_not_the_tree),
	    cmocka_unit_test(a_merge_that_takes_too_long_has_no_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
