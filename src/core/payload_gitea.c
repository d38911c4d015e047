/*
 * Gitea and Forgejo.
 *
 * Two headers name an event, one more exactly than the other; either will do,
 * as a review and a comment are told apart by what is in the body.  A review's
 * body names no commit and no id of the review, and none is sent where a review
 * is dismissed: both have to be asked for.
 */
#include "payload_parts.h"

#include "base/text.h"

static const char *const uninteresting[] = {"assigned", "demilestoned",
    "label_cleared", "label_updated", "milestoned", "review_request_removed",
    "review_requested", "unassigned", NULL};

/* Account -1 stands for all that were deleted, -2 for the runner of jobs. */
static struct forge_user
read_user(const struct tree *t, const char *path)
{
	struct forge_user user = {0};
	const struct tree *at = tree_path(t, path);

	user.login = payload_name(at, "login");
	user.id = payload_id(at, "id");
	user.bot = text_same(user.id, "-2");
	if (user.login == NULL || user.id == NULL ||
	    (user.id[0] == '-' && !user.bot) || text_same(user.id, "0"))
		user = (struct forge_user){0};
	return user;
}

static const char *
state_of(const struct tree *request)
{
	const char *state = payload_name(request, "state");

	if (payload_is_true(request, "merged") ||
	    payload_is_true(request, "pull_request.merged"))
		return "merged";
	return text_same(state, "open") || text_same(state, "closed") ? state
	                                                              : NULL;
}

static int
fill_request(struct payload_reader *r, struct observed *o,
    const struct tree *request)
{
	o->request = payload_id(request, "number");
	o->request_id = payload_id(request, "id");
	o->head = payload_oid(request, "head.sha");
	if (text_same(payload_name(request, "head.repo.full_name"),
	        r->repository))
		o->head_ref = payload_branch(r, request, "head.ref");
	o->target = payload_branch(r, request, "base.ref");
	o->base = payload_oid(request, "base.sha");
	o->state = state_of(request);
	o->title = payload_title(r, request, "title");
	o->opener = read_user(request, "user");
	o->draft = payload_is_true(request, "draft");
	if (text_same(o->state, "merged"))
		o->merge_commit = payload_oid(request, "merge_commit_sha");
	return o->request == NULL ? payload_lacks(r, "number of the request")
	                          : 0;
}

static int
read_request(struct payload_reader *r)
{
	const struct tree *request = tree_get(r->body, "pull_request");
	struct observed *o;

	if (payload_is_one_of(r->action, uninteresting))
		return payload_ignore(r, "it changes nothing that would land");
	o = payload_add(r, OBSERVED_REQUEST);
	o->text = payload_text(r, request, "body");
	o->target_was = payload_branch(r, r->body, "changes.ref.from");
	o->at = payload_instant(request, "updated_at");
	if (fill_request(r, o, request) < 0)
		return -1;
	return o->head == NULL ? payload_lacks(r, "head") : 0;
}

static const char *
decision_of(const char *type)
{
	if (text_same(type, "pull_request_review_approved") ||
	    text_same(type, "pull_request_approved"))
		return "approve";
	return text_same(type, "pull_request_review_rejected") ||
	        text_same(type, "pull_request_rejected")
	    ? "object"
	    : NULL;
}

static int
read_review(struct payload_reader *r)
{
	const struct tree *request = tree_get(r->body, "pull_request");
	const struct tree *review = tree_get(r->body, "review");
	const char *decision = decision_of(payload_name(review, "type"));
	struct observed *o;

	o = payload_add(r,
	    decision == NULL ? OBSERVED_COMMENT : OBSERVED_REVIEW);
	o->decision = decision;
	o->ask = decision != NULL;
	o->text = payload_text(r, review, "content");
	o->at = payload_instant(request, "updated_at");
	return fill_request(r, o, request);
}

static int
read_comment(struct payload_reader *r)
{
	const struct tree *comment = tree_get(r->body, "comment");
	struct observed *o;

	if (tree_get(r->body, "review") != NULL)
		return read_review(r);
	if (!payload_is_true(r->body, "is_pull"))
		return payload_ignore(r, "a comment on no request");
	if (text_same(r->action, "deleted"))
		return payload_ignore(r, "a comment counts as first written");
	o = payload_add(r, OBSERVED_COMMENT);
	o->actor = read_user(comment, "user");
	o->text = payload_text(r, comment, "body");
	o->edited = !text_same(r->action, "created");
	o->comment = payload_id(comment, "id");
	o->at = payload_instant(comment, "created_at");
	if (o->comment == NULL)
		return payload_lacks(r, "id of the comment");
	if (fill_request(r, o, tree_get(r->body, "issue")) < 0)
		return -1;
	o->request_id = NULL; /* an issue's is another */
	return 0;
}

static int
read_push(struct payload_reader *r)
{
	struct observed *o = payload_add(r, OBSERVED_PUSH);

	o->actor = read_user(r->body, "pusher");
	o->ref = payload_ref(r->body, "ref");
	o->old = payload_oid(r->body, "before");
	o->new = payload_oid(r->body, "after");
	if (o->ref == NULL)
		return payload_lacks(r, "ref");
	if (o->old == NULL)
		return payload_lacks(r, "before");
	return o->new == NULL ? payload_lacks(r, "after") : 0;
}

