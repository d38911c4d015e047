/*
 * Which repositories a source has, and which of them anything was told of.
 *
 * A copy says by itself what the forge calls it; new ones are learnt from the
 * ledger, which is read once, from where the file `.seen-<source>` beside the
 * copies says.  Where a repository could not be done, a file in its copy says
 * from which record on.  All of them can be lost: then more is looked at.
 */
#include "daemon_tell_inside.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "app/visit.h"
#include "base/text.h"

#define NAME_FILE "foureyes-forge"
#define BEHIND_FILE "foureyes-behind"

static const char *
seen_file(struct pool *pool, const struct source *s)
{
	return pool_printf(pool, "%s/.seen-%s", s->mirrors, s->name);
}

static int
read_small(struct pool *pool, const char *path, const char **out,
    struct err *err)
{
	struct buf text = {0};
	bool there;

	*out = NULL;
	if (file_read_plain(&text, path, MIRROR_NAME_MAX + 1, &there, err) < 0)
		return -1;
	if (there && text.len > 0 && text.data[text.len - 1] == '\n')
		*out = pool_textn(pool, text.data, text.len - 1);
	buf_free(&text);
	return 0;
}

int
tell_keep_name(const struct mirror *m, struct pool *pool, struct err *err)
{
	const char *path = pool_printf(pool, "%s/" NAME_FILE, m->dir);
	const char *text = pool_printf(pool, "%s\n", m->forge_name), *had;

	if (read_small(pool, path, &had, err) < 0)
		return -1;
	return text_same(had, m->forge_name)
	    ? 0
	    : file_write(path, text, strlen(text), 0640, false, err);
}

int
tell_keep_behind(struct telling *t, const struct known *k, bool is_behind,
    struct err *err)
{
	const char *path =
	    pool_printf(t->pool, "%s/" BEHIND_FILE, t->mirror.dir);
	const char *text;

	if (!is_behind) {
		if (unlink(path) < 0 && errno != ENOENT)
			return err_errno(err, "'%s'", path);
		return 0;
	}
	text = pool_printf(t->pool, "%llu\n", (unsigned long long)k->since);
	return file_write(path, text, strlen(text), 0640, false, err);
}

int
tell_known_done(struct clerk_run *run, const struct source *s, struct err *err)
{
	const char *text =
	    pool_printf(run->pool, "%llu\n", (unsigned long long)run->to);

	if (mkdir(s->mirrors, 0750) < 0 && errno != EEXIST)
		return err_errno(err, "'%s'", s->mirrors);
	return file_write(seen_file(run->pool, s), text, strlen(text), 0640,
	    false, err);
}

static struct known *
find(struct known_list *l, const char *repository)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->list[i].repository, repository) == 0)
			return &l->list[i];
	return NULL;
}

static struct known *
add(struct clerk_run *run, struct known_list *l, const char *repository,
    const char *forge_name)
{
	struct known *k = find(l, repository);

	if (k == NULL) {
		k = pool_grow(run->pool, &l->list, &l->count, sizeof(*l->list));
		*k =
		    (struct known){.repository = repository, .since = l->since};
	}
	if (forge_name != NULL)
		k->forge_name = forge_name;
	return k;
}

static int
add_copy(struct clerk_run *run, struct known_list *l, const char *dir,
    const char *name, const char *forge, struct err *err)
{
	struct known *k = add(run, l, name, forge);
	const char *text;

	if (read_small(run->pool,
	        pool_printf(run->pool, "%s/" BEHIND_FILE, dir), &text, err) < 0)
		return -1;
	if (text != NULL)
		k->since = strtoull(text, NULL, 10);
	k->behind = text != NULL && k->since < l->since;
	return 0;
}

static int
add_copies(struct clerk_run *run, const struct source *s,
    struct known_list *out, struct err *err)
{
	char root[PATH_MAX];
	const char **paths, *name, *forge;
	size_t count;

