#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edge/index.h"

static char dir[64], path[96];

static const char *
beside(const char *end)
{
	static char name[4][128];
	static unsigned turn;
	char *p = name[turn++ % 4];

	snprintf(p, 128, "%s%s", path, end);
	return p;
}

static int
new_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/test_index.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/index.db", dir);
	return 0;
}

static int
no_dir(void **state)
{
	char name[400];
	struct dirent *entry;
	DIR *d = opendir(dir);

	(void)state;
	while (d && (entry = readdir(d)) != NULL) {
		snprintf(name, sizeof(name), "%s/%s", dir, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(name);
	}
	if (d)
		closedir(d);
	return rmdir(dir);
}

static struct index *
opened(void)
{
	struct index *x = NULL;
	struct err err = {0};

	if (index_open(&x, path, &err) < 0)
		fail_msg("%s", err.text);
	return x;
}

static struct chain_mark
mark_of(uint64_t seq)
{
	struct chain_mark mark = {.seq = seq,
	    .segment = 1,
	    .offset = seq * 1000,
	    .length = 700 + seq};

	memset(mark.digest, (int)(seq % 251), DIGEST_SIZE);
	return mark;
}

/* Lines `from` to `to`; each under "all", and under "odd" or "even". */
static int
fill(struct index *x, uint64_t from, uint64_t to, struct err *err)
{
	for (uint64_t seq = from; seq <= to; seq++) {
		struct chain_mark mark = mark_of(seq);

		if (index_add(x, &mark, err) < 0 ||
		    index_topic(x, seq, "all", err) < 0 ||
		    index_topic(x, seq, seq % 2 ? "odd" : "even", err) < 0)
			return -1;
	}
	return 0;
}

static void
filled(struct index *x, uint64_t from, uint64_t to)
{
	struct err err = {0};

	if (index_begin(x, &err) < 0 || fill(x, from, to, &err) < 0 ||
	    index_commit(x, &err) < 0)
		fail_msg("%s", err.text);
}

static uint64_t
last_of(struct index *x)
{
	struct chain_mark last;
	struct err err = {0};

	if (index_last(x, &last, &err) < 0)
		fail_msg("%s", err.text);
	return last.seq;
}

static void
a_new_index_is_empty(void **state)
{
	struct index *x = opened();
	struct chain_mark last, zero = {0}, out[2];
	struct err err = {0};
	size_t count = 9;

	(void)state;
	assert_int_equal(index_last(x, &last, &err), 0);
	assert_memory_equal(&last, &zero, sizeof(last));
	assert_int_equal(index_find(x, "all", true, 0, out, 2, &count, &err),
	    0);
	assert_int_equal(count, 0);
	assert_int_equal(index_seq(x, 1, &last, &err), 0);
	assert_int_equal(last.seq, 0);
	assert_false(index_damaged(x));
	index_close(x);
}

static void
what_was_added_is_found_by_topic_in_both_orders(void **state)
{
	static const struct {
		const char *topic;
		bool newest_first;
		uint64_t beyond;
		size_t room, count;
		uint64_t first, last;
	} cases[] = {
	    {"all", false, 0, 20, 9, 1, 9},
	    {"all", true, 0, 20, 9, 9, 1},
	    {"odd", false, 0, 20, 5, 1, 9},
	    {"odd", true, 0, 20, 5, 9, 1},
	    {"odd", true, 0, 1, 1, 9, 9},
	    {"odd", true, 9, 2, 2, 7, 5},
	    {"odd", false, 5, 20, 2, 7, 9},
	    {"even", true, 3, 20, 1, 2, 2},
	    {"even", true, 2, 20, 0, 0, 0},
	    {"even", false, 8, 20, 0, 0, 0},
	    {"none", false, 0, 20, 0, 0, 0},
	};
	struct chain_mark out[20], want;
	struct err err = {0};
	struct index *x = opened();
	size_t count;

	(void)state;
	filled(x, 1, 4);
	filled(x, 5, 9);
	index_close(x);
	x = opened();
	assert_int_equal(last_of(x), 9);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(index_find(x, cases[i].topic,
		                     cases[i].newest_first, cases[i].beyond,
		                     out, cases[i].room, &count, &err),
		    0);
		assert_int_equal(count, cases[i].count);
		if (count == 0)
			continue;
		want = mark_of(cases[i].first);
		assert_memory_equal(&out[0], &want, sizeof(want));
		want = mark_of(cases[i].last);
		assert_memory_equal(&out[count - 1], &want, sizeof(want));
	}
	assert_int_equal(index_seq(x, 4, &out[0], &err), 0);
	want = mark_of(4);
	assert_memory_equal(&out[0], &want, sizeof(want));
	index_close(x);
}

