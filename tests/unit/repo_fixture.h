/*
 * repo_fixture - repositories for test_repo*.c, made by git itself.
 *
 * Each lives in a directory of its own below TMPDIR, which fixture_drop()
 * takes away.  The environment of git's hooks is never inherited.
 */
#ifndef REPO_FIXTURE_H
#define REPO_FIXTURE_H

#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "edge/repo.h"

#define FIXTURE_DATE "@1700000000 +0000"

struct fixture {
	char dir[PATH_MAX / 4];
	char git[PATH_MAX / 2]; /* <dir>/r.git */
	struct repo *r;
	struct pool pool;
	struct err err;
};

static inline void
fixture_clean_environment(void)
{
	static const char *const names[] = {"GIT_DIR", "GIT_OBJECT_DIRECTORY",
	    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH",
	    "GIT_COMMON_DIR", "GIT_SHALLOW_FILE", "GIT_INDEX_FILE",
	    "GIT_WORK_TREE", "GIT_NAMESPACE"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

/* Run a program; its standard output into `out` (NULL: none). */
static inline int
fixture_run(char *const argv[], char *out, size_t room)
{
	int pipes[2], status = -1;
	size_t len = 0;
	ssize_t got;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		close(pipes[1]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(pipes[1]);
	for (char part[512]; (got = read(pipes[0], part, sizeof(part))) > 0;)
		for (ssize_t i = 0; i < got; i++)
			if (out != NULL && len + 1 < room)
				out[len++] = part[i];
	close(pipes[0]);
	if (out != NULL)
		out[len] = '\0';
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* git -C <dir> --git-dir r.git ...; its first line into `out`. */
static inline int
fixture_git(struct fixture *f, char *out, size_t room, ...)
{
	char *argv[32] = {(char *)"git", (char *)"-C", f->dir,
	    (char *)"--git-dir", f->git};
	size_t count = 5;
	va_list ap;
	int status;

	va_start(ap, room);
	while ((argv[count] = va_arg(ap, char *)) != NULL)
		assert_true(++count < 31);
	va_end(ap);
	status = fixture_run(argv, out, room);
	if (out != NULL)
		out[strcspn(out, "\n")] = '\0';
	return status;
}

static inline void
fixture_make(struct fixture *f, const char *scenario)
{
	const char *tmp = getenv("TMPDIR");
	char *argv[] = {(char *)"sh", (char *)"tests/unit/make_repo.sh", f->dir,
	    (char *)(uintptr_t)scenario, NULL};

	memset(f, 0, sizeof(*f));
	fixture_clean_environment();
	snprintf(f->dir, sizeof(f->dir), "%s/foureyes-repo-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->git, sizeof(f->git), "%s/r.git", f->dir);
	setenv("HOME", f->dir, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_AUTHOR_DATE", FIXTURE_DATE, 1);
	setenv("GIT_COMMITTER_DATE", FIXTURE_DATE, 1);
	assert_int_equal(fixture_run(argv, NULL, 0), 0);
}

static inline void
fixture_open(struct fixture *f, const char *git_dir)
{
	if (repo_open(&f->r, git_dir, &f->err) < 0)
		fail_msg("%s", f->err.text);
	assert_non_null(f->r);
}

static inline void
fixture_close(struct fixture *f)
{
	repo_close(f->r);
	f->r = NULL;
}

static inline void
fixture_drop(struct fixture *f)
{
	char *argv[] = {(char *)"rm", (char *)"-rf", (char *)"--", f->dir,
	    NULL};

	fixture_close(f);
	pool_free(&f->pool);
	fixture_clean_environment();
	assert_int_equal(fixture_run(argv, NULL, 0), 0);
}

/* The id of refs/t/<name>, from the pool. */
static inline const char *
fixture_id(struct fixture *f, const char *name)
{
	char *oid = pool_alloc(&f->pool, REPO_OID_SIZE);
	bool exists;

	if (repo_ref(f->r, pool_printf(&f->pool, "refs/t/%s", name), oid,
	        &exists, &f->err) < 0)
		fail_msg("%s", f->err.text);
	if (!exists)
		fail_msg("no refs/t/%s", name);
	return oid;
}

static inline void
fixture_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

/* The first line of a file below the fixture's directory, from the pool. */
static inline const char *
fixture_line(struct fixture *f, const char *name)
{
	char line[4096] = "";
	const char *path = pool_printf(&f->pool, "%s/%s", f->dir, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	assert_true(fd >= 0);
	got = read(fd, line, sizeof(line) - 1);
	assert_true(got >= 0);
	close(fd);
	line[strcspn(line, "\n")] = '\0';
	return pool_text(&f->pool, line);
}

/* The subjects of commits as one text: "m t2 t1". */
static inline const char *
fixture_subjects(struct fixture *f, const struct repo_commit *list,
    size_t count)
{
	char *out = pool_text(&f->pool, "");

	for (size_t i = 0; i < count; i++) {
		const char *body = strstr(list[i].raw, "\n\n") + 2;

		out = pool_printf(&f->pool, "%s%s%.*s", out, i > 0 ? " " : "",
		    (int)strcspn(body, "\n"), body);
	}
	return out;
}

/* repo_range() by names of refs/t ("m", "c5 t1"), as subjects. */
static inline const char *
fixture_range(struct fixture *f, const char *new, const char *hidden)
{
	const char *hide[8];
	size_t hide_count = 0, count;
	struct repo_commit *list;

	while (*hidden != '\0') {
		size_t len = strcspn(hidden, " ");

		hide[hide_count++] =
		    fixture_id(f, pool_textn(&f->pool, hidden, len));
		hidden += len + (hidden[len] == ' ');
	}
	if (repo_range(f->r, &f->pool, fixture_id(f, new), hide, hide_count,
	        1000, &list, &count, &f->err) < 0)
		return f->err.text;
	return fixture_subjects(f, list, count);
}

#endif
