/* Duties that should not meet in one person: could they, and did they. */
#include <string.h>

#include "app/report_access.h"
#include "base/text.h"

const char *const separation_columns[] = {"kind", "person", "duties",
    "repository", "gate", "change", "landing_seq", "what", NULL};

/* Rights that are looked at together, and what stands against their use. */
static const struct {
	const char *one, *other, *against;
} pairs[] = {
    {"approve", "land",
        "nobody's approval counts for what they contributed to"},
    {"approve", "administer",
        "adoptions, explanations and texts are records; access.csv"},
    {"approve", "declare an emergency",
        "a declarer's review of it does not count"},
    {"land", "declare an emergency",
        "what is declared owes a review by somebody else"},
    {"land", "administer",
        "adoptions, explanations and texts are records; access.csv"},
    {"land", "tell of deployments",
        "a contributor's word on what is promoted does not count"},
    {"declare an emergency", "administer",
        "adoptions, explanations and texts are records; access.csv"},
};
#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static bool
has(const struct rights *all, const struct right *of, const char *right)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct right *r = &all->list[i];

		if (strcmp(r->person, of->person) == 0 &&
		    strcmp(r->right, right) == 0 &&
		    (r->gate[0] == '\0' ||
		        (strcmp(r->gate, of->gate) == 0 &&
		            strcmp(r->repository, of->repository) == 0)))
			return true;
	}
	return false;
}

static void
add_pair(struct making *m, const struct right *of, size_t pair)
{
	struct report *r = &m->report;
	const char *key = pool_printf(&r->pool, "%s\n%s\n%s\n%zu", of->person,
	    of->repository, of->gate, pair);
	struct report_pair *one;

	if (map_get(&m->pair_keys, key) != NULL)
		return;
	one = pool_grow(&r->pool, &m->pairs, &m->pair_count, sizeof(*one));
	*one = (struct report_pair){pool_text(&r->pool, of->person),
	    pool_text(&r->pool, of->repository), pool_text(&r->pool, of->gate),
	    pair};
	map_put(&m->pair_keys, key, m);
}

void
pairs_add(struct making *m, const struct rights *rights)
{
	m->pair_keys.pool = &m->report.pool;
	for (size_t i = 0; i < rights->count; i++)
		for (size_t k = 0; k < PAIRS; k++)
			if (strcmp(rights->list[i].right, pairs[k].one) == 0 &&
			    has(rights, &rights->list[i], pairs[k].other))
				add_pair(m, &rights->list[i], k);
}

void
pairs_write(struct making *m)
{
	struct table *t = &m->tables[TABLE_SEPARATION];

	for (size_t i = 0; i < m->pair_count; i++) {
		const struct report_pair *p = &m->pairs[i];

		table_text(t, "potential");
		table_text(t, p->person);
		table_printf(t, "%s; %s", pairs[p->pair].one,
		    pairs[p->pair].other);
		table_text(t, p->repository);
		table_text(t, p->gate);
		table_text(t, NULL);
		table_text(t, NULL);
		table_text(t, pairs[p->pair].against);
		table_row(t);
	}
}

static void
put_actual(struct making *m, const struct change_row *row, const char *person,
    const char *duties, const char *what)
{
	struct table *t = &m->tables[TABLE_SEPARATION];

	table_text(t, "actual");
	table_text(t, person);
	table_text(t, duties);
	table_text(t, row->repository);
	table_text(t, row->gate);
	table_text(t, row->id);
	table_seq(t, row->landing->seq);
	table_text(t, what);
	table_row(t);
}

void
separation_change(struct making *m, const struct change_row *row)
{
	const char *declarer = row->review_due == 0
	    ? NULL
	    : tree_text(row->landing->tree, "declarer");

	for (size_t i = 0; i < row->approvers.count; i++) {
		const char *who = row->approvers.list[i];

		if (texts_have(&row->contributors, who))
			put_actual(m, row, who, "contributor; approver",
			    "the approval asked to be independent of the "
			    "lander alone");
		if (text_same(who, row->requester))
			put_actual(m, row, who, "requester; approver", NULL);
		if (text_same(who, row->lander))
			put_actual(m, row, who, "approver; lander", NULL);
	}
	if (row->lander != NULL && texts_have(&row->contributors, row->lander))
		put_actual(m, row, row->lander, "contributor; lander",
		    row->approvers.count > 0
		        ? "somebody else approved it"
		        : "nobody's approval counted for it");
	if (declarer == NULL)
		return;
	if (text_same(declarer, row->lander))
		put_actual(m, row, declarer, "declarer; lander",
		    report_debt(&m->report, row));
	if (texts_have(&row->contributors, declarer))
		put_actual(m, row, declarer, "contributor; declarer",
		    report_debt(&m->report, row));
}
