/* seal: the next checkpoint, by who holds the key, also when idle. */
#include "app/cmd.h"

#include <string.h>
#include <unistd.h>

#include "app/gitrun.h"
#include "app/options.h"
#include "app/program.h"
#include "app/say.h"
#include "app/sealing.h"
#include "base/json.h"

static void
warn(const struct sealed *sealed, const struct setup *s)
{
	if (sealed->begun)
		(void)complain(0,
		    "there was no memory of an earlier seal: begun from the "
		    "checkpoint of %llu records beside the ledger",
		    (unsigned long long)sealed->before);
	if (sealed->put_back)
		(void)complain(0,
		    "the checkpoint beside '%s' was not the one that was made "
		    "last, or gone: somebody who may write there replaced it; "
		    "it is put right",
		    s->config.settings.ledger);
	if (sealed->stray != 0)
		(void)complain(0,
		    "record %llu names a key that no sealing key introduced: "
		    "it is sealed as a record, and counts for nothing",
		    (unsigned long long)sealed->stray);
	if (sealed->lost_to != 0)
		(void)complain(0,
		    "records %llu to %llu, which were sealed, are given up; "
		    "every report and every verify names them.  Of those "
		    "before, as far as record %llu they are what was sealed "
		    "before; what is behind that is sealed as it stands",
		    (unsigned long long)sealed->lost_from,
		    (unsigned long long)sealed->lost_to,
		    (unsigned long long)sealed->before);
	if (sealed->unkept != NULL)
		(void)complain(0, "the checkpoint is not kept: %s",
		    sealed->unkept);
}

static void
answer(const struct sealed *sealed, bool as_json)
{
	unsigned long long size = sealed->checkpoint.size;
	unsigned long long new = size - sealed->before;
	struct buf out = {0};
	struct json j = {.out = &out};

	if (as_json) {
		json_open(&j, '{');
		json_key_number(&j, "records", (int64_t)size);
		json_key_number(&j, "new", (int64_t) new);
		if (sealed->rotated != 0)
			json_key_number(&j, "key_record",
			    (int64_t)sealed->rotated);
		if (sealed->lost_to != 0) {
			json_key_number(&j, "lost_from",
			    (int64_t)sealed->lost_from);
			json_key_number(&j, "lost_to",
			    (int64_t)sealed->lost_to);
		}
		json_close(&j);
		say_json(&out);
		buf_free(&out);
		return;
	}
	if (new == 0)
		say("%llu records, nothing new: the seal stands", size);
	else
		say("sealed %llu records, %llu of them new%s", size, new,
		    sealed->rotated != 0 ? ", with the new key" : "");
}

/* To the places that hold it, where there are any. */
static int
hold(struct setup *s)
{
	const char *const words[] = {"--config", s->config.dir, "hold", NULL};
	struct gitrun run = {.program = program_beside(&s->pool, "foureyesd"),
	    .shown = true};
	struct err err = {0};

	if (s->config.settings.held.count == 0)
		return STATUS_YES;
	if (gitrun(&run, &s->pool, words, &err) < 0)
		return complain(STATUS_UNKNOWN,
		    "sealed, and sent nowhere: %s (foureyesd belongs beside "
		    "foureyes)",
		    err.text);
	return run.status;
}

int
cmd_seal(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct sealed sealed = {0};
	struct err err = {0};
	bool as_json = false, here = false;
	const char *accept = NULL;
	uint64_t recovered = 0;
	const struct option options[] = {
	    {.name = "--accept-recovered", .value = &accept},
	    {.name = "--json", .given = &as_json},
	    {.name = "--here", .given = &here},
	    {0},
	};
	int status = STATUS_YES;

	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	if (accept != NULL &&
	    (option_number(&recovered, "--accept-recovered", accept, &err) <
	            0 ||
	        recovered == 0))
		return complain(STATUS_USAGE,
		    "seal: --accept-recovered takes the number of a record");
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    seal_become(&s.config.settings, true, &err) < 0 ||
	    seal_accept(&sealed, &s, recovered, &err) < 0) {
		status = complain(err.kind == ERR_TAMPERED ? STATUS_NO
		                                           : STATUS_UNKNOWN,
		    "%s", err.text);
	} else {
		warn(&sealed, &s);
		answer(&sealed, as_json);
		status = here ? STATUS_YES : hold(&s);
	}
	setup_free(&s);
	return status;
}
