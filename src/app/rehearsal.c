/*
 * What is looked at once the cut is made: each change's plan, and a rehearsal
 * of its undoing on the new tip, in memory.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"

static int
rehearse(struct gathering *g, struct change *c, struct err *err)
{
	struct push *p = g->push;
	char before[REPO_OID_SIZE], after[REPO_OID_SIZE], tip[REPO_OID_SIZE];
	struct repo_merged merged;

	if (c->before == NULL || gather_is_late(p))
		return 0;
	if (strcmp(c->after, g->line[g->line_count - 1]) == 0) {
		c->rehearsal.clean = TRI_YES;
		return 0;
	}
	if (repo_tree(p->repo, c->before, before, err) < 0 ||
	    repo_tree(p->repo, c->after, after, err) < 0 ||
	    repo_tree(p->repo, g->line[g->line_count - 1], tip, err) < 0 ||
	    repo_pick(p->repo, after, tip, before, &merged, err) < 0)
		return -1;
	c->rehearsal.clean = merged.end == REPO_MERGE_CLEAN ? TRI_YES : TRI_NO;
	c->rehearsal.conflicts = merged.paths;
	c->rehearsal.conflict_count = merged.path_count;
	return 0;
}

static size_t
position(const struct gathering *g, const char *id)
{
	for (size_t i = 0; i < g->line_count; i++)
		if (text_same(g->line[i], id))
			return i;
	return 0;
}

int
gather_rests(struct gathering *g, struct change *list, size_t count,
    struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (gather_plan(g, &list[i], position(g, list[i].before),
		        position(g, list[i].after), err) < 0 ||
		    rehearse(g, &list[i], err) < 0)
			return -1;
	return 0;
}
