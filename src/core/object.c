#include "core/object.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/encoding.h"

/* One object being read: what is left of its header lines. */
struct reader {
	struct pool *pool;
	const char *at, *end; /* header lines, the last LF counted in */
	const char *what;     /* "commit" or "tag" */
	size_t oid_len;       /* of the first object id; all are of one kind */
	const char **defect;
	struct err *err;
};

/* A header line; `full` reaches to the end of its continuation lines. */
struct header {
	const char *line;
	size_t len; /* of the first line, without LF */
	size_t full;
};

static int defective(struct reader *r, const char *defect, const char *format,
    ...) like_printf(3, 4);

static int
defective(struct reader *r, const char *defect, const char *format, ...)
{
	struct err why = {0};
	va_list ap;

	*r->defect = defect;
	va_start(ap, format);
	(void)vsnprintf(why.text, sizeof(why.text), format, ap);
	va_end(ap);
	return err_set(r->err, ERR_INPUT, "malformed %s object: %s", r->what,
	    why.text);
}

static struct header
header_peek(const struct reader *r)
{
	struct header h = {.line = r->at};
	const char *next;

	next = memchr(r->at, '\n', (size_t)(r->end - r->at));
	h.len = (size_t)(next++ - r->at);
	while (next < r->end && *next == ' ')
		next =
		    (const char *)memchr(next, '\n', (size_t)(r->end - next)) +
		    1;
	h.full = (size_t)(next - r->at);
	return h;
}

static bool
header_is(const struct header *h, const char *key)
{
	size_t len = strlen(key);

	return h->len > len && memcmp(h->line, key, len) == 0 &&
	    h->line[len] == ' ';
}

/* Is the next line the header `key`?  Then take it, folded lines and all. */
static bool
header_take(struct reader *r, const char *key, struct header *h)
{
	if (r->at == r->end)
		return false;
	*h = header_peek(r);
	if (!header_is(h, key))
		return false;
	r->at += h->full;
	h->line += strlen(key) + 1;
	h->full -= strlen(key) + 1;
	h->len -= strlen(key) + 1;
	return true;
}

static int
single_line(struct reader *r, const struct header *h, const char *key)
{
	if (h->full == h->len + 1)
		return 0;
	return defective(r, "bad-header", "the %s line goes on in a next line",
	    key);
}

static int
take_oid(struct reader *r, const struct header *h, const char *key,
    const char **out)
{
	const char *oid;

	if (single_line(r, h, key) < 0)
		return -1;
	oid = h->len <= 64 ? pool_textn(r->pool, h->line, h->len) : "";
	if (r->oid_len == 0)
		r->oid_len = h->len;
	if (!text_is_oid(oid) || h->len != r->oid_len)
		return defective(r, "bad-object-id",
		    "the %s line holds no object id", key);
	*out = oid;
	return 0;
}

static int
take_ident(struct reader *r, const struct header *h, const char *key,
    struct ident *out)
{
	const char *defect, *why = "";

	if (single_line(r, h, key) < 0)
		return -1;
	defect = ident_parse(out, r->pool, h->line, h->len, &why);
	if (defect)
		return defective(r, defect, "%s on the %s line", why, key);
	return 0;
}

/* A key of visible ASCII, then a blank and a value, or nothing. */
static bool
is_well_formed(const struct header *h)
{
	size_t i = 0;

	while (i < h->len && h->line[i] > ' ' && h->line[i] < 0x7f)
		i++;
	return i > 0 && (i == h->len || h->line[i] == ' ');
}

/* What may stand once behind the headers that must stand. */
struct extra {
	bool gpgsig, gpgsig_sha256;
	const char *encoding;
};

