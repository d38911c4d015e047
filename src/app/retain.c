#include "app/retain.h"

#include <string.h>
#include <unistd.h>

#include "app/told.h"
#include "base/text.h"
#include "core/topics.h"
#include "retain_inside.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)
#define NEVER_LAST 2 /* segments that stay whatever their age */

/* ---- what may go ---- */

struct listing {
	struct pool *pool;
	struct retain_segment *list;
	size_t count;
};

static int
see_segment(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct listing *l = ctx;
	struct retain_segment *s;
	struct chain_head head;

	if (!chain_read(&head, line, len))
		return err_set(err, ERR_TAMPERED, "record %llu has no head",
		    (unsigned long long)mark->seq);
	if (l->count == 0 || l->list[l->count - 1].first != mark->segment) {
		s = pool_grow(l->pool, &l->list, &l->count, sizeof(*s));
		s->first = mark->segment;
		s->from = head.time;
	}
	s = &l->list[l->count - 1];
	s->last = mark->seq;
	if (head.time > s->to)
		s->to = head.time;
	return 0;
}

static const char *
held_by(const struct policy_retention *r, const struct retain_segment *s)
{
	for (size_t i = 0; i < r->hold_count; i++)
		if (r->holds[i].from <= s->to &&
		    (r->holds[i].to == 0 || r->holds[i].to > s->from))
			return r->holds[i].reason;
	return NULL;
}

/* An emergency in it whose review nobody found done. */
static int
find_owed(struct setup *s, const struct retain_segment *segment, uint64_t *owed,
    struct err *err)
{
	uint64_t seqs[64], review;
	size_t count = 64, reviews;

	*owed = 0;
	for (uint64_t beyond = segment->first - 1; count == 64;) {
		if (changelog_seqs(s->log, topic_all_owed(), false, beyond,
		        seqs, 64, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			if (seqs[i] > segment->last)
				return 0;
			if (changelog_seqs(s->log,
			        topic_reviewed(&s->pool, seqs[i]), true, 0,
			        &review, 1, &reviews, err) < 0)
				return -1;
			if (reviews == 0) {
				*owed = seqs[i];
				return 0;
			}
			beyond = seqs[i];
		}
	}
	return 0;
}

static int64_t
kept_for(const struct setup *s)
{
	int64_t keep = s->config.policy.retention.keep;

	return keep < POLICY_KEEP_LEAST * DAY ? POLICY_KEEP_DAYS * DAY : keep;
}

static int
judge(struct setup *s, struct retain_plan *plan, size_t at, struct err *err)
{
	struct retain_segment *segment = &plan->list[at];
	const char *hold = held_by(&s->config.policy.retention, segment);
	uint64_t owed;

	if (at > 0 && plan->list[at - 1].why != NULL)
		segment->why = "what is older stays";
	else if (at + NEVER_LAST >= plan->count)
		segment->why = "the newest two segments always stay";
	else if (s->now - segment->to < plan->keep)
		segment->why = "it is not old enough";
	else if (hold != NULL)
		segment->why = pool_printf(&s->pool, "on hold: %s", hold);
	else if (find_owed(s, segment, &owed, err) < 0)
		return -1;
	else if (owed != 0)
		segment->why = pool_printf(&s->pool,
		    "the review of the emergency in record %llu is owed",
		    (unsigned long long)owed);
	if (segment->why == NULL)
		plan->may_go = at + 1;
	return 0;
}

int
retain_plan(struct setup *s, struct retain_plan *out, struct err *err)
{
	struct listing l = {.pool = &s->pool};

	*out = (struct retain_plan){.keep = kept_for(s)};
	if (ledger_walk(changelog_ledger(s->log), NULL, see_segment, &l, NULL,
	        err) < 0)
		return -1;
	out->list = l.list;
	out->count = l.count;
	for (size_t i = 0; i < l.count; i++)
		if (judge(s, out, i, err) < 0)
			return -1;
	return 0;
}

/* ---- the statement ---- */

struct hashing {
	struct pruning *p;
	uint64_t last;
};

static int
see_leaf(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct hashing *h = ctx;
	unsigned char leaf[DIGEST_SIZE];
	struct chain_head head;

	if (!chain_read(&head, line, len))
		return err_set(err, ERR_TAMPERED, "record %llu has no head",
		    (unsigned long long)mark->seq);
	if (mark->seq == h->p->first)
		h->p->from = head.time;
	merkle_leaf(leaf, line, len);
	merkle_add(&h->p->after.tree, leaf);
	h->p->to = head.time;
	h->p->after.last = mark->seq;
	memcpy(h->p->after.digest, mark->digest, DIGEST_SIZE);
	return mark->seq == h->last ? 1 : 0;
}

int
retain_statement(struct setup *s, uint64_t last, struct pruning *out,
    struct buf *text, struct err *err)
{
	struct ledger *l = changelog_ledger(s->log);
	struct hashing h = {out, last};

