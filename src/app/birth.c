/*
 * Where a ref that is not there yet may begin: rules.md 25, `born_from`.
 */
#include "app/gather.h"

#include "base/text.h"

#define STEPS_MAX 1000 /* down a first-parent line, to what landed */

/* Merely reachable is not landed: the line is gone down until one has. */
int
gather_birth_place(struct gathering *g, const char *commit, struct birth *out,
    struct err *err)
{
	struct push *p = g->push;
	struct repo_commit *line;
	struct landed landed = {0};
	size_t count;
	bool root;

	*out = (struct birth){0};
	if (g->gate->born_from.count == 0)
		return 0;
	if (repo_first_parents(p->repo, p->pool, commit, NULL, STEPS_MAX, &line,
	        &count, &root, err) < 0)
		return -1;
	for (size_t i = 0; i < count && landed.seq == 0; i++) {
		if (gather_is_late(p))
			return 0;
		if (landed_find(g, &g->gate->born_from, line[i].oid, &landed,
		        err) < 0)
			return -1;
		if (landed.seq != 0)
			*out = (struct birth){line[i].oid, landed.gate,
			    landed.seq};
	}
	return 0;
}
