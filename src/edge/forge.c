#include "edge/forge.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "core/source.h"

#include "forge_inside.h"

static const struct forge_kind *const kinds[] = {
    [SOURCE_GITHUB] = &forge_github,
    [SOURCE_GITLAB] = &forge_gitlab,
    [SOURCE_GITEA] = &forge_gitea,
    [SOURCE_FORGEJO] = &forge_gitea,
    [SOURCE_BITBUCKET] = &forge_bitbucket,
    [SOURCE_BITBUCKET_DC] = &forge_bitbucket_dc,
};

int64_t
forge_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static char *
copy(const char *text)
{
	char *out;

	if (text == NULL)
		return NULL;
	out = strdup(text);
	if (out == NULL)
		err_fatal("out of memory");
	return out;
}

/* The address without a slash at its end, with what the kind has there. */
static char *
address(const struct forge_setup *setup, const struct forge_kind *kind)
{
	struct buf url = {0};
	bool bare = false;

	(void)forge_is_address(setup->api, &bare);
	buf_put(&url, setup->api);
	while (url.len > 0 && url.data[url.len - 1] == '/')
		url.data[--url.len] = '\0';
	if (bare &&
	    !text_same_case_blind(buf_text(&url), "https://api.github.com"))
		buf_put(&url, kind->root);
	return url.data;
}

int
forge_open(struct forge **out, const struct forge_setup *setup, struct err *err)
{
	const struct forge_kind *kind = NULL;
	bool bare;
	struct forge *f;

	if ((size_t)setup->kind < sizeof(kinds) / sizeof(kinds[0]))
		kind = kinds[setup->kind];
	if (kind == NULL)
		return err_set(err, ERR_CONFIG,
		    "source '%s': a %s has no interface to ask", setup->name,
		    source_kind_name(setup->kind));
	if (setup->api == NULL || !forge_is_address(setup->api, &bare))
		return err_set(err, ERR_CONFIG,
		    "source '%s': api '%s' is no address such as "
		    "https://forge.example.com",
		    setup->name, setup->api != NULL ? setup->api : "");
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		err_fatal("out of memory");
	f->kind = kind;
	f->name = copy(setup->name);
	f->api = address(setup, kind);
	f->token = copy(setup->token);
	f->ca_file = copy(setup->ca_file);
	f->app = setup->app;
	f->ctx = setup->ctx;
	f->http = http_open();
	*out = f;
	return 0;
}

void
forge_close(struct forge *f)
{
	if (f == NULL)
		return;
	forge_app_forget(f);
	if (f->token != NULL)
		explicit_bzero(f->token, strlen(f->token));
	http_close(f->http);
	free(f->token);
	free(f->name);
	free(f->api);
	free(f->ca_file);
	free(f);
}

void
forge_time(struct forge *f, int64_t ms)
{
	f->until = forge_clock() + (ms > 0 ? ms : 0);
}

int64_t
forge_wait(const struct forge *f)
{
	return f->wait;
}

/* A question that is whole gives its list, any other gives none. */
static int
answer(struct question *q, int (*ask)(struct question *q),
    struct forge_list *out)
{
	*out = (struct forge_list){0};
	if (q->forge->until == 0)
		forge_time(q->forge, FORGE_TIME);
	q->forge->wait = 0;
	if (ask(q) < 0)
		return -1;
	out->list = q->list;
	out->count = q->count;
	return 0;
}

#define QUESTION(f, p, r, s, e)                                                \
	{                                                                      \
		.forge = (f), .pool = (p), .repository = (r), .subject = (s),  \
		.err = (e)                                                     \
	}

int
forge_requests_of(struct forge *f, struct pool *pool, const char *repository,
    const char *commit, struct forge_list *out, struct err *err)
{
	struct question q = QUESTION(f, pool, repository, commit, err);

	return answer(&q, f->kind->requests_of, out);
}

int
forge_request(struct forge *f, struct pool *pool, const char *repository,
    const char *number, struct forge_list *out, struct err *err)
{
	struct question q = QUESTION(f, pool, repository, number, err);

	return answer(&q, f->kind->request, out);
}

int
forge_reviews(struct forge *f, struct pool *pool,
    const struct observed *request, struct forge_list *out, struct err *err)
{
	struct question q =
	    QUESTION(f, pool, request->repository, request->request, err);

	q.request = request;
	return answer(&q, f->kind->reviews, out);
}

int
forge_statuses(struct forge *f, struct pool *pool, const char *repository,
    const char *commit, struct forge_list *out, struct err *err)
{
	struct question q = QUESTION(f, pool, repository, commit, err);

	return answer(&q, f->kind->statuses, out);
}

int
forge_deployments(struct forge *f, struct pool *pool, const char *repository,
    const char *commit, int64_t now, struct forge_list *out, struct err *err)
{
	struct question q = QUESTION(f, pool, repository, commit, err);

	q.now = now;
	return answer(&q, f->kind->deployments, out);
}

int
forge_open_requests(struct forge *f, struct pool *pool, const char *repository,
    struct forge_list *out, struct err *err)
{
	struct question q = QUESTION(f, pool, repository, NULL, err);

	return answer(&q, f->kind->open_requests, out);
}

int
forge_protection(struct forge *f, struct pool *pool, const char *repository,
    const char *ref, struct forge_list *out, struct err *err)
{
	struct question q = QUESTION(f, pool, repository, ref, err);

	return answer(&q, f->kind->protection, out);
}

int
forge_token(struct forge *f, const char *repository, const char **token,
    struct err *err)
{
	struct pool pool = {0};
	struct question q = QUESTION(f, &pool, repository, NULL, err);
	int ret;

	if (f->until == 0)
		forge_time(f, FORGE_TIME);
	ret = forge_app_token(&q, token);
	pool_free(&pool);
	return ret;
}

int
forge_post_status(struct forge *f, const struct forge_status *s,
    struct err *err)
{
	struct pool pool = {0};
	struct question q = QUESTION(f, &pool, s->repository, s->commit, err);
	int ret;

	if (f->until == 0)
		forge_time(f, FORGE_TIME);
	f->wait = 0;
	ret = f->kind->post_status(&q, s);
	pool_free(&pool);
	return ret;
}

int
forge_webhook(struct forge *f, struct pool *pool, const char *repository,
    const char *ending, struct forge_webhook *out, struct err *err)
{
	struct question q = QUESTION(f, pool, repository, NULL, err);

	*out = (struct forge_webhook){0};
	if (f->until == 0)
		forge_time(f, FORGE_TIME);
	f->wait = 0;
	return forge_hooks_look(&q, ending, out);
}

int
forge_redeliver(struct forge *f, const char *repository, const char *ending,
    size_t *again, struct err *err)
{
	struct pool pool = {0};
	struct question q = QUESTION(f, &pool, repository, NULL, err);
	int ret;

	*again = 0;
	if (f->kind->redeliver == NULL)
		return 0;
	if (f->until == 0)
		forge_time(f, FORGE_TIME);
	f->wait = 0;
	ret = f->kind->redeliver(&q, ending, again);
	pool_free(&pool);
	return ret;
}
