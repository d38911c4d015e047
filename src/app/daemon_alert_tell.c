/* One destination: batches of what it wants, and how far it took them. */
#include "daemon_alert_inside.h"

#include <string.h>

#include "app/summary.h"
#include "base/text.h"

#define LOOKED_AT 256       /* records that nobody wanted, between two writes */
#define READ_MAX (4u << 20) /* bytes of what is looked at for one batch */
#define LOOKED_AGAIN 10000  /* ms */

struct batch {
	struct telling *t;
	struct pool pool;
	struct alert *list;
	size_t count, bytes;    /* that it wants */
	size_t looked_at, read; /* records and bytes, of all */
	struct chain_mark last; /* looked at */
	bool full;
};

/* "refs/heads/main moved by nobody we know": without the type's column. */
static const char *
in_words(struct pool *pool, const struct tree *record)
{
	const char *line = summary_line(pool, record);
	const char *rest = strchr(line, ' ');

	while (rest != NULL && *rest == ' ')
		rest++;
	return rest == NULL
	    ? line
	    : pool_printf(pool, "%s: %s", alert_word(record), rest);
}

static void
put(struct batch *b, const struct chain_mark *mark, const char *line,
    size_t len, const struct tree *record)
{
	struct alert *a = pool_grow(&b->pool, &b->list, &b->count, sizeof(*a));

	*a = (struct alert){.seq = mark->seq,
	    .time = tree_instant(record, "time"),
	    .word = alert_word(record),
	    .severity = alert_severity(record),
	    .text = in_words(&b->pool, record),
	    .line = pool_textn(&b->pool, line, len),
	    .len = len,
	    .record = record};
	text_hex(a->digest, mark->digest, DIGEST_SIZE);
	b->bytes += len;
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct batch *b = ctx;
	const struct tree *record;

	if (mark->seq > b->t->to_seq)
		return 1;
	if (b->count == b->t->most ||
	    (b->count > 0 && b->bytes + len > ALERT_BATCH_BYTES)) {
		b->full = true;
		return 1;
	}
	if (tree_parse_json(&record, &b->pool, line, len, "record", err) < 0)
		return err_within(err, "record %llu",
		    (unsigned long long)mark->seq);
	if (alert_wants(b->t->to, record))
		put(b, mark, line, len, record);
	b->last = *mark;
	b->read += len;
	b->full = b->read > READ_MAX ||
	    (++b->looked_at >= LOOKED_AT && b->count == 0);
	return b->full ? 1 : 0;
}

/* ---- how far ---- */

static int
write_state(struct telling *t, struct err *err)
{
	t->written_at = clock_now();
	t->written_seq = t->state.seq;
	return alert_state_write(&t->setup->config.settings, &t->state, err);
}

static void
move_to(struct telling *t, const struct chain_mark *mark)
{
	if (mark->seq == 0)
		return;
	t->at = *mark;
	t->state.seq = mark->seq;
	text_hex(t->state.digest, mark->digest, DIGEST_SIZE);
}

/* Nothing was for it: kept now and then, which costs a sync. */
static int
passed_over(struct telling *t, const struct batch *b, struct err *err)
{
	move_to(t, &b->last);
	if (t->state.error == NULL &&
	    t->state.seq - t->written_seq < LOOKED_AT &&
	    clock_now() - t->written_at < LOOKED_AGAIN)
		return 0;
	t->state.tried = clock_now();
	return write_state(t, err);
}

static int
took(struct telling *t, const struct batch *b, struct err *err)
{
	struct alert_state *s = &t->state;
	int64_t now = clock_now();

	move_to(t, &b->last);
	s->told += b->count;
	s->rejected += t->rejected;
	s->told_at = s->tried = now;
	s->failed = 0;
	s->failed_since = 0;
	s->error = NULL;
	s->refused = false;
	s->not_until = t->to->gather > 0 ? now + t->to->gather : 0;
	t->in_words = false;
	return write_state(t, err);
}

static int
failed(struct telling *t, const struct err *why, struct err *err)
{
	struct alert_state *s = &t->state;
	int64_t now = clock_now(), patience = ALERT_RETRY_MIN;

	for (unsigned i = 0; i < s->failed && patience < ALERT_RETRY_MAX; i++)
		patience *= 2;
	if (patience > ALERT_RETRY_MAX || t->refused)
		patience = ALERT_RETRY_MAX;
	if (t->after > patience)
		patience = t->after;
	s->failed++;
	s->tried = now;
	if (s->failed_since == 0)
		s->failed_since = now;
	s->not_until = now + patience;
	s->error = why->text;
	s->refused = t->refused || why->kind == ERR_TAMPERED;
	return write_state(t, err);
}

/* ---- batches ---- */

/* It said that it is too much: fewer, then one in words. */
static bool
with_less(struct telling *t, const struct batch *b)
{
	if (!t->too_much)
		return false;
	if (b->count > 1) {
		t->most = b->count / 2;
		return true;
	}
	if (t->in_words || t->to->body != ALERT_RECORD)
		return false;
	t->in_words = true;
	return true;
}

/* 1: go on; 0: there is no more, or not now. */
static int
send_batch(struct telling *t, struct batch *b, struct err *err)
{
	struct err why = {0};

	if (b->count == 0)
		return passed_over(t, b, err) < 0 ? -1 : b->full;
	if (alert_send(t, b->list, b->count, &why) == 0) {
		if (took(t, b, err) < 0)
			return -1;
		t->most = alert_batch(t->to);
		return b->full && t->to->gather == 0;
	}
	if (with_less(t, b))
		return 1;
	if (failed(t, &why, err) < 0)
		return -1;
	*err = why;
	return -1;
}

static int
one_batch(struct telling *t, struct ledger *ledger, struct err *err)
{
	struct batch b = {.t = t};
	int ret = ledger_walk(ledger, &t->at, see, &b, NULL, err);

	if (ret == 0)
		ret = send_batch(t, &b, err);
	pool_free(&b.pool);
	return ret;
}

int
alert_tell(struct telling *t, struct err *err)
{
	struct ledger *ledger = NULL;
	int more = 1;

	t->written_seq = t->state.seq;
	t->written_at = t->state.tried;
	if (ledger_open(&ledger, t->setup->config.settings.ledger, LEDGER_READ,
	        err) < 0)
		return -1;
	while (more > 0 && t->state.seq < t->to_seq && clock_now() < t->until)
		more = one_batch(t, ledger, err);
	ledger_close(ledger);
	return more < 0 ? -1 : 0;
}
