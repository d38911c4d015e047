/*
 * GitHub and its Enterprise Server, by the REST interface of version
 * 2022-11-28 (docs.github.com/rest; the package @octokit/openapi describes it,
 * and tests/real/forge_prism.sh holds each call here against that).
 */
#include <string.h>

#include "base/text.h"

#include "forge_inside.h"

static const char *
path_of(struct question *q, const char *rest)
{
	return pool_printf(q->pool, "repos/%s/%s",
	    forge_escape(q->pool, q->repository, true), rest);
}

#define PATH(q, ...) path_of(q, pool_printf((q)->pool, __VA_ARGS__))

static void
read_user(struct question *q, struct forge_user *out, const struct tree *t)
{
	out->login = forge_word(q, t, "login");
	out->id = forge_word(q, t, "id");
	out->bot = text_same(tree_text(t, "type"), "Bot");
	if (out->login == NULL || out->id == NULL)
		*out = (struct forge_user){0};
}

static const char *
state_of(const struct tree *t)
{
	const char *state = tree_text(t, "state");

	if (text_same(state, "closed"))
		return tree_text(t, "merged_at") != NULL ? "merged" : "closed";
	return text_same(state, "open") ? "open" : NULL;
}

static int
take_request(struct question *q, const struct tree *t, void *ctx)
{
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "number") == NULL ||
	    forge_oid(t, "head.sha") == NULL || state_of(t) == NULL)
		return forge_fails(q,
		    "a pull request without number, head or "
		    "state");
	if (forge_found(q, OBSERVED_REQUEST, &o) < 0)
		return -1;
	o->repository_id = forge_word(q, t, "base.repo.id");
	o->action = tree_text(t, "state");
	o->request = forge_word(q, t, "number");
	o->request_id = forge_word(q, t, "id");
	o->head = forge_oid(t, "head.sha");
	if (text_same(forge_word(q, t, "head.repo.id"), o->repository_id))
		o->head_ref = forge_branch(q, t, "head.ref");
	o->target = forge_branch(q, t, "base.ref");
	o->base = forge_oid(t, "base.sha");
	o->state = state_of(t);
	o->at = tree_instant(t, "updated_at");
	o->title = forge_words(q, t, "title");
	o->text = forge_words(q, t, "body");
	o->draft = tree_true(t, "draft");
	if (text_same(o->state, "merged"))
		o->merge_commit = forge_oid(t, "merge_commit_sha");
	read_user(q, &o->opener, tree_get(t, "user"));
	return 0;
}

/* 422: no commit of that id is known there, so nothing is said about it. */
static int
requests_of(struct question *q)
{
	struct call known = {.path = PATH(q, "commits/%s", q->subject),
	    .also = {422}};
	struct reply reply;

	if (forge_call(q, &known, &reply) < 0)
		return -1;
	if (reply.status == 422)
		return 0;
	return forge_pages(q, PATH(q, "commits/%s/pulls", q->subject), NULL,
	    take_request, NULL);
}

static int
request(struct question *q)
{
	return forge_one(q,
	    PATH(q, "pulls/%s", forge_escape(q->pool, q->subject, false)),
	    take_request);
}

static int
open_requests(struct question *q)
{
	return forge_pages(q, PATH(q, "pulls?state=open"), NULL, take_request,
	    NULL);
}

/* What is not yet handed in, or only a remark, decides nothing. */
static const char *
decision_of(const char *state)
{
	if (text_same(state, "APPROVED"))
		return "approve";
	if (text_same(state, "CHANGES_REQUESTED"))
		return "object";
	return text_same(state, "DISMISSED") ? "withdraw" : NULL;
}

static int
take_review(struct question *q, const struct tree *t, void *ctx)
{
	struct forge_user of = {0};

	(void)ctx;
	read_user(q, &of, tree_get(t, "user"));
	return forge_review(q, t, decision_of(tree_text(t, "state")), &of);
}

static int
reviews(struct question *q)
{
	return forge_pages(q,
	    PATH(q, "pulls/%s/reviews",
	        forge_escape(q->pool, q->subject, false)),
	    NULL, take_review, NULL);
}

static const char *
result_of(const char *state)
{
	if (text_same(state, "success"))
		return "success";
	return text_same(state, "failure") || text_same(state, "error")
	    ? "failure"
	    : "pending";
}

static int
take_status(struct question *q, const struct tree *t, void *ctx)
{
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "context") == NULL ||
	    tree_text(t, "state") == NULL)
		return forge_fails(q, "a status without context or state");
	if (forge_found(q, OBSERVED_STATUS, &o) < 0)
		return -1;
	o->action = tree_text(t, "state");
	o->commit = q->subject;
	o->context = forge_word(q, t, "context");
	o->what = o->action;
	o->result = result_of(o->action);
	o->at = tree_instant(t, "updated_at");
	read_user(q, &o->actor, tree_get(t, "creator"));
	return 0;
}