/* Newer ones only.  What warns or was skipped has not succeeded. */
static int
read_status(struct payload_reader *r)
{
	const char *word = payload_name(r->body, "state");
	struct observed *o = payload_add(r, OBSERVED_STATUS);

	o->commit = payload_oid(r->body, "sha");
	o->context = payload_name(r->body, "context");
	o->what = word;
	o->result = text_same(word, "success") || text_same(word, "pending")
	    ? word
	    : "failure";
	o->at = payload_instant(r->body, "updated_at");
	if (o->commit == NULL)
		return payload_lacks(r, "commit");
	return o->context == NULL ? payload_lacks(r, "context") : 0;
}

#define HARMLESS "it changes nothing that would land"
#define ISSUES "it is about issues, wikis, releases or packages"

static const struct payload_event events[] = {
    {"pull_request", read_request, NULL},
    {"pull_request_sync", read_request, NULL},
    {"pull_request_approved", read_review, NULL},
    {"pull_request_review_approved", read_review, NULL},
    {"pull_request_rejected", read_review, NULL},
    {"pull_request_review_rejected", read_review, NULL},
    {"pull_request_comment", read_comment, NULL},
    {"pull_request_review_comment", read_comment, NULL},
    {"issue_comment", read_comment, NULL},
    {"push", read_push, NULL},
    {"status", read_status, NULL},
    {"pull_request_assign", NULL, HARMLESS},
    {"pull_request_label", NULL, HARMLESS},
    {"pull_request_milestone", NULL, HARMLESS},
    {"pull_request_review_request", NULL, HARMLESS},
    {"create", NULL, "push tells it"},
    {"delete", NULL, "push tells it"},
    {"fork", NULL, "a fork is another repository"},
    {"repository", NULL, "it does not say what was changed"},
    {"workflow_run", NULL, "status tells it"},
    {"workflow_job", NULL, "status tells it"},
    {"issues", NULL, ISSUES},
    {"issue_assign", NULL, ISSUES},
    {"issue_label", NULL, ISSUES},
    {"issue_milestone", NULL, ISSUES},
    {"wiki", NULL, ISSUES},
    {"release", NULL, ISSUES},
    {"package", NULL, ISSUES},
    {0},
};

static const struct json_want user[] = {JSON_WANT("login"), JSON_WANT("id"),
    {0}};
static const struct json_want name[] = {JSON_WANT("full_name"), {0}};
static const struct json_want head[] = {JSON_WANT("sha"), JSON_WANT("ref"),
    JSON_WANT_IN("repo", name), {0}};
static const struct json_want merged[] = {JSON_WANT("merged"), {0}};
static const struct json_want request[] = {JSON_WANT("number"), JSON_WANT("id"),
    JSON_WANT("state"), JSON_WANT("title"), JSON_WANT("body"),
    JSON_WANT("draft"), JSON_WANT("merged"), JSON_WANT("merge_commit_sha"),
    JSON_WANT("updated_at"), JSON_WANT_IN("pull_request", merged),
    JSON_WANT_IN("user", user), JSON_WANT_IN("head", head),
    JSON_WANT_IN("base", head), {0}};
static const struct json_want comment[] = {JSON_WANT("id"), JSON_WANT("body"),
    JSON_WANT("created_at"), JSON_WANT_IN("user", user), {0}};
static const struct json_want review[] = {JSON_WANT("type"),
    JSON_WANT("content"), {0}};
static const struct json_want repository[] = {JSON_WANT("full_name"),
    JSON_WANT("id"), {0}};
static const struct json_want from[] = {JSON_WANT("from"), {0}};
static const struct json_want changes[] = {JSON_WANT_IN("ref", from), {0}};
static const struct json_want wants[] = {JSON_WANT("action"), JSON_WANT("ref"),
    JSON_WANT("before"), JSON_WANT("after"), JSON_WANT("sha"),
    JSON_WANT("context"), JSON_WANT("state"), JSON_WANT("updated_at"),
    JSON_WANT("is_pull"), JSON_WANT_IN("repository", repository),
    JSON_WANT_IN("sender", user), JSON_WANT_IN("pusher", user),
    JSON_WANT_IN("pull_request", request), JSON_WANT_IN("issue", request),
    JSON_WANT_IN("comment", comment), JSON_WANT_IN("review", review),
    JSON_WANT_IN("changes", changes), {0}};

static int
read_gitea(struct payload_reader *r)
{
	const struct payload_event *row = events;

	r->repository = payload_name(r->body, "repository.full_name");
	r->repository_id = payload_id(r->body, "repository.id");
	r->action = payload_name(r->body, "action");
	r->sender = read_user(r->body, "sender");
	while (row->name != NULL && !text_same(row->name, r->event))
		row++;
	if (row->read != NULL && r->repository == NULL)
		return payload_lacks(r, "name of the repository");
	return payload_by_event(r, events, r->event);
}

const struct payload_kind payload_gitea = {wants, read_gitea};
