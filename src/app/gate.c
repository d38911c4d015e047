#include "app/gate.h"

#include <string.h>

#include "app/gather.h"
#include "app/receive.h"
#include "app/witness.h"
#include "base/text.h"
#include "core/judge.h"
#include "core/topics.h"

#define REFS_NAMED_MAX 20

/* Bodies of records that go to the ledger in one append. */
struct batch {
	struct pool *pool;
	struct ledger_body *list;
	size_t count;
};

/* Takes the bytes over from `body`, which is empty again. */
static void
batch_add(struct batch *b, struct buf *body)
{
	struct ledger_body *one;

	if (body->len == 0)
		return;
	one = pool_grow(b->pool, &b->list, &b->count, sizeof(*one));
	one->text = pool_copy(b->pool, body->data, body->len + 1);
	one->len = body->len;
	buf_free(body);
}

/* ---- evidence ---- */

static int
take_evidence(struct push *p, bool dry, struct err *err)
{
	struct batch b = {.pool = p->pool};
	struct buf body = {0};
	int ret = 0;

	for (size_t i = 0; i < p->ref_count && ret == 0; i++) {
		struct ref_update *r = &p->refs[i];

		if (!r->evidence || r->code != NULL)
			continue;
		ret = receive_evidence(p, r, &body, err);
		batch_add(&b, &body);
	}
	buf_free(&body);
	if (ret < 0 || dry || b.count == 0)
		return ret;
	return changelog_append(p->setup->log, b.list, b.count, p->now, NULL,
	    err);
}

/* ---- what the server receives ---- */

/* Those of `list` that no push record names yet. */
static int
unrecorded(struct push *p, const struct repo_commit *list, size_t count,
    const char ***out, size_t *n, struct err *err)
{
	uint64_t seq;
	size_t found;

	for (size_t i = 0; i < count; i++) {
		if (changelog_seqs(p->setup->log,
		        topic_received(p->pool, list[i].oid), false, 0, &seq, 1,
		        &found, err) < 0)
			return -1;
		if (found == 0)
			*(const char **)pool_grow(p->pool, out, n,
			    sizeof(**out)) = list[i].oid;
	}
	return 0;
}

/* The commit behind each ref that is pushed; a tree or blob brings none. */
static int
add_tip(struct push *p, const char *id, const char ***tips, size_t *count,
    struct err *err)
{
	char commit[REPO_OID_SIZE];
	enum repo_kind kind;

	if (repo_peel(p->repo, id, commit, &kind, err) < 0)
		return -1;
	if (kind == REPO_COMMIT)
		*(const char **)pool_grow(p->pool, tips, count,
		    sizeof(**tips)) = pool_text(p->pool, commit);
	return 0;
}

static int
record_received(struct push *p, struct batch *b, struct err *err)
{
	const char **tips = NULL, **refs = NULL, **fresh = NULL;
	size_t tip_count = 0, ref_count = 0, count = 0, n;
	struct repo_commit *list;
	struct buf body = {0};

	for (size_t i = 0; i < p->ref_count; i++) {
		const struct ref_update *r = &p->refs[i];

		if (r->evidence || text_is_zero_oid(r->new))
			continue;
		if (add_tip(p, r->new, &tips, &tip_count, err) < 0)
			return -1;
		if (ref_count < REFS_NAMED_MAX)
			*(const char **)pool_grow(p->pool, &refs, &ref_count,
			    sizeof(*refs)) = r->target;
	}
	if (repo_received_commits(p->repo, p->pool, tips, tip_count, SIZE_MAX,
	        &list, &n, err) < 0 ||
	    unrecorded(p, list, n, &fresh, &count, err) < 0)
		return -1;
	for (size_t at = 0; at < count; at += RECORD_COMMITS_MAX) {
		size_t some = count - at < RECORD_COMMITS_MAX
		    ? count - at
		    : RECORD_COMMITS_MAX;

		record_push(&body, p->repository, &p->pusher, refs, ref_count,
		    fresh + at, some);
		batch_add(b, &body);
	}
	return 0;
}

/* ---- gated refs ---- */

/*
 * What the ref holds now may be a landing nobody saw, or drift; then the base
 * is the ledger's tip, not whatever the ref happens to hold.
 */
