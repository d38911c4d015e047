/* The end of a ledger after a crash, and what was done to it by others. */
#include "test_ledger.h"

/* The first `len` bytes are byte for byte those of `bytes`. */
static void
nothing_before_is_lost(const struct buf *bytes, size_t len)
{
	struct buf now = slurp(in_dir(SEGMENT));

	assert_true(now.len >= len);
	assert_memory_equal(now.data, bytes->data, len);
	buf_free(&now);
}

static void
a_line_cut_at_any_byte_is_sealed_by_a_recovered_record(void **state)
{
	struct ledger_end end;
	struct buf bytes;
	struct seen s;
	uint64_t third;

	(void)state;
	append_many(1, 3);
	walked(&s);
	third = s.mark[2].offset;
	bytes = slurp(in_dir(SEGMENT));
	for (uint64_t cut = third + 1; cut < bytes.len; cut++) {
		spill(in_dir(SEGMENT), bytes.data, cut);
		forget_claims();
		end = walked(&s);
		assert_int_equal(s.count, 2);
		assert_int_equal(end.torn_at, third);
		assert_int_equal(end.torn, cut - third);
		append_many(4, 4);
		end = walked(&s);
		assert_int_equal(s.count, 4);
		assert_int_equal(s.recovered, 1);
		assert_int_equal(end.torn, 0);
		assert_non_null(strstr(s.last, "\"n\":4}"));
		nothing_before_is_lost(&bytes, third);
	}
	buf_free(&bytes);
}

static void
a_cut_at_the_end_of_a_line_leaves_nothing_torn(void **state)
{
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 3);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	spill(in_dir(SEGMENT), bytes.data, s.mark[2].offset);
	forget_claims();
	append_many(4, 4);
	walked(&s);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.recovered, 0);
	buf_free(&bytes);
}

static void
what_was_torn_is_told_by_size_digest_and_bytes(void **state)
{
	struct buf bytes, now;

	(void)state;
	append_many(1, 1);
	bytes = slurp(in_dir(SEGMENT));
	buf_put(&bytes, "{\"v\":1,");
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	append_many(2, 2);
	now = slurp(in_dir(SEGMENT));
	/* printf '{"v":1,' | sha256sum; | base64 */
	assert_non_null(strstr(now.data,
	    "\"type\":\"recovered\",\"torn\":{\"bytes\":7,\"sha256\":\""
	    "6f8c7dd52f59d88706375cda63bb725f722689cc227ce0b55abf69366b5f40ed\",\"kept\":\"eyJ2IjoxLA==\"}}\n"));
	buf_free(&bytes);
	buf_free(&now);
}

static void
a_long_torn_tail_is_kept_in_part(void **state)
{
	enum {
		TORN = 100000
	};
	char *junk = malloc(TORN);
	struct buf bytes, now;
	struct seen s;

	(void)state;
	memset(junk, 'j', TORN);
	append_many(1, 1);
	bytes = slurp(in_dir(SEGMENT));
	buf_add(&bytes, junk, TORN);
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	append_many(2, 2);
	walked(&s);
	assert_int_equal(s.count, 3);
	now = slurp(in_dir(SEGMENT));
	assert_true(now.len < 24000);
	assert_non_null(strstr(now.data, "{\"bytes\":100000,"));
	buf_free(&bytes);
	buf_free(&now);
	free(junk);
}

static void
nuls_behind_the_last_line_are_a_torn_tail(void **state)
{
	static const char nuls[4096];
	struct ledger_end end;
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 2);
	bytes = slurp(in_dir(SEGMENT));
	buf_add(&bytes, nuls, sizeof(nuls));
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	end = walked(&s);
	assert_int_equal(s.count, 2);
	assert_int_equal(end.torn, sizeof(nuls));
	append_many(3, 3);
	walked(&s);
	assert_int_equal(s.count, 4);
	assert_int_equal(s.recovered, 1);
	nothing_before_is_lost(&bytes, bytes.len - sizeof(nuls));
	buf_free(&bytes);
}

/* The end of a line reached the disk, its beginning did not. */
static void
nuls_inside_the_last_line_are_a_torn_tail(void **state)
{
	struct ledger_end end;
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 3);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	memset(bytes.data + s.mark[2].offset, '\0', 20);
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	end = walked(&s);
	assert_int_equal(s.count, 2);
	assert_int_equal(end.torn_at, s.mark[1].offset + s.mark[1].length + 1);
	assert_int_equal(end.torn, bytes.len - end.torn_at);
	append_many(4, 4);
	walked(&s);
	assert_int_equal(s.count, 4);
	assert_int_equal(s.recovered, 1);
	buf_free(&bytes);
}

