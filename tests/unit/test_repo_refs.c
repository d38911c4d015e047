#include "repo_fixture.h"

static void
expect_ref(struct fixture *f, const char *name, const char *want)
{
	char oid[REPO_OID_SIZE];
	bool exists;

	if (repo_ref(f->r, name, oid, &exists, &f->err) < 0)
		fail_msg("%s", f->err.text);
	assert_int_equal(exists, want != NULL);
	assert_string_equal(oid, want != NULL ? want : "");
}

static void
expect_target(struct fixture *f, const char *name, const char *want)
{
	const char *target;

	if (repo_symref(f->r, &f->pool, name, &target, &f->err) < 0)
		assert_string_equal(f->err.text, want);
	else
		assert_string_equal(target, want);
}

static void
symbolic_refs_are_followed_to_what_would_move(void **state)
{
	struct fixture f;
	char oid[REPO_OID_SIZE];
	bool exists;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	expect_target(&f, "refs/heads/main", "refs/heads/main");
	expect_target(&f, "refs/heads/alias", "refs/heads/main");
	expect_target(&f, "refs/heads/s1", "refs/heads/main");
	expect_target(&f, "HEAD", "refs/heads/main");
	expect_target(&f, "refs/heads/unborn", "refs/heads/nobody");
	expect_target(&f, "refs/heads/nobody", "refs/heads/nobody");
	expect_target(&f, "refs/heads/loop",
	    "ref 'refs/heads/loop' leads through more than 5 symbolic refs");
	expect_ref(&f, "refs/heads/s1", fixture_id(&f, "m"));
	expect_ref(&f, "HEAD", fixture_id(&f, "m"));
	expect_ref(&f, "refs/heads/unborn", NULL);
	expect_ref(&f, "refs/heads/nobody", NULL);
	assert_int_equal(repo_ref(f.r, "refs/heads/loop", oid, &exists, &f.err),
	    -1);
	fixture_drop(&f);
}

static void
names_that_are_none_are_refused(void **state)
{
	static const char *const names[] = {"", "main", "refs/", "refs//x",
	    "refs/heads/", "refs/heads/../../config", "refs/heads/.x",
	    "refs/heads/x.lock", "refs/heads/a b", "refs/heads/a\nb",
	    "refs/heads/a~1", "refs/heads/a@{1}", "refs/heads/x.",
	    "/etc/passwd", "config"};
	struct fixture f;
	char oid[REPO_OID_SIZE], name[400];
	bool exists;

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (repo_ref(f.r, names[i], oid, &exists, &f.err) == 0)
			fail_msg("'%s' was taken", names[i]);
	assert_null(strchr(f.err.text, '\n'));
	memset(name, 'x', sizeof(name));
	memcpy(name, "refs/heads/", 11);
	name[REPO_REF_NAME_MAX] = '\0';
	expect_ref(&f, name, NULL);
	name[REPO_REF_NAME_MAX] = 'x';
	name[REPO_REF_NAME_MAX + 1] = '\0';
	assert_int_equal(repo_ref(f.r, name, oid, &exists, &f.err), -1);
	fixture_drop(&f);
}

static void
a_ref_file_that_holds_rubbish_is_an_error(void **state)
{
	static const char *const texts[] = {"", "\n", "ref: \n",
	    "ref: refs/heads/../x\n", "0123\n",
	    "ABCDEF0123456789ABCDEF0123456789ABCDEF01\n",
	    "0123456789012345678901234567890123456789 x\n"};
	struct fixture f;
	char oid[REPO_OID_SIZE];
	const char *path;
	struct repo_ref *list;
	size_t count;
	bool exists;

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	path = pool_printf(&f.pool, "%s/refs/heads/x", f.git);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fixture_write(path, texts[i]);
		assert_int_equal(repo_ref(f.r, "refs/heads/x", oid, &exists,
		                     &f.err),
		    -1);
		assert_non_null(strstr(f.err.text, "refs/heads/x"));
		assert_int_equal(repo_refs(f.r, &f.pool, "refs/heads/", &list,
		                     &count, &f.err),
		    -1);
	}
	/* A link could lead out of the repository. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("main", path), 0);
	assert_int_equal(repo_ref(f.r, "refs/heads/x", oid, &exists, &f.err),
	    -1);
	fixture_drop(&f);
}

static void
a_loose_ref_goes_before_a_packed_one(void **state)
{
	struct fixture f;

	(void)state;
	fixture_make(&f, "line");
	assert_int_equal(fixture_git(&f, NULL, 0, "pack-refs", "--all", NULL),
	    0);
	fixture_open(&f, f.git);
	expect_ref(&f, "refs/heads/main", fixture_id(&f, "m"));
	expect_ref(&f, "refs/heads/s1", fixture_id(&f, "m"));
	fixture_git(&f, NULL, 0, "update-ref", "refs/heads/main", "refs/t/c1",
	    NULL);
	expect_ref(&f, "refs/heads/main", fixture_id(&f, "c1"));
	/* An empty directory of that name hides nothing. */
	assert_int_equal(unlink(
	                     pool_printf(&f.pool, "%s/refs/heads/main", f.git)),
	    0);
	assert_int_equal(
	    mkdir(pool_printf(&f.pool, "%s/refs/heads/main", f.git), 0777), 0);
	expect_ref(&f, "refs/heads/main", fixture_id(&f, "m"));
	fixture_drop(&f);
}

