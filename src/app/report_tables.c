/* The tables of the pack, written together on one walk over the records. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "core/topics.h"
#include "app/report_inside.h"

static const char *const changes_columns[] = {"change", "time", "repository",
    "gate", "ref", "old", "new", "requester", "contributors", "approvers",
    "approved_commits", "description", "rollback_plan", "staging", "emergency",
    "outcome", "findings", "lander", "decision_seq", "landing_seq", "policy",
    "decided", "approved_times", "includes", "deployed", "deployer", "mode",
    "kind", "machine_only", "commits", "ticket", "review_due", "reviewed",
    "review_seq", NULL};
static const char *const attributes_columns[] = {"change", "time",
    "landing_seq", "ticket", "ticket_proof", "requester", "requester_proof",
    "approver_apart", "approver_apart_proof", "content", "content_proof",
    "staged", "staged_proof", "approved_before", "approved_before_proof",
    "lander_may", "lander_may_proof", "lander_apart", "lander_apart_proof",
    "plan", "plan_proof", "reviewed", "reviewed_proof", "control_on",
    "control_on_proof", "tested", "tested_proof", NULL};

static const struct {
	const char *name;
	const char *const *columns;
} shapes[TABLE_COUNT] = {
    [TABLE_CHANGES] = {"changes", changes_columns},
    [TABLE_ATTRIBUTES] = {"attributes", attributes_columns},
    [TABLE_EXCEPTIONS] = {"exceptions", exceptions_columns},
    [TABLE_EMERGENCIES] = {"emergencies", emergencies_columns},
    [TABLE_DEPLOYMENTS] = {"deployments", deployments_columns},
    [TABLE_REFUSALS] = {"refusals", refusals_columns},
    [TABLE_ACCESS] = {"access", access_columns},
    [TABLE_SEPARATION] = {"separation", separation_columns},
    [TABLE_CONTROLS] = {"controls", controls_columns},
    [TABLE_RECONCILIATION] = {"reconciliation", reconciliation_columns},
};

void
changes_row(struct making *m, const struct change_row *row)
{
	struct table *t = &m->tables[TABLE_CHANGES];

	table_text(t, row->id);
	table_instant(t, row->landing->time);
	table_text(t, row->repository);
	table_text(t, row->gate);
	table_text(t, row->ref);
	table_text(t, row->old);
	table_text(t, row->new);
	table_text(t, row->requester);
	table_list(t, &row->contributors);
	table_list(t, &row->approvers);
	table_list(t, &row->approved_commits);
	table_text(t, row->description);
	table_text(t, row->plan);
	table_text(t, row->staging);
	table_text(t, row->emergency);
	table_text(t, row->outcome);
	table_list(t, &row->findings);
	table_text(t, row->lander);
	table_seq(t, row->decision_seq);
	table_seq(t, row->landing->seq);
	table_text(t, row->digest);
	table_instant(t, row->decision != NULL ? row->decision->time : 0);
	table_list(t, &row->approved_times);
	table_list(t, &row->includes);
	table_instant(t, row->deployed);
	table_text(t, row->deployer);
	table_text(t, row->mode);
	table_text(t, row->kind);
	table_bool(t, row->machine_only);
	table_number(t, (int64_t)row->commits);
	table_text(t, row->ticket);
	table_instant(t, row->review_due);
	table_instant(t, row->reviewed);
	table_seq(t, row->review_seq);
	table_row(t);
}

void
attributes_row(struct making *m, const struct change_row *row)
{
	struct table *t = &m->tables[TABLE_ATTRIBUTES];

	table_text(t, row->id);
	table_instant(t, row->landing->time);
	table_seq(t, row->landing->seq);
	for (size_t i = 0; i < ATTR_COUNT; i++) {
		const struct report_proof *p = &row->attributes[i];

		table_text(t, report_mark_name(p->mark));
		table_text(t, p->proof);
		m->counts.marks[i][p->mark]++;
	}
	table_row(t);
}

static void
count_change(struct making *m, const struct change_row *row)
{
	struct report_counts *c = &m->counts;
	bool covered = row->attributes[ATTR_CONTENT].mark == MARK_PASS &&
	    row->attributes[ATTR_APPROVER_APART].mark != MARK_FAIL;

	c->changes++;
	c->commits += row->commits;
	c->covered += covered ? row->commits : 0;
	if (row->landing->seq == m->last_landing)
		return;
	m->last_landing = row->landing->seq;
	if (text_same(row->landing->type, "drift"))
		c->drifts++;
	else
		c->landings++;
	c->observed += text_same(row->mode, "observe");
}

static int
see_change(struct report *r, const struct change_row *row, void *ctx,
    struct err *err)
{
	struct making *m = ctx;
	bool again = row->landing->seq == m->last_landing;

	(void)r;
	(void)err;
	count_change(m, row);
	changes_row(m, row);
	attributes_row(m, row);
	separation_change(m, row);
	if (!m->live)
		reconciliation_change(m, row);
	exceptions_change(m, row);
	if (row->review_due != 0 && !again)
		emergencies_row(m, row);
	return 0;
}

static bool
is_of(const struct record *record, const char *kind)
{
	return text_same(record->type, "observation") &&
	    text_same(tree_text(record->tree, "kind"), kind);
}

/* The landing of what is objected to, for one of the objection's targets. */
static int
find_landed(struct making *m, struct pool *pool, const struct record *record,
    uint64_t *landing, struct err *err)
{
	const char *repository = tree_text(record->tree, "repository");
	const char *commit = tree_text(record->tree, "commit");
	struct report *r = &m->report;
	struct record found;

	*landing = 0;
	if (r->s->log == NULL || repository == NULL || commit == NULL)
		return 0;
	for (size_t i = 0; i < r->gate_count && *landing == 0; i++) {
		if (!text_same(r->gate_list[i]->repository, repository))
			continue;
		if (changelog_oldest(r->s->log, pool,
		        topic_landed(pool, repository, r->gate_list[i]->gate,
		            commit),
		        &found, err) < 0)
			return -1;
		if (found.seq != 0 && found.seq < record->seq)
			*landing = found.seq;
	}
	return 0;
}

