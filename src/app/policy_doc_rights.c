/* Who holds which right, by the people file, and whether that is enough. */
#include "app/policy_doc.h"

#include <string.h>

#include "core/rule.h"

static bool
may_approve(const struct gate *g, const struct person *p)
{
	return g->approvals.asked && approvals_take(&g->approvals, p);
}

static bool
may_move(const struct gate *g, const struct person *p)
{
	return person_in_any(p, g->landers.list, g->landers.count);
}

static bool
holds(const struct person *p, const struct texts *groups)
{
	return groups->count > 0 &&
	    person_in_any(p, groups->list, groups->count);
}

static void
add(struct buf *cell, const char *words, const char *gate, struct pool *pool)
{
	if (cell->len > 0)
		buf_put(cell, "; ");
	buf_put(cell, words);
	if (gate != NULL)
		buf_put(cell, policy_doc_text(pool, gate, true));
}

static void
rights_of(struct buf *cell, struct pool *pool, const struct policy *policy,
    const struct policy_repository *entry, const struct person *p)
{
	for (size_t i = 0; i < entry->gate_count; i++) {
		const struct gate *g = &entry->gates[i];

		if (may_approve(g, p))
			add(cell, "approve at ", g->name, pool);
		if (may_move(g, p))
			add(cell, "move ", g->name, pool);
		for (size_t k = 0; k < g->owner_count; k++)
			if (!p->machine && holds(p, &g->owners[k].groups))
				add(cell, "own paths at ", g->name, pool);
	}
	if (policy->emergency.asked && !p->machine &&
	    holds(p, &policy->emergency.groups))
		add(cell, "declare an emergency", NULL, pool);
	if (holds(p, &policy->administration))
		add(cell, "administer", NULL, pool);
}

static const char *
groups_of(struct pool *pool, const struct person *p)
{
	struct buf out = {0};
	const char *copy;

	for (size_t i = 0; i < p->group_count; i++)
		buf_printf(&out, "%s%s", i > 0 ? ", " : "",
		    policy_doc_text(pool, p->groups[i], true));
	copy = pool_text(pool, out.len > 0 ? buf_text(&out) : "none");
	buf_free(&out);
	return copy;
}

static void
write_person(struct buf *out, struct pool *pool, const struct policy *policy,
    const struct policy_repository *entry, const struct person *p)
{
	struct buf cell = {0};

	rights_of(&cell, pool, policy, entry, p);
	buf_printf(out, "| %s%s | %s | %s | %s | %zu |\n",
	    policy_doc_text(pool, p->id, true), p->machine ? " (machine)" : "",
	    policy_doc_text(pool, p->name != NULL ? p->name : "", false),
	    groups_of(pool, p), cell.len > 0 ? buf_text(&cell) : "none",
	    p->key_count);
	buf_free(&cell);
}

/* A gate that asks for more people than there are lands nothing. */
static void
write_enough(struct buf *out, struct pool *pool, const struct people *people,
    const struct gate *g, int64_t at)
{
	size_t approvers = 0, keyed = 0, movers = 0, both = 0;

	for (size_t i = 0; i < people->count; i++) {
		const struct person *p = &people->list[i];
		bool approves = person_in_force(p, at) && may_approve(g, p);
		bool moves = person_in_force(p, at) && may_move(g, p);

		approvers += approves ? 1 : 0;
		keyed += approves && p->key_count > 0 ? 1 : 0;
		movers += moves ? 1 : 0;
		both += approves && moves ? 1 : 0;
	}
	buf_printf(out, "| %s | %u | %zu | %zu | %zu | %zu | %s |\n",
	    policy_doc_text(pool, g->name, true),
	    g->approvals.asked ? g->approvals.count : 0, approvers, keyed,
	    movers, both,
	    g->approvals.asked && keyed < g->approvals.count &&
	            !g->approvals.pusher_may
	        ? "**cannot be met**"
	        : g->approvals.asked && keyed == g->approvals.count
	        ? "no substitute"
	        : "");
}

void
policy_doc_rights(struct buf *out, struct pool *pool,
    const struct config *config, const struct policy_repository *entry,
    int64_t at)
{
	const struct people *people = &config->people;
	size_t ended = 0;

	buf_put(out,
	    "\n### Who holds which right\n\n"
	    "| id | name | groups | may | keys |\n"
	    "|---|---|---|---|---|\n");
	for (size_t i = 0; i < people->count; i++)
		if (person_in_force(&people->list[i], at))
			write_person(out, pool, &config->policy, entry,
			    &people->list[i]);
		else
			ended++;
	if (ended > 0)
		buf_printf(out, "\n%zu whose rights have ended are left out.\n",
		    ended);
	buf_put(out,
	    "\n| gate | approvals asked | may approve | with a key | may "
	    "move | may do both | |\n|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < entry->gate_count; i++)
		write_enough(out, pool, people, &entry->gates[i], at);
}
