/*
 * What people said of commits: found in the ledger, read from its lines, and
 * what became of it since: withdrawn, used up by a landing, or too late.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define AGAINST_MAX 1000
#define LANDINGS_MAX 300

static enum tri
tri_of(const char *word)
{
	if (text_same(word, "yes"))
		return TRI_YES;
	return text_same(word, "no") ? TRI_NO : TRI_UNKNOWN;
}

/* The target that is this ref, else the first one, for the reason's sake. */
static const char *
target_of(const struct gathering *g, const struct tree *r)
{
	const struct tree *list = tree_get(r, "targets");
	const char *first = NULL;

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next) {
		if (t->kind != TREE_TEXT)
			continue;
		if (policy_target_is(g->gate, t->text, g->update->ref))
			return t->text;
		if (first == NULL)
			first = t->text;
	}
	return first;
}

static bool
is_for_this_ref(const struct gathering *g, const struct statement_fact *s)
{
	return text_same(s->approval.repository, g->update->repository) &&
	    s->approval.target != NULL &&
	    policy_target_is(g->gate, s->approval.target, g->update->ref);
}

static bool
read_statement(const struct gathering *g, const struct record *r,
    struct statement_fact *s)
{
	const struct tree *t = r->tree;
	struct approval *a = &s->approval;

	if (!text_same(r->type, "observation") ||
	    !text_same(tree_text(t, "kind"), "approval") ||
	    tree_text(t, "commit") == NULL)
		return false;
	*s = (struct statement_fact){0};
	s->decision = tree_text(t, "decision");
	s->dated = tree_instant(t, "dated");
	s->text = tree_text(t, "text");
	a->seq = r->seq;
	a->time = r->time;
	a->person = tree_text(t, "person");
	a->machine = tree_true(t, "machine");
	a->key = tree_text(t, "key");
	a->presence = tree_true(t, "presence");
	a->repository = tree_text(t, "repository");
	a->commit = tree_text(t, "commit");
	a->target = target_of(g, t);
	a->source = tree_text(t, "source");
	a->in_force = tri_of(tree_text(t, "in_force"));
	return s->decision != NULL && a->person != NULL;
}

static bool
is_known(const struct gathering *g, uint64_t seq)
{
	for (size_t i = 0; i < g->statement_count; i++)
		if (g->statements[i].approval.seq == seq)
			return true;
	return false;
}

static void
add_statements(struct gathering *g, const struct record *list, size_t count)
{
	struct statement_fact s;

	for (size_t i = 0; i < count; i++) {
		if (is_known(g, list[i].seq) ||
		    !read_statement(g, &list[i], &s) ||
		    strcmp(s.decision, "approve") != 0)
			continue;
		*(struct statement_fact *)pool_grow(g->push->pool,
		    &g->statements, &g->statement_count, sizeof(s)) = s;
	}
}

int
gather_statements_of(struct gathering *g, const char *const *commits,
    size_t count, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	size_t found;

	for (size_t i = 0; i < count; i++) {
		if (changelog_find(p->setup->log, p->pool,
		        topic_approval(p->pool, g->update->repository,
		            commits[i]),
		        true, 0, GATHER_COVERS_MAX, &list, &found, err) < 0)
			return -1;
		add_statements(g, list, found);
	}
	return 0;
}

/* The ref itself, and each glob of the gate that it falls under. */
static int
each_target(struct gathering *g, const char **targets, size_t room,
    size_t *count)
{
	*count = 0;
	targets[(*count)++] = g->update->ref;
	for (size_t i = 0; i < g->gate->refs.count && *count < room; i++)
		if (text_is_glob(g->gate->refs.list[i]) &&
		    text_glob(g->gate->refs.list[i], g->update->ref))
			targets[(*count)++] = g->gate->refs.list[i];
	return 0;
}

int
gather_against(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct statement_fact *all = NULL, s;
	const char *targets[16];
	struct record *list;
	size_t count, found, total = 0;

	g->against_known = true;
	(void)each_target(g, targets, 16, &count);
	for (size_t i = 0; i < count; i++) {
		if (changelog_find(p->setup->log, p->pool,
		        topic_against(p->pool, g->update->repository,
		            targets[i]),
		        true, 0, AGAINST_MAX, &list, &found, err) < 0)
			return -1;
		if (found == AGAINST_MAX)
			g->against_known = false;
		for (size_t k = 0; k < found; k++)
			if (read_statement(g, &list[k], &s) &&
			    is_for_this_ref(g, &s))
				*(struct statement_fact *)pool_grow(p->pool,
				    &all, &total, sizeof(s)) = s;
	}
	g->against = all;
	g->against_count = total;
	return 0;
}

