/*
 * What of the log, and of who may do what, nobody signed for in time
 * (app/signoff.h).
 *
 * The policies in force and the sign-offs, in the ledger's order: from where
 * the log was read last, each `review.every` is a digest that must be signed
 * `review.within` its end.  What is leapt over by a sign-off is still owed, and
 * so is what was owed when a policy ceased to ask.  A policy that asks anew
 * begins with itself; of a pruned ledger, what was before is not known.
 */
#include "app/report_inside.h"

struct reading {
	struct report *r;
	struct report_unread *list;
	size_t count;
	bool access; /* of who may do what; else of the log */
	bool asked;
	int64_t every, within, read; /* so far it was read, or is owed */
	uint64_t since;
	unsigned part;
	const char *owner;
};

static void
owe(struct reading *s, int64_t to, int64_t due)
{
	struct report_unread *u;

	if (to <= s->read)
		return;
	u = pool_grow(&s->r->pool, &s->list, &s->count, sizeof(*u));
	*u = (struct report_unread){.access = s->access,
	    .from = s->read,
	    .to = to,
	    .due = due,
	    .read = s->read,
	    .since = s->since,
	    .part = ++s->part,
	    .owner = s->owner};
	s->read = to;
}

/* What fell due up to then; of very many, the rest as one. */
static void
pass(struct reading *s, int64_t time)
{
	while (s->asked && s->read + s->every + s->within <= time) {
		int64_t to = s->count + 1 < REPORT_UNREAD_MAX
		    ? s->read + s->every
		    : time - s->within;

		owe(s, to, to + s->within);
	}
}

static void
begin(struct reading *s, uint64_t since, int64_t from)
{
	s->read = from;
	s->since = since;
	s->part = 0;
}

static int
see_policy(struct reading *s, const struct report_text *text, struct err *err)
{
	const struct report *r = s->r;
	const struct policy *p = NULL;
	const struct policy_review *review;

	if (report_policy_of(s->r, text->digest, &p, err) < 0)
		return -1;
	pass(s, text->time);
	if (p == NULL)
		return 0; /* not to be had: what was asked is asked on */
	review = s->access ? &p->access_review : &p->review;
	if (s->asked && !review->asked)
		owe(s, text->time, s->read + s->every + s->within);
	if (!s->asked && review->asked)
		begin(s, text->mark.seq,
		    r->pruned.last > 0 && r->begun > text->time ? r->begun
		                                                : text->time);
	s->asked = review->asked;
	if (!s->asked)
		return 0;
	s->every = review->every;
	s->within = review->within;
	s->owner = exceptions_owner(&s->r->pool, &review->groups);
	return 0;
}

/* What it reads of one that is owed, from where that was read so far. */
static void
settle_one(struct report_unread *u, const struct report_signoff *by)
{
	if (u->by != NULL || by->from > u->read || by->to <= u->read)
		return;
	u->read = by->to;
	if (u->read >= u->to)
		u->by = by;
}

static void
see_signoff(struct reading *s, const struct report_signoff *by)
{
	if (by->access != s->access)
		return;
	pass(s, by->time);
	for (size_t i = 0; i < s->count; i++)
		settle_one(&s->list[i], by);
	if (!s->asked || by->to <= s->read)
		return;
	if (by->from > s->read)
		owe(s, by->from, s->read + s->every + s->within);
	begin(s, by->seq, by->to);
}

static bool
is_told(const struct report *r, const struct report_unread *u)
{
	if (u->due > r->at || u->due >= r->asked.to)
		return false;
	return u->by == NULL ||
	    (u->by->time > u->due && u->by->time > r->asked.from);
}

static int
write_of(struct making *m, bool access, struct err *err)
{
	struct report *r = &m->report;
	struct reading s = {.r = r, .access = access};
	size_t policy = 0, signoff = 0;

	while (policy < r->policy_count || signoff < r->signoff_count)
		if (signoff == r->signoff_count ||
		    (policy < r->policy_count &&
		        r->policies[policy].seq < r->signoffs[signoff].seq)) {
			if (see_policy(&s, &r->policies[policy++], err) < 0)
				return -1;
		} else {
			see_signoff(&s, &r->signoffs[signoff++]);
		}
	pass(&s, r->at);
	for (size_t i = 0; i < s.count; i++)
		if (is_told(r, &s.list[i]))
			exceptions_unread(m, &s.list[i]);
	return 0;
}

int
unread_write(struct making *m, struct err *err)
{
	return write_of(m, false, err) < 0 ? -1 : write_of(m, true, err);
}