static void
what_was_rolled_back_is_not_there(void **state)
{
	struct index *x = opened();
	struct err err = {0};

	(void)state;
	filled(x, 1, 2);
	assert_int_equal(index_begin(x, &err), 0);
	assert_int_equal(fill(x, 3, 5, &err), 0);
	assert_int_equal(last_of(x), 5);
	index_rollback(x);
	assert_int_equal(last_of(x), 2);
	assert_int_equal(index_begin(x, &err), 0);
	assert_int_equal(fill(x, 3, 3, &err), 0);
	index_close(x);
	x = opened();
	assert_int_equal(last_of(x), 2);
	index_close(x);
}

static void
a_line_twice_means_that_the_index_is_wrong(void **state)
{
	struct index *x = opened();
	struct err err = {0};

	(void)state;
	filled(x, 1, 2);
	assert_int_equal(index_begin(x, &err), 0);
	assert_int_equal(fill(x, 2, 2, &err), -1);
	assert_true(index_damaged(x));
	index_rollback(x);
	assert_int_equal(index_reset(x, &err), 0);
	assert_int_equal(last_of(x), 0);
	index_close(x);
}

static void
a_second_writer_waits_and_is_told(void **state)
{
	struct index *x = opened(), *y = opened();
	struct err err = {0};

	(void)state;
	assert_int_equal(index_begin(x, &err), 0);
	assert_int_equal(fill(x, 1, 3, &err), 0);
	assert_int_equal(last_of(y), 0);
	assert_int_equal(index_begin(y, &err), -1);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	assert_false(index_damaged(y));
	assert_int_equal(index_commit(x, &err), 0);
	assert_int_equal(last_of(y), 3);
	filled(y, 4, 5);
	assert_int_equal(last_of(x), 5);
	index_close(x);
	index_close(y);
}

/* Also while another handle is open, and it sees what was written. */
static void
the_log_is_kept_short(void **state)
{
	struct index *x = opened(), *y = opened();
	struct stat st;

	(void)state;
	filled(x, 1, 20000);
	for (uint64_t seq = 20001; seq <= 20200; seq++)
		filled(x, seq, seq);
	assert_int_equal(stat(beside("-wal"), &st), 0);
	assert_true(st.st_size > 0);
	assert_true(st.st_size < 600 << 10);
	assert_int_equal(last_of(y), 20200);
	filled(y, 20201, 20201);
	assert_int_equal(last_of(x), 20201);
	index_close(x);
	index_close(y);
}

static void
files_have_their_mode_whatever_the_umask(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
	mode_t before = umask(077);
	struct index *x = opened();
	struct stat st;

	(void)state;
	filled(x, 1, 2);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		assert_int_equal(stat(beside(ends[i]), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0660);
	}
	index_close(x);
	umask(before);
}

static void
delete_files(unsigned which)
{
	if (which & 1)
		unlink(path);
	if (which & 2)
		unlink(beside("-wal"));
	if (which & 4)
		unlink(beside("-shm"));
}

/* Each choice of the three files, between two uses. */
static void
files_deleted_while_closed_make_a_new_index(void **state)
{
	(void)state;
	for (unsigned which = 1; which < 8; which++) {
		struct index *x = opened();
		struct err err = {0};

		assert_int_equal(index_reset(x, &err), 0);
		filled(x, 1, 5);
		index_close(x);
		delete_files(which);
		x = opened();
		assert_int_equal(last_of(x), 0);
		filled(x, 1, 2);
		assert_int_equal(last_of(x), 2);
		index_close(x);
	}
}

