/*
 * The record of a decision: the facts as judged (core/facts.h), and what was
 * made of them, with the keys that contract.md section 3 promises.
 */
#include "core/record.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "core/facts.h"
#include "core/judge.h"

static void
write_findings(struct json *j, const struct verdict *v)
{
	json_key_open(j, "findings", '[');
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		json_open(j, '{');
		json_key_text(j, "control", f->control);
		json_key_text(j, "standing", standing_name(f->standing));
		json_key_text(j, "code", f->code);
		json_key_text(j, "text", f->text);
		if (f->change != NULL)
			json_key_text(j, "change", f->change);
		json_close(j);
	}
	json_close(j);
}

static void
write_approvals(struct json *j, const struct verdict *v)
{
	static const char *const carried[] = {NULL, "exact", "same-content",
	    "clean-merge"};

	json_key_open(j, "approvals", '[');
	for (size_t i = 0; i < v->weighed_count; i++) {
		const struct weighed *w = &v->weighed[i];

		json_open(j, '{');
		json_key_text(j, "person", w->approval->person);
		json_key_text(j, "commit", w->approval->commit);
		json_key_text(j, "target", w->approval->target);
		json_key_instant(j, "time", w->approval->time);
		json_key_text(j, "source", w->approval->source);
		if (w->approval->request.told)
			json_key_text(j, "request",
			    w->approval->request.number);
		json_key_text(j, "carried", carried[w->approval->carried]);
		json_key_number(j, "record", (int64_t)w->approval->seq);
		json_key_text(j, "change", w->change->id);
		json_key_bool(j, "counted", w->code == NULL);
		if (w->code != NULL)
			json_key_text(j, "code", w->code);
		json_close(j);
	}
	json_close(j);
}

static bool
named_before(const struct update *u, size_t change, size_t at)
{
	const struct contributor *p = &u->changes[change].contributors[at];

	for (size_t i = 0; i <= change; i++)
		for (size_t k = 0; k < u->changes[i].contributor_count; k++) {
			const struct contributor *q =
			    &u->changes[i].contributors[k];

			if (i == change && k >= at)
				return false;
			if (text_same(q->person, p->person) ||
			    (p->person == NULL && q->person == NULL &&
			        text_same(q->written, p->written)))
				return true;
		}
	return false;
}

static void
write_people(struct json *j, const struct update *u)
{
	const char *requester =
	    u->change_count > 0 ? u->changes[0].requester : NULL;
	unsigned unseen = 0;

	json_key_text(j, "requester",
	    requester != NULL ? requester : u->pusher.person);
	json_key_open(j, "contributors", '[');
	for (size_t i = 0; i < u->change_count; i++) {
		unseen += u->changes[i].unseen;
		for (size_t k = 0; k < u->changes[i].contributor_count; k++) {
			const struct contributor *p =
			    &u->changes[i].contributors[k];

			if (named_before(u, i, k))
				continue;
			json_text(j,
			    p->person != NULL ? p->person : p->written);
		}
	}
	json_close(j);
	json_key_number(j, "unseen", unseen);
}

static void
write_plan(struct json *j, const struct update *u)
{
	const struct change *c =
	    u->change_count > 0 ? &u->changes[u->change_count - 1] : NULL;

	json_key(j, "rollback_plan");
	if (c == NULL || (c->plan.text == NULL && c->plan.to == NULL)) {
		json_nothing(j);
		return;
	}
	json_open(j, '{');
	json_key_text(j, "where", c->plan.where);
	json_key_text(j, "text", c->plan.text);
	json_key_text(j, "to", c->plan.to);
	json_key_bool(j, "approved", c->plan.approved);
	if (c->plan.changed_since)
		json_key_bool(j, "changed_since", true);
	json_close(j);
}

void
record_decision(struct buf *out, const struct decided *d)
{
	const struct update *u = d->update;
	struct json j = {.out = out};
	size_t at = out->len;

	json_open(&j, '{');
	memmove(out->data + at, out->data + at + 1, out->len - at);
	out->len--;
	json_key_text(&j, "type", "decision");
	json_key_text(&j, "outcome", outcome_name(d->verdict->outcome));
	if (d->withheld)
		json_key_bool(&j, "withheld", true);
	facts_write(&j, u);
	write_people(&j, u);
	write_approvals(&j, d->verdict);
	json_key_open(&j, "includes", '[');
	for (size_t i = 0; i < u->promotion.include_count; i++)
		json_text(&j, u->promotion.includes[i]);
	json_close(&j);
	write_plan(&j, u);
	if (u->declaration.by == DECLARED_NOT)
		json_key_text(&j, "emergency", NULL);
	if (!u->promotes)
		json_key_text(&j, "staging", NULL);
	if (d->verdict->outcome == ADMITTED_AS_EMERGENCY)
		json_key_number(&j, "review_within", d->review_within);
	write_findings(&j, d->verdict);
	json_key_text(&j, "policy", d->in_force.policy);
	json_key_text(&j, "people", d->in_force.people);
	json_key_text(&j, "settings", d->in_force.settings);
	record_key_program(&j, &d->in_force.program);
	json_close(&j);
}
