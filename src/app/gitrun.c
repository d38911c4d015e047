#include "app/gitrun.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

extern char **environ;

/* A file without a name, so that no child can wait for us to write. */
static int
input_file(const char *text, struct err *err)
{
	FILE *f;
	int fd;

	if (text == NULL) {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return fd < 0 ? err_errno(err, "'/dev/null'") : fd;
	}
	f = tmpfile();
	if (f == NULL)
		return err_errno(err, "a temporary file");
	if (fputs(text, f) == EOF || fflush(f) != 0 ||
	    fseek(f, 0, SEEK_SET) != 0) {
		err_errno(err, "a temporary file");
		(void)fclose(f);
		return -1;
	}
	fd = fcntl(fileno(f), F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		err_errno(err, "a temporary file");
	(void)fclose(f);
	return fd;
}

/* Which files of configuration there are is the machine's affair. */
static bool
is_about_a_repository(const char *variable)
{
	static const char *const kept[] = {"GIT_EXEC_PATH=",
	    "GIT_CONFIG_NOSYSTEM=", "GIT_CONFIG_SYSTEM=", "GIT_CONFIG_GLOBAL="};

	if (!text_starts(variable, "GIT_"))
		return false;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (text_starts(variable, kept[i]))
			return false;
	return true;
}

/* Where the words name a repository (-C), it is that one and no other. */
static char **
environment_for(struct pool *pool, const char *const words[])
{
	size_t count = 0, kept = 0;
	char **out;

	if (words[0] == NULL || strcmp(words[0], "-C") != 0)
		return environ;
	while (environ[count] != NULL)
		count++;
	out = pool_array(pool, count + 1, sizeof(*out));
	for (size_t i = 0; i < count; i++)
		if (!is_about_a_repository(environ[i]))
			out[kept++] = environ[i];
	return out;
}

static int
spawn(const struct gitrun *run, struct pool *pool, const char *const words[],
    int in, int out, pid_t *pid, struct err *err)
{
	const char *program = run->program != NULL ? run->program : "git";
	char *argv[GITRUN_WORDS_MAX + 2] = {(char *)program};
	posix_spawn_file_actions_t actions;
	int failed = 0;

	for (size_t i = 0; words[i] != NULL; i++) {
		if (i >= GITRUN_WORDS_MAX)
			return err_set(err, ERR_INPUT, "too many words for %s",
			    program);
		argv[i + 1] = (char *)words[i];
	}
	if (posix_spawn_file_actions_init(&actions) != 0)
		err_fatal("out of memory");
	failed = posix_spawn_file_actions_adddup2(&actions, in, 0);
	if (!run->shown && failed == 0)
		failed = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (run->silent && failed == 0)
		failed = posix_spawn_file_actions_addopen(&actions, 2,
		    "/dev/null", O_WRONLY, 0);
	if (failed == 0)
		failed = posix_spawnp(pid, program, &actions, NULL, argv,
		    environment_for(pool, words));
	(void)posix_spawn_file_actions_destroy(&actions);
	if (failed == 0)
		return 0;
	errno = failed;
	return err_errno(err, "cannot run %s", program);
}

static int
read_output(struct gitrun *run, struct pool *pool, int fd, struct err *err)
{
	struct buf out = {0};
	char block[65536];
	ssize_t n;
	int ret = 0;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			ret = err_errno(err, "what git says");
			break;
		}
		if (out.len + (size_t)n > GITRUN_OUTPUT_MAX) {
			ret = err_set(err, ERR_INPUT,
			    "git says more than %u bytes", GITRUN_OUTPUT_MAX);
			break;
		}
		buf_add(&out, block, (size_t)n);
	}
	if (out.len > 0 && out.data[out.len - 1] == '\n')
		out.len--;
	run->output = pool_textn(pool, out.len > 0 ? out.data : "", out.len);
	buf_free(&out);
	return ret;
}

int
gitrun(struct gitrun *run, struct pool *pool, const char *const words[],
    struct err *err)
{
	int in = input_file(run->input, err), pipes[2], status, ret;
	pid_t pid = -1;

	if (in < 0)
		return -1;
	(void)fflush(stdout);
	if (pipe(pipes) < 0) {
		(void)close(in);
		return err_errno(err, "a pipe");
	}
	(void)fcntl(pipes[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
	ret = spawn(run, pool, words, in, pipes[1], &pid, err);
	(void)close(in);
	(void)close(pipes[1]);
	if (ret == 0)
		ret = read_output(run, pool, pipes[0], err);
	(void)close(pipes[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, "git");
	if (pid > 0)
		run->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	return ret;
}

const char *
gitrun_ask(struct pool *pool, const char *const words[])
{
	struct gitrun run = {.silent = true};
	struct err ignored = {0};

	if (gitrun(&run, pool, words, &ignored) < 0 || run.status != 0)
		return NULL;
	return run.output;
}
