/*
 * Control: staging first (CM-5).  It ran there before, long enough, and well.
 *
 * The commit that is promoted (where the gate says so, one with its tree)
 * landed on the `after` gate in an earlier push and was the tip there without
 * a break for `soak`.  Of deployments, the newest one told of that commit and
 * one of that gate's environments, after it landed there, by somebody whose
 * word is taken and who is no contributor, decides; a failure refuses even
 * where `deployment` is optional.
 */
#include "core/rule.h"

#include "base/text.h"

static const char CONTROL[] = "staging";

/* Of what ran on staging, there, since then. */
static bool
concerns(const struct bench *b, const struct deployment *d)
{
	const struct promotion *p = &b->update->promotion;
	const struct gate *gate = policy_gate_named(policy_repository(b->policy,
	                                                b->update->repository),
	    b->gate->after.gate);

	return d->seq > p->staged_seq &&
	    text_same(d->commit, p->staged_commit) &&
	    texts_have(&gate->environments, d->environment);
}

/* The words of `after`, else of the gate, else machines and sources. */
static bool
may_tell(const struct bench *b, const struct deployment *d)
{
	const struct texts *groups = &b->gate->after.told_by;
	const struct person *p = people_by_id(b->people, d->person);

	if (d->independent != TRI_YES)
		return false;
	if (groups->count == 0)
		groups = &b->gate->told_by;
	if (groups->count == 0 && d->source)
		return true;
	return person_in_force(p, b->update->at) &&
	    (groups->count > 0 || p->machine) &&
	    person_in_any(p, groups->list, groups->count);
}

static const struct deployment *
newest_told(const struct bench *b)
{
	const struct promotion *p = &b->update->promotion;

	for (size_t i = 0; i < p->deployment_count; i++)
		if (concerns(b, &p->deployments[i]) &&
		    may_tell(b, &p->deployments[i]))
			return &p->deployments[i];
	return NULL;
}

static void
judge_deployment(struct bench *b)
{
	const struct promotion *p = &b->update->promotion;
	const struct deployment *d;

	if (p->deployments_known != TRI_YES) {
		finding_add(b, NULL, CONTROL, UNDECIDED,
		    "staging.deployment-unknown",
		    "the deployments told could not be read");
		return;
	}
	d = newest_told(b);
	if (d != NULL && !d->success)
		finding_add(b, NULL, CONTROL, UNMET,
		    "staging.deployment-failed",
		    "the newest deployment of %.12s to %s failed (record %llu)",
		    d->commit, d->environment, (unsigned long long)d->seq);
	else if (d != NULL)
		finding_add(b, NULL, CONTROL, MET, "staging.deployment",
		    "%.12s was deployed to %s (record %llu)", d->commit,
		    d->environment, (unsigned long long)d->seq);
	else if (b->gate->after.deployment == DEPLOYMENT_REQUIRED)
		finding_add(b, NULL, CONTROL, UNMET,
		    "staging.deployment-missing",
		    "nobody whose word is taken told of a deployment of %.12s "
		    "to %s",
		    p->commit, b->gate->after.gate);
}

static void
judge_soak(struct bench *b)
{
	const struct promotion *p = &b->update->promotion;
	int64_t soak = b->gate->after.soak;
	char asked[32], had[32], left[32];

	text_duration(asked, soak);
	text_duration(had, p->soaked);
	text_duration(left, soak - p->soaked);
	if (p->soaked < soak)
		finding_add(b, NULL, CONTROL, UNMET, "staging.soak",
		    "%.12s was on %s for %s of %s; try again in %s", p->commit,
		    b->gate->after.gate, had, asked, left);
	else
		finding_add(b, NULL, CONTROL, MET, "staging.ran",
		    "%.12s was on %s for %s (record %llu)", p->commit,
		    b->gate->after.gate, had,
		    (unsigned long long)p->staged_seq);
}

static bool
is_staged(const struct bench *b)
{
	const struct promotion *p = &b->update->promotion;

	return p->staged == TRI_YES &&
	    (b->gate->after.same_tree ||
	        text_same(p->staged_commit, p->commit));
}

void
rule_staging(struct bench *b)
{
	const struct promotion *p = &b->update->promotion;
	const char *gate = b->gate->after.gate;

	if (!b->gate->after.asked || move_brings_nothing(b)) {
		finding_add(b, NULL, CONTROL, NOT_ASKED, "staging.not-asked",
		    "no staging is asked for this move");
	} else if (move_takes_lane(b)) {
		finding_add(b, NULL, CONTROL, NOT_ASKED, "staging.lane-back",
		    "the lane back brings only what was live here");
	} else if (p->commit != NULL && p->staged == TRI_UNKNOWN) {
		finding_add(b, NULL, CONTROL, UNDECIDED, "staging.unknown",
		    "whether %.12s was on %s could not be read", p->commit,
		    gate);
	} else if (p->commit == NULL || !is_staged(b)) {
		finding_add(b, NULL, CONTROL, UNMET, "staging.not-staged",
		    "no staging record: %.12s has not landed on %s in an "
		    "earlier push",
		    shown(p->commit != NULL ? p->commit : b->update->new),
		    gate);
	} else {
		judge_soak(b);
		judge_deployment(b);
	}
}
