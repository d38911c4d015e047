#include "app/movement.h"

#include <string.h>

#include "app/gather.h"
#include "app/witness.h"
#include "base/text.h"
#include "core/topics.h"

#define DECISIONS_LOOKED_AT 50
#define SIGHTINGS_LOOKED_AT 20
#define MOVES_TOLD 20

bool
movement_is_admitted(const struct record *d)
{
	const char *outcome = tree_text(d->tree, "outcome");

	return text_same(outcome, "ADMITTED") ||
	    text_same(outcome, "ADMITTED_AS_EMERGENCY") ||
	    text_same(tree_text(d->tree, "mode"), "observe");
}

/* It may serve this movement: from the ledger's tip, in time, not withheld. */
static bool
serves(const struct push *p, const struct record *d, const struct moved *m)
{
	const struct tree *t = d->tree;
	const char *from = tree_text(t, "base");

	return text_same(d->type, "decision") && movement_is_admitted(d) &&
	    text_same(tree_text(t, "repository"), p->repository) &&
	    text_same(tree_text(t, "ref"), m->ref) &&
	    text_same(tree_text(t, "new"), m->actual) &&
	    !tree_true(t, "withheld") && d->seq > m->since &&
	    d->seq > m->drifted &&
	    (text_same(from, m->base) || (from == NULL && m->base == NULL)) &&
	    m->at - d->time <= WITNESS_DECISION_LIVES;
}

/* Mostly it is the newest; none is older than what the ledger has it hold. */
int
movement_decision(struct push *p, const struct moved *m, struct record *out,
    struct err *err)
{
	const char *topic = topic_decision(p->pool, p->repository, m->ref);
	struct record *list;
	uint64_t below = 0;
	size_t count, seen = 0;

	*out = (struct record){0};
	for (size_t page = 1; seen < DECISIONS_LOOKED_AT; page = 7) {
		if (changelog_find(p->setup->log, p->pool, topic, true, below,
		        page, &list, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			if (list[i].seq <= m->since)
				return 0;
			if (serves(p, &list[i], m)) {
				*out = list[i];
				return 0;
			}
			below = list[i].seq;
		}
		if (count < page)
			return 0;
		seen += count;
	}
	return 0;
}

static void
fill_texts(struct push *p, const struct tree *list, const char *key,
    const char ***out, size_t *count)
{
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next) {
		const char *text = tree_text(t, key);

		if (text != NULL)
			*(const char **)pool_grow(p->pool, out, count,
			    sizeof(**out)) = text;
	}
}

static void
fill_counted(struct push *p, const struct tree *approvals, const char ***out,
    size_t *count)
{
	for (const struct tree *t = approvals == NULL ? NULL : approvals->child;
	     t != NULL; t = t->next)
		if (tree_text(t, "commit") != NULL &&
		    tree_text(t, "carried") != NULL)
			*(const char **)pool_grow(p->pool, out, count,
			    sizeof(**out)) = tree_text(t, "commit");
}

static void
fill_landed(struct push *p, const struct moved *m, const struct tree *t,
    struct landing *l)
{
	const char **landed = NULL, **approved = NULL;
	const char *promoted = tree_text(t, "staging.commit");

	if (promoted != NULL && m->gate->landed_on.count > 0)
		*(const char **)pool_grow(p->pool, &landed, &l->landed_count,
		    sizeof(*landed)) = promoted;
	else
		fill_texts(p, tree_get(t, "changes"), "after", &landed,
		    &l->landed_count);
	if (l->landed_count == 0 && tree_text(t, "birth.commit") != NULL)
		*(const char **)pool_grow(p->pool, &landed, &l->landed_count,
		    sizeof(*landed)) = tree_text(t, "birth.commit");
	fill_counted(p, tree_get(t, "approvals"), &approved,
	    &l->approved_count);
	l->landed = landed;
	l->approved = approved;
}

static void
write_landing(struct push *p, const struct moved *m, const struct record *d,
    struct buf *out)
{
	const struct tree *t = d->tree;
	struct landing l = {.repository = p->repository,
	    .gate = m->gate->name,
	    .ref = m->ref,
	    .old = m->held != NULL ? m->held : WITNESS_NOTHING,
	    .new = m->actual,
	    .decision = d->seq,
	    .witness = m->witness,
	    .outcome = tree_text(t, "outcome"),
	    .mode = tree_text(t, "mode"),
	    .subject = tree_text(t, "landed"),
	    .lander = tree_text(t, "pusher.person"),
	    .lane = tree_true(t, "lane.taken")};

