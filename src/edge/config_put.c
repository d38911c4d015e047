#include "edge/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW_MODE ((mode_t)0644)
#define NAME_SIZE 64

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* What the file in place is: its mode and owner, or those of a new one. */
static int
look_at_old(struct stat *st, bool *there, int dir_fd, const char *name,
    struct err *err)
{
	*there = fstatat(dir_fd, name, st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!*there && errno != ENOENT)
		return err_errno(err, "%s", name);
	if (!*there)
		st->st_mode = S_IFREG | NEW_MODE;
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_CONFIG,
		    "'%s' is no regular file: it is not replaced", name);
	return 0;
}

static int
fill(int fd, const struct stat *old, bool there, const char *name,
    const char *bytes, size_t len, struct err *err)
{
	struct stat now;

	if (fstat(fd, &now) < 0 || write_all(fd, bytes, len) < 0)
		return err_errno(err, "%s", name);
	if (there && (now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid) < 0)
		return err_errno(err,
		    "'%s' belongs to uid %u, gid %u, and only they or root "
		    "can replace it",
		    name, (unsigned)old->st_uid, (unsigned)old->st_gid);
	if (fchmod(fd, old->st_mode & 0777) < 0 || fsync(fd) < 0)
		return err_errno(err, "%s", name);
	return 0;
}

static int
put(int dir_fd, const char *name, const char *bytes, size_t len,
    struct err *err)
{
	char temporary[NAME_SIZE];
	struct stat old = {0};
	bool there;
	int fd, ret;

	if (look_at_old(&old, &there, dir_fd, name, err) < 0)
		return -1;
	snprintf(temporary, sizeof(temporary), ".%s.%ld", name, (long)getpid());
	/* One of that name was left by a process that is no more. */
	if (unlinkat(dir_fd, temporary, 0) < 0 && errno != ENOENT)
		return err_errno(err, "%s", temporary);
	fd = openat(dir_fd, temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "%s", temporary);
	ret = fill(fd, &old, there, name, bytes, len, err);
	if (close(fd) < 0 && ret == 0)
		ret = err_errno(err, "%s", temporary);
	if (ret == 0 && renameat(dir_fd, temporary, dir_fd, name) < 0)
		ret = err_errno(err, "%s", name);
	if (ret < 0)
		unlinkat(dir_fd, temporary, 0);
	else if (fsync(dir_fd) < 0)
		ret = err_errno(err, "%s is in place, but not synced", name);
	return ret;
}

int
config_put(const char *dir, const char *name, const char *bytes, size_t len,
    struct err *err)
{
	int fd, ret;

	if (config_is_file(name, len, err) < 0)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "%s", dir);
	ret = put(fd, name, bytes, len, err);
	close(fd);
	return ret < 0 ? err_within(err, "%s", dir) : 0;
}
