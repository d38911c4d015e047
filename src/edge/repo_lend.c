#include "edge/repo_lend.h"

#include <dirent.h>
#include <string.h>

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "base/text.h"
#include "repo_inside.h"
#include "repo_parse.h"

static bool
lies_outside(struct repo *r, const unsigned char id[20], bool fresh)
{
	return !fresh || !repo_is_new(r, id);
}

int
repo_lend(struct repo *r, struct pool *pool, const unsigned char raw[20],
    bool whole, size_t most, struct repo_lent *out, struct err *err)
{
	git_odb_object *object = NULL;
	char hex[REPO_OID_SIZE];
	git_object_t type;
	git_oid id;

	*out = (struct repo_lent){0};
	memcpy(out->id, raw, sizeof(out->id));
	if (git_oid_fromraw(&id, raw) < 0 || git_odb_exists(r->db, &id) == 0)
		return 0;
	repo_oid_text(hex, raw);
	if (git_odb_read_header(&out->len, &type, r->db, &id) < 0)
		return repo_git_error(err, ERR_INPUT, "object %s", hex);
	out->kind = repo_kind_of_type((int)type);
	out->fresh = repo_is_fresh(r, raw);
	out->settled = lies_outside(r, raw, out->fresh);
	if (!whole || out->len > most)
		return 0;
	if (repo_read_any(r, &id, &object, err) < 0)
		return -1;
	out->data = pool_textn(pool, git_odb_object_data(object), out->len);
	git_odb_object_free(object);
	return 0;
}

struct fresh_list {
	struct pool *pool;
	unsigned char (*ids)[20];
	size_t count, limit;
};

static int
add_fresh(struct fresh_list *l, const unsigned char id[20])
{
	if (l->count >= l->limit)
		return GIT_EUSER;
	memcpy(pool_grow(l->pool, &l->ids, &l->count, sizeof(*l->ids)), id,
	    sizeof(*l->ids));
	return 0;
}

static int
see_fresh(const git_oid *id, void *ctx)
{
	return add_fresh(ctx, id->id);
}

/* The files of "objects/ab/": each has 38 digits for its name. */
static int
list_loose(struct fresh_list *l, const char *store, const char *start)
{
	DIR *dir = opendir(pool_printf(l->pool, "%s/%s", store, start));
	unsigned char id[20];
	struct dirent *entry;
	int ret = 0;

	while (dir != NULL && ret == 0 && (entry = readdir(dir)) != NULL)
		if (text_parse_hex(id, sizeof(id),
		        pool_printf(l->pool, "%s%s", start, entry->d_name)))
			ret = add_fresh(l, id);
	if (dir != NULL)
		(void)closedir(dir);
	return ret;
}

static int
list_store(struct fresh_list *l, const struct repo_store *store)
{
	DIR *dir = opendir(store->path);
	unsigned char byte[1];
	struct dirent *entry;
	int ret = 0;

	while (dir != NULL && ret == 0 && (entry = readdir(dir)) != NULL)
		if (text_parse_hex(byte, sizeof(byte), entry->d_name))
			ret = list_loose(l, store->path, entry->d_name);
	if (dir != NULL)
		(void)closedir(dir);
	return ret == 0 && store->packed != NULL
	    ? store->packed->foreach (store->packed, see_fresh, l)
	    : ret;
}

int
repo_lend_fresh(struct repo *r, struct pool *pool, size_t limit,
    unsigned char (**ids)[20], size_t *count, struct err *err)
{
	struct fresh_list l = {.pool = pool, .limit = limit};
	int ret = 0;

	*ids = NULL;
	*count = 0;
	for (size_t i = 0; i < r->store_count && ret == 0; i++)
		if (r->stores[i].quarantine)
			ret = list_store(&l, &r->stores[i]);
	if (ret < 0 && ret != GIT_EUSER)
		return repo_git_error(err, ERR_SYSTEM, "what the push brought");
	if (ret == 0) {
		*ids = l.ids;
		*count = l.count;
	}
	return 0;
}

static bool
add_hex(unsigned char out[20], const char *hex)
{
	char copy[REPO_OID_SIZE];

	memcpy(copy, hex, sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';
	return text_parse_hex(out, 20, copy);
}

static size_t
behind_commit(const struct repo_lent *l, size_t limit, unsigned char (*ids)[20])
{
	struct repo_parsed p;
	size_t n = 0;

	if (!repo_parse_commit(&p, l->data, l->len))
		return 0;
	if (n < limit && add_hex(ids[n], p.tree))
		n++;
	for (size_t i = 0; i < p.parent_count && n < limit; i++)
		if (add_hex(ids[n], repo_parsed_parent(&p, i)))
			n++;
	return n;
}

static size_t
behind_tree(const struct repo_lent *l, size_t limit, unsigned char (*ids)[20])
{
	const char *at = l->data, *end = l->data + l->len;
	struct repo_entry e;
	size_t n = 0;

	while (n < limit && repo_parse_entry(&e, &at, end) > 0)
		if (repo_entry_is_tree(&e))
			memcpy(ids[n++], e.id, 20);
	return n;
}

size_t
repo_lend_next(const struct repo_lent *lent, size_t limit,
    unsigned char (*ids)[20])
{
	if (lent->data == NULL)
		return 0;
	if (lent->kind == REPO_COMMIT)
		return behind_commit(lent, limit, ids);
	return lent->kind == REPO_TREE ? behind_tree(lent, limit, ids) : 0;
}
