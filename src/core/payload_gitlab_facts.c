/*
 * GitLab: pushes, deployments, pipelines, jobs, names; and the table of all
 * events.
 */
#include "payload_gitlab.h"

#include <string.h>

#include "base/text.h"

/* A pipeline's context, and what no job may therefore be called. */
#define PIPELINE "pipeline"

static const char *const failed[] = {"canceled", "canceling", "failed",
    "skipped", NULL};

static const char *
result_of(const char *word)
{
	if (text_same(word, "success"))
		return "success";
	return payload_is_one_of(word, failed) ? "failure" : "pending";
}

int
payload_gitlab_push(struct payload_reader *r)
{
	struct observed *o = payload_add(r, OBSERVED_PUSH);

	o->actor.id = payload_id(r->body, "user_id");
	if (o->actor.id != NULL)
		o->actor.login = payload_name(r->body, "user_username");
	o->ref = payload_ref(r->body, "ref");
	o->old = payload_oid(r->body, "before");
	o->new = payload_oid(r->body, "after");
	if (o->ref == NULL)
		return payload_lacks(r, "ref");
	if (o->old == NULL)
		return payload_lacks(r, "before");
	return o->new == NULL ? payload_lacks(r, "after") : 0;
}

/* The whole id stands in the commit's address alone. */
int
payload_gitlab_deployment(struct payload_reader *r)
{
	const char *word = payload_name(r->body, "status");
	const char *whole = payload_oid_behind(r->body, "commit_url");
	struct observed *o;

	if (!text_same(word, "success") && !payload_is_one_of(word, failed))
		return payload_ignore(r, "a deployment that has no result");
	o = payload_add(r, OBSERVED_DEPLOYMENT);
	o->action = o->what = word;
	o->result = result_of(word);
	o->short_commit = payload_short_oid(r->body, "short_sha");
	if (whole != NULL && o->short_commit != NULL &&
	    text_starts(whole, o->short_commit)) {
		o->commit = whole;
		o->short_commit = NULL;
	}
	o->environment = payload_name(r->body, "environment");
	o->deployment = payload_id(r->body, "deployment_id");
	o->at = payload_instant(r->body, "status_changed_at");
	if (o->commit == NULL && o->short_commit == NULL)
		return payload_lacks(r, "commit");
	return o->environment == NULL ? payload_lacks(r, "environment") : 0;
}

static int
add_status(struct payload_reader *r, const char *context, const char *commit,
    const char *word)
{
	struct observed *o;

	if (commit == NULL)
		return payload_lacks(r, "commit");
	o = payload_add(r, OBSERVED_STATUS);
	o->action = o->what = word;
	o->context = context;
	o->commit = commit;
	o->result = result_of(word);
	return 0;
}

int
payload_gitlab_pipeline(struct payload_reader *r)
{
	const struct tree *pipeline = tree_get(r->body, "object_attributes");

	return add_status(r, PIPELINE, payload_oid(pipeline, "sha"),
	    payload_name(pipeline, "status"));
}

int
payload_gitlab_build(struct payload_reader *r)
{
	const char *name = payload_name(r->body, "build_name");

	if (name == NULL)
		return payload_lacks(r, "build_name");
	if (strcmp(name, PIPELINE) == 0)
		return payload_ignore(r, "a job called as the pipeline is");
	if (r->repository == NULL)
		return payload_ignore(r,
		    "this GitLab names no project with a job");
	return add_status(r, name, payload_oid(r->body, "sha"),
	    payload_name(r->body, "build_status"));
}

int
payload_gitlab_renamed(struct payload_reader *r)
{
	struct observed *o;

	r->repository = payload_name(r->body, "path_with_namespace");
	if (r->repository == NULL)
		return payload_lacks(r, "name of the project");
	o = payload_add(r, OBSERVED_RENAMED);
	o->action = r->event;
	o->was = payload_name(r->body, "old_path_with_namespace");
	return o->was == NULL ? payload_lacks(r, "name before") : 0;
}

#define ISSUES "it is about issues, wikis, releases or the like"
#define PEOPLE "it is about accounts, not about a change"
#define ASKED "who may write is asked for"
#define TWICE "push tells it"

