/* One sync for many, what becomes of it when it fails, and what is claimed. */
#include "test_ledger.h"

#include "edge/ledger_claim.h"

/* A writer in a process of its own; its exit status is whether it failed. */
static pid_t
a_writer(int n, int fault, const char *shut_out)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct ledger *l = opened(LEDGER_APPEND);
		struct err err = {0};

		ledger_patience(l, 20000);
		fault_errno = EIO;
		fault_countdown = fault;
		shut_out_of = shut_out;
		_exit(append_one(l, n, &err) < 0);
	}
	return pid;
}

static int
status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
wait_for_lines(uint64_t count)
{
	for (int i = 0; lines_there() < count; i++) {
		if (i == 5000)
			fail_msg("the lines did not come");
		usleep(2000);
	}
}

static int
held(const char *name)
{
	int fd = open(in_dir(name), O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(syscall(SYS_flock, fd, LOCK_EX | LOCK_NB), 0);
	return fd;
}

/* Children have the descriptor too, so closing it would not do. */
static void
release(int fd)
{
	assert_int_equal(syscall(SYS_flock, fd, LOCK_UN), 0);
	close(fd);
}

static void
who_writes_while_another_syncs_is_brought_to_disk_together(void **state)
{
	enum {
		WRITERS = 5
	};
	struct ledger *l = opened(LEDGER_APPEND);
	pid_t pid[WRITERS];
	struct err err;
	int fd;

	(void)state;
	append_many(1, 1);
	fd = held("sync");
	for (int i = 0; i < WRITERS; i++)
		pid[i] = a_writer(2 + i, 0, "sync");
	/* All wrote, though none of them could sync. */
	wait_for_lines(1 + WRITERS);
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(waitpid(pid[i], NULL, WNOHANG), 0);
	release(fd);
	/* Nor can they now: it is this one that syncs for all. */
	syncs = 0;
	assert_int_equal(append_one(l, 20, &err), 0);
	assert_int_equal(syncs, 1);
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(status_of(pid[i]), 0);
	assert_int_equal(lines_there(), 2 + WRITERS);
	ledger_close(l);
}

static void
when_a_shared_sync_fails_all_who_shared_it_fail(void **state)
{
	struct seen s;
	pid_t maker, other;
	int fd;

	(void)state;
	append_many(1, 2);
	fd = held("sync");
	other = a_writer(3, 0, "sync");
	wait_for_lines(3);
	/* Its pwrite is good, its fdatasync is not. */
	maker = a_writer(4, 2, NULL);
	wait_for_lines(4);
	release(fd);
	assert_int_equal(status_of(maker), 1);
	assert_int_equal(lines_there(), 2);
	assert_int_equal(status_of(other), 1);
	append_many(5, 5);
	walked(&s);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.recovered, 0);
	assert_non_null(strstr(s.last, "\"n\":5}"));
}

static void
who_finds_other_lines_in_the_place_of_his_fails(void **state)
{
	pid_t other;
	int fd;

	(void)state;
	append_many(1, 2);
	fd = held("sync");
	other = a_writer(3, 0, "sync");
	wait_for_lines(3);
	release(fd);
	assert_int_equal(status_of(a_writer(4, 2, NULL)), 1);
	/* As long as what was taken back, and on disk. */
	append_many(7, 7);
	assert_int_equal(status_of(other), 1);
	assert_int_equal(lines_there(), 3);
}

static void
what_a_writer_left_who_died_while_he_synced_is_taken_back(void **state)
{
	struct seen s;
	pid_t pid;

	(void)state;
	append_many(1, 2);
	pid = fork();
	if (pid == 0) {
		struct ledger *l = opened(LEDGER_APPEND);
		struct err err;

		fault_kills = true;
		fault_countdown = 2;
		_exit(append_one(l, 3, &err) < 0);
	}
	assert_int_equal(status_of(pid), 9);
	assert_int_equal(lines_there(), 3);
	append_many(4, 4);
	walked(&s);
	assert_int_equal(s.count, 3);
	assert_non_null(strstr(s.last, "\"n\":4}"));
}

