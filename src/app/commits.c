/*
 * The commits of a push: read strictly, and who brought each of them first.
 */
#include "app/gather.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"
#include "core/topics.h"

#define SUBJECT_SIZE 200
#define EARLIER_MAX 8
#define PATCH_PATHS_MAX 1000
#define PATCH_DIGITS 32
#define PATHS_MAX 200000

static const char *
subject_of(struct pool *pool, const struct commit *c)
{
	const char *text = c->message == NULL ? "" : c->message;

	while (*text == '\n')
		text++;
	return text_safe_copy(pool, text, strcspn(text, "\n"), SUBJECT_SIZE);
}

int
commit_fact_get(struct push *p, const struct repo_commit *raw,
    struct commit_fact **out, struct err *err)
{
	struct commit_fact *c = map_get(&p->commits, raw->oid);
	struct err why = {0};

	(void)err;
	if (c == NULL) {
		c = pool_alloc(p->pool, sizeof(*c));
		c->id = raw->oid;
		c->raw = raw;
		if (commit_parse(&c->parsed, p->pool, raw->raw, raw->len,
		        &why) < 0)
			c->defect = pool_text(p->pool, why.text);
		c->subject =
		    c->defect == NULL ? subject_of(p->pool, &c->parsed) : "";
		map_put(&p->commits, c->id, c);
	}
	*out = c;
	return 0;
}

/* One push record, its commits ready for looking up. */
struct brought {
	struct actor pusher;
	bool web;
	struct map commits;
	const struct tree *list, *patches; /* of commits, side by side */
};

static struct brought *
read_brought(struct push *p, const struct record *r)
{
	struct brought *b = pool_alloc(p->pool, sizeof(*b));
	const struct tree *list = tree_get(r->tree, "commits");

	b->pusher.person = tree_text(r->tree, "pusher.person");
	b->pusher.login = tree_text(r->tree, "pusher.login");
	b->pusher.machine = tree_true(r->tree, "pusher.machine");
	b->web = text_same(tree_text(r->tree, "via"), "web");
	b->list = list;
	b->patches = tree_get(r->tree, "patches");
	b->commits.pool = p->pool;
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT)
			map_put(&b->commits, t->text, b);
	return b;
}

static int
brought_by(struct push *p, uint64_t seq, struct brought **out, struct err *err)
{
	const char *key = pool_printf(p->pool, "%llu", (unsigned long long)seq);
	struct record r;

	*out = map_get(&p->pushers, key);
	if (*out != NULL)
		return 0;
	if (changelog_read(p->setup->log, p->pool, seq, &r, err) < 0)
		return -1;
	if (r.seq == 0)
		return err_set(err, ERR_TAMPERED,
		    "record %llu is not in the ledger",
		    (unsigned long long)seq);
	*out = read_brought(p, &r);
	map_put(&p->pushers, key, *out);
	return 0;
}

