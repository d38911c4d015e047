/*
 * Control: review on main (CM-2).  Nothing lands round the approvals.
 *
 * Every commit that becomes reachable is part of a stretch that an approval
 * covers, in a way the gate takes (`carry`): whoever gave the approval, and
 * whether it counts, is peer approval's question.  What landed under approval
 * on a gate that this one `accepts` is covered by that, the merge that takes it
 * is not.  A routine change needs no approval.  On a gate that takes what
 * landed elsewhere (`landed_on`), the commit itself landed there, and was
 * judged in full: no open emergency review, no observe mode.  The lane back
 * brings only what was live here.
 */
#include "core/rule.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

static const char CONTROL[] = "review";

#define NAMED_MAX 5
#define HANDS_MAX 3 /* paths named of one merge */

static void
judge_landed(struct bench *b, const struct change *c)
{
	const struct promotion *p = &b->update->promotion;
	const struct texts *from = &b->gate->landed_on;

	if (p->commit == NULL || p->landed == TRI_NO ||
	    (p->landed == TRI_YES && !texts_have(from, p->landed_gate)))
		finding_add(b, c, CONTROL, UNMET, "review.not-landed",
		    "%.12s has not landed on %s", shown(b->update->new),
		    either(b->pool, from));
	else if (p->landed == TRI_UNKNOWN || p->judged == TRI_UNKNOWN)
		finding_add(b, c, CONTROL, UNDECIDED, "review.landed-unknown",
		    "whether %.12s landed, and was judged in full, could not "
		    "be read",
		    p->commit);
	else if (p->judged == TRI_NO)
		finding_add(b, c, CONTROL, UNMET, "review.not-in-full",
		    "%.12s landed without full judgement: %s", p->commit,
		    shown(p->doubt));
	else
		finding_add(b, c, CONTROL, MET, "review.landed",
		    "%.12s landed on %s (record %llu)", p->commit,
		    p->landed_gate, (unsigned long long)p->landed_seq);
}

/* Why an approval of what it merges is not carried to a merge. */
static void
name_hand(struct buf *text, const struct landing_commit *k)
{
	if (k->merges > 2)
		buf_printf(text,
		    " (a merge of %u parents; only two are merged again "
		    "here, so approve the merge itself)",
		    k->merges);
	for (size_t i = 0; i < k->by_hand_count && i < HANDS_MAX; i++)
		buf_printf(text, "%s%s",
		    i > 0 ? ", " : " (no machine merges it to this: ",
		    k->by_hand[i]);
	if (k->by_hand_count > HANDS_MAX)
		buf_put(text, " and more");
	if (k->by_hand_count > 0)
		buf_char(text, ')');
}

static bool
is_covered(const struct bench *b, const struct landing_commit *k)
{
	return k->place == PLACE_ACCEPTED ? commit_is_accepted(b, k)
	                                  : k->place != PLACE_UNCOVERED;
}

/* "1a2b3c4d5e6f, 2b3c4d5e6f7a and 3 more" of what nothing covers. */
static const char *
name_uncovered(struct bench *b, const struct change *c, size_t *count)
{
	struct buf text = {0};
	const char *ret;

	*count = 0;
	for (size_t i = 0; i < c->commit_count; i++) {
		if (is_covered(b, &c->commits[i]))
			continue;
		if (++*count > NAMED_MAX)
			continue;
		buf_printf(&text, "%s%.12s", *count > 1 ? ", " : "",
		    shown(c->commits[i].id));
		name_hand(&text, &c->commits[i]);
	}
	if (*count > NAMED_MAX)
		buf_printf(&text, " and %zu more", *count - NAMED_MAX);
	ret = pool_text(b->pool, buf_text(&text));
	buf_free(&text);
	return ret;
}

/* The nearest way in which a standing approval covers this change. */
static enum carried
nearest(const struct change *c)
{
	enum carried best = CARRIED_NOT;

	for (size_t i = 0; i < c->approval_count; i++) {
		const struct approval *a = &c->approvals[i];

		if (a->carried == CARRIED_NOT || a->taken_back != 0 ||
		    a->voided != 0 || a->spent != TRI_NO ||
		    a->after_fact != TRI_NO)
			continue;
		if (best == CARRIED_NOT || a->carried < best)
			best = a->carried;
	}
	return best;
}

