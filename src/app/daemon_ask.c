#include "app/daemon_ask.h"

#include <string.h>

#include "app/daemon.h"
#include "edge/seal_jwt.h"

static int
app_jwt(struct buf *jwt, void *ctx, struct err *err)
{
	const struct source *s = ctx;

	return seal_jwt(jwt, s->app_id, s->app_key_file, clock_now(), err);
}

int
ask_open(struct forge **out, struct pool *pool, const struct source *s,
    struct err *err)
{
	struct forge_setup setup = {.kind = s->kind,
	    .name = s->name,
	    .api = s->api};
	struct buf token = {0};
	int ret = 0;

	if (s->api == NULL)
		return err_set(err, ERR_CONFIG,
		    "source '%s' has no 'api' to ask", s->name);
	if (s->app_id != 0) {
		setup.app = app_jwt;
		setup.ctx = pool_copy(pool, s, sizeof(*s));
	} else if (s->token_file != NULL) {
		ret = daemon_token(&token, s->token_file, err);
		setup.token = buf_text(&token);
	}
	if (ret == 0)
		ret = forge_open(out, &setup, err);
	if (token.data != NULL)
		explicit_bzero(token.data, token.room);
	buf_free(&token);
	return ret;
}

/* Lists put behind one another. */
struct gathered {
	struct pool *pool;
	struct observed *list;
	size_t count;
};

static void
add(struct gathered *g, const struct forge_list *more)
{
	for (size_t i = 0; i < more->count; i++)
		*(struct observed *)pool_grow(g->pool, &g->list, &g->count,
		    sizeof(*g->list)) = more->list[i];
}

int
ask_requests(struct forge *f, struct pool *pool, const char *repository,
    const char *commit, struct forge_list *out, struct err *err)
{
	struct gathered g = {.pool = pool};
	struct forge_list requests, reviews;

	if (forge_requests_of(f, pool, repository, commit, &requests, err) < 0)
		return -1;
	add(&g, &requests);
	for (size_t i = 0; i < requests.count; i++) {
		if (forge_reviews(f, pool, &requests.list[i], &reviews, err) <
		    0)
			return -1;
		add(&g, &reviews);
	}
	*out = (struct forge_list){.list = g.list, .count = g.count};
	return 0;
}

int
ask_commit(struct forge *f, struct pool *pool, const struct source *s,
    const char *repository, const char *commit, struct forge_list *out,
    struct err *err)
{
	struct gathered g = {.pool = pool};
	struct forge_list some;

	if (source_tells(s, SOURCE_TELLS_APPROVALS)) {
		if (ask_requests(f, pool, repository, commit, &some, err) < 0)
			return -1;
		add(&g, &some);
	}
	if (source_tells(s, SOURCE_TELLS_TESTS)) {
		if (forge_statuses(f, pool, repository, commit, &some, err) < 0)
			return -1;
		add(&g, &some);
	}
	if (source_tells(s, SOURCE_TELLS_DEPLOYMENTS)) {
		if (forge_deployments(f, pool, repository, commit, clock_now(),
		        &some, err) < 0)
			return -1;
		add(&g, &some);
	}
	*out = (struct forge_list){.list = g.list, .count = g.count};
	return 0;
}
