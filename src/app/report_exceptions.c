/*
 * What was not as it should be.  A row stays, also when it was put right; then
 * it says when, and by which record.
 */
#include <inttypes.h>
#include <string.h>

#include "app/report_inside.h"
#include "base/text.h"

const char *const exceptions_columns[] = {"exception", "kind", "record", "time",
    "repository", "gate", "ref", "change", "what", "owner", "due", "state",
    "closed", "closed_by", NULL};

void
exceptions_put(struct making *m, const struct exception *e)
{
	struct table *t = &m->tables[TABLE_EXCEPTIONS];

	if (e->part == 0)
		table_printf(t, "%s-%" PRIu64, e->kind, e->record);
	else
		table_printf(t, "%s-%" PRIu64 ".%u", e->kind, e->record,
		    e->part);
	table_text(t, e->kind);
	table_seq(t, e->record);
	table_instant(t, e->time);
	table_text(t, e->repository);
	table_text(t, e->gate);
	table_text(t, e->ref);
	table_text(t, e->change);
	table_text(t, e->what);
	table_text(t, e->owner);
	table_instant(t, e->due);
	table_text(t, e->state);
	table_instant(t, e->closed);
	table_seq(t, e->closed_by);
	table_row(t);
	m->counts.exceptions++;
	m->counts.open +=
	    text_same(e->state, "open") || text_same(e->state, "overdue");
}

static const struct policy *
policy_at(struct report *r, uint64_t seq)
{
	const struct report_text *text =
	    report_text_at(r->policies, r->policy_count, seq);
	const struct policy *policy = NULL;
	struct err ignored = {0};

	if (text == NULL ||
	    report_policy_of(r, text->digest, &policy, &ignored) < 0)
		return NULL;
	return policy;
}

const char *
exceptions_owner(struct pool *pool, const struct texts *groups)
{
	struct buf text = {0};
	const char *out;

	if (groups == NULL || groups->count == 0)
		return "nobody named";
	buf_put(&text, "group");
	for (size_t i = 0; i < groups->count; i++)
		buf_printf(&text, "%s %s", i > 0 ? " or" : "", groups->list[i]);
	out = pool_text(pool, text.data);
	buf_free(&text);
	return out;
}

/* Who administers answers for it. */
const char *
exceptions_administrators(struct report *r, struct pool *pool, uint64_t seq)
{
	const struct policy *policy = policy_at(r, seq);

	return exceptions_owner(pool,
	    policy == NULL ? NULL : &policy->administration);
}

/* Within the time a review may take, where the policy says one. */
int64_t
exceptions_due(struct report *r, uint64_t seq, int64_t time)
{
	const struct policy *policy = policy_at(r, seq);

	return time +
	    (policy != NULL && policy->emergency.asked
	            ? policy->emergency.review_within
	            : REPORT_DUE);
}

static void
close_or_not(const struct report *r, struct exception *e,
    const struct report_link *by)
{
	if (by != NULL) {
		e->state = "closed";
		e->closed = by->time;
		e->closed_by = by->seq;
	} else {
		e->state = r->at < e->due ? "open" : "overdue";
	}
}

static struct exception
begin(const char *kind, const struct record *record)
{
	return (struct exception){.kind = kind,
	    .record = record->seq,
	    .time = record->time,
	    .repository = tree_text(record->tree, "repository"),
	    .gate = tree_text(record->tree, "gate"),
	    .ref = tree_text(record->tree, "ref")};
}

static void
put_drift(struct making *m, struct pool *pool, const struct record *record)
{
	struct report *r = &m->report;
	struct exception e = begin("drift", record);

	e.owner = exceptions_administrators(r, pool, record->seq);
	e.due = exceptions_due(r, record->seq, record->time);
	e.what = pool_printf(pool,
	    "%s moved to %.12s by a way nobody recorded (witness: %s), some "
	    "time since %s (record %lld)",
	    e.ref, tree_text(record->tree, "new"),
	    tree_text(record->tree, "witness"),
	    tree_text(record->tree, "since") != NULL
	        ? tree_text(record->tree, "since")
	        : "the beginning",
	    (long long)tree_number(record->tree, "since_record"));
	close_or_not(r, &e,
	    report_about(r->explained, r->explained_count, record->seq));
	exceptions_put(m, &e);
}

