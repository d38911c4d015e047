#include "core/letter.h"

struct range {
	uint32_t first, last;
};

/* Ranges stand in rising order in each table of this file. */
#define IN(table, c) in_ranges(table, sizeof(table) / sizeof((table)[0]), c)

static const struct range spaces[] = {
    {0x09, 0x0d},
    {0x20, 0x20},
    {0x85, 0x85},
    {0xa0, 0xa0},
    {0x1680, 0x1680},
    {0x2000, 0x200a},
    {0x2028, 0x2029},
    {0x202f, 0x202f},
    {0x205f, 0x205f},
    {0x3000, 0x3000},
};

static const struct range invisible[] = {
    {0xad, 0xad},
    {0x34f, 0x34f},
    {0x61c, 0x61c},
    {0x115f, 0x1160},
    {0x17b4, 0x17b5},
    {0x180b, 0x180e},
    {0x200b, 0x200f},
    {0x202a, 0x202e},
    {0x2060, 0x206f},
    {0x3164, 0x3164},
    {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},
    {0xfff9, 0xfffb},
    {0x1d173, 0x1d17a},
    {0xe0000, 0xe0fff},
};

static const struct range marks[] = {
    {0x300, 0x36f},
    {0x483, 0x489},
    {0x591, 0x5bd},
    {0x610, 0x61a},
    {0x64b, 0x65f},
    {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff},
    {0x20d0, 0x20ff},
    {0xfe20, 0xfe2f},
};

static const struct range digits[] = {
    {'0', '9'},
    {0x660, 0x669},
    {0x6f0, 0x6f9},
    {0x966, 0x96f},
    {0xff10, 0xff19},
};

/* Controls, punctuation, symbols, private characters. */
static const struct range signs[] = {
    {0x00, 0x40},
    {0x5b, 0x60},
    {0x7b, 0xa9},
    {0xab, 0xb4},
    {0xb6, 0xb9},
    {0xbb, 0xbf},
    {0xd7, 0xd7},
    {0xf7, 0xf7},
    {0x2c2, 0x2c5},
    {0x2d2, 0x2df},
    {0x2e5, 0x2ff},
    {0x375, 0x375},
    {0x37e, 0x37e},
    {0x387, 0x387},
    {0x55a, 0x55f},
    {0x589, 0x58f},
    {0x5be, 0x5c6},
    {0x5f3, 0x5f4},
    {0x600, 0x60f},
    {0x61b, 0x61f},
    {0x66a, 0x66d},
    {0x6d4, 0x6d4},
    {0x964, 0x965},
    {0xe3f, 0xe3f},
    {0xe4f, 0xe4f},
    {0xe5a, 0xe5b},
    {0x104a, 0x104f},
    {0x1361, 0x1368},
    {0x2000, 0x2bff},
    {0x2e00, 0x2e7f},
    {0x3000, 0x3004},
    {0x3008, 0x3020},
    {0x302a, 0x3030},
    {0x303d, 0x303f},
    {0x30fb, 0x30fb},
    {0xd800, 0xf8ff},
    {0xfd3e, 0xfd3f},
    {0xfe10, 0xfe19},
    {0xfe30, 0xfe6f},
    {0xff00, 0xff20},
    {0xff3b, 0xff40},
    {0xff5b, 0xff65},
    {0xffe0, 0xffff},
    {0x1d000, 0x1d24f},
    {0x1f000, 0x1faff},
    {0xe0000, 0x10ffff},
};

static const struct range words[] = {
    {0x3005, 0x3007},
    {0x3021, 0x3029},
    {0x3041, 0x309f},
    {0x30a1, 0x30ff},
    {0x3105, 0x312f},
    {0x31a0, 0x31bf},
    {0x31f0, 0x31ff},
    {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},
    {0xf900, 0xfaff},
    {0xff66, 0xff9d},
    {0x20000, 0x3ffff},
};

static const struct range unspaced[] = {
    {0xe00, 0xeff},
    {0x1000, 0x109f},
    {0x1780, 0x17ff},
};

