/*
 * GitLab: requests, and who said what about them.
 *
 * Which event it is stands in the body, which alone is signed: `object_kind`,
 * or, from a system hook, `event_name`.
 *
 * `approval` and `unapproval` are one person's word.  `approved` says that all
 * that GitLab asks for is there, not that the person it names approved; where
 * it was theirs that made it so, nothing else tells it, so it has to be asked
 * for.  `unapproved` says the opposite, and may only take away.  No event says
 * which commit was approved.  What GitLab does by itself after a push
 * (`system`) names the one who pushed, and not whose approval fell: everybody's
 * is taken back.
 */
#include "payload_gitlab.h"

#include "base/text.h"

struct forge_user
payload_gitlab_user(const struct tree *t, const char *path)
{
	struct forge_user user = {0};
	const struct tree *at = path == NULL ? t : tree_path(t, path);

	user.login = payload_name(at, "username");
	user.id = payload_id(at, "id");
	if (user.login == NULL || user.id == NULL)
		user = (struct forge_user){0};
	return user;
}

static const char *
state_of(const char *word)
{
	if (text_same(word, "opened") || text_same(word, "locked"))
		return "open";
	return text_same(word, "merged") || text_same(word, "closed") ? word
	                                                              : NULL;
}

/* `request` is object_attributes, or beside a note merge_request. */
static int
fill_request(struct payload_reader *r, struct observed *o,
    const struct tree *request)
{
	const char *source = payload_id(request, "source_project_id");

	o->request = payload_id(request, "iid");
	o->request_id = payload_id(request, "id");
	o->head = payload_oid(request, "last_commit.id");
	if (text_same(source, payload_id(request, "target_project_id")))
		o->head_ref = payload_branch(r, request, "source_branch");
	o->target = payload_branch(r, request, "target_branch");
	o->state = state_of(payload_name(request, "state"));
	o->title = payload_title(r, request, "title");
	o->draft = payload_is_true(request, "draft") ||
	    payload_is_true(request, "work_in_progress");
	o->opener.id = payload_id(request, "author_id");
	o->at = payload_instant(request, "updated_at");
	if (text_same(o->state, "merged"))
		o->merge_commit = payload_oid(request, "merge_commit_sha");
	return o->request == NULL ? payload_lacks(r, "number of the request")
	                          : 0;
}

static struct observed *
add_review(struct payload_reader *r, const char *decision,
    const struct forge_user *user)
{
	struct observed *o = payload_add(r, OBSERVED_REVIEW);

	if (o == NULL)
		return NULL;
	o->decision = decision;
	o->actor = *user;
	o->ask = true;
	return fill_request(r, o, tree_get(r->body, "object_attributes")) < 0
	    ? NULL
	    : o;
}

static bool
is_by_itself(const struct payload_reader *r)
{
	return payload_is_true(r->body, "object_attributes.system") ||
	    payload_name(r->body, "object_attributes.system_action") != NULL;
}

static int
read_taken_back(struct payload_reader *r)
{
	struct observed *o = add_review(r, "withdraw", &r->sender);

	if (o == NULL)
		return -1;
	o->all = is_by_itself(r);
	o->what = payload_name(r->body, "object_attributes.system_action");
	return 0;
}

static const char *
state_in(const struct tree *reviewers, const char *id)
{
	const struct tree *t = reviewers == NULL ? NULL : reviewers->child;

	for (; t != NULL; t = t->next)
		if (text_same(payload_id(t, "id"), id))
			return payload_name(t, "state");
	return NULL;
}

/*
 * Who asks for changes stands in the list of reviewers alone, as it was and as
 * it is.  Where somebody asks no more and does not approve either, what they
 * said before counts no more.
 */
static int
read_reviewers(struct payload_reader *r)
{
	const struct tree *both = tree_path(r->body, "changes.reviewers");
	const struct tree *was, *t;

	if (both == NULL || both->len != 2)
		return 0;
	was = both->child;
	for (t = was->next->child; t != NULL; t = t->next) {
		struct forge_user user = payload_gitlab_user(t, NULL);
		const char *state = payload_name(t, "state");
		bool objects = text_same(state, "requested_changes");
		bool did = text_same(state_in(was, payload_id(t, "id")),
		    "requested_changes");

		if (objects == did || text_same(state, "approved"))
			continue;
		if (add_review(r, objects ? "object" : "withdraw", &user) ==
		    NULL)
			return -1;
	}
	return 0;
}

static int
add_request(struct payload_reader *r)
{
	const struct tree *request = tree_get(r->body, "object_attributes");
	struct observed *o = payload_add(r, OBSERVED_REQUEST);

	o->text = payload_text(r, request, "description");
	o->target_was =
	    payload_branch(r, r->body, "changes.target_branch.previous");
	o->ask = text_same(r->action, "approved") ||
	    text_same(r->action, "approval");
	if (fill_request(r, o, request) < 0)
		return -1;
	return o->head == NULL ? payload_lacks(r, "head") : 0;
}

int
payload_gitlab_request(struct payload_reader *r)
{
	if (text_same(r->action, "approval") && !is_by_itself(r))
		return add_review(r, "approve", &r->sender) == NULL ? -1 : 0;
	if (text_same(r->action, "unapproval") ||
	    text_same(r->action, "unapproved"))
		return read_taken_back(r);
	if (add_request(r) < 0)
		return -1;
	return read_reviewers(r);
}

int
payload_gitlab_note(struct payload_reader *r)
{
	const struct tree *note = tree_get(r->body, "object_attributes");
	const struct tree *request = tree_get(r->body, "merge_request");
	struct observed *o;

	if (request == NULL || request->kind != TREE_MAP)
		return payload_ignore(r, "a comment on no request");
	if (payload_is_true(note, "system"))
		return payload_ignore(r, "a comment that GitLab wrote itself");
	o = payload_add(r, OBSERVED_COMMENT);
	o->comment = payload_id(note, "id");
	o->text = payload_text(r, note, "note");
	o->edited = r->action == NULL ? payload_instant(note, "created_at") !=
	        payload_instant(note, "updated_at")
	                              : !text_same(r->action, "create");
	if (fill_request(r, o, request) < 0)
		return -1;
	o->at = payload_instant(note, "created_at");
	return o->comment == NULL ? payload_lacks(r, "id of the comment") : 0;
}
