/*
 * payload_told - what was read of a body, as one line for each thing: its kind,
 * then " key=value" for all that is known.  Values are shown safe for one line,
 * and a commit of one digit only, as the tests have them, as "1..".
 */
#ifndef PAYLOAD_TOLD_H
#define PAYLOAD_TOLD_H

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "core/payload.h"

static void
told_text(struct buf *out, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(out, " %s=", key);
	if (text_is_oid(value) && strspn(value, (char[]){*value, 0}) >= 40)
		buf_printf(out, "%c..", *value);
	else
		text_safe(out, value, strlen(value), false);
}

static void
told_flag(struct buf *out, const char *key, bool value)
{
	if (value)
		buf_printf(out, " %s", key);
}

static void
told_user(struct buf *out, const char *key, const struct forge_user *u)
{
	if (u->login == NULL && u->id == NULL)
		return;
	buf_printf(out, " %s=", key);
	if (u->login != NULL)
		text_safe(out, u->login, strlen(u->login), false);
	buf_printf(out, "(%s%s)", u->id == NULL ? "" : u->id,
	    u->bot ? " bot" : "");
}

static void
told_commits(struct buf *out, const struct observed *o)
{
	told_text(out, "commit", o->commit);
	told_text(out, "short", o->short_commit);
	told_text(out, "context", o->context);
	told_text(out, "app", o->app);
	told_text(out, "result", o->result);
	told_text(out, "environment", o->environment);
	told_text(out, "deployment", o->deployment);
	told_text(out, "ref", o->ref);
	told_text(out, "old", o->old);
	told_text(out, "new", o->new);
	told_text(out, "was", o->was);
	told_text(out, "what", o->what);
}

static void
told_one(struct buf *out, const struct observed *o)
{
	static const char *const kinds[] = {"none", "request", "review",
	    "comment", "status", "deployment", "push", "protection", "renamed",
	    "queued"};

	buf_printf(out, "%s", kinds[o->kind]);
	told_text(out, "in", o->repository);
	told_text(out, "in_id", o->repository_id);
	told_text(out, "action", o->action);
	told_user(out, "actor", &o->actor);
	told_flag(out, "ask", o->ask);
	told_text(out, "request", o->request);
	told_text(out, "request_id", o->request_id);
	told_text(out, "head", o->head);
	told_text(out, "short_head", o->short_head);
	told_text(out, "head_ref", o->head_ref);
	told_text(out, "target", o->target);
	told_text(out, "target_was", o->target_was);
	told_text(out, "base", o->base);
	told_text(out, "state", o->state);
	told_text(out, "title", o->title);
	told_text(out, "text", o->text);
	told_flag(out, "edited", o->edited);
	told_text(out, "comment", o->comment);
	told_text(out, "merge", o->merge_commit);
	told_user(out, "opener", &o->opener);
	told_flag(out, "draft", o->draft);
	told_text(out, "decision", o->decision);
	told_text(out, "review", o->review);
	told_user(out, "of", &o->of);
	told_flag(out, "all", o->all);
	told_commits(out, o);
	if (o->at != 0) {
		char at[TEXT_INSTANT_SIZE];

		text_instant(at, o->at);
		told_text(out, "at", at);
	}
	buf_char(out, '\n');
}

/* "ignored: <why>" and "error: <why>" where nothing was observed. */
static void
payload_told(struct buf *out, enum source_kind kind, const char *event,
    const char *body, size_t len)
{
	struct pool pool = {0};
	struct payload p = {0};
	struct err err = {0};

	if (payload_read(&p, &pool, kind, event, body, len, &err) < 0)
		buf_printf(out, "error: %s\n", err.text);
	else if (p.ignored != NULL)
		buf_printf(out, "ignored: %s\n", p.ignored);
	for (size_t i = 0; i < p.count; i++)
		told_one(out, &p.list[i]);
	pool_free(&pool);
}

#endif
