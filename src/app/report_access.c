/*
 * Who could do what: the rights that policy and people gave, as sorted sets,
 * at the start, at each change of either, at each expiry, and at the end.
 */
#include "app/report_access.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *const access_columns[] = {"time", "record", "what", "person",
    "repository", "gate", "right", "through", NULL};

int
right_order(const struct right *x, const struct right *y)
{
	int order = strcmp(x->person, y->person);

	if (order == 0)
		order = strcmp(x->repository, y->repository);
	if (order == 0)
		order = strcmp(x->gate, y->gate);
	return order != 0 ? order : strcmp(x->right, y->right);
}

static int
by_right(const void *a, const void *b)
{
	return right_order(a, b);
}

struct giving {
	struct rights *out;
	const struct people *people;
	const char *repository, *gate;
	int64_t at;
};

static const char *
group_of(const struct person *p, const struct texts *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		if (person_in(p, groups->list[i]))
			return groups->list[i];
	return NULL;
}

/* `open`: no groups means anybody we know; `machines`: these count as well. */
static void
give(struct giving *g, const char *right, const struct texts *groups, bool open,
    const struct texts *machines, bool machines_too)
{
	for (size_t i = 0; i < g->people->count; i++) {
		const struct person *p = &g->people->list[i];
		const char *through = group_of(p, groups);
		struct right *one;

		if (!person_in_force(p, g->at) ||
		    (p->machine && !machines_too &&
		        (machines == NULL || !texts_have(machines, p->id))))
			continue;
		if (through == NULL && !(open && groups->count == 0))
			continue;
		one = pool_grow(&g->out->pool, &g->out->list, &g->out->count,
		    sizeof(*one));
		*one = (struct right){.person = pool_text(&g->out->pool, p->id),
		    .repository = g->repository,
		    .gate = g->gate,
		    .right = right,
		    .through = through != NULL
		        ? pool_printf(&g->out->pool, "group %s", through)
		        : "anybody known"};
	}
}

static void
give_gate(struct giving *g, const struct gate *gate)
{
	static const struct texts nobody = {0};

	g->gate = pool_text(&g->out->pool, gate->name);
	if (gate->approvals.asked)
		give(g, "approve", &gate->approvals.groups, true,
		    &gate->approvals.machines, false);
	for (size_t i = 0; i < gate->owner_count; i++)
		give(g, "approve owned paths", &gate->owners[i].groups, true,
		    &nobody, false);
	give(g, "land", &gate->landers, true, NULL, true);
	if (gate->lane.asked)
		give(g, "roll back", &gate->lane.groups, true, NULL, true);
	if (gate->delete_asked)
		give(g, "delete", &gate->delete_groups, true, NULL, true);
	if (gate->told_by.count > 0 || gate->after.told_by.count > 0)
		give(g, "tell of deployments",
		    gate->told_by.count > 0 ? &gate->told_by
		                            : &gate->after.told_by,
		    false, NULL, true);
}

const char *
right_repository(struct pool *pool, const struct policy_repository *entry)
{
	const struct texts *match = &entry->match;
	const char *out = "";

	for (size_t i = 0; i < match->count; i++)
		out = pool_printf(pool, "%s%s%s", out, i > 0 ? " " : "",
		    match->list[i]);
	return out;
}

static bool
is_asked_for(const struct report *r, const struct policy *policy,
    const struct policy_repository *entry)
{
	const struct texts *asked = &r->asked.repositories;

	for (size_t i = 0; i < asked->count; i++)
		if (policy_repository(policy, asked->list[i]) == entry)
			return true;
	return asked->count == 0;
}

static void
give_all(struct giving *g, const struct report *r, const struct policy *policy)
{
	for (size_t i = 0; i < policy->repository_count; i++) {
		const struct policy_repository *e = &policy->repositories[i];

		if (!is_asked_for(r, policy, e))
			continue;
		g->repository = right_repository(&g->out->pool, e);
		for (size_t k = 0; k < e->gate_count; k++)
			if (report_in_scope(r, NULL, e->gates[k].name))
				give_gate(g, &e->gates[k]);
	}
	g->repository = "**";
	g->gate = "";
	if (policy->emergency.asked)
		give(g, "declare an emergency", &policy->emergency.groups,
		    false, NULL, false);
	if (policy->administration.count > 0)
		give(g, "administer", &policy->administration, false, NULL,
		    false);
}

static int
read_people(struct report *r, struct pool *pool, const struct report_text *text,
    struct people *out, struct err *err)
{
	const struct tree *document;
	struct record record;
	struct err unsound = {0};
	const char *yaml;

	*out = (struct people){0};
	if (text == NULL)
		return 0;
	if (report_at(r, pool, &text->mark, &record, err) < 0)
		return -1;
	yaml = tree_text(record.tree, "text");
	if (yaml == NULL ||
	    tree_parse_yaml(&document, pool, yaml, strlen(yaml), "people",
	        &unsound) < 0 ||
	    people_read(out, pool, document, NULL, &unsound) < 0)
		*out = (struct people){0};
	return 0;
}

