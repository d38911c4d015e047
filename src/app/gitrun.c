#include "app/gitrun.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
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

/* The child alone is bounded: it inherits what we have at this moment. */
static int
spawn_bounded(const struct gitrun *run, pid_t *pid,
    const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attr,
    char *argv[], char **environment)
{
	struct rlimit ours, less;
	int failed;

	if (run->file_max == 0)
		return posix_spawnp(pid, argv[0], actions, attr, argv,
		    environment);
	if (getrlimit(RLIMIT_FSIZE, &ours) < 0)
		return errno;
	less = ours;
	if (less.rlim_cur > run->file_max)
		less.rlim_cur = run->file_max;
	if (setrlimit(RLIMIT_FSIZE, &less) < 0)
		return errno;
	failed = posix_spawnp(pid, argv[0], actions, attr, argv, environment);
	(void)setrlimit(RLIMIT_FSIZE, &ours);
	return failed;
}

static int
set_actions(const struct gitrun *run, posix_spawn_file_actions_t *actions,
    int in, int out)
{
	int failed = posix_spawn_file_actions_adddup2(actions, in, 0);

	if (!run->shown && failed == 0)
		failed = posix_spawn_file_actions_adddup2(actions, out, 1);
	if (run->both && failed == 0)
		failed = posix_spawn_file_actions_adddup2(actions, out, 2);
	if (run->silent && failed == 0)
		failed = posix_spawn_file_actions_addopen(actions, 2,
		    "/dev/null", O_WRONLY, 0);
	return failed;
}

/* One that may have to be ended is a group of its own, with what it begins. */
static int
set_group(const struct gitrun *run, posix_spawnattr_t *attr)
{
	int failed = 0;

	if (run->milliseconds == 0)
		return 0;
	failed = posix_spawnattr_setpgroup(attr, 0);
	return failed != 0
	    ? failed
	    : posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP);
}

static int
spawn(const struct gitrun *run, struct pool *pool, const char *const words[],
    int in, int out, pid_t *pid, struct err *err)
{
	const char *program = run->program != NULL ? run->program : "git";
	char *argv[GITRUN_WORDS_MAX + 2] = {(char *)program};
	char **environment = run->environment != NULL
	    ? (char **)run->environment
	    : environment_for(pool, words);
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int failed;

	for (size_t i = 0; words[i] != NULL; i++) {
		if (i >= GITRUN_WORDS_MAX)
			return err_set(err, ERR_INPUT, "too many words for %s",
			    program);
		argv[i + 1] = (char *)words[i];
	}
	if (posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawnattr_init(&attr) != 0)
		err_fatal("out of memory");
	failed = set_actions(run, &actions, in, out);
	if (failed == 0)
		failed = set_group(run, &attr);
	if (failed == 0)
		failed =
		    spawn_bounded(run, pid, &actions, &attr, argv, environment);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (failed == 0)
		return 0;
	errno = failed;
	return err_errno(err, "cannot run %s", program);
}

/* ---- what is to be ended with us ---- */

static volatile sig_atomic_t child_group;

static void
end_with_us(int number)
{
	if (child_group > 0)
		(void)kill(-(pid_t)child_group, SIGKILL);
	_exit(128 + number);
}

/* A group of its own does not hear what is said to ours. */
static void
watch_over(pid_t pid, struct sigaction *before)
{
	struct sigaction action = {.sa_handler = end_with_us};

	(void)sigemptyset(&action.sa_mask);
	child_group = (sig_atomic_t)pid;
	(void)sigaction(SIGTERM, &action, before);
}

static void
let_be(const struct sigaction *before)
{
	(void)sigaction(SIGTERM, before, NULL);
	child_group = 0;
}

static int64_t
ticks(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Is there more to read, before `until`? */
static int
wait_for(int fd, int64_t until, struct err *err)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int64_t left;

	if (until == 0)
		return 0;
	do {
		left = until - ticks();
		if (left <= 0)
			return err_set(err, ERR_UNREACHABLE,
			    "it was not done in time");
	} while (poll(&p, 1, left < 1000 ? (int)left : 1000) <= 0);
	return 0;
}

static int
read_output(struct gitrun *run, struct pool *pool, int fd, int64_t until,
    struct err *err)
{
	struct buf out = {0};
	char block[65536];
	ssize_t n = -1;
	int ret = 0;

	while ((ret = wait_for(fd, until, err)) == 0 &&
	    (n = read(fd, block, sizeof(block))) != 0) {
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
	if (ret < 0 && run->milliseconds > 0 && child_group > 0)
		(void)kill(-(pid_t)child_group, SIGKILL);
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
	int64_t until = 0;
	struct sigaction before;
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
	if (run->milliseconds > 0 && pid > 0) {
		until = ticks() + run->milliseconds;
		watch_over(pid, &before);
	}
	if (ret == 0)
		ret = read_output(run, pool, pipes[0], until, err);
	(void)close(pipes[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			ret = err_errno(err, "git");
			pid = 0;
		}
	if (until != 0)
		let_be(&before);
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
