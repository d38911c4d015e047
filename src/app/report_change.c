/* One row for each covered stretch of a landing. */
#include <stdlib.h>
#include <string.h>

#include "app/report.h"
#include "base/text.h"

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_text(struct pool *pool, struct texts *list, const char *text)
{
	const char **all = (const char **)list->list;
	const char **one;

	if (text == NULL || text[0] == '\0' || texts_have(list, text))
		return;
	one = pool_grow(pool, &all, &list->count, sizeof(*one));
	*one = text;
	list->list = all;
}

static void
sort(struct texts *list)
{
	if (list->count > 1)
		qsort((void *)list->list, list->count, sizeof(*list->list),
		    by_text);
}

/* As records name somebody: the person, else how they were seen. */
static const char *
name_of(const struct tree *who)
{
	static const char *const keys[] = {"person", "written", "login"};

	if (who != NULL && who->kind == TREE_TEXT)
		return who->text;
	for (size_t i = 0; i < 3; i++)
		if (tree_text(who, keys[i]) != NULL)
			return tree_text(who, keys[i]);
	return NULL;
}

static const struct tree *
first_of(const struct tree *record, const char *path)
{
	const struct tree *list = tree_path(record, path);

	return list == NULL || list->kind != TREE_LIST ? NULL : list->child;
}

static void
read_contributors(struct change_row *row)
{
	const struct tree *c = first_of(row->change, "contributors");
	bool people = false;

	if (tree_get(row->change, "contributors") == NULL)
		c = first_of(row->decision->tree, "contributors");
	for (; c != NULL; c = c->next) {
		add_text(row->pool, &row->contributors, name_of(c));
		people = people || !tree_true(c, "machine");
	}
	row->machine_only = row->contributors.count > 0 && !people;
	sort(&row->contributors);
}

static void
read_approvals(struct change_row *row)
{
	const struct tree *a = first_of(row->decision->tree, "approvals");

	for (; a != NULL; a = a->next) {
		const char *of = tree_text(a, "change");

		if (!tree_true(a, "counted") ||
		    (of != NULL && !text_same(of, row->id)))
			continue;
		add_text(row->pool, &row->approvers, tree_text(a, "person"));
		add_text(row->pool, &row->approved_commits,
		    tree_text(a, "commit"));
		add_text(row->pool, &row->approved_times, tree_text(a, "time"));
	}
	sort(&row->approvers);
	sort(&row->approved_commits);
	sort(&row->approved_times);
}

/* Only what was let in by it is of that kind. */
static void
read_kind(struct change_row *row, const char *code)
{
	if (text_same(code, "peer.by-machines") ||
	    text_same(code, "peer.routine"))
		row->kind = "routine";
	if (text_same(code, "environment.lane-back"))
		row->kind = "rollback";
}

static enum report_standing
standing_of(const struct tree *finding)
{
	static const char *const names[] = {"UNMET", "UNDECIDED", "MET",
	    "NOT_ASKED"};
	const char *name = tree_text(finding, "standing");
	unsigned i = 0;

	while (i < REPORT_NO_STANDING && !text_same(name, names[i]))
		i++;
	return (enum report_standing)i;
}

static void
read_finding(struct change_row *row, const struct tree *f)
{
	struct report_finding *one =
	    pool_grow(row->pool, &row->found, &row->found_count, sizeof(*one));

	one->control = tree_text(f, "control");
	one->code = tree_text(f, "code");
	one->standing = standing_of(f);
	if (one->standing == REPORT_UNMET || one->standing == REPORT_UNDECIDED)
		add_text(row->pool, &row->findings, one->code);
	if (one->standing == REPORT_MET)
		read_kind(row, one->code);
	if (text_same(one->control, "staging") &&
	    !text_same(one->code, "staging.not-asked"))
		row->staging = tree_text(f, "text");
}

static void
read_findings(struct change_row *row)
{
	const struct tree *f = first_of(row->decision->tree, "findings");

	for (; f != NULL; f = f->next) {
		const char *of = tree_text(f, "change");

		if (of == NULL || text_same(of, row->id))
			read_finding(row, f);
	}
}

static const char *
text_or_cut(const struct tree *record, const char *key)
{
	const struct tree *t = tree_get(record, key);

	if (t != NULL && t->kind == TREE_MAP)
		return tree_text(t, "cut");
	return tree_text(record, key);
}

static void
read_change(struct change_row *row)
{
	const struct tree *d = row->decision->tree, *c = row->change;
	const struct tree *plan = tree_get(c != NULL ? c : d, "rollback_plan");

	row->old = tree_text(c, "before") != NULL ? tree_text(c, "before")
	                                          : tree_text(d, "old");
	row->new = tree_text(c, "after") != NULL ? tree_text(c, "after")
	                                         : tree_text(d, "new");
	row->requester = tree_text(c, "requester") != NULL
	    ? tree_text(c, "requester")
	    : tree_text(d, "requester");
	row->description = text_or_cut(c, "description");
	row->plan = tree_text(plan, "text");
	if (row->plan == NULL && tree_text(plan, "to") != NULL)
		row->plan =
		    pool_printf(row->pool, "to %s", tree_text(plan, "to"));
	row->ticket = tree_text(c, "ticket");
	for (const struct tree *o = first_of(c, "commits"); o != NULL;
	     o = o->next)
		row->commits++;
	for (const struct tree *i = first_of(d, "includes"); i != NULL;
	     i = i->next)
		add_text(row->pool, &row->includes, i->text);
}

