/*
 * A refusal that was told already: equal ones are counted, not repeated
 * (rules.md 36).
 */
#include <string.h>

#include "app/gate.h"
#include "base/text.h"
#include "base/tree.h"
#include "core/topics.h"

#include "gate_inside.h"

#define REPEAT_WITHIN ((int64_t)10 * 60 * 1000) /* ms since the first */

/* Keys that differ between two refusals of one thing. */
static bool
is_of_the_moment(const char *key)
{
	static const char *const keys[] = {"v", "seq", "time", "prev", "asked"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (text_same(key, keys[i]))
			return true;
	return false;
}

static const struct tree *
skip(const struct tree *t)
{
	while (t != NULL && is_of_the_moment(t->key))
		t = t->next;
	return t;
}

static bool are_same(const struct tree *a, const struct tree *b, bool top);

/* Both were written by one writer, so their keys have one order. */
static bool
have_same_children(const struct tree *a, const struct tree *b, bool top)
{
	a = top ? skip(a->child) : a->child;
	b = top ? skip(b->child) : b->child;
	while (a != NULL && b != NULL) {
		if ((a->key == NULL) != (b->key == NULL) ||
		    (a->key != NULL && strcmp(a->key, b->key) != 0) ||
		    !are_same(a, b, false))
			return false;
		a = top ? skip(a->next) : a->next;
		b = top ? skip(b->next) : b->next;
	}
	return a == NULL && b == NULL;
}

/* As deep as TREE_DEPTH_MAX at most. */
static bool
are_same(const struct tree *a, const struct tree *b, bool top)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case TREE_NULL:
		return true;
	case TREE_BOOL:
		return a->boolean == b->boolean;
	case TREE_NUMBER:
		return a->number == b->number;
	case TREE_TEXT:
		return a->len == b->len &&
		    memcmp(a->text, b->text, a->len) == 0;
	case TREE_LIST:
	case TREE_MAP:
		return have_same_children(a, b, top);
	}
	return false;
}

uint64_t
gate_repeats(struct push *p, const char *ref, const struct buf *body)
{
	struct err ignored = {0};
	const struct tree *now;
	struct record first;
	char *text;

	if (changelog_newest(p->setup->log, p->pool,
	        topic_decision(p->pool, p->repository, ref), &first,
	        &ignored) < 0 ||
	    first.seq == 0 || first.time > p->now ||
	    p->now - first.time >= REPEAT_WITHIN ||
	    !text_same(tree_text(first.tree, "outcome"), "REFUSED"))
		return 0;
	text = pool_alloc(p->pool, body->len + 2);
	text[0] = '{';
	memcpy(text + 1, body->data, body->len + 1);
	if (tree_parse_json(&now, p->pool, text, body->len + 1, "decision",
	        &ignored) < 0 ||
	    !are_same(now, first.tree, true))
		return 0;
	return first.seq;
}
