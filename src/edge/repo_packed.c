/*
 * packed-refs: found by halving where its header says that it is sorted, line
 * by line elsewhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "repo_inside.h"

#define OID_LEN (REPO_OID_SIZE - 1)

/* packed-refs as one piece of memory, or nothing. */
struct packed {
	char *data;
	size_t len;
	struct repo_packed_file *of; /* whose memory it is; NULL: another's */
	const char *first, *end;
	bool sorted;
};

static void
packed_close(struct packed *p)
{
	if (p->of != NULL)
		p->of->users--;
	memset(p, 0, sizeof(*p));
}

/* Whoever still reads in the old one keeps it. */
void
repo_packed_forget(struct repo *r)
{
	struct repo_packed_file *f = &r->packed;

	if (f->data != NULL && f->users == 0)
		munmap(f->data, f->len);
	*f = (struct repo_packed_file){.users = f->users};
}

/*
 * The same file, and nobody touched it.  While it is mapped its number is no
 * other's.
 */
static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Where the header "# pack-refs with: ... sorted" says so, it is sorted. */
static void
read_header(struct packed *p)
{
	static const char word[] = "# pack-refs with:";
	const char *stop;

	p->first = p->data;
	p->end = p->data + p->len;
	if (p->len < sizeof(word) ||
	    memcmp(p->data, word, sizeof(word) - 1) != 0)
		return;
	stop = memchr(p->data, '\n', p->len);
	if (stop == NULL)
		return;
	p->sorted =
	    text_find(p->data, (size_t)(stop - p->data) + 1, " sorted") != NULL;
	p->first = stop + 1;
}

static int
map_file(struct repo_packed_file *f, int fd, const char *path, struct err *err)
{
	if (fstat(fd, &f->was) < 0)
		return err_errno(err, "'%s'", path);
	f->len = (size_t)f->was.st_size;
	if (f->len == 0)
		return 0;
	f->data = mmap(NULL, f->len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (f->data != MAP_FAILED)
		return 0;
	f->data = NULL;
	return err_errno(err, "'%s'", path);
}

static int
map_anew(struct repo *r, const char *path, struct err *err)
{
	int fd, ret = 0;

	repo_packed_forget(r);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : err_errno(err, "'%s'", path);
	ret = map_file(&r->packed, fd, path, err);
	close(fd);
	return ret;
}

/* Each push asks for many refs: the file is mapped once. */
static int
packed_map(struct repo *r, struct packed *p, struct err *err)
{
	struct repo_packed_file *f = &r->packed;
	struct pool pool = {0};
	const char *path = pool_printf(&pool, "%s/packed-refs", r->common);
	struct stat now;
	int ret = 0;

	memset(p, 0, sizeof(*p));
	if (f->data == NULL || stat(path, &now) < 0 || !is_same(&now, &f->was))
		ret = map_anew(r, path, err);
	if (ret == 0 && f->data != NULL && f->data[f->len - 1] != '\n')
		ret = err_set(err, ERR_INPUT,
		    "'%s' does not end in a whole line", path);
	if (ret == 0 && f->data != NULL) {
		*p = (struct packed){.data = f->data, .len = f->len, .of = f};
		f->users++;
		read_header(p);
	}
	pool_free(&pool);
	return ret;
}

/* Of a repository elsewhere. */
static int
packed_told(struct repo *r, struct packed *p, struct err *err)
{
	*p = (struct packed){.len = r->afar->packed_len};
	if (p->len == 0)
		return 0;
	p->data = (char *)(uintptr_t)r->afar->packed;
	if (p->data[p->len - 1] != '\n')
		return err_set(err, ERR_INPUT,
		    "the refs that were handed over do not end in a whole "
		    "line");
	read_header(p);
	return 0;
}

static int
packed_open(struct repo *r, struct packed *p, struct err *err)
{
	if (r->afar != NULL)
		return packed_told(r, p, err);
	return packed_map(r, p, err);
}

/* The start of the line that holds `at`. */
static const char *
line_of(const struct packed *p, const char *at)
{
	while (at > p->first && at[-1] != '\n')
		at--;
	return at;
}

static const char *
next_line(const struct packed *p, const char *at)
{
	const char *stop = memchr(at, '\n', (size_t)(p->end - at));

	return stop == NULL ? p->end : stop + 1;
}

static int
order(const struct repo_packed *line, const char *name, size_t len)
{
	size_t least = line->name_len < len ? line->name_len : len;
	int by = memcmp(line->name, name, least);

	if (by != 0)
		return by;
	return line->name_len < len ? -1 : line->name_len > len;
}

/*
 * Where to start looking for `name` in a sorted file: the first line that is
 * not before it.
 */
static const char *
seek(const struct packed *p, const char *name)
{
	const char *low = p->first, *high = p->end;

	while (p->sorted && low < high) {
		const char *at = line_of(p, low + (high - low) / 2);
		const char *behind = next_line(p, at);
		struct repo_packed line;

		/* Behind a ref stands "^<id>" where it is a tag. */
		while (at > low && *at == '^')
			at = line_of(p, at - 1);
		while (behind < high && *behind == '^')
			behind = next_line(p, behind);
		if (repo_parse_packed(&line, at, p->end) &&
		    order(&line, name, strlen(name)) < 0)
			low = behind;
		else
			high = at;
	}
	return low;
}

static int
bad_line(struct repo *r, struct err *err)
{
	return err_set(err, ERR_INPUT, "'%s/packed-refs' has a malformed line",
	    r->common);
}

int
repo_packed_find(struct repo *r, const char *name, char oid[REPO_OID_SIZE],
    bool *there, struct err *err)
{
	struct packed p;
	int ret = 0;

	*there = false;
	if (packed_open(r, &p, err) < 0)
		return -1;
	for (const char *at = seek(&p, name); at < p.end && !*there;
	     at = next_line(&p, at)) {
		struct repo_packed line;

		if (*at == '^' || *at == '#')
			continue;
		if (!repo_parse_packed(&line, at, p.end)) {
			ret = bad_line(r, err);
			break;
		}
		*there = order(&line, name, strlen(name)) == 0;
		if (*there)
			memcpy(oid, line.oid, OID_LEN);
		else if (p.sorted)
			break;
	}
	packed_close(&p);
	return ret;
}

int
repo_packed_list(struct repo *r, const char *prefix, repo_packed_see *see,
    void *ctx, struct err *err)
{
	struct packed p;
	size_t len = strlen(prefix);
	int ret = 0;

	if (packed_open(r, &p, err) < 0)
		return -1;
	for (const char *at = seek(&p, prefix); ret == 0 && at < p.end;
	     at = next_line(&p, at)) {
		struct repo_packed line;

		if (*at == '^' || *at == '#')
			continue;
		if (!repo_parse_packed(&line, at, p.end))
			ret = bad_line(r, err);
		else if (line.name_len >= len &&
		    memcmp(line.name, prefix, len) == 0)
			ret = see(ctx, &line);
		else if (p.sorted)
			break;
	}
	packed_close(&p);
	return ret;
}
