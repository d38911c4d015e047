/*
 * Objections that stand against a change: rules.md 16.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"
#include "core/rule.h"

/* Withdrawn, or followed by the same person's yes to a later head. */
static int
is_lifted(struct gathering *g, const struct statement_fact *o, bool *lifted,
    struct err *err)
{
	*lifted = false;
	for (size_t i = 0; i < g->against_count && !*lifted; i++) {
		const struct statement_fact *w = &g->against[i];

		if (strcmp(w->decision, "withdraw") == 0 && !w->by_another &&
		    !w->all && gather_takes_back(o, w))
			*lifted = true;
		if (!*lifted && w->approval.seq > o->approval.seq &&
		    strcmp(w->decision, "withdraw") == 0 && !w->by_another &&
		    !w->all && !gather_same_request(o, w) &&
		    text_same(w->approval.person, o->approval.person) &&
		    statement_is_in(g->push, o->approval.commit,
		        w->approval.commit, lifted, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < g->statement_count && !*lifted; i++) {
		const struct statement_fact *a = &g->statements[i];

		if (a->approval.seq <= o->approval.seq ||
		    !statement_is_here(g, a) ||
		    !text_same(a->approval.person, o->approval.person))
			continue;
		*lifted = gather_same_request(a, o);
		if (!*lifted &&
		    statement_is_in(g->push, o->approval.commit,
		        a->approval.commit, lifted, err) < 0)
			return -1;
	}
	return 0;
}

/* A forge's objection is to the request: to the heads it has after that too. */
static bool
is_on_later_head(const struct gathering *g, size_t from, size_t to,
    const struct statement_fact *o)
{
	const struct request *r = o->request;

	for (size_t i = 0; r != NULL && i < r->head_count; i++) {
		const struct commit_fact *c =
		    map_get(&g->fresh_map, r->heads[i].commit);

		if (r->heads[i].last > o->approval.seq && c != NULL &&
		    c->step > from && c->step <= to)
			return true;
	}
	return false;
}

/* On a commit that lands, or carried into it as an approval would be. */
static int
concerns(struct gathering *g, size_t from, size_t to,
    const struct statement_fact *o, bool *yes, struct err *err)
{
	const struct commit_fact *c =
	    map_get(&g->fresh_map, o->approval.commit);
	char tree[REPO_OID_SIZE];
	enum carried carried;

	*yes = text_same(o->approval.commit, g->promoted) ||
	    (c != NULL && c->step > from && c->step <= to) ||
	    is_on_later_head(g, from, to, o);
	if (*yes || c != NULL)
		return 0;
	if (cover_tree(g, from, o->approval.commit, tree, err) < 0 ||
	    cover(g, from, to, o->approval.commit, tree, &carried, NULL, err) <
	        0)
		return -1;
	*yes = carried != CARRIED_NOT;
	return 0;
}

int
gather_objections(struct gathering *g, size_t from, size_t to, struct change *c,
    struct err *err)
{
	struct approval *list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < g->against_count; i++) {
		const struct statement_fact *o = &g->against[i];
		bool lifted, here;

		if (strcmp(o->decision, "object") != 0)
			continue;
		if (is_lifted(g, o, &lifted, err) < 0)
			return -1;
		if (lifted)
			continue;
		if (concerns(g, from, to, o, &here, err) < 0)
			return -1;
		if (here)
			*(struct approval *)pool_grow(g->push->pool, &list,
			    &count, sizeof(*list)) = o->approval;
	}
	c->objections = list;
	c->objection_count = count;
	return 0;
}

/* ---- after a landing ---- */

/* What landed, and what was approved for it. */
static const char **
landed_commits(struct gathering *g, const struct record *landing, size_t *count)
{
	const struct tree *list = tree_get(landing->tree, "approved");
	const char **commits = NULL;

	*(const char **)pool_grow(g->push->pool, &commits, count,
	    sizeof(*commits)) = g->update->promotion.commit;
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT)
			*(const char **)pool_grow(g->push->pool, &commits,
			    count, sizeof(*commits)) = t->text;
	return commits;
}

static int
find_standing(struct gathering *g, const struct approval **out, struct err *err)
{
	static const struct change any = {0};
	struct bench b = {.pool = g->push->pool,
	    .policy = &g->push->setup->config.policy,
	    .gate = g->gate,
	    .people = &g->push->setup->config.people,
	    .update = g->update};

	*out = NULL;
	for (size_t i = 0; i < g->against_count && *out == NULL; i++) {
		const struct statement_fact *o = &g->against[i];
		bool lifted;

		if (strcmp(o->decision, "object") != 0 ||
		    !objection_stops(&b, &any, &o->approval))
			continue;
		if (is_lifted(g, o, &lifted, err) < 0)
			return -1;
		if (!lifted)
			*out = &o->approval;
	}
	return 0;
}

static int
newest_for(struct gathering *g, const char *target, uint64_t *seq,
    struct err *err)
{
	struct push *p = g->push;
	struct record r;

	if (changelog_newest(p->setup->log, p->pool,
	        topic_against(p->pool, g->update->repository, target), &r,
	        err) < 0)
		return -1;
	if (r.seq > *seq)
		*seq = r.seq;
	return 0;
}

int
gather_newest_against(struct gathering *g, const char *ref, uint64_t *seq,
    struct err *err)
{
	const struct gate *gate = NULL;

	*seq = 0;
	if (newest_for(g, ref, seq, err) < 0)
		return -1;
	if (policy_gate(g->push->entry, ref, &gate) != GATE_ONE)
		return 0;
	for (size_t i = 0; i < gate->refs.count; i++)
		if (policy_target_is(gate, gate->refs.list[i], ref) &&
		    newest_for(g, gate->refs.list[i], seq, err) < 0)
			return -1;
	return 0;
}

int
gather_landed_objection(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	struct update there = {.repository = g->update->repository,
	    .at = g->update->at};
	struct gathering h = {.push = p, .update = &there};
	const struct approval *o;
	const char **commits;
	struct record landing;
	size_t count = 0;

	h.gate = policy_gate_named(p->entry, m->landed_gate);
	if (m->landed != TRI_YES || h.gate == NULL)
		return 0;
	if (changelog_read(p->setup->log, p->pool, m->landed_seq, &landing,
	        err) < 0)
		return -1;
	there.ref = landing.seq == 0 ? NULL : tree_text(landing.tree, "ref");
	if (there.ref == NULL)
		return 0;
	commits = landed_commits(g, &landing, &count);
	h.fresh_map.pool = p->pool;
	if (gather_statements_of(&h, commits, count, err) < 0 ||
	    find_standing(&h, &o, err) < 0)
		return -1;
	if (o == NULL)
		return 0;
	m->judged = TRI_NO;
	m->doubt = pool_printf(p->pool, "%s objects to %.12s (record %llu)",
	    o->person, o->commit, (unsigned long long)o->seq);
	return 0;
}
