#include "core/record.h"

#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"

/* A body has no opening brace of its own: the head has it. */
struct json
record_begin(struct buf *out, const char *type)
{
	struct json j = {.out = out};
	size_t at = out->len;

	json_open(&j, '{');
	memmove(out->data + at, out->data + at + 1, out->len - at);
	out->len--;
	json_key_text(&j, "type", type);
	return j;
}

void
record_key_long(struct json *j, const char *key, const char *text)
{
	char digest[DIGEST_HEX_SIZE];
	size_t len;

	if (text == NULL)
		return;
	len = strlen(text);
	json_key(j, key);
	if (len <= RECORD_TEXT_MAX) {
		json_text(j, text);
		return;
	}
	digest_sha256_hex(digest, text, len);
	json_open(j, '{');
	json_key(j, "cut");
	json_textn(j, text, RECORD_TEXT_MAX);
	json_key_number(j, "bytes", (int64_t)len);
	json_key_text(j, "sha256", digest);
	json_close(j);
}

void
record_key_some(struct json *j, const char *key, const char *text)
{
	if (text != NULL)
		json_key_text(j, key, text);
}

void
record_key_texts(struct json *j, const char *key, const char *const *list,
    size_t count)
{
	json_key_open(j, key, '[');
	for (size_t i = 0; i < count; i++)
		json_text(j, list[i]);
	json_close(j);
}

static void
key_actor(struct json *j, const char *key, const struct actor *a)
{
	json_key_open(j, key, '{');
	json_key_text(j, "person", a->person);
	record_key_some(j, "login", a->login);
	if (a->machine)
		json_key_bool(j, "machine", true);
	json_close(j);
}

void
record_key_by(struct json *j, const struct by *by)
{
	json_key_open(j, "by", '{');
	json_key_text(j, "account", by->account);
	json_key_text(j, "person", by->person);
	json_key_bool(j, "in_order", by->in_order);
	json_close(j);
}

void
record_key_program(struct json *j, const struct program *program)
{
	json_key_open(j, "program", '{');
	json_key_text(j, "version", program->version);
	if (program->digest != NULL && program->digest[0] != '\0')
		json_key_text(j, "sha256", program->digest);
	json_close(j);
}

void
record_node_text(struct buf *out, const char *type, const char *node,
    const char *text, size_t len, const char *digest)
{
	struct json j = record_begin(out, type);

	json_key_text(&j, "sha256", digest);
	json_key(&j, "text");
	json_textn(&j, text, len);
	if (node != NULL)
		json_key_text(&j, "node", node);
	json_close(&j);
}

void
record_text(struct buf *out, const char *type, const char *text, size_t len,
    const char *digest)
{
	record_node_text(out, type, NULL, text, len, digest);
}

void
record_push(struct buf *out, const struct received *r)
{
	struct json j = record_begin(out, "observation");

	json_key_text(&j, "kind", "push");
	json_key_text(&j, "repository", r->repository);
	record_key_some(&j, "repository_id", r->id);
	key_actor(&j, "pusher", r->pusher);
	if (r->web)
		json_key_text(&j, "via", "web");
	record_key_texts(&j, "refs", r->refs, r->ref_count);
	record_key_texts(&j, "commits", r->commits, r->commit_count);
	record_key_texts(&j, "patches", r->patches, r->commit_count);
	json_close(&j);
}

void
record_evidence(struct buf *out, const struct evidence *e)
{
	static const char *const words[] = {"unknown", "no", "yes"};
	struct json j = record_begin(out, "observation");

	json_key_text(&j, "kind", e->kind);
	json_key_text(&j, "source", "git");
	json_key_text(&j, "repository", e->repository);
	json_key_text(&j, "ref", e->ref);
	json_key_text(&j, "commit", e->commit);
	if (e->target_count > 0)
		record_key_texts(&j, "targets", e->targets, e->target_count);
	record_key_some(&j, "decision", e->decision);
	record_key_long(&j, "incident", e->incident);
	record_key_long(&j, "reason", e->reason);
	record_key_some(&j, "environment", e->environment);
	record_key_some(&j, "result", e->result);
	json_key_text(&j, "person", e->who.person);
	if (e->who.machine)
		json_key_bool(&j, "machine", true);
	if (e->who.person != NULL)
		record_key_texts(&j, "groups", e->groups, e->group_count);
	json_key_text(&j, "in_force", words[e->in_force]);
	record_key_some(&j, "named_repository", e->named_repository);
	record_key_some(&j, "refused", e->refused);
	json_key_text(&j, "key", e->key);
	if (e->presence)
		json_key_bool(&j, "presence", true);
	json_key_instant(&j, "dated", e->dated);
	json_key_text(&j, "statement", e->statement);
	key_actor(&j, "pusher", &e->pusher);
	record_key_long(&j, "text", e->text);
	json_key(&j, "tag");
	buf_char(out, '"');
	text_base64(out, e->tag, e->tag_len);
	buf_put(out, "\"}");
}

