/*
 * The door to jansson.
 *
 * Reading is on the hot paths, so nothing is copied and nothing is freed:
 * jansson takes its memory from the very pool the document is for, the texts it
 * makes stay where they are, and the nodes point to them.
 */
#include "base/tree.h"

#include <assert.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/tree_quick.h"

/* Where jansson's memory comes from while this thread parses. */
static _Thread_local struct pool *memory;

static void *
take(size_t size)
{
	assert(memory != NULL);
	return pool_alloc(memory, size);
}

static void
give_back(void *data)
{
	(void)data;
}

static void
set_memory(void)
{
	json_set_alloc_funcs(take, give_back);
}

/*
 * Depth and nodes, counted before jansson takes memory for any: in JSON each
 * node but the first of a list or mapping has a comma in front.  What is no
 * JSON may be counted wrongly here, and is refused by jansson.
 */
static int
check_bounds(const char *data, size_t len, const char *file, struct err *err)
{
	size_t nodes = 1, depth = 0;
	bool inside = false;

	for (size_t i = 0; i < len; i++) {
		char c = data[i];

		if (inside) {
			if (c == '\\')
				i++;
			else if (c == '"')
				inside = false;
			continue;
		}
		if (c == '"')
			inside = true;
		else if (c == '[' || c == '{')
			nodes++, depth++;
		else if (c == ',')
			nodes++;
		else if ((c == ']' || c == '}') && depth > 0)
			depth--;
		if (depth > TREE_DEPTH_MAX)
			return err_set(err, ERR_INPUT,
			    "%s: deeper than %d levels", file, TREE_DEPTH_MAX);
		if (nodes > TREE_NODES_MAX)
			return err_set(err, ERR_INPUT,
			    "%s: more than %d values", file, TREE_NODES_MAX);
	}
	return 0;
}

struct copy {
	struct pool *pool;
	const char *file;
};

static void add_children(const struct copy *c, struct tree *t, json_t *json);

/* The shortest text that is the same double again. */
static void
set_real(const struct copy *c, struct tree *t, double real)
{
	char text[40];
	int len = 0;

	for (int digits = 15; digits <= 17; digits++) {
		len = snprintf(text, sizeof(text), "%.*g", digits, real);
		if (strtod(text, NULL) == real)
			break;
	}
	t->kind = TREE_TEXT;
	t->len = (size_t)len;
	t->text = pool_textn(c->pool, text, t->len);
}

static struct tree *
node(const struct copy *c, json_t *json)
{
	struct tree *t = pool_alloc(c->pool, sizeof(*t));

	t->file = c->file;
	switch (json_typeof(json)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		add_children(c, t, json);
		break;
	case JSON_STRING:
		t->kind = TREE_TEXT;
		t->text = json_string_value(json);
		t->len = json_string_length(json);
		break;
	case JSON_INTEGER:
		t->kind = TREE_NUMBER;
		t->number = json_integer_value(json);
		break;
	case JSON_REAL:
		set_real(c, t, json_real_value(json));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		t->kind = TREE_BOOL;
		t->boolean = json_is_true(json);
		break;
	case JSON_NULL:
		break;
	}
	return t;
}

static void
add_children(const struct copy *c, struct tree *t, json_t *json)
{
	const struct tree **end = &t->child;
	struct tree *child;
	const char *key;
	json_t *value;
	size_t i;

	t->kind = json_is_object(json) ? TREE_MAP : TREE_LIST;
	json_object_foreach(json, key, value)
	{
		child = node(c, value);
		child->key = key;
		*end = child;
		end = &child->next;
		t->len++;
	}
	json_array_foreach(json, i, value)
	{
		child = node(c, value);
		*end = child;
		end = &child->next;
		t->len++;
	}
}

static int
refuse(const json_error_t *why, struct pool *pool, const char *file,
    struct err *err)
{
	const char *text =
	    text_safe_copy(pool, why->text, strlen(why->text), 160);

	if (why->line < 1)
		return err_set(err, ERR_INPUT, "%s: %s", file, text);
	return err_set(err, ERR_INPUT, "%s:%d:%d: %s", file, why->line,
	    why->column, text);
}

int
tree_library_json(const struct tree **out, struct pool *pool, const char *data,
    size_t len, const char *file, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct copy copy = {pool, file};
	json_error_t why;
	json_t *json;

	if (len > TREE_SIZE_MAX)
		return err_set(err, ERR_INPUT, "%s: more than %d bytes", file,
		    TREE_SIZE_MAX);
	/* jansson 2.14 passes over a NUL behind a number. */
	if (len > 0 && memchr(data, 0, len) != NULL)
		return err_set(err, ERR_INPUT, "%s: a NUL", file);
	if (check_bounds(data, len, file, err) < 0)
		return -1;
	if (pthread_once(&once, set_memory) != 0)
		err_fatal("jansson could not be set up");
	memory = pool;
	json = json_loadb(data, len, JSON_REJECT_DUPLICATES, &why);
	memory = NULL;
	if (json == NULL)
		return refuse(&why, pool, file, err);
	*out = node(&copy, json);
	return 0;
}

int
tree_parse_json(const struct tree **out, struct pool *pool, const char *data,
    size_t len, const char *file, struct err *err)
{
	if (tree_quick_json(out, pool, data, len, file))
		return 0;
	return tree_library_json(out, pool, data, len, file, err);
}
