/*
 * Control: tests (CM-8).  Each named check succeeded on what was approved or
 * lands.
 *
 * Looked at are the checks told of the commit that lands, of what is promoted
 * and of each commit whose approval counts.  Of each name the newest decides,
 * on whichever of these commits.  Only a source that is asked of tests is
 * believed, nobody on their own change and, where the gate has `told_by`, only
 * people and machines of its groups.
 */
#include "core/rule.h"

#include "base/text.h"

static const char CONTROL[] = "tests";

/* Was it approved, by a yes that counts, or does it land? */
static bool
is_looked_at(const struct bench *b, const struct change *c, const char *commit)
{
	const char *why;

	if (text_same(commit, c->after) ||
	    text_same(commit, b->update->promotion.commit))
		return true;
	for (size_t i = 0; i < c->approval_count; i++)
		if (text_same(c->approvals[i].commit, commit) &&
		    approval_weigh(b, c, &c->approvals[i], groups_asked(b),
		        &why) == NULL)
			return true;
	return false;
}

/* What keeps the newest of them all from being believed. */
struct looked {
	const struct check *newest, *untrusted, *own, *another;
};

static bool
may_tell(const struct bench *b, const struct check *k)
{
	const struct texts *groups = &b->gate->told_by;
	const struct person *p = people_by_id(b->people, k->person);

	return groups->count == 0 ||
	    (person_in_force(p, b->update->at) &&
	        person_in_any(p, groups->list, groups->count));
}

static struct looked
look_for(const struct bench *b, const struct change *c, const char *context)
{
	struct looked found = {0};

	for (size_t i = 0; i < c->check_count; i++) {
		const struct check *k = &c->checks[i];
		const struct check **at = k->trusted != TRI_YES
		    ? &found.untrusted
		    : k->independent != TRI_YES ? &found.own
		    : !may_tell(b, k)           ? &found.another
		                                : &found.newest;

		if (text_same(k->context, context) &&
		    is_looked_at(b, c, k->commit) &&
		    (*at == NULL || k->seq > (*at)->seq))
			*at = k;
	}
	return found;
}

static void
judge_missing(struct bench *b, const struct change *c, const char *context,
    const struct looked *l)
{
	if (l->own != NULL)
		finding_add(b, c, CONTROL, UNMET, "tests.by-contributor",
		    "'%s' of %.12s was told by %s, who had a part in it",
		    context, l->own->commit, shown(l->own->person));
	else if (l->another != NULL)
		finding_add(b, c, CONTROL, UNMET, "tests.teller",
		    "'%s' of %.12s was told by %s, who is in no group of "
		    "'told_by'",
		    context, l->another->commit,
		    l->another->person != NULL ? l->another->person : "nobody");
	else if (l->untrusted != NULL)
		finding_add(b, c, CONTROL, UNMET, "tests.source",
		    "'%s' of %.12s was told by '%s', which is not asked of "
		    "tests",
		    context, l->untrusted->commit, shown(l->untrusted->source));
	else
		finding_add(b, c, CONTROL, UNMET, "tests.missing",
		    "nobody told of '%s' on %.12s", context, shown(c->after));
}

static void
judge_one(struct bench *b, const struct change *c, const char *context)
{
	const struct looked l = look_for(b, c, context);
	const struct check *k = l.newest;

	if (k == NULL)
		judge_missing(b, c, context, &l);
	else if (text_same(k->result, "success"))
		finding_add(b, c, CONTROL, MET, "tests.passed",
		    "'%s' succeeded on %.12s (record %llu)", context, k->commit,
		    (unsigned long long)k->seq);
	else if (text_same(k->result, "pending"))
		finding_add(b, c, CONTROL, UNMET, "tests.pending",
		    "'%s' of %.12s has not ended yet (record %llu)", context,
		    k->commit, (unsigned long long)k->seq);
	else
		finding_add(b, c, CONTROL, UNMET, "tests.failed",
		    "'%s' failed on %.12s (record %llu)", context, k->commit,
		    (unsigned long long)k->seq);
}

void
rule_tests(struct bench *b, const struct change *c)
{
	const struct texts *asked = &b->gate->tests;

	if (!rules_know(b, RULES_FORGES))
		return;
	if (asked->count == 0 || move_brings_nothing(b) || move_takes_lane(b))
		finding_add(b, c, CONTROL, NOT_ASKED, "tests.not-asked",
		    "no tests are asked for");
	else if (c->checks_known != TRI_YES)
		finding_add(b, c, CONTROL, UNDECIDED, "tests.unknown",
		    "what was told of tests could not be read");
	else
		for (size_t i = 0; i < asked->count; i++)
			judge_one(b, c, asked->list[i]);
}
