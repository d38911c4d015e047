#include "app/witness.h"

#include <string.h>
#include <unistd.h>

#include "app/gather.h"
#include "app/movement.h"
#include "app/told.h"
#include "base/text.h"
#include "core/topics.h"

#define LANDINGS_LOOKED_AT 50

/*
 * When the ref came to hold what it holds.  Who finds it later has only the
 * file's own word for that; of a packed ref, none.
 */
static int64_t
moved_at(struct push *p, const char *ref, const char *witness)
{
	int64_t at = 0;

	if (strcmp(witness, "found") == 0)
		at = repo_ref_written(p->repo, ref);
	return at != 0 ? at : p->now;
}

/*
 * The ref is where it should be: if it was not, somebody put it back.  A
 * decision behind the drift that took it away serves that.
 */
static int
look_at_return(struct push *p, struct moved *m, const struct record *drift,
    struct buf *out, struct err *err)
{
	struct record decision;

	if (drift->seq == 0 ||
	    text_same(tree_text(drift->tree, "new"), m->actual))
		return 0;
	m->since = drift->seq;
	m->since_time = drift->time;
	m->held = tree_text(drift->tree, "new");
	if (movement_decision(p, m, &decision, err) < 0)
		return -1;
	if (decision.seq == 0)
		return movement_write_drift(p, m, drift, NULL, out, err);
	movement_write(p, m, &decision, out);
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
		if (text_same(tree_text(list[i].tree, "repository"),
		        p->repository) &&
		    text_same(tree_text(list[i].tree, "ref"), m->ref) &&
		    text_same(tree_text(list[i].tree, "new"), m->actual))
			*yes = true;
	return 0;
}

static int
look_at_move(struct push *p, struct moved *m, const struct record *drift,
    struct buf *out, struct err *err)
{
	struct record decision;
	bool old_news;

	if (movement_decision(p, m, &decision, err) < 0)
		return -1;
	if (decision.seq != 0) {
		movement_write(p, m, &decision, out);
		return 0;
	}
	if (m->base == NULL)
		return 0;
	if (is_old_news(p, m, &old_news, err) < 0)
		return -1;
	if (old_news || text_same(tree_text(drift->tree, "new"), m->actual))
		return 0;
	return movement_write_drift(p, m, drift, NULL, out, err);
}

int
witness_look(struct push *p, const struct witnessed *seen, const char *witness,
    struct buf *out, struct err *err)
{
	struct moved m = {.ref = seen->ref,
	    .gate = seen->gate,
	    .witness = witness,
	    .actual = seen->actual,
	    .at = moved_at(p, seen->ref, witness)};
	struct record tip, drift;

	if (ledger_tip(p, m.ref, &tip, &m.base, err) < 0)
		return -1;
	m.since = tip.seq;
	m.since_time = tip.time;
	m.held = tip.seq == 0 ? NULL : tree_text(tip.tree, "new");
	if (m.held == NULL && text_is_zero_oid(m.actual))
		return 0;
	if (movement_drift(p, &m, &drift, err) < 0)
		return -1;
	m.drifted = movement_is_away(&drift) ? drift.seq : 0;
	if (text_same(m.held, m.actual))
		return look_at_return(p, &m, &drift, out, err);
	return look_at_move(p, &m, &drift, out, err);
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
		ret = witness_look(p, &list[i], witness, &bodies[i], err);
		if (bodies[i].len > 0)
			lines[n++] =
			    (struct ledger_body){bodies[i].data, bodies[i].len};
	}
	ledger_spare(changelog_ledger(p->setup->log), true);
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
