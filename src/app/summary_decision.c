/* A decision in words: what was asked, of whom, and what came of it. */
#include <string.h>

#include "app/say.h"
#include "app/summary.h"
#include "base/text.h"

static const char *
either(const char *text, const char *other)
{
	return text != NULL ? text : other;
}

static const struct tree *
first(const struct tree *list)
{
	return list == NULL ? NULL : list->child;
}

static void
show_move(struct pool *pool, const struct tree *r)
{
	const char *old = tree_text(r, "old"), *base = tree_text(r, "base");

	say("  gate %s, mode %s: %s to %s, %s",
	    either(tree_text(r, "gate"), "none"),
	    either(tree_text(r, "mode"), "-"), summary_id(pool, old),
	    summary_id(pool, tree_text(r, "new")),
	    either(tree_text(r, "move"), "not known how"));
	if (base != NULL && !text_same(base, old))
		say("  judged from %s, the last tip the ledger knows",
		    summary_id(pool, base));
	if (tree_text(r, "pusher.login") != NULL)
		say("  pushed by %s (login %s)",
		    either(tree_text(r, "pusher.person"), "nobody known"),
		    tree_text(r, "pusher.login"));
	if (tree_text(r, "requester") != NULL)
		say("  asked for by %s", tree_text(r, "requester"));
}

/* How they are known: they pushed it, or their address stands in it. */
static const char *
contributor(struct pool *pool, const struct tree *t)
{
	const char *person = tree_text(t, "person");
	const char *written = either(tree_text(t, "written"), "-");

	if (person == NULL)
		return pool_printf(pool, "nobody known (%s)", written);
	return pool_printf(pool, "%s%s (%s)",
	    tree_true(t, "known") ? "" : "perhaps ", person, written);
}

static void
show_contributors(struct pool *pool, const struct tree *change)
{
	for (const struct tree *t = first(tree_get(change, "contributors"));
	     t != NULL; t = t->next)
		say("    %-12s %s of %s", either(tree_text(t, "part"), "?"),
		    contributor(pool, t),
		    summary_id(pool, tree_text(t, "commit")));
}

static void
show_rehearsal(const struct tree *change)
{
	const char *clean = tree_text(change, "rehearsal.clean");
	const struct tree *paths = tree_path(change, "rehearsal.conflicts");

	if (clean == NULL)
		return;
	say("    a revert would %s",
	    strcmp(clean, "yes") == 0 ? "apply cleanly" : "conflict");
	for (const struct tree *t = first(paths); t != NULL; t = t->next)
		if (t->kind == TREE_TEXT)
			say("      in %s", t->text);
}

static void
show_plan(const struct tree *plan)
{
	const char *text = summary_text(plan, "text");

	if (plan == NULL || plan->kind != TREE_MAP)
		return;
	say("    rollback plan (%s%s):", either(tree_text(plan, "where"), "?"),
	    tree_true(plan, "approved") ? ", part of what was approved"
	        : tree_true(plan, "changed_since")
	        ? ", changed after the last approval"
	        : "");
	if (text != NULL)
		say_text("    | ", text);
	if (tree_text(plan, "to") != NULL)
		say("    rollback to: %s", tree_text(plan, "to"));
}

static void
show_change(struct pool *pool, const struct tree *change)
{
	const struct tree *commits = tree_get(change, "commits");

	say("  change %s: %s", either(tree_text(change, "id"), "?"),
	    either(tree_text(change, "description"), ""));
	for (const struct tree *t = first(commits); t != NULL; t = t->next)
		say("    %s %-10s %s", summary_id(pool, tree_text(t, "id")),
		    either(tree_text(t, "place"), "UNCOVERED"),
		    either(tree_text(t, "subject"), ""));
	show_contributors(pool, change);
	if (tree_number(change, "unseen") > 0)
		say("    of %lld commits nobody told who pushed them first",
		    (long long)tree_number(change, "unseen"));
	if (tree_text(change, "ticket") != NULL)
		say("    ticket %s", tree_text(change, "ticket"));
	show_plan(tree_get(change, "rollback_plan"));
	show_rehearsal(change);
}

