/* The clauses of a gate: what is asked, how it is set, what it leaves. */
#include <string.h>

#include "app/in_words.h"
#include "app/policy_doc.h"
#include "base/text.h"

struct table {
	struct buf *out;
	struct pool *pool;
	const struct policy *policy;
	const struct gate *gate;
};

static void row(struct table *t, const char *clause, const char *evidence,
    const char *format, ...) like_printf(4, 5);

static void
row(struct table *t, const char *clause, const char *evidence,
    const char *format, ...)
{
	va_list ap;

	buf_printf(t->out, "| %s | ", clause);
	va_start(ap, format);
	buf_vprintf(t->out, format, ap);
	va_end(ap);
	buf_printf(t->out, " | %s |\n", evidence);
}

static const char *
of_groups(struct table *t, const struct texts *groups)
{
	return groups->count == 0 ? ""
	                          : pool_printf(t->pool, " of %s",
	                                policy_doc_texts(t->pool, groups, ""));
}

static void
approval(struct table *t)
{
	static const char *const reach[] = {"nothing", "that commit alone",
	    "a commit with the same content", "a clean merge of that commit"};
	const struct policy_approvals *a = &t->gate->approvals;

	if (!a->asked) {
		row(t, "CM-1 Peer approval", "`findings`: `peer.not-asked`",
		    "**Not asked here.** Nobody else's approval is needed.");
		return;
	}
	row(t, "CM-1 Peer approval",
	    "`approvals`, `contributors`; `findings`: `peer.count`",
	    "At least %u %s%s, who %s, %s the exact commit by a signed "
	    "statement%s. It serves %s, for %s%s.%s%s",
	    a->count, a->count == 1 ? "person" : "different people",
	    of_groups(t, &a->groups),
	    a->independent_of == INDEPENDENT_OF_LANDER
	        ? "did not move the ref"
	        : "had no part in the change",
	    a->count == 1 ? "approves" : "approve",
	    a->pusher_may ? " (or an unsigned one that they push themselves)"
	                  : "",
	    reach[a->carry], duration_in_words(t->pool, a->valid_for),
	    a->presence ? ", and needs a security key that was touched" : "",
	    a->coauthors_allowed ? " Co-authors may approve." : "",
	    a->machines.count == 0
	        ? ""
	        : pool_printf(t->pool, " These machines count as peers: %s.",
	              policy_doc_texts(t->pool, &a->machines, "")));
	row(t, "Contributors nobody knows",
	    "`findings`: `peer.unknown-contributor`",
	    t->gate->unknown_contributors_allowed
	        ? "A change by somebody who is not in people.yaml is let in, "
	          "if it is approved."
	        : "A change by somebody who is not in people.yaml is refused.");
}

static void
coverage(struct table *t)
{
	const struct gate *g = t->gate;

	if (g->landed_on.count > 0)
		row(t, "CM-2 Review on main",
		    "`includes`; `findings`: `review.landed`, "
		    "`review.not-landed`",
		    "Takes only commits that landed on %s.",
		    policy_doc_texts(t->pool, &g->landed_on, ""));
	else if (g->approvals.asked)
		row(t, "CM-2 Review on main",
		    "`changes`; `findings`: `review.covered`, "
		    "`review.unreviewed-commit`",
		    "Every commit that becomes reachable belongs to an "
		    "approved change, or is exactly the merge a machine makes "
		    "of one.");
	else
		row(t, "CM-2 Review on main", "`findings`: `review.not-asked`",
		    "**Not asked here.**");
	if (g->accepts.count > 0)
		row(t, "CM-2 Merges from other gates",
		    "`findings`: `review.accepted`",
		    "What landed under approval on %s is accepted; the merge "
		    "itself is approved here.",
		    policy_doc_texts(t->pool, &g->accepts, ""));
	for (size_t i = 0; i < g->routine_count; i++)
		row(t, "CM-1 Routine changes", "`findings`: `peer.routine`",
		    "Of %s alone, in at most %u files of %s, without an "
		    "approval.",
		    policy_doc_texts(t->pool, &g->routines[i].machines, ""),
		    g->routines[i].max_files,
		    policy_doc_texts(t->pool, &g->routines[i].paths, ""));
	for (size_t i = 0; i < g->owner_count; i++)
		row(t, "CM-1 Owners", "`findings`: `owners.count`",
		    "Where %s change%s, %u more%s.",
		    policy_doc_texts(t->pool, &g->owners[i].paths, ""),
		    g->owners[i].paths.count == 1 ? "s" : "",
		    g->owners[i].count, of_groups(t, &g->owners[i].groups));
}

