#include "core/confuse.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/letter.h"

/*
 * Small letters and signs by what a reader takes them for: chosen by eye from
 * the alphabets themselves (Latin with hooks and bars, Greek, Cyrillic,
 * Armenian, Hebrew, Arabic, Cherokee, small capitals, letters used as signs).
 */
#define ALIKE_MAX 20
static const struct {
	char like;
	uint32_t of[ALIKE_MAX]; /* 0 ends the row */
} twins[] = {
    {'a', {0x251, 0x3ac, 0x3b1, 0x430, 0x4d1, 0x4d3, 0x13aa, 0x1d00, 0x212b}},
    {'b',
        {0x180, 0x183, 0x185, 0x253, 0x299, 0x3b2, 0x432, 0x44c, 0x13cf, 0x13f4,
            0x212c}},
    {'c',
        {0x188, 0x255, 0x3f2, 0x441, 0x4ab, 0x13df, 0x1d04, 0x2102, 0x212d,
            0x216d, 0x217d}},
    {'d', {0x18c, 0x256, 0x257, 0x501, 0x13a0, 0x1d05, 0x216e, 0x217e}},
    {'e',
        {0x3ad, 0x3b5, 0x3f5, 0x435, 0x450, 0x451, 0x4d7, 0x13ac, 0x1d07,
            0x212e, 0x212f, 0x2130}},
    {'f', {0x192, 0x2131}},
    {'g', {0x260, 0x261, 0x262, 0x581, 0x13c0, 0x13f3, 0x210a}},
    {'h',
        {0x266, 0x29c, 0x43d, 0x4a3, 0x4bb, 0x4c8, 0x570, 0x13bb, 0x13c2,
            0x210b, 0x210c, 0x210d, 0x210e, 0x210f}},
    {'i',
        {0x268, 0x269, 0x26a, 0x3af, 0x390, 0x3b9, 0x3ca, 0x456, 0x457, 0x582,
            0x13a5, 0x2071, 0x2110, 0x2111, 0x2139, 0x2148, 0x2160, 0x2170,
            0xa7ae}},
    {'j', {0x237, 0x29d, 0x3f3, 0x458, 0x575, 0x13ab, 0x1d0a, 0x2149}},
    {'k', {0x199, 0x3ba, 0x43a, 0x45c, 0x49b, 0x13e6, 0x1d0b, 0x212a}},
    {'l',
        {0x19a, 0x1c0, 0x26b, 0x26d, 0x29f, 0x4cf, 0x56c, 0x5c0, 0x5d5, 0x627,
            0x13de, 0x2112, 0x2113, 0x216c, 0x217c, 0x2223}},
    {'m', {0x271, 0x43c, 0x13b7, 0x1d0d, 0x2133, 0x216f, 0x217f}},
    {'n',
        {0x19e, 0x272, 0x273, 0x274, 0x3ae, 0x3b7, 0x43f, 0x578, 0x207f,
            0x2115}},
    {'o',
        {0x1a1, 0x275, 0x3bf, 0x3c3, 0x3cc, 0x43e, 0x4e7, 0x585, 0x5e1, 0x647,
            0x665, 0x6d5, 0x1d0f, 0x2134}},
    {'p', {0x1a5, 0x3c1, 0x440, 0x584, 0x13e2, 0x1d18, 0x2119}},
    {'q', {0x2a0, 0x51b, 0x563, 0x566, 0x211a}},
    {'r',
        {0x27c, 0x27d, 0x280, 0x433, 0x491, 0x13a1, 0x13d2, 0x1d26, 0x211b,
            0x211c, 0x211d}},
    {'s', {0x282, 0x455, 0x13d5, 0x13da, 0xa731}},
    {'t', {0x1ab, 0x1ad, 0x288, 0x3c4, 0x442, 0x4ad, 0x13a2, 0x1d1b}},
    {'u', {0xb5, 0x1b0, 0x3b0, 0x3bc, 0x3c5, 0x3cb, 0x3cd, 0x57d, 0x1d1c}},
    {'v', {0x28b, 0x3bd, 0x475, 0x477, 0x5d8, 0x13d9, 0x1d20, 0x2164, 0x2174}},
    {'w', {0x3c9, 0x3ce, 0x51d, 0x561, 0x13b3, 0x13d4, 0x1d21}},
    {'x', {0x3c7, 0x445, 0x4b3, 0x2169, 0x2179}},
    {'y',
        {0x1b4, 0x28f, 0x3b3, 0x443, 0x45e, 0x4af, 0x4b1, 0x4ef, 0x4f1, 0x4f3,
            0x13a9, 0x13bd}},
    {'z', {0x1b6, 0x290, 0x3b6, 0x13c3, 0x1d22, 0x2124, 0x2128}},
    {',', {0x201a}},
    {'-',
        {0x2d7, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2043, 0x2212,
            0xfe58, 0xfe63}},
    {'.',
        {0xb7, 0x6d4, 0x701, 0x702, 0x2024, 0x2027, 0x3002, 0xa60e, 0xfe52,
            0xff61}},
    {'/', {0x2044, 0x2215}},
    {'1', {0xb9}},
    {'2', {0xb2}},
    {'3', {0xb3}},
    {'<', {0x2039}},
    {'>', {0x203a}},
    {'@', {0xfe6b}},
    {'\'', {0x2bc, 0x2018, 0x2019, 0x2032}},
};

