/* daemon_clerk_inside - what the parts of the clerk share. */
#ifndef DAEMON_CLERK_INSIDE_H
#define DAEMON_CLERK_INSIDE_H

#include <sys/types.h>

#include "app/daemon_clerk.h"
#include "edge/ledger.h"

#define CLERK_TASKS_MAX 16

/* A task, and where it stands. */
struct clerk_job {
	const struct clerk_task *task;
	pid_t pid;       /* of the run that is on; 0: none */
	int result;      /* its pipe; what it says of itself */
	int64_t began;   /* when the last run did */
	int64_t kill_at; /* when the run is ended; SIGTERM was sent: killed */
	bool ending;
	bool on_time;      /* the run that is on was begun by the clock */
	bool due;          /* or because it had asked for that */
	int64_t next;      /* by the clock; 0: not */
	int64_t again;     /* what the run asked for */
	int64_t not_until; /* failed: patience */
	unsigned failed;   /* runs in a row */
	uint64_t seen;     /* the last record it was shown */
	bool grew;         /* since its last run began */
};

struct clerk {
	const char *dir;
	struct setup setup; /* as read last; never opens the log itself */
	int wake_fd;
	struct clerk_job jobs[CLERK_TASKS_MAX];
	size_t count;
	uint64_t stamp[2]; /* of the ledger's files: how far it grew */
	int64_t beat;      /* when the next "alive" is due */
};

/* The table (daemon_clerk.c). */
const struct clerk_task *clerk_tasks(size_t *count);

int clerk_open(struct clerk *c, const char *dir, struct err *err) must_check;
void clerk_close(struct clerk *c);
/* Read the configuration again; the old one is kept where that fails. */
void clerk_reload(struct clerk *c);

/* One run, waited for.  Did it succeed? */
bool clerk_do(struct clerk *c, struct clerk_job *j);
void clerk_begin(struct clerk *c, struct clerk_job *j, bool on_time);
/* Is it over?  Then what it says is taken down. */
bool clerk_is_over(struct clerk *c, struct clerk_job *j);
/* Ask it to end, and make it end when it does not. */
void clerk_hurry(struct clerk_job *j, int64_t now);

#endif
