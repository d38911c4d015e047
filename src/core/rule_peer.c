/*
 * Control: peer approval (CM-1).  Enough people who had no part in it agreed.
 *
 * Counted: standing approvals of this repository and target whose commit
 * covers what lands, each by a different person of the gate's groups who is no
 * contributor (for a promotion: not the lander), in force when given and now.
 * If an approver is nobody we know, that approval counts for nothing.  If a
 * contributor is nobody we know, nobody's does, unless the gate allows it.  An
 * objection by somebody who could approve stops the change.
 */
#include "core/rule.h"

#include <string.h>

#include "base/text.h"

static const char CONTROL[] = "peer";

static const char *
part_word(enum part part)
{
	static const char *const words[] = {"contributor", "author",
	    "committer", "co-author", "first pusher", "opener"};

	return words[part];
}

static const struct contributor *
unknown_contributor(const struct bench *b, const struct change *c)
{
	if (b->gate->unknown_contributors_allowed ||
	    (b->gate->approvals.independent_of == INDEPENDENT_OF_LANDER &&
	        !b->update->pusher.machine))
		return NULL;
	for (size_t i = 0; i < c->contributor_count; i++)
		if (!c->contributors[i].known)
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

		w.code =
		    approval_weigh(b, c, a, &b->gate->approvals.groups, &w.why);
		for (size_t k = from; w.code == NULL && k < v->weighed_count;
		     k++)
			if (v->weighed[k].code == NULL &&
			    text_same(v->weighed[k].approval->person,
			        a->person)) {
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

static void
judge_count(struct bench *b, const struct change *c)
{
	const char *code = NULL, *why = NULL;
	unsigned asked = b->gate->approvals.count, have;

	if (b->gate->lane.asked && b->update->lane.taken)
		asked = b->gate->lane.count;
	weigh_all(b, c, &have, &code, &why);
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
		    "nobody has approved %.12s for %s (%u asked)", c->after,
		    b->update->ref, asked);
}

static void
judge_objections(struct bench *b, const struct change *c)
{
	for (size_t i = 0; i < c->objection_count; i++)
		finding_add(b, c, CONTROL, UNMET, "peer.objection",
		    "%s objects to %.12s (record %llu)",
		    c->objections[i].person, c->objections[i].commit,
		    (unsigned long long)c->objections[i].seq);
}

void
rule_peer(struct bench *b, const struct change *c)
{
	const struct contributor *unknown;

	if (b->update->move == MOVE_RESTORE || b->update->move == MOVE_DELETE ||
	    b->update->baseline || !b->gate->approvals.asked ||
	    (b->gate->lane.asked && b->update->lane.taken &&
	        b->gate->lane.count == 0)) {
		finding_add(b, c, CONTROL, NOT_ASKED, "peer.not-asked",
		    "no approval is asked for this move");
		return;
	}
	if (c->contributors_known != TRI_YES || c->approvals_known != TRI_YES) {
		finding_add(b, c, CONTROL, UNDECIDED, "peer.unknown",
		    "the contributors or the approvals could not be read");
		return;
	}
	unknown = unknown_contributor(b, c);
	if (unknown != NULL)
		finding_add(b, c, CONTROL, UNMET, "peer.unknown-contributor",
		    "people.yaml does not know '%s', %s of %.12s",
		    unknown->written != NULL ? unknown->written : "",
		    part_word(unknown->part),
		    unknown->commit != NULL ? unknown->commit : "it");
	judge_objections(b, c);
	judge_count(b, c);
}
