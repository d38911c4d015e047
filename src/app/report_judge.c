/*
 * The attributes of a change, A to L: read off the findings of its decision,
 * and, where a comparison of names or times says it as well, compared again.
 */
#include <string.h>

#include "app/report.h"
#include "base/text.h"

const char *const report_attribute_names[ATTR_COUNT] = {"ticket", "requester",
    "approver_apart", "content", "staged", "approved_before", "lander_may",
    "lander_apart", "plan", "reviewed", "control_on", "tested"};
const char *const report_attribute_words[ATTR_COUNT] = {
    "a ticket is named (what it says is not looked up)",
    "who asked for it is somebody known", "no approver contributed to it",
    "what was reviewed is what landed", "it ran on staging before",
    "it was approved before it landed, and deployed after",
    "who landed it may move that ref",
    "who landed it did not contribute to what is promoted",
    "there is a rollback plan", "an emergency was reviewed in time",
    "control was on: enforced, by a decision on record",
    "the named tests succeeded on what was approved or landed"};

const char *
report_mark_name(enum report_mark mark)
{
	static const char *const names[] = {"UNKNOWN", "PASS", "FAIL", "NA"};

	return names[mark];
}

static void
prove(struct change_row *row, enum report_attribute at, enum report_mark mark,
    uint64_t seq, const char *field)
{
	row->attributes[at] = (struct report_proof){mark,
	    seq == 0 ? field
	             : pool_printf(row->pool, "record %llu: %s",
	                   (unsigned long long)seq, field)};
}

/* The worst finding of a control for this change; NULL: there is none. */
static const struct report_finding *
finding_of(const struct change_row *row, const char *control)
{
	const struct report_finding *worst = NULL;

	for (size_t i = 0; i < row->found_count; i++) {
		const struct report_finding *f = &row->found[i];

		if (f->standing != REPORT_NO_STANDING &&
		    (worst == NULL || f->standing < worst->standing) &&
		    text_same(f->control, control))
			worst = f;
	}
	return worst;
}

static enum report_mark
mark_of(const struct report_finding *finding)
{
	switch (finding->standing) {
	case REPORT_MET:
		return MARK_PASS;
	case REPORT_UNMET:
		return MARK_FAIL;
	case REPORT_NOT_ASKED:
		return MARK_NA;
	case REPORT_UNDECIDED:
	case REPORT_NO_STANDING:
		break;
	}
	return MARK_UNKNOWN;
}

static void
by_finding(struct change_row *row, enum report_attribute at,
    const char *control)
{
	const struct report_finding *f = finding_of(row, control);

	if (f == NULL)
		prove(row, at, MARK_UNKNOWN, row->decision->seq, "findings");
	else
		prove(row, at, mark_of(f), row->decision->seq,
		    pool_printf(row->pool, "findings %s", f->code));
}

/* Rules before the fourth version judged no tests. */
static void
judge_tested(struct change_row *row)
{
	if (tree_number(row->decision->tree, "rules") < RULES_FORGES)
		prove(row, ATTR_TESTED, MARK_NA, row->decision->seq,
		    "rules, which judged no tests");
	else
		by_finding(row, ATTR_TESTED, "tests");
}

static void
judge_requester(struct change_row *row)
{
	const struct tree *list = tree_get(row->change, "contributors");
	const char *person = tree_text(row->decision->tree, "pusher.person");
	bool known = text_same(person, row->requester);

	for (const struct tree *c = list != NULL ? list->child : NULL;
	     c != NULL && !known; c = c->next)
		known = tree_true(c, "known") &&
		    text_same(tree_text(c, "person"), row->requester);
	prove(row, ATTR_REQUESTER, known ? MARK_PASS : MARK_UNKNOWN,
	    row->decision->seq,
	    known ? "requester"
	        : row->requester == NULL
	        ? "requester is not known"
	        : "requester, whom no record of people "
	          "resolves");
}

static const char *
in_both(const struct texts *a, const struct texts *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (texts_have(b, a->list[i]))
			return a->list[i];
	return NULL;
}

static void
judge_approver(struct change_row *row)
{
	const char *both = in_both(&row->approvers, &row->contributors);
	struct report_proof *own = &row->attributes[ATTR_APPROVER_APART];

	by_finding(row, ATTR_APPROVER_APART, "peer");
	if (own->mark != MARK_PASS)
		return;
	if (!text_same(tree_text(row->change, "contributors_known"), "yes"))
		prove(row, ATTR_APPROVER_APART, MARK_UNKNOWN,
		    row->decision->seq, "contributors are not all known");
	else if (both != NULL && row->gate_asked != NULL &&
	    row->gate_asked->approvals.independent_of == INDEPENDENT_OF_LANDER)
		prove(row, ATTR_APPROVER_APART, MARK_NA, row->decision->seq,
		    pool_printf(row->pool,
		        "policy: approvals independent_of lander; %s "
		        "contributed earlier",
		        both));
	else if (both != NULL)
		prove(row, ATTR_APPROVER_APART, MARK_FAIL, row->decision->seq,
		    pool_printf(row->pool,
		        "contributors and approvals both name %s", both));
}

