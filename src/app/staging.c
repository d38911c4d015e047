/*
 * Staging first: when was it the tip there, without a break, and what was told
 * of it since.  rules.md 21, 23 and 24.
 */
#include "app/gather.h"

#include <stdlib.h>
#include <string.h>

#include "app/witness.h"
#include "base/text.h"
#include "core/topics.h"

#define LANDED_MAX 200
#define TREES_MAX 300 /* tips looked at for one with the same tree */
#define DRIFTS_MAX 200
#define DEPLOYMENTS_PAGE 100
#define DEPLOYMENTS_MAX 2000

static bool
has_tree_of(struct gathering *g, const char *commit)
{
	char ours[REPO_OID_SIZE], theirs[REPO_OID_SIZE];
	struct err ignored = {0};
	struct repo *repo = g->push->repo;

	return commit != NULL &&
	    repo_tree(repo, commit, theirs, &ignored) == 0 &&
	    repo_tree(repo, g->update->promotion.commit, ours, &ignored) == 0 &&
	    strcmp(ours, theirs) == 0;
}

/* It was the tip there, not just part of what landed. */
static bool
is_staged(struct gathering *g, const struct record *r)
{
	const char *subject = tree_text(r->tree, "subject");

	if ((!text_same(r->type, "landing") &&
	        !text_same(r->type, "adopted")) ||
	    !text_same(tree_text(r->tree, "repository"),
	        g->update->repository) ||
	    !text_same(tree_text(r->tree, "gate"), g->gate->after.gate) ||
	    tree_text(r->tree, "ref") == NULL)
		return false;
	return text_same(subject, g->update->promotion.commit) ||
	    (g->gate->after.same_tree && has_tree_of(g, subject));
}

/* Since when, and until when, a ref held a landing without a break. */
struct stay {
	int64_t from; /* 0: it is away */
	int64_t longest;
};

static void
leave(struct stay *s, int64_t at)
{
	if (s->from != 0 && at - s->from > s->longest)
		s->longest = at - s->from;
	s->from = 0;
}

/* Drift breaks a stay, and drift back begins another. */
static int
look_at_drifts(struct gathering *g, const struct record *r, uint64_t before,
    struct stay *s, struct err *err)
{
	struct push *p = g->push;
	const char *tip = tree_text(r->tree, "new");
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_drift(p->pool, g->update->repository,
	            tree_text(r->tree, "ref")),
	        false, r->seq, DRIFTS_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		bool back = text_same(tree_text(list[i].tree, "new"), tip);

		if (!text_same(list[i].type, "drift") ||
		    (before != 0 && list[i].seq > before))
			continue;
		if (!back)
			leave(s, list[i].time);
		else if (s->from == 0)
			s->from = list[i].time;
	}
	if (count == DRIFTS_MAX)
		s->from = 0;
	return 0;
}

/* From one record of this ref to the next; `*r` is that, or none is left. */
static int
stay_until_next(struct gathering *g, struct record *r, struct stay *s,
    struct err *err)
{
	struct push *p = g->push;
	const char *ref = tree_text(r->tree, "ref"), *held;
	struct record *next;
	size_t count;

	s->from = r->time;
	if (changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, g->update->repository, ref), false, r->seq,
	        1, &next, &count, err) < 0 ||
	    look_at_drifts(g, r, count > 0 ? next[0].seq : 0, s, err) < 0 ||
	    witness_present(p, ref, &held, err) < 0)
		return -1;
	if (count > 0)
		leave(s, next[0].time);
	else if (text_same(held, tree_text(r->tree, "new")))
		leave(s, g->update->at);
	*r = count > 0 ? next[0] : (struct record){0};
	return 0;
}

/*
 * The longest time that this landing was the tip of its ref.  A landing of the
 * same again puts back what drift had taken away.
 */
static int
find_stay(struct gathering *g, const struct record *landing, int64_t *longest,
    struct err *err)
{
	const char *tip = tree_text(landing->tree, "new");
	struct record r = *landing;
	struct stay s = {0};

	while (r.seq != 0 && text_same(tree_text(r.tree, "new"), tip))
		if (stay_until_next(g, &r, &s, err) < 0)
			return -1;
	*longest = s.longest;
	return 0;
}

