/* Where a pruned ledger begins, and taking segments away. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/ledger.h"
#include "edge/ledger_files.h"

#define NAME "pruned"
#define NAME_NEW "pruned.new"
#define MODE 0660

int
ledger_pruned(struct ledger *l, struct pruned *out, struct err *err)
{
	char text[PRUNED_TEXT_MAX + 1];
	struct stat st;
	size_t len;
	int fd, ret;

	memset(out, 0, sizeof(*out));
	if (fstatat(l->dir, NAME, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT
		    ? 0
		    : err_errno(err, "'%s/" NAME "'", l->path);
	if (ledger_open_file(l, NAME, O_RDONLY, &fd, err) < 0)
		return -1;
	ret = ledger_pread(l, 0, fd, text, sizeof(text), 0, &len, err);
	close(fd);
	if (ret == 0 && pruned_read(out, text, len, err) < 0)
		ret = err_within(err, "'%s/" NAME "'", l->path);
	return ret;
}

static int
write_new(struct ledger *l, const struct buf *text)
{
	int fd = openat(l->dir, NAME_NEW,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, MODE);
	int ret = -1;

	if (fd < 0)
		return -1;
	if (fchmod(fd, MODE) == 0 &&
	    write(fd, text->data, text->len) == (ssize_t)text->len &&
	    fsync(fd) == 0)
		ret = 0;
	if (close(fd) < 0)
		ret = -1;
	return ret;
}

int
ledger_prune_mark(struct ledger *l, const struct pruned *p, struct err *err)
{
	struct buf text = {0};
	int ret = 0;

	pruned_write(&text, p);
	if (write_new(l, &text) < 0 ||
	    renameat(l->dir, NAME_NEW, l->dir, NAME) < 0 || fsync(l->dir) < 0)
		ret = err_errno(err, "'%s/" NAME "'", l->path);
	buf_free(&text);
	return ret;
}

/* The oldest first, so that what is left is always one row up to the end. */
int
ledger_prune_files(struct ledger *l, size_t *count, struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	struct pruned p;

	*count = 0;
	if (ledger_pruned(l, &p, err) < 0 || ledger_list(l, err) < 0)
		return -1;
	for (size_t i = 0; i + 1 < l->segment_count; i++) {
		if (l->segment[i + 1] > p.last + 1)
			break;
		ledger_name(name, l->segment[i]);
		if (unlinkat(l->dir, ledger_name_now(l, name), 0) < 0 &&
		    errno != ENOENT)
			return err_errno(err, "'%s/%s'", l->path, name);
		++*count;
	}
	if (*count > 0 && fsync(l->dir) < 0)
		return err_errno(err, "'%s'", l->path);
	return ledger_list(l, err);
}
