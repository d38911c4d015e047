/*
 * A repository's name from where it lies, and where it lies from its name.
 */
#include "app/push.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Two directories under one name would share one history. */
static int
only_one(struct pool *pool, const char *root, const char *name, struct err *err)
{
	const char *plain = pool_printf(pool, "%s/%s", root, name);
	const char *bare = pool_printf(pool, "%s/%s.git", root, name);

	if (is_directory(plain) && is_directory(bare) &&
	    access(pool_printf(pool, "%s/HEAD", plain), F_OK) == 0)
		return err_set(err, ERR_CONFIG,
		    "'%s' and '%s' are two repositories with one name", plain,
		    bare);
	return 0;
}

/* One that is not here is that of a server elsewhere: its name is all. */
static bool
root_of(const char *named, char root[PATH_MAX])
{
	size_t len = named == NULL ? 0 : strlen(named);

	if (len == 0 || len >= PATH_MAX)
		return false;
	if (realpath(named, root) != NULL)
		return true;
	memcpy(root, named, len + 1);
	while (len > 1 && root[len - 1] == '/')
		root[--len] = '\0';
	return errno == ENOENT;
}

int
door_name(const struct settings *settings, struct pool *pool, const char *path,
    const char **name, struct err *err)
{
	const char *named;
	char root[PATH_MAX];

	for (size_t i = 0; settings_root(settings, i, &named); i++) {
		const char *rest;
		char *copy;
		size_t len;

		if (!root_of(named, root) || !text_starts(path, root))
			continue;
		rest = path + strlen(root);
		if (strcmp(root, "/") != 0 && *rest++ != '/')
			continue;
		copy = pool_text(pool, rest);
		len = strlen(copy);
		if (text_ends(copy, "/.git"))
			copy[len - 5] = '\0';
		else if (text_ends(copy, ".git") && len > 4)
			copy[len - 4] = '\0';
		if (copy[0] == '\0' || strpbrk(copy, " \n\r\t") != NULL)
			return err_set(err, ERR_INPUT,
			    "'%s' is no name for a repository", rest);
		*name = copy;
		return only_one(pool, root, copy, err);
	}
	return err_set(err, ERR_CONFIG,
	    "the repository '%s' is not below server.root", path);
}

int
door_path(const struct settings *settings, struct pool *pool, const char *name,
    const char **path, struct err *err)
{
	static const char *const tails[] = {"", ".git", "/.git", NULL};
	const char *root;
	char real[PATH_MAX];

	if (name[0] == '/' || name[0] == '.') {
		if (realpath(name, real) == NULL)
			return err_errno(err, "'%s'", name);
		*path = pool_text(pool, real);
		return 0;
	}
	for (size_t i = 0; settings_root(settings, i, &root); i++) {
		if (root == NULL)
			continue;
		for (size_t k = 0; tails[k] != NULL; k++) {
			const char *head;
			const char *try =
			    pool_printf(pool, "%s/%s%s", root, name, tails[k]);

			head = pool_printf(pool, "%s/HEAD", try);
			if (access(head, F_OK) == 0 &&
			    realpath(try, real) != NULL) {
				*path = pool_text(pool, real);
				return 0;
			}
		}
	}
	return err_set(err, ERR_INPUT, "no repository '%s' below server.root",
	    name);
}
