/*
 * What a promotion takes: a commit that landed elsewhere, was on staging, and
 * what was told of it there.  rules.md 21 to 25.
 */
#include "app/gather.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define LANDED_MAX 50
#define TIPS_MAX 2000
#define INCLUDES_MAX 200
#define FIRST_PARENTS_MAX 50000
#define DEPLOYMENTS_MAX 50

/* Is `a` in the history of `b`?  What cannot be read is no. */
static bool
is_in(struct push *p, const char *a, const char *b)
{
	struct err ignored = {0};
	bool yes = false;

	if (a == NULL || b == NULL || repo_kind_of(p->repo, a) != REPO_COMMIT ||
	    repo_kind_of(p->repo, b) != REPO_COMMIT)
		return false;
	return repo_is_ancestor(p->repo, a, b, &yes, &ignored) == 0 && yes;
}

int
ledger_tip(struct push *p, const char *ref, struct record *record,
    const char **tip, struct err *err)
{
	*tip = NULL;
	if (changelog_newest(p->setup->log, p->pool,
	        topic_tip(p->pool, p->repository, ref), record, err) < 0)
		return -1;
	if (record->seq == 0)
		return 0;
	*tip = tree_text(record->tree, "new");
	if (*tip != NULL && text_is_zero_oid(*tip))
		*tip = tree_text(record->tree, "old");
	return 0;
}

/* The commit that this ref's last recorded tip stands for. */
static const char *
tip_commit(struct push *p, const char *ref)
{
	struct err ignored = {0};
	struct record r;
	const char *tip, *subject;

	if (ledger_tip(p, ref, &r, &tip, &ignored) < 0 || tip == NULL)
		return NULL;
	subject = tree_text(r.tree, "subject");
	return subject != NULL ? subject : tip;
}

/* ---- landed on ---- */

static bool
fits(const struct record *r, const struct gathering *g, const char *gate)
{
	return (text_same(r->type, "landing") ||
	           text_same(r->type, "adopted")) &&
	    text_same(tree_text(r->tree, "repository"),
	        g->update->repository) &&
	    text_same(tree_text(r->tree, "gate"), gate);
}

static void
take_landing(struct promotion *m, const struct record *r, const char *gate,
    const char *commit)
{
	m->commit = commit;
	m->landed = TRI_YES;
	m->landed_gate = gate;
	m->landed_seq = r->seq;
}

