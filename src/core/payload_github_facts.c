/* GitHub: checks, statuses, deployments, pushes, merge queues. */
#include "payload_github.h"

#include "base/text.h"

static const char *const failed[] = {"action_required", "cancelled", "failure",
    "error", "neutral", "skipped", "stale", "startup_failure", "timed_out",
    NULL};
static const char *const under_way[] = {"expected", "in_progress", "pending",
    "queued", "requested", "waiting", NULL};

/* What did not run has not succeeded.  NULL: a word that is not known. */
static const char *
result_of(const char *word)
{
	if (text_same(word, "success"))
		return "success";
	if (payload_is_one_of(word, under_way))
		return "pending";
	return payload_is_one_of(word, failed) ? "failure" : NULL;
}

/* NULL, and an error, where it is malformed. */
static struct observed *
add_status(struct payload_reader *r, const char *commit, const char *context,
    const char *word)
{
	struct observed *o;

	if (commit == NULL || context == NULL) {
		(void)payload_lacks(r, commit == NULL ? "commit" : "name");
		return NULL;
	}
	o = payload_add(r, OBSERVED_STATUS);
	o->commit = commit;
	o->context = context;
	o->what = word;
	o->result = result_of(word);
	if (o->result == NULL)
		o->result = "failure";
	return o;
}

int
payload_github_status(struct payload_reader *r)
{
	struct observed *o = add_status(r, payload_oid(r->body, "sha"),
	    payload_name(r->body, "context"), payload_name(r->body, "state"));

	if (o == NULL)
		return -1;
	o->at = payload_instant(r->body, "updated_at");
	return 0;
}

int
payload_github_check_run(struct payload_reader *r)
{
	const struct tree *run = tree_get(r->body, "check_run");
	const char *status = payload_name(run, "status");
	const char *word = text_same(status, "completed")
	    ? payload_name(run, "conclusion")
	    : status;
	struct observed *o;

	if (text_same(r->action, "requested_action"))
		return payload_ignore(r, "somebody pressed a button of an app");
	if (text_same(r->action, "rerequested"))
		word = "requested";
	o = add_status(r, payload_oid(run, "head_sha"),
	    payload_name(run, "name"), word);
	if (o == NULL)
		return -1;
	o->app = payload_name(run, "app.slug");
	o->at = payload_instant(run, "completed_at");
	if (o->at == 0)
		o->at = payload_instant(run, "started_at");
	return 0;
}

int
payload_github_deployment(struct payload_reader *r)
{
	const struct tree *status = tree_get(r->body, "deployment_status");
	const struct tree *deployment = tree_get(r->body, "deployment");
	const char *word = payload_name(status, "state");
	bool well = text_same(word, "success");
	struct observed *o;

	if (!well && !text_same(word, "failure") && !text_same(word, "error"))
		return payload_ignore(r, "a deployment that has no result");
	o = payload_add(r, OBSERVED_DEPLOYMENT);
	o->actor = payload_github_user(status, "creator");
	o->commit = payload_oid(deployment, "sha");
	o->environment = payload_name(status, "environment");
	if (o->environment == NULL)
		o->environment = payload_name(deployment, "environment");
	o->deployment = payload_id(deployment, "id");
	o->result = well ? "success" : "failure";
	o->what = word;
	o->at = payload_instant(status, "created_at");
	if (o->commit == NULL)
		return payload_lacks(r, "commit");
	return o->environment == NULL ? payload_lacks(r, "environment") : 0;
}

int
payload_github_push(struct payload_reader *r)
{
	struct observed *o = payload_add(r, OBSERVED_PUSH);

	o->ref = payload_ref(r->body, "ref");
	o->old = payload_oid(r->body, "before");
	o->new = payload_oid(r->body, "after");
	if (o->ref == NULL)
		return payload_lacks(r, "ref");
	if (o->old == NULL)
		return payload_lacks(r, "before");
	return o->new == NULL ? payload_lacks(r, "after") : 0;
}

int
payload_github_merge_group(struct payload_reader *r)
{
	const struct tree *group = tree_get(r->body, "merge_group");
	struct observed *o;

	if (!text_same(r->action, "checks_requested"))
		return payload_ignore(r, "a merge queue gave a commit up");
	o = payload_add(r, OBSERVED_QUEUED);
	o->commit = payload_oid(group, "head_sha");
	o->target = payload_ref(group, "base_ref");
	o->base = payload_oid(group, "base_sha");
	o->head_ref = payload_ref(group, "head_ref");
	if (o->commit == NULL)
		return payload_lacks(r, "commit");
	return o->target == NULL ? payload_lacks(r, "ref") : 0;
}
