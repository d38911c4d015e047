/*
 * Grafts and replacement refs: what makes two readers see two histories.
 */
#include <errno.h>
#include <sys/stat.h>

#include "repo_inside.h"

static bool
holds_anything(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return st.st_size > 0;
	return errno != ENOENT && errno != ENOTDIR;
}

bool
repo_grafts(const struct repo *r)
{
	struct pool pool = {0};
	struct repo_ref *list;
	struct err ignored;
	size_t count = 0;
	struct repo *self = (struct repo *)(uintptr_t)r;
	bool any = r->afar != NULL
	    ? r->afar->grafted
	    : holds_anything(pool_printf(&pool, "%s/info/grafts", r->common));

	any = any ||
	    repo_refs(self, &pool, "refs/replace/", &list, &count, &ignored) <
	        0 ||
	    count > 0;
	pool_free(&pool);
	return any;
}
