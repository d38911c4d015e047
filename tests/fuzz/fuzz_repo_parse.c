/*
 * The bytes of Git's formats.  The first byte picks the format; what comes
 * out must lie inside what went in.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/edge/repo_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
need(bool holds)
{
	if (!holds)
		abort();
}

static void
commit(const char *data, size_t len)
{
	struct repo_parsed p;

	if (!repo_parse_commit(&p, data, len))
		return;
	need(p.tree > data && p.tree + 40 < data + len);
	need(p.date >= 0);
	for (size_t i = 0; i < p.parent_count; i++)
		need(repo_parsed_parent(&p, i) + 40 < data + len);
}

static void
tree(const char *data, size_t len)
{
	const char *at = data, *end = data + len;
	struct repo_entry e, before = {0};

	while (repo_parse_entry(&e, &at, end) == 1) {
		need(e.name > data && e.len > 0 && at <= end);
		need((const char *)e.id + 20 == at);
		need(memchr(e.name, '/', e.len) == NULL);
		if (before.name != NULL)
			need((repo_entry_order(&before, &e) < 0) ==
			    (repo_entry_order(&e, &before) > 0));
		before = e;
	}
}

static void
alternates(const char *text, char separator)
{
	struct buf path = {0};

	while (*text != '\0') {
		const char *next = repo_parse_alternate(&path, text, separator);

		need(next > text && path.len <= (size_t)(next - text));
		text = next;
	}
	buf_free(&path);
}

static void
packed(const char *data, size_t len)
{
	const char *end = data + len;
	struct repo_packed p;

	for (const char *at = data; at != NULL && at < end;) {
		if (repo_parse_packed(&p, at, end))
			need(p.oid == at && p.name + p.name_len < end &&
			    p.name_len > 0);
		at = memchr(at, '\n', (size_t)(end - at));
		at = at != NULL ? at + 1 : NULL;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;
	size_t len;

	if (size == 0)
		return 0;
	len = size - 1;
	text = malloc(len + 1);
	if (text == NULL)
		return 0;
	memcpy(text, data + 1, len);
	text[len] = '\0';
	switch (data[0]) {
	case 'c':
		commit(text, len);
		break;
	case 't':
		tree(text, len);
		break;
	case 'a':
		alternates(text, ':');
		alternates(text, '\n');
		break;
	case 'p':
		packed(text, len);
		break;
	default:
		if (repo_ref_name_ok(text))
			need(text[0] == 'H' || text[0] == 'r');
		break;
	}
	free(text);
	return 0;
}
