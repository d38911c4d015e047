/*
 * What landed under approval on a gate that this one accepts: rules.md 25.
 *
 * It goes by the ends of what landed there.  Where such an end becomes
 * reachable here, all commits of its change are accepted; a state in the middle
 * of it, which nobody judged, is not.
 */
#include "app/gather.h"

#include "app/review.h"
#include "base/text.h"
#include "core/topics.h"

#define LANDINGS_MAX 50 /* of one commit on one gate */

/* Its commits are accepted where its end lands. */
struct accepted {
	const char *gate;
	uint64_t seq;
	const struct commit_fact *end;
	struct accepted *next;
};

static bool
is_landing_of(const struct gathering *g, const struct record *r,
    const char *gate)
{
	return text_same(r->type, "landing") &&
	    text_same(tree_text(r->tree, "repository"),
	        g->update->repository) &&
	    text_same(tree_text(r->tree, "gate"), gate) &&
	    tree_text(r->tree, "ref") != NULL;
}

/* The change of a decision that ends with a commit, or NULL. */
static const struct tree *
change_of(const struct record *decision, const char *end)
{
	const struct tree *list = tree_get(decision->tree, "changes");

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (text_same(tree_text(t, "after"), end))
			return t;
	return NULL;
}

static bool
was_met(const struct record *decision, const char *change, const char *code)
{
	const struct tree *list = tree_get(decision->tree, "findings");

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (text_same(tree_text(t, "code"), code) &&
		    text_same(tree_text(t, "standing"), "MET") &&
		    text_same(tree_text(t, "change"), change))
			return true;
	return false;
}

/* Did somebody object to what has landed since? */
static int
is_objected(struct gathering *g, const struct record *landing, bool *yes,
    struct err *err)
{
	struct review review;
	uint64_t against;

	*yes = false;
	if (gather_newest_against(g, tree_text(landing->tree, "ref"), &against,
	        err) < 0)
		return -1;
	if (against < landing->seq)
		return 0;
	if (review_of(g->push, landing, &review, err) < 0)
		return -1;
	*yes =
	    review.state == REVIEW_OBJECTED || review.state == REVIEW_UNKNOWN;
	return 0;
}

/*
 * By approvals that covered that change; where it was let land without, in an
 * emergency or in observe mode, by its review.  A routine change, the lane back
 * and a promotion land otherwise.
 */
static int
is_approved(struct gathering *g, const struct record *landing,
    const struct record *decision, const struct tree *change, bool *yes,
    struct err *err)
{
	const char *id = tree_text(change, "id");
	struct review review;
	bool objected;

	*yes = false;
	if (id == NULL)
		return 0;
	if (!text_same(tree_text(landing->tree, "outcome"), "ADMITTED")) {
		if (review_of(g->push, landing, &review, err) < 0)
			return -1;
		*yes = review.state == REVIEW_DONE;
		return 0;
	}
	if (!was_met(decision, id, "review.covered") ||
	    !was_met(decision, id, "peer.count"))
		return 0;
	if (is_objected(g, landing, &objected, err) < 0)
		return -1;
	*yes = !objected;
	return 0;
}

static void
accept(struct gathering *g, const struct tree *change,
    const struct accepted *one)
{
	const struct tree *list = tree_get(change, "commits");

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next) {
		const char *id = tree_text(t, "id");
		struct accepted *more;

		if (id == NULL || map_get(&g->fresh_map, id) == NULL)
			continue;
		more = pool_copy(g->push->pool, one, sizeof(*one));
		more->next = map_get(&g->accepted, id);
		map_put(&g->accepted, pool_text(g->push->pool, id), more);
	}
}

static int
look_at_landing(struct gathering *g, const char *gate,
    const struct record *landing, const struct commit_fact *end,
    struct err *err)
{
	const struct accepted one = {.gate = gate,
	    .seq = landing->seq,
	    .end = end};
	struct push *p = g->push;
	const struct tree *change;
	struct record decision;
	bool yes;

	if (!is_landing_of(g, landing, gate) ||
	    !landed_is_held(p, end->id, tree_text(landing->tree, "ref")))
		return 0;
	if (changelog_read(p->setup->log, p->pool,
	        (uint64_t)tree_number(landing->tree, "decision"), &decision,
	        err) < 0)
		return -1;
	change = text_same(decision.type, "decision")
	    ? change_of(&decision, end->id)
	    : NULL;
	if (change == NULL)
		return 0;
	if (is_approved(g, landing, &decision, change, &yes, err) < 0)
		return -1;
	if (yes)
		accept(g, change, &one);
	return 0;
}

static int
look_at_commit(struct gathering *g, const char *gate,
    const struct commit_fact *end, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_landed(p->pool, g->update->repository, gate, end->id),
	        true, 0, LANDINGS_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (look_at_landing(g, gate, &list[i], end, err) < 0)
			return -1;
	return 0;
}

/* In the reviews that are looked at on the way nothing more is accepted. */
int
gather_accepted(struct gathering *g, struct err *err)
{
	const struct texts *gates = &g->gate->accepts;
	struct push *p = g->push;
	int ret = 0;

	g->accepted = (struct map){.pool = p->pool};
	if (gates->count == 0 || g->gate->landed_on.count > 0 || p->accepting)
		return 0;
	p->accepting = true;
	for (size_t i = 0; i < g->fresh_count && ret == 0; i++)
		for (size_t k = 0; k < gates->count && ret == 0; k++)
			if (!gather_is_late(p))
				ret = look_at_commit(g, gates->list[k],
				    g->fresh[i], err);
	p->accepting = false;
	return ret;
}

bool
gather_accepts(const struct gathering *g, const struct commit_fact *f,
    size_t from, size_t to, struct landing_commit *out)
{
	const struct accepted *a = map_get(&g->accepted, f->id);

	for (; a != NULL; a = a->next) {
		if (a->end->step <= from || a->end->step > to)
			continue;
		if (out != NULL) {
			out->accepted_gate = a->gate;
			out->accepted_seq = a->seq;
		}
		return true;
	}
	return false;
}
