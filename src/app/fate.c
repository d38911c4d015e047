/*
 * What became of an approval: taken back by its person, used up by a landing,
 * or given when there was nothing left to approve.  rules.md 11, 12 and 14.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define LANDINGS_MAX 300
#define LOOKED_UP_MAX 20 /* paths, before a merge is tried */
#define LANDINGS_PAGE 2  /* an approval is used soon, as a rule */

/*
 * The one place where a date is read: an approval that is not later, by its
 * own date, than what the same person said against that commit is a replay.
 * Forges date by the second: of what they tell, the order is theirs (requests).
 */
static int
find_taken_back(struct gathering *g, struct statement_fact *s, struct err *err)
{
	for (size_t i = 0; i < g->against_count; i++) {
		const struct statement_fact *w = &g->against[i];
		bool later = w->approval.seq > s->approval.seq;
		bool same = !s->approval.request.told &&
		    !w->approval.request.told &&
		    strcmp(w->approval.commit, s->approval.commit) == 0;
		bool concerns;

		if (gather_takes_back(s, w))
			s->approval.taken_back = w->approval.seq;
		if (w->by_another || w->all || gather_same_request(s, w))
			continue;

		if (!text_same(w->approval.person, s->approval.person) ||
		    !(later || (same && w->dated >= s->dated)))
			continue;
		if (statement_is_in(g->push, s->approval.commit,
		        w->approval.commit, &concerns, err) < 0)
			return -1;
		if (concerns)
			s->approval.taken_back = w->approval.seq;
	}
	return 0;
}

/*
 * Lines were lost since, and an objection may have been among them (rules.md
 * 34).
 */
static int
find_voided(struct gathering *g, struct approval *a, struct err *err)
{
	uint64_t lost;
	size_t found;

	if (changelog_seqs(g->push->setup->log, topic_lost(), true, 0, &lost, 1,
	        &found, err) < 0)
		return -1;
	a->voided = found > 0 && lost > a->seq ? lost : 0;
	return 0;
}

/* ---- landings since ---- */

/* Until one is known that is older than record `seq`, or there are none. */
static int
load_landings(struct gathering *g, struct landings *l, const char *topic,
    uint64_t seq, struct err *err)
{
	struct push *p = g->push;
	struct record *page;
	size_t found, size = LANDINGS_PAGE;

	while (!l->all && l->count < LANDINGS_MAX &&
	    (l->count == 0 || l->list[l->count - 1].seq > seq)) {
		if (changelog_find(p->setup->log, p->pool, topic, true,
		        l->count == 0 ? 0 : l->list[l->count - 1].seq, size,
		        &page, &found, err) < 0)
			return -1;
		for (size_t i = 0; i < found; i++)
			*(struct record *)pool_grow(p->pool, &l->list,
			    &l->count, sizeof(*page)) = page[i];
		l->all = found < size;
		size *= 2;
	}
	return 0;
}

static int
load_here(struct gathering *g, uint64_t seq, struct err *err)
{
	return load_landings(g, &g->here,
	    topic_tip(g->push->pool, g->update->repository, g->update->ref),
	    seq, err);
}

/* The commit a landing left on the ref; where it deleted it, was there. */
static const char *
landed_tip(const struct record *r)
{
	const char *subject = tree_text(r->tree, "subject");
	const char *new = tree_text(r->tree, "new");

	if (new == NULL || text_is_zero_oid(new))
		return tree_text(r->tree, "old");
	return subject != NULL &&
	        text_starts(tree_text(r->tree, "ref"), "refs/tags/")
	    ? subject
	    : new;
}

int
gather_tip_before(struct gathering *g, uint64_t seq, const char **tip,
    enum tri *known, struct err *err)
{
	*tip = NULL;
	if (load_here(g, seq, err) < 0)
		return -1;
	*known = g->here.all ? TRI_YES : TRI_UNKNOWN;
	for (size_t i = 0; i < g->here.count; i++)
		if (g->here.list[i].seq < seq) {
			*known = TRI_YES;
			*tip = landed_tip(&g->here.list[i]);
			return 0;
		}
	return 0;
}

