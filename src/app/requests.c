/*
 * What was said on requests: whose yes it is, of which commit, and whether it
 * stands there still.  rules.md 11, 14 and 16.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"

enum tri
gather_trusts(const struct push *p, const char *source, enum source_word word)
{
	const struct receiver *r = &p->setup->config.settings.receiver;
	const struct source *s =
	    source == NULL ? NULL : receiver_source(r, source);

	return s != NULL && source_tells(s, word) ? TRI_YES : TRI_NO;
}

/* ---- found ---- */

static int
keep_of(struct gathering *g, struct request *const *list, size_t count,
    struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (gather_keep_statements(g, list[i]->records,
		        list[i]->record_count, err) < 0)
			return -1;
	return 0;
}

int
gather_told_of(struct gathering *g, const char *const *commits, size_t count,
    struct err *err)
{
	struct request **list = NULL;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (request_with_head(g->push, commits[i], &list, &n, err) < 0)
			return -1;
	return keep_of(g, list, n, err);
}

int
gather_told_elsewhere(struct gathering *g, const char *target, size_t most,
    bool *more, struct err *err)
{
	struct request **list = NULL;
	size_t n = 0;

	if (request_newest(g->push, target, most, &list, &n, more, err) < 0)
		return -1;
	return keep_of(g, list, n, err);
}

/* ---- read ---- */

/* The one head of the request that an abbreviated id means, or NULL. */
static const char *
head_called(const struct request *q, const char *abbreviated)
{
	const char *found = NULL;

	for (size_t i = 0; i < q->head_count; i++) {
		if (!text_starts(q->heads[i].commit, abbreviated))
			continue;
		if (found != NULL)
			return NULL;
		found = q->heads[i].commit;
	}
	return found;
}

/* Which commit was meant, where the word does not name it in full. */
static void
find_commit(const struct push *p, const struct tree *t,
    struct statement_fact *s)
{
	const struct source *source =
	    receiver_source(&p->setup->config.settings.receiver,
	        s->approval.source);
	const char *abbreviated = tree_text(t, "short_commit");
	struct approval *a = &s->approval;
	int64_t since;

	a->request.assumed = a->commit == NULL;
	a->request.certain = TRI_YES;
	if (a->commit != NULL)
		return;
	if (abbreviated != NULL && strlen(abbreviated) >= 7)
		a->commit = head_called(s->request, abbreviated);
	if (a->commit != NULL)
		return;
	a->commit = request_head_at(s->request, a->seq, &since);
	a->request.certain = abbreviated == NULL && a->commit != NULL &&
	        request_is_certain(s->request, a->seq, a->time,
	            source != NULL ? source->settle : SOURCE_SETTLE, a->commit)
	    ? TRI_YES
	    : TRI_NO;
	if (a->commit == NULL && strcmp(s->decision, "approve") != 0)
		a->commit = "";
}

int
gather_read_told(struct gathering *g, const struct record *r,
    struct statement_fact *s, struct err *err)
{
	struct push *p = g->push;
	struct approval *a = &s->approval;
	const char *number = tree_text(r->tree, "request");
	struct request *q;

	if (number == NULL || a->source == NULL ||
	    strcmp(a->source, "git") == 0 ||
	    !text_same(tree_text(r->tree, "repository"), p->repository))
		return 0;
	if (request_get(p, a->source, number, &q, err) < 0)
		return -1;
	s->request = q;
	s->review = tree_text(r->tree, "review");
	s->all = tree_true(r->tree, "all");
	s->by_another = tree_get(r->tree, "by") != NULL;
	s->dated = tree_instant(r->tree, "forge.time");
	a->request = (struct on_request){.source = a->source,
	    .number = number,
	    .told = true,
	    .login = tree_text(r->tree, "login"),
	    .trusted = gather_trusts(p, a->source, SOURCE_TELLS_APPROVALS),
	    .open = request_is_open(q, a->target)};
	find_commit(p, r->tree, s);
	return 0;
}

/* ---- does it stand ---- */

bool
gather_same_request(const struct statement_fact *a,
    const struct statement_fact *b)
{
	return a->request != NULL && a->request == b->request;
}

/*
 * By its own id whenever that came, else by the order of receipt or, where the
 * forge dates both otherwise, by that.
 */
bool
gather_takes_back(const struct statement_fact *s,
    const struct statement_fact *w)
{
	bool named = s->review != NULL && w->review != NULL;
	bool withdraws = strcmp(w->decision, "withdraw") == 0;

	if (!gather_same_request(s, w) ||
	    w->approval.request.trusted != TRI_YES)
		return false;
	if (withdraws && named)
		return strcmp(s->review, w->review) == 0;
	if (!w->all && !text_same(s->approval.person, w->approval.person))
		return false;
	if (s->dated != 0 && w->dated != 0 && s->dated != w->dated)
		return w->dated > s->dated;
	return w->approval.seq > s->approval.seq;
}

/* Do both give the same when they are merged into that position? */
static int
gives_same(struct gathering *g, size_t from, const char *commit,
    const char *head, bool *same, struct err *err)
{
	char a[REPO_OID_SIZE], b[REPO_OID_SIZE];

	*same = strcmp(commit, head) == 0;
	if (*same || repo_kind_of(g->push->repo, head) != REPO_COMMIT)
		return 0;
	if (cover_tree(g, from, commit, a, err) < 0 ||
	    cover_tree(g, from, head, b, err) < 0)
		return -1;
	*same = a[0] != '\0' && strcmp(a, b) == 0;
	return 0;
}

/*
 * A signed tag names no request: it is held to those for this ref that had its
 * commit as their head, and to none of them where one still has.
 */
static int
present_of_signed(struct gathering *g, size_t from, const char *commit,
    struct on_request *out, struct err *err)
{
	struct request **list = NULL;
	size_t count = 0;
	bool same = false;

	if (request_with_head(g->push, commit, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !same; i++) {
		if (request_is_open(list[i], g->update->ref) != TRI_YES ||
		    list[i]->head == NULL)
			continue;
		if (gives_same(g, from, commit, list[i]->head, &same, err) < 0)
			return -1;
		out->source = list[i]->source;
		out->number = list[i]->number;
		out->present = same ? TRI_YES : TRI_NO;
	}
	return 0;
}

int
gather_present(struct gathering *g, size_t from, const struct statement_fact *s,
    struct on_request *out, struct err *err)
{
	const char *commit = s->approval.commit;
	bool same;

	if (s->request == NULL)
		return present_of_signed(g, from, commit, out, err);
	if (!s->request->all || s->request->head == NULL)
		return 0;
	if (gives_same(g, from, commit, s->request->head, &same, err) < 0)
		return -1;
	out->present = same ? TRI_YES : TRI_NO;
	return 0;
}

/* ---- spent ---- */

static bool
names(const struct tree *list, const char *commit)
{
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT && strcmp(t->text, commit) == 0)
			return true;
	return false;
}

int
gather_spent_by_request(struct gathering *g, const char *commit,
    const struct record *landing, bool *spent, struct err *err)
{
	struct request **list = NULL;
	size_t count = 0;

	*spent = false;
	if (request_with_head(g->push, commit, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < list[i]->head_count && !*spent; k++) {
			const struct request_head *h = &list[i]->heads[k];

			*spent =
			    h->last > request_had(list[i], commit)->first &&
			    h->first < landing->seq &&
			    (names(tree_get(landing->tree, "approved"),
			         h->commit) ||
			        names(tree_get(landing->tree, "landed"),
			            h->commit));
		}
	return 0;
}