static int
take_extra(struct reader *r, struct extra *seen)
{
	struct header h;
	bool *once;

	if (header_take(r, "encoding", &h)) {
		if (single_line(r, &h, "encoding") < 0)
			return -1;
		if (seen->encoding)
			return defective(r, "two-encodings",
			    "two encoding lines");
		if (!encoding_is_plain(h.line, h.len))
			return defective(r, "bad-encoding",
			    "an encoding in which ASCII is not ASCII");
		seen->encoding = pool_textn(r->pool, h.line, h.len);
		return 0;
	}
	h = header_peek(r);
	r->at += h.full;
	if (!is_well_formed(&h))
		return defective(r, "bad-header",
		    "a header line without a key");
	if (header_is(&h, "gpgsig"))
		once = &seen->gpgsig;
	else if (header_is(&h, "gpgsig-sha256"))
		once = &seen->gpgsig_sha256;
	else
		return 0;
	if (*once)
		return defective(r, "two-signatures", "two signatures");
	*once = true;
	return 0;
}

/* A header of the fixed part that stands where only other ones may. */
static int
refuse_strays(struct reader *r, const char *const strays[][2])
{
	struct header h = header_peek(r);

	for (size_t i = 0; strays[i][0]; i++) {
		size_t len = strlen(strays[i][0]);

		if (h.len < len || memcmp(h.line, strays[i][0], len) != 0)
			continue;
		if (h.len == len || h.line[len] == ' ')
			return defective(r, strays[i][1],
			    "a second or misplaced %s line", strays[i][0]);
	}
	return 0;
}

static int
take_extras(struct reader *r, const char *const strays[][2], struct extra *seen)
{
	while (r->at < r->end)
		if (refuse_strays(r, strays) < 0 || take_extra(r, seen) < 0)
			return -1;
	return 0;
}

/*
 * Finds where the header lines end and the message begins.  Without a blank
 * line there is no message, as git has it too.
 */
static int
reader_open(struct reader *r, const char *raw, size_t len, const char **message,
    size_t *message_len)
{
	const char *blank;

	*message_len = 0;
	if (len == 0)
		return defective(r, "unterminated-header", "it is empty");
	if (memchr(raw, '\0', len))
		return defective(r, "nul", "a NUL byte in it");
	blank = text_find(raw, len, "\n\n");
	r->at = raw;
	r->end = blank ? blank + 1 : raw + len;
	if (*raw == '\n')
		return defective(r, "bad-header",
		    "it begins with an empty line");
	if (r->end - raw > OBJECT_HEADER_MAX)
		return defective(r, "header-too-long",
		    "its header is longer than %d bytes", OBJECT_HEADER_MAX);
	if (!blank && raw[len - 1] != '\n')
		return defective(r, "unterminated-header",
		    "its last header line does not end");
	if (!blank)
		return 0;
	*message_len = len - (size_t)(r->end - raw) - 1;
	if (*message_len > OBJECT_MESSAGE_MAX)
		return defective(r, "message-too-long",
		    "its message is longer than %d bytes", OBJECT_MESSAGE_MAX);
	*message = pool_textn(r->pool, r->end + 1, *message_len);
	return 0;
}

static int
take_parents(struct reader *r, struct commit *c)
{
	const char **list = NULL, **parent;
	struct header h;

	while (header_take(r, "parent", &h)) {
		if (c->parent_count == OBJECT_PARENTS_MAX)
			return defective(r, "too-many-parents",
			    "it has more than %d parents", OBJECT_PARENTS_MAX);
		parent =
		    pool_grow(r->pool, &list, &c->parent_count, sizeof(*list));
		if (take_oid(r, &h, "parent", parent) < 0)
			return -1;
	}
	c->parents = list;
	return 0;
}

