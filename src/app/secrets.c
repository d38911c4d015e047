#include "app/secrets.h"

#include <string.h>

#include "base/text.h"
#include "core/rule.h"
#include "edge/repo_blob.h"

#define PATHS_MAX 200000
#define PATH_SHOWN 200

/* One content, and what it holds. */
struct looked {
	struct secret_hits hits;
	char digest[DIGEST_HEX_SIZE]; /* of all of it, where it holds any */
	bool opened, whole;
};

/* A file of a commit with a content that is new. */
struct newcomer {
	const char *commit, *path, *id;
};

struct looking {
	struct gathering *g;
	struct newcomer *list;
	size_t count;
	struct map met;  /* contents in the list */
	struct map held; /* contents that this ref held before; when asked */
	bool held_known;
	struct secret_fact *found;
};

/* ---- what it holds ---- */

static struct looked *
look(struct push *p, const char *data, size_t len)
{
	struct looked *at = pool_alloc(p->pool, sizeof(*at));

	secret_scan(&at->hits, p->pool, data, len);
	at->opened = true;
	at->whole = len <= SECRET_BLOB_MAX;
	if (at->hits.count > 0)
		digest_sha256_hex(at->digest, data, len);
	return at;
}

/* A content of at most `most` bytes; NULL where it is larger. */
static int
look_at_file(struct push *p, const char *id, size_t most, struct looked **at,
    struct err *err)
{
	size_t left = SECRET_TOTAL_MAX - p->secrets_read, size;
	struct pool scratch = {0};
	const char *data;

	*at = map_get(&p->secrets, id);
	if (*at != NULL)
		return 0;
	if (repo_blob(p->repo, &scratch, id, most < left ? most : left, &data,
	        &size, err) < 0)
		return -1;
	if (data != NULL) {
		*at = look(p, data, size);
		map_put(&p->secrets, id, *at);
		p->secrets_read += size;
	}
	pool_free(&scratch);
	return 0;
}

/* ---- what counts ---- */

