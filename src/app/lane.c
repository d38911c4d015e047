/*
 * The lane back: does this move go back to what was live on this ref?
 * rules.md 28.
 */
#include "app/gather.h"

#include <string.h>

#include "app/review.h"
#include "base/text.h"
#include "core/topics.h"
#include "core/trailer.h"

#define BEYOND                                                                 \
	100 /* landings looked at where the lane does not go any more          \
	     */
#define REASON_MAX 2000

enum plan_state
gather_says(struct push *p, const char *text)
{
	if (text == NULL)
		return PLAN_ABSENT;
	if (text[0] == '\0')
		return PLAN_EMPTY;
	return plan_is_placeholder(text, NULL, 0, p->pool) ? PLAN_PLACEHOLDER
	                                                   : PLAN_REAL;
}

const char *
gather_trailer(struct push *p, const struct commit_fact *f, const char *key)
{
	struct trailer *list;
	size_t count, times;
	const char *value;

	if (f == NULL || f->defect != NULL || f->parsed.message == NULL)
		return NULL;
	trailers_parse(p->pool, f->parsed.message, f->parsed.message_len, &list,
	    &count);
	value = trailer_get(list, count, key, &times);
	return value;
}

/* The new commit stands on the tip and has exactly that older tree. */
static bool
repeats_tree(struct gathering *g, const char *commit)
{
	struct push *p = g->push;
	const struct commit_fact *f =
	    map_get(&g->fresh_map, g->line[g->line_count - 1]);
	char tree[REPO_OID_SIZE];
	struct err ignored = {0};

	return f != NULL && f->raw->parent_count == 1 &&
	    text_same(f->raw->parents[0], g->line[0]) &&
	    repo_tree(p->repo, commit, tree, &ignored) == 0 &&
	    strcmp(tree, f->raw->tree) == 0;
}

static bool
goes_back_to(struct gathering *g, const struct record *r)
{
	const char *held = tree_text(r->tree, "new");
	const char *subject = tree_text(r->tree, "subject");

	if (held == NULL || text_is_zero_oid(held))
		return false;
	if (g->update->move == MOVE_FORWARD)
		return repeats_tree(g, subject != NULL ? subject : held);
	return strcmp(held, g->line[g->line_count - 1]) == 0;
}

static enum tri
was_admitted(const struct record *r)
{
	const char *outcome = tree_text(r->tree, "outcome");

	if (text_same(r->type, "adopted") || text_same(outcome, "ADMITTED") ||
	    text_same(outcome, "ADMITTED_AS_EMERGENCY"))
		return TRI_YES;
	return TRI_NO;
}

static int
is_clear(struct push *p, const struct record *r, enum tri *clear,
    struct err *err)
{
	struct review review;

	*clear = TRI_YES;
	if (text_same(r->type, "adopted") ||
	    text_same(tree_text(r->tree, "outcome"), "ADMITTED"))
		return 0;
	if (review_of(p, r, &review, err) < 0)
		return -1;
	*clear = review.state == REVIEW_DONE ? TRI_YES
	    : review.state == REVIEW_UNKNOWN ? TRI_UNKNOWN
	                                     : TRI_NO;
	return 0;
}

/*
 * Where the ref was before, as often as it came there; a return after drift is
 * no place of its own.
 */
static int
load_places(struct gathering *g, struct record **list, size_t *count,
    struct err *err)
{
	struct push *p = g->push;
	size_t most = 2 * (size_t)g->gate->lane.within + BEYOND, n;
	struct record *all;

	if (changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, g->update->repository, g->update->ref), true,
	        0, most, &all, &n, err) < 0)
		return -1;
	*list = pool_array(p->pool, n + 1, sizeof(**list));
	*count = 0;
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n ||
		    !text_same(tree_text(all[i].tree, "new"),
		        tree_text(all[i + 1].tree, "new")))
			(*list)[(*count)++] = all[i];
	return 0;
}

static void
find_reason(struct gathering *g)
{
	struct push *p = g->push;
	struct lane *l = &g->update->lane;
	const struct commit_fact *tip =
	    map_get(&g->fresh_map, g->line[g->line_count - 1]);
	const char *reason = push_option(p, "reason");

	if (reason == NULL)
		reason = gather_trailer(p, tip, "Rollback-Reason");
	l->reason = reason == NULL
	    ? NULL
	    : text_safe_copy(p->pool, reason, strlen(reason), REASON_MAX);
	l->reason_state = gather_says(p, l->reason);
}

/*
 * Any move that is none forward is one by the lane.  A commit on top that has
 * an older tree may be a revert like every other: only a reason makes it a way
 * back, or a gate that would not take it otherwise.
 */
static bool
may_be_taken(const struct gathering *g)
{
	return g->update->move != MOVE_FORWARD ||
	    (g->update->promotion.landed != TRI_YES &&
	        (g->update->lane.reason != NULL ||
	            g->gate->landed_on.count > 0));
}

int
gather_lane(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct lane *l = &g->update->lane;
	struct record *list = NULL;
	size_t count = 0, i = 0;

	if (!g->gate->lane.asked || g->line[0] == NULL)
		return 0;
	find_reason(g);
	if (may_be_taken(g)) {
		if (load_places(g, &list, &count, err) < 0)
			return -1;
		for (i = 1; i < count && !goes_back_to(g, &list[i]); i++)
			;
		l->taken = i < count || g->update->move != MOVE_FORWARD;
	}
	if (!l->taken) {
		*l = (struct lane){0};
		return 0;
	}
	l->to = g->line[g->line_count - 1];
	l->live = l->left = TRI_NO;
	if (i >= count)
		return 0;
	l->to = tree_text(list[i].tree, "new");
	l->back = (unsigned)i;
	l->live = was_admitted(&list[i]);
	for (size_t k = 0; k < i; k++)
		if (tree_true(list[k].tree, "lane") &&
		    text_same(tree_text(list[k].tree, "old"), l->to))
			l->left = TRI_YES;
	return is_clear(p, &list[i], &l->clear, err);
}

bool
gather_goes_back(const struct gathering *g)
{
	return g->update->lane.taken && g->update->move != MOVE_FORWARD;
}
