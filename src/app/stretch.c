/*
 * The cut: a ref update becomes the shortest stretches that approvals cover
 * (rules.md 1), and each becomes a change with its people and approvals.
 *
 * Walking the line from the old tip, each position that ends a chain of
 * approved stretches is kept with the longest such chain; what lies behind the
 * last of them is one stretch more, which nothing covers.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/rule.h"

struct cutting {
	struct gathering *g;
	size_t *chain; /* stretches up to here, plus one; 0: not reached */
	size_t *prev;
	struct change **made; /* of the chain's last stretch */
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

/* Could this statement cover a stretch that ends at `to`?  Cheap. */
static bool
could_end(const struct gathering *g, const struct statement_fact *s, size_t to)
{
	const struct commit_fact *c =
	    map_get(&g->fresh_map, s->approval.commit);

	if (!text_same(s->approval.repository, g->update->repository) ||
	    s->approval.target == NULL ||
	    !policy_target_is(g->gate, s->approval.target, g->update->ref))
		return false;
	return c == NULL || c->step == to;
}

static void
merge_places(enum place *all, const enum place *one, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (one[i] > PLACE_APPROVED || all[i] == PLACE_UNCOVERED)
			all[i] = one[i];
}

/* Each statement as an approval of this stretch, covering it or not. */
static int
fill_approvals(struct gathering *g, size_t from, size_t to, struct change *c,
    enum place *places, struct err *err)
{
	struct push *p = g->push;
	enum place *one = pool_array(p->pool, g->fresh_count + 1, sizeof(*one));
	struct approval *list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < g->statement_count; i++) {
		struct statement_fact *s = &g->statements[i];
		struct approval *a;

		s->approval.carried = CARRIED_NOT;
		memset(one, 0, g->fresh_count * sizeof(*one));
		if (text_same(s->approval.commit, g->promoted)) {
			s->approval.carried = CARRIED_EXACT;
		} else if (could_end(g, s, to) &&
		    cover(g, from, to, s->approval.commit, &s->approval.carried,
		        one, err) < 0)
			return -1;
		if (s->approval.carried != CARRIED_NOT) {
			merge_places(places, one, g->fresh_count);
			if (gather_fate(g, s, err) < 0)
				return -1;
		}
		a = pool_grow(p->pool, &list, &count, sizeof(*list));
		*a = s->approval;
	}
	c->approvals = list;
	c->approval_count = count;
	c->approvals_known = g->against_known ? TRI_YES : TRI_UNKNOWN;
	return gather_objections(g, from, to, c, err);
}

static int
fill_people(struct gathering *g, size_t from, size_t to, struct change *c,
    const enum place *places, struct err *err)
{
	struct commit_fact **side = NULL;
	size_t side_count = 0;

	for (size_t i = 0; i < g->fresh_count; i++)
		if (g->fresh[i]->step > from && g->fresh[i]->step <= to)
			gather_landing_side(g, c, g->fresh[i], places[i]);
	for (size_t i = 0; i < c->approval_count; i++)
		if (c->approvals[i].carried != CARRIED_NOT &&
		    gather_approved_side(g, c, g->line[from],
		        c->approvals[i].commit, &side, &side_count, err) < 0)
			return -1;
	gather_requester(c);
	c->contributors_known = g->line[from] == NULL ? TRI_UNKNOWN : TRI_YES;
	return gather_content(g, from, to, c, side, side_count, err);
}

static void
fill_commits(struct gathering *g, size_t from, size_t to, struct change *c,
    const enum place *places)
{
	struct landing_commit *list = NULL, *one;
	size_t count = 0;

	for (size_t i = 0; i < g->fresh_count; i++) {
		const struct commit_fact *f = g->fresh[i];

		if (f->step <= from || f->step > to)
			continue;
		one = pool_grow(g->push->pool, &list, &count, sizeof(*list));
		one->id = f->id;
		one->subject = f->subject;
		one->place = places[i];
		one->author_fits = gather_author_fits(g, c, f, places[i]);
	}
	c->commits = list;
	c->commit_count = count;
}

/* Of a commit that does not land anew: what a promotion is about. */
static const char *
subject_of(struct gathering *g, const char *id)
{
	struct push *p = g->push;
	struct repo_commit *raw = pool_alloc(p->pool, sizeof(*raw));
	struct err ignored = {0};
	struct commit_fact *f;

	if (repo_commit(p->repo, p->pool, id, raw, &ignored) < 0 ||
	    commit_fact_get(p, raw, &f, &ignored) < 0)
		return "";
	return f->subject;
}

int
gather_change(struct gathering *g, size_t from, size_t to, struct change *c,
    struct err *err)
{
	const struct commit_fact *last = map_get(&g->fresh_map, g->line[to]);
	enum place *places =
	    pool_array(g->push->pool, g->fresh_count + 1, sizeof(*places));

	*c = (struct change){.before = g->line[from], .after = g->line[to]};
	c->id = pool_printf(g->push->pool, "%s/%s/%.12s", g->update->repository,
	    g->gate->name, c->after);
	c->description = last != NULL ? last->subject : subject_of(g, c->after);
	if (fill_approvals(g, from, to, c, places, err) < 0 ||
	    fill_people(g, from, to, c, places, err) < 0)
		return -1;
	fill_commits(g, from, to, c, places);
	return 0;
}

static bool
has_candidate(const struct gathering *g, size_t to)
{
	for (size_t i = 0; i < g->statement_count; i++)
		if (could_end(g, &g->statements[i], to))
			return true;
	return false;
}

static int
try_stretch(struct cutting *k, size_t from, size_t to, struct err *err)
{
	struct bench b = bench_of(k->g);
	struct change *c;

	if (k->chain[from] == 0 || k->chain[from] + 1 <= k->chain[to])
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

static int
find_chains(struct cutting *k, size_t *last, struct err *err)
{
	size_t end = k->g->line_count - 1;

	*last = 0;
	memset(k->chain, 0, k->g->line_count * sizeof(*k->chain));
	k->chain[0] = 1;
	for (size_t to = 1; to <= end; to++) {
		if (!has_candidate(k->g, to))
			continue;
		for (size_t from = to; from-- > 0;)
			if (try_stretch(k, from, to, err) < 0)
				return -1;
		if (k->chain[to] != 0)
			*last = to;
	}
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
	    .made = pool_array(pool, g->line_count, sizeof(struct change *))};
	size_t last;

	if (find_chains(&k, &last, err) < 0)
		return -1;
	if (last < g->line_count - 1) {
		if (gather_statements_elsewhere(g, err) < 0 ||
		    find_chains(&k, &last, err) < 0)
			return -1;
	}
	return keep_changes(&k, last, err);
}

int
gather_changes(struct gathering *g, struct err *err)
{
	struct change *c;

	if (g->gate->landed_on.count == 0) {
		if (gather_statements(g, err) < 0)
			return -1;
		return cut(g, err);
	}
	c = pool_alloc(g->push->pool, sizeof(*c));
	g->update->changes = c;
	g->update->change_count = 1;
	if (gather_promoted(g, c, err) < 0)
		return -1;
	return gather_rests(g, c, 1, err);
}