	if (realpath(s->mirrors, root) == NULL)
		return 0;
	if (visit_all(run->setup, &paths, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (!text_starts(paths[i], root) ||
		    paths[i][strlen(root)] != '/')
			continue;
		if (read_small(run->pool,
		        pool_printf(run->pool, "%s/" NAME_FILE, paths[i]),
		        &forge, err) < 0 ||
		    door_name(&run->setup->config.settings, run->pool, paths[i],
		        &name, err) < 0)
			return -1;
		if (forge == NULL ||
		    !text_same(source_repository(s, run->pool, forge), name))
			continue;
		if (add_copy(run, out, paths[i], name, forge, err) < 0)
			return -1;
	}
	return 0;
}

static bool
is_change_of_all(const struct record *r)
{
	return text_same(r->type, "policy") || text_same(r->type, "people") ||
	    text_same(r->type, "settings") || text_same(r->type, "recovered");
}

static void
look_at_all(struct known_list *l, bool fetch)
{
	for (size_t i = 0; i < l->count; i++) {
		l->list[i].look = true;
		l->list[i].fetch = l->list[i].fetch || fetch;
	}
}

static bool
moves_refs(const char *kind)
{
	return text_same(kind, "push") || text_same(kind, "request") ||
	    text_same(kind, "queued");
}

/* What one record is to the repositories of this source. */
static void
take(struct clerk_run *run, const struct source *s, struct known_list *l,
    const struct record *r)
{
	const char *repository = tree_text(r->tree, "repository");
	const char *kind = tree_text(r->tree, "kind");
	const char *forge = tree_text(r->tree, "forge.repository");
	bool told = text_same(r->type, "observation") &&
	    text_same(tree_text(r->tree, "source"), s->name);
	struct known *k;

	if (is_change_of_all(r))
		look_at_all(l, false);
	/* What we write ourselves while we look is looked at then. */
	if (repository == NULL || text_same(kind, "verdict-told") ||
	    (text_same(kind, "push") && !told))
		return;
	if (told && forge != NULL && mirror_name_is_safe(repository) &&
	    policy_repository(&run->setup->config.policy, repository) != NULL)
		k = add(run, l, repository, forge);
	else
		k = find(l, repository);
	if (k == NULL)
		return;
	k->look = true;
	k->fetch = k->fetch || (told && moves_refs(kind));
	if (told && text_same(kind, "push"))
		*(struct record *)pool_grow(run->pool, &k->pushes,
		    &k->push_count, sizeof(*k->pushes)) = *r;
}

/* What came between the two, for all of them or for those that are behind. */
static int
read_between(struct clerk_run *run, const struct source *s,
    struct known_list *l, uint64_t from, uint64_t to, const struct known *only,
    struct err *err)
{
	struct record r;

	for (uint64_t seq = from + 1; seq <= to; seq++) {
		if (changelog_read(run->setup->log, run->pool, seq, &r, err) <
		    0)
			return -1;
		if (r.seq != 0 &&
		    (only == NULL ||
		        text_same(tree_text(r.tree, "repository"),
		            only->repository)))
			take(run, s, l, &r);
	}
	return 0;
}

int
tell_known(struct clerk_run *run, const struct source *s,
    struct known_list *out, struct err *err)
{
	const char *text;

	*out = (struct known_list){0};
	if (read_small(run->pool, seen_file(run->pool, s), &text, err) < 0)
		return -1;
	if (text != NULL)
		out->since = strtoull(text, NULL, 10);
	/* One ledger is not another: what it has not got, it has to be told. */
	if (out->since > run->to)
		out->since = 0;
	if (add_copies(run, s, out, err) < 0)
		return -1;
	if (run->due || run->from == 0)
		look_at_all(out, run->on_time);
	if (read_between(run, s, out, out->since, run->to, NULL, err) < 0)
		return -1;
	/* Whenever it is looked at, what was left over comes first. */
	for (size_t i = 0; i < out->count; i++) {
		struct known *k = &out->list[i];
		const struct known was = *k;

		if (!k->behind || !k->look)
			continue;
		k->push_count = 0;
		if (read_between(run, s, out, was.since, run->to, &was, err) <
		    0)
			return -1;
	}
	return 0;
}
