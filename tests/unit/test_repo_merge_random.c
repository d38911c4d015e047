/*
 * Random merges, each made three times: by ours, by libgit2 the plain way, and
 * by `git merge-tree`.  The first two must always agree, to the conflicting
 * paths; Git may differ in what docs/decisions.md tells of.
 *
 *	MERGES=20000 test_repo_merge_random	so many (make big)
 *	MERGES_SEED=3				others than usually
 *	MERGES_SHOW=1				those that Git makes otherwise
 */
#include "repo_fixture.h"

#include <git2.h>

#define MERGES_FEW 360
#define BATCH 120 /* merges of one repository */
#define DIRECTORIES 6
#define PLACES 8 /* files of a directory: four, and four in its "s" */
#define FILES (DIRECTORIES * PLACES)
#define PATHS (FILES + 2 * DIRECTORIES) /* "d2" and "d2/s" as files */
#define CONTENTS 400
#define DIED "died"

/* What a merge is made of. */
enum flavour {
	EDITS,     /* contents alone */
	GROWING,   /* new files too */
	SHRINKING, /* and files taken away */
	MODES,     /* and links, programs, submodules */
	MOVES,     /* and files moved */
	SWEEPS,    /* and directories moved, or swapped with files */
	CROSSED,   /* all of it, with two merge bases */
	FLAVOURS
};

static const char *const flavour_names[FLAVOURS] = {"edits", "growing",
    "shrinking", "modes", "moves", "sweeps", "crossed"};

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

