/*
 * What shapes begin with, as tables: looked up for each byte of each text.
 */
#include <string.h>

#include "secret_inside.h"

/* Three bytes as 16 bits. */
static unsigned
place_of(uint32_t three)
{
	return (three & 0xffffff) * 2654435761u >> 16;
}

static void
add_three(struct secret_starts *s, uint32_t three)
{
	s->threes[place_of(three) / 32] |= (uint32_t)1 << place_of(three) % 32;
}

/* No shape is shorter than a byte behind its prefix. */
static void
add_prefix(struct secret_starts *s, const char *prefix)
{
	uint32_t two = (uint32_t)(unsigned char)prefix[0] << 16 |
	    (uint32_t)(unsigned char)prefix[1] << 8;

	if (prefix[2] != '\0') {
		add_three(s, two | (unsigned char)prefix[2]);
		return;
	}
	for (unsigned c = 0; c < 256; c++)
		add_three(s, two | c);
}

static void
fill(struct secret_starts *s)
{
	for (size_t i = 0; i < secret_shape_count; i++) {
		unsigned char c = (unsigned char)secret_shapes[i].prefix[0];

		add_prefix(s, secret_shapes[i].prefix);
		if (s->past[c] == 0)
			s->first[c] = (unsigned char)i;
		s->past[c] = (unsigned char)(i + 1);
		if ((secret_shapes[i].flags & SECRET_ANYWHERE) != 0)
			s->anywhere[c] = true;
	}
	for (unsigned c = 0; c < 256; c++)
		s->word[c] = secret_is_word((unsigned char)c);
	/* What secret.c looks for without a row. */
	add_prefix(s, "---");
	add_prefix(s, SECRET_PEM_IN_BASE64);
	s->anywhere['-'] = true;
	s->past['-'] = s->past[(unsigned char)SECRET_PEM_IN_BASE64[0]] = 1;
	s->first['-'] = s->first[(unsigned char)SECRET_PEM_IN_BASE64[0]] = 1;
	s->filled = true;
}

/* The same for ever, and filled once in a thread. */
const struct secret_starts *
secret_starts(void)
{
	static _Thread_local struct secret_starts starts;

	if (!starts.filled)
		fill(&starts);
	return &starts;
}

size_t
secret_next_start(const struct secret_starts *s, const char *data, size_t at,
    size_t len)
{
	uint32_t three;

	if (at + 2 >= len)
		return len;
	three = (uint32_t)(unsigned char)data[at] << 8 |
	    (unsigned char)data[at + 1];
	for (; at + 2 < len; at++) {
		three = three << 8 | (unsigned char)data[at + 2];
		if ((s->threes[place_of(three) / 32] >> place_of(three) % 32 &
		        1) != 0)
			return at;
	}
	return len;
}
