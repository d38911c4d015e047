/*
 * foureyes due: the reviews that emergencies owe: which commit, by which gate,
 * until when, who may give it, and the line to type.
 */
#include "app/cmd.h"

#include <string.h>

#include "app/review.h"
#include "app/say.h"
#include "app/signoff.h"
#include "base/json.h"
#include "base/text.h"
#include "core/topics.h"
#include "core/rule.h"

#define NAMED_PEOPLE 5

static const char *const states[] = {"not readable", "open", "objected",
    "done"};

static bool
takes_part(const struct owed *o, const char *person)
{
	for (size_t i = 0; i < o->review.contributor_count; i++)
		if (text_same(o->review.contributors[i].person, person))
			return true;
	return text_same(person, tree_text(o->landing.tree, "declarer")) ||
	    text_same(person, tree_text(o->landing.tree, "lander"));
}

static void
names_of(struct setup *s, const struct gate *gate, const struct owed *o,
    struct buf *out)
{
	const struct people *people = &s->config.people;
	const struct policy_approvals *asked = &gate->approvals;
	size_t count = 0;

	for (size_t i = 0; i < people->count; i++) {
		const struct person *p = &people->list[i];

		if (!person_in_force(p, s->now) || takes_part(o, p->id) ||
		    !approvals_take(asked, p))
			continue;
		if (++count <= NAMED_PEOPLE)
			buf_printf(out, "%s%s", count > 1 ? ", " : "", p->id);
	}
	if (count > NAMED_PEOPLE)
		buf_printf(out, " and %zu more", count - NAMED_PEOPLE);
	if (count == 0)
		buf_put(out, "nobody in people.yaml");
}

static void
print_json(const struct owed *o)
{
	const struct tree *t = o->landing.tree;
	struct buf out = {0};
	struct json j = {.out = &out};

	json_open(&j, '{');
	json_key_text(&j, "commit", owed_commit(&o->landing));
	json_key_text(&j, "repository", tree_text(t, "repository"));
	json_key_text(&j, "gate", tree_text(t, "gate"));
	json_key_text(&j, "ref", tree_text(t, "ref"));
	json_key_text(&j, "due", tree_text(t, "review_due"));
	json_key_text(&j, "declarer", tree_text(t, "declarer"));
	json_key_text(&j, "state", states[o->review.state]);
	json_key_number(&j, "have", o->review.have);
	json_key_number(&j, "asked", o->review.asked);
	json_key_text(&j, "unknown_contributor", o->review.unknown);
	json_key_number(&j, "record", (int64_t)o->landing.seq);
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

static void
print(struct setup *s, const struct owed *o)
{
	const struct tree *t = o->landing.tree;
	const char *commit = owed_commit(&o->landing);
	const char *repository = tree_text(t, "repository");
	const struct gate *gate =
	    policy_gate_named(policy_repository(&s->config.policy, repository),
	        tree_text(t, "gate"));
	struct buf names = {0};

	names_of(s, gate, o, &names);
	say("%s  %s/%s  %s", commit, repository, gate->name,
	    tree_text(t, "ref"));
	say("  due:     %s%s (%s; %u of %u approvals; declared by %s)",
	    tree_text(t, "review_due"),
	    tree_instant(t, "review_due") <= s->now ? ", OVERDUE" : "",
	    states[o->review.state], o->review.have, o->review.asked,
	    tree_text(t, "declarer"));
	if (o->review.unknown != NULL)
		say("  but:     people.yaml does not know '%s', who had a part "
		    "in it; until it does, nobody's approval counts",
		    o->review.unknown);
	say("  who may: %s", buf_text(&names));
	say("  they:    git fetch origin && foureyes approve %s "
	    "--repository %s --for %s",
	    commit, repository, tree_text(t, "ref"));
	buf_free(&names);
}

/* Every one in its own repository: this push is at none. */
static int
list_owed(struct setup *s, bool json, int *status, struct err *err)
{
	struct push p = {.setup = s,
	    .pool = &s->pool,
	    .repository = "",
	    .now = s->now};
	struct owed_search search = {.topic = topic_all_owed()};
	struct owed *list;
	size_t count, open = 0;
	bool all;

	p.commits.pool = p.pushers.pool = p.pool;
	if (owed_find(&p, &search, &list, &count, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (list[i].review.state == REVIEW_OBJECTED)
			continue;
		open++;
		if (list[i].review.state == REVIEW_UNKNOWN)
			*status = STATUS_UNKNOWN;
		if (json)
			print_json(&list[i]);
		else
			print(s, &list[i]);
	}
	if (open == 0 && !json)
		say("no review is owed");
	if (!all)
		*status = complain(STATUS_UNKNOWN,
		    "more than %d reviews are owed; the rest is not shown",
		    OWED_MAX);
	if (*status == STATUS_YES && open > 0)
		*status = STATUS_NO;
	return 0;
}

/* Somebody reads the log itself, too, and who may do what. */
static int
list_reading(struct setup *s, bool access, bool json, int *status,
    struct err *err)
{
	const char *command = access ? "access" : "digest";
	char due[TEXT_INSTANT_SIZE];
	struct signoff_state state;
	struct buf out = {0};
	struct json j = {.out = &out};

	if (signoff_state(s, access, &state, err) < 0)
		return -1;
	if (!state.asked || (!json && !state.overdue))
		return 0;
	text_instant(due, state.due);
	if (json) {
		json_open(&j, '{');
		json_key_text(&j, access ? "access" : "log", "signoff");
		json_key_instant(&j, "read_to", state.to);
		json_key_instant(&j, "due", state.due);
		json_key_bool(&j, "overdue", state.overdue);
		json_close(&j);
		say_json(&out);
		buf_free(&out);
	} else {
		say("%s: nobody signed that it was read, OVERDUE since %s",
		    access ? "who may do what" : "the log itself", due);
		say("  they:    foureyes %s --statement >%s, "
		    "ssh-keygen -Y sign -n " SIGNOFF_SPACE " -f KEY %s, "
		    "foureyes %s --signed %s %s.sig",
		    command, command, command, command, command, command);
	}
	if (*status == STATUS_YES && state.overdue)
		*status = STATUS_NO;
	return 0;
}

int
cmd_due(int argc, char **argv, const char *config)
{
	bool json = argc == 2 && strcmp(argv[1], "--json") == 0;
	struct setup s = {0};
	struct err err = {0};
	int status = STATUS_YES;

	if (argc != 1 && !json)
		return complain(STATUS_USAGE, "usage: foureyes due [--json]");
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, LEDGER_READ, &err) < 0 ||
	    list_owed(&s, json, &status, &err) < 0 ||
	    list_reading(&s, false, json, &status, &err) < 0 ||
	    list_reading(&s, true, json, &status, &err) < 0)
		status = complain_err(&err);
	setup_free(&s);
	return status;
}
