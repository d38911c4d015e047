/* All that a record says, for people. */
#include <string.h>

#include "app/say.h"
#include "app/summary.h"
#include "base/text.h"

static void
texts(const struct tree *r, const char *key, const char *what)
{
	const struct tree *list = tree_get(r, key);

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT)
			say("  %s %s", what, t->text);
}

static void
one(const struct tree *r, const char *path, const char *what)
{
	const char *text = summary_text(r, path);

	if (text != NULL)
		say("  %s: %s", what, text);
}

static void
observation(const struct tree *r)
{
	one(r, "ref", "came as");
	one(r, "commit", "commit");
	one(r, "key", "signed with");
	one(r, "in_force", "person and key in force");
	one(r, "refused", "refused as");
	one(r, "named_repository", "names the repository");
	one(r, "dated", "dated by the signer");
	one(r, "statement", "statement");
	one(r, "incident", "incident");
	one(r, "reason", "reason");
	one(r, "pusher.person", "pushed by");
	texts(r, "commits", "commit");
	if (summary_text(r, "text") != NULL)
		say_text("  | ", summary_text(r, "text"));
}

static void
landing(const struct tree *r)
{
	one(r, "gate", "gate");
	one(r, "old", "from");
	one(r, "new", "to");
	one(r, "witness", "seen by");
	one(r, "declarer", "emergency declared by");
	one(r, "review_due", "review due");
	texts(r, "landed", "landed:");
	texts(r, "approved", "approved:");
	one(r, "reason", "reason");
	one(r, "by.account", "account");
	if (tree_get(r, "unreviewed") != NULL && !tree_true(r, "first"))
		say("  commits taken in, not reviewed: %lld",
		    (long long)tree_number(r, "unreviewed"));
}

void
summary_show(struct pool *pool, const struct record *r)
{
	const char *type = r->type != NULL ? r->type : "";

	summary_say(pool, r);
	if (strcmp(type, "decision") == 0)
		summary_show_decision(pool, r->tree);
	else if (strcmp(type, "observation") == 0)
		observation(r->tree);
	else if (strcmp(type, "policy") == 0 || strcmp(type, "people") == 0 ||
	    strcmp(type, "settings") == 0)
		say_text("  | ",
		    summary_text(r->tree, "text") != NULL
		        ? summary_text(r->tree, "text")
		        : "");
	else if (strcmp(type, "key") == 0 || strcmp(type, "opened") == 0) {
		one(r->tree, "fingerprint", "fingerprint");
		one(r->tree, "program.version", "program");
		one(r->tree, "by.account", "account");
	} else {
		landing(r->tree);
	}
}
