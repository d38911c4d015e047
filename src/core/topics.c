#include "core/topics.h"

#include <string.h>

#include "base/text.h"

#include "topics_inside.h"

void
topics_add(struct listing *l, const char *topic)
{
	const char **slot =
	    pool_grow(l->pool, &l->list, &l->count, sizeof(*slot));

	*slot = topic;
}

const char *
topic_received(struct pool *p, const char *commit)
{
	return pool_printf(p, "received %s", commit);
}

const char *
topic_patch(struct pool *p, const char *patch)
{
	return pool_printf(p, "patch %s", patch);
}

const char *
topic_statement(struct pool *p, const char *id)
{
	return pool_printf(p, "statement %s", id);
}

const char *
topic_approval(struct pool *p, const char *repository, const char *commit)
{
	return pool_printf(p, "approval %s %s", repository, commit);
}

const char *
topic_approvals(struct pool *p, const char *repository, const char *target)
{
	return pool_printf(p, "approvals %s %s", repository, target);
}

const char *
topic_against(struct pool *p, const char *repository, const char *target)
{
	return pool_printf(p, "against %s %s", repository, target);
}

const char *
topic_declared(struct pool *p, const char *repository, const char *commit)
{
	return pool_printf(p, "declared %s %s", repository, commit);
}

const char *
topic_deployment(struct pool *p, const char *repository,
    const char *environment, const char *commit)
{
	return pool_printf(p, "deployment %s %s %s", repository, environment,
	    commit);
}

const char *
topic_decision(struct pool *p, const char *repository, const char *ref)
{
	return pool_printf(p, "decision %s %s", repository, ref);
}

const char *
topic_used(struct pool *p, uint64_t statement)
{
	return pool_printf(p, "used %llu", (unsigned long long)statement);
}

const char *
topic_tip(struct pool *p, const char *repository, const char *ref)
{
	return pool_printf(p, "tip %s %s", repository, ref);
}

const char *
topic_landed(struct pool *p, const char *repository, const char *gate,
    const char *commit)
{
	return pool_printf(p, "landed %s %s %s", repository, gate, commit);
}

const char *
topic_adopted(struct pool *p, const char *repository, const char *gate)
{
	return pool_printf(p, "adopted %s %s", repository, gate);
}

const char *
topic_tips(struct pool *p, const char *repository)
{
	return pool_printf(p, "tips %s", repository);
}

const char *
topic_born(struct pool *p, const char *repository)
{
	return pool_printf(p, "born %s", repository);
}

const char *
topic_all_born(void)
{
	return "born";
}

const char *
topic_unjudged(struct pool *p, const char *repository, const char *gate)
{
	return pool_printf(p, "unjudged %s %s", repository, gate);
}

const char *
topic_all_unjudged(void)
{
	return "unjudged";
}

const char *
topic_owed(struct pool *p, const char *repository, const char *gate)
{
	return pool_printf(p, "owed %s %s", repository, gate);
}

const char *
topic_all_owed(void)
{
	return "owed";
}

const char *
topic_reviewed(struct pool *p, uint64_t landing)
{
	return pool_printf(p, "reviewed %llu", (unsigned long long)landing);
}

const char *
topic_posted(struct pool *p, const char *repository, const char *commit)
{
	return pool_printf(p, "posted %s %s", repository, commit);
}

const char *
topic_drift(struct pool *p, const char *repository, const char *ref)
{
	return pool_printf(p, "drift %s %s", repository, ref);
}

const char *
topic_pruned(void)
{
	return "pruned";
}

const char *
topic_lost(void)
{
	return "lost";
}

const char *
topic_text(struct pool *p, const char *type)
{
	return pool_printf(p, "text %s", type);
}

const char *
topic_changes(struct pool *p, const char *repository, const char *gate)
{
	if (repository == NULL)
		return "changes";
	return gate == NULL ? pool_printf(p, "changes %s", repository)
	                    : pool_printf(p, "changes %s %s", repository, gate);
}

const char *
topic_change(struct pool *p, const char *id)
{
	return pool_printf(p, "change %s", id);
}

const char *
topic_lands(struct pool *p, uint64_t decision)
{
	return pool_printf(p, "lands %llu", (unsigned long long)decision);
}

const char *
topic_commit(struct pool *p, const char *commit)
{
	return pool_printf(p, "commit %s", commit);
}

static void
of_approval(struct listing *l, const struct tree *r, const char *repository)
{
	const char *commit = tree_text(r, "commit");
	const char *decision = tree_text(r, "decision");
	const struct tree *targets = tree_get(r, "targets");
	bool against =
	    text_same(decision, "object") || text_same(decision, "withdraw");

	if (decision == NULL)
		return;
	if (commit != NULL)
		topics_add(l, topic_commit(l->pool, commit));
	if (commit != NULL && strcmp(decision, "emergency") == 0) {
		topics_add(l, topic_declared(l->pool, repository, commit));
		return;
	}
	if (commit != NULL)
		topics_add(l, topic_approval(l->pool, repository, commit));
	if (targets == NULL)
		return;
	for (const struct tree *t = targets->child; t != NULL; t = t->next) {
		if (t->kind != TREE_TEXT)
			continue;
		topics_add(l, topic_approvals(l->pool, repository, t->text));
		if (against)
			topics_add(l,
			    topic_against(l->pool, repository, t->text));
	}
}

static void
of_push(struct listing *l, const struct tree *r)
{
	const struct tree *commits = tree_get(r, "commits");
	const struct tree *patches = tree_get(r, "patches");

	for (const struct tree *t = commits == NULL ? NULL : commits->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT)
			topics_add(l, topic_received(l->pool, t->text));
	for (const struct tree *t = patches == NULL ? NULL : patches->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT && t->text[0] != '\0')
			topics_add(l, topic_patch(l->pool, t->text));
}

