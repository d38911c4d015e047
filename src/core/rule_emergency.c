/*
 * Control: emergency change (CM-7).  A narrow, loud way past, and its debt.
 *
 * A declaration is valid when the policy has an emergency lane, the declarer is
 * in one of its groups and made it (by the push, or with a key), owes no
 * overdue review, incident and reason say something, the push moves one gated
 * ref, and the declaration is young enough and unused.  It switches no rule
 * off: judge() keeps all findings and turns the outcome.  An overdue review
 * blocks the next ordinary push to its gate, but neither the lane back, nor a
 * restored ref, nor an approved change that follows an objected one, nor
 * another person's emergency.
 */
#include "core/rule.h"

#include "base/text.h"

static const char CONTROL[] = "emergency";

static const struct debt *
own_overdue(const struct update *u)
{
	for (size_t i = 0; i < u->debt_count; i++)
		if (u->debts[i].due <= u->at &&
		    text_same(u->debts[i].declarer,
		        u->declaration.declarer.person))
			return &u->debts[i];
	return NULL;
}

static const struct debt *
overdue_here(const struct update *u)
{
	for (size_t i = 0; i < u->debt_count; i++)
		if (!u->debts[i].elsewhere && u->debts[i].due <= u->at)
			return &u->debts[i];
	return NULL;
}

/*
 * A declaration that came with the push is the pusher's; one that came before
 * is a signed tag, and its key is still the declarer's; or a comment on the
 * request, told by a source that is believed, by a login that still is.
 */
static bool
is_declarers_own(const struct bench *b, const struct person *who)
{
	const struct declaration *d = &b->update->declaration;
	const struct person_key *key;

	if (d->by == DECLARED_COMMENT)
		return d->request.trusted == TRI_YES &&
		    people_by_login(b->people, d->request.source,
		        d->request.login) == who;
	if (d->by != DECLARED_TAG)
		return text_same(b->update->pusher.person, who->id);
	return people_by_key(b->people, d->key, &key) == who &&
	    person_key_in_force(key, d->time);
}

static bool
is_member(const struct bench *b, const struct person *who)
{
	const struct policy_emergency *lane = &b->policy->emergency;

	return who != NULL && !who->machine &&
	    b->update->declaration.member == TRI_YES &&
	    person_in_force(who, b->update->at) &&
	    person_in_any(who, lane->groups.list, lane->groups.count);
}

static const char *
fault_of_who(const struct bench *b, const char **why)
{
	const struct update *u = b->update;
	const struct person *who =
	    people_by_id(b->people, u->declaration.declarer.person);

	*why = "the policy has no emergency lane";
	if (!b->policy->emergency.asked)
		return "emergency.no-lane";
	*why = "the declarer is in no group that may declare an emergency";
	if (!is_member(b, who))
		return "emergency.not-a-member";
	*why = "it is not by the pusher, nor signed with a key of the "
	       "declarer, nor written by their login where a source is "
	       "believed";
	if (!is_declarers_own(b, who))
		return "emergency.not-their-own";
	*why = "the declarer owes an overdue emergency review";
	if (u->debts_known != TRI_YES || own_overdue(u) != NULL)
		return "emergency.own-overdue";
	return NULL;
}

static const char *
fault_of_what(const struct bench *b, const char **why)
{
	const struct update *u = b->update;
	const struct declaration *d = &u->declaration;

	*why = "it names no incident: git push -o emergency=INC-1 -o "
	       "reason='...'";
	if (d->incident_state != PLAN_REAL)
		return "emergency.no-incident";
	*why = "it gives no reason: git push -o emergency=INC-1 -o "
	       "reason='...'";
	if (d->reason_state != PLAN_REAL)
		return "emergency.no-reason";
	*why = "a declared push moves one gated ref at a time";
	if (u->gated != 1)
		return "emergency.two-refs";
	*why = "the declaration is too old; declare again";
	if (u->at - d->time >= b->policy->emergency.valid_for)
		return "emergency.expired";
	*why = "the declaration was used for another landing";
	if (d->used != TRI_NO)
		return "emergency.used";
	*why = "another push was admitted by the declaration and may still "
	       "land";
	if (d->in_use != NULL)
		return "emergency.in-use";
	return NULL;
}

static bool
all_is_met(const struct bench *b)
{
	for (size_t i = 0; i < b->verdict->finding_count; i++)
		if (b->verdict->findings[i].standing != MET &&
		    b->verdict->findings[i].standing != NOT_ASKED)
			return false;
	return true;
}

/*
 * A tag or trailer stays with its commit.  What is wrong with it stands in the
 * way of nothing that needs no emergency.
 */
static void
judge_declaration(struct bench *b)
{
	const struct declaration *d = &b->update->declaration;
	const char *why, *code = fault_of_who(b, &why);

	if (code == NULL)
		code = fault_of_what(b, &why);
	if (code != NULL && d->by != DECLARED_PUSH_OPTION && all_is_met(b))
		finding_add(b, NULL, CONTROL, NOT_ASKED, code, "%s", why);
	else if (code != NULL)
		finding_add(b, NULL, CONTROL, UNMET, code, "%s", why)->hard =
		    true;
	else
		finding_add(b, NULL, CONTROL, MET, "emergency.declared",
		    "%s declared incident %s: %s", d->declarer.person,
		    shown(d->incident), shown(d->reason));
}

/* What an overdue review does not block, besides another's emergency. */
static bool
is_exempt(const struct bench *b)
{
	const struct update *u = b->update;

	return u->move == MOVE_RESTORE || u->follows_objected ||
	    move_takes_lane(b);
}

static void
judge_debts(struct bench *b)
{
	const struct update *u = b->update;
	const struct debt *owed = overdue_here(u);
	char due[TEXT_INSTANT_SIZE];

	if (!b->policy->emergency.overdue_blocks || is_exempt(b))
		return;
	if (u->debts_known != TRI_YES) {
		finding_add(b, NULL, CONTROL, UNDECIDED,
		    "emergency.debts-unknown",
		    "whether a review is overdue could not be read");
		return;
	}
	if (owed == NULL)
		return;
	text_instant(due, owed->due);
	finding_add(b, NULL, CONTROL, UNMET, "emergency.overdue",
	    "the review of the emergency landing %.12s on %s was due %s; "
	    "approve it first: foureyes due",
	    shown(owed->commit), shown(owed->ref), due);
}

void
rule_emergency(struct bench *b)
{
	size_t before = b->verdict->finding_count;

	judge_debts(b);
	if (b->update->declaration.by != DECLARED_NOT)
		judge_declaration(b);
	if (b->verdict->finding_count == before)
		finding_add(b, NULL, CONTROL, NOT_ASKED,
		    "emergency.not-declared", "no emergency is declared");
}
