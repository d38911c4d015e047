/*
 * Control: separate environments (CM-4).  Who may move which ref, and how.
 *
 * The pusher is somebody we know, and in the gate's `landers` where it names
 * any; where a move is asked about before anybody makes it, that stays open.  A
 * gated ref has a baseline before it moves, or is born where the policy lets it
 * be.  It only moves forward: no deletion, no move backward or aside, and a
 * release tag never moves, unless the lane back takes it (which asks a reason,
 * and a commit that was live here and is not too far back). Where the gate says
 * who may (`delete`), a branch goes whose tip another gated ref holds, that is
 * there and stays.  Putting a ref back to where the ledger last knew it is
 * always in order; one that was deleted by a landing is made again there by the
 * landers.
 */
#include "core/rule.h"

#include <string.h>

#include "base/text.h"

static const char CONTROL[] = "environment";

/* Before anybody lands it: who may is said, and looked at when it lands. */
static void
tell_landers(struct bench *b)
{
	const struct texts *groups = groups_that_move(b);

	finding_add(b, NULL, CONTROL, NOT_ASKED, "environment.lander-later",
	    "who lands it is looked at when it lands: %s may move %s",
	    groups->count > 0 ? either(b->pool, groups)
	                      : "whoever is in people.yaml",
	    b->update->ref);
}

static void
judge_pusher(struct bench *b)
{
	const struct actor *who = &b->update->pusher;
	const struct person *person = people_by_id(b->people, who->person);
	const struct texts *groups = groups_that_move(b);
	const char *verb = move_is_retirement(b) ? "delete" : "move";

	if (person == NULL)
		finding_add(b, NULL, CONTROL, UNMET,
		    "environment.pusher-unknown",
		    "people.yaml has nobody with the login '%s'",
		    who->login != NULL ? who->login : "")
		    ->hard = true;
	else if (!person_in_force(person, b->update->at))
		finding_add(b, NULL, CONTROL, UNMET,
		    "environment.pusher-expired",
		    "the rights of %s have expired", person->id)
		    ->hard = true;
	else if (!move_is_return(b) &&
	    !person_in_any(person, groups->list, groups->count))
		finding_add(b, NULL, CONTROL, UNMET, "environment.lander",
		    "%s is in no group that may %s %s", person->id, verb,
		    b->update->ref);
	else
		finding_add(b, NULL, CONTROL, MET, "environment.lander",
		    "%s may %s %s", person->id, verb, b->update->ref);
}

static void
judge_birth(struct bench *b)
{
	const struct update *u = b->update;

	if (move_is_baseline(b))
		finding_add(b, NULL, CONTROL, MET, "environment.baseline",
		    "taken as the baseline of %s, not reviewed", u->ref);
	else if (move_is_birth(b))
		finding_add(b, NULL, CONTROL, MET, "environment.born",
		    "%s begins at %.12s, which landed on %s (record %llu)",
		    u->ref, u->birth.commit, u->birth.gate,
		    (unsigned long long)u->birth.seq);
	else if (u->adopted == TRI_UNKNOWN)
		finding_add(b, NULL, CONTROL, UNDECIDED,
		    "environment.adoption-unknown",
		    "whether %s was adopted could not be read", u->ref);
	else if (u->adopted == TRI_NO)
		finding_add(b, NULL, CONTROL, UNMET, "environment.not-adopted",
		    "%s has no baseline; an administrator runs: foureyes "
		    "adopt %s",
		    u->ref, u->repository);
}

/* Everything that a way back rests on is known. */
static bool
is_lane_known(const struct lane *l)
{
	return l->to != NULL && l->back > 0 && l->live == TRI_YES &&
	    l->left == TRI_NO && l->clear == TRI_YES;
}

