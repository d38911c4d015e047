#include "app/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pool.h"

int
file_read_on(struct buf *out, int fd, const char *path, size_t most,
    struct err *err)
{
	char block[65536];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "'%s'", path);
		if (out->len + (size_t)n > most)
			return err_set(err, ERR_INPUT,
			    "'%s' has more than %zu bytes", path, most);
		buf_add(out, block, (size_t)n);
	}
	return 0;
}

static int
read_opened(struct buf *out, const char *path, size_t most, bool *there,
    bool plain, struct err *err)
{
	const int more = plain ? O_NOFOLLOW | O_NONBLOCK : 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | more);
	struct stat st;
	int ret;

	if (there != NULL)
		*there = fd >= 0;
	if (fd < 0)
		return there != NULL && errno == ENOENT
		    ? 0
		    : err_errno(err, "'%s'", path);
	buf_add(out, "", 0);
	if (plain && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)))
		ret =
		    err_set(err, ERR_INPUT, "'%s' is not a regular file", path);
	else
		ret = file_read_on(out, fd, path, most, err);
	(void)close(fd);
	return ret;
}

int
file_read(struct buf *out, const char *path, size_t most, bool *there,
    struct err *err)
{
	return read_opened(out, path, most, there, false, err);
}

int
file_read_plain(struct buf *out, const char *path, size_t most, bool *there,
    struct err *err)
{
	return read_opened(out, path, most, there, true, err);
}

static int
write_on(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* link() takes no name that is there. */
static int
put_in_place(const char *part, const char *path, bool anew, struct err *err)
{
	if (anew ? link(part, path) < 0 : rename(part, path) < 0)
		return err_errno(err, "'%s'", path);
	return 0;
}

int
file_write(const char *path, const char *text, size_t len, unsigned mode,
    bool anew, struct err *err)
{
	struct pool pool = {0};
	const char *part = pool_printf(&pool, "%s.%ld", path, (long)getpid());
	int fd = open(part,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	int ret = -1;

	if (fd < 0) {
		err_errno(err, "'%s'", part);
		goto out;
	}
	if (write_on(fd, text, len) < 0 || fchmod(fd, (mode_t)mode) < 0 ||
	    fsync(fd) < 0)
		err_errno(err, "'%s'", part);
	else
		ret = put_in_place(part, path, anew, err);
	(void)close(fd);
	if (ret < 0 || anew)
		(void)unlink(part);
out:
	pool_free(&pool);
	return ret;
}
