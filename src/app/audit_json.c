/* The summary for programs: every figure under a name that stays. */
#include "app/audit.h"
#include "base/json.h"
#include "base/text.h"

static void
number(struct json *j, const char *key, uint64_t value)
{
	json_key_number(j, key, (int64_t)value);
}

static void
write_approval(struct json *j, const struct audit_counts *n)
{
	json_key_open(j, "approval", '{');
	number(j, "proven", n->yes[AUDIT_PROVEN]);
	number(j, "claimed_by_trailer", n->yes[AUDIT_BY_TRAILER]);
	number(j, "claimed_by_lander", n->yes[AUDIT_BY_LANDER]);
	number(j, "none", n->yes[AUDIT_NONE]);
	number(j, "unknown", n->yes[AUDIT_UNKNOWN]);
	number(j, "alone", n->alone);
	number(j, "tags", n->tags);
	number(j, "tags_good", n->tags_good);
	json_close(j);
}

static void
write_merges(struct json *j, const struct audit_counts *n)
{
	json_key_open(j, "merge", '{');
	number(j, "mechanical", n->merge[AUDIT_MECHANICAL]);
	number(j, "hand_made", n->merge[AUDIT_HAND_MADE]);
	number(j, "conflict", n->merge[AUDIT_CONFLICT]);
	number(j, "octopus", n->merge[AUDIT_OCTOPUS]);
	number(j, "unrelated", n->merge[AUDIT_UNRELATED]);
	number(j, "too_slow", n->merge[AUDIT_SLOW]);
	number(j, "unreadable", n->merge[AUDIT_UNREADABLE]);
	json_close(j);
}

static void
write_plans(struct json *j, const struct audit_counts *n)
{
	json_key_open(j, "rollback_plan", '{');
	for (int state = PLAN_ABSENT; state <= PLAN_REAL; state++)
		number(j, plan_state_name((enum plan_state)state),
		    n->plan[state]);
	json_close(j);
}

static void
write_outcomes(struct json *j, const struct audit_counts *n)
{
	json_key_open(j, "outcome", '{');
	number(j, "would_have_landed", n->outcome[AUDIT_WOULD_LAND]);
	number(j, "claims_only", n->outcome[AUDIT_CLAIMS_ONLY]);
	number(j, "would_have_been_refused",
	    n->outcome[AUDIT_WOULD_BE_REFUSED]);
	number(j, "cannot_be_said", n->outcome[AUDIT_CANNOT_SAY]);
	json_close(j);
}

static void
write_counts(struct json *j, const struct audit_counts *n)
{
	number(j, "changes", n->changes);
	number(j, "commits", n->commits);
	number(j, "merges", n->merges);
	number(j, "single", n->direct);
	number(j, "roots", n->roots);
	write_approval(j, n);
	write_merges(j, n);
	write_plans(j, n);
	write_outcomes(j, n);
	number(j, "ticket", n->ticket);
	number(j, "request", n->request);
	number(j, "by_forge", n->by_forge);
	number(j, "owned", n->owned);
	number(j, "malformed", n->defects);
	number(j, "unread", n->unread);
	number(j, "dated_before", n->old);
	number(j, "dated_in_future", n->future);
	number(j, "beyond", n->beyond);
}

static void
write_people(struct json *j, const struct audit *a,
    const struct audit_groups *g)
{
	json_key_open(j, "people", '{');
	number(j, "identities", a->who_count);
	json_key_bool(j, "more_identities", a->who_over);
	number(j, "persons", g->persons);
	number(j, "machines", g->machines);
	number(j, "known", g->known);
	number(j, "left_out", g->left_out);
	json_close(j);
}

static void
write_examples(struct json *j, const char *key,
    const struct audit_example *list, size_t count)
{
	json_key_open(j, key, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(j, '{');
		json_key_text(j, "commit", list[i].commit);
		json_key_text(j, "text", list[i].text);
		json_close(j);
	}
	json_close(j);
}

static void
write_staging(struct json *j, const struct audit *a)
{
	json_key_open(j, "staging", '[');
	for (size_t i = 0; i < a->staged_count; i++) {
		const struct audit_staged *s = &a->staged[i];

		json_open(j, '{');
		json_key_text(j, "gate", s->gate->name);
		json_key_text(j, "ref", s->ref);
		json_key_text(j, "after", s->after->name);
		number(j, "after_refs", s->staging_refs);
		number(j, "steps", s->steps);
		number(j, "staged", s->staged);
		number(j, "not_staged", s->not_staged);
		if (s->trouble != NULL)
			json_key_text(j, "trouble", s->trouble);
		write_examples(j, "examples", s->examples, s->example_count);
		json_close(j);
	}
	json_close(j);
}

static void
write_worst(struct json *j, const struct audit *a)
{
	static const char *const names[AUDIT_WORSTS] = {"hand_made", "alone",
	    "conflict", "octopus"};

	json_key_open(j, "worst", '{');
	for (size_t k = 0; k < AUDIT_WORSTS; k++)
		write_examples(j, names[k], a->worst[k], a->worst_count[k]);
	json_close(j);
	write_examples(j, "malformed_commits", a->defect, a->defect_count);
}

static void
write_limits(struct json *j, const struct audit *a)
{
	json_key_bool(j, "whole", audit_is_whole(a));
	json_key_bool(j, "shallow", a->shallow);
	json_key_bool(j, "grafts", a->grafts);
	json_key_text(j, "stopped_before",
	    a->stopped[0] != '\0' ? a->stopped : NULL);
	json_key_text(j, "cut", a->cut);
}

void
audit_json(struct audit *a, const struct audit_groups *g, struct buf *out)
{
	struct json j = {.out = out};

	json_open(&j, '{');
	json_key_text(&j, "assessment", AUDIT_MARK);
	json_key_text(&j, "repository", a->repository);
	json_key_text(&j, "gate", a->gate->name);
	json_key_text(&j, "ref", a->empty ? NULL : a->ref);
	json_key_text(&j, "tip", a->empty ? NULL : a->tip);
	json_key_instant(&j, "since", a->since);
	json_key_instant(&j, "oldest", a->oldest);
	json_key_instant(&j, "newest", a->newest);
	json_key_text(&j, "policy", a->built_in ? NULL : a->policy->digest);
	json_key_text(&j, "people",
	    a->people != NULL ? a->people->digest : NULL);
	write_limits(&j, a);
	write_counts(&j, &a->counts);
	write_people(&j, a, g);
	write_staging(&j, a);
	write_worst(&j, a);
	json_close(&j);
}
