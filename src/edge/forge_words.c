/* From a forge's documents to our words. */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "core/secret.h"

#include "forge_inside.h"

int
forge_found(struct question *q, enum observed_kind kind, struct observed **out)
{
	struct observed *o = NULL;

	if (q->count >= FORGE_LIST_MAX) {
		(void)forge_fails(q, "it tells of more than %d things",
		    FORGE_LIST_MAX);
		return -1;
	}
	o = pool_grow(q->pool, &q->list, &q->count, sizeof(*o));
	o->kind = kind;
	o->repository = q->repository;
	*out = o;
	return 0;
}

const char *
forge_escape(struct pool *pool, const char *text, bool slashes)
{
	static const char hex[] = "0123456789ABCDEF";
	struct buf out = {0};
	const char *copy;

	for (const char *c = text; *c != '\0'; c++) {
		unsigned char byte = (unsigned char)*c;

		if ((byte >= '0' && byte <= '9') ||
		    (byte >= 'a' && byte <= 'z') ||
		    (byte >= 'A' && byte <= 'Z') ||
		    strchr("-._~", byte) != NULL || (byte == '/' && slashes)) {
			buf_char(&out, *c);
			continue;
		}
		buf_char(&out, '%');
		buf_char(&out, hex[byte >> 4]);
		buf_char(&out, hex[byte & 15]);
	}
	copy = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return copy;
}

const char *
forge_word(struct question *q, const struct tree *t, const char *path)
{
	const struct tree *at = tree_path(t, path);
	int64_t number;

	if (at == NULL)
		return NULL;
	if (tree_is_number(at, &number))
		return pool_printf(q->pool, "%lld", (long long)number);
	return tree_is_text(at) && at->len > 0 && at->len <= OBSERVED_NAME
	    ? at->text
	    : NULL;
}

const char *
forge_oid(const struct tree *t, const char *path)
{
	const char *id = tree_text(t, path);

	return id != NULL && text_is_oid(id) ? id : NULL;
}

const char *
forge_cut(struct pool *pool, const char *text, size_t most)
{
	size_t len;

	if (text == NULL)
		return "";
	if (strlen(text) <= most)
		return text;
	for (len = most; len > 0;) {
		if (((unsigned char)text[len] & 0xc0) != 0x80)
			break;
		len--;
	}
	return pool_textn(pool, text, len);
}

const char *
forge_words(struct question *q, const struct tree *t, const char *path)
{
	const char *text = tree_text(t, path);
	struct secret_hits hits;

	if (text == NULL)
		return NULL;
	text = forge_cut(q->pool, text, OBSERVED_TEXT);
	secret_scan(&hits, q->pool, text, strlen(text));
	return hits.count == 0 ? text
	                       : pool_printf(q->pool, "(left out: it holds %s)",
	                             hits.list[0].kind);
}

const char *
forge_branch(struct question *q, const struct tree *t, const char *path)
{
	const char *name = forge_word(q, t, path);

	return name != NULL ? pool_printf(q->pool, "refs/heads/%s", name)
	                    : NULL;
}

const char *
forge_branch_of(const char *ref)
{
	return text_starts(ref, "refs/heads/") ? ref + strlen("refs/heads/")
	                                       : NULL;
}

void
forge_about(struct question *q, struct observed *o)
{
	const struct observed *r = q->request;

	o->repository_id = r->repository_id;
	o->request = r->request;
	o->request_id = r->request_id;
	o->head = r->head;
	o->head_ref = r->head_ref;
	o->target = r->target;
	o->base = r->base;
	o->state = r->state;
	o->opener = r->opener;
	o->draft = r->draft;
}

void
forge_turn(struct observed *list, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct observed other = list[i];

		list[i] = list[count - 1 - i];
		list[count - 1 - i] = other;
	}
}

/* Stands in a list: a level of its own is kept for that. */
static void
write_node(struct json *j, const struct tree *t)
{
	bool yes = false;

	if (j->depth + 1 >= JSON_DEPTH_MAX) {
		json_text(j, "...");
		return;
	}

	switch (t->kind) {
	case TREE_NULL:
		json_nothing(j);
		return;
	case TREE_BOOL:
		(void)tree_is_boolean(t, &yes);
		json_bool(j, yes);
		return;
	case TREE_NUMBER:
		json_number(j, t->number);
		return;
	case TREE_TEXT:
		json_textn(j, t->text, t->len);
		return;
	case TREE_LIST:
	case TREE_MAP:
		json_open(j, t->kind == TREE_LIST ? '[' : '{');
		for (const struct tree *c = t->child; c != NULL; c = c->next) {
			if (t->kind == TREE_MAP)
				json_key(j, c->key);
			write_node(j, c);
		}
		json_close(j);
		return;
	}
}

/*
 * The documents as one list, in one form: what is the same there gives the
 * same text.
 */
int
forge_protects(struct question *q, const struct tree *const docs[],
    size_t count)
{
	struct buf text = {0};
	struct json j = {.out = &text};
	struct observed *o = NULL;
	int ret = 0;

	if (forge_found(q, OBSERVED_PROTECTION, &o) < 0)
		return -1;
	json_open(&j, '[');
	for (size_t i = 0; i < count; i++)
		if (docs[i] != NULL)
			write_node(&j, docs[i]);
	json_close(&j);
	o->action = "asked";
	o->target = q->subject;
	if (text.len > OBSERVED_TEXT)
		ret = forge_fails(q, "the settings of '%s' are too long",
		    q->subject);
	else
		o->what = pool_text(q->pool, buf_text(&text));
	buf_free(&text);
	return ret;
}

int
forge_review(struct question *q, const struct tree *t, const char *decision,
    const struct forge_user *of)
{
	struct observed *o = NULL;

	if (tree_text(t, "state") == NULL)
		return forge_fails(q, "a review without a state");
	if (decision == NULL)
		return 0;
	if (forge_found(q, OBSERVED_REVIEW, &o) < 0)
		return -1;
	forge_about(q, o);
	o->action = tree_text(t, "state");
	o->decision = decision;
	o->review = forge_word(q, t, "id");
	o->commit = forge_oid(t, "commit_id");
	o->at = tree_instant(t, "submitted_at");
	o->text = forge_words(q, t, "body");
	o->of = *of;
	if (!text_same(decision, "withdraw"))
		o->actor = o->of;
	return 0;
}
