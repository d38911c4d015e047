/*
 * Refs, as the files backend keeps them: loose ones first, then packed-refs.
 * git writes packed-refs before it takes a loose ref away, so looking in this
 * order never misses one that exists all the time.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "repo_inside.h"

#define LOOSE_MAX 1024
#define OID_LEN (REPO_OID_SIZE - 1)

/* One ref: an id, or the name of the next one, or neither. */
struct held {
	char oid[REPO_OID_SIZE];
	char target[REPO_REF_NAME_MAX + 1];
};

static int
check_name(const char *name, struct err *err)
{
	struct buf safe = {0};

	if (name != NULL && repo_ref_name_ok(name))
		return 0;
	if (name != NULL)
		text_safe(&safe, name, strlen(name), false);
	err_set(err, ERR_INPUT, "'%.200s' is not a name for a ref",
	    buf_text(&safe));
	buf_free(&safe);
	return -1;
}

static const char *
path_of(struct repo *r, struct pool *pool, const char *name)
{
	return pool_printf(pool, "%s/%s",
	    strcmp(name, "HEAD") == 0 ? r->dir : r->common, name);
}

/* Bytes read, at most LOOSE_MAX; 0 where there is no such file; or -1. */
static ssize_t
read_loose(const char *path, char text[LOOSE_MAX + 1], bool *there,
    struct err *err)
{
	ssize_t got;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	*there = false;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
		    ? 0
		    : err_errno(err, "ref '%s'", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return 0;
	}
	*there = true;
	got = read(fd, text, LOOSE_MAX);
	if (got < 0)
		err_errno(err, "ref '%s'", path);
	close(fd);
	if (got >= 0)
		text[got] = '\0';
	return got;
}

static bool
take_symbolic(struct held *out, const char *text)
{
	text += strlen("ref:");
	text += strspn(text, " \t");
	if (text[0] == '\0' || strlen(text) > REPO_REF_NAME_MAX)
		return false;
	memcpy(out->target, text, strlen(text) + 1);
	return repo_ref_name_ok(out->target);
}

/* The refs of a repository elsewhere: symbolic ones, or those that are packed.
 */
static int
symbolic_afar(struct repo *r, const char *name, struct held *out, bool *there,
    struct err *err)
{
	const char *target = map_get(&r->afar->symbolic, name);

	memset(out, 0, sizeof(*out));
	*there = target != NULL;
	if (target == NULL)
		return 0;
	if (strlen(target) > REPO_REF_NAME_MAX || !repo_ref_name_ok(target))
		return err_set(err, ERR_INPUT,
		    "ref '%s' leads to what is no name for a ref", name);
	memcpy(out->target, target, strlen(target) + 1);
	return 0;
}

static int
loose(const char *path, struct held *out, bool *there, struct err *err)
{
	char text[LOOSE_MAX + 1];
	ssize_t got = read_loose(path, text, there, err);
	size_t len;

	memset(out, 0, sizeof(*out));
	if (got < 0)
		return -1;
	if (!*there)
		return 0;
	len = strlen(text);
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		text[--len] = '\0';
	if (text_starts(text, "ref:") && take_symbolic(out, text))
		return 0;
	if (len == OID_LEN && text_is_oid(text)) {
		memcpy(out->oid, text, REPO_OID_SIZE);
		return 0;
	}
	return err_set(err, ERR_INPUT,
	    "ref '%s' holds neither an id nor the name of a ref", path);
}

/* Follow symbolic refs; the last name ends up in `last`. */
static int
follow(struct repo *r, const char *name, char last[REPO_REF_NAME_MAX + 1],
    struct held *held, bool *there, struct err *err)
{
	struct pool pool = {0};
	int ret = -1;

	memcpy(last, name, strlen(name) + 1);
	for (unsigned depth = 0; depth <= REPO_REF_DEPTH_MAX; depth++) {
		int got = r->afar != NULL
		    ? symbolic_afar(r, last, held, there, err)
		    : loose(path_of(r, &pool, last), held, there, err);

		if (got < 0)
			goto out;
		if (held->target[0] == '\0') {
			ret = 0;
			goto out;
		}
		memcpy(last, held->target, sizeof(held->target));
	}
	err_set(err, ERR_INPUT,
	    "ref '%s' leads through more than %d symbolic refs", name,
	    REPO_REF_DEPTH_MAX);
out:
	pool_free(&pool);
	return ret;
}

int
repo_ref(struct repo *r, const char *name, char oid[REPO_OID_SIZE],
    bool *exists, struct err *err)
{
	char last[REPO_REF_NAME_MAX + 1];
	struct held held;

	oid[0] = '\0';
	*exists = false;
	if (check_name(name, err) < 0 ||
	    follow(r, name, last, &held, exists, err) < 0)
		return -1;
	if (!*exists && repo_packed_find(r, last, held.oid, exists, err) < 0)
		return -1;
	memcpy(oid, held.oid, REPO_OID_SIZE);
	return 0;
}

int
repo_symref(struct repo *r, struct pool *pool, const char *name,
    const char **target, struct err *err)
{
	char last[REPO_REF_NAME_MAX + 1];
	struct held held;
	bool there;

	if (check_name(name, err) < 0 ||
	    follow(r, name, last, &held, &there, err) < 0)
		return -1;
	*target = pool_text(pool, last);
	return 0;
}

struct listing {
	struct repo *r;
	struct pool *pool;
	const char *prefix;
	struct repo_ref *list;
	size_t count;
	struct err *err;
};

