/*
 * The scan finds what the walk finds, in the same words, wherever the units are
 * cut: sound ledgers and damaged ones, every byte of them.
 */
#include "test_ledger.h"

#include "edge/ledger_scan.h"

#define RECORDS 40
#define STOPS_MAX 64

/* What either way has to tell. */
struct told {
	int ret;
	struct err err;
	struct ledger_end end;
	size_t seen;
	struct chain_mark picks[RECORDS * 2];
	size_t went_back;
	uint64_t back_at;
	unsigned char roots[STOPS_MAX][DIGEST_SIZE];
	size_t root_count;
	/* For the tree. */
	struct merkle tree;
	const uint64_t *stops;
	size_t stop_count;
	int64_t last_time;
};

static bool
third(const struct chain_head *head, const char *line, size_t len,
    const void *ctx)
{
	(void)ctx;
	assert_int_equal(line[len - 1], '}');
	return head->seq % 3 == 0;
}

static void
keep_root(void *ctx)
{
	struct told *t = ctx;

	assert_true(t->root_count < STOPS_MAX);
	merkle_root(t->roots[t->root_count++], &t->tree);
}

static int
keep_pick(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct told *t = ctx;
	unsigned char digest[DIGEST_SIZE];

	(void)err;
	digest_sha256(digest, line, len);
	assert_memory_equal(digest, mark->digest, DIGEST_SIZE);
	t->picks[t->seen++] = *mark;
	return 0;
}

static int
walk_one(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct told *t = ctx;
	unsigned char leaf[DIGEST_SIZE];
	struct chain_head head;

	assert_true(chain_read(&head, line, len));
	if (mark->seq > 1 && head.time < t->last_time && t->went_back++ == 0)
		t->back_at = mark->seq;
	t->last_time = head.time;
	merkle_leaf(leaf, line, len);
	merkle_add(&t->tree, leaf);
	for (size_t i = 0; i < t->stop_count; i++)
		if (t->stops[i] == t->tree.count)
			keep_root(t);
	return third(&head, line, len, NULL)
	    ? keep_pick(mark, line, len, t, err)
	    : 0;
}

static void
walk(struct told *t, const uint64_t *stops, size_t count)
{
	struct ledger *l = opened(LEDGER_READ);

	memset(t, 0, sizeof(*t));
	t->stops = stops;
	t->stop_count = count;
	for (size_t i = 0; i < count; i++)
		if (stops[i] == 0)
			keep_root(t);
	t->ret = ledger_walk(l, NULL, walk_one, t, &t->end, &t->err);
	ledger_close(l);
}

static void
scan(struct told *t, const uint64_t *stops, size_t count, size_t unit)
{
	struct ledger *l = opened(LEDGER_READ);
	struct ledger_scan s = {.pick = third,
	    .see = keep_pick,
	    .stops = stops,
	    .stop_count = count,
	    .at = keep_root,
	    .ctx = t,
	    .tree = &t->tree,
	    .unit = unit};

	memset(t, 0, sizeof(*t));
	t->ret = ledger_scan(l, &s, &t->end, &t->err);
	t->went_back = s.went_back;
	t->back_at = s.back_at;
	ledger_close(l);
}

static void
compare(const uint64_t *stops, size_t count, size_t unit)
{
	struct told a, b;

	walk(&a, stops, count);
	scan(&b, stops, count, unit);
	if (a.ret != b.ret ||
	    (a.ret < 0 && strcmp(a.err.text, b.err.text) != 0))
		fail_msg("unit %zu: %d %s, walk: %d %s", unit, b.ret,
		    b.ret < 0 ? b.err.text : "", a.ret,
		    a.ret < 0 ? a.err.text : "");
	assert_int_equal(a.seen, b.seen);
	assert_memory_equal(a.picks, b.picks, a.seen * sizeof(a.picks[0]));
	assert_int_equal(a.root_count, b.root_count);
	assert_memory_equal(a.roots, b.roots, a.root_count * DIGEST_SIZE);
	assert_int_equal(a.went_back, b.went_back);
	assert_int_equal(a.back_at, b.back_at);
	if (a.ret < 0)
		return;
	assert_memory_equal(&a.end.last, &b.end.last, sizeof(a.end.last));
	assert_int_equal(a.end.torn, b.end.torn);
	assert_int_equal(a.end.torn_at, b.end.torn_at);
}

static const size_t units[] = {1, 2, 50, 150, 151, 152, 700, 5000, 0};
static const uint64_t stops[] = {0, 1, 2, 3, 7, 8, 8, 13, 24, 31, 33, 39};
#define STOPS (sizeof(stops) / sizeof(stops[0]))

static void
compare_all(void)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		compare(stops, STOPS, units[i]);
}

/* Records of many lengths, the clock of some of them going back. */
static void
fill(void)
{
	struct ledger *l = opened(LEDGER_APPEND);
	char text[2048], filler[1800];
	struct ledger_body body = {.text = text};
	struct err err;

	memset(filler, 'x', sizeof(filler) - 1);
	filler[sizeof(filler) - 1] = '\0';
	for (int i = 0; i < RECORDS; i++) {
		int n = snprintf(text, sizeof(text),
		    "\"type\":\"test\",\"n\":%d,\"x\":\"%.*s\"}", i,
		    i * i % (i % 7 == 0 ? 1700 : 60), filler);

		body.len = (size_t)n;
		assert_int_equal(ledger_append(l, &body, 1,
		                     NOON + (int64_t)i * 1000 -
		                         (i % 11 == 5 ? 5000 : 0),
		                     NULL, &err),
		    0);
	}
	ledger_close(l);
}

