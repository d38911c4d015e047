/*
 * The identity of a GitHub App: its signed token is exchanged for one of the
 * installation that owns a repository (docs.github.com, "Authenticating as a
 * GitHub App installation"), which lasts an hour and is kept until a minute
 * before its end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#include "forge_inside.h"

#define MARGIN ((int64_t)60 * 1000)
#define TOKEN_MAX 4096 /* bytes */
#define LIFE ((int64_t)60 * 60 * 1000)

static void
wipe(struct forge_app_token *t)
{
	if (t->token != NULL)
		explicit_bzero(t->token, strlen(t->token));
	free(t->token);
	free(t->owner);
	*t = (struct forge_app_token){0};
}

void
forge_app_forget(struct forge *f)
{
	for (size_t i = 0; i < f->token_count; i++)
		wipe(&f->tokens[i]);
	f->token_count = 0;
}

/* The place for that owner's token; the oldest goes where there is none. */
static struct forge_app_token *
place(struct forge *f, const char *owner)
{
	struct forge_app_token *oldest = &f->tokens[0];

	for (size_t i = 0; i < f->token_count; i++) {
		if (text_same(f->tokens[i].owner, owner))
			return &f->tokens[i];
		if (f->tokens[i].until < oldest->until)
			oldest = &f->tokens[i];
	}
	if (f->token_count < FORGE_TOKENS_MAX)
		return &f->tokens[f->token_count++];
	return oldest;
}

static int
exchange(struct question *q, const char **token)
{
	const char *where = pool_printf(q->pool, "repos/%s/installation",
	    forge_escape(q->pool, q->repository, true));
	struct call post = {.method = HTTP_POST, .body = "{}"};
	const struct tree *doc;
	struct reply reply;
	const char *id;

	if (forge_get(q, where, &doc) < 0)
		return -1;
	id = forge_word(q, doc, "id");
	if (id == NULL)
		return forge_fails(q, "the App is not installed for '%s'",
		    q->repository);
	post.path =
	    pool_printf(q->pool, "app/installations/%s/access_tokens", id);
	if (forge_call(q, &post, &reply) < 0)
		return -1;
	*token = tree_text(reply.doc, "token");
	if (*token == NULL || strlen(*token) > TOKEN_MAX)
		return forge_fails(q, "an installation gives no token");
	return 0;
}

static int
renew(struct question *q, struct forge_app_token *t, const char *owner)
{
	struct question own = *q;
	const char *token = NULL;
	int ret;

	wipe(t);
	t->owner = strdup(owner);
	if (t->owner == NULL)
		err_fatal("out of memory");
	own.is_token = true;
	ret = exchange(&own, &token);
	q->bytes = own.bytes;
	if (ret < 0 || token == NULL)
		return -1;
	t->token = strdup(token);
	if (t->token == NULL)
		err_fatal("out of memory");
	t->until = forge_clock() + LIFE - MARGIN;
	return 0;
}

int
forge_app_token(struct question *q, const char **token)
{
	struct forge *f = q->forge;
	const char *slash = strchr(q->repository, '/');
	const char *owner;
	struct forge_app_token *t;

	*token = f->token;
	if (f->app == NULL)
		return 0;
	owner = pool_textn(q->pool, q->repository,
	    slash != NULL ? (size_t)(slash - q->repository)
	                  : strlen(q->repository));
	t = place(f, owner);
	if ((!text_same(t->owner, owner) || t->token == NULL ||
	        t->until <= forge_clock()) &&
	    renew(q, t, owner) < 0)
		return -1;
	*token = t->token;
	return 0;
}
