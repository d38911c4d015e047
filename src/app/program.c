#include "app/program.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define ITSELF "/proc/self/exe"
#define LINE_MAX_SIZE 300

/* What changes whenever the file does. */
static const char *
mark_of(struct pool *pool, const struct stat *st)
{
	return pool_printf(pool, "%llu %llu %lld %lld.%09ld %lld.%09ld ",
	    (unsigned long long)st->st_dev, (unsigned long long)st->st_ino,
	    (long long)st->st_size, (long long)st->st_mtim.tv_sec,
	    st->st_mtim.tv_nsec, (long long)st->st_ctim.tv_sec,
	    st->st_ctim.tv_nsec);
}

static const char *
kept(struct pool *pool, const char *cache, const char *mark)
{
	int fd = open(cache, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char line[LINE_MAX_SIZE];
	const char *digest;
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, line, sizeof(line) - 1);
	(void)close(fd);
	if (n <= 0)
		return NULL;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (!text_starts(line, mark))
		return NULL;
	digest = line + strlen(mark);
	return text_is_oid(digest) && strlen(digest) == DIGEST_HEX_SIZE - 1
	    ? pool_text(pool, digest)
	    : NULL;
}

/* Beside it first and renamed: a reader sees a whole line or none. */
static void
keep(struct pool *pool, const char *cache, const char *mark, const char *digest)
{
	const char *beside = pool_printf(pool, "%s.%ld", cache, (long)getpid());
	const char *line = pool_printf(pool, "%s%s\n", mark, digest);
	int fd = open(beside,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
	bool whole;

	if (fd < 0)
		return;
	(void)fchmod(fd, 0660);
	whole = write(fd, line, strlen(line)) == (ssize_t)strlen(line);
	if (close(fd) < 0 || !whole || rename(beside, cache) < 0)
		(void)unlink(beside);
}

static const char *
digest_of(struct pool *pool, int fd, const struct stat *st)
{
	char *hex = pool_alloc(pool, DIGEST_HEX_SIZE);
	size_t len = (size_t)st->st_size;
	void *bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);

	if (bytes == MAP_FAILED)
		return "";
	digest_sha256_hex(hex, bytes, len);
	(void)munmap(bytes, len);
	return hex;
}

const char *
program_file_digest(struct pool *pool, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *digest = "";
	struct stat st;

	if (fd < 0)
		return "";
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		digest = digest_of(pool, fd, &st);
	(void)close(fd);
	return digest;
}

const char *
program_digest(struct pool *pool, const char *cache)
{
	int fd = open(ITSELF, O_RDONLY | O_CLOEXEC);
	const char *mark, *digest = "";
	struct stat st;

	if (fd < 0)
		return "";
	if (fstat(fd, &st) == 0 && st.st_size > 0) {
		mark = mark_of(pool, &st);
		digest = kept(pool, cache, mark);
		if (digest == NULL) {
			digest = digest_of(pool, fd, &st);
			if (digest[0] != '\0')
				keep(pool, cache, mark, digest);
		}
	}
	(void)close(fd);
	return digest;
}

const char *
program_beside(struct pool *pool, const char *name)
{
	char path[PATH_MAX];
	ssize_t len = readlink(ITSELF, path, sizeof(path) - 1);
	char *slash;

	if (len <= 0)
		return pool_text(pool, name);
	path[len] = '\0';
	slash = strrchr(path, '/');
	return pool_printf(pool, "%.*s/%s",
	    slash != NULL ? (int)(slash - path) : 0, path, name);
}
