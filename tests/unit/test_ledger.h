/*
 * A ledger in a directory of its own, and calls of the system that fail when
 * they are told to.  Included by the tests of the ledger only.
 */
#ifndef TEST_LEDGER_H
#define TEST_LEDGER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "edge/ledger.h"

#define NOON 1795608000000
#define SEGMENT "00000000000000000001.jsonl"

/*
 * The countdown runs over pwrite, fdatasync and ftruncate, but not over what is
 * written to the file of claims; the call that finds it at 1, and as many as
 * `fault_run` in a row, fail with `fault_errno` (a write: after half of its
 * bytes), or the process dies there.
 */
static int fault_countdown, fault_errno, fault_run = 1, flock_errno;
static bool fault_kills;
/* How many syncs were made of any file. */
static unsigned syncs;
/* A lock on this file is never had while the file `go` is not there. */
static const char *shut_out_of;

static inline bool
is_faulty(void)
{
	if (fault_countdown == 0)
		return false;
	if (fault_countdown > 1) {
		fault_countdown--;
		return false;
	}
	if (--fault_run <= 0) {
		fault_countdown = 0;
		fault_run = 1;
	}
	return true;
}

/* The directory of the test that runs. */
static char dir[64];

static inline const char *
in_dir(const char *name)
{
	static char path[4][400];
	static unsigned turn;
	char *p = path[turn++ % 4];

	snprintf(p, 400, "%s/%s", dir, name);
	return p;
}

static inline bool
is_of_claims(int fd)
{
	struct stat ours, sync;

	return fstat(fd, &ours) == 0 && stat(in_dir("sync"), &sync) == 0 &&
	    ours.st_ino == sync.st_ino;
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
	if (!is_of_claims(fd) && is_faulty()) {
		if (len > 1)
			syscall(SYS_pwrite64, fd, data, len / 2, offset);
		if (fault_kills)
			_exit(9);
		errno = fault_errno;
		return -1;
	}
	return (ssize_t)syscall(SYS_pwrite64, fd, data, len, offset);
}

/* What happens elsewhere between a write and its sync. */
static void (*before_sync)(void);

int
fdatasync(int fd)
{
	syncs++;
	if (before_sync)
		before_sync();
	if (is_faulty()) {
		if (fault_kills)
			_exit(9);
		errno = fault_errno;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t size)
{
	if (is_faulty()) {
		if (fault_kills)
			_exit(9);
		errno = fault_errno;
		return -1;
	}
	return (int)syscall(SYS_ftruncate, fd, size);
}

static bool flock_lies;

int
flock(int fd, int how)
{
	struct stat ours, there;

	if (flock_errno != 0) {
		errno = flock_errno;
		return -1;
	}
	if (flock_lies)
		return 0;
	if (shut_out_of && how != LOCK_UN && access(in_dir("go"), F_OK) < 0 &&
	    fstat(fd, &ours) == 0 && stat(in_dir(shut_out_of), &there) == 0 &&
	    ours.st_ino == there.st_ino) {
		errno = EWOULDBLOCK;
		return -1;
	}
	return (int)syscall(SYS_flock, fd, how);
}

/* What happens elsewhere while somebody sleeps. */
static void (*meanwhile)(void);

int
nanosleep(const struct timespec *time, struct timespec *left)
{
	if (meanwhile)
		meanwhile();
	return (int)syscall(SYS_nanosleep, time, left);
}

static inline struct buf
slurp(const char *path)
{
	struct buf buf = {0};
	char block[4096];
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	buf_put(&buf, "");
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&buf, block, n);
	fclose(f);
	return buf;
}

static inline void
spill(const char *path, const char *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0660), 0);
}

static inline int
new_ledger(void **state)
{
	struct err err;

	(void)state;
	fault_countdown = flock_errno = 0;
	fault_run = 1;
	fault_kills = flock_lies = false;
	shut_out_of = NULL;
	syncs = 0;
	snprintf(dir, sizeof(dir), "/tmp/test_ledger.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	return ledger_create(dir, &err);
}

/* As after a crash: nobody knows any more what was on disk. */
static inline void
forget_claims(void)
{
	unlink(in_dir("sync"));
}

static inline int
no_ledger(void **state)
{
	struct dirent *entry;
	DIR *d = opendir(dir);

	(void)state;
	while (d && (entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			unlink(in_dir(entry->d_name));
	if (d)
		closedir(d);
	return rmdir(dir);
}

static inline struct ledger *
opened(enum ledger_mode mode)
{
	struct ledger *l = NULL;
	struct err err = {0};

	if (ledger_open(&l, dir, mode, &err) < 0)
		fail_msg("%s", err.text);
	return l;
}

/* One record whose text is told by `n`. */
static inline int
append_one(struct ledger *l, int n, struct err *err)
{
	char text[64];
	struct ledger_body body = {text, 0};

	body.len = (size_t)snprintf(text, sizeof(text),
	    "\"type\":\"observation\",\"n\":%d}", n);
	return ledger_append(l, &body, 1, NOON + n, NULL, err);
}

static inline void
append_many(int from, int to)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err = {0};

	for (int n = from; n <= to; n++)
		if (append_one(l, n, &err) < 0)
			fail_msg("%s", err.text);
	ledger_close(l);
}

struct seen {
	uint64_t count;
	unsigned recovered;
	char last[256];
	struct chain_mark mark[400];
	uint64_t stop_at;
};

static inline int
note(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct seen *s = ctx;

	(void)err;
	if (s->count < 400)
		s->mark[s->count] = *mark;
	s->count++;
	if (text_find(line, len, "\"type\":\"recovered\""))
		s->recovered++;
	snprintf(s->last, sizeof(s->last), "%.*s", (int)len, line);
	return s->stop_at == mark->seq;
}

/* A walk from the start that must succeed. */
static inline struct ledger_end
walked(struct seen *s)
{
	struct ledger *l = opened(LEDGER_READ);
	struct ledger_end end;
	struct err err = {0};

	*s = (struct seen){0};
	if (ledger_walk(l, NULL, note, s, &end, &err) < 0)
		fail_msg("%s", err.text);
	ledger_close(l);
	return end;
}

static inline uint64_t
lines_there(void)
{
	struct seen s;

	walked(&s);
	return s.count;
}

/* A walk from the start that must fail with these words. */
static inline void
walk_fails_with(const char *words)
{
	struct ledger *l = NULL;
	struct err err = {0};
	int ret = ledger_open(&l, dir, LEDGER_READ, &err);

	if (ret == 0)
		ret = ledger_walk(l, NULL, NULL, NULL, NULL, &err);
	ledger_close(l);
	if (ret == 0)
		fail_msg("walked, but expected: %s", words);
	assert_int_equal(err.kind, ERR_TAMPERED);
	if (!strstr(err.text, words))
		fail_msg("'%s' does not say '%s'", err.text, words);
}

#endif