/* Composed letters whose parts make a letter that is not like a Latin one. */
static const struct {
	uint32_t c, base;
} composed[] = {
    {0x439, 0x438},
    {0x453, 0x433},
    {0x45d, 0x438},
    {0x4c2, 0x436},
    {0x4dd, 0x436},
    {0x4df, 0x437},
    {0x4e3, 0x438},
    {0x4e5, 0x438},
    {0x4ed, 0x44d},
    {0x4f5, 0x447},
    {0x4f9, 0x44b},
};

/*
 * Capitals that look like another Latin letter than their small ones do.  Only
 * where a text mixes scripts: a name all in Greek is folded as Greek is.
 */
static const struct {
	uint32_t c;
	char like;
} capitals[] = {
    {0x397, 'h'},
    {0x39c, 'm'},
    {0x39d, 'n'},
    {0x3a5, 'y'},
    {0x54f, 's'},
    {0x555, 'o'},
};

/* Alphabets that Unicode has again in other type faces, a to z in a row. */
static const struct face {
	uint32_t first, last, period;
	char from;
} faces[] = {
    {0x249c, 0x24b5, 26, 'a'},
    {0x24b6, 0x24e9, 26, 'a'},
    {0x1d400, 0x1d6a3, 26, 'a'},
    {0x1d7ce, 0x1d7ff, 10, '0'},
    {0x1f130, 0x1f149, 26, 'a'},
    {0x1f150, 0x1f169, 26, 'a'},
    {0x1f170, 0x1f189, 26, 'a'},
};

static uint32_t
base_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(composed) / sizeof(composed[0]); i++)
		if (composed[i].c == c)
			return composed[i].base;
	return letter_base(c);
}

static uint32_t
twin_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++)
		for (size_t k = 0; twins[i].of[k] != 0; k++)
			if (twins[i].of[k] == c)
				return (unsigned char)twins[i].like;
	return c;
}

static uint32_t
capital_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(capitals) / sizeof(capitals[0]); i++)
		if (capitals[i].c == c)
			return (unsigned char)capitals[i].like;
	return c;
}

static uint32_t
plain_face(uint32_t c)
{
	for (size_t i = 0; i < sizeof(faces) / sizeof(faces[0]); i++)
		if (c >= faces[i].first && c <= faces[i].last)
			return (unsigned char)faces[i].from +
			    (c - faces[i].first) % faces[i].period;
	return c;
}

static uint32_t
fold(uint32_t c, bool mixed)
{
	if (c < 0x80)
		return letter_lower(c);
	c = plain_face(letter_narrow(c));
	if (mixed)
		c = capital_of(c);
	c = base_of(letter_lower(c));
	return c < 0x80 ? c : twin_of(c);
}

static size_t
looked_at(const char *text)
{
	size_t len = strlen(text);

	return len < CONFUSE_TEXT_MAX ? len : CONFUSE_TEXT_MAX;
}

enum seen {
	SEEN_HIDDEN = 1,
	SEEN_MIX = 2
};

static bool
is_judged(enum letter_script script)
{
	return script == LETTER_LATIN || script == LETTER_GREEK ||
	    script == LETTER_CYRILLIC || script == LETTER_ARMENIAN ||
	    script == LETTER_CHEROKEE;
}

static unsigned
look(const char *text, size_t len)
{
	enum letter_script word = LETTER_COMMON;
	unsigned seen = 0;
	size_t size;

	for (; len > 0; text += size, len -= size) {
		uint32_t c = letter_read(text, len, &size);
		enum letter_script script = letter_script(c);

		if (letter_is_invisible(c))
			seen |= SEEN_HIDDEN;
		else if (is_judged(script) && word != LETTER_COMMON &&
		    word != script)
			seen |= SEEN_MIX;
		else if (is_judged(script))
			word = script;
		else if (!letter_is_mark(c) && !letter_is_digit(c))
			word = LETTER_COMMON;
	}
	return seen;
}

bool
confuse_mixed(const char *text)
{
	return text && look(text, looked_at(text)) != 0;
}

/* Of printable ASCII without a blank: most addresses are. */
static const char *
plain_skeleton(struct pool *pool, const char *text, size_t len)
{
	char *out;

	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return NULL;
	out = pool_textn(pool, text, len);
	for (size_t i = 0; i < len; i++)
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] - 'A' + 'a');
	return out;
}

const char *
confuse_skeleton(struct pool *pool, const char *text)
{
	size_t len = text ? looked_at(text) : 0, n = 0, size;
	const char *plain = plain_skeleton(pool, text, len);
	bool mixed;
	char *out;

	if (plain != NULL)
		return plain;
	mixed = (look(text, len) & SEEN_MIX) != 0;
	/* An invalid byte may become a character of two. */
	out = pool_array(pool, len + 1, 4);

	for (; len > 0; text += size, len -= size) {
		uint32_t c = letter_read(text, len, &size);

		if (!letter_is_space(c) && !letter_is_invisible(c) &&
		    !letter_is_mark(c))
			n += letter_write(out + n, fold(c, mixed));
	}
	out[n] = '\0';
	return out;
}

bool
confuse_same(struct pool *pool, const char *a, const char *b)
{
	const char *one = confuse_skeleton(pool, a);

	return *one != '\0' && strcmp(one, confuse_skeleton(pool, b)) == 0;
}

const char *
confuse_spelled(struct pool *pool, const char *text)
{
	size_t len = text ? looked_at(text) : 0, n = 0, size;
	size_t room = 12 * len + 1;
	char *out = pool_alloc(pool, room);

	for (; len > 0; text += size, len -= size) {
		uint32_t c = letter_read(text, len, &size);

		if (c < 0x80)
			out[n++] = (char)c;
		else
			n += (size_t)snprintf(out + n, room - n, "\\u{%04X}",
			    (unsigned)c);
	}
	out[n] = '\0';
	return out;
}
