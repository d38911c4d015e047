/*
 * daemon_clerk - foureyesd's second process: work that takes its time.
 *
 * The receiver stores what it is told and answers; what follows from it
 * (mirrors brought up to date, requests judged, forges asked, people alerted)
 * is done here, by tasks.  A task is a row of the table in daemon_clerk.c.
 *
 * Each run of a task is a process of its own, begun with the configuration as
 * it was read last and ended when its deadline is over: one that fails, hangs
 * or crashes stops no other.  Two tasks may run at once, one task never twice.
 * What it learns it appends to the ledger itself.
 *
 * The clerk sees by itself, every CLERK_LOOK, that the ledger grew; a line on
 * `wake_fd` makes it look at once.  What the line says is not looked at.  On
 * the same socket it says "alive" every CLERK_HEARTBEAT, for whoever watches
 * it.  SIGHUP reads the configuration again, and keeps the old one where the
 * new is unsound; SIGTERM, or the other end of `wake_fd` being closed, ends it
 * and what it runs.
 */
#ifndef APP_DAEMON_CLERK_H
#define APP_DAEMON_CLERK_H

#include "app/setup.h"

#define CLERK_LOOK 1000      /* ms */
#define CLERK_HEARTBEAT 5000 /* ms */
#define CLERK_GRACE 2000     /* ms between SIGTERM and SIGKILL of a run */
#define CLERK_AGAIN_MIN 100  /* ms between two runs of one task */
#define CLERK_REST 20        /* times as long as it ran it rests, */
#define CLERK_REST_MAX 500   /* but no longer than that, in ms */
#define CLERK_RETRY_MIN 1000 /* ms after a failed run, doubled each time */
#define CLERK_RETRY_MAX ((int64_t)5 * 60 * 1000)

/* One run of a task. */
struct clerk_run {
	struct setup *setup; /* its log is open for appending; `now` is now */
	struct pool *pool;   /* of this run */
	int64_t deadline;    /* an instant; the process is ended soon after */
	/*
	 * Records (from, to] came since the task's last run that succeeded;
	 * `from` is 0 in its first: whatever there is may be new to it.
	 */
	uint64_t from, to;
	bool on_time; /* its period is over: look at everything once more */
	/*
	 * The instant that it asked for is there, or its period is over: what
	 * time alone changes is to be looked at, whatever was asked for before.
	 */
	bool due;
	/* For the task to set: an instant when it wants to run again, or 0. */
	int64_t again;
};

typedef int clerk_task_fn(struct clerk_run *run, struct err *err);

struct clerk_task {
	const char *name;
	clerk_task_fn *run;
	int64_t period;   /* ms: at least so often; 0: never by the clock */
	int64_t deadline; /* ms that a run may take */
	bool on_records;  /* whenever the ledger grew, too */
};

/*
 * Until it is told to end; the exit status of the process.  `wake_fd` -1:
 * nobody wakes it.
 */
int daemon_clerk_run(const char *config_dir, int wake_fd);
/*
 * The command `clerk`: with --once each task (or those named) one time, one
 * after another; else as above, by hand.
 */
int daemon_clerk(int argc, char **argv, const char *config);

#endif
