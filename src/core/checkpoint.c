#include "core/checkpoint.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/note.h"

#define SIZE_DIGITS_MAX 20

int
checkpoint_name(struct checkpoint *c, const char *origin, struct err *err)
{
	size_t len = strlen(origin);

	if (len >= CHECKPOINT_ORIGIN_SIZE)
		return err_set(err, ERR_CONFIG,
		    "an origin of more than %d bytes",
		    CHECKPOINT_ORIGIN_SIZE - 1);
	if (!note_is_name(origin))
		return err_set(err, ERR_CONFIG,
		    "an origin is UTF-8 without white space or '+', such as "
		    "'example.com/foureyes'");
	memcpy(c->origin, origin, len + 1);
	return 0;
}

void
checkpoint_text(struct buf *out, const struct checkpoint *c)
{
	buf_printf(out, "%s\n%llu\n", c->origin, (unsigned long long)c->size);
	text_base64(out, c->root, sizeof(c->root));
	buf_char(out, '\n');
}

/* The next line without its LF, which must be there; NULL at the end. */
static const char *
next_line(const char **text, size_t *len, size_t *line_len)
{
	const char *line = *text;
	const char *lf = *len == 0 ? NULL : memchr(line, '\n', *len);

	if (lf == NULL)
		return NULL;
	*line_len = (size_t)(lf - line);
	*text = lf + 1;
	*len -= *line_len + 1;
	return line;
}

static bool
parse_size(uint64_t *size, const char *digits, size_t len)
{
	uint64_t n = 0;

	if (len == 0 || len > SIZE_DIGITS_MAX || (digits[0] == '0' && len > 1))
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned)(digits[i] - '0');

		if (digits[i] < '0' || digits[i] > '9' ||
		    n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*size = n;
	return true;
}

static bool
parse_root(unsigned char root[DIGEST_SIZE], const char *digits, size_t len)
{
	struct buf bytes = {0};
	bool sound = text_parse_base64(&bytes, digits, len, false) &&
	    bytes.len == DIGEST_SIZE;

	if (sound)
		memcpy(root, bytes.data, DIGEST_SIZE);
	buf_free(&bytes);
	return sound;
}

static bool
parse_origin(char origin[CHECKPOINT_ORIGIN_SIZE], const char *line, size_t len)
{
	if (len >= CHECKPOINT_ORIGIN_SIZE || memchr(line, '\0', len) != NULL)
		return false;
	memcpy(origin, line, len);
	origin[len] = '\0';
	return note_is_name(origin);
}

int
checkpoint_parse(struct checkpoint *out, const char *text, size_t len,
    struct err *err)
{
	struct checkpoint c = {0};
	size_t n = 0;
	const char *line = next_line(&text, &len, &n);

	if (line == NULL || !parse_origin(c.origin, line, n))
		return err_set(err, ERR_INPUT,
		    "the checkpoint's first line is not an origin");
	line = next_line(&text, &len, &n);
	if (line == NULL || !parse_size(&c.size, line, n))
		return err_set(err, ERR_INPUT,
		    "the checkpoint's second line is not a count");
	line = next_line(&text, &len, &n);
	if (line == NULL || !parse_root(c.root, line, n))
		return err_set(err, ERR_INPUT,
		    "the checkpoint's third line is not a root in base64");
	while (len > 0) {
		line = next_line(&text, &len, &n);
		if (line == NULL || n == 0)
			return err_set(err, ERR_INPUT,
			    "the checkpoint ends in an empty or open line");
	}
	*out = c;
	return 0;
}
