/*
 * Objects: read within limits, told apart, unwrapped.
 */
#include <stdlib.h>
#include <string.h>

#include <git2.h>

#include "base/buf.h"
#include "base/text.h"
#include "repo_inside.h"
#include "repo_parse.h"

int
repo_oid(git_oid *out, const char *oid, struct err *err)
{
	if (oid != NULL && text_is_oid(oid) &&
	    strlen(oid) == REPO_OID_SIZE - 1 && git_oid_fromstr(out, oid) == 0)
		return 0;
	return err_set(err, ERR_INPUT,
	    "an object id here has 40 lower-case hex digits%s",
	    oid != NULL && strlen(oid) == 64 ? ", and no SHA-256 is supported"
	                                     : "");
}

void
repo_oid_text(char out[REPO_OID_SIZE], const unsigned char id[20])
{
	text_hex(out, id, 20);
}

static const char *
name_of_kind(enum repo_kind kind)
{
	switch (kind) {
	case REPO_COMMIT:
		return "commit";
	case REPO_TREE:
		return "tree";
	case REPO_BLOB:
		return "blob";
	case REPO_TAG:
		return "tag";
	case REPO_NONE:
		break;
	}
	return "nothing known";
}

enum repo_kind
repo_kind_of_type(int type)
{
	if (type == GIT_OBJECT_COMMIT)
		return REPO_COMMIT;
	if (type == GIT_OBJECT_TREE)
		return REPO_TREE;
	if (type == GIT_OBJECT_BLOB)
		return REPO_BLOB;
	return type == GIT_OBJECT_TAG ? REPO_TAG : REPO_NONE;
}

static int
check_header(const git_oid *id, enum repo_kind want, git_object_t type,
    size_t len, struct err *err)
{
	enum repo_kind kind = repo_kind_of_type((int)type);
	size_t most = kind == REPO_TREE ? REPO_TREE_MAX : REPO_OBJECT_MAX;
	char hex[REPO_OID_SIZE];

	if (kind != REPO_NONE && (want == REPO_NONE || kind == want) &&
	    len <= most)
		return 0;
	repo_oid_text(hex, id->id);
	if (kind == REPO_NONE || (want != REPO_NONE && kind != want))
		return err_set(err, ERR_INPUT, "object %s is a %s, not a %s",
		    hex, name_of_kind(kind), name_of_kind(want));
	return err_set(err, ERR_INPUT,
	    "%s %s has %zu bytes, more than the limit of %zu",
	    name_of_kind(kind), hex, len, most);
}

static int
unreadable(const git_oid *id, struct err *err)
{
	char hex[REPO_OID_SIZE];

	repo_oid_text(hex, id->id);
	return repo_git_error(err, ERR_INPUT, "object %s", hex);
}

int
repo_read_any(struct repo *r, const git_oid *id, git_odb_object **out,
    struct err *err)
{
	return git_odb_read(out, r->db, id) < 0 ? unreadable(id, err) : 0;
}

/*
 * The header comes first, so that no one can have us inflate a huge body.  Not
 * so for trees, where it would cost a third of the time: git has inflated each
 * tree of a push itself before it asks a hook.
 */
int
repo_read(struct repo *r, const git_oid *id, enum repo_kind want,
    git_odb_object **out, struct err *err)
{
	size_t len;
	git_object_t type;

	if (want != REPO_TREE) {
		if (git_odb_read_header(&len, &type, r->db, id) < 0)
			return unreadable(id, err);
		if (check_header(id, want, type, len, err) < 0)
			return -1;
	}
	if (repo_read_any(r, id, out, err) < 0)
		return -1;
	if (check_header(id, want, git_odb_object_type(*out),
	        git_odb_object_size(*out), err) == 0)
		return 0;
	git_odb_object_free(*out);
	*out = NULL;
	return -1;
}