static void
what_a_writer_left_who_died_before_is_brought_to_disk_with_the_next(
    void **state)
{
	struct seen s;
	pid_t pid;

	(void)state;
	append_many(1, 2);
	pid = fork();
	if (pid == 0) {
		struct ledger *l = opened(LEDGER_APPEND);
		struct err err;

		shut_out_of = "sync";
		ledger_patience(l, 1);
		if (append_one(l, 3, &err) == 0 ||
		    !strstr(err.text, "could not be found out"))
			_exit(1);
		_exit(0);
	}
	assert_int_equal(status_of(pid), 0);
	append_many(4, 4);
	walked(&s);
	assert_int_equal(s.count, 4);
	assert_int_equal(s.recovered, 0);
}

static void
an_append_of_nothing_waits_until_what_is_there_is_on_disk(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err;
	pid_t pid;

	(void)state;
	append_many(1, 2);
	pid = a_writer(3, 0, "sync");
	wait_for_lines(3);
	syncs = 0;
	assert_int_equal(ledger_append(l, NULL, 0, NOON, NULL, &err), 0);
	assert_int_equal(syncs, 1);
	assert_int_equal(status_of(pid), 0);
	assert_int_equal(ledger_append(l, NULL, 0, NOON, NULL, &err), 0);
	assert_int_equal(syncs, 1);
	ledger_close(l);
}

/* Whatever lies there, no append relies on it but for what it can check. */
static void
no_file_of_claims_makes_an_append_fail_or_leave_out_its_sync(void **state)
{
	struct buf first, good, bad;

	(void)state;
	append_many(1, 1);
	first = slurp(in_dir("sync"));
	append_many(2, 2);
	good = slurp(in_dir("sync"));
	for (int i = 0; i < 6; i++) {
		bad = (struct buf){0};
		if (i == 1) /* of an older ledger */
			buf_add(&bad, first.data, first.len);
		else if (i == 2) /* cut */
			buf_add(&bad, good.data, good.len / 2);
		else if (i > 2) { /* a byte of one of the cells, or both */
			buf_add(&bad, good.data, good.len);
			bad.data[40] = (char)(bad.data[40] ^ (i != 4));
			bad.data[150] = (char)(bad.data[150] ^ (i != 3));
		}
		if (i == 0)
			forget_claims();
		else
			spill(in_dir("sync"), bad.data, bad.len);
		syncs = 0;
		append_many(3 + i, 3 + i);
		assert_int_equal(syncs, 1);
		assert_int_equal(lines_there(), 3 + i);
		buf_free(&bad);
	}
	buf_free(&first);
	buf_free(&good);
}

/* As it lies in the file: a cell, and the sum that makes it count. */
struct lying {
	struct ledger_cell cell;
	unsigned char sum[8];
};

static void
change_claims(void (*change)(struct ledger_cell *cell))
{
	struct buf bytes = slurp(in_dir("sync"));
	struct lying *put = (struct lying *)bytes.data;
	unsigned char digest[DIGEST_SIZE];

	for (int i = 0; i < 2; i++) {
		change(&put[i].cell);
		digest_sha256(digest, &put[i].cell, sizeof(put[i].cell));
		memcpy(put[i].sum, digest, sizeof(put[i].sum));
	}
	spill(in_dir("sync"), bytes.data, bytes.len);
	buf_free(&bytes);
}

static void
of_another_boot(struct ledger_cell *cell)
{
	cell->boot[3] ^= 1;
}

static void
of_another_file(struct ledger_cell *cell)
{
	cell->ino++;
}

static void
of_another_line(struct ledger_cell *cell)
{
	if (cell->seq == 3)
		cell->digest[5] ^= 1;
}

static void
as_they_are(struct ledger_cell *cell)
{
	(void)cell;
}

/*
 * A claim that says less than what was promised, and is believed, would let a
 * failed sync cut that off.
 */
