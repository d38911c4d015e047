/*
 * Emergencies: is one declared for this push, and which reviews are owed.
 * rules.md 29 to 31; the reviews themselves are in review.c.
 */
#include "app/gather.h"

#include <string.h>

#include "app/review.h"
#include "base/text.h"
#include "core/topics.h"

#define UNJUDGED_MAX 2000
#define COMMENTED_MAX 20 /* of the newest requests for a ref */

static enum tri
is_member(struct push *p, const struct actor *who)
{
	const struct people *people = &p->setup->config.people;
	const struct texts *groups = &p->setup->config.policy.emergency.groups;
	const struct person *person = people_by_id(people, who->person);

	return person != NULL && person_in_force(person, p->now) &&
	        person_in_any(person, groups->list, groups->count)
	    ? TRI_YES
	    : TRI_NO;
}

static void
declare(struct gathering *g, enum declared_by by, const char *incident,
    const char *reason)
{
	struct push *p = g->push;
	struct declaration *d = &g->update->declaration;

	d->by = by;
	d->declarer = p->pusher;
	d->incident = incident == NULL
	    ? NULL
	    : text_safe_copy(p->pool, incident, strlen(incident), 200);
	d->incident_state = gather_says(p, d->incident);
	d->reason = reason == NULL
	    ? NULL
	    : text_safe_copy(p->pool, reason, strlen(reason), 2000);
	d->reason_state = gather_says(p, d->reason);
	d->time = p->now;
	d->used = TRI_NO;
	d->member = is_member(p, &p->pusher);
}

/* Author, committer and first pusher of the tip are all the pusher. */
static bool
is_own(struct push *p, const struct commit_fact *f)
{
	const struct people *people = &p->setup->config.people;
	const struct person *author =
	    people_by_email(people, f->parsed.author.email);
	const struct person *committer =
	    people_by_email(people, f->parsed.committer.email);

	return author != NULL && author == committer &&
	    text_same(author->id, p->pusher.person) && f->seen == TRI_YES &&
	    text_same(f->pusher.person, p->pusher.person);
}

static void
look_in_trailers(struct gathering *g)
{
	struct push *p = g->push;
	const struct commit_fact *tip = g->line_count == 0
	    ? NULL
	    : map_get(&g->fresh_map, g->line[g->line_count - 1]);
	const char *incident = gather_trailer(p, tip, "Emergency-Change");

	if (incident != NULL && tip != NULL && is_own(p, tip))
		declare(g, DECLARED_TRAILER, incident,
		    gather_trailer(p, tip, "Emergency-Reason"));
}

static bool
names_ref(const struct gathering *g, const struct record *r)
{
	const struct tree *list = tree_get(r->tree, "targets");

	if (!text_same(tree_text(r->tree, "repository"), g->update->repository))
		return false;
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT &&
		    policy_target_is(g->gate, t->text, g->update->ref))
			return true;
	return false;
}

/* Has some landing since used this declaration, or will one? */
static int
find_use(struct gathering *g, uint64_t seq, enum tri *used, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	enum tri landed;
	size_t count;

	if (gather_in_use(g, seq, &g->update->declaration.in_use, &landed,
	        err) < 0)
		return -1;

	if (changelog_find(p->setup->log, p->pool,
	        topic_unjudged(p->pool, g->update->repository, g->gate->name),
	        false, seq, UNJUDGED_MAX, &list, &count, err) < 0)
		return -1;
	*used = count < UNJUDGED_MAX ? TRI_NO : TRI_UNKNOWN;
	for (size_t i = 0; i < count; i++)
		if ((uint64_t)tree_number(list[i].tree, "declaration") == seq)
			*used = TRI_YES;
	if (*used == TRI_NO)
		*used = landed;
	return 0;
}

/* With the right to, when it was received: rules.md 15. */
static int
was_member(struct gathering *g, const struct record *r, enum tri *member,
    struct err *err)
{
	const struct texts *groups =
	    &g->push->setup->config.policy.emergency.groups;
	struct approval a = {.seq = r->seq,
	    .person = tree_text(r->tree, "person")};

	*member = TRI_NO;
	if (!text_same(tree_text(r->tree, "in_force"), "yes"))
		return 0;
	statement_groups(g->push, r->tree, &a);
	if (gather_groups_then(g, &a, err) < 0)
		return -1;
	*member = a.groups_known == TRI_YES ? TRI_NO : TRI_UNKNOWN;
	for (size_t i = 0; i < a.group_count; i++)
		if (texts_have(groups, a.groups[i]))
			*member = TRI_YES;
	return 0;
}