static void
an_emptied_log_makes_a_new_index(void **state)
{
	struct index *x = opened();
	sqlite3 *db;

	(void)state;
	filled(x, 1, 5);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA wal_checkpoint", NULL, NULL,
	                     NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	index_close(x);
	assert_int_equal(truncate(beside("-wal"), 0), 0);
	x = opened();
	assert_int_equal(last_of(x), 0);
	index_close(x);
}

static size_t
lines_under(struct index *x, const char *topic)
{
	struct chain_mark out[4];
	struct err err = {0};
	size_t count;

	if (index_find(x, topic, false, 0, out, 4, &count, &err) < 0)
		fail_msg("%s", err.text);
	return count;
}

static void
a_writer_finds_what_it_has_not_committed(void **state)
{
	struct index *x = opened();
	struct err err = {0};

	(void)state;
	assert_int_equal(index_begin(x, &err), 0);
	assert_int_equal(fill(x, 1, 3, &err), 0);
	assert_int_equal(lines_under(x, "odd"), 2);
	assert_int_equal(fill(x, 4, 5, &err), 0);
	assert_int_equal(lines_under(x, "odd"), 3);
	assert_int_equal(lines_under(x, "even"), 2);
	assert_int_equal(index_commit(x, &err), 0);
	assert_int_equal(lines_under(x, "odd"), 3);
	index_close(x);
}

/* Nor do its topics come in with what is written next. */
static void
topics_that_were_given_up_stay_away(void **state)
{
	struct err err = {0};

	(void)state;
	for (int reset = 0; reset < 2; reset++) {
		struct index *x = opened();

		assert_int_equal(index_begin(x, &err), 0);
		assert_int_equal(fill(x, 1, 1, &err), 0);
		assert_int_equal(index_topic(x, 1, "given up", &err), 0);
		if (reset) {
			delete_files(1);
			assert_int_equal(index_reset(x, &err), 0);
		} else {
			index_rollback(x);
		}
		filled(x, 1, 2);
		assert_int_equal(lines_under(x, "given up"), 0);
		assert_int_equal(lines_under(x, "odd"), 1);
		assert_int_equal(index_reset(x, &err), 0);
		index_close(x);
	}
}

static void
a_topic_outside_of_a_transaction_is_found(void **state)
{
	struct index *x = opened(), *y;
	struct err err = {0};

	(void)state;
	filled(x, 1, 2);
	assert_int_equal(index_topic(x, 2, "later", &err), 0);
	y = opened();
	assert_int_equal(lines_under(y, "later"), 1);
	index_close(y);
	index_close(x);
}

/* More topics than wait at once, each of them under its line. */
static void
each_of_very_many_topics_is_found(void **state)
{
	const uint64_t lines = 100000;
	struct index *x = opened();
	struct chain_mark mark, found[2];
	struct err err = {0};
	char topic[32];
	size_t count;

	(void)state;
	assert_int_equal(index_begin(x, &err), 0);
	for (uint64_t seq = 1; seq <= lines; seq++) {
		mark = mark_of(seq);
		assert_int_equal(index_add(x, &mark, &err), 0);
		snprintf(topic, sizeof(topic), "own %d", (int)seq);
		assert_int_equal(index_topic(x, seq, topic, &err), 0);
	}
	assert_int_equal(index_commit(x, &err), 0);
	for (uint64_t seq = 1; seq <= lines; seq++) {
		snprintf(topic, sizeof(topic), "own %d", (int)seq);
		assert_int_equal(index_find(x, topic, false, 0, found, 2,
		                     &count, &err),
		    0);
		assert_int_equal(count, 1);
		assert_int_equal(found[0].seq, seq);
	}
	index_close(x);
}

