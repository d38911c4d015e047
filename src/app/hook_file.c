/*
 * The files in hooks/: read, and the ones that were there before run on.
 */
#include "app/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "base/buf.h"
#include "base/text.h"

extern char **environ;

static const char *
value_of(struct pool *pool, const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = text; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		if (strncmp(line, key, len) == 0 && line[len] == ' ')
			return pool_textn(pool, line + len + 1, n - len - 1);
		line += n;
		line += *line == '\n';
	}
	return NULL;
}

int
hook_file_read(struct hook *hook, struct pool *pool, const char *path,
    struct err *err)
{
	struct buf text = {0};
	const char *before, *slash = strrchr(path, '/');
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = -1;

	if (fd < 0)
		return err_errno(err, "'%s'", path);
	if (file_read_on(&text, fd, path, HOOK_FILE_MAX, err) < 0)
		goto out;
	hook->name = value_of(pool, buf_text(&text), "hook");
	hook->config = value_of(pool, buf_text(&text), "config");
	before = value_of(pool, buf_text(&text), "before");
	if (hook->name == NULL || hook->config == NULL ||
	    hook->config[0] != '/' ||
	    (before != NULL && strchr(before, '/') != NULL)) {
		err_set(err, ERR_CONFIG,
		    "'%s' is no hook of foureyes: install it again", path);
		goto out;
	}
	if (before != NULL)
		hook->before = slash == NULL
		    ? pool_printf(pool, "./%s", before)
		    : pool_printf(pool, "%.*s/%s", (int)(slash - path), path,
		          before);
	ret = 0;
out:
	(void)close(fd);
	buf_free(&text);
	return ret;
}

int
hook_input_read(struct hook *hook, struct pool *pool, struct err *err)
{
	struct buf input = {0};
	int ret = file_read_on(&input, STDIN_FILENO, "the hook's input",
	    HOOK_INPUT_MAX, err);

	hook->input = pool_textn(pool, buf_text(&input), input.len);
	hook->input_len = input.len;
	buf_free(&input);
	return ret;
}

static void
feed(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break; /* it need not read its input */
		data += n;
		len -= (size_t)n;
	}
	(void)close(fd);
}

/* As Git runs it: what is ignored here would stay so there. */
static int
spawn(pid_t *pid, const struct hook *hook, char **argv, int input)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t how;
	sigset_t usual;
	int failed;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (posix_spawnattr_init(&how) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return -1;
	}
	(void)sigemptyset(&usual);
	(void)sigaddset(&usual, SIGPIPE);
	failed = posix_spawnattr_setsigdefault(&how, &usual) ||
	    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF) ||
	    posix_spawn_file_actions_adddup2(&actions, input, 0) ||
	    posix_spawn_file_actions_addclose(&actions, input) ||
	    posix_spawn(pid, hook->before, &actions, &how, argv, environ) != 0;
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&how);
	return failed ? -1 : 0;
}

int
hook_run_before(const struct hook *hook)
{
	char *argv[16] = {NULL};
	int pipes[2], status, failed;
	pid_t pid;

	if (hook->before == NULL || access(hook->before, X_OK) < 0)
		return 0;
	argv[0] = (char *)hook->before;
	for (int i = 0; i < hook->argc && i < 14; i++)
		argv[i + 1] = hook->argv[i];
	if (pipe(pipes) < 0)
		return 127;
	(void)fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
	failed = spawn(&pid, hook, argv, pipes[0]);
	(void)close(pipes[0]);
	if (failed < 0) {
		(void)close(pipes[1]);
		return 127;
	}
	feed(pipes[1], hook->input, hook->input_len);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}
