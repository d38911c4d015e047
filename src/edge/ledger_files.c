#include "edge/ledger_claim.h"
#include "edge/ledger_reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DIR_MODE 02770
#define FILE_MODE 0660

/* Who is turned away, by what, and what to do about it. */
static int
denied(const char *path, const char *name, const struct stat *st,
    struct err *err)
{
	return err_set(err, ERR_SYSTEM,
	    "'%s%s%s' is closed to user %u: it belongs to user %u and group "
	    "%u with mode %04o; make the user a member of the group",
	    path, *name ? "/" : "", name, (unsigned)geteuid(),
	    (unsigned)st->st_uid, (unsigned)st->st_gid,
	    (unsigned)(st->st_mode & 07777));
}

static int
check_mode(const char *path, const char *name, const struct stat *st,
    struct err *err)
{
	if (st->st_mode & S_IWOTH)
		return err_set(err, ERR_CONFIG,
		    "'%s%s%s' may be written to by everybody (user %u, mode "
		    "%04o): take that away with chmod o-w",
		    path, *name ? "/" : "", name, (unsigned)st->st_uid,
		    (unsigned)(st->st_mode & 07777));
	return 0;
}

int
ledger_open_stat(struct ledger *l, const char *name, int flags, int *fd,
    struct stat *out, struct err *err)
{
	const int how = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	struct stat st;
	int f;

	name = ledger_name_now(l, name);
	f = openat(l->dir, name, how);
	/* It may just have been given another name. */
	if (f < 0 && errno == ENOENT && ledger_list(l, &(struct err){0}) == 0) {
		name = ledger_name_now(l, name);
		f = openat(l->dir, name, how);
	}
	if (f < 0 && errno == EACCES && fstatat(l->dir, name, &st, 0) == 0)
		return denied(l->path, name, &st, err);
	if (f < 0 && errno == ELOOP)
		return err_set(err, ERR_TAMPERED,
		    "'%s/%s' is a symbolic link, not a file of a ledger",
		    l->path, name);
	if (f < 0 || fstat(f, &st) < 0) {
		err_errno(err, "'%s/%s'", l->path, name);
		goto fail;
	}
	if (!S_ISREG(st.st_mode)) {
		err_set(err, ERR_TAMPERED, "'%s/%s' is not a regular file",
		    l->path, name);
		goto fail;
	}
	if (l->mode == LEDGER_APPEND && check_mode(l->path, name, &st, err) < 0)
		goto fail;
	*fd = f;
	*out = st;
	return 0;
fail:
	if (f >= 0)
		close(f);
	return -1;
}

int
ledger_open_file(struct ledger *l, const char *name, int flags, int *fd,
    struct err *err)
{
	struct stat st;

	return ledger_open_stat(l, name, flags, fd, &st, err);
}

int
ledger_pread(const struct ledger *l, uint64_t segment, int fd, void *data,
    size_t len, uint64_t offset, size_t *got, struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	ssize_t n;

	for (*got = 0; *got < len; *got += (size_t)n) {
		do
			n = pread(fd, (char *)data + *got, len - *got,
			    (off_t)(offset + *got));
		while (n < 0 && errno == EINTR);
		if (n == 0)
			break;
		if (n < 0) {
			ledger_name(name, segment);
			return err_errno(err, "'%s/%s'", l->path, name);
		}
	}
	return 0;
}

void
ledger_nap(int64_t microseconds)
{
	struct timespec t = {.tv_sec = (time_t)(microseconds / 1000000),
	    .tv_nsec = (long)(microseconds % 1000000 * 1000)};

	nanosleep(&t, NULL);
}

static struct ledger *
new_handle(const char *dir, enum ledger_mode mode)
{
	struct ledger *l = calloc(1, sizeof(*l));

	/* Memory that is not written to is never had: no calloc() here. */
	if (!l || !(l->path = strdup(dir)) ||
	    !(l->segment = malloc(LEDGER_SEGMENTS_MAX * sizeof(*l->segment))))
		err_fatal("out of memory");
	l->mode = mode;
	l->patience = LEDGER_PATIENCE;
	l->dir = l->fd = l->lock_fd = l->sync_fd = -1;
	l->pid = getpid();
	l->segment_most = LEDGER_SEGMENT_BYTES;
	return l;
}

