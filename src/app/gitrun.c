#include "app/gitrun.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct pipes {
	int in[2], out[2];
};

static void
close_all(struct pipes *p)
{
	for (int i = 0; i < 2; i++) {
		if (p->in[i] >= 0)
			(void)close(p->in[i]);
		if (p->out[i] >= 0)
			(void)close(p->out[i]);
		p->in[i] = p->out[i] = -1;
	}
}

static int
open_pipes(struct pipes *p, bool in, bool out)
{
	*p = (struct pipes){{-1, -1}, {-1, -1}};
	if ((in && pipe(p->in) < 0) || (out && pipe(p->out) < 0)) {
		close_all(p);
		return -1;
	}
	for (int i = 0; i < 2; i++) {
		if (in)
			(void)fcntl(p->in[i], F_SETFD, FD_CLOEXEC);
		if (out)
			(void)fcntl(p->out[i], F_SETFD, FD_CLOEXEC);
	}
	return 0;
}

static int
start(const char *const argv[], const struct pipes *p, bool quiet, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int ret;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	ret = p->in[0] >= 0
	    ? posix_spawn_file_actions_adddup2(&actions, p->in[0], 0)
	    : 0;
	if (ret == 0 && p->out[1] >= 0)
		ret = posix_spawn_file_actions_adddup2(&actions, p->out[1], 1);
	if (ret == 0 && quiet)
		ret = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null",
		    O_WRONLY, 0);
	if (ret == 0)
		ret = posix_spawnp(pid, argv[0], &actions, NULL, (char **)argv,
		    environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	errno = ret;
	return ret == 0 ? 0 : -1;
}

/* What we send is short: a tag's message, which a pipe holds. */
static void
feed(int fd, const char *input)
{
	size_t len = strlen(input);

	while (len > 0) {
		ssize_t n = write(fd, input, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		input += n;
		len -= (size_t)n;
	}
}

static int
drain(int fd, struct buf *out)
{
	char block[65536];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || out->len + (size_t)n > GITRUN_OUTPUT_MAX)
			return -1;
		buf_add(out, block, (size_t)n);
	}
	return 0;
}

int
gitrun(const char *const argv[], const char *input, struct buf *out, bool quiet,
    int *status, struct err *err)
{
	struct pipes p;
	int ended, ret = 0;
	pid_t pid;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL);
	if (open_pipes(&p, input != NULL, out != NULL) < 0)
		return err_errno(err, "a pipe");
	if (start(argv, &p, quiet, &pid) < 0) {
		close_all(&p);
		return err_errno(err, "'%s'", argv[0]);
	}
	if (p.in[1] >= 0) {
		feed(p.in[1], input);
		(void)close(p.in[0]);
		(void)close(p.in[1]);
		p.in[0] = p.in[1] = -1;
	}
	if (p.out[1] >= 0) {
		(void)close(p.out[1]);
		p.out[1] = -1;
		ret = drain(p.out[0], out);
	}
	close_all(&p);
	while (waitpid(pid, &ended, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, "'%s'", argv[0]);
	if (ret < 0)
		return err_set(err, ERR_INPUT,
		    "'%s %s' says more than %d bytes", argv[0], argv[1],
		    GITRUN_OUTPUT_MAX);
	*status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 127;
	return 0;
}

const char *
gitrun_line(struct pool *pool, const char *const argv[])
{
	struct buf out = {0};
	struct err ignored = {0};
	const char *line = NULL;
	size_t len;
	int status;

	if (gitrun(argv, NULL, &out, true, &status, &ignored) == 0 &&
	    status == 0) {
		len = strcspn(buf_text(&out), "\n");
		if (len > 0)
			line = pool_textn(pool, buf_text(&out), len);
	}
	buf_free(&out);
	return line;
}
