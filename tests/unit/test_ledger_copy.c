/* A ledger that is copied, and stopped at every step of it. */
#include "test_ledger.h"

#include "edge/ledger_copy.h"

/* The call of the system at which the process dies; 0: at none. */
static int dies_at;

static void
step(void)
{
	if (dies_at > 0 && --dies_at == 0)
		_exit(9);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	step();
	return (int)syscall(SYS_renameat, from_dir, from, to_dir, to);
}

int
unlinkat(int at, const char *name, int flags)
{
	step();
	return (int)syscall(SYS_unlinkat, at, name, flags);
}

int
mkdirat(int at, const char *name, mode_t mode)
{
	step();
	return (int)syscall(SYS_mkdirat, at, name, mode);
}

int
fsync(int fd)
{
	step();
	return (int)syscall(SYS_fsync, fd);
}

/* The source has three segments of two lines. */
static void
fill(void)
{
	struct ledger *l = opened(LEDGER_APPEND);
	const struct ledger_body body = {"\"type\":\"opened\"}", 16};
	struct err err = {0};

	for (int i = 0; i < 6; i++) {
		ledger_segment_size(l, i % 2 == 0 ? 1 : 1000000);
		assert_int_equal(ledger_append(l, &body, 1, NOON, NULL, &err),
		    0);
	}
	ledger_close(l);
}

static int
add(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	return ledger_copy_line(ctx, mark, line, len, err);
}

static int
copy_to(const char *place, bool *whole, struct err *err)
{
	struct ledger *l = opened(LEDGER_READ);
	struct buf note = {0};
	struct ledger_copy *c;
	int ret = ledger_copy_begin(&c, place, whole, err);

	buf_put(&note, "a note\n");
	if (ret == 0 && !*whole) {
		ret = ledger_walk(l, NULL, add, c, NULL, err);
		if (ret == 0)
			ret = ledger_copy_file(c, "checkpoint", &note, err);
		if (ret == 0)
			ret = ledger_copy_file(c, "checkpoints/1", &note, err);
		if (ret == 0)
			ret = ledger_copy_end(c, err);
	}
	ledger_copy_close(c);
	buf_free(&note);
	ledger_close(l);
	return ret;
}

static int
count(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	size_t *n = ctx;

	(void)mark;
	(void)line;
	(void)len;
	(void)err;
	++*n;
	return 0;
}

/* All that is there, and nothing left lying. */
static void
assert_whole(const char *place)
{
	struct ledger *l;
	struct err err = {0};
	struct stat st;
	char path[400];
	size_t lines = 0;

	assert_int_equal(ledger_open(&l, place, LEDGER_READ, &err), 0);
	assert_int_equal(ledger_walk(l, NULL, count, &lines, NULL, &err), 0);
	assert_int_equal(lines, 6);
	ledger_close(l);
	snprintf(path, sizeof(path), "%s/00000000000000000003.jsonl", place);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	snprintf(path, sizeof(path), "%s/checkpoints/1", place);
	assert_int_equal(stat(path, &st), 0);
	snprintf(path, sizeof(path), "%s/" LEDGER_COPY_NAME, place);
	assert_int_equal(stat(path, &st), -1);
}

static void
a_copy_that_died_at_any_step_is_all_there_the_next_time(void **state)
{
	struct err err = {0};
	bool whole, went_on = false, anew = false;
	int status = 9, steps = 0;

	(void)state;
	fill();
	while (status != 0) {
		char place[400];
		pid_t child;

		snprintf(place, sizeof(place), "%s/copy%d", dir, ++steps);
		child = fork();
		if (child == 0) {
			dies_at = steps;
			_exit(copy_to(place, &whole, &err) == 0 ? 0 : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		status = WEXITSTATUS(status);
		assert_int_not_equal(status, 1);
		if (status == 0) {
			assert_whole(place);
			break;
		}
		/* Of a copy that is whole and in its place no trace stays. */
		if (copy_to(place, &whole, &err) == 0) {
			went_on = went_on || whole;
			anew = anew || !whole;
		} else {
			assert_int_equal(err.kind, ERR_INPUT);
		}
		assert_whole(place);
		assert_true(steps < 100);
	}
	assert_true(went_on);
	assert_true(anew);
}

static void
a_place_that_holds_lines_is_left_alone(void **state)
{
	struct err err = {0};
	struct seen s;
	bool whole;

	(void)state;
	fill();
	assert_int_equal(copy_to(dir, &whole, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	walked(&s);
	assert_int_equal(s.count, 6);
}

static void
a_checkpoint_without_lines_is_not_written_over(void **state)
{
	struct err err = {0};
	char place[400], path[500];
	FILE *f;
	bool whole;

	(void)state;
	fill();
	snprintf(place, sizeof(place), "%s/copy", dir);
	snprintf(path, sizeof(path), "%s/checkpoint", place);
	assert_int_equal(mkdir(place, 0770), 0);
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(copy_to(place, &whole, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(copy_to(place, &whole, &err), 0);
	assert_whole(place);
}

static void
an_empty_ledger_is_a_place(void **state)
{
	struct err err = {0};
	char place[400];
	bool whole;

	(void)state;
	fill();
	snprintf(place, sizeof(place), "%s/copy", dir);
	assert_int_equal(ledger_create(place, &err), 0);
	assert_int_equal(copy_to(place, &whole, &err), 0);
	assert_whole(place);
}

static void
who_copies_is_alone(void **state)
{
	struct ledger_copy *one, *other;
	struct err err = {0};
	struct stat st;
	char place[400], path[500];
	bool whole;

	(void)state;
	snprintf(place, sizeof(place), "%s/copy", dir);
	assert_int_equal(ledger_copy_begin(&one, place, &whole, &err), 0);
	assert_int_equal(ledger_copy_begin(&other, place, &whole, &err), -1);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	/* Who is turned away takes nothing of it with him. */
	snprintf(path, sizeof(path), "%s/" LEDGER_COPY_NAME, place);
	assert_int_equal(stat(path, &st), 0);
	ledger_copy_close(one);
	assert_int_equal(ledger_copy_begin(&other, place, &whole, &err), 0);
	ledger_copy_close(other);
}

static int
drop_below(const char *path)
{
	struct dirent *entry;
	DIR *d = opendir(path);

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char below[600];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		if (unlink(below) < 0)
			drop_below(below);
	}
	if (d != NULL)
		closedir(d);
	return rmdir(path);
}

static int
no_copies(void **state)
{
	(void)state;
	return drop_below(dir);
}

int
main(void)
{
#define test(f) cmocka_unit_test_setup_teardown(f, new_ledger, no_copies)
	const struct CMUnitTest tests[] = {
	    test(a_copy_that_died_at_any_step_is_all_there_the_next_time),
	    test(a_place_that_holds_lines_is_left_alone),
	    test(a_checkpoint_without_lines_is_not_written_over),
	    test(an_empty_ledger_is_a_place),
	    test(who_copies_is_alone),
	};

	return cmocka_run_group_tests_name("ledger_copy", tests, NULL, NULL);
}
