/* Emergencies, refusals and deployments: a row for each record. */
#include "app/report_inside.h"
#include "base/text.h"

const char *const emergencies_columns[] = {"change", "time", "repository",
    "gate", "ref", "incident", "reason", "declarer", "declared_by", "lander",
    "findings", "review_due", "reviewed", "review_seq", "state", "decision_seq",
    "landing_seq", NULL};
const char *const refusals_columns[] = {"seq", "time", "repository", "gate",
    "ref", "old", "new", "pusher", "requester", "findings", "text", "mode",
    "policy", "outcome", NULL};
const char *const deployments_columns[] = {"seq", "time", "repository",
    "environment", "commit", "result", "person", "machine", "in_force",
    "refused", "source", NULL};

const char *
report_debt(const struct report *r, const struct change_row *row)
{
	if (row->review_due == 0)
		return NULL;
	if (row->reviewed != 0)
		return row->reviewed <= row->review_due ? "reviewed in time"
		                                        : "reviewed late";
	return r->at < row->review_due ? "owed" : "overdue";
}

void
emergencies_row(struct making *m, const struct change_row *row)
{
	struct table *t = &m->tables[TABLE_EMERGENCIES];
	const struct tree *e = row->decision == NULL
	    ? NULL
	    : tree_get(row->decision->tree, "emergency");

	table_text(t, row->id);
	table_instant(t, row->landing->time);
	table_text(t, row->repository);
	table_text(t, row->gate);
	table_text(t, row->ref);
	table_text(t, row->emergency);
	table_text(t, tree_text(e, "reason"));
	table_text(t, tree_text(e, "declarer.person"));
	table_text(t, tree_text(e, "by"));
	table_text(t, row->lander);
	table_list(t, &row->findings);
	table_instant(t, row->review_due);
	table_instant(t, row->reviewed);
	table_seq(t, row->review_seq);
	table_text(t, report_debt(&m->report, row));
	table_seq(t, row->decision_seq);
	table_seq(t, row->landing->seq);
	table_row(t);
	m->counts.emergencies++;
	m->counts.owed += row->reviewed == 0;
	m->counts.overdue +=
	    row->reviewed == 0 && m->report.at >= row->review_due;
	m->counts.late += row->reviewed > row->review_due;
}

static void
put_findings(struct table *t, const struct tree *record, const char *key)
{
	const struct tree *list = tree_get(record, "findings");
	struct buf text = {0};

	for (const struct tree *f = list != NULL ? list->child : NULL;
	     f != NULL; f = f->next) {
		const char *standing = tree_text(f, "standing");
		const char *what = tree_text(f, key);

		if (!text_same(standing, "UNMET") &&
		    !text_same(standing, "UNDECIDED"))
			continue;
		if (what == NULL)
			what = tree_text(f, "text.cut");
		buf_put(&text, text.len > 0 ? "; " : "");
		buf_put(&text, what == NULL ? "" : what);
	}
	table_text(t, buf_text(&text));
	buf_free(&text);
}

void
refusals_row(struct making *m, const struct record *record)
{
	struct table *t = &m->tables[TABLE_REFUSALS];
	const struct tree *d = record->tree;

	table_seq(t, record->seq);
	table_instant(t, record->time);
	table_text(t, tree_text(d, "repository"));
	table_text(t, tree_text(d, "gate"));
	table_text(t, tree_text(d, "ref"));
	table_text(t, tree_text(d, "old"));
	table_text(t, tree_text(d, "new"));
	table_text(t,
	    tree_text(d, "pusher.person") != NULL
	        ? tree_text(d, "pusher.person")
	        : tree_text(d, "pusher.login"));
	table_text(t, tree_text(d, "requester"));
	put_findings(t, d, "code");
	put_findings(t, d, "text");
	table_text(t, tree_text(d, "mode"));
	table_text(t, tree_text(d, "policy"));
	/* In mode observe it was told, and landed all the same. */
	table_text(t,
	    text_same(tree_text(d, "mode"), "observe") ? "let through"
	                                               : "refused");
	table_row(t);
	m->counts.refusals++;
}

void
deployments_row(struct making *m, const struct record *record)
{
	struct table *t = &m->tables[TABLE_DEPLOYMENTS];
	const struct tree *d = record->tree;

	table_seq(t, record->seq);
	table_instant(t, record->time);
	table_text(t, tree_text(d, "repository"));
	table_text(t, tree_text(d, "environment"));
	table_text(t, tree_text(d, "commit"));
	table_text(t, tree_text(d, "result"));
	table_text(t, tree_text(d, "person"));
	table_bool(t, tree_true(d, "machine"));
	table_text(t, tree_text(d, "in_force"));
	table_text(t, tree_text(d, "refused"));
	table_text(t, tree_text(d, "source"));
	table_row(t);
	m->counts.deployments++;
}
