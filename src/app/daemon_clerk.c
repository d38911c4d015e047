/* The table of the clerk's tasks, and its command. */
#include "app/daemon_clerk.h"

#include <string.h>

#include "app/cmd.h"
#include "app/daemon.h"
#include "app/options.h"
#include "app/say.h"

#include "daemon_clerk_inside.h"

#define SECONDS ((int64_t)1000)
#define HOURS (3600 * SECONDS)

static const struct clerk_task tasks[] = {
    {"ask", daemon_poll, 300 * SECONDS, 240 * SECONDS, true},
    {"tell", daemon_tell, 300 * SECONDS, 6 * HOURS, true},
    {"watch", daemon_watch, 1800 * SECONDS, 600 * SECONDS, true},
    {"alert", daemon_alert, 300 * SECONDS, 60 * SECONDS, true},
};

const struct clerk_task *
clerk_tasks(size_t *count)
{
	*count = sizeof(tasks) / sizeof(tasks[0]);
	return tasks;
}

static bool
is_named(const struct clerk_task *t, char **names, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], t->name) == 0)
			return true;
	return count == 0;
}

static int
once(const char *config, char **names, int count)
{
	struct clerk c = {.wake_fd = -1};
	int status = STATUS_YES, found = 0;
	struct err err = {0};

	if (clerk_open(&c, config, &err) < 0)
		return complain_err(&err);
	for (size_t i = 0; i < c.count; i++) {
		if (!is_named(c.jobs[i].task, names, count))
			continue;
		found++;
		if (!clerk_do(&c, &c.jobs[i]))
			status = STATUS_UNKNOWN;
		say("%s: %s", c.jobs[i].task->name,
		    c.jobs[i].failed == 0 ? "done" : "failed");
	}
	clerk_close(&c);
	if (found < count)
		return complain(STATUS_USAGE, "the clerk has no such task");
	return status;
}

int
daemon_clerk(int argc, char **argv, const char *config)
{
	bool one_time = false;
	const struct option options[] = {{.name = "--once", .given = &one_time},
	    {0}};
	int count = options_read(argc, argv, options, 0, CLERK_TASKS_MAX);

	if (count < 0)
		return STATUS_USAGE;
	if (count > 0 && !one_time)
		return complain(STATUS_USAGE,
		    "tasks are named behind --once alone");
	if (one_time)
		return once(setup_directory(config), argv + 1, count);
	return daemon_clerk_run(setup_directory(config), -1);
}
