/* A copy of a ledger that is kept elsewhere. */
#include "test_ledger.h"

#include "edge/ledger_shared.h"

#define LINES 6

/* Lines as they stand at the one place, and where each begins. */
struct place {
	struct buf lines;
	size_t at[LINES + 1];
	struct chain_mark mark[LINES + 1];
};

static struct place
place_of(int64_t first_time)
{
	struct place p = {0};

	for (size_t i = 0; i < LINES; i++) {
		chain_write(&p.lines, &p.mark[i], first_time + (int64_t)i,
		    "\"type\":\"opened\"}", 16, &p.mark[i + 1]);
		buf_char(&p.lines, '\n');
		p.at[i + 1] = p.lines.len;
	}
	return p;
}

/* Lines `from` + 1 to `to`, of that segment. */
static int
take(struct ledger *l, const struct place *p, size_t from, size_t to,
    uint64_t segment, struct chain_mark *last, struct err *err)
{
	const struct ledger_lines lines = {segment, p->lines.data + p->at[from],
	    p->at[to] - p->at[from]};

	*err = (struct err){0};
	return ledger_take(l, &lines, last, err);
}

static void
lines_are_taken_as_they_stand(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct place p = place_of(NOON);
	struct chain_mark last;
	struct buf text = {0};
	struct err err;
	char data[4096];
	int fd;

	(void)state;
	assert_int_equal(take(l, &p, 0, 2, 1, &last, &err), 0);
	assert_int_equal(last.seq, 2);
	/* What is there already is passed over. */
	assert_int_equal(take(l, &p, 0, 4, 1, &last, &err), 0);
	assert_int_equal(last.seq, 4);
	assert_memory_equal(last.digest, p.mark[4].digest, DIGEST_SIZE);
	assert_int_equal(take(l, &p, 1, 3, 1, &last, &err), 0);
	assert_int_equal(last.seq, 4);
	assert_int_equal(take(l, &p, 4, 6, 5, &last, &err), 0);
	assert_int_equal(last.seq, 6);
	fd = open(in_dir(SEGMENT), O_RDONLY | O_CLOEXEC);
	buf_add(&text, data, (size_t)read(fd, data, sizeof(data)));
	close(fd);
	assert_int_equal(text.len, p.at[4]);
	assert_memory_equal(text.data, p.lines.data, text.len);
	assert_int_equal(access(in_dir("00000000000000000005.jsonl"), F_OK), 0);
	ledger_close(l);
	l = opened(LEDGER_APPEND);
	assert_int_equal(ledger_newest(l, &last, &err), 0);
	assert_int_equal(last.seq, 6);
	buf_free(&text);
	buf_free(&p.lines);
	ledger_close(l);
}

static void
what_does_not_follow_is_not_taken(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct place p = place_of(NOON), other = place_of(NOON + 1);
	struct chain_mark last;
	struct err err;

	(void)state;
	assert_int_equal(take(l, &p, 0, 2, 1, &last, &err), 0);
	assert_int_equal(take(l, &p, 3, 4, 1, &last, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	assert_int_equal(take(l, &other, 2, 3, 1, &last, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	assert_int_equal(take(l, &other, 1, 3, 1, &last, &err), -1);
	assert_non_null(strstr(err.text, "record 2"));
	/* Nor a segment that begins in the middle of one. */
	assert_int_equal(take(l, &p, 2, 4, 4, &last, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	p.lines.data[p.at[3] - 3] ^= 1;
	assert_int_equal(take(l, &p, 2, 4, 1, &last, &err), -1);
	assert_int_equal(ledger_newest(l, &last, &err), 0);
	assert_int_equal(last.seq, 2);
	buf_free(&p.lines);
	buf_free(&other.lines);
	ledger_close(l);
}

static void
a_torn_line_of_a_copy_is_written_over(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct place p = place_of(NOON);
	struct chain_mark last;
	struct err err;
	struct seen s;
	int fd;

	(void)state;
	assert_int_equal(take(l, &p, 0, 2, 1, &last, &err), 0);
	fd = open(in_dir(SEGMENT), O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, "{\"v\":1,", 7), 7);
	close(fd);
	assert_int_equal(take(l, &p, 2, 3, 1, &last, &err), 0);
	assert_int_equal(last.seq, 3);
	assert_int_equal(walked(&s).torn, 0);
	assert_int_equal(s.count, 3);
	buf_free(&p.lines);
	ledger_close(l);
}

static int
answer(void *ctx, struct ledger_wish *w, struct err *err)
{
	(void)err;
	*(size_t *)ctx += w->count;
	w->stale = w->behind != NULL;
	w->first = 7;
	return 0;
}

static int
say_no(void *ctx, struct err *err)
{
	(void)ctx;
	return err_set(err, ERR_UNREACHABLE, "nobody is there");
}

static void
a_copy_is_appended_to_by_way_of_the_one_place_alone(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	const struct ledger_body body = {"\"type\":\"opened\"}", 16};
	const struct chain_mark none = {0};
	size_t asked = 0;
	const struct ledger_elsewhere e = {answer, say_no, NULL, &asked};
	struct err err = {0};
	uint64_t first = 0;
	bool stale = false;

	(void)state;
	assert_int_equal(ledger_catch_up(l, &err), 0);
	assert_int_equal(ledger_shared_mark(l, "of another\n", &err), 0);
	assert_int_equal(ledger_append(l, &body, 1, NOON, &first, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	ledger_elsewhere(l, &e);
	assert_int_equal(ledger_append(l, &body, 1, NOON, &first, &err), 0);
	assert_int_equal(first, 7);
	assert_int_equal(asked, 1);
	assert_int_equal(ledger_append_behind(l, &none, &body, 1, NOON, &first,
	                     &stale, &err),
	    0);
	assert_true(stale);
	err = (struct err){0};
	assert_int_equal(ledger_catch_up(l, &err), -1);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	ledger_close(l);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_ledger, no_ledger)
	const struct CMUnitTest tests[] = {
	    test(lines_are_taken_as_they_stand),
	    test(what_does_not_follow_is_not_taken),
	    test(a_torn_line_of_a_copy_is_written_over),
	    test(a_copy_is_appended_to_by_way_of_the_one_place_alone),
	};

	return cmocka_run_group_tests_name("ledger_shared", tests, NULL, NULL);
}
