/*
 * Loose objects: one file each, "<kind> <length>", a NUL and the content, all
 * of it compressed.  Read here and not by libgit2, which waits for ever for
 * the rest of a file that is cut off (its issue 7342).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <zlib.h>

#include "base/buf.h"
#include "repo_inside.h"

#define LOOSE_MAX (512UL * 1024 * 1024) /* bytes of a file, either way */
#define HEAD_MAX 32                     /* "commit " and a length */
#define SMALL 8192 /* a file that is read; a larger one is mapped */

/* A file being read; `head` holds what was inflated first. */
struct reader {
	const unsigned char *data;
	size_t size;
	bool mapped;
	z_stream z;
	bool inflating;
	char head[HEAD_MAX];
	size_t head_len; /* inflated, of which `used` are the header */
	size_t used;
	git_object_t type;
	size_t len;
};

struct loose {
	git_odb_backend parent;
	char *dir;
	/*
	 * Kind and length are asked for before the content is: the file whose
	 * were asked for last stays open for that.
	 */
	git_oid id;
	struct reader reader;
	unsigned char small[SMALL];
	/*
	 * Of a quarantine, which is whole before anybody is asked: first bytes
	 * of ids that no directory is there for.
	 */
	bool still;
	bool none[256];
};

static int
wrong(const char *why)
{
	git_error_set_str(GIT_ERROR_ODB, why);
	return GIT_ERROR;
}

static char *
path_of(const struct loose *l, const git_oid *id)
{
	char hex[REPO_OID_SIZE];
	size_t room = strlen(l->dir) + sizeof(hex) + 3;
	char *path = malloc(room);

	if (path == NULL)
		err_fatal("out of memory");
	repo_oid_text(hex, id->id);
	(void)snprintf(path, room, "%s/%.2s/%s", l->dir, hex, hex + 2);
	return path;
}

/* All of a small file, or a map of it. */
static int
take(struct reader *r, unsigned char *small, int fd, size_t size)
{
	void *data;
	ssize_t got;

	r->size = size;
	if (size <= SMALL) {
		got = pread(fd, small, size, 0);
		r->data = small;
		return got == (ssize_t)size ? 0 : wrong("it cannot be read");
	}
	data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return wrong(strerror(errno));
	r->data = data;
	r->mapped = true;
	return 0;
}

static int
fetch(struct reader *r, unsigned char *small, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;
	struct stat st;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
		    ? GIT_ENOTFOUND
		    : wrong(strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
	    (size_t)st.st_size > LOOSE_MAX) {
		(void)close(fd);
		return wrong("no file, or an empty or a huge one");
	}
	ret = take(r, small, fd, (size_t)st.st_size);
	(void)close(fd);
	return ret;
}

static void
reader_close(struct reader *r)
{
	if (r->inflating)
		(void)inflateEnd(&r->z);
	if (r->mapped)
		(void)munmap((void *)(uintptr_t)r->data, r->size);
	memset(r, 0, sizeof(*r));
}

/* "tree 123" and a NUL; a length has no zeros in front. */
static int
parse_head(struct reader *r)
{
	const char *nul = memchr(r->head, '\0', r->head_len);
	char *blank = nul == NULL ? NULL : strchr(r->head, ' ');
	const char *digit = blank == NULL ? NULL : blank + 1;

	if (digit == NULL || *digit == '\0' ||
	    (*digit == '0' && digit[1] != '\0'))
		return wrong("no kind and length");
	for (; *digit != '\0'; digit++) {
		if (*digit < '0' || *digit > '9' || r->len > LOOSE_MAX)
			return wrong("no length, or a huge one");
		r->len = r->len * 10 + (size_t)(*digit - '0');
	}
	*blank = '\0';
	r->type = git_object_string2type(r->head);
	r->used = (size_t)(nul - r->head) + 1;
	if (!git_object_typeisloose(r->type))
		return wrong("of no known kind");
	if (r->len > (r->type == GIT_OBJECT_TREE ? REPO_TREE_MAX : LOOSE_MAX))
		return wrong("a huge length");
	return 0;
}

