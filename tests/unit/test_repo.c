#include "edge/repo_blob.h"
#include "repo_fixture.h"

/* The environment git gives a hook, for the scenario "push". */
static void
enter_hook(struct fixture *f, bool quarantine)
{
	setenv("GIT_DIR", f->git, 1);
	if (!quarantine)
		return;
	setenv("GIT_OBJECT_DIRECTORY",
	    pool_printf(&f->pool, "%s/objects/tmp_objdir-incoming-1", f->git),
	    1);
	setenv("GIT_QUARANTINE_PATH", getenv("GIT_OBJECT_DIRECTORY"), 1);
	setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES",
	    pool_printf(&f->pool, "%s/objects", f->git), 1);
}

static void
expect_refusal(struct fixture *f, const char *git_dir, const char *text)
{
	struct repo *r = NULL;

	memset(&f->err, 0, sizeof(f->err));
	assert_int_equal(repo_open(&r, git_dir, &f->err), -1);
	assert_null(r);
	if (strstr(f->err.text, text) == NULL)
		fail_msg("'%s' does not say '%s'", f->err.text, text);
}

static void
a_push_is_read_from_its_quarantine(void **state)
{
	struct fixture f;
	struct repo_commit *list;
	const char *q1, *q2, *m;
	size_t count;

	(void)state;
	fixture_make(&f, "push");
	q1 = fixture_line(&f, "q1");
	q2 = fixture_line(&f, "q2");
	enter_hook(&f, true);
	fixture_open(&f, NULL);
	m = fixture_id(&f, "m");
	assert_true(repo_in_quarantine(f.r));
	assert_true(repo_has(f.r, q2) && repo_has(f.r, m));
	assert_true(repo_received(f.r, q2));
	assert_false(repo_received(f.r, m));
	assert_int_equal(repo_range(f.r, &f.pool, q2, &m, 1, 2, &list, &count,
	                     &f.err),
	    0);
	assert_string_equal(fixture_subjects(&f, list, count), "q2 q1");
	assert_true(list[0].received && list[1].received);
	assert_int_equal(repo_range(f.r, &f.pool, q2, (const char *[]){q1}, 1,
	                     2, &list, &count, &f.err),
	    0);
	assert_string_equal(fixture_subjects(&f, list, count), "q2");
	assert_int_equal(repo_range(f.r, &f.pool, q2, &m, 1, 1, &list, &count,
	                     &f.err),
	    -1);
	fixture_drop(&f);
}

static void
received_commits_end_where_the_quarantine_does(void **state)
{
	struct fixture f;
	struct repo_commit *list;
	const char *tips[2];
	size_t count;

	(void)state;
	fixture_make(&f, "push");
	tips[0] = fixture_line(&f, "q2");
	enter_hook(&f, true);
	fixture_open(&f, NULL);
	tips[1] = fixture_id(&f, "m");
	assert_int_equal(repo_received_commits(f.r, &f.pool, tips, 2, 2, &list,
	                     &count, &f.err),
	    0);
	assert_string_equal(fixture_subjects(&f, list, count), "q2 q1");
	assert_int_equal(repo_received_commits(f.r, &f.pool, tips, 2, 1, &list,
	                     &count, &f.err),
	    -1);
	assert_int_equal(repo_received_commits(f.r, &f.pool, &tips[1], 1, 2,
	                     &list, &count, &f.err),
	    0);
	assert_int_equal(count, 0);
	fixture_drop(&f);
}

static void
a_commit_of_the_quarantine_that_was_here_before_is_still_hidden(void **state)
{
	struct fixture f;
	char *argv[] = {(char *)"sh", (char *)"-c",
	    (char *)"git --git-dir \"$1\" cat-file commit refs/t/c5 |"
	            " env -u GIT_ALTERNATE_OBJECT_DIRECTORIES"
	            " GIT_OBJECT_DIRECTORY=\"$1/objects/"
	            "tmp_objdir-incoming-1\""
	            " git --git-dir \"$1\" hash-object -t commit"
	            " --literally -w --stdin",
	    (char *)"sh", NULL, NULL};

	(void)state;
	fixture_make(&f, "push");
	argv[4] = f.git;
	assert_int_equal(fixture_run(argv, NULL, 0), 0);
	enter_hook(&f, true);
	fixture_open(&f, NULL);
	assert_true(repo_received(f.r, fixture_id(&f, "c5")));
	assert_string_equal(fixture_range(&f, "c5", "m"), "");
	assert_string_equal(fixture_range(&f, "m", "t2"), "m c5 c4 c3");
	fixture_drop(&f);
}

