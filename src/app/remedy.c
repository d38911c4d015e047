#include "app/remedy.h"

#include <string.h>

#include "app/fold.h"
#include "base/text.h"

#define NAMED_PEOPLE 5
#define NAMED_APPROVALS 5
#define NAMED_CHANGES 5

static bool
lacks_code(const struct judged *j, const char *code)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++)
		if (finding_is_open(&j->verdict.findings[i]) &&
		    strcmp(j->verdict.findings[i].code, code) == 0)
			return true;
	return false;
}

static bool
lacks(const struct judged *j, const struct change *c, const char *control)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++) {
		const struct finding *f = &j->verdict.findings[i];

		if (finding_is_open(f) && strcmp(f->control, control) == 0 &&
		    (f->change == NULL || text_same(f->change, c->id)))
			return true;
	}
	return false;
}

static bool
is_hard(const struct judged *j)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++)
		if (finding_is_open(&j->verdict.findings[i]) &&
		    j->verdict.findings[i].hard)
			return true;
	return false;
}

/* ---- who ---- */

struct naming {
	struct buf names;
	size_t count;
};

static void
name_one(struct naming *n, const struct person *who)
{
	if (++n->count <= NAMED_PEOPLE)
		buf_printf(&n->names, "%s%s", n->count > 1 ? ", " : "",
		    who->id);
}

static void
name_end(struct naming *n, struct buf *out, const char *head)
{
	if (n->count > NAMED_PEOPLE)
		buf_printf(&n->names, " and %zu more", n->count - NAMED_PEOPLE);
	fold_printf(out, head, "%s",
	    n->count == 0 ? "nobody in people.yaml" : buf_text(&n->names));
	buf_free(&n->names);
}

/* Would this person's yes count, if it were given now? */
static bool
could_approve(const struct push *p, const struct judged *j,
    const struct change *c, const struct person *who,
    const struct texts *groups)
{
	const struct gate *gate = j->ref->gate;
	struct bench b = {.pool = p->pool,
	    .policy = &p->setup->config.policy,
	    .gate = gate,
	    .people = &p->setup->config.people,
	    .update = &j->update};
	const char *why;
	struct approval a = {.person = who->id,
	    .repository = p->repository,
	    .target = j->update.ref,
	    .commit = c->after,
	    .time = p->now,
	    .carried = CARRIED_EXACT,
	    .in_force = TRI_YES,
	    .groups_known = TRI_YES,
	    .groups = who->groups,
	    .group_count = who->group_count,
	    .spent = TRI_NO,
	    .after_fact = TRI_NO,
	    .presence = true};

	if (who->machine ||
	    (who->key_count == 0 && !gate->approvals.pusher_may))
		return false;
	for (size_t i = 0; i < who->key_count && a.key == NULL; i++)
		if (person_key_in_force(&who->keys[i], p->now))
			a.key = who->keys[i].id;
	return approval_weigh(&b, c, &a, groups, &why) == NULL;
}

static void
write_approvers(struct buf *out, const struct push *p, const struct judged *j,
    const struct change *c, const struct texts *groups, const char *head)
{
	const struct people *people = &p->setup->config.people;
	struct naming n = {0};

	for (size_t i = 0; i < people->count; i++)
		if (could_approve(p, j, c, &people->list[i], groups))
			name_one(&n, &people->list[i]);
	name_end(&n, out, head);
}

/* Who is in one of the groups, but for one person. */
static void
write_members(struct buf *out, const struct push *p, const struct texts *groups,
    const char *but, const char *head)
{
	const struct people *people = &p->setup->config.people;
	struct naming n = {0};

	for (size_t i = 0; i < people->count; i++)
		if (person_in_force(&people->list[i], p->now) &&
		    !people->list[i].machine &&
		    !text_same(people->list[i].id, but) &&
		    person_in_any(&people->list[i], groups->list,
		        groups->count))
			name_one(&n, &people->list[i]);
	name_end(&n, out, head);
}

/* ---- approvals ---- */

static const char *
given_on(const struct push *p, const struct approval *a)
{
	return a->request.told ? pool_printf(p->pool, ", %s request %s",
	                             a->request.source, a->request.number)
	                       : "";
}

static void
write_seen(struct buf *out, const struct push *p, const struct judged *j,
    const struct change *c)
{
	size_t count = 0;

	for (size_t i = 0; i < j->verdict.weighed_count; i++) {
		const struct weighed *w = &j->verdict.weighed[i];

		if (w->change != c || ++count > NAMED_APPROVALS)
			continue;
		if (w->code == NULL)
			fold_printf(out, "  counts: ", "%s for %.12s%s",
			    shown(w->approval->person), w->approval->commit,
			    given_on(p, w->approval));
		else
			fold_printf(out,
			    "  does not:", "%s for %.12s%s: %s (%s)",
			    shown(w->approval->person), w->approval->commit,
			    given_on(p, w->approval), w->why, w->code);
	}
	if (count > NAMED_APPROVALS)
		fold_printf(out, "  does not:", "and %zu more",
		    count - NAMED_APPROVALS);
}

static const char *
to_approve(const struct judged *j, const struct change *c)
{
	const struct promotion *m = &j->update.promotion;

	if (j->ref->gate->landed_on.count > 0 && m->commit != NULL)
		return m->commit;
	return c->after;
}

static void
write_approve_line(struct buf *out, const struct push *p, const char *commit,
    const char *ref)
{
	buf_printf(out,
	    "  they:    git fetch origin\n"
	    "           foureyes approve %s --repository %s --for %s\n",
	    commit, p->repository, ref);
}