	fill_landed(p, m, t, &l);
	if (text_same(l.outcome, "ADMITTED_AS_EMERGENCY")) {
		l.declarer = tree_text(t, "emergency.declarer.person");
		l.declaration = (uint64_t)tree_number(t, "emergency.record");
		l.review_due = p->now + tree_number(t, "review_within");
	}
	record_landing(out, &l);
}

static void
write_baseline(struct push *p, const struct moved *m, const struct record *d,
    struct buf *out)
{
	struct adoption a = {.repository = p->repository,
	    .gate = m->gate->name,
	    .ref = m->ref,
	    .tip = m->actual,
	    .subject = tree_text(d->tree, "landed"),
	    .by = {.account = tree_text(d->tree, "pusher.login"),
	        .person = tree_text(d->tree, "pusher.person"),
	        .in_order = true},
	    .reason = "first push (first_push: baseline)"};

	record_adopted(out, &a);
}

void
movement_write(struct push *p, const struct moved *m,
    const struct record *decision, struct buf *out)
{
	if (tree_true(decision->tree, "baseline"))
		write_baseline(p, m, decision, out);
	else
		write_landing(p, m, decision, out);
}

/* ---- drift ---- */

int
movement_drift(struct push *p, const struct moved *m, struct record *out,
    struct err *err)
{
	if (ledger_newest_of(p, topic_drift(p->pool, p->repository, m->ref),
	        m->ref, out, err) < 0)
		return -1;
	if (out->seq <= m->since || !text_same(out->type, "drift"))
		*out = (struct record){0};
	return 0;
}

bool
movement_is_away(const struct record *drift)
{
	const struct tree *t = drift->tree;

	return drift->seq != 0 &&
	    !text_same(tree_text(t, "witness"), "reflog") &&
	    !text_same(tree_text(t, "old"), tree_text(t, "new"));
}

/* What a decision saw the ref hold, when it looked. */
static const char *
saw(const struct record *d)
{
	const char *drift = tree_text(d->tree, "drift");

	return drift != NULL ? drift : tree_text(d->tree, "base");
}

int
movement_last_seen(struct push *p, const char *ref, const char *value,
    uint64_t *seq, int64_t *time, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool,
	        topic_decision(p->pool, p->repository, ref), true, 0,
	        SIGHTINGS_LOOKED_AT, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && list[i].seq > *seq; i++)
		if (text_same(tree_text(list[i].tree, "repository"),
		        p->repository) &&
		    text_same(tree_text(list[i].tree, "ref"), ref) &&
		    text_same(saw(&list[i]), value)) {
			*seq = list[i].seq;
			*time = list[i].time;
			return 0;
		}
	return 0;
}

/* A log that cannot be read tells nothing, and is complained of nowhere. */
static void
find_moves(struct push *p, const struct moved *m, struct drift *d)
{
	struct err ignored = {0};
	struct reflog *list;
	size_t count;

	d->file_time = repo_ref_written(p->repo, m->ref);
	if (repo_reflog(p->repo, p->pool, m->ref, MOVES_TOLD, &list, &count,
	        &ignored) < 0)
		return;
	while (count > 0 && list->time / 1000 < d->since / 1000) {
		list++;
		count--;
	}
	d->moves = list;
	d->move_count = count;
}

int
movement_write_drift(struct push *p, const struct moved *m,
    const struct record *drift, const char *symbolic, struct buf *out,
    struct err *err)
{
	struct drift d = {.repository = p->repository,
	    .gate = m->gate->name,
	    .ref = m->ref,
	    .old = m->base,
	    .new = m->actual,
	    .witness = m->witness,
	    .symbolic = symbolic,
	    .since = m->since_time,
	    .since_record = m->since};

	if (drift->seq != 0) {
		d.from = tree_text(drift->tree, "new");
		d.since = drift->time;
		d.since_record = drift->seq;
	}
	if (movement_last_seen(p, m->ref, d.from != NULL ? d.from : m->held,
	        &d.since_record, &d.since, err) < 0)
		return -1;
	if (text_same(d.from, d.old))
		d.from = NULL;
	find_moves(p, m, &d);
	record_drift(out, &d);
	return 0;
}
