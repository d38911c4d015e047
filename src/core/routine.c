/*
 * Routine changes of machines: rules.md 26.
 *
 * A stretch is one when a `routine` entry of the gate lists the machine that
 * pushes it, that machine brought each of its commits first (by its credential,
 * whatever names stand in them), nobody else has a part in it, and all that any
 * of its commits touches are regular files on the entry's paths, at most as
 * many as it says.  Who answers for the machine has no part of their own by
 * that.
 */
#include "core/rule.h"

#include "base/text.h"

struct asking {
	const struct bench *b;
	const struct change *c;
	const char *machine;
};

/* Its rights are the environment's to ask after. */
static const char *
pushing(const struct bench *b)
{
	const struct person *who =
	    people_by_id(b->people, b->update->pusher.person);

	return who != NULL && who->machine ? who->id : NULL;
}

static bool
is_its_own(const struct asking *k, const struct contributor *p)
{
	if (p->part == PART_OWNER)
		return text_same(p->person,
		    people_behind(k->b->people, k->machine));
	return p->known && text_same(p->person, k->machine);
}

static const char *
fault_of_who(const struct asking *k)
{
	const struct change *c = k->c;

	if (c->contributors_known != TRI_YES || c->contributor_count == 0)
		return "who had a part in it is not known";
	if (c->routine.stranger != NULL)
		return pool_printf(k->b->pool,
		    "%.12s was first brought by somebody else",
		    c->routine.stranger);
	if (!text_same(c->routine.machine, k->machine))
		return "it was first brought by somebody else";
	for (size_t i = 0; i < c->contributor_count; i++)
		if (!is_its_own(k, &c->contributors[i]))
			return pool_printf(k->b->pool,
			    "'%s' has a part in %.12s",
			    spelled(k->b->pool, c->contributors[i].written),
			    shown(c->contributors[i].commit));
	return NULL;
}

static const char *
fault_of_what(const struct asking *k, size_t entry)
{
	const struct routine *r = &k->c->routine;
	const struct policy_routine *asked = &k->b->gate->routines[entry];

	if (r->regular != TRI_YES)
		return pool_printf(k->b->pool,
		    "'%s' is no regular file, or no clean merge",
		    shown(r->odd));
	if (entry >= r->inside_count || r->inside[entry].all != TRI_YES)
		return pool_printf(k->b->pool, "'%s' is none of %s",
		    entry < r->inside_count ? shown(r->inside[entry].path)
		                            : "unknown",
		    either(k->b->pool, &asked->paths));
	if (r->files == 0)
		return "it changes no file";
	if (r->files > asked->max_files)
		return pool_printf(k->b->pool, "%u files, and %u are allowed",
		    r->files, asked->max_files);
	return NULL;
}

const char *
change_routine(const struct bench *b, const struct change *c, const char **why)
{
	struct asking k = {.b = b, .c = c, .machine = pushing(b)};

	*why = NULL;
	if (!rules_know(b, RULES_LANES))
		return NULL;
	for (size_t i = 0; i < b->gate->routine_count; i++) {
		const char *fault;

		if (!texts_have(&b->gate->routines[i].machines, k.machine))
			continue;
		fault = fault_of_who(&k);
		if (fault == NULL)
			fault = fault_of_what(&k, i);
		if (fault == NULL) {
			*why = NULL;
			return k.machine;
		}
		*why = fault;
	}
	return NULL;
}
