#include "app/checkpoints.h"

#include "app/files.h"
#include "base/pool.h"
#include "core/checkpoint.h"
#include "edge/seal.h"

static int
add_line(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	unsigned char leaf[DIGEST_SIZE];

	(void)mark;
	(void)err;
	merkle_leaf(leaf, line, len);
	merkle_add(ctx, leaf);
	return 0;
}

int
checkpoints_tree(struct merkle *tree, struct ledger *ledger, struct err *err)
{
	struct pruned gone;

	if (ledger_pruned(ledger, &gone, err) < 0)
		return -1;
	*tree = gone.tree;
	return ledger_walk(ledger, NULL, add_line, tree, NULL, err);
}

int
checkpoints_first(struct ledger *ledger, const struct settings *settings,
    struct err *err)
{
	struct pool pool = {0};
	struct merkle tree = {0};
	struct checkpoint c = {0};
	struct seal *seal = NULL;
	struct buf note = {0};
	int ret = -1;

	if (checkpoint_name(&c, settings->origin, err) < 0 ||
	    checkpoints_tree(&tree, ledger, err) < 0 ||
	    seal_open(&seal, settings->seal_key, err) < 0)
		goto out;
	c.size = tree.count;
	merkle_root(c.root, &tree);
	if (seal_sign(seal, &c, &note, err) == 0)
		ret = file_write(pool_printf(&pool, "%s/" CHECKPOINT_FILE,
		                     settings->ledger),
		    note.data, note.len, 0660, true, err);
out:
	seal_close(seal);
	buf_free(&note);
	pool_free(&pool);
	return ret;
}