static int
look_in_tags(struct gathering *g, const char *commit, struct err *err)
{
	struct push *p = g->push;
	struct declaration *d = &g->update->declaration;
	struct record *list;
	size_t count;

	if (commit == NULL)
		return 0;
	if (changelog_find(p->setup->log, p->pool,
	        topic_declared(p->pool, g->update->repository, commit), true, 0,
	        20, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct tree *t = list[i].tree;

		if (!names_ref(g, &list[i]))
			continue;
		declare(g, DECLARED_TAG, tree_text(t, "incident"),
		    tree_text(t, "reason"));
		d->declarer = (struct actor){.person = tree_text(t, "person"),
		    .machine = tree_true(t, "machine")};
		d->seq = list[i].seq;
		d->time = list[i].time;
		d->key = tree_text(t, "key");
		if (was_member(g, &list[i], &d->member, err) < 0)
			return -1;
		return find_use(g, d->seq, &d->used, err);
	}
	return 0;
}

/* On a request for this ref whose present head gives exactly what lands. */
static int
is_what_lands(struct gathering *g, const struct request *q, bool *yes,
    struct err *err)
{
	char tree[REPO_OID_SIZE];
	size_t last = g->line_count - 1;
	enum carried carried;

	*yes = false;
	if (q->head == NULL || g->line_count < 2 ||
	    request_is_open(q, g->update->ref) != TRI_YES ||
	    repo_kind_of(g->push->repo, q->head) != REPO_COMMIT)
		return 0;
	*yes = text_same(q->head, g->update->landed);
	if (*yes)
		return 0;
	if (cover_tree(g, 0, q->head, tree, err) < 0 ||
	    cover(g, 0, last, q->head, tree, &carried, NULL, err) < 0)
		return -1;
	*yes = carried != CARRIED_NOT;
	return 0;
}

/* Its newest comment that declares one. */
static const struct record *
comment_of(const struct request *q)
{
	for (size_t i = q->record_count; i-- > 0;)
		if (text_same(tree_text(q->records[i].tree, "kind"),
		        "comment") &&
		    tree_get(q->records[i].tree, "incident") != NULL)
			return &q->records[i];
	return NULL;
}

static int
declare_by_comment(struct gathering *g, const struct request *q,
    const struct record *r, struct err *err)
{
	struct declaration *d = &g->update->declaration;

	declare(g, DECLARED_COMMENT, tree_text(r->tree, "incident"),
	    tree_text(r->tree, "reason"));
	d->declarer = (struct actor){.person = tree_text(r->tree, "person"),
	    .login = tree_text(r->tree, "login"),
	    .machine = tree_true(r->tree, "machine")};
	d->seq = r->seq;
	d->time = r->time;
	d->request = (struct on_request){.source = q->source,
	    .number = q->number,
	    .told = true,
	    .login = tree_text(r->tree, "login"),
	    .trusted =
	        gather_trusts(g->push, q->source, SOURCE_TELLS_APPROVALS),
	    .open = TRI_YES,
	    .certain = TRI_YES,
	    .present = TRI_YES};
	if (was_member(g, r, &d->member, err) < 0)
		return -1;
	return find_use(g, d->seq, &d->used, err);
}

static int
look_in_comments(struct gathering *g, struct err *err)
{
	struct request **list = NULL;
	size_t count = 0;
	bool more, lands;

	for (size_t i = 0; i < g->fresh_count; i++)
		if (request_with_head(g->push, g->fresh[i]->id, &list, &count,
		        err) < 0)
			return -1;
	if (request_newest(g->push, g->update->ref, COMMENTED_MAX, &list,
	        &count, &more, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct record *r = comment_of(list[i]);

		if (r == NULL)
			continue;
		if (is_what_lands(g, list[i], &lands, err) < 0)
			return -1;
		if (lands)
			return declare_by_comment(g, list[i], r, err);
	}
	return 0;
}

static int
find_declaration(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	const char *incident = push_option(p, "emergency");

	if (incident != NULL || push_option_given(p, "emergency")) {
		declare(g, DECLARED_PUSH_OPTION, incident,
		    push_option(p, "reason"));
		return 0;
	}
	look_in_trailers(g);
	if (g->update->declaration.by != DECLARED_NOT)
		return 0;
	if (look_in_tags(g, g->update->landed, err) < 0)
		return -1;
	return g->update->declaration.by != DECLARED_NOT
	    ? 0
	    : look_in_comments(g, err);
}

/* ---- reviews owed ---- */

static void
add_debt(struct gathering *g, struct debt **list, size_t *count,
    const struct owed *o)
{
	const struct tree *t = o->landing.tree;
	bool here = text_same(tree_text(t, "gate"), g->gate->name) &&
	    text_same(tree_text(t, "repository"), g->update->repository);
	struct debt *d;

	if (o->review.state == REVIEW_OBJECTED ||
	    (!here &&
	        !text_same(tree_text(t, "declarer"),
	            g->update->declaration.declarer.person)))
		return;
	d = pool_grow(g->push->pool, list, count, sizeof(**list));
	d->seq = (uint64_t)tree_number(t, "decision");
	d->ref = tree_text(t, "ref");
	d->commit = owed_commit(&o->landing);
	d->declarer = tree_text(t, "declarer");
	d->due = tree_instant(t, "review_due");
	d->elsewhere = !here;
}

/* Whoever declares is asked for those of all gates and repositories. */
static int
find_debts(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	const struct declaration *d = &g->update->declaration;
	struct owed_search search = {.topic = d->by != DECLARED_NOT
	        ? topic_all_owed()
	        : topic_owed(p->pool, g->update->repository, g->gate->name),
	    .repository = g->update->repository,
	    .gate = g->gate->name,
	    .declarer = d->by != DECLARED_NOT ? d->declarer.person : NULL};
	struct debt *list = NULL;
	struct owed *owed;
	size_t count, n = 0;
	bool all;

	if (owed_find(p, &search, &owed, &count, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		add_debt(g, &list, &n, &owed[i]);
	g->update->debts = list;
	g->update->debt_count = n;
	g->update->debts_known = all ? TRI_YES : TRI_UNKNOWN;
	return 0;
}

int
gather_emergency(struct gathering *g, struct err *err)
{
	if (find_declaration(g, err) < 0)
		return -1;
	return find_debts(g, err);
}