static void
nuls_in_an_earlier_line_are_an_alteration(void **state)
{
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 3);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	bytes.data[s.mark[1].offset + 30] = '\0';
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	walk_fails_with("altered: line 2 of");
	buf_free(&bytes);
}

/* Also where the reader has not yet seen what follows. */
static void
nuls_before_the_end_of_a_block_are_an_alteration(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	char *text = malloc(1 << 20);
	struct ledger_body body = {text, 0};
	struct err err = {0};
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 1);
	walked(&s);
	body.len = (1 << 20) - (s.mark[0].length + 1);
	/* Of the line, all but this is head and newline. */
	body.len -= s.mark[0].length + 1 - strlen(strstr(s.last, "\"type\""));
	memset(text, 'x', body.len);
	memcpy(text, "\"type\":\"a\",\"", 12);
	memcpy(text + body.len - 4, "\":1}", 4);
	assert_int_equal(ledger_append(l, &body, 1, NOON, NULL, &err), 0);
	append_many(3, 3);
	walked(&s);
	assert_int_equal(s.mark[2].offset, 1 << 20);
	bytes = slurp(in_dir(SEGMENT));
	bytes.data[s.mark[1].offset + 300] = '\0';
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	walk_fails_with("altered: line 2 of");
	buf_free(&bytes);
	free(text);
	ledger_close(l);
}

static void
a_line_over_the_limit_is_no_line(void **state)
{
	struct buf bytes = {0};

	(void)state;
	for (unsigned i = 0; i < LEDGER_LINE_MAX + 1; i++)
		buf_char(&bytes, 'x');
	buf_char(&bytes, '\n');
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	walk_fails_with("line 1 of");
	walk_fails_with("is longer than 4194304 bytes");
	for (unsigned i = 0; i < 2 * LEDGER_LINE_MAX; i++)
		buf_char(&bytes, 'x');
	spill(in_dir(SEGMENT), bytes.data + LEDGER_LINE_MAX + 2,
	    2 * LEDGER_LINE_MAX);
	walk_fails_with("is longer than 4194304 bytes");
	buf_free(&bytes);
}

static void
append_fails_as_tampered(void)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct buf before = slurp(in_dir(SEGMENT)), after;
	struct err err = {0};

	assert_int_equal(append_one(l, 9, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	after = slurp(in_dir(SEGMENT));
	assert_int_equal(after.len, before.len);
	assert_memory_equal(after.data, before.data, before.len);
	buf_free(&before);
	buf_free(&after);
	ledger_close(l);
}

static void
nothing_is_appended_to_a_last_line_that_does_not_fit(void **state)
{
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 3);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	/* The head is not one. */
	bytes.data[s.mark[2].offset + 1] = ' ';
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	append_fails_as_tampered();
	bytes.data[s.mark[2].offset + 1] = '"';
	/* The line before is another. */
	bytes.data[s.mark[1].offset + s.mark[1].length - 2] ^= 1;
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	append_fails_as_tampered();
	bytes.data[s.mark[1].offset + s.mark[1].length - 2] ^= 1;
	/* The line before is missing. */
	memmove(bytes.data + s.mark[1].offset, bytes.data + s.mark[2].offset,
	    bytes.len - s.mark[2].offset);
	spill(in_dir(SEGMENT), bytes.data,
	    bytes.len - (s.mark[2].offset - s.mark[1].offset));
	append_fails_as_tampered();
	/* So is what is before the first. */
	spill(in_dir(SEGMENT), bytes.data + s.mark[1].offset,
	    s.mark[2].length + 1);
	append_fails_as_tampered();
	/* A line without an end that no writer of ours could have begun. */
	buf_clear(&bytes);
	for (int i = 0; i < 14 << 20; i++)
		buf_char(&bytes, 'x');
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	append_fails_as_tampered();
	buf_free(&bytes);
}

/* Lines as they are put back: indices of the ten that were there. */
static void
put_lines(const struct buf *bytes, const struct seen *s, const int *order,
    size_t count)
{
	struct buf out = {0};

	for (size_t i = 0; i < count; i++)
		buf_add(&out, bytes->data + s->mark[order[i] - 1].offset,
		    s->mark[order[i] - 1].length + 1);
	spill(in_dir(SEGMENT), out.data, out.len);
	buf_free(&out);
}

static void
lines_dropped_swapped_or_inserted_are_named(void **state)
{
	static const struct {
		int order[6];
		size_t count;
		const char *words[2];
	} cases[] = {
	    {{1, 2, 4, 5}, 4,
	        {"dropped or inserted: line 3 of", "has seq 4, expected 3"}},
	    {{2, 3, 4, 5}, 4,
	        {"dropped or inserted: line 1 of", "has seq 2, expected 1"}},
	    {{1, 3, 2, 4, 5}, 5,
	        {"dropped or inserted: line 2 of", "has seq 3, expected 2"}},
	    {{1, 2, 3, 3, 4, 5}, 6,
	        {"dropped or inserted: line 4 of", "has seq 3, expected 4"}},
	};
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 5);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put_lines(&bytes, &s, cases[i].order, cases[i].count);
		walk_fails_with(cases[i].words[0]);
		walk_fails_with(cases[i].words[1]);
	}
	buf_free(&bytes);
}

