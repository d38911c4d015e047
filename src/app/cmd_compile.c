/* compile: what check and apply have each program do that hooks run. */
#include "app/cmd.h"

#include "app/options.h"
#include "app/say.h"
#include "app/setup.h"
#include "edge/config.h"

int
cmd_compile(int argc, char **argv, const char *config)
{
	const struct option options[] = {{0}};
	struct err err = {0};

	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	if (config_compile(setup_directory(config), &err) < 0)
		return complain_err(&err);
	return STATUS_YES;
}
