#include "core/note.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a space */
#define DASH_SIZE (sizeof(DASH) - 1)

/* Spaces that are not ASCII, in UTF-8. */
static const char *const spaces[] = {"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80",
    "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
    "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87",
    "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

static bool
is_name(const char *name, size_t len)
{
	if (len == 0 || !text_is_utf8(name, len))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f ||
		    name[i] == '+')
			return false;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (text_find(name, len, spaces[i]) != NULL)
			return false;
	return true;
}

bool
note_is_name(const char *name)
{
	return is_name(name, strlen(name));
}

void
note_key_id(unsigned char out[NOTE_ID_SIZE], const char *name,
    unsigned char algorithm, const unsigned char *key, size_t len)
{
	unsigned char digest[DIGEST_SIZE];
	struct buf bytes = {0};

	buf_put(&bytes, name);
	buf_char(&bytes, '\n');
	buf_char(&bytes, (char)algorithm);
	buf_add(&bytes, key, len);
	digest_sha256(digest, bytes.data, bytes.len);
	buf_free(&bytes);
	memcpy(out, digest, NOTE_ID_SIZE);
}

void
note_signature_line(struct buf *out, const char *name,
    const unsigned char id[NOTE_ID_SIZE], const unsigned char *bytes,
    size_t len)
{
	struct buf both = {0};

	buf_add(&both, id, NOTE_ID_SIZE);
	buf_add(&both, bytes, len);
	buf_put(out, DASH);
	buf_put(out, name);
	buf_char(out, ' ');
	text_base64(out, both.data, both.len);
	buf_char(out, '\n');
	buf_free(&both);
}

/* Control characters would let a note show other than it is. */
static bool
is_plain(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)data[i];

		if ((c < ' ' && c != '\n') || c == 0x7f)
			return false;
	}
	return text_is_utf8(data, len);
}

/* Where the signatures begin: behind the LAST empty line.  0: nowhere. */
static size_t
find_signatures(const char *data, size_t len)
{
	for (size_t at = len; at >= 2; at--)
		if (data[at - 1] == '\n' && data[at - 2] == '\n')
			return at;
	return 0;
}

/* `line` without its LF. */
static bool
parse_line(struct note_signature *s, struct pool *pool, const char *line,
    size_t len)
{
	const char *space;
	struct buf bytes = {0};
	bool sound;

	if (len < DASH_SIZE || memcmp(line, DASH, DASH_SIZE) != 0)
		return false;
	line += DASH_SIZE;
	len -= DASH_SIZE;
	space = memchr(line, ' ', len);
	if (space == NULL || !is_name(line, (size_t)(space - line)))
		return false;
	s->name = pool_textn(pool, line, (size_t)(space - line));
	len -= (size_t)(space - line) + 1;
	sound = text_parse_base64(&bytes, space + 1, len, false) &&
	    bytes.len > NOTE_ID_SIZE;
	if (sound) {
		memcpy(s->id, bytes.data, NOTE_ID_SIZE);
		s->len = bytes.len - NOTE_ID_SIZE;
		s->bytes = pool_copy(pool, bytes.data + NOTE_ID_SIZE, s->len);
	}
	buf_free(&bytes);
	return sound;
}

static int
parse_signatures(struct note *note, struct pool *pool, const char *at,
    const char *end, struct err *err)
{
	struct note_signature *list = NULL;
	size_t count = 0;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		struct note_signature *s;

		if (count == NOTE_SIGNATURES_MAX)
			return err_set(err, ERR_INPUT,
			    "a note with more than %u signatures",
			    NOTE_SIGNATURES_MAX);
		s = pool_grow(pool, &list, &count, sizeof(*list));
		if (lf == NULL || !parse_line(s, pool, at, (size_t)(lf - at)))
			return err_set(err, ERR_INPUT,
			    "signature %zu of the note is malformed", count);
		at = lf + 1;
	}
	if (count == 0)
		return err_set(err, ERR_INPUT, "the note is not signed");
	note->signatures = list;
	note->count = count;
	return 0;
}

int
note_parse(struct note *out, struct pool *pool, const char *data, size_t len,
    struct err *err)
{
	struct note note = {.text = data};
	size_t at;

	if (len > NOTE_SIZE_MAX)
		return err_set(err, ERR_INPUT, "a note of more than %u bytes",
		    NOTE_SIZE_MAX);
	if (!is_plain(data, len))
		return err_set(err, ERR_INPUT,
		    "the note is not UTF-8 without control characters");
	at = find_signatures(data, len);
	if (at < 3)
		return err_set(err, ERR_INPUT,
		    "the note has no text, or no empty line before its "
		    "signatures");
	note.len = at - 1;
	if (parse_signatures(&note, pool, data + at, data + len, err) < 0)
		return -1;
	*out = note;
	return 0;
}
