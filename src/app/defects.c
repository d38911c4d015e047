/*
 * Malformed commits of a history that is adopted: let alone for ever, and
 * told of once.
 */
#include "app/baseline.h"

#include "app/say.h"
#include "base/text.h"
#include "core/object.h"

#define NAMED_MAX 10

struct defects {
	struct push *push;
	size_t commits, found;
};

static int
look_at(void *ctx, const char *oid, const char *raw, size_t len)
{
	struct defects *d = ctx;
	struct pool pool = {0};
	struct commit commit;
	struct err why = {0};

	d->commits++;
	if (commit_parse(&commit, &pool, raw, len, &why) < 0 &&
	    ++d->found <= NAMED_MAX)
		say("%s: %.12s: %s", d->push->repository, oid, why.text);
	pool_free(&pool);
	return 0;
}

void
baseline_defects(struct push *p, const char *const tips[], size_t tip_count)
{
	struct defects d = {.push = p};
	struct err err = {0};

	if (repo_history(p->repo, tips, tip_count, look_at, &d, &err) < 0)
		say("%s: not all of the history that is adopted could be "
		    "read: %s",
		    p->repository, err.text);
	if (d.found > 0)
		say("%s: %zu malformed commits among the %zu that are adopted; "
		    "they are old and let alone, new ones like them are "
		    "refused",
		    p->repository, d.found, d.commits);
}
