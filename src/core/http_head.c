#include "core/http_head.h"

#include <string.h>

#include "base/text.h"

#define STATUS_LINE "HTTP/1."
#define LENGTH_DIGITS 9

static int
wrong(struct err *err)
{
	return err_set(err, ERR_UNREACHABLE,
	    "what answers is no foureyesd: its answer is not sound");
}

/* Is it the field `name`?  Then its value, of `*len` bytes. */
static const char *
value_of(const char *line, size_t line_len, const char *name, size_t *len)
{
	size_t n = strlen(name);
	const char *at = line + n + 1, *end = line + line_len;

	if (line_len <= n || line[n] != ':')
		return NULL;
	for (size_t i = 0; i < n; i++) {
		char c = line[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != name[i])
			return NULL;
	}
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*len = (size_t)(end - at);
	return at;
}

static bool
read_length(size_t *out, const char *text, size_t len)
{
	if (len == 0 || len > LENGTH_DIGITS)
		return false;
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (size_t)(text[i] - '0');
	}
	return true;
}

static bool
read_session(char out[HTTP_TOKEN_MAX + 1], const char *text, size_t len)
{
	if (len > HTTP_TOKEN_MAX || out[0] != '\0')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!((text[i] >= '0' && text[i] <= '9') ||
		        (text[i] >= 'a' && text[i] <= 'f')))
			return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

struct reading {
	struct http_head *out;
	bool has_length;
};

static bool
read_field(struct reading *r, const char *line, size_t len)
{
	const char *value;
	size_t n;

	value = value_of(line, len, "content-length", &n);
	if (value != NULL) {
		if (r->has_length || !read_length(&r->out->body_len, value, n))
			return false;
		r->has_length = true;
	}
	if (value_of(line, len, "transfer-encoding", &n) != NULL)
		return false;
	value = value_of(line, len, "connection", &n);
	if (value != NULL && n == 5 && memcmp(value, "close", 5) == 0)
		r->out->closes = true;
	value = value_of(line, len, "foureyes-gate", &n);
	return value == NULL || read_session(r->out->session, value, n);
}

/* "HTTP/1.1 200 OK" */
static bool
read_status(struct http_head *out, const char *line, size_t len)
{
	const char *digit = line + strlen(STATUS_LINE) + 2;

	if (len < strlen(STATUS_LINE) + 5 ||
	    memcmp(line, STATUS_LINE, strlen(STATUS_LINE)) != 0 ||
	    digit[-1] != ' ')
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (digit[i] < '0' || digit[i] > '9')
			return false;
		out->status = out->status * 10 + (unsigned)(digit[i] - '0');
	}
	out->closes = digit[-2] != '1';
	return true;
}

int
http_head_read(struct http_head *out, const char *data, size_t len,
    struct err *err)
{
	const char *stop = text_find(data,
	    len < HTTP_HEAD_MAX ? len : HTTP_HEAD_MAX, "\r\n\r\n");
	struct reading r = {.out = out};
	const char *at = data;

	*out = (struct http_head){0};
	if (stop == NULL)
		return len < HTTP_HEAD_MAX ? 0 : wrong(err);
	out->head_len = (size_t)(stop - data) + 4;
	while (at < stop + 2) {
		const char *end =
		    text_find(at, (size_t)(stop + 2 - at), "\r\n");
		size_t n = (size_t)(end - at);

		if (at == data ? !read_status(out, at, n)
		               : !read_field(&r, at, n))
			return wrong(err);
		at = end + 2;
	}
	return r.has_length ? 1 : wrong(err);
}