/* A handle sees each packed-refs that comes, though it keeps the one there. */
static void
another_packed_refs_is_seen_at_once(void **state)
{
	static const char *const commits[] = {"c1", "c2", "c3", "c1", "c1"};
	struct fixture f;

	(void)state;
	fixture_make(&f, "line");
	fixture_git(&f, NULL, 0, "pack-refs", "--all", NULL);
	fixture_open(&f, f.git);
	expect_ref(&f, "refs/heads/main", fixture_id(&f, "m"));
	for (size_t i = 0; i < sizeof(commits) / sizeof(commits[0]); i++) {
		fixture_git(&f, NULL, 0, "update-ref", "refs/heads/main",
		    pool_printf(&f.pool, "refs/t/%s", commits[i]), NULL);
		fixture_git(&f, NULL, 0, "pack-refs", "--all", NULL);
		expect_ref(&f, "refs/heads/main", fixture_id(&f, commits[i]));
		expect_ref(&f, "refs/heads/nobody", NULL);
	}
	assert_int_equal(unlink(pool_printf(&f.pool, "%s/packed-refs", f.git)),
	    0);
	expect_ref(&f, "refs/heads/main", NULL);
	fixture_drop(&f);
}

static const char *
joined(struct fixture *f, const struct repo_ref *list, size_t count)
{
	char *out = pool_text(&f->pool, "");

	for (size_t i = 0; i < count; i++)
		out = pool_printf(&f->pool, "%s%s%s%s%s", out, i > 0 ? " " : "",
		    list[i].name, list[i].target != NULL ? ">" : "",
		    list[i].target != NULL ? list[i].target : "");
	return out;
}

static void
refs_are_listed_by_prefix(void **state)
{
	static const struct {
		const char *prefix, *want;
	} cases[] = {
	    {"refs/t/c", "refs/t/c1 refs/t/c2 refs/t/c3 refs/t/c4 refs/t/c5"},
	    {"refs/t/t", "refs/t/t1 refs/t/t2"},
	    {"refs/t/x", ""},
	    {"refs/heads/m", "refs/heads/main"},
	    {"refs/heads/a", "refs/heads/alias>refs/heads/main"},
	    {"refs/tags/v", "refs/tags/v1 refs/tags/v2 refs/tags/vblob"},
	};
	struct fixture f;
	struct repo_ref *list;
	size_t count;

	(void)state;
	fixture_make(&f, "line");
	fixture_open(&f, f.git);
	for (unsigned packed = 0; packed < 3; packed++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			assert_int_equal(repo_refs(f.r, &f.pool,
			                     cases[i].prefix, &list, &count,
			                     &f.err),
			    0);
			assert_string_equal(joined(&f, list, count),
			    cases[i].want);
			if (count > 0)
				assert_int_equal(strlen(list[0].oid), 40);
		}
		fixture_git(&f, NULL, 0, "pack-refs", "--all",
		    packed > 0 ? NULL : "--no-prune", NULL);
	}
	assert_int_equal(unlink(
	                     pool_printf(&f.pool, "%s/refs/heads/loop", f.git)),
	    0);
	assert_int_equal(repo_refs(f.r, &f.pool, "refs/heads/u", &list, &count,
	                     &f.err),
	    0);
	assert_string_equal(list[0].oid, "");
	fixture_drop(&f);
}

/* Ids that can be told apart, for refs to no object. */
static void
made_up(char oid[REPO_OID_SIZE], unsigned n)
{
	snprintf(oid, REPO_OID_SIZE, "%040x", n + 1);
}

static void
write_packed(struct fixture *f, unsigned count, const char *header)
{
	char path[PATH_MAX], oid[REPO_OID_SIZE];
	FILE *out;

	snprintf(path, sizeof(path), "%s/packed-refs", f->git);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(header, out);
	for (unsigned i = 0; i < count; i++) {
		made_up(oid, i);
		fprintf(out, "%s refs/tags/r%06u\n", oid, i);
		if (i % 3 == 0)
			fprintf(out, "^%s\n", oid);
	}
	fclose(out);
}

