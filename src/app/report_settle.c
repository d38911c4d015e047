/* Refs that are not where the ledger has them, and what ended that. */
#include "app/report_inside.h"
#include "base/text.h"
#include "core/checkup.h"

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

static void
put(struct report *r, uint64_t seq, const char *repository, const char *ref)
{
	struct adrift *a = pool_alloc(&r->pool, sizeof(*a));

	a->seq = seq;
	a->repository = report_keep(r, repository);
	a->ref = report_keep(r, ref);
	a->next = r->adrift;
	r->adrift = a;
}

/* Each change of a check ends how it stood before. */
static void
settle_check(struct report *r, const struct record *record, const char *check)
{
	const char *subject = tree_text(record->tree, "subject");

	for (struct adrift **at = &r->adrift; *at != NULL;) {
		struct adrift *a = *at;

		if (!text_same(a->repository, check) ||
		    !text_same(a->ref, subject)) {
			at = &a->next;
			continue;
		}
		settle(r, record, a->seq);
		*at = a->next;
	}
	if (report_is_bad_check(record))
		put(r, record->seq, check, subject);
}

/* Does it stand as it should not? */
bool
report_is_bad_check(const struct record *record)
{
	enum check_state state =
	    check_state_of(tree_text(record->tree, "state"));

	return state != CHECK_PASS && state != CHECK_GONE;
}

void
settle_drift(struct report *r, const struct record *record)
{
	const char *check = tree_text(record->tree, "check");

	if (check != NULL)
		settle_check(r, record,
		    pool_printf(&r->pool, "check %s", check));
	else
		put(r, record->seq, tree_text(record->tree, "repository"),
		    tree_text(record->tree, "ref"));
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