static void
show_approvals(struct pool *pool, const struct tree *r)
{
	const struct tree *list = tree_get(r, "approvals");

	if (list == NULL || list->child == NULL)
		say("  no approval was seen");
	for (const struct tree *t = first(list); t != NULL; t = t->next) {
		bool counts = tree_true(t, "counted");

		say("  approval by %s of %s for %s%s, carried %s, record %lld: "
		    "%s%s",
		    either(tree_text(t, "person"), "nobody known"),
		    summary_id(pool, tree_text(t, "commit")),
		    either(tree_text(t, "target"), "?"),
		    tree_text(t, "request") == NULL
		        ? ""
		        : pool_printf(pool, " on %s request %s",
		              either(tree_text(t, "source"), "?"),
		              tree_text(t, "request")),
		    either(tree_text(t, "carried"), "not at all"),
		    (long long)tree_number(t, "record"),
		    counts ? "counts" : "does not count, ",
		    counts ? "" : either(tree_text(t, "code"), "?"));
	}
}

static void
show_staging(struct pool *pool, const struct tree *r)
{
	const struct tree *s = tree_get(r, "staging");
	char soaked[32];

	if (s == NULL || s->kind != TREE_MAP)
		return;
	text_duration(soaked, tree_number(s, "soaked"));
	say("  promotes %s: landed %s (record %lld), staged %s (record %lld), "
	    "there for %s",
	    summary_id(pool, tree_text(s, "commit")),
	    either(tree_text(s, "landed"), "not known"),
	    (long long)tree_number(s, "landed_record"),
	    either(tree_text(s, "staged"), "not known"),
	    (long long)tree_number(s, "staged_record"), soaked);
	for (const struct tree *t = first(tree_get(s, "deployments"));
	     t != NULL; t = t->next)
		say("    deployment to %s: %s, told by %s (record %lld)",
		    either(tree_text(t, "environment"), "?"),
		    tree_true(t, "success") ? "success" : "failure",
		    either(tree_text(t, "person"), "nobody known"),
		    (long long)tree_number(t, "record"));
	for (const struct tree *t = first(tree_get(r, "includes")); t != NULL;
	     t = t->next)
		if (t->kind == TREE_TEXT)
			say("    includes %s", t->text);
}

static void
show_lane_and_emergency(const struct tree *r)
{
	const struct tree *lane = tree_get(r, "lane");
	const struct tree *e = tree_get(r, "emergency");

	if (tree_true(lane, "taken"))
		say("  goes back to %s, reason: %s",
		    either(tree_text(lane, "to"), "?"),
		    either(tree_text(lane, "reason"), "none given"));
	if (e == NULL || e->kind != TREE_MAP)
		return;
	say("  EMERGENCY declared by %s (%s): incident %s, reason: %s",
	    either(tree_text(e, "declarer.person"), "nobody known"),
	    either(tree_text(e, "by"), "?"),
	    either(tree_text(e, "incident"), "none"),
	    either(tree_text(e, "reason"), "none"));
}

void
summary_show_decision(struct pool *pool, const struct tree *r)
{
	show_move(pool, r);
	for (const struct tree *t = first(tree_get(r, "changes")); t != NULL;
	     t = t->next)
		show_change(pool, t);
	show_approvals(pool, r);
	show_staging(pool, r);
	show_lane_and_emergency(r);
	say("  findings:");
	for (const struct tree *t = first(tree_get(r, "findings")); t != NULL;
	     t = t->next)
		say("    %-9s %-26s %s", either(tree_text(t, "standing"), "?"),
		    either(tree_text(t, "code"), "?"),
		    either(summary_text(t, "text"), ""));
	say("  policy %.16s, people %.16s, settings %.16s, rules %lld, "
	    "program %s",
	    either(tree_text(r, "policy"), "?"),
	    either(tree_text(r, "people"), "?"),
	    either(tree_text(r, "settings"), "?"),
	    (long long)tree_number(r, "rules"),
	    either(tree_text(r, "program.version"), "?"));
}
