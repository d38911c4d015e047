#include "app/checkpoints.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pool.h"
#include "core/checkpoint.h"
#include "edge/seal.h"

static int
add_line(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	unsigned char leaf[DIGEST_SIZE];

	(void)mark;
	(void)err;
	merkle_leaf(leaf, line, len);
	merkle_add(ctx, leaf);
	return 0;
}

int
checkpoints_tree(struct merkle *tree, struct ledger *ledger, struct err *err)
{
	return ledger_walk(ledger, NULL, add_line, tree, NULL, err);
}

static int
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Written whole or not at all: link() takes no name that is there. */
static int
put_note(const char *path, const struct buf *note, struct err *err)
{
	struct pool pool = {0};
	const char *part = pool_printf(&pool, "%s.%ld", path, (long)getpid());
	int fd = open(part,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
	int ret = -1;

	if (fd < 0) {
		err_errno(err, "'%s'", part);
		goto out;
	}
	if (fchmod(fd, 0660) < 0 || write_all(fd, note->data, note->len) < 0 ||
	    fsync(fd) < 0)
		err_errno(err, "'%s'", part);
	else if (link(part, path) < 0)
		err_errno(err, "'%s'", path);
	else
		ret = 0;
	close(fd);
	(void)unlink(part);
out:
	pool_free(&pool);
	return ret;
}

int
checkpoints_first(struct ledger *ledger, const struct settings *settings,
    struct err *err)
{
	struct pool pool = {0};
	struct merkle tree = {0};
	struct checkpoint c = {0};
	struct seal *seal = NULL;
	struct buf note = {0};
	int ret = -1;

	if (checkpoint_name(&c, settings->origin, err) < 0 ||
	    checkpoints_tree(&tree, ledger, err) < 0 ||
	    seal_open(&seal, settings->seal_key, err) < 0)
		goto out;
	c.size = tree.count;
	merkle_root(c.root, &tree);
	if (seal_sign(seal, &c, &note, err) == 0)
		ret = put_note(pool_printf(&pool, "%s/" CHECKPOINT_FILE,
		                   settings->ledger),
		    &note, err);
out:
	seal_close(seal);
	buf_free(&note);
	pool_free(&pool);
	return ret;
}
