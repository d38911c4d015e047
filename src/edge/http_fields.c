#include "edge/http_fields.h"

#include <string.h>

#include "base/text.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void
http_fields_add(struct buf *fields, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	const char *value, *end = line + len;

	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0)
		buf_clear(fields);
	if (colon == NULL || colon == line || memchr(line, '\0', len) != NULL ||
	    (len >= 5 && memcmp(line, "HTTP/", 5) == 0))
		return;
	for (const char *c = line; c < colon; c++)
		buf_char(fields,
		    *c >= 'A' && *c <= 'Z' ? (char)(*c + 'a' - 'A') : *c);
	buf_char(fields, '\0');
	for (value = colon + 1; value < end && is_space(*value);)
		value++;
	while (end > value && is_space(end[-1]))
		end--;
	buf_add(fields, value, (size_t)(end - value));
	buf_char(fields, '\0');
}

const char *
http_field(const struct http_answer *answer, const char *name, size_t nth)
{
	const char *at = answer->fields.data;
	const char *end = at == NULL ? NULL : at + answer->fields.len;

	while (at < end) {
		const char *value = at + strlen(at) + 1;

		if (text_same_case_blind(at, name) && nth-- == 0)
			return value;
		at = value + strlen(value) + 1;
	}
	return NULL;
}

void
http_answer_free(struct http_answer *answer)
{
	buf_free(&answer->body);
	buf_free(&answer->fields);
}
