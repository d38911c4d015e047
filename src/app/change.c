/*
 * One stretch of a ref update as a change: which statements cover it, who had
 * a part in it, and its commits.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"

#define RELATED_MAX 20

/* ---- which statements cover it ---- */

static int
is_on_line(struct gathering *g, size_t from, const char *tree, bool *yes,
    struct err *err)
{
	char end[REPO_OID_SIZE];

	*yes = false;
	for (size_t to = from + 1; to < g->line_count && !*yes; to++) {
		if (cover_end(g, to, end, err) < 0)
			return -1;
		*yes = strcmp(end, tree) == 0;
	}
	return 0;
}

/*
 * Commits that do not land themselves: what each gives when merged into that
 * position is found once, and kept where it is the tree of a later one.
 */
static int
find_hits(struct gathering *g, size_t from, struct hits **out, struct err *err)
{
	struct pool *pool = g->push->pool;
	struct hits *h;

	if (g->hits == NULL)
		g->hits = pool_array(pool, g->line_count, sizeof(*g->hits));
	*out = h = &g->hits[from];
	for (; h->looked_at < g->statement_count; h->looked_at++) {
		const struct statement_fact *s = &g->statements[h->looked_at];
		struct hit hit = {.statement = h->looked_at};
		bool yes;

		if (s->step != 0 || !statement_is_here(g, s))
			continue;
		if (cover_tree(g, from, s->approval.commit, hit.tree, err) < 0)
			return -1;
		if (hit.tree[0] == '\0')
			continue;
		if (is_on_line(g, from, hit.tree, &yes, err) < 0)
			return -1;
		if (yes)
			*(struct hit *)pool_grow(pool, &h->list, &h->count,
			    sizeof(hit)) = hit;
	}
	return 0;
}

/* A commit that lands covers a step that ends with it; others by their tree. */
static int
statement_covers(struct gathering *g, size_t i, size_t from, size_t to,
    enum carried *carried, enum place *places, struct err *err)
{
	const struct statement_fact *s = &g->statements[i];
	const char *commit = s->approval.commit;
	char tree[REPO_OID_SIZE] = "";
	bool seen = true;
	struct hits *h;

	*carried = CARRIED_NOT;
	if (!statement_is_here(g, s))
		return 0;
	if (s->approval.request.source != NULL &&
	    gather_is_shown(g, from, to, &seen, err) < 0)
		return -1;
	if (!seen)
		return 0;
	if (text_same(commit, g->promoted)) {
		*carried = CARRIED_EXACT;
		return 0;
	}
	if (s->step != 0) {
		if (s->step != to)
			return 0;
		if (cover_tree(g, from, commit, tree, err) < 0)
			return -1;
	} else {
		if (find_hits(g, from, &h, err) < 0)
			return -1;
		for (size_t n = 0; n < h->count; n++)
			if (h->list[n].statement == i)
				memcpy(tree, h->list[n].tree, sizeof(tree));
	}
	return cover(g, from, to, commit, tree, carried, places, err);
}

static bool
request_stands(const struct on_request *r)
{
	return r->source == NULL ||
	    (r->present == TRI_YES &&
	        (!r->told ||
	            (r->trusted == TRI_YES && r->open == TRI_YES &&
	                r->certain == TRI_YES)));
}

/* Neither taken back nor used up. */
static bool
is_left(const struct approval *a)
{
	return a->taken_back == 0 && a->voided == 0 && a->spent == TRI_NO &&
	    a->after_fact == TRI_NO;
}

static bool
stands(const struct approval *a)
{
	return request_stands(&a->request) && is_left(a);
}

/* The statement as an approval of this stretch. */
static int
weigh(struct gathering *g, size_t i, size_t from, size_t to, struct approval *a,
    enum place *places, struct err *err)
{
	struct statement_fact *s = &g->statements[i];
	enum carried carried;
	bool falls;

