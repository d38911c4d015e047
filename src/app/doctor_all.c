/* Everything that doctor looks at, in the order of its answer. */
#include "app/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "app/gitrun.h"
#include "app/node.h"
#include "base/text.h"

/* reference-transaction came with this one. */
#define GIT_MAJOR 2
#define GIT_MINOR 28

void
doctor_git(struct notes *n)
{
	const char *const words[] = {"version", NULL};
	struct checked *c = checking(n, "git.version", NULL, NULL);
	const char *text = gitrun_ask(n->pool, words);
	const char *digits = text == NULL ? NULL : strpbrk(text, "0123456789");
	char *end;
	long major, minor;

	if (digits == NULL) {
		note_of(n, c, NOTE_WRONG, "git", "cannot be run");
		return;
	}
	major = strtol(digits, &end, 10);
	minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
	if (major < GIT_MAJOR || (major == GIT_MAJOR && minor < GIT_MINOR))
		note_of(n, c, NOTE_WARNING, "git",
		    "%s has no hook reference-transaction: what moves without "
		    "a push shows later",
		    text);
	else
		note(n, NOTE_OK, "git", "%s", text);
}

#define SELF_TEST_STALE ((int64_t)2 * 24 * 60 * 60 * 1000)

/* What a value is, and what changes it in order. */
static const struct valued {
	const char *check, *thing, *what;
} valued[] = {
    {"program.same", "program",
        "it is another file than was accepted; after an upgrade in order"},
    {"config.policy", "policy",
        "the file was changed, and not by foureyes apply; if that is right"},
    {"config.people", "people",
        "the file was changed, and not by foureyes apply; if that is right"},
    {"config.settings", "settings",
        "the file was changed, and not by foureyes apply; if that is right"},
};

static void
compare(struct notes *n, struct checked *c, const struct check_standing *st)
{
	const struct valued *v = &valued[0];

	for (size_t i = 0; i < sizeof(valued) / sizeof(valued[0]); i++)
		if (text_same(valued[i].check, c->check))
			v = &valued[i];
	if (st == NULL || st->value == NULL || text_same(st->value, c->value))
		return;
	note_of(n, c, NOTE_WARNING, v->thing,
	    "%s%s%s (SHA-256 %.12s, before %.12s by record %llu): foureyes "
	    "watch --accept %s --subject %s --reason TEXT",
	    text_same(c->subject, "installation") ? "" : c->subject,
	    text_same(c->subject, "installation") ? "" : ": ", v->what,
	    c->value, st->value, (unsigned long long)st->value_record, c->check,
	    c->subject);
}

void
doctor_values(struct notes *n, const struct standings *standings)
{
	for (struct checked *c = n->checks; c != NULL; c = c->next)
		if (c->value != NULL)
			compare(n, c,
			    standing_of(standings, n->pool, c->check,
			        c->subject));
}

static void
look_at_repositories(struct notes *n, struct setup *s, char **words, int count)
{
	const char **paths = (const char **)words;
	size_t total = (size_t)count;
	struct err err;

	if (count == 0 && visit_all(s, &paths, &total, &err) < 0) {
		note_of(n, checking(n, "config.places", NULL, NULL), NOTE_WRONG,
		    "server.root", "%s", err.text);
		return;
	}
	if (total == 0)
		note(n, NOTE_WARNING, "server.root",
		    "there is no repository below it");
	for (size_t i = 0; i < total; i++)
		doctor_repository(n, s, paths[i]);
}

/* When was it last seen that what must be refused is? */
static void
look_at_self_test(struct notes *n, const struct setup *s,
    const struct standings *standings)
{
	const struct check_standing *st =
	    standing_of(standings, n->pool, "watch.self-test", "installation");
	char age[32] = "";

	if (st == NULL)
		return;
	text_duration(age, s->now > st->time ? s->now - st->time : 0);
	if (st->state != CHECK_PASS)
		note(n, NOTE_WRONG, "self-test",
		    "%s ago: %s: foureyes watch --self-test",
		    age[0] != '\0' ? age : "0s",
		    st->text != NULL ? st->text : "it failed");
	else if (s->now - st->time > SELF_TEST_STALE)
		note(n, NOTE_WARNING, "self-test",
		    "the last was %s ago: foureyes watch --self-test, on a "
		    "timer (foureyes-self-test.timer)",
		    age);
	else
		note(n, NOTE_OK, "self-test", "%s ago",
		    age[0] != '\0' ? age : "0s");
}

void
doctor_look(struct notes *n, struct setup *s, char **words, int count)
{
	struct standings standings;
	struct err err;

	doctor_rules(n, s);
	notes_places(n, s);
	doctor_git(n);
	doctor_log(n, s);
	notes_held(n, s);
	doctor_sources(n, s);
	doctor_alerts(n, s);
	look_at_repositories(n, s, words, count);
	if (s->log == NULL)
		return;
	if (standings_read(&standings, n->pool, s->log,
	        node_of_checks(n->pool, &s->config.settings), &err) < 0) {
		note(n, NOTE_UNKNOWN, "watch", "%s", err.text);
		return;
	}
	doctor_values(n, &standings);
	doctor_forges(n, &standings);
	look_at_self_test(n, s, &standings);
}