static void
plan_and_ticket(struct table *t)
{
	const struct gate *g = t->gate;

	if (g->plan.asked)
		row(t, "CM-6 Rollback plan",
		    "`rollback_plan`; `findings`: `rollback.plan`, "
		    "`rollback.target`",
		    "The change says how it is undone, in at least %u "
		    "different words that are no placeholder. A target that "
		    "it names was live before.",
		    g->plan.min_words == 0 ? 1 : g->plan.min_words);
	else
		row(t, "CM-6 Rollback plan", "`findings`: `rollback.not-asked`",
		    "**Not asked here.**");
	if (g->ticket != NULL)
		row(t, "Ticket", "`findings`: `ticket.named`, `ticket.missing`",
		    "A ticket like %s is named.",
		    policy_doc_text(t->pool, g->ticket, true));
	else
		row(t, "Ticket", "`findings`: `ticket.not-asked`",
		    "**Not asked here.**");
	if (g->tests.count > 0)
		row(t, "CM-8 Tests",
		    "`findings`: `tests.passed`, `tests.missing`, "
		    "`tests.failed`",
		    "%s succeeded on what was approved or lands, the newest "
		    "result of each told by a source that is asked of tests.",
		    policy_doc_texts(t->pool, &g->tests, ""));
	else
		row(t, "CM-8 Tests", "`findings`: `tests.not-asked`",
		    "**Not asked here.**");
	row(t, "Secrets", "`findings`: `secret.none`, `secret.found`",
	    g->secrets.scan
	        ? "Private keys and credentials of published shapes are "
	          "refused, and no emergency lets them in."
	        : "**Not looked for here.**");
}

static void
staging(struct table *t)
{
	static const char *const deployments[] = {
	    " Deployments are not asked for.",
	    " A deployment that failed refuses.",
	    " A deployment that succeeded is asked for."};
	const struct policy_after *a = &t->gate->after;

	if (!a->asked) {
		row(t, "CM-5 Staging first", "`findings`: `staging.not-asked`",
		    "**Not asked here.**");
		return;
	}
	row(t, "CM-5 Staging first",
	    "`staging`; `findings`: `staging.ran`, `staging.not-staged`, "
	    "`staging.soak`",
	    "The same %s was on %s before, in an earlier push, for %s.%s "
	    "Who may tell of deployments: %s.",
	    a->same_tree ? "content" : "commit",
	    policy_doc_text(t->pool, a->gate, true),
	    duration_in_words(t->pool, a->soak), deployments[a->deployment],
	    policy_doc_texts(t->pool, &a->told_by, "machines and sources"));
}

static void
moving(struct table *t)
{
	const struct gate *g = t->gate;
	const struct policy_lane *l = &g->lane;

	row(t, "CM-4 Who may move it",
	    "`pusher`; `findings`: `environment.lander`", "%s.",
	    g->landers.count == 0
	        ? "Whoever may push"
	        : pool_printf(t->pool, "People of %s",
	              policy_doc_texts(t->pool, &g->landers, "")));
	row(t, "CM-4 Never backwards",
	    "`findings`: `environment.backward`, `environment.deletion`",
	    "The ref is not moved back, overwritten or deleted%s%s.",
	    l->asked ? ", but by the lane back" : "",
	    g->delete_asked
	        ? pool_printf(t->pool,
	              "; people of %s may delete it where another gated ref "
	              "holds it",
	              policy_doc_texts(t->pool, &g->delete_groups, "no group"))
	        : "");
	if (l->asked)
		row(t, "CM-6 The lane back",
		    "`findings`: `environment.lane-back`, `review.lane-back`",
		    "To one of the last %u landings, with a reason%s.",
		    l->within,
		    l->count == 0 ? " and no approval"
		                  : pool_printf(t->pool, " and %u approval%s%s",
		                        l->count, l->count == 1 ? "" : "s",
		                        of_groups(t, &l->groups)));
	for (size_t i = 0; i < g->freeze_count; i++) {
		char from[TEXT_INSTANT_SIZE], to[TEXT_INSTANT_SIZE];

		text_instant(from, g->freezes[i].from);
		text_instant(to, g->freezes[i].to);
		row(t, "Freeze", "`findings`: `freeze.in-force`",
		    "Nobody but an emergency lands from %s to %s: %s.", from,
		    to,
		    policy_doc_text(t->pool,
		        g->freezes[i].reason != NULL ? g->freezes[i].reason
		                                     : "no reason given",
		        false));
	}
}

void
policy_doc_gate(struct buf *out, struct pool *pool, const struct policy *policy,
    const struct gate *gate)
{
	struct table t = {out, pool, policy, gate};

	buf_printf(out, "\n### Gate %s: %s\n\n",
	    policy_doc_text(pool, gate->name, true),
	    policy_doc_texts(pool, &gate->refs, "no refs"));
	if (gate->mode == MODE_OBSERVE)
		buf_put(out,
		    "**Observed only: changes are judged and "
		    "recorded, and never refused.**\n\n");
	buf_put(out,
	    "| clause | rule | evidence in the decision record |\n"
	    "|---|---|---|\n");
	approval(&t);
	coverage(&t);
	plan_and_ticket(&t);
	staging(&t);
	moving(&t);
}
