/*
 * The cut: a ref update becomes the shortest stretches that approvals cover
 * (rules.md 1), each one change.
 *
 * Walking the line from the old tip, each position that ends a chain of
 * approved stretches is kept with the longest such chain; what lies behind the
 * last of them is one stretch more, which nothing covers.
 */
#include "app/gather.h"

#include <string.h>

#include "app/setup.h"
#include "base/text.h"
#include "core/rule.h"

struct cutting {
	struct gathering *g;
	size_t *chain; /* stretches up to here, plus one; 0: not reached */
	size_t *prev;
	struct change **made; /* of the chain's last stretch */
	size_t *reached;      /* positions with a chain, in order */
	size_t reached_count;
};

static struct bench
bench_of(const struct gathering *g)
{
	return (struct bench){.pool = g->push->pool,
	    .policy = &g->push->setup->config.policy,
	    .gate = g->gate,
	    .people = &g->push->setup->config.people,
	    .update = g->update};
}

static int
try_stretch(struct cutting *k, size_t from, size_t to, struct err *err)
{
	struct bench b = bench_of(k->g);
	struct change *c;
	bool covered;

	if (k->chain[from] + 1 <= k->chain[to])
		return 0;
	if (gather_is_covered(k->g, from, to, &covered, err) < 0)
		return -1;
	if (!covered)
		return 0;
	c = pool_alloc(k->g->push->pool, sizeof(*c));
	if (gather_change(k->g, from, to, c, err) < 0)
		return -1;
	if (!change_is_approved(&b, c))
		return 0;
	k->chain[to] = k->chain[from] + 1;
	k->prev[to] = from;
	k->made[to] = c;
	return 0;
}

/* What an earlier round found stays, unless there is a longer chain. */
static int
find_chains(struct cutting *k, size_t *last, struct err *err)
{
	size_t end = k->g->line_count - 1;

	k->chain[0] = 1;
	k->reached[0] = 0;
	k->reached_count = 1;
	for (size_t to = 1; to <= end; to++) {
		for (size_t i = k->reached_count; i-- > 0;)
			if (try_stretch(k, k->reached[i], to, err) < 0)
				return -1;
		if (k->chain[to] != 0)
			k->reached[k->reached_count++] = to;
	}
	*last = k->reached[k->reached_count - 1];
	return 0;
}

static int
keep_changes(struct cutting *k, size_t last, struct err *err)
{
	struct gathering *g = k->g;
	size_t end = g->line_count - 1;
	size_t count = k->chain[last] - 1 + (last < end ? 1 : 0), i = count;
	struct change *list =
	    pool_array(g->push->pool, count + 1, sizeof(*list));

	if (last < end && gather_change(g, last, end, &list[--i], err) < 0)
		return -1;
	for (size_t at = last; at > 0; at = k->prev[at])
		list[--i] = *k->made[at];
	g->update->changes = list;
	g->update->change_count = count;
	return gather_rests(g, list, count, err);
}

static int
cut(struct gathering *g, struct err *err)
{
	struct pool *pool = g->push->pool;
	struct cutting k = {.g = g,
	    .chain = pool_array(pool, g->line_count, sizeof(size_t)),
	    .prev = pool_array(pool, g->line_count, sizeof(size_t)),
	    .made = pool_array(pool, g->line_count, sizeof(struct change *)),
	    .reached = pool_array(pool, g->line_count, sizeof(size_t))};
	size_t last;
	bool more = true;

	if (find_chains(&k, &last, err) < 0)
		return -1;
	while (last < g->line_count - 1 && more)
		if (gather_statements_elsewhere(g, &more, err) < 0 ||
		    find_chains(&k, &last, err) < 0)
			return -1;
	return keep_changes(&k, last, err);
}

int
gather_changes(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct change *c;

	if (p->deadline != 0)
		g->covers_until = p->deadline - (p->deadline - p->now) / 2;
	if (g->gate->landed_on.count == 0 && !gather_goes_back(g)) {
		if (gather_statements(g, err) < 0)
			return -1;
		return cut(g, err);
	}
	c = pool_alloc(p->pool, sizeof(*c));
	g->update->changes = c;
	g->update->change_count = 1;
	if (gather_promoted(g, c, err) < 0)
		return -1;
	return gather_rests(g, c, 1, err);
}
