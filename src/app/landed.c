/*
 * Has a commit landed on a gate?  rules.md 21: it ends a stretch that landed
 * there, or stands on the first-parent line behind a baseline, and is still in
 * the history of that ref's tip.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define LANDED_MAX 50
#define STRANGERS_MAX 64 /* found under a topic that is not theirs */
#define FIRST_PARENTS_MAX 50000

/* Is `a` in the history of `b`?  What cannot be read is no. */
bool
landed_is_in(struct push *p, const char *a, const char *b)
{
	struct err ignored = {0};
	bool yes = false;

	if (a == NULL || b == NULL || repo_kind_of(p->repo, a) != REPO_COMMIT ||
	    repo_kind_of(p->repo, b) != REPO_COMMIT)
		return false;
	return repo_is_ancestor(p->repo, a, b, &yes, &ignored) == 0 && yes;
}

static bool
is_of(const struct record *r, const char *repository, const char *ref)
{
	return text_same(tree_text(r->tree, "repository"), repository) &&
	    text_same(tree_text(r->tree, "ref"), ref);
}

int
ledger_newest_of(struct push *p, const char *topic, const char *ref,
    struct record *out, struct err *err)
{
	struct record *list;
	uint64_t below = 0;
	size_t count;

	*out = (struct record){0};
	for (size_t page = 1; page <= STRANGERS_MAX; page *= 8) {
		if (changelog_find(p->setup->log, p->pool, topic, true, below,
		        page, &list, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			if (is_of(&list[i], p->repository, ref)) {
				*out = list[i];
				return 0;
			}
			below = list[i].seq;
		}
		if (count < page)
			return 0;
	}
	return err_set(err, ERR_TAMPERED,
	    "the index has more than %d records of others under '%s'",
	    STRANGERS_MAX, topic);
}

int
ledger_tip(struct push *p, const char *ref, struct record *record,
    const char **tip, struct err *err)
{
	*tip = NULL;
	if (ledger_newest_of(p, topic_tip(p->pool, p->repository, ref), ref,
	        record, err) < 0)
		return -1;
	if (record->seq == 0)
		return 0;
	*tip = tree_text(record->tree, "new");
	if (*tip != NULL && text_is_zero_oid(*tip))
		*tip = tree_text(record->tree, "old");
	return 0;
}

/* The commit that the tip of a landing or adoption stands for. */
const char *
landed_commit(const struct record *r)
{
	const char *subject = tree_text(r->tree, "subject");

	return subject != NULL ? subject : tree_text(r->tree, "new");
}

/* The commit that this ref's last recorded tip stands for. */
static const char *
tip_commit(struct push *p, const char *ref)
{
	struct err ignored = {0};
	struct record r;
	const char *tip, *subject;

	if (ledger_tip(p, ref, &r, &tip, &ignored) < 0 || tip == NULL)
		return NULL;
	subject = tree_text(r.tree, "subject");
	return subject != NULL ? subject : tip;
}

bool
landed_is_held(struct push *p, const char *commit, const char *ref)
{
	return landed_is_in(p, commit, tip_commit(p, ref));
}

/* ---- landed on ---- */

static bool
fits(const struct record *r, const struct gathering *g, const char *gate)
{
	return (text_same(r->type, "landing") ||
	           text_same(r->type, "adopted")) &&
	    text_same(tree_text(r->tree, "repository"),
	        g->update->repository) &&
	    text_same(tree_text(r->tree, "gate"), gate);
}

/* By a record that names it, while it is still in that ref's history. */
static int
landed_by_record(struct gathering *g, const char *gate, const char *commit,
    struct landed *out, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_landed(p->pool, g->update->repository, gate, commit),
	        true, 0, LANDED_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && out->seq == 0; i++) {
		const char *ref = tree_text(list[i].tree, "ref");

		if (fits(&list[i], g, gate) && ref != NULL &&
		    landed_is_held(p, commit, ref))
			*out = (struct landed){gate, list[i].seq};
	}
	return 0;
}

/* Behind an adopted baseline, on its first-parent line. */
static int
landed_by_baseline(struct gathering *g, const char *gate, const char *commit,
    struct landed *out, struct err *err)
{
	struct push *p = g->push;
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_adopted(p->pool, g->update->repository, gate), false, 0,
	        LANDED_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && out->seq == 0; i++) {
		const char *base = tree_text(list[i].tree, "subject");
		const char *ref = tree_text(list[i].tree, "ref");
		struct repo_commit *line;
		size_t n;
		bool reached;

		if (!fits(&list[i], g, gate) || ref == NULL ||
		    !landed_is_in(p, commit, base) ||
		    !landed_is_held(p, commit, ref) || gather_is_late(p))
			continue;
		if (repo_first_parents(p->repo, p->pool, base, commit,
		        FIRST_PARENTS_MAX, &line, &n, &reached, err) < 0)
			return -1;
		if (reached)
			*out = (struct landed){gate, list[i].seq};
	}
	return 0;
}

int
landed_find(struct gathering *g, const struct texts *gates, const char *commit,
    struct landed *out, struct err *err)
{
	*out = (struct landed){0};
	for (size_t i = 0; i < gates->count && out->seq == 0; i++) {
		if (landed_by_record(g, gates->list[i], commit, out, err) < 0)
			return -1;
		if (out->seq == 0 &&
		    landed_by_baseline(g, gates->list[i], commit, out, err) < 0)
			return -1;
	}
	return 0;
}
