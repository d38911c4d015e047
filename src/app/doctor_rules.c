/* Policy and people: do they still ask what they should, of whom they can? */
#include "app/doctor.h"

#include "app/in_words.h"

#include "base/text.h"
#include "core/rule.h"

static void
look_at_policy(struct notes *n, struct setup *s)
{
	const struct policy *p = &s->config.policy;
	const struct people *people = &s->config.people;
	const struct config_text *text = &s->config.policy_text;
	size_t administrators = 0;
	struct err err;
	struct checked *sound = checking(n, "config.sound", NULL, NULL);
	struct checked *who = checking(n, "config.administrators", NULL, NULL);

	if (text->bytes != NULL &&
	    policy_patterns(n->pool, text->bytes, text->len, &err) < 0)
		note_of(n, sound, NOTE_WRONG, "policy", "%s", err.text);
	else
		note(n, NOTE_OK, "policy", "sound, as people and settings are");
	for (size_t i = 0; i < people->count; i++)
		if (p->administration.count > 0 &&
		    person_in_force(&people->list[i], s->now) &&
		    person_in_any(&people->list[i], p->administration.list,
		        p->administration.count))
			administrators++;
	if (administrators == 0)
		note_of(n, who, NOTE_WARNING, "people",
		    "nobody is in an administration group: every adopt and "
		    "account will be an exception");
	if (p->mode == MODE_OBSERVE)
		note(n, NOTE_WARNING, "policy",
		    "mode is observe: nothing is refused");
}

/* What an entry is called: its globs. */
static const char *
entry_name(struct pool *pool, const struct policy_repository *e)
{
	struct buf text = {0};
	const char *name;

	for (size_t i = 0; i < e->match.count; i++)
		buf_printf(&text, "%s%s", i > 0 ? "," : "", e->match.list[i]);
	name = pool_text(pool, buf_text(&text));
	buf_free(&text);
	return name;
}

/* People and machines in force whose approval counts there. */
static size_t
approvers(const struct setup *s, const struct policy_approvals *asked)
{
	const struct people *people = &s->config.people;
	size_t count = 0;

	for (size_t i = 0; i < people->count; i++) {
		const struct person *p = &people->list[i];

		if (person_in_force(p, s->now) && approvals_take(asked, p))
			count++;
	}
	return count;
}

static void
look_at_gate(struct notes *n, struct setup *s, const char *name,
    const struct gate *g)
{
	struct checked *peer = checking(n, "gate.peer", NULL, name);
	struct checked *enforced = checking(n, "gate.enforced", NULL, name);
	struct checked *able = checking(n, "gate.approvers", NULL, name);
	const char *thing = pool_printf(n->pool, "gate %s", name);
	size_t there;

	if (g->mode == MODE_OBSERVE)
		note_of(n, enforced, NOTE_WARNING, thing,
		    "its mode is observe: nothing is refused there");
	if (!g->approvals.asked && g->landed_on.count == 0)
		note_of(n, peer, NOTE_WARNING, thing,
		    "it asks for no approval and takes from no gate that does: "
		    "who made a change may land it alone");
	if (!g->approvals.asked || s->config.people.count == 0)
		return;
	there = approvers(s, &g->approvals);
	if (there < g->approvals.count)
		note_of(n, able, NOTE_WARNING, thing,
		    "%u approval(s) are asked and %zu in force may give one: "
		    "nothing will land there; see people.yaml",
		    g->approvals.count, there);
}

static void
look_at_gates(struct notes *n, struct setup *s)
{
	const struct policy *p = &s->config.policy;

	for (size_t i = 0; i < p->repository_count; i++)
		for (size_t k = 0; k < p->repositories[i].gate_count; k++) {
			const struct policy_repository *e = &p->repositories[i];

			look_at_gate(n, s,
			    pool_printf(n->pool, "%s:%s",
			        entry_name(n->pool, e), e->gates[k].name),
			    &e->gates[k]);
		}
}

void
doctor_rules(struct notes *n, struct setup *s)
{
	look_at_policy(n, s);
	look_at_gates(n, s);
	checking(n, "config.policy", NULL, NULL)->value =
	    s->config.policy.digest;
	checking(n, "config.people", NULL, NULL)->value =
	    s->config.people.digest;
	checking(n, "config.settings", NULL, NULL)->value =
	    s->config.settings.digest;
}
