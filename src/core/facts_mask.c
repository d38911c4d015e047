#include "core/facts_mask.h"

#include <string.h>

#include "core/facts_shapes.h"
#include "core/secret.h"

#define SHORTEST 20 /* bytes of a secret of any shape */

static void mask_members(struct pool *pool, const struct shape *shape,
    char *thing);

static const char *
masked(struct pool *pool, const char *text)
{
	struct secret_hits hits;

	if (text == NULL || strlen(text) < SHORTEST)
		return text;
	secret_scan(&hits, pool, text, strlen(text));
	return hits.count > 0 ? FACTS_MASK_TEXT : text;
}

static void
mask_text(struct pool *pool, char *at)
{
	const char *text;

	memcpy(&text, at, sizeof(text));
	text = masked(pool, text);
	memcpy(at, &text, sizeof(text));
}

/* The list itself may be somebody else's. */
static void
mask_texts(struct pool *pool, char *at, size_t count)
{
	const char *const *list;
	const char **copy;

	memcpy(&list, at, sizeof(list));
	if (count == 0)
		return;
	copy = pool_array(pool, count, sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		copy[i] = masked(pool, list[i]);
	memcpy(at, &copy, sizeof(copy));
}

static void
mask_list(struct pool *pool, const struct field *f, char *at, size_t count)
{
	char *list;

	memcpy(&list, at, sizeof(list));
	if (count == 0)
		return;
	list = pool_copy(pool, list, count * f->shape->size);
	for (size_t i = 0; i < count; i++)
		mask_members(pool, f->shape, list + i * f->shape->size);
	memcpy(at, &list, sizeof(list));
}

static void
mask_field(struct pool *pool, const struct field *f, char *thing)
{
	size_t count = 0;

	if (f->kind == FIELD_TEXTS || f->kind == FIELD_LIST)
		memcpy(&count, thing + f->count_at, sizeof(count));
	if (f->kind == FIELD_TEXT)
		mask_text(pool, thing + f->at);
	else if (f->kind == FIELD_TEXTS)
		mask_texts(pool, thing + f->at, count);
	else if (f->kind == FIELD_LIST)
		mask_list(pool, f, thing + f->at, count);
	else if (f->kind == FIELD_ONE)
		mask_members(pool, f->shape, thing + f->at);
}

static void
mask_members(struct pool *pool, const struct shape *shape, char *thing)
{
	for (const struct field *f = shape->fields; f->key != NULL; f++)
		mask_field(pool, f, thing);
}

void
facts_mask(struct update *update, struct pool *pool)
{
	mask_members(pool, &facts_update, (char *)update);
}
