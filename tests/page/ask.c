/*
 * ask - one question to app/api.h, without a server.
 *
 *	ask CONFIG PATH[?NAME=VALUE&...] [IF-NONE-MATCH]
 *
 * Prints status, type, etag and next page on standard error, the body on
 * standard output.  Values are not unescaped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/api.h"
#include "app/setup.h"
#include "base/pool.h"

struct words {
	struct pool pool;
	const char *query;
};

static const char *
get(void *ctx, const char *name)
{
	struct words *w = ctx;
	size_t len = strlen(name);
	const char *at = w->query;

	while (at != NULL && *at != '\0') {
		const char *end = strchr(at, '&');
		size_t whole = end == NULL ? strlen(at) : (size_t)(end - at);

		if (whole > len && strncmp(at, name, len) == 0 &&
		    at[len] == '=')
			return pool_textn(&w->pool, at + len + 1,
			    whole - len - 1);
		at = end == NULL ? NULL : end + 1;
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	struct words w = {0};
	struct api_reply reply;
	struct err err = {0};
	struct api *api;
	char *mark;

	if (argc < 3)
		return 2;
	mark = strchr(argv[2], '?');
	w.query = mark == NULL ? NULL : mark + 1;
	if (mark != NULL)
		*mark = '\0';
	if (api_open(&api, argv[1], &err) < 0) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 3;
	}
	api_answer(api,
	    &(struct api_asked){.path = argv[2],
	        .query = get,
	        .ctx = &w,
	        .known = argc > 3 ? argv[3] : NULL,
	        .now = clock_now()},
	    &reply);
	(void)fprintf(stderr, "%u\t%s\t%s\t%s\n", reply.status,
	    reply.type == NULL ? "-" : reply.type, reply.etag,
	    buf_text(&reply.next));
	(void)fwrite(buf_text(&reply.body), 1, reply.body.len, stdout);
	api_reply_free(&reply);
	api_close(api);
	pool_free(&w.pool);
	return 0;
}