static void
claims_of_something_else_cut_nothing_off(void **state)
{
	static const struct {
		void (*change)(struct ledger_cell *cell);
		uint64_t left;
	} cases[] = {{as_they_are, 2}, {of_another_boot, 3},
	    {of_another_file, 3}, {of_another_line, 3}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ledger *l = opened(LEDGER_APPEND);
		struct err err;
		pid_t pid;

		append_many(1, 2);
		pid = fork();
		if (pid == 0) {
			struct ledger *mine = opened(LEDGER_APPEND);

			shut_out_of = "sync";
			ledger_patience(mine, 1);
			_exit(append_one(mine, 3, &err) == 0);
		}
		assert_int_equal(status_of(pid), 0);
		change_claims(cases[i].change);
		fault_errno = EIO;
		fault_countdown = 2;
		assert_int_equal(append_one(l, 4, &err), -1);
		assert_int_equal(fault_countdown, 0);
		append_many(5, 5);
		if (lines_there() != cases[i].left + 1)
			fail_msg("case %zu: %d lines", i, (int)lines_there());
		ledger_close(l);
		no_ledger(state);
		assert_int_equal(new_ledger(state), 0);
	}
}

static void
lines_that_were_on_disk_and_are_not_are_told_by_the_next_append(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	const struct ledger_body body = {"\"type\":\"opened\"}", 16};
	struct err err;
	struct seen s;
	bool stale = false;

	(void)state;
	append_many(1, 6);
	walked(&s);
	assert_int_equal(truncate(in_dir(SEGMENT), (off_t)s.mark[3].offset), 0);
	/* What was judged by the lines before is judged anew. */
	assert_int_equal(ledger_append_behind(l, &s.mark[2], &body, 1, NOON,
	                     NULL, &stale, &err),
	    0);
	assert_true(stale);
	walked(&s);
	assert_int_equal(s.count, 4);
	assert_non_null(strstr(s.last,
	    "\"type\":\"recovered\",\"lost\":{\"from\":4,\"to\":6}}"));
	/* It is told once. */
	append_many(7, 7);
	walked(&s);
	assert_int_equal(s.count, 5);
	assert_int_equal(s.recovered, 1);

	/* Without anything to be behind, in one go; and a torn one beside. */
	append_many(8, 9);
	walked(&s);
	assert_int_equal(truncate(in_dir(SEGMENT),
	                     (off_t)s.mark[5].offset + 20),
	    0);
	append_many(10, 10);
	walked(&s);
	assert_int_equal(s.count, 7);
	assert_int_equal(s.recovered, 2);
	assert_non_null(strstr(s.last, "\"n\":10}"));
	ledger_close(l);
}

