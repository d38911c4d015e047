#include "core/shape.h"

#include <string.h>

#include "base/text.h"

/* Enums are stored through an unsigned. */
_Static_assert(sizeof(enum carried) == sizeof(unsigned), "size of an enum");

bool
shape_is_word(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > SHAPE_WORD_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && strchr("-_.", c) == NULL)
			return false;
	}
	return true;
}

/* One step of a path, `len` bytes long. */
static bool
is_step(const char *step, size_t len)
{
	if (len == 0 || (len == 1 && step[0] == '.'))
		return false;
	return len != 2 || step[0] != '.' || step[1] != '.';
}

bool
shape_is_path(const char *text)
{
	const char *step = text;

	if (text[0] != '/' || strlen(text) > SHAPE_TEXT_MAX)
		return false;
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	while (step != NULL) {
		const char *end = strchr(++step, '/');
		size_t len = end == NULL ? strlen(step) : (size_t)(end - step);

		if (!is_step(step, len))
			return false;
		step = end;
	}
	return true;
}

const struct tree *
shape_at(const struct tree *map, const char *key, size_t nth)
{
	const struct tree *t = tree_get(map, key);
	const struct tree *item;

	if (t == NULL)
		return map;
	if (t->kind != TREE_LIST)
		return t;
	item = t->child;
	while (item != NULL && nth-- > 0)
		item = item->next;
	return item == NULL ? t : item;
}

int
shape_name(const struct tree *list, const struct tree *map, struct err *err)
{
	const char *name = tree_text(map, "name");

	for (const struct tree *t = list->child; t != map; t = t->next)
		if (text_same(tree_text(t, "name"), name))
			return tree_error(map, err, "'%s' stands twice", name);
	if (name[0] == '.')
		return tree_error(tree_get(map, "name"), err,
		    "'name' may not begin with a dot");
	return 0;
}

const char *
shape_quote(struct pool *pool, const char *text)
{
	return pool_printf(pool, "'%s'",
	    text_safe_copy(pool, text, strlen(text), SHAPE_QUOTE_MAX));
}

static int
wrong(const struct tree *t, const char *wanted, struct err *err)
{
	if (t == NULL)
		return err_set(err, ERR_CONFIG, "there is no document");
	if (t->key != NULL && shape_is_word(t->key))
		return tree_error(t, err, "'%s' must be %s", t->key, wanted);
	return tree_error(t, err, "this must be %s", wanted);
}

int
shape_is_map(const struct tree *t, struct err *err)
{
	if (t == NULL || t->kind != TREE_MAP)
		return wrong(t, "a mapping", err);
	return 0;
}

int
shape_is_list(const struct tree *t, struct err *err)
{
	if (t == NULL || t->kind != TREE_LIST)
		return wrong(t, "a list", err);
	return 0;
}

int
shape_version(const struct tree *document, struct err *err)
{
	const struct tree *t = tree_get(document, "version");

	if (shape_is_map(document, err) < 0)
		return -1;
	if (t == NULL)
		return tree_error(document, err,
		    "'version' is missing: the first line is 'version: 1'");
	if (t->kind != TREE_TEXT || !t->plain || strcmp(t->text, "1") != 0)
		return tree_error(t, err, "'version' must be 1");
	return 0;
}

/* "key:" and nothing behind it, or the words that mean nothing. */
static bool
is_null(const struct tree *t)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (t->kind != TREE_TEXT || !t->plain || t->len > strlen("null"))
		return t->kind == TREE_NULL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(t->text, words[i]) == 0)
			return true;
	return false;
}

static const struct shape_row *
row_of(const struct shape_row *rows, const char *key)
{
	while (rows->key != NULL && strcmp(rows->key, key) != 0)
		rows++;
	return rows->key == NULL ? NULL : rows;
}

/* The error of a key that has no row, with the keys that have one. */
static int
refuse_unknown(const struct tree *map, const struct shape_row *rows,
    struct err *err)
{
	const char *keys[SHAPE_ROWS_MAX + 1] = {0};

	for (size_t i = 0; i < SHAPE_ROWS_MAX && rows[i].key != NULL; i++)
		keys[i] = rows[i].key;
	return tree_only(map, keys, err);
}

int
shape_keys(const struct tree *map, const struct shape_row *rows,
    struct err *err)
{
	if (shape_is_map(map, err) < 0)
		return -1;
	for (const struct tree *t = map->child; t != NULL; t = t->next)
		if (row_of(rows, t->key) == NULL)
			return refuse_unknown(map, rows, err);
	for (const struct tree *t = map->child; t != NULL; t = t->next)
		if (is_null(t))
			return tree_error(t, err, "'%s' has no value", t->key);
	for (; rows->key != NULL; rows++)
		if ((rows->flags & SHAPE_NEEDED) &&
		    tree_get(map, rows->key) == NULL)
			return tree_error(map, err, "'%s' is missing",
			    rows->key);
	return 0;
}

