/*
 * The requests that belong to a change, who opened them, and who brought what
 * they held before: rules.md 18, 19 and 27.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"

#define EARLIER_COMMITS_MAX 500 /* of one earlier head */

static void
add_request(struct gathering *g, struct request ***list, size_t *count,
    struct request *q)
{
	for (size_t i = 0; i < *count; i++)
		if ((*list)[i] == q)
			return;
	if (text_same(q->target, g->update->ref))
		*(struct request **)pool_grow(g->push->pool, list, count,
		    sizeof(q)) = q;
}

static int
add_with_head(struct gathering *g, const char *commit, struct request ***list,
    size_t *count, struct err *err)
{
	struct commit_fact *f = map_get(&g->fresh_map, commit);
	struct request **found = f == NULL ? NULL : f->requests;
	size_t n = f == NULL ? 0 : f->request_count;

	if ((f == NULL || !f->requests_known) &&
	    request_with_head(g->push, commit, &found, &n, err) < 0)
		return -1;
	if (f != NULL) {
		f->requests = found;
		f->request_count = n;
		f->requests_known = true;
	}
	for (size_t i = 0; i < n; i++)
		add_request(g, list, count, found[i]);
	return 0;
}

int
gather_requests_of(struct gathering *g, size_t from, size_t to,
    const struct change *c, struct request ***list, size_t *count,
    struct err *err)
{
	*list = NULL;
	*count = 0;
	for (size_t i = 0; i < g->fresh_count; i++)
		if (g->fresh[i]->step > from && g->fresh[i]->step <= to &&
		    add_with_head(g, g->fresh[i]->id, list, count, err) < 0)
			return -1;
	for (size_t i = 0; i < c->approval_count; i++)
		if (c->approvals[i].carried != CARRIED_NOT &&
		    add_with_head(g, c->approvals[i].commit, list, count, err) <
		        0)
			return -1;
	return 0;
}

bool
gather_is_head_of(const struct gathering *g, size_t from, size_t to,
    const struct change *c, const struct request *q)
{
	const struct commit_fact *f =
	    q->head == NULL ? NULL : map_get(&g->fresh_map, q->head);

	if (request_is_open(q, g->update->ref) != TRI_YES || q->head == NULL)
		return false;
	if (f != NULL)
		return f->step > from && f->step <= to;
	for (size_t i = 0; i < c->approval_count; i++)
		if (c->approvals[i].carried != CARRIED_NOT &&
		    text_same(c->approvals[i].commit, q->head))
			return true;
	return false;
}

/* Is its opener asked for: does a yes on it cover this change? */
static bool
is_approved_there(const struct change *c, const struct request *q)
{
	for (size_t i = 0; i < c->approval_count; i++) {
		const struct approval *a = &c->approvals[i];

		if (a->carried != CARRIED_NOT && a->request.told &&
		    text_same(a->request.source, q->source) &&
		    text_same(a->request.number, q->number))
			return true;
	}
	return false;
}

static void
add_opener(struct gathering *g, struct change *c, const struct request *q)
{
	static const struct actor nobody = {
	    .login = "nobody, or a deleted account"};
	bool named = q->opener.person != NULL || q->opener.login != NULL;

	if (named)
		gather_contributor(g, c, PART_OPENER, NULL, &q->opener,
		    q->head);
	else if (is_approved_there(c, q))
		gather_contributor(g, c, PART_OPENER, NULL, &nobody, q->head);
}

static int
add_pusher(struct gathering *g, struct change *c, const struct repo_commit *raw,
    struct err *err)
{
	struct commit_fact *f;

	if (commit_fact_get(g->push, raw, &f, err) < 0 ||
	    commit_fact_seen(g->push, f, err) < 0)
		return -1;
	if (f->seen == TRI_YES && commit_is_mechanical(g->push, f) != TRI_YES)
		gather_contributor(g, c, PART_FIRST_PUSHER, NULL, &f->pusher,
		    f->id);
	return 0;
}

/* What the server knows itself of a head that the request had before. */
static int
add_earlier_head(struct gathering *g, struct change *c, const char *from,
    const char *head, struct err *err)
{
	struct push *p = g->push;
	struct repo_commit *list;
	struct err unread = {0};
	size_t count;

	if (map_get(&g->fresh_map, head) != NULL ||
	    repo_kind_of(p->repo, head) != REPO_COMMIT)
		return 0;
	if (repo_range(p->repo, p->pool, head, &from, from == NULL ? 0 : 1,
	        EARLIER_COMMITS_MAX, &list, &count, &unread) < 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (map_get(&g->fresh_map, list[i].oid) == NULL &&
		    add_pusher(g, c, &list[i], err) < 0)
			return -1;
	return 0;
}

int
gather_openers(struct gathering *g, size_t from, size_t to, struct change *c,
    struct err *err)
{
	struct request **list;
	size_t count;

	if (gather_requests_of(g, from, to, c, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		add_opener(g, c, list[i]);
		for (size_t k = 0; k < list[i]->head_count; k++)
			if (add_earlier_head(g, c, g->line[from],
			        list[i]->heads[k].commit, err) < 0)
				return -1;
	}
	return 0;
}