/* By a record that names it, while it is still in that ref's history. */
static int
landed_by_record(struct gathering *g, const char *gate, const char *commit,
    bool *yes, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	size_t count;

	*yes = false;
	if (changelog_find(p->setup->log, p->pool,
	        topic_landed(p->pool, g->update->repository, gate, commit),
	        true, 0, LANDED_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !*yes; i++) {
		const char *ref = tree_text(list[i].tree, "ref");

		if (!fits(&list[i], g, gate) || ref == NULL ||
		    !is_in(p, commit, tip_commit(p, ref)))
			continue;
		take_landing(&g->update->promotion, &list[i], gate, commit);
		*yes = true;
	}
	return 0;
}

/* Behind an adopted baseline, on its first-parent line. */
static int
landed_by_baseline(struct gathering *g, const char *gate, const char *commit,
    bool *yes, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	size_t count;

	*yes = false;
	if (changelog_find(p->setup->log, p->pool,
	        topic_adopted(p->pool, g->update->repository, gate), false, 0,
	        LANDED_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !*yes; i++) {
		const char *base = tree_text(list[i].tree, "subject");
		const char *ref = tree_text(list[i].tree, "ref");
		struct repo_commit *line;
		size_t n;
		bool reached;

		if (!fits(&list[i], g, gate) || ref == NULL ||
		    !is_in(p, commit, base) ||
		    !is_in(p, commit, tip_commit(p, ref)) || gather_is_late(p))
			continue;
		if (repo_first_parents(p->repo, p->pool, base, commit,
		        FIRST_PARENTS_MAX, &line, &n, &reached, err) < 0)
			return -1;
		if (!reached)
			continue;
		take_landing(&g->update->promotion, &list[i], gate, commit);
		*yes = true;
	}
	return 0;
}

static int
has_landed(struct gathering *g, const char *commit, bool *yes, struct err *err)
{
	const struct texts *from = &g->gate->landed_on;

	*yes = false;
	for (size_t i = 0; i < from->count && !*yes; i++) {
		if (landed_by_record(g, from->list[i], commit, yes, err) < 0)
			return -1;
		if (!*yes &&
		    landed_by_baseline(g, from->list[i], commit, yes, err) < 0)
			return -1;
	}
	return 0;
}

/*
 * The commit itself, or the second parent of a merge whose first is the gate's
 * tip and whose tree is exactly that of the second: all that a forge's merge
 * button makes.
 */
static int
find_promoted(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	const char *new = g->line[g->line_count - 1];
	const struct commit_fact *f = map_get(&g->fresh_map, new);
	char ours[REPO_OID_SIZE], theirs[REPO_OID_SIZE];
	bool yes;

	m->landed = TRI_NO;
	m->commit = new;
	if (g->gate->landed_on.count == 0)
		return 0;
	if (has_landed(g, new, &yes, err) < 0)
		return -1;
	if (yes || f == NULL || f->raw->parent_count != 2 ||
	    g->line[0] == NULL || strcmp(f->raw->parents[0], g->line[0]) != 0)
		return 0;
	if (repo_tree(p->repo, new, ours, err) < 0 ||
	    repo_tree(p->repo, f->raw->parents[1], theirs, err) < 0)
		return -1;
	if (strcmp(ours, theirs) != 0)
		return 0;
	return has_landed(g, f->raw->parents[1], &yes, err);
}

/* ---- judged in full ---- */

/* New here, and landed there without full judgement that was made up for. */
static int
find_doubts(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	struct record *list;
	size_t count;

	if (m->landed != TRI_YES)
		return 0;
	if (changelog_find(p->setup->log, p->pool,
	        topic_unjudged(p->pool, g->update->repository, m->landed_gate),
	        true, 0, TIPS_MAX, &list, &count, err) < 0)
		return -1;
	m->judged = count < TIPS_MAX ? TRI_YES : TRI_UNKNOWN;
	for (size_t i = 0; i < count && m->judged == TRI_YES; i++) {
		const char *commit = tree_text(list[i].tree, "new");
		enum review_state state;
		unsigned have, asked;

		if (!is_in(p, commit, m->commit) ||
		    is_in(p, commit, g->line[0]))
			continue;
		if (review_of(p, &list[i], &state, &have, &asked, err) < 0)
			return -1;
		if (state == REVIEW_DONE)
			continue;
		m->judged = state == REVIEW_UNKNOWN ? TRI_UNKNOWN : TRI_NO;
		m->doubt = pool_printf(p->pool,
		    "%.12s landed as %s and its review is %s (record %llu)",
		    commit, tree_text(list[i].tree, "outcome"),
		    state == REVIEW_OBJECTED ? "objected" : "open",
		    (unsigned long long)list[i].seq);
	}
	return 0;
}

/* ---- staging ---- */

static bool
is_staged(struct gathering *g, const struct record *r)
{
	struct promotion *m = &g->update->promotion;
	const char *subject = tree_text(r->tree, "subject");
	char ours[REPO_OID_SIZE], theirs[REPO_OID_SIZE];
	struct err ignored = {0};

	if (text_same(subject, m->commit))
		return true;
	return g->gate->after.same_tree && subject != NULL &&
	    repo_tree(g->push->repo, subject, theirs, &ignored) == 0 &&
	    repo_tree(g->push->repo, m->commit, ours, &ignored) == 0 &&
	    strcmp(ours, theirs) == 0;
}

/* Landings of one ref of the gate, newest first: when was it the tip? */
static int
look_at_ref(struct gathering *g, const char *ref, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	int64_t until = g->update->at;
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, g->update->repository, ref), true, 0,
	        TIPS_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		int64_t stayed = until - list[i].time;

		if (fits(&list[i], g, g->gate->after.gate) &&
		    is_staged(g, &list[i])) {
			if (m->staged != TRI_YES || list[i].seq < m->staged_seq)
				m->staged_seq = list[i].seq;
			m->staged = TRI_YES;
			m->staged_commit = tree_text(list[i].tree, "subject");
			m->staged_at = list[i].time;
			if (stayed > m->soaked)
				m->soaked = stayed;
		}
		until = list[i].time;
	}
	return 0;
}

static bool
met_before(struct record *list, size_t i, const char *ref)
{
	for (size_t k = 0; k < i; k++)
		if (text_same(tree_text(list[k].tree, "ref"), ref))
			return true;
	return false;
}

