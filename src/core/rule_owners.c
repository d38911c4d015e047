/*
 * Control: owners of paths.  Where some paths change, more is asked.
 *
 * For each `owners` entry one of whose paths the change touches (both sides of
 * a rename, submodules and .gitmodules of every commit), enough different
 * people of its groups approve.  One approver may satisfy several entries, and
 * counts by the same tests as for peer approval.
 */
#include "core/rule.h"

static const char CONTROL[] = "owners";

static void
judge_entry(struct bench *b, const struct change *c, size_t i)
{
	const struct policy_owner *o = &b->gate->owners[i];
	const struct owned *fact = i < c->owned_count ? &c->owned[i] : NULL;
	unsigned have;

	if (fact == NULL || fact->touched == TRI_UNKNOWN ||
	    c->paths_known != TRI_YES || c->approvals_known != TRI_YES) {
		finding_add(b, c, CONTROL, UNDECIDED, "owners.unknown",
		    "which paths change could not be read");
		return;
	}
	if (fact->touched == TRI_NO)
		return;
	have = approval_count(b, c, &o->groups);
	finding_add(b, c, CONTROL, have < o->count ? UNMET : MET,
	    "owners.count", "%s changes: %u of %u approvals by its owners (%s)",
	    shown(fact->path), have, o->count, either(b->pool, &o->groups));
}

void
rule_owners(struct bench *b, const struct change *c)
{
	size_t before = b->verdict->finding_count;

	if (!move_brings_nothing(b) && !move_takes_lane(b))
		for (size_t i = 0; i < b->gate->owner_count; i++)
			judge_entry(b, c, i);
	if (b->verdict->finding_count == before)
		finding_add(b, c, CONTROL, NOT_ASKED, "owners.not-asked",
		    "no path with owners of its own changes");
}