int
shape_texts(struct texts *out, struct pool *pool, const struct tree *map,
    const struct shape_row *row, struct err *err)
{
	struct texts texts = {0};

	if (tree_want_texts(map, row->key, pool, &texts.list, &texts.count,
	        err) < 0)
		return -1;
	if (texts.count == 0 && (row->flags & SHAPE_FILLED))
		return tree_error(tree_get(map, row->key), err,
		    "'%s' is empty: name one, or leave the key out", row->key);
	for (size_t i = 0; i < texts.count; i++) {
		const char *text = texts.list[i];

		if (strlen(text) > SHAPE_TEXT_MAX)
			return tree_error(shape_at(map, row->key, i), err,
			    "'%s' has a text of more than %d bytes", row->key,
			    SHAPE_TEXT_MAX);
		if (row->kind == SHAPE_WORDS && !shape_is_word(text))
			return tree_error(shape_at(map, row->key, i), err,
			    "%s is no name: " SHAPE_WORD_IS,
			    shape_quote(pool, text));
	}
	*out = texts;
	return 0;
}

static int
read_text(const char **out, struct pool *pool, const struct tree *map,
    const struct shape_row *row, struct err *err)
{
	const struct tree *t = tree_get(map, row->key);
	const char *text = "";

	if (tree_want_text(map, row->key, &text, err) < 0)
		return -1;
	if (text[0] == '\0')
		return tree_error(t, err, "'%s' is empty", row->key);
	if (strlen(text) > SHAPE_TEXT_MAX)
		return tree_error(t, err, "'%s' has more than %d bytes",
		    row->key, SHAPE_TEXT_MAX);
	if (row->kind == SHAPE_WORD && !shape_is_word(text))
		return tree_error(t, err, "%s is no name: " SHAPE_WORD_IS,
		    shape_quote(pool, text));
	if (row->kind == SHAPE_PATH && !shape_is_path(text))
		return tree_error(t, err,
		    "'%s' must be a path from '/' on, without '//', "
		    "'..' or a '/' at its end",
		    row->key);
	*out = text;
	return 0;
}

static int
read_duration(int64_t *out, const struct tree *map, const struct shape_row *row,
    struct err *err)
{
	char least[32], most[32];
	int64_t duration = 0;

	if (tree_want_duration(map, row->key, &duration, err) < 0)
		return -1;
	if (duration < row->least || duration > row->most) {
		text_duration(least, row->least);
		text_duration(most, row->most);
		return tree_error(tree_get(map, row->key), err,
		    "'%s' must be %s to %s", row->key, least, most);
	}
	*out = duration;
	return 0;
}

/* The place in the row's names, into an enum or a bool. */
static int
read_choice(void *field, const struct tree *map, const struct shape_row *row,
    struct err *err)
{
	unsigned place = 0;
	bool second;

	if (tree_want_choice(map, row->key, row->names, &place, err) < 0)
		return -1;
	second = place == 1;
	place += (unsigned)row->least;
	if (row->kind == SHAPE_EITHER)
		memcpy(field, &second, sizeof(second));
	else
		memcpy(field, &place, sizeof(place));
	return 0;
}

/* One key that is there. */
static int
read_row(void *field, struct pool *pool, const struct tree *map,
    const struct shape_row *row, struct err *err)
{
	switch (row->kind) {
	case SHAPE_PART:
		return 0;
	case SHAPE_TEXT:
	case SHAPE_WORD:
	case SHAPE_PATH:
		return read_text(field, pool, map, row, err);
	case SHAPE_TEXTS:
	case SHAPE_WORDS:
		return shape_texts(field, pool, map, row, err);
	case SHAPE_COUNT:
		return tree_want_unsigned(map, row->key, (unsigned)row->least,
		    (unsigned)row->most, field, err);
	case SHAPE_BOOL:
		return tree_want_bool(map, row->key, field, err);
	case SHAPE_DURATION:
		return read_duration(field, map, row, err);
	case SHAPE_INSTANT:
		return tree_want_instant(map, row->key, field, err);
	case SHAPE_CHOICE:
	case SHAPE_EITHER:
		return read_choice(field, map, row, err);
	}
	return tree_error(map, err, "'%s' cannot be read", row->key);
}

int
shape_read(void *out, struct pool *pool, const struct tree *map,
    const struct shape_row *rows, struct err *err)
{
	if (shape_keys(map, rows, err) < 0)
		return -1;
	for (const struct tree *t = map->child; t != NULL; t = t->next) {
		const struct shape_row *row = row_of(rows, t->key);

		if (row->kind != SHAPE_PART &&
		    read_row((char *)out + row->offset, pool, map, row, err) <
		        0)
			return -1;
	}
	return 0;
}
