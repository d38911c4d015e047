/*
 * What the change of a machine is made of: rules.md 26.  Whether it is a
 * routine change is core/routine.c's to say.
 *
 * Every commit is looked at, and the whole of the stretch besides: what one
 * commit puts in and a later one takes out is seen.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"

#define PATHS_MAX 200000
#define REGULAR 0100644

struct looking {
	struct gathering *g;
	struct routine *out;
	struct inside *inside;
	struct map paths;
};

static const char *
safe(struct push *p, const char *path)
{
	return text_safe_copy(p->pool, path, strlen(path), 200);
}

static bool
is_regular(unsigned mode)
{
	return mode == 0 || mode == REGULAR;
}

static bool
is_listed(const struct policy_routine *entry, const char *path)
{
	for (size_t i = 0; i < entry->paths.count; i++)
		if (text_glob(entry->paths.list[i], path))
			return true;
	return false;
}

static void
call_odd(struct looking *k, const char *what)
{
	if (k->out->regular == TRI_NO)
		return;
	k->out->regular = TRI_NO;
	k->out->odd = what;
}

static void
look_at_path(struct looking *k, const struct repo_path *at)
{
	const struct gate *gate = k->g->gate;
	struct push *p = k->g->push;

	if (!is_regular(at->old_mode) || !is_regular(at->new_mode))
		call_odd(k, safe(p, at->path));
	if (map_get(&k->paths, at->path) != NULL)
		return;
	map_put(&k->paths, at->path, k);
	k->out->files++;
	for (size_t i = 0; i < gate->routine_count; i++)
		if (k->inside[i].all == TRI_YES &&
		    !is_listed(&gate->routines[i], at->path))
			k->inside[i] =
			    (struct inside){TRI_NO, safe(p, at->path)};
}

/*
 * Of a clean merge both sides are looked at, or landed before.  Who brought it
 * is asked of each commit, also of a merge that has no part in anything.
 */
static int
look_at_commit(struct looking *k, struct commit_fact *f, struct err *err)
{
	struct push *p = k->g->push;
	const char *who = f->seen == TRI_YES ? f->pusher.person : NULL;

	if (who == NULL || !text_same(who, p->pusher.person)) {
		if (k->out->stranger == NULL)
			k->out->stranger = f->id;
	}
	if (f->raw->parent_count == 2 && commit_is_mechanical(p, f) == TRI_YES)
		return 0;
	if (f->raw->parent_count != 1) {
		call_odd(k, pool_printf(p->pool, "%.12s", f->id));
		return 0;
	}
	if (commit_fact_paths(p, f, err) < 0)
		return -1;
	for (size_t i = 0; i < f->path_count; i++)
		look_at_path(k, &f->paths[i]);
	return 0;
}

static int
look_at_whole(struct looking *k, const char *before, const char *after,
    struct err *err)
{
	struct push *p = k->g->push;
	char old[REPO_OID_SIZE], new[REPO_OID_SIZE];
	struct repo_path *list;
	size_t count;

	if (repo_tree(p->repo, before, old, err) < 0 ||
	    repo_tree(p->repo, after, new, err) < 0 ||
	    repo_diff(p->repo, p->pool, old, new, PATHS_MAX, &list, &count,
	        err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		look_at_path(k, &list[i]);
	return 0;
}

/* One that some entry names; nothing of others is looked at. */
static bool
is_machine_listed(const struct gathering *g)
{
	for (size_t i = 0; i < g->gate->routine_count; i++)
		if (g->push->pusher.person != NULL &&
		    texts_have(&g->gate->routines[i].machines,
		        g->push->pusher.person))
			return true;
	return false;
}

int
gather_routine(struct gathering *g, struct change *c, struct err *err)
{
	struct pool *pool = g->push->pool;
	size_t count = g->gate->routine_count;
	struct looking k = {.g = g,
	    .out = &c->routine,
	    .inside = pool_array(pool, count + 1, sizeof(*k.inside)),
	    .paths = {.pool = pool}};

	if (c->before == NULL || !is_machine_listed(g))
		return 0;
	c->routine.regular = TRI_YES;
	for (size_t i = 0; i < count; i++)
		k.inside[i].all = TRI_YES;
	for (size_t i = 0; i < g->fresh_count; i++)
		if (g->fresh[i]->step > g->from && g->fresh[i]->step <= g->to &&
		    look_at_commit(&k, g->fresh[i], err) < 0)
			return -1;
	if (look_at_whole(&k, c->before, c->after, err) < 0)
		return -1;
	if (c->routine.stranger == NULL && c->commit_count > 0)
		c->routine.machine = g->push->pusher.person;
	c->routine.inside = k.inside;
	c->routine.inside_count = count;
	return 0;
}
