/*
 * Control: rollback plan (CM-6).  The change says how it is undone.
 *
 * A plan stands where the gate lets it stand and says something: it is not
 * empty, a placeholder, the template's own words or too short.  Where it names
 * a target (`Rollback-To:`), that commit exists and was live on this ref
 * before; naming what is live now is a plan by itself.  The lane back is
 * the undoing, and its reason is its plan.  Where the gate says so
 * (`machines: revert`), a routine change of a machine is undone by git revert.
 */
#include "core/rule.h"

static const char CONTROL[] = "rollback";

static void
judge_target(struct bench *b, const struct change *c)
{
	const struct plan_fact *p = &c->plan;

	if (p->to_exists == TRI_UNKNOWN || p->to_was_live == TRI_UNKNOWN)
		finding_add(b, c, CONTROL, UNDECIDED, "rollback.to-unknown",
		    "whether 'Rollback-To: %s' was live could not be read",
		    p->to);
	else if (p->to_exists == TRI_NO)
		finding_add(b, c, CONTROL, UNMET, "rollback.to-missing",
		    "'Rollback-To: %s' is no commit or tag here", p->to);
	else if (p->to_was_live == TRI_NO)
		finding_add(b, c, CONTROL, UNMET, "rollback.never-live",
		    "'Rollback-To: %s' was never live on %s", p->to,
		    b->update->ref);
	else
		finding_add(b, c, CONTROL, MET, "rollback.target",
		    "goes back to %s, which was live on %s", p->to,
		    b->update->ref);
}

static void
judge_plan(struct bench *b, const struct change *c)
{
	static const struct {
		const char *code, *text;
	} wrong[] = {
	    [PLAN_ABSENT] = {"rollback.absent",
	        "no rollback plan; add a trailer to the last commit, or: git "
	        "push -o rollback-plan='...'"},
	    [PLAN_EMPTY] = {"rollback.empty", "the rollback plan is empty"},
	    [PLAN_PLACEHOLDER] = {"rollback.placeholder",
	        "the rollback plan is a placeholder"},
	    [PLAN_TEMPLATE] = {"rollback.template",
	        "the rollback plan is the template's own words"},
	    [PLAN_TOO_SHORT] = {"rollback.too-short",
	        "the rollback plan has too few words"},
	};

	if (c->plan.state == PLAN_TOO_SHORT)
		finding_add(b, c, CONTROL, UNMET, wrong[c->plan.state].code,
		    "%s (%s), %u different ones are asked for",
		    wrong[c->plan.state].text, shown(c->plan.where),
		    b->gate->plan.min_words);
	else if (c->plan.state != PLAN_REAL)
		finding_add(b, c, CONTROL, UNMET, wrong[c->plan.state].code,
		    "%s%s%s%s", wrong[c->plan.state].text,
		    c->plan.where != NULL ? " (" : "",
		    c->plan.where != NULL ? c->plan.where : "",
		    c->plan.where != NULL ? ")" : "");
	else
		finding_add(b, c, CONTROL, MET, "rollback.plan",
		    "a rollback plan stands in %s", shown(c->plan.where));
}

/* Whatever else it says, it names no target, and no plan of its own. */
static bool
is_reverted(const struct bench *b, const struct change *c)
{
	const char *why;

	return b->gate->plan.machines_revert && c->plan.to == NULL &&
	    c->plan.state != PLAN_REAL && change_routine(b, c, &why) != NULL;
}

void
rule_rollback(struct bench *b, const struct change *c)
{
	if (!b->gate->plan.asked || move_brings_nothing(b)) {
		finding_add(b, c, CONTROL, NOT_ASKED, "rollback.not-asked",
		    "no rollback plan is asked for");
		return;
	}
	if (move_takes_lane(b)) {
		finding_add(b, c, CONTROL, NOT_ASKED, "rollback.lane-back",
		    "the lane back is the undoing itself");
		return;
	}
	if (c->after == NULL) {
		finding_add(b, c, CONTROL, UNDECIDED, "rollback.unknown",
		    "the change and its plan could not be read");
		return;
	}
	if (is_reverted(b, c)) {
		finding_add(b, c, CONTROL, MET, "rollback.revert",
		    "a routine change is undone by: git revert");
		return;
	}
	if (c->plan.to != NULL)
		judge_target(b, c);
	if (c->plan.to == NULL || c->plan.state != PLAN_ABSENT ||
	    (c->plan.to_was_live == TRI_YES && c->plan.to_is_last != TRI_YES))
		judge_plan(b, c);
}
