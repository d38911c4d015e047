#include "core/change_query.h"

#include <string.h>

#include "base/text.h"

#define ID_DIGITS 12

bool
change_query_number(const char *text, uint64_t least, uint64_t most,
    uint64_t *out)
{
	uint64_t value = 0;

	if (text == NULL || text[0] == '\0' || strlen(text) > 19 ||
	    (text[0] == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
	}
	if (value < least || value > most)
		return false;
	*out = value;
	return true;
}

/* Printable, without a blank: topics are cut at blanks. */
static bool
is_name(const char *text, size_t most)
{
	size_t len = strlen(text);

	if (len == 0 || len > most || !text_is_utf8(text, len))
		return false;
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	return true;
}

static int
read_name(const char **out, change_query_get *get, void *ctx, const char *name,
    struct err *err)
{
	*out = get(ctx, name);
	if (*out == NULL || is_name(*out, CHANGE_QUERY_NAME))
		return 0;
	return err_set(err, ERR_INPUT, "'%s' is no name", name);
}

static int
read_instant(int64_t *out, change_query_get *get, void *ctx, const char *name,
    struct err *err)
{
	const char *text = get(ctx, name);

	*out = 0;
	if (text == NULL || text_parse_instant(text, out))
		return 0;
	return err_set(err, ERR_INPUT,
	    "'%s' is a day like 2026-01-31, or an instant of RFC 3339", name);
}

static int
read_number(uint64_t *out, change_query_get *get, void *ctx, const char *name,
    uint64_t most, struct err *err)
{
	const char *text = get(ctx, name);

	if (text == NULL || change_query_number(text, 1, most, out))
		return 0;
	return err_set(err, ERR_INPUT, "'%s' is a number from 1 to %llu", name,
	    (unsigned long long)most);
}

static int
check_outcome(const char *outcome, struct err *err)
{
	static const char *const known[] = {"ADMITTED", "ADMITTED_AS_EMERGENCY",
	    "REFUSED", "NOT_DECIDED", "UNKNOWN"};

	for (size_t i = 0; outcome != NULL && i < 5; i++)
		if (strcmp(outcome, known[i]) == 0)
			return 0;
	if (outcome == NULL)
		return 0;
	return err_set(err, ERR_INPUT,
	    "'outcome' is ADMITTED, ADMITTED_AS_EMERGENCY, REFUSED, "
	    "NOT_DECIDED or UNKNOWN");
}

int
change_query_read(struct change_query *out, change_query_get *get, void *ctx,
    struct err *err)
{
	uint64_t count = CHANGE_QUERY_COUNT;

	*out = (struct change_query){0};
	if (read_instant(&out->from, get, ctx, "from", err) < 0 ||
	    read_instant(&out->to, get, ctx, "to", err) < 0 ||
	    read_name(&out->repository, get, ctx, "repository", err) < 0 ||
	    read_name(&out->gate, get, ctx, "gate", err) < 0 ||
	    read_name(&out->outcome, get, ctx, "outcome", err) < 0 ||
	    check_outcome(out->outcome, err) < 0 ||
	    read_number(&out->below, get, ctx, "cursor", INT64_MAX, err) < 0 ||
	    read_number(&count, get, ctx, "count", CHANGE_QUERY_MOST, err) < 0)
		return -1;
	out->count = count;
	return 0;
}

static bool
is_short_hash(const char *text, size_t len)
{
	if (len != ID_DIGITS)
		return false;
	for (size_t i = 0; i < len; i++)
		if (strchr("0123456789abcdef", text[i]) == NULL)
			return false;
	return true;
}

/* The last "/" before `end`, or NULL. */
static const char *
slash_before(const char *text, const char *end)
{
	while (end > text)
		if (*--end == '/')
			return end;
	return NULL;
}

bool
change_id_read(struct change_id *out, const char *text)
{
	const char *end = text + strlen(text), *last, *hash;

	*out = (struct change_id){0};
	last = slash_before(text, end);
	if (!is_name(text, CHANGE_QUERY_ID) || last == NULL)
		return false;
	if (!is_short_hash(last + 1, (size_t)(end - last - 1))) {
		if (!change_query_number(last + 1, 1, INT64_MAX,
		        &out->movement))
			return false;
		end = last;
		last = slash_before(text, end);
		if (last == NULL ||
		    !is_short_hash(last + 1, (size_t)(end - last - 1)))
			return false;
	}
	hash = last;
	last = slash_before(text, hash);
	return last != NULL && last > text && hash - last > 1;
}

static bool
is_token_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("-._~+/=", c) != NULL);
}

bool
bearer_token(unsigned char out[DIGEST_SIZE], const char *token, size_t len)
{
	if (len < BEARER_MIN || len > BEARER_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_token_character(token[i]))
			return false;
	digest_sha256(out, token, len);
	return true;
}

bool
bearer_read(unsigned char out[DIGEST_SIZE], const char *header)
{
	if (header == NULL || !text_starts_case_blind(header, "bearer "))
		return false;
	header += strlen("bearer ");
	while (*header == ' ')
		header++;
	return bearer_token(out, header, strlen(header));
}
