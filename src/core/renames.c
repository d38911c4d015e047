#include "core/renames.h"

#include <string.h>

#include "base/text.h"

uint64_t
renames_left(const struct renames *r, const char *name, uint64_t seq)
{
	uint64_t left = 0;

	for (size_t i = 0; i < r->count && r->list[i].seq < seq; i++)
		if (text_same(r->list[i].was, name))
			left = r->list[i].seq;
	return left;
}

/* The newest before record `seq` by which something got that name. */
static const struct rename *
got(const struct renames *r, const char *name, uint64_t seq)
{
	const struct rename *out = NULL;

	for (size_t i = 0; i < r->count && r->list[i].seq < seq; i++)
		if (text_same(r->list[i].name, name))
			out = &r->list[i];
	return out;
}

size_t
renames_spans(const struct renames *r, const char *name,
    struct rename_span spans[RENAMES_SPANS_MAX])
{
	uint64_t before = UINT64_MAX;
	size_t n = 0;

	while (n < RENAMES_SPANS_MAX) {
		uint64_t left = renames_left(r, name, before);
		const struct rename *by = got(r, name, before);

		/* Who had the name before it was given up is another one. */
		spans[n++] = (struct rename_span){name, left, before};
		if (by == NULL || by->seq < left)
			break;
		name = by->was;
		before = by->seq;
	}
	return n;
}

const char *
renames_now(const struct renames *r, const char *name, uint64_t seq)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->list[i].seq > seq && text_same(r->list[i].was, name))
			name = r->list[i].name;
	return name;
}

const struct tree *
renames_record(struct pool *pool, const struct tree *record, const char *name)
{
	struct tree *out = pool_alloc(pool, sizeof(*out));
	const struct tree **link = &out->child;

	*out = *record;
	for (const struct tree *t = record->child; t != NULL; t = t->next) {
		struct tree *copy = pool_alloc(pool, sizeof(*copy));

		*copy = *t;
		*link = copy;
		link = &copy->next;
		if (text_same(t->key, "repository") && tree_is_text(t)) {
			copy->text = pool_text(pool, name);
			copy->len = strlen(copy->text);
			break;
		}
	}
	return out;
}