static const char *
by_whom(const struct record *record)
{
	const char *person = tree_text(record->tree, "by.person");

	return person != NULL ? person : tree_text(record->tree, "by.account");
}

static void
put_adopted(struct making *m, struct pool *pool, const struct record *record)
{
	bool first = tree_true(record->tree, "first");
	struct exception e =
	    begin(first ? "unreviewed-baseline" : "adopted", record);
	const char *reason = tree_text(record->tree, "reason");

	e.owner = by_whom(record);
	e.due = exceptions_due(&m->report, record->seq, record->time);
	e.what = pool_printf(pool, "%s was taken as it is%s%s%s", e.ref,
	    first ? ", as the baseline: what it held before was not reviewed"
	          : pool_printf(pool, ": %lld commits were not reviewed",
	                (long long)tree_number(record->tree, "unreviewed")),
	    reason != NULL ? ": " : "", reason != NULL ? reason : "");
	e.state = "accepted";
	e.closed = record->time;
	e.closed_by = record->seq;
	exceptions_put(m, &e);
}

static void
put_out_of_order(struct making *m, struct pool *pool,
    const struct record *record)
{
	struct exception e = begin("not-in-order", record);

	e.owner = exceptions_administrators(&m->report, pool, record->seq);
	e.due = exceptions_due(&m->report, record->seq, record->time);
	e.what = pool_printf(pool,
	    "a record of type %s by account %s, which is in no administration "
	    "group",
	    record->type, tree_text(record->tree, "by.account"));
	close_or_not(&m->report, &e, NULL);
	exceptions_put(m, &e);
}

static void
put_recovered(struct making *m, struct pool *pool, const struct record *record)
{
	bool lost = tree_get(record->tree, "lost") != NULL;
	struct exception e = begin(lost ? "records-lost" : "torn-tail", record);

	e.owner = exceptions_administrators(&m->report, pool, record->seq);
	e.due = exceptions_due(&m->report, record->seq, record->time);
	e.what = "a writer of the ledger died; what it left is kept in the "
	         "record";
	if (lost)
		e.what = pool_printf(pool,
		    "records %lld to %lld were lost; approvals received before "
		    "count for nothing",
		    (long long)tree_number(record->tree, "lost.from"),
		    (long long)tree_number(record->tree, "lost.to"));
	e.state = "closed";
	e.closed = record->time;
	e.closed_by = record->seq;
	exceptions_put(m, &e);
}

/* Did a guard that fell before the period still not stand in it? */
bool
exceptions_reaches(const struct report *r, const struct record *record)
{
	const struct report_link *by;

	if (r->asked.as_of != 0 || !text_same(record->type, "drift") ||
	    tree_get(record->tree, "check") == NULL ||
	    record->time >= r->asked.from || !report_is_bad_check(record))
		return false;
	by = report_about(r->explained, r->explained_count, record->seq);
	return by == NULL || by->time >= r->asked.from;
}

/* From then on, until another record says so, a guard was not known to stand.
 */
static void
put_check(struct making *m, struct pool *pool, const struct record *record)
{
	struct report *r = &m->report;
	bool failed = text_same(tree_text(record->tree, "state"), "fail");
	struct exception e =
	    begin(failed ? "guard-off" : "guard-unknown", record);
	const char *text = tree_text(record->tree, "text");

	if (!report_is_bad_check(record) ||
	    tree_number(record->tree, "carried") > 0)
		return;
	e.owner = exceptions_administrators(r, pool, record->seq);
	e.due = exceptions_due(r, record->seq, record->time);
	e.what = pool_printf(pool, "%s of %s: %s%s%s",
	    tree_text(record->tree, "check"),
	    tree_text(record->tree, "subject"), text != NULL ? text : "?",
	    tree_text(record->tree, "since") != NULL ? "; it stood at " : "",
	    tree_text(record->tree, "since") != NULL
	        ? tree_text(record->tree, "since")
	        : "");
	close_or_not(r, &e,
	    report_about(r->explained, r->explained_count, record->seq));
	exceptions_put(m, &e);
}

