#include "app/witness.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/gather.h"
#include "app/told.h"
#include "base/text.h"
#include "core/topics.h"

#define DECISIONS_LOOKED_AT 50
#define LANDINGS_LOOKED_AT 50

/* A ref that was seen somewhere else than where the ledger has it. */
struct moved {
	const char *ref;
	const struct gate *gate;
	const char *witness;
	const char *held;   /* what the ledger has it hold; NULL: nothing yet */
	const char *base;   /* as `held`, but still its last when it is gone */
	const char *actual; /* what it was seen to hold */
	uint64_t since;     /* the record of `held` */
	int64_t at;         /* when it came to hold that */
};

static bool
is_admitted(const struct record *d)
{
	const char *outcome = tree_text(d->tree, "outcome");

	return text_same(outcome, "ADMITTED") ||
	    text_same(outcome, "ADMITTED_AS_EMERGENCY") ||
	    text_same(tree_text(d->tree, "mode"), "observe");
}

/*
 * When the ref came to hold what it holds.  Who finds it later has only the
 * file's own word for that; of a packed ref, none.
 */
static int64_t
moved_at(struct push *p, const char *ref, const char *witness)
{
	struct stat st;

	if (strcmp(witness, "found") != 0 ||
	    stat(pool_printf(p->pool, "%s/%s", repo_path(p->repo), ref), &st) <
	        0 ||
	    !S_ISREG(st.st_mode))
		return p->now;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
}

/* It may serve this movement: from the ledger's tip, in time, not withheld. */
static bool
serves(const struct push *p, const struct record *d, const struct moved *m)
{
	const struct tree *t = d->tree;
	const char *from = tree_text(t, "base");

	return text_same(d->type, "decision") && is_admitted(d) &&
	    text_same(tree_text(t, "repository"), p->repository) &&
	    text_same(tree_text(t, "new"), m->actual) &&
	    !tree_true(t, "withheld") && d->seq > m->since &&
	    (text_same(from, m->base) || (from == NULL && m->base == NULL)) &&
	    m->at - d->time <= WITNESS_DECISION_LIVES;
}

