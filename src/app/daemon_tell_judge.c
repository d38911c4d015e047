/*
 * What landing a request's head on its target now would give, as a status.
 *
 * Judged by the same code as a push, of what a forge's merge button would make
 * of it: the head itself where it holds the target, else the merge of the two
 * that a machine makes.  Who will press the button is not known, so what asks
 * for a lander stays open, and is looked at when it lands.
 */
#include "daemon_tell_inside.h"

#include <string.h>

#include "app/gather.h"
#include "app/witness.h"
#include "base/text.h"

#define NO_MERGE                                                               \
	"it does not merge without a human hand: merge the target into it, "   \
	"and have that approved"

int
tell_push(struct telling *t, struct push *p, const char *old, const char *new,
    const char *ref, struct err *err)
{
	return tell_push_lines(t, p,
	    pool_printf(t->pool, "%s %s %s\n", old, new, ref), err);
}

int
tell_push_lines(struct telling *t, struct push *p, const char *lines,
    struct err *err)
{
	int64_t now = clock_now();

	*p = (struct push){0};
	if (push_begin(p, t->run->setup, lines, strlen(lines), err) < 0)
		return -1;
	p->pool = t->pool;
	p->repo = t->look.repo;
	p->repository = t->look.repository;
	p->in_force = t->look.in_force;
	p->now = now;
	p->deadline = now + TELL_JUDGE_TIME < t->run->deadline
	    ? now + TELL_JUDGE_TIME
	    : t->run->deadline;
	return push_sort(p, err);
}

void
tell_again(struct telling *t, int64_t at)
{
	if (at > t->run->setup->now && (t->again == 0 || at < t->again))
		t->again = at;
}

/* ---- in words ---- */

/* What a time alone will change. */
static bool
waits_for_time(const char *code)
{
	return text_same(code, "staging.soak") ||
	    text_same(code, "freeze.in-force");
}

/* How much a reader of one line is helped by it; 0: not at all. */
static unsigned
weight(const struct finding *f)
{
	if (!finding_is_open(f) || text_same(f->code, "emergency.not-declared"))
		return 0;
	if (f->standing == UNDECIDED)
		return 1;
	if (waits_for_time(f->code))
		return 2;
	/* That nobody looked at it follows from who has not. */
	if (text_same(f->code, "review.unreviewed-commit"))
		return 3;
	return 4;
}

static const struct finding *
in_the_way(const struct verdict *v)
{
	const struct finding *best = NULL;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (weight(f) > (best == NULL ? 0 : weight(best)))
			best = f;
	}
	return best;
}

static const char *
met_by(const struct verdict *v)
{
	for (size_t i = 0; v->findings != NULL && i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (text_same(f->control, "peer") && f->standing == MET)
			return f->text;
	}
	return "nothing is in the way";
}

static void
list_codes(struct telling *t, const struct verdict *v, struct posted *out)
{
	const char **codes = NULL;

	for (size_t i = 0; i < v->finding_count; i++)
		if (finding_is_open(&v->findings[i]))
			*(const char **)pool_grow(t->pool, &codes,
			    &out->code_count, sizeof(*codes)) =
			    v->findings[i].code;
	out->codes = codes;
}

static const char *
cut(struct pool *pool, const char *text)
{
	return text_safe_copy(pool, text, strlen(text),
	    POSTED_DESCRIPTION_MAX - 3);
}

static void
say_verdict(struct telling *t, const struct judged *j, struct posted *out)
{
	const struct verdict *v = &j->verdict;
	const struct finding *f = in_the_way(v);

	list_codes(t, v, out);
	out->findings = v->findings;
	out->finding_count = v->finding_count;
	out->outcome = v->outcome == ADMITTED ? "ADMITTED"
	    : v->outcome == REFUSED           ? "REFUSED"
	                                      : "ADMITTED_AS_EMERGENCY";
	if (j->update.change_count > 0)
		out->change = j->update.changes[j->update.change_count - 1].id;
	if (v->outcome == ADMITTED_AS_EMERGENCY) {
		out->state = "success";
		out->description = cut(t->pool,
		    pool_printf(t->pool, "emergency %s: a review is owed",
		        shown(j->update.declaration.incident)));
	} else if (f == NULL) {
		out->state = v->outcome == ADMITTED ? "success" : "pending";
		out->description = cut(t->pool, met_by(v));
	} else {
		out->state = f->standing == UNDECIDED || waits_for_time(f->code)
		    ? "pending"
		    : "failure";
		out->description = cut(t->pool, f->text);
	}
	if (j->update.mode == MODE_OBSERVE && v->outcome == REFUSED) {
		out->state = "success";
		out->description = cut(t->pool,
		    pool_printf(t->pool, "only observed: %s",
		        out->description));
	}
}

/* ---- when time alone changes the answer ---- */

static void
note_approval(struct telling *t, const struct gate *gate,
    const struct approval *a)
{
	const struct person *who =
	    people_by_id(&t->run->setup->config.people, a->person);

	if (gate->approvals.valid_for > 0 && a->time > 0)
		tell_again(t, a->time + gate->approvals.valid_for);
	if (who != NULL)
		tell_again(t, who->expires);
}