void
exceptions_record(struct making *m, struct pool *pool,
    const struct record *record)
{
	if (text_same(record->type, "drift") &&
	    tree_get(record->tree, "check") != NULL)
		put_check(m, pool, record);
	else if (text_same(record->type, "drift"))
		put_drift(m, pool, record);
	if (text_same(record->type, "adopted"))
		put_adopted(m, pool, record);
	if (text_same(record->type, "recovered"))
		put_recovered(m, pool, record);
	if ((text_same(record->type, "adopted") ||
	        text_same(record->type, "explained") ||
	        text_same(record->type, "drill") ||
	        text_same(record->type, "pruned") ||
	        (text_same(record->type, "renamed") &&
	            tree_get(record->tree, "by") != NULL)) &&
	    !tree_true(record->tree, "by.in_order"))
		put_out_of_order(m, pool, record);
}

static struct exception
of_change(const char *kind, const struct change_row *row)
{
	struct exception e = begin(kind, row->landing);

	e.change = row->id;
	return e;
}

const char *
exceptions_joined(struct pool *pool, const struct texts *list)
{
	struct buf text = {0};
	const char *out;

	for (size_t i = 0; i < list->count; i++)
		buf_printf(&text, "%s%s", i > 0 ? ", " : "", list->list[i]);
	out = pool_text(pool, buf_text(&text));
	buf_free(&text);
	return out;
}

static void
put_emergency(struct making *m, const struct change_row *row)
{
	struct exception e = of_change("emergency", row);
	const char *declarer = tree_text(row->landing->tree, "declarer");
	const struct report_link done = {.seq = row->review_seq,
	    .time = row->reviewed};

	e.owner = declarer != NULL ? declarer : row->lander;
	e.due = row->review_due;
	e.what = pool_printf(row->pool, "landed as an emergency against %s",
	    exceptions_joined(row->pool, &row->findings));
	close_or_not(&m->report, &e, row->reviewed == 0 ? NULL : &done);
	if (row->reviewed > row->review_due)
		e.state = "closed late";
	exceptions_put(m, &e);
}

void
exceptions_change(struct making *m, const struct change_row *row)
{
	struct report *r = &m->report;
	struct exception e;

	if (text_same(row->kind, "emergency"))
		put_emergency(m, row);
	if (!text_same(row->landing->type, "landing") || row->pruned)
		return;
	if (row->decision == NULL)
		e = of_change("no-decision", row);
	else if (text_same(row->kind, "baseline"))
		e = of_change("unreviewed-baseline", row);
	else if (text_same(row->mode, "observe") && row->findings.count > 0)
		e = of_change("observed-only", row);
	else
		return;
	e.owner = exceptions_administrators(r, row->pool, row->landing->seq);
	e.due = exceptions_due(r, row->landing->seq, row->landing->time);
	e.what = row->decision == NULL
	    ? "it landed, and the decision it names cannot be read"
	    : text_same(row->kind, "baseline")
	    ? "the first push was taken as the baseline, not reviewed"
	    : pool_printf(row->pool, "let through in observe mode against %s",
	          exceptions_joined(row->pool, &row->findings));
	close_or_not(r, &e, NULL);
	exceptions_put(m, &e);
}

/* A person's no to what had landed already. */
void
exceptions_objection(struct making *m, struct pool *pool,
    const struct record *record, uint64_t landing)
{
	struct exception e = begin("objection", record);

	e.gate = NULL;
	e.owner = exceptions_administrators(&m->report, pool, record->seq);
	e.due = exceptions_due(&m->report, record->seq, record->time);
	e.what = pool_printf(pool,
	    "%s objects to %.12s, which had landed (record %" PRIu64 ")",
	    tree_text(record->tree, "person"),
	    tree_text(record->tree, "commit"), landing);
	close_or_not(&m->report, &e, NULL);
	exceptions_put(m, &e);
}

void
exceptions_unread(struct making *m, const struct report_unread *u)
{
	struct pool *pool = &m->report.pool;
	char from[TEXT_INSTANT_SIZE], to[TEXT_INSTANT_SIZE];
	struct exception e = {.kind = u->access ? "review-of-access"
	                                        : "review-of-log",
	    .record = u->since,
	    .time = u->due,
	    .owner = u->owner,
	    .due = u->due,
	    .state = u->by != NULL ? "closed late" : "overdue",
	    .part = u->part};

	text_instant(from, u->from);
	text_instant(to, u->to);
	e.what = pool_printf(pool,
	    "nobody had signed in time that %s of %s to %s was read",
	    u->access ? "who could do what" : "the log", from, to);
	if (u->by != NULL) {
		e.closed = u->by->time;
		e.closed_by = u->by->seq;
	}
	exceptions_put(m, &e);
}
