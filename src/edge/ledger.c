/* Appending: lock, look at the newest line, write, sync, answer. */
#include "edge/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "edge/ledger_tail.h"

#define NAP_FIRST 100 /* microseconds */
#define NAP_MOST 2000

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
wait_for_lock(const struct ledger *l, int fd, struct err *err)
{
	int64_t until = monotonic_ms() + l->patience;
	int64_t nap = NAP_FIRST;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(err,
			    "'%s/" LEDGER_LOCK_NAME "' cannot be locked, and "
			    "nothing is written without (keep the ledger on a "
			    "local file system)",
			    l->path);
		if (monotonic_ms() >= until)
			return err_set(err, ERR_UNREACHABLE,
			    "'%s/" LEDGER_LOCK_NAME "' was held by somebody "
			    "else for %" PRId64 " ms",
			    l->path, l->patience);
		ledger_nap(nap);
		nap = nap * 2 > NAP_MOST ? NAP_MOST : nap * 2;
	}
	return 0;
}

/*
 * The descriptor is new each time, for a lock belongs to it: a child would
 * share its parent's.  The file must still be the one that others lock.
 */
static int
take_lock(struct ledger *l, int *fd, struct err *err)
{
	struct stat ours, there;

	if (ledger_open_file(l, LEDGER_LOCK_NAME, O_RDWR, fd, err) < 0)
		return -1;
	if (wait_for_lock(l, *fd, err) < 0)
		goto fail;
	if (fstat(*fd, &ours) == 0 &&
	    fstatat(l->dir, LEDGER_LOCK_NAME, &there, 0) == 0 &&
	    ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
		return 0;
	err_set(err, ERR_SYSTEM,
	    "'%s/" LEDGER_LOCK_NAME "' was replaced while it was waited for",
	    l->path);
fail:
	close(*fd);
	*fd = -1;
	return -1;
}

static int
write_all(int fd, const char *data, size_t len, uint64_t offset)
{
	ssize_t n;

	for (size_t done = 0; done < len; done += (size_t)n) {
		n = pwrite(fd, data + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return -1;
		else if (n == 0) {
			errno = EIO;
			return -1;
		}
	}
	return 0;
}

/* Put the file back as it was found, torn bytes and all. */
static int
undo(const struct ledger_tail *t)
{
	if (write_all(t->fd, t->torn, t->torn_len, t->end) < 0 ||
	    ftruncate(t->fd, (off_t)(t->end + t->torn_len)) < 0)
		return -1;
	return fdatasync(t->fd);
}

/*
 * Over a torn tail the new lines are written before what is left of it is cut
 * off, so that a failure finds the room to put it back.
 */
static int
put(struct ledger *l, const struct ledger_tail *t, const struct buf *lines,
    struct err *err)
{
	if (write_all(t->fd, lines->data, lines->len, t->end) == 0 &&
	    (t->torn_len <= lines->len ||
	        ftruncate(t->fd, (off_t)(t->end + lines->len)) == 0) &&
	    fdatasync(t->fd) == 0)
		return 0;
	err_errno(err, "'%s/%s' cannot be appended to", l->path, t->name);
	if (undo(t) < 0) {
		l->broken = true;
		err_within(err, "a failed append could not be undone");
	}
	return -1;
}

static void
add_line(struct buf *lines, struct chain_mark *last, int64_t now,
    const char *body, size_t len)
{
	chain_write(lines, last, now, body, len, last);
	buf_char(lines, '\n');
}

/* What was torn, in a record: all of it by its digest, some of it to look at.
 */
static void
add_recovered(struct buf *lines, const struct ledger_tail *t,
    struct chain_mark *last, int64_t now)
{
	size_t kept =
	    t->torn_len < LEDGER_KEPT_MAX ? t->torn_len : LEDGER_KEPT_MAX;
	char hex[DIGEST_HEX_SIZE];
	struct buf body = {0};

	digest_sha256_hex(hex, t->torn, t->torn_len);
	buf_printf(&body,
	    "\"type\":\"recovered\",\"torn\":{\"bytes\":%zu,"
	    "\"sha256\":\"%s\",\"kept\":\"",
	    t->torn_len, hex);
	text_base64(&body, t->torn, kept);
	buf_put(&body, "\"}}");
	add_line(lines, last, now, body.data, body.len);
	buf_free(&body);
}

/* What is to be appended, and behind which line alone. */
struct appending {
	const struct ledger_body *bodies;
	size_t count;
	int64_t now;
	const uint64_t *behind; /* NULL: whatever is the newest */
	uint64_t first;
	bool stale;
};

static int
append_locked(struct ledger *l, struct appending *a, struct err *err)
{
	struct ledger_tail t = {.fd = -1};
	struct chain_mark last;
	struct buf lines = {0};
	uint64_t seq;
	int ret = -1;

	if (ledger_tail_find(l, &t, err) < 0)
		goto out;
	last = t.last;
	a->stale = a->behind != NULL && *a->behind != last.seq;
	if (a->stale) {
		ret = 0;
		goto out;
	}
	if (t.torn_len > 0)
		add_recovered(&lines, &t, &last, a->now);
	seq = last.seq + 1;
	for (size_t i = 0; i < a->count; i++)
		add_line(&lines, &last, a->now, a->bodies[i].text,
		    a->bodies[i].len);
	if (lines.len > 0)
		ret = put(l, &t, &lines, err);
	else
		ret = 0;
	if (ret == 0)
		a->first = seq;
out:
	ledger_tail_release(&t);
	buf_free(&lines);
	return ret;
}

static int
check_bodies(const struct ledger_body *bodies, size_t count, struct err *err)
{
	size_t all = 0;

	for (size_t i = 0; i < count; i++) {
		if (bodies[i].len > LEDGER_LINE_MAX - CHAIN_HEAD_MAX)
			return err_set(err, ERR_INPUT,
			    "a record of %zu bytes is over the limit of %u",
			    bodies[i].len, LEDGER_LINE_MAX - CHAIN_HEAD_MAX);
		if (!chain_body_fit(bodies[i].text, bodies[i].len))
			return err_set(err, ERR_INPUT,
			    "record %zu of an append is not the rest of a line",
			    i + 1);
		all += bodies[i].len + CHAIN_HEAD_MAX;
		if (all > LEDGER_APPEND_MAX)
			return err_set(err, ERR_INPUT,
			    "%zu records at once are over the limit of %u bytes",
			    count, LEDGER_APPEND_MAX);
	}
	return 0;
}

/* A signal that ends us waits until the lines are whole. */
static int
append_whole(struct ledger *l, struct appending *a, struct err *err)
{
	sigset_t all, before;
	int ret;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	ret = append_locked(l, a, err);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}

static int
append(struct ledger *l, struct appending *a, struct err *err)
{
	int lock = -1, ret;

	if (l->mode != LEDGER_APPEND)
		return err_set(err, ERR_INPUT,
		    "ledger '%s' was opened for reading", l->path);
	if (l->broken)
		return err_set(err, ERR_SYSTEM,
		    "ledger '%s': a failed append could not be undone, and "
		    "nothing is appended behind it",
		    l->path);
	if (a->now <= 0)
		return err_set(err, ERR_INPUT, "a record needs a time");
	if (check_bodies(a->bodies, a->count, err) < 0 ||
	    take_lock(l, &lock, err) < 0)
		return -1;
	ret = append_whole(l, a, err);
	close(lock);
	return ret;
}

int
ledger_append(struct ledger *l, const struct ledger_body *bodies, size_t count,
    int64_t now, uint64_t *first, struct err *err)
{
	struct appending a = {.bodies = bodies, .count = count, .now = now};

	if (append(l, &a, err) < 0)
		return -1;
	if (first != NULL)
		*first = a.first;
	return 0;
}

int
ledger_append_behind(struct ledger *l, uint64_t last,
    const struct ledger_body *bodies, size_t count, int64_t now,
    uint64_t *first, bool *stale, struct err *err)
{
	struct appending a = {.bodies = bodies,
	    .count = count,
	    .now = now,
	    .behind = &last};

	if (append(l, &a, err) < 0)
		return -1;
	*stale = a.stale;
	if (!a.stale && first != NULL)
		*first = a.first;
	return 0;
}