static void
hold(struct looking *l, const char *commit)
{
	struct push *p = l->g->push;
	char tree[REPO_OID_SIZE];
	struct err ignored = {0};
	struct repo_path *list;
	size_t count;

	if (commit == NULL || repo_tree(p->repo, commit, tree, &ignored) < 0 ||
	    repo_diff(p->repo, p->pool, NULL, tree, PATHS_MAX, &list, &count,
	        &ignored) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		map_put(&l->held, list[i].new_id, &list[i]);
}

/* A copy of what the ref holds, or was live on it, brings nothing in. */
static bool
was_held(struct looking *l, const char *id)
{
	const struct lane *lane = &l->g->update->lane;

	if (!l->held_known) {
		hold(l, l->g->line[0]);
		if (lane->taken && lane->live == TRI_YES)
			hold(l, lane->to);
	}
	l->held_known = true;
	return id != NULL && map_get(&l->held, id) != NULL;
}

static void
add_found(struct looking *l, const struct newcomer *n,
    const struct secret_hit *hit)
{
	struct secrets *s = &l->g->update->secrets;
	struct secret_fact *f;

	if (s->found_count == SECRETS_LISTED_MAX) {
		s->more++;
		return;
	}
	f = pool_grow(l->g->push->pool, &l->found, &s->found_count, sizeof(*f));
	f->commit = n->commit;
	f->path = n->path;
	f->line = hit->line;
	f->kind = hit->kind;
	f->allow = hit->digest;
}

static void
weigh(struct looking *l, const struct newcomer *n, const struct looked *at)
{
	struct secrets *s = &l->g->update->secrets;
	const struct texts *allow = &l->g->gate->secrets.allow;
	bool all = at->hits.count > 0 && texts_have(allow, at->digest);

	if (at->hits.count == 0 || was_held(l, n->id))
		return;
	for (size_t i = 0; i < at->hits.count; i++) {
		if (all || texts_have(allow, at->hits.list[i].digest))
			s->allowed++;
		else
			add_found(l, n, &at->hits.list[i]);
	}
	if (at->hits.more && !all)
		s->more++;
}

/* A path is content too. */
static void
look_at_path(struct looking *l, const struct newcomer *n, const char *path)
{
	struct newcomer named = {.commit = n->commit, .path = n->path};
	struct looked at = {0};

	secret_scan(&at.hits, l->g->push->pool, path, strlen(path));
	weigh(l, &named, &at);
}

static void
add_newcomer(struct looking *l, const char *commit,
    const struct repo_path *path)
{
	struct pool *pool = l->g->push->pool;
	struct newcomer *n;

	if (map_get(&l->met, path->new_id) != NULL)
		return;
	n = pool_grow(pool, &l->list, &l->count, sizeof(*n));
	n->commit = commit;
	n->id = path->new_id;
	n->path =
	    text_safe_copy(pool, path->path, strlen(path->path), PATH_SHOWN);
	map_put(&l->met, n->id, l);
	look_at_path(l, n, path->path);
}

static int
find_new(struct looking *l, const char *id, const struct repo_commit *c,
    struct err *err)
{
	struct repo_path *list;
	size_t count;

	if (secrets_new(l->g->push, c, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		add_newcomer(l, id, &list[i]);
	return 0;
}

static void
look_at_text(struct looking *l, const char *id, const char *text, size_t len)
{
	struct newcomer n = {.commit = id, .path = ""};

	weigh(l, &n, look(l->g->push, text, len));
}

static void
look_at_message(struct looking *l, const struct commit_fact *f)
{
	if (f->defect == NULL && f->parsed.message != NULL)
		look_at_text(l, f->id, f->parsed.message,
		    f->parsed.message_len);
	else
		look_at_text(l, f->id, f->raw->raw, f->raw->len);
}

static int
look_at_tag(struct looking *l, struct err *err)
{
	struct push *p = l->g->push;
	const char *new = l->g->update->new, *data;
	enum repo_kind kind;
	size_t len;

	if (repo_kind_of(p->repo, new) != REPO_TAG)
		return 0;
	if (repo_object(p->repo, p->pool, new, &kind, &data, &len, err) < 0)
		return -1;
	look_at_text(l, new, data, len);
	return 0;
}

static void
add_unread(struct looking *l, const struct newcomer *n)
{
	struct secrets *s = &l->g->update->secrets;

	if (s->unread++ == 0)
		s->unread_path = n->path;
}

/* Those of at most `most` bytes; what is left of the list is larger. */
static int
look_at_files(struct looking *l, size_t most, struct err *err)
{
	struct push *p = l->g->push;
	size_t kept = 0;
	struct looked *at;

	for (size_t i = 0; i < l->count; i++) {
		if (gather_is_late(p))
			return 0;
		if (look_at_file(p, l->list[i].id, most, &at, err) < 0)
			return -1;
		if (at == NULL) {
			l->list[kept++] = l->list[i];
			continue;
		}
		l->g->update->secrets.files++;
		if (!at->whole)
			add_unread(l, &l->list[i]);
		weigh(l, &l->list[i], at);
	}
	l->count = kept;
	return 0;
}

/* Where no commit stands before: all that the first one holds. */
static int
find_all(struct looking *l, const char *id, struct err *err)
{
	struct push *p = l->g->push;
	struct commit_fact *f;
	struct repo_commit *c = pool_alloc(p->pool, sizeof(*c));

	if (repo_commit(p->repo, p->pool, id, c, err) < 0 ||
	    commit_fact_get(p, c, &f, err) < 0)
		return -1;
	look_at_message(l, f);
	*c = *f->raw;
	c->parent_count = 0;
	return find_new(l, id, c, err);
}

static int
find_all_new(struct looking *l, struct err *err)
{
	struct gathering *g = l->g;

	if (g->line[0] == NULL)
		return find_all(l, g->line[g->line_count - 1], err);
	for (size_t i = 0; i < g->fresh_count; i++) {
		if (gather_is_late(g->push))
			return 0;
		look_at_message(l, g->fresh[i]);
		if (find_new(l, g->fresh[i]->id, g->fresh[i]->raw, err) < 0)
			return -1;
	}
	return 0;
}

static int
look_at_all(struct looking *l, struct err *err)
{
	struct push *p = l->g->push;
	struct secrets *s = &l->g->update->secrets;

	if (find_all_new(l, err) < 0 ||
	    look_at_files(l, SECRET_BLOB_MAX, err) < 0 ||
	    look_at_files(l, SECRETS_READ_MAX, err) < 0)
		return -1;
	if (gather_is_late(p))
		return 0;
	for (size_t i = 0; i < l->count; i++)
		add_unread(l, &l->list[i]);
	s->looked = TRI_YES;
	return 0;
}

/* A promotion brings its own tag, or the message of its own merge. */
static void
look_at_merge(struct looking *l)
{
	struct gathering *g = l->g;
	const struct commit_fact *f =
	    map_get(&g->fresh_map, g->line[g->line_count - 1]);

	if (f != NULL && !text_same(f->id, g->update->promotion.commit))
		look_at_message(l, f);
}

int
gather_secrets(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct update *u = g->update;
	struct looking l = {.g = g,
	    .met = {.pool = p->pool},
	    .held = {.pool = p->pool}};
	const struct bench b = {.pool = p->pool,
	    .policy = &p->setup->config.policy,
	    .gate = g->gate,
	    .people = &p->setup->config.people,
	    .update = u};
	int ret;

	if (!g->gate->secrets.scan || move_brings_nothing(&b))
		return 0;
	p->secrets.pool = p->pool;
	ret = look_at_tag(&l, err);
	if (ret == 0 && move_was_looked_at(&b))
		look_at_merge(&l);
	else if (ret == 0)
		ret = look_at_all(&l, err);
	u->secrets.found = l.found;
	return ret;
}
