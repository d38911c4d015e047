#include "core/record_posted.h"

#include <string.h>

#include "base/text.h"
#include "core/judge.h"

static void
key_list(struct json *j, const char *key, const char *const *list, size_t count)
{
	if (count == 0)
		return;
	json_key_open(j, key, '[');
	for (size_t i = 0; i < count; i++)
		json_text(j, list[i]);
	json_close(j);
}

static void
put_findings(struct json *j, const struct posted *t)
{
	if (t->finding_count == 0)
		return;
	json_key_open(j, "findings", '[');
	for (size_t i = 0; i < t->finding_count; i++) {
		const struct finding *f = &t->findings[i];

		json_open(j, '{');
		json_key_text(j, "control", f->control);
		json_key_text(j, "standing", standing_name(f->standing));
		json_key_text(j, "code", f->code);
		record_key_long(j, "text", f->text);
		if (f->change != NULL)
			json_key_text(j, "change", f->change);
		json_close(j);
	}
	json_close(j);
}

unsigned
posted_rank(const char *state)
{
	if (text_same(state, "success"))
		return 0;
	return text_same(state, "pending") ? 1 : 2;
}

void
record_posted(struct buf *out, const struct posted *t)
{
	struct json j = {.out = out};
	size_t at = out->len;

	/* A body has no opening brace of its own: the head has it. */
	json_open(&j, '{');
	memmove(out->data + at, out->data + at + 1, out->len - at);
	out->len--;
	json_key_text(&j, "type", "observation");
	json_key_text(&j, "kind", "verdict-told");
	json_key_text(&j, "source", t->source);
	json_key_text(&j, "repository", t->repository);
	json_key_text(&j, "gate", t->gate);
	json_key_text(&j, "ref", t->ref);
	json_key_text(&j, "commit", t->commit);
	json_key_text(&j, "context", t->context);
	json_key_text(&j, "state", t->state);
	json_key_text(&j, "description", t->description);
	json_key_text(&j, "outcome", t->outcome);
	if (t->change != NULL)
		json_key_text(&j, "change", t->change);
	key_list(&j, "requests", t->requests, t->request_count);
	key_list(&j, "codes", t->codes, t->code_count);
	put_findings(&j, t);
	json_key_text(&j, "policy", t->in_force.policy);
	json_key_text(&j, "people", t->in_force.people);
	json_key_text(&j, "settings", t->in_force.settings);
	json_key_number(&j, "rules", RULES_VERSION);
	record_key_program(&j, &t->in_force.program);
	json_close(&j);
}