static void
check_packed(struct fixture *f, unsigned count, unsigned step)
{
	char name[64], oid[REPO_OID_SIZE];
	struct repo_ref *list;
	size_t listed;

	for (unsigned i = 0; i < count; i += step) {
		snprintf(name, sizeof(name), "refs/tags/r%06u", i);
		made_up(oid, i);
		expect_ref(f, name, oid);
		snprintf(name, sizeof(name), "refs/tags/r%06ux", i);
		expect_ref(f, name, NULL);
	}
	expect_ref(f, "refs/tags/a", NULL);
	expect_ref(f, "refs/tags/z", NULL);
	expect_ref(f, "refs/tags/r", NULL);
	assert_int_equal(repo_refs(f->r, &f->pool, "refs/tags/", &list, &listed,
	                     &f->err),
	    0);
	assert_int_equal(listed, count);
}

static void
packed_refs_are_found_sorted_or_not(void **state)
{
	static const char *const headers[] = {
	    "# pack-refs with: peeled fully-peeled sorted \n",
	    "# pack-refs with: peeled \n", ""};
	struct fixture f;

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		for (unsigned count = 0; count < 12; count++) {
			write_packed(&f, count, headers[i]);
			check_packed(&f, count, 1);
		}
	}
	write_packed(&f, 50000, headers[0]);
	check_packed(&f, 50000, 97);
	fixture_drop(&f);
}

static void
packed_refs_with_rubbish_are_an_error(void **state)
{
	static const char *const texts[] = {"rubbish\n",
	    "0123456789012345678901234567890123456789\n",
	    "0123456789012345678901234567890123456789 refs/tags/a"};
	struct fixture f;
	char oid[REPO_OID_SIZE];
	struct repo_ref *list;
	size_t count;
	bool exists;

	(void)state;
	fixture_make(&f, "empty");
	fixture_open(&f, f.git);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fixture_write(pool_printf(&f.pool, "%s/packed-refs", f.git),
		    texts[i]);
		assert_int_equal(repo_ref(f.r, "refs/tags/b", oid, &exists,
		                     &f.err),
		    -1);
		assert_int_equal(repo_refs(f.r, &f.pool, "refs/", &list, &count,
		                     &f.err),
		    -1);
		assert_non_null(strstr(f.err.text, "packed-refs"));
	}
	fixture_drop(&f);
}

static void
config_is_read_set_and_unset(void **state)
{
	struct fixture f;
	const char *value, *path;
	char line[256];

	(void)state;
	fixture_make(&f, "empty");
	path = pool_printf(&f.pool, "%s/config", f.git);
	fixture_write(path,
	    "# kept\n[core]\n\tbare = true\n[receive]\n"
	    "\tadvertisePushOptions\n[core]\n\thooksPath = /a\n"
	    "\thooksPath = /b\n");
	fixture_open(&f, f.git);
	assert_int_equal(repo_config(f.r, &f.pool,
	                     "receive.advertisepushoptions", &value, &f.err),
	    0);
	assert_string_equal(value, "true");
	assert_int_equal(repo_config(f.r, &f.pool, "core.hookspath", &value,
	                     &f.err),
	    0);
	assert_string_equal(value, "/b");
	assert_int_equal(repo_config(f.r, &f.pool, "core.nothing", &value,
	                     &f.err),
	    0);
	assert_null(value);
	assert_int_equal(repo_config(f.r, &f.pool, "nonsense", &value, &f.err),
	    -1);
	assert_int_equal(repo_config_unset(f.r, "core.hookspath", &f.err), -1);
	assert_non_null(strstr(f.err.text, "--unset-all"));
	fixture_git(&f, NULL, 0, "config", "--replace-all", "core.hooksPath",
	    "/a", NULL);
	assert_int_equal(repo_config_unset(f.r, "core.hookspath", &f.err), 0);
	assert_int_equal(repo_config_unset(f.r, "core.hookspath", &f.err), 0);
	assert_int_equal(repo_config(f.r, &f.pool, "core.hookspath", &value,
	                     &f.err),
	    0);
	assert_null(value);
	assert_int_equal(repo_config_set(f.r, "core.hookspath", "/c \"d\"",
	                     &f.err),
	    0);
	fixture_git(&f, line, sizeof(line), "config", "core.hooksPath", NULL);
	assert_string_equal(line, "/c \"d\"");
	assert_string_equal(fixture_line(&f, "r.git/config"), "# kept");
	/* git's own lock is respected. */
	fixture_write(pool_printf(&f.pool, "%s.lock", path), "");
	assert_int_equal(repo_config_set(f.r, "core.hookspath", "/e", &f.err),
	    -1);
	fixture_drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(symbolic_refs_are_followed_to_what_would_move),
	    cmocka_unit_test(names_that_are_none_are_refused),
	    cmocka_unit_test(a_ref_file_that_holds_rubbish_is_an_error),
	    cmocka_unit_test(a_loose_ref_goes_before_a_packed_one),
	    cmocka_unit_test(another_packed_refs_is_seen_at_once),
	    cmocka_unit_test(refs_are_listed_by_prefix),
	    cmocka_unit_test(packed_refs_are_found_sorted_or_not),
	    cmocka_unit_test(packed_refs_with_rubbish_are_an_error),
	    cmocka_unit_test(config_is_read_set_and_unset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
