/*
 * complete: has every movement of a gated ref a record?  What stands there now
 * (or is gone), and every movement that Git's own log still tells of, is
 * compared with the ledger's records, and each decision with its end.  Drift
 * that is recorded is a record; it stays an exception of every report.
 */
#include <string.h>

#include "app/reconcile.h"
#include "app/retain.h"
#include "app/verifying.h"
#include "base/text.h"

struct counts {
	struct reconciled sum;
	struct pool *pool;
	size_t recorded; /* drift that is on record */
	size_t
	    unlooked; /* repositories and refs that cannot be read, or gone */
	const char *first;
};

static void
keep_first(struct counts *c, const char *repository, const char *ref,
    const char *why)
{
	if (c->first == NULL)
		c->first = pool_printf(c->pool, "%s %s%s", repository,
		    ref != NULL ? ref : "", why);
}

static int
see_ref(void *ctx, const struct reconciled_ref *r, struct err *err)
{
	struct counts *c = ctx;

	(void)err;
	if (r->standing == REF_DRIFTED && r->record != 0)
		c->recorded++;
	else if (r->standing == REF_DRIFTED)
		keep_first(c, r->repository, r->ref, "");
	else if (r->standing == REF_UNADOPTED)
		keep_first(c, r->repository, r->ref, ", which has no baseline");
	else if (r->unrecorded > 0)
		keep_first(c, r->repository, r->ref,
		    ", which git's own log has elsewhere meanwhile");
	return 0;
}

static int
see_note(void *ctx, const struct reconciled_note *n, struct err *err)
{
	struct counts *c = ctx;

	(void)err;
	if (n->note != NOTE_UNREADABLE && n->note != NOTE_MISSING)
		return 0;
	c->unlooked++;
	keep_first(c, n->repository, n->ref,
	    pool_printf(c->pool, ": %s", n->text));
	return 0;
}

static void
answer(struct verifying *v, const struct counts *c)
{
	const struct reconciled *s = &c->sum;
	size_t moved = s->drifted - c->recorded + s->unadopted;
	const char *decisions = pool_printf(&v->pool,
	    "%zu decisions: %zu landed, %zu lapsed, %zu withheld, %zu refused, "
	    "%zu open",
	    s->decisions, s->landed, s->lapsed, s->withheld, s->refused,
	    s->open);

	if (moved + s->unrecorded > 0)
		v->complete = (struct answer){TRI_NO,
		    pool_printf(&v->pool,
		        "%zu of %zu gated refs moved without a record%s; the "
		        "first is %s; foureyes reconcile names them all; %s",
		        moved, s->refs,
		        s->unrecorded == 0
		            ? ""
		            : pool_printf(&v->pool,
		                  ", and %zu movements are known to git alone",
		                  s->unrecorded),
		        c->first, decisions)};
	else if (c->unlooked > 0)
		v->complete = (struct answer){TRI_UNKNOWN,
		    pool_printf(&v->pool,
		        "not provable: %zu repositories or refs are not there "
		        "or cannot be read; the first is %s; %s",
		        c->unlooked, c->first, decisions)};
	else
		v->complete = (struct answer){TRI_YES,
		    pool_printf(&v->pool,
		        "%zu gated refs of %zu repositories are where the "
		        "ledger has them%s%s%s; %s",
		        s->refs, s->repositories,
		        s->elsewhere == 0
		            ? ""
		            : pool_printf(&v->pool,
		                  ", and %zu more are for other machines to say",
		                  s->elsewhere),
		        s->found == 0
		            ? ""
		            : pool_printf(&v->pool,
		                  ", %zu of them by decisions whose landing "
		                  "foureyes reconcile will write",
		                  s->found),
		        c->recorded == 0
		            ? ""
		            : pool_printf(&v->pool,
		                  ", but for %zu whose drift is recorded",
		                  c->recorded),
		        decisions)};
	v->stuck = v->complete.is == TRI_UNKNOWN;
}

/* Whose signatures took the oldest records away, with the records of then. */
static void
look_at_pruned(struct verifying *v, struct setup *s)
{
	struct err err = {0};

	if (v->pruned.seq != 0 &&
	    retain_check(s, &v->begin, &v->pruned, &err) < 0)
		v->unaltered =
		    (struct answer){TRI_NO, pool_text(&v->pool, err.text)};
}

void
verify_complete(struct verifying *v, struct setup *s)
{
	struct counts c = {.pool = &v->pool};
	const struct reconcile_see see = {.ctx = &c,
	    .ref = see_ref,
	    .note = see_note};
	const uint64_t from =
	    v->before.at.there ? v->before.at.last.seq + 1 : 0;
	struct err err = {0};

	if (setup_log(s, LEDGER_READ, &err) == 0)
		look_at_pruned(v, s);
	if (s->log == NULL || reconcile_all(s, false, &see, &c.sum, &err) < 0 ||
	    reconcile_decisions(s, from, 0, &see, &c.sum, &err) < 0) {
		v->stuck = true;
		v->complete = (struct answer){TRI_UNKNOWN,
		    pool_printf(&v->pool, "could not be found out: %s",
		        err.text)};
		return;
	}
	answer(v, &c);
}