static void
without_the_quarantine_its_commits_are_missing(void **state)
{
	struct fixture f;
	const char *q2;

	(void)state;
	fixture_make(&f, "push");
	q2 = fixture_line(&f, "q2");
	enter_hook(&f, false);
	fixture_open(&f, NULL);
	assert_false(repo_in_quarantine(f.r));
	assert_false(repo_has(f.r, q2) || repo_received(f.r, q2));
	assert_int_equal(repo_kind_of(f.r, q2), REPO_NONE);
	/* A repository named by its path looks at no environment. */
	fixture_close(&f);
	enter_hook(&f, true);
	fixture_open(&f, f.git);
	assert_false(repo_in_quarantine(f.r));
	fixture_drop(&f);
}

static void
the_environment_of_a_hook_is_checked(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, "push");
	expect_refusal(&f, NULL, "GIT_DIR is not set");
	enter_hook(&f, true);
	setenv("GIT_QUARANTINE_PATH", f.dir, 1);
	expect_refusal(&f, NULL, "is not GIT_OBJECT_DIRECTORY");
	enter_hook(&f, true);
	setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", "/nowhere/at/all", 1);
	expect_refusal(&f, NULL, "/nowhere/at/all");
	enter_hook(&f, true);
	setenv("GIT_OBJECT_DIRECTORY", "/nowhere/at/all", 1);
	expect_refusal(&f, NULL, "/nowhere/at/all");
	enter_hook(&f, true);
	setenv("GIT_QUARANTINE_PATH", "/nowhere/at/all", 1);
	expect_refusal(&f, NULL, "/nowhere/at/all");
	fixture_drop(&f);
}

static void
alternates_with_colons_and_quotes_are_followed(void **state)
{
	struct fixture f;
	const char *borrower, *lender;
	char quoted[PATH_MAX];

	(void)state;
	fixture_make(&f, "borrow");
	borrower = pool_printf(&f.pool, "%s/b.git", f.dir);
	lender = pool_printf(&f.pool, "%s/a:b \"c\" d.git/objects", f.dir);
	fixture_open(&f, borrower);
	assert_string_equal(fixture_range(&f, "m", ""),
	    "m c5 c4 c3 t2 t1 c2 c1");
	/* The same list by the environment, as git writes it there. */
	fixture_close(&f);
	assert_int_equal(unlink(pool_printf(&f.pool,
	                     "%s/objects/info/alternates", borrower)),
	    0);
	fixture_open(&f, borrower);
	assert_int_equal(repo_kind_of(f.r, fixture_id(&f, "m")), REPO_NONE);
	fixture_close(&f);
	snprintf(quoted, sizeof(quoted),
	    "\"%s/a:b \\\"c\\\" \\144.git/objects\":%s/objects", f.dir,
	    borrower);
	setenv("GIT_DIR", borrower, 1);
	setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", quoted, 1);
	fixture_open(&f, NULL);
	assert_int_equal(repo_kind_of(f.r, fixture_id(&f, "m")), REPO_COMMIT);
	fixture_close(&f);
	/* Not quoted, it is two paths that do not exist. */
	setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", lender, 1);
	expect_refusal(&f, NULL, "No such file or directory");
	fixture_drop(&f);
}

static void
an_alternate_that_is_gone_is_an_error(void **state)
{
	struct fixture f;
	const char *borrower;

	(void)state;
	fixture_make(&f, "borrow");
	borrower = pool_printf(&f.pool, "%s/b.git", f.dir);
	fixture_write(pool_printf(&f.pool, "%s/objects/info/alternates",
	                  borrower),
	    "# borrowed\n/nowhere/objects\n");
	expect_refusal(&f, borrower, "'/nowhere/objects'");
	fixture_drop(&f);
}