/* d0 is no directory: its files lie at the top, "s" beside them. */
static void
path_name(char out[64], unsigned n)
{
	unsigned d = n / PLACES, at = n % PLACES;
	char dir[16] = "";

	if (n >= FILES) {
		snprintf(out, 64, (n - FILES) % 2 == 0 ? "d%u" : "d%u/s",
		    (n - FILES) / 2);
		return;
	}
	if (d > 0)
		snprintf(dir, sizeof(dir), "d%u/", d);
	snprintf(out, 64, "%s%sf%u", dir, at >= 4 ? "s/" : "",
	    d % 2 == 0 ? at % 4 : at % 4 + 2);
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
put(struct state_of_tree *t, unsigned n, unsigned content, unsigned mode)
{
	if (t->content[n] != 0 || !has_room(t, n))
		return;
	t->content[n] = content;
	t->mode[n] = mode;
}

static void
move(struct state_of_tree *t, unsigned from, unsigned to, unsigned edit)
{
	unsigned content = t->content[from], mode = t->mode[from];

	if (content == 0 || t->content[to] != 0)
		return;
	t->content[from] = 0;
	if (has_room(t, to))
		put(t, to, content == edit ? 5 : content ^ edit, mode);
	else
		t->content[from] = content;
}

static void
sweep(struct state_of_tree *t)
{
	unsigned from = roll(DIRECTORIES), to = roll(DIRECTORIES);
	unsigned name = FILES + roll(2 * DIRECTORIES), kept = roll(PATHS);

	switch (roll(3)) {
	case 0: /* a directory moved */
		for (unsigned i = 0; i < PLACES; i++)
			move(t, from * PLACES + i, to * PLACES + i, 0);
		break;
	case 1: /* a directory becomes a file */
		for (unsigned i = 0; i < PLACES; i++)
			t->content[(name - FILES) / 2 * PLACES + i] = 0;
		put(t, name, t->content[kept] != 0 ? t->content[kept] : 9,
		    0100644);
		break;
	default: /* a file becomes a directory, of what it was */
		move(t, name, (name - FILES) / 2 * PLACES + roll(PLACES), 0);
		break;
	}
}

/* Another text, or another of one line of it. */
static unsigned
edited(unsigned content)
{
	unsigned other =
	    roll(2) == 0 ? 1 + roll(CONTENTS) : content ^ 1U << roll(2);

	return other == 0 ? 4 : other;
}

static void
change(struct state_of_tree *t, enum flavour flavour)
{
	static const unsigned modes[] = {0100644, 0100755, 0120000, 0160000};
	static const unsigned kinds[FLAVOURS] = {1, 2, 3, 4, 5, 6, 6};
	unsigned n = roll(PATHS), to = roll(PATHS);

	switch (roll(kinds[flavour])) {
	case 0:
		if (t->content[n] != 0)
			t->content[n] = edited(t->content[n]);
		break;
	case 1:
		put(t, n, 1 + roll(CONTENTS), 0100644);
		break;
	case 2:
		t->content[n] = 0;
		t->mode[n] = 0;
		break;
	case 3:
		if (t->content[n] != 0)
			t->mode[n] = modes[roll(4)];
		break;
	case 4:
		move(t, n, to, roll(2));
		break;
	default:
		sweep(t);
		break;
	}
}

static void
change_some(struct state_of_tree *t, enum flavour flavour, unsigned most)
{
	for (unsigned k = 1 + roll(most); k > 0; k--)
		change(t, flavour);
}

/*
 * Contents 4n to 4n+3 differ in one line only, in one of two places; some are
 * empty, some are no text.
 */
static size_t
write_content(char text[512], unsigned c)
{
	size_t len = 0;

	if (c % 41 == 0)
		return 0;
	for (unsigned i = 0; i < 12; i++)
		len += (size_t)snprintf(text + len, 512 - len,
		    "line %u of %u%s\n", i, c / 4,
		    (i == 2 && (c & 1)) || (i == 9 && (c & 2)) ? "!" : "");
	if (c / 4 % 17 == 0)
		text[5] = '\0';
	return len;
}

static void
write_paths(FILE *out, const struct state_of_tree *t)
{
	char path[64], text[512];

	fprintf(out, "deleteall\n");
	for (unsigned n = 0; n < PATHS; n++) {
		size_t len;

		if (t->content[n] == 0)
			continue;
		path_name(path, n);
		if (t->mode[n] == 0160000) {
			fprintf(out, "M 160000 %040u %s\n", t->content[n],
			    path);
			continue;
		}
		len = write_content(text, t->content[n]);
		fprintf(out, "M %o inline %s\ndata %zu\n", t->mode[n], path,
		    len);
		fwrite(text, 1, len, out);
		fprintf(out, "\n");
	}
}

static void
write_commit(FILE *out, const char *name, const char *first, const char *second,
    const struct state_of_tree *t)
{
	fprintf(out, "commit refs/t/%s\ncommitter C <c@x> 1 +0000\n", name);
	fprintf(out, "data %zu\n%s\n", strlen(name), name);
	if (first != NULL)
		fprintf(out, "from refs/t/%s\n", first);
	if (second != NULL)
		fprintf(out, "merge refs/t/%s\n", second);
	write_paths(out, t);
}

/* What a hand might make of two sides: theirs wins where it can. */
static struct state_of_tree
resolved(const struct state_of_tree *base, const struct state_of_tree *ours,
    const struct state_of_tree *theirs)
{
	struct state_of_tree t = *ours;

	for (unsigned n = 0; n < PATHS; n++)
		if (theirs->content[n] != base->content[n])
			t.content[n] = 0;
	for (unsigned n = 0; n < PATHS; n++)
		if (theirs->content[n] != base->content[n] &&
		    theirs->content[n] != 0)
			put(&t, n, theirs->content[n], theirs->mode[n]);
	return t;
}

/* refs/t/a<i> and b<i>, to be merged. */
static void
write_pair(FILE *out, unsigned i, const struct state_of_tree *base,
    enum flavour flavour)
{
	struct state_of_tree side[2] = {*base, *base}, both;
	char name[2][32], low[2][32], from[32];

	snprintf(from, sizeof(from), "base%u", i);
	write_commit(out, from, NULL, NULL, base);
	for (unsigned s = 0; s < 2; s++) {
		snprintf(name[s], 32, "%c%u", 'a' + (int)s, i);
		snprintf(low[s], 32, "low%c%u", 'a' + (int)s, i);
		change_some(&side[s], flavour, 12);
		write_commit(out, flavour == CROSSED ? low[s] : name[s], from,
		    NULL, &side[s]);
	}
	if (flavour != CROSSED)
		return;
	for (unsigned s = 0; s < 2; s++) {
		both = resolved(base, &side[s], &side[1 - s]);
		change_some(&both, flavour, 3);
		write_commit(out, name[s], low[s], low[1 - s], &both);
	}
}

static void
write_pairs(struct fixture *f, enum flavour flavour, unsigned count)
{
	struct state_of_tree base = {{0}, {0}};
	char path[PATH_MAX];
	char *argv[] = {(char *)"sh", (char *)"-c",
	    (char *)"git --git-dir \"$1\" fast-import --quiet --force <\"$2\"",
	    (char *)"sh", f->git, path, NULL};
	FILE *out;

	snprintf(path, sizeof(path), "%s/stream", f->dir);
	out = fopen(path, "w");
	assert_non_null(out);
	for (unsigned k = 0; k < 60; k++)
		change(&base, GROWING);
	for (unsigned i = 0; i < count; i++) {
		for (unsigned k = 0; k < 8; k++)
			change(&base, GROWING);
		change_some(&base, SWEEPS, 8);
		write_pair(out, i, &base, flavour);
	}
	assert_int_equal(fclose(out), 0);
	assert_int_equal(fixture_run(argv, NULL, 0), 0);
}

/* ---- three who merge ---- */

struct merged {
	char tree[REPO_OID_SIZE]; /* "" where there are conflicts */
	char paths[REPO_CONFLICTS_MAX][64];
	size_t path_count;
};

static void
add_path(struct merged *m, const char *path)
{
	if (m->path_count < REPO_CONFLICTS_MAX &&
	    (m->path_count == 0 ||
	        strcmp(m->paths[m->path_count - 1], path) != 0))
		snprintf(m->paths[m->path_count++], 64, "%s", path);
}

static void
by_ours(struct fixture *f, const char ids[2][REPO_OID_SIZE], struct merged *out)
{
	struct repo_merged m;

	memset(out, 0, sizeof(*out));
	if (repo_merge(f->r, ids[0], ids[1], &m, &f->err) < 0)
		fail_msg("%s", f->err.text);
	memcpy(out->tree, m.tree, REPO_OID_SIZE);
	for (size_t i = 0; i < m.path_count; i++)
		add_path(out, m.paths[i]);
	assert_int_equal(m.end,
	    m.tree[0] != '\0' ? REPO_MERGE_CLEAN : REPO_MERGE_CONFLICT);
}

static void
name_conflicts(git_index *index, struct merged *out)
{
	git_index_conflict_iterator *all;
	const git_index_entry *e[3];

	assert_int_equal(git_index_conflict_iterator_new(&all, index), 0);
	while (git_index_conflict_next(&e[0], &e[1], &e[2], all) == 0)
		for (size_t i = 0; i < 3; i++)
			if (e[i] != NULL) {
				add_path(out, e[i]->path);
				break;
			}
	git_index_conflict_iterator_free(all);
}

/*
 * A file and a directory of one name, which libgit2 takes for a clean merge:
 * no tree that git would write, and to ours a conflict.
 */
static bool
name_both(git_index *index, struct merged *out)
{
	char dir[64];

	for (size_t i = 0; i < git_index_entrycount(index); i++) {
		const char *path = git_index_get_byindex(index, i)->path;

		for (const char *s = path; (s = strchr(s, '/')) != NULL; s++) {
			snprintf(dir, sizeof(dir), "%.*s", (int)(s - path),
			    path);
			if (git_index_get_bypath(index, dir, 0) != NULL)
				add_path(out, dir);
		}
	}
	return out->path_count > 0;
}

/* libgit2 by the plain way, in a repository it may write to. */
static void
by_libgit2(git_repository *repo, const char ids[2][REPO_OID_SIZE],
    struct merged *out)
{
	git_merge_options options;
	git_commit *c[2];
	git_index *index = NULL;
	git_oid id;

	memset(out, 0, sizeof(*out));
	git_merge_options_init(&options, GIT_MERGE_OPTIONS_VERSION);
	options.target_limit = 1000;
	options.recursion_limit = 3;
	for (size_t i = 0; i < 2; i++) {
		git_oid_fromstr(&id, ids[i]);
		assert_int_equal(git_commit_lookup(&c[i], repo, &id), 0);
	}
	assert_int_equal(git_merge_commits(&index, repo, c[0], c[1], &options),
	    0);
	if (git_index_has_conflicts(index)) {
		name_conflicts(index, out);
	} else if (!name_both(index, out)) {
		assert_int_equal(git_index_write_tree_to(&id, index, repo), 0);
		git_oid_tostr(out->tree, REPO_OID_SIZE, &id);
	}
	git_index_free(index);
	git_commit_free(c[0]);
	git_commit_free(c[1]);
}

/* A token of `git merge-tree --stdin`, up to its NUL. */
static bool
read_token(FILE *in, char *out, size_t room)
{
	size_t len = 0;
	int c;

	while ((c = getc(in)) != EOF && c != '\0')
		if (len + 1 < room)
			out[len++] = (char)c;
	out[len] = '\0';
	return c != EOF;
}

/* What it says of one pair; false where it died of it. */
static bool
read_merge(FILE *in, char tree[REPO_OID_SIZE])
{
	char word[4096], id[64];

	do
		if (!read_token(in, word, sizeof(word)))
			return false;
	while (word[0] == '\0');
	if (!read_token(in, id, sizeof(id)))
		return false;
	snprintf(tree, REPO_OID_SIZE, "%.40s",
	    strcmp(word, "1") == 0 ? id : "");
	do
		if (!read_token(in, word, sizeof(word)))
			return false;
	while (word[0] != '\0');
	return true;
}

static unsigned
by_git_from(struct fixture *f, unsigned from, unsigned to,
    char trees[BATCH][REPO_OID_SIZE])
{
	char in[PATH_MAX], out[PATH_MAX];
	char *argv[] = {(char *)"sh", (char *)"-c",
	    (char *)"git --git-dir \"$1\" merge-tree --stdin --no-messages "
	            "<\"$2\" >\"$3\" 2>\"$3.err\"",
	    (char *)"sh", f->git, in, out, NULL};
	FILE *file;

	snprintf(in, sizeof(in), "%s/pairs", f->dir);
	snprintf(out, sizeof(out), "%s/trees", f->dir);
	file = fopen(in, "w");
	assert_non_null(file);
	for (unsigned i = from; i < to; i++)
		fprintf(file, "refs/t/a%u refs/t/b%u\n", i, i);
	assert_int_equal(fclose(file), 0);
	(void)fixture_run(argv, NULL, 0);
	file = fopen(out, "r");
	assert_non_null(file);
	while (from < to && read_merge(file, trees[from]))
		from++;
	fclose(file);
	return from;
}

/*
 * All pairs of a repository; "" where there are conflicts.  Some make git
 * 2.39 end in an assertion of its own: DIED.
 */
static void
by_git(struct fixture *f, unsigned count, char trees[BATCH][REPO_OID_SIZE])
{
	unsigned at = 0, next;

	for (; at < count; at = next) {
		next = by_git_from(f, at, count, trees);
		/* With it is lost what it said of those before. */
		if (next == at)
			next = by_git_from(f, at, at + 1, trees);
		if (next == at)
			snprintf(trees[next++], REPO_OID_SIZE, DIED);
	}
}

struct sums {
	unsigned made, clean, differ, died;
};

static void
compare_pair(struct fixture *f, git_repository *repo, unsigned i,
    enum flavour flavour, const char *git, struct sums *sums)
{
	char ids[2][REPO_OID_SIZE];
	struct merged ours, lib;
	bool there;

	for (unsigned s = 0; s < 2; s++) {
		char ref[64];

		snprintf(ref, sizeof(ref), "refs/t/%c%u", 'a' + (int)s, i);
		assert_int_equal(repo_ref(f->r, ref, ids[s], &there, &f->err),
		    0);
		assert_true(there);
	}
	by_ours(f, (const char(*)[REPO_OID_SIZE])ids, &ours);
	by_libgit2(repo, (const char(*)[REPO_OID_SIZE])ids, &lib);
	if (strcmp(ours.tree, lib.tree) != 0 ||
	    ours.path_count != lib.path_count ||
	    memcmp(ours.paths, lib.paths, sizeof(ours.paths)) != 0)
		fail_msg("%s, %s of %s: ours '%s', libgit2 '%s', git '%s'",
		    flavour_names[flavour], ids[1], f->git, ours.tree, lib.tree,
		    git);
	sums->made++;
	sums->clean += ours.tree[0] != '\0';
	if (strcmp(ours.tree, git) == 0)
		return;
	sums->died += strcmp(git, DIED) == 0;
	sums->differ += strcmp(git, DIED) != 0;
	if (getenv("MERGES_SHOW") != NULL)
		print_message("%s: %s %s: ours '%s', git '%s'\n",
		    flavour_names[flavour], ids[0], ids[1], ours.tree, git);
}

static void
merge_batch(enum flavour flavour, unsigned count, struct sums *sums)
{
	char trees[BATCH][REPO_OID_SIZE];
	git_repository *repo;
	struct fixture f;

	fixture_make(&f, "empty");
	write_pairs(&f, flavour, count);
	by_git(&f, count, trees);
	fixture_open(&f, f.git);
	assert_int_equal(git_repository_open_bare(&repo, f.git), 0);
	for (unsigned i = 0; i < count; i++)
		compare_pair(&f, repo, i, flavour, trees[i], sums);
	git_repository_free(repo);
	if (getenv("MERGES_SHOW") == NULL)
		fixture_drop(&f);
}

static void
random_merges_agree_with_libgit2(void **state)
{
	const char *many = getenv("MERGES"), *other = getenv("MERGES_SEED");
	unsigned left = MERGES_FEW;
	struct sums sums[FLAVOURS] = {{0}};

	(void)state;
	if (many != NULL)
		left = (unsigned)strtoul(many, NULL, 10);
	if (other != NULL)
		seed = strtoull(other, NULL, 10);
	left = (left + FLAVOURS - 1) / FLAVOURS;
	for (unsigned count; left > 0; left -= count) {
		count = left < BATCH ? left : BATCH;
		for (enum flavour k = EDITS; k < FLAVOURS; k++)
			merge_batch(k, count, &sums[k]);
	}
	for (enum flavour k = EDITS; k < FLAVOURS; k++) {
		print_message(
		    "%-9s %6u merges, %6u clean; git makes %u otherwise, and dies of %u\n",
		    flavour_names[k], sums[k].made, sums[k].clean,
		    sums[k].differ, sums[k].died);
		assert_true(sums[k].clean > sums[k].made / 10);
		/* Where and why is in docs/decisions.md. */
		assert_true(sums[k].differ + sums[k].died <=
		    2 + sums[k].made / (k < MODES ? 200 : 8));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(random_merges_agree_with_libgit2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
