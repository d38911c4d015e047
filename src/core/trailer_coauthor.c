#include "core/trailer.h"

#include <stdlib.h>
#include <string.h>

/* Who takes part in a change by a line of its message; see core/trailer.h. */

static const char *const keys[] = {"co-authored-by", "co-developed-by"};

struct list {
	struct coauthor **at;
	size_t *count;
	struct pool *pool;
};

static bool
is_gap(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What may stand before such a line: a quote, a list, a comment, a patch. */
static bool
is_lead(char c)
{
	return is_gap(c) || (c != '\0' && strchr(">*-+#|/", c) != NULL);
}

static bool
is_key(const char *text, size_t len, const char *key)
{
	size_t i;

	for (i = 0; i < len && key[i] != '\0'; i++) {
		char c = text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != key[i])
			return false;
	}
	return key[i] == '\0';
}

/* The offset behind "Co-authored-by:" of a line, or 0. */
static size_t
behind_key(const char *line, size_t len)
{
	size_t at = 0;

	while (at < len && is_lead(line[at]))
		at++;
	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		size_t colon = at + strlen(keys[k]);

		if (!is_key(line + at, len - at, keys[k]))
			continue;
		while (colon < len && is_gap(line[colon]))
			colon++;
		if (colon < len && line[colon] == ':')
			return colon + 1;
	}
	return 0;
}

static const char *
trimmed(struct pool *pool, const char *text, size_t len)
{
	while (len > 0 && (is_gap(*text) || *text == ',' || *text == ';')) {
		text++;
		len--;
	}
	while (len > 0 &&
	    (is_gap(text[len - 1]) || text[len - 1] == ',' ||
	        text[len - 1] == ';'))
		len--;
	return pool_textn(pool, text, len);
}

static void
add(struct list *list, const char *name, const char *email)
{
	struct coauthor *c;

	if (*name == '\0' && *email == '\0')
		return;
	c = pool_grow(list->pool, list->at, list->count, sizeof(*c));
	c->name = name;
	c->email = email;
}

/* "Bob bob@x": a word with an "@" is an address, what is before it a name. */
static size_t
add_word(struct list *list, const char *value, size_t len, size_t at)
{
	size_t from = at, to = at, name, next;

	while (from > 0 && !is_gap(value[from - 1]))
		from--;
	while (to < len && !is_gap(value[to]))
		to++;
	name = from;
	next = to;
	while (from < to && strchr("([{\"'", value[from]))
		from++;
	while (to > from && strchr(")]}\"',;.", value[to - 1]))
		to--;
	add(list, trimmed(list->pool, value, name),
	    pool_textn(list->pool, value + from, to - from));
	return next;
}

static void
add_bare(struct list *list, const char *value, size_t len)
{
	const char *at = memchr(value, '@', len);

	if (!at)
		add(list, trimmed(list->pool, value, len), "");
	while (at) {
		size_t next = add_word(list, value, len, (size_t)(at - value));

		value += next;
		len -= next;
		at = memchr(value, '@', len);
	}
}

static void
add_value(struct list *list, const char *value, size_t len)
{
	const char *end = value + len, *open, *close;

	open = memchr(value, '<', len);
	if (!open) {
		add_bare(list, value, len);
		return;
	}
	for (; open; open = memchr(value, '<', (size_t)(end - value))) {
		close = memchr(open, '>', (size_t)(end - open));
		if (!close)
			close = end;
		add(list, trimmed(list->pool, value, (size_t)(open - value)),
		    trimmed(list->pool, open + 1, (size_t)(close - open - 1)));
		value = close < end ? close + 1 : end;
	}
}

static int
by_email(const void *a, const void *b)
{
	const struct coauthor *x = a, *y = b;
	int order = strcmp(x->email, y->email);

	return order ? order : strcmp(x->name, y->name);
}

static void
sort_once(struct coauthor *list, size_t *count)
{
	size_t kept = 0;

	if (*count == 0)
		return;
	qsort(list, *count, sizeof(*list), by_email);
	for (size_t i = 1; i < *count; i++)
		if (by_email(&list[kept], &list[i]) != 0)
			list[++kept] = list[i];
	*count = kept + 1;
}

static const char *
line_end(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));

	return lf ? lf + 1 : end;
}

void
coauthors(struct pool *pool, const char *message, size_t len,
    struct coauthor **list, size_t *count)
{
	struct list out = {list, count, pool};
	const char *end = message + len, *next;

	*list = NULL;
	*count = 0;
	for (const char *at = message; at < end; at = next) {
		size_t value, size;

		next = line_end(at, end);
		value = behind_key(at, (size_t)(next - at));
		if (value == 0)
			continue;
		size = (size_t)(next - at);
		/* Folded; but one such line may follow another, indented. */
		while (next < end && (*next == ' ' || *next == '\t') &&
		    behind_key(next, (size_t)(line_end(next, end) - next)) ==
		        0) {
			next = line_end(next, end);
			size = (size_t)(next - at);
		}
		add_value(&out, at + value, size - value);
	}
	sort_once(*list, count);
}
