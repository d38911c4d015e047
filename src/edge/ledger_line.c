/* Single lines, without the lock. */
#include "edge/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/ledger_files.h"

/* The descriptor of a segment, kept from one line to the next. */
static int
segment_fd(struct ledger *l, uint64_t segment, struct err *err)
{
	char name[LEDGER_NAME_SIZE];

	if (l->fd >= 0 && l->fd_segment == segment)
		return 0;
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	ledger_name(name, segment);
	if (ledger_open_file(l, name, O_RDONLY, &l->fd, err) < 0)
		return -1;
	l->fd_segment = segment;
	return 0;
}

static bool
is_known(const unsigned char digest[DIGEST_SIZE])
{
	static const unsigned char none[DIGEST_SIZE];

	return memcmp(digest, none, DIGEST_SIZE) != 0;
}

/* Are these bytes, newline included, the line that `mark` means? */
static bool
is_line(const struct chain_mark *mark, const char *data, size_t len)
{
	struct chain_mark before = {.seq = mark->seq - 1}, found;
	struct chain_head head;

	if (len != mark->length + 1 || data[len - 1] != '\n' ||
	    memchr(data, '\n', len - 1))
		return false;
	chain_check(&before, data, len - 1, true, &head, &found);
	return head.seq == mark->seq &&
	    (!is_known(mark->digest) ||
	        memcmp(found.digest, mark->digest, DIGEST_SIZE) == 0);
}

/*
 * The bytes of a line, or NULL when the ledger does not have it there.  A kept
 * descriptor may be that of a file which is no longer there, so a miss is
 * looked at once more.
 */
static int
fetch(struct ledger *l, const struct chain_mark *mark, struct pool *pool,
    char **line, struct err *err)
{
	size_t len = (size_t)mark->length + 1, got;
	char *data;

	*line = NULL;
	if (mark->seq == 0 || mark->seq > CHAIN_SEQ_MAX ||
	    mark->length > LEDGER_LINE_MAX || mark->offset > INT64_MAX / 2)
		return 0;
	data = pool_alloc(pool, len + 1);
	for (int look = 0; look < 2; look++) {
		if (segment_fd(l, mark->segment, err) < 0)
			return -1;
		if (ledger_pread(l, mark->segment, l->fd, data, len,
		        mark->offset, &got, err) < 0)
			return -1;
		if (is_line(mark, data, got)) {
			data[len - 1] = '\0';
			*line = data;
			return 0;
		}
		close(l->fd);
		l->fd = -1;
	}
	return 0;
}

int
ledger_line(struct ledger *l, const struct chain_mark *mark, struct pool *pool,
    const char **line, size_t *len, struct err *err)
{
	char *data;

	if (fetch(l, mark, pool, &data, err) < 0)
		return -1;
	if (!data)
		return err_set(err, ERR_TAMPERED,
		    "'%s' has no longer line %" PRIu64 " at byte %" PRIu64
		    " of segment %" PRIu64,
		    l->path, mark->seq, mark->offset, mark->segment);
	*line = data;
	*len = (size_t)mark->length;
	return 0;
}

static bool
begins(const struct chain_mark *mark, char *data, size_t len)
{
	struct chain_head head;

	/* A head is read of what looks whole. */
	data[len] = '}';
	return chain_read(&head, data, len + 1) && head.seq == mark->seq;
}

int
ledger_line_start(struct ledger *l, const struct chain_mark *mark,
    struct pool *pool, size_t most, const char **line, size_t *len,
    struct err *err)
{
	char *data;
	size_t got = 0;

	if (mark->length <= most)
		return ledger_line(l, mark, pool, line, len, err);
	data = pool_alloc(pool, most + 2);
	for (int look = 0; look < 2 && got == 0; look++) {
		if (segment_fd(l, mark->segment, err) < 0 ||
		    ledger_pread(l, mark->segment, l->fd, data, most,
		        mark->offset, &got, err) < 0)
			return -1;
		if (got == most && begins(mark, data, got))
			break;
		close(l->fd);
		l->fd = -1;
		got = 0;
	}
	if (got == 0)
		return err_set(err, ERR_TAMPERED,
		    "'%s' has no longer line %" PRIu64 " at byte %" PRIu64
		    " of segment %" PRIu64,
		    l->path, mark->seq, mark->offset, mark->segment);
	data[got] = '\0';
	*line = data;
	*len = got;
	return 0;
}

int
ledger_holds(struct ledger *l, const struct chain_mark *mark, bool *holds,
    struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	struct pool pool = {0};
	struct stat st;
	char *data;
	int ret;

	*holds = mark->seq == 0;
	if (mark->seq == 0)
		return 0;
	ledger_name(name, mark->segment);
	if (fstatat(l->dir, ledger_name_now(l, name), &st,
	        AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			return err_errno(err, "'%s/%s'", l->path, name);
		if (ledger_list(l, &(struct err){0}) < 0 ||
		    !ledger_was_renamed(l, mark->segment))
			return 0;
	}
	ret = fetch(l, mark, &pool, &data, err);
	*holds = ret == 0 && data != NULL;
	pool_free(&pool);
	return ret;
}
