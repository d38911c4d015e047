/* The grammar of RFC 8259, and which of it is wanted. */
#include "base/json_pick.h"

#include <string.h>

#include "base/text.h"
#include "json_pick_parts.h"

struct picker {
	const char *start, *at, *end;
	struct pool *pool;
	size_t nodes;
	struct json_keys keys;
	struct err *err;
};

static int read_value(struct picker *p, unsigned depth,
    const struct json_want *wants, struct tree *node);

static int
wrong(struct picker *p, const char *why)
{
	return err_set(p->err, ERR_INPUT, "not JSON at byte %zu: %s",
	    (size_t)(p->at - p->start), why);
}

static void
skip_space(struct picker *p)
{
	const char *at = p->at;

	while (at < p->end &&
	    (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
		at++;
	p->at = at;
}

static bool
take(struct picker *p, char c)
{
	skip_space(p);
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

static int
take_word(struct picker *p, const char *word, size_t len)
{
	if ((size_t)(p->end - p->at) < len || memcmp(p->at, word, len) != 0)
		return wrong(p, "a value was expected");
	p->at += len;
	return 0;
}

/* A node for what is wanted. */
static struct tree *
new_node(struct picker *p, struct tree *parent, const struct tree ***link)
{
	struct tree *node;

	if (p->nodes == JSON_PICK_NODES_MAX)
		return NULL;
	p->nodes++;
	node = pool_alloc(p->pool, sizeof(*node));
	node->file = "body";
	**link = node;
	*link = &node->next;
	parent->len++;
	return node;
}

static int
read_string(struct picker *p, struct json_text *text)
{
	const char *why;

	return json_text_scan(text, &p->at, p->end, &why) ? 0 : wrong(p, why);
}

static size_t
skip_digits(struct picker *p)
{
	const char *first = p->at;

	while (p->at < p->end && *p->at >= '0' && *p->at <= '9')
		p->at++;
	return (size_t)(p->at - first);
}

/* What `text` is as an integer, or 0. */
static int64_t
integer_of(const char *text)
{
	bool minus = *text == '-';
	uint64_t most = (uint64_t)INT64_MAX + (minus ? 1 : 0), n = 0;

	for (text += minus ? 1 : 0; *text != '\0'; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (*text < '0' || *text > '9' || n > (most - digit) / 10)
			return 0;
		n = n * 10 + digit;
	}
	return minus ? (int64_t)(0 - n) : (int64_t)n;
}

static int
skip_number(struct picker *p)
{
	const char *first;
	size_t digits;

	if (*p->at == '-')
		p->at++;
	first = p->at;
	digits = skip_digits(p);
	if (digits == 0 || (*first == '0' && digits > 1))
		return wrong(p, "a value was expected");
	if (p->at < p->end && *p->at == '.') {
		p->at++;
		if (skip_digits(p) == 0)
			return wrong(p, "a digit was expected");
	}
	if (p->at == p->end || (*p->at != 'e' && *p->at != 'E'))
		return 0;
	p->at++;
	if (p->at < p->end && (*p->at == '+' || *p->at == '-'))
		p->at++;
	return skip_digits(p) == 0 ? wrong(p, "a digit was expected") : 0;
}

static int
read_number(struct picker *p, struct tree *node)
{
	const char *first = p->at;

	if (skip_number(p) < 0)
		return -1;
	if (node == NULL)
		return 0;
	node->kind = TREE_NUMBER;
	node->len = (size_t)(p->at - first);
	node->text = pool_textn(p->pool, first, node->len);
	node->number = integer_of(node->text);
	return 0;
}

static int
read_text(struct picker *p, struct tree *node)
{
	struct json_text text;

	p->at++;
	if (read_string(p, &text) < 0)
		return -1;
	if (node == NULL)
		return 0;
	node->kind = TREE_TEXT;
	node->text = json_text_decode(p->pool, &text, &node->len);
	return 0;
}

static int
read_boolean(struct picker *p, struct tree *node)
{
	bool yes = *p->at == 't';

	if (take_word(p, yes ? "true" : "false", yes ? 4 : 5) < 0)
		return -1;
	if (node != NULL) {
		node->kind = TREE_BOOL;
		node->boolean = yes;
	}
	return 0;
}

static const struct json_want *
find_want(const struct json_want *wants, const char *key, size_t len)
{
	for (; wants->key != NULL; wants++)
		if (wants->len == len && memcmp(wants->key, key, len) == 0)
			return wants;
	return NULL;
}

/* One key with its value. */
static int
read_entry(struct picker *p, unsigned depth, const struct json_want *wants,
    struct tree *node, const struct tree ***link)
{
	const struct json_want *want = NULL;
	struct json_text text;
	struct tree *child = NULL;
	const char *key;
	size_t len;

	if (!take(p, '"'))
		return wrong(p, "a key was expected");
	if (read_string(p, &text) < 0)
		return -1;
	key = text.from;
	len = text.len;
	if (text.escapes)
		key = json_text_decode(p->pool, &text, &len);
	if (!json_keys_add(&p->keys, key, len))
		return wrong(p, "too many keys");
	if (!take(p, ':'))
		return wrong(p, "a colon was expected");
	if (wants != NULL)
		want = find_want(wants, key, len);
	if (want == NULL)
		return read_value(p, depth, NULL, NULL);
	child = new_node(p, node, link);
	if (child == NULL)
		return wrong(p, "too many values");
	child->key = want->key;
	return read_value(p, depth, want->inside, child);
}

static int
read_map(struct picker *p, unsigned depth, const struct json_want *wants,
    struct tree *node)
{
	const struct tree **link = node == NULL ? NULL : &node->child;
	const struct json_key *twice;
	size_t before = p->keys.count;

	if (node != NULL)
		node->kind = TREE_MAP;
	if (take(p, '}'))
		return 0;
	do
		if (read_entry(p, depth, wants, node, &link) < 0)
			return -1;
	while (take(p, ','));
	if (!take(p, '}'))
		return wrong(p, "a comma or } was expected");
	twice = json_keys_close(&p->keys, before);
	if (twice == NULL)
		return 0;
	return err_set(p->err, ERR_INPUT, "duplicate key \"%s\"",
	    text_safe_copy(p->pool, twice->key, twice->len, 64));
}

static int
read_list(struct picker *p, unsigned depth, const struct json_want *wants,
    struct tree *node)
{
	const struct tree **link = node == NULL ? NULL : &node->child;

	if (node != NULL)
		node->kind = TREE_LIST;
	if (take(p, ']'))
		return 0;
	do {
		struct tree *child = NULL;

		if (wants != NULL) {
			child = new_node(p, node, &link);
			if (child == NULL)
				return wrong(p, "too many values");
		}
		if (read_value(p, depth, wants, child) < 0)
			return -1;
	} while (take(p, ','));
	return take(p, ']') ? 0 : wrong(p, "a comma or ] was expected");
}

/*
 * `depth` collections are around it.  `node` is NULL where it is only looked
 * at, and then nothing is wanted of it.
 */
static int
read_value(struct picker *p, unsigned depth, const struct json_want *wants,
    struct tree *node)
{
	skip_space(p);
	if (p->at == p->end)
		return wrong(p, "it ends too soon");
	switch (*p->at) {
	case '"':
		return read_text(p, node);
	case '{':
	case '[':
		if (depth == JSON_PICK_DEPTH_MAX)
			return wrong(p, "too deep");
		return *p->at++ == '{' ? read_map(p, depth + 1, wants, node)
		                       : read_list(p, depth + 1, wants, node);
	case 't':
	case 'f':
		return read_boolean(p, node);
	case 'n':
		return take_word(p, "null", 4);
	default:
		return read_number(p, node);
	}
}

int
json_pick(const struct tree **out, struct pool *pool,
    const struct json_want *wants, const char *data, size_t len,
    struct err *err)
{
	struct picker p; /* most of it is room that is not looked at */
	struct tree *root;

	p.start = p.at = data;
	p.end = data + len;
	p.pool = pool;
	p.nodes = 0;
	p.err = err;
	json_keys_start(&p.keys, pool);
	if (len > JSON_PICK_SIZE_MAX)
		return err_set(err, ERR_INPUT, "more than %d bytes",
		    JSON_PICK_SIZE_MAX);
	skip_space(&p);
	if (p.at == p.end || (*p.at != '{' && *p.at != '['))
		return wrong(&p, "a mapping or list was expected");
	root = pool_alloc(pool, sizeof(*root));
	root->file = "body";
	if (read_value(&p, 0, wants, root) < 0)
		return -1;
	skip_space(&p);
	if (p.at != p.end)
		return wrong(&p, "something stands behind the document");
	*out = root;
	return 0;
}
