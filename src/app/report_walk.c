/* Each record once more, for whoever makes something of it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/report_inside.h"
#include "app/walking.h"
#include "base/text.h"
#include "edge/ledger_scan.h"

struct node {
	uint64_t start;
	unsigned level;
	unsigned char hash[DIGEST_SIZE];
};

struct walk {
	struct report *r;
	struct ledger_scan lines;
	const struct report_visitor *list;
	size_t count;
	struct pool pool;
	struct merkle tree; /* of all so far */
	struct node stack[MERKLE_LEVELS * 2];
	size_t height;
	bool records_wanted; /* others than those of changes */
};

/* The full subtrees of what lies behind the last record: two neighbours. */
static void
add_behind(struct walk *w, uint64_t at, const unsigned char leaf[DIGEST_SIZE])
{
	struct node *top = &w->stack[w->height++];

	*top = (struct node){.start = at};
	memcpy(top->hash, leaf, DIGEST_SIZE);
	for (; w->height > 1; w->height--, top--) {
		struct node *left = top - 1;

		if (left->level != top->level ||
		    (left->start & ((UINT64_C(2) << left->level) - 1)) != 0)
			return;
		merkle_join(left->hash, left->hash, top->hash);
		left->level++;
	}
}

static void
see_leaf(struct walk *w, uint64_t seq, const unsigned char leaf[DIGEST_SIZE])
{
	struct report_range *g = &w->r->range;

	if (seq > g->size && seq >= g->first)
		return;
	merkle_add(&w->tree, leaf);
	if (seq < g->first)
		merkle_add(&g->before, leaf);
	if (seq > g->last && seq <= g->size)
		add_behind(w, seq - 1, leaf);
	if (seq == g->size) {
		merkle_root(g->root, &w->tree);
		g->has_root = true;
	}
}

static int
show_change(struct report *r, const struct change_row *row, void *ctx,
    struct err *err)
{
	struct walk *w = ctx;

	for (size_t i = 0; i < w->count; i++)
		if (w->list[i].change != NULL &&
		    w->list[i].change(r, row, w->list[i].ctx, err) < 0)
			return -1;
	return 0;
}

static int
show_record(struct walk *w, const struct record *record, struct err *err)
{
	struct report *r = w->r;
	bool in = report_in_period(r, record->time);

	for (size_t i = 0; i < w->count; i++)
		if (w->list[i].record != NULL &&
		    w->list[i].record(r, record, in, w->list[i].ctx, err) < 0)
			return -1;
	if ((text_same(record->type, "landing") ||
	        text_same(record->type, "drift")) &&
	    report_is_row(r, record->seq, record->time, record->tree))
		return report_changes(r, &w->pool, record, show_change, w, err);
	return 0;
}

/* Decisions are many and long: those that refused are looked at by themselves,
 * the others when their landing comes. */
static bool
is_passed_over(const char *body)
{
	static const char push[] = "\"type\":\"observation\",\"kind\":\"push\"";
	static const char admitted[] =
	    "\"type\":\"decision\",\"outcome\":\"ADMITTED";

	return text_starts(body, push) || text_starts(body, admitted);
}

static bool
is_change(const char *body)
{
	return text_starts(body, "\"type\":\"landing\"") ||
	    text_starts(body, "\"type\":\"drift\"");
}

static bool
is_parsed(const char *body)
{
	static const char decision[] = "\"type\":\"decision\"";

	return !text_starts(body, decision) ||
	    strstr(body, "\"outcome\":\"REFUSED\"") != NULL;
}

/* A landing mostly has its decision close before it. */
static void
keep(struct report *r, uint64_t seq, const char *line, size_t len)
{
	struct report_kept *k = &r->kept[seq % REPORT_KEPT];

	buf_clear(&k->line);
	k->seq = len <= REPORT_KEPT_SIZE ? seq : 0;
	if (k->seq != 0)
		buf_add(&k->line, line, len);
}

static int
see_parsed(struct walk *w, const struct chain_mark *mark,
    const struct chain_head *head, const char *line, size_t len,
    struct err *err)
{
	struct record record = {.seq = mark->seq,
	    .time = head->time,
	    .line = line,
	    .len = len};
	uint64_t carried;

	if (record_is_carried(line, len, &carried))
		return 0;
	if (tree_parse_json(&record.tree, &w->pool, line, len, "ledger", err) <
	    0)
		return report_bear(w->r, mark->seq, err);
	record.type = tree_text(record.tree, "type");
	return show_record(w, &record, err);
}

static int
see_line(struct walk *w, const struct chain_mark *mark, const char *text,
    size_t len, struct err *err)
{
	struct report *r = w->r;
	int ret = 0;

	if (mark->seq < r->range.first || mark->seq > r->range.last)
		return 0;
	for (size_t i = 0; i < w->count && ret == 0; i++)
		if (w->list[i].line != NULL)
			ret = w->list[i].line(r, mark, text, len,
			    w->list[i].ctx, err);
	return ret;
}

static int
see(const struct chain_mark *mark, const char *text, size_t len, void *ctx,
    struct err *err)
{
	struct walk *w = ctx;
	struct report *r = w->r;
	const struct chain_head *head = w->lines.head;
	const char *body = text + head->body, *line;
	int ret;

	if (walking_at(mark->seq, "records told of"))
		return report_interrupted(err);
	if (mark->seq > r->until)
		return 1;
	if (w->lines.leaves)
		see_leaf(w, mark->seq, w->lines.leaf);
	r->recent[mark->seq % REPORT_RECENT] = *mark;
	if (text_starts(body, "\"type\":\"decision\""))
		keep(r, mark->seq, text, len);
	ret = see_line(w, mark, text, len, err);
	if (ret == 0 && !is_passed_over(body) &&
	    (w->records_wanted || is_change(body))) {
		line = pool_textn(&w->pool, text, len);
		if (is_parsed(line + head->body))
			ret = see_parsed(w, mark, head, line, len, err);
		pool_free(&w->pool);
	}
	return ret;
}

static bool
every(const struct chain_head *head, const char *line, size_t len,
    const void *ctx)
{
	(void)head;
	(void)line;
	(void)len;
	(void)ctx;
	return true;
}

static void
write_behind(struct walk *w)
{
	char hex[DIGEST_HEX_SIZE];

	for (size_t i = 0; i < w->height; i++) {
		const struct node *n = &w->stack[i];

		text_hex(hex, n->hash, DIGEST_SIZE);
		buf_printf(&w->r->range.after,
		    "after %" PRIu64 " %" PRIu64 " %s\n", n->start,
		    UINT64_C(1) << n->level, hex);
	}
}

int
report_walk(struct report *r, const struct report_visitor *list, size_t count,
    struct err *err)
{
	struct walk w = {.r = r, .list = list, .count = count};
	int ret;

	for (size_t i = 0; i < count; i++) {
		w.records_wanted = w.records_wanted || list[i].record != NULL;
		w.lines.leaves = w.lines.leaves || list[i].line != NULL;
	}
	w.tree = r->start.seq != 0 ? r->start_tree : r->pruned.tree;
	r->range.before = w.tree;
	if (r->range.size == w.tree.count && r->range.size > 0) {
		merkle_root(r->range.root, &w.tree);
		r->range.has_root = true;
	}
	w.lines.pick = every;
	w.lines.see = see;
	w.lines.ctx = &w;
	ret = report_lines(r, &w.lines, err);
	pool_free(&w.pool);
	if (ret < 0 && err->kind == ERR_TAMPERED && r->altered != NULL) {
		*err = (struct err){0};
		ret = 0;
	}
	write_behind(&w);
	return ret;
}
