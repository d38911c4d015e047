/*
 * How a change is undone: the plan, from the texts that count (rules.md 27),
 * and its target.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/plan.h"
#include "core/rule.h"
#include "core/signed.h"
#include "core/topics.h"

#define PLAN_KEPT_MAX 4000

struct planning {
	struct gathering *g;
	struct change *c;
	struct plan_rules rules;
	struct approval *in; /* whose text holds the plan, so far */
};

static void
take_target(struct planning *k, const char *to, const char *where)
{
	if (to == NULL || k->c->plan.to != NULL)
		return;
	k->c->plan.to = text_safe_copy(k->g->push->pool, to, strlen(to), 300);
	if (k->c->plan.where == NULL)
		k->c->plan.where = where;
}

/* The best plan seen so far stays; of equal ones the first. */
static void
take(struct planning *k, enum plan_state state, const char *text,
    const char *where, bool approved)
{
	struct plan_fact *p = &k->c->plan;

	if (state <= p->state)
		return;
	p->state = state;
	k->in = NULL;
	p->changed_since = false;
	p->where = where;
	p->approved = approved;
	p->text = text == NULL ? NULL
	                       : text_safe_copy(k->g->push->pool, text,
	                             strlen(text), PLAN_KEPT_MAX);
}

static void
look_in(struct planning *k, const char *text, size_t len, const char *where,
    bool approved)
{
	struct plan plan;
	const char *best = NULL;
	enum plan_state state;

	if (text == NULL)
		return;
	plan_find(&plan, k->g->push->pool, text, len);
	state = plan_judge_all(&plan, &k->rules, k->g->push->pool, &best);
	take(k, state, best, where, approved);
	take_target(k, plan.to, where);
}

static void
look_in_options(struct planning *k)
{
	struct push *p = k->g->push;
	const char *text = push_option(p, "rollback-plan");

	if (text != NULL)
		take(k, plan_judge(text, &k->rules, p->pool, NULL), text,
		    "push option", false);
	take_target(k, push_option(p, "rollback-to"), "push option");
}

static int
look_in_tag(struct planning *k, struct err *err)
{
	struct push *p = k->g->push;
	const char *id = k->g->update->new;
	enum repo_kind kind;
	struct signed_parts parts;
	const char *raw, *text;
	size_t len;

	if (repo_kind_of(p->repo, id) != REPO_TAG)
		return 0;
	if (repo_object(p->repo, p->pool, id, &kind, &raw, &len, err) < 0 ||
	    signed_split(&parts, raw, len, err) < 0)
		return -1;
	text = text_find(parts.payload, parts.payload_len, "\n\n");
	if (text != NULL)
		look_in(k, text + 2,
		    parts.payload_len - (size_t)(text + 2 - parts.payload),
		    "the tag", false);
	return 0;
}

static void
look_in_approvals(struct planning *k)
{
	struct bench b = {.pool = k->g->push->pool,
	    .policy = &k->g->push->setup->config.policy,
	    .gate = k->g->gate,
	    .people = &k->g->push->setup->config.people,
	    .update = k->g->update};
	enum plan_state state;
	const char *why, *text;

	for (size_t i = 0; i < k->g->statement_count; i++) {
		const struct statement_fact *s = &k->g->statements[i];
		struct approval *a = NULL;

		for (size_t n = 0; n < k->c->approval_count; n++)
			if (k->c->approvals[n].seq == s->approval.seq)
				a = (struct approval *)&k->c->approvals[n];
		if (a == NULL || s->text == NULL ||
		    approval_weigh(&b, k->c, a, &k->g->gate->approvals.groups,
		        &why) != NULL)
			continue;
		state = k->c->plan.state;
		/* Such a text has no subject: its first paragraph may be it. */
		text = pool_printf(b.pool, "\n%s", s->text);
		look_in(k, text, strlen(text), "an approval", true);
		if (k->c->plan.state != state)
			k->in = a;
	}
}