int
commit_fact_seen(struct push *p, struct commit_fact *c, struct err *err)
{
	uint64_t seqs[8];
	struct brought *b;
	size_t count;

	if (c->seen != TRI_UNKNOWN)
		return 0;
	if (changelog_seqs(p->setup->log, topic_received(p->pool, c->id), false,
	        0, seqs, 8, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (brought_by(p, seqs[i], &b, err) < 0)
			return -1;
		if (map_get(&b->commits, c->id) == NULL)
			continue;
		c->pusher = b->pusher;
		c->web = b->web;
		c->received = seqs[i];
		c->seen = TRI_YES;
		return 0;
	}
	c->seen = c->raw->received || map_get(&p->brought, c->id) != NULL
	    ? TRI_YES
	    : TRI_NO;
	if (c->seen == TRI_YES) {
		c->pusher = p->pusher;
		c->web = p->web;
	}
	return 0;
}

/* Of a commit that was read already, else from the repository. */
static int
tree_of(struct push *p, const char *id, char tree[REPO_OID_SIZE],
    struct err *err)
{
	const struct commit_fact *known = map_get(&p->commits, id);

	if (known == NULL)
		return repo_tree(p->repo, id, tree, err);
	memcpy(tree, known->raw->tree, REPO_OID_SIZE);
	return 0;
}

int
commit_fact_paths(struct push *p, struct commit_fact *c, struct err *err)
{
	bool first = c->raw->parent_count == 0;
	char tree[REPO_OID_SIZE];

	if (c->paths_known)
		return 0;
	if ((!first && tree_of(p, c->raw->parents[0], tree, err) < 0) ||
	    repo_diff(p->repo, p->pool, first ? NULL : tree, c->raw->tree,
	        PATHS_MAX, &c->paths, &c->path_count, err) < 0)
		return -1;
	c->paths_known = true;
	return 0;
}

int
commit_fact_odd(struct push *p, struct commit_fact *c, const char **why,
    struct err *err)
{
	size_t parents = c->raw->parent_count;
	const char **old = pool_array(p->pool, parents + 1, sizeof(*old));
	struct err ignored;

	for (size_t i = 0; i < parents; i++) {
		char *tree = pool_alloc(p->pool, REPO_OID_SIZE);

		old[i] = tree;
		if (tree_of(p, c->raw->parents[i], tree, err) < 0)
			return -1;
	}
	if (parents > 1 || c->paths_known ||
	    repo_diff_strict(p->repo, p->pool, old[0], c->raw->tree, PATHS_MAX,
	        &c->paths, &c->path_count, why, &ignored) < 0)
		return repo_odd_tree(p->repo, p->pool, old, parents,
		    c->raw->tree, why, err);
	c->paths_known = *why == NULL;
	return 0;
}

int
commit_fact_patch(struct push *p, struct commit_fact *c, const char **patch,
    struct err *err)
{
	char digest[DIGEST_HEX_SIZE];
	struct buf text = {0};

	*patch = c->patch;
	if (c->patch != NULL)
		return 0;
	*patch = c->patch = "";
	if (c->raw->parent_count != 1)
		return 0;
	if (commit_fact_paths(p, c, err) < 0)
		return -1;
	if (c->path_count == 0 || c->path_count > PATCH_PATHS_MAX)
		return 0;
	for (size_t i = 0; i < c->path_count; i++) {
		const struct repo_path *at = &c->paths[i];

		buf_add(&text, at->path, strlen(at->path) + 1);
		buf_printf(&text, "%o %s %o %s\n", at->old_mode, at->old_id,
		    at->new_mode, at->new_id);
	}
	digest_sha256_hex(digest, text.data, text.len);
	buf_free(&text);
	*patch = c->patch = pool_textn(p->pool, digest, PATCH_DIGITS);
	return 0;
}

/* The commit of that record with this patch, unless it is the one asked of. */
static const char *
other_with(const struct brought *b, const char *patch, const char *id)
{
	const struct tree *c = b->list == NULL ? NULL : b->list->child;
	const struct tree *t = b->patches == NULL ? NULL : b->patches->child;

	for (; c != NULL && t != NULL; c = c->next, t = t->next)
		if (c->kind == TREE_TEXT && t->kind == TREE_TEXT &&
		    strcmp(t->text, patch) == 0 && strcmp(c->text, id) != 0)
			return c->text;
	return NULL;
}

int
commit_fact_earlier(struct push *p, struct commit_fact *c,
    struct earlier **list, size_t *count, struct err *err)
{
	uint64_t seqs[EARLIER_MAX];
	const char *patch;
	size_t found;

	*list = NULL;
	*count = 0;
	if (c->seen != TRI_YES)
		return 0;
	if (commit_fact_patch(p, c, &patch, err) < 0)
		return -1;
	if (patch[0] == '\0')
		return 0;
	if (changelog_seqs(p->setup->log, topic_patch(p->pool, patch), false, 0,
	        seqs, EARLIER_MAX, &found, err) < 0)
		return -1;
	for (size_t i = 0; i < found; i++) {
		struct earlier one;
		struct brought *b;

		if (c->received != 0 && seqs[i] > c->received)
			break;
		if (brought_by(p, seqs[i], &b, err) < 0)
			return -1;
		one = (struct earlier){.commit = other_with(b, patch, c->id),
		    .pusher = &b->pusher};
		if (one.commit != NULL)
			*(struct earlier *)pool_grow(p->pool, list, count,
			    sizeof(one)) = one;
	}
	return 0;
}

enum tri
commit_is_mechanical(struct push *p, struct commit_fact *c)
{
	struct repo_merged merged = {0};
	struct err ignored = {0};

	if (c->mechanical != TRI_UNKNOWN)
		return c->mechanical;
	c->mechanical = TRI_NO;
	if (c->raw->parent_count != 2)
		return c->mechanical;
	if (gather_is_late(p) ||
	    repo_merge(p->repo, c->raw->parents[0], c->raw->parents[1], &merged,
	        &ignored) < 0)
		return TRI_NO;
	if (merged.end == REPO_MERGE_CLEAN &&
	    strcmp(merged.tree, c->raw->tree) == 0)
		c->mechanical = TRI_YES;
	return c->mechanical;
}

/* Mark with `step` whatever `from` reaches that no earlier step had. */
static void
mark_step(struct gathering *g, const char *from, size_t step)
{
	struct pool *pool = g->push->pool;
	const char **todo = NULL;
	size_t count = 0;

	*(const char **)pool_grow(pool, &todo, &count, sizeof(*todo)) = from;
	while (count > 0) {
		struct commit_fact *c = map_get(&g->fresh_map, todo[--count]);

		if (c == NULL || c->step != 0)
			continue;
		c->step = step;
		for (size_t i = 0; i < c->raw->parent_count; i++)
			*(const char **)pool_grow(pool, &todo, &count,
			    sizeof(*todo)) = c->raw->parents[i];
	}
}

/*
 * The line base, ..., new.  Where first parents do not lead to the base, the
 * whole is one step: no other commit is ever taken for the base.
 */
static int
find_line(struct gathering *g, const char *base, const char *new,
    struct err *err)
{
	struct push *p = g->push;
	struct repo_commit *list = NULL;
	size_t count = 0;
	bool reached = false;

	if (base != NULL &&
	    repo_first_parents(p->repo, p->pool, new, base, PUSH_COMMITS_MAX,
	        &list, &count, &reached, err) < 0)
		return -1;
	if (!reached)
		count = 1;
	g->line = pool_array(p->pool, count + 1, sizeof(*g->line));
	g->line[0] = base;
	for (size_t i = 0; reached && i < count; i++)
		g->line[count - i] = pool_text(p->pool, list[i].oid);
	g->line[count] = new;
	g->line_count = count + 1;
	for (size_t i = 1; i < g->line_count; i++)
		mark_step(g, g->line[i], i);
	return 0;
}

int
gather_range(struct gathering *g, const char *base, const char *new,
    struct err *err)
{
	struct push *p = g->push;
	struct repo_commit *list;
	struct err why = {0};
	size_t count;

	if (repo_range(p->repo, p->pool, new, &base, base == NULL ? 0 : 1,
	        PUSH_COMMITS_MAX + 1, &list, &count, &why) < 0 ||
	    count > PUSH_COMMITS_MAX) {
		if (why.kind == ERR_NONE || text_starts(why.text, "more than"))
			return err_set(err, ERR_INPUT,
			    "more than %d commits come to '%s' at once; land "
			    "them in steps, or have an import adopted",
			    PUSH_COMMITS_MAX, g->update->ref);
		*err = why;
		return -1;
	}
	g->fresh = pool_array(p->pool, count + 1, sizeof(struct commit_fact *));
	g->fresh_map = (struct map){.pool = p->pool};
	g->fresh_count = count;
	for (size_t i = 0; i < count; i++) {
		struct commit_fact **slot = &g->fresh[count - 1 - i];

		if (commit_fact_get(p, &list[i], slot, err) < 0 ||
		    commit_fact_seen(p, *slot, err) < 0)
			return -1;
		(*slot)->step = 0;
		map_put(&g->fresh_map, (*slot)->id, *slot);
	}
	if (find_line(g, base, new, err) < 0)
		return -1;
	return gather_accepted(g, err);
}
