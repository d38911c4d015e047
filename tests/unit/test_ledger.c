/* Appending and reading a ledger; its end is in test_ledger_tail.c. */
#include "test_ledger.h"

static void
appended_lines_are_read_back(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct ledger_body bodies[3] = {{"\"type\":\"opened\"}", 16},
	    {"\"type\":\"policy\"}", 16}, {"\"type\":\"people\"}", 16}};
	struct pool pool = {0};
	struct err err = {0};
	struct ledger_end end;
	struct seen s;
	const char *line;
	uint64_t first;
	size_t len;
	bool holds;

	(void)state;
	assert_int_equal(ledger_append(l, bodies, 1, NOON, &first, &err), 0);
	assert_int_equal(first, 1);
	assert_int_equal(ledger_append(l, bodies + 1, 2, NOON, &first, &err),
	    0);
	assert_int_equal(first, 2);
	end = walked(&s);
	assert_int_equal(s.count, 3);
	assert_int_equal(end.torn, 0);
	assert_int_equal(end.last.seq, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(s.mark[i].seq, i + 1);
		assert_int_equal(ledger_line(l, &s.mark[i], &pool, &line, &len,
		                     &err),
		    0);
		assert_int_equal(strlen(line), len);
		assert_non_null(strstr(line, bodies[i].text));
		assert_int_equal(ledger_holds(l, &s.mark[i], &holds, &err), 0);
		assert_true(holds);
	}
	pool_free(&pool);
	ledger_close(l);
}

static void
a_line_that_somebody_else_appended_stops_what_was_to_follow_another(
    void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	const struct ledger_body body = {"\"type\":\"opened\"}", 16};
	struct chain_mark none = {0}, other;
	struct err err = {0};
	struct seen s;
	uint64_t first = 0;
	bool stale;

	(void)state;
	assert_int_equal(ledger_append_behind(l, &none, &body, 1, NOON, &first,
	                     &stale, &err),
	    0);
	assert_false(stale);
	assert_int_equal(first, 1);
	assert_int_equal(ledger_append_behind(l, &none, &body, 1, NOON, &first,
	                     &stale, &err),
	    0);
	assert_true(stale);
	assert_int_equal(first, 1);
	walked(&s);
	assert_int_equal(s.count, 1);
	/* One of the same number that was taken back meanwhile. */
	other = s.mark[0];
	other.digest[0] ^= 1;
	assert_int_equal(ledger_append_behind(l, &other, &body, 1, NOON, &first,
	                     &stale, &err),
	    0);
	assert_true(stale);
	assert_int_equal(ledger_append_behind(l, &s.mark[0], &body, 1, NOON,
	                     &first, &stale, &err),
	    0);
	assert_false(stale);
	assert_int_equal(first, 2);
	ledger_close(l);
}

