#include "core/record_observed.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"

static const char *const kinds[] = {
    [OBSERVED_NONE] = "none",
    [OBSERVED_REQUEST] = "request",
    [OBSERVED_REVIEW] = "approval",
    [OBSERVED_COMMENT] = "comment",
    [OBSERVED_STATUS] = "status",
    [OBSERVED_DEPLOYMENT] = "deployment",
    [OBSERVED_PUSH] = "push",
    [OBSERVED_PROTECTION] = "protection",
    [OBSERVED_RENAMED] = "renamed",
    [OBSERVED_QUEUED] = "queued",
};

static void
write_user(struct json *j, const char *key, const struct forge_user *u,
    const struct actor *a)
{
	if (u->login == NULL && u->id == NULL)
		return;
	json_key_open(j, key, '{');
	json_key_text(j, "person", a->person);
	record_key_some(j, "login", u->login);
	record_key_some(j, "id", u->id);
	if (a->machine)
		json_key_bool(j, "machine", true);
	json_close(j);
}

/* By which delivery it came; by its last record it is known. */
static void
write_delivery(struct json *j, const struct told *t)
{
	record_key_some(j, "delivery", t->delivery);
	record_key_some(j, "body", t->body);
	if (t->more && (t->delivery != NULL || t->body != NULL))
		json_key_bool(j, "more", true);
	if (t->asked)
		json_key_text(j, "via", "ask");
}

static void
write_source(struct json *j, const struct told *t)
{
	const struct observed *w = t->word;

	json_key_text(j, "kind", kinds[w->kind]);
	json_key_text(j, "source", t->source);
	write_delivery(j, t);
	json_key_text(j, "repository", t->repository);
	json_key_open(j, "forge", '{');
	record_key_some(j, "repository", w->repository);
	record_key_some(j, "id", w->repository_id);
	record_key_some(j, "action", w->action);
	if (w->at != 0)
		json_key_instant(j, "time", w->at);
	json_close(j);
}

/* Who it is by the forge, and by people.yaml as it was then. */
static void
write_who(struct json *j, const struct told *t)
{
	const struct observed *w = t->word;
	const struct forge_user *u =
	    w->of.login != NULL || w->of.id != NULL ? &w->of : &w->actor;
	static const char *const words[] = {"unknown", "no", "yes"};

	json_key_text(j, "person", t->who.person);
	record_key_some(j, "login", t->who.login);
	if (t->who.machine)
		json_key_bool(j, "machine", true);
	if (t->who.person != NULL)
		record_key_texts(j, "groups", t->groups, t->group_count);
	json_key_text(j, "in_force", words[t->in_force]);
	write_user(j, "user", u, &t->who);
	if (u == &w->of)
		write_user(j, "by", &w->actor, &t->by);
}

/* Of which request, and how that stood then. */
static void
write_request(struct json *j, const struct told *t)
{
	const struct observed *w = t->word;

	record_key_some(j, "request", w->request);
	record_key_some(j, "request_id", w->request_id);
	record_key_some(j, "state", w->state);
	record_key_some(j, "head", w->head);
	record_key_some(j, "short_head", w->short_head);
	record_key_some(j, "head_ref", w->head_ref);
	record_key_some(j, "target", w->target);
	record_key_some(j, "target_was", w->target_was);
	record_key_some(j, "base", w->base);
	record_key_some(j, "merge_commit", w->merge_commit);
	if (w->draft)
		json_key_bool(j, "draft", true);
	if (w->ask)
		json_key_bool(j, "ask", true);
	write_user(j, "opener", &w->opener, &t->opener);
}

static void
write_review(struct json *j, const struct told *t)
{
	const struct observed *w = t->word;

	record_key_some(j, "decision", w->decision);
	record_key_some(j, "commit", w->commit);
	record_key_some(j, "short_commit", w->short_commit);
	if (w->target != NULL)
		record_key_texts(j, "targets", &w->target, 1);
	record_key_some(j, "review", w->review);
	if (w->all)
		json_key_bool(j, "all", true);
	record_key_long(j, "text", w->text);
}

static void
write_result(struct json *j, const struct told *t)
{
	const struct observed *w = t->word;

	record_key_some(j, "commit", w->commit);
	record_key_some(j, "short_commit", w->short_commit);
	record_key_some(j, "context", w->context);
	record_key_some(j, "app", w->app);
	record_key_some(j, "environment", w->environment);
	record_key_some(j, "result", w->result);
	record_key_some(j, "deployment", w->deployment);
}

static void
write_words(struct json *j, const struct told *t)
{
	const struct observed *w = t->word;

	if (w->kind == OBSERVED_REVIEW)
		write_review(j, t);
	else if (w->kind == OBSERVED_STATUS || w->kind == OBSERVED_DEPLOYMENT)
		write_result(j, t);
	record_key_some(j, "ref", w->ref);
	record_key_some(j, "old", w->old);
	record_key_some(j, "new", w->new);
	record_key_long(j, "incident", t->incident);
	record_key_long(j, "reason", t->reason);
	if (w->kind == OBSERVED_QUEUED)
		record_key_some(j, "commit", w->commit);
	if (w->kind == OBSERVED_REQUEST) {
		record_key_long(j, "title", w->title);
		record_key_long(j, "text", w->text);
	}
	if (w->kind == OBSERVED_COMMENT)
		record_key_long(j, "text", w->text);
	record_key_long(j, "what", w->what);
}

static void
write_renamed(struct buf *out, const struct told *t)
{
	const struct observed *w = t->word;
	struct json j = record_begin(out, "renamed");

	json_key_text(&j, "repository", t->repository);
	json_key_text(&j, "was", t->was);
	json_key_text(&j, "source", t->source);
	write_delivery(&j, t);
	json_key_open(&j, "forge", '{');
	record_key_some(&j, "repository", w->repository);
	record_key_some(&j, "was", w->was);
	record_key_some(&j, "id", w->repository_id);
	json_close(&j);
	json_close(&j);
}

void
record_told(struct buf *out, const struct told *t)
{
	struct json j;

	if (t->word->kind == OBSERVED_RENAMED) {
		write_renamed(out, t);
		return;
	}
	j = record_begin(out, "observation");
	write_source(&j, t);
	write_request(&j, t);
	write_words(&j, t);
	write_who(&j, t);
	json_close(&j);
}
