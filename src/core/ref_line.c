#include "core/ref_line.h"

#include <stdbool.h>
#include <string.h>

static bool
is_id(const char *s, size_t len)
{
	if (len != 40 && len != 64)
		return false;
	for (size_t i = 0; i < len; i++)
		if (strchr("0123456789abcdef", s[i]) == NULL || s[i] == '\0')
			return false;
	return true;
}

int
ref_line_read(struct ref_line *out, struct pool *pool, const char *text,
    size_t len, size_t number, size_t *used, struct err *err)
{
	const char *end = len == 0 ? NULL : memchr(text, '\n', len);
	size_t line = end == NULL ? len : (size_t)(end - text);
	const char *space = line == 0 ? NULL : memchr(text, ' ', line);
	size_t id = space == NULL ? 0 : (size_t)(space - text);
	size_t ids = 2 * (id + 1); /* both names and what ends them */

	if (line < ids || !is_id(text, id) || !is_id(text + id + 1, id) ||
	    text[ids - 1] != ' ')
		return err_set(err, ERR_INPUT,
		    "line %zu of the hook's input is no 'old new ref'", number);
	if (line == ids || memchr(text + ids, '\0', line - ids) != NULL)
		return err_set(err, ERR_INPUT,
		    "line %zu of the hook's input names no ref", number);
	out->old = pool_textn(pool, text, id);
	out->new = pool_textn(pool, text + id + 1, id);
	out->name = pool_textn(pool, text + ids, line - ids);
	*used = line + (end == NULL ? 0 : 1);
	return 0;
}
