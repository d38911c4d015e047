#include "app/told.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

#define LOCK_TRIES 200
#define TOLD_MAX 65536

/*
 * One witness at a time, so that a landing is written once.  Lies beside the
 * index: everybody who may write that may take this.
 */
static const char *
lock_path(struct push *p)
{
	return pool_printf(p->pool, "%s.witness",
	    p->setup->config.settings.index);
}

int
told_lock(struct push *p, struct err *err)
{
	const char *path = lock_path(p);
	struct timespec nap = {.tv_nsec = 10000000};
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);

	if (fd < 0)
		return err_errno(err, "'%s'", path);
	(void)fchmod(fd, 0660);
	for (unsigned i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
		if (i >= LOCK_TRIES) {
			(void)close(fd);
			return err_set(err, ERR_UNREACHABLE,
			    "'%s' is locked by another process", path);
		}
		(void)nanosleep(&nap, NULL);
	}
	return fd;
}

static void
add_told(struct push *p, struct buf *out, const struct witnessed *seen)
{
	buf_printf(out, "\n%s %s %s\n", p->repository, seen->ref, seen->actual);
}

/* What a transaction told stands in the lock's file until somebody tells more.
 */
void
told_keep(struct push *p, int fd, const struct witnessed *list, size_t count)
{
	struct buf told = {0};

	for (size_t i = 0; i < count && told.len <= TOLD_MAX; i++)
		add_told(p, &told, &list[i]);
	if (ftruncate(fd, 0) < 0 || told.len > TOLD_MAX ||
	    pwrite(fd, told.data, told.len, 0) != (ssize_t)told.len)
		(void)!ftruncate(fd, 0);
	buf_free(&told);
}

bool
told_were(struct push *p, const struct witnessed *list, size_t count)
{
	char *text = pool_alloc(p->pool, TOLD_MAX + 1);
	int fd = p->setup->config.settings.index == NULL
	    ? -1
	    : open(lock_path(p), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t len = fd < 0 ? -1 : read(fd, text, TOLD_MAX);
	bool all = len > 0;

	for (size_t i = 0; all && i < count; i++) {
		struct buf line = {0};

		add_told(p, &line, &list[i]);
		all = text_find(text, (size_t)len, buf_text(&line)) != NULL;
		buf_free(&line);
	}
	if (fd >= 0)
		(void)close(fd);
	return all;
}
