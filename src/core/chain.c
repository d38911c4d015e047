#include "core/chain.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define HEX_LEN (DIGEST_HEX_SIZE - 1)
#define INSTANT_LEN (TEXT_INSTANT_SIZE - 1)

/* What is left to read of a line. */
struct rest {
	const char *at;
	size_t len;
};

static bool
take(struct rest *r, const char *text)
{
	size_t len = strlen(text);

	if (r->len < len || memcmp(r->at, text, len) != 0)
		return false;
	r->at += len;
	r->len -= len;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* No leading zero, so never 0, and at most CHAIN_SEQ_MAX. */
static bool
take_seq(struct rest *r, uint64_t *seq)
{
	uint64_t n = 0;
	size_t i;

	if (r->len == 0 || *r->at == '0')
		return false;
	for (i = 0; i < r->len && is_digit(r->at[i]); i++) {
		uint64_t digit = (uint64_t)(r->at[i] - '0');

		if (n > ((uint64_t)CHAIN_SEQ_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (i == 0)
		return false;
	r->at += i;
	r->len -= i;
	*seq = n;
	return true;
}

/* What is read must be what would have been written. */
static bool
take_time(struct rest *r, int64_t *time)
{
	char text[TEXT_INSTANT_SIZE], again[TEXT_INSTANT_SIZE];

	if (r->len < INSTANT_LEN)
		return false;
	memcpy(text, r->at, INSTANT_LEN);
	text[INSTANT_LEN] = '\0';
	if (!text_parse_instant(text, time))
		return false;
	text_instant(again, *time);
	return take(r, again);
}

static bool
take_prev(struct rest *r, unsigned char prev[DIGEST_SIZE])
{
	char hex[DIGEST_HEX_SIZE];

	if (r->len < HEX_LEN)
		return false;
	memcpy(hex, r->at, HEX_LEN);
	hex[HEX_LEN] = '\0';
	r->at += HEX_LEN;
	r->len -= HEX_LEN;
	return text_parse_hex(prev, DIGEST_SIZE, hex);
}

static bool
begins_with_type(struct rest r)
{
	size_t i = 0;

	if (!take(&r, "\"type\":\""))
		return false;
	while (i < r.len && r.at[i] >= 'a' && r.at[i] <= 'z')
		i++;
	return i > 0 && i + 1 < r.len && r.at[i] == '"' &&
	    (r.at[i + 1] == ',' || r.at[i + 1] == '}');
}

bool
chain_body_fit(const char *body, size_t len)
{
	struct rest r = {body, len};

	if (len == 0 || body[len - 1] != '}' || !begins_with_type(r))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)body[i] < 0x20 || body[i] == 0x7f)
			return false;
	return true;
}

void
chain_write(struct buf *out, const struct chain_mark *last, int64_t time,
    const char *body, size_t len, struct chain_mark *next)
{
	char instant[TEXT_INSTANT_SIZE], prev[DIGEST_HEX_SIZE];
	uint64_t seq = last->seq + 1;
	size_t start = out->len;

	text_instant(instant, time);
	text_hex(prev, last->digest, DIGEST_SIZE);
	buf_printf(out,
	    "{\"v\":%d,\"seq\":%" PRIu64 ",\"time\":\"%s\",\"prev\":\"%s\",",
	    CHAIN_VERSION, seq, instant, prev);
	buf_add(out, body, len);
	*next = (struct chain_mark){.seq = seq, .length = out->len - start};
	digest_sha256(next->digest, out->data + start, out->len - start);
}

bool
chain_read(struct chain_head *head, const char *line, size_t len)
{
	struct chain_head h = {0};
	struct rest r = {line, len};

	if (len == 0 || line[len - 1] != '}' || memchr(line, '\0', len))
		return false;
	if (!take(&r, "{\"v\":1,\"seq\":") || !take_seq(&r, &h.seq) ||
	    !take(&r, ",\"time\":\"") || !take_time(&r, &h.time) ||
	    !take(&r, "\",\"prev\":\"") || !take_prev(&r, h.prev) ||
	    !take(&r, "\",") || !begins_with_type(r))
		return false;
	h.body = len - r.len;
	*head = h;
	return true;
}

enum chain_verdict
chain_check(const struct chain_mark *last, const char *line, size_t len,
    bool ended, struct chain_head *head, struct chain_mark *next)
{
	struct chain_mark before = *last;
	bool whole = chain_read(head, line, len);

	if (!whole)
		*head = (struct chain_head){0};
	*next = (struct chain_mark){.seq = head->seq, .length = len};
	digest_sha256(next->digest, line, len);
	if (!ended)
		return CHAIN_TORN;
	if (!whole)
		return CHAIN_ALTERED;
	if (head->seq != before.seq + 1)
		return CHAIN_OUT_OF_SEQUENCE;
	if (memcmp(head->prev, before.digest, DIGEST_SIZE) != 0)
		return CHAIN_ALTERED;
	return CHAIN_FINE;
}
