#include "core/look.h"

#include <string.h>

#include "base/text.h"
#include "base/tree.h"

struct head {
	unsigned status;
	size_t len;    /* with the empty line behind it */
	size_t length; /* of the body */
};

/* Digits alone, at most `most`. */
static bool
read_number(const char *at, const char *end, size_t most, size_t *out)
{
	size_t n = 0;

	if (at == end)
		return false;
	for (; at < end; at++) {
		if (*at < '0' || *at > '9')
			return false;
		n = n * 10 + (size_t)(*at - '0');
		if (n > most)
			return false;
	}
	*out = n;
	return true;
}

/* The value of a header line that is `name`; NULL: it is another. */
static const char *
value_of(const char *line, const char *end, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		char c = '\0';

		if (line + i < end)
			c = line[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 'a' - 'A');
		if (c != name[i])
			return NULL;
	}
	line += len;
	while (line < end && *line == ' ')
		line++;
	return line;
}

static bool
read_lines(struct head *h, const char *data, const char *end)
{
	bool known = false;

	while (data < end) {
		const char *stop =
		    text_find(data, (size_t)(end - data), "\r\n");
		const char *value;

		if (stop == NULL)
			return false;
		if (value_of(data, stop, "transfer-encoding:") != NULL)
			return false;
		value = value_of(data, stop, "content-length:");
		if (value != NULL &&
		    (known ||
		        !read_number(value, stop, LOOK_ANSWER_MAX, &h->length)))
			return false;
		known = known || value != NULL;
		data = stop + 2;
	}
	return known;
}

static bool
read_head(struct head *h, const char *data, size_t len)
{
	const char *end = text_find(data, len, "\r\n\r\n");
	const char *line;
	size_t status;

	if (end == NULL || end - data > LOOK_HEAD_MAX)
		return false;
	h->len = (size_t)(end - data) + 4;
	line = text_find(data, h->len, "\r\n") + 2;
	if (h->len < 17 || memcmp(data, "HTTP/1.1 ", 9) != 0 ||
	    !read_number(data + 9, data + 12, 599, &status))
		return false;
	h->status = (unsigned)status;
	return read_lines(h, line, end + 2);
}

bool
look_is_whole(const char *data, size_t len)
{
	struct head h = {0};

	if (len > LOOK_ANSWER_MAX)
		return true;
	if (text_find(data, len, "\r\n\r\n") == NULL)
		return len > LOOK_HEAD_MAX;
	return !read_head(&h, data, len) || len >= h.len + h.length;
}

static const char *
first_failure(struct pool *pool, const struct tree *t)
{
	const struct tree *list = tree_get(t, "failed");
	const char *source, *why;

	if (list == NULL || list->kind != TREE_LIST || list->child == NULL)
		return NULL;
	source = tree_text(list->child, "source");
	why = tree_text(list->child, "why");
	return pool_printf(pool, "%s: %s", source != NULL ? source : "a source",
	    why != NULL ? why : "it did not answer");
}

static unsigned
count_of(const struct tree *t, const char *key)
{
	const struct tree *list = tree_get(t, key);

	return list != NULL && list->kind == TREE_LIST && list->len < 10000
	    ? (unsigned)list->len
	    : 0;
}

int
look_read(struct look_said *out, struct pool *pool, const char *data,
    size_t len, struct err *err)
{
	struct head h = {0};
	const struct tree *t;
	int64_t stored;

	*out = (struct look_said){0};
	if (len > LOOK_ANSWER_MAX || !read_head(&h, data, len) ||
	    len != h.len + h.length)
		return err_set(err, ERR_INPUT, "it gave half an answer");
	if (h.status != 200)
		return err_set(err, ERR_INPUT, "it answered with %u", h.status);
	if (tree_parse_json(&t, pool, data + h.len, h.length, "answer", err) <
	    0)
		return -1;
	stored = tree_number(t, "stored");
	if (tree_get(t, "stored") == NULL || stored < 0 || stored > 1000000)
		return err_set(err, ERR_INPUT, "it gave half an answer");
	out->stored = (unsigned)stored;
	out->asked = count_of(t, "asked");
	out->failed = first_failure(pool, t);
	return 0;
}
