/*
 * Emergencies: is one declared for this push, and which reviews are owed.
 * rules.md 29 to 31.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/rule.h"
#include "core/topics.h"

#define UNJUDGED_MAX 2000

static enum tri
is_member(struct push *p, const struct actor *who)
{
	const struct people *people = &p->setup->config.people;
	const struct texts *groups = &p->setup->config.policy.emergency.groups;
	const struct person *person = people_by_id(people, who->person);

	return person != NULL && person_in_force(person, p->now) &&
	        person_in_any(person, groups->list, groups->count)
	    ? TRI_YES
	    : TRI_NO;
}

static void
declare(struct gathering *g, enum declared_by by, const char *incident,
    const char *reason)
{
	struct push *p = g->push;
	struct declaration *d = &g->update->declaration;

	d->by = by;
	d->declarer = p->pusher;
	d->incident = incident == NULL
	    ? NULL
	    : text_safe_copy(p->pool, incident, strlen(incident), 200);
	d->incident_state = gather_says(p, d->incident);
	d->reason = reason == NULL
	    ? NULL
	    : text_safe_copy(p->pool, reason, strlen(reason), 2000);
	d->reason_state = gather_says(p, d->reason);
	d->time = p->now;
	d->used = TRI_NO;
	d->member = is_member(p, &p->pusher);
}

/* Author, committer and first pusher of the tip are all the pusher. */
static bool
is_own(struct push *p, const struct commit_fact *f)
{
	const struct people *people = &p->setup->config.people;
	const struct person *author =
	    people_by_email(people, f->parsed.author.email);
	const struct person *committer =
	    people_by_email(people, f->parsed.committer.email);

	return author != NULL && author == committer &&
	    text_same(author->id, p->pusher.person) && f->seen == TRI_YES &&
	    text_same(f->pusher.person, p->pusher.person);
}

static void
look_in_trailers(struct gathering *g)
{
	struct push *p = g->push;
	const struct commit_fact *tip = g->line_count == 0
	    ? NULL
	    : map_get(&g->fresh_map, g->line[g->line_count - 1]);
	const char *incident = gather_trailer(p, tip, "Emergency-Change");

	if (incident != NULL && is_own(p, tip))
		declare(g, DECLARED_TRAILER, incident,
		    gather_trailer(p, tip, "Emergency-Reason"));
}

static bool
names_ref(const struct gathering *g, const struct record *r)
{
	const struct tree *list = tree_get(r->tree, "targets");

	if (!text_same(tree_text(r->tree, "repository"), g->update->repository))
		return false;
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT &&
		    policy_target_is(g->gate, t->text, g->update->ref))
			return true;
	return false;
}

/* Has some landing since used this declaration? */
static int
find_use(struct gathering *g, uint64_t seq, enum tri *used, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_unjudged(p->pool, g->update->repository, g->gate->name),
	        false, seq, UNJUDGED_MAX, &list, &count, err) < 0)
		return -1;
	*used = count < UNJUDGED_MAX ? TRI_NO : TRI_UNKNOWN;
	for (size_t i = 0; i < count; i++)
		if ((uint64_t)tree_number(list[i].tree, "declaration") == seq)
			*used = TRI_YES;
	return 0;
}

