/* doctor: is enforcement really on, here, now. */
#include "app/cmd.h"

#include "app/doctor.h"
#include "app/options.h"
#include "app/say.h"
#include "base/json.h"

static void
answer(const struct notes *n, bool as_json)
{
	struct buf out = {0};
	struct json j = {.out = &out};

	if (!as_json) {
		notes_say(n, NOTE_OK);
		return;
	}
	json_open(&j, '{');
	json_key_number(&j, "wrong", (int64_t)n->wrong);
	json_key_number(&j, "warnings", (int64_t)n->warnings);
	json_key_number(&j, "unknown", (int64_t)n->unknown);
	notes_write(n, &j, "notes");
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

int
cmd_doctor(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct notes n = {.pool = &s.pool};
	struct err err = {0};
	bool as_json = false;
	const struct option options[] = {{.name = "--json", .given = &as_json},
	    {0}};
	int count = options_read(argc, argv, options, 0, argc);
	int status;

	if (count < 0)
		return STATUS_USAGE;
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_become(&s, &err) < 0) {
		status = err.kind == ERR_CONFIG ? STATUS_NO : STATUS_UNKNOWN;
		note(&n, NOTE_WRONG, "configuration",
		    "%s; until it is sound every push is refused", err.text);
	} else {
		doctor_look(&n, &s, argv + 1, count);
		status = n.wrong > 0 ? STATUS_NO
		    : n.unknown > 0  ? STATUS_UNKNOWN
		                     : STATUS_YES;
	}
	answer(&n, as_json);
	setup_free(&s);
	return status;
}