/* ---- spent ---- */

/* What a commit changes since a merge base: mostly the same for each tip. */
struct changed {
	char base[REPO_OID_SIZE];
	struct repo_path *list;
	size_t count;
};

static int
find_changed(struct push *p, struct changed *c, const char *base,
    const char *commit, struct err *err)
{
	char old[REPO_OID_SIZE], new[REPO_OID_SIZE];

	if (strcmp(c->base, base) == 0)
		return 0;
	memcpy(c->base, base, REPO_OID_SIZE);
	if (repo_tree(p->repo, base, old, err) < 0 ||
	    repo_tree(p->repo, commit, new, err) < 0)
		return -1;
	return repo_diff(p->repo, p->pool, old, new, SIZE_MAX, &c->list,
	    &c->count, err);
}

/*
 * A path that the commit changes since the one merge base, and that is at the
 * tip as it was there, would change: then no merge need be tried.
 */
static int
surely_changes(struct push *p, struct changed *c, const char *base,
    const char *tip, const char *commit, bool *certain, struct err *err)
{
	char tree[REPO_OID_SIZE], id[REPO_OID_SIZE];
	unsigned mode;

	*certain = false;
	if (find_changed(p, c, base, commit, err) < 0 ||
	    repo_tree(p->repo, tip, tree, err) < 0)
		return -1;
	for (size_t i = 0; i < c->count && i < LOOKED_UP_MAX && !*certain;
	     i++) {
		const struct repo_path *at = &c->list[i];

		if (repo_entry(p->repo, tree, at->path, &mode, id, err) < 0)
			return -1;
		*certain = mode == at->old_mode && strcmp(id, at->old_id) == 0;
	}
	return 0;
}

/* Would merging the commit into the tip change nothing? */
static int
changes_nothing(struct push *p, struct changed *c, const char *tip,
    const char *commit, enum tri *nothing, struct err *err)
{
	char base[REPO_OID_SIZE], tree[REPO_OID_SIZE];
	struct repo_merged merged;
	size_t bases;
	bool certain = false;

	*nothing = TRI_UNKNOWN;
	if (repo_merge_bases(p->repo, tip, commit, base, &bases, err) < 0)
		return -1;
	*nothing = strcmp(base, commit) == 0 ? TRI_YES : TRI_NO;
	if (bases == 0 || *nothing == TRI_YES || strcmp(base, tip) == 0)
		return 0;
	if (bases == 1 &&
	    surely_changes(p, c, base, tip, commit, &certain, err) < 0)
		return -1;
	if (certain)
		return 0;
	*nothing = TRI_UNKNOWN;
	if (gather_is_late(p))
		return 0;
	if (repo_merge(p->repo, tip, commit, &merged, err) < 0 ||
	    repo_tree(p->repo, tip, tree, err) < 0)
		return -1;
	*nothing =
	    merged.end == REPO_MERGE_CLEAN && strcmp(merged.tree, tree) == 0
	    ? TRI_YES
	    : TRI_NO;
	return 0;
}

/* Of the approved commit of a landing, or of an ancestor of it. */
static int
is_in_approved(struct gathering *g, const char *commit,
    const struct record *landing, bool *in, struct err *err)
{
	const struct tree *list = tree_get(landing->tree, "approved");
	const struct tree *first = list == NULL ? NULL : list->child;

	*in = false;
	for (const struct tree *t = first; t != NULL && !*in; t = t->next)
		*in = t->kind == TREE_TEXT && strcmp(t->text, commit) == 0;
	for (const struct tree *t = first; t != NULL && !*in; t = t->next)
		if (t->kind == TREE_TEXT &&
		    statement_is_in(g->push, commit, t->text, in, err) < 0)
			return -1;
	return 0;
}