static const struct script_range {
	uint32_t first, last;
	enum letter_script script;
} scripts[] = {
    {'A', 'Z', LETTER_LATIN},
    {'a', 'z', LETTER_LATIN},
    {0xaa, 0x2af, LETTER_LATIN},
    {0x370, 0x3ff, LETTER_GREEK},
    {0x400, 0x52f, LETTER_CYRILLIC},
    {0x531, 0x587, LETTER_ARMENIAN},
    {0x1100, 0x11ff, LETTER_IDEOGRAPHIC},
    {0x13a0, 0x13fd, LETTER_CHEROKEE},
    {0x1c80, 0x1c8f, LETTER_CYRILLIC},
    {0x1d00, 0x1dbf, LETTER_LATIN},
    {0x1e00, 0x1eff, LETTER_LATIN},
    {0x1f00, 0x1fff, LETTER_GREEK},
    {0x2c60, 0x2c7f, LETTER_LATIN},
    {0x2de0, 0x2dff, LETTER_CYRILLIC},
    {0x3005, 0x318f, LETTER_IDEOGRAPHIC},
    {0x31a0, 0x9fff, LETTER_IDEOGRAPHIC},
    {0xa640, 0xa69f, LETTER_CYRILLIC},
    {0xa720, 0xa7ff, LETTER_LATIN},
    {0xab30, 0xab6f, LETTER_LATIN},
    {0xab70, 0xabbf, LETTER_CHEROKEE},
    {0xac00, 0xd7ff, LETTER_IDEOGRAPHIC},
    {0xf900, 0xfaff, LETTER_IDEOGRAPHIC},
    {0xff21, 0xff3a, LETTER_LATIN},
    {0xff41, 0xff5a, LETTER_LATIN},
    {0xff66, 0xffdc, LETTER_IDEOGRAPHIC},
    {0x1d400, 0x1d7ff, LETTER_LATIN},
    {0x20000, 0x3ffff, LETTER_IDEOGRAPHIC},
};

static bool
in_ranges(const struct range *table, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count && table[i].first <= c; i++)
		if (c <= table[i].last)
			return true;
	return false;
}

static size_t
sequence_size(unsigned char first)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	if (first >= 0xf0 && first <= 0xf4)
		return 4;
	return 1;
}

uint32_t
letter_read(const char *text, size_t len, size_t *size)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)text[0];
	size_t need = sequence_size(first);
	uint32_t c;

	*size = 1;
	if (need == 1 || need > len)
		return first;
	c = first & (0x7fu >> need);
	for (size_t i = 1; i < need; i++) {
		unsigned char next = (unsigned char)text[i];

		if ((next & 0xc0) != 0x80)
			return first;
		c = c << 6 | (next & 0x3f);
	}
	if (c < least[need] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return first;
	*size = need;
	return c;
}

size_t
letter_write(char out[4], uint32_t c)
{
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = size; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(first[size] | c);
	return size;
}

bool
letter_is_space(uint32_t c)
{
	return IN(spaces, c);
}

bool
letter_is_invisible(uint32_t c)
{
	return IN(invisible, c);
}

bool
letter_is_mark(uint32_t c)
{
	return IN(marks, c);
}

bool
letter_is_digit(uint32_t c)
{
	return IN(digits, c);
}

bool
letter_is_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return !IN(signs, c) && !IN(spaces, c) && !IN(invisible, c) &&
	    !IN(marks, c) && !IN(digits, c);
}

bool
letter_is_word(uint32_t c)
{
	return IN(words, c) && !IN(signs, c);
}

bool
letter_is_unspaced(uint32_t c)
{
	return IN(unspaced, c);
}

enum letter_script
letter_script(uint32_t c)
{
	if (!letter_is_letter(c))
		return LETTER_COMMON;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (c >= scripts[i].first && c <= scripts[i].last)
			return scripts[i].script;
	return LETTER_OTHER;
}