static int
see_objection(struct making *m, const struct record *record, struct err *err)
{
	struct pool pool = {0};
	uint64_t landing = 0;
	int ret = find_landed(m, &pool, record, &landing, err);

	if (ret == 0 && landing != 0)
		exceptions_objection(m, &pool, record, landing);
	pool_free(&pool);
	return ret;
}

static int
see_record(struct report *r, const struct record *record, bool in, void *ctx,
    struct err *err)
{
	struct making *m = ctx;
	struct pool pool = {0};

	if ((!in && !exceptions_reaches(r, record)) ||
	    !report_in_scope(r, tree_text(record->tree, "repository"),
	        tree_text(record->tree, "gate")))
		return 0;
	if (!in) {
		exceptions_record(m, &pool, record);
		pool_free(&pool);
		return 0;
	}
	if (!m->live)
		reconciliation_record(m, record);
	if (text_same(record->type, "decision"))
		refusals_row(m, record);
	if (is_of(record, "deployment"))
		deployments_row(m, record);
	if (is_of(record, "approval") &&
	    text_same(tree_text(record->tree, "decision"), "object"))
		return see_objection(m, record, err);
	exceptions_record(m, &pool, record);
	pool_free(&pool);
	return 0;
}

static int
see_line(struct report *r, const struct chain_mark *mark, const char *line,
    size_t len, void *ctx, struct err *err)
{
	struct making *m = ctx;

	(void)r;
	(void)mark;
	if (fwrite_unlocked(line, 1, len, m->records) != len ||
	    putc_unlocked('\n', m->records) == EOF)
		return err_errno(err, "'records.jsonl'");
	return 0;
}

/* Git is not asked for the live page, so nothing is reconciled. */
static int
open_table(struct making *m, size_t at, struct err *err)
{
	if (m->live && at == TABLE_RECONCILIATION)
		return 0;
	if (m->live)
		return table_cells(&m->tables[at], shapes[at].name,
		    shapes[at].columns, err);
	return table_open(&m->tables[at], &m->pack, shapes[at].name,
	    shapes[at].columns, err);
}

int
tables_open(struct making *m, struct err *err)
{
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (shapes[i].name != NULL && open_table(m, i, err) < 0)
			return -1;
	if (m->live)
		return table_scratch(&m->records, err);
	return pack_open(&m->pack, "records.jsonl", &m->records, err);
}

static int
see_change_alone(struct report *r, const struct change_row *row, void *ctx,
    struct err *err)
{
	struct making *m = ctx;

	(void)r;
	(void)err;
	if (m->tables[TABLE_CHANGES].open)
		changes_row(m, row);
	else
		attributes_row(m, row);
	return 0;
}

int
tables_one(struct making *m, const char *name, int fd,
    struct report_visitor *visitor, struct err *err)
{
	*visitor =
	    (struct report_visitor){.change = see_change_alone, .ctx = m};
	for (size_t i = 0; i < REPORT_ONE_MAX; i++)
		if (text_same(shapes[i].name, name))
			return table_stream(&m->tables[i], fd, name,
			    shapes[i].columns, err);
	return err_set(err, ERR_INPUT,
	    "--table is changes or attributes; '%s' is made with the whole "
	    "pack",
	    name);
}

struct report_visitor
tables_visitor(struct making *m)
{
	return (struct report_visitor){.change = see_change,
	    .record = see_record,
	    .line = see_line,
	    .ctx = m};
}

static int
shut_records(struct making *m, struct err *err)
{
	FILE *records = m->records;

	if (m->live)
		return fflush(records) == 0
		    ? 0
		    : err_errno(err, "the records of the page");
	m->records = NULL;
	return pack_shut(&m->pack, "records.jsonl", records, err);
}

int
tables_close(struct making *m, struct err *err)
{
	/* What was signed for before the live page's time is not known. */
	if (exceptions_off(m, err) < 0 ||
	    (!m->live && unread_write(m, err) < 0) ||
	    access_write(m, err) < 0 || reconciliation_write(m, err) < 0)
		return -1;
	controls_write(m);
	if (shut_records(m, err) < 0)
		return -1;
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (m->tables[i].name != NULL &&
		    table_close(&m->tables[i], err) < 0)
			return -1;
	return 0;
}

void
tables_free(struct making *m)
{
	for (size_t i = 0; i < TABLE_ALL; i++)
		table_free(&m->tables[i]);
	if (m->records != NULL)
		(void)fclose(m->records);
	if (m->vsa != NULL)
		(void)fclose(m->vsa);
}
