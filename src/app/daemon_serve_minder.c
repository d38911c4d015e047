/* The clerk, started again as often as it ends. */
#include "daemon_serve_inside.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/daemon_clerk.h"

#define AGAIN_FIRST 1000 /* ms after it ended, doubled each time */
#define AGAIN_MOST 60000
#define LONG 60000 /* ms; who ran for so long begins at AGAIN_FIRST */
#define LOOK 200   /* ms between two looks at what became of it */

struct minder {
	const char *dir;
	int fd;
	pid_t clerk; /* 0: none runs */
	int64_t began, next, wait;
};

static volatile sig_atomic_t told_to_end, told_to_reload, told_to_kill;

static void
on_signal(int number)
{
	if (number == SIGTERM || number == SIGINT)
		told_to_end = 1;
	if (number == SIGHUP)
		told_to_reload = 1;
	if (number == SIGUSR1)
		told_to_kill = 1;
}

static void
on_signals(void (*handler)(int))
{
	static const int all[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
	struct sigaction a = {.sa_handler = handler};
	sigset_t none;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		(void)sigaction(all[i], &a, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int64_t
moment(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
begin(struct minder *k)
{
	k->began = moment();
	k->clerk = fork();
	if (k->clerk == 0) {
		on_signals(SIG_DFL);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		_exit(daemon_clerk_run(k->dir, k->fd));
	}
	if (k->clerk < 0)
		k->clerk = 0;
}

static void
look(struct minder *k)
{
	int status;

	if (k->clerk == 0 || waitpid(k->clerk, &status, WNOHANG) != k->clerk)
		return;
	k->clerk = 0;
	if (moment() - k->began > LONG)
		k->wait = AGAIN_FIRST;
	k->next = moment() + k->wait;
	k->wait = k->wait * 2 > AGAIN_MOST ? AGAIN_MOST : k->wait * 2;
	(void)complain(0, "the clerk ended (%s %d): another one begins",
	    WIFSIGNALED(status) ? "signal" : "status",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void
pass_on(struct minder *k)
{
	if (told_to_reload && k->clerk > 0)
		(void)kill(k->clerk, SIGHUP);
	if (told_to_kill && k->clerk > 0)
		(void)kill(k->clerk, SIGKILL);
	told_to_reload = 0;
	told_to_kill = 0;
}

/* Is the receiver's end of the socket closed? */
static bool
is_alone(const struct minder *k)
{
	struct pollfd p = {.fd = k->fd};

	return poll(&p, 1, LOOK) > 0 && (p.revents & POLLHUP) != 0;
}

static void
keep(struct minder *k)
{
	int status;

	on_signals(on_signal);
	while (!told_to_end && !is_alone(k)) {
		look(k);
		pass_on(k);
		if (k->clerk == 0 && moment() >= k->next)
			begin(k);
	}
	if (k->clerk == 0)
		return;
	(void)kill(k->clerk, SIGTERM);
	while (waitpid(k->clerk, &status, 0) < 0 && errno == EINTR)
		;
}

int
minder_start(pid_t *minder, int *wake_fd, const char *dir, const int *close_fds,
    size_t close_count, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
	        pair) < 0)
		return err_errno(err, "a pair of sockets");
	*minder = fork();
	if (*minder < 0)
		return err_errno(err, "the clerk's process");
	if (*minder == 0) {
		struct minder k = {.dir = dir,
		    .fd = pair[1],
		    .wait = AGAIN_FIRST};

		(void)close(pair[0]);
		for (size_t i = 0; i < close_count; i++)
			(void)close(close_fds[i]);
		keep(&k);
		_exit(0);
	}
	(void)close(pair[1]);
	*wake_fd = pair[0];
	return 0;
}