static void
of_posted(struct listing *l, const struct tree *r, const char *repository,
    const char *commit)
{
	const char *change = tree_text(r, "change");

	topics_add(l, topic_posted(l->pool, repository, commit));
	if (change != NULL)
		topics_add(l, topic_change(l->pool, change));
}

static void
of_observation(struct listing *l, const struct tree *r, const char *repository)
{
	const char *kind = tree_text(r, "kind");
	const char *id = tree_text(r, "statement");
	const char *commit = tree_text(r, "commit");
	const char *environment = tree_text(r, "environment");

	if (id != NULL)
		topics_add(l, topic_statement(l->pool, id));
	if (text_same(kind, "approval"))
		of_approval(l, r, repository);
	if (text_same(kind, "deployment") && commit != NULL &&
	    environment != NULL) {
		topics_add(l, topic_commit(l->pool, commit));
		topics_add(l,
		    topic_deployment(l->pool, repository, environment, commit));
	}
	if (text_same(kind, "review") && tree_number(r, "landing") > 0)
		topics_add(l,
		    topic_reviewed(l->pool,
		        (uint64_t)tree_number(r, "landing")));
	if (text_same(kind, "verdict-told") && commit != NULL)
		of_posted(l, r, repository, commit);
	if (text_same(kind, "push"))
		of_push(l, r);
	topics_told(l, r, repository);
}

static const struct tree *
first_of(const struct tree *r, const char *key)
{
	const struct tree *list = tree_get(r, key);

	return list == NULL || list->kind != TREE_LIST ? NULL : list->child;
}

/* The changes it is about. */
static void
of_judged(struct listing *l, const struct tree *r)
{
	for (const struct tree *t = first_of(r, "changes"); t != NULL;
	     t = t->next)
		if (tree_text(t, "id") != NULL)
			topics_add(l,
			    topic_change(l->pool, tree_text(t, "id")));
	for (const struct tree *t = first_of(r, "includes"); t != NULL;
	     t = t->next)
		if (t->kind == TREE_TEXT)
			topics_add(l, topic_change(l->pool, t->text));
}

/* The statements it lets land by, unless it is withheld. */
static void
of_decision(struct listing *l, const struct tree *r)
{
	const struct tree *list = tree_get(r, "approvals");
	int64_t declared = tree_number(r, "emergency.record");

	if (tree_true(r, "withheld") ||
	    (text_same(tree_text(r, "outcome"), "REFUSED") &&
	        !text_same(tree_text(r, "mode"), "observe")))
		return;
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (tree_text(t, "carried") != NULL &&
		    tree_number(t, "record") > 0)
			topics_add(l,
			    topic_used(l->pool,
			        (uint64_t)tree_number(t, "record")));
	if (declared > 0)
		topics_add(l, topic_used(l->pool, (uint64_t)declared));
}

void
topics_of(struct pool *pool, const struct tree *r, const char *const **list,
    size_t *count)
{
	struct listing l = {.pool = pool};
	const char *type = tree_text(r, "type");
	const char *repository = tree_text(r, "repository");
	const char *ref = tree_text(r, "ref");
	const char *new = tree_text(r, "new");

	if (text_same(type, "signoff"))
		topics_add(&l,
		    topic_text(pool,
		        text_same(tree_text(r, "of"), "access")
		            ? "signoff-access"
		            : "signoff"));
	if (text_same(type, "policy") || text_same(type, "people") ||
	    text_same(type, "settings") || text_same(type, "key") ||
	    text_same(type, "opened"))
		topics_add(&l, topic_text(pool, type));
	if (text_same(type, "settings") && tree_text(r, "node") != NULL)
		topics_add(&l, topic_node(pool, tree_text(r, "node")));
	if (tree_get(r, "check") != NULL &&
	    (text_same(type, "drift") || text_same(type, "explained")))
		topics_add(&l, topic_checks());
	if (text_same(type, "pruned"))
		topics_add(&l, topic_pruned());
	if (text_same(type, "recovered") && tree_get(r, "lost") != NULL)
		topics_add(&l, topic_lost());
	if (repository != NULL && text_same(type, "observation"))
		of_observation(&l, r, repository);
	if (tree_text(r, "repository_id") != NULL)
		topics_add(&l,
		    topic_numbered(pool, tree_text(r, "repository_id")));
	if (repository != NULL && text_same(type, "renamed")) {
		topics_source(&l, r);
		topics_add(&l, topic_all_renamed());
	}
	if (repository != NULL && text_same(type, "landing"))
		topics_landing(&l, r, repository, false);
	if (repository != NULL && text_same(type, "adopted"))
		topics_landing(&l, r, repository, true);
	if (repository != NULL && ref != NULL && text_same(type, "decision"))
		topics_add(&l, topic_decision(pool, repository, ref));
	if (repository != NULL &&
	    (text_same(type, "landing") || text_same(type, "drift")))
		topics_movement(&l, r, repository);
	if (text_same(type, "decision"))
		of_judged(&l, r);
	if (text_same(type, "decision"))
		of_decision(&l, r);
	if (text_same(type, "decision") && new != NULL &&
	    !text_is_zero_oid(new))
		topics_add(&l, topic_commit(pool, new));
	if (repository != NULL && ref != NULL &&
	    (text_same(type, "drift") || text_same(type, "explained")))
		topics_add(&l, topic_drift(pool, repository, ref));
	*list = l.list;
	*count = l.count;
}
