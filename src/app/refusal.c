#include "app/refusal.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "core/judge.h"

#define COLUMNS 92 /* Git puts "remote: " in front */
#define NAMED_REFS 10
#define NAMED_PEOPLE 5
#define NAMED_APPROVALS 5
#define NAMED_CHANGES 5

/* One sentence, folded at blanks; what follows the first line is indented. */
static void
fold(struct buf *out, const char *head, const char *text)
{
	size_t column = strlen(head);

	buf_put(out, head);
	while (*text != '\0') {
		size_t word = strcspn(text, " ");

		if (column + word + 1 > COLUMNS && column > 12) {
			buf_put(out, "\n          ");
			column = 10;
		}
		buf_char(out, ' ');
		buf_add(out, text, word);
		column += word + 1;
		text += word;
		text += strspn(text, " ");
	}
	buf_char(out, '\n');
}

static void
say(struct buf *out, const char *gate, const char *code, const char *text)
{
	struct buf head = {0};

	buf_printf(&head, "foureyes: %s: %s:", gate, code);
	fold(out, buf_text(&head), text);
	buf_free(&head);
}

static void like_printf(3, 4)
    tell(struct buf *out, const char *head, const char *format, ...)
{
	struct buf text = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	fold(out, head, buf_text(&text));
	buf_free(&text);
}

/* ---- refs refused before any gate ---- */

static void
write_names(struct buf *out, const struct push *p)
{
	size_t count = 0;

	for (size_t i = 0; i < p->ref_count; i++) {
		const struct ref_update *r = &p->refs[i];

		if (r->code == NULL || ++count > NAMED_REFS)
			continue;
		say(out,
		    r->evidence                        ? "evidence"
		        : text_starts(r->code, "evid") ? "evidence"
		                                       : "policy",
		    r->code, r->why);
		tell(out, "         ", "%s",
		    text_safe_copy(p->pool, r->name, strlen(r->name), 120));
	}
	if (count > NAMED_REFS)
		tell(out, "         ", "and %zu more refs refused",
		    count - NAMED_REFS);
}

/* ---- one gated ref ---- */

static bool
is_open(const struct finding *f)
{
	return f->standing == UNMET || f->standing == UNDECIDED;
}

static bool
lacks(const struct judged *j, const struct change *c, const char *control)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++) {
		const struct finding *f = &j->verdict.findings[i];

		if (is_open(f) && strcmp(f->control, control) == 0 &&
		    (f->change == NULL || text_same(f->change, c->id)))
			return true;
	}
	return false;
}

static void
write_findings(struct buf *out, const struct judged *j)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++) {
		const struct finding *f = &j->verdict.findings[i];

		if (is_open(f))
			say(out, j->update.gate, f->code, f->text);
	}
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
write_people(struct buf *out, const struct push *p, const struct judged *j,
    const struct change *c, const struct texts *groups, const char *head)
{
	const struct people *people = &p->setup->config.people;
	struct buf names = {0};
	size_t count = 0;

	for (size_t i = 0; i < people->count; i++) {
		if (!could_approve(p, j, c, &people->list[i], groups))
			continue;
		if (++count <= NAMED_PEOPLE)
			buf_printf(&names, "%s%s", count > 1 ? ", " : "",
			    people->list[i].id);
	}
	if (count > NAMED_PEOPLE)
		buf_printf(&names, " and %zu more", count - NAMED_PEOPLE);
	tell(out, head, "%s",
	    count == 0 ? "nobody in people.yaml could approve this"
	               : buf_text(&names));
	buf_free(&names);
}

