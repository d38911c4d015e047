/* foureyesd alert: tell what waits, once; or try a destination. */
#include "daemon_alert_inside.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/daemon.h"
#include "app/options.h"
#include "app/say.h"
#include "base/text.h"

static const struct alert_to *
find(const struct alerts *alerts, const char *name)
{
	for (size_t i = 0; i < alerts->count; i++)
		if (strcmp(alerts->list[i].name, name) == 0)
			return &alerts->list[i];
	return NULL;
}

static int
say_state(struct setup *s, const struct alert_state *state)
{
	struct alert_waiting waiting = {0};
	struct err err = {0};

	if (state->there && changelog_catch_up(s->log, &err) == 0 &&
	    alert_waiting(&waiting, s->log, state, &err) < 0)
		return complain_err(&err);
	if (state->error != NULL) {
		say("%s: %llu%s wait: %s", state->to->name,
		    (unsigned long long)waiting.count, waiting.more ? "+" : "",
		    state->error);
		return STATUS_NO;
	}
	if (waiting.count > 0)
		say("%s: %llu told, %llu%s wait", state->to->name,
		    (unsigned long long)state->told,
		    (unsigned long long)waiting.count, waiting.more ? "+" : "");
	else
		say("%s: %llu told, none waits", state->to->name,
		    (unsigned long long)state->told);
	return STATUS_YES;
}

static int
tell_once(struct setup *s, char **names, int count)
{
	const struct alerts *alerts = &s->config.settings.alerts;
	struct alert_round round = {.setup = s,
	    .names = names,
	    .name_count = count,
	    .at_once = true};
	struct alert_state *states;
	struct err err = {0};
	int status = STATUS_YES;

	for (int i = 0; i < count; i++)
		if (find(alerts, names[i]) == NULL)
			return complain(STATUS_USAGE,
			    "'alerts' in foureyes.yaml has no '%s'", names[i]);
	if (alert_round(&round, &err) < 0)
		return complain_err(&err);
	alert_states_read(&states, &s->pool, &s->config.settings);
	for (size_t i = 0; i < alerts->count; i++) {
		bool named = count == 0;

		for (int k = 0; k < count; k++)
			named = named ||
			    strcmp(names[k], alerts->list[i].name) == 0;
		if (named && say_state(s, &states[i]) != STATUS_YES)
			status = STATUS_NO;
	}
	if (alerts->count == 0)
		say("nobody is told: 'alerts' in foureyes.yaml is empty");
	return status;
}

/* What is no record: its number is 0. */
static int
try_one(struct setup *s, const char *name)
{
	static const char line[] = "{\"type\":\"test\",\"text\":\"a test of "
	                           "foureyesd alert\"}";
	const struct alert_to *to = find(&s->config.settings.alerts, name);
	struct telling t = {.setup = s, .to = to};
	struct alert a = {.time = s->now,
	    .word = "test",
	    .severity = ALERT_NOTICE,
	    .text =
	        "test: somebody tries whether this arrives; it is no record",
	    .line = line,
	    .len = sizeof(line) - 1};
	struct err err = {0};

	if (to == NULL)
		return complain(STATUS_USAGE,
		    "'alerts' in foureyes.yaml has no '%s'", name);
	if (tree_parse_json(&a.record, &s->pool, line, a.len, "test", &err) < 0)
		return complain_err(&err);
	digest_sha256_hex(a.digest, line, a.len);
	alert_from_here(&t.from, &s->pool, s);
	if (alert_send(&t, &a, 1, &err) < 0)
		return complain(STATUS_NO, "alert: %s: %s", name, err.text);
	say("%s: it took a test%s", name,
	    t.rejected > 0 ? ", and says that it rejects it" : "");
	return t.rejected > 0 ? STATUS_NO : STATUS_YES;
}

int
daemon_alert_cmd(int argc, char **argv, const char *config)
{
	const char *test = NULL;
	bool once = false;
	const struct option options[] = {{.name = "--once", .given = &once},
	    {.name = "--test", .value = &test}, {0}};
	int count = options_read(argc, argv, options, 0, ALERTS_MAX);
	struct setup s = {0};
	struct err err = {0};
	int status;

	if (count < 0)
		return STATUS_USAGE;
	if (once == (test != NULL) || (test != NULL && count > 0))
		return complain(STATUS_USAGE,
		    "usage: foureyesd alert --once [NAME...] | --test NAME");
	(void)signal(SIGPIPE, SIG_IGN);
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_become(&s, &err) < 0 ||
	    (once && setup_log(&s, LEDGER_APPEND, &err) < 0))
		status = complain_err(&err);
	else
		status = test != NULL ? try_one(&s, test)
		                      : tell_once(&s, argv + 1, count);
	setup_free(&s);
	return status;
}
