#include "app/witness.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/gather.h"
#include "base/text.h"
#include "core/topics.h"

#define DECISIONS_LOOKED_AT 50
#define LOCK_TRIES 200

/*
 * One witness at a time, so that a landing is written once.  Lies beside the
 * index: everybody who may write that may take this.
 */
static int
lock(struct push *p, struct err *err)
{
	const char *path =
	    pool_printf(p->pool, "%s.witness", p->setup->config.settings.index);
	struct timespec nap = {.tv_nsec = 10000000};
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);

	if (fd < 0)
		return err_errno(err, "'%s'", path);
	(void)fchmod(fd, 0660);
	for (unsigned i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
		if (i >= LOCK_TRIES) {
			(void)close(fd);
			return err_set(err, ERR_UNREACHABLE,
			    "'%s' is locked by another process", path);
		}
		(void)nanosleep(&nap, NULL);
	}
	return fd;
}

static bool
is_admitted(const struct record *d)
{
	const char *outcome = tree_text(d->tree, "outcome");

	return text_same(outcome, "ADMITTED") ||
	    text_same(outcome, "ADMITTED_AS_EMERGENCY") ||
	    text_same(tree_text(d->tree, "mode"), "observe");
}

/* It may serve this movement: from the ledger's tip, in time, not withheld. */
static bool
serves(const struct push *p, const struct record *d, const struct record *tip,
    const char *base, const char *actual)
{
	const struct tree *t = d->tree;
	const char *from = tree_text(t, "base");

	return text_same(d->type, "decision") && is_admitted(d) &&
	    text_same(tree_text(t, "repository"), p->repository) &&
	    text_same(tree_text(t, "new"), actual) &&
	    !tree_true(t, "withheld") && d->seq > tip->seq &&
	    (text_same(from, base) || (from == NULL && base == NULL)) &&
	    p->now - d->time <= WITNESS_DECISION_LIVES;
}

static int
find_decision(struct push *p, const char *ref, const struct record *tip,
    const char *base, const char *actual, struct record *out, struct err *err)
{
	struct record *list;
	size_t count;

	*out = (struct record){0};
	if (changelog_find(p->setup->log, p->pool,
	        topic_decision(p->pool, p->repository, ref), true, 0,
	        DECISIONS_LOOKED_AT, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && out->seq == 0; i++)
		if (serves(p, &list[i], tip, base, actual))
			*out = list[i];
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
write_landing(struct push *p, const struct gate *gate, const char *ref,
    const char *base, const char *actual, const struct record *d,
    const char *witness, struct buf *out)
{
	const struct tree *t = d->tree;
	const char **landed = NULL, **approved = NULL;
	size_t landed_count = 0, approved_count = 0;
	const char *promoted = tree_text(t, "staging.commit");
	bool emergency =
	    text_same(tree_text(t, "outcome"), "ADMITTED_AS_EMERGENCY");
	struct landing l = {.repository = p->repository,
	    .gate = gate->name,
	    .ref = ref,
	    .old = base,
	    .new = actual,
	    .decision = d->seq,
	    .witness = witness,
	    .outcome = tree_text(t, "outcome"),
	    .mode = tree_text(t, "mode"),
	    .subject = tree_text(t, "landed"),
	    .lander = tree_text(t, "pusher.person"),
	    .lane = tree_true(t, "lane.taken")};

	if (promoted != NULL && gate->landed_on.count > 0)
		*(const char **)pool_grow(p->pool, &landed, &landed_count,
		    sizeof(*landed)) = promoted;
	else
		fill_texts(p, tree_get(t, "changes"), "after", &landed,
		    &landed_count);
	fill_counted(p, tree_get(t, "approvals"), &approved, &approved_count);
	l.landed = landed;
	l.landed_count = landed_count;
	l.approved = approved;
	l.approved_count = approved_count;
	if (emergency) {
		l.declarer = tree_text(t, "emergency.declarer.person");
		l.declaration = (uint64_t)tree_number(t, "emergency.record");
		l.review_due = p->now + tree_number(t, "review_within");
	}
	record_landing(out, &l);
}

static void
write_baseline(struct push *p, const struct gate *gate, const char *ref,
    const char *actual, const struct record *d, struct buf *out)
{
	struct adoption a = {.repository = p->repository,
	    .gate = gate->name,
	    .ref = ref,
	    .tip = actual,
	    .subject = tree_text(d->tree, "landed"),
	    .by = {.account = tree_text(d->tree, "pusher.login"),
	        .person = tree_text(d->tree, "pusher.person"),
	        .in_order = true},
	    .reason = "first push (first_push: baseline)"};

	record_adopted(out, &a);
}

static int
write_drift(struct push *p, const struct gate *gate, const char *ref,
    const char *base, const char *actual, const char *witness, struct buf *out,
    struct err *err)
{
	struct record last;

	if (changelog_newest(p->setup->log, p->pool,
	        topic_drift(p->pool, p->repository, ref), &last, err) < 0)
		return -1;
	if (last.seq != 0 && text_same(last.type, "drift") &&
	    text_same(tree_text(last.tree, "new"), actual) &&
	    text_same(tree_text(last.tree, "old"), base))
		return 0;
	record_drift(out, p->repository, gate->name, ref, base, actual,
	    witness);
	return 0;
}

static int
look(struct push *p, const char *ref, const struct gate *gate,
    const char *actual, const char *witness, struct buf *out, struct err *err)
{
	struct record tip, decision;
	const char *base, *held;
	bool gone = text_is_zero_oid(actual);

	if (ledger_tip(p, ref, &tip, &base, err) < 0)
		return -1;
	held = tip.seq == 0 ? NULL : tree_text(tip.tree, "new");
	if (text_same(held, actual) ||
	    (gone && (held == NULL || text_is_zero_oid(held))))
		return 0;
	if (find_decision(p, ref, &tip, base, actual, &decision, err) < 0)
		return -1;
	if (decision.seq != 0 && tree_true(decision.tree, "baseline"))
		write_baseline(p, gate, ref, actual, &decision, out);
	else if (decision.seq != 0)
		write_landing(p, gate, ref, base, actual, &decision, witness,
		    out);
	else if (base != NULL)
		return write_drift(p, gate, ref, base, actual, witness, out,
		    err);
	return 0;
}

int
witness_ref(struct push *p, const char *ref, const struct gate *gate,
    const char *actual, const char *witness, struct err *err)
{
	struct buf body = {0};
	struct ledger_body line;
	int fd, ret = -1;

	fd = lock(p, err);
	if (fd < 0)
		return -1;
	if (changelog_catch_up(p->setup->log, err) < 0 ||
	    look(p, ref, gate, actual, witness, &body, err) < 0)
		goto out;
	line = (struct ledger_body){.text = body.data, .len = body.len};
	if (body.len > 0 &&
	    changelog_append(p->setup->log, &line, 1, p->now, NULL, err) < 0)
		goto out;
	ret = 0;
out:
	(void)close(fd);
	buf_free(&body);
	return ret;
}
