#include "app/refusal.h"

#include <string.h>

#include "app/fold.h"
#include "app/remedy.h"
#include "base/text.h"
#include "core/judge.h"

#define NAMED_REFS 10

static void
say(struct buf *out, const char *gate, const char *code, const char *text)
{
	struct buf head = {0};

	buf_printf(&head, "foureyes: %s: %s:", gate, code);
	fold_text(out, buf_text(&head), text);
	buf_free(&head);
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
		fold_printf(out, "         ", "%s",
		    text_safe_copy(p->pool, r->name, strlen(r->name), 120));
	}
	if (count > NAMED_REFS)
		fold_printf(out, "         ", "and %zu more refs refused",
		    count - NAMED_REFS);
}

/* ---- one gated ref ---- */

/* Not in the way, and still nothing to pass over in silence. */
static bool
is_news(const struct finding *f)
{
	static const char *const codes[] = {"environment.baseline",
	    "environment.drift", "environment.restored", "environment.retired",
	    "environment.lane-back", "emergency.declared", "peer.routine",
	    "peer.not-routine", "review.accepted", NULL};

	for (size_t i = 0; codes[i] != NULL; i++)
		if (strcmp(f->code, codes[i]) == 0)
			return true;
	return false;
}

static void
write_findings(struct buf *out, const struct judged *j)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++) {
		const struct finding *f = &j->verdict.findings[i];

		if (finding_is_open(f) || is_news(f))
			say(out, j->update.gate, f->code, f->text);
	}
}

static void
write_outcome(struct buf *out, const struct push *p, const struct judged *j)
{
	const char *gate = j->update.gate;
	char due[TEXT_INSTANT_SIZE];

	if (j->verdict.outcome == ADMITTED_AS_EMERGENCY) {
		text_instant(due,
		    p->now + p->setup->config.policy.emergency.review_within);
		fold_printf(out, "foureyes:",
		    "%s: EMERGENCY: %s is let through against the findings "
		    "above (record %llu)",
		    gate, j->update.ref, (unsigned long long)j->seq);
		fold_printf(out, "foureyes:",
		    "%s: a review by somebody else is due by %s; see: "
		    "foureyes due",
		    gate, due);
	} else if (j->verdict.outcome == REFUSED &&
	    j->update.mode == MODE_OBSERVE) {
		fold_printf(out, "foureyes:",
		    "%s: observed only: %s would have been refused (record "
		    "%llu)",
		    gate, j->update.ref, (unsigned long long)j->seq);
	} else if (j->verdict.outcome == ADMITTED) {
		fold_printf(out, "foureyes:", "%s: admitted: %s (record %llu)",
		    gate, j->update.ref, (unsigned long long)j->seq);
	} else if (j->seq != 0) {
		fold_printf(out, "  record: ", "%llu: foureyes show %llu",
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
	if (p->gated > 0 && repo_grafts(p->repo))
		fold_printf(out, "foureyes:",
		    "there are grafts or refs/replace/ here; judged without "
		    "them: foureyes doctor");
	for (size_t i = 0; i < answer->judged_count; i++) {
		const struct judged *j = &answer->judged[i];

		if (j->verdict.outcome == REFUSED && ++shown > NAMED_REFS)
			continue;
		write_findings(out, j);
		if (j->verdict.outcome == REFUSED) {
			remedy_write(out, p, j);
			refused = true;
		}
		write_outcome(out, p, j);
	}
	if (shown > NAMED_REFS)
		fold_printf(out, "foureyes:", "and %zu more refs refused",
		    shown - NAMED_REFS);
	if (!answer->admitted && p->unasked != NULL)
		fold_printf(out, "foureyes:",
		    "foureyesd could not be asked: %s; what it may know of "
		    "approvals and tests was not looked at",
		    text_safe_copy(p->pool, p->unasked, strlen(p->unasked),
		        200));
	if (!answer->admitted && p->unasked_forge != NULL)
		fold_printf(out, "foureyes:", "a forge could not be asked: %s",
		    text_safe_copy(p->pool, p->unasked_forge,
		        strlen(p->unasked_forge), 300));
	if (!answer->admitted && !refused)
		fold_printf(out, "foureyes:", "the whole push is refused");
	if (answer->unrecorded)
		fold_printf(out, "  record: ", "none: the log's disk is full");
	if (!answer->admitted && p->setup->config.policy.help != NULL)
		fold_printf(out, "  help:   ", "%s",
		    p->setup->config.policy.help);
}

void
refusal_error(struct buf *out, const struct err *err)
{
	fold_printf(out, "foureyes:", "could not check this push: %s",
	    err->text);
	fold_printf(out, "foureyes:",
	    "it is refused; the server's administrator runs: foureyes "
	    "doctor; where it must land all the same: docs/emergency.md");
}
