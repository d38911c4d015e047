#include "app/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

#define PACK_BLOCK 65536
#define BLOCK 65536 /* of what is buffered of a file */
#define NEW (O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW)

static int
split(struct pack *p, const char *dir, struct err *err)
{
	size_t len = strlen(dir);
	const char *slash, *above;

	while (len > 1 && dir[len - 1] == '/')
		len--;
	dir = pool_textn(&p->pool, dir, len);
	slash = strrchr(dir, '/');
	p->name = slash == NULL ? dir : slash + 1;
	above = slash == NULL ? "."
	    : slash == dir    ? "/"
	                   : pool_textn(&p->pool, dir, (size_t)(slash - dir));
	if (p->name[0] == '\0' || strcmp(p->name, ".") == 0 ||
	    strcmp(p->name, "..") == 0)
		return err_set(err, ERR_INPUT,
		    "'%s' is no name for a new directory", dir);
	p->part = pool_printf(&p->pool, "%s.part", p->name);
	p->above = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return p->above < 0 ? err_errno(err, "'%s'", above) : 0;
}

int
pack_begin(struct pack *p, const char *dir, struct err *err)
{
	struct stat st;

	*p = (struct pack){.above = -1, .dir = -1};
	if (split(p, dir, err) < 0)
		return -1;
	if (fstatat(p->above, p->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return err_set(err, ERR_INPUT,
		    "'%s' is there already: name a new directory", dir);
	if (mkdirat(p->above, p->part, 0755) < 0)
		return errno == EEXIST
		    ? err_set(err, ERR_INPUT,
		          "'%s.part' is there: it is left of one that was "
		          "stopped, or somebody is at work; remove it",
		          dir)
		    : err_errno(err, "'%s.part'", dir);
	p->dir = openat(p->above, p->part,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return p->dir < 0 ? err_errno(err, "'%s.part'", dir) : 0;
}

int
pack_directory(struct pack *p, const char *name, struct err *err)
{
	const char **one;

	if (mkdirat(p->dir, name, 0755) < 0)
		return err_errno(err, "'%s'", name);
	one = pool_grow(&p->pool, &p->dirs, &p->dir_count, sizeof(*one));
	*one = pool_text(&p->pool, name);
	return 0;
}

void
pack_add(struct pack *p, const char *name)
{
	const char **one =
	    pool_grow(&p->pool, &p->files, &p->count, sizeof(*one));

	*one = pool_text(&p->pool, name);
}

int
pack_open(struct pack *p, const char *name, FILE **out, struct err *err)
{
	int fd = openat(p->dir, name, NEW, 0644);

	if (fd < 0)
		return err_errno(err, "'%s'", name);
	pack_add(p, name);
	*out = fdopen(fd, "w");
	if (*out == NULL) {
		(void)close(fd);
		return err_errno(err, "'%s'", name);
	}
	(void)setvbuf(*out, NULL, _IOFBF, BLOCK);
	return 0;
}

int
pack_shut(struct pack *p, const char *name, FILE *file, struct err *err)
{
	int failed = 0;

	(void)p;
	if (ferror(file) != 0)
		failed = errno != 0 ? errno : EIO;
	if (fflush(file) != 0 || fsync(fileno(file)) < 0)
		failed = failed != 0 ? failed : errno;
	if (fclose(file) != 0)
		failed = failed != 0 ? failed : errno;
	errno = failed;
	return failed == 0 ? 0 : err_errno(err, "'%s'", name);
}

int
pack_text(struct pack *p, const char *name, const char *text, size_t len,
    struct err *err)
{
	FILE *file = NULL;

	if (pack_open(p, name, &file, err) < 0)
		return -1;
	errno = 0;
	(void)fwrite(text, 1, len, file);
	return pack_shut(p, name, file, err);
}

int
pack_scratch(struct pack *p, FILE **out, struct err *err)
{
	static const char name[] = ".scratch";
	int fd = openat(p->dir, name,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || unlinkat(p->dir, name, 0) < 0)
		goto fail;
	*out = fdopen(fd, "w+");
	if (*out != NULL) {
		(void)setvbuf(*out, NULL, _IOFBF, BLOCK);
		return 0;
	}
fail:
	err_errno(err, "a scratch file of the pack");
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

int
pack_again(struct pack *p, const char *name, FILE **out, struct err *err)
{
	int fd = openat(p->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	*out = fd < 0 ? NULL : fdopen(fd, "r");
	if (*out != NULL)
		return 0;
	err_errno(err, "'%s'", name);
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

/* By blocks: a mapping of records.jsonl would count as memory of ours. */
static int
read_all(int fd, struct digest *d)
{
	unsigned char block[PACK_BLOCK];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			digest_add(d, block, (size_t)n);
	}
	return 0;
}

int
pack_digest(struct pack *p, const char *name, char out[DIGEST_HEX_SIZE],
    struct err *err)
{
	int fd = openat(p->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	unsigned char digest[DIGEST_SIZE];
	struct digest d;
	int ret = -1;

	digest_begin(&d);
	if (fd >= 0 && read_all(fd, &d) == 0) {
		digest_end(&d, digest);
		text_hex(out, digest, sizeof(digest));
		ret = 0;
	} else {
		err_errno(err, "'%s'", name);
	}
	if (fd >= 0)
		(void)close(fd);
	return ret;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
write_manifest(struct pack *p, const struct seal_report *key, struct err *err)
{
	struct buf text = {0}, signature = {0};
	char hex[DIGEST_HEX_SIZE];
	int ret = 0;

	qsort(p->files, p->count, sizeof(*p->files), by_name);
	for (size_t i = 0; i < p->count && ret == 0; i++) {
		ret = pack_digest(p, p->files[i], hex, err);
		buf_printf(&text, "%s  %s\n", hex, p->files[i]);
	}
	digest_sha256_hex(p->digest, buf_text(&text), text.len);
	if (ret == 0 && key != NULL)
		ret =
		    seal_report_sign(key, text.data, text.len, &signature, err);
	if (ret == 0)
		ret = pack_text(p, PACK_MANIFEST, text.data, text.len, err);
	if (ret == 0)
		ret = pack_text(p, PACK_SIGNATURE, buf_text(&signature),
		    signature.len, err);
	buf_free(&text);
	buf_free(&signature);
	return ret;
}

int
pack_own(struct pack *p, struct err *err)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();
	int ret = fchown(p->dir, uid, gid);

	for (size_t i = 0; i < p->dir_count && ret == 0; i++)
		ret =
		    fchownat(p->dir, p->dirs[i], uid, gid, AT_SYMLINK_NOFOLLOW);
	for (size_t i = 0; i < p->count && ret == 0; i++)
		ret = fchownat(p->dir, p->files[i], uid, gid,
		    AT_SYMLINK_NOFOLLOW);
	return ret < 0 ? err_errno(err, "'%s'", p->part) : 0;
}

int
pack_finish(struct pack *p, const struct seal_report *key, struct err *err)
{
	struct stat st;

	if (write_manifest(p, key, err) < 0)
		return -1;
	if (fsync(p->dir) < 0)
		return err_errno(err, "'%s'", p->part);
	/* An empty directory there would be replaced in silence. */
	if (fstatat(p->above, p->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return err_set(err, ERR_INPUT, "'%s' is there by now", p->name);
	if (renameat(p->above, p->part, p->above, p->name) < 0 ||
	    fsync(p->above) < 0)
		return err_errno(err, "'%s'", p->name);
	p->finished = true;
	return 0;
}

static void
take_away(struct pack *p)
{
	for (size_t i = 0; i < p->count; i++)
		(void)unlinkat(p->dir, p->files[i], 0);
	for (size_t i = 0; i < p->dir_count; i++)
		(void)unlinkat(p->dir, p->dirs[i], AT_REMOVEDIR);
	(void)unlinkat(p->above, p->part, AT_REMOVEDIR);
}

void
pack_end(struct pack *p)
{
	if (p->dir >= 0 && !p->finished)
		take_away(p);
	if (p->dir >= 0)
		(void)close(p->dir);
	if (p->above >= 0)
		(void)close(p->above);
	pool_free(&p->pool);
	*p = (struct pack){.above = -1, .dir = -1};
}