/*
 * Each byte but the newest line's, which only a checkpoint vouches for. Without
 * its newline a line runs into the next, which is then the one that is missing;
 * with the newest that shows no more than a cut does.
 */
static void
each_altered_byte_is_found_and_its_line_named(void **state)
{
	char words[64], both[64];
	struct ledger *l;
	struct buf bytes;
	struct seen s;
	size_t at = 0;

	(void)state;
	append_many(1, 4);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	for (int line = 1; line <= 3; line++) {
		snprintf(words, sizeof(words), "line %d of", line);
		snprintf(both, sizeof(both), "that line %d names", line);
		for (; at + 1 < s.mark[line].offset + (line < 3); at += 2) {
			struct err err = {0};

			bool newline = bytes.data[at] == '\n';

			bytes.data[at] ^= 1;
			spill(in_dir(SEGMENT), bytes.data, bytes.len);
			bytes.data[at] ^= 1;
			l = opened(LEDGER_READ);
			assert_int_equal(ledger_walk(l, NULL, NULL, NULL, NULL,
			                     &err),
			    -1);
			ledger_close(l);
			assert_int_equal(err.kind, ERR_TAMPERED);
			if (!newline && !strstr(err.text, words) &&
			    !strstr(err.text, both))
				fail_msg("byte %zu: %s", at, err.text);
		}
	}
	buf_free(&bytes);
}

static void
a_cut_file_is_noticed_by_whoever_read_further(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct err err = {0};
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 3);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	spill(in_dir(SEGMENT), bytes.data, s.mark[1].offset);
	assert_int_equal(ledger_walk(l, &s.mark[2], NULL, NULL, NULL, &err),
	    -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	assert_non_null(strstr(err.text, "cut: "));
	buf_free(&bytes);
	ledger_close(l);
}

static void
a_failed_append_leaves_the_ledger_as_it_was(void **state)
{
	static const int faults[] = {ENOSPC, EIO};
	struct ledger *l = opened(LEDGER_APPEND);
	struct buf before, after;
	struct seen s;

	(void)state;
	append_many(1, 2);
	before = slurp(in_dir(SEGMENT));
	for (int torn = 0; torn < 2; torn++) {
		if (torn) {
			char junk[700];

			memset(junk, 'j', sizeof(junk));
			buf_add(&before, junk, sizeof(junk));
			spill(in_dir(SEGMENT), before.data, before.len);
		}
		/* The write, then what is cut off, or the sync. */
		for (int nth = 1; nth <= 2; nth++) {
			struct err err = {0};

			fault_errno = faults[nth - 1];
			fault_countdown = nth;
			assert_int_equal(append_one(l, 3, &err), -1);
			assert_int_equal(fault_countdown, 0);
			assert_int_equal(err.kind, ERR_SYSTEM);
			assert_non_null(strstr(err.text, "cannot be appended"));
			after = slurp(in_dir(SEGMENT));
			assert_int_equal(after.len, before.len);
			assert_memory_equal(after.data, before.data,
			    before.len);
			buf_free(&after);
		}
	}
	ledger_close(l);
	append_many(3, 3);
	walked(&s);
	assert_int_equal(s.count, 4);
	assert_int_equal(s.recovered, 1);
	buf_free(&before);
}

static void
what_could_not_be_undone_is_said_and_not_built_on(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err = {0};
	struct seen s;

	(void)state;
	append_many(1, 2);
	fault_errno = EIO;
	fault_countdown = 1;
	fault_run = 3;
	assert_int_equal(append_one(l, 3, &err), -1);
	assert_non_null(strstr(err.text, "could not be undone"));
	fault_countdown = 0;
	fault_run = 1;
	assert_int_equal(append_one(l, 3, &err), -1);
	assert_non_null(strstr(err.text, "nothing is appended behind it"));
	ledger_close(l);
	append_many(4, 4);
	walked(&s);
	assert_int_equal(s.count, 4);
	assert_int_equal(s.recovered, 1);
}