	if (statement_covers(g, i, from, to, &carried, places, err) < 0)
		return -1;
	if (carried != CARRIED_NOT && gather_fate(g, s, err) < 0)
		return -1;
	*a = s->approval;
	a->carried = carried;
	if (carried != CARRIED_NOT &&
	    gather_present(g, from, s, &a->request, err) < 0)
		return -1;
	if (carried != CARRIED_CLEAN_MERGE || !stands(a))
		return 0;
	if (gather_part_landed(g, from, to, s, &falls, err) < 0)
		return -1;
	if (falls)
		a->spent = TRI_YES;
	return 0;
}

int
gather_is_covered(struct gathering *g, size_t from, size_t to, bool *yes,
    struct err *err)
{
	struct approval a;

	*yes = false;
	for (size_t i = 0; i < g->statement_count && !*yes; i++) {
		if (weigh(g, i, from, to, &a, NULL, err) < 0)
			return -1;
		*yes = a.carried != CARRIED_NOT && stands(&a);
	}
	return 0;
}

/* ---- its approvals ---- */

static int
paths_between(struct gathering *g, const char *from, const char *to,
    struct map *paths, bool *met, struct err *err)
{
	struct push *p = g->push;
	char old[REPO_OID_SIZE], new[REPO_OID_SIZE];
	struct repo_path *list;
	size_t count;

	if (repo_tree(p->repo, from, old, err) < 0 ||
	    repo_tree(p->repo, to, new, err) < 0 ||
	    repo_diff(p->repo, p->pool, old, new, SIZE_MAX, &list, &count,
	        err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (met == NULL)
			map_put(paths, list[i].path, g);
		else if (map_get(paths, list[i].path) != NULL)
			*met = true;
	}
	return 0;
}

/*
 * An approval of a commit that does not land is worth telling of where it
 * stands and changes some path that this change does: an earlier head of it.
 */
static int
is_related(struct gathering *g, size_t from, struct map *paths,
    struct statement_fact *s, bool *yes, struct err *err)
{
	const char *commit = s->approval.commit;
	char base[REPO_OID_SIZE];
	bool found;

	*yes = false;
	if (!statement_is_here(g, s) || gather_is_late(g->push) ||
	    repo_kind_of(g->push->repo, commit) != REPO_COMMIT)
		return 0;
	if (repo_merge_base(g->push->repo, g->line[from], commit, base, &found,
	        err) < 0)
		return -1;
	if (!found || strcmp(base, commit) == 0)
		return 0;
	if (gather_fate(g, s, err) < 0)
		return -1;
	if (!is_left(&s->approval))
		return 0;
	return paths_between(g, base, commit, paths, yes, err);
}

static int
find_related(struct gathering *g, size_t from, size_t to,
    struct approval **list, size_t *count, struct err *err)
{
	struct map paths = {.pool = g->push->pool};
	size_t looked_at = 0;
	bool yes;

	if (g->line[from] == NULL)
		return 0;
	if (paths_between(g, g->line[from], g->line[to], &paths, NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < g->statement_count && looked_at < RELATED_MAX;
	     i++) {
		struct statement_fact *s = &g->statements[i];

		if (s->step != 0)
			continue;
		looked_at++;
		if (is_related(g, from, &paths, s, &yes, err) < 0)
			return -1;
		if (yes)
			*(struct approval *)pool_grow(g->push->pool, list,
			    count, sizeof(**list)) = s->approval;
	}
	return 0;
}

static void
merge_places(enum place *all, const enum place *one, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (one[i] > PLACE_APPROVED || all[i] == PLACE_UNCOVERED)
			all[i] = one[i];
}

/*
 * Each statement that covers the stretch or was given for a commit of it; and
 * where none that stands covers it, those given for something like it.  Where
 * some stand, only these say how a commit is covered.
 */
static int
fill_approvals(struct gathering *g, size_t from, size_t to, struct change *c,
    enum place *places, struct err *err)
{
	struct pool *pool = g->push->pool;
	enum place *one = pool_array(pool, g->fresh_count + 1, sizeof(*one));
	enum place *fallen = pool_array(pool, g->fresh_count + 1, sizeof(*one));
	struct approval *list = NULL, a;
	size_t count = 0;
	bool covered = false;