/* A check that was skipped, or said nothing either way, has not succeeded. */
static const char *
conclusion_of(const struct tree *t)
{
	const char *conclusion = tree_text(t, "conclusion");

	if (!text_same(tree_text(t, "status"), "completed"))
		return "pending";
	return text_same(conclusion, "success") ? "success" : "failure";
}

static int
take_check(struct question *q, const struct tree *t, void *ctx)
{
	const char *conclusion = tree_text(t, "conclusion");
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "name") == NULL || tree_text(t, "status") == NULL)
		return forge_fails(q, "a check without name or status");
	if (!text_same(forge_oid(t, "head_sha"), q->subject))
		return forge_fails(q, "a check of another commit");
	if (forge_found(q, OBSERVED_STATUS, &o) < 0)
		return -1;
	o->action = conclusion != NULL ? conclusion : tree_text(t, "status");
	o->what = o->action;
	o->commit = q->subject;
	o->context = forge_word(q, t, "name");
	o->result = conclusion_of(t);
	o->at = tree_instant(t, "completed_at");
	if (o->at == 0)
		o->at = tree_instant(t, "started_at");
	o->app = forge_word(q, t, "app.slug");
	return 0;
}

static int
statuses(struct question *q)
{
	if (forge_pages(q, PATH(q, "commits/%s/status", q->subject), "statuses",
	        take_status, NULL) < 0)
		return -1;
	return forge_pages(q, PATH(q, "commits/%s/check-runs", q->subject),
	    "check_runs", take_check, NULL);
}

/* "inactive" only says that another one came behind it. */
static const char *
deployed_of(const char *state)
{
	if (text_same(state, "success"))
		return "success";
	return text_same(state, "failure") || text_same(state, "error")
	    ? "failure"
	    : NULL;
}

static int
take_deployed(struct question *q, const struct tree *t, void *ctx)
{
	const struct tree *deployment = ctx;
	const char *result = deployed_of(tree_text(t, "state"));
	struct observed *o = NULL;

	if (tree_text(t, "state") == NULL)
		return forge_fails(q, "a deployment's status without a state");
	if (result == NULL)
		return 0;
	if (forge_found(q, OBSERVED_DEPLOYMENT, &o) < 0)
		return -1;
	o->action = tree_text(t, "state");
	o->deployment = forge_word(q, deployment, "id");
	o->commit = q->subject;
	o->environment = forge_word(q, deployment, "environment");
	o->result = result;
	o->what = o->action;
	o->at = tree_instant(t, "created_at");
	read_user(q, &o->actor, tree_get(t, "creator"));
	return 0;
}

/* The newest first, of each its statuses: the whole is turned in the end. */
static int
take_deployment(struct question *q, const struct tree *t, void *ctx)
{
	const char *id = forge_word(q, t, "id");

	(void)ctx;
	if (id == NULL || forge_word(q, t, "environment") == NULL)
		return forge_fails(q, "a deployment without id or environment");
	if (!text_same(forge_oid(t, "sha"), q->subject))
		return forge_fails(q, "a deployment of another commit");
	return forge_pages(q, PATH(q, "deployments/%s/statuses", id), NULL,
	    take_deployed, (void *)(uintptr_t)t);
}

static int
deployments(struct question *q)
{
	if (forge_pages(q, PATH(q, "deployments?sha=%s", q->subject), NULL,
	        take_deployment, NULL) < 0)
		return -1;
	forge_turn(q->list, q->count);
	return 0;
}

/* The rules in force for a branch; the older protection where we may see it. */
static int
protection(struct question *q)
{
	const char *branch = forge_branch_of(q->subject);
	struct call older = {.also = {403, 404}};
	struct forge_docs rules = {0};
	struct reply reply;

	if (branch == NULL)
		return forge_fails(q, "'%s' is no branch", q->subject);
	branch = forge_escape(q->pool, branch, false);
	if (forge_pages(q, PATH(q, "rules/branches/%s", branch), NULL,
	        forge_keep, &rules) < 0)
		return -1;
	older.path = PATH(q, "branches/%s/protection", branch);
	if (forge_call(q, &older, &reply) < 0)
		return -1;
	if (reply.status == 200)
		(void)forge_keep(q, reply.doc, &rules);
	return forge_protects(q, rules.list, rules.count);
}

static int
post_status(struct question *q, const struct forge_status *s)
{
	return forge_post_json(q, PATH(q, "statuses/%s", s->commit), s);
}

const struct forge_kind forge_github = {
    .root = "/api/v3",
    .accept = "application/vnd.github+json, application/json",
    .auth = {"Authorization", "Bearer "},
    .version = {"X-GitHub-Api-Version", "2022-11-28"},
    .paging = PAGES_LINK,
    .per_page = 100,
    .requests_of = requests_of,
    .request = request,
    .reviews = reviews,
    .statuses = statuses,
    .deployments = deployments,
    .open_requests = open_requests,
    .protection = protection,
    .post_status = post_status,
    .redeliver = forge_github_redeliver,
};
