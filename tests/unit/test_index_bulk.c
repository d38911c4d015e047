/* An index made at once answers as one that was filled line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/index_bulk.h"

#define LINES 3000
#define TOPICS 400

static char dir[64];

static const char *
in_dir(const char *name)
{
	static char path[4][400];
	static unsigned turn;
	char *p = path[turn++ % 4];

	(void)snprintf(p, 400, "%s/%s", dir, name);
	return p;
}

static int
new_dir(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/test_index_bulk.XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static size_t
files(bool take_away)
{
	struct dirent *entry;
	DIR *d = opendir(dir);
	size_t n = 0;

	while (d && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		n++;
		if (take_away)
			(void)unlink(in_dir(entry->d_name));
	}
	if (d)
		(void)closedir(d);
	return n;
}

static int
no_dir(void **state)
{
	(void)state;
	(void)files(true);
	return rmdir(dir);
}

static struct chain_mark
mark_of(uint64_t seq)
{
	struct chain_mark m = {.seq = seq,
	    .segment = 1,
	    .offset = seq * 100,
	    .length = 99};

	memset(m.digest, (int)(seq % 251), sizeof(m.digest));
	return m;
}

/* The topics of a line: some of few, some of its own, one twice. */
static size_t
topics_of_line(uint64_t seq, char out[4][32])
{
	size_t n = seq % 5;

	n = n == 4 ? 0 : n + 1;
	for (size_t i = 0; i < n; i++)
		(void)snprintf(out[i], 32, "topic %d",
		    i == 0 ? 7 : (int)((seq * (i == 3 ? 2 : i + 3)) % TOPICS));
	return n;
}

static struct index *
line_by_line(const char *name, uint64_t lines)
{
	struct index *x = NULL;
	struct err err = {0};
	char topics[4][32];

	assert_int_equal(index_open(&x, in_dir(name), &err), 0);
	assert_int_equal(index_begin(x, &err), 0);
	for (uint64_t seq = 1; seq <= lines; seq++) {
		struct chain_mark m = mark_of(seq);
		size_t n = topics_of_line(seq, topics);

		assert_int_equal(index_add(x, &m, &err), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(index_topic(x, seq, topics[i], &err),
			    0);
	}
	assert_int_equal(index_commit(x, &err), 0);
	return x;
}

static struct index_bulk *
begun(struct index *x, uint64_t lines)
{
	struct index_bulk *b = NULL;
	struct err err = {0};
	char topics[4][32];
	int64_t numbers[4];

	if (index_bulk_begin(&b, x, &err) < 0)
		fail_msg("%s", err.text);
	for (uint64_t seq = 1; seq <= lines; seq++) {
		struct chain_mark m = mark_of(seq);
		size_t n = topics_of_line(seq, topics);

		for (size_t i = 0; i < n; i++)
			numbers[i] = index_topic_number(topics[i]);
		assert_int_equal(index_bulk_add(b, &m, numbers, n, &err), 0);
	}
	return b;
}

static uint64_t
last_of(struct index *x)
{
	struct chain_mark m;
	struct err err = {0};

	if (index_last(x, &m, &err) < 0)
		fail_msg("%s", err.text);
	return m.seq;
}

static void
it_answers_as_the_other(void **state)
{
	struct index *a, *b = NULL;
	struct chain_mark ma[LINES], mb[LINES];
	size_t na, nb;
	struct err err = {0};
	char topic[32];

	(void)state;
	a = line_by_line("a", LINES);
	assert_int_equal(index_open(&b, in_dir("b"), &err), 0);
	assert_int_equal(index_bulk_end(begun(b, LINES), &err), 0);
	assert_int_equal(last_of(b), LINES);
	for (int i = 0; i <= TOPICS; i++) {
		(void)snprintf(topic, sizeof(topic), "topic %d", i);
		assert_int_equal(index_find(a, topic, false, 0, ma, LINES, &na,
		                     &err),
		    0);
		assert_int_equal(index_find(b, topic, false, 0, mb, LINES, &nb,
		                     &err),
		    0);
		assert_int_equal(na, nb);
		assert_memory_equal(ma, mb, na * sizeof(ma[0]));
	}
	assert_true(na == 0 && nb == 0);
	assert_int_equal(index_find(b, "topic 7", true, 0, mb, 5, &nb, &err),
	    0);
	assert_int_equal(nb, 5);
	assert_int_equal(index_seq(b, 1234, mb, &err), 0);
	assert_int_equal(mb[0].offset, 123400);
	index_close(a);
	index_close(b);
}

static void
it_is_gone_on_with(void **state)
{
	struct index *x = NULL, *other = NULL;
	struct chain_mark m = mark_of(LINES + 1), found;
	struct err err = {0};
	size_t n;

	(void)state;
	assert_int_equal(index_open(&x, in_dir("x"), &err), 0);
	assert_int_equal(index_bulk_end(begun(x, LINES), &err), 0);
	assert_int_equal(index_begin(x, &err), 0);
	assert_int_equal(index_add(x, &m, &err), 0);
	assert_int_equal(index_topic(x, m.seq, "newer", &err), 0);
	assert_int_equal(index_commit(x, &err), 0);
	assert_int_equal(index_open(&other, in_dir("x"), &err), 0);
	assert_int_equal(index_find(other, "newer", false, 0, &found, 1, &n,
	                     &err),
	    0);
	assert_int_equal(n, 1);
	index_close(other);
	index_close(x);
}

/* The one that another process has open is the one that is replaced. */
static void
others_see_that_theirs_is_gone(void **state)
{
	struct index *x = NULL, *other = NULL;
	struct chain_mark m;
	struct err err = {0};

	(void)state;
	assert_int_equal(index_open(&x, in_dir("x"), &err), 0);
	other = line_by_line("x", 10);
	assert_int_equal(index_bulk_end(begun(x, LINES), &err), 0);
	assert_true(index_last(other, &m, &err) < 0);
	assert_true(index_damaged(other));
	assert_int_equal(index_reset(other, &err), 0);
	assert_int_equal(last_of(other), LINES);
	index_close(other);
	index_close(x);
}

static void
one_that_knows_more_stays(void **state)
{
	struct index *x = NULL, *other;
	struct err err = {0};

	(void)state;
	assert_int_equal(index_open(&x, in_dir("x"), &err), 0);
	other = line_by_line("x", LINES);
	assert_int_equal(index_bulk_end(begun(x, 10), &err), 0);
	assert_int_equal(last_of(x), LINES);
	assert_int_equal(last_of(other), LINES);
	index_close(other);
	index_close(x);
}

static void
what_is_dropped_leaves_nothing(void **state)
{
	struct index *x = NULL;
	struct err err = {0};
	size_t before;

	(void)state;
	assert_int_equal(index_open(&x, in_dir("x"), &err), 0);
	before = files(false);
	index_bulk_drop(begun(x, LINES));
	assert_int_equal(files(false), before);
	assert_int_equal(last_of(x), 0);
	assert_int_equal(index_bulk_end(begun(x, LINES), &err), 0);
	assert_int_equal(files(false), before);
	index_close(x);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_dir, no_dir)
	const struct CMUnitTest tests[] = {
	    test(it_answers_as_the_other),
	    test(it_is_gone_on_with),
	    test(others_see_that_theirs_is_gone),
	    test(one_that_knows_more_stays),
	    test(what_is_dropped_leaves_nothing),
	};

	return cmocka_run_group_tests_name("index_bulk", tests, NULL, NULL);
}
