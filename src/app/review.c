#include "app/review.h"

#include <string.h>

#include "app/gather.h"
#include "base/text.h"
#include "core/rule.h"
#include "core/statement.h"
#include "core/topics.h"

#define PAGE 64

const char *
owed_commit(const struct record *landing)
{
	const char *subject = tree_text(landing->tree, "subject");
	const char *new = tree_text(landing->tree, "new");

	if (subject != NULL)
		return subject;
	return new == NULL || text_is_zero_oid(new)
	    ? tree_text(landing->tree, "old")
	    : new;
}

static void
bar(struct gathering *g, struct change *c, const char *person)
{
	struct actor who = {.person = person, .login = person};

	if (person != NULL)
		gather_contributor(g, c, PART_OPENER, NULL, &who, c->after);
}

static const char *
unknown_part(const struct gate *gate, const struct change *c)
{
	for (size_t i = 0; i < c->contributor_count; i++)
		if (!gate->unknown_contributors_allowed &&
		    (!c->contributors[i].known ||
		        c->contributors[i].person == NULL))
			return shown(c->contributors[i].written);
	return NULL;
}

static void
weigh(struct gathering *g, const struct change *c, struct review *out)
{
	struct bench b = {.pool = g->push->pool,
	    .policy = &g->push->setup->config.policy,
	    .gate = g->gate,
	    .people = &g->push->setup->config.people,
	    .update = g->update};
	const struct policy_approvals *asked = &g->gate->approvals;

	out->asked = asked->asked ? asked->count : 1;
	out->have = approval_count(&b, c, &asked->groups);
	out->unknown = unknown_part(g->gate, c);
	out->contributors = c->contributors;
	out->contributor_count = c->contributor_count;
	out->state = out->have >= out->asked && out->unknown == NULL
	    ? REVIEW_DONE
	    : REVIEW_OPEN;
	for (size_t i = 0; i < c->objection_count; i++) {
		const struct approval *o = &c->objections[i];

		if (!objection_stops(&b, c, o))
			continue;
		out->state = REVIEW_OBJECTED;
		if (o->seq > out->objected)
			out->objected = o->seq;
	}
}

/* Contributors bar in a review, whatever the gate asks of a promotion. */
static struct gate *
review_gate(struct push *p, const struct gate *gate)
{
	struct gate *copy = pool_copy(p->pool, gate, sizeof(*gate));

	copy->approvals.independent_of = INDEPENDENT_OF_CONTRIBUTORS;
	copy->owner_count = 0;
	copy->ticket = NULL;
	return copy;
}

static int
is_on_record(struct push *p, uint64_t landing, bool *yes, struct err *err)
{
	uint64_t seq;
	size_t count;

	if (changelog_seqs(p->setup->log, topic_reviewed(p->pool, landing),
	        false, 0, &seq, 1, &count, err) < 0)
		return -1;
	*yes = count > 0;
	return 0;
}

/* What landed, as one change with everybody who had a part in it. */
static int
gather_landed(struct gathering *g, const struct record *landing,
    struct change *c, struct err *err)
{
	const struct tree *t = landing->tree;
	const char *commit = owed_commit(landing);
	bool more = true;

	if (gather_span(g, tree_text(t, "old"), commit, commit, err) < 0 ||
	    gather_statements(g, err) < 0)
		return -1;
	while (more)
		if (gather_statements_elsewhere(g, &more, err) < 0)
			return -1;
	g->promoted = g->line[g->line_count - 1];
	if (gather_change(g, 0, g->line_count - 1, c, err) < 0)
		return -1;
	bar(g, c, tree_text(t, "declarer"));
	bar(g, c, tree_text(t, "lander"));
	return 0;
}