	*out = (struct pruning){.origin = s->config.settings.origin};
	if (out->origin == NULL)
		return err_set(err, ERR_CONFIG, "the settings name no origin");
	if (ledger_pruned(l, &out->before, err) < 0)
		return -1;
	out->after.tree = out->before.tree;
	out->first = out->before.last + 1;
	if (last < out->first)
		return err_set(err, ERR_INPUT, "record %llu is gone already",
		    (unsigned long long)last);
	if (ledger_walk(l, NULL, see_leaf, &h, NULL, err) < 0)
		return -1;
	if (out->after.last != last)
		return err_set(err, ERR_INPUT, "there is no record %llu",
		    (unsigned long long)last);
	pruning_statement(text, out);
	return 0;
}

/* ---- taking away ---- */

static int
check_span(struct setup *s, const struct buf *statement, struct pruning *p,
    struct err *err)
{
	struct retain_plan plan;
	struct buf text = {0};
	uint64_t first, last;
	bool ends = false;
	int ret = -1;

	if (!pruning_span(buf_text(statement), statement->len, &first, &last))
		return err_set(err, ERR_INPUT,
		    "the statement is none of 'foureyes retain --statement'");
	if (retain_plan(s, &plan, err) < 0)
		return -1;
	for (size_t i = 0; i < plan.may_go; i++)
		ends = ends || plan.list[i].last == last;
	if (!ends)
		return err_set(err, ERR_INPUT,
		    "records %llu to %llu are not what may go now: foureyes "
		    "retain",
		    (unsigned long long)first, (unsigned long long)last);
	if (retain_statement(s, last, p, &text, err) == 0)
		ret = text.len == statement->len &&
		        memcmp(buf_text(&text), buf_text(statement),
		            text.len) == 0
		    ? 0
		    : err_set(err, ERR_INPUT,
		          "the statement is not the one that the ledger gives "
		          "for these records");
	buf_free(&text);
	return ret;
}

static int
append(struct setup *s, const struct pruning *p, const struct buf *statement,
    const struct signer signers[PRUNED_SIGNERS], uint64_t *record,
    struct err *err)
{
	struct by by = setup_by(s);
	struct carrying c = {.setup = s, .last = p->after.last};
	struct buf body = {0};
	uint64_t first;
	int ret = retain_carry(&c, err);

	if (ret == 0) {
		record_pruned(&body, p, buf_text(statement), signers, &by);
		carrying_add(&c, &body);
		ret = changelog_append(s->log, c.lines, c.count, s->now, &first,
		    err);
	}
	if (ret == 0)
		*record = first + c.count - 1;
	buf_free(&body);
	return ret;
}

static int
take_away(struct setup *s, const struct pruned *begin, size_t *files,
    struct err *err)
{
	struct ledger *l = changelog_ledger(s->log);

	if (ledger_prune_mark(l, begin, err) < 0 ||
	    changelog_again(s->log, err) < 0)
		return -1;
	return ledger_prune_files(l, files, err);
}

/* Nobody else used the statement meanwhile. */
static int
check_first(struct setup *s, const struct pruning *p, struct err *err)
{
	struct pruned begin;
	struct record told;

	if (ledger_pruned(changelog_ledger(s->log), &begin, err) < 0 ||
	    changelog_newest(s->log, &s->pool, topic_pruned(), &told, err) < 0)
		return -1;
	if (begin.last + 1 == p->first &&
	    (told.seq == 0 ||
	        (uint64_t)tree_number(told.tree, "last") < p->first))
		return 0;
	return err_set(err, ERR_INPUT,
	    "records from %llu on are taken away already, or will be: "
	    "foureyes retain --resume",
	    (unsigned long long)p->first);
}

int
retain_prune(struct setup *s, const struct buf *statement,
    const struct buf armors[PRUNED_SIGNERS], uint64_t *record, size_t *files,
    struct err *err)
{
	struct signer signers[PRUNED_SIGNERS];
	struct push p = {.setup = s, .pool = &s->pool};
	struct pruning pruning = {0};
	int lock, ret = -1;

	if (check_span(s, statement, &pruning, err) < 0 ||
	    retain_signers(s, statement, armors, signers, err) < 0)
		return -1;
	lock = told_lock(&p, err);
	if (lock < 0)
		return -1;
	if (changelog_catch_up(s->log, err) == 0 &&
	    check_first(s, &pruning, err) == 0 &&
	    append(s, &pruning, statement, signers, record, err) == 0)
		ret = take_away(s, &pruning.after, files, err);
	(void)close(lock);
	return ret;
}

int
retain_resume(struct setup *s, size_t *files, struct err *err)
{
	struct ledger *l = changelog_ledger(s->log);
	struct pruned begin, told;
	struct record record;

	*files = 0;
	if (ledger_pruned(l, &begin, err) < 0 ||
	    changelog_newest(s->log, &s->pool, topic_pruned(), &record, err) <
	        0)
		return -1;
	if (record.seq == 0)
		return begin.last == 0 ? 0
		                       : retain_check(s, &begin, &record, err);
	if (retain_told(&told, &record, err) < 0 ||
	    retain_check(s, &told, &record, err) < 0)
		return -1;
	if (begin.last < told.last)
		return take_away(s, &told, files, err);
	if (!pruned_same(&begin, &told))
		return retain_check(s, &begin, &record, err);
	return ledger_prune_files(l, files, err);
}
