#include "core/armor.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

static const char *const labels[] = {
    [ARMOR_SSH_SIGNATURE] = "SSH SIGNATURE",
    [ARMOR_PGP_SIGNATURE] = "PGP SIGNATURE",
    [ARMOR_PGP_PUBLIC_KEY] = "PGP PUBLIC KEY BLOCK",
};

#define KIND_COUNT (sizeof(labels) / sizeof(labels[0]))

struct span {
	const char *data;
	size_t len;
};

/* Takes the next line off `rest`, without its LF. */
static struct span
take_line(struct span *rest)
{
	struct span line = *rest;
	const char *lf =
	    rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);

	if (lf != NULL)
		line.len = (size_t)(lf - rest->data);
	rest->data += line.len + (lf != NULL);
	rest->len -= line.len + (lf != NULL);
	return line;
}

static bool
span_starts(struct span line, const char *with)
{
	size_t len = strlen(with);

	return line.len >= len && memcmp(line.data, with, len) == 0;
}

/* Whether the line is "-----<word> <label>-----". */
static bool
is_mark(struct span line, const char *word, const char *label)
{
	struct buf want = {0};
	bool same;

	buf_printf(&want, "-----%s %s-----", word, label);
	same = line.len == want.len && span_starts(line, want.data);
	buf_free(&want);
	return same;
}

enum armor_kind
armor_kind(const char *armor, size_t len)
{
	struct span rest = {armor, len};
	struct span line = take_line(&rest);

	for (size_t i = 1; i < KIND_COUNT; i++)
		if (is_mark(line, "BEGIN", labels[i]))
			return (enum armor_kind)i;
	return ARMOR_NONE;
}

size_t
armor_marks(const char *armor, size_t len)
{
	struct span rest = {armor, len};
	size_t marks = 0;

	while (rest.len > 0)
		marks += span_starts(take_line(&rest), "-----");
	return marks;
}

/* RFC 4880 section 6.1. */
static uint32_t
crc24(const char *data, size_t len)
{
	uint32_t crc = 0xb704ce;

	for (size_t i = 0; i < len; i++) {
		crc ^= (uint32_t)(unsigned char)data[i] << 16;
		for (unsigned bit = 0; bit < 8; bit++) {
			crc <<= 1;
			if (crc & 0x1000000)
				crc ^= 0x1864cfb;
		}
	}
	return crc & 0xffffff;
}

static bool
checksum_fits(struct span line, const char *data, size_t len)
{
	struct buf sum = {0};
	uint32_t crc = crc24(data, len);
	const unsigned char want[3] = {(unsigned char)(crc >> 16),
	    (unsigned char)(crc >> 8), (unsigned char)crc};
	bool fits =
	    text_parse_base64(&sum, line.data + 1, line.len - 1, false) &&
	    sum.len == sizeof(want) &&
	    memcmp(sum.data, want, sizeof(want)) == 0;

	buf_free(&sum);
	return fits;
}

/* Header lines "Name: text" up to an empty line (or one of blanks). */
static bool
skip_headers(struct span *rest)
{
	while (rest->len > 0) {
		struct span line = take_line(rest);

		while (line.len > 0 &&
		    (line.data[line.len - 1] == ' ' ||
		        line.data[line.len - 1] == '\t'))
			line.len--;
		if (line.len == 0)
			return true;
		if (text_find(line.data, line.len, ": ") == NULL &&
		    line.data[line.len - 1] != ':')
			return false;
	}
	return false;
}

/*
 * Whether the line holds digits.  "=" alone may begin one where a line was
 * wrapped inside the padding; in OpenPGP it begins the checksum.
 */
static bool
is_digits(struct span line, bool pgp)
{
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.data[i] <= ' ')
			return false;
	return line.len > 0 && line.data[0] != '-' &&
	    !(pgp && line.data[0] == '=');
}

/* The digits, the checksum if there is one, and the END line. */
static bool
read_body(struct buf *out, struct span *rest, const char *label, bool pgp)
{
	struct buf digits = {0};
	size_t before = out->len;
	struct span line = take_line(rest);
	bool sound;

	for (; is_digits(line, pgp); line = take_line(rest))
		buf_add(&digits, line.data, line.len);
	sound = digits.len > 0 &&
	    text_parse_base64(out, digits.data, digits.len, false);
	buf_free(&digits);
	if (sound && pgp && span_starts(line, "=")) {
		sound =
		    checksum_fits(line, out->data + before, out->len - before);
		line = take_line(rest);
	}
	return sound && is_mark(line, "END", label);
}

bool
armor_open(struct buf *out, enum armor_kind kind, const char *armor, size_t len)
{
	struct span rest = {armor, len};
	bool pgp = kind != ARMOR_SSH_SIGNATURE;

	if (kind == ARMOR_NONE || armor_kind(armor, len) != kind)
		return false;
	take_line(&rest);
	if (pgp && !skip_headers(&rest))
		return false;
	if (rest.len == 0 || !read_body(out, &rest, labels[kind], pgp))
		return false;
	for (; rest.len > 0; rest.data++, rest.len--)
		if (memchr(" \t\r\n", *rest.data, 4) == NULL)
			return false;
	return true;
}
