/*
 * One decision, judged once more.  What is written of the facts now must be
 * what was written then, member for member, to the byte.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/tree.h"
#include "core/facts.h"
#include "core/judge.h"
#include "core/record.h"
#include "replay_inside.h"

/* A member of a JSON object, as it stands there. */
struct member {
	const char *key, *value;
	size_t key_len, len;
};

/* What every decision has had since the first version. */
static const char *const always[] = {"outcome", "repository", "gate", "ref",
    "rules", "pusher", "requester", "contributors", "unseen", "approvals",
    "includes", "rollback_plan", "findings", NULL};

/* Of canonical JSON that was read before: where does this value end? */
static const char *
end_of_value(const char *at, const char *end)
{
	unsigned depth = 0;
	bool quoted = false;

	for (; at < end; at++) {
		if (quoted) {
			at += *at == '\\';
			quoted = *at != '"';
			continue;
		}
		if (depth == 0 && (*at == ',' || *at == '}'))
			return at;
		if (*at == '"')
			quoted = true;
		else if (*at == '{' || *at == '[')
			depth++;
		else if (*at == '}' || *at == ']')
			depth--;
	}
	return end;
}

/* The next member of a body `"type":...}`; false at its end. */
static bool
next_member(const char **at, const char *end, struct member *m)
{
	const char *p = *at, *quote;

	if (p < end && *p == ',')
		p++;
	if (p >= end || *p != '"')
		return false;
	quote = memchr(p + 1, '"', (size_t)(end - p - 1));
	if (quote == NULL || quote + 2 > end || quote[1] != ':')
		return false;
	m->key = p + 1;
	m->key_len = (size_t)(quote - p - 1);
	m->value = quote + 2;
	*at = end_of_value(m->value, end);
	m->len = (size_t)(*at - m->value);
	return true;
}

static bool
find_member(const char *body, size_t len, const struct member *like,
    struct member *out)
{
	const char *at = body;

	while (next_member(&at, body + len, out))
		if (out->key_len == like->key_len &&
		    memcmp(out->key, like->key, like->key_len) == 0)
			return true;
	return false;
}

static void
differs(struct replay_job *job, const char *key, const char *recorded,
    const char *judged)
{
	struct replayed *out = &job->out;

	out->end = REPLAY_DIFFERS;
	if (out->difference_count == REPLAY_DIFFERENCES_MAX)
		return;
	out->differences[out->difference_count++] =
	    (struct replay_difference){key, recorded, judged};
}

static const char *
value_text(struct replay_job *job, const struct member *m)
{
	return pool_textn(&job->pool, m->value, m->len);
}

static bool
is_always(const struct member *m)
{
	for (size_t i = 0; always[i] != NULL; i++)
		if (strlen(always[i]) == m->key_len &&
		    memcmp(always[i], m->key, m->key_len) == 0)
			return true;
	return false;
}

/* More keys in the record are welcome; what is written must be the same. */
static void
compare(struct replay_job *job, const struct buf *now)
{
	const char *body = job->line + job->body;
	size_t len = job->len - job->body;
	const char *at = now->data, *end = now->data + now->len;
	struct member m, was;

	job->out.end = REPLAY_SAME;
	if (len == now->len && memcmp(body, now->data, len) == 0)
		return;
	while (next_member(&at, end, &m)) {
		bool there = find_member(body, len, &m, &was);

		if (there ? was.len == m.len &&
		            memcmp(was.value, m.value, m.len) == 0
		          : !is_always(&m))
			continue;
		differs(job, pool_textn(&job->pool, m.key, m.key_len),
		    there ? value_text(job, &was) : NULL, value_text(job, &m));
	}
	if (job->out.end == REPLAY_DIFFERS)
		job->out.why = "judged again, it does not come out the same";
}

static void
write_decision(struct replay_job *job, const struct update *update,
    const struct verdict *verdict, struct buf *out)
{
	const struct tree *r = job->record;
	const struct decided d = {.update = update,
	    .verdict = verdict,
	    .in_force = {tree_text(r, "policy"), tree_text(r, "people"),
	        tree_text(r, "settings"),
	        {tree_text(r, "program.version"),
	            tree_text(r, "program.sha256")}},
	    .withheld = tree_true(r, "withheld"),
	    .review_within = job->policy->policy.emergency.review_within};

	record_decision(out, &d);
}

/* Is each finding of `a` that is in the way in the way of `b` too? */
static bool
stands_in_way(const struct verdict *a, const struct verdict *b)
{
	for (size_t i = 0; i < a->finding_count; i++) {
		const struct finding *f = &a->findings[i];
		bool there = !finding_is_open(f);

		for (size_t k = 0; !there && k < b->finding_count; k++)
			there = finding_is_open(&b->findings[k]) &&
			    strcmp(b->findings[k].code, f->code) == 0;
		if (!there)
			return false;
	}
	return true;
}

static bool
same_verdict(const struct verdict *a, const struct verdict *b)
{
	return a->outcome == b->outcome && stands_in_way(a, b) &&
	    stands_in_way(b, a);
}