static void
a_writer_that_dies_anywhere_leaves_a_ledger_that_goes_on(void **state)
{
	int status;
	struct err err;
	struct seen s;

	(void)state;
	append_many(1, 2);
	for (int nth = 1; nth <= 4; nth++) {
		uint64_t before;
		pid_t pid;

		walked(&s);
		before = s.count;
		pid = fork();
		if (pid == 0) {
			struct ledger *l = opened(LEDGER_APPEND);

			fault_kills = true;
			fault_countdown = nth;
			_exit(append_one(l, 50, &err) < 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		append_many(60, 60);
		walked(&s);
		assert_true(s.count > before);
		assert_non_null(strstr(s.last, "\"n\":60}"));
	}
}

static void
a_second_segment(const char *name, const struct buf *bytes,
    const struct seen *s, int from, int to)
{
	spill(in_dir(name), bytes->data + s->mark[from - 1].offset,
	    s->mark[to - 1].offset + s->mark[to - 1].length + 1 -
	        s->mark[from - 1].offset);
}

static void
segments_are_read_in_order_and_have_to_join(void **state)
{
	const char *second = "00000000000000000003.jsonl";
	struct ledger_end end;
	struct buf bytes;
	struct seen s, t;

	(void)state;
	append_many(1, 6);
	walked(&s);
	bytes = slurp(in_dir(SEGMENT));
	spill(in_dir(SEGMENT), bytes.data, s.mark[2].offset);
	a_second_segment(second, &bytes, &s, 3, 6);
	end = walked(&t);
	assert_int_equal(t.count, 6);
	assert_int_equal(t.mark[5].segment, 3);
	assert_int_equal(end.segment, 3);
	append_many(7, 7);
	walked(&t);
	assert_int_equal(t.count, 7);
	assert_int_equal(t.mark[6].segment, 3);

	/* The link between the two. */
	bytes.data[s.mark[1].offset + s.mark[1].length - 2] ^= 1;
	spill(in_dir(SEGMENT), bytes.data, s.mark[2].offset);
	walk_fails_with("line 1 of");
	bytes.data[s.mark[1].offset + s.mark[1].length - 2] ^= 1;
	/* The first one is torn, short, or gone. */
	spill(in_dir(SEGMENT), bytes.data, s.mark[2].offset - 1);
	walk_fails_with("a piece of a line");
	spill(in_dir(SEGMENT), bytes.data, s.mark[1].offset);
	walk_fails_with("ends with seq 1, and the next segment begins with 3");
	assert_int_equal(unlink(in_dir(SEGMENT)), 0);
	walk_fails_with("older segments are missing");
	buf_free(&bytes);
}

static void
the_first_line_of_a_segment_follows_the_one_before(void **state)
{
	const char *second = "00000000000000000004.jsonl";
	struct ledger *l;
	struct err err = {0};
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 3);
	spill(in_dir(second), "", 0);
	append_many(4, 4);
	append_many(5, 5);
	walked(&s);
	assert_int_equal(s.count, 5);
	assert_int_equal(s.mark[3].segment, 4);
	assert_int_equal(s.mark[3].offset, 0);

	bytes = slurp(in_dir(SEGMENT));
	spill(in_dir(second), "", 0);
	buf_put(&bytes, "junk");
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	append_fails_as_tampered();
	spill(in_dir(SEGMENT), bytes.data, s.mark[2].offset);
	l = opened(LEDGER_APPEND);
	assert_int_equal(append_one(l, 6, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	assert_non_null(strstr(err.text, "does not end with line 3"));
	assert_int_equal(unlink(in_dir(SEGMENT)), 0);
	assert_int_equal(append_one(l, 6, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	ledger_close(l);
	buf_free(&bytes);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_ledger, no_ledger)
	const struct CMUnitTest tests[] = {
	    test(a_line_cut_at_any_byte_is_sealed_by_a_recovered_record),
	    test(a_cut_at_the_end_of_a_line_leaves_nothing_torn),
	    test(what_was_torn_is_told_by_size_digest_and_bytes),
	    test(a_long_torn_tail_is_kept_in_part),
	    test(nuls_behind_the_last_line_are_a_torn_tail),
	    test(nuls_inside_the_last_line_are_a_torn_tail),
	    test(nuls_in_an_earlier_line_are_an_alteration),
	    test(nuls_before_the_end_of_a_block_are_an_alteration),
	    test(a_line_over_the_limit_is_no_line),
	    test(nothing_is_appended_to_a_last_line_that_does_not_fit),
	    test(lines_dropped_swapped_or_inserted_are_named),
	    test(each_altered_byte_is_found_and_its_line_named),
	    test(a_cut_file_is_noticed_by_whoever_read_further),
	    test(a_failed_append_leaves_the_ledger_as_it_was),
	    test(what_could_not_be_undone_is_said_and_not_built_on),
	    test(a_writer_that_dies_anywhere_leaves_a_ledger_that_goes_on),
	    test(segments_are_read_in_order_and_have_to_join),
	    test(the_first_line_of_a_segment_follows_the_one_before),
	};

	return cmocka_run_group_tests_name("ledger_tail", tests, NULL, NULL);
}
