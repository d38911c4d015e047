/*
 * What an append and a look at what is new read does not grow with the ledger:
 * bytes and files are counted, with segments so small that there are many.
 */
#include "test_ledger.h"

#include "edge/ledger_scan.h"

#define SMALL 600 /* bytes of a segment: four records or so */

static uint64_t bytes_read, files_opened;

ssize_t
pread(int fd, void *data, size_t len, off_t offset)
{
	ssize_t n = (ssize_t)syscall(SYS_pread64, fd, data, len, offset);

	bytes_read += n > 0 ? (uint64_t)n : 0;
	return n;
}

int
openat(int at, const char *name, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = va_arg(ap, int);
	va_end(ap);
	files_opened++;
	return (int)syscall(SYS_openat, at, name, flags, mode);
}

/* Records from..to, many in one append, a new segment with each of these. */
static void
fill(int from, int to)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct ledger_body bodies[4];
	static const char body[] = "\"type\":\"observation\",\"n\":1}";
	struct err err = {0};

	ledger_segment_size(l, SMALL);
	for (size_t i = 0; i < 4; i++)
		bodies[i] = (struct ledger_body){body, sizeof(body) - 1};
	for (int n = from; n <= to; n += 4)
		if (ledger_append(l, bodies, 4, NOON + n, NULL, &err) < 0)
			fail_msg("%s", err.text);
	ledger_close(l);
}

struct work {
	uint64_t bytes, files;
};

/* As a hook does: open, look behind what is known, append, look again. */
static struct work
push(void)
{
	struct ledger *l;
	struct seen s = {0};
	struct ledger_end end;
	struct chain_mark known;
	struct err err = {0};
	bool holds = false;

	walked(&s);
	known = s.mark[s.count - 1];
	bytes_read = files_opened = 0;
	l = opened(LEDGER_APPEND);
	assert_int_equal(ledger_holds(l, &known, &holds, &err), 0);
	assert_true(holds);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(append_one(l, 1000 + i, &err), 0);
		s.count = 0;
		assert_int_equal(ledger_walk(l, &known, note, &s, &end, &err),
		    0);
		assert_int_equal(s.count, 1);
		known = end.last;
	}
	ledger_close(l);
	return (struct work){bytes_read, files_opened};
}

static void
a_push_reads_as_much_of_a_long_ledger_as_of_a_short_one(void **state)
{
	struct work few, many;

	(void)state;
	fill(1, 40);
	few = push();
	fill(100, 380);
	many = push();
	assert_in_range(few.bytes, 1, 64 << 10);
	assert_in_range(many.bytes, 1, few.bytes + (4 << 10));
	assert_in_range(many.files, 1, few.files);
}

static void
a_scan_behind_a_mark_reads_what_lies_behind_it(void **state)
{
	struct ledger_scan scan = {0};
	struct ledger_end end;
	struct ledger *l;
	struct seen s;
	struct err err = {0};

	(void)state;
	fill(1, 320);
	walked(&s);
	bytes_read = files_opened = 0;
	l = opened(LEDGER_READ);
	scan.after = &s.mark[s.count - 3];
	assert_int_equal(ledger_scan(l, &scan, &end, &err), 0);
	assert_int_equal(end.last.seq, s.count);
	assert_int_equal(ledger_size_behind(l, scan.after),
	    2 * (end.last.length + 1));
	ledger_close(l);
	assert_in_range(bytes_read, 1, 8 * SMALL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
	        a_push_reads_as_much_of_a_long_ledger_as_of_a_short_one,
	        new_ledger, no_ledger),
	    cmocka_unit_test_setup_teardown(
	        a_scan_behind_a_mark_reads_what_lies_behind_it, new_ledger,
	        no_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
