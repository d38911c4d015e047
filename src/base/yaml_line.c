/* Scalars, keys, and what stands in brackets. */
#include "base/yaml_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/tree_quick.h"

#define FEW_KEYS 12 /* compared each with each */

/* Bytes are counted where they agree with characters: trails of UTF-8 not. */
static unsigned
column(const struct yaml_line *r)
{
	unsigned n = 1;

	for (const char *c = r->line; c < r->at; c++)
		n += ((unsigned char)*c & 0xc0) != 0x80;
	return n;
}

struct tree *
yaml_node(struct yaml_line *r)
{
	struct tree *t;

	if (++r->nodes > TREE_NODES_MAX)
		return NULL;
	t = pool_alloc(r->pool, sizeof(*t));
	t->file = r->file;
	t->line = r->line_number;
	t->column = column(r);
	return t;
}

bool
yaml_line_ends(const struct yaml_line *r)
{
	return r->at == r->end || *r->at == '\n';
}

void
yaml_skip_spaces(struct yaml_line *r)
{
	while (r->at < r->end && *r->at == ' ')
		r->at++;
}

/* Spaces, and a comment that spaces or nothing stand before; then the end. */
bool
yaml_skip_rest(struct yaml_line *r)
{
	const char *from = r->at;

	yaml_skip_spaces(r);
	if (r->at < r->end && *r->at == '#' &&
	    (r->at > from || from == r->line))
		while (!yaml_line_ends(r))
			r->at++;
	return yaml_line_ends(r);
}

/* ---- scalars ---- */

static bool
begins_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("_./~", c) != NULL);
}

/* A character that a plain text may hold at `c`, what follows considered. */
static bool
goes_on_plain(const struct yaml_line *r, const char *c, bool inside)
{
	char next = c + 1 < r->end ? c[1] : '\n';

	if (*c == '\n' || (*c == '#' && c[-1] == ' '))
		return false;
	if (*c == ':')
		return next != ' ' && next != '\n' && !inside;
	return !inside || strchr(",[]{}?", *c) == NULL;
}

static bool
read_plain(struct yaml_line *r, bool inside, const char **from, size_t *len)
{
	const char *c = r->at;

	if (c == r->end || !begins_plain(*c))
		return false;
	while (c < r->end && goes_on_plain(r, c, inside))
		c++;
	while (c[-1] == ' ')
		c--;
	*from = r->at;
	*len = (size_t)(c - r->at);
	r->at = c;
	return true;
}

/* Quoted, without a quote or backslash inside, on one line. */
static bool
read_quoted(struct yaml_line *r, const char **from, size_t *len)
{
	char quote = *r->at++;

	*from = r->at;
	while (!yaml_line_ends(r) && *r->at != quote && *r->at != '\\')
		r->at++;
	if (yaml_line_ends(r) || *r->at != quote)
		return false;
	*len = (size_t)(r->at++ - *from);
	return r->at == r->end || *r->at != quote;
}

static bool
is_quote(const struct yaml_line *r)
{
	return r->at < r->end && (*r->at == '"' || *r->at == '\'');
}

bool
yaml_scalar(struct yaml_line *r, bool inside, struct tree *t)
{
	const char *from;

	t->kind = TREE_TEXT;
	t->plain = !is_quote(r);
	if (t->plain ? !read_plain(r, inside, &from, &t->len)
	             : !read_quoted(r, &from, &t->len))
		return false;
	t->text = pool_textn(r->pool, from, t->len);
	return true;
}

/* A key and its colon, and that something may follow. */
const char *
yaml_key(struct yaml_line *r, bool inside)
{
	const char *from;
	size_t len;

	if (is_quote(r) ? !read_quoted(r, &from, &len)
	                : !read_plain(r, inside, &from, &len))
		return NULL;
	if (len > QUICK_YAML_KEY_MAX || r->at == r->end || *r->at != ':')
		return NULL;
	r->at++;
	if (r->at < r->end && *r->at != ' ' && *r->at != '\n')
		return NULL;
	return pool_textn(r->pool, from, len);
}

/* ---- mappings ---- */

static int
by_key(const void *a, const void *b)
{
	const struct tree *x = *(const struct tree *const *)a;
	const struct tree *y = *(const struct tree *const *)b;

	return strcmp(x->key, y->key);
}

bool
yaml_keys_differ(struct yaml_line *r, const struct tree *map)
{
	const struct tree **list;
	size_t n = 0;

	if (map->len <= FEW_KEYS) {
		for (const struct tree *t = map->child; t != NULL; t = t->next)
			for (const struct tree *u = map->child; u != t;
			     u = u->next)
				if (strcmp(t->key, u->key) == 0)
					return false;
		return true;
	}
	list = pool_array(r->pool, map->len, sizeof(const struct tree *));
	for (const struct tree *t = map->child; t != NULL; t = t->next)
		list[n++] = t;
	qsort(list, n, sizeof(const struct tree *), by_key);
	for (size_t i = 1; i < n; i++)
		if (strcmp(list[i]->key, list[i - 1]->key) == 0)
			return false;
	return true;
}

/* ---- brackets ---- */

static bool
read_inside(struct yaml_line *r, unsigned depth, struct tree *t)
{
	if (r->at < r->end && (*r->at == '[' || *r->at == '{'))
		return yaml_brackets(r, depth, t);
	return yaml_scalar(r, true, t);
}

static struct tree *
read_member(struct yaml_line *r, unsigned depth, bool map)
{
	const char *key = NULL;
	struct tree *t;

	yaml_skip_spaces(r);
	t = yaml_node(r);
	if (t == NULL || (map && (key = yaml_key(r, true)) == NULL))
		return NULL;
	yaml_skip_spaces(r);
	if (!read_inside(r, depth, t))
		return NULL;
	t->key = key;
	yaml_skip_spaces(r);
	return t;
}

/* From the opening bracket to the closing one, on one line. */
bool
yaml_brackets(struct yaml_line *r, unsigned depth, struct tree *t)
{
	bool map = *r->at++ == '{';
	const struct tree **link = &t->child;
	char close = map ? '}' : ']';

	if (depth == QUICK_YAML_DEPTH_MAX)
		return false;
	t->kind = map ? TREE_MAP : TREE_LIST;
	yaml_skip_spaces(r);
	if (r->at < r->end && *r->at == close) {
		r->at++;
		return true;
	}
	for (;;) {
		struct tree *child = read_member(r, depth + 1, map);

		if (child == NULL || r->at == r->end)
			return false;
		*link = child;
		link = &child->next;
		t->len++;
		if (*r->at == close)
			break;
		if (*r->at++ != ',')
			return false;
	}
	r->at++;
	return !map || yaml_keys_differ(r, t);
}
