#include "core/trailer.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/*
 * The rules are those of git's trailer.c and of the functions of commit.c and
 * wt-status.c that it asks, retold.  Blanks, letters and digits are git's own:
 * ASCII, and neither a form feed nor a vertical tab is a blank.
 */

#define CUT_LINE "# ------------------------ >8 ------------------------\n"

static const char *const made_by_git[] = {
    "Signed-off-by: ",
    "(cherry picked from commit ",
};

/* A text and where to stop reading it. */
struct span {
	const char *text;
	size_t len;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-';
}

static size_t
line_end(struct span s, size_t at)
{
	const char *lf = memchr(s.text + at, '\n', s.len - at);

	return lf ? (size_t)(lf - s.text) + 1 : s.len;
}

/* Where the line begins that ends at `end`, which is not 0. */
static size_t
line_begin(struct span s, size_t end)
{
	size_t at = end - 1;

	while (at > 0 && s.text[at - 1] != '\n')
		at--;
	return at;
}

static bool
begins(struct span s, size_t at, const char *with)
{
	size_t len = strlen(with);

	return s.len - at >= len && memcmp(s.text + at, with, len) == 0;
}

static bool
is_blank_line(struct span s, size_t at)
{
	while (at < s.len && s.text[at] != '\n' && is_blank(s.text[at]))
		at++;
	return at == s.len || s.text[at] == '\n';
}

/* How long the key before the ":" is, with blanks behind it; 0 for none. */
static size_t
key_size(struct span s, size_t at)
{
	bool blank = false;

	for (size_t i = at; i < s.len; i++) {
		char c = s.text[i];

		if (c == ':')
			return i - at;
		if (!blank && is_key_char(c))
			continue;
		if (i == at || (c != ' ' && c != '\t'))
			return 0;
		blank = true;
	}
	return 0;
}

static size_t
divider_at(struct span s)
{
	for (size_t at = 0; at < s.len; at = line_end(s, at))
		if (begins(s, at, "---") &&
		    (at + 3 == s.len || is_blank(s.text[at + 3])))
			return at;
	return s.len;
}

static size_t
cut_line_at(struct span s)
{
	for (size_t at = 0; at < s.len; at = line_end(s, at))
		if (begins(s, at, CUT_LINE))
			return at;
	return s.len;
}

/* Without the comments, empty lines and old lists of conflicts at the end. */
static size_t
block_end(struct span s)
{
	size_t cut = cut_line_at(s), run = 0;
	bool conflicts = false;

	for (size_t at = 0; at < cut; at = line_end(s, at)) {
		if (s.text[at] == '#' || s.text[at] == '\n') {
			run = run ? run : at;
		} else if (begins(s, at, "Conflicts:\n")) {
			conflicts = true;
			run = run ? run : at;
		} else if (!conflicts || s.text[at] != '\t') {
			if (run)
				conflicts = false;
			run = 0;
		}
	}
	return run ? run : cut;
}

static size_t
subject_end(struct span s)
{
	for (size_t at = 0; at < s.len; at = line_end(s, at))
		if (s.text[at] != '#' && is_blank_line(s, at))
			return at;
	return s.len;
}

static bool
is_made_by_git(struct span s, size_t at)
{
	for (size_t i = 0; i < sizeof(made_by_git) / sizeof(made_by_git[0]);
	     i++)
		if (begins(s, at, made_by_git[i]))
			return true;
	return false;
}

/* What the lines of the last paragraph are, counted from its end. */
struct tally {
	size_t trailers, others;
	size_t
	    maybe; /* begin with a blank: the line above says what they are */
	bool by_git;
};

static void
tally_line(struct tally *t, struct span s, size_t at)
{
	if (s.text[at] == '#') {
		t->others += t->maybe;
		t->maybe = 0;
	} else if (is_made_by_git(s, at)) {
		t->by_git = true;
		t->trailers++;
		t->maybe = 0;
	} else if (is_blank(s.text[at])) {
		t->maybe++;
	} else if (key_size(s, at) > 0) {
		t->trailers++;
		t->maybe = 0;
	} else {
		t->others += 1 + t->maybe;
		t->maybe = 0;
	}
}

static bool
is_trailers(const struct tally *t)
{
	size_t others = t->others + t->maybe;

	if (t->by_git && t->trailers * 3 >= others)
		return true;
	return t->trailers > 0 && others == 0;
}

static size_t
block_begin(struct span s)
{
	size_t subject = subject_end(s), end = s.len;
	struct tally tally = {0};
	bool seen = false;

	while (end > subject) {
		size_t at = line_begin(s, end);

		if (at < subject)
			break;
		if (s.text[at] == '#' || !is_blank_line(s, at)) {
			seen = seen || s.text[at] != '#';
			tally_line(&tally, s, at);
		} else if (seen) {
			return is_trailers(&tally) ? end : s.len;
		}
		end = at;
	}
	return s.len;
}

size_t
trailers_place(const char *message, size_t len, size_t *end)
{
	struct span s = {message, len};

	s.len = divider_at(s);
	s.len = block_end(s);
	*end = s.len;
	return block_begin(s);
}

static void
trim(struct span *s)
{
	while (s->len > 0 && is_blank(s->text[s->len - 1]))
		s->len--;
	while (s->len > 0 && is_blank(*s->text)) {
		s->text++;
		s->len--;
	}
}

static const char *
unfolded(struct pool *pool, struct span value)
{
	char *out;
	size_t n = 0;

	trim(&value);
	out = pool_alloc(pool, value.len + 1);
	for (size_t i = 0; i < value.len; i++) {
		if (value.text[i] != '\n') {
			out[n++] = value.text[i];
			continue;
		}
		if (n > 0 && out[n - 1] == '\r')
			n--;
		while (i + 1 < value.len && is_blank(value.text[i + 1]))
			i++;
		out[n++] = ' ';
	}
	out[n] = '\0';
	return out;
}

void
trailers_parse(struct pool *pool, const char *message, size_t len,
    struct trailer **list, size_t *count)
{
	struct span s = {message, len};
	size_t next;

	*list = NULL;
	*count = 0;
	for (size_t at = trailers_place(message, len, &s.len); at < s.len;
	     at = next) {
		size_t size = key_size(s, at);
		struct span key = {message + at, size}, value;
		struct trailer *t;

		next = line_end(s, at);
		if (size == 0)
			continue;
		while (next < s.len && is_blank(message[next]))
			next = line_end(s, next);
		value.text = message + at + size + 1;
		value.len = next - at - size - 1;
		trim(&key);
		t = pool_grow(pool, list, count, sizeof(**list));
		t->key = pool_textn(pool, key.text, key.len);
		t->value = unfolded(pool, value);
	}
}

bool
trailer_is(const struct trailer *t, const char *key)
{
	return text_same_case_blind(t->key, key);
}

const char *
trailer_get(const struct trailer *list, size_t count, const char *key,
    size_t *times)
{
	const char *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!trailer_is(&list[i], key))
			continue;
		if (n++ == 0)
			first = list[i].value;
	}
	if (times)
		*times = n;
	return first;
}