int
review_of(struct push *p, const struct record *landing, struct review *out,
    struct err *err)
{
	const struct tree *t = landing->tree;
	const char *name = tree_text(t, "repository");
	const struct gate *gate =
	    policy_gate_named(policy_repository(&p->setup->config.policy, name),
	        tree_text(t, "gate"));
	const char *commit = owed_commit(landing);
	struct update u = {.repository = name,
	    .at = p->now,
	    .ref = tree_text(t, "ref"),
	    .old = tree_text(t, "old"),
	    .new = commit};
	struct gathering g = {.push = p,
	    .update = &u,
	    .reviewed = landing->seq};
	struct change c = {0};
	bool done;

	*out = (struct review){0};
	if (gate == NULL || u.ref == NULL || commit == NULL ||
	    !text_same(name, p->repository) || gather_is_late(p) ||
	    repo_kind_of(p->repo, commit) == REPO_NONE)
		return 0;
	g.gate = review_gate(p, gate);
	u.gate = gate->name;
	u.pusher.person = tree_text(t, "lander");
	if (gather_landed(&g, landing, &c, err) < 0 ||
	    is_on_record(p, landing->seq, &done, err) < 0)
		return -1;
	weigh(&g, &c, out);
	if (done && out->state == REVIEW_OPEN)
		out->state = REVIEW_DONE;
	return 0;
}

/* ---- what is owed ---- */

static bool
is_wanted(const struct owed_search *s, const struct tree *t)
{
	if (s->repository == NULL && s->declarer == NULL)
		return true;
	return (text_same(tree_text(t, "repository"), s->repository) &&
	           text_same(tree_text(t, "gate"), s->gate)) ||
	    text_same(tree_text(t, "declarer"), s->declarer);
}

/* In its own repository, as a push there would see it. */
static int
review_elsewhere(struct push *p, const struct record *landing,
    struct review *out, struct err *err)
{
	const char *name = tree_text(landing->tree, "repository"), *path;
	struct push there = {.setup = p->setup,
	    .pool = p->pool,
	    .repository = name,
	    .now = p->now,
	    .deadline = p->deadline};
	struct err why = {0};
	int ret;

	there.commits.pool = there.pushers.pool = p->pool;
	there.entry = policy_repository(&p->setup->config.policy, name);
	if (door_path(&p->setup->config.settings, p->pool, name, &path, &why) <
	        0 ||
	    push_repository(&there, path, &why) < 0)
		return 0;
	ret = review_of(&there, landing, out, err);
	repo_close(there.repo);
	return ret;
}

static int
add_owed(struct push *p, const struct owed_search *search, uint64_t seq,
    struct owed **list, size_t *count, struct err *err)
{
	struct owed one = {0};
	const char *name;
	bool done;

	if (is_on_record(p, seq, &done, err) < 0)
		return -1;
	if (done)
		return 0;
	if (changelog_read(p->setup->log, p->pool, seq, &one.landing, err) < 0)
		return -1;
	name = one.landing.seq == 0 ? NULL
	                            : tree_text(one.landing.tree, "repository");
	/* Where no gate asks any more, nobody can answer any more. */
	if (name == NULL || !is_wanted(search, one.landing.tree) ||
	    policy_gate_named(policy_repository(&p->setup->config.policy, name),
	        tree_text(one.landing.tree, "gate")) == NULL)
		return 0;
	if ((text_same(name, p->repository)
	            ? review_of(p, &one.landing, &one.review, err)
	            : review_elsewhere(p, &one.landing, &one.review, err)) < 0)
		return -1;
	if (one.review.state != REVIEW_DONE)
		*(struct owed *)pool_grow(p->pool, list, count,
		    sizeof(**list)) = one;
	return 0;
}

int
owed_find(struct push *p, const struct owed_search *search, struct owed **list,
    size_t *count, bool *all, struct err *err)
{
	uint64_t seqs[PAGE], beyond = 0;
	size_t n = PAGE;

	*list = NULL;
	*count = 0;
	while (n == PAGE && *count < OWED_MAX) {
		if (changelog_seqs(p->setup->log, search->topic, false, beyond,
		        seqs, PAGE, &n, err) < 0)
			return -1;
		for (size_t i = 0; i < n; i++) {
			beyond = seqs[i];
			if (add_owed(p, search, seqs[i], list, count, err) < 0)
				return -1;
		}
	}
	*all = n < PAGE;
	return 0;
}

