#include "edge/ledger_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "edge/ledger_claim.h"

#define NAP_FIRST 50 /* microseconds */
#define NAP_MOST 1000
/* Mostly it is held for less than a nap lasts. */
#define YIELDS 4

int64_t
ledger_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
wait_for(const struct ledger *l, int fd, const char *name, struct err *err)
{
	int64_t until = 0, nap = NAP_FIRST;

	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(err,
			    "'%s/%s' cannot be locked, and nothing is written "
			    "without (keep the ledger on a local file system)",
			    l->path, name);
		if (tries < YIELDS) {
			(void)sched_yield();
			continue;
		}
		if (until == 0)
			until = ledger_now_ms() + l->patience;
		else if (ledger_now_ms() >= until)
			return err_set(err, ERR_UNREACHABLE,
			    "'%s/%s' was held by somebody else for %" PRId64
			    " ms",
			    l->path, name, l->patience);
		ledger_nap(nap);
		nap = nap * 2 > NAP_MOST ? NAP_MOST : nap * 2;
	}
	return 0;
}

/* Somebody else's opening of the file must not get the lock that is held. */
static int
prove(struct ledger *l, struct err *err)
{
	int fd = -1, ret;

	if (l->proved)
		return 0;
	if (ledger_open_file(l, LEDGER_LOCK_NAME, O_RDWR, &fd, err) < 0)
		return -1;
	ret = flock(fd, LOCK_EX | LOCK_NB);
	l->proved = ret < 0 && errno == EWOULDBLOCK;
	close(fd);
	if (l->proved)
		return 0;
	return err_set(err, ERR_SYSTEM,
	    "'%s/" LEDGER_LOCK_NAME "' can be locked twice at once: locks do "
	    "not work there, and nothing is written without (keep the ledger "
	    "on a local file system)",
	    l->path);
}

static void
forget_lock(struct ledger *l)
{
	if (l->lock_fd >= 0)
		close(l->lock_fd);
	l->lock_fd = -1;
}

static int
open_lock(struct ledger *l, struct err *err)
{
	struct stat st;

	if (l->pid != getpid()) {
		ledger_claims_close(l);
		forget_lock(l);
		l->pid = getpid();
	}
	if (l->lock_fd >= 0)
		return 0;
	if (ledger_open_stat(l, LEDGER_LOCK_NAME, O_RDWR, &l->lock_fd, &st,
	        err) < 0)
		return -1;
	l->lock_dev = st.st_dev;
	l->lock_ino = st.st_ino;
	return 0;
}

/* Two who lock two files would both believe to be alone. */
static bool
is_the_lock(const struct ledger *l)
{
	struct stat st;

	return fstatat(l->dir, LEDGER_LOCK_NAME, &st, AT_SYMLINK_NOFOLLOW) ==
	    0 &&
	    st.st_ino == l->lock_ino && st.st_dev == l->lock_dev;
}

int
ledger_lock(struct ledger *l, struct err *err)
{
	bool kept;

	do {
		kept = l->lock_fd >= 0 && l->pid == getpid();
		if (open_lock(l, err) < 0 ||
		    wait_for(l, l->lock_fd, LEDGER_LOCK_NAME, err) < 0)
			return -1;
		if (is_the_lock(l)) {
			if (prove(l, err) == 0)
				return 0;
			ledger_unlock(l);
			return -1;
		}
		/* Of one that was kept open nobody knows since when. */
		forget_lock(l);
	} while (kept);
	return err_set(err, ERR_SYSTEM,
	    "'%s/" LEDGER_LOCK_NAME "' was replaced while it was waited for",
	    l->path);
}

/* A lock that cannot be given back goes with its descriptor. */
void
ledger_unlock(struct ledger *l)
{
	if (flock(l->lock_fd, LOCK_UN) < 0)
		forget_lock(l);
}

int
ledger_sync_try(struct ledger *l)
{
	if (flock(l->sync_fd, LOCK_EX | LOCK_NB) == 0)
		return 1;
	return errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}

int
ledger_sync_lock(struct ledger *l, struct err *err)
{
	return wait_for(l, l->sync_fd, LEDGER_SYNC_NAME, err);
}

void
ledger_sync_unlock(struct ledger *l)
{
	if (flock(l->sync_fd, LOCK_UN) < 0)
		ledger_claims_close(l);
}