/* The same while a handle is open: it gives no answer until it was reset. */
static void
files_deleted_under_a_handle_are_noticed_by_each_call(void **state)
{
	struct chain_mark mark, out[4];
	size_t count;

	(void)state;
	for (unsigned which = 1; which < 8; which++)
		for (int call = 0; call < 5; call++) {
			struct index *x = opened();
			struct err err = {0};
			int ret = 0;

			assert_int_equal(index_reset(x, &err), 0);
			filled(x, 1, 5);
			if (call == 4) {
				assert_int_equal(index_begin(x, &err), 0);
				assert_int_equal(fill(x, 6, 7, &err), 0);
			}
			delete_files(which);
			if (call == 0)
				ret = index_last(x, &mark, &err);
			else if (call == 1)
				ret = index_find(x, "all", true, 0, out, 4,
				    &count, &err);
			else if (call == 2)
				ret = index_seq(x, 5, &mark, &err);
			else if (call == 3)
				ret = index_begin(x, &err);
			else
				ret = index_commit(x, &err);
			assert_int_equal(ret, -1);
			assert_true(index_damaged(x));
			assert_int_equal(index_last(x, &mark, &err), -1);
			assert_int_equal(index_reset(x, &err), 0);
			assert_false(index_damaged(x));
			assert_int_equal(last_of(x), 0);
			filled(x, 1, 3);
			assert_int_equal(last_of(x), 3);
			index_close(x);
		}
}

static void
a_reset_does_not_undo_somebody_elses(void **state)
{
	struct index *x = opened(), *y = opened();
	struct chain_mark last;
	struct err err = {0};

	(void)state;
	filled(x, 1, 5);
	assert_int_equal(index_reset(x, &err), 0);
	filled(x, 1, 4);
	assert_int_equal(index_last(y, &last, &err), -1);
	assert_int_equal(index_reset(y, &err), 0);
	assert_int_equal(last_of(y), 4);
	assert_int_equal(last_of(x), 4);
	index_close(x);
	index_close(y);
}