static void
judge_before(struct change_row *row)
{
	struct report_proof *own = &row->attributes[ATTR_APPROVED_BEFORE];

	by_finding(row, ATTR_APPROVED_BEFORE, "peer");
	if (own->mark != MARK_PASS)
		return;
	for (size_t i = 0; i < row->approved_times.count; i++) {
		int64_t time = 0;

		if (text_parse_instant(row->approved_times.list[i], &time) &&
		    time <= row->landing->time)
			continue;
		prove(row, ATTR_APPROVED_BEFORE, MARK_FAIL, row->decision->seq,
		    "approvals time is behind the landing");
		return;
	}
	prove(row, ATTR_APPROVED_BEFORE, MARK_PASS, row->decision->seq,
	    pool_printf(row->pool, "approvals time, before record %llu",
	        (unsigned long long)row->landing->seq));
}

static void
judge_lander(struct change_row *row)
{
	/* Where nobody is asked for a yes, nothing is asked of who moves it. */
	bool promotes = tree_true(row->decision->tree, "promotes") &&
	    (row->gate_asked == NULL || row->gate_asked->approvals.asked);
	bool both =
	    row->lander != NULL && texts_have(&row->contributors, row->lander);

	by_finding(row, ATTR_LANDER_MAY, "environment");
	if (!promotes)
		prove(row, ATTR_LANDER_APART, MARK_NA, row->decision->seq,
		    "no promotion that asks for approval");
	else if (text_same(row->kind, "rollback"))
		prove(row, ATTR_LANDER_APART, MARK_NA, row->decision->seq,
		    "lane: back to what was live before");
	else if (row->lander == NULL || row->contributors.count == 0)
		prove(row, ATTR_LANDER_APART, MARK_UNKNOWN, row->decision->seq,
		    "pusher, contributors");
	else
		prove(row, ATTR_LANDER_APART, both ? MARK_FAIL : MARK_PASS,
		    row->decision->seq, "pusher against contributors");
}

static void
judge_review(struct report *r, struct change_row *row)
{
	if (row->review_due == 0)
		prove(row, ATTR_REVIEWED, MARK_NA, row->landing->seq,
		    "no emergency");
	else if (row->reviewed != 0)
		prove(row, ATTR_REVIEWED,
		    row->reviewed <= row->review_due ? MARK_PASS : MARK_FAIL,
		    row->review_seq,
		    row->reviewed <= row->review_due
		        ? "time, within review_due"
		        : "time, behind review_due");
	else
		prove(row, ATTR_REVIEWED,
		    r->at < row->review_due ? MARK_UNKNOWN : MARK_FAIL,
		    row->landing->seq,
		    r->at < row->review_due ? "review_due, still open"
		                            : "review_due, and no review");
}

static void
judge_control(struct change_row *row)
{
	if (row->decision == NULL)
		prove(row, ATTR_CONTROL_ON,
		    row->decision_seq == 0 ? MARK_FAIL : MARK_UNKNOWN,
		    row->landing->seq,
		    row->decision_seq == 0 ? "no decision let it in"
		        : row->pruned ? "its decision was taken away with the "
		                        "oldest records"
		                      : "its decision cannot be read");
	else if (!text_same(row->mode, "enforce"))
		prove(row, ATTR_CONTROL_ON, MARK_FAIL, row->decision->seq,
		    "mode observe");
	else if (text_same(row->outcome, "REFUSED"))
		prove(row, ATTR_CONTROL_ON, MARK_FAIL, row->decision->seq,
		    "outcome REFUSED, and it landed");
	else
		prove(row, ATTR_CONTROL_ON, MARK_PASS, row->decision->seq,
		    "mode, policy, program");
}

void
report_judge(struct report *r, struct change_row *row)
{
	judge_review(r, row);
	judge_control(row);
	if (row->decision == NULL) {
		for (size_t i = 0; i < ATTR_REVIEWED; i++)
			prove(row, (enum report_attribute)i, MARK_UNKNOWN,
			    row->landing->seq,
			    row->pruned ? "its decision was taken away with "
			                  "the oldest records"
			                : "no decision");
		prove(row, ATTR_TESTED, MARK_UNKNOWN, row->landing->seq,
		    row->attributes[ATTR_TICKET].proof);
		return;
	}
	by_finding(row, ATTR_TICKET, "ticket");
	judge_requester(row);
	judge_approver(row);
	by_finding(row, ATTR_CONTENT, "review");
	by_finding(row, ATTR_STAGED, "staging");
	judge_before(row);
	judge_lander(row);
	by_finding(row, ATTR_PLAN, "rollback");
	judge_tested(row);
}
