/* doctor: is enforcement really on, here, now. */
#include "app/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "app/doctor.h"
#include "app/gitrun.h"
#include "app/in_words.h"
#include "app/keeping.h"
#include "app/options.h"
#include "app/say.h"
#include "app/signoff.h"
#include "base/json.h"
#include "base/text.h"

/* reference-transaction came with this one. */
#define GIT_MAJOR 2
#define GIT_MINOR 28

static void
look_at_git(struct notes *n)
{
	const char *const words[] = {"version", NULL};
	const char *text = gitrun_ask(n->pool, words);
	const char *digits = text == NULL ? NULL : strpbrk(text, "0123456789");
	char *end;
	long major, minor;

	if (digits == NULL) {
		note(n, NOTE_WRONG, "git", "cannot be run");
		return;
	}
	major = strtol(digits, &end, 10);
	minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
	if (major < GIT_MAJOR || (major == GIT_MAJOR && minor < GIT_MINOR))
		note(n, NOTE_WARNING, "git",
		    "%s has no hook reference-transaction: what moves without "
		    "a push shows later",
		    text);
	else
		note(n, NOTE_OK, "git", "%s", text);
}

static void
look_at_policy(struct notes *n, struct setup *s)
{
	const struct policy *p = &s->config.policy;
	const struct people *people = &s->config.people;
	const struct config_text *text = &s->config.policy_text;
	size_t administrators = 0;
	struct err err;

	if (text->bytes != NULL &&
	    policy_patterns(n->pool, text->bytes, text->len, &err) < 0)
		note(n, NOTE_WRONG, "policy", "%s", err.text);
	else
		note(n, NOTE_OK, "policy", "sound, as people and settings are");
	for (size_t i = 0; i < people->count; i++)
		if (p->administration.count > 0 &&
		    person_in_force(&people->list[i], s->now) &&
		    person_in_any(&people->list[i], p->administration.list,
		        p->administration.count))
			administrators++;
	if (administrators == 0)
		note(n, NOTE_WARNING, "people",
		    "nobody is in an administration group: every adopt and "
		    "account will be an exception");
	if (p->mode == MODE_OBSERVE)
		note(n, NOTE_WARNING, "policy",
		    "mode is observe: nothing is refused");
}

/* Where the policy asks that somebody reads the log. */
static void
look_at_reading(struct notes *n, struct setup *s)
{
	struct signoff_state state;
	struct err err = {0};

	if (s->log == NULL || signoff_state(s, &state, &err) < 0 ||
	    !state.asked)
		return;
	if (state.overdue)
		note(n, NOTE_WRONG, "review",
		    "nobody signed in time that the log was read: foureyes "
		    "due says how");
	else
		note(n, NOTE_OK, "review", "the log was read in time");
}

/* Kept for admitted changes: gone, a full disk stops those too. */
static void
look_at_reserve(struct notes *n, struct ledger *ledger)
{
	uint64_t bytes = ledger_reserve(ledger);

	if (bytes < LEDGER_RESERVE)
		note(n, NOTE_WARNING, "ledger",
		    "%llu of the %u bytes kept for admitted changes are left: "
		    "make room on its disk, and the next record takes them "
		    "again",
		    (unsigned long long)bytes, LEDGER_RESERVE);
}

/* The lock is taken as a hook would take it, and nothing is written. */
static void
look_at_log(struct notes *n, struct setup *s)
{
	const struct settings *settings = &s->config.settings;
	struct ledger *ledger = NULL;
	struct err err;

	if (strcmp(settings->gate, "local") != 0) {
		note(n, NOTE_WARNING, "gate",
		    "'%s' judges; what it does is not looked at here",
		    settings->gate);
		return;
	}
	if (ledger_open(&ledger, settings->ledger, LEDGER_APPEND, &err) < 0 ||
	    ledger_append(ledger, NULL, 0, s->now, NULL, &err) < 0)
		note(n, NOTE_WRONG, "ledger", "%s", err.text);
	else
		note(n, NOTE_OK, "ledger", "can be locked and appended to");
	if (ledger != NULL)
		look_at_reserve(n, ledger);
	ledger_close(ledger);
	if (setup_log(s, LEDGER_READ, &err) < 0)
		note(n, NOTE_WRONG, "index", "%s", err.text);
	else
		note(n, NOTE_OK, "index", "knows %llu records",
		    (unsigned long long)changelog_last(s->log));
	look_at_reading(n, s);
}

static void
look_at_repositories(struct notes *n, struct setup *s, char **words, int count)
{
	const char **paths = (const char **)words;
	size_t total = (size_t)count;
	struct err err;

	if (count == 0 && visit_all(s, &paths, &total, &err) < 0) {
		note(n, NOTE_WRONG, "server.root", "%s", err.text);
		return;
	}
	if (total == 0)
		note(n, NOTE_WARNING, "server.root",
		    "there is no repository below it");
	for (size_t i = 0; i < total; i++)
		doctor_repository(n, s, paths[i]);
}

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
		look_at_policy(&n, &s);
		notes_places(&n, &s);
		look_at_git(&n);
		look_at_log(&n, &s);
		notes_held(&n, &s);
		look_at_repositories(&n, &s, argv + 1, count);
		status = n.wrong > 0 ? STATUS_NO : STATUS_YES;
	}
	answer(&n, as_json);
	setup_free(&s);
	return status;
}
