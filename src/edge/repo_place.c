/*
 * Where the repository is: its directories, its object stores and what they
 * borrow from, all checked before anything is read from them.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "repo_inside.h"
#include "repo_parse.h"

#define ALTERNATES_FILE_MAX 65536

/* A small file whole, ended by NUL; `*there` is false where there is none. */
static int
read_small(const char *path, struct buf *out, bool *there, struct err *err)
{
	char part[4096];
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*there = fd >= 0;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
		    ? 0
		    : err_errno(err, "'%s'", path);
	while ((got = read(fd, part, sizeof(part))) > 0) {
		buf_add(out, part, (size_t)got);
		if (out->len > ALTERNATES_FILE_MAX)
			break;
	}
	if (got < 0)
		err_errno(err, "'%s'", path);
	close(fd);
	if (got < 0)
		return -1;
	if (out->len > ALTERNATES_FILE_MAX || strlen(buf_text(out)) < out->len)
		return err_set(err, ERR_INPUT,
		    "'%s' is longer than %d bytes or not text", path,
		    ALTERNATES_FILE_MAX);
	return 0;
}

static bool
is_there(struct repo *r, const char *dir, const char *name)
{
	struct stat st;

	return stat(pool_printf(&r->pool, "%s/%s", dir, name), &st) == 0;
}

static int
real_path(struct repo *r, const char *path, const char **out, struct err *err)
{
	char *real = realpath(path, NULL);

	if (real == NULL)
		return err_errno(err, "'%s'", path);
	*out = pool_text(&r->pool, real);
	free(real);
	return 0;
}

/* Readable means that a directory can be listed: a test that root's rights,
 * groups and access lists all have their say in. */
static int
check_readable(const char *path, bool needed, struct err *err)
{
	DIR *dir = opendir(path);

	if (dir == NULL)
		return !needed && errno == ENOENT
		    ? 0
		    : err_errno(err, "'%s'", path);
	closedir(dir);
	return 0;
}

static int
check_owner(const struct repo *r, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, "'%s'", path);
	if (st.st_uid == geteuid() || geteuid() == 0 ||
	    (r->trusted != NULL && st.st_uid == *r->trusted))
		return 0;
	return err_set(err, ERR_CONFIG,
	    "'%s' belongs to user %lu, but this runs as user %lu: run it as "
	    "the repository's owner, or change the owner",
	    path, (unsigned long)st.st_uid, (unsigned long)geteuid());
}

