/*
 * What was told of the checks that a gate names, on what was approved or lands.
 * Of one source, name and commit the newest counts: the one the forge dates
 * later or, where it dates neither, the one received later.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define CHECKS_MAX 2000 /* told of one commit */

struct newest {
	struct check check;
	int64_t dated;
};

struct checking {
	struct gathering *g;
	const struct change *c;
	struct newest *list;
	size_t count;
	bool all;
};

static bool
has_part(const struct change *c, const char *person)
{
	for (size_t i = 0; i < c->contributor_count; i++)
		if (text_same(c->contributors[i].person, person))
			return true;
	return false;
}

/* A source's own word, where it names nobody, is no contributor's. */
static enum tri
is_independent(const struct change *c, const char *person, bool machine)
{
	if (person == NULL || machine)
		return TRI_YES;
	if (has_part(c, person))
		return TRI_NO;
	return c->contributors_known;
}

static bool
is_older(const struct newest *known, const struct newest *one)
{
	if (known->dated != 0 && one->dated != 0 && known->dated != one->dated)
		return one->dated < known->dated;
	return one->check.seq < known->check.seq;
}

static void
take(struct checking *k, const struct newest *one)
{
	for (size_t i = 0; i < k->count; i++) {
		const struct check *c = &k->list[i].check;

		if (!text_same(c->source, one->check.source) ||
		    !text_same(c->context, one->check.context) ||
		    !text_same(c->commit, one->check.commit))
			continue;
		if (!is_older(&k->list[i], one))
			k->list[i] = *one;
		return;
	}
	*(struct newest *)pool_grow(k->g->push->pool, &k->list, &k->count,
	    sizeof(*one)) = *one;
}

static void
look_at(struct checking *k, const struct record *r, const char *commit)
{
	const struct tree *t = r->tree;
	struct newest n = {.dated = tree_instant(t, "forge.time")};

	if (!text_same(r->type, "observation") ||
	    !text_same(tree_text(t, "kind"), "status") ||
	    !text_same(tree_text(t, "repository"), k->g->update->repository) ||
	    !text_same(tree_text(t, "commit"), commit) ||
	    tree_text(t, "context") == NULL ||
	    !texts_have(&k->g->gate->tests, tree_text(t, "context")))
		return;
	n.check = (struct check){.seq = r->seq,
	    .source = tree_text(t, "source"),
	    .context = tree_text(t, "context"),
	    .commit = commit,
	    .result = tree_text(t, "result"),
	    .person = tree_text(t, "person"),
	    .trusted = gather_trusts(k->g->push, tree_text(t, "source"),
	        SOURCE_TELLS_TESTS),
	    .independent = is_independent(k->c, tree_text(t, "person"),
	        tree_true(t, "machine")),
	    .time = r->time};
	take(k, &n);
}

static int
look_for(struct checking *k, const char *commit, struct err *err)
{
	struct push *p = k->g->push;
	struct record *list;
	size_t found;

	if (commit == NULL)
		return 0;
	if (changelog_find(p->setup->log, p->pool,
	        topic_status(p->pool, k->g->update->repository, commit), false,
	        0, CHECKS_MAX, &list, &found, err) < 0)
		return -1;
	k->all = k->all && found < CHECKS_MAX;
	for (size_t i = 0; i < found; i++)
		look_at(k, &list[i], commit);
	return 0;
}

int
gather_checks(struct gathering *g, struct change *c, struct err *err)
{
	struct checking k = {.g = g, .c = c, .all = true};
	struct check *list;

	if (g->gate->tests.count == 0)
		return 0;
	if (look_for(&k, c->after, err) < 0 ||
	    (!text_same(g->promoted, c->after) &&
	        look_for(&k, g->promoted, err) < 0))
		return -1;
	for (size_t i = 0; i < c->approval_count; i++)
		if (c->approvals[i].carried != CARRIED_NOT &&
		    !text_same(c->approvals[i].commit, c->after) &&
		    look_for(&k, c->approvals[i].commit, err) < 0)
			return -1;
	list = pool_array(g->push->pool, k.count + 1, sizeof(*list));
	for (size_t i = 0; i < k.count; i++)
		list[i] = k.list[i].check;
	c->checks = list;
	c->check_count = k.count;
	c->checks_known = k.all ? TRI_YES : TRI_UNKNOWN;
	return 0;
}
