/*
 * measured - a hook that runs another program, and writes what it took.
 *
 *	MEASURED_PROGRAM=... MEASURED_LOG=... measured [ARG...]
 *
 * As a hook it is named by a hook file's first line or linked there.  A line
 * a run: its name, milliseconds of the clock and of the processor, KiB at
 * most (VmHWM of the program itself), status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
milliseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int
main(int argc, char *argv[])
{
	const char *program = getenv("MEASURED_PROGRAM");
	const char *path = getenv("MEASURED_LOG"),
	           *name = argv[argc > 2 ? 2 : 0];
	double begin = now();
	struct rusage used;
	int status = -1;
	pid_t child;
	FILE *log;

	if (program == NULL || path == NULL)
		return 127;
	child = fork();
	if (child == 0) {
		argv[0] = strdup(program);
		execv(program, argv);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return 127;
	log = fopen(path, "a");
	if (log == NULL)
		return 127;
	fprintf(log, "%s %.3f %.3f %ld %d\n",
	    strrchr(name, '/') != NULL ? strrchr(name, '/') + 1 : name,
	    now() - begin,
	    milliseconds(used.ru_utime) + milliseconds(used.ru_stime),
	    used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return fclose(log) == 0 && WIFEXITED(status) ? WEXITSTATUS(status)
	                                             : 127;
}