/* A linked work tree keeps its refs, config and objects in the main one. */
static int
find_common(struct repo *r, const char *named, struct err *err)
{
	struct buf text = {0};
	const char *path = named;
	bool there = false;
	int ret = 0;

	if (named == NULL) {
		if (read_small(pool_printf(&r->pool, "%s/commondir", r->dir),
		        &text, &there, err) < 0)
			ret = -1;
		while (text.len > 0 && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		path = buf_text(&text);
	}
	if (ret == 0 && named == NULL && !there)
		r->common = r->dir;
	else if (ret == 0)
		ret = real_path(r,
		    path[0] == '/' || named != NULL
		        ? path
		        : pool_printf(&r->pool, "%s/%s", r->dir, path),
		    &r->common, err);
	buf_free(&text);
	return ret;
}

static int
find_dir(struct repo *r, const char *git_dir, const char *common,
    struct err *err)
{
	const char *inner = pool_printf(&r->pool, "%s/.git", git_dir);

	if (!is_there(r, git_dir, "HEAD") && is_there(r, inner, "HEAD"))
		git_dir = inner;
	if (real_path(r, git_dir, &r->dir, err) < 0 ||
	    find_common(r, common, err) < 0)
		return -1;
	if (!is_there(r, r->dir, "HEAD") || !is_there(r, r->common, "refs"))
		return err_set(err, ERR_INPUT,
		    "'%s' is not a Git repository: it has no HEAD or no refs",
		    git_dir);
	if (check_owner(r, r->dir, err) < 0)
		return -1;
	return r->common == r->dir ? 0 : check_owner(r, r->common, err);
}

static int add_store(struct repo *r, const char *path, unsigned depth,
    struct err *err);

/* `from` is the directory that relative paths start at, or NULL. */
static int
add_listed(struct repo *r, const char *list, char separator, const char *from,
    unsigned depth, struct err *err)
{
	struct buf path = {0};
	int ret = 0;

	while (ret == 0 && *list != '\0') {
		const char *whole;

		list = repo_parse_alternate(&path, list, separator);
		if (path.len == 0)
			continue;
		whole = buf_text(&path);
		if (from != NULL && whole[0] != '/')
			whole = pool_printf(&r->pool, "%s/%s", from, whole);
		ret = add_store(r, whole, depth, err);
	}
	buf_free(&path);
	return ret;
}

static int
add_borrowed(struct repo *r, const char *store, unsigned depth, struct err *err)
{
	const char *path = pool_printf(&r->pool, "%s/info/alternates", store);
	struct buf list = {0};
	bool there;
	int ret = read_small(path, &list, &there, err);

	if (ret == 0 && there)
		ret =
		    add_listed(r, buf_text(&list), '\n', store, depth + 1, err);
	buf_free(&list);
	return ret;
}

static int
add_store(struct repo *r, const char *path, unsigned depth, struct err *err)
{
	struct repo_store *store;
	struct stat st;

	if (depth > REPO_ALTERNATE_DEPTH_MAX)
		return err_set(err, ERR_INPUT,
		    "'%s': more than %d alternates that follow each other",
		    path, REPO_ALTERNATE_DEPTH_MAX);
	if (stat(path, &st) < 0 || check_readable(path, true, err) < 0 ||
	    check_readable(pool_printf(&r->pool, "%s/pack", path), false, err) <
	        0)
		return err_errno(err, "objects in '%s'", path);
	for (size_t i = 0; i < r->store_count; i++)
		if (r->stores[i].device == st.st_dev &&
		    r->stores[i].inode == st.st_ino)
			return 0;
	if (r->store_count == REPO_ALTERNATES_MAX)
		return err_set(err, ERR_INPUT,
		    "'%s': more than %d object directories", path,
		    REPO_ALTERNATES_MAX);
	store = &r->stores[r->store_count++];
	if (real_path(r, path, &store->path, err) < 0)
		return -1;
	store->device = st.st_dev;
	store->inode = st.st_ino;
	return add_borrowed(r, store->path, depth, err);
}

/* git names the quarantine twice: as itself, and as where objects go. */
static int
mark_quarantine(struct repo *r, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, "GIT_QUARANTINE_PATH '%s'", path);
	if (r->stores[0].device != st.st_dev || r->stores[0].inode != st.st_ino)
		return err_set(err, ERR_INPUT,
		    "GIT_QUARANTINE_PATH '%s' is not GIT_OBJECT_DIRECTORY",
		    path);
	r->stores[0].quarantine = true;
	r->quarantined = true;
	return 0;
}

static bool
is_own_store(struct repo *r)
{
	struct stat st;

	return stat(pool_printf(&r->pool, "%s/objects", r->common), &st) == 0 &&
	    st.st_dev == r->stores[0].device && st.st_ino == r->stores[0].inode;
}

static int
find_stores(struct repo *r, bool from_git, struct err *err)
{
	const char *objects = from_git ? getenv("GIT_OBJECT_DIRECTORY") : NULL;
	const char *others =
	    from_git ? getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES") : NULL;
	const char *quarantine =
	    from_git ? getenv("GIT_QUARANTINE_PATH") : NULL;

	if (objects == NULL)
		objects = pool_printf(&r->pool, "%s/objects", r->common);
	if (add_store(r, objects, 0, err) < 0)
		return -1;
	if (others != NULL && add_listed(r, others, ':', NULL, 1, err) < 0)
		return -1;
	if (quarantine != NULL)
		return mark_quarantine(r, quarantine, err);
	/* Some servers name it only as where objects go. */
	r->quarantined = from_git && !is_own_store(r);
	r->stores[0].quarantine = r->quarantined;
	return 0;
}

static void
find_shallow(struct repo *r, bool from_git)
{
	const char *named = from_git ? getenv("GIT_SHALLOW_FILE") : NULL;
	const char *path = pool_printf(&r->pool, "%s/shallow", r->common);
	struct stat st;

	/* One that cannot be looked at counts: history might be cut off. */
	if (stat(path, &st) == 0)
		r->shallow = st.st_size > 0;
	else
		r->shallow = errno != ENOENT;
	r->cut = named != NULL && named[0] != '\0';
	r->shallow = r->shallow || r->cut;
}

int
repo_place(struct repo *r, const char *git_dir, struct err *err)
{
	bool from_git = git_dir == NULL;
	const char *common = from_git ? getenv("GIT_COMMON_DIR") : NULL;

	if (from_git)
		git_dir = getenv("GIT_DIR");
	if (git_dir == NULL || git_dir[0] == '\0')
		return err_set(err, ERR_INPUT,
		    "GIT_DIR is not set: this is for git to run, as a hook");
	if (find_dir(r, git_dir, common, err) < 0 ||
	    repo_check_format(r, err) < 0 || find_stores(r, from_git, err) < 0)
		return -1;
	find_shallow(r, from_git);
	return 0;
}
