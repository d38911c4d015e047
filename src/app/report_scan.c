/* The first look at each record: where things stand, and what is said later. */
#include "app/report_inside.h"

#include <stdlib.h>
#include <string.h>

#include "app/walking.h"
#include "base/text.h"
#include "edge/ledger_scan.h"

struct scan {
	struct report *r;
	struct ledger_scan lines;
	struct pool pool; /* for one line */
	size_t deployed_room;
	bool ended; /* the first record behind a day was met */
};

static void
see_deployment(struct scan *s, const struct record *record,
    const struct chain_mark *mark)
{
	struct report *r = s->r;
	const char *repository = tree_text(record->tree, "repository");
	const char *commit = tree_text(record->tree, "commit");

	if (repository == NULL || commit == NULL)
		return;
	if (r->deployed_count == s->deployed_room) {
		s->deployed_room =
		    s->deployed_room == 0 ? 1024 : 2 * s->deployed_room;
		r->deployed = realloc(r->deployed,
		    s->deployed_room * sizeof(*r->deployed));
		if (r->deployed == NULL)
			err_fatal("out of memory");
	}
	r->deployed[r->deployed_count++] =
	    (struct report_deployed){.key = report_key(repository, commit),
	        .seq = mark->seq,
	        .segment = mark->segment,
	        .offset = mark->offset,
	        .length = mark->length};
}

static void
see_observation(struct scan *s, const struct record *record,
    const struct chain_mark *mark)
{
	const char *kind = tree_text(record->tree, "kind");
	struct report *r = s->r;
	struct report_link *link;

	if (text_same(kind, "deployment"))
		see_deployment(s, record, mark);
	if (!text_same(kind, "review"))
		return;
	link = pool_grow(&r->pool, &r->reviewed, &r->reviewed_count,
	    sizeof(*link));
	link->about = (uint64_t)tree_number(record->tree, "landing");
	link->seq = record->seq;
	link->time = record->time;
}

static struct report_gate *
gate_of(struct report *r, const char *key, const char *repository,
    const char *gate)
{
	struct report_gate *one = map_get(&r->gates, key);

	if (one != NULL)
		return one;
	one = pool_alloc(&r->pool, sizeof(*one));
	one->repository = pool_text(&r->pool, repository);
	one->gate = pool_text(&r->pool, gate);
	map_put(&r->gates, pool_text(&r->pool, key), one);
	*(struct report_gate **)pool_grow(&r->pool, &r->gate_list,
	    &r->gate_count, sizeof(*r->gate_list)) = one;
	return one;
}

static void
see_gate(struct scan *s, const struct record *record)
{
	const char *repository = tree_text(record->tree, "repository");
	const char *gate = tree_text(record->tree, "gate");
	struct report_gate *at;

	if (repository == NULL || gate == NULL)
		return;
	at = gate_of(s->r, pool_printf(&s->pool, "%s %s", repository, gate),
	    repository, gate);
	if (text_same(record->type, "landing"))
		at->newest = record->seq;
}

static bool
is_newest_of_its_gate(const struct report *r, uint64_t seq,
    const struct tree *record)
{
	const char *repository = tree_text(record, "repository");
	const char *gate = tree_text(record, "gate");
	const struct report_gate *found;
	struct buf key = {0};

	if (repository == NULL || gate == NULL)
		return false;
	buf_printf(&key, "%s %s", repository, gate);
	found = map_get(&r->gates, buf_text(&key));
	buf_free(&key);
	return found != NULL && found->newest == seq;
}

bool
report_is_row(const struct report *r, uint64_t seq, int64_t time,
    const struct tree *record)
{
	if (tree_get(record, "check") != NULL ||
	    !report_in_scope(r, tree_text(record, "repository"),
	        tree_text(record, "gate")))
		return false;
	return r->asked.as_of != 0 ? is_newest_of_its_gate(r, seq, record)
	                           : report_in_period(r, time);
}

