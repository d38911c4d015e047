/* The clerk's round: what is due is begun, what is over is taken down. */
#include "daemon_clerk_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cmd.h"
#include "base/text.h"

#define STILL 10 /* ms, while something runs that may be over */

static volatile sig_atomic_t told_to_end, told_to_reload;

static void
on_signal(int number)
{
	if (number == SIGTERM || number == SIGINT)
		told_to_end = 1;
	if (number == SIGHUP)
		told_to_reload = 1;
}

int
clerk_open(struct clerk *c, const char *dir, struct err *err)
{
	const struct clerk_task *list = clerk_tasks(&c->count);

	c->dir = dir;
	for (size_t i = 0; i < c->count; i++)
		c->jobs[i].task = &list[i];
	if (setup_read(&c->setup, dir, err) < 0 ||
	    setup_become(&c->setup, err) < 0)
		return -1;
	if (c->setup.config.settings.ledger == NULL)
		return err_set(err, ERR_CONFIG,
		    "foureyes.yaml names no ledger, and the clerk writes to "
		    "one");
	return 0;
}

void
clerk_close(struct clerk *c)
{
	setup_free(&c->setup);
}

void
clerk_reload(struct clerk *c)
{
	struct setup new = {0};
	struct err err = {0};

	if (setup_read(&new, c->dir, &err) < 0) {
		(void)complain(0, "the configuration stays as it was: %s",
		    err.text);
		setup_free(&new);
		return;
	}
	setup_free(&c->setup);
	c->setup = new;
	for (size_t i = 0; i < c->count; i++) {
		c->jobs[i].seen = 0;
		c->jobs[i].grew = true;
	}
}

/* How far the newest segment goes: cheap to ask, and grows with each line. */
static bool
has_grown(struct clerk *c)
{
	const char *dir = c->setup.config.settings.ledger;
	char newest[NAME_MAX + 1] = "";
	struct dirent *entry;
	uint64_t stamp[2];
	struct stat st;
	bool grown;
	DIR *d = opendir(dir);

	if (d == NULL)
		return false;
	while ((entry = readdir(d)) != NULL)
		if (text_ends(entry->d_name, ".jsonl") &&
		    strcmp(entry->d_name, newest) > 0)
			(void)snprintf(newest, sizeof(newest), "%s",
			    entry->d_name);
	if (newest[0] == '\0' || fstatat(dirfd(d), newest, &st, 0) < 0) {
		(void)closedir(d);
		return false;
	}
	(void)closedir(d);
	stamp[0] = strtoull(newest, NULL, 10);
	stamp[1] = (uint64_t)st.st_size;
	grown = memcmp(stamp, c->stamp, sizeof(stamp)) != 0;
	memcpy(c->stamp, stamp, sizeof(stamp));
	return grown;
}

static bool
is_due(const struct clerk_job *j, int64_t now, bool *on_time)
{
	*on_time = j->began == 0 || (j->next != 0 && now >= j->next);
	if (j->pid != 0 || now < j->not_until ||
	    (j->began != 0 && now < j->began + CLERK_AGAIN_MIN))
		return false;
	return *on_time || (j->again != 0 && now >= j->again) || j->grew;
}

/* Begin and end what is due; how long nothing else will be, in ms. */
static int
make_round(struct clerk *c)
{
	bool grown = has_grown(c), on_time;
	int wait = CLERK_LOOK;

	for (size_t i = 0; i < c->count; i++) {
		struct clerk_job *j = &c->jobs[i];
		int64_t now = clock_now();

		j->grew = j->grew || (grown && j->task->on_records);
		clerk_hurry(j, now);
		(void)clerk_is_over(c, j);
		if (is_due(j, now, &on_time))
			clerk_begin(c, j, on_time);
		if (j->pid != 0 ||
		    (j->grew && now + CLERK_REST_MAX >= j->not_until))
			wait = CLERK_AGAIN_MIN;
		if (j->pid != 0 && now - j->began < 1000)
			wait = STILL;
	}
	return wait;
}

/* False: the other end is gone. */
static bool
listen_to(int fd)
{
	char block[4096];
	ssize_t n = read(fd, block, sizeof(block));

	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void
say_alive(struct clerk *c)
{
	static const char alive[] = "alive\n";
	int64_t now = clock_now();

	if (c->wake_fd < 0 || now < c->beat)
		return;
	c->beat = now + CLERK_HEARTBEAT;
	(void)!write(c->wake_fd, alive, sizeof(alive) - 1);
}

static bool
wait_for(struct clerk *c, int milliseconds)
{
	struct pollfd wake = {.fd = c->wake_fd, .events = POLLIN};

	if (poll(&wake, c->wake_fd >= 0 ? 1 : 0, milliseconds) <= 0)
		return true;
	return listen_to(c->wake_fd);
}

static void
end_all(struct clerk *c)
{
	int64_t until = clock_now() + CLERK_GRACE;
	bool any = true;

	for (size_t i = 0; i < c->count; i++)
		c->jobs[i].kill_at = 0;
	while (any) {
		any = false;
		for (size_t i = 0; i < c->count; i++) {
			struct clerk_job *j = &c->jobs[i];

			if (clerk_is_over(c, j))
				continue;
			any = true;
			clerk_hurry(j, clock_now());
		}
		if (any)
			(void)poll(NULL, 0,
			    clock_now() < until ? STILL : CLERK_AGAIN_MIN);
	}
}

static void
take_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	told_to_end = told_to_reload = 0;
}

int
daemon_clerk_run(const char *config_dir, int wake_fd)
{
	struct clerk c = {.wake_fd = wake_fd};
	struct err err = {0};

	take_signals();
	if (clerk_open(&c, config_dir, &err) < 0)
		return complain_err(&err);
	if (wake_fd >= 0)
		(void)fcntl(wake_fd, F_SETFL,
		    fcntl(wake_fd, F_GETFL) | O_NONBLOCK);
	while (told_to_end == 0) {
		if (told_to_reload != 0) {
			told_to_reload = 0;
			clerk_reload(&c);
		}
		say_alive(&c);
		if (!wait_for(&c, make_round(&c)))
			break;
	}
	end_all(&c);
	clerk_close(&c);
	return STATUS_YES;
}
