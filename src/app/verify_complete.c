/*
 * complete: has every movement of a gated ref a record?  What there is now is
 * compared with the newest landing or adoption; a movement that a drift record
 * tells of is recorded, though not in order.
 */
#include <string.h>

#include "app/baseline.h"
#include "app/verifying.h"
#include "base/text.h"
#include "core/topics.h"

struct counts {
	size_t repositories, refs, drifted, unknown;
	const char *first; /* a ref whose movement has no record */
};

static int
is_recorded(struct push *p, const struct baseline *b, bool *yes,
    struct err *err)
{
	struct record last;

	*yes = false;
	if (changelog_newest(p->setup->log, p->pool,
	        topic_drift(p->pool, p->repository, b->ref), &last, err) < 0)
		return -1;
	*yes = last.seq != 0 && text_same(last.type, "drift") &&
	    text_same(tree_text(last.tree, "repository"), p->repository) &&
	    text_same(tree_text(last.tree, "ref"), b->ref) &&
	    text_same(tree_text(last.tree, "new"), b->actual);
	return 0;
}

static int
look_at_ref(struct push *p, const struct visit_ref *ref, struct counts *c,
    struct err *err)
{
	struct baseline b;
	bool recorded;

	if (baseline_look(p, ref, false, &b, err) < 0)
		return -1;
	c->refs++;
	if (b.tip != NULL && !b.drifted)
		return 0;
	if (b.tip != NULL && is_recorded(p, &b, &recorded, err) < 0)
		return -1;
	if (b.tip != NULL && recorded) {
		c->drifted++;
		return 0;
	}
	c->unknown++;
	if (c->first == NULL)
		c->first = pool_printf(p->pool, "%s %s%s", p->repository,
		    ref->name, b.tip == NULL ? ", which has no baseline" : "");
	return 0;
}

static int
look_at_repository(struct setup *s, const char *path, struct counts *c,
    struct err *err)
{
	struct push p = {0};
	struct visit_ref *refs;
	size_t count;
	int ret = -1;

	if (visit_open(&p, s, path, err) == 0 &&
	    visit_refs(&p, &refs, &count, err) == 0)
		ret = 0;
	c->repositories++;
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = look_at_ref(&p, &refs[i], c, err);
	visit_close(&p);
	return ret < 0 ? err_within(err, "%s", path) : 0;
}

static int
look_at_all(struct setup *s, struct counts *c, struct err *err)
{
	const char **paths;
	size_t count;

	if (setup_log(s, LEDGER_READ, err) < 0 ||
	    visit_all(s, &paths, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (look_at_repository(s, paths[i], c, err) < 0)
			return -1;
	return 0;
}

void
verify_complete(struct verifying *v, struct setup *s)
{
	struct counts c = {0};
	struct err err = {0};

	if (look_at_all(s, &c, &err) < 0) {
		v->stuck = true;
		v->complete = (struct answer){TRI_UNKNOWN,
		    pool_printf(&v->pool, "could not be found out: %s",
		        err.text)};
		return;
	}
	if (c.unknown > 0) {
		v->complete = (struct answer){TRI_NO,
		    pool_printf(&v->pool,
		        "%zu of %zu gated refs moved without a record; the "
		        "first is %s",
		        c.unknown, c.refs, c.first)};
		return;
	}
	v->complete = (struct answer){TRI_YES,
	    pool_printf(&v->pool,
	        "%zu gated refs of %zu repositories are where the ledger has "
	        "them%s; refs that are gone are not looked for yet",
	        c.refs, c.repositories,
	        c.drifted == 0
	            ? ""
	            : pool_printf(&v->pool,
	                  ", but for %zu whose drift is recorded", c.drifted))};
}
