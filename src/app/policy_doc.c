#include "app/in_words.h"
#include "app/policy_doc.h"

#include <string.h>

#include "app/version.h"
#include "base/text.h"

#define TEXT_MAX 300

/*
 * One line, and nothing in it means anything to Markdown: beside what is
 * escaped, a text is never the first thing of a line here.  Between backquotes
 * only the backquote and the table's bar would.
 */
const char *
policy_doc_text(struct pool *pool, const char *text, bool code)
{
	const char *safe = text_safe_copy(pool, text, strlen(text), TEXT_MAX);
	struct buf out = {0};
	const char *copy;

	if (code)
		buf_char(&out, '`');
	for (; *safe != '\0'; safe++)
		if (code && *safe == '`') {
			buf_char(&out, '\'');
		} else {
			if (strchr(code ? "|" : "\\`*_[]<>|#!&~", *safe) !=
			    NULL)
				buf_char(&out, '\\');
			buf_char(&out, *safe);
		}
	if (code)
		buf_char(&out, '`');
	copy = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return copy;
}

const char *
policy_doc_texts(struct pool *pool, const struct texts *texts, const char *none)
{
	struct buf out = {0};
	const char *copy;

	if (texts->count == 0)
		return none;
	for (size_t i = 0; i < texts->count; i++) {
		if (i > 0)
			buf_put(&out, i + 1 == texts->count ? " or " : ", ");
		buf_put(&out, policy_doc_text(pool, texts->list[i], true));
	}
	copy = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return copy;
}

static void
write_head(struct buf *out, struct pool *pool, const struct config *c,
    int64_t at)
{
	char day[TEXT_INSTANT_SIZE];

	text_instant(day, at);
	buf_printf(out,
	    "# Change Management Policy\n\n"
	    "In force for %s, as these files say it; whose rights are in "
	    "force is asked of %s. Written by foureyes " FOUREYES_VERSION
	    ": whoever changes the files changes this policy, and the change "
	    "log keeps each version.\n\n"
	    "| file | SHA-256 |\n|---|---|\n"
	    "| policy.yaml | `%s` |\n| people.yaml | `%s` |\n"
	    "| foureyes.yaml | `%s` |\n",
	    policy_doc_text(pool, c->settings.origin, true), day,
	    c->policy.digest, c->people.digest, c->settings.digest);
	if (c->policy.mode == MODE_OBSERVE)
		buf_put(out,
		    "\n**Mode: observe. Changes are judged and recorded, and "
		    "none is refused.** An entry or gate may say otherwise.\n");
}

static void
write_principles(struct buf *out, struct pool *pool, const struct config *c)
{
	buf_put(out,
	    "\n## 1 How changes are controlled\n\n"
	    "1. A change is what would land on a gated ref. It lands when the "
	    "ref moves on the server, and at that moment it is judged by the "
	    "rules below.\n"
	    "2. What is not known lets nothing through.\n"
	    "3. Each decision, refusals too, is written to the change log "
	    "with the facts it was made on, before the pusher is answered "
	    "(CM-3).\n"
	    "4. An approval names one commit and one target. What lands is "
	    "what was approved.\n"
	    "5. A ref that moved by any other way is drift, and shuts its "
	    "gate until somebody accounts for it.\n");
	buf_printf(out,
	    "6. Taking refs as they are, accounting for drift and pruning "
	    "records is in order for people of %s only.\n"
	    "7. Records are kept %s.\n",
	    policy_doc_texts(pool, &c->policy.administration, "no group"),
	    c->policy.retention.keep > 0
	        ? pool_printf(pool, "for %s at least",
	              duration_in_words(pool, c->policy.retention.keep))
	        : "without an end");
}

static void
write_entry(struct buf *out, struct pool *pool, const struct config *c,
    size_t n, int64_t at)
{
	const struct policy_repository *e = &c->policy.repositories[n];

	buf_printf(out, "\n## 2.%zu Repositories %s\n", n + 1,
	    policy_doc_texts(pool, &e->match, "none"));
	if (n > 0)
		buf_put(out, "\nThose that no entry above fits.\n");
	if (e->gate_count == 0) {
		buf_put(out, "\n**Nothing is asked of them.**\n");
		return;
	}
	buf_printf(out, "\nA first push to a gated ref %s.\n",
	    e->baseline ? "is taken as baseline, not reviewed"
	                : "is refused until an administrator adopts it");
	for (size_t i = 0; i < e->gate_count; i++)
		policy_doc_gate(out, pool, &c->policy, &e->gates[i]);
	policy_doc_rights(out, pool, c, e, at);
}

static void
write_emergency(struct buf *out, struct pool *pool, const struct policy *policy)
{
	const struct policy_emergency *e = &policy->emergency;

	buf_put(out, "\n## 3 Emergency procedure (CM-7)\n\n");
	if (!e->asked) {
		buf_put(out,
		    "**There is none.** No change goes past the rules "
		    "above.\n");
		return;
	}
	buf_printf(out,
	    "1. Somebody of %s declares it, with an incident and a reason:\n\n"
	    "       git push -o emergency=INCIDENT -o reason=TEXT ...\n\n"
	    "   or beforehand, good for one landing within %s:\n\n"
	    "       foureyes approve --for REF --emergency INCIDENT --reason "
	    "TEXT\n\n"
	    "2. All rules are judged as ever, and what was not met is "
	    "recorded. No emergency turns a malformed object, a secret, an "
	    "unknown pusher, a moved release tag or a record that could not "
	    "be written.\n"
	    "3. It owes a review within %s, by people who may approve there "
	    "and neither had a part in it, declared it nor landed it. "
	    "`foureyes due` lists what is owed.\n"
	    "4. An overdue review %s.\n\n"
	    "Evidence: `emergency` of the decision record; `findings`: "
	    "`emergency.declared`, `emergency.overdue`.\n",
	    policy_doc_texts(pool, &e->groups, "no group"),
	    duration_in_words(pool, e->valid_for),
	    duration_in_words(pool, e->review_within),
	    e->overdue_blocks ? "blocks the next ordinary push to that gate"
	                      : "is reported, and blocks nothing");
}

static void
write_end(struct buf *out, struct pool *pool, const struct policy *policy)
{
	const char *const *lines;
	size_t count = policy_warnings(policy, pool, &lines);

	buf_put(out,
	    "\n## 4 What this policy does not do\n\n"
	    "- Two people in league are two pairs of eyes.\n"
	    "- What is not in Git, or in a repository that no entry fits, is "
	    "not judged; a repository that no entry fits is refused.\n"
	    "- That the hooks are in place is shown by `foureyes doctor` and "
	    "`foureyes reconcile`, not by this text.\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "- To be looked at: %s\n",
		    policy_doc_text(pool, lines[i], false));
}

void
policy_doc(struct buf *out, struct pool *pool, const struct config *config,
    int64_t at)
{
	write_head(out, pool, config, at);
	write_principles(out, pool, config);
	for (size_t i = 0; i < config->policy.repository_count; i++)
		write_entry(out, pool, config, i, at);
	write_emergency(out, pool, &config->policy);
	write_end(out, pool, &config->policy);
}
