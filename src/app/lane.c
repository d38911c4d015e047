/*
 * The lane back: does this move go back to what was live on this ref?
 * rules.md 28.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"
#include "core/trailer.h"

#define LANE_LANDINGS_MAX 100

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
	enum review_state state;
	unsigned have, asked;

	*clear = TRI_YES;
	if (text_same(r->type, "adopted") ||
	    text_same(tree_text(r->tree, "outcome"), "ADMITTED"))
		return 0;
	if (review_of(p, r, &state, &have, &asked, err) < 0)
		return -1;
	*clear = state == REVIEW_DONE ? TRI_YES
	    : state == REVIEW_UNKNOWN ? TRI_UNKNOWN
	                              : TRI_NO;
	return 0;
}

int
gather_lane(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct lane *l = &g->update->lane;
	const struct commit_fact *tip =
	    map_get(&g->fresh_map, g->line[g->line_count - 1]);
	struct record *list;
	size_t count, i;

	if (!g->gate->lane.asked || g->line[0] == NULL ||
	    (g->update->move == MOVE_FORWARD &&
	        g->update->promotion.landed == TRI_YES))
		return 0;
	if (changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, g->update->repository, g->update->ref), true,
	        0, LANE_LANDINGS_MAX, &list, &count, err) < 0)
		return -1;
	for (i = 1; i < count && !goes_back_to(g, &list[i]); i++)
		;
	l->taken = i < count || g->update->move != MOVE_FORWARD;
	if (!l->taken)
		return 0;
	l->to = g->line[g->line_count - 1];
	l->reason = push_option(p, "reason");
	if (l->reason == NULL)
		l->reason = gather_trailer(p, tip, "Rollback-Reason");
	l->reason_state = gather_says(p, l->reason);
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
