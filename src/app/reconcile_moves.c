/*
 * What Git's own log tells of a ref, where the server keeps one.  There and
 * back between two looks shows nowhere else.  A log that is missing, cut or
 * edited shows nothing, so that it is silent proves nothing.
 */
#include "reconcile_inside.h"

#include <string.h>
#include <unistd.h>

#include "app/gather.h"
#include "app/movement.h"
#include "app/told.h"
#include "base/text.h"
#include "core/topics.h"

#define RECORDS_LOOKED_AT 1000

struct told_moves {
	struct record *tips, *drifts;
	size_t tip_count, drift_count;
};

/* A time that is still to come is no time, and asks for none. */
static bool
is_told(const struct push *p, const char *ref, const struct record *r,
    const struct reflog *m)
{
	return text_same(tree_text(r->tree, "repository"), p->repository) &&
	    text_same(tree_text(r->tree, "ref"), ref) &&
	    text_same(tree_text(r->tree, "new"), m->new) &&
	    (m->time > p->now || r->time / 1000 >= m->time / 1000);
}

/* Does a record that came later, or then, have the ref where this put it? */
static bool
is_recorded(const struct push *p, const char *ref, const struct told_moves *t,
    const struct reflog *m)
{
	for (size_t i = 0; i < t->tip_count; i++)
		if (is_told(p, ref, &t->tips[i], m))
			return true;
	for (size_t i = 0; i < t->drift_count; i++)
		if (text_same(t->drifts[i].type, "drift") &&
		    is_told(p, ref, &t->drifts[i], m))
			return true;
	return false;
}

static int
find_told(struct push *p, const char *ref, struct told_moves *t,
    struct err *err)
{
	if (changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, p->repository, ref), true, 0,
	        RECORDS_LOOKED_AT, &t->tips, &t->tip_count, err) < 0)
		return -1;
	return changelog_find(p->setup->log, p->pool,
	    topic_drift(p->pool, p->repository, ref), true, 0,
	    RECORDS_LOOKED_AT, &t->drifts, &t->drift_count, err);
}

/* What happened before the oldest of these is not compared with them. */
static int64_t
compared_since(const struct told_moves *t)
{
	int64_t since =
	    t->tip_count == 0 ? INT64_MAX : t->tips[t->tip_count - 1].time;

	if (t->drift_count == RECORDS_LOOKED_AT &&
	    t->drifts[t->drift_count - 1].time > since)
		since = t->drifts[t->drift_count - 1].time;
	return since;
}

static int
compare(struct push *p, struct reconciled_ref *out, struct err *err)
{
	struct told_moves t = {0};
	struct git_move *moves;
	struct reflog *list;
	size_t count;
	int64_t since;

	out->moves = NULL;
	out->move_count = out->unrecorded = 0;
	if (repo_reflog(p->repo, p->pool, out->ref, RECONCILE_MOVES_MAX, &list,
	        &count, err) < 0 ||
	    (count > 0 && find_told(p, out->ref, &t, err) < 0))
		return -1;
	since = compared_since(&t);
	moves = pool_array(p->pool, count + 1, sizeof(*moves));
	for (size_t i = 0; i < count; i++) {
		/* Where it is now is for the witness to say. */
		bool last = i + 1 == count && text_same(list[i].new, out->new);

		if (list[i].time / 1000 <= since / 1000)
			continue;
		moves[out->move_count] =
		    (struct git_move){list[i].old, list[i].new, list[i].time,
		        is_recorded(p, out->ref, &t, &list[i])};
		if (!moves[out->move_count++].recorded && !last)
			out->unrecorded++;
	}
	out->moves = moves;
	return 0;
}

static int
write_one(struct push *p, const struct standing_ref *ref,
    const struct git_move *move, struct buf *out, struct err *err)
{
	struct reflog told = {.time = move->time};
	struct record tip;
	struct drift d = {.repository = p->repository,
	    .gate = ref->gate->name,
	    .ref = ref->name,
	    .new = move->new,
	    .witness = "reflog",
	    .from = move->old,
	    .moves = &told,
	    .move_count = 1};

	if (ledger_tip(p, ref->name, &tip, &d.old, err) < 0)
		return -1;
	if (text_same(d.from, d.old))
		d.from = NULL;
	memcpy(told.old, move->old, sizeof(told.old));
	memcpy(told.new, move->new, sizeof(told.new));
	d.since = tip.time;
	d.since_record = tip.seq;
	record_drift(out, &d);
	return 0;
}

static int
append(struct push *p, const struct standing_ref *ref,
    struct reconciled_ref *out, struct err *err)
{
	struct ledger_body lines[RECONCILE_MOVES_MAX];
	struct buf bodies[RECONCILE_MOVES_MAX] = {0};
	size_t n = 0;
	int ret = compare(p, out, err);

	for (size_t i = 0; ret == 0 && i < out->move_count; i++) {
		bool last = i + 1 == out->move_count &&
		    text_same(out->moves[i].new, out->new);

		if (out->moves[i].recorded || last)
			continue;
		ret = write_one(p, ref, &out->moves[i], &bodies[n], err);
		lines[n] = (struct ledger_body){bodies[n].data, bodies[n].len};
		n++;
	}
	ledger_spare(changelog_ledger(p->setup->log), true);
	if (ret == 0 && n > 0)
		ret = changelog_append(p->setup->log, lines, n, p->now, NULL,
		    err);
	for (size_t i = 0; i < n; i++)
		buf_free(&bodies[i]);
	out->written = ret == 0 && n > 0;
	return ret;
}

int
reconcile_moves(const struct reconciling *r, struct push *p,
    const struct standing_ref *ref, struct reconciled_ref *out, struct err *err)
{
	int lock, ret;

	if (ref->symbolic != NULL)
		return 0;
	if (compare(p, out, err) < 0)
		return -1;
	if (!r->record || out->unrecorded == 0)
		return 0;
	lock = told_lock(p, err);
	if (lock < 0)
		return -1;
	ret = changelog_catch_up(p->setup->log, err);
	if (ret == 0)
		ret = append(p, ref, out, err);
	(void)close(lock);
	return ret;
}
