/*
 * asker KIND API QUESTION REPOSITORY [SUBJECT] - one question to a forge, with
 * the token "test-token" (`app`: with that of an App's installation).
 *
 * Questions: of, request, reviews, statuses, deployments, open, protection,
 * post, token, deliveries.  What is found is counted and told in a line each;
 * the exit status is 1 where there is no answer.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/source.h"
#include "edge/forge.h"

#define TIME 20000 /* ms */

static int
jwt(struct buf *out, void *ctx, struct err *err)
{
	(void)ctx;
	(void)err;
	buf_put(out, "signed-by-the-app");
	return 0;
}

static int
ask(struct forge *f, struct pool *pool, char **w, struct forge_list *list,
    struct err *err)
{
	const char *question = w[0], *repository = w[1], *subject = w[2];
	struct observed request = {.repository = repository,
	    .request = subject,
	    .head = "6dcb09b5b57875f334f61aebed695e2e4193db5e"};
	struct forge_status status = {.repository = repository,
	    .commit = subject,
	    .context = "foureyes/main",
	    .state = "pending",
	    .description = "undecided",
	    .target_url = "https://foureyes.example.com/1"};
	const char *token = NULL;
	size_t again;

	if (strcmp(question, "of") == 0)
		return forge_requests_of(f, pool, repository, subject, list,
		    err);
	if (strcmp(question, "request") == 0)
		return forge_request(f, pool, repository, subject, list, err);
	if (strcmp(question, "reviews") == 0)
		return forge_reviews(f, pool, &request, list, err);
	if (strcmp(question, "statuses") == 0)
		return forge_statuses(f, pool, repository, subject, list, err);
	if (strcmp(question, "deployments") == 0)
		return forge_deployments(f, pool, repository, subject,
		    (int64_t)1764000000 * 1000, list, err);
	if (strcmp(question, "open") == 0)
		return forge_open_requests(f, pool, repository, list, err);
	if (strcmp(question, "protection") == 0)
		return forge_protection(f, pool, repository, subject, list,
		    err);
	if (strcmp(question, "post") == 0)
		return forge_post_status(f, &status, err);
	if (strcmp(question, "deliveries") == 0)
		return forge_redeliver(f, repository, subject, &again, err);
	return forge_token(f, repository, &token, err);
}

static void
tell(const struct forge_list *list)
{
	printf("found %zu\n", list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct observed *o = &list->list[i];
		const char *who =
		    o->of.login != NULL ? o->of.login : o->actor.login;

		printf("%d request=%s head=%s target=%s state=%s decision=%s "
		       "review=%s commit=%s who=%s context=%s result=%s "
		       "environment=%s what=%s\n",
		    o->kind, o->request ? o->request : "",
		    o->head ? o->head : "", o->target ? o->target : "",
		    o->state ? o->state : "", o->decision ? o->decision : "",
		    o->review ? o->review : "", o->commit ? o->commit : "",
		    who ? who : "", o->context ? o->context : "",
		    o->result ? o->result : "",
		    o->environment ? o->environment : "",
		    o->what ? o->what : "");
	}
}

int
main(int argc, char **argv)
{
	char *words[3] = {NULL, NULL, NULL};
	struct forge_setup setup = {.name = "hub", .token = "test-token"};
	struct forge_list list = {0};
	struct forge *f = NULL;
	struct pool pool = {0};
	struct err err = {0};
	int ret = -1;

	if (argc < 5 || argc > 6)
		return 2;
	for (int i = 3; i < argc; i++)
		words[i - 3] = argv[i];
	setup.api = argv[2];
	if (strcmp(argv[1], "app") == 0)
		setup.app = jwt;
	else
		while (setup.kind < SOURCE_GENERIC &&
		    strcmp(source_kind_name(setup.kind), argv[1]) != 0)
			setup.kind++;
	if (forge_open(&f, &setup, &err) == 0) {
		forge_time(f, TIME);
		ret = ask(f, &pool, words, &list, &err);
	}
	if (ret == 0)
		tell(&list);
	else
		printf("%s\n", err.text);
	forge_close(f);
	pool_free(&pool);
	return ret == 0 ? 0 : 1;
}
