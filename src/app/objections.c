/*
 * Objections that stand against a change: rules.md 16.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"

/* Withdrawn, or followed by the same person's yes to a later head. */
static int
is_lifted(struct gathering *g, const struct statement_fact *o, bool *lifted,
    struct err *err)
{
	*lifted = false;
	for (size_t i = 0; i < g->against_count && !*lifted; i++) {
		const struct statement_fact *w = &g->against[i];

		if (w->approval.seq > o->approval.seq &&
		    strcmp(w->decision, "withdraw") == 0 &&
		    text_same(w->approval.person, o->approval.person) &&
		    statement_is_in(g->push, o->approval.commit,
		        w->approval.commit, lifted, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < g->statement_count && !*lifted; i++) {
		const struct statement_fact *a = &g->statements[i];

		if (a->approval.seq > o->approval.seq &&
		    statement_is_here(g, a) &&
		    text_same(a->approval.person, o->approval.person) &&
		    statement_is_in(g->push, o->approval.commit,
		        a->approval.commit, lifted, err) < 0)
			return -1;
	}
	return 0;
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
	    (c != NULL && c->step > from && c->step <= to);
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
