/*
 * run - other people's programs, for tests that compare with them.
 *
 * run() starts argv[0] found along PATH in the directory `dir`, with `in` as
 * its input, appends what it prints to `out` (may be NULL) and returns its
 * exit status.  No shell.
 */
#ifndef TEST_RUN_H
#define TEST_RUN_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

static inline void
put_file(const char *dir, const char *name, const void *data, size_t len)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0) {
		perror(path);
		abort();
	}
	chmod(path, 0600);
}

static inline void
get_file(struct buf *out, const char *dir, const char *name)
{
	char path[512], piece[4096];
	size_t got;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (f == NULL) {
		perror(path);
		abort();
	}
	while ((got = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, got);
	fclose(f);
	buf_add(out, "", 0);
}

static inline void
run_child(const char *dir, int in, int out, const char *const argv[])
{
	int null = open("/dev/null", O_RDWR);

	if (chdir(dir) < 0)
		_exit(126);
	dup2(in, 0);
	dup2(out, 1);
	if (getenv("RUN_LOUD") == NULL)
		dup2(null, 2);
	execvp(argv[0], (char *const *)(const void *)argv);
	_exit(127);
}

static inline int
run(const char *dir, const struct buf *in, struct buf *out,
    const char *const argv[])
{
	int ends[2], status = 0;
	FILE *input = tmpfile();
	char piece[4096];
	ssize_t got;
	pid_t pid;

	if (input == NULL || pipe(ends) < 0)
		abort();
	if (in != NULL && in->len > 0)
		fwrite(in->data, 1, in->len, input);
	rewind(input);
	pid = fork();
	if (pid == 0)
		run_child(dir, fileno(input), ends[1], argv);
	close(ends[1]);
	while ((got = read(ends[0], piece, sizeof(piece))) > 0)
		if (out != NULL)
			buf_add(out, piece, (size_t)got);
	close(ends[0]);
	fclose(input);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#define RUN(dir, in, out, ...)                                                 \
	run(dir, in, out, (const char *const[]){__VA_ARGS__, NULL})

/* A new directory below /tmp. */
static inline void
make_dir(char path[64], const char *name)
{
	snprintf(path, 64, "/tmp/%s-XXXXXX", name);
	if (mkdtemp(path) == NULL)
		abort();
}

static inline void
remove_dir(const char *path)
{
	if (strncmp(path, "/tmp/", 5) == 0)
		RUN("/tmp", NULL, NULL, "rm", "-rf", "--", path);
}

#endif
