/* Bytes that claim to be UTF-8, and what of it may be shown. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Armor is U+10FF00 + byte; only bytes above ASCII ever need it. */
#define ARMOR_FIRST 0x10ff00u
#define ARMOR_USED 0x10ff80u
#define ARMOR_LAST 0x10ffffu

static bool
is_trail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
text_char(const char *data, size_t len, uint32_t *character)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first;
	uint32_t c;
	size_t size;

	if (len == 0)
		return 0;
	first = (unsigned char)data[0];
	if (first < 0x80) {
		*character = first;
		return 1;
	}
	if (first < 0xc2 || first > 0xf4)
		return 0;
	size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (len < size)
		return 0;
	c = first & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if (!is_trail(data[i]))
			return 0;
		c = c << 6 | ((unsigned char)data[i] & 0x3f);
	}
	if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*character = c;
	return size;
}

bool
text_is_utf8(const char *data, size_t len)
{
	size_t at = 0;

	while (at < len) {
		uint32_t c;
		size_t size;

		if ((unsigned char)data[at] < 0x80) {
			at++;
			continue;
		}
		size = text_char(data + at, len - at, &c);
		if (size == 0)
			return false;
		at += size;
	}
	return true;
}

static void
add_armored(struct buf *out, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)data[i];
		unsigned char armored[] = {0xf4, 0x8f,
		    (unsigned char)(0xbc | byte >> 6),
		    (unsigned char)(0x80 | (byte & 0x3f))};

		buf_add(out, armored, sizeof(armored));
	}
}

void
text_armor(struct buf *out, const char *data, size_t len)
{
	size_t at = 0, kept = 0;

	while (at < len) {
		uint32_t c;
		size_t size = text_char(data + at, len - at, &c);

		if (size > 0 && c < ARMOR_FIRST) {
			at += size;
			continue;
		}
		size = size == 0 ? 1 : size;
		buf_add(out, data + kept, at - kept);
		add_armored(out, data + at, size);
		at += size;
		kept = at;
	}
	buf_add(out, data + kept, at - kept);
}

void
text_unarmor(struct buf *out, const char *data, size_t len)
{
	size_t at = 0;

	buf_add(out, "", 0);
	while (at < len) {
		uint32_t c;
		size_t size = text_char(data + at, len - at, &c);

		if (size > 0 && c >= ARMOR_USED && c <= ARMOR_LAST) {
			buf_char(out, (char)(c - ARMOR_FIRST));
		} else {
			size = size == 0 ? 1 : size;
			buf_add(out, data + at, size);
		}
		at += size;
	}
}

/*
 * What a terminal or a reader's eye could be led astray by: controls, line and
 * paragraph separators, and Unicode's default ignorable characters, which take
 * no room (bidirectional and joining controls, fillers, variation selectors,
 * tags).
 */
static const struct range {
	uint32_t from, to;
} unsafe[] = {
    {0x00, 0x1f},
    {0x7f, 0x9f},
    {0xad, 0xad},
    {0x34f, 0x34f},
    {0x61c, 0x61c},
    {0x115f, 0x1160},
    {0x17b4, 0x17b5},
    {0x180b, 0x180f},
    {0x200b, 0x200f},
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0x3164, 0x3164},
    {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},
    {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a},
    {0xe0000, 0xe0fff},
};

static bool
is_unsafe(uint32_t c)
{
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		if (c >= unsafe[i].from && c <= unsafe[i].to)
			return true;
	return false;
}

/*
 * One character as it may be shown, in `out`; `*shown` is how many characters
 * that makes.  Returns how many bytes of `data` it stands for.
 */
static size_t
safe_char(char out[16], size_t *shown, const char *data, size_t len)
{
	uint32_t c;
	size_t size = text_char(data, len, &c);

	if (size == 0) {
		*shown = (size_t)snprintf(out, 16, "\\x%02X",
		    (unsigned)(unsigned char)data[0]);
		return 1;
	}
	if (is_unsafe(c)) {
		*shown = (size_t)snprintf(out, 16, "\\u{%04X}", (unsigned)c);
		return size;
	}
	memcpy(out, data, size);
	out[size] = '\0';
	*shown = 1;
	return size;
}

void
text_safe(struct buf *out, const char *data, size_t len, bool lines)
{
	size_t at = 0;

	buf_add(out, "", 0);
	while (at < len) {
		char one[16];
		size_t shown;

		if (lines && data[at] == '\n') {
			buf_char(out, '\n');
			at++;
			continue;
		}
		at += safe_char(one, &shown, data + at, len - at);
		buf_put(out, one);
	}
}

const char *
text_safe_copy(struct pool *pool, const char *data, size_t len, size_t most)
{
	struct buf buf = {0};
	size_t at = 0, total = 0;
	const char *copy;

	while (at < len) {
		char one[16];
		size_t shown, size;

		size = safe_char(one, &shown, data + at, len - at);
		if (shown > most - total)
			break;
		buf_put(&buf, one);
		total += shown;
		at += size;
	}
	if (at < len)
		buf_put(&buf, "...");
	copy = pool_textn(pool, buf_text(&buf), buf.len);
	buf_free(&buf);
	return copy;
}
