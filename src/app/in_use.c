/*
 * What a statement was used for already, and may still come to: decisions that
 * let something land by it (rules.md 33).
 */
#include "app/gather.h"

#include <string.h>

#include "app/movement.h"
#include "app/reconcile.h"
#include "app/witness.h"
#include "base/text.h"
#include "core/topics.h"

#define USES_MAX 64
#define TIPS_LOOKED_AT 8

static bool
is_tip_of(const struct record *r, const struct push *p, const char *ref)
{
	return (text_same(r->type, "landing") ||
	           text_same(r->type, "adopted")) &&
	    text_same(tree_text(r->tree, "repository"), p->repository) &&
	    text_same(tree_text(r->tree, "ref"), ref);
}

/* The first landing of its ref since is its own, or its end. */
static int
look_at_tips(struct push *p, const struct record *d, const char *ref,
    enum decision_end *end, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, p->repository, ref), false, d->seq,
	        TIPS_LOOKED_AT, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (!is_tip_of(&list[i], p, ref))
			continue;
		*end = (uint64_t)tree_number(list[i].tree, "decision") == d->seq
		    ? DECISION_LANDED
		    : DECISION_LAPSED;
		return 0;
	}
	return 0;
}

/*
 * After its ten minutes it has lapsed; but where the ref holds what it was to
 * bring, it landed and nobody has written that down.
 */
static int
look_at_ref(struct push *p, const struct record *d, const char *ref,
    enum decision_end *end, struct err *err)
{
	struct record drift;
	const char *held;

	if (ledger_newest_of(p, topic_drift(p->pool, p->repository, ref), ref,
	        &drift, err) < 0)
		return -1;
	if (drift.seq > d->seq && text_same(drift.type, "drift") &&
	    movement_is_away(&drift)) {
		*end = DECISION_LAPSED;
		return 0;
	}
	if (p->now - d->time <= WITNESS_DECISION_LIVES)
		return 0;
	if (witness_present(p, ref, &held, err) < 0)
		return -1;
	if (!text_same(held, tree_text(d->tree, "new")))
		*end = DECISION_LAPSED;
	return 0;
}

static bool
names(const struct record *d, uint64_t statement)
{
	const struct tree *list = tree_get(d->tree, "approvals");

	if ((uint64_t)tree_number(d->tree, "emergency.record") == statement)
		return true;
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if ((uint64_t)tree_number(t, "record") == statement &&
		    tree_text(t, "carried") != NULL)
			return true;
	return false;
}

static bool
is_use(const struct gathering *g, const struct record *d, uint64_t statement)
{
	return text_same(d->type, "decision") &&
	    tree_text(d->tree, "ref") != NULL &&
	    text_same(tree_text(d->tree, "repository"), g->push->repository) &&
	    names(d, statement);
}

/* What became of the decision `d` on `ref`. */
static int
find_end(struct push *p, const struct record *d, const char *ref,
    enum decision_end *end, struct err *err)
{
	*end = DECISION_OPEN;
	if (look_at_tips(p, d, ref, end, err) < 0)
		return -1;
	return *end == DECISION_OPEN ? look_at_ref(p, d, ref, end, err) : 0;
}

int
gather_in_use(struct gathering *g, uint64_t statement, const char **ref,
    enum tri *landed, struct err *err)
{
	struct push *p = g->push;
	const char *key =
	    pool_printf(p->pool, "%llu", (unsigned long long)statement);
	const char *here = map_get(&p->used, key);
	struct record *list;
	size_t count;

	*ref = text_same(here, g->update->ref) ? NULL : here;
	*landed = TRI_UNKNOWN;
	if (changelog_find(p->setup->log, p->pool,
	        topic_used(p->pool, statement), true, 0, USES_MAX, &list,
	        &count, err) < 0)
		return -1;
	*landed = count < USES_MAX ? TRI_NO : TRI_UNKNOWN;
	for (size_t i = 0; i < count && *ref == NULL; i++) {
		const char *its = tree_text(list[i].tree, "ref");
		enum decision_end end;

		if (!is_use(g, &list[i], statement))
			continue;
		if (find_end(p, &list[i], its, &end, err) < 0)
			return -1;
		/* Of two pushes to one ref Git lets one through. */
		if (end == DECISION_OPEN && !text_same(its, g->update->ref))
			*ref = its;
		else if (end == DECISION_LANDED)
			*landed = TRI_YES;
	}
	return 0;
}