static void
note_times(struct telling *t, const struct gate *gate, const struct judged *j)
{
	const struct update *u = &j->update;

	for (size_t i = 0; i < gate->freeze_count; i++) {
		tell_again(t, gate->freezes[i].from);
		tell_again(t, gate->freezes[i].to);
	}
	for (size_t i = 0; i < u->change_count; i++)
		for (size_t k = 0; k < u->changes[i].approval_count; k++)
			note_approval(t, gate, &u->changes[i].approvals[k]);
	if (gate->after.asked && u->promotion.staged_at > 0)
		tell_again(t, u->promotion.staged_at + gate->after.soak);
	for (size_t i = 0; i < u->debt_count; i++)
		tell_again(t, u->debts[i].due);
	if (u->declaration.by != DECLARED_NOT && u->declaration.time > 0)
		tell_again(t,
		    u->declaration.time +
		        t->run->setup->config.policy.emergency.valid_for);
}

/* ---- judging ---- */

/* What a merge button would make: NULL where a hand is needed. */
static int
what_lands(struct telling *t, const char *tip, const struct open_request *r,
    const char **new, bool *landed, struct err *err)
{
	bool in;

	*new = r->head;
	*landed = false;
	if (r->queued || text_is_zero_oid(tip))
		return 0;
	if (repo_is_ancestor(t->look.repo, r->head, tip, landed, err) < 0 ||
	    repo_is_ancestor(t->look.repo, tip, r->head, &in, err) < 0)
		return -1;
	if (in || *landed)
		return 0;
	return mirror_merge(&t->mirror, t->pool, tip, r->head, new, err);
}

static int
judge_it(struct telling *t, struct push *p, struct posted *out, struct err *err)
{
	struct ref_update *r = &p->refs[0];
	struct judged j;

	p->foreseen = true;
	if (gate_judge(p, r, &j, err) < 0)
		return -1;
	say_verdict(t, &j, out);
	note_times(t, r->gate, &j);
	return 0;
}

static int
judge_as_status(struct telling *t, const char *tip, const char *new,
    const char *ref, struct posted *out, struct err *err)
{
	struct push p;

	if (tell_push(t, &p, tip, new != NULL ? new : WITNESS_NOTHING, ref,
	        err) < 0)
		return -1;
	if (p.refs[0].gate == NULL)
		return 0;
	out->repository = t->look.repository;
	out->source = t->mirror.source->name;
	out->gate = p.refs[0].gate->name;
	out->ref = ref;
	out->context = pool_printf(t->pool, "foureyes/%s", out->gate);
	out->in_force = p.in_force;
	if (p.refs[0].code != NULL || new == NULL) {
		out->outcome = "REFUSED";
		out->state = "failure";
		out->description = cut(t->pool,
		    p.refs[0].code != NULL ? p.refs[0].why : NO_MERGE);
		return 0;
	}
	return judge_it(t, &p, out, err);
}

int
tell_judge(struct telling *t, const struct open_request *r, struct posted *out,
    struct err *err)
{
	const char *tip, *new = NULL;
	bool landed;

	*out = (struct posted){.commit = r->head};
	if (repo_kind_of(t->look.repo, r->head) != REPO_COMMIT)
		return 0;
	if (witness_present(&t->look, r->target, &tip, err) < 0 ||
	    what_lands(t, tip, r, &new, &landed, err) < 0)
		return -1;
	if (landed)
		return 0;
	if (judge_as_status(t, tip, new, r->target, out, err) < 0)
		return -1;
	if (r->number != NULL) {
		const char **numbers = pool_array(t->pool, 1, sizeof(*numbers));

		numbers[0] = r->number;
		out->requests = numbers;
		out->request_count = 1;
	}
	return 0;
}

void
tell_add(struct telling *t, const struct posted *one)
{
	struct posted *had = NULL;
	const char **numbers;

	for (size_t i = 0; i < t->posted.count && had == NULL; i++)
		if (strcmp(t->posted.list[i].commit, one->commit) == 0 &&
		    strcmp(t->posted.list[i].context, one->context) == 0)
			had = &t->posted.list[i];
	if (had == NULL) {
		*(struct posted *)pool_grow(t->pool, &t->posted.list,
		    &t->posted.count, sizeof(*t->posted.list)) = *one;
		return;
	}
	numbers = pool_array(t->pool,
	    had->request_count + one->request_count + 1, sizeof(*numbers));
	for (size_t i = 0; i < had->request_count; i++)
		numbers[i] = had->requests[i];
	for (size_t i = 0; i < one->request_count; i++)
		numbers[had->request_count + i] = one->requests[i];
	if (posted_rank(one->state) > posted_rank(had->state)) {
		size_t count = had->request_count;

		*had = *one;
		had->request_count = count;
	}
	had->requests = numbers;
	had->request_count += one->request_count;
}