/* The newest of the approvals that count. */
static uint64_t
last_counted(const struct planning *k)
{
	struct bench b = {.pool = k->g->push->pool,
	    .policy = &k->g->push->setup->config.policy,
	    .gate = k->g->gate,
	    .people = &k->g->push->setup->config.people,
	    .update = k->g->update};
	uint64_t last = 0;
	const char *why;

	for (size_t i = 0; i < k->c->approval_count; i++) {
		const struct approval *a = &k->c->approvals[i];

		if (a->seq > last &&
		    approval_weigh(&b, k->c, a, &k->g->gate->approvals.groups,
		        &why) == NULL)
			last = a->seq;
	}
	return last;
}

/*
 * The text of a request whose head lands or was approved, for this ref; whether
 * it reads as it did when the last of the approvals was given.
 */
static int
look_in_requests(struct planning *k, size_t from, size_t to, struct err *err)
{
	struct request **list;
	size_t count;
	uint64_t last = last_counted(k);

	if (gather_requests_of(k->g, from, to, k->c, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct request *q = list[i];
		enum plan_state state = k->c->plan.state;
		bool changed = q->text_record > last;

		if (q->text == NULL ||
		    !gather_is_head_of(k->g, from, to, k->c, q))
			continue;
		look_in(k, q->text, strlen(q->text),
		    pool_printf(k->g->push->pool, "%s request %s", q->source,
		        q->number),
		    last != 0 && !changed);
		if (k->c->plan.state != state)
			k->c->plan.changed_since = last != 0 && changed;
	}
	return 0;
}

/* The change's commits are those of the step, in the same order. */
static void
look_in_commits(struct planning *k, size_t from, size_t to)
{
	size_t n = k->c->commit_count;

	for (size_t i = k->g->fresh_count; i-- > 0 && n > 0;) {
		struct commit_fact *f = k->g->fresh[i];

		if (f->step <= from || f->step > to)
			continue;
		n--;
		if (f->defect == NULL)
			look_in(k, f->parsed.message, f->parsed.message_len,
			    pool_printf(k->g->push->pool, "commit %.12s",
			        f->id),
			    k->c->commits[n].place == PLACE_APPROVED);
	}
}

/* A squash drops messages: the approved commits' own count as well. */
static int
look_in_approved(struct planning *k, const char *from, struct err *err)
{
	struct push *p = k->g->push;

	for (size_t i = 0; i < k->c->approval_count; i++) {
		const struct approval *a = &k->c->approvals[i];
		struct repo_commit *list;
		size_t count;

		if (a->carried == CARRIED_NOT || from == NULL ||
		    map_get(&k->g->fresh_map, a->commit) != NULL)
			continue;
		if (repo_range(p->repo, p->pool, a->commit, &from, 1,
		        PUSH_COMMITS_MAX, &list, &count, err) < 0)
			return -1;
		for (size_t n = 0; n < count; n++) {
			struct commit_fact *f;

			if (commit_fact_get(p, &list[n], &f, err) < 0)
				return -1;
			if (f->defect == NULL)
				look_in(k, f->parsed.message,
				    f->parsed.message_len,
				    pool_printf(p->pool, "commit %.12s", f->id),
				    true);
		}
	}
	return 0;
}

/*
 * A promotion that brings exactly one change: that change's own plan, as it was
 * judged when it landed, or as its commits have it.  The target it names is one
 * of the other gate.
 */
static int
look_in_the_one(struct planning *k, size_t from, size_t to, struct err *err)
{
	struct push *p = k->g->push;
	const struct promotion *m = &k->g->update->promotion;
	const char *target = k->c->plan.to, *text;
	struct record landing, decision = {0};

	if (m->landed != TRI_YES || m->include_count != 1 ||
	    k->g->line[from] == NULL)
		return 0;
	if (changelog_read(p->setup->log, p->pool, m->landed_seq, &landing,
	        err) < 0)
		return -1;
	if (text_same(landing.type, "landing") &&
	    changelog_read(p->setup->log, p->pool,
	        (uint64_t)tree_number(landing.tree, "decision"), &decision,
	        err) < 0)
		return -1;
	text = text_same(decision.type, "decision")
	    ? tree_text(decision.tree, "rollback_plan.text")
	    : NULL;
	if (text != NULL)
		take(k, plan_judge(text, &k->rules, p->pool, NULL), text,
		    "the change it brings",
		    tree_true(decision.tree, "rollback_plan.approved"));
	look_in_commits(k, from, to);
	k->c->plan.to = target;
	return 0;
}

/* ---- the target ---- */

static int
resolve(struct push *p, const char *name, char out[REPO_OID_SIZE], bool *found,
    struct err *err)
{
	enum repo_kind kind;
	char oid[REPO_OID_SIZE];
	bool exists = false;
	struct err ignored = {0};
	const char *ref = text_starts(name, "refs/")
	    ? name
	    : pool_printf(p->pool, "refs/tags/%s", name);

	*found = false;
	if (text_is_oid(name) && strlen(name) == REPO_OID_SIZE - 1) {
		memcpy(oid, name, REPO_OID_SIZE);
		exists = repo_has(p->repo, name);
	} else if (repo_ref(p->repo, ref, oid, &exists, &ignored) < 0) {
		return 0;
	}
	if (!exists)
		return 0;
	if (repo_peel(p->repo, oid, out, &kind, err) < 0)
		return -1;
	*found = kind == REPO_COMMIT;
	return 0;
}

/* The index only says where to look. */
static bool
says_landed(const struct planning *k, const struct record *r,
    const char *commit)
{
	const struct tree *list = tree_get(r->tree, "landed");

	if (!(text_same(r->type, "landing") || text_same(r->type, "adopted")) ||
	    !text_same(tree_text(r->tree, "repository"),
	        k->g->update->repository) ||
	    !text_same(tree_text(r->tree, "gate"), k->g->gate->name))
		return false;
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT && strcmp(t->text, commit) == 0)
			return true;
	return false;
}

