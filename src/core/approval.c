/*
 * Which approvals count for which change: the tests that peer approval and
 * owners share, each with its own code, in the order in which a reader would
 * ask them.
 */
#include "core/rule.h"

#include <string.h>

#include "base/text.h"

struct weighing {
	const struct bench *b;
	const struct change *c;
	const struct approval *a;
	const struct texts *groups;
	const struct person *person;
	const char **why;
};

typedef const char *weigh_fn(struct weighing *w);

static const char *
say(struct weighing *w, const char *code, const char *why)
{
	*w->why = why;
	return code;
}

static const char *
weigh_purpose(struct weighing *w)
{
	const struct update *u = w->b->update;
	const char *target = w->a->target;

	if (!text_same(w->a->repository, u->repository))
		return say(w, "peer.other-repository",
		    "it was given to another repository");
	if (!policy_target_is(w->b->gate, target, u->ref))
		return say(w, "peer.other-target",
		    pool_printf(w->b->pool, "it was given for %s",
		        shown(target)));
	if (w->a->carried == CARRIED_NOT)
		return say(w, "peer.other-commit",
		    "it approves another commit, which does not give this "
		    "content here");
	if (w->a->carried > w->b->gate->approvals.carry)
		return say(w, "peer.carry",
		    "this gate does not carry approvals so far");
	return NULL;
}

static const char *
weigh_standing(struct weighing *w)
{
	if (w->a->taken_back != 0)
		return say(w, "peer.withdrawn",
		    "the same person took it back later");
	if (w->a->voided != 0)
		return say(w, "peer.voided",
		    "records behind it were lost, and perhaps an objection "
		    "among them; approve again");
	if (w->a->spent == TRI_YES)
		return say(w, "peer.spent",
		    "an earlier landing used it up; approve again");
	if (w->a->in_use != NULL)
		return say(w, "peer.in-use",
		    pool_printf(w->b->pool,
		        "a push to %s was admitted by it and may still land",
		        shown(w->a->in_use)));
	if (w->a->after_fact == TRI_YES)
		return say(w, "peer.after-the-fact",
		    "it was given when this had landed already");
	if (w->a->spent != TRI_NO || w->a->after_fact != TRI_NO ||
	    w->a->time <= 0)
		return say(w, "peer.standing-unknown",
		    "when it was given, or whether a landing used it up, could "
		    "not be read");
	if (w->b->update->at - w->a->time >= w->b->gate->approvals.valid_for)
		return say(w, "peer.expired", "it is too old for this gate");
	return NULL;
}

/* Signed with a key that is the person's, and was when it was received. */
static bool
key_holds(const struct bench *b, const struct person *person,
    const struct approval *a)
{
	const struct person_key *key;

	return people_by_key(b->people, a->key, &key) == person &&
	    person_key_in_force(key, a->time);
}

/*
 * A machine is a peer by its own name only: it is in no group of an owners
 * entry, whatever people.yaml says.
 */
static bool
is_named_machine(const struct weighing *w)
{
	const struct policy_approvals *asked = &w->b->gate->approvals;

	return w->groups == groups_asked(w->b) &&
	    texts_have(&asked->machines, w->person->id);
}

/*
 * Who joins a group later has approved nothing for it before.  Records of rules
 * older than that do not say, and are judged as they were.
 */
static const char *
weigh_groups_then(struct weighing *w)
{
	if (w->person->machine || w->groups->count == 0 ||
	    !rules_know(w->b, RULES_GROUPS_THEN))
		return NULL;
	if (w->a->groups_known != TRI_YES)
		return say(w, "peer.standing-unknown",
		    "in which groups its person was then could not be read");
	for (size_t i = 0; i < w->a->group_count; i++)
		if (texts_have(w->groups, w->a->groups[i]))
			return NULL;
	return say(w, "peer.joined-later",
	    "who gave it was in no group that may approve here, then; approve "
	    "again");
}

