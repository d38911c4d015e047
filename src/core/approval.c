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

/* "hub request 17" */
static const char *
request_name(struct weighing *w)
{
	return pool_printf(w->b->pool, "%s request %s",
	    shown(w->a->request.source), shown(w->a->request.number));
}

/* Given at a forge: by its word alone, on a request that is still for this. */
static const char *
weigh_told(struct weighing *w)
{
	const struct on_request *r = &w->a->request;

	if (r->trusted != TRI_YES)
		return say(w, "peer.source",
		    pool_printf(w->b->pool,
		        "the source '%s' is not asked of approvals ('tells' in "
		        "foureyes.yaml)",
		        shown(r->source)));
	if (r->open == TRI_NO)
		return say(w, "peer.request-gone",
		    pool_printf(w->b->pool,
		        "%s is for another ref now, or was closed",
		        request_name(w)));
	if (r->certain != TRI_YES)
		return say(w, "peer.commit-not-told",
		    pool_printf(w->b->pool,
		        "%s was approved without saying which commit, and its "
		        "head was not certain then; approve there again",
		        request_name(w)));
	return NULL;
}

/* rules.md 14: while its request is known, only its present head's content. */
static const char *
weigh_request(struct weighing *w)
{
	const struct on_request *r = &w->a->request;
	const char *code;

	if (!rules_know(w->b, RULES_FORGES) || r->source == NULL)
		return NULL;
	code = r->told ? weigh_told(w) : NULL;
	if (code != NULL)
		return code;
	if (r->present == TRI_NO)
		return say(w, "peer.earlier-head",
		    pool_printf(w->b->pool,
		        "%s has another head now, with other content; approve "
		        "that",
		        request_name(w)));
	if (r->present != TRI_YES || (r->told && r->open != TRI_YES))
		return say(w, "peer.request-unknown",
		    pool_printf(w->b->pool, "how %s stands is not known",
		        request_name(w)));
	return NULL;
}

/*
 * By a signed tag or, where the gate lets it, the pusher's word; or told by a
 * forge that the person is still known at by that name.
 */
static bool
is_told(const struct weighing *w)
{
	return w->a->request.told && rules_know(w->b, RULES_FORGES);
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
bool
approval_key_holds(const struct bench *b, const struct person *person,
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
	if (w->a->key == NULL && !asked->pusher_may && !is_told(w))
		return say(w, "peer.unsigned", "it is not signed");
	if (is_told(w) &&
	    people_by_login(w->b->people, w->a->request.source,
	        w->a->request.login) != w->person)
		return say(w, "peer.login-revoked",
		    "its login is not the person's any more");
	if (w->a->key != NULL && !approval_key_holds(w->b, w->person, w->a))
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
	static weigh_fn *const tests[] = {weigh_purpose, weigh_request,
	    weigh_standing, weigh_person, weigh_groups_then,
	    weigh_independence};
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
approvals_take(const struct policy_approvals *asked, const struct person *who)
{
	return who->machine
	    ? texts_have(&asked->machines, who->id)
	    : person_in_any(who, asked->groups.list, asked->groups.count);
}
