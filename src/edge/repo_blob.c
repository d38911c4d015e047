#include "edge/repo_blob.h"

#include <git2.h>

#include "repo_inside.h"

int
repo_blob(struct repo *r, struct pool *pool, const char *oid, size_t most,
    const char **data, size_t *size, struct err *err)
{
	git_odb_object *object = NULL;
	git_object_t type;
	git_oid id;

	*data = NULL;
	if (repo_oid(&id, oid, err) < 0)
		return -1;
	if (git_odb_read_header(size, &type, r->db, &id) < 0)
		return repo_git_error(err, ERR_INPUT, "object %s", oid);
	if (type != GIT_OBJECT_BLOB)
		return err_set(err, ERR_INPUT, "object %s is no blob", oid);
	if (*size > most)
		return 0;
	if (repo_read_any(r, &id, &object, err) < 0)
		return -1;
	*data = pool_textn(pool, git_odb_object_data(object), *size);
	git_odb_object_free(object);
	return 0;
}