static const struct payload_event events[] = {
    {"merge_request", payload_gitlab_request, NULL},
    {"note", payload_gitlab_note, NULL},
    {"push", payload_gitlab_push, NULL},
    {"tag_push", payload_gitlab_push, NULL},
    {"deployment", payload_gitlab_deployment, NULL},
    {"pipeline", payload_gitlab_pipeline, NULL},
    {"build", payload_gitlab_build, NULL},
    {"project_rename", payload_gitlab_renamed, NULL},
    {"project_transfer", payload_gitlab_renamed, NULL},
    {"access_token", NULL, PEOPLE},
    {"emoji", NULL, ISSUES},
    {"feature_flag", NULL, ISSUES},
    {"issue", NULL, ISSUES},
    {"milestone", NULL, ISSUES},
    {"release", NULL, ISSUES},
    {"resource_access_token", NULL, PEOPLE},
    {"resource_deploy_token", NULL, PEOPLE},
    {"vulnerability", NULL, ISSUES},
    {"wiki_page", NULL, ISSUES},
    {"work_item", NULL, ISSUES},
    {"repository_update", NULL, TWICE},
    {"project_create", NULL, "a repository that nothing is in yet"},
    {"project_destroy", NULL, "what was recorded of it stays"},
    {"project_update", NULL, "it does not say what was changed"},
    {"user_add_to_team", NULL, ASKED},
    {"user_remove_from_team", NULL, ASKED},
    {"user_update_for_team", NULL, ASKED},
    {"user_access_request_to_project", NULL, ASKED},
    {"user_access_request_denied_for_project", NULL, ASKED},
    {"user_add_to_group", NULL, ASKED},
    {"user_remove_from_group", NULL, ASKED},
    {"user_update_for_group", NULL, ASKED},
    {"group_create", NULL, PEOPLE},
    {"group_destroy", NULL, PEOPLE},
    {"group_rename", NULL, PEOPLE},
    {"subgroup_create", NULL, PEOPLE},
    {"subgroup_destroy", NULL, PEOPLE},
    {"key_create", NULL, PEOPLE},
    {"key_destroy", NULL, PEOPLE},
    {"user_create", NULL, PEOPLE},
    {"user_destroy", NULL, PEOPLE},
    {"user_failed_login", NULL, PEOPLE},
    {"user_rename", NULL, PEOPLE},
    {0},
};

static const struct json_want user[] = {JSON_WANT("username"), JSON_WANT("id"),
    {0}};
static const struct json_want project[] = {JSON_WANT("id"),
    JSON_WANT("path_with_namespace"), {0}};
static const struct json_want last_commit[] = {JSON_WANT("id"), {0}};
/* A request, a note or a pipeline. */
static const struct json_want attributes[] = {JSON_WANT("id"), JSON_WANT("iid"),
    JSON_WANT("action"), JSON_WANT("state"), JSON_WANT("title"),
    JSON_WANT("description"), JSON_WANT("draft"), JSON_WANT("work_in_progress"),
    JSON_WANT("author_id"), JSON_WANT("source_branch"),
    JSON_WANT("target_branch"), JSON_WANT("source_project_id"),
    JSON_WANT("target_project_id"), JSON_WANT("created_at"),
    JSON_WANT("updated_at"), JSON_WANT("merge_commit_sha"), JSON_WANT("system"),
    JSON_WANT("system_action"), JSON_WANT("note"), JSON_WANT("sha"),
    JSON_WANT("status"), JSON_WANT_IN("last_commit", last_commit), {0}};
static const struct json_want previous[] = {JSON_WANT("previous"), {0}};
/* Inside a list of two lists: reached through both. */
static const struct json_want reviewer[] = {JSON_WANT("id"),
    JSON_WANT("username"), JSON_WANT("state"), {0}};
static const struct json_want changes[] = {JSON_WANT_IN("target_branch",
                                               previous),
    JSON_WANT_IN("reviewers", reviewer), {0}};
static const struct json_want wants[] = {JSON_WANT("object_kind"),
    JSON_WANT("event_name"), JSON_WANT("ref"), JSON_WANT("before"),
    JSON_WANT("after"), JSON_WANT("user_username"), JSON_WANT("user_id"),
    JSON_WANT("project_id"), JSON_WANT("status"), JSON_WANT("short_sha"),
    JSON_WANT("commit_url"), JSON_WANT("environment"),
    JSON_WANT("deployment_id"), JSON_WANT("status_changed_at"),
    JSON_WANT("sha"), JSON_WANT("build_name"), JSON_WANT("build_status"),
    JSON_WANT("path_with_namespace"), JSON_WANT("old_path_with_namespace"),
    JSON_WANT_IN("user", user), JSON_WANT_IN("project", project),
    JSON_WANT_IN("object_attributes", attributes),
    JSON_WANT_IN("merge_request", attributes), JSON_WANT_IN("changes", changes),
    {0}};

static const struct payload_event *
find_event(const char *name)
{
	const struct payload_event *row = events;

	while (row->name != NULL && !text_same(row->name, name))
		row++;
	return row;
}

static bool
may_lack_a_project(const struct payload_event *row)
{
	return row->read == NULL || row->read == payload_gitlab_build ||
	    row->read == payload_gitlab_renamed;
}

static int
read_gitlab(struct payload_reader *r)
{
	const char *kind = payload_name(r->body, "object_kind");

	if (kind == NULL)
		kind = payload_name(r->body, "event_name");
	if (kind == NULL)
		return payload_lacks(r, "object_kind or event_name");
	r->event = kind;
	r->repository = payload_name(r->body, "project.path_with_namespace");
	r->repository_id = payload_id(r->body, "project.id");
	if (r->repository_id == NULL)
		r->repository_id = payload_id(r->body, "project_id");
	r->action = payload_name(r->body, "object_attributes.action");
	r->sender = payload_gitlab_user(r->body, "user");
	if (r->repository == NULL && !may_lack_a_project(find_event(kind)))
		return payload_lacks(r, "name of the project");
	return payload_by_event(r, events, kind);
}

const struct payload_kind payload_gitlab = {wants, read_gitlab};
