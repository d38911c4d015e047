/*
 * Of all approvals and objections of a change: how many count, and which stop.
 */
#include "core/rule.h"

#include "base/text.h"

bool
approval_same_person(const struct bench *b, const struct approval *one,
    const struct approval *other)
{
	return text_same(people_behind(b->people, one->person),
	    people_behind(b->people, other->person));
}

/*
 * Two approvals by one person are one approval, even from two places, and so
 * are a person's and their machine's.
 */
static bool
counted_before(const struct bench *b, const struct change *c, size_t i,
    const struct texts *groups)
{
	const char *why;

	for (size_t k = 0; k < i; k++)
		if (approval_same_person(b, &c->approvals[k],
		        &c->approvals[i]) &&
		    approval_weigh(b, c, &c->approvals[k], groups, &why) ==
		        NULL)
			return true;
	return false;
}

unsigned
approval_count(const struct bench *b, const struct change *c,
    const struct texts *groups)
{
	unsigned count = 0;
	const char *why;

	for (size_t i = 0; i < c->approval_count; i++)
		if (approval_weigh(b, c, &c->approvals[i], groups, &why) ==
		        NULL &&
		    !counted_before(b, c, i, groups))
			count++;
	return count;
}

bool
objection_stops(const struct bench *b, const struct change *c,
    const struct approval *o)
{
	const struct gate *g = b->gate;
	const struct texts *asked = groups_asked(b);
	const struct person *p = people_by_id(b->people, o->person);

	if (o->request.told && o->request.trusted != TRI_YES)
		return false;
	if (o->in_force == TRI_NO || !person_in_force(p, b->update->at) ||
	    (o->key != NULL && !approval_key_holds(b, p, o)))
		return false;
	if (p->machine)
		return texts_have(&g->approvals.machines, p->id);
	if (person_in_any(p, asked->list, asked->count))
		return true;
	for (size_t i = 0; i < g->owner_count; i++)
		if ((i >= c->owned_count || c->owned[i].touched != TRI_NO) &&
		    person_in_any(p, g->owners[i].groups.list,
		        g->owners[i].groups.count))
			return true;
	return false;
}

static bool
is_objected(const struct bench *b, const struct change *c)
{
	for (size_t i = 0; i < c->objection_count; i++)
		if (objection_stops(b, c, &c->objections[i]))
			return true;
	return false;
}

static bool
owners_approve(const struct bench *b, const struct change *c)
{
	for (size_t i = 0; i < b->gate->owner_count; i++) {
		const struct policy_owner *o = &b->gate->owners[i];

		if (i >= c->owned_count || c->owned[i].touched == TRI_UNKNOWN)
			return false;
		if (c->owned[i].touched == TRI_YES &&
		    approval_count(b, c, &o->groups) < o->count)
			return false;
	}
	return true;
}

bool
change_is_approved(const struct bench *b, const struct change *c)
{
	const struct policy_approvals *asked = &b->gate->approvals;

	if (c->approvals_known != TRI_YES)
		return false;
	if (c->contributors_known != TRI_YES && contributors_bar(b))
		return false;
	return !is_objected(b, c) && owners_approve(b, c) &&
	    approval_count(b, c, &asked->groups) >= asked->count;
}
