/* The summary: one screen, each figure with what it is a share of. */
#include <stdio.h>

#include "app/audit.h"
#include "app/in_words.h"
#include "base/text.h"

static void
line(struct buf *out, const char *control, const char *words, uint64_t n,
    uint64_t of)
{
	char share[32] = "";

	if (of > 0) {
		uint64_t tenths = (n * 1000 + of / 2) / of;

		/* Neither none nor all by rounding. */
		if (tenths == 0 && n > 0)
			tenths = 1;
		if (tenths == 1000 && n < of)
			tenths = 999;
		(void)snprintf(share, sizeof(share), "%5llu.%llu %%",
		    (unsigned long long)(tenths / 10),
		    (unsigned long long)(tenths % 10));
	}
	buf_printf(out, "  %-15s %-52s %9llu  %s\n", control, words,
	    (unsigned long long)n, share);
}

static void
tell_head(const struct audit *a, struct buf *out)
{
	const struct audit_counts *n = &a->counts;
	char since[TEXT_INSTANT_SIZE] = "", from[TEXT_INSTANT_SIZE] = "",
	     to[TEXT_INSTANT_SIZE] = "";

	if (a->since != 0)
		text_instant(since, a->since);
	if (a->oldest != 0)
		text_instant(from, a->oldest);
	if (a->newest != 0)
		text_instant(to, a->newest);
	buf_printf(out, "foureyes audit: " AUDIT_MARK "\n");
	buf_printf(out, "repository %s, %s, gate %s%s%s\n", a->repository,
	    a->ref[0] != '\0' ? a->ref : "no commits", a->gate->name,
	    since[0] != '\0' ? ", since " : "", since);
	buf_printf(out, "policy: %s; people: %s\n",
	    a->built_in ? "none given, so one approval and a rollback plan"
	                : a->policy->digest,
	    a->people != NULL ? a->people->digest : "none given");
	buf_printf(out,
	    "%llu changes (%llu merges, %llu single commits, %llu roots), "
	    "%llu commits",
	    (unsigned long long)n->changes, (unsigned long long)n->merges,
	    (unsigned long long)n->direct, (unsigned long long)n->roots,
	    (unsigned long long)n->commits);
	if (from[0] != '\0')
		buf_printf(out, ", dated %.10s to %.10s", from, to);
	buf_put(out, "\n\n");
}

static void
tell_controls(const struct audit *a, struct buf *out)
{
	const struct audit_counts *n = &a->counts;
	uint64_t all = n->changes,
	         odd = n->merge[AUDIT_UNRELATED] + n->merge[AUDIT_SLOW] +
	    n->merge[AUDIT_UNREADABLE];

	line(out, "peer approval", "proven by signed tags",
	    n->yes[AUDIT_PROVEN], all);
	line(out, "", "claimed by a trailer that names somebody else",
	    n->yes[AUDIT_BY_TRAILER], all);
	line(out, "", "claimed: landed by somebody who wrote none of it",
	    n->yes[AUDIT_BY_LANDER], all);
	line(out, "", "none that Git knows of", n->yes[AUDIT_NONE], all);
	line(out, "", "who wrote it cannot be told", n->yes[AUDIT_UNKNOWN],
	    all);
	line(out, "review on main", "merges a machine makes again the same",
	    n->merge[AUDIT_MECHANICAL], n->merges);
	line(out, "", "merges with content made by hand",
	    n->merge[AUDIT_HAND_MADE], n->merges);
	line(out, "", "merges with conflicts resolved by hand",
	    n->merge[AUDIT_CONFLICT], n->merges);
	line(out, "", "merges of more than two", n->merge[AUDIT_OCTOPUS],
	    n->merges);
	line(out, "", "merges that could not be made again", odd, n->merges);
	line(out, "", "single commits, no merge", n->direct, all);
	line(out, "rollback plan", "a real one", n->plan[PLAN_REAL], all);
	line(out, "", "a placeholder, a template, too short, empty",
	    n->plan[PLAN_EMPTY] + n->plan[PLAN_PLACEHOLDER] +
	        n->plan[PLAN_TEMPLATE] + n->plan[PLAN_TOO_SHORT],
	    all);
	line(out, "", "none", n->plan[PLAN_ABSENT], all);
	line(out, "ticket",
	    a->gate->ticket != NULL ? "named, as the policy asks"
	                            : "named (not asked; as trackers number)",
	    n->ticket, all);
	if (a->gate->owner_count > 0)
		line(out, "owners", "touch what has owners", n->owned, all);
}

static void
tell_staging(const struct audit *a, struct buf *out)
{
	for (size_t i = 0; i < a->staged_count; i++) {
		const struct audit_staged *s = &a->staged[i];
		struct buf words = {0};

		buf_put(&words, s->ref);
		if (s->trouble != NULL)
			buf_put(&words, ": could not be read");
		else if (s->staging_refs == 0)
			buf_printf(&words, ": '%s' has no ref", s->after->name);
		else
			buf_printf(&words, ": never on %s", s->after->name);
		line(out, i == 0 ? "staging first" : "", buf_text(&words),
		    s->not_staged, s->steps);
		buf_free(&words);
	}
}

static void
tell_outcome(const struct audit *a, const struct audit_groups *g,
    struct buf *out)
{
	const struct audit_counts *n = &a->counts;
	uint64_t all = n->changes;

	line(out, "had it been on", "would have landed",
	    n->outcome[AUDIT_WOULD_LAND], all);
	line(out, "", "nothing missing, but the approval is only claimed",
	    n->outcome[AUDIT_CLAIMS_ONLY], all);
	line(out, "", "would have been refused",
	    n->outcome[AUDIT_WOULD_BE_REFUSED], all);
	line(out, "", "cannot be said", n->outcome[AUDIT_CANNOT_SAY], all);
	buf_printf(out,
	    "  people          %zu names and addresses: %zu persons and %zu "
	    "machines nobody knows, %zu known\n",
	    a->who_count, g->persons, g->machines, g->known);
}

