/*
 * A gated ref may go when its tip is in another gated ref's history: rules.md
 * 25.  That other ref is there, by the ledger and in fact, and stays: its gate
 * is not only observed, this push leaves it alone, and none that was let
 * through and has not landed yet takes it away.
 */
#include "app/gather.h"

#include "app/movement.h"
#include "app/witness.h"
#include "base/text.h"
#include "core/topics.h"

#define TIPS_MAX 5000
#define DECISIONS_MAX 20

struct holding {
	struct gathering *g;
	const char *tip; /* what the ledger has it hold */
	const char
	    *other; /* what it holds in fact, if that is not it; or NULL */
};

static bool
holds(struct holding *k, const char *commit)
{
	struct push *p = k->g->push;

	return landed_is_in(p, k->tip, commit) &&
	    (k->other == NULL || landed_is_in(p, k->other, commit));
}

static bool
is_in_push(const struct push *p, const char *ref)
{
	for (size_t i = 0; i < p->ref_count; i++)
		if (text_same(p->refs[i].target, ref))
			return true;
	return false;
}

/* Would a decision that may still come to pass take it from there? */
static int
is_leaving(struct holding *k, const struct record *tip, bool *yes,
    struct err *err)
{
	struct push *p = k->g->push;
	const char *ref = tree_text(tip->tree, "ref");
	struct record *list;
	size_t count;

	*yes = false;
	if (changelog_find(p->setup->log, p->pool,
	        topic_decision(p->pool, p->repository, ref), true, 0,
	        DECISIONS_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !*yes; i++) {
		const struct tree *t = list[i].tree;

		if (list[i].seq < tip->seq)
			return 0;
		*yes = text_same(tree_text(t, "ref"), ref) &&
		    movement_is_admitted(&list[i]) &&
		    !tree_true(t, "withheld") &&
		    p->now - list[i].time <= WITNESS_DECISION_LIVES &&
		    !holds(k, tree_text(t, "landed"));
	}
	return 0;
}

/* Is this record the tip of a gated ref that holds it, and will? */
static int
look_at_tip(struct holding *k, const struct record *tip, struct err *err)
{
	struct push *p = k->g->push;
	struct retirement *out = &k->g->update->retirement;
	const char *ref = tree_text(tip->tree, "ref"), *held;
	const struct gate *gate = NULL;
	bool leaving;

	if (is_in_push(p, ref) ||
	    policy_gate(p->entry, ref, &gate) != GATE_ONE ||
	    gate->mode == MODE_OBSERVE || !holds(k, landed_commit(tip)))
		return 0;
	if (witness_present(p, ref, &held, err) < 0)
		return -1;
	if (!text_same(held, tree_text(tip->tree, "new")))
		return 0;
	if (is_leaving(k, tip, &leaving, err) < 0)
		return -1;
	if (!leaving)
		*out = (struct retirement){.held = TRI_YES,
		    .ref = ref,
		    .gate = gate->name,
		    .seq = tip->seq};
	return 0;
}

static int
find_holder(struct holding *k, struct err *err)
{
	struct push *p = k->g->push;
	struct retirement *out = &k->g->update->retirement;
	struct map seen = {.pool = p->pool};
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_tips(p->pool, p->repository), true, 0, TIPS_MAX, &list,
	        &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && out->held != TRI_YES; i++) {
		const char *ref = tree_text(list[i].tree, "ref");

		if (gather_is_late(p))
			return 0;
		if (ref == NULL || map_get(&seen, ref) != NULL ||
		    !text_same(tree_text(list[i].tree, "repository"),
		        p->repository))
			continue;
		map_put(&seen, ref, k);
		if (look_at_tip(k, &list[i], err) < 0)
			return -1;
	}
	if (out->held != TRI_YES && count < TIPS_MAX)
		out->held = TRI_NO;
	return 0;
}

int
gather_retirement(struct gathering *g, const char *tip, struct err *err)
{
	struct holding k = {.g = g, .tip = tip};
	const char *held;

	if (!g->gate->delete_asked || tip == NULL)
		return 0;
	if (witness_present(g->push, g->update->ref, &held, err) < 0)
		return -1;
	if (!text_is_zero_oid(held) &&
	    commit_behind(g->push, held, &k.other, err) < 0)
		return -1;
	return find_holder(&k, err);
}
