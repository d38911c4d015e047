/* One run of a task: a process of its own, with a deadline. */
#include "daemon_clerk_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/cmd.h"

/* What a run tells at its end. */
struct result {
	uint64_t to;
	int64_t again;
};

static bool
takes_part(const struct clerk *c, const struct clerk_job *j, struct result *out,
    struct err *err)
{
	struct setup s = {0};
	struct clerk_run run = {.setup = &s,
	    .pool = &s.pool,
	    .from = j->seen,
	    .on_time = j->on_time,
	    .due = j->due,
	    .deadline = j->kill_at};

	/*
	 * Each run by the files of now: one that judged by older ones would
	 * record them as what is in force.
	 */
	if (setup_read(&s, c->dir, err) < 0 ||
	    setup_log(&s, LEDGER_APPEND, err) < 0)
		return false;
	run.to = changelog_last(s.log);
	if (j->task->run(&run, err) < 0)
		return false;
	*out = (struct result){run.to, run.again};
	changelog_close(s.log);
	return true;
}

/* What the clerk holds for itself is none of a task's. */
static void
let_go(const struct clerk *c)
{
	sigset_t none;

	if (c->wake_fd >= 0)
		(void)close(c->wake_fd);
	for (size_t i = 0; i < c->count; i++)
		if (c->jobs[i].pid != 0)
			(void)close(c->jobs[i].result);
	(void)signal(SIGTERM, SIG_DFL);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void __attribute__((noreturn))
run_it(const struct clerk *c, const struct clerk_job *j, int out)
{
	struct result r = {0};
	struct err err = {0};

	let_go(c);
	/* What it starts is ended with it. */
	(void)setpgid(0, 0);
	if (!takes_part(c, j, &r, &err)) {
		(void)complain(0, "%s: %s", j->task->name, err.text);
		(void)fflush(NULL);
		_exit(STATUS_UNKNOWN);
	}
	(void)fflush(NULL);
	_exit(write(out, &r, sizeof(r)) == (ssize_t)sizeof(r) ? STATUS_YES
	                                                      : STATUS_UNKNOWN);
}

static void
failed(struct clerk_job *j, int64_t now)
{
	int64_t patience = CLERK_RETRY_MIN;

	for (unsigned i = 0; i < j->failed && patience < CLERK_RETRY_MAX; i++)
		patience *= 2;
	j->failed++;
	j->grew = true;
	j->not_until =
	    now + (patience < CLERK_RETRY_MAX ? patience : CLERK_RETRY_MAX);
}

void
clerk_begin(struct clerk *c, struct clerk_job *j, bool on_time)
{
	int64_t now = clock_now();
	int pipes[2];

	j->began = now;
	j->kill_at = now + j->task->deadline;
	j->on_time = on_time;
	j->due = on_time || (j->again != 0 && now >= j->again);
	j->ending = j->grew = false;
	j->next = j->task->period > 0 ? now + j->task->period : 0;
	(void)fflush(NULL);
	if (pipe(pipes) < 0) {
		failed(j, now);
		return;
	}
	(void)fcntl(pipes[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(pipes[1], F_SETFD, FD_CLOEXEC);
	j->pid = fork();
	if (j->pid == 0) {
		j->pid = 0;
		(void)close(pipes[0]);
		run_it(c, j, pipes[1]);
	}
	(void)close(pipes[1]);
	j->result = pipes[0];
	if (j->pid > 0) {
		(void)setpgid(j->pid, j->pid);
		return;
	}
	(void)close(pipes[0]);
	j->pid = 0;
	failed(j, now);
}

/* Where records come all the time, it is not run all the time. */
static int64_t
rested(const struct clerk_job *j, int64_t now)
{
	int64_t rest = now > j->began ? (now - j->began) * CLERK_REST : 0;

	return now + (rest < CLERK_REST_MAX ? rest : CLERK_REST_MAX);
}

static void
take_down(struct clerk_job *j, int status)
{
	struct result r;
	ssize_t n = read(j->result, &r, sizeof(r));

	(void)close(j->result);
	/* Whatever it started and left behind. */
	(void)kill(-j->pid, SIGKILL);
	j->pid = 0;
	if (status != 0 || n != (ssize_t)sizeof(r)) {
		if (j->ending)
			(void)complain(0, "%s: not done within %lld s",
			    j->task->name, (long long)j->task->deadline / 1000);
		failed(j, clock_now());
		return;
	}
	j->failed = 0;
	j->not_until = rested(j, clock_now());
	j->seen = r.to;
	/* What it asked for stands until it looked at everything. */
	if (j->due || j->again == 0 || (r.again != 0 && r.again < j->again))
		j->again = r.again;
}

bool
clerk_is_over(struct clerk *c, struct clerk_job *j)
{
	int status;
	pid_t pid;

	(void)c;
	if (j->pid == 0)
		return true;
	pid = waitpid(j->pid, &status, WNOHANG);
	if (pid == 0 || (pid < 0 && errno == EINTR))
		return false;
	take_down(j, pid < 0 ? -1 : status);
	return true;
}

void
clerk_hurry(struct clerk_job *j, int64_t now)
{
	if (j->pid == 0 || now < j->kill_at)
		return;
	if (!j->ending) {
		(void)kill(-j->pid, SIGTERM);
		(void)kill(j->pid, SIGTERM);
		j->ending = true;
		j->kill_at = now + CLERK_GRACE;
		return;
	}
	(void)kill(-j->pid, SIGKILL);
	(void)kill(j->pid, SIGKILL);
}

bool
clerk_do(struct clerk *c, struct clerk_job *j)
{
	struct pollfd end;

	clerk_begin(c, j, true);
	while (j->pid != 0) {
		/* Its end closes the pipe, or tells a result first. */
		end = (struct pollfd){.fd = j->result, .events = POLLIN};
		(void)poll(&end, 1, 100);
		(void)clerk_is_over(c, j);
		clerk_hurry(j, clock_now());
	}
	return j->failed == 0;
}
