#include "app/subtrees.h"

#include <stdlib.h>
#include <string.h>

void
subtrees_free(struct subtrees *t)
{
	free(t->list);
	*t = (struct subtrees){0};
}

static void
keep(struct subtrees *t, const struct merkle *m, const struct chain_mark *mark)
{
	if (t->count == t->room) {
		t->room = t->room == 0 ? 64 : 2 * t->room;
		t->list = realloc(t->list, t->room * sizeof(*t->list));
		if (t->list == NULL)
			err_fatal("out of memory");
	}
	merkle_root(t->list[t->count++].root, m);
	t->last = *mark;
}

struct taking {
	struct subtrees *t;
	struct merkle open; /* the step that is begun */
	uint64_t to;        /* records that are needed */
};

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct taking *g = ctx;
	struct subtrees *t = g->t;
	unsigned char leaf[DIGEST_SIZE];

	(void)err;
	if (mark->seq > t->first) {
		merkle_leaf(leaf, line, len);
		merkle_add(&g->open, leaf);
	}
	if (g->open.count == SUBTREES_STEP) {
		keep(t, &g->open, mark);
		g->open = (struct merkle){0};
	}
	return mark->seq >= g->to ? 1 : 0;
}

/* Nothing is kept of a ledger that was pruned since: its beginning went. */
static int
begin(struct subtrees *t, struct changelog *log, struct err *err)
{
	struct pruned p;
	bool holds = true;

	if (ledger_pruned(changelog_ledger(log), &p, err) < 0 ||
	    (t->last.seq > p.last &&
	        ledger_holds(changelog_ledger(log), &t->last, &holds, err) < 0))
		return -1;
	if (holds && t->pruned.count == p.last)
		return 0;
	t->count = 0;
	t->last = (struct chain_mark){0};
	t->pruned = p.tree;
	t->first = (p.last + SUBTREES_STEP - 1) / SUBTREES_STEP * SUBTREES_STEP;
	return 0;
}

static int
take_in(struct subtrees *t, struct changelog *log, uint64_t size,
    struct err *err)
{
	struct taking g = {.t = t, .to = size - size % SUBTREES_STEP};

	if (begin(t, log, err) < 0)
		return -1;
	if (g.to <= t->first + t->count * SUBTREES_STEP)
		return 0;
	return ledger_walk(changelog_ledger(log),
	    t->last.seq == 0 ? NULL : &t->last, see, &g, NULL, err);
}

/* Lines from `from` (counted from 0) to before `to`, one by one. */
struct giving {
	uint64_t to;
	struct merkle *tree;
	struct proof_making *proof; /* or NULL */
};

static int
give_line(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct giving *g = ctx;
	unsigned char leaf[DIGEST_SIZE];

	(void)err;
	if (mark->seq > g->to)
		return 1;
	if (g->proof != NULL) {
		proof_line(g->proof, mark->seq, line, len);
	} else {
		merkle_leaf(leaf, line, len);
		merkle_add(g->tree, leaf);
	}
	return mark->seq == g->to ? 1 : 0;
}

static int
give_lines(struct changelog *log, struct giving *g, uint64_t to,
    struct err *err)
{
	struct chain_mark mark;
	uint64_t from = g->tree->count;
	struct pruned p;

	g->to = to;
	if (ledger_pruned(changelog_ledger(log), &p, err) < 0 ||
	    changelog_mark(log, from == p.last ? 0 : from, &mark, err) < 0 ||
	    ledger_walk(changelog_ledger(log), mark.seq == 0 ? NULL : &mark,
	        give_line, g, NULL, err) < 0)
		return -1;
	if (g->tree->count == to)
		return 0;
	return err_set(err, ERR_TAMPERED,
	    "the ledger has %llu records, and not %llu",
	    (unsigned long long)g->tree->count, (unsigned long long)to);
}

static bool
give_root(struct giving *g, const unsigned char root[DIGEST_SIZE])
{
	if (g->proof != NULL)
		return proof_node(g->proof, SUBTREES_LEVEL, root);
	merkle_add_full(g->tree, SUBTREES_LEVEL, root);
	return true;
}

/* Roots where they are known and will do, lines between and behind them. */
static int
give(struct subtrees *t, struct changelog *log, struct giving *g, uint64_t size,
    struct err *err)
{
	while (g->tree->count < size) {
		uint64_t at = g->tree->count, next;

		if (at >= t->first && at % SUBTREES_STEP == 0 &&
		    (at - t->first) / SUBTREES_STEP < t->count &&
		    at + SUBTREES_STEP <= size &&
		    give_root(g, t->list[(at - t->first) / SUBTREES_STEP].root))
			continue;
		next = at - at % SUBTREES_STEP + SUBTREES_STEP;
		if (give_lines(log, g, next < size ? next : size, err) < 0)
			return -1;
	}
	return 0;
}

int
subtrees_tree(struct subtrees *t, struct changelog *log, uint64_t size,
    struct merkle *out, struct err *err)
{
	struct giving g = {.tree = out};

	if (take_in(t, log, size, err) < 0)
		return -1;
	*out = t->pruned;
	if (size < out->count)
		return err_set(err, ERR_INPUT,
		    "the records up to %llu were taken away",
		    (unsigned long long)out->count);
	return give(t, log, &g, size, err);
}

static int
prove(struct subtrees *t, struct changelog *log, struct buf *out,
    const struct buf *note, uint64_t seq, bool grown, struct err *err)
{
	struct proof_making m;
	struct giving g = {.tree = &m.tree, .proof = &m};
	int ret = -1;

	if (proof_begin(&m, changelog_ledger(log), note, seq, grown, err) ==
	        0 &&
	    take_in(t, log, m.checkpoint.size, err) == 0 &&
	    give(t, log, &g, m.checkpoint.size, err) == 0)
		ret = proof_end(&m, out, err);
	proof_free(&m);
	return ret;
}

int
subtrees_prove(struct subtrees *t, struct changelog *log, struct buf *out,
    const struct buf *note, uint64_t seq, bool grown, struct err *err)
{
	struct subtrees anew = {0};
	int ret;

	if (prove(t, log, out, note, seq, grown, err) == 0)
		return 0;
	if (err->kind != ERR_TAMPERED)
		return -1;
	*err = (struct err){0};
	ret = prove(&anew, log, out, note, seq, grown, err);
	subtrees_free(t);
	*t = anew;
	return ret;
}
