#include "base/json.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

/* What has to stand in front of a value or key: nothing, or a comma. */
static void
before_value(struct json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth == 0)
		return;
	assert(j->close[j->depth - 1] == ']');
	if (j->more[j->depth - 1])
		buf_char(j->out, ',');
	j->more[j->depth - 1] = true;
}

void
json_open(struct json *j, char bracket)
{
	assert(bracket == '{' || bracket == '[');
	assert(j->depth < JSON_DEPTH_MAX);
	before_value(j);
	buf_char(j->out, bracket);
	j->close[j->depth] = bracket == '{' ? '}' : ']';
	j->more[j->depth] = false;
	j->depth++;
}

void
json_close(struct json *j)
{
	assert(j->depth > 0 && !j->after_key);
	j->depth--;
	buf_char(j->out, j->close[j->depth]);
}

/* Valid, but able to break the line or to show it in another order. */
static bool
is_unsafe(uint32_t c)
{
	return c < 0xa0 || c == 0x61c || c == 0x200e || c == 0x200f ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void
put_escape(struct buf *out, uint32_t c)
{
	static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	static const char digits[] = "0123456789abcdef";
	const char *name = c == 0 || c > 0x7f ? NULL : strchr(names, (int)c);
	char text[6] = {'\\', 'u', digits[c >> 12 & 15], digits[c >> 8 & 15],
	    digits[c >> 4 & 15], digits[c & 15]};

	if (name != NULL) {
		text[1] = letters[name - names];
		buf_add(out, text, 2);
	} else {
		buf_add(out, text, sizeof(text));
	}
}

static bool
is_ordinary(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* The character at `data`, in the form it may have.  Returns its bytes. */
static size_t
put_special(struct buf *out, const char *data, size_t len)
{
	uint32_t c;
	size_t size = text_char(data, len, &c);

	if (size == 0)
		size = 1;
	else if (is_unsafe(c)) {
		put_escape(out, c);
		return size;
	}
	text_armor(out, data, size);
	return size;
}

static void
put_string(struct buf *out, const char *text, size_t len)
{
	size_t at = 0;

	buf_char(out, '"');
	while (at < len) {
		size_t from = at;

		while (at < len && is_ordinary((unsigned char)text[at]))
			at++;
		if (at > from)
			buf_add(out, text + from, at - from);
		if (at < len)
			at += put_special(out, text + at, len - at);
	}
	buf_char(out, '"');
}

void
json_key(struct json *j, const char *key)
{
	assert(j->depth > 0 && j->close[j->depth - 1] == '}' && !j->after_key);
	if (j->more[j->depth - 1])
		buf_char(j->out, ',');
	j->more[j->depth - 1] = true;
	put_string(j->out, key, strlen(key));
	buf_char(j->out, ':');
	j->after_key = true;
}

void
json_textn(struct json *j, const char *text, size_t len)
{
	before_value(j);
	put_string(j->out, text, len);
}

void
json_text(struct json *j, const char *text)
{
	if (text == NULL)
		json_nothing(j);
	else
		json_textn(j, text, strlen(text));
}

void
json_number(struct json *j, int64_t number)
{
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		digits[--at] = '-';
	json_raw(j, digits + at, sizeof(digits) - at);
}

void
json_bool(struct json *j, bool value)
{
	json_raw(j, value ? "true" : "false", value ? 4 : 5);
}

void
json_nothing(struct json *j)
{
	json_raw(j, "null", 4);
}

void
json_raw(struct json *j, const char *json, size_t len)
{
	before_value(j);
	buf_add(j->out, json, len);
}

void
json_instant(struct json *j, int64_t instant)
{
	char text[TEXT_INSTANT_SIZE];

	text_instant(text, instant);
	json_text(j, instant == 0 || text[0] == '\0' ? NULL : text);
}

void
json_key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

void
json_key_number(struct json *j, const char *key, int64_t number)
{
	json_key(j, key);
	json_number(j, number);
}

void
json_key_bool(struct json *j, const char *key, bool value)
{
	json_key(j, key);
	json_bool(j, value);
}

void
json_key_instant(struct json *j, const char *key, int64_t instant)
{
	json_key(j, key);
	json_instant(j, instant);
}

void
json_key_open(struct json *j, const char *key, char bracket)
{
	json_key(j, key);
	json_open(j, bracket);
}