static git_odb_object **
kept_at(struct repo *r, const git_oid *id)
{
	size_t at = ((size_t)id->id[0] << 8 | id->id[1]) % REPO_TREES_KEPT;

	return &r->trees[at];
}

void
repo_forget_trees(struct repo *r)
{
	for (size_t i = 0; r->trees != NULL && i < REPO_TREES_KEPT; i++) {
		git_odb_object_free(r->trees[i]);
		r->trees[i] = NULL;
	}
	r->tree_bytes = 0;
}

static void
keep_tree(struct repo *r, git_odb_object *object)
{
	size_t len = git_odb_object_size(object);
	git_odb_object **at = kept_at(r, git_odb_object_id(object));

	if (len > REPO_TREES_KEPT_BYTES / 16)
		return;
	if (r->tree_bytes + len > REPO_TREES_KEPT_BYTES)
		repo_forget_trees(r);
	if (*at != NULL)
		r->tree_bytes -= git_odb_object_size(*at);
	git_odb_object_free(*at);
	*at = NULL;
	if (git_odb_object_dup(at, object) == 0)
		r->tree_bytes += len;
}

/*
 * Not by libgit2's cache of objects: it takes no tree of more than 4 KiB, and
 * when it is full spends more on making room than it saves.
 */
int
repo_read_tree(struct repo *r, const git_oid *id, git_odb_object **out,
    struct err *err)
{
	git_odb_object *kept;

	if (r->trees == NULL) {
		r->trees = calloc(REPO_TREES_KEPT, sizeof(git_odb_object *));
		if (r->trees == NULL)
			err_fatal("out of memory");
	}
	kept = *kept_at(r, id);
	if (kept != NULL && git_oid_equal(git_odb_object_id(kept), id))
		return git_odb_object_dup(out, kept);
	r->opened++;
	if (repo_read(r, id, REPO_TREE, out, err) < 0)
		return -1;
	keep_tree(r, *out);
	return 0;
}

int
repo_object(struct repo *r, struct pool *pool, const char *oid,
    enum repo_kind *kind, const char **data, size_t *len, struct err *err)
{
	git_odb_object *object = NULL;
	git_oid id;

	if (repo_oid(&id, oid, err) < 0 ||
	    repo_read(r, &id, REPO_NONE, &object, err) < 0)
		return -1;
	*kind = repo_kind_of_type((int)git_odb_object_type(object));
	*len = git_odb_object_size(object);
	*data = pool_textn(pool, git_odb_object_data(object), *len);
	git_odb_object_free(object);
	return 0;
}

enum repo_kind
repo_kind_of(struct repo *r, const char *oid)
{
	struct err ignored;
	git_oid id;
	git_object_t type;
	size_t len;

	if (repo_oid(&id, oid, &ignored) < 0 ||
	    git_odb_read_header(&len, &type, r->db, &id) < 0)
		return REPO_NONE;
	return repo_kind_of_type((int)type);
}

bool
repo_has(struct repo *r, const char *oid)
{
	struct err ignored;
	git_oid id;

	return repo_oid(&id, oid, &ignored) == 0 &&
	    git_odb_exists(r->db, &id) == 1;
}

bool
repo_is_fresh(struct repo *r, const unsigned char raw[20])
{
	const struct repo_lent *lent;
	git_oid id;

	if (r->afar != NULL) {
		lent = repo_lent_of(r, raw, false);
		return lent != NULL && lent->fresh;
	}
	if (r->fresh == NULL || git_oid_fromraw(&id, raw) < 0)
		return false;
	return git_odb_exists_ext(r->fresh, &id, GIT_ODB_LOOKUP_NO_REFRESH) ==
	    1;
}

bool
repo_received(struct repo *r, const char *oid)
{
	struct err ignored;
	git_oid id;

	return repo_oid(&id, oid, &ignored) == 0 && repo_is_fresh(r, id.id);
}