/* Somebody with one right twice has it once. */
static void
sort_rights(struct rights *all)
{
	size_t kept = 0;

	if (all->count == 0)
		return;
	qsort(all->list, all->count, sizeof(*all->list), by_right);
	for (size_t i = 1; i < all->count; i++)
		if (by_right(&all->list[kept], &all->list[i]) != 0)
			all->list[++kept] = all->list[i];
	all->count = kept + 1;
}

int
rights_at(struct report *r, uint64_t seq, int64_t time, struct rights *out,
    struct err *err)
{
	const struct report_text *policy_text =
	    report_text_at(r->policies, r->policy_count, seq);
	struct pool pool = {0};
	const struct policy *policy = NULL;
	struct people people;
	struct giving g = {.out = out, .people = &people, .at = time};
	int ret = read_people(r, &pool,
	    report_text_at(r->people, r->people_count, seq), &people, err);

	*out = (struct rights){0};
	if (ret == 0 && policy_text != NULL)
		ret = report_policy_of(r, policy_text->digest, &policy, err);
	if (ret == 0 && policy != NULL)
		give_all(&g, r, policy);
	for (size_t i = 0; i < people.count; i++) {
		int64_t ends = people.list[i].expires;

		if (ends > time && (out->until == 0 || ends < out->until))
			out->until = ends;
	}
	sort_rights(out);
	pool_free(&pool);
	return ret;
}

static void
put(struct table *t, int64_t time, uint64_t record, const char *what,
    const struct right *one)
{
	table_instant(t, time);
	table_seq(t, record);
	table_text(t, what);
	table_text(t, one->person);
	table_text(t, one->repository);
	table_text(t, one->gate);
	table_text(t, one->right);
	table_text(t, one->through);
	table_row(t);
}

static void
put_all(struct table *t, int64_t time, uint64_t record, const char *what,
    const struct rights *all)
{
	for (size_t i = 0; i < all->count; i++)
		put(t, time, record, what, &all->list[i]);
}

static void
put_difference(struct table *t, int64_t time, uint64_t record,
    const struct rights *old, const struct rights *new)
{
	size_t i = 0, k = 0;

	while (i < old->count || k < new->count) {
		int order = i == old->count ? 1
		    : k == new->count       ? -1
		                      : by_right(&old->list[i], &new->list[k]);

		if (order < 0)
			put(t, time, record, "withdrawn", &old->list[i++]);
		else if (order > 0)
			put(t, time, record, "granted", &new->list[k++]);
		else {
			i++;
			k++;
		}
	}
}

/* The next moment at which rights may change; false: none before `end`. */
static bool
next_moment(const struct report *r, uint64_t *seq, int64_t *time,
    int64_t expiry, int64_t end)
{
	const struct report_text *next = NULL;

	for (size_t i = 0; i < r->policy_count && next == NULL; i++)
		if (r->policies[i].seq > *seq)
			next = &r->policies[i];
	for (size_t i = 0; i < r->people_count; i++)
		if (r->people[i].seq > *seq &&
		    (next == NULL || r->people[i].seq < next->seq)) {
			next = &r->people[i];
			break;
		}
	if (expiry != 0 && expiry < end &&
	    (next == NULL || expiry < next->time)) {
		*time = expiry;
		return true;
	}
	if (next == NULL || next->time >= end)
		return false;
	*seq = next->seq;
	*time = next->time;
	return true;
}

/* The last text that was in force before the period began. */
uint64_t
rights_before(const struct report *r, int64_t time)
{
	uint64_t seq = 0;

	for (size_t i = 0; i < r->policy_count; i++)
		if (r->policies[i].time < time && r->policies[i].seq > seq)
			seq = r->policies[i].seq;
	for (size_t i = 0; i < r->people_count; i++)
		if (r->people[i].time < time && r->people[i].seq > seq)
			seq = r->people[i].seq;
	return seq;
}

int
access_write(struct making *m, struct err *err)
{
	struct report *r = &m->report;
	struct table *t = &m->tables[TABLE_ACCESS];
	int64_t end = r->asked.to < r->at + 1 ? r->asked.to : r->at + 1;
	int64_t time = r->asked.from;
	uint64_t seq = rights_before(r, time);
	struct rights now = {0}, then;

	if (rights_at(r, seq, time, &now, err) < 0)
		return -1;
	put_all(t, time, seq, "held at start", &now);
	pairs_add(m, &now);
	while (next_moment(r, &seq, &time, now.until, end)) {
		if (rights_at(r, seq, time, &then, err) < 0) {
			pool_free(&now.pool);
			return -1;
		}
		put_difference(t, time, seq, &now, &then);
		pairs_add(m, &then);
		pool_free(&now.pool);
		now = then;
	}
	put_all(t, end, seq, "held at end", &now);
	pool_free(&now.pool);
	pairs_write(m);
	return 0;
}
