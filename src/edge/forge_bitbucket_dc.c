/*
 * Bitbucket Data Center, by /rest (docs.atlassian.com/bitbucket-server/rest).
 *
 * A repository is KEY/SLUG.  What people said, and which commit was the
 * request's head when they did, stands in its activities.
 */
#include <string.h>

#include "base/text.h"

#include "forge_inside.h"

static const char *
path_of(struct question *q, const char *api, const char *rest)
{
	const char *slash = strchr(q->repository, '/');
	const char *key = q->repository, *slug = "";

	if (slash != NULL) {
		key = pool_textn(q->pool, key, (size_t)(slash - key));
		slug = slash + 1;
	}
	return pool_printf(q->pool, "%s/latest/projects/%s/repos/%s/%s", api,
	    forge_escape(q->pool, key, false),
	    forge_escape(q->pool, slug, false), rest);
}

#define PATH(q, ...) path_of(q, "api", pool_printf((q)->pool, __VA_ARGS__))

static void
read_user(struct question *q, struct forge_user *out, const struct tree *t)
{
	out->login = forge_word(q, t, "name");
	out->id = forge_word(q, t, "id");
	out->bot = text_same(tree_text(t, "type"), "SERVICE");
	if (out->login == NULL || out->id == NULL)
		*out = (struct forge_user){0};
}

static const char *
state_of(const char *word)
{
	if (text_same(word, "OPEN"))
		return "open";
	if (text_same(word, "MERGED"))
		return "merged";
	return text_same(word, "DECLINED") ? "closed" : NULL;
}

static const char *
ref_of(struct question *q, const struct tree *t, const char *path)
{
	const char *name = forge_word(q, t, path);

	return name != NULL && text_starts(name, "refs/") ? name : NULL;
}

static int
take_request(struct question *q, const struct tree *t, void *ctx)
{
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "id") == NULL ||
	    forge_oid(t, "fromRef.latestCommit") == NULL ||
	    state_of(tree_text(t, "state")) == NULL)
		return forge_fails(q,
		    "a pull request without number, head or state");
	if (forge_found(q, OBSERVED_REQUEST, &o) < 0)
		return -1;
	o->repository_id = forge_word(q, t, "toRef.repository.id");
	o->action = tree_text(t, "state");
	o->request = forge_word(q, t, "id");
	o->head = forge_oid(t, "fromRef.latestCommit");
	if (text_same(forge_word(q, t, "fromRef.repository.id"),
	        o->repository_id))
		o->head_ref = ref_of(q, t, "fromRef.id");
	o->target = ref_of(q, t, "toRef.id");
	o->base = forge_oid(t, "toRef.latestCommit");
	o->state = state_of(o->action);
	o->at = tree_number(t, "updatedDate");
	o->title = forge_words(q, t, "title");
	o->text = forge_words(q, t, "description");
	o->draft = tree_true(t, "draft");
	if (text_same(o->state, "merged"))
		o->merge_commit = forge_oid(t, "properties.mergeCommit.id");
	read_user(q, &o->opener, tree_path(t, "author.user"));
	return 0;
}

static int
requests_of(struct question *q)
{
	struct call known = {.path = PATH(q, "commits/%s", q->subject),
	    .also = {404}};
	const struct tree *doc;
	struct reply reply;

	if (forge_call(q, &known, &reply) < 0)
		return -1;
	if (reply.status == 404)
		return forge_get(q, PATH(q, "branches/default"), &doc);
	return forge_pages(q, PATH(q, "commits/%s/pull-requests", q->subject),
	    "values", take_request, NULL);
}

static int
request(struct question *q)
{
	return forge_one(q,
	    PATH(q, "pull-requests/%s",
	        forge_escape(q->pool, q->subject, false)),
	    take_request);
}

static int
open_requests(struct question *q)
{
	return forge_pages(q, PATH(q, "pull-requests?state=OPEN"), "values",
	    take_request, NULL);
}

/* ---- what people said ---- */

static const char *
decision_of(const char *action)
{
	if (text_same(action, "APPROVED"))
		return "approve";
	if (text_same(action, "UNAPPROVED"))
		return "withdraw";
	return text_same(action, "REVIEWED") ||
	        text_same(action, "CHANGES_REQUESTED")
	    ? "object"
	    : NULL;
}

