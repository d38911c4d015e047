/* replay: every decision judged once more, from its own record. */
#include "app/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/node.h"
#include "app/options.h"
#include "app/replay.h"
#include "app/say.h"
#include "app/setup.h"
#include "app/walking.h"
#include "base/json.h"
#include "core/chain.h"

#define TOLD_MAX 1000 /* decisions that are told of one by one */

struct telling {
	struct replay *replay;
	struct json *json; /* NULL: in words */
	struct buf newer;  /* JSON of what newer rules would say */
	struct json newer_json;
	bool name_newer; /* say which ones newer rules judge otherwise */
	size_t told;
};

static const char *
or_nothing(const char *json)
{
	return json != NULL ? json : "nothing";
}

static void
tell_words(const struct replayed *r)
{
	say("record %llu (%s %s): %s", (unsigned long long)r->seq,
	    r->repository != NULL ? r->repository : "no repository",
	    r->ref != NULL ? r->ref : "no ref", r->why);
	for (size_t i = 0; i < r->difference_count; i++) {
		say("  %s", r->differences[i].key);
		say("    recorded:     %s",
		    or_nothing(r->differences[i].recorded));
		say("    judged again: %s",
		    or_nothing(r->differences[i].judged));
	}
}

static void
key_raw(struct json *j, const char *key, const char *json)
{
	json_key(j, key);
	if (json == NULL)
		json_nothing(j);
	else
		json_raw(j, json, strlen(json));
}

static void
open_one(struct json *j, const struct replayed *r)
{
	json_open(j, '{');
	json_key_number(j, "record", (int64_t)r->seq);
	json_key_text(j, "repository", r->repository);
	json_key_text(j, "ref", r->ref);
	json_key_number(j, "rules", r->rules);
}