static const char *
weigh_person(struct weighing *w)
{
	const struct policy_approvals *asked = &w->b->gate->approvals;

	if (w->person == NULL)
		return say(w, "peer.unknown-person",
		    "people.yaml does not know who gave it");
	if (w->person->machine && !is_named_machine(w))
		return say(w, "peer.machine",
		    "machines are no peers at this gate");
	if (!w->person->machine &&
	    !person_in_any(w->person, w->groups->list, w->groups->count))
		return say(w, "peer.not-in-group",
		    "who gave it is in no group that may approve here");
	if (w->a->in_force != TRI_YES ||
	    !person_in_force(w->person, w->b->update->at))
		return say(w, "peer.not-in-force",
		    "who gave it, or the key, had no rights then or since");
	if (w->a->key == NULL && !asked->pusher_may)
		return say(w, "peer.unsigned", "it is not signed");
	if (w->a->key != NULL && !key_holds(w->b, w->person, w->a))
		return say(w, "peer.key-revoked",
		    "its key is not the person's any more");
	if (asked->presence && !w->a->presence)
		return say(w, "peer.presence",
		    "this gate asks for a security key that was touched");
	return NULL;
}

static const char *
part_code(enum part part, const char **word)
{
	static const struct {
		const char *code, *word;
	} parts[] = {
	    [PART_NONE] = {"peer.contributor", "a contributor of"},
	    [PART_AUTHOR] = {"peer.author", "author of"},
	    [PART_COMMITTER] = {"peer.committer", "committer of"},
	    [PART_COAUTHOR] = {"peer.co-author", "co-author of"},
	    [PART_FIRST_PUSHER] = {"peer.first-pusher", "first pusher of"},
	    [PART_OPENER] = {"peer.opener", "opener of"},
	    [PART_OWNER] = {"peer.owner",
	        "answerable for a machine that had a part in"},
	};

	*word = parts[part].word;
	return parts[part].code;
}

/* The approver themselves, or one of a machine and who answers for it. */
static bool
is_approver(const struct weighing *w, const struct contributor *p)
{
	return text_same(people_behind(w->b->people, p->person),
	    people_behind(w->b->people, w->person->id));
}

/* Their own part goes before that of a machine of theirs. */
static unsigned
nearness(const struct weighing *w, const struct contributor *p)
{
	return (text_same(p->person, w->person->id) ? 0u : PART_OWNER + 1u) +
	    (unsigned)p->part;
}

static const char *
bar(struct weighing *w, const struct contributor *p)
{
	bool own = text_same(p->person, w->person->id);
	const char *word, *code = part_code(p->part, &word);
	const char *who = w->person->id;

	if (!own && w->person->machine)
		who = pool_printf(w->b->pool, "%s, which answers as %s,", who,
		    people_behind(w->b->people, who));
	else if (!own)
		part_code(PART_OWNER, &word);
	return say(w, own ? code : "peer.owner",
	    pool_printf(w->b->pool, "%s %s %s %.12s (%s)", who,
	        p->known ? "is" : "may be", word, shown(p->commit),
	        spelled(w->b->pool, p->written)));
}

static const char *
weigh_contributors(struct weighing *w)
{
	const struct contributor *worst = NULL;

	for (size_t i = 0; i < w->c->contributor_count; i++) {
		const struct contributor *p = &w->c->contributors[i];

		if (!is_approver(w, p))
			continue;
		if (p->part == PART_COAUTHOR &&
		    w->b->gate->approvals.coauthors_allowed)
			continue;
		if (worst == NULL || nearness(w, p) < nearness(w, worst))
			worst = p;
	}
	return worst == NULL ? NULL : bar(w, worst);
}

/*
 * Who lands is no peer of a promotion, of a way back, nor of what nobody made:
 * there the landing is the only part anybody has in it.
 */
static bool
lander_bars(const struct weighing *w)
{
	return w->b->gate->approvals.independent_of == INDEPENDENT_OF_LANDER ||
	    w->c->contributor_count == 0 || move_takes_lane(w->b);
}

/* The approver is `id`, or a machine that `id` answers for. */
static bool
is_or_answers(const struct weighing *w, const char *id)
{
	return text_same(id, w->person->id) ||
	    text_same(id, people_behind(w->b->people, w->person->id));
}