static int
open_dir(struct ledger *l, struct err *err)
{
	struct stat st;

	l->dir = open(l->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->dir < 0 && errno == ENOENT)
		return err_set(err, ERR_SYSTEM,
		    "ledger '%s' does not exist; 'foureyes init' makes one",
		    l->path);
	if (l->dir < 0 && errno == EACCES && stat(l->path, &st) == 0)
		return denied(l->path, "", &st, err);
	if (l->dir < 0 || fstat(l->dir, &st) < 0)
		return err_errno(err, "ledger '%s'", l->path);
	if (l->mode == LEDGER_APPEND)
		return check_mode(l->path, "", &st, err);
	return 0;
}

int
ledger_open(struct ledger **out, const char *dir, enum ledger_mode mode,
    struct err *err)
{
	struct ledger *l = new_handle(dir, mode);

	if (open_dir(l, err) < 0 || ledger_list(l, err) < 0) {
		ledger_close(l);
		return -1;
	}
	*out = l;
	return 0;
}

void
ledger_close(struct ledger *l)
{
	if (!l)
		return;
	if (l->elsewhere.close)
		l->elsewhere.close(l->elsewhere.ctx);
	ledger_claims_close(l);
	if (l->lock_fd >= 0)
		close(l->lock_fd);
	if (l->fd >= 0)
		close(l->fd);
	if (l->names)
		closedir(l->names);
	if (l->dir >= 0)
		close(l->dir);
	free(l->renamed);
	free(l->segment);
	free(l->path);
	free(l);
}

void
ledger_patience(struct ledger *l, int64_t ms)
{
	l->patience = ms;
}

void
ledger_segment_size(struct ledger *l, uint64_t bytes)
{
	l->segment_most = bytes;
}

bool
ledger_is_there(const struct ledger *l, const char *name, int fd)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 &&
	    fstatat(l->dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

int
ledger_make_file(struct ledger *l, const char *name, int flags, int *fd,
    struct err *err)
{
	*fd = openat(l->dir, name,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, FILE_MODE);
	if (*fd >= 0 && fchmod(*fd, FILE_MODE) == 0)
		return 0;
	err_errno(err, "'%s/%s'", l->path, name);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -1;
}

/* An empty file that is there for good. */
static int
create_file(struct ledger *l, const char *name, int flags, struct err *err)
{
	int fd, ret = 0;

	if (ledger_make_file(l, name, flags, &fd, err) < 0)
		return -1;
	if (fsync(fd) < 0)
		ret = err_errno(err, "'%s/%s'", l->path, name);
	close(fd);
	return ret;
}

static int
fill_dir(struct ledger *l, bool made, struct err *err)
{
	char name[LEDGER_NAME_SIZE];

	if (open_dir(l, err) < 0)
		return -1;
	if (made && fchmod(l->dir, DIR_MODE) < 0)
		return err_errno(err, "'%s'", l->path);
	if (ledger_list_any(l, err) < 0)
		return -1;
	if (l->segment_count > 0)
		return err_set(err, ERR_INPUT, "'%s' holds a ledger already",
		    l->path);
	ledger_name(name, 1);
	/* The segment last: without it the directory is no ledger yet. */
	if (create_file(l, LEDGER_LOCK_NAME, 0, err) < 0 ||
	    create_file(l, name, O_EXCL, err) < 0)
		return -1;
	if (fsync(l->dir) < 0)
		return err_errno(err, "'%s'", l->path);
	ledger_reserve_take(l);
	return 0;
}

int
ledger_create(const char *dir, struct err *err)
{
	struct ledger *l;
	bool made = mkdir(dir, DIR_MODE & 0770) == 0;
	int ret;

	if (!made && errno != EEXIST)
		return err_errno(err, "'%s'", dir);
	l = new_handle(dir, LEDGER_APPEND);
	ret = fill_dir(l, made, err);
	ledger_close(l);
	return ret;
}
