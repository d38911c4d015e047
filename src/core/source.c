#include "core/source.h"

#include <string.h>

#include "base/text.h"

const struct source *
receiver_source(const struct receiver *r, const char *name)
{
	for (size_t i = 0; i < r->source_count; i++)
		if (strcmp(r->sources[i].name, name) == 0)
			return &r->sources[i];
	return NULL;
}

/* `glob` has one run of stars; where it begins and ends. */
static bool
find_star(const char *glob, size_t *begin, size_t *end)
{
	*begin = 0;
	while (glob[*begin] != '\0' && glob[*begin] != '*')
		++*begin;
	*end = *begin;
	while (glob[*end] == '*')
		++*end;
	return *end > *begin;
}

const char *
source_repository(const struct source *s, struct pool *pool,
    const char *forge_name)
{
	size_t begin, end, len = strlen(forge_name), rest, skip;

	if (!s->mapped)
		return pool_text(pool, forge_name);
	for (size_t i = 0; i < s->mapping_count; i++) {
		const struct source_mapping *m = &s->mappings[i];

		if (!text_glob(m->forge, forge_name))
			continue;
		/* What the star matched; without one, the whole name. */
		skip = 0;
		rest = 0;
		if (find_star(m->forge, &begin, &end)) {
			skip = begin;
			rest = strlen(m->forge + end);
		}
		if (!find_star(m->ours, &begin, &end))
			return m->ours;
		return pool_printf(pool, "%.*s%.*s%s", (int)begin, m->ours,
		    (int)(len - skip - rest), forge_name + skip, m->ours + end);
	}
	return NULL;
}

bool
source_tells(const struct source *s, enum source_word word)
{
	return (s->tells & (unsigned)word) != 0;
}
