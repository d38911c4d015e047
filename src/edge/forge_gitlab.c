/*
 * GitLab, by /api/v4 (docs.gitlab.com/api/).
 *
 * No answer of its says which commit an approval was given to.  It is found
 * from what GitLab writes itself: the system note "approved this merge
 * request" has a time, and so has each version of the request; the version
 * that was the newest then is what they saw.  Who has no such note counts as
 * nobody: their approval has no commit.
 */
#include <string.h>

#include "base/text.h"

#include "forge_gitlab.h"

const char *
forge_gitlab_path(struct question *q, const char *rest)
{
	return pool_printf(q->pool, "projects/%s/%s",
	    forge_escape(q->pool, q->repository, false), rest);
}

void
forge_gitlab_user(struct question *q, struct forge_user *out,
    const struct tree *t)
{
	out->login = forge_word(q, t, "username");
	out->id = forge_word(q, t, "id");
	if (out->login == NULL || out->id == NULL)
		*out = (struct forge_user){0};
}

static const char *
state_of(const char *word)
{
	if (text_same(word, "opened") || text_same(word, "locked"))
		return "open";
	return text_same(word, "merged") || text_same(word, "closed") ? word
	                                                              : NULL;
}

static int
take_request(struct question *q, const struct tree *t, void *ctx)
{
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "iid") == NULL || forge_oid(t, "sha") == NULL ||
	    state_of(tree_text(t, "state")) == NULL)
		return forge_fails(q,
		    "a merge request without number, head or state");
	if (forge_found(q, OBSERVED_REQUEST, &o) < 0)
		return -1;
	o->repository_id = forge_word(q, t, "target_project_id");
	o->action = tree_text(t, "state");
	o->request = forge_word(q, t, "iid");
	o->request_id = forge_word(q, t, "id");
	o->head = forge_oid(t, "sha");
	if (text_same(forge_word(q, t, "source_project_id"), o->repository_id))
		o->head_ref = forge_branch(q, t, "source_branch");
	o->target = forge_branch(q, t, "target_branch");
	o->base = forge_oid(t, "diff_refs.base_sha");
	o->state = state_of(o->action);
	o->at = tree_instant(t, "updated_at");
	o->title = forge_words(q, t, "title");
	o->text = forge_words(q, t, "description");
	o->draft = tree_true(t, "draft");
	if (text_same(o->state, "merged"))
		o->merge_commit = forge_oid(t, "merge_commit_sha");
	if (o->merge_commit == NULL && text_same(o->state, "merged"))
		o->merge_commit = forge_oid(t, "squash_commit_sha");
	forge_gitlab_user(q, &o->opener, tree_get(t, "author"));
	return 0;
}

/* A commit that is not there has no requests; a project that is not, may. */
static int
requests_of(struct question *q)
{
	struct call known = {.path =
	                         PATH(q, "repository/commits/%s", q->subject),
	    .also = {404}};
	struct reply reply;
	const struct tree *doc;

	if (forge_call(q, &known, &reply) < 0)
		return -1;
	if (reply.status == 404)
		return forge_get(q,
		    pool_printf(q->pool, "projects/%s",
		        forge_escape(q->pool, q->repository, false)),
		    &doc);
	return forge_pages(q,
	    PATH(q, "repository/commits/%s/merge_requests", q->subject), NULL,
	    take_request, NULL);
}

static int
request(struct question *q)
{
	return forge_one(q,
	    PATH(q, "merge_requests/%s",
	        forge_escape(q->pool, q->subject, false)),
	    take_request);
}

static int
open_requests(struct question *q)
{
	return forge_pages(q, PATH(q, "merge_requests?state=opened"), NULL,
	    take_request, NULL);
}

/* ---- what people said ---- */

struct version {
	int64_t at;
	const char *head;
};

struct versions {
	struct version *list;
	size_t count;
};

static int
take_version(struct question *q, const struct tree *t, void *ctx)
{
	struct versions *v = ctx;
	struct version *one;

	if (forge_oid(t, "head_commit_sha") == NULL ||
	    tree_instant(t, "created_at") == 0)
		return forge_fails(q, "a version without head or time");
	one = pool_grow(q->pool, &v->list, &v->count, sizeof(*one));
	one->at = tree_instant(t, "created_at");
	one->head = forge_oid(t, "head_commit_sha");
	return 0;
}

