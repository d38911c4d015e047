/* serve: the receiver, and its clerk beside it, until told to end. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/daemon.h"
#include "app/options.h"
#include "app/receiver.h"
#include "app/say.h"
#include "daemon_serve_inside.h"

#define LOOK 500           /* ms */
#define CLERK_SILENT 60000 /* ms without a word, and it is taken down */

struct file_stamp {
	ino_t inode;
	off_t size;
	time_t seconds;
	long nanoseconds;
};

struct serving {
	struct receiving *receiving;
	int signals;
	pid_t minder;
	int wake_fd;
	int64_t heard;    /* of the clerk, at last */
	int64_t watchdog; /* ms between two words to systemd; 0: none */
	int64_t told;
	bool over;
	const char *dir; /* of the configuration */
	struct file_stamp files[3];
};

static int64_t
moment(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Taken up by the main loop alone, whichever thread they come to. */
static int
block_signals(struct serving *s, struct err *err)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_errno(err, "signals");
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? err_errno(err, "signals") : 0;
}

/* Those of systemd, else those that foureyes.yaml names. */
static int
open_sockets(int *out, size_t *count, const char *dir, struct err *err)
{
	struct setup setup = {0};
	const struct receiver *r = &setup.config.settings.receiver;
	int ret = -1;

	if (setup_read(&setup, dir, err) < 0)
		goto out;
	*count = systemd_sockets(out, LISTEN_SOCKETS_MAX);
	if (*count == 0 && r->listen != NULL) {
		out[*count] = listen_bind(r->listen, err);
		if (out[(*count)++] < 0)
			goto out;
	}
	if (*count < 2 && r->socket != NULL) {
		out[*count] = listen_bind(r->socket, err);
		if (out[(*count)++] < 0)
			goto out;
	}
	ret = *count > 0
	    ? setup_become(&setup, err)
	    : err_set(err, ERR_CONFIG,
	          "%s/" CONFIG_SETTINGS ": 'receiver' names neither 'listen' "
	          "nor 'socket'",
	          dir);
out:
	setup_free(&setup);
	return ret;
}

static void
reload(struct serving *s)
{
	struct timespec t;
	struct err err = {0};
	char text[64];

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	(void)snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
	systemd_tell(text);
	if (receiver_reload(s->receiving, &err) < 0)
		(void)complain(0, "all stays as it was: %s", err.text);
	else
		(void)complain(0, "read again");
	(void)kill(s->minder, SIGHUP);
	systemd_tell("READY=1");
}

/* What tells that one of the three files is another one. */
static void
stamp_files(struct serving *s, struct file_stamp out[3])
{
	static const char *const names[] = {CONFIG_POLICY, CONFIG_PEOPLE,
	    CONFIG_SETTINGS};
	char path[PATH_MAX];
	struct stat st;

	memset(out, 0, 3 * sizeof(*out));
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", s->dir, names[i]);
		if (stat(path, &st) == 0)
			out[i] = (struct file_stamp){st.st_ino, st.st_size,
			    st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
	}
}

/*
 * A policy or people file that was applied counts from then on, as in a hook;
 * nobody has to remember to tell us.
 */
static void
look_at_files(struct serving *s)
{
	struct file_stamp now[3];

	stamp_files(s, now);
	for (size_t i = 0; i < 3; i++)
		if (now[i].inode != s->files[i].inode ||
		    now[i].size != s->files[i].size ||
		    now[i].seconds != s->files[i].seconds ||
		    now[i].nanoseconds != s->files[i].nanoseconds) {
			memcpy(s->files, now, sizeof(now));
			reload(s);
			return;
		}
}

static void
take_signals(struct serving *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo == SIGHUP)
			reload(s);
		else
			s->over = true;
}

/* What the clerk says is that it is alive. */
static void
hear_clerk(struct serving *s)
{
	char junk[256];

	while (read(s->wake_fd, junk, sizeof(junk)) > 0)
		s->heard = moment();
	if (moment() - s->heard > CLERK_SILENT) {
		(void)complain(0, "the clerk does not get on: it is ended");
		(void)kill(s->minder, SIGUSR1);
		s->heard = moment();
	}
	receiver_look(s->receiving);
}

static void
tell_watchdog(struct serving *s)
{
	if (s->watchdog == 0 || moment() - s->told < s->watchdog ||
	    !receiver_is_alive(s->receiving))
		return;
	systemd_tell("WATCHDOG=1");
	s->told = moment();
}

static void
serve(struct serving *s)
{
	struct pollfd list[] = {{.fd = s->signals, .events = POLLIN},
	    {.fd = s->wake_fd, .events = POLLIN}};

	s->heard = moment();
	s->watchdog = systemd_watchdog();
	systemd_tell("READY=1");
	(void)complain(0, "serving");
	while (!s->over) {
		(void)poll(list, 2, LOOK);
		take_signals(s);
		look_at_files(s);
		hear_clerk(s);
		tell_watchdog(s);
	}
	systemd_tell("STOPPING=1");
}

static void
end(struct serving *s)
{
	int status;

	receiver_close(s->receiving);
	(void)kill(s->minder, SIGTERM);
	(void)close(s->wake_fd);
	while (waitpid(s->minder, &status, 0) < 0 && errno == EINTR)
		;
	(void)close(s->signals);
}

int
daemon_serve(int argc, char **argv, const char *config)
{
	const struct option options[] = {{0}};
	const char *dir = setup_directory(config);
	struct serving s = {.dir = dir, .signals = -1, .wake_fd = -1};
	int sockets[LISTEN_SOCKETS_MAX];
	struct receiver_setup setup = {.dir = dir, .sockets = sockets};
	struct err err = {0};

	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	/* Before they are read: what changes meanwhile is read again. */
	stamp_files(&s, s.files);
	if (open_sockets(sockets, &setup.socket_count, dir, &err) < 0 ||
	    block_signals(&s, &err) < 0 ||
	    minder_start(&s.minder, &s.wake_fd, dir, sockets,
	        setup.socket_count, &err) < 0)
		return complain(STATUS_UNKNOWN, "%s", err.text);
	setup.wake_fd = s.wake_fd;
	if (receiver_open(&s.receiving, &setup, &err) < 0) {
		(void)kill(s.minder, SIGTERM);
		return complain(STATUS_UNKNOWN, "%s", err.text);
	}
	if (receiver_run(s.receiving, &err) < 0) {
		(void)kill(s.minder, SIGTERM);
		return complain(STATUS_UNKNOWN, "%s", err.text);
	}
	serve(&s);
	end(&s);
	return STATUS_YES;
}
