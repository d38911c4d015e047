/*
 * Running gpgv: a private directory, fixed arguments, a fixed environment, a
 * pipe for its status lines, and an end to its time.
 */
#define _GNU_SOURCE /* pipe2, a directory to start in */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "edge/signature_parts.h"

#define PROGRAM "/usr/bin/gpgv"
#define STATUS_FD 3
#define STEP_NS 1000000 /* between two looks whether it has ended */

static int
write_file(int dir, const char *name, const char *data, size_t len,
    struct err *err)
{
	int fd = openat(dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t done = 0;

	if (fd < 0)
		return err_errno(err, "gpgv's '%s'", name);
	while (done < len) {
		ssize_t put = write(fd, data + done, len - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			err_errno(err, "gpgv's '%s'", name);
			close(fd);
			return -1;
		}
		done += (size_t)put;
	}
	close(fd);
	return 0;
}

static int
fill(int dir, const struct gpgv *g, struct err *err)
{
	if (mkdirat(dir, "home", 0700) < 0)
		return err_errno(err, "gpgv's home");
	if (write_file(dir, "keyring", buf_text(g->keyring), g->keyring->len,
	        err) < 0 ||
	    write_file(dir, "signature", buf_text(g->signature),
	        g->signature->len, err) < 0)
		return -1;
	return write_file(dir, "data", g->data, g->len, err);
}

static void
empty(int dir)
{
	unlinkat(dir, "keyring", 0);
	unlinkat(dir, "signature", 0);
	unlinkat(dir, "data", 0);
	unlinkat(dir, "home", AT_REMOVEDIR);
}

static int64_t
now_ms(void)
{
	struct timespec t = {0};

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Nothing of ours reaches it but three empty files and the pipe. */
static int
set_up(posix_spawn_file_actions_t *files, posix_spawnattr_t *attr,
    const char *path, int status)
{
	sigset_t none, all;
	int failed = 0;

	sigemptyset(&none);
	sigfillset(&all);
	failed |= posix_spawn_file_actions_adddup2(files, status, STATUS_FD);
	for (int fd = 0; fd < STATUS_FD; fd++)
		failed |= posix_spawn_file_actions_addopen(files, fd,
		    "/dev/null", O_RDWR, 0);
	failed |= posix_spawn_file_actions_addchdir_np(files, path);
	failed |= posix_spawnattr_setflags(attr,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
	        POSIX_SPAWN_SETPGROUP);
	failed |= posix_spawnattr_setsigmask(attr, &none);
	failed |= posix_spawnattr_setsigdefault(attr, &all);
	failed |= posix_spawnattr_setpgroup(attr, 0);
	return failed;
}

static int
start(const struct gpgv *g, const char *path, int status, pid_t *pid,
    struct err *err)
{
	static char *const argv[] = {"gpgv", "--homedir", "./home",
	    "--status-fd", "3", "--keyring", "./keyring", "--", "./signature",
	    "./data", NULL};
	static char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C",
	    "TZ=UTC", "GNUPGHOME=./home", NULL};
	const char *program = g->program ? g->program : PROGRAM;
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int failed;

	if (posix_spawn_file_actions_init(&files) != 0)
		return err_set(err, ERR_SYSTEM, "out of memory");
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return err_set(err, ERR_SYSTEM, "out of memory");
	}
	failed = set_up(&files, &attr, path, status);
	if (failed == 0)
		failed =
		    posix_spawn(pid, program, &files, &attr, argv, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	if (failed == 0)
		return 0;
	errno = failed;
	return err_errno(err, "'%s', which checks OpenPGP signatures", program);
}

static int
too_slow(const struct gpgv *g, struct err *err)
{
	return err_set(err, ERR_UNREACHABLE, "gpgv did not answer within %u ms",
	    g->wait_ms);
}

static int
listen_to(struct gpgv *g, int fd, int64_t until, struct err *err)
{
	char piece[4096];

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left = until - now_ms();
		ssize_t got;

		if (left <= 0)
			return too_slow(g, err);
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return err_errno(err, "gpgv's answer");
		if (p.revents == 0)
			continue;
		got = read(fd, piece, sizeof(piece));
		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return err_errno(err, "gpgv's answer");
		if (got > 0)
			buf_add(&g->status, piece, (size_t)got);
		if (g->status.len > SIGNATURE_STATUS_MAX)
			return err_set(err, ERR_INPUT,
			    "gpgv wrote more than %u bytes",
			    SIGNATURE_STATUS_MAX);
	}
}

/* It has closed its pipe; it must end as well. */
static int
wait_for(struct gpgv *g, pid_t pid, int64_t until, bool *ended, struct err *err)
{
	const struct timespec step = {.tv_nsec = STEP_NS};
	int status = 0;

	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got < 0 && errno != EINTR) {
			*ended = true;
			return err_errno(err, "waiting for gpgv");
		}
		if (got == pid)
			break;
		if (now_ms() >= until)
			return too_slow(g, err);
		nanosleep(&step, NULL);
	}
	*ended = true;
	if (!WIFEXITED(status))
		return err_set(err, ERR_SYSTEM, "gpgv was killed by signal %d",
		    WTERMSIG(status));
	g->exit = WEXITSTATUS(status);
	return 0;
}

static void
kill_and_reap(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int
run(struct gpgv *g, const char *path, struct err *err)
{
	int64_t until = now_ms() + g->wait_ms;
	int ends[2];
	bool ended = false;
	pid_t pid = 0;
	int ret;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "a pipe for gpgv");
	ret = start(g, path, ends[1], &pid, err);
	close(ends[1]);
	if (ret == 0) {
		ret = listen_to(g, ends[0], until, err);
		if (ret == 0)
			ret = wait_for(g, pid, until, &ended, err);
		if (!ended)
			kill_and_reap(pid);
	}
	close(ends[0]);
	return ret;
}

int
gpgv_ask(struct gpgv *g, struct err *err)
{
	char path[256];
	int dir, ret;

	if ((size_t)snprintf(path, sizeof(path), "%s/foureyes-XXXXXX",
	        g->scratch) >= sizeof(path))
		return err_set(err, ERR_CONFIG, "the path '%s' is too long",
		    g->scratch);
	if (mkdtemp(path) == NULL)
		return err_errno(err, "a directory for gpgv in '%s'",
		    g->scratch);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (dir < 0) {
		ret = err_errno(err, "'%s'", path);
	} else {
		ret = fill(dir, g, err);
		if (ret == 0)
			ret = run(g, path, err);
		empty(dir);
		close(dir);
	}
	rmdir(path);
	return ret;
}