static int
find_base(struct push *p, struct judged *j, bool dry, struct err *err)
{
	const struct ref_update *r = j->ref;
	struct record tip;
	const char *held;

	if (ledger_tip(p, r->target, &tip, &j->update.base, err) < 0)
		return -1;
	held = tip.seq == 0 ? NULL : tree_text(tip.tree, "new");
	if (held == NULL || strcmp(held, r->old) == 0)
		return 0;
	if (!dry) {
		if (witness_ref(p, r->target, r->gate, r->old, "found", err) <
		        0 ||
		    ledger_tip(p, r->target, &tip, &j->update.base, err) < 0)
			return -1;
		held = tree_text(tip.tree, "new");
	}
	if (!text_same(held, r->old))
		j->update.drift = r->old;
	return 0;
}

int
gate_judge(struct push *p, struct ref_update *r, struct judged *out,
    struct err *err)
{
	*out = (struct judged){.ref = r};
	if (find_base(p, out, true, err) < 0)
		return -1;
	gather(p, r, &out->update);
	judge(&p->setup->config.policy, r->gate, &p->setup->config.people,
	    &out->update, p->pool, &out->verdict);
	return 0;
}

static int
judge_all(struct push *p, bool dry, struct gate_answer *answer, struct err *err)
{
	answer->judged =
	    pool_array(p->pool, p->gated + 1, sizeof(*answer->judged));
	for (size_t i = 0; i < p->ref_count; i++) {
		struct ref_update *r = &p->refs[i];
		struct judged *j = &answer->judged[answer->judged_count];

		if (r->gate == NULL || r->code != NULL)
			continue;
		j->ref = r;
		if (find_base(p, j, dry, err) < 0)
			return -1;
		gather(p, r, &j->update);
		judge(&p->setup->config.policy, r->gate,
		    &p->setup->config.people, &j->update, p->pool, &j->verdict);
		answer->judged_count++;
	}
	return 0;
}

static bool
is_let_through(const struct judged *j)
{
	return j->verdict.outcome != REFUSED || j->update.mode == MODE_OBSERVE;
}

static bool
all_let_through(const struct push *p, const struct gate_answer *answer)
{
	for (size_t i = 0; i < p->ref_count; i++)
		if (p->refs[i].code != NULL)
			return false;
	for (size_t i = 0; i < answer->judged_count; i++)
		if (!is_let_through(&answer->judged[i]))
			return false;
	return true;
}

static void
record_decisions(struct push *p, const struct gate_answer *answer,
    struct batch *b)
{
	struct buf body = {0};

	for (size_t i = 0; i < p->ref_count; i++) {
		const struct ref_update *r = &p->refs[i];

		if (r->code == NULL)
			continue;
		record_refusal(&body, p->repository, r->target, r->old, r->new,
		    &p->pusher, &p->in_force, r->code, r->why);
		batch_add(b, &body);
	}
	for (size_t i = 0; i < answer->judged_count; i++) {
		const struct judged *j = &answer->judged[i];
		struct decided d = {.update = &j->update,
		    .verdict = &j->verdict,
		    .in_force = p->in_force,
		    .withheld = !answer->admitted && is_let_through(j),
		    .review_within =
		        p->setup->config.policy.emergency.review_within};

		record_decision(&body, &d);
		batch_add(b, &body);
	}
}

int
gate_push(struct push *p, bool dry, struct gate_answer *answer, struct err *err)
{
	struct batch b = {.pool = p->pool};
	uint64_t first = 0;

	*answer = (struct gate_answer){0};
	if (take_evidence(p, dry, err) < 0 ||
	    judge_all(p, dry, answer, err) < 0)
		return -1;
	answer->admitted = all_let_through(p, answer);
	if (dry)
		return 0;
	if (record_received(p, &b, err) < 0)
		return -1;
	record_decisions(p, answer, &b);
	if (b.count == 0)
		return 0;
	if (changelog_append(p->setup->log, b.list, b.count, p->now, &first,
	        err) < 0) {
		answer->admitted = false;
		return err_within(err, "it cannot be recorded");
	}
	for (size_t i = 0; i < answer->judged_count; i++)
		answer->judged[i].seq =
		    first + b.count - answer->judged_count + i;
	return 0;
}
