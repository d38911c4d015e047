/* Names, ids, commits, refs and instants, out of a body. */
#include "payload_parts.h"

#include <string.h>

#include "base/text.h"
#include "core/secret.h"

static const struct tree *
node_at(const struct tree *t, const char *path)
{
	return t == NULL ? NULL : tree_path(t, path);
}

/* A text of 1 to `most` bytes, none of them a NUL. */
static const char *
short_text(const struct tree *t, size_t most)
{
	if (t == NULL || t->kind != TREE_TEXT || t->len == 0 || t->len > most ||
	    strlen(t->text) != t->len)
		return NULL;
	return t->text;
}

const char *
payload_name(const struct tree *t, const char *path)
{
	return short_text(node_at(t, path), OBSERVED_NAME);
}

const char *
payload_id(const struct tree *t, const char *path)
{
	t = node_at(t, path);
	if (t != NULL && t->kind == TREE_NUMBER && t->len <= OBSERVED_NAME)
		return t->text;
	return short_text(t, OBSERVED_NAME);
}

/* At most `most` bytes, cut between two characters. */
static size_t
cut(const char *text, size_t len, size_t most)
{
	if (len <= most)
		return len;
	while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

static const char *
written(struct payload_reader *r, const struct tree *t, size_t most)
{
	struct secret_hits hits;
	char *text;
	size_t len;

	if (t == NULL || t->kind != TREE_TEXT)
		return NULL;
	len = cut(t->text, t->len, most);
	secret_scan(&hits, r->pool, t->text, len);
	if (hits.count > 0)
		return pool_printf(r->pool, "(left out: it holds %s)",
		    hits.list[0].kind);
	text = pool_textn(r->pool, t->text, len);
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0')
			text[i] = '?';
	return text;
}

const char *
payload_text(struct payload_reader *r, const struct tree *t, const char *path)
{
	return written(r, node_at(t, path), OBSERVED_TEXT);
}

const char *
payload_title(struct payload_reader *r, const struct tree *t, const char *path)
{
	return written(r, node_at(t, path), OBSERVED_NAME);
}

const char *
payload_oid(const struct tree *t, const char *path)
{
	const char *name = payload_name(t, path);

	return name != NULL && text_is_oid(name) ? name : NULL;
}

const char *
payload_oid_behind(const struct tree *t, const char *path)
{
	const char *address = short_text(node_at(t, path), OBSERVED_REF);
	const char *slash = address == NULL ? NULL : strrchr(address, '/');

	return slash != NULL && text_is_oid(slash + 1) ? slash + 1 : NULL;
}

static bool
is_abbreviated(const char *name)
{
	size_t len = strlen(name);

	for (const char *c = name; *c != '\0'; c++)
		if ((*c < '0' || *c > '9') && (*c < 'a' || *c > 'f'))
			return false;
	return len >= 7 && len < 64 && len != 40;
}

const char *
payload_short_oid(const struct tree *t, const char *path)
{
	const char *name = payload_name(t, path);

	return name != NULL && is_abbreviated(name) ? name : NULL;
}

const char *
payload_ref(const struct tree *t, const char *path)
{
	const char *ref = short_text(node_at(t, path), OBSERVED_REF);

	return ref != NULL && text_starts(ref, "refs/") ? ref : NULL;
}

static const char *
full_ref(struct payload_reader *r, const struct tree *t, const char *path,
    const char *prefix)
{
	const char *name =
	    short_text(node_at(t, path), OBSERVED_REF - strlen(prefix));

	return name == NULL ? NULL : pool_printf(r->pool, "%s%s", prefix, name);
}

const char *
payload_branch(struct payload_reader *r, const struct tree *t, const char *path)
{
	return full_ref(r, t, path, "refs/heads/");
}

const char *
payload_tag(struct payload_reader *r, const struct tree *t, const char *path)
{
	return full_ref(r, t, path, "refs/tags/");
}

const char *
payload_zeros(const char *like)
{
	static const char zeros[] = "00000000000000000000000000000000"
	                            "00000000000000000000000000000000";
	size_t len = like == NULL ? 40 : strlen(like);

	return zeros + (len == 64 ? 0 : 24);
}

/* "2013-12-03 17:15:43 UTC" and "...+1000" as RFC 3339 has them. */
static int64_t
loose_instant(const char *text)
{
	char plain[48];
	size_t len = strlen(text);
	int64_t instant;

	if (text_parse_instant(text, &instant))
		return instant;
	if (len < 20 || len > sizeof(plain) - 2)
		return 0;
	memcpy(plain, text, len + 1);
	if (plain[10] == ' ')
		plain[10] = 'T';
	if (text_ends(plain, " UTC")) {
		memcpy(plain + len - 4, "Z", 2);
	} else if (plain[len - 5] == '+' || plain[len - 5] == '-') {
		if (plain[len - 6] == ' ') {
			memmove(plain + len - 6, plain + len - 5, 6);
			len--;
		}
		memmove(plain + len - 1, plain + len - 2, 3);
		plain[len - 2] = ':';
	}
	return text_parse_instant(plain, &instant) ? instant : 0;
}

int64_t
payload_instant(const struct tree *t, const char *path)
{
	const char *text = payload_name(t, path);

	t = node_at(t, path);
	if (t != NULL && t->kind == TREE_NUMBER && t->number > 0)
		return t->number < 100000000000 ? t->number * 1000 : t->number;
	return text == NULL ? 0 : loose_instant(text);
}

bool
payload_is_true(const struct tree *t, const char *path)
{
	t = node_at(t, path);
	return t != NULL && t->kind == TREE_BOOL && t->boolean;
}

const char *
payload_join(struct payload_reader *r, const char *a, const char *between,
    const char *b)
{
	if (a == NULL || b == NULL)
		return NULL;
	a = pool_printf(r->pool, "%s%s%s", a, between, b);
	return strlen(a) > OBSERVED_NAME ? NULL : a;
}