/* The newest version by then; two of one moment leave it open. */
static const char *
head_then(const struct versions *v, int64_t at)
{
	const struct version *newest = NULL;

	for (size_t i = 0; at != 0 && i < v->count; i++) {
		if (v->list[i].at == at)
			return NULL;
		if (v->list[i].at < at &&
		    (newest == NULL || v->list[i].at > newest->at))
			newest = &v->list[i];
	}
	return newest != NULL ? newest->head : NULL;
}

static const char *
decision_of(const char *note)
{
	if (text_same(note, "approved this merge request"))
		return "approve";
	if (text_same(note, "unapproved this merge request"))
		return "withdraw";
	return text_same(note, "requested changes") ? "object" : NULL;
}

static int
take_note(struct question *q, const struct tree *t, void *ctx)
{
	const struct versions *versions = ctx;
	const char *decision = decision_of(tree_text(t, "body"));
	struct observed *o = NULL;

	if (!tree_true(t, "system") || decision == NULL)
		return 0;
	if (forge_found(q, OBSERVED_REVIEW, &o) < 0)
		return -1;
	forge_about(q, o);
	o->action = decision;
	o->decision = decision;
	/* A withdrawal takes back what was said before, whichever it was. */
	if (!text_same(decision, "withdraw"))
		o->review = forge_word(q, t, "id");
	o->at = tree_instant(t, "created_at");
	o->commit = head_then(versions, o->at);
	forge_gitlab_user(q, &o->actor, tree_get(t, "author"));
	return 0;
}

static bool
is_listed(struct question *q, const struct tree *approvals,
    const struct forge_user *u)
{
	const struct tree *list = tree_get(approvals, "approved_by");

	for (const struct tree *t = list->child; t != NULL; t = t->next)
		if (text_same(forge_word(q, t, "user.id"), u->id))
			return true;
	return false;
}

/* The place of what they said last; `count`: nothing. */
static size_t
last_of(const struct question *q, const struct forge_user *u, size_t count)
{
	for (size_t i = count; i > 0; i--)
		if (text_same(q->list[i - 1].actor.id, u->id))
			return i - 1;
	return count;
}

/* Who approved and is not in the list any more, GitLab took it back itself. */
static int
take_resets(struct question *q, const struct tree *approvals)
{
	size_t count = q->count;

	for (size_t i = 0; i < count; i++) {
		struct observed was = q->list[i];
		struct observed *o = NULL;

		if (!text_same(was.decision, "approve") ||
		    last_of(q, &was.actor, count) != i ||
		    is_listed(q, approvals, &was.actor))
			continue;
		if (forge_found(q, OBSERVED_REVIEW, &o) < 0)
			return -1;
		*o = was;
		o->action = "reset";
		o->decision = "withdraw";
	}
	return 0;
}

static int
reviews(struct question *q)
{
	const char *where = PATH(q, "merge_requests/%s",
	    forge_escape(q->pool, q->subject, false));
	struct versions versions = {0};
	const struct tree *approvals, *list;

	if (forge_get(q, pool_printf(q->pool, "%s/approvals", where),
	        &approvals) < 0)
		return -1;
	list = tree_get(approvals, "approved_by");
	if (list == NULL || list->kind != TREE_LIST)
		return forge_fails(q, "approvals without a list of them");
	if (forge_pages(q, pool_printf(q->pool, "%s/versions", where), NULL,
	        take_version, &versions) < 0 ||
	    forge_pages(q,
	        pool_printf(q->pool, "%s/notes?sort=asc&order_by=created_at",
	            where),
	        NULL, take_note, &versions) < 0)
		return -1;
	return take_resets(q, approvals);
}

const struct forge_kind forge_gitlab = {
    .root = "/api/v4",
    .accept = "application/json",
    .auth = {"PRIVATE-TOKEN", ""},
    .paging = PAGES_LINK,
    .per_page = 100,
    .requests_of = requests_of,
    .request = request,
    .reviews = reviews,
    .statuses = forge_gitlab_statuses,
    .deployments = forge_gitlab_deployments,
    .open_requests = open_requests,
    .protection = forge_gitlab_protection,
    .post_status = forge_gitlab_post_status,
};