static void
alternates_that_go_in_circles_end(void **state)
{
	struct fixture f;
	const char *borrower;

	(void)state;
	fixture_make(&f, "borrow");
	borrower = pool_printf(&f.pool, "%s/b.git", f.dir);
	fixture_write(pool_printf(&f.pool,
	                  "%s/a:b \"c\" d.git/objects/info/alternates", f.dir),
	    "../../b.git/objects\n");
	fixture_open(&f, borrower);
	assert_int_equal(repo_kind_of(f.r, fixture_id(&f, "m")), REPO_COMMIT);
	fixture_drop(&f);
}

static void
formats_that_are_not_ours_are_refused(void **state)
{
	static const struct {
		const char *config, *text;
	} cases[] = {
	    {"[extensions]\n objectFormat = sha256\n", "objectformat = sha256"},
	    {"[extensions]\n refStorage = reftable\n", "refstorage = reftable"},
	    {"[extensions]\n partialClone = origin\n", "partialclone"},
	    {"[extensions]\n novelty = 1\n", "novelty"},
	    {"[extensions]\n novelty\n", "novelty = true"},
	    {"[core]\n repositoryformatversion = 2\n", "format 2"},
	    {"[remote \"o\"]\n promisor = true\n", "partial clone"},
	    {"[remote \"o\"]\n promisor\n", "partial clone"},
	    {"[core\n", "config"},
	};
	struct fixture f;

	(void)state;
	fixture_make(&f, "empty");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_write(pool_printf(&f.pool, "%s/config", f.git),
		    cases[i].config);
		expect_refusal(&f, f.git, cases[i].text);
	}
	fixture_write(pool_printf(&f.pool, "%s/config", f.git),
	    "[core]\n repositoryformatversion = 1\n[extensions]\n"
	    " objectFormat = sha1\n preciousObjects = true\n noop\n"
	    "[remote \"o\"]\n promisor = false\n");
	fixture_open(&f, f.git);
	fixture_close(&f);
	unlink(pool_printf(&f.pool, "%s/config", f.git));
	fixture_open(&f, f.git);
	fixture_drop(&f);
}

static void
a_repository_is_known_by_its_real_path(void **state)
{
	struct fixture f;
	const char *link, *tree;
	char real[PATH_MAX];

	(void)state;
	fixture_make(&f, "empty");
	assert_non_null(realpath(f.git, real));
	link = pool_printf(&f.pool, "%s/link", f.dir);
	assert_int_equal(symlink("r.git", link), 0);
	fixture_open(&f, link);
	assert_string_equal(repo_path(f.r), real);
	fixture_close(&f);
	/* A directory that holds a .git is named for it. */
	tree = pool_printf(&f.pool, "%s/tree", f.dir);
	assert_int_equal(mkdir(tree, 0777), 0);
	assert_int_equal(symlink("../r.git",
	                     pool_printf(&f.pool, "%s/.git", tree)),
	    0);
	fixture_open(&f, tree);
	assert_string_equal(repo_path(f.r), real);
	fixture_close(&f);
	expect_refusal(&f, f.dir, "is not a Git repository");
	expect_refusal(&f, "/nowhere/at/all", "/nowhere/at/all");
	fixture_drop(&f);
}

static void
a_linked_work_tree_is_its_main_repository(void **state)
{
	struct fixture f;
	const char *linked;
	char real[PATH_MAX], oid[REPO_OID_SIZE];
	bool exists;

	(void)state;
	fixture_make(&f, "line");
	assert_int_equal(fixture_git(&f, NULL, 0, "worktree", "add", "-q", "-b",
	                     "side", "linked", "refs/t/c2", NULL),
	    0);
	assert_non_null(realpath(f.git, real));
	linked = pool_printf(&f.pool, "%s/worktrees/linked", f.git);
	fixture_open(&f, linked);
	assert_string_equal(repo_path(f.r), real);
	assert_int_equal(repo_ref(f.r, "HEAD", oid, &exists, &f.err), 0);
	assert_string_equal(oid, fixture_id(&f, "c2"));
	fixture_drop(&f);
}

