#include "app/received.h"

#include <string.h>

#include "app/gather.h"
#include "base/text.h"
#include "core/topics.h"

#define WAITING_MAX 1000000 /* commits that no ref reached, in one push */
#define NEARBY_MAX 4        /* refs of the push that are looked at first */

static int
is_recorded(struct push *p, const char *commit, bool *yes, struct err *err)
{
	uint64_t seq;
	size_t found;

	if (changelog_seqs(p->setup->log, topic_received(p->pool, commit),
	        false, 0, &seq, 1, &found, err) < 0)
		return -1;
	*yes = found > 0;
	return 0;
}

/* The refs before this push, as they are: evidence makes nobody a pusher. */
static int
find_refs(struct push *p, struct err *err)
{
	struct repo_ref *refs;
	size_t count, kept = 0;

	if (p->tips_known)
		return 0;
	if (repo_refs(p->repo, p->pool, "refs/", &refs, &count, err) < 0)
		return -1;
	p->tips = pool_array(p->pool, count + 1, sizeof(*p->tips));
	for (size_t i = 0; i < count; i++)
		if (!text_starts(refs[i].name, "refs/foureyes/") &&
		    refs[i].oid[0] != '\0')
			p->tips[kept++] = refs[i].oid;
	p->tip_count = kept;
	p->tips_known = true;
	return 0;
}

static bool
is_a_tip(const struct push *p, const char *commit)
{
	for (size_t i = 0; i < p->tip_count; i++)
		if (strcmp(p->tips[i], commit) == 0)
			return true;
	return false;
}

/* Commits instead of tags; a ref that leads nowhere reaches nothing. */
static void
peel_tips(struct push *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->tip_count && !p->tips_peeled; i++) {
		struct err ignored = {0};
		const char *commit;

		if (commit_behind(p, p->tips[i], &commit, &ignored) == 0 &&
		    commit != NULL)
			p->tips[kept++] = commit;
	}
	if (!p->tips_peeled)
		p->tip_count = kept;
	p->tips_peeled = true;
}

/* In the history of `tip`, if that is a commit. */
static int
is_below(struct push *p, const char *commit, const char *tip, bool *yes,
    struct err *err)
{
	*yes = strcmp(commit, tip) == 0;
	if (*yes || text_is_zero_oid(tip) ||
	    repo_kind_of(p->repo, tip) != REPO_COMMIT)
		return 0;
	return repo_is_ancestor(p->repo, commit, tip, yes, err);
}

/*
 * By the branch of HEAD, or by what the refs of this push held: mostly it is,
 * and then no other ref is read.
 */
static int
is_reached_nearby(struct push *p, const char *commit, bool *yes,
    struct err *err)
{
	char head[REPO_OID_SIZE];
	bool exists;

	*yes = false;
	if (repo_ref(p->repo, "HEAD", head, &exists, err) < 0)
		return -1;
	if (exists && is_below(p, commit, head, yes, err) < 0)
		return -1;
	for (size_t i = 0; i < p->ref_count && i < NEARBY_MAX && !*yes; i++)
		if (!text_starts(p->refs[i].name, "refs/foureyes/") &&
		    is_below(p, commit, p->refs[i].old, yes, err) < 0)
			return -1;
	return 0;
}

static int
find_unreached(struct push *p, const char *commit, struct repo_commit **list,
    size_t *count, struct err *err)
{
	bool reached;

	*count = 0;
	if (is_reached_nearby(p, commit, &reached, err) < 0)
		return -1;
	if (reached)
		return 0;
	if (find_refs(p, err) < 0)
		return -1;
	if (is_a_tip(p, commit))
		return 0;
	peel_tips(p);
	return repo_range(p->repo, p->pool, commit, p->tips, p->tip_count,
	    WAITING_MAX, list, count, err);
}

int
received_is_held(struct push *p, const char *commit, bool *held,
    struct err *err)
{
	struct repo_commit *list;
	size_t count;

	if (is_recorded(p, commit, held, err) < 0)
		return -1;
	if (*held)
		return 0;
	if (find_unreached(p, commit, &list, &count, err) < 0)
		return -1;
	*held = count == 0;
	return 0;
}

struct finding_new {
	struct push *p;
	struct received_list *out;
};

static int
take(struct finding_new *k, const struct repo_commit *commit, struct err *err)
{
	struct push *p = k->p;
	struct received_list *l = k->out;
	size_t count = l->count;
	struct commit_fact *f;
	const char *patch = "";
	struct err unread = {0};
	bool recorded;

	if (map_get(&p->brought, commit->oid) != NULL)
		return 0;
	if (is_recorded(p, commit->oid, &recorded, err) < 0)
		return -1;
	if (recorded)
		return 0;
	/* A tree that cannot be read is refused where it would land. */
	if (count < RECEIVED_PATCHES_MAX &&
	    (commit_fact_get(p, commit, &f, &unread) < 0 ||
	        commit_fact_patch(p, f, &patch, &unread) < 0))
		patch = "";
	map_put(&p->brought, commit->oid, p);
	*(const char **)pool_grow(p->pool, &l->patches, &count,
	    sizeof(*l->patches)) = patch;
	*(const char **)pool_grow(p->pool, &l->commits, &l->count,
	    sizeof(*l->commits)) = commit->oid;
	return 0;
}

/* A commit that the push did not bring itself, and stands on. */
static int
look_below(struct finding_new *k, const char *commit, struct err *err)
{
	struct repo_commit *list;
	size_t count;
	bool recorded;

	if (is_recorded(k->p, commit, &recorded, err) < 0)
		return -1;
	if (recorded)
		return 0;
	if (find_unreached(k->p, commit, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (take(k, &list[i], err) < 0)
			return -1;
	return 0;
}

static int
look_at_quarantine(struct finding_new *k, const char *const *tips, size_t n,
    struct err *err)
{
	struct push *p = k->p;
	struct map own = {.pool = p->pool}, below = {.pool = p->pool};
	struct repo_commit *list;
	size_t count;

	if (repo_received_commits(p->repo, p->pool, tips, n, SIZE_MAX, &list,
	        &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		map_put(&own, list[i].oid, p);
	for (size_t i = 0; i < count; i++) {
		if (take(k, &list[i], err) < 0)
			return -1;
		for (size_t n_th = 0; n_th < list[i].parent_count; n_th++) {
			const char *parent = list[i].parents[n_th];

			if (map_get(&own, parent) != NULL ||
			    map_get(&below, parent) != NULL)
				continue;
			map_put(&below, parent, p);
			if (look_below(k, parent, err) < 0)
				return -1;
		}
	}
	return 0;
}

int
received_find(struct push *p, struct received_list *list, struct err *err)
{
	struct finding_new k = {.p = p, .out = list};
	const char **tips = NULL, *tip;
	size_t n = 0;

	*list = (struct received_list){0};
	p->brought.pool = p->pool;
	for (size_t i = 0; i < p->ref_count; i++) {
		const struct ref_update *r = &p->refs[i];

		if (r->evidence || text_is_zero_oid(r->new))
			continue;
		if (commit_behind(p, r->new, &tip, err) < 0)
			return -1;
		if (tip == NULL)
			continue;
		if (repo_received(p->repo, tip))
			*(const char **)pool_grow(p->pool, &tips, &n,
			    sizeof(*tips)) = tip;
		else if (look_below(&k, tip, err) < 0)
			return -1;
	}
	return n > 0 ? look_at_quarantine(&k, tips, n, err) : 0;
}