void
record_refusal(struct buf *out, const char *repository, const char *ref,
    const char *old, const char *new, const struct actor *pusher,
    const struct in_force *in_force, const char *code, const char *text)
{
	struct json j = record_begin(out, "decision");

	json_key_text(&j, "repository", repository);
	json_key_text(&j, "gate", NULL);
	json_key_text(&j, "ref", ref);
	json_key_text(&j, "old", old);
	json_key_text(&j, "new", new);
	json_key_text(&j, "outcome", "REFUSED");
	key_actor(&j, "pusher", pusher);
	json_key_open(&j, "findings", '[');
	json_open(&j, '{');
	json_key_text(&j, "control", "evidence");
	json_key_text(&j, "standing", "UNMET");
	json_key_text(&j, "code", code);
	record_key_long(&j, "text", text);
	json_close(&j);
	json_close(&j);
	json_key_text(&j, "policy", in_force->policy);
	json_key_text(&j, "people", in_force->people);
	json_key_text(&j, "settings", in_force->settings);
	json_key_number(&j, "rules", RULES_VERSION);
	record_key_program(&j, &in_force->program);
	json_close(&j);
}

void
record_landing(struct buf *out, const struct landing *l)
{
	struct json j = record_begin(out, "landing");

	json_key_text(&j, "repository", l->repository);
	json_key_text(&j, "gate", l->gate);
	json_key_text(&j, "ref", l->ref);
	json_key_text(&j, "old", l->old);
	json_key_text(&j, "new", l->new);
	json_key_number(&j, "decision", (int64_t)l->decision);
	json_key_text(&j, "witness", l->witness);
	json_key_text(&j, "outcome", l->outcome);
	json_key_text(&j, "mode", l->mode);
	json_key_text(&j, "subject", l->subject);
	record_key_texts(&j, "landed", l->landed, l->landed_count);
	record_key_texts(&j, "approved", l->approved, l->approved_count);
	json_key_text(&j, "lander", l->lander);
	if (l->lane)
		json_key_bool(&j, "lane", true);
	record_key_some(&j, "declarer", l->declarer);
	if (l->declaration != 0)
		json_key_number(&j, "declaration", (int64_t)l->declaration);
	if (l->review_due != 0)
		json_key_instant(&j, "review_due", l->review_due);
	json_close(&j);
}

void
record_review(struct buf *out, const char *repository, const char *gate,
    const char *commit, uint64_t landing, unsigned have, unsigned asked)
{
	struct json j = record_begin(out, "observation");

	json_key_text(&j, "kind", "review");
	json_key_text(&j, "repository", repository);
	json_key_text(&j, "gate", gate);
	json_key_text(&j, "commit", commit);
	json_key_number(&j, "landing", (int64_t)landing);
	json_key_number(&j, "have", have);
	json_key_number(&j, "asked", asked);
	json_close(&j);
}

void
record_repeat(struct buf *out, const char *repository, const char *ref,
    uint64_t decision, const struct actor *pusher)
{
	struct json j = record_begin(out, "observation");

	json_key_text(&j, "kind", "repeat");
	json_key_text(&j, "repository", repository);
	json_key_text(&j, "ref", ref);
	json_key_number(&j, "decision", (int64_t)decision);
	key_actor(&j, "pusher", pusher);
	json_close(&j);
}

