/*
 * fuzz_tree_quick - the quick readers say nothing that the libraries do not.
 *
 * The first byte chooses the language.  What a quick reader takes, the library
 * takes too, and the two trees are the same to the last place.
 */
#include <stdlib.h>
#include <string.h>

#include "base/tree_quick.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
compare(const struct tree *a, const struct tree *b)
{
	const struct tree *c = a->child, *d = b->child;

	must(a->kind == b->kind && a->plain == b->plain);
	must(a->boolean == b->boolean && a->number == b->number);
	must(a->line == b->line && a->column == b->column);
	must(a->len == b->len && same_text(a->text, b->text));
	must(same_text(a->key, b->key) && same_text(a->file, b->file));
	for (; c != NULL && d != NULL; c = c->next, d = d->next)
		compare(c, d);
	must(c == NULL && d == NULL);
}

static void
check_json(struct pool *pool, const char *text, size_t len)
{
	const struct tree *quick, *slow;
	struct err err = {0};

	if (!tree_quick_json(&quick, pool, text, len, "f"))
		return;
	must(tree_library_json(&slow, pool, text, len, "f", &err) == 0);
	compare(quick, slow);
}

/* tree_parse_yaml() refuses some characters before either reader sees them. */
static void
check_yaml(struct pool *pool, const char *text, size_t len)
{
	const struct tree *quick, *slow, *both;
	struct err err = {0};

	if (tree_parse_yaml(&both, pool, text, len, "f", &err) < 0 &&
	    strstr(err.text, "may not stand here") != NULL)
		return;
	if (err.kind != ERR_NONE && strstr(err.text, "not UTF-8") != NULL)
		return;
	if (!tree_quick_yaml(&quick, pool, text, len, "f"))
		return;
	err = (struct err){0};
	must(tree_library_yaml(&slow, pool, text, len, "f", &err) == 0);
	compare(quick, slow);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	char *text;

	if (len == 0)
		return 0;
	/* Of its own size, so that a byte read behind it is noticed. */
	text = malloc(len == 1 ? 1 : len - 1);
	must(text != NULL);
	memcpy(text, data + 1, len - 1);
	if (*data == 'j')
		check_json(&pool, text, len - 1);
	else
		check_yaml(&pool, text, len - 1);
	free(text);
	pool_free(&pool);
	return 0;
}
