/*
 * Bitbucket Cloud.
 *
 * Commits of requests are abbreviated to 12 digits, and an approval names none;
 * both have to be asked for.  There is no login: a nickname is chosen, and may
 * be another's, so the account id stands for it.
 */
#include "payload_parts.h"

#include "base/text.h"

static struct forge_user
read_user(const struct tree *t, const char *path)
{
	struct forge_user user = {0};
	const struct tree *at = tree_path(t, path);

	user.id = payload_name(at, "uuid");
	user.login = payload_name(at, "account_id");
	user.bot = text_same(payload_name(at, "type"), "app_user");
	if (user.login == NULL || user.id == NULL)
		user = (struct forge_user){0};
	return user;
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

static int
fill_request(struct payload_reader *r, struct observed *o)
{
	const struct tree *request = tree_get(r->body, "pullrequest");

	o->request = payload_id(request, "id");
	o->head = payload_oid(request, "source.commit.hash");
	o->short_head = payload_short_oid(request, "source.commit.hash");
	if (text_same(payload_name(request, "source.repository.full_name"),
	        r->repository))
		o->head_ref = payload_branch(r, request, "source.branch.name");
	o->target = payload_branch(r, request, "destination.branch.name");
	o->base = payload_oid(request, "destination.commit.hash");
	o->state = state_of(payload_name(request, "state"));
	o->title = payload_title(r, request, "title");
	o->opener = read_user(request, "author");
	o->draft = payload_is_true(request, "draft");
	if (text_same(o->state, "merged"))
		o->merge_commit = payload_oid(request, "merge_commit.hash");
	return o->request == NULL ? payload_lacks(r, "number of the request")
	                          : 0;
}

static int
read_request(struct payload_reader *r)
{
	struct observed *o = payload_add(r, OBSERVED_REQUEST);

	o->text = payload_text(r, r->body, "pullrequest.description");
	o->at = payload_instant(r->body, "pullrequest.updated_on");
	if (fill_request(r, o) < 0)
		return -1;
	o->ask = o->head == NULL;
	return o->head == NULL && o->short_head == NULL
	    ? payload_lacks(r, "head")
	    : 0;
}

static int
add_review(struct payload_reader *r, const char *decision, const char *thing)
{
	const struct tree *t = tree_get(r->body, thing);
	struct observed *o = payload_add(r, OBSERVED_REVIEW);

	o->decision = decision;
	o->actor = read_user(t, "user");
	o->at = payload_instant(t, "date");
	o->ask = true;
	return fill_request(r, o);
}

/*
 * What was approved or not any more is told apart by the header alone, which
 * nobody signed; but whoever approves is a participant, too, who did or not.
 */
static bool
did_not(const struct tree *list, const char *uuid)
{
	const struct tree *t = list == NULL ? NULL : list->child;

	for (; t != NULL; t = t->next)
		if (text_same(payload_name(t, "user.uuid"), uuid)) {
			const struct tree *did = tree_get(t, "approved");

			return did != NULL && did->kind == TREE_BOOL &&
			    !did->boolean;
		}
	return false;
}

static int
read_approved(struct payload_reader *r)
{
	const struct tree *list =
	    tree_path(r->body, "pullrequest.participants");

	if (did_not(list, payload_name(r->body, "approval.user.uuid")))
		return payload_ignore(r, "its body says that they did not");
	return add_review(r, "approve", "approval");
}

static int
read_unapproved(struct payload_reader *r)
{
	return add_review(r, "withdraw", "approval");
}

static int
read_objection(struct payload_reader *r)
{
	return add_review(r, "object", "changes_request");
}

static int
read_objection_gone(struct payload_reader *r)
{
	return add_review(r, "withdraw", "changes_request");
}

static int
read_comment(struct payload_reader *r)
{
	const struct tree *comment = tree_get(r->body, "comment");
	struct observed *o = payload_add(r, OBSERVED_COMMENT);

	o->text = payload_text(r, comment, "content.raw");
	o->edited = text_same(r->event, "pullrequest:comment_updated");
	o->comment = payload_id(comment, "id");
	o->at = payload_instant(comment, "created_on");
	if (o->comment == NULL)
		return payload_lacks(r, "id of the comment");
	return fill_request(r, o);
}

static int
read_status(struct payload_reader *r)
{
	const struct tree *status = tree_get(r->body, "commit_status");
	const char *word = payload_name(status, "state");
	struct observed *o = payload_add(r, OBSERVED_STATUS);

	o->context = payload_name(status, "key");
	o->commit = payload_oid(status, "commit.hash");
	if (o->commit == NULL)
		o->commit = payload_oid_behind(status, "links.commit.href");
	o->what = word;
	o->result = text_same(word, "SUCCESSFUL") ? "success"
	    : text_same(word, "INPROGRESS")       ? "pending"
	                                          : "failure";
	o->at = payload_instant(status, "updated_on");
	if (o->context == NULL)
		return payload_lacks(r, "key");
	return o->commit == NULL ? payload_lacks(r, "commit") : 0;
}

static const char *
ref_of(struct payload_reader *r, const struct tree *side)
{
	const char *type = payload_name(side, "type");

	if (text_same(type, "branch") || text_same(type, "named_branch"))
		return payload_branch(r, side, "name");
	return text_same(type, "tag") || text_same(type, "annotated_tag")
	    ? payload_tag(r, side, "name")
	    : NULL;
}

/* One change of a push; a side that is null did or does not exist. */
static int
read_move(struct payload_reader *r, const struct tree *change)
{
	const struct tree *old = tree_get(change, "old");
	const struct tree *new = tree_get(change, "new");
	struct observed *o = payload_add(r, OBSERVED_PUSH);

	if (o == NULL)
		return -1;
	if (old != NULL && old->kind == TREE_NULL)
		old = NULL;
	if (new != NULL &&new->kind == TREE_NULL)
		new = NULL;
	o->ref = ref_of(r, new != NULL ? new : old);
	if (o->ref == NULL)
		return payload_lacks(r, "ref");
	o->old = payload_oid(old, "target.hash");
	o->new = payload_oid(new, "target.hash");
	if ((old != NULL && o->old == NULL) || (new != NULL && o->new == NULL))
		return payload_lacks(r, "commit");
	if (old == NULL)
		o->old = payload_zeros(o->new);
	if (new == NULL)
		o->new = payload_zeros(o->old);
	return 0;
}

static int
read_push(struct payload_reader *r)
{
	const struct tree *changes = tree_path(r->body, "push.changes");

	if (changes == NULL || changes->kind != TREE_LIST)
		return payload_lacks(r, "list of changes");
	for (const struct tree *t = changes->child; t != NULL; t = t->next)
		if (read_move(r, t) < 0)
			return -1;
	return 0;
}

static int
read_updated(struct payload_reader *r)
{
	const char *was = payload_name(r->body, "changes.full_name.old");
	const char *now = payload_name(r->body, "changes.full_name.new");

	if (was == NULL || now == NULL)
		return payload_ignore(r, "its name is as it was");
	r->repository = now;
	payload_add(r, OBSERVED_RENAMED)->was = was;
	return 0;
}

#define ISSUES "it is about issues"

static const struct payload_event events[] = {
    {"pullrequest:created", read_request, NULL},
    {"pullrequest:updated", read_request, NULL},
    {"pullrequest:fulfilled", read_request, NULL},
    {"pullrequest:rejected", read_request, NULL},
    {"pullrequest:superseded", read_request, NULL},
    {"pullrequest:approved", read_approved, NULL},
    {"pullrequest:unapproved", read_unapproved, NULL},
    {"pullrequest:changes_request_created", read_objection, NULL},
    {"pullrequest:changes_request_removed", read_objection_gone, NULL},
    {"pullrequest:comment_created", read_comment, NULL},
    {"pullrequest:comment_updated", read_comment, NULL},
    {"repo:push", read_push, NULL},
    {"repo:commit_status_created", read_status, NULL},
    {"repo:commit_status_updated", read_status, NULL},
    {"repo:updated", read_updated, NULL},
    {"pullrequest:comment_deleted", NULL, "a comment counts as first written"},
    {"pullrequest:comment_resolved", NULL, "a thread is no review"},
    {"pullrequest:comment_reopened", NULL, "a thread is no review"},
    {"repo:commit_comment_created", NULL, "a comment on no request"},
    {"repo:created", NULL, "a repository that nothing is in yet"},
    {"repo:deleted", NULL, "what was recorded of it stays"},
    {"repo:fork", NULL, "a fork is another repository"},
    {"repo:imported", NULL, "repo:push tells what was brought"},
    {"repo:transfer", NULL, "it does not say what its name was"},
    {"issue:created", NULL, ISSUES},
    {"issue:updated", NULL, ISSUES},
    {"issue:comment_created", NULL, ISSUES},
    {0},
};

static const struct json_want user[] = {JSON_WANT("account_id"),
    JSON_WANT("uuid"), JSON_WANT("type"), {0}};
static const struct json_want repository[] = {JSON_WANT("full_name"),
    JSON_WANT("uuid"), {0}};
static const struct json_want hash[] = {JSON_WANT("hash"), {0}};
static const struct json_want name[] = {JSON_WANT("name"), {0}};
static const struct json_want end[] = {JSON_WANT_IN("commit", hash),
    JSON_WANT_IN("branch", name), JSON_WANT_IN("repository", repository), {0}};
static const struct json_want participant[] = {JSON_WANT("approved"),
    JSON_WANT_IN("user", user), {0}};
static const struct json_want request[] = {JSON_WANT_IN("participants",
                                               participant),
    JSON_WANT("id"), JSON_WANT("title"), JSON_WANT("description"),
    JSON_WANT("state"), JSON_WANT("draft"), JSON_WANT("updated_on"),
    JSON_WANT_IN("author", user), JSON_WANT_IN("source", end),
    JSON_WANT_IN("destination", end), JSON_WANT_IN("merge_commit", hash), {0}};
static const struct json_want word[] = {JSON_WANT("date"),
    JSON_WANT_IN("user", user), {0}};
static const struct json_want raw[] = {JSON_WANT("raw"), {0}};
static const struct json_want comment[] = {JSON_WANT("id"),
    JSON_WANT("created_on"), JSON_WANT_IN("content", raw), {0}};
static const struct json_want href[] = {JSON_WANT("href"), {0}};
static const struct json_want links[] = {JSON_WANT_IN("commit", href), {0}};
static const struct json_want status[] = {JSON_WANT("key"), JSON_WANT("state"),
    JSON_WANT("updated_on"), JSON_WANT_IN("commit", hash),
    JSON_WANT_IN("links", links), {0}};
static const struct json_want side[] = {JSON_WANT("type"), JSON_WANT("name"),
    JSON_WANT_IN("target", hash), {0}};
static const struct json_want change[] = {JSON_WANT_IN("old", side),
    JSON_WANT_IN("new", side), {0}};
static const struct json_want push[] = {JSON_WANT_IN("changes", change), {0}};
static const struct json_want both[] = {JSON_WANT("old"), JSON_WANT("new"),
    {0}};
static const struct json_want changes[] = {JSON_WANT_IN("full_name", both),
    {0}};
static const struct json_want wants[] = {JSON_WANT_IN("actor", user),
    JSON_WANT_IN("repository", repository),
    JSON_WANT_IN("pullrequest", request), JSON_WANT_IN("approval", word),
    JSON_WANT_IN("changes_request", word), JSON_WANT_IN("comment", comment),
    JSON_WANT_IN("commit_status", status), JSON_WANT_IN("push", push),
    JSON_WANT_IN("changes", changes), {0}};

static int
read_bitbucket(struct payload_reader *r)
{
	const struct payload_event *row = events;

	r->repository = payload_name(r->body, "repository.full_name");
	r->repository_id = payload_name(r->body, "repository.uuid");
	r->action = r->event;
	r->sender = read_user(r->body, "actor");
	while (row->name != NULL && !text_same(row->name, r->event))
		row++;
	if (row->read != NULL && r->repository == NULL)
		return payload_lacks(r, "name of the repository");
	return payload_by_event(r, events, r->event);
}

const struct payload_kind payload_bitbucket = {wants, read_bitbucket};
