#include "core/facts.h"

#include <string.h>

#include "base/text.h"
#include "core/facts_shapes.h"

/* ---- writing ---- */

static const char *
text_at(const char *thing, size_t at)
{
	const char *text;

	memcpy(&text, thing + at, sizeof(text));
	return text;
}

static uint64_t
number_at(const char *thing, const struct field *f)
{
	uint64_t wide = 0;
	unsigned narrow;
	bool yes;

	if (f->kind == FIELD_BOOL) {
		memcpy(&yes, thing + f->at, sizeof(yes));
		return yes;
	}
	if (f->kind == FIELD_WORD || f->kind == FIELD_COUNT) {
		memcpy(&narrow, thing + f->at, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, thing + f->at, sizeof(wide));
	return wide;
}

static void write_members(struct json *j, const struct shape *shape,
    const char *thing);

static void
write_lists(struct json *j, const struct field *f, const char *thing)
{
	size_t count;

	memcpy(&count, thing + f->count_at, sizeof(count));
	if (count == 0)
		return;
	json_key_open(j, f->key, '[');
	for (size_t i = 0; i < count; i++) {
		const char *list = text_at(thing, f->at);

		if (f->kind == FIELD_TEXTS) {
			json_text(j, text_at(list, i * sizeof(char *)));
			continue;
		}
		json_open(j, '{');
		write_members(j, f->shape, list + i * f->shape->size);
		json_close(j);
	}
	json_close(j);
}

static bool
is_zero(const char *thing, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (thing[i] != 0)
			return false;
	return true;
}

static void
write_field(struct json *j, const struct field *f, const char *thing)
{
	if (f->kind == FIELD_TEXTS || f->kind == FIELD_LIST) {
		write_lists(j, f, thing);
		return;
	}
	if (f->kind == FIELD_ONE) {
		if (is_zero(thing + f->at, f->shape->size))
			return;
		json_key_open(j, f->key, '{');
		write_members(j, f->shape, thing + f->at);
		json_close(j);
		return;
	}
	if (f->kind == FIELD_TEXT) {
		if (text_at(thing, f->at) != NULL)
			json_key_text(j, f->key, text_at(thing, f->at));
		return;
	}
	if (number_at(thing, f) == 0 && !f->always)
		return;
	if (f->kind == FIELD_WORD)
		json_key_text(j, f->key, f->words[number_at(thing, f)]);
	else if (f->kind == FIELD_BOOL)
		json_key_bool(j, f->key, true);
	else if (f->kind == FIELD_INSTANT)
		json_key_instant(j, f->key, (int64_t)number_at(thing, f));
	else
		json_key_number(j, f->key, (int64_t)number_at(thing, f));
}

static void
write_members(struct json *j, const struct shape *shape, const char *thing)
{
	for (const struct field *f = shape->fields; f->key != NULL; f++)
		write_field(j, f, thing);
}

void
facts_write(struct json *j, const struct update *update)
{
	write_members(j, &facts_update, (const char *)update);
}

/* ---- reading ---- */

static int read_members(struct pool *pool, const struct shape *shape,
    const struct tree *t, char *thing, struct err *err);

static int
read_word(const struct field *f, const struct tree *t, char *thing,
    struct err *err)
{
	if (t->kind == TREE_TEXT)
		for (unsigned i = 0; f->words[i] != NULL; i++)
			if (strcmp(f->words[i], t->text) == 0) {
				memcpy(thing + f->at, &i, sizeof(i));
				return 0;
			}
	return tree_error(t, err, "'%s' is no word for this", f->key);
}

static int
read_number(const struct field *f, const struct tree *t, char *thing,
    struct err *err)
{
	uint64_t wide;
	unsigned narrow;

	if (t->kind != TREE_NUMBER || t->number < 0 ||
	    (f->kind == FIELD_COUNT && t->number > UINT32_MAX))
		return tree_error(t, err, "'%s' must be a number", f->key);
	wide = (uint64_t)t->number;
	narrow = (unsigned)t->number;
	if (f->kind == FIELD_COUNT)
		memcpy(thing + f->at, &narrow, sizeof(narrow));
	else
		memcpy(thing + f->at, &wide, sizeof(wide));
	return 0;
}

static int
read_list(struct pool *pool, const struct field *f, const struct tree *t,
    char *thing, struct err *err)
{
	size_t size = f->kind == FIELD_LIST ? f->shape->size : sizeof(char *);
	size_t i = 0;
	char *list;

	if (t->kind != TREE_LIST)
		return tree_error(t, err, "'%s' must be a list", f->key);
	list = pool_array(pool, t->len + 1, size);
	for (const struct tree *e = t->child; e != NULL; e = e->next, i++) {
		if (f->kind == FIELD_LIST) {
			if (read_members(pool, f->shape, e, list + i * size,
			        err) < 0)
				return -1;
		} else if (e->kind == TREE_TEXT) {
			memcpy(list + i * size, &e->text, sizeof(e->text));
		} else {
			return tree_error(e, err, "'%s' holds texts", f->key);
		}
	}
	memcpy(thing + f->at, &list, sizeof(list));
	memcpy(thing + f->count_at, &i, sizeof(i));
	return 0;
}

static int
read_field(struct pool *pool, const struct field *f, const struct tree *t,
    char *thing, struct err *err)
{
	int64_t instant;

	if (f->kind == FIELD_ONE)
		return read_members(pool, f->shape, t, thing + f->at, err);
	if (f->kind == FIELD_LIST || f->kind == FIELD_TEXTS)
		return read_list(pool, f, t, thing, err);
	if (f->kind == FIELD_WORD)
		return read_word(f, t, thing, err);
	if (f->kind == FIELD_TEXT && t->kind == TREE_TEXT) {
		memcpy(thing + f->at, &t->text, sizeof(t->text));
		return 0;
	}
	if (f->kind == FIELD_BOOL && t->kind == TREE_BOOL) {
		memcpy(thing + f->at, &t->boolean, sizeof(t->boolean));
		return 0;
	}
	if (f->kind == FIELD_INSTANT && t->kind == TREE_TEXT &&
	    text_parse_instant(t->text, &instant)) {
		memcpy(thing + f->at, &instant, sizeof(instant));
		return 0;
	}
	if (f->kind == FIELD_COUNT || f->kind == FIELD_SEQ ||
	    f->kind == FIELD_SPAN)
		return read_number(f, t, thing, err);
	return tree_error(t, err, "'%s' has the wrong type", f->key);
}

static int
read_members(struct pool *pool, const struct shape *shape, const struct tree *t,
    char *thing, struct err *err)
{
	if (t->kind != TREE_MAP)
		return tree_error(t, err, "an object is expected");
	for (const struct field *f = shape->fields; f->key != NULL; f++) {
		const struct tree *member = tree_get(t, f->key);

		if (member == NULL || member->kind == TREE_NULL)
			continue;
		if (read_field(pool, f, member, thing, err) < 0)
			return -1;
	}
	return 0;
}

int
facts_read(struct update *update, struct pool *pool, const struct tree *record,
    struct err *err)
{
	*update = (struct update){0};
	return read_members(pool, &facts_update, record, (char *)update, err);
}
