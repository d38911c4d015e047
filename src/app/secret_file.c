#include "app/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
check(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "'%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG, "'%s' is no plain file", path);
	if ((st.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0)
		return err_set(err, ERR_CONFIG,
		    "'%s' holds a secret and others may read it, or write it; "
		    "chmod 0640",
		    path);
	if (st.st_size > SECRET_FILE_MAX)
		return err_set(err, ERR_CONFIG,
		    "'%s' has more than %d bytes, which is no secret", path,
		    SECRET_FILE_MAX);
	return 0;
}

static int
read_all(char *out, size_t *len, int fd, const char *path, struct err *err)
{
	ssize_t n;

	*len = 0;
	while ((n = read(fd, out + *len, SECRET_FILE_MAX - *len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "'%s'", path);
		*len += (size_t)n;
	}
	if (*len > 0 && out[*len - 1] == '\n')
		(*len)--;
	if (*len > 0 && out[*len - 1] == '\r')
		(*len)--;
	out[*len] = '\0';
	if (*len == 0)
		return err_set(err, ERR_CONFIG, "'%s' is empty", path);
	return 0;
}

int
secret_file_read(char out[SECRET_FILE_MAX + 1], size_t *len, const char *path,
    struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int ret;

	if (fd < 0)
		return err_errno(err, "'%s'", path);
	ret = check(fd, path, err);
	if (ret == 0)
		ret = read_all(out, len, fd, path, err);
	(void)close(fd);
	return ret;
}
