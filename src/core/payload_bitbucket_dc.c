/*
 * Bitbucket Data Center.
 *
 * Which event it is stands in the body too, which alone is signed: the header
 * only where the body has none (a test).  A repository is KEY/SLUG.  Newer ones
 * say changes_requested where older ones say needs_work.
 */
#include "payload_parts.h"

#include "base/text.h"

static struct forge_user
read_user(const struct tree *t, const char *path)
{
	struct forge_user user = {0};
	const struct tree *at = tree_path(t, path);

	user.login = payload_name(at, "name");
	user.id = payload_id(at, "id");
	user.bot = text_same(payload_name(at, "type"), "SERVICE");
	if (user.login == NULL || user.id == NULL)
		user = (struct forge_user){0};
	return user;
}

static const char *
name_of(struct payload_reader *r, const struct tree *t, const char *path)
{
	const struct tree *repository = tree_path(t, path);

	return payload_join(r, payload_name(repository, "project.key"), "/",
	    payload_name(repository, "slug"));
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

static int
fill_request(struct payload_reader *r, struct observed *o)
{
	const struct tree *request = tree_get(r->body, "pullRequest");

	o->request = payload_id(request, "id");
	o->head = payload_oid(request, "fromRef.latestCommit");
	if (text_same(payload_id(request, "fromRef.repository.id"),
	        r->repository_id))
		o->head_ref = payload_ref(request, "fromRef.id");
	o->target = payload_ref(request, "toRef.id");
	o->base = payload_oid(request, "toRef.latestCommit");
	o->state = state_of(payload_name(request, "state"));
	o->title = payload_title(r, request, "title");
	o->opener = read_user(request, "author.user");
	o->draft = payload_is_true(request, "draft");
	o->at = payload_instant(r->body, "date");
	if (text_same(o->state, "merged"))
		o->merge_commit =
		    payload_oid(request, "properties.mergeCommit.id");
	return o->request == NULL ? payload_lacks(r, "number of the request")
	                          : 0;
}

static int
read_request(struct payload_reader *r)
{
	struct observed *o = payload_add(r, OBSERVED_REQUEST);

	o->text = payload_text(r, r->body, "pullRequest.description");
	if (fill_request(r, o) < 0)
		return -1;
	if (text_same(r->event, "pr:deleted"))
		o->state = "closed";
	o->target_was = payload_ref(r->body, "previousTarget.id");
	if (text_same(o->target_was, o->target))
		o->target_was = NULL;
	return o->head == NULL ? payload_lacks(r, "head") : 0;
}

static int
add_review(struct payload_reader *r, const char *decision)
{
	const struct tree *who = tree_get(r->body, "participant");
	struct observed *o = payload_add(r, OBSERVED_REVIEW);

	o->decision = decision;
	o->actor = read_user(who, "user");
	o->commit = payload_oid(who, "lastReviewedCommit");
	o->ask = o->commit == NULL;
	return fill_request(r, o);
}

static int
read_approved(struct payload_reader *r)
{
	return add_review(r, "approve");
}

static int
read_unapproved(struct payload_reader *r)
{
	return add_review(r, "withdraw");
}

static int
read_objection(struct payload_reader *r)
{
	return add_review(r, "object");
}

static int
read_comment(struct payload_reader *r)
{
	const struct tree *comment = tree_get(r->body, "comment");
	struct observed *o = payload_add(r, OBSERVED_COMMENT);

	o->actor = read_user(comment, "author");
	o->text = payload_text(r, comment, "text");
	o->edited = text_same(r->event, "pr:comment:edited");
	o->comment = payload_id(comment, "id");
	if (o->comment == NULL)
		return payload_lacks(r, "id of the comment");
	return fill_request(r, o);
}

static int
read_push(struct payload_reader *r)
{
	const struct tree *changes = tree_get(r->body, "changes");

	if (changes == NULL || changes->kind != TREE_LIST)
		return payload_lacks(r, "list of changes");
	for (const struct tree *t = changes->child; t != NULL; t = t->next) {
		struct observed *o = payload_add(r, OBSERVED_PUSH);

		if (o == NULL)
			return -1;
		o->ref = payload_ref(t, "refId");
		o->old = payload_oid(t, "fromHash");
		o->new = payload_oid(t, "toHash");
		o->at = payload_instant(r->body, "date");
		if (o->ref == NULL || o->old == NULL || o->new == NULL)
			return payload_lacks(r, "change");
	}
	return 0;
}

static int
read_modified(struct payload_reader *r)
{
	const char *was = name_of(r, r->body, "old");
	struct observed *o;

	r->repository = name_of(r, r->body, "new");
	r->repository_id = payload_id(r->body, "new.id");
	if (was == NULL || r->repository == NULL)
		return payload_lacks(r, "name of the repository");
	if (text_same(was, r->repository))
		return payload_ignore(r, "its name is as it was");
	o = payload_add(r, OBSERVED_RENAMED);
	o->was = was;
	o->at = payload_instant(r->body, "date");
	return 0;
}

static const struct payload_event events[] = {
    {"pr:opened", read_request, NULL},
    {"pr:from_ref_updated", read_request, NULL},
    {"pr:modified", read_request, NULL},
    {"pr:merged", read_request, NULL},
    {"pr:declined", read_request, NULL},
    {"pr:reopened", read_request, NULL},
    {"pr:deleted", read_request, NULL},
    {"pr:reviewer:approved", read_approved, NULL},
    {"pr:reviewer:unapproved", read_unapproved, NULL},
    {"pr:reviewer:needs_work", read_objection, NULL},
    {"pr:reviewer:changes_requested", read_objection, NULL},
    {"pr:comment:added", read_comment, NULL},
    {"pr:comment:edited", read_comment, NULL},
    {"repo:refs_changed", read_push, NULL},
    {"repo:modified", read_modified, NULL},
    {"pr:reviewer:updated", NULL, "who was asked has said nothing yet"},
    {"pr:comment:deleted", NULL, "a comment counts as first written"},
    {"repo:comment:added", NULL, "a comment on no request"},
    {"repo:comment:edited", NULL, "a comment on no request"},
    {"repo:comment:deleted", NULL, "a comment on no request"},
    {"repo:forked", NULL, "a fork is another repository"},
    {"repo:secret_detected", NULL, "it is about what a scanner found"},
    {"mirror:repo_synchronized", NULL, "a mirror follows what was told"},
    {"diagnostics:ping", NULL, "a ping"},
    {0},
};

static const struct json_want user[] = {JSON_WANT("name"), JSON_WANT("id"),
    JSON_WANT("type"), {0}};
static const struct json_want project[] = {JSON_WANT("key"), {0}};
static const struct json_want repository[] = {JSON_WANT("slug"),
    JSON_WANT("id"), JSON_WANT_IN("project", project), {0}};
static const struct json_want ref[] = {JSON_WANT("id"),
    JSON_WANT("latestCommit"), JSON_WANT_IN("repository", repository), {0}};
static const struct json_want who[] = {JSON_WANT("lastReviewedCommit"),
    JSON_WANT_IN("user", user), {0}};
static const struct json_want id[] = {JSON_WANT("id"), {0}};
static const struct json_want merged[] = {JSON_WANT_IN("mergeCommit", id), {0}};
static const struct json_want request[] = {JSON_WANT("id"), JSON_WANT("title"),
    JSON_WANT("description"), JSON_WANT("state"), JSON_WANT("draft"),
    JSON_WANT_IN("fromRef", ref), JSON_WANT_IN("toRef", ref),
    JSON_WANT_IN("author", who), JSON_WANT_IN("properties", merged), {0}};
static const struct json_want comment[] = {JSON_WANT("id"), JSON_WANT("text"),
    JSON_WANT_IN("author", user), {0}};
static const struct json_want change[] = {JSON_WANT("refId"),
    JSON_WANT("fromHash"), JSON_WANT("toHash"), {0}};
static const struct json_want wants[] = {JSON_WANT("eventKey"),
    JSON_WANT("date"), JSON_WANT("test"), JSON_WANT_IN("actor", user),
    JSON_WANT_IN("pullRequest", request), JSON_WANT_IN("participant", who),
    JSON_WANT_IN("comment", comment), JSON_WANT_IN("repository", repository),
    JSON_WANT_IN("changes", change), JSON_WANT_IN("old", repository),
    JSON_WANT_IN("new", repository), JSON_WANT_IN("previousTarget", id), {0}};

static bool
names_its_own(const struct payload_event *row)
{
	return row->read == NULL || row->read == read_modified;
}

static int
read_bitbucket_dc(struct payload_reader *r)
{
	const struct payload_event *row = events;
	const char *key = payload_name(r->body, "eventKey");
	const char *path = tree_get(r->body, "pullRequest") != NULL
	    ? "pullRequest.toRef.repository"
	    : "repository";

	if (payload_is_true(r->body, "test"))
		return payload_ignore(r, "a ping");
	if (key != NULL)
		r->event = key;
	r->repository = name_of(r, r->body, path);
	r->repository_id = payload_id(tree_path(r->body, path), "id");
	r->action = r->event;
	r->sender = read_user(r->body, "actor");
	while (row->name != NULL && !text_same(row->name, r->event))
		row++;
	if (r->repository == NULL && row->name != NULL && !names_its_own(row))
		return payload_lacks(r, "name of the repository");
	return payload_by_event(r, events, r->event);
}

const struct payload_kind payload_bitbucket_dc = {wants, read_bitbucket_dc};
