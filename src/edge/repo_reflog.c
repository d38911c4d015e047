/* The logs of refs, as the files backend keeps them below logs/. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "repo_inside.h"

/* The end of the file, and whether its first line begins there. */
static int
read_end(int fd, char *text, size_t room, size_t *len, bool *whole)
{
	struct stat st;
	off_t from;
	ssize_t n;

	*len = 0;
	*whole = true;
	if (fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode))
		return 0;
	from = st.st_size > (off_t)room ? st.st_size - (off_t)room : 0;
	*whole = from == 0;
	while (*len < room) {
		n = pread(fd, text + *len, room - *len, from + (off_t)*len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		*len += (size_t)n;
	}
	return 0;
}

static void
take_lines(struct pool *pool, const char *text, size_t len, bool whole,
    struct reflog **list, size_t *count)
{
	const char *at = text, *end = text + len, *lf;
	struct reflog one;

	for (; (lf = memchr(at, '\n', (size_t)(end - at))) != NULL;
	     at = lf + 1) {
		if (whole && reflog_read(&one, at, (size_t)(lf - at)))
			*(struct reflog *)pool_grow(pool, list, count,
			    sizeof(**list)) = one;
		whole = true;
	}
}

int
repo_reflog(struct repo *r, struct pool *pool, const char *name, size_t limit,
    struct reflog **list, size_t *count, struct err *err)
{
	const char *path = pool_printf(pool, "%s/logs/%s", r->common, name);
	size_t len;
	bool whole;
	char *text;
	int fd, ret;

	*list = NULL;
	*count = 0;
	if (!repo_ref_name_ok(name) || r->afar != NULL)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EISDIR
		    ? 0
		    : err_errno(err, "'%s'", path);
	text = pool_alloc(pool, REPO_REFLOG_MAX);
	ret = read_end(fd, text, REPO_REFLOG_MAX, &len, &whole);
	if (ret < 0)
		err_errno(err, "'%s'", path);
	close(fd);
	if (ret < 0)
		return -1;
	take_lines(pool, text, len, whole, list, count);
	if (*count > limit) {
		*list += *count - limit;
		*count = limit;
	}
	return 0;
}

int64_t
repo_ref_written(struct repo *r, const char *name)
{
	struct pool pool = {0};
	struct stat st;
	int64_t at = 0;

	if (r->afar != NULL) {
		const int64_t *told = map_get(&r->afar->written, name);

		return told == NULL ? 0 : *told;
	}
	if (lstat(pool_printf(&pool, "%s/%s", r->common, name), &st) == 0 &&
	    S_ISREG(st.st_mode))
		at = (int64_t)st.st_mtim.tv_sec * 1000 +
		    st.st_mtim.tv_nsec / 1000000;
	pool_free(&pool);
	return at;
}
