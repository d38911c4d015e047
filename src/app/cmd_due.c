/*
 * foureyes due: the reviews that emergencies owe: which commit, by which gate,
 * until when, who may give it, and the line to type.
 */
#include "app/cmd.h"

#include <string.h>

#include "app/gather.h"
#include "app/say.h"
#include "app/setup.h"
#include "base/json.h"
#include "base/text.h"
#include "core/topics.h"

#define PAGE 500
#define NAMED_PEOPLE 5

struct owing {
	struct setup *setup;
	bool json;
	size_t count;
	size_t unreadable;
};

static void
names_of(struct setup *s, const struct gate *gate, const struct record *r,
    struct buf *out)
{
	const struct people *people = &s->config.people;
	size_t count = 0;

	for (size_t i = 0; i < people->count; i++) {
		const struct person *p = &people->list[i];

		if (p->machine || !person_in_force(p, s->now) ||
		    !person_in_any(p, gate->approvals.groups.list,
		        gate->approvals.groups.count) ||
		    text_same(p->id, tree_text(r->tree, "declarer")) ||
		    text_same(p->id, tree_text(r->tree, "lander")))
			continue;
		if (++count <= NAMED_PEOPLE)
			buf_printf(out, "%s%s", count > 1 ? ", " : "", p->id);
	}
	if (count > NAMED_PEOPLE)
		buf_printf(out, " and %zu more", count - NAMED_PEOPLE);
}

static void
print_json(const struct record *r, unsigned have, unsigned asked,
    const char *state)
{
	struct buf out = {0};
	struct json j = {.out = &out};

	json_open(&j, '{');
	json_key_text(&j, "commit", tree_text(r->tree, "new"));
	json_key_text(&j, "repository", tree_text(r->tree, "repository"));
	json_key_text(&j, "gate", tree_text(r->tree, "gate"));
	json_key_text(&j, "ref", tree_text(r->tree, "ref"));
	json_key_text(&j, "due", tree_text(r->tree, "review_due"));
	json_key_text(&j, "declarer", tree_text(r->tree, "declarer"));
	json_key_text(&j, "state", state);
	json_key_number(&j, "have", have);
	json_key_number(&j, "asked", asked);
	json_key_number(&j, "record", (int64_t)r->seq);
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

static void
print_owed(struct owing *o, const struct record *r, const struct gate *gate,
    unsigned have, unsigned asked, const char *state)
{
	const struct tree *t = r->tree;
	const char *commit = tree_text(t, "subject");
	struct buf names = {0};

	if (o->json) {
		print_json(r, have, asked, state);
		return;
	}
	names_of(o->setup, gate, r, &names);
	say("%s  %s/%s  %s", commit, tree_text(t, "repository"), gate->name,
	    tree_text(t, "ref"));
	say("  due:     %s%s (%s; %u of %u approvals; declared by %s)",
	    tree_text(t, "review_due"),
	    tree_instant(t, "review_due") <= o->setup->now ? ", OVERDUE" : "",
	    state, have, asked, tree_text(t, "declarer"));
	say("  who may: %s", buf_text(&names));
	say("  they:    git fetch origin && foureyes approve %s "
	    "--repository %s --for %s",
	    commit, tree_text(t, "repository"), tree_text(t, "ref"));
	buf_free(&names);
}

static int
look_at(struct owing *o, const struct record *r, struct err *err)
{
	static const char *const states[] = {"not readable", "open", "objected",
	    "done"};
	struct setup *s = o->setup;
	const char *name = tree_text(r->tree, "repository"), *path;
	struct push p = {.setup = s,
	    .pool = &s->pool,
	    .repository = name,
	    .now = s->now};
	enum review_state state = REVIEW_UNKNOWN;
	unsigned have = 0, asked = 1;
	const struct gate *gate;
	struct err why = {0};

	p.commits.pool = p.pushers.pool = p.pool;
	p.entry = policy_repository(&s->config.policy, name);
	gate = p.entry == NULL
	    ? NULL
	    : policy_gate_named(p.entry, tree_text(r->tree, "gate"));
	if (gate == NULL)
		return 0;
	if (door_path(&s->config.settings, &s->pool, name, &path, &why) < 0 ||
	    repo_open(&p.repo, path, &why) < 0)
		o->unreadable++;
	else if (review_of(&p, r, &state, &have, &asked, err) < 0) {
		repo_close(p.repo);
		return -1;
	}
	repo_close(p.repo);
	if (state == REVIEW_DONE || state == REVIEW_OBJECTED)
		return 0;
	o->count++;
	print_owed(o, r, gate, have, asked, states[state]);
	return 0;
}

static int
look_at_all(struct owing *o, struct err *err)
{
	struct setup *s = o->setup;
	struct record *list;
	uint64_t beyond = 0;
	size_t count = PAGE;

	while (count == PAGE) {
		if (changelog_find(s->log, &s->pool, topic_all_unjudged(),
		        false, beyond, PAGE, &list, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			beyond = list[i].seq;
			if (text_same(tree_text(list[i].tree, "outcome"),
			        "ADMITTED_AS_EMERGENCY") &&
			    look_at(o, &list[i], err) < 0)
				return -1;
		}
	}
	return 0;
}

int
cmd_due(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct owing o = {.setup = &s};
	struct err err = {0};
	int ret;

	if (argc == 2 && strcmp(argv[1], "--json") == 0)
		o.json = true;
	else if (argc != 1)
		return complain(STATUS_USAGE, "usage: foureyes due [--json]");
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, LEDGER_READ, &err) < 0 || look_at_all(&o, &err) < 0) {
		setup_free(&s);
		return complain_err(&err);
	}
	if (o.count == 0 && !o.json)
		say("no review is owed");
	ret = o.unreadable > 0 ? STATUS_UNKNOWN
	    : o.count > 0      ? STATUS_NO
	                       : STATUS_YES;
	setup_free(&s);
	return ret;
}
