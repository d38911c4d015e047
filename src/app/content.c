/*
 * What is in a change's content: paths with owners, submodules, the ticket.
 */
#include "app/gather.h"

#include <regex.h>
#include <string.h>

#include "base/text.h"
#include "core/submodule.h"
#include "core/trailer.h"

#define PATHS_MAX 200000
#define GITLINKS_MAX 1000 /* kept for the record; all are looked at */
#define TICKET_TEXT_MAX 500
#define GITLINK_MODE 0160000
#define HANDS_MAX 20 /* paths kept of a merge made by hand */

static bool
matches(const struct texts *globs, const char *path)
{
	for (size_t i = 0; i < globs->count; i++)
		if (text_glob(globs->list[i], path))
			return true;
	return false;
}

static void
touch(struct gathering *g, struct owned *owned, const char *path)
{
	for (size_t i = 0; i < g->gate->owner_count; i++)
		if (owned[i].touched != TRI_YES &&
		    matches(&g->gate->owners[i].paths, path)) {
			owned[i].touched = TRI_YES;
			owned[i].path = text_safe_copy(g->push->pool, path,
			    strlen(path), 200);
		}
}

static int
diff_of(struct gathering *g, const char *from, const char *to,
    struct repo_path **list, size_t *count, struct err *err)
{
	struct push *p = g->push;
	char old[REPO_OID_SIZE], new[REPO_OID_SIZE];

	if ((from != NULL && repo_tree(p->repo, from, old, err) < 0) ||
	    repo_tree(p->repo, to, new, err) < 0)
		return -1;
	return repo_diff(p->repo, p->pool, from == NULL ? NULL : old, new,
	    PATHS_MAX, list, count, err);
}

static bool
is_gitlink(const struct repo_path *path)
{
	return path->old_mode == GITLINK_MODE ||
	    path->new_mode == GITLINK_MODE ||
	    text_same_case_blind(path->path, ".gitmodules");
}

static void
read_modules(struct push *p, const char *blob, struct submodule **list,
    size_t *count)
{
	struct err ignored = {0};
	enum repo_kind kind;
	const char *data;
	size_t len;

	*list = NULL;
	*count = 0;
	if (blob[0] == '\0' ||
	    repo_object(p->repo, p->pool, blob, &kind, &data, &len, &ignored) <
	        0 ||
	    kind != REPO_BLOB)
		return;
	submodules_read(p->pool, data, len, list, count);
}

/* The last link is .gitmodules: each address that changes is one of its own. */
static void
name_addresses(struct push *p, struct gitlink **links, size_t *count)
{
	const struct gitlink whole = (*links)[*count - 1];
	struct submodule *old, *new;
	size_t old_count, new_count;

	read_modules(p, whole.from, &old, &old_count);
	read_modules(p, whole.to, &new, &new_count);
	for (size_t i = 0; i < old_count + new_count; i++) {
		const char *name =
		    i < old_count ? old[i].name : new[i - old_count].name;
		const char *was = submodule_url(old, old_count, name);
		const char *is = submodule_url(new, new_count, name);
		struct gitlink *link;

		if (text_same(was, is) || *count >= GITLINKS_MAX ||
		    (i >= old_count && was != NULL))
			continue;
		link = pool_grow(p->pool, links, count, sizeof(**links));
		*link = whole;
		link->submodule = name;
		link->url_from = was;
		link->url_to = is;
	}
}

/* Submodules of every commit: one moved there and back is still seen. */
static int
commit_links(struct gathering *g, struct commit_fact *f, struct gitlink **links,
    size_t *count, struct owned *owned, struct err *err)
{
	struct push *p = g->push;
	const struct repo_path *list;

	if (f->mechanical == TRI_YES)
		return 0;
	if (commit_fact_paths(p, f, err) < 0)
		return -1;
	list = f->paths;
	for (size_t i = 0; i < f->path_count; i++) {
		struct gitlink *link;

		if (!is_gitlink(&list[i]))
			continue;
		touch(g, owned, list[i].path);
		if (*count >= GITLINKS_MAX)
			continue;
		link = pool_grow(p->pool, links, count, sizeof(**links));
		link->commit = f->id;
		link->path = text_safe_copy(p->pool, list[i].path,
		    strlen(list[i].path), 200);
		link->from = list[i].old_id;
		link->to = list[i].new_id;
		if (text_same_case_blind(list[i].path, ".gitmodules"))
			name_addresses(p, links, count);
	}
	return 0;
}