static void
write_change(struct buf *out, const struct push *p, const struct judged *j,
    const struct change *c)
{
	const char *commit = to_approve(j, c);
	const struct gate *gate = j->ref->gate;

	fold_printf(out, "  approve:", "%s  %.60s", commit,
	    c->description != NULL ? c->description : "");
	if (lacks(j, c, "peer"))
		write_approvers(out, p, j, c, &gate->approvals.groups,
		    "  who:    ");
	for (size_t i = 0; i < gate->owner_count && lacks(j, c, "owners"); i++)
		if (i < c->owned_count && c->owned[i].touched == TRI_YES)
			write_approvers(out, p, j, c, &gate->owners[i].groups,
			    "  owners: ");
	write_seen(out, p, j, c);
	if (repo_received(p->repo, commit))
		buf_printf(out,
		    "  you:     git push origin %s:refs/heads/review/%.8s\n",
		    commit, commit);
	write_approve_line(out, p, commit, j->update.ref);
}

static void
write_changes(struct buf *out, const struct push *p, const struct judged *j)
{
	size_t count = 0;

	if (!j->ref->gate->approvals.asked ||
	    lacks_code(j, "review.not-landed"))
		return;
	for (size_t i = 0; i < j->update.change_count; i++) {
		const struct change *c = &j->update.changes[i];

		if (!lacks(j, c, "peer") && !lacks(j, c, "owners") &&
		    !lacks(j, c, "review"))
			continue;
		if (++count <= NAMED_CHANGES)
			write_change(out, p, j, c);
	}
	if (count > NAMED_CHANGES)
		fold_printf(out, "          ", "and %zu more changes",
		    count - NAMED_CHANGES);
}

/* ---- the other controls ---- */

/* The first ref of a gate that can be pushed to by its name. */
static const char *
ref_of_gate(const struct push *p, const char *name)
{
	const struct gate *gate = policy_gate_named(p->entry, name);

	for (size_t i = 0; gate != NULL && i < gate->refs.count; i++)
		if (!text_is_glob(gate->refs.list[i]))
			return gate->refs.list[i];
	return NULL;
}

static void
write_push_first(struct buf *out, const struct push *p, const struct judged *j,
    const char *gate)
{
	const char *ref = ref_of_gate(p, gate);
	const char *commit = j->update.promotion.commit;

	if (ref == NULL)
		return;
	buf_printf(out, "  first:   git push origin %s:%s\n",
	    commit != NULL ? commit : j->update.landed, ref);
}

static void
write_order(struct buf *out, const struct push *p, const struct judged *j)
{
	const struct gate *gate = j->ref->gate;
	const struct bench b = {.gate = gate, .update = &j->update};

	if (lacks_code(j, "review.not-landed"))
		write_push_first(out, p, j, gate->landed_on.list[0]);
	else if (lacks_code(j, "staging.not-staged"))
		write_push_first(out, p, j, gate->after.gate);
	if (lacks_code(j, "environment.lander"))
		write_members(out, p, groups_that_move(&b), NULL, "  who may:");
}

static void
write_plan(struct buf *out, const struct judged *j)
{
	static const char *const codes[] = {"rollback.absent", "rollback.empty",
	    "rollback.placeholder", "rollback.template", "rollback.too-short",
	    NULL};

	for (size_t i = 0; codes[i] != NULL; i++)
		if (lacks_code(j, codes[i])) {
			buf_printf(out,
			    "  plan:    git push -o rollback-plan='how to "
			    "undo it, step by step' \\\n"
			    "             origin %s:%s\n",
			    j->update.new, j->update.ref);
			return;
		}
}

static void
write_owed(struct buf *out, const struct push *p, const struct judged *j)
{
	size_t count = 0;

	if (!lacks_code(j, "emergency.overdue"))
		return;
	for (size_t i = 0; i < j->update.debt_count; i++) {
		const struct debt *d = &j->update.debts[i];

		if (d->elsewhere || d->due > p->now || ++count > NAMED_CHANGES)
			continue;
		fold_printf(out, "  review: ", "%s on %s, declared by %s",
		    d->commit, d->ref,
		    d->declarer != NULL ? d->declarer : "somebody");
		write_members(out, p, &j->ref->gate->approvals.groups,
		    d->declarer, "  who:    ");
		write_approve_line(out, p, d->commit, d->ref);
	}
}

static void
write_emergency(struct buf *out, const struct push *p, const struct judged *j)
{
	const struct policy_emergency *e = &p->setup->config.policy.emergency;
	const struct person *who =
	    people_by_id(&p->setup->config.people, p->pusher.person);

	if (!e->asked || who == NULL || who->machine || is_hard(j) ||
	    j->update.declaration.by != DECLARED_NOT ||
	    !person_in_force(who, p->now) ||
	    !person_in_any(who, e->groups.list, e->groups.count))
		return;
	buf_printf(out,
	    "  or, in an emergency (its review falls due):\n"
	    "           git push -o emergency=INC-1 -o reason='what is down' "
	    "\\\n"
	    "             origin %s:%s\n",
	    j->update.new, j->update.ref);
}

void
remedy_write(struct buf *out, const struct push *p, const struct judged *j)
{
	write_order(out, p, j);
	write_changes(out, p, j);
	write_plan(out, j);
	write_owed(out, p, j);
	write_emergency(out, p, j);
}