static void
somebody_elses_repository_is_refused(void **state)
{
	struct fixture f;

	(void)state;
	if (geteuid() != 0)
		skip();
	fixture_make(&f, "empty");
	assert_int_equal(chmod(f.dir, 0755), 0);
	assert_int_equal(seteuid(65534), 0);
	expect_refusal(&f, f.git, "belongs to user 0, but this runs as user");
	assert_int_equal(f.err.kind, ERR_CONFIG);
	assert_int_equal(seteuid(0), 0);
	/* Root acts for anybody. */
	assert_int_equal(chown(f.git, 65534, 65534), 0);
	fixture_open(&f, f.git);
	fixture_drop(&f);
}

static void
objects_that_cannot_be_listed_are_an_error(void **state)
{
	struct fixture f;
	const char *objects;

	(void)state;
	if (geteuid() != 0)
		skip();
	fixture_make(&f, "empty");
	objects = pool_printf(&f.pool, "%s/objects", f.git);
	assert_int_equal(chmod(f.dir, 0755), 0);
	assert_int_equal(chown(f.git, 65534, 65534), 0);
	assert_int_equal(chmod(pool_printf(&f.pool, "%s/pack", objects), 0700),
	    0);
	assert_int_equal(seteuid(65534), 0);
	expect_refusal(&f, f.git, "Permission denied");
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(pool_printf(&f.pool, "%s/pack", objects), 0755),
	    0);
	assert_int_equal(chmod(objects, 0700), 0);
	assert_int_equal(seteuid(65534), 0);
	expect_refusal(&f, f.git, "Permission denied");
	assert_int_equal(seteuid(0), 0);
	fixture_drop(&f);
}

static void
shallow_history_is_told(void **state)
{
	struct fixture f;
	const char *path;

	(void)state;
	fixture_make(&f, "line");
	path = pool_printf(&f.pool, "%s/shallow", f.git);
	fixture_open(&f, f.git);
	assert_false(repo_is_shallow(f.r));
	fixture_close(&f);
	fixture_write(path, "");
	fixture_open(&f, f.git);
	assert_false(repo_is_shallow(f.r));
	fixture_write(path, pool_printf(&f.pool, "%s\n", fixture_id(&f, "c3")));
	fixture_close(&f);
	fixture_open(&f, f.git);
	assert_true(repo_is_shallow(f.r));
	/* It is told, and cuts nothing off. */
	assert_string_equal(fixture_range(&f, "c5", ""), "c5 c4 c3 c2 c1");
	fixture_close(&f);
	assert_int_equal(unlink(path), 0);
	setenv("GIT_DIR", f.git, 1);
	setenv("GIT_SHALLOW_FILE", "shallow.lock", 1);
	fixture_open(&f, NULL);
	assert_true(repo_is_shallow(f.r));
	fixture_drop(&f);
}

static void
grafts_and_replacements_are_told_and_ignored(void **state)
{
	struct fixture f;
	const char *grafts;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	assert_false(repo_grafts(f.r));
	grafts = pool_printf(&f.pool, "%s/info/grafts", f.git);
	fixture_write(grafts,
	    pool_printf(&f.pool, "%s\n", fixture_id(&f, "c3")));
	assert_true(repo_grafts(f.r));
	assert_string_equal(fixture_range(&f, "c4", ""), "c4 c3 c2 c1");
	assert_int_equal(unlink(grafts), 0);
	assert_false(repo_grafts(f.r));
	assert_int_equal(fixture_git(&f, NULL, 0, "replace", "refs/t/c3",
	                     "refs/t/t2", NULL),
	    0);
	assert_true(repo_grafts(f.r));
	assert_string_equal(fixture_range(&f, "c4", ""), "c4 c3 c2 c1");
	assert_int_equal(fixture_git(&f, NULL, 0, "pack-refs", "--all", NULL),
	    0);
	assert_true(repo_grafts(f.r));
	fixture_drop(&f);
}

