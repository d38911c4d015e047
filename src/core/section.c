#include "core/section.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "core/plain.h"

#define INDENT_MAX 3
#define LEVEL_MAX 6
#define FENCE_MIN 3
#define UNDERLINE_MIN 2
#define TITLE_MAX 256

struct line {
	const char *text; /* behind up to three blanks */
	size_t len;       /* without LF and white space before it */
	const char *next;
};

struct scan {
	struct pool *pool;
	const char *const *headings;
	const char *at, *end;
	char fence; /* '`' or '~' inside a code fence */
	size_t fence_len;
	bool in_comment;
	unsigned level; /* of the section that is open; 0: none is */
	char *out;      /* sections one behind the other */
	size_t len;
	const char **list;
	size_t count, most;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct line
line_at(const struct scan *s, const char *at)
{
	struct line l = {.text = at};
	const char *lf = memchr(at, '\n', (size_t)(s->end - at));
	const char *stop = lf ? lf : s->end;

	l.next = lf ? lf + 1 : s->end;
	while (stop > at && is_blank(stop[-1]))
		stop--;
	while (l.text < stop && *l.text == ' ' && l.text - at < INDENT_MAX)
		l.text++;
	l.len = (size_t)(stop - l.text);
	return l;
}

static size_t
run_of(const struct line *l, char c)
{
	size_t n = 0;

	while (n < l->len && l->text[n] == c)
		n++;
	return n;
}

/* "```" or "~~~" and more; what is open is closed by as many, alone. */
static bool
is_fence(struct scan *s, const struct line *l)
{
	size_t n;

	if (s->fence) {
		n = run_of(l, s->fence);
		if (n >= s->fence_len && n == l->len)
			s->fence = '\0';
		return true;
	}
	if (l->len == 0 || (*l->text != '`' && *l->text != '~'))
		return false;
	n = run_of(l, *l->text);
	if (n < FENCE_MIN ||
	    (*l->text == '`' && memchr(l->text + n, '`', l->len - n)))
		return false;
	s->fence = *l->text;
	s->fence_len = n;
	return true;
}

/* A line that begins with "<!--", up to the one that has "-->". */
static bool
is_comment(struct scan *s, const struct line *l)
{
	const char *from = l->text;
	size_t len = l->len;

	if (!s->in_comment) {
		if (len < 4 || memcmp(from, "<!--", 4) != 0)
			return false;
		from += 2;
		len -= 2;
	}
	s->in_comment = text_find(from, len, "-->") == NULL;
	return true;
}

/* Does the line lie where no heading can? */
static bool
is_hidden(struct scan *s, const struct line *l)
{
	if (s->fence)
		return is_fence(s, l);
	return is_comment(s, l) || is_fence(s, l);
}

static unsigned
marked_level(const struct line *l, struct line *title)
{
	size_t n = run_of(l, '#');

	if (n == 0 || n > LEVEL_MAX || (n < l->len && !is_blank(l->text[n])))
		return 0;
	*title = *l;
	title->text += n;
	title->len -= n;
	return (unsigned)n;
}

/* "1. " or "2) ": a list, whose item is no heading. */
static bool
is_item(const struct line *l)
{
	size_t n = 0;

	while (n < l->len && is_digit(l->text[n]))
		n++;
	return n > 0 && n < l->len && (l->text[n] == '.' || l->text[n] == ')');
}

static unsigned
underlined_level(const struct scan *s, const struct line *l, struct line *title)
{
	struct line under;
	size_t n;

	if (l->len == 0 || l->next == s->end || is_item(l) ||
	    strchr(" \t>#|-*+=", *l->text))
		return 0;
	under = line_at(s, l->next);
	if (under.len < UNDERLINE_MIN)
		return 0;
	n = run_of(&under, '=');
	if (n == 0)
		n = run_of(&under, '-');
	if (n != under.len)
		return 0;
	*title = *l;
	title->next = under.next;
	return *under.text == '=' ? 1 : 2;
}

static bool
is_wanted(const struct scan *s, const struct line *title, size_t len)
{
	const char *paren = memchr(title->text, '(', len);
	const char *words;

	if (paren)
		len = (size_t)(paren - title->text);
	if (len > TITLE_MAX)
		return false;
	words = plain_words(s->pool, title->text, len);
	while (is_digit(*words) || *words == ' ')
		words++;
	for (size_t i = 0; s->headings[i]; i++)
		if (strcmp(words, s->headings[i]) == 0)
			return true;
	return false;
}

static void
section_close(struct scan *s)
{
	if (s->level > 0)
		s->out[s->len++] = '\0';
	s->level = 0;
}

static void
section_add(struct scan *s, const char *text, size_t len)
{
	if (s->level == 0)
		return;
	memcpy(s->out + s->len, text, len);
	s->len += len;
}

static void
take_heading(struct scan *s, unsigned level, const struct line *title)
{
	const char *colon = memchr(title->text, ':', title->len);
	size_t len = colon ? (size_t)(colon - title->text) : title->len;

	if (s->level > 0 && level > s->level)
		return;
	section_close(s);
	if (s->count == s->most || !is_wanted(s, title, len))
		return;
	s->level = level;
	s->list[s->count++] = s->out + s->len;
	if (!colon)
		return;
	section_add(s, colon + 1, title->len - len - 1);
	section_add(s, "\n", 1);
}

static void
take_line(struct scan *s)
{
	struct line l = line_at(s, s->at), title;
	unsigned level = 0;

	if (!is_hidden(s, &l)) {
		level = marked_level(&l, &title);
		if (level == 0)
			level = underlined_level(s, &l, &title);
	}
	if (level == 0) {
		section_add(s, s->at, (size_t)(l.next - s->at));
		s->at = l.next;
		return;
	}
	take_heading(s, level, &title);
	s->at = title.next;
}

size_t
sections_find(struct pool *pool, const char *text, size_t len,
    const char *const headings[], const char **list, size_t most)
{
	struct scan s = {.pool = pool,
	    .headings = headings,
	    .at = text,
	    .end = text + len,
	    .list = list,
	    .most = most};

	/* What a section loses of its heading is more than its NUL takes. */
	s.out = pool_alloc(pool, len + 2);
	while (s.at < s.end)
		take_line(&s);
	section_close(&s);
	return s.count;
}