static int
add_ref(struct listing *l, const char *name, size_t len, const char *oid,
    const char *target)
{
	struct repo_ref *ref;

	if (l->count == REPO_REFS_MAX)
		return err_set(l->err, ERR_INPUT, "more than %d refs",
		    REPO_REFS_MAX);
	ref = pool_grow(l->pool, &l->list, &l->count, sizeof(*l->list));
	ref->name = pool_textn(l->pool, name, len);
	if (oid != NULL && oid[0] != '\0')
		memcpy(ref->oid, oid, OID_LEN);
	if (target != NULL && target[0] != '\0')
		ref->target = pool_text(l->pool, target);
	return 0;
}

/* Could anything below the directory `dir` start with the prefix? */
static bool
is_worth_opening(const struct listing *l, const char *dir)
{
	size_t a = strlen(dir), b = strlen(l->prefix);

	return strncmp(dir, l->prefix, a < b ? a : b) == 0;
}

static int list_dir(struct listing *l, const char *dir);

static int
list_name(struct listing *l, const char *name)
{
	const char *path = path_of(l->r, l->pool, name);
	struct stat st;
	struct held held;
	bool there;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0
		                       : err_errno(l->err, "ref '%s'", path);
	if (S_ISDIR(st.st_mode))
		return is_worth_opening(l, pool_printf(l->pool, "%s/", name))
		    ? list_dir(l, name)
		    : 0;
	if (!text_starts(name, l->prefix) || !repo_ref_name_ok(name))
		return 0;
	if (loose(path, &held, &there, l->err) < 0)
		return -1;
	return there ? add_ref(l, name, strlen(name), held.oid, held.target)
	             : 0;
}

static int
list_dir(struct listing *l, const char *name)
{
	const char *path = path_of(l->r, l->pool, name);
	DIR *dir = opendir(path);
	struct dirent *entry;
	int ret = 0;

	if (dir == NULL)
		return errno == ENOENT ? 0 : err_errno(l->err, "'%s'", path);
	if (strlen(name) > REPO_REF_NAME_MAX)
		ret = err_set(l->err, ERR_INPUT, "'%s' is too deep", path);
	while (ret == 0 && (errno = 0, entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			ret = list_name(l,
			    pool_printf(l->pool, "%s/%s", name, entry->d_name));
	if (ret == 0 && errno != 0)
		ret = err_errno(l->err, "'%s'", path);
	closedir(dir);
	return ret;
}

static int
list_symbolic_afar(struct listing *l)
{
	const struct map *map = &l->r->afar->symbolic;

	for (size_t i = 0; i < map->room; i++) {
		const char *name = map->slots[i].key;

		if (name != NULL && text_starts(name, "refs/") &&
		    text_starts(name, l->prefix) &&
		    add_ref(l, name, strlen(name), NULL, map->slots[i].value) <
		        0)
			return -1;
	}
	return 0;
}

static int
see_packed(void *ctx, const struct repo_packed *line)
{
	struct listing *l = ctx;

	if (add_ref(l, line->name, line->name_len, line->oid, NULL) < 0)
		return -1;
	l->list[l->count - 1].packed = true;
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct repo_ref *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Both lists sorted: the loose ref hides the packed one of its name. */
static size_t
merge_lists(struct repo_ref *out, const struct repo_ref *a, size_t a_count,
    const struct repo_ref *b, size_t b_count)
{
	size_t count = 0;

	while (a_count > 0 || b_count > 0) {
		int by = a_count == 0 ? 1
		    : b_count == 0    ? -1
		                      : strcmp(a->name, b->name);

		out[count++] = by <= 0 ? *a : *b;
		if (by <= 0)
			a++, a_count--;
		if (by >= 0)
			b++, b_count--;
	}
	return count;
}

/* What symbolic refs lead to is only known by following them. */
static int
resolve(struct repo *r, struct repo_ref *ref, struct err *err)
{
	bool exists;

	if (ref->target == NULL)
		return 0;
	return repo_ref(r, ref->name, ref->oid, &exists, err);
}

int
repo_refs(struct repo *r, struct pool *pool, const char *prefix,
    struct repo_ref **list, size_t *count, struct err *err)
{
	struct listing l = {.r = r, .pool = pool, .prefix = prefix, .err = err};
	struct listing packed = l;

	*list = NULL;
	*count = 0;
	if ((r->afar != NULL ? list_symbolic_afar(&l) : list_dir(&l, "refs")) <
	        0 ||
	    repo_packed_list(r, prefix, see_packed, &packed, err) < 0)
		return -1;
	if (l.count > 0)
		qsort(l.list, l.count, sizeof(*l.list), by_name);
	if (packed.count > 0)
		qsort(packed.list, packed.count, sizeof(*l.list), by_name);
	*list = pool_array(pool, l.count + packed.count, sizeof(**list));
	*count = merge_lists(*list, l.list, l.count, packed.list, packed.count);
	for (size_t i = 0; i < *count; i++)
		if (resolve(r, &(*list)[i], err) < 0)
			return -1;
	return 0;
}

bool
repo_may_be_symbolic(const char *git_dir, const char *name)
{
	struct pool pool = {0};
	char text[LOOSE_MAX + 1];
	struct err ignored = {0};
	bool there, may = true;
	ssize_t got = 0;

	if (repo_ref_name_ok(name)) {
		got = read_loose(pool_printf(&pool, "%s/%s", git_dir, name),
		    text, &there, &ignored);
		may = got < 0 || (there && text_starts(text, "ref:"));
	}
	pool_free(&pool);
	return may;
}