static int
add_said(struct question *q, const struct tree *t, const char *head)
{
	const char *decision = decision_of(tree_text(t, "action"));
	struct observed *o = NULL;

	if (decision == NULL)
		return 0;
	if (forge_found(q, OBSERVED_REVIEW, &o) < 0)
		return -1;
	forge_about(q, o);
	o->action = tree_text(t, "action");
	o->decision = decision;
	if (!text_same(decision, "withdraw"))
		o->review = forge_word(q, t, "id");
	o->at = tree_number(t, "createdDate");
	o->commit = head;
	read_user(q, &o->actor, tree_get(t, "user"));
	return 0;
}

/* The head before the first push to it; without one, its head now. */
static const char *
first_head(const struct question *q, const struct forge_docs *a)
{
	for (size_t i = a->count; i > 0; i--)
		if (text_same(tree_text(a->list[i - 1], "action"), "RESCOPED"))
			return forge_oid(a->list[i - 1], "previousFromHash");
	return q->request->head;
}

static int
reviews(struct question *q)
{
	struct forge_docs a = {0};
	const char *head;

	if (forge_pages(q,
	        PATH(q, "pull-requests/%s/activities",
	            forge_escape(q->pool, q->subject, false)),
	        "values", forge_keep, &a) < 0)
		return -1;
	head = first_head(q, &a);
	for (size_t i = a.count; i > 0; i--) {
		const struct tree *t = a.list[i - 1];

		if (text_same(tree_text(t, "action"), "RESCOPED"))
			head = forge_oid(t, "fromHash");
		else if (add_said(q, t, head) < 0)
			return -1;
	}
	return 0;
}

/* ---- statuses and deployments ---- */

static const char *
result_of(const char *word)
{
	if (text_same(word, "SUCCESSFUL"))
		return "success";
	return text_same(word, "INPROGRESS") ||
	        text_same(word, "IN_PROGRESS") || text_same(word, "PENDING")
	    ? "pending"
	    : "failure";
}

static int
take_status(struct question *q, const struct tree *t, void *ctx)
{
	const char *word = tree_text(t, "state");
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "key") == NULL || word == NULL)
		return forge_fails(q, "a build without key or state");
	if (forge_found(q, OBSERVED_STATUS, &o) < 0)
		return -1;
	o->action = word;
	o->what = word;
	o->commit = q->subject;
	o->context = forge_word(q, t, "key");
	o->result = result_of(word);
	o->at = tree_number(t, "dateAdded");
	return 0;
}

static int
statuses(struct question *q)
{
	return forge_pages(q,
	    pool_printf(q->pool, "build-status/latest/commits/%s", q->subject),
	    "values", take_status, NULL);
}

static int
take_deployment(struct question *q, const struct tree *t, void *ctx)
{
	const char *result = result_of(tree_text(t, "state"));
	struct observed *o = NULL;

	(void)ctx;
	if (tree_text(t, "state") == NULL ||
	    forge_word(q, t, "environment.key") == NULL)
		return forge_fails(q,
		    "a deployment without state or environment");
	if (text_same(result, "pending"))
		return 0;
	if (forge_found(q, OBSERVED_DEPLOYMENT, &o) < 0)
		return -1;
	o->action = tree_text(t, "state");
	o->what = o->action;
	o->commit = q->subject;
	o->environment = forge_word(q, t, "environment.key");
	o->deployment = forge_word(q, t, "deploymentSequenceNumber");
	o->result = result;
	o->at = tree_number(t, "lastUpdated");
	return 0;
}

static int
deployments(struct question *q)
{
	if (forge_pages(q, PATH(q, "commits/%s/deployments", q->subject),
	        "values", take_deployment, NULL) < 0)
		return -1;
	forge_turn(q->list, q->count);
	return 0;
}

static int
protection(struct question *q)
{
	struct forge_docs rules = {0};

	if (forge_pages(q, path_of(q, "branch-permissions", "restrictions"),
	        "values", forge_keep, &rules) < 0)
		return -1;
	return forge_protects(q, rules.list, rules.count);
}

static int
post_status(struct question *q, const struct forge_status *s)
{
	return forge_post_build(q, PATH(q, "commits/%s/builds", s->commit), s);
}

const struct forge_kind forge_bitbucket_dc = {
    .root = "/rest",
    .accept = "application/json",
    .auth = {"Authorization", "Bearer "},
    .paging = PAGES_START,
    .per_page = 100,
    .requests_of = requests_of,
    .request = request,
    .reviews = reviews,
    .statuses = statuses,
    .deployments = deployments,
    .open_requests = open_requests,
    .protection = protection,
    .post_status = post_status,
};
