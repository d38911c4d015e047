/*
 * GitHub: what protects refs, what a repository is called; and the table of
 * all events.
 */
#include "payload_github.h"

#include "base/text.h"

static int
add_protection(struct payload_reader *r, const char *thing, const char *name,
    const char *was)
{
	struct observed *o = payload_add(r, OBSERVED_PROTECTION);

	o->what = pool_printf(r->pool, "%s %s%s%s%s%s", thing,
	    r->action == NULL ? "changed" : r->action, name == NULL ? "" : ": ",
	    name == NULL ? "" : name, was == NULL ? "" : ", was ",
	    was == NULL ? "" : was);
	return 0;
}

int
payload_github_rule(struct payload_reader *r)
{
	return add_protection(r, "branch protection rule",
	    payload_name(r->body, "rule.name"), NULL);
}

int
payload_github_ruleset(struct payload_reader *r)
{
	return add_protection(r, "ruleset",
	    payload_name(r->body, "repository_ruleset.name"),
	    payload_name(r->body, "changes.enforcement.from"));
}

int
payload_github_configuration(struct payload_reader *r)
{
	return add_protection(r, "branch protection", NULL, NULL);
}

int
payload_github_key(struct payload_reader *r)
{
	return add_protection(r,
	    payload_is_true(r->body, "key.read_only") ? "deploy key to read"
	                                              : "deploy key to write",
	    payload_title(r, r->body, "key.title"), NULL);
}

int
payload_github_meta(struct payload_reader *r)
{
	return add_protection(r, "webhook", NULL, NULL);
}

static int
read_public(struct payload_reader *r)
{
	r->action = "made public";
	return add_protection(r, "repository", NULL, NULL);
}

/* "owner/name" with the part that was another before. */
static const char *
name_before(struct payload_reader *r)
{
	const char *name = payload_name(r->body, "repository.name");
	const char *owner = payload_name(r->body, "repository.owner.login");
	const struct tree *changes = tree_get(r->body, "changes");

	if (text_same(r->action, "renamed"))
		return payload_join(r, owner, "/",
		    payload_name(changes, "repository.name.from"));
	owner = payload_name(changes, "owner.from.user.login");
	if (owner == NULL)
		owner = payload_name(changes, "owner.from.organization.login");
	return payload_join(r, owner, "/", name);
}

static int
read_renamed(struct payload_reader *r)
{
	struct observed *o = payload_add(r, OBSERVED_RENAMED);

	o->was = name_before(r);
	return o->was == NULL ? payload_lacks(r, "name before") : 0;
}

int
payload_github_repository(struct payload_reader *r)
{
	static const char *const of_weight[] = {"archived", "deleted",
	    "privatized", "publicized", "unarchived", NULL};
	const char *branch =
	    payload_name(r->body, "changes.default_branch.from");

	if (text_same(r->action, "renamed") ||
	    text_same(r->action, "transferred"))
		return read_renamed(r);
	if (payload_is_one_of(r->action, of_weight))
		return add_protection(r, "repository", NULL, NULL);
	if (branch != NULL)
		return add_protection(r, "default branch",
		    payload_name(r->body, "repository.default_branch"), branch);
	return payload_ignore(r, "it changes nothing that protects refs");
}

#define ASKED "who may write is asked for"
#define SINGLY "its runs are told one by one"
#define ISSUES "it is about issues, projects or discussions"
#define PEOPLE "it is about accounts, not about a change"
#define SCANS "it is about what a scanner found"
#define PARTS "it is about releases, packages or pages"