static void
read_decision(struct change_row *row)
{
	const struct tree *d = row->decision->tree;
	const struct tree *emergency = tree_get(d, "emergency");

	row->outcome = tree_text(d, "outcome");
	row->mode = tree_text(d, "mode");
	row->digest = tree_text(d, "policy");
	row->lander = name_of(tree_get(d, "pusher"));
	row->kind = "normal";
	if (emergency != NULL && emergency->kind == TREE_MAP) {
		row->emergency = text_or_cut(emergency, "incident");
		if (row->emergency == NULL || row->emergency[0] == '\0')
			row->emergency = "yes";
	}
	read_findings(row);
	if (text_same(tree_text(d, "move"), "restore"))
		row->kind = "restored";
	if (tree_true(d, "baseline"))
		row->kind = "baseline";
	if (text_same(row->outcome, "ADMITTED_AS_EMERGENCY"))
		row->kind = "emergency";
}

static void
read_landing(struct change_row *row)
{
	const struct tree *l = row->landing->tree;

	row->repository = tree_text(l, "repository");
	row->gate = tree_text(l, "gate");
	row->ref = tree_text(l, "ref");
	row->old = tree_text(l, "old");
	row->new = tree_text(l, "new");
	row->decision_seq = text_same(row->landing->type, "landing")
	    ? (uint64_t)tree_number(l, "decision")
	    : 0;
	row->review_due = tree_instant(l, "review_due");
	row->kind = "out-of-band";
	row->outcome = row->decision_seq == 0 ? "NOT_DECIDED" : "UNKNOWN";
	if (!row->pruned)
		return;
	/* What the landing says of its decision is all that is left. */
	row->kind = row->review_due != 0 ? "emergency" : "normal";
	row->outcome = tree_text(l, "outcome");
	row->mode = tree_text(l, "mode");
	row->lander = tree_text(l, "lander");
}

static const char *
id_of(const struct change_row *row)
{
	if (tree_text(row->change, "id") != NULL)
		return tree_text(row->change, "id");
	return pool_printf(row->pool, "%s/%s/%.12s/%llu", row->repository,
	    row->gate, row->new, (unsigned long long)row->landing->seq);
}

static int
read_later(struct report *r, struct change_row *row, struct err *err)
{
	struct report_link done = {0};
	const char *commit = tree_text(row->landing->tree, "subject");
	struct record told;

	if (row->review_due != 0 &&
	    report_review(r, row->landing->seq, &done, err) < 0)
		return -1;
	row->reviewed = done.time;
	row->review_seq = done.seq;
	if (row->gate_asked == NULL)
		return 0;
	if (report_deployment(r, row->pool, row->repository, commit,
	        &row->gate_asked->environments, row->landing->seq, &told,
	        err) < 0)
		return -1;
	if (told.seq != 0) {
		row->deployed = told.time;
		row->deployer = tree_text(told.tree, "person");
	}
	return 0;
}

static int
show_row(struct report *r, struct change_row row, const struct tree *change,
    report_change_fn *see, void *ctx, struct err *err)
{
	const struct policy_repository *entry;

	row.change = change;
	read_landing(&row);
	if (row.decision != NULL)
		read_change(&row);
	row.id = id_of(&row);
	if (row.decision != NULL) {
		read_decision(&row);
		read_contributors(&row);
		read_approvals(&row);
		if (report_policy_of(r, row.digest, &row.policy, err) < 0)
			return -1;
	}
	entry = row.policy == NULL
	    ? NULL
	    : policy_repository(row.policy, row.repository);
	if (entry != NULL)
		row.gate_asked = policy_gate_named(entry, row.gate);
	if (read_later(r, &row, err) < 0)
		return -1;
	report_judge(r, &row);
	return see(r, &row, ctx, err);
}

int
report_changes(struct report *r, struct pool *pool,
    const struct record *landing, report_change_fn *see, void *ctx,
    struct err *err)
{
	struct record decision = {0};
	struct change_row row = {.pool = pool, .landing = landing};
	const struct tree *c;
	uint64_t seq = (uint64_t)tree_number(landing->tree, "decision");
	int ret;

	row.pruned = seq != 0 && seq < r->begin;
	if (text_same(landing->type, "landing") && !row.pruned &&
	    report_read(r, pool, seq, &decision, err) < 0)
		return -1;
	if (decision.seq != 0 && text_same(decision.type, "decision"))
		row.decision = &decision;
	c = first_of(decision.tree, "changes");
	if (c == NULL)
		return show_row(r, row, NULL, see, ctx, err);
	for (ret = 0; c != NULL && ret == 0; c = c->next)
		ret = show_row(r, row, c, see, ctx, err);
	return ret;
}
