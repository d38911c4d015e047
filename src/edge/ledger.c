/* Appending: lock, look at the newest line, write, unlock, sync, answer. */
#include "edge/ledger.h"

#include <signal.h>
#include <unistd.h>

#include "edge/ledger_lock.h"
#include "edge/ledger_put.h"
#include "edge/ledger_reserve.h"

int
ledger_check_bodies(const struct ledger_body *bodies, size_t count,
    struct err *err)
{
	size_t all = 0;

	for (size_t i = 0; i < count; i++) {
		if (bodies[i].len > LEDGER_LINE_MAX - CHAIN_HEAD_MAX)
			return err_set(err, ERR_INPUT,
			    "a record of %zu bytes is over the limit of %u",
			    bodies[i].len, LEDGER_LINE_MAX - CHAIN_HEAD_MAX);
		if (!chain_body_fit(bodies[i].text, bodies[i].len))
			return err_set(err, ERR_INPUT,
			    "record %zu of an append is not the rest of a line",
			    i + 1);
		all += bodies[i].len + CHAIN_HEAD_MAX;
		if (all > LEDGER_APPEND_MAX)
			return err_set(err, ERR_INPUT,
			    "%zu records at once are over the limit of %u bytes",
			    count, LEDGER_APPEND_MAX);
	}
	return 0;
}

static int
append_whole(struct ledger *l, struct ledger_appending *a, struct err *err)
{
	struct ledger_written w = {.fd = -1};
	int ret = ledger_put(l, a, &w, err);

	ledger_unlock(l);
	if (w.fd < 0)
		return ret;
	ret = ledger_share(l, &w, err);
	close(w.fd);
	buf_free(&w.lines);
	return ret;
}

/* A signal that ends us waits until the lines are whole, and on disk. */
static int
append_once(struct ledger *l, struct ledger_appending *a, struct err *err)
{
	sigset_t all, before;
	int ret;

	l->full = false;
	if (ledger_lock(l, err) < 0)
		return -1;
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	ret = append_whole(l, a, err);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}

/* What may use the reserve is tried again as long as some of it is left. */
static int
append_with_spare(struct ledger *l, struct ledger_appending *a, struct err *err)
{
	struct err why;

	for (;;) {
		why = (struct err){0};
		if (append_once(l, a, &why) == 0) {
			ledger_reserve_take(l);
			return 0;
		}
		if (!l->full || !l->spare || l->broken ||
		    !ledger_reserve_give(l)) {
			*err = why;
			return -1;
		}
	}
}

/* The copy has nothing that is lost: that is for the one place to say. */
static int
append_elsewhere(struct ledger *l, struct ledger_appending *a, struct err *err)
{
	struct ledger_wish w = {.bodies = a->bodies,
	    .count = a->count,
	    .now = a->now,
	    .behind = a->behind};

	if (a->lost != NULL)
		return err_set(err, ERR_INPUT,
		    "'%s' is a copy of a shared ledger: what is lost there is "
		    "put back from the node that has most of it",
		    l->path);
	if (l->elsewhere.append(l->elsewhere.ctx, &w, err) < 0)
		return -1;
	a->first = w.first;
	a->stale = w.stale;
	return 0;
}

static int
append(struct ledger *l, struct ledger_appending *a, struct err *err)
{
	if (l->mode != LEDGER_APPEND)
		return err_set(err, ERR_INPUT,
		    "ledger '%s' was opened for reading", l->path);
	if (l->broken)
		return err_set(err, ERR_SYSTEM,
		    "ledger '%s': a failed append could not be undone, and "
		    "nothing is appended behind it",
		    l->path);
	if (a->now <= 0)
		return err_set(err, ERR_INPUT, "a record needs a time");
	if (ledger_check_bodies(a->bodies, a->count, err) < 0)
		return -1;
	if (l->elsewhere.append != NULL)
		return append_elsewhere(l, a, err);
	if (ledger_is_copy(l))
		return err_set(err, ERR_CONFIG,
		    "'%s' is a copy of a ledger that is shared by several "
		    "machines, and only foureyesd appends to that: 'ledger' of "
		    "foureyes.yaml must name its database",
		    l->path);
	return append_with_spare(l, a, err);
}

int
ledger_append(struct ledger *l, const struct ledger_body *bodies, size_t count,
    int64_t now, uint64_t *first, struct err *err)
{
	struct ledger_appending a = {.bodies = bodies,
	    .count = count,
	    .now = now};

	if (append(l, &a, err) < 0)
		return -1;
	if (first != NULL)
		*first = a.first;
	return 0;
}

int
ledger_append_behind(struct ledger *l, const struct chain_mark *last,
    const struct ledger_body *bodies, size_t count, int64_t now,
    uint64_t *first, bool *stale, struct err *err)
{
	struct ledger_appending a = {.bodies = bodies,
	    .count = count,
	    .now = now,
	    .behind = last};

	if (append(l, &a, err) < 0)
		return -1;
	*stale = a.stale;
	if (!a.stale && first != NULL)
		*first = a.first;
	return 0;
}

bool
ledger_appended(const struct ledger *l, struct chain_mark *mark)
{
	if (l->appended.seq == 0 || l->elsewhere.append != NULL)
		return false;
	*mark = l->appended;
	return true;
}

int
ledger_take(struct ledger *l, const struct ledger_lines *lines,
    struct chain_mark *last, struct err *err)
{
	struct ledger_appending a = {.lines = lines, .now = 1};

	if (append_with_spare(l, &a, err) < 0)
		return -1;
	*last = a.last;
	return 0;
}

int
ledger_newest(struct ledger *l, struct chain_mark *last, struct err *err)
{
	struct ledger_tail t = {.fd = -1};
	int ret;

	if (ledger_lock(l, err) < 0)
		return -1;
	ret = ledger_tail_find(l, &t, err);
	if (ret == 0)
		*last = t.last;
	ledger_tail_release(&t);
	ledger_unlock(l);
	return ret;
}

int
ledger_recover(struct ledger *l, const struct ledger_body *body,
    const struct ledger_lost *lost, int64_t now, uint64_t *first,
    struct err *err)
{
	struct ledger_appending a = {.bodies = body,
	    .count = 1,
	    .now = now,
	    .lost = lost};

	if (append(l, &a, err) < 0)
		return -1;
	if (first != NULL)
		*first = a.first;
	return 0;
}

int
ledger_lost(struct ledger *l, struct ledger_lost *out, struct err *err)
{
	struct ledger_tail t = {.fd = -1};
	int ret = -1;

	*out = (struct ledger_lost){0};
	if (ledger_lock(l, err) < 0)
		return -1;
	if (ledger_tail_find(l, &t, err) == 0) {
		ledger_find_lost(l, &t, out);
		ret = 0;
	}
	ledger_tail_release(&t);
	ledger_unlock(l);
	return ret;
}