/* Git's own word, and marked as that. */
static void
key_git(struct json *j, const struct drift *d)
{
	if (d->file_time == 0 && d->move_count == 0)
		return;
	json_key_open(j, "git", '{');
	if (d->file_time != 0)
		json_key_instant(j, "file_time", d->file_time);
	if (d->move_count > 0)
		json_key_open(j, "reflog", '[');
	for (size_t i = 0; i < d->move_count; i++) {
		json_open(j, '{');
		json_key_text(j, "old", d->moves[i].old);
		json_key_text(j, "new", d->moves[i].new);
		json_key_instant(j, "time", d->moves[i].time);
		json_close(j);
	}
	if (d->move_count > 0)
		json_close(j);
	json_close(j);
}

void
record_drift(struct buf *out, const struct drift *d)
{
	struct json j = record_begin(out, "drift");

	json_key_text(&j, "repository", d->repository);
	json_key_text(&j, "gate", d->gate);
	json_key_text(&j, "ref", d->ref);
	json_key_text(&j, "old", d->old);
	json_key_text(&j, "new", d->new);
	json_key_text(&j, "witness", d->witness);
	record_key_some(&j, "from", d->from);
	record_key_some(&j, "symbolic", d->symbolic);
	if (d->since != 0)
		json_key_instant(&j, "since", d->since);
	if (d->since_record != 0)
		json_key_number(&j, "since_record", (int64_t)d->since_record);
	key_git(&j, d);
	json_close(&j);
}

void
record_adopted(struct buf *out, const struct adoption *a)
{
	struct json j = record_begin(out, "adopted");

	json_key_text(&j, "repository", a->repository);
	json_key_text(&j, "gate", a->gate);
	json_key_text(&j, "ref", a->ref);
	json_key_text(&j, "old", a->from);
	json_key_text(&j, "new", a->tip);
	json_key_text(&j, "subject", a->subject);
	record_key_texts(&j, "landed", &a->subject, a->subject == NULL ? 0 : 1);
	json_key_bool(&j, "reviewed", false);
	json_key_bool(&j, "first", a->from == NULL);
	json_key_number(&j, "unreviewed", (int64_t)a->unreviewed);
	record_key_long(&j, "reason", a->reason);
	record_key_by(&j, &a->by);
	json_close(&j);
}

void
record_explained(struct buf *out, const char *repository, const char *gate,
    const char *ref, const char *tip, const char *reason, uint64_t drift,
    const struct by *by)
{
	struct json j = record_begin(out, "explained");

	json_key_text(&j, "repository", repository);
	json_key_text(&j, "gate", gate);
	json_key_text(&j, "ref", ref);
	json_key_text(&j, "new", tip);
	if (drift != 0)
		json_key_number(&j, "drift", (int64_t)drift);
	record_key_long(&j, "reason", reason);
	record_key_by(&j, by);
	json_close(&j);
}

void
record_recovered(struct buf *out, uint64_t from, uint64_t to,
    const char *reason, const struct by *by)
{
	struct json j = record_begin(out, "recovered");

	json_key(&j, "lost");
	json_open(&j, '{');
	json_key_number(&j, "from", (int64_t)from);
	json_key_number(&j, "to", (int64_t)to);
	json_close(&j);
	record_key_long(&j, "reason", reason);
	record_key_by(&j, by);
	json_close(&j);
}

void
record_opened(struct buf *out, const char *origin,
    const struct program *program, const struct by *by)
{
	struct json j = record_begin(out, "opened");

	json_key_text(&j, "origin", origin);
	record_key_program(&j, program);
	record_key_by(&j, by);
	json_close(&j);
}

void
record_key(struct buf *out, const struct key_record *k, const struct by *by)
{
	struct json j = record_begin(out, "key");

	json_key_text(&j, "purpose", k->purpose);
	json_key_text(&j, "fingerprint", k->fingerprint);
	json_key_text(&j, "public", k->public_pem);
	record_key_some(&j, "signed_by", k->signed_by);
	record_key_some(&j, "signature", k->signature);
	record_key_by(&j, by);
	json_close(&j);
}

void
record_key_statement(struct buf *out, const char *origin,
    const struct key_record *k)
{
	buf_printf(out,
	    "foureyes key v1\norigin %s\npurpose %s\nkey %s\nsigned-by %s\n",
	    origin, k->purpose, k->fingerprint, k->signed_by);
}
