/* Segments: when one begins, and what is done to them by others. */
#include "test_ledger.h"

#define SECOND "00000000000000000004.jsonl"
#define DAY ((int64_t)86400000)

/* The names of all segments that have their own, in order, in one text. */
static const char *
segments(void)
{
	static char names[512];
	struct dirent **list;
	int count = scandir(dir, &list, NULL, alphasort);

	names[0] = '\0';
	assert_true(count >= 0);
	for (int i = 0; i < count; i++) {
		unsigned n;

		if (strlen(list[i]->d_name) == 26 &&
		    sscanf(list[i]->d_name, "%20u.jsonl", &n) == 1)
			snprintf(names + strlen(names),
			    sizeof(names) - strlen(names), "%u ", n);
		free(list[i]);
	}
	free(list);
	return names;
}

static void
append_at(struct ledger *l, int n, int64_t now)
{
	char text[64];
	struct ledger_body body = {text, 0};
	struct err err = {0};

	body.len = (size_t)snprintf(text, sizeof(text),
	    "\"type\":\"observation\",\"n\":%d}", n);
	if (ledger_append(l, &body, 1, now, NULL, &err) < 0)
		fail_msg("%s", err.text);
}

static void
a_full_segment_is_followed_by_another(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct seen s;

	(void)state;
	ledger_segment_size(l, 450);
	for (int n = 1; n <= 10; n++)
		append_at(l, n, NOON);
	assert_string_equal(segments(), "1 4 7 10 ");
	walked(&s);
	assert_int_equal(s.count, 10);
	assert_int_equal(s.mark[3].segment, 4);
	assert_int_equal(s.mark[3].offset, 0);
	ledger_close(l);
}

/* NOON is the 25th of November 2026. */
static void
a_new_month_begins_a_new_segment(void **state)
{
	static const struct {
		int days;
		const char *segments;
	} cases[] = {
	    {0, "1 "},
	    {5, "1 "},
	    {6, "1 3 "},    /* December */
	    {5, "1 3 "},    /* the clock went back */
	    {7, "1 3 "},    /* and on again */
	    {-400, "1 3 "}, /* far back */
	    {30, "1 3 "},   /* 25 December */
	    {37, "1 3 8 "}, /* January */
	    {4000, "1 3 8 9 "},
	    {38, "1 3 8 9 "}, /* what the clock said was wrong */
	    {70, "1 3 8 9 "},
	};
	struct ledger *l = opened(LEDGER_APPEND);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		append_at(l, (int)i, NOON + cases[i].days * DAY);
		if (strcmp(segments(), cases[i].segments) != 0)
			fail_msg("case %zu: %s", i, segments());
		assert_int_equal(lines_there(), i + 1);
	}
	ledger_close(l);
}

static void
a_torn_tail_is_sealed_before_another_segment_begins(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct buf bytes;
	struct seen s;

	(void)state;
	append_many(1, 3);
	bytes = slurp(in_dir(SEGMENT));
	buf_put(&bytes, "{\"v\":1");
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	ledger_segment_size(l, 100);
	append_at(l, 4, NOON + 40 * DAY);
	assert_string_equal(segments(), "1 ");
	append_at(l, 5, NOON + 40 * DAY);
	assert_string_equal(segments(), "1 6 ");
	walked(&s);
	assert_int_equal(s.count, 6);
	assert_int_equal(s.recovered, 1);
	buf_free(&bytes);
	ledger_close(l);
}

