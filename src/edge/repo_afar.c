#include "edge/repo_afar.h"

#include <string.h>

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "repo_inside.h"

struct afar_backend {
	git_odb_backend parent;
	struct repo *repo;
};

static struct repo_lent *
kept(struct repo *r, const unsigned char id[20])
{
	char hex[REPO_OID_SIZE];

	repo_oid_text(hex, id);
	return map_get(&r->lent, hex);
}

int
repo_afar_keep(struct repo *r, const struct repo_lent *lent, struct err *err)
{
	struct repo_lent *own = kept(r, lent->id);
	char hex[REPO_OID_SIZE];

	repo_oid_text(hex, lent->id);
	if (own != NULL && (own->data != NULL || lent->data == NULL))
		return 0;
	if (lent->data != NULL &&
	    !repo_object_is(lent->id, lent->kind, lent->data, lent->len))
		return err_set(err, ERR_INPUT,
		    "object %s: its content is not what its name says", hex);
	if (own == NULL) {
		own = pool_alloc(&r->pool, sizeof(*own));
		map_put(&r->lent, pool_text(&r->pool, hex), own);
	}
	*own = *lent;
	if (lent->data == NULL)
		return 0;
	r->lent_bytes += lent->len;
	if (r->lent_bytes > REPO_AFAR_KEPT_MAX)
		return err_set(err, ERR_INPUT,
		    "more than %zu bytes of objects have to be read for this",
		    REPO_AFAR_KEPT_MAX);
	own->data = pool_textn(&r->pool, lent->data, lent->len);
	return 0;
}

const struct repo_lent *
repo_lent_of(struct repo *r, const unsigned char id[20], bool whole)
{
	const struct repo_lent *l = kept(r, id);

	if (l != NULL && (!whole || l->data != NULL || l->kind == REPO_NONE))
		return l;
	r->afar->ask(r->afar->ctx, r, id, whole);
	return kept(r, id);
}

static git_object_t
type_of(enum repo_kind kind)
{
	switch (kind) {
	case REPO_COMMIT:
		return GIT_OBJECT_COMMIT;
	case REPO_TREE:
		return GIT_OBJECT_TREE;
	case REPO_BLOB:
		return GIT_OBJECT_BLOB;
	case REPO_TAG:
		return GIT_OBJECT_TAG;
	case REPO_NONE:
		break;
	}
	return GIT_OBJECT_INVALID;
}

static const struct repo_lent *
find(git_odb_backend *backend, const git_oid *id, bool whole)
{
	struct repo *r = ((struct afar_backend *)backend)->repo;
	const struct repo_lent *l = repo_lent_of(r, id->id, whole);

	return l == NULL || l->kind == REPO_NONE ? NULL : l;
}

static int
afar_header(size_t *len, git_object_t *type, git_odb_backend *backend,
    const git_oid *id)
{
	const struct repo_lent *l = find(backend, id, false);

	if (l == NULL)
		return GIT_ENOTFOUND;
	*len = l->len;
	*type = type_of(l->kind);
	return 0;
}

static int
afar_read(void **data, size_t *len, git_object_t *type,
    git_odb_backend *backend, const git_oid *id)
{
	const struct repo_lent *l = find(backend, id, true);
	char *copy;

	if (l == NULL)
		return GIT_ENOTFOUND;
	if (l->data == NULL) {
		git_error_set_str(GIT_ERROR_ODB,
		    "its server did not hand it over: it is too large");
		return GIT_ERROR;
	}
	copy = git_odb_backend_data_alloc(backend, l->len + 1);
	if (copy == NULL)
		return GIT_ERROR;
	memcpy(copy, l->data, l->len + 1);
	*data = copy;
	*len = l->len;
	*type = type_of(l->kind);
	return 0;
}

static int
afar_exists(git_odb_backend *backend, const git_oid *id)
{
	return find(backend, id, false) != NULL;
}

/* What is written is a merge in memory: nobody is asked whether it is there. */
static int
afar_freshen(git_odb_backend *backend, const git_oid *id)
{
	(void)backend;
	(void)id;
	return GIT_ENOTFOUND;
}

static void
afar_free(git_odb_backend *backend)
{
	(void)backend;
}

int
repo_afar_store(struct repo *r, struct err *err)
{
	struct afar_backend *b = pool_alloc(&r->pool, sizeof(*b));

	r->lent.pool = &r->pool;
	if (git_odb_init_backend(&b->parent, GIT_ODB_BACKEND_VERSION) < 0)
		return repo_git_error(err, ERR_SYSTEM, "object store");
	b->repo = r;
	b->parent.read = afar_read;
	b->parent.read_header = afar_header;
	b->parent.exists = afar_exists;
	b->parent.freshen = afar_freshen;
	b->parent.free = afar_free;
	if (git_odb_new(&r->db) < 0 ||
	    git_odb_add_alternate(r->db, &b->parent, 1) < 0)
		return repo_git_error(err, ERR_SYSTEM, "object store");
	return 0;
}
