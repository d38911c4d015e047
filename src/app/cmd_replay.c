/* replay: judge every decision again from its own record. */
#include "app/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/options.h"
#include "app/replay.h"
#include "app/say.h"
#include "app/setup.h"
#include "base/json.h"

#define SEQ_DIGITS 19

static int
print(void *ctx, const struct replayed_one *one, struct err *err)
{
	(void)ctx;
	(void)err;
	say("record %llu: %s %s of %s: %s", (unsigned long long)one->seq,
	    one->outcome, one->ref, one->repository,
	    one->where != NULL ? "NOT what its facts give"
	                       : "as its facts give");
	if (one->where != NULL) {
		say("  differs:  %s", one->where);
		say("  recorded: %s", one->recorded);
		say("  judged:   %s", one->judged);
	}
	if (one->newer != NULL)
		say("  today's rules would say %s", one->newer);
	return 0;
}

static int
print_json(void *ctx, const struct replayed_one *one, struct err *err)
{
	struct buf out = {0};
	struct json j = {.out = &out};

	(void)ctx;
	(void)err;
	json_open(&j, '{');
	json_key_number(&j, "record", (int64_t)one->seq);
	json_key_text(&j, "repository", one->repository);
	json_key_text(&j, "gate", one->gate);
	json_key_text(&j, "ref", one->ref);
	json_key_text(&j, "outcome", one->outcome);
	json_key_bool(&j, "same", one->where == NULL);
	if (one->where != NULL) {
		json_key_text(&j, "where", one->where);
		json_key_text(&j, "recorded", one->recorded);
		json_key_text(&j, "judged", one->judged);
	}
	if (one->newer != NULL)
		json_key_text(&j, "newer", one->newer);
	json_close(&j);
	say_json(&out);
	buf_free(&out);
	return 0;
}

static int
answer(const struct replay *r, bool json)
{
	if (r->only != 0 && r->decisions + r->at_door == 0)
		return complain(STATUS_USAGE,
		    "record %llu is no decision of this ledger",
		    (unsigned long long)r->only);
	if (!json)
		say("%llu decisions judged again: %llu the same, %llu not; "
		    "%llu more were refused before any gate",
		    (unsigned long long)r->decisions,
		    (unsigned long long)(r->decisions - r->differ),
		    (unsigned long long)r->differ,
		    (unsigned long long)r->at_door);
	if (!json && r->newer)
		say("%llu would be decided otherwise by today's rules",
		    (unsigned long long)r->otherwise);
	return r->differ == 0 ? STATUS_YES : STATUS_NO;
}

static int
read_seq(const char *word, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(word, &end, 10);
	return word[0] < '1' || word[0] > '9' || *end != '\0' || errno != 0 ||
	        end - word > SEQ_DIGITS
	    ? complain(-1, "replay: '%s' is no record's number", word)
	    : 0;
}

int
cmd_replay(int argc, char **argv, const char *config)
{
	struct replay r = {.progress = isatty(STDERR_FILENO) == 1};
	struct setup s = {0};
	struct ledger *ledger = NULL;
	struct err err = {0};
	const char *dir = NULL;
	bool json = false;
	const struct option options[] = {
	    {.name = "--newer", .given = &r.newer},
	    {.name = "--ledger", .value = &dir},
	    {.name = "--json", .given = &json},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, 1);
	int status = STATUS_UNKNOWN, ret = 0;

	if (count < 0 || (count == 1 && read_seq(argv[1], &r.only) < 0))
		return STATUS_USAGE;
	r.see = json ? print_json : print;
	if (dir == NULL) {
		ret = setup_read(&s, setup_directory(config), &err);
		if (ret == 0)
			ret = setup_become(&s, &err);
		dir = s.config.settings.ledger;
	}
	if (ret == 0 && dir == NULL)
		ret = err_set(&err, ERR_CONFIG, "no ledger is kept here");
	if (ret == 0 && ledger_open(&ledger, dir, LEDGER_READ, &err) == 0 &&
	    replay(&r, ledger, &err) == 0)
		status = answer(&r, json);
	else
		status = complain(err.kind == ERR_TAMPERED ? STATUS_NO
		                                           : STATUS_UNKNOWN,
		    "%s", err.text);
	ledger_close(ledger);
	setup_free(&s);
	return status;
}
