/*
 * What a promotion takes: a commit that landed elsewhere and was judged there
 * in full.  rules.md 21, 22 and 25; staging is in staging.c.
 */
#include "app/gather.h"

#include <stdlib.h>
#include <string.h>

#include "app/review.h"
#include "base/text.h"
#include "core/rule.h"
#include "core/topics.h"

#define TIPS_MAX 2000
#define INCLUDES_MAX 200
#define FOLLOWING_MAX 50

static int
try_promoted(struct gathering *g, const char *commit, struct err *err)
{
	struct promotion *m = &g->update->promotion;
	struct landed l;

	if (landed_find(g, &g->gate->landed_on, commit, &l, err) < 0)
		return -1;
	if (l.seq == 0)
		return 0;
	m->commit = commit;
	m->landed = TRI_YES;
	m->landed_gate = l.gate;
	m->landed_seq = l.seq;
	return 0;
}

/*
 * The commit itself, or the second parent of a merge whose first is the gate's
 * tip and whose tree is exactly that of the second: all that a forge's merge
 * button makes.
 */
static int
find_promoted(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	const char *new = g->line[g->line_count - 1];
	const struct commit_fact *f = map_get(&g->fresh_map, new);
	char ours[REPO_OID_SIZE], theirs[REPO_OID_SIZE];

	m->landed = TRI_NO;
	m->commit = new;
	if (g->gate->landed_on.count == 0)
		return 0;
	if (try_promoted(g, new, err) < 0)
		return -1;
	if (m->landed == TRI_YES || f == NULL || f->raw->parent_count != 2 ||
	    g->line[0] == NULL || strcmp(f->raw->parents[0], g->line[0]) != 0)
		return 0;
	if (repo_tree(p->repo, new, ours, err) < 0 ||
	    repo_tree(p->repo, f->raw->parents[1], theirs, err) < 0)
		return -1;
	if (strcmp(ours, theirs) != 0)
		return 0;
	return try_promoted(g, f->raw->parents[1], err);
}

/*
 * `born_from` may ask more of a birth than `landed_on` does of every move.  It
 * is the same list where the policy says nothing.
 */
static int
check_birth(struct gathering *g, struct err *err)
{
	struct update *u = g->update;
	const struct texts *from = &g->gate->born_from;
	struct landed l;

	if (u->base != NULL || from->list == g->gate->landed_on.list)
		return 0;
	if (landed_find(g, from, u->promotion.commit, &l, err) < 0)
		return -1;
	if (l.seq == 0)
		u->adopted = TRI_NO;
	return 0;
}

int
gather_birth_base(struct gathering *g, const char *commit, const char **base,
    struct err *err)
{
	struct push *p = g->push;
	const struct texts *gates = &g->gate->landed_on;
	struct record first;

	*base = NULL;
	for (size_t i = 0; i < gates->count && *base == NULL; i++) {
		if (changelog_oldest(p->setup->log, p->pool,
		        topic_adopted(p->pool, p->repository, gates->list[i]),
		        &first, err) < 0)
			return -1;
		if (first.seq != 0 &&
		    landed_is_in(p, tree_text(first.tree, "subject"), commit))
			*base = tree_text(first.tree, "subject");
	}
	return 0;
}

/* ---- judged in full ---- */

/*
 * An approved change that landed after the objection, and is part of what is
 * promoted, has undone or followed it (rules.md 31).
 */
static int
is_followed(struct gathering *g, const struct record *landing,
    uint64_t objected, bool *yes, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	size_t count;

	*yes = false;
	if (changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, g->update->repository,
	            tree_text(landing->tree, "ref")),
	        false, objected, FOLLOWING_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !*yes; i++) {
		const struct tree *used = tree_get(list[i].tree, "approved");

		*yes = text_same(list[i].type, "landing") &&
		    text_same(tree_text(list[i].tree, "outcome"), "ADMITTED") &&
		    used != NULL && used->child != NULL &&
		    landed_is_in(p, landed_commit(landing),
		        landed_commit(&list[i])) &&
		    landed_is_in(p, landed_commit(&list[i]),
		        g->update->promotion.commit);
	}
	return 0;
}

int
gather_doubt(struct gathering *g, const struct record *landing, struct err *err)
{
	struct promotion *m = &g->update->promotion;
	struct review review;
	bool followed = false;

	if (review_of(g->push, landing, &review, err) < 0 ||
	    (review.state == REVIEW_OBJECTED &&
	        is_followed(g, landing, review.objected, &followed, err) < 0))
		return -1;
	if (review.state == REVIEW_DONE || followed)
		return 0;
	m->judged = review.state == REVIEW_UNKNOWN ? TRI_UNKNOWN : TRI_NO;
	m->doubt = pool_printf(g->push->pool,
	    "%.12s landed on %s as %s and its review is %s (record %llu)",
	    shown(landed_commit(landing)),
	    shown(tree_text(landing->tree, "gate")),
	    shown(tree_text(landing->tree, "outcome")),
	    review.state == REVIEW_OBJECTED ? "objected" : "open",
	    (unsigned long long)landing->seq);
	return 0;
}

