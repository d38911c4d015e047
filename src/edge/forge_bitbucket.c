/*
 * Bitbucket Cloud, by https://api.bitbucket.org/2.0.
 *
 * Commits of requests are abbreviated to 12 digits: the whole id is asked for.
 * An approval names no commit; the request's activity tells which one was its
 * head then, and its participants whether the approval still stands.
 */
#include "base/text.h"

#include "forge_bitbucket.h"

const char *
forge_bitbucket_path(struct question *q, const char *rest)
{
	return pool_printf(q->pool, "repositories/%s/%s",
	    forge_escape(q->pool, q->repository, true), rest);
}

/* A nickname is chosen, and may be another's. */
static void
read_user(struct question *q, struct forge_user *out, const struct tree *t)
{
	out->id = forge_word(q, t, "uuid");
	out->login = forge_word(q, t, "account_id");
	out->bot = text_same(tree_text(t, "type"), "app_user");
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
	return text_same(word, "DECLINED") || text_same(word, "SUPERSEDED")
	    ? "closed"
	    : NULL;
}

/* Digits of a hash alone may stand in a path. */
static bool
is_hash(const char *text)
{
	size_t n = 0;

	for (; text != NULL && text[n] != '\0'; n++)
		if (!((text[n] >= '0' && text[n] <= '9') ||
		        (text[n] >= 'a' && text[n] <= 'f')))
			return false;
	return n >= 7 && n <= 64;
}

/* The whole id of an abbreviated one; NULL: the forge does not say. */
static int
whole_id(struct question *q, const char *hash, const char **out)
{
	struct call c = {.also = {404}};
	struct reply reply;

	*out = NULL;
	if (hash == NULL || !is_hash(hash))
		return 0;
	if (text_is_oid(hash)) {
		*out = hash;
		return 0;
	}
	c.path = PATH(q, "commit/%s", hash);
	if (forge_call(q, &c, &reply) < 0)
		return -1;
	*out = reply.status == 200 ? forge_oid(reply.doc, "hash") : NULL;
	return 0;
}

static int
take_request(struct question *q, const struct tree *t, void *ctx)
{
	const char *hash = tree_text(t, "source.commit.hash");
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "id") == NULL || !is_hash(hash) ||
	    state_of(tree_text(t, "state")) == NULL)
		return forge_fails(q,
		    "a pull request without number, head or state");
	if (forge_found(q, OBSERVED_REQUEST, &o) < 0)
		return -1;
	o->repository_id = forge_word(q, t, "destination.repository.uuid");
	o->action = tree_text(t, "state");
	o->request = forge_word(q, t, "id");
	o->head = forge_oid(t, "source.commit.hash");
	o->short_head = o->head == NULL ? hash : NULL;
	if (text_same(tree_text(t, "source.repository.full_name"),
	        q->repository))
		o->head_ref = forge_branch(q, t, "source.branch.name");
	o->target = forge_branch(q, t, "destination.branch.name");
	o->base = forge_oid(t, "destination.commit.hash");
	o->state = state_of(o->action);
	o->at = tree_instant(t, "updated_on");
	o->title = forge_words(q, t, "title");
	o->text = forge_words(q, t, "description");
	o->draft = tree_true(t, "draft");
	if (text_same(o->state, "merged"))
		o->merge_commit = forge_oid(t, "merge_commit.hash");
	read_user(q, &o->opener, tree_get(t, "author"));
	return 0;
}

/* The same with its head in full, which costs a question more. */
static int
take_whole(struct question *q, const struct tree *t, void *ctx)
{
	struct observed *o;

	if (take_request(q, t, ctx) < 0)
		return -1;
	o = &q->list[q->count - 1];
	if (o->head != NULL)
		return 0;
	if (whole_id(q, o->short_head, &o->head) < 0)
		return -1;
	if (o->head != NULL)
		o->short_head = NULL;
	return 0;
}

/* An abbreviated id may be another's: only the whole one is this commit. */
static int
take_with_head(struct question *q, const struct tree *t, void *ctx)
{
	const char *hash = tree_text(t, "source.commit.hash");
	size_t before = q->count;

	if (hash == NULL || !text_starts(q->subject, hash))
		return 0;
	if (take_whole(q, t, ctx) < 0)
		return -1;
	if (!text_same(q->list[before].head, q->subject))
		q->count = before;
	return 0;
}

