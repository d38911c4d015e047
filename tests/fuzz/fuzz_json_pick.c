/*
 * fuzz_json_pick - what is picked is what jansson reads, no more and no less.
 *
 * What the library takes is taken, and what is picked of it is the library's
 * tree without the keys that nobody wanted.  What it does not take is refused,
 * but for what json_pick.h says: escaped NULs and numbers of any size.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json_pick.h"
#include "base/text.h"
#include "base/tree_quick.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct json_want wants[] = {JSON_WANT_IN("a", wants),
    JSON_WANT_IN("b", wants), JSON_WANT_IN("id", wants),
    JSON_WANT_IN("", wants), JSON_WANT_IN("\xc3\xa9", wants), {0}};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static const struct tree *
next_wanted(const struct tree *t, bool in_map)
{
	for (; in_map && t != NULL; t = t->next)
		for (const struct json_want *w = wants; w->key != NULL; w++)
			if (strcmp(w->key, t->key) == 0)
				return t;
	return t;
}

static void
compare_text(const struct tree *picked, const struct tree *all)
{
	must(picked->len == all->len);
	must(memcmp(picked->text, all->text, all->len + 1) == 0);
}

static void
compare(const struct tree *picked, const struct tree *all)
{
	bool in_map = all->kind == TREE_MAP;
	const struct tree *a = picked->child;
	const struct tree *b = next_wanted(all->child, in_map);
	size_t count = 0;

	if (picked->kind == TREE_NUMBER && all->kind == TREE_TEXT) {
		must(strpbrk(picked->text, ".eE") != NULL);
		return;
	}
	must(picked->kind == all->kind);
	must(picked->boolean == all->boolean && picked->number == all->number);
	must(!in_map || all->key == NULL || strcmp(picked->key, all->key) == 0);
	if (all->kind == TREE_TEXT)
		compare_text(picked, all);
	for (; a != NULL && b != NULL; a = a->next, count++) {
		compare(a, b);
		b = next_wanted(b->next, in_map);
	}
	must(a == NULL && b == NULL);
	if (picked->kind == TREE_MAP || picked->kind == TREE_LIST)
		must(count == picked->len);
}

/* What the library refuses and json_pick.h takes. */
static bool
is_promised(const char *why)
{
	static const char *const promised[] = {"too big", "overflow", "\\u0000",
	    "NUL"};

	for (size_t i = 0; i < sizeof(promised) / sizeof(promised[0]); i++)
		if (strstr(why, promised[i]) != NULL)
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	const struct tree *picked, *all;
	struct err err = {0};
	const char *text = (const char *)data;
	bool took, takes;

	takes = json_pick(&picked, &pool, wants, text, len, &err) == 0;
	took = tree_library_json(&all, &pool, text, len, "f", &err) == 0;
	if (took)
		must(takes);
	if (took && takes)
		compare(picked, all);
	if (takes && !took)
		must(is_promised(err.text));
	pool_free(&pool);
	return 0;
}