/* The lane stands in for the backward rule when all it asks is there. */
static void
judge_lane(struct bench *b)
{
	const struct lane *l = &b->update->lane;
	const char *ref = b->update->ref, *to = shown(l->to);
	unsigned within = b->gate->lane.within;

	if (l->live == TRI_NO)
		finding_add(b, NULL, CONTROL, UNMET, "environment.never-live",
		    "%.12s was never live on %s by an admitted landing", to,
		    ref);
	else if (l->left == TRI_YES)
		finding_add(b, NULL, CONTROL, UNMET, "environment.left-before",
		    "%s was rolled back from %.12s before", ref, to);
	else if (l->clear == TRI_NO)
		finding_add(b, NULL, CONTROL, UNMET,
		    "environment.lane-review-open",
		    "the emergency review of %.12s is open or objected", to);
	else if (l->back > within)
		finding_add(b, NULL, CONTROL, UNMET, "environment.too-far-back",
		    "%.12s is %u landings back, the lane goes back %u", to,
		    l->back, within);
	else if (!is_lane_known(l))
		finding_add(b, NULL, CONTROL, UNDECIDED,
		    "environment.lane-unknown",
		    "what %s held before could not be read", ref);
	else if (l->reason_state != PLAN_REAL)
		finding_add(b, NULL, CONTROL, UNMET, "environment.no-reason",
		    "going back asks for a reason: git push -o "
		    "reason='...'");
	else
		finding_add(b, NULL, CONTROL, MET, "environment.lane-back",
		    "back to %.12s, which was live on %s: %s", to, ref,
		    shown(l->reason));
}

/* What goes stays in the history of a gated ref. */
static void
judge_retirement(struct bench *b)
{
	const struct update *u = b->update;
	const struct retirement *r = &u->retirement;

	if (r->held == TRI_NO)
		finding_add(b, NULL, CONTROL, UNMET, "environment.not-held",
		    "no other gated ref holds all of %s (%.12s); merge it "
		    "there first, or make a release tag of it",
		    u->ref, shown(u->base));
	else if (r->held != TRI_YES || r->seq == 0 || text_same(r->ref, u->ref))
		finding_add(b, NULL, CONTROL, UNDECIDED,
		    "environment.held-unknown",
		    "whether another gated ref holds %s could not be read",
		    u->ref);
	else
		finding_add(b, NULL, CONTROL, MET, "environment.retired",
		    "%s may go: %s holds %.12s (record %llu)", u->ref,
		    shown(r->ref), shown(u->base), (unsigned long long)r->seq);
}

static void
judge_backward(struct bench *b)
{
	const struct update *u = b->update;

	if (move_takes_lane(b))
		return; /* judge_lane() speaks */
	if (move_is_retirement(b))
		judge_retirement(b);
	else if (u->move == MOVE_DELETE)
		finding_add(b, NULL, CONTROL, UNMET, "environment.deletion",
		    "%s is gated and is not deleted", u->ref);
	else if (u->move == MOVE_BACKWARD)
		finding_add(b, NULL, CONTROL, UNMET, "environment.backward",
		    "%s would lose landed commits; a revert goes forward: "
		    "git revert",
		    u->ref);
	else
		finding_add(b, NULL, CONTROL, UNMET,
		    "environment.not-fast-forward",
		    "%.12s does not hold what %s has landed; fetch, merge or "
		    "rebase, and push again",
		    shown(u->new), u->ref);
}

static void
judge_move(struct bench *b)
{
	const struct update *u = b->update;
	bool tag = text_starts(u->ref, "refs/tags/");

	if (u->move == MOVE_UNKNOWN)
		finding_add(b, NULL, CONTROL, UNDECIDED,
		    "environment.move-unknown",
		    "how %s would move could not be read", u->ref)
		    ->hard = true;
	else if (u->move == MOVE_RESTORE)
		finding_add(b, NULL, CONTROL, MET, "environment.restored",
		    u->gone ? "%s is made again where it was when it went"
		            : "%s is put back to what the ledger knows",
		    u->ref);
	else if (tag && u->move != MOVE_CREATE)
		finding_add(b, NULL, CONTROL, UNMET, "environment.tag-moved",
		    "%s stands for one commit for ever; make a new tag", u->ref)
		    ->hard = true;
	else if (u->move != MOVE_FORWARD && u->move != MOVE_CREATE)
		judge_backward(b);
	if (u->drift != NULL && u->move != MOVE_RESTORE)
		finding_add(b, NULL, CONTROL, MET, "environment.drift",
		    "%s held %.12s by a way nobody recorded; judged from "
		    "%.12s, the last landing",
		    u->ref, u->drift, shown(u->base));
}

void
rule_environment(struct bench *b)
{
	if (b->update->foreseen && b->update->pusher.person == NULL)
		tell_landers(b);
	else
		judge_pusher(b);
	judge_birth(b);
	judge_move(b);
	if (move_takes_lane(b))
		judge_lane(b);
}
