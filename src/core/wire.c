#include "core/wire.h"

#include <string.h>

struct wire_bytes
wire_raw(struct wire *w, size_t len)
{
	struct wire_bytes bytes = {0};

	if (w->failed || len > w->len) {
		w->failed = true;
		return bytes;
	}
	bytes.data = w->data;
	bytes.len = len;
	if (len > 0)
		w->data += len;
	w->len -= len;
	return bytes;
}

static uint64_t
big_endian(struct wire *w, size_t len)
{
	struct wire_bytes bytes = wire_raw(w, len);
	uint64_t number = 0;

	for (size_t i = 0; i < bytes.len; i++)
		number = number << 8 | bytes.data[i];
	return number;
}

unsigned char
wire_byte(struct wire *w)
{
	return (unsigned char)big_endian(w, 1);
}

uint32_t
wire_u32(struct wire *w)
{
	return (uint32_t)big_endian(w, 4);
}

struct wire_bytes
wire_string(struct wire *w)
{
	return wire_raw(w, wire_u32(w));
}

struct wire_bytes
wire_mpint(struct wire *w)
{
	struct wire_bytes n = wire_string(w);
	bool sound;

	if (w->failed)
		return n;
	sound = n.len > 0 && n.data[0] < 0x80;
	if (sound && n.data[0] == 0) {
		sound = n.len > 1 && n.data[1] >= 0x80;
		n.data++;
		n.len--;
	}
	if (!sound) {
		w->failed = true;
		n.data = NULL;
		n.len = 0;
	}
	return n;
}

bool
wire_ended(const struct wire *w)
{
	return !w->failed && w->len == 0;
}

bool
wire_is(struct wire_bytes bytes, const char *text)
{
	return bytes.len == strlen(text) &&
	    (bytes.len == 0 || memcmp(bytes.data, text, bytes.len) == 0);
}

void
wire_put_u32(struct buf *out, uint32_t number)
{
	unsigned char bytes[4] = {(unsigned char)(number >> 24),
	    (unsigned char)(number >> 16), (unsigned char)(number >> 8),
	    (unsigned char)number};

	buf_add(out, bytes, sizeof(bytes));
}

void
wire_put_string(struct buf *out, const void *data, size_t len)
{
	wire_put_u32(out, (uint32_t)len);
	buf_add(out, data, len);
}
