/*
 * A ref that moved where no hook was asked: judged as it landed, and written
 * down as a decision all the same.
 */
#include "app/gate.h"
#include "app/gather.h"
#include "base/text.h"
#include "core/judge.h"

#include "gate_inside.h"

#define TRIES_MAX 8

static bool
is_let_through(const struct judged *j)
{
	return j->verdict.outcome != REFUSED || j->update.mode == MODE_OBSERVE;
}

static int
judge_it(struct push *p, struct judged *j, struct err *err)
{
	struct ref_update *r = &p->refs[0];
	struct record tip;

	*j = (struct judged){.ref = r};
	if (ledger_tip(p, r->target, &tip, &j->update.base, err) < 0)
		return -1;
	j->update.gone =
	    tip.seq != 0 && text_is_zero_oid(tree_text(tip.tree, "new"));
	p->commits = (struct map){.pool = p->pool};
	gather(p, r, &j->update);
	judge(&p->setup->config.policy, r->gate, &p->setup->config.people,
	    &j->update, p->pool, &j->verdict);
	return 0;
}

static int
append(struct push *p, struct judged *j, bool *stale, struct err *err)
{
	struct decided d = {.update = &j->update,
	    .verdict = &j->verdict,
	    .in_force = p->in_force,
	    .review_within = p->setup->config.policy.emergency.review_within};
	struct buf body = {0};
	struct ledger_body line;
	int ret;

	record_decision(&body, &d);
	line = (struct ledger_body){body.data, body.len};
	ledger_spare(changelog_ledger(p->setup->log), is_let_through(j));
	ret = changelog_append_behind(p->setup->log, &line, 1, p->now, &j->seq,
	    stale, err);
	buf_free(&body);
	return ret;
}

int
gate_witnessed(struct push *p, bool only_admitted, struct judged *out,
    struct err *err)
{
	bool stale = true, again = true;

	p->witnessed = true;
	for (unsigned i = 0; i < TRIES_MAX && stale; i++) {
		if (again && judge_it(p, out, err) < 0)
			return -1;
		if (only_admitted && !is_let_through(out))
			return 0;
		if (append(p, out, &stale, err) < 0 ||
		    (stale && gate_catch_up(p, &again, err) < 0))
			return -1;
	}
	if (!stale)
		return 0;
	return err_set(err, ERR_UNREACHABLE,
	    "others wrote to the ledger again and again meanwhile");
}
