#include "edge/config_image.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/build.h"
#include "base/text.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* Where nothing else is put on a machine whose addresses have 47 bits. */
#define ADDRESS ((uintptr_t)0x200000000000)
#define MAGIC "foureyes image 1"
#define FILES 3
#define NAME_SIZE (sizeof(CONFIG_IMAGE) + 16)
/* Clocks of file systems tick each 10 ms, but for those that count seconds. */
#define TICK_NS 25000000L

static const char *const names[FILES] = {CONFIG_SETTINGS, CONFIG_POLICY,
    CONFIG_PEOPLE};

/* What a file was when it was read; all zero where there is none. */
struct mark {
	uint64_t inode, size;
	int64_t changed, changed_ns;
	int64_t written, written_ns;
	uint32_t owner, mode;
};

/* What the file begins with; behind it all that `config` leads to. */
struct image {
	char magic[sizeof(MAGIC)];
	unsigned char build[BUILD_ID_SIZE];
	uint64_t size;
	struct mark marks[FILES];
	struct config config;
};

static void
name_image(char name[NAME_SIZE], const unsigned char build[BUILD_ID_SIZE])
{
	char hex[2 * 8 + 1];

	text_hex(hex, build, 8);
	(void)snprintf(name, NAME_SIZE, CONFIG_IMAGE "%s", hex);
}

/* False: it is something else than a file only its owner writes. */
static bool
mark_one(struct mark *m, int dir_fd, const char *name)
{
	struct stat st;

	*m = (struct mark){0};
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT;
	if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return false;
	m->inode = (uint64_t)st.st_ino;
	m->size = (uint64_t)st.st_size;
	m->changed = st.st_ctim.tv_sec;
	m->changed_ns = st.st_ctim.tv_nsec;
	m->written = st.st_mtim.tv_sec;
	m->written_ns = st.st_mtim.tv_nsec;
	m->owner = (uint32_t)st.st_uid;
	m->mode = (uint32_t)st.st_mode;
	return true;
}

static bool
mark_all(struct mark marks[FILES], int dir_fd)
{
	/* No byte between the members may differ when they are compared. */
	memset(marks, 0, FILES * sizeof(*marks));
	for (size_t i = 0; i < FILES; i++)
		if (!mark_one(&marks[i], dir_fd, names[i]))
			return false;
	return true;
}

static bool
same_marks(const struct mark a[FILES], const struct mark b[FILES])
{
	return memcmp(a, b, FILES * sizeof(*a)) == 0;
}

/* ---- taking it ---- */

