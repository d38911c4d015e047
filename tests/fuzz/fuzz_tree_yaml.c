/*
 * fuzz_tree_yaml - what is read as YAML holds its promises.
 *
 * Each node has a place that is in the document, bounds hold, texts are UTF-8
 * without a NUL, keys stand once, and every getter answers every node without
 * harm.  An error names a place and shows nothing raw.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_err(const struct err *err)
{
	struct buf shown = {0};

	must(err->kind == ERR_CONFIG && memcmp(err->text, "f:", 2) == 0);
	text_safe(&shown, err->text, strlen(err->text), false);
	must(strcmp(shown.data, err->text) == 0);
	buf_free(&shown);
}

/* At most one of these a node can be, but for a number, which is a text too. */
static void
check_scalar(const struct tree *t)
{
	int64_t number;
	bool boolean;
	bool null = tree_is_null(t), text = tree_is_text(t);
	bool is_number = tree_is_number(t, &number);
	bool is_boolean = tree_is_boolean(t, &boolean);

	must(t->kind == TREE_TEXT);
	must(strlen(t->text) == t->len && text_is_utf8(t->text, t->len));
	must(null + is_boolean + text == 1);
	must(!is_number || text);
	must(t->plain || (text && !is_number));
}

static void
ask_everything(const struct tree *t, const char *key, struct pool *pool)
{
	static const char *const names[] = {"a", "main", NULL};
	const char *text, *const *texts;
	struct err err = {0};
	unsigned number;
	int64_t time;
	size_t count;
	bool flag;

	if (tree_want_text(t, key, &text, &err) < 0)
		check_err(&err);
	if (tree_need_text(t, key, &text, &err) < 0)
		check_err(&err);
	if (tree_want_unsigned(t, key, 1, 9, &number, &err) < 0)
		check_err(&err);
	if (tree_want_bool(t, key, &flag, &err) < 0)
		check_err(&err);
	if (tree_want_duration(t, key, &time, &err) < 0)
		check_err(&err);
	if (tree_want_instant(t, key, &time, &err) < 0)
		check_err(&err);
	if (tree_want_choice(t, key, names, &number, &err) < 0)
		check_err(&err);
	if (tree_want_texts(t, key, pool, &texts, &count, &err) < 0)
		check_err(&err);
	if (tree_only(t, names, &err) < 0)
		check_err(&err);
}

static void
check_node(const struct tree *t, unsigned depth, size_t len, struct pool *pool)
{
	size_t count = 0;

	must(depth <= TREE_DEPTH_MAX);
	must(t->line >= 1 && t->line <= len + 1);
	must(t->column >= 1 && t->column <= len + 1);
	if (t->kind != TREE_LIST && t->kind != TREE_MAP) {
		check_scalar(t);
		return;
	}
	for (const struct tree *c = t->child; c != NULL; c = c->next) {
		must((c->key != NULL) == (t->kind == TREE_MAP));
		if (c->key != NULL) {
			must(text_is_utf8(c->key, strlen(c->key)));
			must(tree_get(t, c->key) == c);
			ask_everything(t, c->key, pool);
		}
		check_node(c, depth + 1, len, pool);
		count++;
	}
	must(count == t->len && count <= TREE_NODES_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	const struct tree *t;
	struct err err = {0};

	if (tree_parse_yaml(&t, &pool, (const char *)data, len, "f", &err) < 0)
		check_err(&err);
	else if (t->kind != TREE_NULL)
		check_node(t, 0, len, &pool);
	pool_free(&pool);
	return 0;
}
