/* Bitbucket Cloud: statuses, deployments, restrictions, and our status. */
#include "base/json.h"
#include "base/text.h"

#include "forge_bitbucket.h"

#define KEY_MAX 40 /* bytes of a status's key */

static int
take_status(struct question *q, const struct tree *t, void *ctx)
{
	const char *word = tree_text(t, "state");
	struct observed *o = NULL;

	(void)ctx;
	if (forge_word(q, t, "key") == NULL || word == NULL)
		return forge_fails(q, "a status without key or state");
	if (forge_found(q, OBSERVED_STATUS, &o) < 0)
		return -1;
	o->action = word;
	o->what = word;
	o->commit = q->subject;
	o->context = forge_word(q, t, "key");
	o->result = text_same(word, "SUCCESSFUL") ? "success"
	    : text_same(word, "INPROGRESS")       ? "pending"
	                                          : "failure";
	o->at = tree_instant(t, "updated_on");
	return 0;
}

int
forge_bitbucket_statuses(struct question *q)
{
	return forge_pages(q, PATH(q, "commit/%s/statuses", q->subject),
	    "values", take_status, NULL);
}

struct environments {
	const struct tree **list;
	size_t count;
};

static int
take_environment(struct question *q, const struct tree *t, void *ctx)
{
	struct environments *e = ctx;

	*(const struct tree **)pool_grow(q->pool, &e->list, &e->count,
	    sizeof(const struct tree *)) = t;
	return 0;
}

static const char *
name_of(struct question *q, const struct environments *e, const char *uuid)
{
	for (size_t i = 0; i < e->count; i++)
		if (text_same(tree_text(e->list[i], "uuid"), uuid))
			return forge_word(q, e->list[i], "name");
	return NULL;
}

static int
take_deployment(struct question *q, const struct tree *t, void *ctx)
{
	const char *word = tree_text(t, "state.status.name");
	const char *name = name_of(q, ctx, tree_text(t, "environment.uuid"));
	bool well = text_same(word, "SUCCESSFUL");
	struct observed *o = NULL;

	if (!text_same(forge_oid(t, "release.commit.hash"), q->subject) ||
	    (!well && !text_same(word, "FAILED")))
		return 0;
	if (name == NULL)
		return forge_fails(q, "a deployment into no environment");
	if (forge_found(q, OBSERVED_DEPLOYMENT, &o) < 0)
		return -1;
	o->action = word;
	o->what = word;
	o->commit = q->subject;
	o->environment = name;
	o->deployment = forge_word(q, t, "uuid");
	o->result = well ? "success" : "failure";
	o->at = tree_instant(t, "last_update_time");
	return 0;
}

int
forge_bitbucket_deployments(struct question *q)
{
	struct environments e = {0};

	if (forge_pages(q, PATH(q, "environments"), "values", take_environment,
	        &e) < 0)
		return -1;
	return forge_pages(q, PATH(q, "deployments"), "values", take_deployment,
	    &e);
}

int
forge_bitbucket_protection(struct question *q)
{
	struct environments rules = {0};

	if (forge_pages(q, PATH(q, "branch-restrictions"), "values",
	        take_environment, &rules) < 0)
		return -1;
	return forge_protects(q, rules.list, rules.count);
}

int
forge_post_build(struct question *q, const char *path,
    const struct forge_status *s)
{
	struct call c = {.method = HTTP_POST, .path = path, .also = {204}};
	struct buf body = {0};
	struct json j = {.out = &body};
	struct reply reply;
	int ret;

	json_open(&j, '{');
	json_key_text(&j, "key", forge_cut(q->pool, s->context, KEY_MAX));
	json_key_text(&j, "name", s->context);
	json_key_text(&j, "state",
	    text_same(s->state, "success")       ? "SUCCESSFUL"
	        : text_same(s->state, "failure") ? "FAILED"
	                                         : "INPROGRESS");
	json_key_text(&j, "description",
	    forge_cut(q->pool, s->description, FORGE_DESCRIPTION_MAX));
	/* It must have one. */
	json_key_text(&j, "url",
	    s->target_url != NULL ? s->target_url : q->forge->api);
	json_close(&j);
	c.body = buf_text(&body);
	ret = forge_call(q, &c, &reply);
	buf_free(&body);
	return ret;
}

int
forge_bitbucket_post_status(struct question *q, const struct forge_status *s)
{
	return forge_post_build(q,
	    PATH(q, "commit/%s/statuses/build", s->commit), s);
}
