#include "edge/repo.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/text.h"
#include "repo_inside.h"

#define CACHE_MAX (64L * 1024 * 1024)
#define MEMORY_FIRST 999
#define PACKED_NEXT 900
#define LOOSE_LAST 400

int
repo_git_error(struct err *err, enum err_kind kind, const char *format, ...)
{
	const git_error *last = git_error_last();
	const char *why = last != NULL ? last->message : "no reason given";
	struct buf text = {0}, safe = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	text_safe(&safe, why, strlen(why), false);
	err_set(err, kind, "%s: %s", buf_text(&text), buf_text(&safe));
	buf_free(&text);
	buf_free(&safe);
	return -1;
}

typedef int read_fn(void **, size_t *, git_object_t *, git_odb_backend *,
    const git_oid *);

/* What the backends of a kind have in common: how they read. */
static read_fn *read_loose, *read_packed;

/* What git hashes is the bytes behind "<kind> <length>" and a NUL. */
static bool
is_itself(const git_oid *id, git_object_t type, const void *data, size_t len)
{
	unsigned char digest[DIGEST_SHA1_SIZE];
	char head[64];
	int head_len = snprintf(head, sizeof(head), "%s %zu",
	    git_object_type2string(type), len);

	digest_sha1(digest, head, (size_t)head_len + 1, data, len);
	return memcmp(digest, id->id, sizeof(digest)) == 0;
}

bool
repo_object_is(const unsigned char raw[20], enum repo_kind kind,
    const void *data, size_t len)
{
	static const git_object_t types[] = {[REPO_COMMIT] = GIT_OBJECT_COMMIT,
	    [REPO_TREE] = GIT_OBJECT_TREE,
	    [REPO_BLOB] = GIT_OBJECT_BLOB,
	    [REPO_TAG] = GIT_OBJECT_TAG};
	git_oid id;

	return kind != REPO_NONE && git_oid_fromraw(&id, raw) == 0 &&
	    is_itself(&id, types[kind], data, len);
}

/*
 * That the bytes are those of the name is looked at here and not by libgit2:
 * its code also looks for collisions made on purpose, which git did when it
 * took the object in, and takes some five times as long.
 */
static int
read_checked(read_fn *read, void **data, size_t *len, git_object_t *type,
    git_odb_backend *backend, const git_oid *id)
{
	int ret = read(data, len, type, backend, id);

	if (ret < 0 || is_itself(id, *type, *data, *len))
		return ret;
	git_odb_backend_data_free(backend, *data);
	*data = NULL;
	git_error_set_str(GIT_ERROR_ODB,
	    "hash mismatch: its content is not what its name says");
	return GIT_EMISMATCH;
}

static int
read_loose_checked(void **data, size_t *len, git_object_t *type,
    git_odb_backend *backend, const git_oid *id)
{
	return read_checked(read_loose, data, len, type, backend, id);
}

static int
read_packed_checked(void **data, size_t *len, git_object_t *type,
    git_odb_backend *backend, const git_oid *id)
{
	return read_checked(read_packed, data, len, type, backend, id);
}

/* Nothing may be written to the disk: no object, and no time of one. */
static int
add_backend(git_odb *db, git_odb_backend *backend, int priority,
    struct err *err)
{
	backend->write = NULL;
	backend->writestream = NULL;
	backend->writepack = NULL;
	backend->writemidx = NULL;
	backend->freshen = NULL;
	if (git_odb_add_alternate(db, backend, priority) == 0)
		return 0;
	repo_git_error(err, ERR_SYSTEM, "object store");
	backend->free(backend);
	return -1;
}

/*
 * What came in a push came loose.  Libgit2 would be asked for each object of
 * the repository, and make an error of not having it.
 */
static bool
has_no_packs(const struct repo_store *store)
{
	char path[PATH_MAX];

	if (!store->quarantine ||
	    snprintf(path, sizeof(path), "%s/pack", store->path) >= PATH_MAX)
		return false;
	return access(path, F_OK) < 0 && errno == ENOENT;
}

/* Packs first: a miss there costs no call to the system. */
static int
add_store(git_odb *db, struct repo_store *store, int nth, struct err *err)
{
	git_odb_backend *loose =
	    repo_loose_backend(store->path, store->quarantine);
	git_odb_backend *packed;

	read_loose = loose->read;
	loose->read = read_loose_checked;
	if (add_backend(db, loose, LOOSE_LAST - nth, err) < 0)
		return -1;
	if (has_no_packs(store))
		return 0;
	if (git_odb_backend_pack(&packed, store->path) < 0)
		return repo_git_error(err, ERR_SYSTEM, "'%s'", store->path);
	read_packed = packed->read;
	packed->read = read_packed_checked;
	if (add_backend(db, packed, PACKED_NEXT - nth, err) < 0)
		return -1;
	store->packed = packed;
	return 0;
}

enum which {
	ALL_STORES,
	ONLY_QUARANTINE,
	ALL_BUT_QUARANTINE
};