/* New here, and landed there without full judgement that was made up for. */
static int
find_doubts(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	struct record *list;
	size_t count;

	if (m->landed != TRI_YES)
		return 0;
	if (changelog_find(p->setup->log, p->pool,
	        topic_unjudged(p->pool, g->update->repository, m->landed_gate),
	        true, 0, TIPS_MAX, &list, &count, err) < 0)
		return -1;
	m->judged = count < TIPS_MAX ? TRI_YES : TRI_UNKNOWN;
	for (size_t i = 0; i < count && m->judged == TRI_YES; i++) {
		const char *commit = landed_commit(&list[i]);

		if (landed_is_in(p, commit, m->commit) &&
		    !landed_is_in(p, commit, g->line[0]) &&
		    gather_doubt(g, &list[i], err) < 0)
			return -1;
	}
	return gather_landed_objection(g, err);
}

/* ---- what it brings ---- */

/* There may be an objection, and it cannot be looked for in time. */
static int
in_doubt(struct gathering *g, uint64_t before)
{
	struct promotion *m = &g->update->promotion;

	if (m->judged != TRI_YES)
		return 0;
	m->judged = TRI_UNKNOWN;
	m->doubt = pool_printf(g->push->pool,
	    "whether somebody objects to what landed up to record %llu could "
	    "not be looked at; promote a commit that landed earlier first",
	    (unsigned long long)before);
	return 0;
}

/* After a landing, an objection stops promotions (rules.md 16). */
static int
find_objected(struct gathering *g, const struct record *landing,
    uint64_t newest_against, struct err *err)
{
	struct promotion *m = &g->update->promotion;
	struct review review;

	if (landing->seq > newest_against || m->judged != TRI_YES)
		return 0;
	if (review_of(g->push, landing, &review, err) < 0)
		return -1;
	if (review.state == REVIEW_UNKNOWN && gather_is_late(g->push))
		return in_doubt(g, landing->seq);
	return review.state == REVIEW_OBJECTED ? gather_doubt(g, landing, err)
	                                       : 0;
}

static void
add_ends(struct gathering *g, const struct record *landing, const char ***ids)
{
	struct promotion *m = &g->update->promotion;
	const struct tree *ends = tree_get(landing->tree, "landed");

	for (const struct tree *t = ends == NULL ? NULL : ends->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT)
			*(const char **)pool_grow(g->push->pool, ids,
			    &m->include_count, sizeof(**ids)) =
			    pool_printf(g->push->pool, "%s/%s/%.12s",
			        g->update->repository, m->landed_gate, t->text);
}

/*
 * Newest first, up to what stands here.  An adoption ends the list of what is
 * included, not the search for what was objected to.
 */
static int
look_through(struct gathering *g, const struct record *list, size_t count,
    uint64_t against, const char ***ids, struct err *err)
{
	struct push *p = g->push;
	bool listed = true;

	for (size_t i = 0; i < count; i++) {
		if (landed_is_in(p, landed_commit(&list[i]), g->line[0]))
			return 0;
		if (!text_same(list[i].type, "landing")) {
			listed = false;
			continue;
		}
		if (landed_is_in(p, landed_commit(&list[i]),
		        g->update->promotion.commit) &&
		    find_objected(g, &list[i], against, err) < 0)
			return -1;
		if (listed)
			add_ends(g, &list[i], ids);
	}
	return count == INCLUDES_MAX && list[count - 1].seq < against
	    ? in_doubt(g, list[count - 1].seq)
	    : 0;
}

/* Its landing and those before it, as far as they are new here. */
static int
find_includes(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	const char **ids = NULL;
	struct record landing, *list;
	uint64_t against;
	const char *ref;
	size_t count;

	if (m->landed != TRI_YES)
		return 0;
	if (changelog_read(p->setup->log, p->pool, m->landed_seq, &landing,
	        err) < 0)
		return -1;
	ref = landing.seq == 0 ? NULL : tree_text(landing.tree, "ref");
	if (ref == NULL ||
	    changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, g->update->repository, ref), true,
	        m->landed_seq + 1, INCLUDES_MAX, &list, &count, err) < 0 ||
	    gather_newest_against(g, ref, &against, err) < 0)
		return ref == NULL ? 0 : -1;
	if (look_through(g, list, count, against, &ids, err) < 0)
		return -1;
	m->includes = ids;
	return 0;
}

int
gather_promotion(struct gathering *g, struct err *err)
{
	struct promotion *m = &g->update->promotion;

	if (find_promoted(g, err) < 0)
		return -1;
	g->update->landed = m->commit;
	if (check_birth(g, err) < 0 || find_doubts(g, err) < 0 ||
	    find_includes(g, err) < 0)
		return -1;
	return g->gate->after.asked ? gather_staging(g, err) : 0;
}

/* Of a way back, merging would change nothing; that is not what is asked. */
static void
forget_after_fact(struct change *c, const char *commit)
{
	struct approval *list = (struct approval *)c->approvals;

	for (size_t i = 0; i < c->approval_count; i++)
		if (text_same(list[i].commit, commit))
			list[i].after_fact = TRI_NO;
}

/* The one change of a promotion: approvals of what is promoted or lands. */
int
gather_promoted(struct gathering *g, struct change *c, struct err *err)
{
	const char *new = g->line[g->line_count - 1];
	const char *commit = g->update->promotion.commit;
	const char *ids[2] = {commit != NULL ? commit : new, new};
	size_t last = g->line_count - 1;

	g->against_known = true;
	if (gather_statements_of(g, ids, strcmp(ids[0], new) == 0 ? 1 : 2,
	        err) < 0 ||
	    gather_against(g, err) < 0)
		return -1;
	g->promoted = ids[0];
	if (gather_change(g, 0, last, c, err) < 0)
		return -1;
	g->promoted = NULL;
	if (gather_goes_back(g))
		forget_after_fact(c, ids[0]);
	return 0;
}
