/*
 * foureyes hook NAME [ARG...]: decide or witness with the default
 * configuration.  foureyes hook-file FILE [ARG...]: the same as an installed
 * hook file says.
 */
#include "app/cmd.h"

#include <signal.h>
#include <string.h>

#include "app/hook.h"
#include "app/setup.h"

int
cmd_hook(int argc, char **argv, const char *config)
{
	struct pool pool = {0};
	struct hook hook = {0};
	struct err err = {0};
	int ret = STATUS_USAGE;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL);
	if (argc < 2)
		return complain(STATUS_USAGE, "usage: foureyes hook NAME");
	hook.argc = argc - 2;
	hook.argv = argv + 2;
	if (strcmp(argv[0], "hook-file") == 0) {
		if (hook_file_read(&hook, &pool, argv[1], &err) < 0) {
			ret = complain_err(&err);
			goto out;
		}
	} else {
		hook.name = argv[1];
		/* Whoever pushes could set $FOUREYES_CONFIG. */
		hook.config = config != NULL ? config : "/etc/foureyes";
	}
	ret = hook_run(&hook, &pool);
out:
	pool_free(&pool);
	return ret;
}
