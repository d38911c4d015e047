/* changes.csv: the columns of a report's, and what only an assessment has. */
#include <string.h>

#include "app/audit.h"

#define DESCRIPTION_MAX 500

/* contract.md section 6; the last column marks a file without rows too. */
const char *const audit_columns[] = {"change", "time", "repository", "gate",
    "ref", "old", "new", "requester", "contributors", "approvers",
    "approved_commits", "description", "rollback_plan", "staging", "emergency",
    "outcome", "findings", "lander", "decision_seq", "landing_seq", "policy",
    "decided", "approved_times", "includes", "deployed", "deployer", "mode",
    "approval", "claimed_approvers", "merge", "by_hand", "commits", "files",
    "owned", "plan", "ticket", "request", "remarks", AUDIT_MARK, NULL};

static void
add(struct buf *out, const char *text)
{
	if (out->len > 0)
		buf_put(out, "; ");
	buf_put(out, text);
}

static void
put(struct csv *csv, struct buf *cell)
{
	csv_textn(csv, buf_text(cell), cell->len);
	buf_clear(cell);
}

static void
put_whos(struct csv *csv, const struct audit_step *s, struct buf *cell,
    const struct audit_who *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(cell, audit_who_text(s->pool, list[i]));
	put(csv, cell);
}

static void
put_tags(struct csv *csv, const struct audit_step *s, struct buf *cell)
{
	for (size_t i = 0; i < s->tag_count; i++)
		add(cell, s->tags[i]->person->id);
	put(csv, cell);
	for (size_t i = 0; i < s->tag_count; i++)
		add(cell, s->tags[i]->commit);
	put(csv, cell);
}

/* The codes that a refusal would have had. */
static void
put_findings(struct audit *a, const struct audit_step *s, struct buf *cell)
{
	static const char *const plans[] = {"rollback.absent", "rollback.empty",
	    "rollback.placeholder", "rollback.template", "rollback.too-short"};

	if (a->gate->approvals.asked && !s->whole)
		add(cell, "peer.unknown");
	else if (a->gate->approvals.asked && s->yes != AUDIT_PROVEN)
		add(cell, "review.unreviewed-commit");
	if (a->gate->plan.asked && s->plan != PLAN_REAL)
		add(cell, plans[s->plan]);
	if (a->gate->ticket != NULL && s->ticket == NULL)
		add(cell, "ticket.missing");
	put(a->csv, cell);
}

static void
put_remarks(struct csv *csv, const struct audit_step *s, struct buf *cell)
{
	if (s->defects > 0)
		add(cell, "malformed commits");
	if (s->old)
		add(cell, "dated before the period");
	if (s->future)
		add(cell, "dated in the future");
	if (s->time == 0)
		add(cell, "date not known");
	if (s->files_over)
		add(cell, "files not counted");
	if (s->trouble != NULL)
		add(cell, s->trouble);
	put(csv, cell);
}

/* What only a server could have written stays empty. */
static void
put_blanks(struct csv *csv, size_t count)
{
	while (count-- > 0)
		csv_text(csv, NULL);
}

static void
put_what(struct audit *a, const struct audit_step *s)
{
	struct csv *csv = a->csv;
	struct pool *pool = s->pool;

	csv_text(csv,
	    pool_printf(pool, "%s/%s/%.12s", a->repository, a->gate->name,
	        s->top.oid));
	csv_instant(csv, s->time);
	csv_text(csv, a->repository);
	csv_text(csv, a->gate->name);
	csv_text(csv, a->ref);
	csv_text(csv, s->top.parent_count > 0 ? s->top.parents[0] : NULL);
	csv_text(csv, s->top.oid);
}

static void
put_extra(struct audit *a, const struct audit_step *s, struct buf *cell)
{
	struct csv *csv = a->csv;

	csv_text(csv, audit_yes_name(s->yes));
	put_whos(csv, s, cell, s->claimed, s->claimed_count);
	csv_text(csv, audit_merge_name(s->merge));
	for (size_t i = 0; i < s->path_count; i++)
		add(cell, s->paths[i]);
	put(csv, cell);
	csv_number(csv, (int64_t)s->commits);
	if (s->files_over)
		csv_text(csv, NULL);
	else
		csv_number(csv, (int64_t)s->files);
	csv_bool(csv, s->owned);
	csv_text(csv, plan_state_name(s->plan));
	csv_text(csv, s->ticket);
	csv_text(csv, s->request);
	put_remarks(csv, s, cell);
	csv_text(csv, "yes");
}

void
audit_row(struct audit *a, const struct audit_step *s)
{
	struct csv *csv = a->csv;
	struct buf cell = {0};
	size_t plan = s->plan_text == NULL ? 0 : strlen(s->plan_text);

	put_what(a, s);
	csv_text(csv,
	    s->author_count > 0
	        ? audit_who_text(s->pool, s->authors[s->author_count - 1])
	        : NULL);
	put_whos(csv, s, &cell, s->parts, s->part_count);
	put_tags(csv, s, &cell);
	csv_text(csv, s->subject);
	csv_textn(csv, plan == 0 ? "" : s->plan_text,
	    plan < DESCRIPTION_MAX ? plan : DESCRIPTION_MAX);
	put_blanks(csv, 2);
	csv_text(csv, audit_outcome_name(audit_outcome_of(a, s)));
	put_findings(a, s, &cell);
	csv_text(csv, audit_who_text(s->pool, s->lander));
	put_blanks(csv, 2);
	csv_text(csv, a->built_in ? "built in" : a->policy->digest);
	put_blanks(csv, 5);
	csv_text(csv, AUDIT_MARK);
	put_extra(a, s, &cell);
	csv_row(csv);
	buf_free(&cell);
}