static void
tell_worst(const struct audit *a, struct buf *out)
{
	static const char *const heads[AUDIT_WORSTS] = {
	    "content that came in by the merge alone",
	    "on main by its own author, nobody else named",
	    "conflicts resolved by hand, to be approved by themselves",
	    "merges of more than two, to be approved by themselves"};
	bool any = false;

	for (size_t k = 0; k < AUDIT_WORSTS; k++)
		for (size_t i = 0; i < a->worst_count[k] && i < 3; i++) {
			if (!any)
				buf_put(out, "\nworst:\n");
			any = true;
			if (i == 0)
				buf_printf(out, "  %s:\n", heads[k]);
			buf_printf(out, "    %.12s %s\n", a->worst[k][i].commit,
			    a->worst[k][i].text);
		}
	for (size_t k = 0; k < a->staged_count; k++)
		for (size_t i = 0; i < a->staged[k].example_count && i < 3; i++)
			buf_printf(out, "    %.12s %s on %s, never on %s\n",
			    a->staged[k].examples[i].commit,
			    a->staged[k].examples[i].text, a->staged[k].ref,
			    a->staged[k].after->name);
}

static void
item(struct buf *out, unsigned *n, const char *text)
{
	buf_printf(out, "  %u. %s\n", ++*n, text);
}

static void
tell_first(const struct audit *a, const struct audit_groups *g, struct buf *out)
{
	const struct audit_counts *n = &a->counts;
	unsigned at = 0;

	buf_put(out, "\ndo first:\n");
	if (g->persons + g->machines > 0)
		item(out, &at,
		    "say who is who: complete the people.yaml of --out");
	if (n->alone > 0 || n->yes[AUDIT_NONE] > 0)
		item(out, &at,
		    "have each change approved by somebody else: install with "
		    "'mode: observe', then 'enforce'");
	if (n->merge[AUDIT_HAND_MADE] > 0)
		item(out, &at,
		    "look at the merges with content made by hand: nobody may "
		    "have read it");
	if (n->plan[PLAN_REAL] < n->changes)
		item(out, &at,
		    "put a 'Rollback-Plan:' into the template of commits or "
		    "requests");
	if (a->staged_count == 0)
		item(out, &at,
		    "name staging and production refs in a policy (--policy), "
		    "to see what went round staging");
	if (at == 0)
		item(out, &at, "adopt the refs and install the hooks");
}

static void
tell_unknown(const struct audit *a, struct buf *out)
{
	const struct audit_counts *n = &a->counts;

	buf_put(out, "\nnot known from Git: approvals on a forge");
	if (n->request > 0)
		buf_printf(out, " (%llu changes name a request)",
		    (unsigned long long)n->request);
	if (n->by_forge > 0)
		buf_printf(out, ", who pressed its button (%llu)",
		    (unsigned long long)n->by_forge);
	buf_put(out, ", who pushed, when a ref really moved, what ran where\n");
	if (n->old > 0 || n->future > 0)
		buf_printf(out,
		    "dates: %llu changes are dated before the period, %llu in "
		    "the future\n",
		    (unsigned long long)n->old, (unsigned long long)n->future);
	if (a->who_over)
		buf_printf(out,
		    "more than %d identities: the others are not told apart\n",
		    AUDIT_IDENTITIES_MAX);
	if (a->grafts)
		buf_put(out,
		    "grafts and replace refs are there, and not "
		    "honoured\n");
	if (a->shallow)
		buf_put(out,
		    "the repository is shallow: older history is not "
		    "here\n");
}

static void
tell_incomplete(const struct audit *a, struct buf *out)
{
	for (size_t i = 0; i < a->defect_count; i++)
		buf_printf(out, "malformed: %s\n", a->defect[i].text);
	if (a->counts.defects > a->defect_count)
		buf_printf(out, "malformed: %llu more\n",
		    (unsigned long long)a->counts.defects - a->defect_count);
	for (size_t i = 0; i < a->staged_count; i++)
		if (a->staged[i].trouble != NULL)
			buf_printf(out, "incomplete: %s: %s\n",
			    a->staged[i].ref, a->staged[i].trouble);
	if (a->counts.unread > 0)
		buf_printf(out,
		    "incomplete: %llu changes could not be read in full\n",
		    (unsigned long long)a->counts.unread);
	if (a->counts.beyond > 0)
		buf_printf(out,
		    "incomplete: %llu changes that claim to be of the period "
		    "lie below %d that do not: an earlier --since\n",
		    (unsigned long long)a->counts.beyond, AUDIT_SLOP);
	if (a->cut != NULL)
		buf_printf(out, "incomplete: history ends at %s\n", a->cut);
	if (a->stopped[0] != '\0')
		buf_printf(out,
		    "incomplete: stopped by hand before %s, after %llu "
		    "changes\n",
		    a->stopped, (unsigned long long)a->counts.changes);
}

void
audit_text(struct audit *a, const struct audit_groups *g, struct buf *out)
{
	tell_head(a, out);
	if (a->empty) {
		buf_put(out,
		    "the repository holds no commits there: nothing "
		    "to assess\n");
		return;
	}
	tell_controls(a, out);
	tell_staging(a, out);
	tell_outcome(a, g, out);
	tell_worst(a, out);
	tell_first(a, g, out);
	tell_unknown(a, out);
	tell_incomplete(a, out);
}
