#include "app/watchdog.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static void
time_is_over(int number)
{
	static const char text[] =
	    "foureyes: the check was not finished in time, so the push is "
	    "refused; try again,\n"
	    "          push fewer commits at once, or have 'deadline' raised "
	    "in foureyes.yaml\n";

	(void)number;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(1);
}

void
watchdog_start(int64_t milliseconds)
{
	struct sigaction action = {.sa_handler = time_is_over};
	struct itimerval timer = {.it_value = {.tv_sec = milliseconds / 1000,
	                              .tv_usec = milliseconds % 1000 * 1000}};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGALRM, &action, NULL);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
}