static int
find_paths(struct gathering *g, size_t from, size_t to, struct change *c,
    struct err *err)
{
	struct owned *owned =
	    pool_array(g->push->pool, g->gate->owner_count + 1, sizeof(*owned));
	struct gitlink *links = NULL;
	struct repo_path *list;
	size_t count;

	for (size_t i = 0; i < g->gate->owner_count; i++)
		owned[i].touched = TRI_NO;
	if (diff_of(g, g->line[from], g->line[to], &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		touch(g, owned, list[i].path);
	for (size_t i = 0; i < g->fresh_count; i++)
		if (g->fresh[i]->step > from && g->fresh[i]->step <= to &&
		    commit_links(g, g->fresh[i], &links, &c->gitlink_count,
		        owned, err) < 0)
			return -1;
	c->gitlinks = links;
	c->owned = owned;
	c->owned_count = g->gate->owner_count;
	c->path_count = (unsigned)count;
	c->paths_known = TRI_YES;
	return 0;
}

void
gather_by_hand(struct gathering *g, const struct commit_fact *f,
    struct landing_commit *out)
{
	struct push *p = g->push;
	const struct repo_commit *c = f->raw;
	struct repo_merged merged;
	struct repo_path *list;
	const char **names = NULL;
	struct err ignored = {0};
	size_t n = 0;

	out->merges = c->parent_count > 2 ? (unsigned)c->parent_count : 0;
	if (c->parent_count != 2 || gather_is_late(p) ||
	    repo_merge(p->repo, c->parents[0], c->parents[1], &merged,
	        &ignored) < 0)
		return;
	if (merged.end == REPO_MERGE_CLEAN &&
	    repo_diff(p->repo, p->pool, merged.tree, c->tree, PATHS_MAX, &list,
	        &n, &ignored) < 0)
		return;
	if (merged.end == REPO_MERGE_CONFLICT)
		n = merged.path_count;
	for (size_t i = 0; i < n && i < HANDS_MAX; i++) {
		const char *path = merged.end == REPO_MERGE_CLEAN
		    ? list[i].path
		    : merged.paths[i];

		*(const char **)pool_grow(p->pool, &names, &out->by_hand_count,
		    sizeof(*names)) =
		    text_safe_copy(p->pool, path, strlen(path), 200);
	}
	out->by_hand = names;
}

/* ---- ticket ---- */

static bool
fits(struct gathering *g, const regex_t *re, const char *text, struct change *c)
{
	regmatch_t at;

	if (text == NULL || strlen(text) > TICKET_TEXT_MAX ||
	    regexec(re, text, 1, &at, 0) != 0 || at.rm_eo == at.rm_so)
		return false;
	c->ticket = text_safe_copy(g->push->pool, text + at.rm_so,
	    (size_t)(at.rm_eo - at.rm_so), 100);
	return true;
}

static bool
ticket_in(struct gathering *g, const regex_t *re, const struct commit_fact *f,
    struct change *c)
{
	struct trailer *list;
	size_t count;

	if (f->defect != NULL || f->parsed.message == NULL)
		return false;
	trailers_parse(g->push->pool, f->parsed.message, f->parsed.message_len,
	    &list, &count);
	for (size_t i = 0; i < count; i++)
		if (trailer_is(&list[i], "Ticket") &&
		    fits(g, re, list[i].value, c))
			return true;
	return fits(g, re, f->subject, c);
}

static int
find_ticket(struct gathering *g, size_t from, size_t to, struct change *c,
    struct commit_fact *const *side, size_t side_count, struct err *err)
{
	regex_t re;
	bool found = false;

	if (g->gate->ticket == NULL)
		return 0;
	if (regcomp(&re, g->gate->ticket, REG_EXTENDED) != 0)
		return err_set(err, ERR_CONFIG,
		    "the ticket pattern '%s' is no regular expression",
		    g->gate->ticket);
	for (size_t i = g->fresh_count; i-- > 0 && !found;)
		if (g->fresh[i]->step > from && g->fresh[i]->step <= to)
			found = ticket_in(g, &re, g->fresh[i], c);
	for (size_t i = side_count; i-- > 0 && !found;)
		found = ticket_in(g, &re, side[i], c);
	regfree(&re);
	c->ticket_fits = found ? TRI_YES : TRI_NO;
	return 0;
}

int
gather_content(struct gathering *g, size_t from, size_t to, struct change *c,
    struct commit_fact *const *side, size_t side_count, struct err *err)
{
	if (g->line[from] != NULL && find_paths(g, from, to, c, err) < 0)
		return -1;
	return find_ticket(g, from, to, c, side, side_count, err);
}