static int
look_in_tags(struct gathering *g, const char *commit, struct err *err)
{
	struct push *p = g->push;
	struct declaration *d = &g->update->declaration;
	struct record *list;
	size_t count;

	if (commit == NULL)
		return 0;
	if (changelog_find(p->setup->log, p->pool,
	        topic_declared(p->pool, g->update->repository, commit), true, 0,
	        20, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct tree *t = list[i].tree;

		if (!names_ref(g, &list[i]))
			continue;
		declare(g, DECLARED_TAG, tree_text(t, "incident"),
		    tree_text(t, "reason"));
		d->declarer = (struct actor){.person = tree_text(t, "person"),
		    .machine = tree_true(t, "machine")};
		d->seq = list[i].seq;
		d->time = list[i].time;
		d->key = tree_text(t, "key");
		d->member = text_same(tree_text(t, "in_force"), "yes") ? TRI_YES
		                                                       : TRI_NO;
		return find_use(g, d->seq, &d->used, err);
	}
	return 0;
}

static int
find_declaration(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	const char *incident = push_option(p, "emergency");

	if (incident != NULL || push_option_given(p, "emergency")) {
		declare(g, DECLARED_PUSH_OPTION, incident,
		    push_option(p, "reason"));
		return 0;
	}
	look_in_trailers(g);
	if (g->update->declaration.by != DECLARED_NOT)
		return 0;
	return look_in_tags(g, g->update->landed, err);
}

/* ---- reviews owed ---- */

static bool
is_emergency(const struct record *r)
{
	return text_same(tree_text(r->tree, "outcome"),
	    "ADMITTED_AS_EMERGENCY");
}

static int
add_debt(struct gathering *g, struct debt **list, size_t *count,
    const struct record *r, struct err *err)
{
	struct push *p = g->push;
	bool here = text_same(tree_text(r->tree, "gate"), g->gate->name) &&
	    text_same(tree_text(r->tree, "repository"), g->update->repository);
	enum review_state state;
	unsigned have, asked;
	struct debt *d;

	if (!here &&
	    !text_same(tree_text(r->tree, "declarer"),
	        g->update->declaration.declarer.person))
		return 0;
	if (review_of(p, r, &state, &have, &asked, err) < 0)
		return -1;
	if (state != REVIEW_OPEN && state != REVIEW_UNKNOWN)
		return 0;
	d = pool_grow(p->pool, list, count, sizeof(**list));
	d->seq = (uint64_t)tree_number(r->tree, "decision");
	d->ref = tree_text(r->tree, "ref");
	d->commit = tree_text(r->tree, "new");
	d->declarer = tree_text(r->tree, "declarer");
	d->due = tree_instant(r->tree, "review_due");
	d->elsewhere = !here;
	return 0;
}

static int
find_debts(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	const char *topic = g->update->declaration.by != DECLARED_NOT
	    ? topic_all_unjudged()
	    : topic_unjudged(p->pool, g->update->repository, g->gate->name);
	struct debt *list = NULL;
	struct record *found;
	size_t count, n = 0;

	if (changelog_find(p->setup->log, p->pool, topic, true, 0, UNJUDGED_MAX,
	        &found, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (is_emergency(&found[i]) &&
		    add_debt(g, &list, &n, &found[i], err) < 0)
			return -1;
	g->update->debts = list;
	g->update->debt_count = n;
	g->update->debts_known = count < UNJUDGED_MAX ? TRI_YES : TRI_UNKNOWN;
	return 0;
}

int
gather_emergency(struct gathering *g, struct err *err)
{
	if (find_declaration(g, err) < 0)
		return -1;
	return find_debts(g, err);
}

/* ---- has a review been given? ---- */

static void
bar(struct gathering *g, struct change *c, const char *person)
{
	struct actor who = {.person = person, .login = person};

	if (person != NULL)
		gather_contributor(g, c, PART_OPENER, NULL, &who, c->after);
}

static void
settle(struct gathering *g, const struct change *c, enum review_state *state,
    unsigned *have, unsigned *asked)
{
	struct bench b = {.pool = g->push->pool,
	    .policy = &g->push->setup->config.policy,
	    .gate = g->gate,
	    .people = &g->push->setup->config.people,
	    .update = g->update};

	*asked = g->gate->approvals.asked ? g->gate->approvals.count : 1;
	*have = approval_count(&b, c, &g->gate->approvals.groups);
	*state = *have >= *asked ? REVIEW_DONE : REVIEW_OPEN;
	for (size_t i = 0; i < c->objection_count; i++)
		if (objection_stops(&b, c, &c->objections[i]))
			*state = REVIEW_OBJECTED;
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

int
review_of(struct push *p, const struct record *landing,
    enum review_state *state, unsigned *have, unsigned *asked, struct err *err)
{
	const struct tree *t = landing->tree;
	const char *name = tree_text(t, "repository");
	const struct gate *gate =
	    policy_gate_named(policy_repository(&p->setup->config.policy, name),
	        tree_text(t, "gate"));
	const char *old = tree_text(t, "old"), *new = tree_text(t, "new");
	struct update u = {.repository = name,
	    .at = p->now,
	    .ref = tree_text(t, "ref"),
	    .old = old,
	    .new = new};
	struct gathering g = {.push = p, .update = &u, .after_landing = true};
	struct change c = {0};
	bool more = true;

	*state = REVIEW_UNKNOWN;
	*have = *asked = 0;
	if (gate == NULL || u.ref == NULL || new == NULL ||
	    !text_same(name, p->repository) || gather_is_late(p) ||
	    repo_kind_of(p->repo, new) == REPO_NONE)
		return 0;
	g.gate = review_gate(p, gate);
	u.gate = gate->name;
	u.pusher.person = tree_text(t, "lander");
	if (gather_span(&g, old, tree_text(t, "subject"), new, err) < 0 ||
	    gather_statements(&g, err) < 0)
		return -1;
	while (more)
		if (gather_statements_elsewhere(&g, &more, err) < 0)
			return -1;
	g.promoted = tree_text(t, "subject");
	if (gather_change(&g, 0, g.line_count - 1, &c, err) < 0)
		return -1;
	bar(&g, &c, tree_text(t, "declarer"));
	bar(&g, &c, tree_text(t, "lander"));
	settle(&g, &c, state, have, asked);
	return 0;
}
