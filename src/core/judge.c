#include "core/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define FINDING_TEXT_MAX 900

struct finding *
finding_add(struct bench *b, const struct change *c, const char *control,
    enum standing standing, const char *code, const char *format, ...)
{
	struct verdict *v = b->verdict;
	char text[FINDING_TEXT_MAX];
	struct finding *f;
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	f = pool_grow(b->pool, &v->findings, &v->finding_count, sizeof(*f));
	f->control = control;
	f->standing = standing;
	f->code = code;
	f->text = text_safe_copy(b->pool, text, strlen(text), sizeof(text));
	f->change = c == NULL ? NULL : c->id;
	return f;
}

static void
add_defects(struct bench *b)
{
	for (size_t i = 0; i < b->update->defect_count; i++) {
		const struct defect *d = &b->update->defects[i];

		finding_add(b, NULL, "review", UNMET, d->code, "%s", d->text)
		    ->hard = true;
	}
}

/* A valid declaration is itself MET; one that is not valid stays in the way. */
static bool
declaration_holds(const struct verdict *v)
{
	for (size_t i = 0; i < v->finding_count; i++)
		if (strcmp(v->findings[i].code, "emergency.declared") == 0)
			return true;
	return false;
}

bool
finding_is_open(const struct finding *f)
{
	return f->standing == UNMET || f->standing == UNDECIDED;
}

static enum outcome
settle(const struct verdict *v)
{
	size_t open = 0;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (!finding_is_open(f))
			continue;
		if (f->hard)
			return REFUSED;
		open++;
	}
	if (open == 0)
		return ADMITTED;
	return declaration_holds(v) ? ADMITTED_AS_EMERGENCY : REFUSED;
}

static void
judge_change(struct bench *b, const struct change *c)
{
	rule_review(b, c);
	rule_peer(b, c);
	rule_owners(b, c);
	rule_rollback(b, c);
	rule_ticket(b, c);
	rule_tests(b, c);
}

void
judge(const struct policy *policy, const struct gate *gate,
    const struct people *people, const struct update *update, struct pool *pool,
    struct verdict *verdict)
{
	static const struct change not_known = {0};
	struct bench b = {.pool = pool,
	    .policy = policy,
	    .gate = gate,
	    .people = people,
	    .update = update,
	    .verdict = verdict};

	*verdict = (struct verdict){0};
	add_defects(&b);
	rule_secret(&b);
	rule_environment(&b);
	for (size_t i = 0; i < update->change_count; i++)
		judge_change(&b, &update->changes[i]);
	if (update->change_count == 0)
		judge_change(&b, &not_known);
	rule_staging(&b);
	rule_freeze(&b);
	rule_emergency(&b);
	verdict->outcome = settle(verdict);
}

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[] = {"REFUSED", "ADMITTED",
	    "ADMITTED_AS_EMERGENCY"};

	return names[outcome];
}

const char *
standing_name(enum standing standing)
{
	static const char *const names[] = {"UNDECIDED", "UNMET", "MET",
	    "NOT_ASKED"};

	return names[standing];
}
