#include "app/gate.h"

#include <string.h>

#include "app/gather.h"
#include "app/look.h"
#include "app/receive.h"
#include "app/received.h"
#include "app/renaming.h"
#include "app/review.h"
#include "app/witness.h"
#include "base/text.h"
#include "core/judge.h"
#include "core/topics.h"

#include "gate_inside.h"

#define REFS_NAMED_MAX 20
#define TRIES_MAX 8

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
take_evidence(struct push *p, bool dry, bool *any, struct err *err)
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
	*any = b.count > 0;
	if (ret < 0 || dry || b.count == 0)
		return ret;
	return changelog_append(p->setup->log, b.list, b.count, p->now, NULL,
	    err);
}

/* ---- what the server receives ---- */

/* Parents that are nowhere: by whatever ref, nothing of it is taken. */
static int
refuse_cut(struct push *p)
{
	for (size_t i = 0; i < p->ref_count; i++) {
		struct ref_update *r = &p->refs[i];

		if (r->gate != NULL || r->code != NULL ||
		    text_is_zero_oid(r->new))
			continue;
		r->code = "object.history-incomplete";
		r->why = "commits are missing in the history that is pushed";
	}
	return 0;
}

static int
record_received(struct push *p, struct batch *b, struct err *err)
{
	const char **refs = NULL;
	size_t ref_count = 0;
	struct received_list fresh;
	struct buf body = {0};

	if (received_find(p, &fresh, err) < 0)
		return repo_is_shallow(p->repo) ? refuse_cut(p) : -1;
	for (size_t i = 0; i < p->ref_count && ref_count < REFS_NAMED_MAX; i++)
		if (!p->refs[i].evidence && !text_is_zero_oid(p->refs[i].new))
			*(const char **)pool_grow(p->pool, &refs, &ref_count,
			    sizeof(*refs)) = p->refs[i].target;
	for (size_t at = 0; at < fresh.count; at += RECORD_COMMITS_MAX) {
		size_t left = fresh.count - at;
		struct received some = {.repository = p->repository,
		    .pusher = &p->pusher,
		    .web = p->web,
		    .id = renaming_id(p),
		    .refs = refs,
		    .ref_count = ref_count,
		    .commits = fresh.commits + at,
		    .patches = fresh.patches + at,
		    .commit_count =
		        left < RECORD_COMMITS_MAX ? left : RECORD_COMMITS_MAX};

		record_push(&body, &some);
		batch_add(b, &body);
	}
	return 0;
}

/* ---- gated refs ---- */

int
gate_judge(struct push *p, struct ref_update *r, struct judged *out,
    struct err *err)
{
	*out = (struct judged){.ref = r};
	if (gate_find_base(p, out, true, err) < 0)
		return -1;
	gather(p, r, &out->update);
	judge(&p->setup->config.policy, r->gate, &p->setup->config.people,
	    &out->update, p->pool, &out->verdict);
	return 0;
}

static bool
is_let_through(const struct judged *j)
{
	return j->verdict.outcome != REFUSED || j->update.mode == MODE_OBSERVE;
}

/*
 * An approval of a glob that lets one ref of this push land is used up for its
 * others.
 */
static void
note_uses(struct push *p, const struct judged *j)
{
	p->used.pool = p->pool;
	if (!is_let_through(j))
		return;
	for (size_t i = 0; i < j->verdict.weighed_count; i++) {
		const struct approval *a = j->verdict.weighed[i].approval;
		const char *key =
		    pool_printf(p->pool, "%llu", (unsigned long long)a->seq);

		if (a->carried != CARRIED_NOT && text_is_glob(a->target) &&
		    map_get(&p->used, key) == NULL)
			map_put(&p->used, key,
			    pool_text(p->pool, j->ref->target));
	}
}

/* What the refs hold first: that may write records, and judging does not. */
static int
find_bases(struct push *p, bool dry, struct gate_answer *answer,
    struct err *err)
{
	answer->judged_count = 0;
	answer->judged =
	    pool_array(p->pool, p->gated + 1, sizeof(*answer->judged));
	for (size_t i = 0; i < p->ref_count; i++) {
		struct ref_update *r = &p->refs[i];
		struct judged *j = &answer->judged[answer->judged_count];

		if (r->gate == NULL || r->code != NULL)
			continue;
		j->ref = r;
		if (gate_find_base(p, j, dry, err) < 0)
			return -1;
		answer->judged_count++;
	}
	return 0;
}

