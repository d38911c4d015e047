/*
 * What became of each decision (rules.md 33), in one walk over the ledger.
 * Only those that may still land are kept on the way.
 */
#include <stdlib.h>
#include <string.h>

#include "app/changelog.h"
#include "app/movement.h"
#include "app/reconcile.h"
#include "app/witness.h"
#include "base/text.h"

struct pending {
	struct reconciled_decision d;
	struct pool pool;
};

struct walking {
	const struct reconcile_see *see;
	struct reconciled *sum;
	struct pool pool; /* of one line */
	uint64_t from, to;
	int64_t now;
	struct pending **open;
	size_t count, room;
};

static int
tell(struct walking *w, struct reconciled_decision *d, enum decision_end end,
    struct err *err)
{
	size_t *const counts[] = {&w->sum->open, &w->sum->landed,
	    &w->sum->lapsed, &w->sum->withheld, &w->sum->refused};

	d->end = end;
	++*counts[end];
	w->sum->decisions++;
	return w->see == NULL || w->see->decision == NULL
	    ? 0
	    : w->see->decision(w->see->ctx, d, err);
}

static void
forget(struct walking *w, size_t at)
{
	struct pending *p = w->open[at];

	w->open[at] = w->open[--w->count];
	pool_free(&p->pool);
	free(p);
}

static const char *
copy(struct pool *pool, const char *text)
{
	return text == NULL ? NULL : pool_text(pool, text);
}

static int
keep(struct walking *w, const struct reconciled_decision *d, struct err *err)
{
	struct pending *p;

	if (w->count == RECONCILE_OPEN_MAX)
		return err_set(err, ERR_INPUT,
		    "more than %d decisions have no end", RECONCILE_OPEN_MAX);
	if (w->count == w->room) {
		w->room = w->room == 0 ? 64 : 2 * w->room;
		w->open = realloc(w->open, w->room * sizeof(*w->open));
	}
	p = calloc(1, sizeof(*p));
	if (w->open == NULL || p == NULL)
		err_fatal("out of memory");
	p->d = *d;
	p->d.repository = copy(&p->pool, d->repository);
	p->d.gate = copy(&p->pool, d->gate);
	p->d.ref = copy(&p->pool, d->ref);
	p->d.old = copy(&p->pool, d->old);
	p->d.new = copy(&p->pool, d->new);
	p->d.outcome = copy(&p->pool, d->outcome);
	w->open[w->count++] = p;
	return 0;
}

static int
see_decision(struct walking *w, uint64_t seq, int64_t time,
    const struct tree *t, struct err *err)
{
	struct reconciled_decision d = {.seq = seq,
	    .time = time,
	    .repository = tree_text(t, "repository"),
	    .gate = tree_text(t, "gate"),
	    .ref = tree_text(t, "ref"),
	    .old = tree_text(t, "old"),
	    .new = tree_text(t, "new"),
	    .outcome = tree_text(t, "outcome")};

	if (seq < w->from || (w->to != 0 && seq > w->to))
		return 0;
	if (tree_true(t, "withheld"))
		return tell(w, &d, DECISION_WITHHELD, err);
	if (!text_same(d.outcome, "ADMITTED") &&
	    !text_same(d.outcome, "ADMITTED_AS_EMERGENCY") &&
	    !text_same(tree_text(t, "mode"), "observe"))
		return tell(w, &d, DECISION_REFUSED, err);
	return keep(w, &d, err);
}

static bool
is_of(const struct reconciled_decision *d, const struct tree *t)
{
	return text_same(d->repository, tree_text(t, "repository")) &&
	    text_same(d->ref, tree_text(t, "ref"));
}

/*
 * The ref moved: by one of them, and then the others lapse.  A baseline is the
 * landing of the push that brought it, and names no decision.
 */
static int
see_move(struct walking *w, uint64_t seq, const struct tree *t, bool landed,
    struct err *err)
{
	uint64_t decision = (uint64_t)tree_number(t, "decision");

	for (size_t i = w->count; i > 0; i--) {
		struct reconciled_decision *d = &w->open[i - 1]->d;
		bool it = landed &&
		    (decision != 0 ? d->seq == decision
		                   : text_same(d->new, tree_text(t, "new")));
		int ret;

		if (!is_of(d, t))
			continue;
		d->landing = it ? seq : 0;
		ret = tell(w, d, it ? DECISION_LANDED : DECISION_LAPSED, err);
		forget(w, i - 1);
		if (ret < 0)
			return -1;
	}
	return 0;
}

/* What is carried over moved long ago; so did what Git's log alone tells. */
static bool
is_move(uint64_t seq, const struct tree *t, bool drift)
{
	const struct record r = {.seq = seq, .tree = t};

	return tree_number(t, "carried") == 0 &&
	    (!drift || movement_is_away(&r));
}

static bool
is_type(const char *body, size_t len, const char *type)
{
	return len > strlen(type) && strncmp(body, type, strlen(type)) == 0;
}

static int
see_line(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct walking *w = ctx;
	const struct tree *t;
	struct chain_head head;
	bool decision, landing, adopted, drift;
	int ret = -1;

	if (!chain_read(&head, line, len))
		return err_set(err, ERR_TAMPERED, "record %llu has no head",
		    (unsigned long long)mark->seq);
	line += head.body;
	len -= head.body;
	decision = is_type(line, len, "\"type\":\"decision\"");
	landing = is_type(line, len, "\"type\":\"landing\"");
	adopted = is_type(line, len, "\"type\":\"adopted\"");
	drift = is_type(line, len, "\"type\":\"drift\"");
	if (!decision && !landing && !adopted && !drift)
		return 0;
	if (tree_parse_json(&t, &w->pool, line - head.body, len + head.body,
	        "ledger", err) < 0)
		err_within(err, "record %llu", (unsigned long long)mark->seq);
	else if (decision)
		ret = see_decision(w, mark->seq, head.time, t, err);
	else if (!is_move(mark->seq, t, drift))
		ret = 0;
	else
		ret = see_move(w, mark->seq, t, !drift, err);
	pool_free(&w->pool);
	return ret;
}

/* Those nothing was heard of: open for their ten minutes. */
static int
end_all(struct walking *w, struct err *err)
{
	int ret = 0;

	while (w->count > 0) {
		struct reconciled_decision *d = &w->open[w->count - 1]->d;
		bool open = w->now - d->time <= WITNESS_DECISION_LIVES;

		if (ret == 0)
			ret = tell(w, d, open ? DECISION_OPEN : DECISION_LAPSED,
			    err);
		forget(w, w->count - 1);
	}
	free(w->open);
	return ret;
}

int
reconcile_decisions(struct setup *s, uint64_t from, uint64_t to,
    const struct reconcile_see *see, struct reconciled *sum, struct err *err)
{
	struct walking w = {.see = see,
	    .sum = sum,
	    .from = from,
	    .to = to,
	    .now = s->now};
	struct ledger *ledger;
	struct chain_mark before = {0};
	struct err ignored = {0};
	bool holds = true;
	int ret;

	if (s->log == NULL)
		return err_set(err, ERR_INPUT, "the change log is not open");
	ledger = changelog_ledger(s->log);
	/* What became of them stands behind them. */
	if (from > 1 &&
	    (changelog_mark(s->log, from - 1, &before, err) < 0 ||
	        ledger_holds(ledger, &before, &holds, err) < 0))
		return -1;
	ret = ledger_walk(ledger, holds ? &before : NULL, see_line, &w, NULL,
	    err);
	return end_all(&w, ret == 0 ? err : &ignored) < 0 ? -1 : ret;
}