/* Each call on the way fails once, or the writer dies there. */
static void
a_segment_that_could_not_be_begun_leaves_the_ledger_as_it_was(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err;
	uint64_t lines = 3;
	int status;
	pid_t pid;

	(void)state;
	append_many(1, 3);
	ledger_segment_size(l, 100);
	for (int nth = 1; nth <= 3; nth++) {
		fault_errno = ENOSPC;
		fault_countdown = nth;
		assert_int_equal(append_one(l, 4, &err), -1);
		assert_int_equal(fault_countdown, 0);
		assert_int_equal(lines_there(), 3);
		assert_string_equal(segments(), "1 ");
	}
	for (int nth = 1; nth <= 3; nth++) {
		pid = fork();
		if (pid == 0) {
			fault_kills = true;
			fault_countdown = nth;
			_exit(append_one(l, 5, &err) < 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WEXITSTATUS(status), 9);
		assert_true(lines_there() >= lines);
		append_at(l, 6, NOON);
		lines = lines_there();
	}
	ledger_close(l);
}

/* P05: by somebody who rotates logs, with whoever writes still at it. */
static void
behind_a_renamed_segment_another_one_begins(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct ledger *reader = opened(LEDGER_READ);
	struct ledger_end end;
	struct err err;
	struct seen s;
	bool holds;

	(void)state;
	append_at(l, 1, NOON);
	append_at(l, 2, NOON);
	append_at(l, 3, NOON);
	walked(&s);
	assert_int_equal(rename(in_dir(SEGMENT), in_dir(SEGMENT ".1")), 0);
	assert_int_equal(lines_there(), 3);
	append_at(l, 4, NOON);
	append_at(l, 5, NOON);
	assert_string_equal(segments(), "4 ");
	assert_int_equal(lines_there(), 5);
	/* Who knew the ledger before goes on. */
	assert_int_equal(ledger_holds(reader, &s.mark[2], &holds, &err), 0);
	assert_true(holds);
	assert_int_equal(ledger_walk(reader, &s.mark[1], NULL, NULL, &end,
	                     &err),
	    0);
	assert_int_equal(end.last.seq, 5);
	/* Put away for good, it is missed. */
	assert_int_equal(rename(in_dir(SEGMENT ".1"), in_dir("away")), 0);
	walk_fails_with("older segments are missing");
	assert_int_equal(append_one(l, 6, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	assert_non_null(strstr(err.text, "records 1 to 3 are missing"));
	/* And put back, nothing was lost. */
	assert_int_equal(rename(in_dir("away"), in_dir(SEGMENT)), 0);
	append_at(l, 6, NOON);
	assert_int_equal(lines_there(), 6);
	ledger_close(l);
	ledger_close(reader);
}

static void
an_empty_file_in_its_place_does_not_hide_a_renamed_one(void **state)
{
	(void)state;
	append_many(1, 3);
	assert_int_equal(rename(in_dir(SEGMENT), in_dir(SEGMENT "-old")), 0);
	spill(in_dir(SEGMENT), "", 0);
	assert_int_equal(lines_there(), 3);
	append_many(4, 4);
	assert_string_equal(segments(), "1 4 ");
	assert_int_equal(lines_there(), 4);
}

static void
a_copy_of_a_segment_is_nothing_to_the_ledger(void **state)
{
	struct buf bytes;

	(void)state;
	append_many(1, 3);
	bytes = slurp(in_dir(SEGMENT));
	spill(in_dir(SEGMENT ".bak"), bytes.data, bytes.len / 2);
	spill(in_dir("copy.jsonl"), "no line of a ledger\n", 20);
	append_many(4, 4);
	assert_string_equal(segments(), "1 ");
	assert_int_equal(lines_there(), 4);
	buf_free(&bytes);
}

/* P05: a copy was taken, and the file cut to nothing under who writes. */
static void
a_segment_cut_to_nothing_is_told_as_lost(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err;
	struct seen s;

	(void)state;
	append_at(l, 1, NOON);
	append_at(l, 2, NOON);
	append_at(l, 3, NOON);
	ledger_segment_size(l, 100);
	append_at(l, 4, NOON);
	ledger_segment_size(l, LEDGER_SEGMENT_BYTES);
	append_at(l, 5, NOON);
	append_at(l, 6, NOON);
	assert_string_equal(segments(), "1 4 ");
	assert_int_equal(truncate(in_dir(SECOND), 0), 0);
	append_at(l, 7, NOON);
	walked(&s);
	assert_int_equal(s.count, 5);
	assert_int_equal(s.recovered, 1);
	assert_non_null(strstr(s.last, "\"n\":7}"));

	/* The only one there is. */
	assert_int_equal(unlink(in_dir(SECOND)), 0);
	assert_int_equal(truncate(in_dir(SEGMENT), 0), 0);
	assert_int_equal(append_one(l, 8, &err), -1);
	assert_non_null(strstr(err.text, "was emptied"));
	ledger_close(l);
}

static void
without_its_oldest_segment_nothing_is_appended(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err;

	(void)state;
	append_many(1, 3);
	ledger_segment_size(l, 100);
	append_at(l, 4, NOON);
	append_at(l, 5, NOON);
	assert_int_equal(unlink(in_dir(SEGMENT)), 0);
	assert_int_equal(append_one(l, 6, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	assert_non_null(strstr(err.text, "records 1 to 3 are missing"));
	ledger_close(l);
}

/* Between a write and its sync: what was promised would not be there. */
static void
take_away(void)
{
	(void)rename(in_dir(SEGMENT), in_dir("gone"));
}

static void
who_wrote_to_a_file_that_is_taken_away_fails(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err;

	(void)state;
	append_many(1, 2);
	before_sync = take_away;
	assert_int_equal(append_one(l, 3, &err), -1);
	before_sync = NULL;
	assert_int_equal(err.kind, ERR_SYSTEM);
	ledger_close(l);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_ledger, no_ledger)
	const struct CMUnitTest tests[] = {
	    test(a_full_segment_is_followed_by_another),
	    test(a_new_month_begins_a_new_segment),
	    test(a_torn_tail_is_sealed_before_another_segment_begins),
	    test(a_segment_that_could_not_be_begun_leaves_the_ledger_as_it_was),
	    test(behind_a_renamed_segment_another_one_begins),
	    test(an_empty_file_in_its_place_does_not_hide_a_renamed_one),
	    test(a_copy_of_a_segment_is_nothing_to_the_ledger),
	    test(a_segment_cut_to_nothing_is_told_as_lost),
	    test(without_its_oldest_segment_nothing_is_appended),
	    test(who_wrote_to_a_file_that_is_taken_away_fails),
	};

	return cmocka_run_group_tests_name("ledger_segments", tests, NULL,
	    NULL);
}
