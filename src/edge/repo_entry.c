/*
 * One path looked up in a tree.
 */
#include <string.h>

#include <git2.h>

#include "repo_inside.h"

/* The entry of that name and kind; its mode is 0 where there is none. */
static int
find_name(struct repo *r, const git_oid *tree, const char *name, size_t len,
    bool is_tree, unsigned *mode, git_oid *id, struct err *err)
{
	struct repo_side s;
	int ret = repo_side_open(r, &s, tree->id, err);

	*mode = 0;
	while (ret == 0 && s.more && *mode == 0) {
		if (s.entry.len == len &&
		    memcmp(s.entry.name, name, len) == 0 &&
		    repo_entry_is_tree(&s.entry) == is_tree) {
			*mode = s.entry.mode;
			git_oid_fromraw(id, s.entry.id);
		}
		ret = repo_side_next(&s, err);
	}
	repo_side_close(&s);
	return ret;
}

int
repo_entry(struct repo *r, const char *tree, const char *path, unsigned *mode,
    char id[REPO_OID_SIZE], struct err *err)
{
	git_oid at;
	size_t len;

	*mode = 0;
	id[0] = '\0';
	if (repo_oid(&at, tree, err) < 0)
		return -1;
	for (;; path += len + 1) {
		len = strcspn(path, "/");
		if (find_name(r, &at, path, len, path[len] == '/', mode, &at,
		        err) < 0)
			return -1;
		if (*mode == 0)
			return 0;
		if (path[len] == '\0')
			break;
	}
	repo_oid_text(id, at.id);
	return 0;
}
