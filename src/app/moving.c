#include "app/moving.h"

#include <string.h>
#include <sys/stat.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "app/verifying.h"
#include "app/walking.h"
#include "core/note.h"
#include "edge/ledger_copy.h"
#include "edge/seal_stamp.h"

#define DIGITS 20
#define BESIDE_MAX (NOTE_SIZE_MAX + SEAL_STAMP_MAX) /* bytes of one file */
#define PRUNED_FILE "pruned"

/* ---- does it verify ---- */

static const char *
why_not(struct verifying *v, const struct err *tampered)
{
	verify_unaltered(v, tampered);
	if (v->unaltered.is != TRI_YES)
		return v->unaltered.why;
	verify_uncut(v);
	return v->uncut.is != TRI_YES ? v->uncut.why : NULL;
}

int
moving_look(struct moving_look *out, struct pool *pool, const char *dir,
    struct err *err)
{
	struct verifying v = {.dir = dir, .kept = {.asked = true}};
	const char *why;
	int ret;

	*out = (struct moving_look){0};
	ret = verify_sealed_read(&v, err) < 0 ? -1 : verify_walk(&v, err);
	if (ret == 0 || err->kind == ERR_TAMPERED) {
		out->interrupted = v.interrupted;
		out->records = v.records;
		out->last = v.end.last;
		why = v.interrupted ? NULL : why_not(&v, ret < 0 ? err : NULL);
		out->no = why != NULL ? pool_text(pool, why) : NULL;
		ret = 0;
	}
	verify_kept_free(&v.kept);
	pool_free(&v.pool);
	return ret;
}

/* ---- copying ---- */

struct copying {
	struct moving *m;
	struct ledger_copy *to;
	struct buf checkpoint;
	const char *const *names; /* in `checkpoints` */
	size_t count;
};

static bool
is_kept(const char *name)
{
	return strspn(name, "0123456789") == DIGITS &&
	    strchr(name, '/') == NULL;
}

/* Before the lines, so that it tells of none that do not come. */
static int
read_sealed(struct copying *c, struct err *err)
{
	struct moving *m = c->m;
	bool there;

	if (file_read_plain(&c->checkpoint,
	        pool_printf(m->pool, "%s/" CHECKPOINT_FILE, m->from_dir),
	        NOTE_SIZE_MAX, &there, err) < 0)
		return -1;
	return checkpoints_files(m->pool, m->from_dir, is_kept,
	    MOVING_FILES_MAX, "checkpoints and stamps", &c->names, &c->count,
	    err);
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct copying *c = ctx;

	if (ledger_copy_line(c->to, mark, line, len, err) < 0)
		return -1;
	c->m->last = *mark;
	c->m->interrupted = walking_at(mark->seq, "records");
	return c->m->interrupted || mark->seq == c->m->until;
}

static int
copy_lines(struct copying *c, struct err *err)
{
	int ret;

	walking_begin();
	ret = ledger_walk(c->m->from, NULL, see, c, NULL, err);
	walking_end();
	return ret;
}

static int
copy_pruned(struct copying *c, struct err *err)
{
	struct pruned pruned;
	struct buf text = {0};
	int ret = ledger_pruned(c->m->from, &pruned, err);

	if (ret == 0 && pruned.last > 0) {
		pruned_write(&text, &pruned);
		ret = ledger_copy_file(c->to, PRUNED_FILE, &text, err);
	}
	buf_free(&text);
	return ret;
}

static int
copy_kept(struct copying *c, const char *name, struct err *err)
{
	struct pool *pool = c->m->pool;
	const char *path = pool_printf(pool, CHECKPOINTS_DIR "/%s", name);
	struct buf bytes = {0};
	int ret = file_read_plain(&bytes,
	    pool_printf(pool, "%s/%s", c->m->from_dir, path), BESIDE_MAX, NULL,
	    err);

	if (ret == 0)
		ret = ledger_copy_file(c->to, path, &bytes, err);
	buf_free(&bytes);
	return ret;
}

static int
copy_beside(struct copying *c, struct err *err)
{
	if (copy_pruned(c, err) < 0)
		return -1;
	for (size_t i = 0; i < c->count; i++)
		if (copy_kept(c, c->names[i], err) < 0)
			return -1;
	return c->checkpoint.len == 0
	    ? 0
	    : ledger_copy_file(c->to, CHECKPOINT_FILE, &c->checkpoint, err);
}

static int
copy_all(struct copying *c, struct err *err)
{
	if (read_sealed(c, err) < 0 || copy_lines(c, err) < 0)
		return -1;
	if (c->m->interrupted)
		return 0;
	return copy_beside(c, err) < 0 ? -1 : ledger_copy_end(c->to, err);
}

/* Kept checkpoints are of who seals, who takes no directory of others. */
static void
name_sealer(struct copying *c)
{
	const struct settings *s = c->m->settings;
	struct stat st;

	if (s != NULL && s->seal_key != NULL && lstat(s->seal_key, &st) == 0)
		ledger_copy_sealer(c->to, st.st_uid);
}

int
moving_copy(struct moving *m, struct err *err)
{
	struct copying c = {.m = m};
	int ret = ledger_copy_begin(&c.to, m->to_dir, &m->went_on, err);

	if (ret == 0 && !m->went_on) {
		name_sealer(&c);
		ret = copy_all(&c, err);
	}
	ledger_copy_close(c.to);
	buf_free(&c.checkpoint);
	return ret;
}