static bool
is_judged(const struct record *r)
{
	return text_same(r->type, "adopted") ||
	    text_same(tree_text(r->tree, "outcome"), "ADMITTED");
}

/* The commit itself before one with its tree; of one commit, the first. */
static void
take_landing(struct promotion *m, const struct record *r)
{
	const char *commit = tree_text(r->tree, "subject");

	if (m->staged == TRI_YES && !text_same(commit, m->commit) &&
	    !text_same(commit, m->staged_commit))
		return;
	m->staged = TRI_YES;
	m->staged_commit = commit;
	m->staged_seq = r->seq;
	m->staged_at = r->time;
}

/* Newest first; what landed there against the findings makes a doubt. */
int
gather_staging(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct promotion *m = &g->update->promotion;
	const struct record *doubt = NULL;
	bool tree = g->gate->after.same_tree, judged = false;
	struct record *list;
	size_t count;
	int64_t stayed;

	m->staged = TRI_NO;
	if (changelog_find(p->setup->log, p->pool,
	        tree ? topic_tips(p->pool, g->update->repository)
	             : topic_landed(p->pool, g->update->repository,
	                   g->gate->after.gate, m->commit),
	        true, 0, tree ? TREES_MAX : LANDED_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (!is_staged(g, &list[i]))
			continue;
		if (find_stay(g, &list[i], &stayed, err) < 0)
			return -1;
		take_landing(m, &list[i]);
		m->soaked = stayed > m->soaked ? stayed : m->soaked;
		judged = judged || is_judged(&list[i]);
		doubt = &list[i];
	}
	if (judged || doubt == NULL || m->judged == TRI_NO)
		return 0;
	return gather_doubt(g, doubt, err);
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

/*
 * A signed tag is its person's word.  Whatever else told, told by a source: by
 * one that is asked of deployments, and of this environment.
 */
static bool
is_listened_to(const struct push *p, const struct tree *t)
{
	const char *name = tree_text(t, "source");
	const struct source *s = name == NULL
	    ? NULL
	    : receiver_source(&p->setup->config.settings.receiver, name);

	if (tree_text(t, "tag") != NULL || text_same(name, "git"))
		return true;
	return s != NULL && source_tells(s, SOURCE_TELLS_DEPLOYMENTS) &&
	    (s->environments.count == 0 ||
	        texts_have(&s->environments, tree_text(t, "environment")));
}

static void
add_deployment(struct gathering *g, struct deployment **list, size_t *count,
    const struct record *r)
{
	const struct change *c =
	    &g->update->changes[g->update->change_count - 1];
	struct deployment d = {.seq = r->seq, .time = r->time};

	if (!text_same(tree_text(r->tree, "kind"), "deployment") ||
	    !text_same(tree_text(r->tree, "repository"),
	        g->update->repository) ||
	    !is_listened_to(g->push, r->tree))
		return;
	d.source = !text_same(tree_text(r->tree, "source"), "git");
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

/* Told since it landed there; anybody may tell, so many may have to be read. */
static int
add_told(struct gathering *g, const char *topic, struct deployment **list,
    size_t *count, bool *all, struct err *err)
{
	struct push *p = g->push;
	uint64_t beyond = g->update->promotion.staged_seq;
	size_t n = DEPLOYMENTS_PAGE;
	struct record *found;

	while (n == DEPLOYMENTS_PAGE && *count < DEPLOYMENTS_MAX) {
		if (changelog_find(p->setup->log, p->pool, topic, false, beyond,
		        DEPLOYMENTS_PAGE, &found, &n, err) < 0)
			return -1;
		for (size_t k = 0; k < n; k++) {
			add_deployment(g, list, count, &found[k]);
			beyond = found[k].seq;
		}
	}
	*all = *all && n < DEPLOYMENTS_PAGE;
	return 0;
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
	bool all = after != NULL;
	size_t count = 0;

	for (size_t i = 0;
	     all && m->staged == TRI_YES && i < after->environments.count; i++)
		if (add_told(g,
		        topic_deployment(p->pool, g->update->repository,
		            after->environments.list[i], m->staged_commit),
		        &list, &count, &all, err) < 0)
			return -1;
	if (count > 0)
		qsort(list, count, sizeof(*list), by_seq_down);
	m->deployments = list;
	m->deployment_count = count;
	m->deployments_known = all ? TRI_YES : TRI_UNKNOWN;
	return 0;
}
