/* Lines that are here and not in the database go there as they are. */
#include <inttypes.h>
#include <string.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "base/text.h"

#include "daemon_shared_inside.h"

#define TIME_KEY "\"time\":\""
#define MONTH_LEN 7
#define NOTES_MAX 1000000

struct pushing {
	struct shared *s;
	struct buf lines;
	uint64_t segment;
	struct database_head from, to;
	uint64_t records;
};

static int
flush(struct pushing *p, struct err *err)
{
	struct database_put put = {.before = &p->from,
	    .after = &p->to,
	    .lines = {p->to.segment, p->lines.data, p->lines.len}};

	if (p->lines.len == 0)
		return 0;
	switch (database_put(p->s->database, &put, err)) {
	case DATABASE_STORED:
		p->from = p->to;
		buf_clear(&p->lines);
		return 0;
	case DATABASE_STALE:
		return err_set(err, ERR_INPUT,
		    "somebody else appends to the database of the ledger");
	case DATABASE_UNKNOWN:
	default:
		return err_within(err, "begin again: what is there is kept");
	}
}

static void
note_month(struct pushing *p, const char *line, size_t len)
{
	const char *time = text_find(line, len, TIME_KEY);

	memset(p->to.month, 0, sizeof(p->to.month));
	if (time != NULL &&
	    (size_t)(line + len - time) > strlen(TIME_KEY) + MONTH_LEN)
		memcpy(p->to.month, time + strlen(TIME_KEY), MONTH_LEN);
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct pushing *p = ctx;
	bool new_segment = mark->segment != p->to.segment;

	if ((new_segment || p->lines.len + len >= SHARED_CHUNK) &&
	    flush(p, err) < 0)
		return -1;
	if (new_segment) {
		p->to.segment = mark->segment;
		p->to.bytes = 0;
	}
	if (p->to.bytes == 0)
		note_month(p, line, len);
	buf_add(&p->lines, line, len);
	buf_char(&p->lines, '\n');
	p->to.bytes += len + 1;
	p->to.last.seq = mark->seq;
	memcpy(p->to.last.digest, mark->digest, DIGEST_SIZE);
	p->records++;
	return 0;
}

/* What the database has already is here too, and is where one goes on. */
static int
find_start(struct shared *s, const struct database_head *head,
    struct chain_mark *start, struct err *err)
{
	if (shared_find(s, head->last.seq, start, err) < 0)
		return -1;
	if (start->seq == head->last.seq &&
	    (start->seq == 0 ||
	        memcmp(start->digest, head->last.digest, DIGEST_SIZE) == 0))
		return 0;
	return err_set(err, ERR_TAMPERED,
	    "the database has other records than '%s', or more: nothing was "
	    "changed",
	    s->settings->ledger);
}

static int
push(struct shared *s, uint64_t *records, struct err *err)
{
	struct pushing p = {.s = s};
	struct chain_mark start;
	int ret;

	if (database_head(s->database, &p.from, err) < 0 ||
	    shared_check_head(s, &p.from, err) < 0 ||
	    find_start(s, &p.from, &start, err) < 0)
		return -1;
	p.to = p.from;
	ret = ledger_walk(s->copy, &start, see, &p, NULL, err);
	if (ret == 0)
		ret = flush(&p, err);
	buf_free(&p.lines);
	*records = p.records;
	return ret;
}

/* ---- checkpoints ---- */

static int
push_note(struct shared *s, const char *path, struct err *err)
{
	struct buf note = {0};
	int ret = file_read_plain(&note, path, DATABASE_NOTE_MAX, NULL, err);

	if (ret == 0)
		ret = shared_keep_note(s, note.data, note.len, err);
	buf_free(&note);
	return ret;
}

static int
push_notes(struct shared *s, struct err *err)
{
	const char *dir = s->settings->ledger;
	const char *const *names;
	struct pool pool = {0};
	size_t count;
	int ret = checkpoints_files(&pool, dir, checkpoints_is_kept, NOTES_MAX,
	    "checkpoints", &names, &count, err);

	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = push_note(s,
		    pool_printf(&pool, "%s/" CHECKPOINTS_DIR "/%s", dir,
		        names[i]),
		    err);
	if (ret == 0)
		ret = push_note(s,
		    pool_printf(&pool, "%s/" CHECKPOINT_FILE, dir), err);
	pool_free(&pool);
	return ret;
}

int
shared_push(struct shared *s, uint64_t *records, struct err *err)
{
	int ret;

	*records = 0;
	(void)pthread_mutex_lock(&s->lock);
	ret = push(s, records, err);
	if (ret == 0)
		ret = push_notes(s, err);
	s->fresh = false;
	(void)pthread_mutex_unlock(&s->lock);
	return ret;
}

int
shared_create(struct shared *s, uint64_t *records, struct err *err)
{
	if (s->last.seq == 0)
		return err_set(err, ERR_INPUT,
		    "'%s' holds no ledger to begin with: 'foureyes init' makes "
		    "one, and other nodes need none",
		    s->settings->ledger);
	/* From here on nobody appends to the directory alone. */
	if (shared_mark(s, err) < 0 ||
	    database_create(s->database, s->settings->origin, err) < 0)
		return -1;
	return shared_push(s, records, err);
}