static void
write_seen(struct buf *out, const struct judged *j, const struct change *c)
{
	size_t count = 0;

	for (size_t i = 0; i < j->verdict.weighed_count; i++) {
		const struct weighed *w = &j->verdict.weighed[i];

		if (w->change != c || ++count > NAMED_APPROVALS)
			continue;
		if (w->code == NULL)
			tell(out, "  counts: ", "%s for %.12s",
			    w->approval->person, w->approval->commit);
		else
			tell(out, "  not:    ", "%s for %.12s: %s (%s)",
			    w->approval->person, w->approval->commit, w->why,
			    w->code);
	}
	if (count > NAMED_APPROVALS)
		tell(out, "  not:    ", "and %zu more",
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
write_approver(struct buf *out, const struct push *p, const struct judged *j,
    const struct change *c)
{
	const char *commit = to_approve(j, c);

	tell(out, "  approve:", "%s%s%.40s", commit,
	    c->description[0] != '\0' ? "  " : "", c->description);
	if (lacks(j, c, "peer"))
		write_people(out, p, j, c, &j->ref->gate->approvals.groups,
		    "  who:    ");
	if (lacks(j, c, "owners"))
		for (size_t i = 0; i < j->ref->gate->owner_count; i++)
			if (i < c->owned_count &&
			    c->owned[i].touched == TRI_YES)
				write_people(out, p, j, c,
				    &j->ref->gate->owners[i].groups,
				    "  owners: ");
	write_seen(out, j, c);
	if (repo_received(p->repo, commit))
		buf_printf(out,
		    "  you:     git push origin %s:refs/heads/review/%.8s\n",
		    commit, commit);
	buf_printf(out,
	    "  they:    git fetch origin\n"
	    "           foureyes approve %s --repository %s --for %s\n",
	    commit, p->repository, j->update.ref);
}

static bool
may_declare(const struct push *p)
{
	const struct policy_emergency *e = &p->setup->config.policy.emergency;
	const struct person *who =
	    people_by_id(&p->setup->config.people, p->pusher.person);

	return e->asked && who != NULL && !who->machine &&
	    person_in_force(who, p->now) &&
	    person_in_any(who, e->groups.list, e->groups.count);
}

static bool
is_hard(const struct judged *j)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++)
		if (is_open(&j->verdict.findings[i]) &&
		    j->verdict.findings[i].hard)
			return true;
	return false;
}

static void
write_help(struct buf *out, const struct push *p, const struct judged *j)
{
	size_t shown = 0;

	for (size_t i = 0; i < j->update.change_count; i++) {
		const struct change *c = &j->update.changes[i];

		if (!lacks(j, c, "peer") && !lacks(j, c, "owners") &&
		    !lacks(j, c, "review"))
			continue;
		if (!j->ref->gate->approvals.asked || ++shown > NAMED_CHANGES)
			continue;
		write_approver(out, p, j, c);
	}
	if (shown > NAMED_CHANGES)
		tell(out, "          ", "and %zu more changes",
		    shown - NAMED_CHANGES);
	if (may_declare(p) && !is_hard(j) &&
	    j->update.declaration.by == DECLARED_NOT)
		buf_printf(out,
		    "  or, in an emergency: git push -o emergency=INC-1 -o "
		    "reason='...' origin ...\n");
}

static void
write_outcome(struct buf *out, const struct push *p, const struct judged *j)
{
	const char *gate = j->update.gate;
	char due[TEXT_INSTANT_SIZE];

	if (j->verdict.outcome == ADMITTED_AS_EMERGENCY) {
		text_instant(due,
		    p->now + p->setup->config.policy.emergency.review_within);
		tell(out, "foureyes:",
		    "%s: EMERGENCY: %s is let through against the findings "
		    "above (record %llu)",
		    gate, j->update.ref, (unsigned long long)j->seq);
		tell(out, "foureyes:",
		    "%s: a review by somebody else is due by %s; see: "
		    "foureyes due",
		    gate, due);
	} else if (j->verdict.outcome == REFUSED &&
	    j->update.mode == MODE_OBSERVE) {
		tell(out, "foureyes:",
		    "%s: observed only: %s would have been refused (record "
		    "%llu)",
		    gate, j->update.ref, (unsigned long long)j->seq);
	} else if (j->verdict.outcome == ADMITTED) {
		tell(out, "foureyes:", "%s: admitted: %s (record %llu)", gate,
		    j->update.ref, (unsigned long long)j->seq);
	} else if (j->seq != 0) {
		tell(out, "  record: ", "%llu: foureyes show %llu",
		    (unsigned long long)j->seq, (unsigned long long)j->seq);
	}
}

void
refusal_write(struct buf *out, const struct push *p,
    const struct gate_answer *answer)
{
	size_t shown = 0;
	bool refused = false;

	write_names(out, p);
	for (size_t i = 0; i < answer->judged_count; i++) {
		const struct judged *j = &answer->judged[i];

		if (j->verdict.outcome == REFUSED && ++shown > NAMED_REFS)
			continue;
		write_findings(out, j);
		if (j->verdict.outcome == REFUSED) {
			write_help(out, p, j);
			refused = true;
		}
		write_outcome(out, p, j);
	}
	if (shown > NAMED_REFS)
		tell(out, "foureyes:", "and %zu more refs refused",
		    shown - NAMED_REFS);
	if (!answer->admitted && !refused)
		tell(out, "foureyes:", "the whole push is refused");
	if (!answer->admitted && p->setup->config.policy.help != NULL)
		tell(out, "  help:   ", "%s", p->setup->config.policy.help);
}

void
refusal_error(struct buf *out, const struct err *err)
{
	tell(out, "foureyes:", "could not check this push: %s", err->text);
	tell(out, "foureyes:",
	    "it is refused; the server's administrator runs: foureyes "
	    "doctor");
}