/* ---- put on record ---- */

static int
settle_one(struct push *p, uint64_t seq, struct buf *body, struct err *err)
{
	struct record landing;
	struct review review;
	bool done;

	if (is_on_record(p, seq, &done, err) < 0)
		return -1;
	if (done)
		return 0;
	if (changelog_read(p->setup->log, p->pool, seq, &landing, err) < 0)
		return -1;
	if (landing.seq == 0)
		return 0;
	if (review_of(p, &landing, &review, err) < 0)
		return -1;
	if (review.state == REVIEW_DONE)
		record_review(body, p->repository,
		    tree_text(landing.tree, "gate"), owed_commit(&landing), seq,
		    review.have, review.asked);
	return 0;
}

static int
settle_landing(struct push *p, uint64_t seq, struct err *err)
{
	struct buf body = {0};
	struct ledger_body line;
	int ret = settle_one(p, seq, &body, err);

	line = (struct ledger_body){body.data, body.len};
	if (ret == 0 && body.len > 0)
		ret = changelog_append(p->setup->log, &line, 1, p->now, NULL,
		    err);
	buf_free(&body);
	return ret;
}

static int
settle_gate(struct push *p, const struct gate *gate, struct err *err)
{
	const char *topic = topic_owed(p->pool, p->repository, gate->name);
	uint64_t seqs[PAGE], beyond = 0;
	size_t n = PAGE;
	int ret = 0;

	while (n == PAGE && ret == 0) {
		if (changelog_seqs(p->setup->log, topic, false, beyond, seqs,
		        PAGE, &n, err) < 0)
			return -1;
		for (size_t i = 0; i < n && ret == 0; i++) {
			beyond = seqs[i];
			ret = settle_landing(p, seqs[i], err);
		}
	}
	return ret;
}

/*
 * What mode observe let through owes no review, but what is promoted rests on
 * one: it is put on record while the approval counts, which ages.  Only what
 * this push approves is looked at.
 */
static int
settle_observed(struct push *p, const struct gate *gate, const char *commit,
    struct err *err)
{
	uint64_t seqs[PAGE];
	struct record landing;
	size_t n;

	if (changelog_seqs(p->setup->log,
	        topic_landed(p->pool, p->repository, gate->name, commit), true,
	        0, seqs, PAGE, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (changelog_read(p->setup->log, p->pool, seqs[i], &landing,
		        err) < 0)
			return -1;
		if (text_same(landing.type, "landing") &&
		    text_same(tree_text(landing.tree, "outcome"), "REFUSED") &&
		    settle_landing(p, seqs[i], err) < 0)
			return -1;
	}
	return 0;
}

/* What an approval among the refs of this push is about; or NULL. */
static const char *
approved_commit(struct push *p, const char *ref)
{
	struct statement_ref of;
	struct err ignored = {0};

	if (ref == NULL || !text_starts(ref, STATEMENT_APPROVALS) ||
	    statement_ref_parse(&of, p->pool, ref, &ignored) < 0)
		return NULL;
	return of.commit;
}

static int
settle_approved(struct push *p, const struct gate *gate, struct err *err)
{
	const char *commit;

	for (size_t i = 0; i < p->ref_count; i++) {
		commit = approved_commit(p, p->refs[i].target);
		if (commit != NULL && settle_observed(p, gate, commit, err) < 0)
			return -1;
	}
	return 0;
}

int
owed_settle(struct push *p, struct err *err)
{
	for (size_t i = 0; p->entry != NULL && i < p->entry->gate_count; i++)
		if (settle_gate(p, &p->entry->gates[i], err) < 0 ||
		    settle_approved(p, &p->entry->gates[i], err) < 0)
			return -1;
	return 0;
}