/* The same facts by the rules of today, where those are others. */
static void
judge_newer(struct replay_job *job, const struct gate *gate,
    struct update update, const struct verdict *then)
{
	struct verdict now = {0};
	struct buf body = {0};
	const struct member like = {.key = "findings", .key_len = 8};
	struct member m;

	if (update.rules == 0 || update.rules >= RULES_VERSION)
		return;
	update.rules = RULES_VERSION;
	judge(&job->policy->policy, gate, &job->people->people, &update,
	    &job->pool, &now);
	if (same_verdict(then, &now))
		return;
	job->out.newer_outcome = outcome_name(now.outcome);
	write_decision(job, &update, &now, &body);
	if (find_member(body.data, body.len, &like, &m))
		job->out.newer_findings = value_text(job, &m);
	buf_free(&body);
}

static const char *
mode_word(enum mode mode)
{
	return mode == MODE_OBSERVE ? "\"observe\"" : "\"enforce\"";
}

static void
judge_facts(struct replay_job *job, const struct gate *gate,
    const struct update *update)
{
	struct verdict verdict = {0};
	struct buf now = {0};
	uint64_t uncited;

	judge(&job->policy->policy, gate, &job->people->people, update,
	    &job->pool, &verdict);
	write_decision(job, update, &verdict, &now);
	compare(job, &now);
	buf_free(&now);
	if (update->mode != gate->mode) {
		differs(job, "mode", mode_word(update->mode),
		    mode_word(gate->mode));
		job->out.why = "its mode is not the one of its policy";
	}
	if (update->at != job->out.time) {
		differs(job, "asked", NULL, NULL);
		job->out.why = "it is dated otherwise than it was judged";
	}
	uncited = replay_uncited(job->cited, update, job->out.seq);
	if (uncited != 0) {
		job->out.end = REPLAY_DIFFERS;
		if (job->out.why == NULL)
			job->out.why = pool_printf(&job->pool,
			    "record %llu does not say what this one has of it",
			    (unsigned long long)uncited);
	}
	judge_newer(job, gate, *update, &verdict);
}

static void
cannot(struct replay_job *job, enum replay_end end, const char *why)
{
	job->out.end = end;
	job->out.why = why;
}

/* The gate that its policy has for its ref, by the name it says; or NULL. */
static const struct gate *
gate_of(const struct replay_job *job, const struct update *u)
{
	const struct policy_repository *entry = u->repository == NULL
	    ? NULL
	    : policy_repository(&job->policy->policy, u->repository);
	const struct gate *gate = NULL;

	if (entry == NULL || u->ref == NULL ||
	    policy_gate(entry, u->ref, &gate) != GATE_ONE ||
	    !text_same(gate->name, u->gate))
		return NULL;
	return gate;
}

/* Refused for its name or its evidence: no rule was asked, none can be now. */
static void
judge_none(struct replay_job *job)
{
	if (text_same(tree_text(job->record, "outcome"), "REFUSED"))
		job->out.end = REPLAY_UNJUDGED;
	else
		cannot(job, REPLAY_DIFFERS,
		    "it admits something at no gate, and no rule does that");
}

static void
judge_with(struct replay_job *job)
{
	const struct gate *gate;
	struct update update;
	struct err err = {0};

	if (facts_read(&update, &job->pool, job->record, &err) < 0) {
		cannot(job, REPLAY_DIFFERS, pool_text(&job->pool, err.text));
		return;
	}
	gate = gate_of(job, &update);
	if (gate == NULL)
		cannot(job, REPLAY_DIFFERS,
		    "its policy has no such gate for this ref");
	else
		judge_facts(job, gate, &update);
}

/* Is that the text of the digest which the record has under this key? */
static bool
names(const struct replay_job *job, const char *key,
    const struct replay_text *text)
{
	return text != NULL &&
	    text_same(tree_text(job->record, key), text->digest);
}

void
replay_judge(struct replay_job *job)
{
	const struct tree *r;
	struct replayed *out = &job->out;
	struct err err = {0};

	if (tree_parse_json(&job->record, &job->pool, job->line, job->len,
	        "ledger", &err) < 0) {
		cannot(job, REPLAY_DIFFERS, pool_text(&job->pool, err.text));
		return;
	}
	r = job->record;
	out->repository = tree_text(r, "repository");
	out->gate = tree_text(r, "gate");
	out->ref = tree_text(r, "ref");
	if (tree_number(r, "rules") > 0 &&
	    tree_number(r, "rules") <= UINT32_MAX)
		out->rules = (unsigned)tree_number(r, "rules");
	if (out->gate == NULL)
		judge_none(job);
	else if (out->rules > RULES_VERSION)
		cannot(job, REPLAY_UNKNOWN,
		    "it was judged by newer rules than this program has");
	else if (out->rules == 0)
		cannot(job, REPLAY_DIFFERS, "it names no version of the rules");
	else if (!names(job, "policy", job->policy) ||
	    !names(job, "people", job->people))
		cannot(job, REPLAY_DIFFERS,
		    "no record holds the policy or the people that it names");
	else if (job->policy->why != NULL || job->people->why != NULL)
		cannot(job, REPLAY_DIFFERS,
		    pool_printf(&job->pool, "the texts it names: %s",
		        job->policy->why != NULL ? job->policy->why
		                                 : job->people->why));
	else
		judge_with(job);
}