/* The lines behind `line` go to a segment of their own. */
static void
split(uint64_t line)
{
	struct told t;
	struct buf bytes = slurp(in_dir(SEGMENT));
	char name[64];
	uint64_t at;

	walk(&t, NULL, 0);
	assert_int_equal(t.ret, 0);
	assert_int_equal(line % 3, 0);
	at = t.picks[line / 3 - 1].offset;
	snprintf(name, sizeof(name), "%020llu.jsonl", (unsigned long long)line);
	spill(in_dir(name), bytes.data + at, bytes.len - at);
	spill(in_dir(SEGMENT), bytes.data, at);
	buf_free(&bytes);
}

static void
a_sound_ledger_is_told_alike(void **state)
{
	(void)state;
	compare_all();
	fill();
	compare_all();
	compare(NULL, 0, 100);
	split(30);
	split(21);
	split(3);
	compare_all();
}

static void
the_tree_ends_with_the_last_stop(void **state)
{
	const uint64_t early[] = {5};
	struct told t;

	(void)state;
	fill();
	scan(&t, early, 1, 100);
	assert_int_equal(t.ret, 0);
	assert_int_equal(t.tree.count, 5);
	assert_int_equal(t.end.last.seq, RECORDS);
}

static void
every_cut_is_told_alike(void **state)
{
	struct buf bytes;

	(void)state;
	fill();
	bytes = slurp(in_dir(SEGMENT));
	for (size_t len = 0; len < bytes.len; len += 37) {
		spill(in_dir(SEGMENT), bytes.data, len);
		compare(stops, STOPS, 100);
		compare(stops, STOPS, 700);
	}
	buf_free(&bytes);
}

static void
every_changed_byte_is_told_alike(void **state)
{
	struct buf bytes;

	(void)state;
	fill();
	bytes = slurp(in_dir(SEGMENT));
	for (size_t at = 0; at < bytes.len; at += 41) {
		char was = bytes.data[at];

		bytes.data[at] = (char)(at % 3 == 0 ? '\n' : was ^ 1);
		spill(in_dir(SEGMENT), bytes.data, bytes.len);
		compare(stops, STOPS, at % 2 == 0 ? 60 : 800);
		bytes.data[at] = was;
	}
	buf_free(&bytes);
}

static void
lines_that_moved_are_told_alike(void **state)
{
	struct buf bytes, other = {0};
	struct told t;
	size_t a, b, c;

	(void)state;
	fill();
	bytes = slurp(in_dir(SEGMENT));
	walk(&t, NULL, 0);
	for (size_t i = 0; i + 2 < t.seen; i++) {
		a = t.picks[i].offset;
		b = t.picks[i + 1].offset;
		c = t.picks[i + 2].offset;
		buf_clear(&other); /* swapped */
		buf_add(&other, bytes.data, a);
		buf_add(&other, bytes.data + b, c - b);
		buf_add(&other, bytes.data + a, b - a);
		buf_add(&other, bytes.data + c, bytes.len - c);
		spill(in_dir(SEGMENT), other.data, other.len);
		compare_all();
		buf_clear(&other); /* dropped */
		buf_add(&other, bytes.data, a);
		buf_add(&other, bytes.data + b, bytes.len - b);
		spill(in_dir(SEGMENT), other.data, other.len);
		compare_all();
	}
	buf_free(&bytes);
	buf_free(&other);
}

/* Behind a sound beginning, a whole ledger of somebody else's. */
static void
another_history_is_told_alike(void **state)
{
	struct buf bytes;
	struct told t;

	(void)state;
	fill();
	bytes = slurp(in_dir(SEGMENT));
	walk(&t, NULL, 0);
	for (size_t i = 2; i < t.seen; i++) {
		struct buf all = {0};

		buf_add(&all, bytes.data, bytes.len);
		buf_add(&all, bytes.data, t.picks[i].offset);
		spill(in_dir(SEGMENT), all.data, all.len);
		compare_all();
		buf_free(&all);
	}
	buf_free(&bytes);
}

static bool
stop_at_once(void *ctx, uint64_t seq)
{
	*(uint64_t *)ctx = seq;
	return true;
}

static void
a_pause_ends_it(void **state)
{
	uint64_t seen = 0;
	struct merkle tree = {0};
	struct ledger_scan s = {.pause = stop_at_once,
	    .ctx = &seen,
	    .tree = &tree,
	    .unit = 300};
	struct ledger_end end;
	struct ledger *l;
	struct err err;

	(void)state;
	fill();
	l = opened(LEDGER_READ);
	assert_int_equal(ledger_scan(l, &s, &end, &err), 0);
	assert_true(s.paused);
	assert_true(seen > 0 && seen < RECORDS);
	assert_int_equal(end.last.seq, seen);
	ledger_close(l);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_ledger, no_ledger)
	const struct CMUnitTest tests[] = {
	    test(a_sound_ledger_is_told_alike),
	    test(the_tree_ends_with_the_last_stop),
	    test(every_cut_is_told_alike),
	    test(every_changed_byte_is_told_alike),
	    test(lines_that_moved_are_told_alike),
	    test(another_history_is_told_alike),
	    test(a_pause_ends_it),
	};

	return cmocka_run_group_tests_name("ledger_scan", tests, NULL, NULL);
}
