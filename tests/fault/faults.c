/*
 * faults - system calls that fail, or at which the process dies; preloaded.
 *
 *	FAULT_DIR	only what is done to files below it counts
 *	FAULT_CALLS	of these calls, separated by commas; or all of them
 *	FAULT_NTH	the first one that fails
 *	FAULT_RUN	how many fail in a row; 0: all from then on
 *	FAULT_HOW	ENOSPC, EIO, ENOLCK, EBADF: it fails with that
 *			short: a write writes half of it, and says so
 *			torn: a write writes half of it, and fails with ENOSPC
 *			half: a write writes half of it, and the process dies
 *			yes: it succeeds and does nothing
 *			before, after: the process dies there (kill -9)
 *	FAULT_HIT	a file that is made when it happens; where it is there
 *			already nothing happens, so of many processes one fails
 *
 * Each process counts for itself.  Calls are made by number, so that nothing of
 * the C library's own comes in between.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static unsigned long calls;
static bool struck;

static bool
is_below(const char *path)
{
	const char *dir = getenv("FAULT_DIR");
	size_t len = dir ? strlen(dir) : 0;

	return len > 0 && strncmp(path, dir, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0');
}

static bool
is_watched(int fd)
{
	char link[64], path[4096];
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	return is_below(path);
}

static bool
is_chosen(const char *name)
{
	const char *list = getenv("FAULT_CALLS");
	size_t len = strlen(name);

	if (!list || !*list)
		return true;
	for (; *list; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == len && strncmp(list, name, len) == 0)
			return true;
	return false;
}

static unsigned long
number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : otherwise;
}

/* One of all processes strikes, and goes on striking. */
static bool
may_strike(void)
{
	const char *path = getenv("FAULT_HIT");
	long fd;

	if (struck || !path)
		return true;
	fd = syscall(SYS_openat, AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	(void)syscall(SYS_close, fd);
	struck = true;
	return true;
}

/* How this call is to fail, or NULL. */
static const char *
fault(const char *name, bool watched)
{
	unsigned long nth = number("FAULT_NTH", 0), run;

	if (nth == 0 || !watched || !is_chosen(name))
		return NULL;
	calls++;
	run = number("FAULT_RUN", 1);
	if (calls < nth || (run > 0 && calls >= nth + run) || !may_strike())
		return NULL;
	return getenv("FAULT_HOW");
}

static void
die(void)
{
	(void)syscall(SYS_kill, getpid(), SIGKILL);
}

/* 0: it is to be done; 1: it is said to be done; -1: it failed. */
static int
fails(const char *how)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"ENOLCK", ENOLCK},
	    {"EBADF", EBADF}};

	if (!how)
		return 0;
	if (strcmp(how, "before") == 0)
		die();
	if (strcmp(how, "yes") == 0)
		return 1;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(how, errors[i].name) == 0) {
			errno = errors[i].number;
			return -1;
		}
	return 0;
}

static long
done(const char *how, long result)
{
	if (how && strcmp(how, "after") == 0)
		die();
	return result;
}

static ssize_t
some_bytes(const char *name, int fd, const void *data, size_t len, off_t at,
    bool placed)
{
	const char *how = fault(name, is_watched(fd));
	bool torn = how && strcmp(how, "torn") == 0;
	bool half = how && strcmp(how, "half") == 0;
	int f = fails(how);
	long n;

	if (f != 0)
		return f < 0 ? -1 : (ssize_t)len;
	if (how && (torn || half || strcmp(how, "short") == 0) && len > 1)
		len /= 2;
	n = placed ? syscall(SYS_pwrite64, fd, data, len, at)
	           : syscall(SYS_write, fd, data, len);
	if (half)
		die();
	if (torn) {
		errno = ENOSPC;
		return -1;
	}
	return done(how, n);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
	return some_bytes("pwrite", fd, data, len, at, true);
}

ssize_t
pwrite64(int fd, const void *data, size_t len, off_t at)
{
	return some_bytes("pwrite", fd, data, len, at, true);
}

ssize_t
write(int fd, const void *data, size_t len)
{
	return some_bytes("write", fd, data, len, 0, false);
}

/* A call of one descriptor and one number. */
static int
simple(const char *name, long call, int fd, long argument)
{
	const char *how = fault(name, is_watched(fd));
	int f = fails(how);

	if (f != 0)
		return f < 0 ? -1 : 0;
	return (int)done(how, syscall(call, fd, argument));
}

int
fdatasync(int fd)
{
	return simple("fdatasync", SYS_fdatasync, fd, 0);
}

int
fsync(int fd)
{
	return simple("fsync", SYS_fsync, fd, 0);
}

int
ftruncate(int fd, off_t size)
{
	return simple("ftruncate", SYS_ftruncate, fd, size);
}

int
ftruncate64(int fd, off_t size)
{
	return simple("ftruncate", SYS_ftruncate, fd, size);
}

int
flock(int fd, int how)
{
	return simple("flock", SYS_flock, fd, how);
}

int
fchmod(int fd, mode_t mode)
{
	return simple("fchmod", SYS_fchmod, fd, (long)mode);
}

ssize_t
pread64(int fd, void *data, size_t len, off_t at)
{
	const char *how = fault("pread", is_watched(fd));

	if (fails(how) < 0)
		return -1;
	return done(how, syscall(SYS_pread64, fd, data, len, at));
}

ssize_t
pread(int fd, void *data, size_t len, off_t at)
{
	return pread64(fd, data, len, at);
}

static bool
is_watched_at(int dir, const char *path)
{
	return path[0] == '/' || dir == AT_FDCWD ? is_below(path)
	                                         : is_watched(dir);
}

int
unlinkat(int dir, const char *path, int flags)
{
	const char *how = fault("unlink", is_watched_at(dir, path));

	if (fails(how) < 0)
		return -1;
	return (int)done(how, syscall(SYS_unlinkat, dir, path, flags));
}

int
renameat(int from, const char *old, int to, const char *new)
{
	const char *how = fault("rename", is_watched_at(from, old));

	if (fails(how) < 0)
		return -1;
	return (int)done(how, syscall(SYS_renameat2, from, old, to, new, 0));
}

static int
open_at(int dir, const char *path, int flags, mode_t mode)
{
	const char *how = fault("open", is_watched_at(dir, path));

	if (fails(how) < 0)
		return -1;
	return (int)done(how, syscall(SYS_openat, dir, path, flags, mode));
}

#define OPEN_MODE(mode, flags)                                                 \
	do {                                                                   \
		va_list list;                                                  \
		va_start(list, flags);                                         \
		(mode) = ((flags)&O_CREAT) ? va_arg(list, mode_t) : 0;         \
		va_end(list);                                                  \
	} while (0)

int
openat(int dir, const char *path, int flags, ...)
{
	mode_t mode;

	OPEN_MODE(mode, flags);
	return open_at(dir, path, flags, mode);
}

int
openat64(int dir, const char *path, int flags, ...)
{
	mode_t mode;

	OPEN_MODE(mode, flags);
	return open_at(dir, path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	mode_t mode;

	OPEN_MODE(mode, flags);
	return open_at(AT_FDCWD, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	mode_t mode;

	OPEN_MODE(mode, flags);
	return open_at(AT_FDCWD, path, flags, mode);
}
