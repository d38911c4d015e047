#include "edge/ledger_reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define NAME "reserve"

void
ledger_note_full(struct ledger *l, int error)
{
	if (error == ENOSPC || error == EDQUOT)
		l->full = true;
}

void
ledger_spare(struct ledger *l, bool may)
{
	l->spare = may;
}

bool
ledger_was_full(const struct ledger *l)
{
	return l->full;
}

uint64_t
ledger_reserve(struct ledger *l)
{
	struct stat st;

	if (fstatat(l->dir, NAME, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	return (uint64_t)st.st_size;
}

bool
ledger_reserve_give(struct ledger *l)
{
	struct err ignored = {0};
	struct stat st;
	off_t left;
	bool given;
	int fd;

	if (ledger_open_stat(l, NAME, O_RDWR, &fd, &st, &ignored) < 0)
		return false;
	left = st.st_size > LEDGER_RESERVE_STEP
	    ? st.st_size - LEDGER_RESERVE_STEP
	    : 0;
	/* Only then is it certain that others can have the room. */
	given = st.st_size > 0 && ftruncate(fd, left) == 0 && fsync(fd) == 0;
	close(fd);
	return given;
}

static bool
is_room(const struct ledger *l)
{
	struct statvfs v;

	return fstatvfs(l->dir, &v) == 0 &&
	    (uint64_t)v.f_bavail * v.f_frsize >= 2 * (uint64_t)LEDGER_RESERVE;
}

void
ledger_reserve_take(struct ledger *l)
{
	struct err ignored = {0};
	int fd;

	if (l->reserve_seen)
		return;
	l->reserve_seen = true;
	if (ledger_reserve(l) >= LEDGER_RESERVE || !is_room(l))
		return;
	if (ledger_open_file(l, NAME, O_RDWR, &fd, &ignored) < 0 &&
	    ledger_make_file(l, NAME, O_EXCL, &fd, &ignored) < 0)
		return;
	(void)posix_fallocate(fd, 0, LEDGER_RESERVE);
	close(fd);
}
