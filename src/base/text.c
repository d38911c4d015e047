#include "base/text.h"

#include <string.h>

bool
text_is_glob(const char *pattern)
{
	return strchr(pattern, '*') != NULL;
}

/* States kept on the stack; longer patterns take memory. */
#define FEW_STATES 256

/* A run may be empty: where it may begin, what follows it may begin as well. */
static void
pass_runs(char *alive, const char *pattern, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (alive[i] && pattern[i] == '*')
			alive[i + (pattern[i + 1] == '*' ? 2 : 1)] = 1;
}

/* Returns whether any state is left alive. */
static bool
step(char *alive, const char *pattern, size_t len, char c)
{
	char any = 0;

	for (size_t i = len + 1; i-- > 0;) {
		char now = 0;

		if (alive[i] && pattern[i] == '*')
			now = c != '/' || pattern[i + 1] == '*';
		if (i > 0 && alive[i - 1] && pattern[i - 1] != '*' &&
		    pattern[i - 1] == c)
			now = 1;
		alive[i] = now;
		any |= now;
	}
	return any != 0;
}

/*
 * Every place in the pattern that the name read so far can have led to is kept
 * at once, so there is no going back and no pattern that takes long.
 */
static bool
match_runs(char *alive, const char *pattern, size_t len, const char *name)
{
	alive[0] = 1;
	pass_runs(alive, pattern, len);
	for (; *name != '\0'; name++) {
		if (!step(alive, pattern, len, *name))
			return false;
		pass_runs(alive, pattern, len);
	}
	return alive[len] != 0;
}

bool
text_glob(const char *pattern, const char *name)
{
	char few[FEW_STATES] = {0};
	struct buf many = {0};
	size_t len;
	bool matched;

	for (; *pattern != '*'; pattern++, name++) {
		if (*pattern != *name)
			return false;
		if (*pattern == '\0')
			return true;
	}
	if (strcmp(pattern, "**") == 0)
		return true;
	len = strlen(pattern);
	if (len < FEW_STATES)
		return match_runs(few, pattern, len, name);
	for (size_t i = 0; i <= len; i++)
		buf_char(&many, 0);
	matched = match_runs(many.data, pattern, len, name);
	buf_free(&many);
	return matched;
}

bool
text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
text_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), end = strlen(suffix);

	return len >= end && memcmp(text + len - end, suffix, end) == 0;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static void
put_lower(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		buf_char(out, lower(*text));
}

bool
text_glob_case_blind(const char *pattern, const char *name)
{
	struct buf p = {0}, n = {0};
	bool matched;

	put_lower(&p, pattern);
	put_lower(&n, name);
	matched = text_glob(buf_text(&p), buf_text(&n));
	buf_free(&p);
	buf_free(&n);
	return matched;
}

bool
text_starts_case_blind(const char *text, const char *prefix)
{
	for (; *prefix != '\0'; text++, prefix++)
		if (lower(*text) != lower(*prefix))
			return false;
	return true;
}

bool
text_same_case_blind(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return false;
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool
text_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

const char *
text_find(const char *data, size_t len, const char *needle)
{
	size_t want = strlen(needle);
	const char *end = data + len;

	if (want == 0)
		return data;
	while ((size_t)(end - data) >= want) {
		const char *at =
		    memchr(data, needle[0], (size_t)(end - data) - want + 1);

		if (at == NULL || memcmp(at, needle, want) == 0)
			return at;
		data = at + 1;
	}
	return NULL;
}