static void
modes_are_those_promised_whatever_the_umask(void **state)
{
	mode_t before = umask(077);
	char path[400];
	struct stat st;
	struct err err;

	(void)state;
	snprintf(path, sizeof(path), "%s", in_dir("l"));
	assert_int_equal(ledger_create(path, &err), 0);
	umask(before);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 02770);
	assert_int_equal(stat(in_dir("l/lock"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_int_equal(stat(in_dir("l/" SEGMENT), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	/* A directory that was there keeps its mode. */
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(in_dir("l/reserve"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	unlink(in_dir("l/reserve"));
	unlink(in_dir("l/lock"));
	unlink(in_dir("l/" SEGMENT));
	rmdir(path);
}

static void
a_ledger_is_not_made_over_another(void **state)
{
	struct err err = {0};

	(void)state;
	append_many(1, 1);
	assert_int_equal(ledger_create(dir, &err), -1);
	assert_non_null(strstr(err.text, "holds a ledger already"));
}

static void
what_is_no_record_is_refused(void **state)
{
	static const struct {
		struct ledger_body body;
		int64_t now;
		const char *words;
	} cases[] = {
	    {{"\"type\":\"a\"}\n", 13}, NOON, "not the rest of a line"},
	    {{"{\"type\":\"a\"}", 13}, NOON, "not the rest of a line"},
	    {{"", 0}, NOON, "not the rest of a line"},
	    {{"\"type\":\"a\"}", 12}, 0, "needs a time"},
	    {{"\"type\":\"a\"}", LEDGER_LINE_MAX}, NOON, "over the limit"},
	};
	struct ledger *l = opened(LEDGER_APPEND);
	struct seen s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ledger_body b = cases[i].body;
		struct err err = {0};

		if (b.len < 16)
			b.len = strlen(b.text);
		assert_int_equal(ledger_append(l, &b, 1, cases[i].now, NULL,
		                     &err),
		    -1);
		assert_int_equal(err.kind, ERR_INPUT);
		if (!strstr(err.text, cases[i].words))
			fail_msg("case %zu: %s", i, err.text);
	}
	ledger_close(l);
	walked(&s);
	assert_int_equal(s.count, 0);
}

static void
a_ledger_opened_for_reading_is_not_appended_to(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct err err = {0};

	(void)state;
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_non_null(strstr(err.text, "opened for reading"));
	ledger_close(l);
}

/* The longest line, and lines that end on and around a block of the reader. */
static void
lines_of_any_allowed_length_are_read_back(void **state)
{
	static const size_t lens[] = {LEDGER_LINE_MAX - CHAIN_HEAD_MAX, 20,
	    (1u << 20) - 200, (1u << 20) - 118, (1u << 20) - 117,
	    (1u << 20) - 116, 2u << 20, 30};
	struct ledger *l = opened(LEDGER_APPEND);
	char *text = malloc(LEDGER_LINE_MAX);
	struct ledger_body body = {text, 0};
	struct pool pool = {0};
	struct err err = {0};
	struct seen s;
	const char *line;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		memset(text, 'x', lens[i]);
		memcpy(text, "\"type\":\"a\",\"", 12);
		memcpy(text + lens[i] - 4, "\":1}", 4);
		body.len = lens[i];
		if (ledger_append(l, &body, 1, NOON, NULL, &err) < 0)
			fail_msg("%s", err.text);
	}
	walked(&s);
	assert_int_equal(s.count, sizeof(lens) / sizeof(lens[0]));
	for (size_t i = 0; i < s.count; i++) {
		assert_int_equal(ledger_line(l, &s.mark[i], &pool, &line, &len,
		                     &err),
		    0);
		assert_int_equal(strlen(strstr(line, "\"type\"")), lens[i]);
	}
	pool_free(&pool);
	free(text);
	ledger_close(l);
}

static void
a_walk_goes_on_from_a_mark_and_stops_when_told(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct seen s, more = {.stop_at = 7};
	struct ledger_end end;
	struct err err = {0};

	(void)state;
	append_many(1, 9);
	walked(&s);
	assert_int_equal(ledger_walk(l, &s.mark[3], note, &more, &end, &err),
	    0);
	assert_int_equal(more.count, 3);
	assert_int_equal(more.mark[0].seq, 5);
	assert_int_equal(end.last.seq, 7);
	assert_int_equal(end.torn, 0);
	more = (struct seen){0};
	assert_int_equal(ledger_walk(l, &s.mark[8], note, &more, &end, &err),
	    0);
	assert_int_equal(more.count, 0);
	assert_memory_equal(&end.last, &s.mark[8], sizeof(end.last));
	append_many(10, 11);
	assert_int_equal(ledger_walk(l, &end.last, note, &more, &end, &err), 0);
	assert_int_equal(more.count, 2);
	ledger_close(l);
}

static int
refuse(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	(void)line;
	(void)len;
	(void)ctx;
	return mark->seq < 3 ? 0 : err_set(err, ERR_INPUT, "no more");
}

static void
a_walk_hands_on_what_its_visitor_says(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct err err = {0};

	(void)state;
	append_many(1, 5);
	assert_int_equal(ledger_walk(l, NULL, refuse, NULL, NULL, &err), -1);
	assert_string_equal(err.text, "no more");
	ledger_close(l);
}

static void
a_line_that_is_not_there_is_not_held(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct chain_mark zero = {0}, bad[7];
	struct pool pool = {0};
	struct err err = {0};
	struct seen s;
	const char *line;
	size_t len;
	bool holds;

	(void)state;
	append_many(1, 3);
	walked(&s);
	assert_int_equal(ledger_holds(l, &zero, &holds, &err), 0);
	assert_true(holds);
	for (int i = 0; i < 7; i++)
		bad[i] = s.mark[1];
	bad[0].seq = 3;
	bad[1].offset++;
	bad[2].length--;
	bad[3].digest[0] ^= 1;
	bad[4].segment = 2;
	bad[5].length = UINT64_MAX;
	/* Two lines are not one. */
	bad[6].length += 1 + s.mark[2].length;
	memset(bad[6].digest, 0, DIGEST_SIZE);
	for (int i = 0; i < 7; i++) {
		assert_int_equal(ledger_holds(l, &bad[i], &holds, &err), 0);
		assert_false(holds);
		assert_int_equal(ledger_line(l, &bad[i], &pool, &line, &len,
		                     &err),
		    -1);
	}
	/* Without a digest the number is what is asked for. */
	memset(s.mark[1].digest, 0, DIGEST_SIZE);
	assert_int_equal(ledger_line(l, &s.mark[1], &pool, &line, &len, &err),
	    0);
	pool_free(&pool);
	ledger_close(l);
}

static void
of_a_long_line_its_start_is_read_back(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct pool pool = {0};
	struct err err = {0};
	struct chain_mark bad;
	struct seen s;
	const char *line, *whole;
	size_t len, all;

	(void)state;
	append_many(1, 3);
	walked(&s);
	for (int i = 0; i < 3; i++) {
		const struct chain_mark *m = &s.mark[i];

		assert_int_equal(ledger_line(l, m, &pool, &whole, &all, &err),
		    0);
		/* One that is not long is read whole, and is what it was. */
		assert_int_equal(ledger_line_start(l, m, &pool, all, &line,
		                     &len, &err),
		    0);
		assert_int_equal(len, all);
		assert_string_equal(line, whole);
		assert_int_equal(ledger_line_start(l, m, &pool, all - 1, &line,
		                     &len, &err),
		    0);
		assert_int_equal(len, all - 1);
		assert_int_equal(strlen(line), len);
		assert_memory_equal(line, whole, len);
	}
	bad = s.mark[1];
	bad.seq = 3;
	assert_int_equal(ledger_line_start(l, &bad, &pool,
	                     (size_t)bad.length - 1, &line, &len, &err),
	    -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	bad = s.mark[1];
	bad.offset++;
	assert_int_equal(ledger_line_start(l, &bad, &pool,
	                     (size_t)bad.length - 1, &line, &len, &err),
	    -1);
	bad.offset = s.mark[2].offset + s.mark[2].length;
	assert_int_equal(ledger_line_start(l, &bad, &pool,
	                     (size_t)bad.length - 1, &line, &len, &err),
	    -1);
	pool_free(&pool);
	ledger_close(l);
}

static void
a_replaced_file_is_noticed_behind_a_kept_descriptor(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct buf bytes;
	struct err err = {0};
	struct seen s;
	bool holds;

	(void)state;
	append_many(1, 3);
	walked(&s);
	assert_int_equal(ledger_holds(l, &s.mark[0], &holds, &err), 0);
	bytes = slurp(in_dir(SEGMENT));
	assert_int_equal(rename(in_dir(SEGMENT), in_dir("old")), 0);
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	append_many(4, 4);
	walked(&s);
	assert_int_equal(ledger_holds(l, &s.mark[3], &holds, &err), 0);
	assert_true(holds);
	buf_free(&bytes);
	ledger_close(l);
}

static void
two_hundred_processes_append_at_once(void **state)
{
	enum {
		PROCESSES = 200
	};
	struct seen s;
	int status, gate[2];
	char c;

	(void)state;
	assert_int_equal(pipe(gate), 0);
	for (int n = 1; n <= PROCESSES; n++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			struct ledger *l = opened(LEDGER_APPEND);
			struct err err;

			close(gate[1]);
			ledger_patience(l, 60000);
			if (read(gate[0], &c, 1) != 0)
				_exit(2);
			_exit(append_one(l, n, &err) < 0);
		}
	}
	close(gate[1]);
	close(gate[0]);
	for (int n = 0; n < PROCESSES; n++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	walked(&s);
	assert_int_equal(s.count, PROCESSES);
	assert_int_equal(s.recovered, 0);
}

/* Some of the appends fail, so that lines come and go under the reader. */
static void
reading_is_safe_while_others_append_and_fail(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct chain_mark last = {0};
	struct ledger_end end;
	int status, walks = 0;
	struct err err;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct ledger *mine = opened(LEDGER_APPEND);

		fault_errno = EIO;
		for (int n = 1; n <= 600; n++) {
			fault_countdown = n % 3 == 0 ? 1 + n % 2 : 0;
			if (append_one(mine, n, &err) < 0 && n % 3 != 0)
				_exit(1);
		}
		_exit(0);
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (ledger_walk(l, NULL, NULL, NULL, &end, &err) < 0)
			fail_msg("%s", err.text);
		assert_true(end.last.seq + 1 >= last.seq);
		last = end.last;
		walks++;
	}
	assert_int_equal(status, 0);
	assert_true(walks > 5);
	assert_int_equal(ledger_walk(l, NULL, NULL, NULL, &end, &err), 0);
	assert_int_equal(end.last.seq, 400);
	ledger_close(l);
}

static void
without_the_lock_nothing_is_written(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	int other = open(in_dir("lock"), O_RDWR | O_CLOEXEC);
	struct err err = {0};
	struct seen s;

	(void)state;
	ledger_patience(l, 30);
	assert_int_equal(syscall(SYS_flock, other, LOCK_EX), 0);
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	assert_non_null(strstr(err.text, "for 30 ms"));
	close(other);
	flock_errno = ENOLCK;
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "cannot be locked"));
	flock_errno = EBADF;
	assert_int_equal(append_one(l, 1, &err), -1);
	flock_errno = 0;
	assert_int_equal(unlink(in_dir("lock")), 0);
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_non_null(strstr(err.text, "lock"));
	ledger_close(l);
	walked(&s);
	assert_int_equal(s.count, 0);
}

/* Two who lock two files would both believe to be alone. */
static void
a_lock_that_was_replaced_meanwhile_is_none(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	int held = open(in_dir("lock"), O_RDWR | O_CLOEXEC);
	struct err err = {0};
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(syscall(SYS_flock, held, LOCK_EX), 0);
	pid = fork();
	if (pid == 0) {
		usleep(60000);
		spill(in_dir("lock2"), "", 0);
		_exit(rename(in_dir("lock2"), in_dir("lock")) < 0);
	}
	close(held);
	held = -1;
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_non_null(strstr(err.text, "was replaced"));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(append_one(l, 1, &err), 0);
	ledger_close(l);
}

static int
append_meanwhile(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	if (mark->seq == 2)
		append_many(3, 4);
	return note(mark, line, len, ctx, err);
}

/* The reader holds the first bytes of a line that is then taken back. */
static void
a_tail_replaced_during_a_walk_is_no_alteration(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct seen s = {0};
	struct err err = {0};
	struct buf bytes;

	(void)state;
	append_many(1, 2);
	bytes = slurp(in_dir(SEGMENT));
	buf_put(&bytes, "{\"v\":1,\"seq\":3,\"time\":\"2020");
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	if (ledger_walk(l, NULL, append_meanwhile, &s, NULL, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(s.count, 5);
	buf_free(&bytes);
	ledger_close(l);
}

static struct buf instead;

static int
replace_meanwhile(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	if (mark->seq == 2 && instead.len > 0)
		spill(in_dir(SEGMENT), instead.data, instead.len);
	return note(mark, line, len, ctx, err);
}

/* Its writer failed, and longer lines of others stand where it stood. */
static void
a_walk_ends_with_a_line_that_was_taken_back(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct seen s = {0};
	struct ledger_end end;
	struct err err = {0};
	struct buf first;
	bool holds = true;

	(void)state;
	append_many(1, 1);
	first = slurp(in_dir(SEGMENT));
	append_many(1000001, 1000003);
	instead = slurp(in_dir(SEGMENT));
	spill(in_dir(SEGMENT), first.data, first.len);
	unlink(in_dir("sync"));
	append_many(2, 2);
	if (ledger_walk(l, NULL, replace_meanwhile, &s, &end, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(s.count, 2);
	assert_int_equal(end.torn, 0);
	assert_int_equal(ledger_holds(l, &end.last, &holds, &err), 0);
	assert_false(holds);
	buf_free(&instead);
	s = (struct seen){0};
	assert_int_equal(ledger_walk(l, NULL, note, &s, &end, &err), 0);
	assert_int_equal(s.count, 4);
	buf_free(&first);
	ledger_close(l);
}

static size_t good_size;

static void
cut_to_good_size(void)
{
	assert_int_equal(truncate(in_dir(SEGMENT), (off_t)good_size), 0);
}

/* A torn tail is written over, and what is left of it not yet cut off. */
static void
a_bad_line_is_looked_at_again(void **state)
{
	struct ledger *l = opened(LEDGER_READ);
	struct seen s = {0};
	struct err err = {0};
	struct buf bytes;

	(void)state;
	append_many(1, 2);
	bytes = slurp(in_dir(SEGMENT));
	good_size = bytes.len;
	buf_put(&bytes, "rest of a torn line\n");
	spill(in_dir(SEGMENT), bytes.data, bytes.len);
	assert_int_equal(ledger_walk(l, NULL, note, &s, NULL, &err), -1);
	meanwhile = cut_to_good_size;
	s.count = 0;
	assert_int_equal(ledger_walk(l, NULL, note, &s, NULL, &err), 0);
	meanwhile = NULL;
	assert_int_equal(s.count, 2);
	buf_free(&bytes);
	ledger_close(l);
}

static void
what_is_no_sound_ledger_is_not_opened(void **state)
{
	struct ledger *l = NULL;
	struct err err = {0};

	(void)state;
	assert_int_equal(ledger_open(&l, in_dir("none"), LEDGER_READ, &err),
	    -1);
	assert_non_null(strstr(err.text, "does not exist"));
	assert_int_equal(ledger_open(&l, in_dir("lock"), LEDGER_READ, &err),
	    -1);
	assert_int_equal(chmod(dir, 0777), 0);
	assert_int_equal(ledger_open(&l, dir, LEDGER_APPEND, &err), -1);
	assert_non_null(strstr(err.text, "may be written to by everybody"));
	assert_int_equal(chmod(dir, 0700), 0);
	assert_int_equal(rename(in_dir(SEGMENT), in_dir("1.jsonl")), 0);
	assert_int_equal(ledger_open(&l, dir, LEDGER_READ, &err), -1);
	assert_non_null(strstr(err.text, "holds no ledger"));
	assert_null(l);
}

static void
files_that_are_not_what_they_should_be_are_refused(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err = {0};

	(void)state;
	assert_int_equal(chmod(in_dir(SEGMENT), 0666), 0);
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_non_null(strstr(err.text, "may be written to by everybody"));
	assert_int_equal(rename(in_dir(SEGMENT), in_dir("real")), 0);
	assert_int_equal(symlink("real", in_dir(SEGMENT)), 0);
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_non_null(strstr(err.text, "symbolic link"));
	assert_int_equal(unlink(in_dir(SEGMENT)), 0);
	assert_int_equal(mkfifo(in_dir(SEGMENT), 0660), 0);
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_non_null(strstr(err.text, "not a regular file"));
	ledger_close(l);
}

static void
somebody_elses_ledger_says_whose_it_is(void **state)
{
	struct ledger *l = NULL;
	struct err err = {0};
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid = fork();
	if (pid == 0) {
		if (setuid(65534) < 0 ||
		    ledger_open(&l, dir, LEDGER_APPEND, &err) == 0)
			_exit(1);
		_exit(!strstr(err.text, "closed to user 65534") ||
		    !strstr(err.text, "belongs to user 0"));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_ledger, no_ledger)
	const struct CMUnitTest tests[] = {
	    test(appended_lines_are_read_back),
	    test(
	        a_line_that_somebody_else_appended_stops_what_was_to_follow_another),
	    test(modes_are_those_promised_whatever_the_umask),
	    test(a_ledger_is_not_made_over_another),
	    test(what_is_no_record_is_refused),
	    test(a_ledger_opened_for_reading_is_not_appended_to),
	    test(lines_of_any_allowed_length_are_read_back),
	    test(a_walk_goes_on_from_a_mark_and_stops_when_told),
	    test(a_walk_hands_on_what_its_visitor_says),
	    test(a_line_that_is_not_there_is_not_held),
	    test(of_a_long_line_its_start_is_read_back),
	    test(a_replaced_file_is_noticed_behind_a_kept_descriptor),
	    test(two_hundred_processes_append_at_once),
	    test(reading_is_safe_while_others_append_and_fail),
	    test(without_the_lock_nothing_is_written),
	    test(a_lock_that_was_replaced_meanwhile_is_none),
	    test(a_tail_replaced_during_a_walk_is_no_alteration),
	    test(a_walk_ends_with_a_line_that_was_taken_back),
	    test(a_bad_line_is_looked_at_again),
	    test(what_is_no_sound_ledger_is_not_opened),
	    test(files_that_are_not_what_they_should_be_are_refused),
	    test(somebody_elses_ledger_says_whose_it_is),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