static int
find_staging(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	struct record *list;
	size_t count;

	m->staged = TRI_NO;
	if (changelog_find(p->setup->log, p->pool,
	        g->gate->after.same_tree
	            ? topic_tips(p->pool, g->update->repository)
	            : topic_landed(p->pool, g->update->repository,
	                  g->gate->after.gate, m->commit),
	        true, 0, TIPS_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const char *ref = tree_text(list[i].tree, "ref");

		if (ref == NULL || !fits(&list[i], g, g->gate->after.gate) ||
		    met_before(list, i, ref))
			continue;
		if (look_at_ref(g, ref, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- deployments ---- */

static bool
is_contributor(const struct change *c, const char *person)
{
	for (size_t i = 0; i < c->contributor_count; i++)
		if (text_same(c->contributors[i].person, person))
			return true;
	return false;
}

static void
add_deployment(struct gathering *g, struct deployment **list, size_t *count,
    const struct record *r)
{
	const struct change *c =
	    &g->update->changes[g->update->change_count - 1];
	struct deployment d = {.seq = r->seq, .time = r->time};

	if (!text_same(tree_text(r->tree, "kind"), "deployment") ||
	    !text_same(tree_text(r->tree, "repository"), g->update->repository))
		return;
	d.environment = tree_text(r->tree, "environment");
	d.commit = tree_text(r->tree, "commit");
	d.success = text_same(tree_text(r->tree, "result"), "success");
	d.person = tree_text(r->tree, "person");
	d.machine = tree_true(r->tree, "machine");
	d.independent = c->contributors_known != TRI_YES ? TRI_UNKNOWN
	    : is_contributor(c, d.person)                ? TRI_NO
	                                                 : TRI_YES;
	*(struct deployment *)pool_grow(g->push->pool, list, count, sizeof(d)) =
	    d;
}

static int
by_seq_down(const void *a, const void *b)
{
	const struct deployment *x = a, *y = b;

	return x->seq < y->seq ? 1 : x->seq > y->seq ? -1 : 0;
}

int
gather_deployments(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	const struct gate *after =
	    policy_gate_named(p->entry, g->gate->after.gate);
	struct deployment *list = NULL;
	struct record *found;
	size_t count = 0, n;

	for (size_t i = 0; after != NULL && i < after->environments.count;
	     i++) {
		if (changelog_find(p->setup->log, p->pool,
		        topic_deployment(p->pool, g->update->repository,
		            after->environments.list[i],
		            m->staged_commit != NULL ? m->staged_commit
		                                     : m->commit),
		        true, 0, DEPLOYMENTS_MAX, &found, &n, err) < 0)
			return -1;
		for (size_t k = 0; k < n; k++)
			add_deployment(g, &list, &count, &found[k]);
	}
	if (count > 0)
		qsort(list, count, sizeof(*list), by_seq_down);
	m->deployments = list;
	m->deployment_count = count;
	m->deployments_known = after != NULL ? TRI_YES : TRI_UNKNOWN;
	return 0;
}

/* ---- what it brings ---- */

static int
find_includes(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	const char **ids = NULL;
	struct record landing, *list;
	const char *ref;
	size_t count;

	if (m->landed != TRI_YES)
		return 0;
	if (changelog_read(p->setup->log, p->pool, m->landed_seq, &landing,
	        err) < 0)
		return -1;
	ref = landing.seq == 0 ? NULL : tree_text(landing.tree, "ref");
	if (ref == NULL ||
	    changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, g->update->repository, ref), true,
	        m->landed_seq + 1, INCLUDES_MAX, &list, &count, err) < 0)
		return ref == NULL ? 0 : -1;
	for (size_t i = 0; i < count; i++) {
		const struct tree *ends = tree_get(list[i].tree, "landed");

		if (!text_same(list[i].type, "landing") ||
		    is_in(p, tree_text(list[i].tree, "new"), g->line[0]))
			break;
		for (const struct tree *t = ends == NULL ? NULL : ends->child;
		     t != NULL; t = t->next)
			if (t->kind == TREE_TEXT)
				*(const char **)pool_grow(p->pool, &ids,
				    &m->include_count, sizeof(*ids)) =
				    pool_printf(p->pool, "%s/%s/%.12s",
				        g->update->repository, m->landed_gate,
				        t->text);
	}
	m->includes = ids;
	return 0;
}

int
gather_promotion(struct gathering *g, struct err *err)
{
	struct promotion *m = &g->update->promotion;

	if (find_promoted(g, err) < 0)
		return -1;
	g->update->landed = m->commit;
	if (find_doubts(g, err) < 0 || find_includes(g, err) < 0)
		return -1;
	if (g->gate->after.asked && find_staging(g, err) < 0)
		return -1;
	return 0;
}

/* The one change of a promotion: approvals of what is promoted or lands. */
int
gather_promoted(struct gathering *g, struct change *c, struct err *err)
{
	const char *new = g->line[g->line_count - 1];
	const char *commit = g->update->promotion.commit;
	const char *ids[2] = {commit != NULL ? commit : new, new};
	size_t last = g->line_count - 1;

	g->against_known = true;
	if (gather_statements_of(g, ids, strcmp(ids[0], new) == 0 ? 1 : 2,
	        err) < 0 ||
	    gather_against(g, err) < 0)
		return -1;
	g->promoted = ids[0];
	if (gather_change(g, 0, last, c, err) < 0)
		return -1;
	g->promoted = NULL;
	return 0;
}
