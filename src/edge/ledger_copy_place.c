/* A copied ledger: from where it was written to where it belongs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/ledger_lock.h"

#include "ledger_copy_inside.h"

#define WHOLE "whole"
#define SUFFIX ".jsonl"
#define LOCK_MODE 0660

static int
failed(const struct ledger_copy *c, const char *name, struct err *err)
{
	return err_errno(err, "'%s/%s'", c->path, name);
}

/* ---- names ---- */

struct names {
	char **list;
	size_t count, room;
};

static void
add_name(struct names *n, const char *name)
{
	if (n->count == n->room) {
		n->room = n->room == 0 ? 64 : n->room * 2;
		n->list = realloc(n->list, n->room * sizeof(*n->list));
		if (n->list == NULL)
			err_fatal("out of memory");
	}
	if ((n->list[n->count++] = strdup(name)) == NULL)
		err_fatal("out of memory");
}

static void
free_names(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->list[i]);
	free(n->list);
}

static bool
is_segment(const char *name)
{
	return strstr(name, SUFFIX) != NULL;
}

/* Segments behind all else, the oldest last. */
static int
compare(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;

	if (is_segment(x) != is_segment(y))
		return is_segment(x) ? 1 : -1;
	return strcmp(y, x);
}

/* What lies in a directory; `*dir` is used up. */
static int
list(struct names *out, int dir)
{
	DIR *d = dir < 0 ? NULL : fdopendir(dir);
	const struct dirent *e;

	if (d == NULL)
		return -1;
	for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (out->count == LEDGER_COPY_FILES_MAX) {
			errno = EFBIG;
			break;
		}
		add_name(out, e->d_name);
	}
	if (errno != 0) {
		(void)closedir(d);
		return -1;
	}
	(void)closedir(d);
	if (out->count > 0)
		qsort(out->list, out->count, sizeof(*out->list), compare);
	return 0;
}