static void
judge_all(struct push *p, struct gate_answer *answer)
{
	p->used = (struct map){.pool = p->pool};
	for (size_t i = 0; i < answer->judged_count; i++) {
		struct judged *j = &answer->judged[i];

		gather(p, j->ref, &j->update);
		judge(&p->setup->config.policy, j->ref->gate,
		    &p->setup->config.people, &j->update, p->pool, &j->verdict);
		note_uses(p, j);
	}
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

/* A refusal that was recorded a moment ago is named, and not repeated. */
static void
add_refusal(struct push *p, struct batch *b, const char *ref, struct buf *body,
    uint64_t *first)
{
	*first = gate_repeats(p, ref, body);
	if (*first != 0) {
		buf_clear(body);
		record_repeat(body, p->repository, ref, *first, &p->pusher);
	}
	batch_add(b, body);
}

static void
record_decisions(struct push *p, const struct gate_answer *answer,
    struct batch *b)
{
	struct buf body = {0};
	uint64_t first;

	for (size_t i = 0; i < p->ref_count; i++) {
		const struct ref_update *r = &p->refs[i];

		if (r->code == NULL)
			continue;
		record_refusal(&body, p->repository, r->target, r->old, r->new,
		    &p->pusher, &p->in_force, r->code, r->why);
		add_refusal(p, b, r->target, &body, &first);
	}
	for (size_t i = 0; i < answer->judged_count; i++) {
		struct judged *j = &answer->judged[i];
		struct decided d = {.update = &j->update,
		    .verdict = &j->verdict,
		    .in_force = p->in_force,
		    .withheld = !answer->admitted && is_let_through(j),
		    .review_within =
		        p->setup->config.policy.emergency.review_within};

		record_decision(&body, &d);
		j->seq = 0;
		if (j->verdict.outcome == REFUSED && !is_let_through(j))
			add_refusal(p, b, j->ref->target, &body, &j->seq);
		else
			batch_add(b, &body);
	}
}

/* ---- deciding ---- */

/* All that is to be written down, judged as the ledger stands now. */
static int
decide_now(struct push *p, bool dry, struct gate_answer *answer,
    struct batch *b, struct err *err)
{
	bool again;

	p->commits = (struct map){.pool = p->pool};
	p->brought = (struct map){.pool = p->pool};
	*b = (struct batch){.pool = p->pool};
	if (find_bases(p, dry, answer, err) < 0 ||
	    record_received(p, b, err) < 0)
		return -1;
	judge_all(p, answer);
	answer->admitted = all_let_through(p, answer);
	if (!answer->admitted && look_again(p, answer))
		return gate_catch_up(p, &again, err) < 0
		    ? -1
		    : decide_now(p, dry, answer, b, err);
	if (!dry)
		record_decisions(p, answer, b);
	return 0;
}

/*
 * What was judged is written only behind the line that was the newest when it
 * was judged.  Where somebody appended since what might matter, it is judged
 * again: so of two pushes that use one statement the later sees the earlier.
 */
static int
decide_and_record(struct push *p, struct gate_answer *answer, struct err *err)
{
	struct batch b;
	uint64_t first = 0;
	bool stale = true, again = true;
	unsigned judged = 0;
	struct err why = {0};

	/* What others wrote and does not matter is no try, but takes time. */
	while (stale && (!again || judged < TRIES_MAX) &&
	    (judged == 0 || !gather_is_late(p))) {
		judged += again;
		if (again && decide_now(p, false, answer, &b, err) < 0)
			return -1;
		if (b.count == 0)
			return 0;
		ledger_spare(changelog_ledger(p->setup->log), answer->admitted);
		if (changelog_append_behind(p->setup->log, b.list, b.count,
		        p->now, &first, &stale, &why) < 0) {
			answer->unrecorded = !answer->admitted &&
			    ledger_was_full(changelog_ledger(p->setup->log));
			if (answer->unrecorded)
				return 0;
			*err = why;
			return err_within(err, "it cannot be recorded");
		}
		if (stale && gate_catch_up(p, &again, err) < 0)
			return -1;
	}
	if (stale)
		return err_set(err, ERR_INPUT,
		    "other pushes were recorded again and again while this one "
		    "was judged; push again");
	for (size_t i = 0; i < answer->judged_count; i++)
		if (answer->judged[i].seq == 0)
			answer->judged[i].seq =
			    first + b.count - answer->judged_count + i;
	return 0;
}

static int
decide_push(struct push *p, bool dry, struct gate_answer *answer,
    struct err *err)
{
	struct batch b;
	bool evidence;
	int ret;

	*answer = (struct gate_answer){0};
	if ((!dry && renaming_see(p, err) < 0) ||
	    take_evidence(p, dry, &evidence, err) < 0 ||
	    (p->gated > 0 && !dry && gate_look_around(p, err) < 0) ||
	    ((p->gated > 0 || evidence) && !dry && owed_settle(p, err) < 0))
		return -1;
	ret = dry ? decide_now(p, true, answer, &b, err)
	          : decide_and_record(p, answer, err);
	if (ret < 0)
		answer->admitted = false;
	return ret;
}

/* That nothing could be found out is kept too, as far as that goes. */
static void
record_failure(struct push *p, const char *why)
{
	struct batch b = {.pool = p->pool};
	struct buf body = {0};
	struct err ignored = {0};

	for (size_t i = 0; i < p->ref_count; i++) {
		const struct ref_update *r = &p->refs[i];

		if (r->gate == NULL)
			continue;
		record_refusal(&body, p->repository, r->target, r->old, r->new,
		    &p->pusher, &p->in_force, "push.could-not-check", why);
		batch_add(&b, &body);
	}
	if (b.count > 0)
		(void)!changelog_append(p->setup->log, b.list, b.count, p->now,
		    NULL, &ignored);
}

int
gate_push(struct push *p, bool dry, struct gate_answer *answer, struct err *err)
{
	if (decide_push(p, dry, answer, err) == 0)
		return 0;
	/* A ledger that does not answer is not asked once more. */
	if (!dry && err->kind != ERR_UNREACHABLE && err->kind != ERR_TAMPERED &&
	    !gather_is_late(p))
		record_failure(p, err->text);
	return -1;
}
