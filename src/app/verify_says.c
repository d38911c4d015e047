/* Does an observation say what the tag that it keeps says? */
#include <string.h>

#include "app/verifying.h"
#include "base/text.h"
#include "core/statement.h"

/* A text that was cut is known by its digest. */
static bool
same_text(const struct tree *r, const char *key, const char *text)
{
	const struct tree *t = tree_get(r, key);
	char digest[DIGEST_HEX_SIZE];

	if (t == NULL || t->kind == TREE_NULL)
		return text == NULL || text[0] == '\0';
	if (t->kind == TREE_MAP && text != NULL) {
		digest_sha256_hex(digest, text, strlen(text));
		return text_same(tree_text(t, "sha256"), digest);
	}
	return t->kind == TREE_TEXT && text_same(t->text, text);
}

static bool
same_targets(const struct tree *r, const struct statement *s)
{
	const struct tree *list = tree_get(r, "targets");
	size_t n = 0;

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next, n++)
		if (n >= s->target_count || t->kind != TREE_TEXT ||
		    strcmp(t->text, s->targets[n]) != 0)
			return false;
	return n == s->target_count;
}

/* The name it was told under, where the repository has another one now. */
static bool
same_repository(const struct tree *r, const struct statement *s)
{
	return text_same(tree_text(r, "named_repository"), s->repository) ||
	    (tree_text(r, "named_repository") == NULL &&
	        text_same(tree_text(r, "repository"), s->repository));
}

static const char *
compare(const struct tree *r, const struct statement *s)
{
	bool approval = s->kind == STATEMENT_APPROVAL;
	const struct {
		const char *key, *text;
	} texts[] = {
	    {"kind", approval ? "approval" : "deployment"},
	    {"commit", s->commit},
	    {"decision",
	        approval ? statement_decision_name(s->decision) : NULL},
	    {"environment", s->environment},
	    {"result", approval ? NULL : statement_result_name(s->result)},
	    {"incident", s->incident},
	    {"reason", s->reason},
	    {"statement", s->id},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!same_text(r, texts[i].key, texts[i].text))
			return texts[i].key;
	if (!same_targets(r, s))
		return "targets";
	return same_repository(r, s) ? NULL : "repository";
}

const char *
verify_kept_says(struct pool *pool, const struct tree *record,
    const struct buf *tag)
{
	const char *ref = tree_text(record, "ref");
	struct statement s;
	struct err err = {0};

	if (ref == NULL)
		return "it names no ref";
	if (statement_parse(&s, pool, ref, tag->data, tag->len, &err) < 0)
		return pool_text(pool, err.text);
	return compare(record, &s);
}
