#include "core/person_table.h"

#include <stdlib.h>
#include <string.h>

#include "core/shape.h"

int
person_entry_order(const struct person_entry *a, const struct person_entry *b)
{
	int order = strcmp(a->text, b->text);

	return order != 0 ? order : strcmp(a->source, b->source);
}

static int
by_entry(const void *a, const void *b)
{
	const struct person_entry *x = a, *y = b;
	int order = person_entry_order(x, y);

	if (order != 0)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
person_table_enter(struct people_table *table, struct pool *pool,
    enum person_column column, struct person_entry entry)
{
	struct person_column_list *c = &table->columns[column];

	entry.order = c->count;
	*(struct person_entry *)pool_grow(pool, &c->list, &c->count,
	    sizeof(entry)) = entry;
}

static int
refuse_twice(const struct people_table *table, struct pool *pool,
    enum person_column column, struct err *err)
{
	static const char *const names[PERSON_SKELETONS] = {"the id",
	    "the e-mail address", "the login", "the key"};
	const struct person_column_list *c = &table->columns[column];

	for (size_t i = 1; i < c->count; i++) {
		const struct person_entry *a = &c->list[i - 1];
		const struct person_entry *b = &c->list[i];

		if (person_entry_order(a, b) == 0)
			return tree_error(b->at, err,
			    "%s %s stands twice: '%s' has it in line %u",
			    names[column], shape_quote(pool, b->text),
			    a->person->id, a->at->line);
	}
	return 0;
}

/* One person's look-alike addresses (or logins) are one entry. */
static void
drop_repeats(struct person_column_list *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++)
		if (kept == 0 ||
		    c->list[kept - 1].person != c->list[i].person ||
		    strcmp(c->list[kept - 1].text, c->list[i].text) != 0)
			c->list[kept++] = c->list[i];
	c->count = kept;
}

int
person_table_sort(struct people_table *table, struct pool *pool,
    struct err *err)
{
	for (int i = 0; i < PERSON_COLUMNS; i++) {
		struct person_column_list *c = &table->columns[i];

		if (c->count > 1)
			qsort(c->list, c->count, sizeof(*c->list), by_entry);
		if (i >= PERSON_SKELETONS)
			drop_repeats(c);
		else if (refuse_twice(table, pool, (enum person_column)i, err) <
		    0)
			return -1;
	}
	return 0;
}
