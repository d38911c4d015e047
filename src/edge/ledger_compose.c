/* What an append writes, and whether that begins another segment. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "edge/ledger_put.h"

#define MONTH_LEN 7 /* 2026-11 */
#define TIME_KEY "\"time\":\""

static void
add_line(struct buf *lines, struct chain_mark *last, int64_t now,
    const char *body, size_t len)
{
	chain_write(lines, last, now, body, len, last);
	buf_char(lines, '\n');
}

/* All of what was torn by its digest, some of it to look at. */
static void
add_torn(struct buf *body, const struct ledger_tail *t)
{
	size_t kept =
	    t->torn_len < LEDGER_KEPT_MAX ? t->torn_len : LEDGER_KEPT_MAX;
	char hex[DIGEST_HEX_SIZE];

	digest_sha256_hex(hex, t->torn, t->torn_len);
	buf_printf(body,
	    ",\"torn\":{\"bytes\":%zu,\"sha256\":\"%s\",\"kept\":\"",
	    t->torn_len, hex);
	text_base64(body, t->torn, kept);
	buf_put(body, "\"}");
}

/* What there was and is no more, in a record. */
static void
add_recovered(struct buf *lines, const struct ledger_tail *t,
    struct chain_mark *last, uint64_t lost, int64_t now)
{
	struct buf body = {0};

	buf_put(&body, "\"type\":\"recovered\"");
	if (t->torn_len > 0)
		add_torn(&body, t);
	if (lost > last->seq)
		buf_printf(&body,
		    ",\"lost\":{\"from\":%" PRIu64 ",\"to\":%" PRIu64 "}",
		    last->seq + 1, lost);
	buf_char(&body, '}');
	add_line(lines, last, now, body.data, body.len);
	buf_free(&body);
}

void
ledger_compose(struct buf *lines, struct ledger_appending *a,
    const struct ledger_tail *t, uint64_t synced, struct chain_mark *last)
{
	bool lost = a->lost == NULL && synced > t->last.seq;

	*last = t->last;
	if (t->torn_len > 0 || lost)
		add_recovered(lines, t, last, lost ? synced : 0, a->now);
	a->stale = lost && a->behind != NULL;
	a->first = last->seq + 1;
	for (size_t i = 0; i < a->count && !a->stale; i++)
		add_line(lines, last, a->now, a->bodies[i].text,
		    a->bodies[i].len);
}

/* The month in which a segment begins; empty where it has no line. */
static void
first_month(const struct ledger_tail *t, char out[MONTH_LEN + 1])
{
	char head[CHAIN_HEAD_MAX + 1] = {0};
	const char *time;

	out[0] = '\0';
	if (pread(t->fd, head, CHAIN_HEAD_MAX, 0) <= 0)
		return;
	time = strstr(head, TIME_KEY);
	if (!time || strlen(time) < sizeof(TIME_KEY) - 1 + MONTH_LEN)
		return;
	memcpy(out, time + sizeof(TIME_KEY) - 1, MONTH_LEN);
	out[MONTH_LEN] = '\0';
}

/*
 * A later month than the one in which the segment begins.  So a clock that goes
 * to and fro begins no more segments than there are months.
 */
static bool
is_later_month(const struct ledger_tail *t, int64_t now)
{
	char ours[TEXT_INSTANT_SIZE], last[TEXT_INSTANT_SIZE];
	char first[MONTH_LEN + 1];

	text_instant(ours, now);
	text_instant(last, t->time);
	if (strncmp(ours, last, MONTH_LEN) <= 0)
		return false;
	first_month(t, first);
	return first[0] != '\0' && strncmp(ours, first, MONTH_LEN) > 0;
}

bool
ledger_segment_due(const struct ledger *l, const struct ledger_tail *t,
    int64_t now)
{
	if (t->torn_len > 0)
		return false;
	if (ledger_was_renamed(l, t->segment))
		return true;
	if (t->end == 0 || l->segment_count >= LEDGER_SEGMENTS_MAX)
		return false;
	return t->end >= l->segment_most || is_later_month(t, now);
}
