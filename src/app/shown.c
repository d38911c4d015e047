/*
 * What a forge shows to whoever approves a request: what comes on top of the
 * target as it stands there.  Where the target stood at what nothing let land
 * (drift), that is not among what they looked at; a signed statement names the
 * commits, a click does not.
 */
#include "app/gather.h"

#include "base/text.h"
#include "core/topics.h"

#define DRIFT_LOOKED_AT 200

static void
add_stand(struct gathering *g, const char *id)
{
	if (id == NULL || text_is_zero_oid(id) ||
	    text_same(id, g->update->base))
		return;
	*(const char **)pool_grow(g->push->pool, &g->stood, &g->stood_count,
	    sizeof(*g->stood)) = id;
}

/* Where the ref was seen since the ledger's tip, and is by this push. */
static int
find_stands(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct record *list, tip;
	const char *base;
	size_t count;

	if (g->stood_known)
		return 0;
	if (ledger_tip(p, g->update->ref, &tip, &base, err) < 0 ||
	    changelog_find(p->setup->log, p->pool,
	        topic_drift(p->pool, p->repository, g->update->ref), true, 0,
	        DRIFT_LOOKED_AT, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && list[i].seq > tip.seq; i++)
		if (text_same(list[i].type, "drift") &&
		    text_same(tree_text(list[i].tree, "repository"),
		        p->repository) &&
		    text_same(tree_text(list[i].tree, "ref"), g->update->ref))
			add_stand(g, tree_text(list[i].tree, "new"));
	add_stand(g, g->update->old);
	g->stood_known = true;
	return 0;
}

int
gather_is_shown(struct gathering *g, size_t from, size_t to, bool *shown_all,
    struct err *err)
{
	*shown_all = true;
	if (find_stands(g, err) < 0)
		return -1;
	for (size_t i = 0; i < g->stood_count && *shown_all; i++) {
		size_t at = 1;

		if (map_get(&g->fresh_map, g->stood[i]) == NULL)
			continue;
		while (
		    at < g->line_count && !text_same(g->line[at], g->stood[i]))
			at++;
		/* Beside the line: in whatever stretch brings it along. */
		*shown_all = at < g->line_count && (to <= at || from >= at);
	}
	return 0;
}
