/* From which record on is the ledger not what was sealed? */
#include <string.h>

#include "app/checkpoints.h"
#include "app/sealing_inside.h"
#include "base/text.h"
#include "base/tree.h"

struct blame {
	struct merkle tree;
	struct seal_seals seals;
	uint64_t size; /* the next seal */
	unsigned char root[DIGEST_SIZE];
	bool more;     /* there is one */
	uint64_t good; /* as far as this record it is what was sealed */
	uint64_t bad;  /* as far as this one it is not; 0: not found */
	/* The newest record that says the last one sealed is lost; or 0. */
	uint64_t sealed, recovered, from, to;
};

static void
look_for_loss(struct blame *b, uint64_t seq, const char *line, size_t len)
{
	struct err ignored = {0};
	struct pool pool = {0};
	struct chain_head head;
	const struct tree *t;
	uint64_t from, to;

	if (!chain_read(&head, line, len) ||
	    !text_starts(line + head.body, "\"type\":\"recovered\"") ||
	    tree_parse_json(&t, &pool, line, len, "ledger", &ignored) < 0) {
		pool_free(&pool);
		return;
	}
	from = (uint64_t)tree_number(t, "lost.from");
	to = (uint64_t)tree_number(t, "lost.to");
	if (from != 0 && from <= b->sealed && b->sealed <= to && from <= seq) {
		b->recovered = seq;
		b->from = from;
		b->to = to;
	}
	pool_free(&pool);
}

static int
compare(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct blame *b = ctx;
	unsigned char leaf[DIGEST_SIZE], root[DIGEST_SIZE];

	(void)err;
	look_for_loss(b, mark->seq, line, len);
	merkle_leaf(leaf, line, len);
	merkle_add(&b->tree, leaf);
	while (b->more && b->size < b->tree.count)
		b->more = seal_seals_next(&b->seals, &b->size, b->root);
	if (!b->more || b->size != b->tree.count)
		return 0;
	merkle_root(root, &b->tree);
	if (memcmp(root, b->root, DIGEST_SIZE) != 0) {
		b->bad = b->size;
		b->more = false;
		return 0;
	}
	b->good = b->size;
	return 0;
}

/* The way out, where an administrator has said what is lost. */
static const char *
way_out(const struct blame *b, struct pool *pool)
{
	if (b->recovered == 0 || (b->bad != 0 && b->bad < b->from))
		return "";
	return pool_printf(pool,
	    "; record %llu says that records %llu to %llu are lost: 'foureyes "
	    "seal --accept-recovered %llu' goes on without them",
	    (unsigned long long)b->recovered, (unsigned long long)b->from,
	    (unsigned long long)b->to, (unsigned long long)b->recovered);
}

static int
tell(const struct blame *b, const char *out, const struct err *broken,
    struct err *err)
{
	unsigned long long good = b->good, have = b->tree.count;

	if (broken != NULL)
		return err_set(err, ERR_TAMPERED,
		    "%s; nothing is sealed behind that", broken->text);
	if (b->bad != 0)
		return err_set(err, ERR_TAMPERED,
		    "the ledger was rewritten: record %llu or one behind it, "
		    "up to %llu, is not what was sealed; as far as record %llu "
		    "it is; nothing is sealed%s",
		    good + 1, (unsigned long long)b->bad, good, out);
	if (have < b->sealed)
		return err_set(err, ERR_TAMPERED,
		    "the ledger was cut off: it ends with record %llu, and "
		    "%llu were sealed; nothing is sealed%s",
		    have, (unsigned long long)b->sealed, out);
	return err_set(err, ERR_TAMPERED,
	    "the ledger was rewritten: record %llu or one behind it is not "
	    "what was sealed, or lies elsewhere; nothing is sealed%s",
	    good + 1, out);
}

/* -1: it could not be looked at; `broken` is why the walk ended early. */
static int
look(struct blame *b, struct sealing *g, struct err *broken, struct err *err)
{
	struct pruned gone;

	*b = (struct blame){.sealed = g->state.there ? g->state.checkpoint.size
	                                             : g->beside.size};
	if (ledger_pruned(g->ledger, &gone, err) < 0)
		return -1;
	b->tree = gone.tree;
	if (seal_seals_read(&b->seals, g->dir, err) < 0)
		return -1;
	b->more = seal_seals_next(&b->seals, &b->size, b->root);
	if (ledger_walk(g->ledger, NULL, compare, b, NULL, broken) < 0)
		b->recovered = 0;
	buf_free(&b->seals.text);
	return 0;
}

int
sealing_blame(struct sealing *g, struct err *err)
{
	struct err broken = {0};
	struct blame b;

	if (look(&b, g, &broken, err) < 0)
		return -1;
	return tell(&b, way_out(&b, &g->setup->pool),
	    broken.kind != ERR_NONE ? &broken : NULL, err);
}

static int
check_loss(const struct blame *b, struct sealing *g, const struct err *broken,
    struct err *err)
{
	unsigned long long asked = g->accept;

	if (broken->kind != ERR_NONE || (b->bad != 0 && b->recovered == 0) ||
	    (b->bad != 0 && b->bad < b->from))
		return tell(b, "", broken->kind != ERR_NONE ? broken : NULL,
		    err);
	if (b->recovered == g->accept)
		return 0;
	if (b->recovered == 0)
		return err_set(err, ERR_TAMPERED,
		    "record %llu of the ledger does not say that record %llu, "
		    "the last that was sealed, is lost; nothing is sealed",
		    asked, (unsigned long long)b->sealed);
	return err_set(err, ERR_TAMPERED,
	    "it is record %llu, not %llu, that says what is lost; nothing is "
	    "sealed",
	    (unsigned long long)b->recovered, asked);
}

int
sealing_give_up(struct sealing *g, struct err *err)
{
	struct err broken = {0};
	struct blame b;
	bool holds = true;

	if (g->state.there &&
	    ledger_holds(g->ledger, &g->state.last, &holds, err) < 0)
		return -1;
	if (holds)
		return err_set(err, ERR_INPUT,
		    "the ledger has all that was sealed, and nothing is to be "
		    "given up");
	if (look(&b, g, &broken, err) < 0 ||
	    check_loss(&b, g, &broken, err) < 0 ||
	    checkpoints_set_aside(&g->setup->pool,
	        g->setup->config.settings.ledger, b.from, b.recovered,
	        err) < 0 ||
	    seal_state_forget(g->dir, b.from, b.sealed, err) < 0)
		return -1;
	g->state = (struct seal_state){0};
	g->has_beside = false;
	g->out->before = b.good;
	g->out->lost_from = b.from;
	g->out->lost_to = b.to;
	return 0;
}
