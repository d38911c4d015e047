#include "core/listing.h"

#include <string.h>

#include "base/text.h"

#define ID_LEN 20
#define SHOWN_MAX 60

struct entry {
	const char *name;
	size_t len;
	bool is_dir;
};

/* Names of files that begin the entry in front, the longest on top. */
struct beginnings {
	struct pool *pool;
	struct entry *list;
	size_t count, room;
};

static const char *
wrong(struct pool *pool, const char *why, const char *name, size_t len)
{
	return pool_printf(pool, "%s '%s'", why,
	    text_safe_copy(pool, name, len, SHOWN_MAX));
}

/* ---- names ---- */

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_same(const char *text, size_t len, const char *word)
{
	if (strlen(word) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (lower(text[i]) != word[i])
			return false;
	return true;
}

/* Windows drops blanks and stops at the end, and what begins with a colon. */
static bool
is_dotgit_there(const char *part, size_t len)
{
	const char *colon = memchr(part, ':', len);

	if (colon != NULL)
		len = (size_t)(colon - part);
	while (len > 0 && (part[len - 1] == ' ' || part[len - 1] == '.'))
		len--;
	return is_same(part, len, ".git") || is_same(part, len, "git~1");
}

/* Characters that HFS+ takes for nothing. */
static bool
is_nothing(uint32_t c)
{
	return (c >= 0x200c && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x206a && c <= 0x206f) || c == 0xfeff;
}

static bool
is_dotgit_on_hfs(const char *name, size_t len)
{
	static const char word[] = ".git";
	size_t at = 0;

	while (len > 0) {
		uint32_t c;
		size_t n = text_char(name, len, &c);

		if (n == 0)
			return false;
		name += n;
		len -= n;
		if (is_nothing(c))
			continue;
		if (at == sizeof(word) - 1 || c > 0x7f ||
		    lower((char)c) != word[at++])
			return false;
	}
	return at == sizeof(word) - 1;
}

/* Each such name begins so, or has a part behind a backslash that may. */
static bool
may_be_dotgit(const char *name, size_t len)
{
	return len > 0 &&
	    (name[0] == '.' || lower(name[0]) == 'g' ||
	        (unsigned char)name[0] > 0x7f ||
	        memchr(name, '\\', len) != NULL);
}

bool
listing_is_dotgit(const char *name, size_t len)
{
	const char *end = name + len;

	if (!may_be_dotgit(name, len))
		return false;
	if (is_dotgit_on_hfs(name, len))
		return true;
	for (const char *part = name;;) {
		const char *stop = memchr(part, '\\', (size_t)(end - part));

		if (is_dotgit_there(part,
		        (size_t)((stop != NULL ? stop : end) - part)))
			return true;
		if (stop == NULL)
			return false;
		part = stop + 1;
	}
}

static const char *
name_defect(struct pool *pool, const struct entry *e)
{
	if (e->len == 0)
		return "an entry without a name";
	if (memchr(e->name, '/', e->len) != NULL)
		return wrong(pool, "a slash in the name", e->name, e->len);
	if (is_same(e->name, e->len, ".") || is_same(e->name, e->len, "..") ||
	    listing_is_dotgit(e->name, e->len))
		return wrong(pool, "an entry named", e->name, e->len);
	return NULL;
}

/* ---- entries ---- */

static bool
mode_is_usual(const char *mode, size_t len, bool *is_dir)
{
	static const char *const modes[] = {"40000", "100644", "100755",
	    "120000", "160000"};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (is_same(mode, len, modes[i])) {
			*is_dir = i == 0;
			return true;
		}
	return false;
}

/* The entry at `*at`, which is moved behind it. */
static const char *
read_entry(struct pool *pool, struct entry *out, const char **at,
    const char *end)
{
	const char *blank = memchr(*at, ' ', (size_t)(end - *at));
	const char *nul =
	    blank == NULL ? NULL : memchr(blank, '\0', (size_t)(end - blank));

	if (nul == NULL || end - nul <= ID_LEN)
		return "an entry that does not end";
	out->name = blank + 1;
	out->len = (size_t)(nul - out->name);
	if (!mode_is_usual(*at, (size_t)(blank - *at), &out->is_dir))
		return pool_printf(pool, "the mode '%s' of '%s'",
		    text_safe_copy(pool, *at, (size_t)(blank - *at), SHOWN_MAX),
		    text_safe_copy(pool, out->name, out->len, SHOWN_MAX));
	*at = nul + 1 + ID_LEN;
	return name_defect(pool, out);
}

static int
byte_behind(const struct entry *e, size_t at)
{
	if (at < e->len)
		return (unsigned char)e->name[at];
	return e->is_dir ? '/' : 0;
}

static int
order(const struct entry *a, const struct entry *b)
{
	size_t least = a->len < b->len ? a->len : b->len;
	int by = memcmp(a->name, b->name, least);

	return by != 0 ? by : byte_behind(a, least) - byte_behind(b, least);
}

static bool
begins(const struct entry *a, const struct entry *b)
{
	return a->len <= b->len && memcmp(a->name, b->name, a->len) == 0;
}

static void
push(struct beginnings *s, const struct entry *e)
{
	if (s->count == s->room) {
		struct entry *more = pool_array(s->pool,
		    s->room == 0 ? 16 : 2 * s->room, sizeof(*more));

		if (s->count > 0)
			memcpy(more, s->list, s->count * sizeof(*more));
		s->list = more;
		s->room = s->room == 0 ? 16 : 2 * s->room;
	}
	s->list[s->count++] = *e;
}

/*
 * Between a file and a directory of its name there are only names that begin
 * with it.
 */
static bool
is_file_too(struct beginnings *s, const struct entry *e)
{
	const struct entry *top;

	while (s->count > 0 && !begins(&s->list[s->count - 1], e))
		s->count--;
	top = s->count > 0 ? &s->list[s->count - 1] : NULL;
	if (e->is_dir)
		return top != NULL && top->len == e->len;
	push(s, e);
	return false;
}

const char *
listing_defect(struct pool *pool, const char *raw, size_t len)
{
	const char *end = raw + len, *why;
	struct beginnings files = {.pool = pool};
	struct entry last = {0}, e;
	bool first = true;

	while (raw < end) {
		int by;

		why = read_entry(pool, &e, &raw, end);
		if (why != NULL)
			return why;
		by = first ? -1 : order(&last, &e);
		if (by == 0 || is_file_too(&files, &e))
			return wrong(pool, "two entries named", e.name, e.len);
		if (by > 0)
			return wrong(pool, "out of order, the entry", e.name,
			    e.len);
		last = e;
		first = false;
	}
	return NULL;
}