static const struct payload_event events[] = {
    {"pull_request", payload_github_request, NULL},
    {"pull_request_review", payload_github_review, NULL},
    {"pull_request_review_comment", payload_github_comment, NULL},
    {"issue_comment", payload_github_comment, NULL},
    {"status", payload_github_status, NULL},
    {"check_run", payload_github_check_run, NULL},
    {"deployment_status", payload_github_deployment, NULL},
    {"push", payload_github_push, NULL},
    {"merge_group", payload_github_merge_group, NULL},
    {"branch_protection_rule", payload_github_rule, NULL},
    {"branch_protection_configuration", payload_github_configuration, NULL},
    {"repository_ruleset", payload_github_ruleset, NULL},
    {"repository", payload_github_repository, NULL},
    {"public", read_public, NULL},
    {"deploy_key", payload_github_key, NULL},
    {"meta", payload_github_meta, NULL},
    {"ping", NULL, "a ping"},
    {"pull_request_review_thread", NULL, "a thread is no review"},
    {"check_suite", NULL, SINGLY},
    {"workflow_run", NULL, SINGLY},
    {"workflow_job", NULL, "check_run tells it"},
    {"workflow_dispatch", NULL, "a workflow was started by hand"},
    {"repository_dispatch", NULL, "a workflow was started by hand"},
    {"create", NULL, "push tells it"},
    {"delete", NULL, "push tells it"},
    {"commit_comment", NULL, "a comment on no request"},
    {"deployment", NULL, "a deployment that has no result"},
    {"deployment_review", NULL, "deployment_status tells what came of it"},
    {"deployment_protection_rule", NULL, "an app's gate, not ours"},
    {"custom_property", NULL, PEOPLE},
    {"custom_property_values", NULL, PEOPLE},
    {"member", NULL, ASKED},
    {"membership", NULL, ASKED},
    {"organization", NULL, ASKED},
    {"team", NULL, ASKED},
    {"team_add", NULL, ASKED},
    {"org_block", NULL, PEOPLE},
    {"github_app_authorization", NULL, PEOPLE},
    {"installation", NULL, PEOPLE},
    {"installation_repositories", NULL, PEOPLE},
    {"installation_target", NULL, PEOPLE},
    {"marketplace_purchase", NULL, PEOPLE},
    {"personal_access_token_request", NULL, PEOPLE},
    {"sponsorship", NULL, PEOPLE},
    {"star", NULL, PEOPLE},
    {"enterprise", NULL, PEOPLE},
    {"user", NULL, PEOPLE},
    {"content_reference", NULL, PEOPLE},
    {"cache_sync", NULL, "a replica follows what was told"},
    {"watch", NULL, PEOPLE},
    {"fork", NULL, "a fork is another repository"},
    {"repository_import", NULL, "push tells what was brought"},
    {"code_scanning_alert", NULL, SCANS},
    {"dependabot_alert", NULL, SCANS},
    {"repository_advisory", NULL, SCANS},
    {"repository_vulnerability_alert", NULL, SCANS},
    {"secret_scanning_alert", NULL, SCANS},
    {"secret_scanning_alert_location", NULL, SCANS},
    {"secret_scanning_scan", NULL, SCANS},
    {"security_advisory", NULL, SCANS},
    {"security_and_analysis", NULL, SCANS},
    {"discussion", NULL, ISSUES},
    {"discussion_comment", NULL, ISSUES},
    {"issues", NULL, ISSUES},
    {"issue_dependencies", NULL, ISSUES},
    {"label", NULL, ISSUES},
    {"milestone", NULL, ISSUES},
    {"project", NULL, ISSUES},
    {"project_card", NULL, ISSUES},
    {"project_column", NULL, ISSUES},
    {"projects_v2", NULL, ISSUES},
    {"projects_v2_item", NULL, ISSUES},
    {"projects_v2_status_update", NULL, ISSUES},
    {"sub_issues", NULL, ISSUES},
    {"gollum", NULL, PARTS},
    {"package", NULL, PARTS},
    {"page_build", NULL, PARTS},
    {"registry_package", NULL, PARTS},
    {"release", NULL, PARTS},
    {0},
};

static const struct json_want user[] = {JSON_WANT("login"), JSON_WANT("id"),
    JSON_WANT("type"), {0}};
static const struct json_want name[] = {JSON_WANT("full_name"), {0}};
static const struct json_want head[] = {JSON_WANT("sha"), JSON_WANT("ref"),
    JSON_WANT_IN("repo", name), {0}};
