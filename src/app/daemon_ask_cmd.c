/* ask: what a forge says now, for a person to read; nothing is recorded. */
#include <stdio.h>

#include "app/cmd.h"
#include "app/daemon_ask.h"
#include "app/options.h"
#include "app/say.h"
#include "base/json.h"
#include "base/text.h"

static const char *const kinds[] = {
    [OBSERVED_NONE] = "nothing",
    [OBSERVED_REQUEST] = "request",
    [OBSERVED_REVIEW] = "review",
    [OBSERVED_COMMENT] = "comment",
    [OBSERVED_STATUS] = "status",
    [OBSERVED_DEPLOYMENT] = "deployment",
    [OBSERVED_PUSH] = "push",
    [OBSERVED_PROTECTION] = "protection",
    [OBSERVED_RENAMED] = "renamed",
    [OBSERVED_QUEUED] = "queued",
};

static void
put(struct json *j, const char *key, const char *text)
{
	if (text != NULL)
		json_key_text(j, key, text);
}

static void
put_user(struct json *j, const char *key, const struct forge_user *u)
{
	if (u->login == NULL && u->id == NULL)
		return;
	json_key_open(j, key, '{');
	put(j, "login", u->login);
	put(j, "id", u->id);
	if (u->bot)
		json_key_bool(j, "bot", true);
	json_close(j);
}

static void
put_observed(struct json *j, const struct observed *o)
{
	json_key_text(j, "kind", kinds[o->kind]);
	put(j, "repository", o->repository);
	put(j, "repository_id", o->repository_id);
	put(j, "action", o->action);
	put_user(j, "actor", &o->actor);
	if (o->at != 0)
		json_key_instant(j, "at", o->at);
	put(j, "request", o->request);
	put(j, "head", o->head);
	put(j, "head_ref", o->head_ref);
	put(j, "target", o->target);
	put(j, "state", o->state);
	put(j, "title", o->title);
	put(j, "merge_commit", o->merge_commit);
	put_user(j, "opener", &o->opener);
	put(j, "decision", o->decision);
	put(j, "review", o->review);
	put_user(j, "of", &o->of);
	put(j, "commit", o->commit);
	put(j, "short_commit", o->short_commit);
	put(j, "context", o->context);
	put(j, "result", o->result);
	put(j, "environment", o->environment);
	put(j, "what", o->what);
}

static void
say_list(const struct forge_list *list)
{
	struct buf line = {0};

	for (size_t i = 0; i < list->count; i++) {
		struct json j = {.out = &line};

		buf_clear(&line);
		json_open(&j, '{');
		put_observed(&j, &list->list[i]);
		json_close(&j);
		say("%s", buf_text(&line));
	}
	buf_free(&line);
}

struct asking {
	const char *source, *repository;
	const char *commit; /* NULL: the repository's open requests */
	const char *ref;    /* what protects it, instead */
};

static int
ask(struct forge *f, struct pool *pool, const struct source *s,
    const struct asking *a, struct forge_list *out, struct err *err)
{
	if (a->ref != NULL)
		return forge_protection(f, pool, a->repository, a->ref, out,
		    err);
	if (a->commit != NULL)
		return ask_commit(f, pool, s, a->repository, a->commit, out,
		    err);
	return forge_open_requests(f, pool, a->repository, out, err);
}

static int
answer(struct setup *s, const struct asking *a, struct err *err)
{
	const struct source *source;
	struct forge_list list;
	struct forge *f = NULL;
	int ret;

	source = receiver_source(&s->config.settings.receiver, a->source);
	if (source == NULL)
		return err_set(err, ERR_INPUT,
		    "'receiver' in foureyes.yaml has no source '%s'",
		    a->source);
	if (ask_open(&f, &s->pool, source, err) < 0)
		return -1;
	ret = ask(f, &s->pool, source, a, &list, err);
	if (ret == 0)
		say_list(&list);
	forge_close(f);
	return ret;
}

int
daemon_ask(int argc, char **argv, const char *config)
{
	struct asking a = {0};
	const struct option options[] = {{.name = "--protection",
	                                     .value = &a.ref},
	    {0}};
	int count = options_read(argc, argv, options, 2, 3);
	struct setup s = {0};
	struct err err = {0};
	int status = STATUS_YES;

	if (count < 0)
		return STATUS_USAGE;
	a.source = argv[1];
	a.repository = argv[2];
	a.commit = count > 2 ? argv[3] : NULL;
	if (a.commit != NULL && !text_is_oid(a.commit))
		return complain(STATUS_USAGE, "'%s' is no full id of a commit",
		    a.commit);
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    answer(&s, &a, &err) < 0)
		status = complain_err(&err);
	setup_free(&s);
	return status;
}
