/* Repositories that only the ledger knows: moved, renamed or deleted. */
#include "app/node.h"
#include "base/text.h"
#include "core/topics.h"
#include "reconcile_inside.h"

#define BORN_PAGE 1000

/* Is it looked after by another of the machines that share the ledger? */
static int
is_elsewhere(const struct reconciling *r, const char *name, bool *elsewhere,
    struct err *err)
{
	struct pool *pool = &r->setup->pool;
	const struct settings *settings = &r->setup->config.settings;
	const char *node;
	struct record newest;

	*elsewhere = false;
	if (settings->shared == NULL)
		return 0;
	if (changelog_newest(r->setup->log, pool, topic_tips(pool, name),
	        &newest, err) < 0)
		return -1;
	node = newest.seq != 0 ? tree_text(newest.tree, "node") : NULL;
	*elsewhere =
	    node != NULL && !text_same(node, node_name(pool, settings));
	r->sum->elsewhere += *elsewhere ? 1 : 0;
	return 0;
}

static int
note_unseen(const struct reconciling *r, const char *name, struct err *err)
{
	bool elsewhere;

	if (is_elsewhere(r, name, &elsewhere, err) < 0)
		return -1;
	return elsewhere
	    ? 0
	    : reconcile_note(r, NOTE_MISSING, name, NULL, NULL,
	          "the ledger knows it, and it is not below any server.root",
	          err);
}

int
reconcile_missing(const struct reconciling *r, struct map *seen,
    struct err *err)
{
	struct pool *pool = &r->setup->pool;
	struct record *list;
	size_t count = BORN_PAGE;

	for (uint64_t beyond = 0; count == BORN_PAGE;) {
		if (changelog_find(r->setup->log, pool, topic_all_born(), false,
		        beyond, BORN_PAGE, &list, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			const char *name =
			    tree_text(list[i].tree, "repository");

			beyond = list[i].seq;
			if (name == NULL || map_get(seen, name) != NULL)
				continue;
			map_put(seen, name, seen);
			if (note_unseen(r, name, err) < 0)
				return -1;
		}
	}
	return 0;
}
