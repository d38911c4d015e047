/* What a node is, and the getters that shrug. */
#include "base/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const struct tree *
tree_get(const struct tree *t, const char *key)
{
	if (t == NULL || t->kind != TREE_MAP)
		return NULL;
	for (t = t->child; t != NULL; t = t->next)
		if (t->key[0] == key[0] && strcmp(t->key, key) == 0)
			return t;
	return NULL;
}

static const struct tree *
get_part(const struct tree *t, const char *key, size_t len)
{
	if (t->kind != TREE_MAP)
		return NULL;
	for (t = t->child; t != NULL; t = t->next)
		if (t->key[0] == key[0] && strncmp(t->key, key, len) == 0 &&
		    t->key[len] == '\0')
			return t;
	return NULL;
}

const struct tree *
tree_path(const struct tree *t, const char *path)
{
	while (t != NULL) {
		const char *dot = strchr(path, '.');

		if (dot == NULL)
			return tree_get(t, path);
		t = get_part(t, path, (size_t)(dot - path));
		path = dot + 1;
	}
	return NULL;
}

static bool
is_plain(const struct tree *t, const char *text)
{
	return t->kind == TREE_TEXT && t->plain && strcmp(t->text, text) == 0;
}

bool
tree_is_null(const struct tree *t)
{
	return t->kind == TREE_NULL || is_plain(t, "") || is_plain(t, "~") ||
	    is_plain(t, "null");
}

bool
tree_is_boolean(const struct tree *t, bool *value)
{
	*value = t->kind == TREE_BOOL ? t->boolean : is_plain(t, "true");
	return t->kind == TREE_BOOL || *value || is_plain(t, "false");
}

/* Digits without a needless zero in front, perhaps after a minus. */
static bool
parse_whole(const char *text, int64_t *number)
{
	bool minus = *text == '-';
	int64_t n = 0;

	if (minus)
		text++;
	if (*text == '\0' || (*text == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		int digit = *text - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* Downwards: the least int64_t has no positive twin. */
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_sub_overflow(n, digit, &n))
			return false;
	}
	if (!minus && n == INT64_MIN)
		return false;
	*number = minus ? n : -n;
	return true;
}

bool
tree_is_number(const struct tree *t, int64_t *number)
{
	*number = t->number;
	if (t->kind == TREE_NUMBER)
		return true;
	return t->kind == TREE_TEXT && t->plain && parse_whole(t->text, number);
}

bool
tree_is_text(const struct tree *t)
{
	bool value;

	return t->kind == TREE_TEXT &&
	    (!t->plain || (!tree_is_null(t) && !tree_is_boolean(t, &value)));
}

const char *
tree_text(const struct tree *t, const char *path)
{
	t = tree_path(t, path);
	return t != NULL && tree_is_text(t) ? t->text : NULL;
}

int64_t
tree_number(const struct tree *t, const char *path)
{
	int64_t number;

	t = tree_path(t, path);
	return t != NULL && tree_is_number(t, &number) ? number : 0;
}

bool
tree_true(const struct tree *t, const char *path)
{
	bool value;

	t = tree_path(t, path);
	return t != NULL && tree_is_boolean(t, &value) && value;
}

int64_t
tree_instant(const struct tree *t, const char *path)
{
	const char *text = tree_text(t, path);
	int64_t instant;

	return text_parse_instant(text, &instant) ? instant : 0;
}

int
tree_error(const struct tree *t, struct err *err, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (t->line == 0)
		return err_set(err, ERR_INPUT, "%s: %s", t->file, text);
	return err_set(err, ERR_CONFIG, "%s:%u:%u: %s", t->file, t->line,
	    t->column, text);
}
