#include "repo_fixture.h"

#include <git2.h>

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

/* Random trees: what two people do to one, merged by three programs. */
#define TRIPLES 60
#define PATHS 40

struct state_of_tree {
	unsigned content[PATHS]; /* 0: not there */
	unsigned mode[PATHS];
};

static uint64_t seed = 7;

static unsigned
roll(unsigned sides)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(seed >> 33) % sides;
}

/* Some paths are a directory to others: "d3" and "d3/f4". */
static void
path_name(char out[64], unsigned n)
{
	switch (n % 5) {
	case 0:
		snprintf(out, 64, "f%u", n);
		break;
	case 1:
		snprintf(out, 64, "d%u/f%u", n % 3, n);
		break;
	case 2:
		snprintf(out, 64, "d%u/s/f%u", n % 4, n);
		break;
	case 3:
		snprintf(out, 64, "d%u.x", n % 3);
		break;
	default:
		snprintf(out, 64, "d%u", n % 5);
		break;
	}
}

/* A file and a directory cannot have one name. */
static bool
has_room(const struct state_of_tree *t, unsigned n)
{
	char name[64], other[64];

	path_name(name, n);
	for (unsigned i = 0; i < PATHS; i++) {
		size_t a = strlen(name), b;

		if (i == n || t->content[i] == 0)
			continue;
		path_name(other, i);
		b = strlen(other);
		if (strncmp(name, other, a < b ? a : b) == 0 &&
		    (a == b || (a < b ? other[a] : name[b]) == '/'))
			return false;
	}
	return true;
}

static void
change(struct state_of_tree *t, unsigned level)
{
	unsigned n = roll(PATHS), to = roll(PATHS);

	switch (roll(level)) {
	case 0:
		if (t->content[n] != 0)
			t->content[n] = 1 + roll(400);
		break;
	case 1:
		if (t->content[n] == 0 && has_room(t, n)) {
			t->content[n] = 1 + roll(400);
			t->mode[n] = 0100644;
		}
		break;
	case 2:
		t->content[n] = 0;
		break;
	case 3:
		if (t->content[n] != 0)
			t->mode[n] = roll(3) == 0 ? 0120000 : 0100755;
		break;
	default:
		if (t->content[n] != 0 && t->content[to] == 0 &&
		    has_room(t, to)) {
			t->content[to] = t->content[n] ^ roll(2);
			t->mode[to] = t->mode[n];
			t->content[n] = 0;
		}
		break;
	}
}

/* Content 4n to 4n+3 differs in one line only, in one of two places. */
static void
write_tree(FILE *out, const char *name, const char *from,
    const struct state_of_tree *t)
{
	char path[64], text[512];

	fprintf(out, "commit refs/t/%s\ncommitter C <c@x> 1 +0000\n", name);
	fprintf(out, "data %zu\n%s\n", strlen(name), name);
	if (from != NULL)
		fprintf(out, "from refs/t/%s\n", from);
	fprintf(out, "deleteall\n");
	for (unsigned n = 0; n < PATHS; n++) {
		unsigned c = t->content[n];
		size_t len = 0;

		if (c == 0)
			continue;
		path_name(path, n);
		for (unsigned i = 0; i < 12; i++)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "line %u of %u%s\n", i, c / 4,
			    (i == 2 && (c & 1)) || (i == 9 && (c & 2)) ? "!"
			                                               : "");
		fprintf(out, "M %o inline %s\ndata %zu\n%s\n", t->mode[n], path,
		    len, text);
	}
}

static void
make_triples(struct fixture *f, unsigned level)
{
	struct state_of_tree base = {{0}, {0}}, side;
	char path[PATH_MAX], name[32], from[32];
	char *argv[] = {(char *)"sh", (char *)"-c",
	    (char *)"git --git-dir \"$1\" fast-import --quiet --force <\"$2\"",
	    (char *)"sh", f->git, path, NULL};
	FILE *out;

	snprintf(path, sizeof(path), "%s/stream", f->dir);
	out = fopen(path, "w");
	assert_non_null(out);
	for (unsigned i = 0; i < TRIPLES; i++) {
		for (unsigned k = 0; k < 40; k++)
			change(&base, 5);
		snprintf(from, sizeof(from), "base%u", i);
		write_tree(out, from, NULL, &base);
		for (unsigned s = 0; s < 2; s++) {
			side = base;
			for (unsigned k = 1 + roll(12); k > 0; k--)
				change(&side, level);
			snprintf(name, sizeof(name), "%c%u", 'a' + (int)s, i);
			write_tree(out, name, from, &side);
		}
	}
	fclose(out);
	assert_int_equal(fixture_run(argv, NULL, 0), 0);
}

/* libgit2 by the plain way, in a repository it may write to. */
static void
by_libgit2(struct fixture *f, const char *ours, const char *theirs, char *out)
{
	git_merge_options options;
	git_repository *repo = NULL;
	git_commit *a = NULL, *b = NULL;
	git_index *index = NULL;
	git_oid id;

	git_merge_options_init(&options, GIT_MERGE_OPTIONS_VERSION);
	options.target_limit = 1000;
	options.recursion_limit = 3;
	out[0] = '\0';
	assert_int_equal(git_repository_open_bare(&repo, f->git), 0);
	git_oid_fromstr(&id, fixture_id(f, ours));
	assert_int_equal(git_commit_lookup(&a, repo, &id), 0);
	git_oid_fromstr(&id, fixture_id(f, theirs));
	assert_int_equal(git_commit_lookup(&b, repo, &id), 0);
	assert_int_equal(git_merge_commits(&index, repo, a, b, &options), 0);
	if (!git_index_has_conflicts(index)) {
		assert_int_equal(git_index_write_tree_to(&id, index, repo), 0);
		git_oid_tostr(out, REPO_OID_SIZE, &id);
	}
	git_index_free(index);
	git_commit_free(a);
	git_commit_free(b);
	git_repository_free(repo);
}

static void
random_merges_agree_with_libgit2_and_git(void **state)
{
	unsigned clean = 0, differ = 0;

	(void)state;
	for (unsigned level = 1; level <= 7; level++) {
		struct fixture f;
		char a[32], b[32], lib[REPO_OID_SIZE], git[128];

		fixture_make(&f, "empty");
		make_triples(&f, level);
		fixture_open(&f, f.git);
		for (unsigned i = 0; i < TRIPLES; i++) {
			struct repo_merged m;

			snprintf(a, sizeof(a), "a%u", i);
			snprintf(b, sizeof(b), "b%u", i);
			m = merge(&f, a, b);
			by_libgit2(&f, a, b, lib);
			assert_string_equal(m.tree, lib);
			by_git(&f, a, b, git, sizeof(git));
			clean += m.tree[0] != '\0';
			/* git alone follows renamed directories. */
			if (strcmp(m.tree, git) != 0) {
				differ++;
				if (level <= 4)
					fail_msg("%s and %s: '%s', git '%s'", a,
					    b, m.tree, git);
			}
		}
		fixture_drop(&f);
	}
	print_message("%u of %u clean, git differs in %u\n", clean, 7 * TRIPLES,
	    differ);
	assert_true(clean > 7 * TRIPLES / 4);
	assert_true(differ < 7 * TRIPLES / 20);
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
	    cmocka_unit_test(a_merge_that_takes_too_long_has_no_result),
	    cmocka_unit_test(random_merges_agree_with_libgit2_and_git),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