static void
put(const char *name, const char *data, size_t len)
{
	FILE *f = fopen(name, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
a_file_of_somebody_else_is_moved_aside_not_deleted(void **state)
{
	static const char text[] = "not an index, but dear to somebody";
	char back[sizeof(text)] = {0};
	struct index *x;
	sqlite3 *db;
	FILE *f;

	(void)state;
	put(path, text, sizeof(text));
	x = opened();
	assert_int_equal(last_of(x), 0);
	index_close(x);
	f = fopen(beside(".alien"), "rb");
	assert_non_null(f);
	assert_int_equal(fread(back, 1, sizeof(back), f), sizeof(back));
	fclose(f);
	assert_string_equal(back, text);

	/* A database with tables of the same names, but without our number. */
	unlink(path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
	                     "PRAGMA journal_mode=WAL;"
	                     "CREATE TABLE record(a); INSERT INTO record "
	                     "VALUES(1);",
	                     NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	x = opened();
	assert_int_equal(last_of(x), 0);
	index_close(x);
	assert_int_equal(sqlite3_open(beside(".alien"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "SELECT a FROM record", NULL, NULL,
	                     NULL),
	    SQLITE_OK);
	sqlite3_close(db);
}

static void
an_index_of_another_version_is_made_anew(void **state)
{
	struct index *x = opened();
	struct stat st;
	sqlite3 *db;

	(void)state;
	filled(x, 1, 5);
	index_close(x);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA application_id=0x46596900",
	                     NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	/* Leave it whole, as a program of that version would have. */
	put(beside("-wal"), "x", 1);
	put(beside("-shm"), "", 0);
	x = opened();
	assert_int_equal(last_of(x), 0);
	index_close(x);
	assert_int_equal(stat(beside(".alien"), &st), -1);
}

/* Junk over any page is reported or makes a new index, never an answer. */
static void
a_damaged_page_gives_no_wrong_answer(void **state)
{
	char junk[4096];
	struct stat st;

	(void)state;
	memset(junk, 0x5a, sizeof(junk));
	for (int page = 0; page < 6; page++) {
		struct index *x = opened();
		struct chain_mark out[8];
		struct err err = {0};
		size_t count = 0;
		int fd;

		assert_int_equal(index_reset(x, &err), 0);
		filled(x, 1, 300);
		index_close(x);
		/* All into the database, then as if it had been so always. */
		fd = open(beside("-wal"), O_RDWR | O_CLOEXEC);
		assert_true(fd >= 0);
		assert_int_equal(fstat(fd, &st), 0);
		/* The log's pages, with their headers of 24 bytes. */
		assert_true(st.st_size > 32 + (page + 1) * 4120);
		for (off_t at = 32 + page * 4120; at + 4120 <= st.st_size;
		     at += 6 * 4120)
			assert_int_equal(pwrite(fd, junk, sizeof(junk),
			                     at + 24),
			    sizeof(junk));
		close(fd);
		x = opened();
		if (index_find(x, "odd", true, 0, out, 8, &count, &err) < 0) {
			assert_true(index_damaged(x));
			assert_int_equal(index_reset(x, &err), 0);
		} else if (last_of(x) != 0) {
			assert_int_equal(count, 8);
			assert_int_equal(out[0].seq, 299);
			assert_int_equal(out[7].seq, 285);
		}
		index_close(x);
	}
}

/* An entry whose line is not known is damage, not a shorter answer. */
static void
an_entry_without_its_line_is_damage(void **state)
{
	struct index *x = opened();
	struct chain_mark out[8];
	struct err err = {0};
	size_t count;

	(void)state;
	assert_int_equal(index_begin(x, &err), 0);
	assert_int_equal(fill(x, 1, 3, &err), 0);
	assert_int_equal(index_topic(x, 7, "all", &err), 0);
	assert_int_equal(index_commit(x, &err), 0);
	assert_int_equal(index_find(x, "all", false, 0, out, 8, &count, &err),
	    -1);
	assert_int_equal(count, 0);
	assert_true(index_damaged(x));
	index_close(x);
}

/*
 * Catch up to 40 lines in small steps and ask, while somebody deletes.  An
 * answer that is given must be the whole answer for what index_last() says.
 */
static int
catch_up_and_ask(struct index *x)
{
	struct chain_mark last, out[64];
	struct err err = {0};
	size_t count;

	if (index_begin(x, &err) < 0)
		return -1;
	if (index_last(x, &last, &err) < 0 ||
	    (last.seq < 40 && fill(x, last.seq + 1, last.seq + 2, &err) < 0) ||
	    index_commit(x, &err) < 0) {
		index_rollback(x);
		return -1;
	}
	if (index_last(x, &last, &err) < 0 ||
	    index_find(x, "all", false, 0, out, 64, &count, &err) < 0)
		return -1;
	/* Others may have added since, nobody can have taken away. */
	if (count < last.seq || (count > 0 && out[count - 1].seq != count))
		_exit(7);
	return 0;
}

static void
several_processes_and_a_deleter_never_get_a_wrong_answer(void **state)
{
	enum {
		PROCESSES = 6,
		ROUNDS = 60
	};
	int status;

	(void)state;
	for (int n = 0; n < PROCESSES; n++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid != 0)
			continue;
		for (int round = 0; round < ROUNDS; round++) {
			struct index *x = NULL;
			struct err err = {0};

			if (index_open(&x, path, &err) < 0)
				continue;
			for (int i = 0; i < 4; i++)
				if (catch_up_and_ask(x) < 0 &&
				    index_damaged(x) &&
				    index_reset(x, &err) < 0)
					break;
			index_close(x);
			if (n == 0)
				delete_files(1u + (unsigned)round % 7);
		}
		_exit(0);
	}
	for (int n = 0; n < PROCESSES; n++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_dir, no_dir)
	const struct CMUnitTest tests[] = {
	    test(a_new_index_is_empty),
	    test(what_was_added_is_found_by_topic_in_both_orders),
	    test(what_was_rolled_back_is_not_there),
	    test(a_writer_finds_what_it_has_not_committed),
	    test(topics_that_were_given_up_stay_away),
	    test(a_topic_outside_of_a_transaction_is_found),
	    test(each_of_very_many_topics_is_found),
	    test(a_line_twice_means_that_the_index_is_wrong),
	    test(a_second_writer_waits_and_is_told),
	    test(the_log_is_kept_short),
	    test(files_have_their_mode_whatever_the_umask),
	    test(files_deleted_while_closed_make_a_new_index),
	    test(an_emptied_log_makes_a_new_index),
	    test(files_deleted_under_a_handle_are_noticed_by_each_call),
	    test(a_reset_does_not_undo_somebody_elses),
	    test(a_file_of_somebody_else_is_moved_aside_not_deleted),
	    test(an_index_of_another_version_is_made_anew),
	    test(a_damaged_page_gives_no_wrong_answer),
	    test(an_entry_without_its_line_is_damage),
	    test(several_processes_and_a_deleter_never_get_a_wrong_answer),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