/* The id on the first line of a tag: "object <40 hex>\n". */
static int
tagged(struct repo *r, git_oid *id, struct err *err)
{
	static const char word[] = "object ";
	char hex[REPO_OID_SIZE];
	git_odb_object *object = NULL;
	const char *data;
	int ret = -1;

	repo_oid_text(hex, id->id);
	if (repo_read(r, id, REPO_TAG, &object, err) < 0)
		return -1;
	data = git_odb_object_data(object);
	if (git_odb_object_size(object) >= sizeof(word) + 40 &&
	    memcmp(data, word, sizeof(word) - 1) == 0 &&
	    data[sizeof(word) - 1 + 40] == '\n')
		ret = git_oid_fromstrn(id, data + sizeof(word) - 1, 40);
	git_odb_object_free(object);
	return ret == 0 ? 0
	                : err_set(err, ERR_INPUT, "tag %s is malformed", hex);
}

int
repo_peel(struct repo *r, const char *oid, char out[REPO_OID_SIZE],
    enum repo_kind *kind, struct err *err)
{
	git_oid id;
	git_object_t type;
	size_t len;

	if (repo_oid(&id, oid, err) < 0)
		return -1;
	for (unsigned depth = 0; depth <= REPO_PEEL_MAX; depth++) {
		repo_oid_text(out, id.id);
		if (git_odb_read_header(&len, &type, r->db, &id) < 0)
			return repo_git_error(err, ERR_INPUT, "object %s", out);
		*kind = repo_kind_of_type((int)type);
		if (*kind != REPO_TAG)
			return 0;
		if (tagged(r, &id, err) < 0)
			return -1;
	}
	return err_set(err, ERR_INPUT, "%s: more than %d tags of tags", oid,
	    REPO_PEEL_MAX);
}

int
repo_side_next(struct repo_side *s, struct err *err)
{
	char hex[REPO_OID_SIZE];
	int got = repo_parse_entry(&s->entry, &s->at, s->end);

	s->more = got > 0;
	if (got >= 0)
		return 0;
	repo_oid_text(hex, git_odb_object_id(s->object)->id);
	return err_set(err, ERR_INPUT, "tree %s is malformed", hex);
}

int
repo_side_open(struct repo *r, struct repo_side *s, const unsigned char *id,
    struct err *err)
{
	git_oid oid;

	memset(s, 0, sizeof(*s));
	if (id == NULL)
		return 0;
	git_oid_fromraw(&oid, id);
	if (repo_read_tree(r, &oid, &s->object, err) < 0)
		return -1;
	s->at = git_odb_object_data(s->object);
	s->end = s->at + git_odb_object_size(s->object);
	return repo_side_next(s, err);
}

static bool
is_usual_mode(unsigned mode)
{
	return mode == 0100644 || mode == 0100755 || mode == REPO_MODE_TREE ||
	    mode == REPO_MODE_LINK || mode == REPO_MODE_GITLINK;
}

bool
repo_side_is_odd(const struct repo_side *s, const struct repo_entry *before)
{
	return s->more &&
	    (!is_usual_mode(s->entry.mode) ||
	        (before->name != NULL &&
	            repo_entry_order(before, &s->entry) >= 0));
}

void
repo_side_close(struct repo_side *s)
{
	git_odb_object_free(s->object);
	s->object = NULL;
}

void
repo_put_entry(struct buf *tree, unsigned mode, const char *name, size_t len,
    const unsigned char id[20])
{
	buf_printf(tree, "%o ", mode);
	buf_add(tree, name, len);
	buf_char(tree, '\0');
	buf_add(tree, id, 20);
}

int
repo_write_tree(struct repo *r, const struct buf *entries, git_oid *out,
    struct err *err)
{
	if (git_odb_write(out, r->db, buf_text(entries), entries->len,
	        GIT_OBJECT_TREE) < 0)
		return repo_git_error(err, ERR_SYSTEM, "merged tree");
	return 0;
}

size_t
repo_trees_opened(const struct repo *r)
{
	return r->opened;
}
