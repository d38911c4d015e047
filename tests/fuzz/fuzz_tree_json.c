/*
 * fuzz_tree_json - what is read as JSON can be written and read again.
 *
 * A document that was accepted holds its promises (bounds, UTF-8, no NUL, no
 * key twice), and written by base/json it reads as the same document.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
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
check_text(const char *text, size_t len)
{
	must(strlen(text) == len && text_is_utf8(text, len));
}

static void
write_tree(struct json *j, const struct tree *t, unsigned depth)
{
	must(depth <= TREE_DEPTH_MAX);
	if (t->kind == TREE_NULL)
		json_nothing(j);
	if (t->kind == TREE_BOOL)
		json_bool(j, t->boolean);
	if (t->kind == TREE_NUMBER)
		json_number(j, t->number);
	if (t->kind == TREE_TEXT) {
		check_text(t->text, t->len);
		json_textn(j, t->text, t->len);
	}
	if (t->kind != TREE_LIST && t->kind != TREE_MAP)
		return;
	json_open(j, t->kind == TREE_MAP ? '{' : '[');
	for (const struct tree *c = t->child; c != NULL; c = c->next) {
		must((c->key != NULL) == (t->kind == TREE_MAP));
		if (c->key != NULL) {
			check_text(c->key, strlen(c->key));
			must(tree_get(t, c->key) == c);
			json_key(j, c->key);
		}
		write_tree(j, c, depth + 1);
	}
	json_close(j);
}

/* Private characters that armor would change; all else is written as read. */
static bool
needs_armor(const struct buf *buf)
{
	return text_find(buf_text(buf), buf->len, "\xf4\x8f\xbc") != NULL ||
	    text_find(buf_text(buf), buf->len, "\xf4\x8f\xbd") != NULL ||
	    text_find(buf_text(buf), buf->len, "\xf4\x8f\xbe") != NULL ||
	    text_find(buf_text(buf), buf->len, "\xf4\x8f\xbf") != NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	struct buf once = {0}, twice = {0};
	struct json first = {.out = &once}, second = {.out = &twice};
	const struct tree *t;
	struct err err = {0};

	if (tree_parse_json(&t, &pool, (const char *)data, len, "f", &err) <
	    0) {
		must(err.kind == ERR_INPUT);
		check_text(err.text, strlen(err.text));
	} else {
		write_tree(&first, t, 0);
		must(tree_parse_json(&t, &pool, once.data, once.len, "f",
		         &err) == 0);
		write_tree(&second, t, 0);
		must(needs_armor(&once) || strcmp(once.data, twice.data) == 0);
	}
	buf_free(&once);
	buf_free(&twice);
	pool_free(&pool);
	return 0;
}