static const struct json_want merged[] = {JSON_WANT("merged_at"), {0}};
static const struct json_want request[] = {JSON_WANT("number"), JSON_WANT("id"),
    JSON_WANT("state"), JSON_WANT("title"), JSON_WANT("body"),
    JSON_WANT("draft"), JSON_WANT("merged"), JSON_WANT("merged_at"),
    JSON_WANT("merge_commit_sha"), JSON_WANT("updated_at"),
    JSON_WANT_IN("pull_request", merged), JSON_WANT_IN("user", user),
    JSON_WANT_IN("head", head), JSON_WANT_IN("base", head), {0}};
/* A review, a comment, a deployment or its status, a check. */
static const struct json_want app[] = {JSON_WANT("slug"), {0}};
static const struct json_want thing[] = {JSON_WANT("id"), JSON_WANT("state"),
    JSON_WANT("commit_id"), JSON_WANT("body"), JSON_WANT("sha"),
    JSON_WANT("environment"), JSON_WANT("name"), JSON_WANT("status"),
    JSON_WANT("conclusion"), JSON_WANT("head_sha"), JSON_WANT("submitted_at"),
    JSON_WANT("created_at"), JSON_WANT("started_at"), JSON_WANT("completed_at"),
    JSON_WANT("head_ref"), JSON_WANT("base_sha"), JSON_WANT("base_ref"),
    JSON_WANT("title"), JSON_WANT("read_only"), JSON_WANT_IN("user", user),
    JSON_WANT_IN("creator", user), JSON_WANT_IN("app", app), {0}};
static const struct json_want repository[] = {JSON_WANT("full_name"),
    JSON_WANT("id"), JSON_WANT("name"), JSON_WANT("default_branch"),
    JSON_WANT_IN("owner", user), {0}};
static const struct json_want from[] = {JSON_WANT("from"), {0}};
static const struct json_want ref_from[] = {JSON_WANT_IN("ref", from), {0}};
static const struct json_want name_from[] = {JSON_WANT_IN("name", from), {0}};
static const struct json_want owners[] = {JSON_WANT_IN("user", user),
    JSON_WANT_IN("organization", user), {0}};
static const struct json_want owner_from[] = {JSON_WANT_IN("from", owners),
    {0}};
static const struct json_want changes[] = {JSON_WANT_IN("base", ref_from),
    JSON_WANT_IN("repository", name_from), JSON_WANT_IN("owner", owner_from),
    JSON_WANT_IN("default_branch", from), JSON_WANT_IN("enforcement", from),
    {0}};
static const struct json_want wants[] = {JSON_WANT("action"), JSON_WANT("ref"),
    JSON_WANT("before"), JSON_WANT("after"), JSON_WANT("sha"),
    JSON_WANT("context"), JSON_WANT("state"), JSON_WANT("updated_at"),
    JSON_WANT_IN("repository", repository), JSON_WANT_IN("sender", user),
    JSON_WANT_IN("pull_request", request), JSON_WANT_IN("issue", request),
    JSON_WANT_IN("review", thing), JSON_WANT_IN("comment", thing),
    JSON_WANT_IN("check_run", thing), JSON_WANT_IN("deployment", thing),
    JSON_WANT_IN("deployment_status", thing),
    JSON_WANT_IN("merge_group", thing), JSON_WANT_IN("rule", thing),
    JSON_WANT_IN("repository_ruleset", thing), JSON_WANT_IN("key", thing),
    JSON_WANT_IN("changes", changes), {0}};

/* Events that are kept and may have no repository are none. */
static int
read_github(struct payload_reader *r)
{
	const struct payload_event *row = events;

	r->repository = payload_name(r->body, "repository.full_name");
	r->repository_id = payload_id(r->body, "repository.id");
	r->action = payload_name(r->body, "action");
	r->sender = payload_github_user(r->body, "sender");
	while (row->name != NULL && !text_same(row->name, r->event))
		row++;
	if (row->read != NULL && r->repository == NULL)
		return payload_lacks(r, "repository.full_name");
	return payload_by_event(r, events, r->event);
}

const struct payload_kind payload_github = {wants, read_github};