static int
read_commit(struct reader *r, struct commit *c)
{
	static const char *const strays[][2] = {
	    {"tree", "two-trees"},
	    {"parent", "stray-parent"},
	    {"author", "two-authors"},
	    {"committer", "two-committers"},
	    {NULL, NULL},
	};
	struct extra extra = {0};
	struct header h;

	if (!header_take(r, "tree", &h))
		return defective(r, "no-tree", "it does not begin with a tree");
	if (take_oid(r, &h, "tree", &c->tree) < 0)
		return -1;
	if (header_take(r, "tree", &h))
		return defective(r, "two-trees", "two tree lines");
	if (take_parents(r, c) < 0)
		return -1;
	if (!header_take(r, "author", &h))
		return defective(r, "no-author",
		    "no author line where it belongs");
	if (take_ident(r, &h, "author", &c->author) < 0)
		return -1;
	if (header_take(r, "author", &h))
		return defective(r, "two-authors", "two author lines");
	if (!header_take(r, "committer", &h))
		return defective(r, "no-committer",
		    "no committer line where it belongs");
	if (take_ident(r, &h, "committer", &c->committer) < 0 ||
	    take_extras(r, strays, &extra) < 0)
		return -1;
	c->encoding = extra.encoding;
	c->is_signed = extra.gpgsig || extra.gpgsig_sha256;
	return 0;
}

int
commit_parse(struct commit *out, struct pool *pool, const char *raw, size_t len,
    struct err *err)
{
	struct commit c = {0};
	const char *defect = NULL;
	struct reader r = {.pool = pool,
	    .what = "commit",
	    .defect = &defect,
	    .err = err};

	memset(out, 0, sizeof(*out));
	if (reader_open(&r, raw, len, &c.message, &c.message_len) < 0 ||
	    read_commit(&r, &c) < 0) {
		out->defect = defect;
		return -1;
	}
	*out = c;
	return 0;
}

static enum object_kind
kind_of(const struct header *h)
{
	static const struct {
		const char *name;
		enum object_kind kind;
	} kinds[] = {
	    {"commit", OBJECT_COMMIT},
	    {"tree", OBJECT_TREE},
	    {"blob", OBJECT_BLOB},
	    {"tag", OBJECT_TAG},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == h->len &&
		    memcmp(kinds[i].name, h->line, h->len) == 0)
			return kinds[i].kind;
	return OBJECT_UNKNOWN;
}

static int
read_tag(struct reader *r, struct tag *t)
{
	static const char *const strays[][2] = {
	    {"object", "two-headers"},
	    {"type", "two-headers"},
	    {"tag", "two-headers"},
	    {"tagger", "two-headers"},
	    {NULL, NULL},
	};
	struct extra extra = {0};
	struct header h;

	if (!header_take(r, "object", &h))
		return defective(r, "no-object",
		    "it does not begin with an object");
	if (take_oid(r, &h, "object", &t->object) < 0)
		return -1;
	if (!header_take(r, "type", &h))
		return defective(r, "no-type", "no type line where it belongs");
	if (single_line(r, &h, "type") < 0)
		return -1;
	t->kind = kind_of(&h);
	if (t->kind == OBJECT_UNKNOWN)
		return defective(r, "bad-type", "its type is not known");
	if (!header_take(r, "tag", &h) || h.len == 0)
		return defective(r, "no-name", "no tag line where it belongs");
	if (single_line(r, &h, "tag") < 0)
		return -1;
	t->name = pool_textn(r->pool, h.line, h.len);
	t->has_tagger = header_take(r, "tagger", &h);
	if (t->has_tagger && take_ident(r, &h, "tagger", &t->tagger) < 0)
		return -1;
	return take_extras(r, strays, &extra);
}

int
tag_parse(struct tag *out, struct pool *pool, const char *raw, size_t len,
    struct err *err)
{
	struct tag t = {0};
	const char *defect = NULL;
	struct reader r = {.pool = pool,
	    .what = "tag",
	    .defect = &defect,
	    .err = err};

	memset(out, 0, sizeof(*out));
	if (reader_open(&r, raw, len, &t.message, &t.message_len) < 0 ||
	    read_tag(&r, &t) < 0) {
		out->defect = defect;
		return -1;
	}
	*out = t;
	return 0;
}