static void
objects_are_read_within_limits(void **state)
{
	struct fixture f;
	char big[REPO_OID_SIZE + 1], fits[REPO_OID_SIZE + 1];
	char *file;
	enum repo_kind kind;
	const char *data;
	size_t len;
	int fd;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	file = pool_printf(&f.pool, "%s/big", f.dir);
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	assert_int_equal(ftruncate(fd, REPO_OBJECT_MAX), 0);
	fixture_git(&f, fits, sizeof(fits), "hash-object", "-w", file, NULL);
	assert_int_equal(ftruncate(fd, REPO_OBJECT_MAX + 1), 0);
	close(fd);
	fixture_git(&f, big, sizeof(big), "hash-object", "-w", file, NULL);
	assert_int_equal(repo_object(f.r, &f.pool, fits, &kind, &data, &len,
	                     &f.err),
	    0);
	assert_int_equal(kind, REPO_BLOB);
	assert_int_equal(len, REPO_OBJECT_MAX);
	assert_int_equal(repo_object(f.r, &f.pool, big, &kind, &data, &len,
	                     &f.err),
	    -1);
	assert_non_null(strstr(f.err.text, "2097153 bytes"));
	assert_non_null(strstr(f.err.text, "limit of 2097152"));
	/* Its kind is known all the same. */
	assert_int_equal(repo_kind_of(f.r, big), REPO_BLOB);
	fixture_drop(&f);
}

static void
a_file_is_opened_up_to_the_size_that_is_asked_for(void **state)
{
	struct fixture f;
	char id[REPO_OID_SIZE];
	const char *data, *file;
	size_t size;
	int fd;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	file = pool_printf(&f.pool, "%s/file", f.dir);
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	assert_int_equal(ftruncate(fd, REPO_OBJECT_MAX + 1), 0);
	close(fd);
	fixture_git(&f, id, sizeof(id), "hash-object", "-w", file, NULL);
	assert_int_equal(repo_blob(f.r, &f.pool, id, REPO_OBJECT_MAX + 1, &data,
	                     &size, &f.err),
	    0);
	assert_int_equal(size, REPO_OBJECT_MAX + 1);
	assert_non_null(data);
	assert_int_equal(data[size], '\0');
	assert_int_equal(repo_blob(f.r, &f.pool, id, REPO_OBJECT_MAX, &data,
	                     &size, &f.err),
	    0);
	assert_int_equal(size, REPO_OBJECT_MAX + 1);
	assert_null(data);
	assert_int_equal(repo_blob(f.r, &f.pool, fixture_id(&f, "c2"), 100,
	                     &data, &size, &f.err),
	    -1);
	assert_non_null(strstr(f.err.text, "is no blob"));
	assert_int_equal(repo_blob(f.r, &f.pool,
	                     "0123456789012345678901234567890123456789", 100,
	                     &data, &size, &f.err),
	    -1);
	assert_int_equal(repo_blob(f.r, &f.pool, "12", 100, &data, &size,
	                     &f.err),
	    -1);
	fixture_drop(&f);
}

static const char *
loose_path(struct fixture *f, const char *id)
{
	return pool_printf(&f->pool, "%s/objects/%.2s/%s", f->git, id, id + 2);
}

/* A whole object, well formed, under the name of another of its kind. */
static void
an_object_that_is_not_what_its_name_says_is_refused(void **state)
{
	struct fixture f;
	char one[REPO_OID_SIZE], other[REPO_OID_SIZE];
	const char *data, *file;
	enum repo_kind kind;
	size_t len;

	(void)state;
	fixture_make(&f, "line");
	file = pool_printf(&f.pool, "%s/file", f.dir);
	fixture_write(file, "one");
	fixture_git(&f, one, sizeof(one), "hash-object", "-w", file, NULL);
	fixture_write(file, "two");
	fixture_git(&f, other, sizeof(other), "hash-object", "-w", file, NULL);
	assert_int_equal(unlink(loose_path(&f, one)), 0);
	assert_int_equal(link(loose_path(&f, other), loose_path(&f, one)), 0);
	fixture_open(&f, f.git);
	assert_int_equal(repo_object(f.r, &f.pool, other, &kind, &data, &len,
	                     &f.err),
	    0);
	assert_int_equal(repo_object(f.r, &f.pool, one, &kind, &data, &len,
	                     &f.err),
	    -1);
	assert_non_null(strstr(f.err.text, "hash mismatch"));
	assert_int_equal(repo_blob(f.r, &f.pool, one, 100, &data, &len, &f.err),
	    -1);
	fixture_drop(&f);
}

