#include "edge/ledger_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger_copy_inside.h"

#define WRITTEN_AT ((size_t)1 << 20)
#define DIR_MODE 02770
#define FILE_MODE 0660
#define BESIDE_DIR_MODE 0755
#define BESIDE_MODE 0644

/* ---- writing ---- */

static int
failed(const struct ledger_copy *c, const char *name, struct err *err)
{
	return err_errno(err, "'%s/" LEDGER_COPY_NAME "/%s'", c->path, name);
}

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Root writes for those who own the directory. */
static int
make_file(const struct ledger_copy *c, const char *name, mode_t mode)
{
	int fd = openat(c->arriving, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0)
		return -1;
	if (fchmod(fd, mode) == 0 &&
	    (geteuid() != 0 || fchown(fd, c->owner, c->group) == 0))
		return fd;
	(void)close(fd);
	return -1;
}

static int
write_out(struct ledger_copy *c, struct err *err)
{
	char name[LEDGER_NAME_SIZE];

	if (c->fd < 0 || c->lines.len == 0)
		return 0;
	ledger_name(name, c->segment);
	if (write_all(c->fd, c->lines.data, c->lines.len) < 0)
		return failed(c, name, err);
	buf_clear(&c->lines);
	return 0;
}

static int
end_segment(struct ledger_copy *c, struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	int ret = write_out(c, err);

	if (c->fd < 0)
		return ret;
	ledger_name(name, c->segment);
	if (ret == 0 && fsync(c->fd) < 0)
		ret = failed(c, name, err);
	if (close(c->fd) < 0 && ret == 0)
		ret = failed(c, name, err);
	c->fd = -1;
	return ret;
}

int
ledger_copy_line(struct ledger_copy *c, const struct chain_mark *mark,
    const char *line, size_t len, struct err *err)
{
	char name[LEDGER_NAME_SIZE];

	if (c->fd < 0 || mark->segment != c->segment) {
		if (end_segment(c, err) < 0)
			return -1;
		ledger_name(name, mark->segment);
		c->segment = mark->segment;
		c->fd = make_file(c, name, FILE_MODE);
		if (c->fd < 0)
			return failed(c, name, err);
	}
	buf_add(&c->lines, line, len);
	buf_char(&c->lines, '\n');
	return c->lines.len < WRITTEN_AT ? 0 : write_out(c, err);
}

static int
make_beside(struct ledger_copy *c, const char *name, const char *slash)
{
	char dir[LEDGER_COPY_DIR_MAX];
	int len = (int)(slash - name), fd, ret = -1;

	if (snprintf(dir, sizeof(dir), "%.*s", len, name) != len ||
	    (mkdirat(c->arriving, dir, BESIDE_DIR_MODE) < 0 && errno != EEXIST))
		return -1;
	fd = openat(c->arriving, dir,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && fchmod(fd, BESIDE_DIR_MODE) == 0 &&
	    (geteuid() != 0 || fchown(fd, c->sealer, c->group) == 0))
		ret = 0;
	if (fd >= 0)
		(void)close(fd);
	return ret;
}

int
ledger_copy_file(struct ledger_copy *c, const char *name,
    const struct buf *bytes, struct err *err)
{
	const char *slash = strchr(name, '/');
	int fd, ret = 0;

	if (slash != NULL && make_beside(c, name, slash) < 0)
		return failed(c, name, err);
	fd = make_file(c, name, slash != NULL ? BESIDE_MODE : FILE_MODE);
	if (fd < 0)
		return failed(c, name, err);
	if (write_all(fd, bytes->data, bytes->len) < 0 || fsync(fd) < 0)
		ret = failed(c, name, err);
	if (close(fd) < 0 && ret == 0)
		ret = failed(c, name, err);
	return ret;
}

/* ---- beginning ---- */

static int
open_place(struct ledger_copy *c, struct err *err)
{
	bool made = mkdir(c->path, DIR_MODE & 0770) == 0;
	struct stat st;

	if (!made && errno != EEXIST)
		return err_errno(err, "'%s'", c->path);
	c->dir = open(c->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0 || fstat(c->dir, &st) < 0 ||
	    (made && fchmod(c->dir, DIR_MODE) < 0))
		return err_errno(err, "'%s'", c->path);
	if (st.st_mode & S_IWOTH)
		return err_set(err, ERR_CONFIG,
		    "'%s' may be written to by everybody: take that away with "
		    "chmod o-w",
		    c->path);
	c->owner = c->sealer = st.st_uid;
	c->group = st.st_gid;
	return 0;
}

/* Nobody else's until it is in its place. */
static int
take_arriving(struct ledger_copy *c, int fd, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return failed(c, "", err);
	if (st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_set(err, ERR_CONFIG,
		    "'%s/" LEDGER_COPY_NAME "' is of somebody else, who began "
		    "to copy a ledger there: move it away",
		    c->path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return failed(c, "", err);
	return err_set(err, ERR_UNREACHABLE,
	    "somebody else copies a ledger to '%s' just now", c->path);
}

static int
open_arriving(struct ledger_copy *c, struct err *err)
{
	int fd;

	if (mkdirat(c->dir, LEDGER_COPY_NAME, 0700) < 0 && errno != EEXIST)
		return failed(c, "", err);
	fd = openat(c->dir, LEDGER_COPY_NAME,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return failed(c, "", err);
	if (take_arriving(c, fd, err) < 0) {
		(void)close(fd);
		return -1;
	}
	c->arriving = fd;
	return 0;
}

static int
make_room(struct ledger_copy *c, struct err *err)
{
	return ledger_copy_empty(c, err) < 0 ? -1 : ledger_copy_clear(c, err);
}

int
ledger_copy_begin(struct ledger_copy **out, const char *dir, bool *whole,
    struct err *err)
{
	struct ledger_copy *c = calloc(1, sizeof(*c));
	int ret = -1;

	if (c == NULL || (c->path = strdup(dir)) == NULL)
		err_fatal("out of memory");
	c->dir = c->arriving = c->fd = -1;
	*out = NULL;
	*whole = false;
	if (open_place(c, err) == 0 && open_arriving(c, err) == 0) {
		*whole = ledger_copy_is_whole(c);
		ret = *whole ? ledger_copy_place(c, err) : make_room(c, err);
	}
	if (ret == 0 && !*whole)
		*out = c;
	else
		ledger_copy_close(c);
	return ret;
}

void
ledger_copy_sealer(struct ledger_copy *c, unsigned uid)
{
	c->sealer = (uid_t)uid;
}

int
ledger_copy_end(struct ledger_copy *c, struct err *err)
{
	if (end_segment(c, err) < 0 || ledger_copy_say_whole(c, err) < 0 ||
	    ledger_copy_place(c, err) < 0)
		return -1;
	c->ended = true;
	return 0;
}

void
ledger_copy_close(struct ledger_copy *c)
{
	struct err ignored = {0};

	if (c == NULL)
		return;
	/* What is whole is for the next one to go on with. */
	if (c->arriving >= 0 && !c->ended && !ledger_copy_is_whole(c) &&
	    ledger_copy_clear(c, &ignored) == 0)
		(void)unlinkat(c->dir, LEDGER_COPY_NAME, AT_REMOVEDIR);
	ledger_copy_free(c);
}
