/*
 * GitHub, and GitHub Enterprise Server: who, requests, reviews, comments.
 *
 * Paths: shared facts of the octokit schemas (@octokit/openapi-webhooks) and
 * examples.  In a webhook a review's state is in lower case, and the request
 * beside it is a shorter one, which does not say whether it was merged.
 */
#include "payload_github.h"

#include "base/text.h"

static const char *const uninteresting[] = {"assigned", "auto_merge_disabled",
    "auto_merge_enabled", "dequeued", "demilestoned", "enqueued", "labeled",
    "locked", "milestoned", "review_request_removed", "review_requested",
    "unassigned", "unlabeled", "unlocked", NULL};

struct forge_user
payload_github_user(const struct tree *t, const char *path)
{
	struct forge_user user = {0};

	if (t == NULL || tree_path(t, path) == NULL)
		return user;
	t = tree_path(t, path);
	user.login = payload_name(t, "login");
	user.id = payload_id(t, "id");
	user.bot = text_same(payload_name(t, "type"), "Bot");
	if (user.login == NULL || user.id == NULL)
		user = (struct forge_user){0};
	return user;
}

static const char *
state_of(const struct tree *request)
{
	const char *state = payload_name(request, "state");

	if (payload_is_true(request, "merged") ||
	    payload_name(request, "merged_at") != NULL ||
	    payload_name(request, "pull_request.merged_at") != NULL)
		return "merged";
	return text_same(state, "open") || text_same(state, "closed") ? state
	                                                              : NULL;
}

/* Where the branch is in a fork its name says nothing here. */
static bool
is_here(const struct payload_reader *r, const struct tree *request)
{
	return text_same(payload_name(request, "head.repo.full_name"),
	    r->repository);
}

/* The request that this is about; its text only where that is what is told. */
static int
fill_request(struct payload_reader *r, struct observed *o,
    const struct tree *request)
{
	o->request = payload_id(request, "number");
	o->request_id = payload_id(request, "id");
	o->head = payload_oid(request, "head.sha");
	if (is_here(r, request))
		o->head_ref = payload_branch(r, request, "head.ref");
	o->target = payload_branch(r, request, "base.ref");
	o->base = payload_oid(request, "base.sha");
	o->state = state_of(request);
	o->title = payload_title(r, request, "title");
	o->opener = payload_github_user(request, "user");
	o->draft = payload_is_true(request, "draft");
	if (text_same(o->state, "merged"))
		o->merge_commit = payload_oid(request, "merge_commit_sha");
	return o->request == NULL ? payload_lacks(r, "number of the request")
	                          : 0;
}

int
payload_github_request(struct payload_reader *r)
{
	const struct tree *request = tree_get(r->body, "pull_request");
	struct observed *o;

	if (payload_is_one_of(r->action, uninteresting))
		return payload_ignore(r, "it changes nothing that would land");
	o = payload_add(r, OBSERVED_REQUEST);
	o->text = payload_text(r, request, "body");
	o->target_was = payload_branch(r, r->body, "changes.base.ref.from");
	o->at = payload_instant(request, "updated_at");
	if (fill_request(r, o, request) < 0)
		return -1;
	return o->head == NULL ? payload_lacks(r, "head") : 0;
}

/* A review that says neither yes nor no, or one whose words were changed. */
static int
read_words(struct payload_reader *r, const struct tree *review)
{
	struct observed *o = payload_add(r, OBSERVED_COMMENT);

	o->actor = payload_github_user(review, "user");
	o->text = payload_text(r, review, "body");
	o->edited = text_same(r->action, "edited");
	o->review = payload_id(review, "id");
	o->at = payload_instant(review, "submitted_at");
	return fill_request(r, o, tree_get(r->body, "pull_request"));
}

static int
read_dismissal(struct payload_reader *r, const struct tree *review)
{
	struct observed *o = payload_add(r, OBSERVED_REVIEW);

	o->decision = "withdraw";
	o->review = payload_id(review, "id");
	o->of = payload_github_user(review, "user");
	o->commit = payload_oid(review, "commit_id");
	if (o->review == NULL)
		return payload_lacks(r, "id of the review");
	return fill_request(r, o, tree_get(r->body, "pull_request"));
}

static int
read_decision(struct payload_reader *r, const struct tree *review,
    const char *decision)
{
	struct observed *o = payload_add(r, OBSERVED_REVIEW);

	o->decision = decision;
	o->review = payload_id(review, "id");
	o->actor = payload_github_user(review, "user");
	o->commit = payload_oid(review, "commit_id");
	o->text = payload_text(r, review, "body");
	o->at = payload_instant(review, "submitted_at");
	o->ask = o->commit == NULL;
	if (o->review == NULL)
		return payload_lacks(r, "id of the review");
	return fill_request(r, o, tree_get(r->body, "pull_request"));
}

int
payload_github_review(struct payload_reader *r)
{
	const struct tree *review = tree_get(r->body, "review");
	const char *state = payload_name(review, "state");

	if (state == NULL)
		return payload_lacks(r, "state of the review");
	if (text_same(r->action, "dismissed"))
		return read_dismissal(r, review);
	if (text_same(r->action, "edited"))
		return read_words(r, review);
	if (!text_same(r->action, "submitted"))
		return payload_ignore(r, "an action that is not known");
	if (text_same(state, "approved"))
		return read_decision(r, review, "approve");
	if (text_same(state, "changes_requested"))
		return read_decision(r, review, "object");
	if (text_same(state, "dismissed"))
		return read_dismissal(r, review);
	if (text_same(state, "commented"))
		return read_words(r, review);
	return payload_ignore(r, "a review in a state that is not known");
}

/* Of a conversation ("issue") or of a place in the diff ("pull_request"). */
int
payload_github_comment(struct payload_reader *r)
{
	const struct tree *comment = tree_get(r->body, "comment");
	const struct tree *issue = tree_get(r->body, "issue");
	const struct tree *request = tree_get(r->body, "pull_request");
	struct observed *o;

	if (request == NULL && tree_path(r->body, "issue.pull_request") == NULL)
		return payload_ignore(r, "a comment on no request");
	if (text_same(r->action, "deleted"))
		return payload_ignore(r, "a comment counts as first written");
	o = payload_add(r, OBSERVED_COMMENT);
	o->actor = payload_github_user(comment, "user");
	o->text = payload_text(r, comment, "body");
	o->edited = !text_same(r->action, "created");
	o->comment = payload_id(comment, "id");
	o->at = payload_instant(comment, "created_at");
	if (o->comment == NULL)
		return payload_lacks(r, "id of the comment");
	if (request != NULL) { /* those are counted for themselves */
		o->comment = pool_printf(r->pool, "discussion_r%s", o->comment);
		return fill_request(r, o, request);
	}
	if (fill_request(r, o, issue) < 0)
		return -1;
	o->request_id = NULL; /* an issue's is another */
	return 0;
}