/* 404 where the App that links commits to requests was never installed. */
static int
requests_of(struct question *q)
{
	struct call known = {.path = PATH(q, "commit/%s", q->subject),
	    .also = {404}};
	struct reply reply;

	if (forge_call(q, &known, &reply) < 0)
		return -1;
	if (reply.status == 404)
		return 0;
	if (forge_pages(q, PATH(q, "pullrequests?state=OPEN"), "values",
	        take_with_head, NULL) < 0)
		return -1;
	return q->count > 0
	    ? 0
	    : forge_pages(q, PATH(q, "commit/%s/pullrequests", q->subject),
	          "values", take_whole, NULL);
}

static int
request(struct question *q)
{
	return forge_one(q,
	    PATH(q, "pullrequests/%s",
	        forge_escape(q->pool, q->subject, false)),
	    take_whole);
}

static int
open_requests(struct question *q)
{
	return forge_pages(q, PATH(q, "pullrequests?state=OPEN"), "values",
	    take_request, NULL);
}

/* ---- what people said ---- */

/* Does what they said still stand, by the list of participants? */
static bool
still_says(struct question *q, const struct tree *request,
    const struct forge_user *u, const char *decision)
{
	const struct tree *list = tree_get(request, "participants");

	for (const struct tree *t = list->child; t != NULL; t = t->next) {
		if (!text_same(forge_word(q, t, "user.uuid"), u->id))
			continue;
		return text_same(decision, "approve")
		    ? tree_true(t, "approved")
		    : text_same(tree_text(t, "state"), "changes_requested");
	}
	return false;
}

static int
add_said(struct question *q, const struct tree *request, const struct tree *t,
    const char *decision, const char *head)
{
	struct observed *o = NULL;

	if (forge_found(q, OBSERVED_REVIEW, &o) < 0)
		return -1;
	forge_about(q, o);
	o->action = decision;
	o->at = tree_instant(t, "date");
	o->commit = head;
	read_user(q, &o->actor, tree_get(t, "user"));
	o->decision =
	    still_says(q, request, &o->actor, decision) ? decision : "withdraw";
	return 0;
}

static int
walk_activity(struct question *q, const struct tree *request,
    const struct forge_docs *a)
{
	const char *head = NULL;

	for (size_t i = a->count; i > 0; i--) {
		const struct tree *t = a->list[i - 1], *what;

		what = tree_get(t, "update");
		if (what != NULL &&
		    tree_text(what, "source.commit.hash") != NULL &&
		    whole_id(q, tree_text(what, "source.commit.hash"), &head) <
		        0)
			return -1;
		what = tree_get(t, "approval");
		if (what != NULL &&
		    add_said(q, request, what, "approve", head) < 0)
			return -1;
		what = tree_get(t, "changes_requested");
		if (what != NULL &&
		    add_said(q, request, what, "object", head) < 0)
			return -1;
	}
	return 0;
}

static int
reviews(struct question *q)
{
	const char *where = PATH(q, "pullrequests/%s",
	    forge_escape(q->pool, q->subject, false));
	struct forge_docs activity = {0};
	const struct tree *doc, *list;

	if (forge_get(q, where, &doc) < 0)
		return -1;
	list = tree_get(doc, "participants");
	if (list == NULL || list->kind != TREE_LIST)
		return forge_fails(q, "a pull request without participants");
	if (forge_pages(q, pool_printf(q->pool, "%s/activity", where), "values",
	        forge_keep, &activity) < 0)
		return -1;
	return walk_activity(q, doc, &activity);
}

const struct forge_kind forge_bitbucket = {
    .root = "/2.0",
    .accept = "application/json",
    .auth = {"Authorization", "Bearer "},
    .paging = PAGES_NEXT,
    .per_page = 50,
    .requests_of = requests_of,
    .request = request,
    .reviews = reviews,
    .statuses = forge_bitbucket_statuses,
    .deployments = forge_bitbucket_deployments,
    .open_requests = open_requests,
    .protection = forge_bitbucket_protection,
    .post_status = forge_bitbucket_post_status,
};
