/* When a gate was not enforced, by the policies in force. */
#include "app/report_inside.h"

static void
put_off(struct making *m, size_t at, unsigned part, const char *where)
{
	struct report *r = &m->report;
	const struct report_text *text = &r->policies[at];
	struct exception e = {.kind = "control-off",
	    .record = text->mark.seq,
	    .time = text->time,
	    .what = where,
	    .part = part};

	e.owner = exceptions_administrators(r, &r->pool, text->seq);
	e.due = exceptions_due(r, text->seq, text->time);
	if (at + 1 < r->policy_count) {
		e.state = "closed";
		e.closed = r->policies[at + 1].time;
		e.closed_by = r->policies[at + 1].mark.seq;
	} else {
		e.state = r->at < e.due ? "open" : "overdue";
	}
	exceptions_put(m, &e);
}

static void
look_at_policy(struct making *m, size_t at, const struct policy *p)
{
	struct report *r = &m->report;
	unsigned part = 0;

	for (size_t i = 0; i < p->repository_count; i++)
		for (size_t k = 0; k < p->repositories[i].gate_count; k++) {
			const struct policy_repository *e = &p->repositories[i];

			if (e->gates[k].mode != MODE_OBSERVE)
				continue;
			put_off(m, at, ++part,
			    pool_printf(&r->pool,
			        "gate %s of repositories %s was only observed",
			        e->gates[k].name,
			        exceptions_joined(&r->pool, &e->match)));
		}
}

/* The intervals of the policy in which a gate was not enforced. */
int
exceptions_off(struct making *m, struct err *err)
{
	struct report *r = &m->report;
	const struct policy *p;

	for (size_t i = 0; i < r->policy_count; i++) {
		int64_t ends = i + 1 < r->policy_count ? r->policies[i + 1].time
		                                       : r->at + 1;

		if (r->policies[i].time >= r->asked.to || ends <= r->asked.from)
			continue;
		if (report_policy_of(r, r->policies[i].digest, &p, err) < 0)
			return -1;
		if (p != NULL)
			look_at_policy(m, i, p);
	}
	return 0;
}
