/* Is there somebody's yes to a step, and is it proven or only claimed? */
#include <string.h>

#include "app/audit.h"

static bool
has_part(const struct audit *a, const struct audit_step *s,
    const struct person *person)
{
	for (size_t i = 0; i < s->part_count; i++) {
		const struct person *p;

		if (s->parts[i]->person == person)
			return true;
		for (size_t nth = 0; (p = people_suspect(a->people, s->pool,
		                          s->parts[i]->email, nth)) != NULL;
		     nth++)
			if (p == person)
				return true;
	}
	return false;
}

static bool
is_counted(const struct audit_step *s, const struct person *person)
{
	for (size_t i = 0; i < s->tag_count; i++)
		if (s->tags[i]->person == person)
			return true;
	return false;
}

static void
count_tags(struct audit *a, struct audit_step *s, const struct audit_tag *tag)
{
	const struct texts *groups = &a->gate->approvals.groups;

	for (; tag != NULL; tag = tag->next)
		if (!tag->person->machine &&
		    person_in_any(tag->person, groups->list, groups->count) &&
		    !has_part(a, s, tag->person) && !is_counted(s, tag->person))
			*(const struct audit_tag **)pool_grow(s->pool, &s->tags,
			    &s->tag_count, sizeof(*s->tags)) = tag;
}

/*
 * Of the commit itself; of what it merged, where a machine would have made the
 * same; of another commit with the same content, which was squashed.  What a
 * squash over a moved branch carries is not looked for.
 */
static void
find_tags(struct audit *a, struct audit_step *s)
{
	if (a->counts.tags_good == 0)
		return;
	count_tags(a, s, map_get(&a->tags, s->top.oid));
	if (s->merge == AUDIT_MECHANICAL)
		count_tags(a, s, map_get(&a->tags, s->top.parents[1]));
	if (s->top.parent_count < 2)
		count_tags(a, s, map_get(&a->tags_by_tree, s->top.tree));
}

/* Whom a trailer names has written none of it; one such for each commit. */
static bool
is_claimed_by_trailers(const struct audit_step *s)
{
	for (size_t i = 0; i < s->claimed_count; i++)
		if (!audit_who_among(s->claimed[i], s->authors,
		        s->author_count))
			return s->top_reviewed ||
			    (s->content > 0 &&
			        s->content_reviewed == s->content);
	return false;
}

void
audit_look_for_yes(struct audit *a, struct audit_step *s)
{
	size_t asked = a->gate->approvals.count;

	find_tags(a, s);
	if (!s->whole)
		s->yes = AUDIT_UNKNOWN;
	else if (s->tag_count >= (asked == 0 ? 1 : asked))
		s->yes = AUDIT_PROVEN;
	else if (is_claimed_by_trailers(s))
		s->yes = AUDIT_BY_TRAILER;
	else if (s->lander != NULL && s->author_count > 0 &&
	    !s->lander->machine &&
	    !audit_who_among(s->lander, s->authors, s->author_count))
		s->yes = AUDIT_BY_LANDER;
	else
		s->yes = AUDIT_NONE;
}

enum audit_outcome
audit_outcome_of(const struct audit *a, const struct audit_step *s)
{
	const struct gate *g = a->gate;

	if (!s->whole || s->trouble != NULL)
		return AUDIT_CANNOT_SAY;
	if ((g->plan.asked && s->plan != PLAN_REAL) ||
	    (g->ticket != NULL && s->ticket == NULL) ||
	    (g->approvals.asked && s->yes == AUDIT_NONE))
		return AUDIT_WOULD_BE_REFUSED;
	return g->approvals.asked && s->yes != AUDIT_PROVEN ? AUDIT_CLAIMS_ONLY
	                                                    : AUDIT_WOULD_LAND;
}

const char *
audit_outcome_name(enum audit_outcome outcome)
{
	static const char *const names[AUDIT_OUTCOMES] = {"cannot-be-said",
	    "would-have-landed", "claims-only", "would-have-been-refused"};

	return names[outcome];
}

const char *
audit_yes_name(enum audit_yes yes)
{
	static const char *const names[AUDIT_YESES] = {"none",
	    "claimed-by-lander", "claimed-by-trailer", "proven", "unknown"};

	return names[yes];
}
