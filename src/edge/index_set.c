/* O_PATH: closing such a descriptor does not drop SQLite's locks. */
#define _GNU_SOURCE

#include "edge/index_set.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAP 1000000L /* nanoseconds */
/* Of a SQLite database: the application's own number stands at byte 68. */
#define HEADER_MAGIC_AT 68

static const char *const suffix[INDEX_SET_FILES] = {"", "-wal", "-shm"};

int
index_set_name(struct index_set *set, const char *path, struct err *err)
{
	if (strlen(path) > INDEX_PATH_MAX)
		return err_set(err, ERR_CONFIG,
		    "index: a path of more than %d bytes", INDEX_PATH_MAX);
	for (int i = 0; i < INDEX_SET_FILES; i++) {
		snprintf(set->name[i], sizeof(set->name[i]), "%s%s", path,
		    suffix[i]);
		set->ino[i] = 0;
		set->pin[i] = -1;
	}
	return 0;
}

void
index_set_unpin(struct index_set *set)
{
	for (int i = 0; i < INDEX_SET_FILES; i++) {
		if (set->pin[i] >= 0)
			close(set->pin[i]);
		set->pin[i] = -1;
	}
}

static bool
pin_one(struct index_set *set, int i)
{
	bool may_be_empty = i == 2;
	struct stat st;

	set->ino[i] = 0;
	set->pin[i] = open(set->name[i], O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (set->pin[i] < 0 || fstat(set->pin[i], &st) < 0 ||
	    !S_ISREG(st.st_mode) || (st.st_size == 0 && !may_be_empty))
		return false;
	set->ino[i] = st.st_ino;
	set->dev[i] = st.st_dev;
	return true;
}

bool
index_set_pin(struct index_set *set)
{
	bool whole = true;

	index_set_unpin(set);
	for (int i = 0; i < INDEX_SET_FILES; i++)
		whole = pin_one(set, i) && whole;
	return whole;
}

bool
index_set_same(const struct index_set *set)
{
	struct stat st;

	for (int i = 0; i < INDEX_SET_FILES; i++)
		if (set->ino[i] == 0 || lstat(set->name[i], &st) < 0 ||
		    st.st_ino != set->ino[i] || st.st_dev != set->dev[i])
			return false;
	return true;
}

int64_t
index_set_log_size(const struct index_set *set)
{
	struct stat st;

	return lstat(set->name[1], &st) < 0 ? 0 : (int64_t)st.st_size;
}

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
open_lock(const char *name)
{
	int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(name, flags | O_CREAT | O_EXCL, 0660);

	if (fd >= 0 && fchmod(fd, 0660) < 0) {
		close(fd);
		return -1;
	}
	return fd < 0 && errno == EEXIST ? open(name, flags) : fd;
}

int
index_set_lock(const struct index_set *set, int *fd, struct err *err)
{
	struct timespec nap = {.tv_nsec = NAP};
	int64_t until = monotonic_ms() + INDEX_WAIT;
	char name[sizeof(set->name[0]) + 8];

	snprintf(name, sizeof(name), "%s-lock", set->name[0]);
	*fd = open_lock(name);
	if (*fd < 0)
		return err_errno(err, "'%s'", name);
	while (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			err_errno(err, "'%s' cannot be locked", name);
			goto fail;
		}
		if (monotonic_ms() >= until) {
			err_set(err, ERR_UNREACHABLE,
			    "'%s' was held by somebody else for %d ms", name,
			    INDEX_WAIT);
			goto fail;
		}
		nanosleep(&nap, NULL);
	}
	return 0;
fail:
	close(*fd);
	*fd = -1;
	return -1;
}

int
index_set_file(const char *name, struct err *err)
{
	int fd, ret = 0;

	if (unlink(name) < 0 && errno != ENOENT)
		return err_errno(err, "index '%s'", name);
	fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
	if (fd < 0 || fchmod(fd, 0660) < 0)
		ret = err_errno(err, "index '%s'", name);
	if (fd >= 0)
		close(fd);
	return ret;
}

static bool
is_ours(const struct index_set *set, const unsigned char magic[3])
{
	unsigned char found[3];
	int fd = open(set->name[0],
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool ours;

	if (fd < 0)
		return errno == ENOENT;
	ours = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_size == 0 ||
	        (pread(fd, found, sizeof(found), HEADER_MAGIC_AT) ==
	                (ssize_t)sizeof(found) &&
	            memcmp(found, magic, sizeof(found)) == 0));
	close(fd);
	return ours;
}

static int
take_away(const struct index_set *set, const char *end, bool ours)
{
	char name[sizeof(set->name[0]) + 8], aside[sizeof(name) + 8];

	snprintf(name, sizeof(name), "%s%s", set->name[0], end);
	snprintf(aside, sizeof(aside), "%s.alien%s", set->name[0], end);
	if ((ours ? unlink(name) : rename(name, aside)) < 0 && errno != ENOENT)
		return -1;
	return 0;
}

int
index_set_remove(const struct index_set *set, const unsigned char magic[3],
    struct err *err)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
	bool ours = is_ours(set, magic);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (take_away(set, ends[i], ours) < 0)
			return err_errno(err, "index '%s%s' cannot be removed",
			    set->name[0], ends[i]);
	return 0;
}