static int
open_dir(int at, const char *name)
{
	return openat(at, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* ---- is there room ---- */

static int
drop_empty(struct ledger_copy *c, const struct ledger *l, struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	struct stat st;

	for (size_t i = 0; i < l->segment_count; i++) {
		ledger_name(name, l->segment[i]);
		if (fstatat(c->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(st.st_mode) || st.st_size != 0)
			return err_set(err, ERR_INPUT,
			    "'%s' holds a ledger already, and only an empty "
			    "place is copied to",
			    c->path);
	}
	for (size_t i = 0; i < l->segment_count; i++) {
		ledger_name(name, l->segment[i]);
		if (unlinkat(c->dir, name, 0) < 0)
			return failed(c, name, err);
	}
	return 0;
}

static bool
has_segments(struct ledger_copy *c)
{
	struct names names = {0};
	bool found = list(&names, open_dir(c->dir, ".")) < 0;

	for (size_t i = 0; i < names.count; i++)
		found = found || is_segment(names.list[i]);
	free_names(&names);
	return found;
}

static int
make_lock(const struct ledger_copy *c, struct err *err)
{
	int fd = openat(c->dir, LEDGER_LOCK_NAME,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, LOCK_MODE);
	struct stat st;
	int ret = 0;

	if (fd < 0 || fstat(fd, &st) < 0 ||
	    (st.st_uid == geteuid() && fchmod(fd, LOCK_MODE) < 0) ||
	    (geteuid() == 0 && fchown(fd, c->owner, c->group) < 0))
		ret = failed(c, LEDGER_LOCK_NAME, err);
	if (fd >= 0)
		(void)close(fd);
	return ret;
}

/* A checkpoint without lines is the last word of those that were lost. */
static int
nothing_sealed(const struct ledger_copy *c, struct err *err)
{
	static const char *const names[] = {"checkpoint", "checkpoints"};
	struct stat st;

	(void)unlinkat(c->dir, names[1], AT_REMOVEDIR);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (fstatat(c->dir, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
			return err_set(err, ERR_INPUT,
			    "'%s/%s' tells of records that are not there any "
			    "more: move it away, when you know why",
			    c->path, names[i]);
	return 0;
}

int
ledger_copy_empty(struct ledger_copy *c, struct err *err)
{
	struct ledger *l = NULL;
	int ret = -1;

	if (!has_segments(c))
		return nothing_sealed(c, err);
	if (make_lock(c, err) < 0 ||
	    ledger_open(&l, c->path, LEDGER_APPEND, err) < 0)
		return -1;
	if (ledger_lock(l, err) == 0) {
		ret = drop_empty(c, l, err);
		ledger_unlock(l);
	}
	ledger_close(l);
	return ret < 0 ? -1 : nothing_sealed(c, err);
}

/* ---- to its place ---- */

bool
ledger_copy_is_whole(const struct ledger_copy *c)
{
	struct stat st;

	return fstatat(c->arriving, WHOLE, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int
ledger_copy_say_whole(struct ledger_copy *c, struct err *err)
{
	int fd;

	/* The names before that word. */
	if (fsync(c->arriving) < 0)
		return failed(c, LEDGER_COPY_NAME, err);
	fd = openat(c->arriving, WHOLE,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, LOCK_MODE);
	if (fd < 0)
		return failed(c, LEDGER_COPY_NAME "/" WHOLE, err);
	(void)close(fd);
	if (fsync(c->arriving) < 0)
		return failed(c, LEDGER_COPY_NAME, err);
	return 0;
}

int
ledger_copy_place(struct ledger_copy *c, struct err *err)
{
	struct names names = {0};
	int ret = make_lock(c, err);

	if (ret == 0 && list(&names, open_dir(c->arriving, ".")) < 0)
		ret = failed(c, LEDGER_COPY_NAME, err);
	for (size_t i = 0; ret == 0 && i < names.count; i++)
		if (strcmp(names.list[i], WHOLE) != 0 &&
		    renameat(c->arriving, names.list[i], c->dir,
		        names.list[i]) < 0)
			ret = failed(c, names.list[i], err);
	free_names(&names);
	if (ret == 0 && fsync(c->dir) < 0)
		ret = failed(c, "", err);
	if (ret == 0 &&
	    (unlinkat(c->arriving, WHOLE, 0) < 0 ||
	        unlinkat(c->dir, LEDGER_COPY_NAME, AT_REMOVEDIR) < 0))
		ret = failed(c, LEDGER_COPY_NAME, err);
	return ret;
}

/* ---- away ---- */

/* A directory beside the lines holds files alone. */
static int
clear_dir(int dir)
{
	struct names names = {0};
	int ret = dir < 0 ? -1 : list(&names, open_dir(dir, "."));

	for (size_t i = 0; ret == 0 && i < names.count; i++)
		ret = unlinkat(dir, names.list[i], 0);
	free_names(&names);
	if (dir >= 0)
		(void)close(dir);
	return ret;
}

int
ledger_copy_clear(struct ledger_copy *c, struct err *err)
{
	struct names names = {0};
	int ret = list(&names, open_dir(c->arriving, "."));

	for (size_t i = 0; ret == 0 && i < names.count; i++) {
		const char *name = names.list[i];

		if (unlinkat(c->arriving, name, 0) == 0)
			continue;
		ret = errno != EISDIR ||
		        clear_dir(open_dir(c->arriving, name)) < 0
		    ? -1
		    : unlinkat(c->arriving, name, AT_REMOVEDIR);
	}
	free_names(&names);
	return ret == 0 ? 0 : failed(c, LEDGER_COPY_NAME, err);
}

void
ledger_copy_free(struct ledger_copy *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	if (c->arriving >= 0)
		(void)close(c->arriving);
	if (c->dir >= 0)
		(void)close(c->dir);
	buf_free(&c->lines);
	free(c->path);
	free(c);
}