static void
tell_json(struct json *j, const struct replayed *r)
{
	open_one(j, r);
	json_key_bool(j, "differs", r->end == REPLAY_DIFFERS);
	json_key_text(j, "text", r->why);
	json_key_open(j, "differences", '[');
	for (size_t i = 0; i < r->difference_count; i++) {
		json_open(j, '{');
		json_key_text(j, "key", r->differences[i].key);
		key_raw(j, "recorded", r->differences[i].recorded);
		key_raw(j, "judged", r->differences[i].judged);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void
tell_newer(struct telling *t, const struct replayed *r)
{
	if (t->json == NULL) {
		say("record %llu (%s %s): by the rules of today it would be "
		    "%s: %s",
		    (unsigned long long)r->seq, r->repository, r->ref,
		    r->newer_outcome, or_nothing(r->newer_findings));
		return;
	}
	open_one(&t->newer_json, r);
	json_key_text(&t->newer_json, "outcome", r->newer_outcome);
	key_raw(&t->newer_json, "findings", r->newer_findings);
	json_close(&t->newer_json);
}

static int
see(void *ctx, const struct replayed *r, struct err *err)
{
	struct telling *t = ctx;
	bool fine = r->end == REPLAY_SAME || r->end == REPLAY_UNJUDGED;
	bool newer = t->name_newer && r->newer_outcome != NULL;

	(void)err;
	if (fine && !newer)
		return 0;
	if (t->told++ >= TOLD_MAX)
		return 0;
	if (!fine && t->json != NULL)
		tell_json(t->json, r);
	else if (!fine)
		tell_words(r);
	if (newer)
		tell_newer(t, r);
	return 0;
}

static bool
pause_at(void *ctx, uint64_t seq)
{
	(void)ctx;
	return walking_at(seq, "records");
}

static void
sum_words(const struct replay *r, bool newer)
{
	say("replayed: %zu decisions come out as they were recorded; %zu do "
	    "not; %zu could not be judged here; %zu were refused before a rule "
	    "was asked",
	    r->same, r->differ, r->unknown, r->unjudged);
	if (r->older > 0)
		say("%zu were judged by older rules, and come out as recorded by "
		    "those; by today's, %zu would come out otherwise%s",
		    r->older, r->newer,
		    newer || r->newer == 0 ? "" : " (--newer names them)");
}

static void
sum_json(struct telling *t)
{
	const struct replay *r = t->replay;
	struct json *j = t->json;

	json_close(j);
	json_key_open(j, "newer_rules_say", '[');
	if (t->newer.len > 0)
		json_raw(j, buf_text(&t->newer), t->newer.len);
	json_close(j);
	json_key_number(j, "records", (int64_t)r->records);
	json_key_number(j, "same", (int64_t)r->same);
	json_key_number(j, "differ", (int64_t)r->differ);
	json_key_number(j, "unknown", (int64_t)r->unknown);
	json_key_number(j, "unjudged", (int64_t)r->unjudged);
	json_key_number(j, "older_rules", (int64_t)r->older);
	json_key_number(j, "newer_otherwise", (int64_t)r->newer);
	json_key_bool(j, "stopped", r->stopped);
	json_close(j);
	say_json(j->out);
}

static int
answer(const struct replay *r)
{
	if (r->stopped)
		return complain(STATUS_UNKNOWN,
		    "replay: interrupted at record %llu; what is told is of "
		    "the records before it",
		    (unsigned long long)r->records);
	if (r->only != 0 && !r->found)
		return complain(STATUS_USAGE,
		    "replay: record %llu is no decision; foureyes log --type "
		    "decision lists them",
		    (unsigned long long)r->only);
	if (r->differ > 0)
		return STATUS_NO;
	return r->unknown > 0 ? STATUS_UNKNOWN : STATUS_YES;
}

static int
run(uint64_t only, const char *dir, bool newer, bool as_json)
{
	struct buf out = {0};
	struct json j = {.out = &out};
	struct telling t = {.json = as_json ? &j : NULL, .name_newer = newer};
	struct replay r = {.only = only,
	    .see = see,
	    .pause = pause_at,
	    .ctx = &t};
	struct err err = {0};
	int status;

	t.replay = &r;
	t.newer_json.out = &t.newer;
	if (as_json) {
		json_open(&j, '{');
		json_key_open(&j, "different", '[');
	}
	walking_begin();
	status = replay_ledger(&r, dir, &err);
	walking_end();
	if (status < 0) {
		status = complain(err.kind == ERR_TAMPERED ? STATUS_NO
		                                           : STATUS_UNKNOWN,
		    "%s", err.text);
	} else {
		if (as_json)
			sum_json(&t);
		else if (r.only == 0 || r.found)
			sum_words(&r, newer);
		status = answer(&r);
	}
	buf_free(&out);
	buf_free(&t.newer);
	return status;
}

static int
read_seq(const char *text, uint64_t *seq)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (text[0] < '1' || text[0] > '9' || *end != '\0' || errno != 0 ||
	    n > CHAIN_SEQ_MAX)
		return complain(-1, "replay: '%s' is no record's number", text);
	*seq = n;
	return 0;
}

int
cmd_replay(int argc, char **argv, const char *config)
{
	uint64_t only = 0;
	struct setup s = {0};
	struct err err = {0};
	const char *dir = NULL;
	bool all = false, as_json = false, newer = false;
	const struct option options[] = {
	    {.name = "--all", .given = &all},
	    {.name = "--newer", .given = &newer},
	    {.name = "--ledger", .value = &dir},
	    {.name = "--json", .given = &as_json},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, 1);
	int status;

	if (count < 0 || (count == 1 && read_seq(argv[1], &only) < 0))
		return STATUS_USAGE;
	if (count == 1 && all)
		return complain(STATUS_USAGE,
		    "replay: a record's number, or --all");
	if (dir == NULL) {
		if (setup_read(&s, setup_directory(config), &err) < 0 ||
		    setup_become(&s, &err) < 0 ||
		    node_catch_up(&s.config.settings, &err) < 0) {
			setup_free(&s);
			return complain(STATUS_UNKNOWN, "%s", err.text);
		}
		dir = s.config.settings.ledger;
	}
	status = dir == NULL
	    ? complain(STATUS_UNKNOWN, "no ledger is kept here")
	    : run(only, dir, newer, as_json);
	setup_free(&s);
	return status;
}