static int
reader_open(struct reader *r, struct loose *l, const git_oid *id)
{
	char *path = path_of(l, id);
	int ret = fetch(r, l->small, path);

	free(path);
	if (ret < 0)
		return ret;
	r->z.next_in = (unsigned char *)(uintptr_t)r->data;
	r->z.avail_in = (unsigned)r->size;
	r->z.next_out = (unsigned char *)r->head;
	r->z.avail_out = HEAD_MAX;
	if (inflateInit(&r->z) != Z_OK)
		return wrong("out of memory");
	r->inflating = true;
	ret = inflate(&r->z, Z_NO_FLUSH);
	if (ret != Z_OK && ret != Z_STREAM_END)
		return wrong("it cannot be inflated");
	r->head_len = HEAD_MAX - r->z.avail_out;
	return parse_head(r);
}

/* The content, to its last byte and not one more. */
static int
inflate_rest(struct reader *r, unsigned char *out)
{
	size_t have = r->head_len - r->used;
	unsigned char beyond;

	if (have > r->len)
		return wrong("it is longer than it says");
	memcpy(out, r->head + r->used, have);
	r->z.next_out = out + have;
	r->z.avail_out = (unsigned)(r->len - have);
	if (r->z.avail_out > 0 && inflate(&r->z, Z_NO_FLUSH) < 0)
		return wrong("it cannot be inflated");
	if (r->z.avail_out > 0)
		return wrong("it is cut off");
	r->z.next_out = &beyond;
	r->z.avail_out = 1;
	if (inflate(&r->z, Z_FINISH) != Z_STREAM_END || r->z.avail_out == 0 ||
	    r->z.avail_in > 0)
		return wrong("it does not end where it says");
	return 0;
}

/* The file of that id, open; as it was left if it is the one. */
static int
reader_of(struct loose *l, const git_oid *id)
{
	int ret;

	if (l->reader.inflating && git_oid_equal(&l->id, id))
		return 0;
	reader_close(&l->reader);
	git_oid_cpy(&l->id, id);
	ret = reader_open(&l->reader, l, id);
	if (ret < 0)
		reader_close(&l->reader);
	return ret;
}

static int
loose_read(void **data, size_t *len, git_object_t *type,
    git_odb_backend *backend, const git_oid *id)
{
	struct loose *l = (struct loose *)backend;
	struct reader *r = &l->reader;
	int ret = reader_of(l, id);

	*data = NULL;
	if (ret < 0)
		return ret;
	*len = r->len;
	*type = r->type;
	*data = git_odb_backend_data_alloc(backend, r->len + 1);
	if (*data == NULL)
		err_fatal("out of memory");
	((char *)*data)[r->len] = '\0';
	ret = inflate_rest(r, *data);
	if (ret < 0) {
		git_odb_backend_data_free(backend, *data);
		*data = NULL;
	}
	reader_close(r);
	return ret;
}

static int
loose_read_header(size_t *len, git_object_t *type, git_odb_backend *backend,
    const git_oid *id)
{
	struct loose *l = (struct loose *)backend;
	int ret = reader_of(l, id);

	*len = l->reader.len;
	*type = l->reader.type;
	return ret;
}

/* The directory that a file would be in is not there either. */
static bool
is_none(const char *path)
{
	struct buf dir = {0};
	bool none;

	buf_add(&dir, path, (size_t)(strrchr(path, '/') - path));
	none = access(buf_text(&dir), F_OK) < 0 && errno == ENOENT;
	buf_free(&dir);
	return none;
}

static int
loose_exists(git_odb_backend *backend, const git_oid *id)
{
	struct loose *l = (struct loose *)backend;
	char *path;
	int ret;

	if (l->none[id->id[0]])
		return 0;
	path = path_of(l, id);
	ret = access(path, F_OK) == 0;
	l->none[id->id[0]] = ret == 0 && l->still && is_none(path);
	free(path);
	return ret;
}

static void
loose_free(git_odb_backend *backend)
{
	struct loose *l = (struct loose *)backend;

	reader_close(&l->reader);
	free(l->dir);
	free(l);
}

struct git_odb_backend *
repo_loose_backend(const char *dir, bool still)
{
	struct loose *l = calloc(1, sizeof(*l));

	if (l == NULL || (l->dir = strdup(dir)) == NULL)
		err_fatal("out of memory");
	l->still = still;
	l->parent.version = GIT_ODB_BACKEND_VERSION;
	l->parent.read = loose_read;
	l->parent.read_header = loose_read_header;
	l->parent.exists = loose_exists;
	l->parent.free = loose_free;
	return &l->parent;
}
