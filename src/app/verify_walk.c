/* unaltered: one walk over all lines, and what it says of them. */
#include "app/retain.h"
#include "app/verifying.h"
#include "app/walking.h"
#include "base/text.h"
#include "edge/ledger_scan.h"

void
verify_pruned_keep(struct verifying *v, uint64_t seq, int64_t time,
    const char *line, size_t len)
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
 * stamped one not much older.  NULL: nothing speaks against it.
 */
static const struct bound *
against(const struct verifying *v, uint64_t seq, int64_t time, bool *behind)
{
	const struct bound *b = v->bounds;
	size_t low = 0, high = v->bound_count;

	while (low < high) {
		size_t at = low + (high - low) / 2;

		if (b[at].size < seq)
			low = at + 1;
		else
			high = at;
	}
	*behind = low > 0 && time + VERIFY_BEHIND_MS < b[low - 1].time;
	if (*behind)
		return &b[low - 1];
	return low < v->bound_count && time - VERIFY_AHEAD_MS > b[low].time
	    ? &b[low]
	    : NULL;
}

static void
look_at_time(struct verifying *v, uint64_t seq, int64_t time)
{
	bool behind;
	const struct bound *b = against(v, seq, time, &behind);

	if (b == NULL || v->untimely != 0)
		return;
	v->untimely = seq;
	v->untimely_why = behind
	    ? pool_printf(&v->pool,
	          "it came behind the %llu that '%s' stamped, and is dated "
	          "more than a day before that",
	          (unsigned long long)b->size, b->name)
	    : pool_printf(&v->pool, "'%s' stamped it before the time it says",
	          b->name);
}

static bool
is_key(const char *body)
{
	return text_starts(body, "\"type\":\"opened\"") ||
	    text_starts(body, "\"type\":\"key\"");
}

static const char lost[] = "\"type\":\"recovered\",\"lost\":";

static void
keep_loss(struct verifying *v, uint64_t seq, const char *line, size_t len)
{
	struct err ignored = {0};
	struct pool pool = {0};
	const struct tree *t;

	if (tree_parse_json(&t, &pool, line, len, "ledger", &ignored) == 0) {
		v->lost.times++;
		v->lost.seq = seq;
		v->lost.from = (uint64_t)tree_number(t, "lost.from");
		v->lost.to = (uint64_t)tree_number(t, "lost.to");
	}
	pool_free(&pool);
}

/* Most lines are counted and no more. */
static bool
pick(const struct chain_head *head, const char *line, size_t len,
    const void *ctx)
{
	const struct verifying *v = ctx;
	const char *body = line + head->body;
	bool behind;

	return is_key(body) || text_starts(body, "\"type\":\"pruned\"") ||
	    (v->memory_path != NULL && v->has_own &&
	        head->seq == v->own.checkpoint.size) ||
	    text_starts(body, lost) ||
	    (v->bound_count > 0 &&
	        against(v, head->seq, head->time, &behind) != NULL) ||
	    (v->kept.asked && verify_kept_wants(line, len, head->body));
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct verifying *v = ctx;
	struct chain_head head;
	const char *body;

	(void)err;
	if (!chain_read(&head, line, len))
		return 0;
	body = line + head.body;
	look_at_time(v, mark->seq, head.time);
	if (is_key(body))
		key_chain_see(&v->keys, mark->seq, line, len);
	if (text_starts(body, lost))
		keep_loss(v, mark->seq, line, len);
	/* Before anything is gone: one that was stopped on its way. */
	if (v->begin.last == 0 && text_starts(body, "\"type\":\"pruned\""))
		verify_pruned_keep(v, mark->seq, head.time, line, len);
	verify_kept(v, mark->seq, line, len, head.body);
	if (v->memory_path != NULL)
		verify_memory_see(v, mark);
	return 0;
}

static bool
pause_at(void *ctx, uint64_t seq)
{
	(void)ctx;
	return walking_at(seq, "records");
}

