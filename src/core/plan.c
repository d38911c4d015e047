#include "core/plan.h"

#include <string.h>

#include "core/letter.h"
#include "core/section.h"
#include "core/trailer.h"

/* Where plans stand in a text.  Whether they are any is plan_judge.c. */

static const char *const headings[] = {"rollback plan", "roll back plan", NULL};

/* Keys without a "-" that are trailers all the same where they end a text. */
static const char *const known_keys[] = {"cc", "bug", "closes", "fixes", "link",
    "refs", "ticket"};

static bool
is_known_key(const char *line, size_t len)
{
	for (size_t i = 0; i < sizeof(known_keys) / sizeof(known_keys[0]);
	     i++) {
		size_t k = 0;

		if (strlen(known_keys[i]) != len)
			continue;
		while (k < len && (line[k] | 0x20) == known_keys[i][k])
			k++;
		if (k == len)
			return true;
	}
	return false;
}

/*
 * "Signed-off-by: ...", "Ticket: ..."; but not "Step 1: ...", which below the
 * heading of a plan is the plan, though git would take it for a trailer.
 */
static bool
is_custom_trailer(const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t key = colon ? (size_t)(colon - line) : 0;

	while (key > 0 && (line[key - 1] == ' ' || line[key - 1] == '\t'))
		key--;
	if (key == 0)
		return len > 0 && *line == '(';
	for (size_t i = 0; i < key; i++)
		if (line[i] != '-' &&
		    !letter_is_digit((unsigned char)line[i]) &&
		    ((line[i] | 0x20) < 'a' || (line[i] | 0x20) > 'z'))
			return false;
	return memchr(line, '-', key) != NULL || is_known_key(line, key);
}

/* The text without the trailers at its end, for they end a section. */
static const char *
without_trailers(struct pool *pool, const char *text, size_t len, size_t *kept)
{
	size_t end, begin = trailers_place(text, len, &end), n = begin;
	char *out = pool_alloc(pool, len + 1);
	const char *at = text + begin, *next;
	bool dropped = false;

	memcpy(out, text, begin);
	for (; at < text + end; at = next) {
		size_t left = (size_t)(text + end - at);
		const char *lf = memchr(at, '\n', left);

		next = lf ? lf + 1 : text + end;
		if (*at != ' ' && *at != '\t')
			dropped = is_custom_trailer(at, (size_t)(next - at));
		if (dropped)
			continue;
		memcpy(out + n, at, (size_t)(next - at));
		n += (size_t)(next - at);
	}
	memcpy(out + n, text + end, len - end);
	*kept = n + len - end;
	return out;
}

static void
find_trailers(struct plan *out, struct pool *pool, const char **texts,
    const char *text, size_t len)
{
	struct trailer *list;
	size_t count;

	trailers_parse(pool, text, len, &list, &count);
	for (size_t i = 0; i < count; i++) {
		if (trailer_is(&list[i], "Rollback-Plan") &&
		    out->count < PLAN_COUNT_MAX)
			texts[out->count++] = list[i].value;
		if (!trailer_is(&list[i], "Rollback-To"))
			continue;
		if (!out->to)
			out->to = list[i].value;
		if (out->to_count == 0 || strcmp(out->to, list[i].value) != 0)
			out->to_count++;
	}
}

void
plan_find(struct plan *out, struct pool *pool, const char *text, size_t len)
{
	const char **texts =
	    pool_array(pool, PLAN_COUNT_MAX, sizeof(const char *));
	const char *rest;
	size_t kept;

	memset(out, 0, sizeof(*out));
	find_trailers(out, pool, texts, text, len);
	rest = without_trailers(pool, text, len, &kept);
	out->count += sections_find(pool, rest, kept, headings,
	    texts + out->count, PLAN_COUNT_MAX - out->count);
	out->texts = texts;
}