/* The oldest decision that a row needs. */
static void
see_landing(struct report *r, const struct record *record)
{
	uint64_t decision = (uint64_t)tree_number(record->tree, "decision");

	if (!report_in_period(r, record->time) || r->asked.as_of != 0 ||
	    !report_is_row(r, record->seq, record->time, record->tree))
		return;
	if (decision != 0 && decision < record->seq && decision >= r->begin &&
	    (r->oldest_decision == 0 || decision < r->oldest_decision))
		r->oldest_decision = decision;
}

/* A digest says nothing of what came after its last record. */
static void
see_signoff(struct report *r, const struct record *record)
{
	struct report_signoff one = {
	    .access = text_same(tree_text(record->tree, "of"), "access"),
	    .seq = record->seq,
	    .time = record->time,
	    .from = tree_instant(record->tree, "from"),
	    .to = tree_instant(record->tree, "to")};

	if (one.to > one.time)
		one.to = one.time;
	if (one.from == 0 || one.from >= one.to)
		return;
	*(struct report_signoff *)pool_grow(&r->pool, &r->signoffs,
	    &r->signoff_count, sizeof(one)) = one;
}

static bool
is_type(const struct record *record, const char *type)
{
	return text_same(record->type, type);
}

static void
see_parsed(struct scan *s, const struct record *record,
    const struct chain_mark *mark)
{
	struct report *r = s->r;
	uint64_t carried = 0;

	if (is_type(record, "policy"))
		report_see_text(r, record, mark, &r->policies,
		    &r->policy_count);
	if (is_type(record, "people"))
		report_see_text(r, record, mark, &r->people, &r->people_count);
	if (is_type(record, "opened") && r->origin == NULL)
		r->origin = report_keep(r, tree_text(record->tree, "origin"));
	if (record_is_carried(record->line, record->len, &carried))
		return;
	if (is_type(record, "observation"))
		see_observation(s, record, mark);
	if (is_type(record, "signoff"))
		see_signoff(r, record);
	if (is_type(record, "drift"))
		settle_drift(r, record);
	if (is_type(record, "explained") || is_type(record, "landing") ||
	    is_type(record, "adopted"))
		settle_by(r, record);
	if (is_type(record, "landing") || is_type(record, "adopted"))
		see_gate(s, record);
	if (is_type(record, "landing"))
		see_landing(r, record);
}

