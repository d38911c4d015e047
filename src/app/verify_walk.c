/* unaltered: one walk over all lines, and what it says of them. */
#include <stdio.h>

#include "app/retain.h"
#include "app/verifying.h"
#include "base/text.h"

#define PROGRESS_EACH 65536

static void
keep_pruned(struct verifying *v, uint64_t seq, int64_t time, const char *line,
    size_t len)
{
	struct err ignored = {0};

	v->pruned = (struct record){.seq = seq, .time = time, .type = "pruned"};
	if (tree_parse_json(&v->pruned.tree, &v->pool, line, len, "ledger",
	        &ignored) < 0)
		v->pruned.tree = NULL;
}

/*
 * A clock that goes back is told and is no fault: order is `seq`.  But a record
 * that was stamped cannot be younger than its stamp, and what came behind a
 * stamped one not much older.
 */
static void
look_at_clock(struct verifying *v, uint64_t seq, int64_t time)
{
	const struct bound *b = v->bounds;
	size_t n = v->bound_next;

	if (time < v->last_time && v->went_back++ == 0)
		v->back_at = seq;
	v->last_time = time;
	while (n < v->bound_count && b[n].size < seq)
		n++;
	v->bound_next = n;
	if (v->untimely != 0)
		return;
	if (n > 0 && time + VERIFY_BEHIND_MS < b[n - 1].time) {
		v->untimely = seq;
		v->untimely_why = pool_printf(&v->pool,
		    "it came behind the %llu that '%s' stamped, and is dated "
		    "more than a day before that",
		    (unsigned long long)b[n - 1].size, b[n - 1].name);
	} else if (n < v->bound_count && time - VERIFY_AHEAD_MS > b[n].time) {
		v->untimely = seq;
		v->untimely_why = pool_printf(&v->pool,
		    "'%s' stamped it before the time it says", b[n].name);
	}
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct verifying *v = ctx;
	struct chain_head head;

	(void)err;
	leaves_add(v->leaves, line, len);
	v->records = mark->seq;
	if (!chain_read(&head, line, len))
		return 0;
	look_at_clock(v, mark->seq, head.time);
	if (text_starts(line + head.body, "\"type\":\"opened\"") ||
	    text_starts(line + head.body, "\"type\":\"key\""))
		key_chain_see(&v->keys, mark->seq, line, len);
	if (text_starts(line + head.body, "\"type\":\"pruned\""))
		keep_pruned(v, mark->seq, head.time, line, len);
	verify_kept(v, mark->seq, line, len, head.body);
	if (v->progress && mark->seq % PROGRESS_EACH == 0)
		(void)fprintf(stderr, "\r%llu records",
		    (unsigned long long)mark->seq);
	return 0;
}

int
verify_walk(struct verifying *v, struct err *err)
{
	struct ledger *ledger = NULL;
	struct setup alone = {0};
	int ret = -1;

	v->keys.pool = &v->pool;
	if (ledger_open(&ledger, v->dir, LEDGER_READ, err) == 0 &&
	    ledger_pruned(ledger, &v->begin, err) == 0) {
		v->tree = v->begin.tree;
		v->records = v->begin.last;
		verify_sealed_at(v);
		v->leaves = leaves_begin(&v->tree, verify_sealed_at, v);
		ret = ledger_walk(ledger, NULL, see, v, &v->end, err);
		leaves_end(v->leaves);
	}
	if (ret == 0)
		ret = retain_check(&alone, &v->begin, &v->pruned, err);
	pool_free(&alone.pool);
	ledger_close(ledger);
	if (v->progress && v->records >= PROGRESS_EACH)
		(void)fputs("\r                      \r", stderr);
	return ret;
}

static const char *
told_pruned(struct verifying *v)
{
	if (v->begin.last == 0)
		return "";
	return pool_printf(&v->pool,
	    "; the first %llu of them were taken away, as record %llu tells, "
	    "with two signatures",
	    (unsigned long long)v->begin.last,
	    (unsigned long long)v->pruned.seq);
}

static const char *
told_clock(struct verifying *v)
{
	if (v->went_back == 0)
		return "";
	return pool_printf(&v->pool,
	    "; the clock went back %zu times, first at record %llu",
	    v->went_back, (unsigned long long)v->back_at);
}

static const char *
told_signatures(struct verifying *v)
{
	if (!v->kept.asked || v->kept.good + v->kept.unlooked == 0)
		return "";
	return pool_printf(&v->pool, "; %zu kept signatures hold%s",
	    v->kept.good,
	    v->kept.unlooked == 0
	        ? ""
	        : pool_printf(&v->pool,
	              ", %zu of OpenPGP are not looked at here",
	              v->kept.unlooked));
}

static const char *
told_torn(struct verifying *v)
{
	if (v->end.torn == 0)
		return "";
	return pool_printf(&v->pool,
	    "; behind them, %llu bytes of a line that was never ended",
	    (unsigned long long)v->end.torn);
}

/* What is wrong with the lines, though each follows the one before; or NULL. */
static const char *
fault(struct verifying *v)
{
	if (v->kept.bad != 0)
		return pool_printf(&v->pool, "record %llu: %s",
		    (unsigned long long)v->kept.bad, v->kept.why);
	if (v->untimely != 0)
		return pool_printf(&v->pool,
		    "record %llu is not of its time: %s",
		    (unsigned long long)v->untimely, v->untimely_why);
	return NULL;
}

void
verify_unaltered(struct verifying *v, const struct err *tampered)
{
	const char *wrong =
	    tampered != NULL ? pool_text(&v->pool, tampered->text) : fault(v);

	v->unaltered = (struct answer){wrong != NULL ? TRI_NO : TRI_YES,
	    wrong != NULL
	        ? wrong
	        : pool_printf(&v->pool, "%llu records of %s%s%s%s%s",
	              (unsigned long long)v->records, v->dir, told_pruned(v),
	              told_signatures(v), told_clock(v), told_torn(v))};
}