static void
an_object_comes_whole_and_an_id_is_forty_digits(void **state)
{
	static const char *const wrong[] = {"", "12",
	    "ABCDEF0123456789ABCDEF0123456789ABCDEF01",
	    "0123456789012345678901234567890123456789"
	    "012345678901234567890123"};
	struct fixture f;
	enum repo_kind kind;
	const char *data;
	size_t len;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	assert_int_equal(repo_object(f.r, &f.pool, fixture_id(&f, "c2"), &kind,
	                     &data, &len, &f.err),
	    0);
	assert_int_equal(kind, REPO_COMMIT);
	assert_int_equal(strlen(data), len);
	assert_non_null(strstr(data, "\nauthor A <a@example.org> 1000200"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(repo_object(f.r, &f.pool, wrong[i], &kind,
		                     &data, &len, &f.err),
		    -1);
		assert_false(repo_has(f.r, wrong[i]));
		assert_int_equal(repo_kind_of(f.r, wrong[i]), REPO_NONE);
	}
	fixture_drop(&f);
}

static void
tags_are_peeled_to_what_they_end_in(void **state)
{
	struct fixture f;
	char oid[REPO_OID_SIZE], out[REPO_OID_SIZE];
	enum repo_kind kind;
	bool exists;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	assert_int_equal(repo_ref(f.r, "refs/tags/v2", oid, &exists, &f.err),
	    0);
	assert_int_equal(repo_kind_of(f.r, oid), REPO_TAG);
	assert_int_equal(repo_peel(f.r, oid, out, &kind, &f.err), 0);
	assert_int_equal(kind, REPO_COMMIT);
	assert_string_equal(out, fixture_id(&f, "c3"));
	assert_int_equal(repo_ref(f.r, "refs/tags/vblob", oid, &exists, &f.err),
	    0);
	assert_int_equal(repo_peel(f.r, oid, out, &kind, &f.err), 0);
	assert_int_equal(kind, REPO_BLOB);
	assert_int_equal(repo_ref(f.r, "refs/tags/deep8", oid, &exists, &f.err),
	    0);
	assert_int_equal(repo_peel(f.r, oid, out, &kind, &f.err), 0);
	assert_int_equal(kind, REPO_COMMIT);
	assert_int_equal(repo_ref(f.r, "refs/tags/deep9", oid, &exists, &f.err),
	    0);
	assert_int_equal(repo_peel(f.r, oid, out, &kind, &f.err), -1);
	assert_non_null(strstr(f.err.text, "more than 8 tags"));
	fixture_drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_push_is_read_from_its_quarantine),
	    cmocka_unit_test(received_commits_end_where_the_quarantine_does),
	    cmocka_unit_test(
	        a_commit_of_the_quarantine_that_was_here_before_is_still_hidden),
	    cmocka_unit_test(without_the_quarantine_its_commits_are_missing),
	    cmocka_unit_test(the_environment_of_a_hook_is_checked),
	    cmocka_unit_test(alternates_with_colons_and_quotes_are_followed),
	    cmocka_unit_test(an_alternate_that_is_gone_is_an_error),
	    cmocka_unit_test(alternates_that_go_in_circles_end),
	    cmocka_unit_test(formats_that_are_not_ours_are_refused),
	    cmocka_unit_test(a_repository_is_known_by_its_real_path),
	    cmocka_unit_test(a_linked_work_tree_is_its_main_repository),
	    cmocka_unit_test(somebody_elses_repository_is_refused),
	    cmocka_unit_test(objects_that_cannot_be_listed_are_an_error),
	    cmocka_unit_test(shallow_history_is_told),
	    cmocka_unit_test(grafts_and_replacements_are_told_and_ignored),
	    cmocka_unit_test(objects_are_read_within_limits),
	    cmocka_unit_test(
	        an_object_that_is_not_what_its_name_says_is_refused),
	    cmocka_unit_test(an_object_comes_whole_and_an_id_is_forty_digits),
	    cmocka_unit_test(a_file_is_opened_up_to_the_size_that_is_asked_for),
	    cmocka_unit_test(tags_are_peeled_to_what_they_end_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
