/*
 * Control: freeze.  While a gate is frozen nobody lands, but in an emergency.
 *
 * From the first instant of a freeze up to its end, by the server's clock, no
 * ref of the gate moves: not forward, not by its birth, not by its deletion.
 * The lane back stands in for it, and a ref may be put back to where the ledger
 * knows it.  A valid declaration turns it, and owes its review.
 */
#include "core/rule.h"

#include "base/text.h"

static const char CONTROL[] = "freeze";

/* Of several that are in force the one that ends last. */
static const struct policy_freeze *
in_force(const struct bench *b)
{
	const struct policy_freeze *last = NULL;
	int64_t at = b->update->at;

	for (size_t i = 0; i < b->gate->freeze_count; i++) {
		const struct policy_freeze *f = &b->gate->freezes[i];

		if (f->from <= at && at < f->to &&
		    (last == NULL || f->to > last->to))
			last = f;
	}
	return last;
}

static void
judge_now(struct bench *b)
{
	const struct policy_freeze *f = in_force(b);
	char to[TEXT_INSTANT_SIZE];

	if (f == NULL) {
		finding_add(b, NULL, CONTROL, MET, "freeze.none",
		    "no freeze of %s is in force", b->gate->name);
		return;
	}
	text_instant(to, f->to);
	finding_add(b, NULL, CONTROL, UNMET, "freeze.in-force",
	    "nothing lands on %s before %s: %s", shown(b->update->ref), to,
	    shown(f->reason));
}

void
rule_freeze(struct bench *b)
{
	if (!rules_know(b, RULES_LANES))
		return;
	if (b->gate->freeze_count == 0 || move_is_return(b))
		finding_add(b, NULL, CONTROL, NOT_ASKED, "freeze.not-asked",
		    "no freeze holds up this move");
	else if (move_takes_lane(b))
		finding_add(b, NULL, CONTROL, NOT_ASKED, "freeze.lane-back",
		    "the lane back stands in for a freeze");
	else if (b->update->at <= 0)
		finding_add(b, NULL, CONTROL, UNDECIDED, "freeze.unknown",
		    "when this was asked is not known");
	else
		judge_now(b);
}