	for (size_t i = 0; i < g->statement_count; i++) {
		const struct statement_fact *s = &g->statements[i];

		memset(one, 0, g->fresh_count * sizeof(*one));
		if (weigh(g, i, from, to, &a, one, err) < 0)
			return -1;
		if (a.carried == CARRIED_NOT &&
		    (s->step <= from || s->step > to))
			continue;
		if (a.carried != CARRIED_NOT) {
			covered = covered || stands(&a);
			merge_places(stands(&a) ? places : fallen, one,
			    g->fresh_count);
		}
		*(struct approval *)pool_grow(pool, &list, &count,
		    sizeof(*list)) = a;
	}
	if (!covered) {
		memcpy(places, fallen, g->fresh_count * sizeof(*places));
		if (find_related(g, from, to, &list, &count, err) < 0)
			return -1;
	}
	c->approvals = list;
	c->approval_count = count;
	c->approvals_known = g->against_known ? TRI_YES : TRI_UNKNOWN;
	return gather_objections(g, from, to, c, err);
}

/* ---- its people and commits ---- */

static int
fill_people(struct gathering *g, size_t from, size_t to, struct change *c,
    const enum place *places, struct err *err)
{
	struct commit_fact **side = NULL;
	size_t side_count = 0;

	c->contributors_known = g->line[from] == NULL ? TRI_UNKNOWN : TRI_YES;
	for (size_t i = 0; i < g->fresh_count; i++)
		if (g->fresh[i]->step > from && g->fresh[i]->step <= to)
			if (gather_landing_side(g, c, g->fresh[i], places[i],
			        err) < 0)
				return -1;
	for (size_t i = 0; i < c->approval_count; i++)
		if (c->approvals[i].carried != CARRIED_NOT &&
		    gather_approved_side(g, c, g->line[from],
		        c->approvals[i].commit, &side, &side_count, err) < 0)
			return -1;
	if (gather_openers(g, from, to, c, err) < 0 ||
	    gather_checks(g, c, err) < 0)
		return -1;
	gather_requester(c);
	return gather_content(g, from, to, c, side, side_count, err);
}

/* Also where nothing covers the stretch. */
static void
place_accepted(struct gathering *g, size_t from, size_t to, enum place *places)
{
	for (size_t i = 0; i < g->fresh_count; i++)
		if (gather_accepts(g, g->fresh[i], from, to, NULL))
			places[i] = PLACE_ACCEPTED;
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
		if (places[i] == PLACE_ACCEPTED)
			(void)gather_accepts(g, f, from, to, one);
		one->author_fits = gather_author_fits(g, c, f, places[i]);
		if (places[i] == PLACE_UNCOVERED)
			gather_by_hand(g, f, one);
	}
	c->commits = list;
	c->commit_count = count;
}

int
gather_change(struct gathering *g, size_t from, size_t to, struct change *c,
    struct err *err)
{
	const struct commit_fact *last = map_get(&g->fresh_map, g->line[to]);
	enum place *places =
	    pool_array(g->push->pool, g->fresh_count + 1, sizeof(*places));

	g->from = from;
	g->to = to;
	*c = (struct change){.before = g->line[from], .after = g->line[to]};
	c->id = pool_printf(g->push->pool, "%s/%s/%.12s", g->update->repository,
	    g->gate->name, c->after);
	c->description = last != NULL ? last->subject : "";
	if (fill_approvals(g, from, to, c, places, err) < 0)
		return -1;
	place_accepted(g, from, to, places);
	if (fill_people(g, from, to, c, places, err) < 0)
		return -1;
	fill_commits(g, from, to, c, places);
	return gather_routine(g, c, err);
}
