/*
 * YAML by lines: what is indented deeper belongs to the line above.
 *
 * Places are libyaml's: of a mapping's child its key's, of a list's child that
 * of its first character.
 */
#include "base/tree_quick.h"

#include "base/yaml_line.h"

static bool read_block(struct yaml_line *r, unsigned depth, struct tree *t);

static size_t
indent(const struct yaml_line *r)
{
	return (size_t)(r->at - r->line);
}

/* To the first character of the next line that holds one. */
static void
skip_empty_lines(struct yaml_line *r)
{
	while (r->at < r->end) {
		if (!yaml_skip_rest(r))
			return;
		if (r->at < r->end) {
			r->line = ++r->at;
			r->line_number++;
		}
	}
}

/* A value that begins in this line and ends with it. */
static bool
read_in_line(struct yaml_line *r, unsigned depth, struct tree *t)
{
	bool known = *r->at == '[' || *r->at == '{' ? yaml_brackets(r, depth, t)
	                                            : yaml_scalar(r, false, t);

	return known && yaml_skip_rest(r);
}

/* What a key or a dash in column `column` has below it, or nothing. */
static bool
read_below(struct yaml_line *r, unsigned depth, size_t outer, struct tree *t)
{
	skip_empty_lines(r);
	if (r->at < r->end && indent(r) > outer)
		return read_block(r, depth, t);
	if (r->at < r->end && indent(r) == outer && *r->at == '-')
		return false;
	t->kind = TREE_TEXT;
	t->plain = true;
	t->text = "";
	return true;
}

static struct tree *
read_entry(struct yaml_line *r, unsigned depth, size_t outer)
{
	struct tree *t = yaml_node(r);
	const char *key = t == NULL ? NULL : yaml_key(r, false);

	if (key == NULL)
		return NULL;
	t->key = key;
	if (yaml_skip_rest(r))
		return read_below(r, depth, outer, t) ? t : NULL;
	return read_in_line(r, depth, t) ? t : NULL;
}

static bool
read_block_map(struct yaml_line *r, unsigned depth, struct tree *t)
{
	const struct tree **link = &t->child;
	size_t outer = indent(r);

	t->kind = TREE_MAP;
	for (;;) {
		struct tree *child = read_entry(r, depth, outer);

		if (child == NULL)
			return false;
		*link = child;
		link = &child->next;
		t->len++;
		skip_empty_lines(r);
		if (r->at == r->end || indent(r) < outer)
			return yaml_keys_differ(r, t);
		if (indent(r) > outer)
			return false;
	}
}

/* The item behind a dash: in brackets, a text, or a mapping that begins. */
static bool
read_item(struct yaml_line *r, unsigned depth, struct tree *t)
{
	const char *from = r->at;
	bool is_key;

	if (*r->at == '[' || *r->at == '{')
		return read_in_line(r, depth, t);
	is_key = yaml_key(r, false) != NULL;
	r->at = from;
	return is_key ? read_block_map(r, depth + 1, t)
	              : read_in_line(r, depth, t);
}

static bool
read_block_list(struct yaml_line *r, unsigned depth, struct tree *t)
{
	const struct tree **link = &t->child;
	size_t outer = indent(r);

	t->kind = TREE_LIST;
	for (;;) {
		struct tree *child;

		r->at++;
		if (r->at == r->end || *r->at != ' ')
			return false;
		yaml_skip_spaces(r);
		if (yaml_line_ends(r) || (child = yaml_node(r)) == NULL ||
		    !read_item(r, depth, child))
			return false;
		*link = child;
		link = &child->next;
		t->len++;
		skip_empty_lines(r);
		if (r->at == r->end || indent(r) < outer)
			return true;
		if (indent(r) > outer || *r->at != '-')
			return false;
	}
}

/* The list or mapping whose first character is next. */
static bool
read_block(struct yaml_line *r, unsigned depth, struct tree *t)
{
	if (depth == QUICK_YAML_DEPTH_MAX)
		return false;
	return *r->at == '-' ? read_block_list(r, depth + 1, t)
	                     : read_block_map(r, depth + 1, t);
}

/* Tabs, CR and the last three-byte characters have rules of their own. */
static bool
is_common(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)data[i] < ' ' && data[i] != '\n') ||
		    (unsigned char)data[i] == 0x7f ||
		    (unsigned char)data[i] == 0xef)
			return false;
	return true;
}

bool
tree_quick_yaml(const struct tree **out, struct pool *pool, const char *data,
    size_t len, const char *file)
{
	struct yaml_line r = {.at = data,
	    .end = data + len,
	    .line = data,
	    .line_number = 1,
	    .pool = pool,
	    .file = file};
	struct tree *t;

	if (len == 0 || len > TREE_SIZE_MAX || !is_common(data, len))
		return false;
	skip_empty_lines(&r);
	if (r.at == r.end || indent(&r) != 0 || *r.at == '-')
		return false;
	t = yaml_node(&r);
	if (!read_block(&r, 0, t) || r.at != r.end)
		return false;
	*out = t;
	return true;
}