/* Only root or the directory's owner can have put it there. */
static bool
is_trusted(const struct stat *st, int dir_fd)
{
	struct stat dir;

	return S_ISREG(st->st_mode) &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
	    fstat(dir_fd, &dir) == 0 &&
	    (dir.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
	    (st->st_uid == 0 || st->st_uid == dir.st_uid) &&
	    st->st_size > (off_t)sizeof(struct image) &&
	    st->st_size <= (off_t)CONFIG_IMAGE_MAX;
}

static void *
map_there(size_t size, int flags, int fd)
{
	void *wanted, *got;
	uintptr_t address = ADDRESS;

	memcpy(&wanted, &address, sizeof(wanted));
	got = mmap(wanted, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_FIXED_NOREPLACE | flags, fd, 0);
	if (got == MAP_FAILED || got == wanted)
		return got;
	/* A kernel that does not know the flag took it for a wish. */
	(void)munmap(got, size);
	return MAP_FAILED;
}

static bool
says_the_same(const struct image *image, uint64_t size,
    const unsigned char build[BUILD_ID_SIZE], int dir_fd)
{
	struct mark now[FILES];

	return memcmp(image->magic, MAGIC, sizeof(MAGIC)) == 0 &&
	    memcmp(image->build, build, BUILD_ID_SIZE) == 0 &&
	    image->size == size && mark_all(now, dir_fd) &&
	    same_marks(now, image->marks);
}

bool
config_image_map(struct config *out, int dir_fd)
{
	unsigned char build[BUILD_ID_SIZE];
	const struct image *image = MAP_FAILED;
	char name[NAME_SIZE];
	struct stat st;
	int fd;

	if (!build_id(build))
		return false;
	name_image(name, build);
	fd = openat(dir_fd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && is_trusted(&st, dir_fd))
		image = map_there((size_t)st.st_size, 0, fd);
	(void)close(fd);
	if (image == MAP_FAILED)
		return false;
	if (says_the_same(image, (uint64_t)st.st_size, build, dir_fd)) {
		*out = image->config;
		return true;
	}
	(void)munmap((void *)image, (size_t)st.st_size);
	return false;
}

/* ---- making it ---- */

/* Does the file system count seconds only?  Then a change may not show. */
static bool
is_coarse(const struct mark marks[FILES])
{
	for (size_t i = 0; i < FILES; i++)
		if (marks[i].inode != 0 && marks[i].changed_ns == 0 &&
		    marks[i].written_ns == 0)
			return true;
	return false;
}

/*
 * The files as they were for longer than a tick of the file system's clock:
 * whatever changes them from now on gets another time.
 */
static bool
mark_settled(struct mark marks[FILES], int dir_fd)
{
	const struct timespec tick = {.tv_nsec = TICK_NS};
	struct mark before[FILES];

	if (!mark_all(before, dir_fd) || is_coarse(before))
		return false;
	(void)nanosleep(&tick, NULL);
	return mark_all(marks, dir_fd) && same_marks(before, marks);
}

static int
write_image(int fd, const struct image *image, struct err *err)
{
	const char *at = (const char *)image;
	size_t left = (size_t)image->size;

	while (left > 0) {
		ssize_t n = write(fd, at, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_errno(err, "the compiled configuration");
		at += n;
		left -= (size_t)n;
	}
	if (fchmod(fd, 0644) < 0 || fsync(fd) < 0)
		return err_errno(err, "the compiled configuration");
	return 0;
}

static int
put_image(int dir_fd, const struct image *image, struct err *err)
{
	char name[NAME_SIZE], beside[NAME_SIZE + 32];
	int fd, ret;

	name_image(name, image->build);
	(void)snprintf(beside, sizeof(beside), ".%s.%ld", name, (long)getpid());
	(void)unlinkat(dir_fd, beside, 0);
	fd = openat(dir_fd, beside,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "%s", beside);
	ret = write_image(fd, image, err);
	if (close(fd) < 0 && ret == 0)
		ret = err_errno(err, "%s", beside);
	if (ret == 0 && renameat(dir_fd, beside, dir_fd, name) < 0)
		ret = err_errno(err, "%s", name);
	if (ret < 0)
		(void)unlinkat(dir_fd, beside, 0);
	return ret;
}

/* Is it of the files as they are?  Then another build's hooks may need it. */
static bool
is_current(int fd, const struct mark marks[FILES])
{
	struct image image;

	return read(fd, &image, sizeof(image)) == (ssize_t)sizeof(image) &&
	    memcmp(image.magic, MAGIC, sizeof(MAGIC)) == 0 &&
	    same_marks(image.marks, marks);
}

/* Images of files that are no more. */
static void
sweep(int dir_fd, const struct mark marks[FILES])
{
	int list_fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = list_fd < 0 ? NULL : fdopendir(list_fd);
	const struct dirent *e;

	if (list == NULL && list_fd >= 0)
		(void)close(list_fd);
	while (list != NULL && (e = readdir(list)) != NULL) {
		int fd;

		if (!text_starts(e->d_name, CONFIG_IMAGE))
			continue;
		fd = openat(dir_fd, e->d_name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0 && !is_current(fd, marks))
			(void)unlinkat(dir_fd, e->d_name, 0);
		if (fd >= 0)
			(void)close(fd);
	}
	if (list != NULL)
		(void)closedir(list);
}

/* The files, read into the memory that the image is. */
static int
fill(struct image *image, int dir_fd, const char *dir, struct err *err)
{
	size_t head = (sizeof(*image) + 15) & ~(size_t)15;
	struct mark after[FILES];
	struct pool pool = {0};

	pool_place(&pool, (char *)image + head, CONFIG_IMAGE_MAX - head);
	if (config_read(&image->config, &pool, dir, err) < 0)
		return -1;
	memcpy(image->magic, MAGIC, sizeof(MAGIC));
	image->size = head + pool_placed(&pool);
	if (!mark_all(after, dir_fd) || !same_marks(after, image->marks))
		return err_set(err, ERR_CONFIG,
		    "the configuration changed while it was read: try again");
	return 0;
}

static int
make(int dir_fd, const char *dir, struct err *err)
{
	struct image *image =
	    map_there(CONFIG_IMAGE_MAX, MAP_ANONYMOUS | MAP_NORESERVE, -1);
	int ret;

	if (image == MAP_FAILED)
		return err_set(err, ERR_SYSTEM,
		    "the address of a compiled configuration is taken");
	if (!build_id(image->build))
		ret = err_set(err, ERR_SYSTEM, "the program has no build id");
	else if (!mark_settled(image->marks, dir_fd))
		ret = err_set(err, ERR_SYSTEM,
		    "the configuration is being changed, or its file system "
		    "keeps no times that would tell");
	else
		ret = fill(image, dir_fd, dir, err);
	if (ret == 0)
		ret = put_image(dir_fd, image, err);
	if (ret == 0)
		sweep(dir_fd, image->marks);
	(void)munmap(image, CONFIG_IMAGE_MAX);
	return ret;
}

int
config_compile(const char *dir, struct err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;
	struct config there;

	if (fd < 0)
		return err_errno(err, "%s", dir);
	ret = config_image_map(&there, fd) ? 0 : make(fd, dir, err);
	(void)close(fd);
	return ret < 0 ? err_within(err, "%s", dir) : 0;
}