/* Those on commits that land, first; `everything` takes the newest others. */
int
gather_statements(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	const char **ids =
	    pool_array(p->pool, g->fresh_count + 1, sizeof(*ids));

	for (size_t i = 0; i < g->fresh_count; i++)
		ids[i] = g->fresh[i]->id;
	if (gather_against(g, err) < 0)
		return -1;
	return gather_statements_of(g, ids, g->fresh_count, err);
}

int
gather_statements_elsewhere(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	const char *targets[16];
	struct record *list;
	size_t count, found;

	(void)each_target(g, targets, 16, &count);
	for (size_t i = 0; i < count; i++) {
		if (changelog_find(p->setup->log, p->pool,
		        topic_approvals(p->pool, g->update->repository,
		            targets[i]),
		        true, 0, GATHER_COVERS_MAX, &list, &found, err) < 0)
			return -1;
		add_statements(g, list, found);
	}
	return 0;
}

/* ---- what became of it ---- */

/* Is `commit` in the history of `head`, or head itself?  Unknown is no. */
static int
is_in(struct push *p, const char *commit, const char *head, bool *yes,
    struct err *err)
{
	*yes = strcmp(commit, head) == 0;
	if (*yes || repo_kind_of(p->repo, commit) != REPO_COMMIT ||
	    repo_kind_of(p->repo, head) != REPO_COMMIT)
		return 0;
	return repo_is_ancestor(p->repo, commit, head, yes, err);
}

static int
find_taken_back(struct gathering *g, struct statement_fact *s, struct err *err)
{
	for (size_t i = 0; i < g->against_count; i++) {
		const struct statement_fact *w = &g->against[i];
		bool later = w->approval.seq > s->approval.seq;
		bool same = strcmp(w->approval.commit, s->approval.commit) == 0;
		bool concerns;

		if (!text_same(w->approval.person, s->approval.person) ||
		    !(later || (same && w->dated >= s->dated)))
			continue;
		if (is_in(g->push, s->approval.commit, w->approval.commit,
		        &concerns, err) < 0)
			return -1;
		if (concerns)
			s->approval.taken_back = w->approval.seq;
	}
	return 0;
}

static int
load_landings(struct gathering *g, struct err *err)
{
	struct push *p = g->push;

	if (g->landings_known)
		return 0;
	if (changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, g->update->repository, g->update->ref), true,
	        0, LANDINGS_MAX, &g->landings, &g->landing_count, err) < 0)
		return -1;
	g->landings_known = true;
	return 0;
}

static const char *
landed_tip(const struct record *r)
{
	const char *subject = tree_text(r->tree, "subject");
	const char *new = tree_text(r->tree, "new");

	if (new == NULL || text_is_zero_oid(new))
		return NULL;
	return subject != NULL &&
	        text_starts(tree_text(r->tree, "ref"), "refs/tags/")
	    ? subject
	    : new;
}

/* Did this landing use the approval up?  rules.md 11. */
static int
spent_by(struct gathering *g, const struct statement_fact *s,
    const struct record *landing, enum tri *spent, struct err *err)
{
	const struct tree *used = tree_get(landing->tree, "approved");
	const char *tip = landed_tip(landing);
	bool in;

	*spent = TRI_NO;
	if (tip == NULL)
		return 0;
	for (const struct tree *t = used == NULL ? NULL : used->child;
	     t != NULL; t = t->next) {
		if (t->kind != TREE_TEXT)
			continue;
		if (is_in(g->push, s->approval.commit, t->text, &in, err) < 0)
			return -1;
		if (in) {
			*spent = TRI_YES;
			return 0;
		}
	}
	*spent = TRI_UNKNOWN;
	if (repo_kind_of(g->push->repo, tip) != REPO_COMMIT)
		return 0;
	return merging_changes_nothing(g->push, tip, s->approval.commit, spent,
	    err);
}

