#include "app/visit.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

int
visit_path(struct setup *s, const char *word, const char **path,
    struct err *err)
{
	char real[PATH_MAX];

	if (door_path(&s->config.settings, &s->pool, word, path, err) == 0)
		return 0;
	if (strchr(word, '/') == NULL || realpath(word, real) == NULL)
		return -1;
	*path = pool_text(&s->pool, real);
	return 0;
}

int
visit_open(struct push *p, struct setup *s, const char *word, struct err *err)
{
	const char *path;

	if (visit_path(s, word, &path, err) < 0 ||
	    push_open(p, s, "", 0, path, err) < 0 ||
	    door_name(&s->config.settings, p->pool, repo_path(p->repo),
	        &p->repository, err) < 0)
		return -1;
	p->deadline = 0;
	p->entry = policy_repository(&s->config.policy, p->repository);
	return 0;
}

void
visit_close(struct push *p)
{
	repo_close(p->repo);
	p->repo = NULL;
}

int
visit_refs(struct push *p, struct visit_ref **list, size_t *count,
    struct err *err)
{
	struct repo_ref *refs;
	size_t total;

	*list = NULL;
	*count = 0;
	if (p->entry == NULL)
		return 0;
	if (repo_refs(p->repo, p->pool, "refs/", &refs, &total, err) < 0)
		return -1;
	for (size_t i = 0; i < total; i++) {
		const struct gate *gate;
		struct visit_ref *ref;

		if (refs[i].target != NULL ||
		    policy_gate(p->entry, refs[i].name, &gate) != GATE_ONE)
			continue;
		ref = pool_grow(p->pool, list, count, sizeof(*ref));
		*ref = (struct visit_ref){refs[i].name, gate,
		    pool_text(p->pool, refs[i].oid)};
	}
	return 0;
}

struct walk {
	struct pool *pool;
	const char **paths;
	size_t count;
};

static bool
is_there(int dir, const char *name, mode_t kind)
{
	struct stat st;

	return fstatat(dir, name, &st, 0) == 0 && (st.st_mode & S_IFMT) == kind;
}

static bool
is_repository(int dir)
{
	return is_there(dir, "objects", S_IFDIR) &&
	    is_there(dir, "refs", S_IFDIR) &&
	    (is_there(dir, "HEAD", S_IFREG) || is_there(dir, "HEAD", S_IFLNK));
}

static int
add_path(struct walk *w, const char *path, struct err *err)
{
	const char **slot;

	if (w->count >= VISIT_REPOSITORIES_MAX)
		return err_set(err, ERR_INPUT,
		    "more than %d repositories below the root",
		    VISIT_REPOSITORIES_MAX);
	slot = pool_grow(w->pool, &w->paths, &w->count, sizeof(*slot));
	*slot = pool_text(w->pool, path);
	return 0;
}

static int walk(struct walk *w, const char *path, unsigned depth,
    struct err *err);

static int
walk_into(struct walk *w, const char *path, DIR *dir, unsigned depth,
    struct err *err)
{
	struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    fstatat(dirfd(dir), entry->d_name, &st,
		        AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISDIR(st.st_mode))
			continue;
		if (walk(w, pool_printf(w->pool, "%s/%s", path, entry->d_name),
		        depth + 1, err) < 0)
			return -1;
	}
	return 0;
}

static int
walk(struct walk *w, const char *path, unsigned depth, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;
	int ret;

	if (fd < 0)
		return err_errno(err, "'%s'", path);
	if (is_repository(fd)) {
		(void)close(fd);
		return add_path(w, path, err);
	}
	if (depth >= VISIT_DEPTH_MAX) {
		(void)close(fd);
		return err_set(err, ERR_INPUT,
		    "'%s' lies more than %d directories below the root", path,
		    VISIT_DEPTH_MAX);
	}
	dir = fdopendir(fd);
	if (dir == NULL) {
		(void)close(fd);
		return err_errno(err, "'%s'", path);
	}
	ret = walk_into(w, path, dir, depth, err);
	(void)closedir(dir);
	return ret;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
visit_all(struct setup *s, const char ***paths, size_t *count, struct err *err)
{
	const struct settings *settings = &s->config.settings;
	struct walk w = {.pool = &s->pool};
	const char *root;
	char real[PATH_MAX];

	for (size_t i = 0; settings_root(settings, i, &root); i++) {
		if (root == NULL)
			continue;
		/* Of copies, none may be there yet. */
		if (realpath(root, real) == NULL && i >= settings->door_count)
			continue;
		if (realpath(root, real) == NULL)
			return err_errno(err, "server.root '%s'", root);
		if (walk(&w, real, 0, err) < 0)
			return -1;
	}
	if (w.count > 0)
		qsort(w.paths, w.count, sizeof(*w.paths), by_name);
	*paths = w.paths;
	*count = w.count;
	return 0;
}
