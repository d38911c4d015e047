/* For commits that landed where a gate takes from: may they go on? */
#include "daemon_tell_inside.h"

#include <string.h>

#include "app/witness.h"
#include "base/text.h"
#include "core/topics.h"

#define TIPS_MAX 200

/* The ref that a promotion goes to; a glob alone says of none. */
static const char *
ref_of(const struct gate *gate)
{
	for (size_t i = 0; i < gate->refs.count; i++)
		if (!text_is_glob(gate->refs.list[i]))
			return gate->refs.list[i];
	return NULL;
}

static bool
is_seen(const char *const *seen, size_t count, const char *commit)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(seen[i], commit) == 0)
			return true;
	return false;
}

static int
judge_one(struct telling *t, const char *ref, const char *commit,
    struct err *err)
{
	const struct open_request as = {.head = commit,
	    .target = ref,
	    .queued = true};
	struct posted out;
	const char *tip;
	bool landed = false;

	if (repo_kind_of(t->look.repo, commit) != REPO_COMMIT ||
	    witness_present(&t->look, ref, &tip, err) < 0)
		return repo_kind_of(t->look.repo, commit) != REPO_COMMIT ? 0
		                                                         : -1;
	if (!text_is_zero_oid(tip) &&
	    repo_is_ancestor(t->look.repo, commit, tip, &landed, err) < 0)
		return -1;
	if (landed)
		return 0;
	if (tell_judge(t, &as, &out, err) < 0)
		return -1;
	if (out.state != NULL)
		tell_add(t, &out);
	return 0;
}

static int
judge_gate(struct telling *t, const struct gate *gate,
    const struct record *list, size_t count, struct err *err)
{
	const char *seen[TELL_PROMOTED_MAX];
	const char *ref = ref_of(gate);
	size_t n = 0;

	for (size_t i = 0; ref != NULL && i < count; i++) {
		const struct tree *landed = tree_get(list[i].tree, "landed");

		if (!texts_have(&gate->landed_on,
		        shown(tree_text(list[i].tree, "gate"))))
			continue;
		for (const struct tree *c = landed == NULL ? NULL
		                                           : landed->child;
		     c != NULL; c = c->next) {
			if (c->kind != TREE_TEXT || is_seen(seen, n, c->text))
				continue;
			if (n == TELL_PROMOTED_MAX)
				return 0;
			seen[n++] = c->text;
			if (judge_one(t, ref, c->text, err) < 0)
				return -1;
		}
	}
	return 0;
}

int
tell_promotions(struct telling *t, struct err *err)
{
	const struct policy_repository *entry = t->look.entry;
	struct record *list;
	size_t count;

	if (changelog_find(t->run->setup->log, t->pool,
	        topic_tips(t->pool, t->look.repository), true, 0, TIPS_MAX,
	        &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < entry->gate_count; i++)
		if (entry->gates[i].landed_on.count > 0 &&
		    judge_gate(t, &entry->gates[i], list, count, err) < 0)
			return -1;
	return 0;
}