static void
a_ledger_that_was_emptied_is_not_begun_anew(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err;

	(void)state;
	append_many(1, 3);
	spill(in_dir(SEGMENT), "", 0);
	assert_int_equal(append_one(l, 4, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	assert_non_null(strstr(err.text, "records 1 to 3 are lost"));
	assert_int_equal(lines_there(), 0);
	ledger_close(l);
}

static void
behind_a_checkpoint_that_counts_more_only_recovery_is_appended(void **state)
{
	static const char more[] = "example.com/l\n5\nAAAA\n\n",
	                  as_many[] = "example.com/l\n3\nAAAA\n\n";
	static const char text[] = "\"type\":\"recovered\",\"reason\":\"x\"}";
	const struct ledger_body body = {text, sizeof(text) - 1};
	struct ledger *l = opened(LEDGER_APPEND);
	struct ledger_lost lost, other = {4, 6};
	uint64_t first = 0;
	struct err err;

	(void)state;
	append_many(1, 3);
	spill(in_dir("checkpoint"), as_many, sizeof(as_many) - 1);
	assert_int_equal(ledger_lost(l, &lost, &err), 0);
	assert_int_equal(lost.to, 0);
	assert_int_equal(ledger_recover(l, &body, &other, NOON, NULL, &err),
	    -1);
	assert_int_equal(unlink(in_dir("checkpoint")), 0);
	spill(in_dir("checkpoint"), more, sizeof(more) - 1);
	assert_int_equal(append_one(l, 4, &err), -1);
	assert_int_equal(err.kind, ERR_TAMPERED);
	assert_non_null(strstr(err.text, "from record 4 on it is lost"));
	assert_int_equal(ledger_append(l, NULL, 0, NOON, NULL, &err), -1);
	assert_int_equal(ledger_lost(l, &lost, &err), 0);
	assert_int_equal(lost.from, 4);
	assert_int_equal(lost.to, 5);
	assert_int_equal(ledger_recover(l, &body, &other, NOON, NULL, &err),
	    -1);
	if (!strstr(err.text, "look again"))
		fail_msg("%s", err.text);
	assert_int_equal(lines_there(), 3);
	assert_int_equal(ledger_recover(l, &body, &lost, NOON, &first, &err),
	    0);
	assert_int_equal(first, 4);
	ledger_close(l);
}

static void
a_lock_that_everybody_gets_is_none(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err;

	(void)state;
	flock_lies = true;
	assert_int_equal(append_one(l, 1, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "can be locked twice at once"));
	flock_lies = false;
	assert_int_equal(lines_there(), 0);
	assert_int_equal(append_one(l, 1, &err), 0);
	ledger_close(l);
}

static void
open_and_close_the_lock(void)
{
	int fd = open(in_dir("lock"), O_RDWR | O_CLOEXEC);
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	(void)fcntl(fd, F_SETLK, &all);
	close(fd);
}

static void
the_lock_is_not_lost_by_a_second_opening_of_its_file(void **state)
{
	int fd, other;

	(void)state;
	append_many(1, 1);
	fd = held("lock");
	open_and_close_the_lock();
	other = open(in_dir("lock"), O_RDWR | O_CLOEXEC);
	assert_int_equal(syscall(SYS_flock, other, LOCK_EX | LOCK_NB), -1);
	close(other);
	release(fd);
}

/* A child has its parent's descriptors; it must not have its lock. */
static void
a_child_of_a_writer_locks_for_itself(void **state)
{
	struct ledger *l = opened(LEDGER_APPEND);
	struct err err;
	pid_t pid[8];

	(void)state;
	assert_int_equal(append_one(l, 0, &err), 0);
	for (int i = 0; i < 8; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			for (int n = 0; n < 40; n++)
				if (append_one(l, i * 40 + n, &err) < 0)
					_exit(1);
			_exit(0);
		}
	}
	for (int n = 0; n < 40; n++)
		assert_int_equal(append_one(l, 900 + n, &err), 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(status_of(pid[i]), 0);
	assert_int_equal(lines_there(), 1 + 9 * 40);
	ledger_close(l);
}

static void
sixteen_processes_append_many_each(void **state)
{
	enum {
		WRITERS = 16,
		EACH = 300
	};
	pid_t pid[WRITERS];

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			struct ledger *l = opened(LEDGER_APPEND);
			struct err err;

			ledger_patience(l, 60000);
			ledger_segment_size(l, 60000);
			for (int n = 0; n < EACH; n++)
				if (append_one(l, i * EACH + n, &err) < 0)
					_exit(1);
			_exit(0);
		}
	}
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(status_of(pid[i]), 0);
	assert_int_equal(lines_there(), WRITERS * EACH);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_ledger, no_ledger)
	const struct CMUnitTest tests[] = {
	    test(who_writes_while_another_syncs_is_brought_to_disk_together),
	    test(when_a_shared_sync_fails_all_who_shared_it_fail),
	    test(who_finds_other_lines_in_the_place_of_his_fails),
	    test(what_a_writer_left_who_died_while_he_synced_is_taken_back),
	    test(
	        what_a_writer_left_who_died_before_is_brought_to_disk_with_the_next),
	    test(an_append_of_nothing_waits_until_what_is_there_is_on_disk),
	    test(no_file_of_claims_makes_an_append_fail_or_leave_out_its_sync),
	    test(
	        lines_that_were_on_disk_and_are_not_are_told_by_the_next_append),
	    test(claims_of_something_else_cut_nothing_off),
	    test(a_ledger_that_was_emptied_is_not_begun_anew),
	    test(
	        behind_a_checkpoint_that_counts_more_only_recovery_is_appended),
	    test(a_lock_that_everybody_gets_is_none),
	    test(the_lock_is_not_lost_by_a_second_opening_of_its_file),
	    test(a_child_of_a_writer_locks_for_itself),
	    test(sixteen_processes_append_many_each),
	};

	return cmocka_run_group_tests_name("ledger_sync", tests, NULL, NULL);
}