static int
scan(struct verifying *v, struct ledger *ledger, struct err *err)
{
	struct ledger_scan s = {.pick = pick,
	    .see = see,
	    .pause = pause_at,
	    .stops = v->stops,
	    .stop_count = v->stop_count,
	    .at = verify_sealed_at,
	    .ctx = v,
	    .tree = &v->tree};
	int ret;

	v->tree = v->before.at.there ? v->before.at.tree : v->begin.tree;
	v->records = v->before.at.there ? v->before.at.last.seq : v->begin.last;
	if (v->before.at.there)
		s.after = &v->before.at.last;
	walking_begin();
	ret = ledger_scan(ledger, &s, &v->end, err);
	walking_end();
	verify_kept_end(v);
	if (v->end.last.seq > 0)
		v->records = v->end.last.seq;
	v->went_back = s.went_back;
	v->back_at = s.back_at;
	v->interrupted = s.paused;
	return ret;
}

/* One that its writer took back while it was read is no record. */
static int
check_end(struct verifying *v, struct ledger *ledger, struct err *err)
{
	bool holds = true;

	if (v->end.last.length > 0 &&
	    ledger_holds(ledger, &v->end.last, &holds, err) < 0)
		return -1;
	return holds ? 0
	             : err_set(err, ERR_UNREACHABLE,
	                   "record %llu was taken back by its writer while it "
	                   "was read: verify again",
	                   (unsigned long long)v->end.last.seq);
}

int
verify_walk(struct verifying *v, struct err *err)
{
	struct ledger *ledger = NULL;
	struct setup alone = {0};
	int ret = -1;

	v->keys.pool = &v->pool;
	if (ledger_open(&ledger, v->dir, LEDGER_READ, err) == 0 &&
	    ledger_pruned(ledger, &v->begin, err) == 0 &&
	    (v->before.at.there ? verify_memory_begin(v, ledger, err)
	                        : verify_begin(v, ledger, err)) == 0)
		ret = scan(v, ledger, err);
	if (ret == 0 && !v->interrupted)
		ret = check_end(v, ledger, err);
	if (ret == 0 && !v->interrupted && v->begin.last == 0)
		ret = retain_check(&alone, &v->begin, &v->pruned, err);
	pool_free(&alone.pool);
	ledger_close(ledger);
	return ret;
}

static const char *
told_before(struct verifying *v)
{
	if (!v->before.at.there)
		return "";
	return pool_printf(&v->pool,
	    "; the first %llu of them were verified before, by %s, and are not "
	    "read again",
	    (unsigned long long)v->before.at.checkpoint.size, v->memory_path);
}

static const char *
told_pruned(struct verifying *v)
{
	if (v->begin.last == 0 || v->pruned.seq == 0)
		return "";
	return pool_printf(&v->pool,
	    "; the first %llu of them were taken away, as record %llu tells, "
	    "with two signatures",
	    (unsigned long long)v->begin.last,
	    (unsigned long long)v->pruned.seq);
}

static const char *
told_lost(struct verifying *v)
{
	const struct verify_loss *l = &v->lost;

	if (l->times == 0)
		return "";
	return pool_printf(&v->pool,
	    "; records %llu to %llu were lost before record %llu, which says "
	    "so%s",
	    (unsigned long long)l->from, (unsigned long long)l->to,
	    (unsigned long long)l->seq,
	    l->times > 1 ? ", and others earlier" : "");
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
told_some(struct verifying *v, size_t count, const char *words)
{
	return count == 0 ? ""
	                  : pool_printf(&v->pool, "; %zu %s", count, words);
}

static const char *
told_signatures(struct verifying *v)
{
	const struct kept_signatures *k = &v->kept;

	return pool_printf(&v->pool, "%s%s%s",
	    told_some(v, k->good, "kept signatures hold"),
	    told_some(v, k->unlooked, "of OpenPGP are not looked at here"),
	    told_some(v, k->unsigned_ones,
	        "kept statements are not signed, and were taken at the word of "
	        "who pushed them"));
}

static const char *
told_torn(struct verifying *v)
{
	if (v->end.torn == 0)
		return "";
	return pool_printf(&v->pool,
	    "; behind them a torn tail at byte %llu of %020llu.jsonl, %llu bytes "
	    "of a line that was never ended",
	    (unsigned long long)v->end.torn_at,
	    (unsigned long long)v->end.segment,
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
	        : pool_printf(&v->pool, "%llu records of %s%s%s%s%s%s%s",
	              (unsigned long long)v->records, v->dir, told_before(v),
	              told_pruned(v), told_lost(v), told_signatures(v),
	              told_clock(v), told_torn(v))};
}
