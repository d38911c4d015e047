#include "edge/ledger_shared.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/ledger_put.h"

void
ledger_elsewhere(struct ledger *l, const struct ledger_elsewhere *e)
{
	l->elsewhere = *e;
}

int
ledger_catch_up(struct ledger *l, struct err *err)
{
	return l->elsewhere.catch_up == NULL
	    ? 0
	    : l->elsewhere.catch_up(l->elsewhere.ctx, err);
}

bool
ledger_is_copy(const struct ledger *l)
{
	struct stat st;

	return fstatat(l->dir, LEDGER_SHARED_NAME, &st, AT_SYMLINK_NOFOLLOW) ==
	    0;
}

int
ledger_shared_mark(struct ledger *l, const char *text, struct err *err)
{
	size_t len = strlen(text);
	int fd, ret = 0;

	if (ledger_make_file(l, LEDGER_SHARED_NAME, O_TRUNC, &fd, err) < 0)
		return -1;
	if (write(fd, text, len) != (ssize_t)len || fsync(fd) < 0 ||
	    fsync(l->dir) < 0)
		ret = err_errno(err, "'%s/" LEDGER_SHARED_NAME "'", l->path);
	(void)close(fd);
	return ret;
}

/* One line that is not here yet, and follows. */
static int
take_line(struct buf *lines, const struct ledger *l, const char *line,
    size_t len, struct chain_mark *last, struct err *err)
{
	uint64_t seq = last->seq + 1;
	struct chain_head head;

	if (chain_check(last, line, len, true, &head, last) != CHAIN_FINE)
		return err_set(err, ERR_TAMPERED,
		    "'%s': record %" PRIu64
		    " of the shared ledger does not follow what this copy has",
		    l->path, seq);
	buf_add(lines, line, len);
	buf_char(lines, '\n');
	return 0;
}

/* The line of that number is the one that we have, or there are two. */
static int
pass_over(const struct ledger *l, const struct ledger_tail *t,
    const struct chain_head *head, const char *line, size_t len,
    struct err *err)
{
	unsigned char digest[DIGEST_SIZE];

	if (head->seq < t->last.seq)
		return 0;
	digest_sha256(digest, line, len);
	if (memcmp(digest, t->last.digest, DIGEST_SIZE) == 0)
		return 0;
	return err_set(err, ERR_TAMPERED,
	    "'%s': record %" PRIu64
	    " of the shared ledger is not the one that this copy has",
	    l->path, head->seq);
}

int
ledger_compose_taken(struct buf *lines, const struct ledger *l,
    const struct ledger_lines *from, const struct ledger_tail *t,
    struct chain_mark *last, struct err *err)
{
	const char *at = from->data, *end = at + from->len, *lf;
	struct chain_head head;
	int ret = 0;

	*last = t->last;
	if (from->segment > t->segment && from->segment != t->last.seq + 1)
		return err_set(err, ERR_TAMPERED,
		    "'%s': the shared ledger goes on with segment %" PRIu64
		    " behind record %" PRIu64,
		    l->path, from->segment, t->last.seq);
	for (; ret == 0 && at < end; at = lf + 1) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL || (size_t)(lf - at) > LEDGER_LINE_MAX)
			return err_set(err, ERR_TAMPERED,
			    "'%s': the shared ledger has a line without an end "
			    "behind record %" PRIu64,
			    l->path, last->seq);
		if (chain_read(&head, at, (size_t)(lf - at)) &&
		    head.seq <= t->last.seq)
			ret =
			    pass_over(l, t, &head, at, (size_t)(lf - at), err);
		else
			ret = take_line(lines, l, at, (size_t)(lf - at), last,
			    err);
	}
	return ret;
}
