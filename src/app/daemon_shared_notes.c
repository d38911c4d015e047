/* Checkpoints of a shared ledger, from the node that seals to all others. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "base/text.h"
#include "core/note.h"

#include "daemon_shared_inside.h"

/* What it counts and of which ledger; who signed it is for readers to ask. */
static int
read_note(struct checkpoint *out, const struct shared *s, const char *text,
    size_t len, struct err *err)
{
	struct pool pool = {0};
	struct note note;
	int ret = note_parse(&note, &pool, text, len, err);

	if (ret == 0)
		ret = checkpoint_parse(out, note.text, note.len, err);
	if (ret == 0 && !text_same(out->origin, s->settings->origin))
		ret = err_set(err, ERR_INPUT,
		    "that is a checkpoint of another ledger");
	pool_free(&pool);
	return ret;
}

static int
put_beside(uint64_t size, const char *text, size_t len, void *ctx,
    struct err *err)
{
	struct shared *s = ctx;
	struct checkpoint c = {0};
	struct pool pool = {0};
	struct buf note = {0};
	const char *unkept;
	int ret = read_note(&c, s, text, len, err);

	if (ret == 0 && c.size == size && c.size <= s->last.seq) {
		buf_add(&note, text, len);
		ret = checkpoints_put(s->settings->ledger, &c, &note, &pool,
		    &unkept, err);
		s->noted = size;
	}
	buf_free(&note);
	pool_free(&pool);
	return ret;
}

/* The one that lies beside the copy. */
static uint64_t
beside(const struct shared *s)
{
	struct pool pool = {0};
	struct checkpoint c = {0};
	struct err ignored = {0};
	uint64_t size =
	    checkpoints_claim(&c, &pool, s->settings->ledger, &ignored) == 0
	    ? c.size
	    : 0;

	pool_free(&pool);
	return size;
}

void
shared_fetch_notes(struct shared *s, uint64_t upto)
{
	struct err ignored = {0};

	if (s->noted == 0)
		s->noted = beside(s);
	if (upto > s->noted &&
	    database_notes(s->database, s->noted, put_beside, s, &ignored) < 0)
		s->fresh = false;
}

int
shared_keep_note(struct shared *s, const char *text, size_t len,
    struct err *err)
{
	struct checkpoint c = {0};

	if (read_note(&c, s, text, len, err) < 0)
		return -1;
	if (c.size > s->last.seq)
		return err_set(err, ERR_INPUT,
		    "that checkpoint counts more records than there are");
	return database_keep(s->database, c.size, text, len, err);
}

int
shared_keep(struct shared *s, const char *text, size_t len, struct err *err)
{
	int ret;

	(void)pthread_mutex_lock(&s->lock);
	ret = shared_keep_note(s, text, len, err);
	(void)pthread_mutex_unlock(&s->lock);
	return ret;
}