static const char *
weigh_independence(struct weighing *w)
{
	const struct update *u = w->b->update;
	const char *code = NULL;

	if (contributors_bar(w->b))
		code = weigh_contributors(w);
	if (code != NULL)
		return code;
	if ((lander_bars(w) && is_or_answers(w, u->pusher.person)) ||
	    (w->c->contributor_count == 0 && lander_is_of(w->b, w->person->id)))
		return say(w, "peer.lander",
		    "who lands this does not approve it");
	if (lander_is_machine(w->b) && is_or_answers(w, u->promotion.asker))
		return say(w, "peer.asker",
		    "who asked for a promotion does not approve it");
	return NULL;
}

const char *
approval_weigh(const struct bench *b, const struct change *c,
    const struct approval *a, const struct texts *groups, const char **why)
{
	static weigh_fn *const tests[] = {weigh_purpose, weigh_standing,
	    weigh_person, weigh_groups_then, weigh_independence};
	struct weighing w = {.b = b,
	    .c = c,
	    .a = a,
	    .groups = groups,
	    .person = people_by_id(b->people, a->person),
	    .why = why};
	const char *code = NULL;

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		code = tests[i](&w);
		if (code != NULL)
			break;
	}
	return code;
}

bool
approval_same_person(const struct bench *b, const struct approval *one,
    const struct approval *other)
{
	return text_same(people_behind(b->people, one->person),
	    people_behind(b->people, other->person));
}

/*
 * Two approvals by one person are one approval, even from two places, and so
 * are a person's and their machine's.
 */
static bool
counted_before(const struct bench *b, const struct change *c, size_t i,
    const struct texts *groups)
{
	const char *why;

	for (size_t k = 0; k < i; k++)
		if (approval_same_person(b, &c->approvals[k],
		        &c->approvals[i]) &&
		    approval_weigh(b, c, &c->approvals[k], groups, &why) ==
		        NULL)
			return true;
	return false;
}

unsigned
approval_count(const struct bench *b, const struct change *c,
    const struct texts *groups)
{
	unsigned count = 0;
	const char *why;

	for (size_t i = 0; i < c->approval_count; i++)
		if (approval_weigh(b, c, &c->approvals[i], groups, &why) ==
		        NULL &&
		    !counted_before(b, c, i, groups))
			count++;
	return count;
}

bool
objection_stops(const struct bench *b, const struct change *c,
    const struct approval *o)
{
	const struct gate *g = b->gate;
	const struct texts *asked = groups_asked(b);
	const struct person *p = people_by_id(b->people, o->person);

	if (o->in_force == TRI_NO || !person_in_force(p, b->update->at) ||
	    (o->key != NULL && !key_holds(b, p, o)))
		return false;
	if (p->machine)
		return texts_have(&g->approvals.machines, p->id);
	if (person_in_any(p, asked->list, asked->count))
		return true;
	for (size_t i = 0; i < g->owner_count; i++)
		if ((i >= c->owned_count || c->owned[i].touched != TRI_NO) &&
		    person_in_any(p, g->owners[i].groups.list,
		        g->owners[i].groups.count))
			return true;
	return false;
}

static bool
is_objected(const struct bench *b, const struct change *c)
{
	for (size_t i = 0; i < c->objection_count; i++)
		if (objection_stops(b, c, &c->objections[i]))
			return true;
	return false;
}

static bool
owners_approve(const struct bench *b, const struct change *c)
{
	for (size_t i = 0; i < b->gate->owner_count; i++) {
		const struct policy_owner *o = &b->gate->owners[i];

		if (i >= c->owned_count || c->owned[i].touched == TRI_UNKNOWN)
			return false;
		if (c->owned[i].touched == TRI_YES &&
		    approval_count(b, c, &o->groups) < o->count)
			return false;
	}
	return true;
}

bool
change_is_approved(const struct bench *b, const struct change *c)
{
	const struct policy_approvals *asked = &b->gate->approvals;

	if (c->approvals_known != TRI_YES)
		return false;
	if (c->contributors_known != TRI_YES && contributors_bar(b))
		return false;
	return !is_objected(b, c) && owners_approve(b, c) &&
	    approval_count(b, c, &asked->groups) >= asked->count;
}
