/*
 * Gitea and Forgejo, by /api/v1 (each instance describes its own at
 * /swagger.v1.json).
 *
 * A server may give fewer things on a page than were asked for
 * (MAX_RESPONSE_ITEMS), so a list ends where X-Total-Count says, or with an
 * empty page.
 */
#include "base/text.h"

#include "forge_inside.h"

static const char *
path_of(struct question *q, const char *rest)
{
	return pool_printf(q->pool, "repos/%s/%s",
	    forge_escape(q->pool, q->repository, true), rest);
}

#define PATH(q, ...) path_of(q, pool_printf((q)->pool, __VA_ARGS__))

/* -1 is a deleted account, -2 the server's own. */
static void
read_user(struct question *q, struct forge_user *out, const struct tree *t)
{
	out->login = forge_word(q, t, "login");
	out->id = forge_word(q, t, "id");
	out->bot = text_same(out->id, "-2");
	if (out->login == NULL || out->id == NULL ||
	    (out->id[0] == '-' && !out->bot) || text_same(out->id, "0"))
		*out = (struct forge_user){0};
}

static int
take_request(struct question *q, const struct tree *t, void *ctx)
{
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "number") == NULL ||
	    forge_oid(t, "head.sha") == NULL || tree_text(t, "state") == NULL)
		return forge_fails(q,
		    "a pull request without number, head or "
		    "state");
	if (forge_found(q, OBSERVED_REQUEST, &o) < 0)
		return -1;
	o->repository_id = forge_word(q, t, "base.repo_id");
	o->action = tree_text(t, "state");
	o->request = forge_word(q, t, "number");
	o->request_id = forge_word(q, t, "id");
	o->head = forge_oid(t, "head.sha");
	if (text_same(forge_word(q, t, "head.repo_id"), o->repository_id))
		o->head_ref = forge_branch(q, t, "head.ref");
	o->target = forge_branch(q, t, "base.ref");
	o->base = forge_oid(t, "base.sha");
	o->state = tree_true(t, "merged")  ? "merged"
	    : text_same(o->action, "open") ? "open"
	                                   : "closed";
	o->at = tree_instant(t, "updated_at");
	o->title = forge_words(q, t, "title");
	o->text = forge_words(q, t, "body");
	o->draft = tree_true(t, "draft");
	if (text_same(o->state, "merged"))
		o->merge_commit = forge_oid(t, "merge_commit_sha");
	read_user(q, &o->opener, tree_get(t, "user"));
	return 0;
}

static int
take_with_head(struct question *q, const struct tree *t, void *ctx)
{
	return text_same(forge_oid(t, "head.sha"), q->subject)
	    ? take_request(q, t, ctx)
	    : 0;
}

/*
 * The one that landed as that commit, and the open ones that have it as head;
 * no request, and no repository, are both "not found".
 */
static int
requests_of(struct question *q)
{
	struct call landed = {.path = PATH(q, "commits/%s/pull", q->subject),
	    .also = {404}};
	struct reply reply;

	if (forge_call(q, &landed, &reply) < 0 ||
	    (reply.status == 200 && take_request(q, reply.doc, NULL) < 0))
		return -1;
	return forge_pages(q, PATH(q, "pulls?state=open"), NULL, take_with_head,
	    NULL);
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

static const char *
decision_of(const struct tree *t)
{
	const char *state = tree_text(t, "state");

	if (!text_same(state, "APPROVED") &&
	    !text_same(state, "REQUEST_CHANGES"))
		return NULL;
	if (tree_true(t, "dismissed"))
		return "withdraw";
	return text_same(state, "APPROVED") ? "approve" : "object";
}

static int
take_review(struct question *q, const struct tree *t, void *ctx)
{
	struct forge_user of = {0};

	(void)ctx;
	read_user(q, &of, tree_get(t, "user"));
	return forge_review(q, t, decision_of(t), &of);
}

static int
reviews(struct question *q)
{
	return forge_pages(q,
	    PATH(q, "pulls/%s/reviews",
	        forge_escape(q->pool, q->subject, false)),
	    NULL, take_review, NULL);
}

/* "warning" is none that succeeded. */
static const char *
result_of(const char *word)
{
	if (text_same(word, "success"))
		return "success";
	return text_same(word, "pending") ? "pending" : "failure";
}

static int
take_status(struct question *q, const struct tree *t, void *ctx)
{
	struct observed *o = NULL;
	const char *word = tree_text(t, "status");

	(void)ctx;
	if (forge_word(q, t, "context") == NULL || word == NULL)
		return forge_fails(q, "a status without context or state");
	for (size_t i = 0; i < q->count; i++)
		if (text_same(q->list[i].context, forge_word(q, t, "context")))
			return 0;
	if (forge_found(q, OBSERVED_STATUS, &o) < 0)
		return -1;
	o->action = word;
	o->what = word;
	o->commit = q->subject;
	o->context = forge_word(q, t, "context");
	o->result = result_of(word);
	o->at = tree_instant(t, "updated_at");
	read_user(q, &o->actor, tree_get(t, "creator"));
	return 0;
}

/* All that were ever set, the newest first: of each context the first. */
static int
statuses(struct question *q)
{
	return forge_pages(q,
	    PATH(q, "commits/%s/statuses?sort=recentupdate", q->subject), NULL,
	    take_status, NULL);
}

/* There is no such thing; a status may speak of one. */
static int
deployments(struct question *q)
{
	(void)q;
	return 0;
}

static int
protection(struct question *q)
{
	const char *branch = forge_branch_of(q->subject);
	const struct tree *doc;

	if (branch == NULL)
		return forge_fails(q, "'%s' is no branch", q->subject);
	if (forge_get(q,
	        PATH(q, "branches/%s", forge_escape(q->pool, branch, true)),
	        &doc) < 0 ||
	    forge_get(q, PATH(q, "branch_protections"), &doc) < 0)
		return -1;
	return forge_protects(q, &doc, 1);
}

static int
post_status(struct question *q, const struct forge_status *s)
{
	return forge_post_json(q, PATH(q, "statuses/%s", s->commit), s);
}

const struct forge_kind forge_gitea = {
    .root = "/api/v1",
    .accept = "application/json",
    .auth = {"Authorization", "token "},
    .paging = PAGES_NUMBER,
    .per_page = 50,
    .requests_of = requests_of,
    .request = request,
    .reviews = reviews,
    .statuses = statuses,
    .deployments = deployments,
    .open_requests = open_requests,
    .protection = protection,
    .post_status = post_status,
};
