/* Topics of what moved: landings, adoptions, drift. */
#include "core/topics.h"

#include "base/text.h"

#include "topics_inside.h"

/* Copies of what was pruned tell of no second movement. */
void
topics_movement(struct listing *l, const struct tree *r, const char *repository)
{
	const char *gate = tree_text(r, "gate");
	int64_t decision = tree_number(r, "decision");

	if (gate == NULL || tree_number(r, "carried") > 0)
		return;
	topics_add(l, topic_changes(l->pool, NULL, NULL));
	topics_add(l, topic_changes(l->pool, repository, NULL));
	topics_add(l, topic_changes(l->pool, repository, gate));
	if (decision > 0)
		topics_add(l, topic_lands(l->pool, (uint64_t)decision));
}

void
topics_landing(struct listing *l, const struct tree *r, const char *repository,
    bool adopted)
{
	const char *ref = tree_text(r, "ref");
	const char *gate = tree_text(r, "gate");
	const struct tree *landed = tree_get(r, "landed");

	if (ref == NULL || gate == NULL)
		return;
	topics_add(l, topic_tip(l->pool, repository, ref));
	topics_add(l, topic_tips(l->pool, repository));
	if (tree_text(r, "old") == NULL || tree_number(r, "carried") > 0 ||
	    text_is_zero_oid(tree_text(r, "old"))) {
		topics_add(l, topic_born(l->pool, repository));
		topics_add(l, topic_all_born());
	}
	if (adopted)
		topics_add(l, topic_adopted(l->pool, repository, gate));
	if (landed != NULL)
		for (const struct tree *t = landed->child; t != NULL;
		     t = t->next) {
			if (t->kind != TREE_TEXT)
				continue;
			topics_add(l,
			    topic_landed(l->pool, repository, gate, t->text));
			topics_add(l, topic_commit(l->pool, t->text));
		}
	if (!adopted && !text_same(tree_text(r, "outcome"), "ADMITTED")) {
		topics_add(l, topic_unjudged(l->pool, repository, gate));
		topics_add(l, topic_all_unjudged());
	}
	if (!adopted &&
	    text_same(tree_text(r, "outcome"), "ADMITTED_AS_EMERGENCY")) {
		topics_add(l, topic_owed(l->pool, repository, gate));
		topics_add(l, topic_all_owed());
	}
}