static int
make_odb(struct repo *r, git_odb **out, enum which which, struct err *err)
{
	if (git_odb_new(out) < 0)
		return repo_git_error(err, ERR_SYSTEM, "object store");
	for (size_t i = 0; i < r->store_count; i++) {
		struct repo_store scratch = r->stores[i];
		bool whole = which == ALL_STORES;

		if (!whole && scratch.quarantine != (which == ONLY_QUARANTINE))
			continue;
		if (add_store(*out, whole ? &r->stores[i] : &scratch, (int)i,
		        err) < 0)
			return -1;
	}
	for (size_t i = 0; which == ALL_STORES && i < r->store_count; i++)
		if (r->stores[i].packed != NULL)
			r->refresh = r->stores[i].packed->refresh;
	return 0;
}

/*
 * A repository without a path, which has no configuration or attributes of
 * its own; start_libgit2() sees to everybody else's.
 */
static int
wrap(struct repo *r, struct err *err)
{
	if (git_mempack_new(&r->memory) < 0)
		return repo_git_error(err, ERR_SYSTEM, "merging");
	if (git_odb_add_backend(r->db, r->memory, MEMORY_FIRST) < 0) {
		repo_git_error(err, ERR_SYSTEM, "merging");
		r->memory->free(r->memory);
		return -1;
	}
	if (git_repository_wrap_odb(&r->git, r->db) < 0)
		return repo_git_error(err, ERR_SYSTEM, "merging");
	return 0;
}

static int
start_libgit2(struct err *err)
{
	static const int levels[] = {GIT_CONFIG_LEVEL_SYSTEM,
	    GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
	    GIT_CONFIG_LEVEL_PROGRAMDATA};

	if (git_libgit2_init() < 0)
		return repo_git_error(err, ERR_SYSTEM, "libgit2");
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)CACHE_MAX);
	/* repo_read_tree() keeps them. */
	git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE,
	    (size_t)0);
	/* read_checked() does that. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	/* Would look up every file of a merged tree; git checked them. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	return 0;
}

int
repo_open(struct repo **out, const char *git_dir, struct err *err)
{
	return repo_open_of(out, git_dir, NULL, err);
}

static int
begin(struct repo **out, struct err *err)
{
	*out = NULL;
	if (start_libgit2(err) < 0)
		return -1;
	*out = calloc(1, sizeof(**out));
	if (*out != NULL)
		return 0;
	git_libgit2_shutdown();
	return err_set(err, ERR_SYSTEM, "out of memory");
}

int
repo_open_afar(struct repo **out, const struct repo_afar *afar, struct err *err)
{
	struct repo *r;

	*out = NULL;
	if (begin(&r, err) < 0)
		return -1;
	r->afar = afar;
	r->dir = r->common = afar->path;
	r->quarantined = afar->quarantined;
	r->cut = afar->cut;
	r->shallow = afar->shallow || afar->cut;
	if (repo_afar_store(r, err) < 0 || wrap(r, err) < 0) {
		repo_close(r);
		return -1;
	}
	*out = r;
	return 0;
}

int
repo_open_of(struct repo **out, const char *git_dir, const unsigned *owner,
    struct err *err)
{
	struct repo *r;

	*out = NULL;
	if (begin(&r, err) < 0)
		return -1;
	r->trusted = owner;
	if (repo_place(r, git_dir, err) < 0 ||
	    make_odb(r, &r->db, ALL_STORES, err) < 0 || wrap(r, err) < 0 ||
	    (r->quarantined &&
	        make_odb(r, &r->fresh, ONLY_QUARANTINE, err) < 0)) {
		repo_close(r);
		return -1;
	}
	r->trusted = NULL;
	*out = r;
	return 0;
}

void
repo_close(struct repo *r)
{
	if (r == NULL)
		return;
	repo_forget_trees(r);
	free(r->trees);
	git_repository_free(r->git);
	git_odb_free(r->settled);
	git_odb_free(r->fresh);
	git_odb_free(r->db);
	free(r->slots);
	pool_free(&r->pool);
	free(r);
	git_libgit2_shutdown();
}

const char *
repo_path(const struct repo *r)
{
	return r->common;
}

bool
repo_in_quarantine(const struct repo *r)
{
	return r->quarantined;
}

bool
repo_is_shallow(const struct repo *r)
{
	return r->shallow;
}

bool
repo_would_be_cut(const struct repo *r)
{
	return r->cut;
}

bool
repo_is_new(struct repo *r, const unsigned char raw[20])
{
	struct err ignored;
	git_oid id;

	if (r->afar != NULL)
		return repo_is_fresh(r, raw) &&
		    !repo_lent_of(r, raw, false)->settled;
	if (!repo_is_fresh(r, raw) || git_oid_fromraw(&id, raw) < 0)
		return false;
	if (r->settled == NULL &&
	    make_odb(r, &r->settled, ALL_BUT_QUARANTINE, &ignored) < 0) {
		git_odb_free(r->settled);
		r->settled = NULL;
		return false;
	}
	return git_odb_exists_ext(r->settled, &id, GIT_ODB_LOOKUP_NO_REFRESH) ==
	    0;
}
