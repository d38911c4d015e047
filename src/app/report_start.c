/* Texts in force, and what was there before a report's first record. */
#include "app/report_inside.h"
#include "base/text.h"
#include "core/topics.h"
#include "edge/ledger_scan.h"

static bool
is_listed(const struct report_text *list, size_t count, uint64_t seq)
{
	for (size_t i = count; i > 0; i--)
		if (list[i - 1].seq == seq)
			return true;
	return false;
}

void
report_see_text(struct report *r, const struct record *record,
    const struct chain_mark *mark, struct report_text **list, size_t *count)
{
	uint64_t carried = 0;
	struct report_text one = {.mark = *mark,
	    .seq = record->seq,
	    .time = record->time,
	    .digest = report_keep(r, tree_text(record->tree, "sha256"))};
	size_t at;

	if (record_is_carried(record->line, record->len, &carried)) {
		one.seq = carried;
		one.time = tree_instant(record->tree, "carried_time");
		/* A copy of what stayed, or a second one. */
		if (is_listed(*list, *count, carried))
			return;
	}
	(void)pool_grow(&r->pool, list, count, sizeof(**list));
	for (at = *count - 1; at > 0 && (*list)[at - 1].seq > one.seq; at--)
		(*list)[at] = (*list)[at - 1];
	(*list)[at] = one;
}

static void
take(struct report *r, const struct record *record,
    const struct chain_mark *mark)
{
	key_chain_see(&r->keys, record->seq, record->line, record->len);
	if (text_same(record->type, "policy"))
		report_see_text(r, record, mark, &r->policies,
		    &r->policy_count);
	if (text_same(record->type, "people"))
		report_see_text(r, record, mark, &r->people, &r->people_count);
	if (text_same(record->type, "opened") && r->origin == NULL)
		r->origin = report_keep(r, tree_text(record->tree, "origin"));
}

/* The newest `most` of a type, in their order. */
static int
seed(struct report *r, const char *type, size_t most, struct err *err)
{
	struct changelog *log = r->s->log;
	struct pool pool = {0};
	struct record *list;
	size_t count;
	int ret = changelog_find(log, &pool, topic_text(&pool, type), true,
	    r->start.seq + 1, most, &list, &count, err);

	for (size_t i = ret < 0 ? 0 : count; i-- > 0 && ret == 0;) {
		struct chain_mark mark;

		ret = changelog_mark(log, list[i].seq, &mark, err);
		if (ret == 0)
			take(r, &list[i], &mark);
	}
	pool_free(&pool);
	return ret;
}

int
report_seed(struct report *r, struct err *err)
{
	if (r->start.seq == 0)
		return 0;
	if (seed(r, "opened", 1, err) < 0 ||
	    seed(r, "key", KEY_CHAIN_MAX, err) < 0 ||
	    seed(r, "policy", 1, err) < 0)
		return -1;
	return seed(r, "people", 1, err);
}

/* What a scan tells beside the line, of a walk. */
static int
see_from(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct ledger_scan *lines = ctx;
	unsigned char leaf[DIGEST_SIZE];
	struct chain_head head;

	if (!chain_read(&head, line, len))
		return 0;
	merkle_leaf(leaf, line, len);
	lines->head = &head;
	lines->leaf = leaf;
	return lines->see(mark, line, len, lines->ctx, err);
}

int
report_lines(struct report *r, struct ledger_scan *lines, struct err *err)
{
	if (r->start.seq == 0)
		return ledger_scan(r->ledger, lines, NULL, err);
	return ledger_walk(r->ledger, &r->start, see_from, lines, NULL, err);
}
