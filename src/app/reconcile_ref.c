/* One gated ref: where does it stand, and is that written down? */
#include "reconcile_inside.h"

#include <string.h>
#include <unistd.h>

#include "app/gather.h"
#include "app/movement.h"
#include "app/told.h"
#include "app/witness.h"
#include "base/text.h"
#include "core/topics.h"

enum would {
	WOULD_NOTHING = 0,
	WOULD_LAND, /* a landing or a baseline */
	WOULD_DRIFT
};

static int
look(struct push *p, const struct witnessed *seen, enum would *would,
    struct err *err)
{
	struct buf body = {0};
	int ret = witness_look(p, seen, "found", &body, err);

	*would = body.len == 0                                   ? WOULD_NOTHING
	    : text_starts(buf_text(&body), "\"type\":\"drift\"") ? WOULD_DRIFT
	                                                         : WOULD_LAND;
	buf_free(&body);
	return ret;
}

/* The record that tells of the drift there is; `seq` 0: none does. */
static int
find_drift(struct push *p, const struct reconciled_ref *out, uint64_t tip,
    struct record *drift, struct err *err)
{
	const struct moved m = {.ref = out->ref, .since = tip};

	if (movement_drift(p, &m, drift, err) < 0)
		return -1;
	if (!text_same(tree_text(drift->tree, "new"), out->new))
		*drift = (struct record){0};
	return 0;
}

/* Between which times it moved: by its own record, else by those before it. */
static int
fill_times(struct push *p, struct reconciled_ref *out, const struct record *tip,
    const struct record *drift, struct err *err)
{
	out->file_time = repo_ref_written(p->repo, out->ref);
	out->until = p->now;
	out->since = tip->time;
	out->since_record = tip->seq;
	if (drift->seq == 0)
		return movement_last_seen(p, out->ref, out->old,
		    &out->since_record, &out->since, err);
	out->record = drift->seq;
	out->until = drift->time;
	if (tree_instant(drift->tree, "since") != 0) {
		out->since = tree_instant(drift->tree, "since");
		out->since_record =
		    (uint64_t)tree_number(drift->tree, "since_record");
	}
	return 0;
}

static const char *
held_by(const struct record *tip)
{
	return tip->seq == 0 ? NULL : tree_text(tip->tree, "new");
}

static int
judge(struct push *p, struct reconciled_ref *out, enum would would,
    struct err *err)
{
	struct record tip, drift;

	if (ledger_tip(p, out->ref, &tip, &out->old, err) < 0)
		return -1;
	out->record = tip.seq;
	if (would == WOULD_LAND)
		out->standing = REF_FOUND;
	else if (tip.seq == 0)
		out->standing = REF_UNADOPTED;
	else if (text_same(held_by(&tip), out->new) && out->symbolic == NULL)
		out->standing = REF_STANDS;
	else
		out->standing = REF_DRIFTED;
	if (out->standing != REF_DRIFTED)
		return 0;
	out->record = 0;
	if (find_drift(p, out, tip.seq, &drift, err) < 0)
		return -1;
	return fill_times(p, out, &tip, &drift, err);
}

static int
append_alias(struct push *p, const struct standing_ref *ref, const char *actual,
    bool *written, struct err *err)
{
	struct moved m = {.ref = ref->name,
	    .gate = ref->gate,
	    .witness = "found",
	    .actual = actual};
	struct ledger_body line;
	struct record tip, drift;
	struct buf body = {0};
	int ret = 0;

	if (changelog_catch_up(p->setup->log, err) < 0 ||
	    ledger_tip(p, ref->name, &tip, &m.base, err) < 0)
		return -1;
	m.since = tip.seq;
	m.since_time = tip.time;
	m.held = held_by(&tip);
	if (tip.seq == 0)
		return 0;
	if (movement_drift(p, &m, &drift, err) < 0)
		return -1;
	if (text_same(tree_text(drift.tree, "symbolic"), ref->symbolic) &&
	    text_same(tree_text(drift.tree, "new"), actual))
		return 0;
	if (movement_write_drift(p, &m, &drift, ref->symbolic, &body, err) == 0)
		line = (struct ledger_body){body.data, body.len};
	else
		ret = -1;
	if (ret == 0)
		ret = changelog_append(p->setup->log, &line, 1, p->now, NULL,
		    err);
	*written = ret == 0;
	buf_free(&body);
	return ret;
}

/* A name that leads elsewhere has moved, whatever is held there now. */
static int
write_alias(struct push *p, const struct standing_ref *ref, const char *actual,
    bool *written, struct err *err)
{
	int lock = told_lock(p, err), ret;

	if (lock < 0)
		return -1;
	ret = append_alias(p, ref, actual, written, err);
	(void)close(lock);
	return ret;
}

static int
write_it(const struct reconciling *r, struct push *p,
    const struct standing_ref *ref, struct reconciled_ref *out,
    enum would would, struct err *err)
{
	if (!r->record)
		return 0;
	if (ref->symbolic != NULL)
		return write_alias(p, ref, out->new, &out->written, err);
	if (would == WOULD_NOTHING)
		return 0;
	out->written = true;
	return witness_ref(p, ref->name, ref->gate, out->new, "found", err);
}

static void
count(struct reconciled *sum, const struct reconciled_ref *out)
{
	size_t *const counts[] = {&sum->unknown, &sum->stand, &sum->found,
	    &sum->drifted, &sum->unadopted};

	sum->refs++;
	++*counts[out->standing];
	sum->unrecorded += out->unrecorded;
	sum->written += out->written ? 1 : 0;
}

static int
look_at(const struct reconciling *r, struct push *p,
    const struct standing_ref *ref, struct reconciled_ref *out, struct err *err)
{
	struct witnessed seen = {ref->name, ref->gate, NULL};
	enum would would = WOULD_NOTHING;

	if (witness_present(p, ref->name, &out->new, err) < 0)
		return 1;
	seen.actual = out->new;
	if (reconcile_moves(r, p, ref, out, err) < 0)
		return -1;
	if (ref->symbolic == NULL && look(p, &seen, &would, err) < 0)
		return -1;
	if (write_it(r, p, ref, out, would, err) < 0)
		return -1;
	return judge(p, out, would, err);
}

int
reconcile_ref(const struct reconciling *r, struct push *p,
    const struct standing_ref *ref, struct err *err)
{
	struct reconciled_ref out = {.repository = p->repository,
	    .gate = ref->gate->name,
	    .ref = ref->name,
	    .symbolic = ref->symbolic};
	struct err why = {0};
	int ret = look_at(r, p, ref, &out, &why);

	if (ret < 0) {
		*err = why;
		return err_within(err, "%s %s", p->repository, ref->name);
	}
	count(r->sum, &out);
	if (ret > 0 &&
	    reconcile_note(r, NOTE_UNREADABLE, p->repository, out.gate, out.ref,
	        why.text, err) < 0)
		return -1;
	return r->see->ref == NULL ? 0 : r->see->ref(r->see->ctx, &out, err);
}
