/* Key files: how they are read, and how they are made. */
#include "edge/seal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

void
seal_wipe(struct buf *buf)
{
	if (buf->data != NULL)
		explicit_bzero(buf->data, buf->room);
	buf_free(buf);
}

void
seal_set_up(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, data, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		data += put;
		len -= (size_t)put;
	}
	return 0;
}

/* A name that is not on disk may be gone after a power cut. */
static int
sync_directory(const char *path, struct err *err)
{
	char *copy = strdup(path);
	const char *name;
	int fd, ret = 0;

	if (copy == NULL)
		return err_set(err, ERR_SYSTEM, "out of memory");
	name = dirname(copy);
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		ret = err_errno(err, "'%s'", name);
	if (fd >= 0)
		close(fd);
	free(copy);
	return ret;
}

int
seal_file_write(const char *path, const char *what, const struct buf *pem,
    struct err *err)
{
	int fd = open(path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
	int ret = -1;

	if (fd < 0)
		return err_errno(err, "%s '%s'", what, path);
	if (fchmod(fd, 0400) < 0 || write_all(fd, pem->data, pem->len) < 0 ||
	    fsync(fd) < 0)
		err_errno(err, "%s '%s'", what, path);
	else
		ret = sync_directory(path, err);
	close(fd);
	if (ret < 0)
		unlink(path);
	return ret;
}

static int
check_file(int fd, const char *what, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "%s '%s'", what, path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG, "%s '%s' is not a regular file",
		    what, path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(err, ERR_CONFIG,
		    "%s '%s' belongs to another user", what, path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_set(err, ERR_CONFIG,
		    "%s '%s' is open to others: chmod 0400", what, path);
	return 0;
}

static int
read_all(char text[SEAL_FILE_MAX + 1], size_t *len, int fd)
{
	ssize_t got = 1;

	*len = 0;
	while (got != 0 && *len < SEAL_FILE_MAX) {
		got = read(fd, text + *len, SEAL_FILE_MAX - *len);
		if (got < 0 && errno != EINTR)
			return -1;
		*len += got > 0 ? (size_t)got : 0;
	}
	text[*len] = '\0';
	return 0;
}

int
seal_file_read(char text[SEAL_FILE_MAX + 1], size_t *len, const char *what,
    const char *path, struct err *err)
{
	int fd = open(path,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	int ret = -1;

	if (fd < 0)
		return err_errno(err, "%s '%s'", what, path);
	if (check_file(fd, what, path, err) == 0)
		ret = read_all(text, len, fd) == 0
		    ? 0
		    : err_errno(err, "%s '%s'", what, path);
	if (ret < 0)
		explicit_bzero(text, SEAL_FILE_MAX + 1);
	close(fd);
	return ret;
}