/* Did this landing use it up?  rules.md 11. */
static int
spent_by(struct gathering *g, struct changed *c, const char *commit,
    const struct record *landing, enum tri *spent, struct err *err)
{
	const char *tip = landed_tip(landing);
	bool in;

	*spent = TRI_NO;
	if (tip == NULL)
		return 0;
	if (is_in_approved(g, commit, landing, &in, err) < 0)
		return -1;
	if (!in && gather_spent_by_request(g, commit, landing, &in, err) < 0)
		return -1;
	*spent = in ? TRI_YES : TRI_UNKNOWN;
	if (in || repo_kind_of(g->push->repo, tip) != REPO_COMMIT)
		return 0;
	return changes_nothing(g->push, c, tip, commit, spent, err);
}

/* An approval for a glob is spent by the first of its refs that takes it. */
static bool
is_of_target(const struct gathering *g, const struct record *landing,
    const char *target)
{
	const char *ref = tree_text(landing->tree, "ref");

	return ref != NULL &&
	    text_same(tree_text(landing->tree, "gate"), g->gate->name) &&
	    (text_same(target, ref) || text_glob(target, ref));
}

static int
find_spent(struct gathering *g, struct changed *c, struct approval *a,
    struct err *err)
{
	bool wide = text_is_glob(a->target);
	struct landings *l = wide ? &g->in_repo : &g->here;
	enum tri one;

	if (wide ? load_landings(g, l,
	               topic_tips(g->push->pool, g->update->repository), a->seq,
	               err) < 0
	         : load_here(g, a->seq, err) < 0)
		return -1;
	a->spent = TRI_NO;
	for (size_t i = 0; i < l->count && l->list[i].seq > a->seq; i++) {
		if (g->reviewed != 0 && l->list[i].seq >= g->reviewed)
			continue;
		if (wide && !is_of_target(g, &l->list[i], a->target))
			continue;
		if (spent_by(g, c, a->commit, &l->list[i], &one, err) < 0)
			return -1;
		if (one != TRI_NO)
			a->spent = one;
		if (one == TRI_YES)
			return 0;
	}
	if (!l->all && (l->count == 0 || l->list[l->count - 1].seq > a->seq))
		a->spent = TRI_UNKNOWN;
	return 0;
}

/*
 * One for a glob serves one ref, and two pushes may be judged before either
 * lands.  Of the same ref Git lets only one of them through.
 */
static int
find_in_use(struct gathering *g, struct approval *a, struct err *err)
{
	enum tri landed;

	if (!text_is_glob(a->target))
		return 0;
	if (gather_in_use(g, a->seq, &a->in_use, &landed, err) < 0)
		return -1;
	if (landed == TRI_UNKNOWN)
		a->spent = TRI_UNKNOWN;
	return 0;
}

static int
find_after_fact(struct gathering *g, struct changed *c, struct approval *a,
    struct err *err)
{
	enum tri known;
	const char *tip;

	if (gather_tip_before(g, a->seq, &tip, &known, err) < 0)
		return -1;
	a->after_fact = known == TRI_YES && tip == NULL ? TRI_NO : TRI_UNKNOWN;
	if (tip == NULL || repo_kind_of(g->push->repo, tip) != REPO_COMMIT)
		return 0;
	return changes_nothing(g->push, c, tip, a->commit, &a->after_fact, err);
}

int
gather_fate(struct gathering *g, struct statement_fact *s, struct err *err)
{
	struct approval *a = &s->approval;
	struct changed c = {0};

	if (s->settled || !statement_is_here(g, s))
		return 0;
	s->settled = true;
	if (find_taken_back(g, s, err) < 0 || find_voided(g, a, err) < 0 ||
	    gather_held(g, a, err) < 0 || gather_groups_then(g, a, err) < 0)
		return -1;
	if (g->reviewed != 0 && a->seq > g->reviewed) {
		a->spent = a->after_fact = TRI_NO;
		return 0;
	}
	if (repo_kind_of(g->push->repo, a->commit) != REPO_COMMIT)
		return 0;
	if (find_spent(g, &c, a, err) < 0)
		return -1;
	if (g->reviewed == 0 && a->spent == TRI_NO &&
	    find_in_use(g, a, err) < 0)
		return -1;
	a->after_fact = TRI_NO;
	return g->reviewed != 0 ? 0 : find_after_fact(g, &c, a, err);
}
