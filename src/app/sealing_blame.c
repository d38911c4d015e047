/* From which record on is the ledger not what was sealed? */
#include <string.h>

#include "app/sealing_inside.h"

struct blame {
	struct merkle tree;
	struct seal_seals seals;
	uint64_t size; /* the next seal */
	unsigned char root[DIGEST_SIZE];
	bool more;     /* there is one */
	uint64_t good; /* as far as this record it is what was sealed */
	uint64_t bad;  /* as far as this one it is not; 0: not found */
};

static int
compare(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct blame *b = ctx;
	unsigned char leaf[DIGEST_SIZE], root[DIGEST_SIZE];

	(void)mark;
	(void)err;
	merkle_leaf(leaf, line, len);
	merkle_add(&b->tree, leaf);
	while (b->more && b->size < b->tree.count)
		b->more = seal_seals_next(&b->seals, &b->size, b->root);
	if (!b->more || b->size != b->tree.count)
		return 0;
	merkle_root(root, &b->tree);
	if (memcmp(root, b->root, DIGEST_SIZE) != 0) {
		b->bad = b->size;
		return 1;
	}
	b->good = b->size;
	return 0;
}

static int
tell(const struct blame *b, uint64_t sealed, const struct err *broken,
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
		    "it is; nothing is sealed",
		    good + 1, (unsigned long long)b->bad, good);
	if (have < sealed)
		return err_set(err, ERR_TAMPERED,
		    "the ledger was cut off: it ends with record %llu, and "
		    "%llu were sealed; nothing is sealed",
		    have, (unsigned long long)sealed);
	return err_set(err, ERR_TAMPERED,
	    "the ledger was rewritten: record %llu or one behind it is not "
	    "what was sealed, or lies elsewhere; nothing is sealed",
	    good + 1);
}

int
sealing_blame(struct sealing *g, struct err *err)
{
	uint64_t sealed =
	    g->state.there ? g->state.checkpoint.size : g->beside.size;
	struct blame b = {.more = false};
	struct err broken = {0};
	struct pruned gone;
	int ret = 0;

	if (ledger_pruned(g->ledger, &gone, err) < 0)
		return -1;
	b.tree = gone.tree;
	if (seal_seals_read(&b.seals, g->dir, err) < 0)
		return -1;
	b.more = seal_seals_next(&b.seals, &b.size, b.root);
	ret = ledger_walk(g->ledger, NULL, compare, &b, NULL, &broken);
	ret = tell(&b, sealed, ret < 0 ? &broken : NULL, err);
	buf_free(&b.seals.text);
	return ret;
}
