/* foureyesd - the table of its commands. */
#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/daemon.h"
#include "app/daemon_ask.h"
#include "app/daemon_look.h"
#include "app/mirror.h"
#include "app/say.h"
#include "app/version.h"
#include "base/memory.h"

static int
usage(FILE *out, int status)
{
	(void)fputs(
	    "usage: foureyesd [--config DIR] serve\n"
	    "       foureyesd [--config DIR] hold [NAME...]\n"
	    "       foureyesd [--config DIR] clerk [--once [TASK...]]\n"
	    "       foureyesd [--config DIR] alert --once [NAME...] | --test "
	    "NAME\n"
	    "       foureyesd [--config DIR] ask SOURCE REPOSITORY "
	    "[COMMIT | --protection REF]\n"
	    "       foureyesd [--config DIR] look REPOSITORY COMMIT|REF...\n"
	    "       foureyesd [--config DIR] ledger create|restore\n"
	    "       foureyesd --version\n\n"
	    "  serve      receive what forges and tools send, and the work "
	    "behind it\n"
	    "  hold       send the newest checkpoint to each place of 'held'\n"
	    "  clerk      the work behind 'serve' alone: mirrors, statuses, "
	    "asking forges\n"
	    "  alert      tell records to who is named in 'alerts', now; or try "
	    "one of them\n"
	    "  ask        what a source's forge says now; nothing is recorded\n"
	    "  ledger     a ledger that is shared: begin it in its database, or "
	    "put back\n"
	    "             what that lost\n"
	    "  look       ask every source about these now, and record what is "
	    "new\n",
	    out);
	return status;
}

int
main(int argc, char **argv)
{
	const char *config = NULL;
	int status;

	memory_keep_little();
	if (argc >= 3 && strcmp(argv[1], "--config") == 0) {
		config = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 2)
		return usage(stderr, STATUS_USAGE);
	if (strcmp(argv[1], "--version") == 0) {
		say("foureyesd %s", FOUREYES_VERSION);
		return STATUS_YES;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout, STATUS_YES);
	if (strcmp(argv[1], "ledger") == 0)
		status = daemon_ledger(argc - 1, argv + 1, config);
	else if (strcmp(argv[1], "hold") == 0)
		status = daemon_hold(argc - 1, argv + 1, config);
	else if (strcmp(argv[1], "serve") == 0)
		status = daemon_serve(argc - 1, argv + 1, config);
	else if (strcmp(argv[1], "clerk") == 0)
		status = daemon_clerk(argc - 1, argv + 1, config);
	else if (strcmp(argv[1], "alert") == 0)
		status = daemon_alert_cmd(argc - 1, argv + 1, config);
	else if (strcmp(argv[1], "ask") == 0)
		status = daemon_ask(argc - 1, argv + 1, config);
	else if (strcmp(argv[1], "credential") == 0)
		status = mirror_credential(argc - 1, argv + 1);
	else if (strcmp(argv[1], "look") == 0)
		status = daemon_look(argc - 1, argv + 1, config);
	else
		return usage(stderr, STATUS_USAGE);
	if (fflush(stdout) != 0 || ferror(stdout))
		return complain(STATUS_UNKNOWN,
		    "the answer could not be written to standard output");
	return status;
}
