#include "core/plain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/letter.h"

#define UNSPACED_WORD 4
#define ENTITY_MAX 10
#define TAG_MAX 256

static const char *const tags[] = {"b", "blockquote", "br", "center", "code",
    "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre", "s", "samp",
    "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "th", "thead", "tr", "tt", "u", "ul"};

/* A text being read, and the words it has given so far. */
struct folder {
	const char *at, *end;
	char *out;
	size_t len;
	bool in_word;
	unsigned run; /* letters since the last blank, of an unspaced script */
};

const char *
plain_uncomment(struct pool *pool, const char *text, size_t len)
{
	const char *end = text + len, *open;
	char *out = pool_alloc(pool, len + 1);
	size_t n = 0;

	while (text < end) {
		size_t left = (size_t)(end - text), keep;

		open = text_find(text, left, "<!--");
		keep = open ? (size_t)(open - text) : left;
		memcpy(out + n, text, keep);
		n += keep;
		if (!open)
			break;
		/* "<!-->" is a whole comment in HTML. */
		text = text_find(open + 2, (size_t)(end - open) - 2, "-->");
		if (!text)
			break;
		text += 3;
		memcpy(out + n, "\n\n", 2);
		n += 2;
	}
	out[n] = '\0';
	return out;
}

bool
plain_is_blank(struct pool *pool, const char *text, size_t len)
{
	const char *rest = plain_uncomment(pool, text, len);
	size_t left = strlen(rest), size;

	for (; left > 0; rest += size, left -= size) {
		uint32_t c = letter_read(rest, left, &size);

		if (!letter_is_space(c) && !letter_is_invisible(c))
			return false;
	}
	return true;
}

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static bool
is_tag_name(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		size_t k = 0;

		if (strlen(tags[i]) != len)
			continue;
		while (k < len && (name[k] | 0x20) == (tags[i][k] | 0x20))
			k++;
		if (k == len)
			return true;
	}
	return false;
}

/* How many bytes a tag like "<br/>" takes, or 0. */
static size_t
tag_size(const struct folder *f)
{
	const char *name = f->at + 1, *at, *close;
	size_t left;

	if (name < f->end && *name == '/')
		name++;
	for (at = name; at < f->end && is_alnum(*at); at++)
		;
	if (!is_tag_name(name, (size_t)(at - name)))
		return 0;
	left = (size_t)(f->end - at);
	close = memchr(at, '>', left < TAG_MAX ? left : TAG_MAX);
	return close && !memchr(at, '\n', (size_t)(close - at))
	    ? (size_t)(close - f->at) + 1
	    : 0;
}

/* How many bytes an entity like "&nbsp;" takes, or 0. */
static size_t
entity_size(const struct folder *f)
{
	size_t i = 1, left = (size_t)(f->end - f->at);

	while (i < left && i < ENTITY_MAX &&
	    (is_alnum(f->at[i]) || (f->at[i] == '#')))
		i++;
	return i > 1 && i < left && f->at[i] == ';' ? i + 1 : 0;
}

/* The rest of an address, behind its scheme. */
static size_t
address_size(const struct folder *f)
{
	const char *at = f->at + 3;

	if (!f->in_word || f->end - f->at < 3 || memcmp(f->at, "://", 3) != 0)
		return 0;
	while (
	    at < f->end && (unsigned char)*at > ' ' && !strchr("<>()\"", *at))
		at++;
	return (size_t)(at - f->at);
}

static size_t
markup_size(const struct folder *f)
{
	switch (*f->at) {
	case '<':
		return tag_size(f);
	case '&':
		return entity_size(f);
	case ':':
		return address_size(f);
	default:
		return 0;
	}
}

static void
word_end(struct folder *f)
{
	f->in_word = false;
	f->run = 0;
}

static void
put(struct folder *f, uint32_t c)
{
	bool alone = letter_is_word(c);

	if (letter_is_unspaced(c)) {
		if (f->run == UNSPACED_WORD)
			word_end(f);
		f->run++;
	}
	if (alone)
		word_end(f);
	if (!f->in_word && f->len > 0)
		f->out[f->len++] = ' ';
	f->in_word = true;
	c = letter_base(letter_lower(letter_narrow(c)));
	f->len += letter_write(f->out + f->len, c);
	if (alone)
		word_end(f);
}

static bool
is_part(uint32_t c)
{
	return letter_is_letter(c) || letter_is_digit(c);
}

static bool
joins(const struct folder *f, uint32_t c, size_t size)
{
	size_t left = (size_t)(f->end - f->at) - size, next;

	if (c != '.' && c != '\'' && c != '_' && c != 0x2019)
		return false;
	return f->in_word && left > 0 &&
	    is_part(letter_read(f->at + size, left, &next));
}

static void
fold_one(struct folder *f)
{
	size_t size = markup_size(f);
	uint32_t c;

	if (size > 0) {
		word_end(f);
		f->at += size;
		return;
	}
	c = letter_read(f->at, (size_t)(f->end - f->at), &size);
	if (is_part(c))
		put(f, c);
	else if (!letter_is_invisible(c) && !letter_is_mark(c) &&
	    !joins(f, c, size))
		word_end(f);
	f->at += size;
}

const char *
plain_words(struct pool *pool, const char *text, size_t len)
{
	struct folder f = {0};

	f.at = plain_uncomment(pool, text, len);
	f.end = f.at + strlen(f.at);
	/* At worst each byte is a letter of its own with a blank before it. */
	f.out = pool_array(pool, len + 1, 4);
	while (f.at < f.end)
		fold_one(&f);
	f.out[f.len] = '\0';
	return f.out;
}

static bool
is_number(const char *word)
{
	size_t len = strlen(word), size;

	for (; len > 0; word += size, len -= size)
		if (!letter_is_digit(letter_read(word, len, &size)))
			return false;
	return true;
}

static bool
is_single_letter(const char *word)
{
	size_t len = strlen(word), size;
	uint32_t c = letter_read(word, len, &size);

	return size == len && letter_is_letter(c) && !letter_is_word(c);
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char **
split(struct pool *pool, const char *words, size_t *count)
{
	char *copy = pool_text(pool, words), *blank;
	const char **list = NULL, **word;

	*count = 0;
	while (*copy != '\0') {
		word = pool_grow(pool, &list, count, sizeof(*list));
		*word = copy;
		blank = strchr(copy, ' ');
		if (!blank)
			break;
		*blank = '\0';
		copy = blank + 1;
	}
	return list;
}

unsigned
plain_count(struct pool *pool, const char *words)
{
	size_t count;
	const char **list = split(pool, words, &count);
	unsigned letters = 0, numbers = 0;

	if (count == 0)
		return 0;
	qsort(list, count, sizeof(*list), by_bytes);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && strcmp(list[i], list[i - 1]) == 0)
			continue;
		if (is_number(list[i]))
			numbers++;
		else if (!is_single_letter(list[i]))
			letters++;
	}
	return letters + (numbers < letters ? numbers : letters);
}