static int
find_spent(struct gathering *g, struct statement_fact *s, struct err *err)
{
	struct approval *a = &s->approval;
	enum tri one;
	size_t i;

	a->spent = TRI_NO;
	for (i = 0; i < g->landing_count && g->landings[i].seq > a->seq; i++) {
		if (spent_by(g, s, &g->landings[i], &one, err) < 0)
			return -1;
		if (one == TRI_NO)
			continue;
		a->spent = one;
		if (one == TRI_YES)
			return 0;
	}
	if (i == g->landing_count) {
		a->after_fact = TRI_NO;
		if (g->landing_count == LANDINGS_MAX)
			a->spent = TRI_UNKNOWN;
		return 0;
	}
	if (landed_tip(&g->landings[i]) == NULL ||
	    repo_kind_of(g->push->repo, landed_tip(&g->landings[i])) !=
	        REPO_COMMIT)
		return 0;
	return merging_changes_nothing(g->push, landed_tip(&g->landings[i]),
	    a->commit, &a->after_fact, err);
}

int
gather_fate(struct gathering *g, struct statement_fact *s, struct err *err)
{
	if (find_taken_back(g, s, err) < 0)
		return -1;
	if (g->after_landing) {
		s->approval.spent = s->approval.after_fact = TRI_NO;
		return 0;
	}
	if (repo_kind_of(g->push->repo, s->approval.commit) != REPO_COMMIT)
		return 0;
	if (load_landings(g, err) < 0)
		return -1;
	return find_spent(g, s, err);
}

/* ---- objections ---- */

static bool
could_approve(const struct gathering *g, const struct approval *a)
{
	const struct people *people = &g->push->setup->config.people;
	const struct person *who = people_by_id(people, a->person);

	if (who == NULL || who->machine || a->in_force != TRI_YES ||
	    !person_in_force(who, g->update->at))
		return false;
	if (person_in_any(who, g->gate->approvals.groups.list,
	        g->gate->approvals.groups.count))
		return true;
	for (size_t i = 0; i < g->gate->owner_count; i++)
		if (person_in_any(who, g->gate->owners[i].groups.list,
		        g->gate->owners[i].groups.count))
			return true;
	return false;
}

/* Withdrawn, or followed by the same person's yes to a later head. */
static int
is_lifted(struct gathering *g, const struct statement_fact *o, bool *lifted,
    struct err *err)
{
	*lifted = false;
	for (size_t i = 0; i < g->against_count && !*lifted; i++) {
		const struct statement_fact *w = &g->against[i];

		if (w->approval.seq > o->approval.seq &&
		    strcmp(w->decision, "withdraw") == 0 &&
		    text_same(w->approval.person, o->approval.person) &&
		    is_in(g->push, o->approval.commit, w->approval.commit,
		        lifted, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < g->statement_count && !*lifted; i++) {
		const struct statement_fact *a = &g->statements[i];

		if (a->approval.seq > o->approval.seq &&
		    is_for_this_ref(g, a) &&
		    text_same(a->approval.person, o->approval.person) &&
		    is_in(g->push, o->approval.commit, a->approval.commit,
		        lifted, err) < 0)
			return -1;
	}
	return 0;
}

static int
concerns(struct gathering *g, size_t from, size_t to,
    const struct statement_fact *o, bool *yes, struct err *err)
{
	const struct commit_fact *c =
	    map_get(&g->fresh_map, o->approval.commit);
	enum carried carried;

	*yes = c != NULL && c->step > from && c->step <= to;
	if (*yes || c != NULL)
		return 0;
	if (cover(g, from, to, o->approval.commit, &carried, NULL, err) < 0)
		return -1;
	*yes = carried != CARRIED_NOT;
	return 0;
}

int
gather_objections(struct gathering *g, size_t from, size_t to, struct change *c,
    struct err *err)
{
	struct approval *list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < g->against_count; i++) {
		const struct statement_fact *o = &g->against[i];
		bool lifted, here;

		if (strcmp(o->decision, "object") != 0 ||
		    !could_approve(g, &o->approval))
			continue;
		if (is_lifted(g, o, &lifted, err) < 0)
			return -1;
		if (lifted)
			continue;
		if (concerns(g, from, to, o, &here, err) < 0)
			return -1;
		if (here)
			*(struct approval *)pool_grow(g->push->pool, &list,
			    &count, sizeof(*list)) = o->approval;
	}
	c->objections = list;
	c->objection_count = count;
	return 0;
}
