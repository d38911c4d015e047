/*
 * What others wrote into the ledger while a push was judged.
 */
#include "app/gate.h"
#include "app/node.h"
#include "base/text.h"

#include "gate_inside.h"

#define OTHERS_MAX 200 /* records of others, looked at one by one */

/* A commit that this push thought it was the first to bring. */
static bool
brings_ours(const struct push *p, const struct record *r)
{
	const struct tree *list = tree_get(r->tree, "commits");

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT &&
		    map_get(&p->brought, t->text) != NULL)
			return true;
	return false;
}

/* Might the verdict be another one with this record there? */
static bool
matters(const struct push *p, const struct record *r)
{
	const char *repository = tree_text(r->tree, "repository");
	bool observed = text_same(r->type, "observation");

	if (observed && text_same(tree_text(r->tree, "kind"), "push"))
		return brings_ours(p, r);
	if (observed && text_same(tree_text(r->tree, "kind"), "repeat"))
		return false;
	if (repository == NULL)
		return text_same(r->type, "recovered");
	if (text_same(r->type, "decision") &&
	    text_same(tree_text(r->tree, "outcome"), "REFUSED") &&
	    !text_same(tree_text(r->tree, "mode"), "observe"))
		return false;
	return text_same(repository, p->repository);
}

/* The files that were in force are not any more. */
static bool
is_other_text(const struct push *p, const struct record *r)
{
	const struct in_force *now = &p->in_force;
	const char *digest = tree_text(r->tree, "sha256");
	const char *node = tree_text(r->tree, "node");

	/* Another machine that shares the ledger has settings of its own. */
	if (text_same(r->type, "settings") && node != NULL &&
	    !text_same(node, node_name(p->pool, &p->setup->config.settings)))
		return false;

	return (text_same(r->type, "policy") &&
	           !text_same(digest, now->policy)) ||
	    (text_same(r->type, "people") && !text_same(digest, now->people)) ||
	    (text_same(r->type, "settings") &&
	        !text_same(digest, now->settings));
}

int
gate_catch_up(struct push *p, bool *again, struct err *err)
{
	uint64_t from = changelog_last(p->setup->log) + 1;
	uint64_t to;

	if (changelog_catch_up(p->setup->log, err) < 0)
		return -1;
	to = changelog_last(p->setup->log);
	*again = to < from || to - from > OTHERS_MAX;
	for (uint64_t seq = from; seq <= to && !*again; seq++) {
		struct record r;

		if (changelog_read(p->setup->log, p->pool, seq, &r, err) < 0)
			return -1;
		if (is_other_text(p, &r))
			return err_set(err, ERR_INPUT,
			    "the %s changed while this was judged; push again",
			    r.type);
		*again = matters(p, &r);
	}
	return 0;
}
