#include "app/walking.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LOOK_EACH 1024 /* records between two looks at the clock */
#define SHOW_EACH 200  /* milliseconds between two lines */

static volatile sig_atomic_t interrupted;
static bool on_terminal, shown;
static int64_t shown_at;

static void
interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

void
walking_begin(void)
{
	struct sigaction action = {.sa_handler = interrupt,
	    .sa_flags = (int)SA_RESETHAND};

	interrupted = 0;
	shown = false;
	on_terminal = isatty(STDERR_FILENO) == 1;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

static void
show(uint64_t done, const char *what)
{
	struct timespec now;
	int64_t ms;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return;
	ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	if (ms - shown_at < SHOW_EACH)
		return;
	shown_at = ms;
	shown = true;
	(void)fprintf(stderr, "\r%llu %s", (unsigned long long)done, what);
}

bool
walking_at(uint64_t done, const char *what)
{
	if (on_terminal && done % LOOK_EACH == 0)
		show(done, what);
	return interrupted != 0;
}

void
walking_end(void)
{
	if (shown)
		(void)fputs("\r\033[K", stderr);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
}
