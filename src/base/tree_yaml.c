/* The door to libyaml. */
#include "base/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "base/tree_quick.h"

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;
	struct pool *pool;
	const char *file;
	size_t nodes;
	struct err *err;
};

static int refuse_at(const struct reader *r, size_t line, size_t column,
    const char *format, ...) like_printf(4, 5);

/* Lines and columns are counted from 0 by libyaml and from 1 by people. */
static int
refuse_at(const struct reader *r, size_t line, size_t column,
    const char *format, ...)
{
	const struct tree at = {.file = r->file,
	    .line = (unsigned)line + 1,
	    .column = (unsigned)column + 1};
	char text[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return tree_error(&at, r->err, "%s", text);
}

/* What is wrong with the event in hand. */
static int
refuse(const struct reader *r, const char *why)
{
	yaml_mark_t at = r->event.start_mark;

	return refuse_at(r, at.line, at.column, "%s", why);
}

/*
 * Characters an editor shows otherwise than libyaml reads them.  NEL, LS and PS
 * end a line and so a comment in YAML 1.1; a control or a bidirectional
 * override can make one policy look like another.
 */
static bool
is_misleading(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') ||
	    (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	    c == 0xfeff;
}

static int
check_characters(const struct reader *r, const char *data, size_t len)
{
	size_t line = 0, column = 0;

	for (size_t at = 0, size; at < len; at += size) {
		uint32_t c;

		if (data[at] >= ' ' && data[at] < 0x7f) {
			column++;
			size = 1;
			continue;
		}
		size = text_char(data + at, len - at, &c);
		if (size == 0)
			return refuse_at(r, line, column, "not UTF-8");
		if (c == '\r' && at + 1 < len && data[at + 1] == '\n')
			continue;
		if (is_misleading(c))
			return refuse_at(r, line, column,
			    "the character U+%04X may not stand here",
			    (unsigned)c);
		column++;
		if (c == '\n') {
			line++;
			column = 0;
		}
	}
	return 0;
}

static int
refuse_syntax(const struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem == NULL ? "malformed" : p->problem;
	yaml_mark_t at = p->problem_mark;

	if (p->error == YAML_MEMORY_ERROR)
		err_fatal("out of memory");
	if (p->context == NULL)
		return refuse_at(r, at.line, at.column, "%s", problem);
	return refuse_at(r, at.line, at.column, "%s %s", problem, p->context);
}

static int
advance(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return 0;
	return refuse_syntax(r);
}

static const char *
anchor(const yaml_event_t *e)
{
	const yaml_char_t *name = NULL;

	if (e->type == YAML_SCALAR_EVENT)
		name = e->data.scalar.anchor;
	else if (e->type == YAML_SEQUENCE_START_EVENT)
		name = e->data.sequence_start.anchor;
	else if (e->type == YAML_MAPPING_START_EVENT)
		name = e->data.mapping_start.anchor;
	return (const char *)name;
}

static const char *
tag(const yaml_event_t *e)
{
	const yaml_char_t *name = NULL;

	if (e->type == YAML_SCALAR_EVENT)
		name = e->data.scalar.tag;
	else if (e->type == YAML_SEQUENCE_START_EVENT)
		name = e->data.sequence_start.tag;
	else if (e->type == YAML_MAPPING_START_EVENT)
		name = e->data.mapping_start.tag;
	return (const char *)name;
}

/* What may stand where a key or a value is due. */
static int
check_plain_core(const struct reader *r)
{
	const yaml_event_t *e = &r->event;

	if (e->type == YAML_ALIAS_EVENT)
		return refuse(r, "aliases (*name) are not used here");
	if (anchor(e) != NULL)
		return refuse(r, "anchors (&name) are not used here");
	if (tag(e) != NULL)
		return refuse(r, "tags (!name) are not used here");
	if (e->type == YAML_SCALAR_EVENT &&
	    memchr(e->data.scalar.value, 0, e->data.scalar.length) != NULL)
		return refuse(r, "a text holds a NUL");
	return 0;
}

static void
set_place(struct tree *t, yaml_mark_t at)
{
	t->line = (unsigned)at.line + 1;
	t->column = (unsigned)at.column + 1;
}

static const char *
copy_scalar(const struct reader *r)
{
	return pool_textn(r->pool, (const char *)r->event.data.scalar.value,
	    r->event.data.scalar.length);
}

static bool
is_plain_scalar(const yaml_event_t *e)
{
	return e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static int
read_key(struct reader *r, const char **key)
{
	if (check_plain_core(r) < 0)
		return -1;
	if (r->event.type != YAML_SCALAR_EVENT)
		return refuse(r, "a key must be a text");
	*key = copy_scalar(r);
	if (is_plain_scalar(&r->event) && **key == '\0')
		return refuse(r, "a key is missing");
	if (is_plain_scalar(&r->event) && strcmp(*key, "<<") == 0)
		return refuse(r, "merge keys (<<) are not used here");
	return 0;
}

static int
by_key_and_place(const void *a, const void *b)
{
	const struct tree *x = *(const struct tree *const *)a;
	const struct tree *y = *(const struct tree *const *)b;
	int order = strcmp(x->key, y->key);

	if (order != 0)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

/* Sorted, so that a mapping of a million keys takes no million million looks.
 */
static int
check_keys(const struct reader *r, const struct tree *map)
{
	const struct tree **sorted =
	    pool_array(r->pool, map->len, sizeof(const struct tree *));
	size_t n = 0;

	for (const struct tree *t = map->child; t != NULL; t = t->next)
		sorted[n++] = t;
	qsort(sorted, n, sizeof(const struct tree *), by_key_and_place);
	for (size_t i = 1; i < n; i++) {
		const struct tree *t = sorted[i];

		if (strcmp(t->key, sorted[i - 1]->key) == 0)
			return refuse_at(r, t->line - 1, t->column - 1,
			    "'%s' stands here twice, first in line %u",
			    text_safe_copy(r->pool, t->key, strlen(t->key), 60),
			    sorted[i - 1]->line);
	}
	return 0;
}

static struct tree *read_value(struct reader *r, unsigned depth);

/* Everything up to the end of the list or mapping that has just begun. */
static int
read_children(struct reader *r, unsigned depth, struct tree *t)
{
	bool map = t->kind == TREE_MAP;
	yaml_event_type_t end =
	    map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
	const struct tree **link = &t->child;

	for (;; t->len++) {
		const char *key = NULL;
		struct tree *child;
		yaml_mark_t at;

		if (advance(r) < 0)
			return -1;
		if (r->event.type == end)
			return map ? check_keys(r, t) : 0;
		at = r->event.start_mark;
		if (map && (read_key(r, &key) < 0 || advance(r) < 0))
			return -1;
		child = read_value(r, depth);
		if (child == NULL)
			return -1;
		if (map)
			set_place(child, at);
		child->key = key;
		*link = child;
		link = &child->next;
	}
}

/*
 * The value whose first event is in hand; `depth` collections are around it.
 * NULL when it is refused.
 */
static struct tree *
read_value(struct reader *r, unsigned depth)
{
	struct tree *t;

	if (check_plain_core(r) < 0)
		return NULL;
	if (++r->nodes > TREE_NODES_MAX) {
		refuse(r, "the document holds too many values");
		return NULL;
	}
	t = pool_alloc(r->pool, sizeof(*t));
	t->file = r->file;
	set_place(t, r->event.start_mark);
	if (r->event.type == YAML_SCALAR_EVENT) {
		t->kind = TREE_TEXT;
		t->plain = is_plain_scalar(&r->event);
		t->text = copy_scalar(r);
		t->len = r->event.data.scalar.length;
		return t;
	}
	if (depth == TREE_DEPTH_MAX) {
		refuse(r, "the document is nested too deeply");
		return NULL;
	}
	t->kind =
	    r->event.type == YAML_MAPPING_START_EVENT ? TREE_MAP : TREE_LIST;
	return read_children(r, depth + 1, t) < 0 ? NULL : t;
}

static int
check_no_directives(const struct reader *r)
{
	const yaml_event_t *e = &r->event;

	if (e->data.document_start.version_directive == NULL &&
	    e->data.document_start.tag_directives.start ==
	        e->data.document_start.tag_directives.end)
		return 0;
	return refuse(r, "directives (%name) are not used here");
}

/* The event behind the one that comes next. */
static int
advance_over_one(struct reader *r)
{
	return advance(r) < 0 ? -1 : advance(r);
}

/* Stream start, perhaps one document, stream end. */
static int
read_stream(struct reader *r, struct tree **out)
{
	if (advance_over_one(r) < 0)
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT) {
		*out = pool_alloc(r->pool, sizeof(**out));
		(*out)->file = r->file;
		set_place(*out, r->event.start_mark);
		return 0;
	}
	if (check_no_directives(r) < 0 || advance(r) < 0)
		return -1;
	*out = read_value(r, 0);
	if (*out == NULL || advance_over_one(r) < 0)
		return -1;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return refuse(r, "a second document begins");
	return 0;
}

int
tree_library_yaml(const struct tree **out, struct pool *pool, const char *data,
    size_t len, const char *file, struct err *err)
{
	struct reader r = {.pool = pool, .file = file, .err = err};
	struct tree *root = NULL;
	int ret;

	if (!yaml_parser_initialize(&r.parser))
		err_fatal("out of memory");
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)data,
	    len);
	ret = read_stream(&r, &root);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	if (ret == 0)
		*out = root;
	return ret;
}

int
tree_parse_yaml(const struct tree **out, struct pool *pool, const char *data,
    size_t len, const char *file, struct err *err)
{
	struct reader r = {.pool = pool, .file = file, .err = err};

	if (len > TREE_SIZE_MAX)
		return err_set(err, ERR_CONFIG, "%s: more than %d bytes", file,
		    TREE_SIZE_MAX);
	if (check_characters(&r, data, len) < 0)
		return -1;
	if (tree_quick_yaml(out, pool, data, len, file))
		return 0;
	return tree_library_yaml(out, pool, data, len, file, err);
}