/* Mostly it is the newest; none is older than what the ledger has it hold. */
static int
find_decision(struct push *p, const struct moved *m, struct record *out,
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

/* The newest drift of this ref since its tip; `seq` 0: there is none. */
static int
newest_drift(struct push *p, const struct moved *m, struct record *out,
    struct err *err)
{
	if (changelog_newest(p->setup->log, p->pool,
	        topic_drift(p->pool, p->repository, m->ref), out, err) < 0)
		return -1;
	if (out->seq <= m->since || !text_same(out->type, "drift"))
		*out = (struct record){0};
	return 0;
}

static void
write_drift(struct push *p, const struct moved *m, struct buf *out)
{
	record_drift(out, p->repository, m->gate->name, m->ref, m->base,
	    m->actual, m->witness);
}

/* The ref is where it should be: if it was not, somebody put it back. */
static int
look_at_return(struct push *p, struct moved *m, struct buf *out,
    struct err *err)
{
	struct record drift, decision;

	if (newest_drift(p, m, &drift, err) < 0)
		return -1;
	if (drift.seq == 0 ||
	    text_same(tree_text(drift.tree, "new"), m->actual))
		return 0;
	m->since = drift.seq;
	m->held = tree_text(drift.tree, "new");
	if (find_decision(p, m, &decision, err) < 0)
		return -1;
	if (decision.seq != 0)
		write_landing(p, m, &decision, out);
	else
		write_drift(p, m, out);
	return 0;
}

/*
 * A witness that comes late tells of a place where the ref was and is not any
 * more; whoever saw it leave has written that it was there.
 */
static int
is_old_news(struct push *p, const struct moved *m, bool *yes, struct err *err)
{
	struct record *list;
	const char *now;
	size_t count;

	*yes = false;
	if (witness_present(p, m->ref, &now, err) < 0 ||
	    changelog_find(p->setup->log, p->pool,
	        topic_tip(p->pool, p->repository, m->ref), true, 0,
	        LANDINGS_LOOKED_AT, &list, &count, err) < 0)
		return -1;
	if (strcmp(now, m->actual) == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (text_same(tree_text(list[i].tree, "new"), m->actual))
			*yes = true;
	return 0;
}

static int
look_at_move(struct push *p, struct moved *m, struct buf *out, struct err *err)
{
	struct record decision, drift;
	bool old_news;

	if (find_decision(p, m, &decision, err) < 0)
		return -1;
	if (decision.seq != 0 && tree_true(decision.tree, "baseline")) {
		write_baseline(p, m, &decision, out);
		return 0;
	}
	if (decision.seq != 0) {
		write_landing(p, m, &decision, out);
		return 0;
	}
	if (m->base == NULL)
		return 0;
	if (is_old_news(p, m, &old_news, err) < 0 ||
	    newest_drift(p, m, &drift, err) < 0)
		return -1;
	if (!old_news && !text_same(tree_text(drift.tree, "new"), m->actual))
		write_drift(p, m, out);
	return 0;
}

static int
look(struct push *p, const struct witnessed *seen, const char *witness,
    struct buf *out, struct err *err)
{
	struct moved m = {.ref = seen->ref,
	    .gate = seen->gate,
	    .witness = witness,
	    .actual = seen->actual,
	    .at = moved_at(p, seen->ref, witness)};
	struct record tip;

	if (ledger_tip(p, m.ref, &tip, &m.base, err) < 0)
		return -1;
	m.since = tip.seq;
	m.held = tip.seq == 0 ? NULL : tree_text(tip.tree, "new");
	if (m.held == NULL && text_is_zero_oid(m.actual))
		return 0;
	if (text_same(m.held, m.actual))
		return look_at_return(p, &m, out, err);
	return look_at_move(p, &m, out, err);
}

static int
look_at_all(struct push *p, const struct witnessed *list, size_t count,
    const char *witness, struct err *err)
{
	struct buf *bodies = pool_array(p->pool, count, sizeof(*bodies));
	struct ledger_body *lines = pool_array(p->pool, count, sizeof(*lines));
	size_t n = 0;
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++) {
		ret = look(p, &list[i], witness, &bodies[i], err);
		if (bodies[i].len > 0)
			lines[n++] =
			    (struct ledger_body){bodies[i].data, bodies[i].len};
	}
	if (ret == 0 && n > 0)
		ret = changelog_append(p->setup->log, lines, n, p->now, NULL,
		    err);
	for (size_t i = 0; i < count; i++)
		buf_free(&bodies[i]);
	return ret;
}

int
witness_refs(struct push *p, const struct witnessed *list, size_t count,
    const char *witness, struct err *err)
{
	int fd, ret = -1;

	if (count == 0)
		return 0;
	fd = told_lock(p, err);
	if (fd < 0)
		return -1;
	if (changelog_catch_up(p->setup->log, err) == 0)
		ret = look_at_all(p, list, count, witness, err);
	told_keep(p, fd, list,
	    ret == 0 && strcmp(witness, "transaction") == 0 ? count : 0);
	(void)close(fd);
	return ret;
}

int
witness_ref(struct push *p, const char *ref, const struct gate *gate,
    const char *actual, const char *witness, struct err *err)
{
	const struct witnessed one = {ref, gate, actual};

	return witness_refs(p, &one, 1, witness, err);
}

int
witness_present(struct push *p, const char *ref, const char **held,
    struct err *err)
{
	char oid[REPO_OID_SIZE];
	bool exists;

	*held = WITNESS_NOTHING;
	if (repo_ref(p->repo, ref, oid, &exists, err) < 0)
		return -1;
	if (exists)
		*held = pool_text(p->pool, oid);
	return 0;
}