static int
find_target(struct planning *k, struct err *err)
{
	struct push *p = k->g->push;
	struct plan_fact *f = &k->c->plan;
	char commit[REPO_OID_SIZE];
	struct record r;
	bool found;

	if (f->to == NULL)
		return 0;
	if (resolve(p, f->to, commit, &found, err) < 0)
		return -1;
	f->to_exists = found ? TRI_YES : TRI_NO;
	f->to_was_live = f->to_is_last = TRI_NO;
	if (!found)
		return 0;
	if (changelog_newest(p->setup->log, p->pool,
	        topic_landed(p->pool, k->g->update->repository,
	            k->g->gate->name, commit),
	        &r, err) < 0)
		return -1;
	if (r.seq != 0 && says_landed(k, &r, commit))
		f->to_was_live = TRI_YES;
	if (text_same(k->g->line[0], commit) ||
	    text_same(k->g->update->base, commit))
		f->to_is_last = TRI_YES;
	return 0;
}

int
gather_plan(struct gathering *g, struct change *c, size_t from, size_t to,
    struct err *err)
{
	struct planning k = {.g = g, .c = c};

	k.rules = (struct plan_rules){.min_words = g->gate->plan.min_words,
	    .placeholders = g->gate->plan.placeholders.list,
	    .placeholder_count = g->gate->plan.placeholders.count,
	    .templates = g->gate->plan.placeholders.list,
	    .template_count = g->gate->plan.placeholders.count};
	if (!g->gate->plan.asked)
		return 0;
	if (look_in_tag(&k, err) < 0)
		return -1;
	look_in_options(&k);
	look_in_approvals(&k);
	if (look_in_requests(&k, from, to, err) < 0)
		return -1;
	if (g->gate->landed_on.count == 0) {
		look_in_commits(&k, from, to);
		if (look_in_approved(&k, g->line[from], err) < 0)
			return -1;
	} else if (look_in_the_one(&k, from, to, err) < 0)
		return -1;
	if (k.in != NULL)
		k.in->plan_in_it = TRI_YES;
	return find_target(&k, err);
}
