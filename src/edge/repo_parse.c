#include "repo_parse.h"

#include <string.h>

#include "base/text.h"
#include "edge/repo.h"

#define HEX_LEN 40
#define RAW_LEN 20
#define PARENT_LINE (sizeof("parent ") - 1 + HEX_LEN + 1)

static bool
is_hex(const char *at, size_t left)
{
	if (left < HEX_LEN)
		return false;
	for (size_t i = 0; i < HEX_LEN; i++)
		if (!((at[i] >= '0' && at[i] <= '9') ||
		        (at[i] >= 'a' && at[i] <= 'f')))
			return false;
	return true;
}

/* "<word> <40 hex>\n" */
static bool
is_id_line(const char *at, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - at) > len + HEX_LEN &&
	    memcmp(at, word, len) == 0 &&
	    is_hex(at + len, (size_t)(end - at) - len) &&
	    at[len + HEX_LEN] == '\n';
}

/* The number behind the last ">" of an identity's line. */
static int64_t
date_of(const char *line, const char *end)
{
	int64_t date = 0;
	const char *at = end;

	while (at > line && at[-1] != '>')
		at--;
	if (at == line)
		return 0;
	while (at < end && *at == ' ')
		at++;
	for (; at < end && *at >= '0' && *at <= '9'; at++) {
		if (date > INT64_MAX / 10 - 1)
			return 0;
		date = date * 10 + (*at - '0');
	}
	return date;
}

static int64_t
committer_date(const char *at, const char *end)
{
	static const char word[] = "committer ";

	while (at < end && *at != '\n') {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (stop == NULL)
			stop = end;
		if ((size_t)(stop - at) > sizeof(word) &&
		    memcmp(at, word, sizeof(word) - 1) == 0)
			return date_of(at, stop);
		at = stop < end ? stop + 1 : end;
	}
	return 0;
}

bool
repo_parse_commit(struct repo_parsed *out, const char *raw, size_t len)
{
	const char *at = raw, *end = raw + len;

	memset(out, 0, sizeof(*out));
	if (!is_id_line(at, end, "tree "))
		return false;
	out->tree = at + sizeof("tree ") - 1;
	at = out->tree + HEX_LEN + 1;
	out->parents = at;
	while (is_id_line(at, end, "parent ")) {
		out->parent_count++;
		at += PARENT_LINE;
	}
	/* A parent that is no parent must not shorten a history in silence. */
	if ((size_t)(end - at) >= 7 && memcmp(at, "parent ", 7) == 0)
		return false;
	out->date = committer_date(at, end);
	return true;
}

const char *
repo_parsed_parent(const struct repo_parsed *p, size_t n)
{
	return p->parents + n * PARENT_LINE + sizeof("parent ") - 1;
}

int
repo_parse_entry(struct repo_entry *out, const char **at, const char *end)
{
	const char *p = *at, *stop;
	unsigned mode = 0;

	if (p == end)
		return 0;
	for (; p < end && *p >= '0' && *p <= '7' && mode <= 0177777; p++)
		mode = mode * 8 + (unsigned)(*p - '0');
	if (p == *at || p == end || *p != ' ' || mode == 0 || mode > 0177777)
		return -1;
	p++;
	stop = memchr(p, '\0', (size_t)(end - p));
	if (stop == NULL || stop == p || end - stop <= RAW_LEN ||
	    memchr(p, '/', (size_t)(stop - p)) != NULL)
		return -1;
	out->name = p;
	out->len = (size_t)(stop - p);
	out->mode = mode;
	out->id = (const unsigned char *)stop + 1;
	*at = stop + 1 + RAW_LEN;
	return 1;
}

bool
repo_entry_is_tree(const struct repo_entry *e)
{
	return (e->mode & REPO_MODE_KIND) == REPO_MODE_TREE;
}

static int
byte_behind(const struct repo_entry *e, size_t at)
{
	if (at < e->len)
		return (unsigned char)e->name[at];
	return repo_entry_is_tree(e) ? '/' : 0;
}

int
repo_entry_order(const struct repo_entry *a, const struct repo_entry *b)
{
	size_t least = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->name, b->name, least);

	if (order != 0)
		return order;
	return byte_behind(a, least) - byte_behind(b, least);
}

static bool
unquote_octal(struct buf *out, const char *at)
{
	unsigned value = 0;

	for (size_t i = 0; i < 3; i++) {
		if (at[i] < '0' || at[i] > (i == 0 ? '3' : '7'))
			return false;
		value = value * 8 + (unsigned)(at[i] - '0');
	}
	buf_char(out, (char)value);
	return true;
}

/* Behind the closing quote, or NULL where this is no C-quoted text. */
static const char *
unquote(struct buf *out, const char *at)
{
	static const char letters[] = "abfnrtv\\\"";
	static const char means[] = "\a\b\f\n\r\t\v\\\"";
	const char *letter;

	for (at++; *at != '"'; at++) {
		if (*at == '\0')
			return NULL;
		if (*at != '\\') {
			buf_char(out, *at);
			continue;
		}
		at++;
		letter = *at != '\0' ? strchr(letters, *at) : NULL;
		if (letter != NULL)
			buf_char(out, means[letter - letters]);
		else if (unquote_octal(out, at))
			at += 2;
		else
			return NULL;
	}
	return at + 1;
}

const char *
repo_parse_alternate(struct buf *out, const char *at, char separator)
{
	const char *stop = NULL;

	buf_clear(out);
	if (*at == '"') {
		stop = unquote(out, at);
		if (stop == NULL)
			buf_clear(out);
	}
	if (stop == NULL) {
		stop = strchr(at, separator);
		if (stop == NULL)
			stop = at + strlen(at);
		if (*at != '#')
			buf_add(out, at, (size_t)(stop - at));
	}
	return *stop != '\0' ? stop + 1 : stop;
}

bool
repo_parse_packed(struct repo_packed *out, const char *at, const char *end)
{
	const char *stop = memchr(at, '\n', (size_t)(end - at));

	if (stop == NULL || stop - at < HEX_LEN + 2 || at[HEX_LEN] != ' ' ||
	    !is_hex(at, (size_t)(stop - at)))
		return false;
	out->oid = at;
	out->name = at + HEX_LEN + 1;
	out->name_len = (size_t)(stop - out->name);
	return true;
}

/* The part of a name between slashes, `len` bytes. */
static bool
part_ok(const char *part, size_t len)
{
	if (len == 0 || part[0] == '.')
		return false;
	if (len >= 5 && memcmp(part + len - 5, ".lock", 5) == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)part[i];

		if (c <= ' ' || c == 0x7f || strchr("~^:?*[\\", c) != NULL)
			return false;
		if (c == '.' && i + 1 < len && part[i + 1] == '.')
			return false;
		if (c == '@' && i + 1 < len && part[i + 1] == '{')
			return false;
	}
	return true;
}

bool
repo_ref_name_ok(const char *name)
{
	if (strcmp(name, "HEAD") == 0)
		return true;
	if (!text_starts(name, "refs/") || strlen(name) > REPO_REF_NAME_MAX)
		return false;
	for (const char *at = name;;) {
		size_t len = strcspn(at, "/");

		if (!part_ok(at, len))
			return false;
		if (at[len] == '\0')
			return at[len - 1] != '.';
		at += len + 1;
	}
}
