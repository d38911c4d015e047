/*
 * What people said of commits: found in the ledger and read from its lines.
 * What became of it since is fate.c's.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define AGAINST_MAX 1000
#define AGAINST_PAGE 64
#define TARGETS_MAX 16
#define DAY (INT64_C(86400) * 1000)
/* An objection on a commit that lands counts however old it is. */
#define AGAINST_LOOKED_BACK (366 * DAY)

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

bool
statement_is_here(const struct gathering *g, const struct statement_fact *s)
{
	return text_same(s->approval.repository, g->update->repository) &&
	    s->approval.target != NULL &&
	    policy_target_is(g->gate, s->approval.target, g->update->ref);
}

void
statement_groups(struct push *p, const struct tree *t, struct approval *a)
{
	const struct tree *list = tree_get(t, "groups");
	const char **groups = NULL;

	if (list == NULL || list->kind != TREE_LIST)
		return;
	for (t = list->child; t != NULL; t = t->next)
		if (t->kind == TREE_TEXT)
			*(const char **)pool_grow(p->pool, &groups,
			    &a->group_count, sizeof(*groups)) = t->text;
	a->groups = groups;
	a->groups_known = TRI_YES;
}

static bool
read_statement(const struct gathering *g, const struct record *r,
    struct statement_fact *s)
{
	const struct tree *t = r->tree;
	struct approval *a = &s->approval;

	if (!text_same(r->type, "observation") ||
	    !text_same(tree_text(t, "kind"), "approval"))
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
	a->repository = tree_text(t, "named_repository");
	if (a->repository == NULL)
		a->repository = tree_text(t, "repository");
	a->commit = tree_text(t, "commit");
	a->target = target_of(g, t);
	a->source = tree_text(t, "source");
	a->in_force = tri_of(tree_text(t, "in_force"));
	statement_groups(g->push, t, a);
	return s->decision != NULL;
}

/* By somebody, and of a commit. */
static bool
is_whole(const struct statement_fact *s)
{
	const struct approval *a = &s->approval;

	return a->commit != NULL &&
	    (a->person != NULL || a->key != NULL || a->request.told);
}

static void
keep(struct gathering *g, struct statement_fact **list, size_t *count,
    struct statement_fact *s)
{
	const struct commit_fact *c =
	    map_get(&g->fresh_map, s->approval.commit);

	for (size_t i = 0; i < *count; i++)
		if ((*list)[i].approval.seq == s->approval.seq)
			return;
	s->step = c == NULL ? 0 : c->step;
	*(struct statement_fact *)pool_grow(g->push->pool, list, count,
	    sizeof(*s)) = *s;
}

/* Approvals for any ref, for the reason's sake; the rest only for this one. */
int
gather_keep_statements(struct gathering *g, const struct record *list,
    size_t count, struct err *err)
{
	struct statement_fact s;

	for (size_t i = 0; i < count; i++) {
		if (!read_statement(g, &list[i], &s))
			continue;
		if (gather_read_told(g, &list[i], &s, err) < 0)
			return -1;
		if (!is_whole(&s))
			continue;
		if (strcmp(s.decision, "approve") == 0)
			keep(g, &g->statements, &g->statement_count, &s);
		else if (strcmp(s.decision, "emergency") != 0 &&
		    statement_is_here(g, &s))
			keep(g, &g->against, &g->against_count, &s);
	}
	return 0;
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
		        true, 0, GATHER_COVERS_MAX, &list, &found, err) < 0 ||
		    gather_keep_statements(g, list, found, err) < 0)
			return -1;
	}
	return gather_told_of(g, commits, count, err);
}

/* The ref itself, and each glob of the gate that it falls under. */
static void
each_target(struct gathering *g, const char *targets[TARGETS_MAX],
    size_t *count)
{
	*count = 0;
	targets[(*count)++] = g->update->ref;
	for (size_t i = 0; i < g->gate->refs.count && *count < TARGETS_MAX; i++)
		if (text_is_glob(g->gate->refs.list[i]) &&
		    text_glob(g->gate->refs.list[i], g->update->ref))
			targets[(*count)++] = g->gate->refs.list[i];
}

static int
against_target(struct gathering *g, const char *target, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	uint64_t beyond = 0;
	size_t found, total = 0;

	do {
		if (changelog_find(p->setup->log, p->pool,
		        topic_against(p->pool, g->update->repository, target),
		        true, beyond, AGAINST_PAGE, &list, &found, err) < 0 ||
		    gather_keep_statements(g, list, found, err) < 0)
			return -1;
		total += found;
		if (found < AGAINST_PAGE ||
		    list[found - 1].time < p->now - AGAINST_LOOKED_BACK)
			return 0;
		beyond = list[found - 1].seq;
	} while (total < AGAINST_MAX);
	g->against_known = false;
	return 0;
}

int
gather_against(struct gathering *g, struct err *err)
{
	const char *targets[TARGETS_MAX];
	size_t count;

	g->against_known = true;
	each_target(g, targets, &count);
	for (size_t i = 0; i < count; i++)
		if (against_target(g, targets[i], err) < 0)
			return -1;
	return 0;
}

/* Those on commits that land, and what was said against. */
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

/* A few at first: what covers a landing was given not long before it. */
int
gather_statements_elsewhere(struct gathering *g, bool *more, struct err *err)
{
	struct push *p = g->push;
	const char *targets[TARGETS_MAX];
	size_t count, found, most = g->elsewhere == 0 ? 8 : GATHER_COVERS_MAX;
	struct record *list;
	bool told;

	*more = false;
	if (g->elsewhere == GATHER_COVERS_MAX)
		return 0;
	each_target(g, targets, &count);
	for (size_t i = 0; i < count; i++) {
		if (changelog_find(p->setup->log, p->pool,
		        topic_approvals(p->pool, g->update->repository,
		            targets[i]),
		        true, 0, most, &list, &found, err) < 0 ||
		    gather_keep_statements(g, list, found, err) < 0 ||
		    gather_told_elsewhere(g, targets[i], most, &told, err) < 0)
			return -1;
		*more = *more || found == most || told;
	}
	g->elsewhere = most;
	return 0;
}

int
statement_is_in(struct push *p, const char *commit, const char *head, bool *yes,
    struct err *err)
{
	*yes = strcmp(commit, head) == 0;
	if (*yes || repo_kind_of(p->repo, commit) != REPO_COMMIT ||
	    repo_kind_of(p->repo, head) != REPO_COMMIT)
		return 0;
	return repo_is_ancestor(p->repo, commit, head, yes, err);
}
