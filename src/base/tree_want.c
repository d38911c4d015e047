/* The getters that insist, and what they say. */
#include "base/tree.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* As much of a document's text as an error quotes, and what that may take. */
#define QUOTE_CHARACTERS 60
#define QUOTE_SIZE 256
#define KNOWN_SIZE 400

/* A document's text as an error may show it. */
static void
quote(char out[QUOTE_SIZE], const char *text)
{
	struct pool pool = {0};

	snprintf(out, QUOTE_SIZE, "'%s'",
	    text_safe_copy(&pool, text, strlen(text), QUOTE_CHARACTERS));
	pool_free(&pool);
}

static void
describe(char out[QUOTE_SIZE], const struct tree *t)
{
	static const char *const names[] = {
	    [TREE_NULL] = "nothing",
	    [TREE_BOOL] = "a boolean",
	    [TREE_NUMBER] = "a number",
	    [TREE_LIST] = "a list",
	    [TREE_MAP] = "a mapping",
	};
	size_t len;

	if (t->kind == TREE_NUMBER) {
		snprintf(out, QUOTE_SIZE, "%lld", (long long)t->number);
		return;
	}
	if (t->kind != TREE_TEXT) {
		snprintf(out, QUOTE_SIZE, "%s", names[t->kind]);
		return;
	}
	quote(out, t->text);
	if (t->line != 0 && !t->plain) {
		len = strlen(out);
		snprintf(out + len, QUOTE_SIZE - len, " in quotes");
	}
}

/* "'count' must be a whole number from 1 to 9, not 'many'" */
static int
must_be(const struct tree *t, struct err *err, const char *wanted)
{
	char key[QUOTE_SIZE], found[QUOTE_SIZE];

	describe(found, t);
	if (t->key == NULL)
		return tree_error(t, err, "this must be %s, not %s", wanted,
		    found);
	quote(key, t->key);
	return tree_error(t, err, "%s must be %s, not %s", key, wanted, found);
}

static bool
is_among(const char *const names[], const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static void
join(char *out, size_t size, const char *const names[])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; names[i] != NULL && used < size; i++) {
		int len = snprintf(out + used, size - used, "%s%s",
		    i == 0 ? "" : ", ", names[i]);

		used += len < 0 ? 0 : (size_t)len;
	}
}

int
tree_only(const struct tree *t, const char *const keys[], struct err *err)
{
	char key[QUOTE_SIZE], known[KNOWN_SIZE];

	if (t->kind != TREE_MAP)
		return must_be(t, err, "a mapping");
	for (t = t->child; t != NULL; t = t->next) {
		if (is_among(keys, t->key))
			continue;
		quote(key, t->key);
		join(known, sizeof(known), keys);
		return tree_error(t, err, "no such key %s (known here: %s)",
		    key, known);
	}
	return 0;
}

/* `*child` is NULL where the key is absent or null. */
static int
want(const struct tree *t, const char *key, const struct tree **child,
    struct err *err)
{
	*child = NULL;
	if (t == NULL || tree_is_null(t))
		return 0;
	if (t->kind != TREE_MAP)
		return must_be(t, err, "a mapping");
	t = tree_get(t, key);
	if (t != NULL && !tree_is_null(t))
		*child = t;
	return 0;
}

int
tree_want_text(const struct tree *t, const char *key, const char **out,
    struct err *err)
{
	if (want(t, key, &t, err) < 0)
		return -1;
	if (t == NULL)
		return 0;
	if (!tree_is_text(t))
		return must_be(t, err, "a text");
	*out = t->text;
	return 0;
}

int
tree_need_text(const struct tree *t, const char *key, const char **out,
    struct err *err)
{
	const char *text = NULL;

	if (tree_want_text(t, key, &text, err) < 0)
		return -1;
	if (text == NULL && t == NULL)
		return err_set(err, ERR_INPUT, "'%s' is missing", key);
	if (text == NULL)
		return tree_error(t, err, "'%s' is missing", key);
	*out = text;
	return 0;
}

int
tree_want_unsigned(const struct tree *t, const char *key, unsigned least,
    unsigned most, unsigned *out, struct err *err)
{
	char wanted[80];
	int64_t number;

	if (want(t, key, &t, err) < 0)
		return -1;
	if (t == NULL)
		return 0;
	if (!tree_is_number(t, &number) || number < least || number > most) {
		snprintf(wanted, sizeof(wanted), "a whole number from %u to %u",
		    least, most);
		return must_be(t, err, wanted);
	}
	*out = (unsigned)number;
	return 0;
}

int
tree_want_bool(const struct tree *t, const char *key, bool *out,
    struct err *err)
{
	bool value;

	if (want(t, key, &t, err) < 0)
		return -1;
	if (t == NULL)
		return 0;
	if (!tree_is_boolean(t, &value))
		return must_be(t, err, "true or false");
	*out = value;
	return 0;
}

int
tree_want_duration(const struct tree *t, const char *key, int64_t *out,
    struct err *err)
{
	int64_t duration;

	if (want(t, key, &t, err) < 0)
		return -1;
	if (t == NULL)
		return 0;
	if (!tree_is_text(t) || !text_parse_duration(t->text, &duration))
		return must_be(t, err,
		    "a time such as 30m, 4h or 90d, at most 3650d");
	*out = duration;
	return 0;
}

int
tree_want_instant(const struct tree *t, const char *key, int64_t *out,
    struct err *err)
{
	int64_t instant;

	if (want(t, key, &t, err) < 0)
		return -1;
	if (t == NULL)
		return 0;
	if (!tree_is_text(t) || !text_parse_instant(t->text, &instant))
		return must_be(t, err,
		    "a day such as 2026-12-31, or an instant with its "
		    "offset such as 2026-12-31T18:00:00Z");
	*out = instant;
	return 0;
}

int
tree_want_choice(const struct tree *t, const char *key,
    const char *const names[], unsigned *out, struct err *err)
{
	char wanted[QUOTE_SIZE] = "one of ";
	size_t len = strlen(wanted);

	if (want(t, key, &t, err) < 0)
		return -1;
	if (t == NULL)
		return 0;
	for (unsigned i = 0; tree_is_text(t) && names[i] != NULL; i++) {
		if (strcmp(names[i], t->text) == 0) {
			*out = i;
			return 0;
		}
	}
	join(wanted + len, sizeof(wanted) - len, names);
	return must_be(t, err, wanted);
}

int
tree_want_texts(const struct tree *t, const char *key, struct pool *pool,
    const char *const **out, size_t *count, struct err *err)
{
	const struct tree *one;
	const char **texts;
	bool single;
	size_t n = 0;

	if (want(t, key, &t, err) < 0)
		return -1;
	if (t == NULL)
		return 0;
	single = t->kind != TREE_LIST;
	texts = pool_array(pool, single ? 1 : t->len, sizeof(*texts));
	for (one = single ? t : t->child; one != NULL;
	     one = single ? NULL : one->next) {
		if (!tree_is_text(one) || one->len == 0)
			return must_be(one, err,
			    single ? "a text or a list of texts"
			           : "a text that is not empty");
		texts[n++] = one->text;
	}
	*out = texts;
	*count = n;
	return 0;
}
