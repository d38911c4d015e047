/* ledger: what an administrator does about the database of a shared one. */
#include <string.h>

#include "app/cmd.h"
#include "app/daemon.h"
#include "app/options.h"
#include "app/say.h"
#include "app/shared.h"

static int
create(struct shared *s, struct err *err)
{
	uint64_t records;

	if (shared_create(s, &records, err) < 0)
		return complain_err(err);
	say("the ledger is in the database (%s) with its %llu records; what "
	    "was its directory is this node's copy from now on",
	    shared_where(s), (unsigned long long)records);
	return STATUS_YES;
}

static int
put_back(struct shared *s, struct err *err)
{
	uint64_t records;

	if (shared_push(s, &records, err) < 0)
		return complain_err(err);
	if (records == 0)
		say("the database (%s) has every record of this copy",
		    shared_where(s));
	else
		say("put %llu records back into the database (%s), which had "
		    "lost them",
		    (unsigned long long)records, shared_where(s));
	return STATUS_YES;
}

int
daemon_ledger(int argc, char **argv, const char *config)
{
	const struct option options[] = {{0}};
	struct setup setup = {0};
	const struct settings *settings = &setup.config.settings;
	struct shared *s = NULL;
	struct err err = {0};
	bool creates;
	int status;

	if (options_read(argc, argv, options, 1, 1) < 0)
		return STATUS_USAGE;
	creates = strcmp(argv[1], "create") == 0;
	if (!creates && strcmp(argv[1], "restore") != 0)
		return complain(STATUS_USAGE,
		    "ledger: 'create' or 'restore', not '%s'", argv[1]);
	if (setup_read(&setup, setup_directory(config), &err) < 0)
		status = complain_err(&err);
	else if (settings->shared == NULL)
		status = complain(STATUS_USAGE,
		    "ledger: it is not shared; see 'ledger' in "
		    "foureyes-policy(5)");
	else if (setup_become(&setup, &err) < 0 ||
	    shared_open(&s, settings, &err) < 0)
		status = complain_err(&err);
	else
		status = creates ? create(s, &err) : put_back(s, &err);
	shared_close(s);
	setup_free(&setup);
	return status;
}
