#include "app/shared.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/checkpoints.h"
#include "app/daemon.h"
#include "base/text.h"

#include "daemon_shared_inside.h"

/* ---- opening ---- */

int
shared_mark(struct shared *s, struct err *err)
{
	char text[LEDGER_SHARED_MAX];

	(void)snprintf(text, sizeof(text),
	    "a copy of the ledger at %s, kept by foureyesd\n",
	    database_where(s->database));
	return ledger_shared_mark(s->copy, text, err);
}

static int
open_copy(struct shared *s, struct err *err)
{
	const char *dir = s->settings->ledger;
	struct err ignored = {0};

	if (ledger_open(&s->copy, dir, LEDGER_APPEND, &ignored) == 0)
		return ledger_newest(s->copy, &s->last, err);
	if (ledger_create(dir, err) < 0 ||
	    ledger_open(&s->copy, dir, LEDGER_APPEND, err) < 0)
		return -1;
	return shared_mark(s, err);
}

int
shared_open(struct shared **out, const struct settings *settings,
    struct err *err)
{
	struct shared *s = calloc(1, sizeof(*s));
	struct buf password = {0};
	struct database_how how = {.url = settings->shared,
	    .patience = SHARED_PATIENCE};
	int ret = 0;

	if (s == NULL)
		err_fatal("out of memory");
	s->settings = settings;
	(void)pthread_mutex_init(&s->lock, NULL);
	if (settings->ledger_password_file != NULL) {
		ret = daemon_token(&password, settings->ledger_password_file,
		    err);
		how.password = buf_text(&password);
	}
	if (ret == 0)
		ret = database_open(&s->database, &how, err);
	if (password.data != NULL)
		explicit_bzero(password.data, password.room);
	buf_free(&password);
	if (ret < 0 || open_copy(s, err) < 0) {
		shared_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
shared_close(struct shared *s)
{
	if (s == NULL)
		return;
	ledger_close(s->copy);
	database_close(s->database);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

uint64_t
shared_last(struct shared *s)
{
	uint64_t last;

	(void)pthread_mutex_lock(&s->lock);
	last = s->last.seq;
	(void)pthread_mutex_unlock(&s->lock);
	return last;
}

const char *
shared_where(const struct shared *s)
{
	return database_where(s->database);
}

/* ---- catching up ---- */

static int
take(const struct ledger_lines *lines, void *ctx, struct err *err)
{
	struct shared *s = ctx;

	return ledger_take(s->copy, lines, &s->last, err);
}

bool
shared_is_same(const struct chain_mark *a, const struct chain_mark *b)
{
	return a->seq == b->seq &&
	    memcmp(a->digest, b->digest, DIGEST_SIZE) == 0;
}

static int
not_ours(const struct shared *s, const char *what, uint64_t seq,
    struct err *err)
{
	return err_set(err, ERR_TAMPERED,
	    "the database of the ledger (%s) %s %" PRIu64
	    ", which this node's copy has: nothing is recorded until that is "
	    "put right, or two histories would go on; see 'foureyes doctor'",
	    database_where(s->database), what, seq);
}

struct seeking {
	uint64_t seq;
	struct chain_mark mark;
};

static int
find(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct seeking *f = ctx;

	(void)line;
	(void)len;
	(void)err;
	if (mark->seq != f->seq)
		return 0;
	f->mark = *mark;
	return 1;
}

int
shared_find(struct shared *s, uint64_t seq, struct chain_mark *out,
    struct err *err)
{
	struct seeking f = {.seq = seq};

	if (seq > 0 && ledger_walk(s->copy, NULL, find, &f, NULL, err) < 0)
		return -1;
	*out = f.mark;
	return 0;
}

/* The database ends before the copy does, or otherwise. */
static int
look_at_loss(struct shared *s, const struct database_head *h, struct err *err)
{
	struct chain_mark ours;

	if (h->last.seq >= s->last.seq)
		return not_ours(s, "has another record", s->last.seq, err);
	if (shared_find(s, h->last.seq, &ours, err) < 0)
		return -1;
	return shared_is_same(&ours, &h->last)
	    ? not_ours(s, "has lost what was answered, from record",
	          h->last.seq + 1, err)
	    : not_ours(s, "has another record", h->last.seq, err);
}

/* That may take a while, and everybody asks. */
static int
refuse_loss(struct shared *s, const struct database_head *h, struct err *err)
{
	if (s->why.kind == ERR_NONE || !shared_is_same(&s->odd, &h->last)) {
		s->why = (struct err){0};
		(void)!look_at_loss(s, h, &s->why);
		s->odd = h->last;
	}
	*err = s->why;
	return -1;
}

int
shared_check_head(const struct shared *s, const struct database_head *h,
    struct err *err)
{
	if (text_same(h->origin, s->settings->origin))
		return 0;
	return err_set(err, ERR_CONFIG,
	    "the database of the ledger (%s) holds the ledger '%s', and "
	    "foureyes.yaml calls it '%s'",
	    database_where(s->database), h->origin, s->settings->origin);
}

int
shared_fetch(struct shared *s, struct err *err)
{
	struct database_head h;
	bool behind;

	s->fresh = false;
	if (database_head(s->database, &h, err) < 0 ||
	    shared_check_head(s, &h, err) < 0)
		return -1;
	behind = h.last.seq > s->last.seq;
	if (behind &&
	    database_lines(s->database, s->last.seq, take, s, err) < 0)
		return -1;
	/* Others may have appended since the head was read. */
	if (behind && s->last.seq > h.last.seq)
		return shared_fetch(s, err);
	if (!shared_is_same(&h.last, &s->last))
		return refuse_loss(s, &h, err);
	if (h.checkpoint > s->noted)
		shared_fetch_notes(s, h.checkpoint);
	s->head = h;
	s->fresh = true;
	return 0;
}

int
shared_catch_up(struct shared *s, struct err *err)
{
	int ret;

	(void)pthread_mutex_lock(&s->lock);
	ret = shared_fetch(s, err);
	(void)pthread_mutex_unlock(&s->lock);
	return ret;
}

static int
append_for(void *ctx, struct ledger_wish *w, struct err *err)
{
	return shared_append(ctx, w, err);
}

static int
catch_up_for(void *ctx, struct err *err)
{
	return shared_catch_up(ctx, err);
}

struct ledger_elsewhere
shared_elsewhere(struct shared *s)
{
	return (struct ledger_elsewhere){.append = append_for,
	    .catch_up = catch_up_for,
	    .ctx = s};
}