/* Most records are of no interest here, and are not parsed. */
static bool
is_wanted(const char *body)
{
	static const char *const starts[] = {"\"type\":\"policy\"",
	    "\"type\":\"people\"", "\"type\":\"opened\"",
	    "\"type\":\"explained\"", "\"type\":\"drift\"",
	    "\"type\":\"landing\"", "\"type\":\"signoff\"",
	    "\"type\":\"adopted\"",
	    "\"type\":\"observation\",\"kind\":\"review\"",
	    "\"type\":\"observation\",\"kind\":\"deployment\""};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(body, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static bool
is_key(const char *body)
{
	return text_starts(body, "\"type\":\"opened\"") ||
	    text_starts(body, "\"type\":\"key\"");
}

static int
see_body(struct scan *s, const struct chain_mark *mark,
    const struct chain_head *head, const char *line, size_t len,
    struct err *err)
{
	struct report *r = s->r;
	struct record record = {.seq = mark->seq,
	    .time = head->time,
	    .line = pool_textn(&s->pool, line, len),
	    .len = len};

	if (tree_parse_json(&record.tree, &s->pool, record.line, len, "ledger",
	        err) < 0)
		return report_bear(r, mark->seq, err);
	record.type = tree_text(record.tree, "type");
	see_parsed(s, &record, mark);
	return 0;
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct scan *s = ctx;
	struct report *r = s->r;
	const struct chain_head head = *s->lines.head;
	int ret = 0;

	if (walking_at(mark->seq, "records counted"))
		return report_interrupted(err);
	if ((r->asked.until != 0 && mark->seq > r->asked.until) ||
	    (r->asked.as_of != 0 && head.time >= r->asked.to))
		return 1;
	if (r->until == 0)
		r->begun = head.time;
	r->until = mark->seq;
	r->at = head.time;
	r->recent[mark->seq % REPORT_RECENT] = *mark;
	if (is_key(line + head.body))
		key_chain_see(&r->keys, mark->seq, line, len);
	if (report_in_period(r, head.time)) {
		r->first = r->first == 0 ? mark->seq : r->first;
		r->last = mark->seq;
	} else if (head.time < r->asked.from && r->first == 0) {
		r->range.first = mark->seq + 1;
	}
	if (is_wanted(line + head.body)) {
		ret = see_body(s, mark, &head, line, len, err);
		pool_free(&s->pool);
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

static int
by_key(const void *a, const void *b)
{
	const struct report_deployed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Of a day: the newest change of each gate, and what it rests on. */
static int
reach_back(struct report *r, struct err *err)
{
	for (size_t i = 0; i < r->gate_count; i++) {
		struct pool pool = {0};
		struct record landing;
		uint64_t seq = r->gate_list[i]->newest, decision;

		if (seq == 0)
			continue;
		if (report_read(r, &pool, seq, &landing, err) < 0) {
			pool_free(&pool);
			return -1;
		}
		if (landing.seq != 0 &&
		    report_is_row(r, seq, landing.time, landing.tree)) {
			decision =
			    (uint64_t)tree_number(landing.tree, "decision");
			r->first =
			    r->first == 0 || seq < r->first ? seq : r->first;
			r->last = seq > r->last ? seq : r->last;
			if (decision >= r->begin && decision < r->first)
				r->first = decision;
		}
		pool_free(&pool);
	}
	return 0;
}

static void
settle_range(struct report *r)
{
	struct report_range *g = &r->range;

	uint64_t begin = r->start.seq < r->begin ? r->begin : r->start.seq + 1;

	if (g->first == 0)
		g->first = begin;
	if (r->oldest_decision != 0 && r->oldest_decision < r->first)
		r->first =
		    r->oldest_decision > begin ? r->oldest_decision : begin;
	/* One more on each side shows that nothing was left out. */
	if (r->first != 0)
		g->first = r->first > begin ? r->first - 1 : begin;
	else if (g->first > begin)
		g->first--;
	g->last = r->last != 0 ? r->last : g->first;
	if (g->last < r->until)
		g->last++;
	if (g->last > r->until)
		g->last = r->until;
}

int
report_scan(struct report *r, struct err *err)
{
	struct scan s = {.r = r};
	int ret;

	s.lines = (struct ledger_scan){.pick = every, .see = see, .ctx = &s};

	r->recent = calloc(REPORT_RECENT, sizeof(*r->recent));
	r->parsed = report_policies();
	if (r->recent == NULL)
		err_fatal("out of memory");
	r->gates.pool = &r->pool;
	r->keys.pool = &r->pool;
	if (ledger_pruned(r->ledger, &r->pruned, err) < 0)
		return -1;
	r->begin = r->pruned.last + 1;
	r->keys.gone = r->pruned.last;
	if (report_seed(r, err) < 0)
		return -1;
	ledger_bear(r->ledger, &r->flaw);
	ret = report_lines(r, &s.lines, err);
	pool_free(&s.pool);
	if (r->flaw.kind != ERR_NONE)
		r->altered = pool_text(&r->pool, r->flaw.text);
	if (ret < 0 && err->kind == ERR_TAMPERED) {
		r->altered = pool_text(&r->pool, err->text);
		*err = (struct err){0};
		ret = 0;
	}
	if (ret == 0 && r->deployed_count > 0)
		qsort(r->deployed, r->deployed_count, sizeof(*r->deployed),
		    by_key);
	if (ret == 0 && r->asked.as_of != 0)
		ret = reach_back(r, err);
	settle_range(r);
	return ret;
}
