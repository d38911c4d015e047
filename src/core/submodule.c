#include "core/submodule.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

struct piece {
	const char *at;
	size_t len;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct piece
trimmed(const char *at, size_t len)
{
	while (len > 0 && is_blank(*at))
		at++, len--;
	while (len > 0 && is_blank(at[len - 1]))
		len--;
	return (struct piece){at, len};
}

static const char *
text_of(struct pool *pool, struct piece p)
{
	return text_safe_copy(pool, p.at, p.len, SUBMODULE_TEXT_MAX);
}

/* `[submodule "name"]`, or another section, which has no name here. */
static const char *
section(struct pool *pool, struct piece line)
{
	static const char head[] = "[submodule \"";
	size_t len = sizeof(head) - 1;

	if (line.len < len + 2 || memcmp(line.at, head, len) != 0 ||
	    memcmp(line.at + line.len - 2, "\"]", 2) != 0)
		return NULL;
	return text_of(pool, (struct piece){line.at + len, line.len - len - 2});
}

static bool
is_url(struct piece key)
{
	return key.len == 3 && (key.at[0] | 0x20) == 'u' &&
	    (key.at[1] | 0x20) == 'r' && (key.at[2] | 0x20) == 'l';
}

static void
put(struct pool *pool, struct submodule **list, size_t *count, const char *name,
    const char *url)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp((*list)[i].name, name) == 0) {
			(*list)[i].url = url;
			return;
		}
	if (*count < SUBMODULES_MAX)
		*(struct submodule *)pool_grow(pool, list, count,
		    sizeof(**list)) = (struct submodule){name, url};
}

void
submodules_read(struct pool *pool, const char *text, size_t len,
    struct submodule **list, size_t *count)
{
	const char *end = text + len, *name = NULL;

	*list = NULL;
	*count = 0;
	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf != NULL ? lf : end;
		struct piece line = trimmed(text, (size_t)(stop - text));
		const char *equals = memchr(line.at, '=', line.len);

		text = lf != NULL ? lf + 1 : end;
		if (line.len > 0 && line.at[0] == '[') {
			name = section(pool, line);
			continue;
		}
		if (name == NULL || equals == NULL ||
		    !is_url(trimmed(line.at, (size_t)(equals - line.at))))
			continue;
		put(pool, list, count, name,
		    text_of(pool,
		        trimmed(equals + 1,
		            line.len - (size_t)(equals + 1 - line.at))));
	}
}

const char *
submodule_url(const struct submodule *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].url;
	return NULL;
}
