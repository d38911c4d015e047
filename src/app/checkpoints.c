#include "app/checkpoints.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "app/key_chain.h"
#include "app/seal_state.h"
#include "core/note.h"
#include "edge/seal.h"

#define KEPT_DIGITS 20
#define CHECKPOINTS_MOST 1000000

struct first {
	struct merkle tree;
	struct chain_mark last;
	struct key_chain chain;
};

static int
add_line(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct first *f = ctx;
	unsigned char leaf[DIGEST_SIZE];

	(void)err;
	merkle_leaf(leaf, line, len);
	merkle_add(&f->tree, leaf);
	key_chain_see(&f->chain, mark->seq, line, len);
	f->last = *mark;
	return 0;
}

/* Both begin together, or a later seal would have to believe the ledger. */
static int
put_first(const struct first *f, const struct checkpoint *c,
    const struct seal *seal, const struct settings *settings, int64_t now,
    struct err *err)
{
	const struct key_link *key = key_chain_at(&f->chain, c->size);
	struct seal_state state = {true, *c, f->tree, f->last, {{0}},
	    key != NULL ? key->seq : 0, now};
	struct pool *pool = f->chain.pool;
	struct buf note = {0};
	int ret = seal_sign(seal, c, &note, err);

	seal_public(&state.key, seal);
	if (ret == 0)
		ret = file_write(pool_printf(pool, "%s/" CHECKPOINT_FILE,
		                     settings->ledger),
		    note.data, note.len, 0660, true, err);
	if (ret == 0)
		ret = seal_state_write(seal_state_path(pool, settings), &state,
		    err);
	buf_free(&note);
	return ret;
}

int
checkpoints_first(struct ledger *ledger, const struct settings *settings,
    int64_t now, struct err *err)
{
	struct pool pool = {0};
	struct first first = {.chain = {.pool = &pool}};
	struct checkpoint c = {0};
	struct seal *seal = NULL;
	int ret = -1;

	if (checkpoint_name(&c, settings->origin, err) == 0 &&
	    ledger_walk(ledger, NULL, add_line, &first, NULL, err) == 0 &&
	    seal_open(&seal, settings->seal_key, err) == 0) {
		c.size = first.tree.count;
		merkle_root(c.root, &first.tree);
		ret = put_first(&first, &c, seal, settings, now, err);
	}
	seal_close(seal);
	pool_free(&pool);
	return ret;
}

const char *
checkpoints_kept(struct pool *pool, const char *ledger, uint64_t size)
{
	return pool_printf(pool, "%s/" CHECKPOINTS_DIR "/%020llu", ledger,
	    (unsigned long long)size);
}

/* Who pushes may write beside it, so it could be a link to anywhere. */
static int
make_dir(const char *dir, struct err *err)
{
	struct stat st;

	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return err_errno(err, "'%s'", dir);
	if (lstat(dir, &st) < 0)
		return err_errno(err, "'%s'", dir);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_set(err, ERR_CONFIG,
		    "'%s' must be a directory of who seals, written to by "
		    "nobody else",
		    dir);
	return 0;
}

static int
keep(const char *ledger, const struct checkpoint *c, const struct buf *note,
    struct pool *pool, struct err *err)
{
	const char *path = checkpoints_kept(pool, ledger, c->size);
	struct stat st;

	if (make_dir(pool_printf(pool, "%s/" CHECKPOINTS_DIR, ledger), err) < 0)
		return -1;
	if (lstat(path, &st) == 0)
		return 0;
	return file_write(path, note->data, note->len, 0644, true, err);
}

int
checkpoints_put(const char *ledger, const struct checkpoint *c,
    const struct buf *note, struct pool *pool, const char **unkept,
    struct err *err)
{
	struct err why = {0};

	*unkept = keep(ledger, c, note, pool, &why) < 0
	    ? pool_text(pool, why.text)
	    : NULL;
	return file_write(pool_printf(pool, "%s/" CHECKPOINT_FILE, ledger),
	    note->data, note->len, 0660, false, err);
}

bool
checkpoints_is_kept(const char *name)
{
	return strlen(name) == KEPT_DIGITS &&
	    strspn(name, "0123456789") == KEPT_DIGITS;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
checkpoints_files(struct pool *pool, const char *ledger,
    bool (*wanted)(const char *name), size_t most, const char *called,
    const char *const **names, size_t *count, struct err *err)
{
	const char *path = pool_printf(pool, "%s/" CHECKPOINTS_DIR, ledger);
	const char **list = NULL, **slot;
	DIR *dir = opendir(path);
	const struct dirent *e;
	int ret = 0;

	*names = NULL;
	*count = 0;
	if (dir == NULL)
		return errno == ENOENT ? 0 : err_errno(err, "'%s'", path);
	while (ret == 0 && (e = readdir(dir)) != NULL) {
		if (!wanted(e->d_name))
			continue;
		if (*count == most) {
			ret = err_set(err, ERR_INPUT,
			    "'%s' holds more than %zu %s", path, most, called);
			break;
		}
		slot = pool_grow(pool, &list, count, sizeof(*list));
		*slot = pool_text(pool, e->d_name);
	}
	(void)closedir(dir);
	if (*count > 0)
		qsort(list, *count, sizeof(*list), by_name);
	*names = list;
	return ret;
}

int
checkpoints_set_aside(struct pool *pool, const char *ledger, uint64_t from,
    uint64_t record, struct err *err)
{
	const char *const *names, *path;
	size_t count;

	if (checkpoints_files(pool, ledger, checkpoints_is_kept,
	        CHECKPOINTS_MOST, "checkpoints", &names, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (strtoull(names[i], NULL, 10) < from)
			continue;
		path = pool_printf(pool, "%s/" CHECKPOINTS_DIR "/%s", ledger,
		    names[i]);
		if (rename(path,
		        pool_printf(pool, "%s.lost-%llu", path,
		            (unsigned long long)record)) < 0)
			return err_errno(err, "'%s'", path);
	}
	return 0;
}

int
checkpoints_claim(struct checkpoint *out, struct pool *pool, const char *ledger,
    struct err *err)
{
	const char *path = pool_printf(pool, "%s/" CHECKPOINT_FILE, ledger);
	struct buf text = {0};
	struct note note;
	int ret = file_read(&text, path, NOTE_SIZE_MAX, NULL, err);

	if (ret == 0)
		ret = note_parse(&note, pool, buf_text(&text), text.len, err);
	if (ret == 0)
		ret = checkpoint_parse(out, note.text, note.len, err);
	buf_free(&text);
	return ret;
}