/* Told of once for each landing on the accepted gate. */
static void
tell_of_accepted(struct bench *b, const struct change *c)
{
	uint64_t told = 0;

	for (size_t i = 0; i < c->commit_count; i++) {
		const struct landing_commit *k = &c->commits[i];

		if (!commit_is_accepted(b, k) || k->accepted_seq == told)
			continue;
		told = k->accepted_seq;
		finding_add(b, c, CONTROL, MET, "review.accepted",
		    "%.12s landed under approval on %s (record %llu)",
		    shown(k->id), k->accepted_gate, (unsigned long long)told);
	}
}

static void
judge_covered(struct bench *b, const struct change *c)
{
	enum carried how = nearest(c);
	size_t uncovered;
	const char *names = name_uncovered(b, c, &uncovered), *why;

	tell_of_accepted(b, c);
	if ((uncovered > 0 || how == CARRIED_NOT) &&
	    change_routine(b, c, &why) != NULL) {
		finding_add(b, c, CONTROL, MET, "review.routine",
		    "a routine change: %u file%s", c->routine.files,
		    c->routine.files == 1 ? "" : "s");
		return;
	}
	if (uncovered > 0)
		finding_add(b, c, CONTROL, UNMET, "review.unreviewed-commit",
		    "%zu commit%s in nothing that was approved: %s", uncovered,
		    uncovered == 1 ? "" : "s", names);
	else if (how == CARRIED_NOT)
		finding_add(b, c, CONTROL, UNMET, "review.unreviewed-commit",
		    "nothing that was approved gives %.12s here",
		    shown(c->after));
	else if (how > b->gate->approvals.carry)
		finding_add(b, c, CONTROL, UNMET, "review.carry",
		    "%.12s is not what was approved but made from it, and "
		    "this gate does not carry approvals so far",
		    shown(c->after));
	else
		finding_add(b, c, CONTROL, MET, "review.covered",
		    "%zu commit%s covered by approvals of what lands",
		    c->commit_count, c->commit_count == 1 ? "" : "s");
}

/* A squash or copy that puts a stranger's name over others' work. */
static void
judge_authors(struct bench *b, const struct change *c)
{
	for (size_t i = 0; i < c->commit_count; i++) {
		const struct landing_commit *k = &c->commits[i];

		if (k->place != PLACE_LAST && k->place != PLACE_REPLAYED)
			continue;
		if (k->author_fits == TRI_UNKNOWN)
			finding_add(b, c, CONTROL, UNDECIDED,
			    "review.author-unknown",
			    "whose work %.12s carries could not be read",
			    shown(k->id));
		else if (k->author_fits == TRI_NO)
			finding_add(b, c, CONTROL, UNMET,
			    "review.stranger-author",
			    "%.12s names an author who is neither requester, "
			    "lander nor author of what it carries",
			    shown(k->id));
	}
}

void
rule_review(struct bench *b, const struct change *c)
{
	if (move_brings_nothing(b)) {
		finding_add(b, c, CONTROL, NOT_ASKED, "review.nothing-new",
		    "this move brings nothing to review");
	} else if (move_takes_lane(b)) {
		finding_add(b, c, CONTROL, NOT_ASKED, "review.lane-back",
		    "the lane back brings only what was live here");
	} else if (b->gate->landed_on.count > 0) {
		judge_landed(b, c);
	} else if (!b->gate->approvals.asked) {
		finding_add(b, c, CONTROL, NOT_ASKED, "review.not-asked",
		    "this gate asks for no approvals");
	} else if (c->approvals_known != TRI_YES || c->commit_count == 0) {
		finding_add(b, c, CONTROL, UNDECIDED, "review.unknown",
		    "the commits or the approvals could not be read");
	} else {
		judge_covered(b, c);
		judge_authors(b, c);
	}
}
