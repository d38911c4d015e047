/*
 * Control: peer approval (CM-1).  Enough people who had no part in it agreed.
 *
 * Counted: standing approvals of this repository and target whose commit
 * covers what lands, each by a different person of the gate's groups who is no
 * contributor (for a promotion: not the lander), in force when given and now.
 * What a machine did counts as its owner's: neither approves the other's work.
 * If an approver is nobody we know, that approval counts for nothing.  If a
 * contributor is nobody we know, nobody's does, unless the gate allows it.  An
 * objection by somebody who could approve stops the change; anybody else's is
 * shown.  The lane back asks as many approvals as it says, which may be none,
 * of its own groups.  A routine change of a machine (core/routine.c) asks none.
 */
#include "core/rule.h"

#include <string.h>

#include "base/text.h"

static const char CONTROL[] = "peer";

static const char *
part_word(enum part part)
{
	static const char *const words[] = {"contributor", "author",
	    "committer", "co-author", "first pusher", "opener",
	    "owner of a machine with a part"};

	return words[part];
}

static const struct contributor *
unknown_contributor(const struct bench *b, const struct change *c)
{
	if (b->gate->unknown_contributors_allowed || !contributors_bar(b))
		return NULL;
	for (size_t i = 0; i < c->contributor_count; i++)
		if (!c->contributors[i].known ||
		    c->contributors[i].person == NULL)
			return &c->contributors[i];
	return NULL;
}

/* Weigh every approval seen, and keep what became of it. */
static void
weigh_all(struct bench *b, const struct change *c, unsigned *count,
    const char **first_code, const char **first_why)
{
	struct verdict *v = b->verdict;
	size_t from = v->weighed_count;
	unsigned n = 0;

	for (size_t i = 0; i < c->approval_count; i++) {
		const struct approval *a = &c->approvals[i];
		struct weighed w = {.change = c, .approval = a, .why = ""};

		w.code = approval_weigh(b, c, a, groups_asked(b), &w.why);
		for (size_t k = from; w.code == NULL && k < v->weighed_count;
		     k++)
			if (v->weighed[k].code == NULL &&
			    approval_same_person(b, v->weighed[k].approval,
			        a)) {
				w.code = "peer.same-person";
				w.why = "the same person is counted already";
			}
		if (w.code == NULL)
			n++;
		else if (*first_code == NULL ||
		    (strcmp(*first_code, "peer.other-commit") == 0 ||
		        strcmp(*first_code, "peer.other-target") == 0)) {
			*first_code = w.code;
			*first_why = w.why;
		}
		*(struct weighed *)pool_grow(b->pool, &v->weighed,
		    &v->weighed_count, sizeof(w)) = w;
	}
	*count = n;
}

static bool
is_routine(struct bench *b, const struct change *c)
{
	const char *why, *machine = change_routine(b, c, &why);

	if (machine != NULL)
		finding_add(b, c, CONTROL, MET, "peer.routine",
		    "a routine change of %s: %u file%s", machine,
		    c->routine.files, c->routine.files == 1 ? "" : "s");
	else if (why != NULL)
		finding_add(b, c, CONTROL, NOT_ASKED, "peer.not-routine",
		    "no routine change: %s", why);
	return machine != NULL;
}

static void
judge_count(struct bench *b, const struct change *c, unsigned asked)
{
	const char *code = NULL, *why = NULL;
	unsigned have;

	weigh_all(b, c, &have, &code, &why);
	if (have < asked && is_routine(b, c))
		return;
	if (have >= asked)
		finding_add(b, c, CONTROL, MET, "peer.count",
		    "%u of %u approvals by people who had no part in it", have,
		    asked);
	else if (code != NULL)
		finding_add(b, c, CONTROL, UNMET, code,
		    "%u of %u approvals count: %s", have, asked, why);
	else if (have > 0)
		finding_add(b, c, CONTROL, UNMET, "peer.count",
		    "%u of %u approvals", have, asked);
	else
		finding_add(b, c, CONTROL, UNMET, "peer.none",
		    "nobody has approved %.12s for %s (%u asked)",
		    shown(c->after), b->update->ref, asked);
}

static void
judge_objections(struct bench *b, const struct change *c)
{
	for (size_t i = 0; i < c->objection_count; i++) {
		const struct approval *o = &c->objections[i];
		bool stops = objection_stops(b, c, o);

		finding_add(b, c, CONTROL, stops ? UNMET : NOT_ASKED,
		    stops ? "peer.objection" : "peer.objection-shown",
		    "%s objects to %.12s (record %llu)%s", shown(o->person),
		    shown(o->commit), (unsigned long long)o->seq,
		    stops ? "" : ", who could not approve here");
	}
}

/* Counted apart by whoever reads the log (rules.md 17). */
static void
tell_of_machines(struct bench *b, const struct change *c)
{
	for (size_t i = 0; i < c->contributor_count; i++)
		if (!c->contributors[i].machine &&
		    c->contributors[i].part != PART_OWNER)
			return;
	if (c->contributor_count > 0)
		finding_add(b, c, CONTROL, MET, "peer.by-machines",
		    "only machines had a part in it: %s",
		    shown(c->contributors[0].person));
}

/* How many approvals this move asks for. */
static unsigned
approvals_asked(const struct bench *b)
{
	if (move_brings_nothing(b))
		return 0;
	if (move_takes_lane(b))
		return b->gate->lane.count;
	return b->gate->approvals.asked ? b->gate->approvals.count : 0;
}

void
rule_peer(struct bench *b, const struct change *c)
{
	const struct contributor *unknown;
	unsigned asked = approvals_asked(b);

	if (asked == 0) {
		finding_add(b, c, CONTROL, NOT_ASKED, "peer.not-asked",
		    "no approval is asked for this move");
		return;
	}
	if (c->approvals_known != TRI_YES ||
	    (c->contributors_known != TRI_YES && contributors_bar(b))) {
		finding_add(b, c, CONTROL, UNDECIDED, "peer.unknown",
		    "the contributors or the approvals could not be read");
		return;
	}
	unknown = unknown_contributor(b, c);
	if (unknown != NULL)
		finding_add(b, c, CONTROL, UNMET, "peer.unknown-contributor",
		    "people.yaml does not know '%s', %s of %.12s",
		    spelled(b->pool, unknown->written),
		    part_word(unknown->part), shown(unknown->commit));
	tell_of_machines(b, c);
	judge_objections(b, c);
	judge_count(b, c, asked);
}
