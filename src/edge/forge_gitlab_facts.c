/* GitLab: statuses, deployments, what protects a branch, and our status. */
#include "base/json.h"
#include "base/text.h"

#include "forge_gitlab.h"

static const char *
result_of(const char *word)
{
	if (text_same(word, "success"))
		return "success";
	return text_same(word, "failed") || text_same(word, "canceled") ||
	        text_same(word, "skipped")
	    ? "failure"
	    : "pending";
}

static int
take_status(struct question *q, const struct tree *t, void *ctx)
{
	const char *word = tree_text(t, "status");
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "name") == NULL || word == NULL)
		return forge_fails(q, "a status without name or state");
	if (!text_same(forge_oid(t, "sha"), q->subject))
		return forge_fails(q, "a status of another commit");
	if (forge_found(q, OBSERVED_STATUS, &o) < 0)
		return -1;
	o->action = word;
	o->what = word;
	o->commit = q->subject;
	o->context = forge_word(q, t, "name");
	o->result = result_of(word);
	/* One that may fail and did is none that succeeded. */
	o->at = tree_instant(t, "finished_at");
	if (o->at == 0)
		o->at = tree_instant(t, "created_at");
	forge_gitlab_user(q, &o->actor, tree_get(t, "author"));
	return 0;
}

int
forge_gitlab_statuses(struct question *q)
{
	return forge_pages(q,
	    PATH(q, "repository/commits/%s/statuses", q->subject), NULL,
	    take_status, NULL);
}

static int
take_deployment(struct question *q, const struct tree *t, void *ctx)
{
	const char *word = tree_text(t, "status");
	bool well = text_same(word, "success");
	struct observed *o = NULL;

	(void)ctx;
	if (word == NULL || forge_word(q, t, "environment.name") == NULL)
		return forge_fails(q,
		    "a deployment without state or "
		    "environment");
	if (!text_same(forge_oid(t, "sha"), q->subject) ||
	    (!well && !text_same(word, "failed")))
		return 0;
	if (forge_found(q, OBSERVED_DEPLOYMENT, &o) < 0)
		return -1;
	o->action = word;
	o->what = word;
	o->commit = q->subject;
	o->environment = forge_word(q, t, "environment.name");
	o->deployment = forge_word(q, t, "id");
	o->result = well ? "success" : "failure";
	o->at = tree_instant(t, "updated_at");
	forge_gitlab_user(q, &o->actor, tree_get(t, "user"));
	return 0;
}

/* They cannot be asked for by commit: those of late, the oldest first. */
int
forge_gitlab_deployments(struct question *q)
{
	char since[TEXT_INSTANT_SIZE];

	text_instant(since,
	    q->now - (int64_t)FORGE_SINCE_DAYS * 24 * 60 * 60 * 1000);
	return forge_pages(q,
	    PATH(q, "deployments?order_by=updated_at&sort=asc&updated_after=%s",
	        since),
	    NULL, take_deployment, NULL);
}

/* ---- settings, and our own status ---- */

int
forge_gitlab_protection(struct question *q)
{
	const char *branch = forge_branch_of(q->subject);
	struct call approvals = {.path = PATH(q, "approvals"),
	    .also = {403, 404}};
	struct call own = {.also = {404}};
	const struct tree *docs[2];
	struct reply reply;

	if (branch == NULL)
		return forge_fails(q, "'%s' is no branch", q->subject);
	own.path = PATH(q, "protected_branches/%s",
	    forge_escape(q->pool, branch, false));
	if (forge_call(q, &own, &reply) < 0)
		return -1;
	docs[0] = reply.status == 200 ? reply.doc : NULL;
	if (forge_call(q, &approvals, &reply) < 0)
		return -1;
	docs[1] = reply.status == 200 ? reply.doc : NULL;
	return forge_protects(q, docs, 2);
}

int
forge_gitlab_post_status(struct question *q, const struct forge_status *s)
{
	struct call c = {.method = HTTP_POST,
	    .path = PATH(q, "statuses/%s", s->commit)};
	struct buf body = {0};
	struct json j = {.out = &body};
	struct reply reply;
	int ret;

	json_open(&j, '{');
	json_key_text(&j, "state",
	    text_same(s->state, "failure") ? "failed" : s->state);
	json_key_text(&j, "name", s->context);
	json_key_text(&j, "description",
	    forge_cut(q->pool, s->description, FORGE_DESCRIPTION_MAX));
	if (s->target_url != NULL)
		json_key_text(&j, "target_url", s->target_url);
	json_close(&j);
	c.body = buf_text(&body);
	ret = forge_call(q, &c, &reply);
	buf_free(&body);
	return ret;
}
