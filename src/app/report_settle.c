/* Refs that are not where the ledger has them, and what ended that. */
#include "app/report_inside.h"
#include "base/text.h"

/* One of them. */
struct adrift {
	struct adrift *next;
	uint64_t seq;
	const char *repository, *ref;
};

static void
settle(struct report *r, const struct record *record, uint64_t drift)
{
	struct report_link *link = pool_grow(&r->pool, &r->explained,
	    &r->explained_count, sizeof(*link));

	link->about = drift;
	link->seq = record->seq;
	link->time = record->time;
}

void
settle_drift(struct report *r, const struct record *record)
{
	struct adrift *a = pool_alloc(&r->pool, sizeof(*a));

	a->seq = record->seq;
	a->repository = report_keep(r, tree_text(record->tree, "repository"));
	a->ref = report_keep(r, tree_text(record->tree, "ref"));
	a->next = r->adrift;
	r->adrift = a;
}

/* An explanation names its drift; what moves the ref on ends all of its own. */
void
settle_by(struct report *r, const struct record *record)
{
	uint64_t named = (uint64_t)tree_number(record->tree, "drift");
	const char *repository = tree_text(record->tree, "repository");
	const char *ref = tree_text(record->tree, "ref");
	bool only = text_same(record->type, "explained") && named != 0;

	for (struct adrift **at = &r->adrift; *at != NULL;) {
		struct adrift *a = *at;

		if (only ? a->seq != named
		         : !text_same(a->repository, repository) ||
		            !text_same(a->ref, ref)) {
			at = &a->next;
			continue;
		}
		settle(r, record, a->seq);
		*at = a->next;
	}
}
