/* What is sound but should be looked at. */
#include <string.h>

#include "base/text.h"
#include "core/policy.h"

struct warnings {
	struct pool *pool;
	const char **lines;
	size_t count;
};

static const char *
entry_of(struct warnings *w, const struct policy_repository *r)
{
	const char *match = r->match.list[0];

	return pool_printf(w->pool, "repositories '%s'",
	    text_safe_copy(w->pool, match, strlen(match), 60));
}

static void
say(struct warnings *w, const char *text)
{
	const char **line =
	    pool_grow(w->pool, &w->lines, &w->count, sizeof(*line));

	*line = text;
}

/* "repositories TEAM: gate MAIN asks for no approvals" */
static void
warn(struct warnings *w, const struct policy_repository *r,
    const struct gate *g, const char *what)
{
	say(w,
	    pool_printf(w->pool, "%s: gate '%s' %s", entry_of(w, r), g->name,
	        what));
}

/* Is somebody of `a` not in `b`?  No groups at all are everybody. */
static bool
is_wider(const struct texts *a, const struct texts *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (b->count > 0 && !texts_have(b, a->list[i]))
			return true;
	return a->count == 0 && b->count > 0;
}

/* Machines that count as peers there and not here. */
static bool
has_other_machines(const struct texts *a, const struct texts *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (!texts_have(b, a->list[i]))
			return true;
	return false;
}

/* Does `a` ask less of approvals than `b`? */
static bool
approvals_less(const struct policy_approvals *a,
    const struct policy_approvals *b)
{
	if (!b->asked)
		return false;
	if (!a->asked || a->count < b->count || a->carry > b->carry ||
	    a->valid_for > b->valid_for)
		return true;
	if ((a->pusher_may && !b->pusher_may) ||
	    (a->coauthors_allowed && !b->coauthors_allowed) ||
	    (b->presence && !a->presence) ||
	    (a->independent_of == INDEPENDENT_OF_LANDER &&
	        b->independent_of == INDEPENDENT_OF_CONTRIBUTORS))
		return true;
	return is_wider(&a->groups, &b->groups) ||
	    has_other_machines(&a->machines, &b->machines);
}

static bool
has_owner(const struct gate *a, const struct policy_owner *of)
{
	for (size_t i = 0; i < a->owner_count; i++) {
		const struct policy_owner *o = &a->owners[i];
		bool all = true;

		for (size_t n = 0; n < of->paths.count; n++)
			all = all && texts_have(&o->paths, of->paths.list[n]);
		if (all && o->count >= of->count &&
		    !is_wider(&o->groups, &of->groups))
			return true;
	}
	return false;
}

static bool
owners_less(const struct gate *a, const struct gate *b)
{
	for (size_t i = 0; i < b->owner_count; i++)
		if (!has_owner(a, &b->owners[i]))
			return true;
	return false;
}

static bool
asks_less(const struct gate *a, const struct gate *b)
{
	return approvals_less(&a->approvals, &b->approvals) ||
	    (b->plan.asked && !a->plan.asked) ||
	    (b->plan.asked && a->plan.min_words < b->plan.min_words) ||
	    (b->ticket != NULL && a->ticket == NULL) ||
	    (a->unknown_contributors_allowed &&
	        !b->unknown_contributors_allowed) ||
	    owners_less(a, b) || (b->secrets.scan && !a->secrets.scan) ||
	    a->tests.count < b->tests.count ||
	    (a->mode == MODE_OBSERVE && b->mode == MODE_ENFORCE);
}

/* Commits that no approval brought there are not accepted here. */
static void
look_at_accepted(struct warnings *w, const struct policy_repository *r,
    const struct gate *g)
{
	for (size_t i = 0; i < g->accepts.count; i++) {
		const char *name = g->accepts.list[i];
		const struct gate *from = policy_gate_named(r, name);

		if (from != NULL && from->landed_on.count > 0)
			warn(w, r, g,
			    pool_printf(w->pool,
			        "accepts what landed on '%s', which takes what "
			        "landed elsewhere: name the gate it takes from",
			        name));
		else if (from != NULL && asks_less(from, g))
			warn(w, r, g,
			    pool_printf(w->pool,
			        "accepts what landed on '%s', which asks less",
			        name));
	}
}

static void
look_at_routines(struct warnings *w, const struct policy_repository *r,
    const struct gate *g)
{
	for (size_t i = 0; i < g->routine_count; i++)
		if (texts_have(&g->routines[i].paths, "**"))
			warn(w, r, g,
			    "lets a machine change every file without "
			    "approval (routine)");
}

static void
look_at_gate(struct warnings *w, const struct policy_repository *r,
    const struct gate *g)
{
	if (g->mode == MODE_OBSERVE)
		warn(w, r, g, "is only observed: nothing is refused");
	if (!g->approvals.asked && g->landed_on.count == 0)
		warn(w, r, g, "asks for no approvals");
	look_at_accepted(w, r, g);
	look_at_routines(w, r, g);
}

static void
look_at_entries(struct warnings *w, const struct policy *policy)
{
	bool all = false;

	for (size_t i = 0; i < policy->repository_count; i++) {
		const struct policy_repository *r = &policy->repositories[i];

		if (all)
			say(w,
			    pool_printf(w->pool,
			        "%s is never reached: '**' "
			        "before it matches everything",
			        entry_of(w, r)));
		if (r->baseline)
			say(w,
			    pool_printf(w->pool,
			        "%s: a first push is taken "
			        "as baseline without review",
			        entry_of(w, r)));
		for (size_t n = 0; n < r->gate_count; n++)
			look_at_gate(w, r, &r->gates[n]);
		all = all || texts_have(&r->match, "**");
	}
}

size_t
policy_warnings(const struct policy *policy, struct pool *pool,
    const char *const **lines)
{
	struct warnings w = {.pool = pool};

	look_at_entries(&w, policy);
	if (policy->administration.count == 0)
		say(&w,
		    "no 'administration': every adopt, account, retain and "
		    "drill is an exception");
	if (policy->emergency.asked && !policy->emergency.overdue_blocks)
		say(&w,
		    "emergency: an overdue review is only reported, it blocks "
		    "nothing");
	*lines = w.lines;
	return w.count;
}
