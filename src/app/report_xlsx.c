/*
 * changes.xlsx: changes, exceptions, emergencies and what the pack is, for
 * those who open a workbook.  Written by foureyes-workbook, which lies beside
 * foureyes, from the cells of the tables as they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/program.h"
#include "app/workbook.h"
#include "base/text.h"
#include "app/report_inside.h"

#define FILE_NAME "changes.xlsx"

static void
put(FILE *out, const char *field)
{
	(void)fputs(field == NULL ? "" : field, out);
	(void)putc('\0', out);
}

static void
put_number(FILE *out, uint64_t number)
{
	(void)fprintf(out, "%" PRIu64, number);
	(void)putc('\0', out);
}

static bool
is_one_of(const char *name, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

static char
kind_of(const char *column)
{
	static const char *const instants[] = {"time", "decided", "deployed",
	    "review_due", "reviewed", "due", "closed", NULL};
	static const char *const numbers[] = {"decision_seq", "landing_seq",
	    "review_seq", "commits", "record", "closed_by", NULL};

	return is_one_of(column, instants) ? 'i'
	    : is_one_of(column, numbers)   ? 'n'
	                                   : 't';
}

struct sheet {
	FILE *out;
	size_t columns;
};

static int
put_row(const char *const *cells, void *ctx, struct err *err)
{
	struct sheet *s = ctx;

	(void)err;
	put(s->out, "row");
	for (size_t i = 0; i < s->columns; i++)
		put(s->out, cells[i]);
	return 0;
}

static int
put_table(FILE *out, struct table *t, struct err *err)
{
	struct sheet sheet = {.out = out, .columns = t->count};

	put(out, "sheet");
	put(out, t->name);
	put_number(out, t->count);
	for (size_t i = 0; i < t->count; i++) {
		(void)putc(kind_of(t->columns[i]), out);
		put(out, t->columns[i]);
	}
	return table_replay(t, put_row, &sheet, err);
}

static void
put_pair(FILE *out, const char *what, const char *is)
{
	put(out, "row");
	put(out, what);
	put(out, is);
}

static void
put_instant(FILE *out, const char *what, int64_t instant)
{
	char text[TEXT_INSTANT_SIZE] = "";

	text_instant(text, instant);
	put_pair(out, what, text);
}

static void
put_count(FILE *out, const char *what, uint64_t count)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%" PRIu64, count);
	put_pair(out, what, digits);
}

static void
put_state(FILE *out, const struct making *m)
{
	static const char *const words[] = {"not known", "no", "yes"};
	const struct report *r = &m->report;

	put_pair(out, "unaltered", r->altered == NULL ? "yes" : "no");
	if (r->altered != NULL)
		put_pair(out, "THE LEDGER DOES NOT VERIFY", r->altered);
	put_pair(out, "uncut", words[m->is_uncut]);
	put_pair(out, "log, Git and pack reconcile",
	    m->mismatch ? "no" : "yes");
	put_pair(out, "enforced",
	    m->counts.observed > 0 ? "not all of it: see mode" : "yes");
}

static void
put_about(FILE *out, const struct making *m)
{
	const struct report *r = &m->report;

	put(out, "sheet");
	put(out, "about");
	put_number(out, 2);
	put(out, "twhat");
	put(out, "tis");
	put_pair(out, "origin", r->origin);
	put_instant(out, "from", r->asked.from);
	put_instant(out, "to (not included)", r->asked.to);
	put_count(out, "as of record", r->until);
	put_instant(out, "time of that record", r->at);
	if (r->at < r->asked.to)
		put_pair(out, "incomplete",
		    "the period had not ended at the newest record");
	put_state(out, m);
	put_count(out, "changes", m->tables[TABLE_CHANGES].rows);
	put_count(out, "exceptions", m->tables[TABLE_EXCEPTIONS].rows);
	put_count(out, "emergencies", m->tables[TABLE_EMERGENCIES].rows);
	put_pair(out, "times", "UTC");
	put_pair(out, "cells",
	    "texts as the records have them, never formulas; the CSV files "
	    "are the evidence, and this workbook is made from the same rows");
}

static int
put_all(struct making *m, FILE *out, struct err *err)
{
	static const enum report_table tables[] = {TABLE_CHANGES,
	    TABLE_EXCEPTIONS, TABLE_EMERGENCIES};
	char at[TEXT_INSTANT_SIZE];

	text_instant(at, m->report.at);
	put(out, WORKBOOK_MAGIC);
	put(out, "Change management evidence");
	put(out, at);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (put_table(out, &m->tables[tables[i]], err) < 0)
			return -1;
	put_about(out, m);
	put(out, "end");
	errno = 0;
	if (fflush(out) != 0 || ferror(out) != 0 ||
	    fseeko(out, 0, SEEK_SET) < 0)
		return err_errno(err, "the cells of '" FILE_NAME "'");
	return 0;
}

/*
 * With the user who ran the command, not the one whose hand writes the pack: of
 * a program whose two users differ, /proc/self/fd is root's.
 */
static int
start(const char *program, int in, int out, pid_t *pid, struct err *err)
{
	char *argv[] = {(char *)WORKBOOK_PROGRAM, NULL};
	char *environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t as;
	int failed;

	if (posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawnattr_init(&as) != 0)
		err_fatal("out of memory");
	failed = posix_spawnattr_setflags(&as, POSIX_SPAWN_RESETIDS);
	if (failed == 0)
		failed = posix_spawn_file_actions_adddup2(&actions, in, 0);
	if (failed == 0)
		failed = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (failed == 0)
		failed =
		    posix_spawn(pid, program, &actions, &as, argv, environment);
	(void)posix_spawnattr_destroy(&as);
	(void)posix_spawn_file_actions_destroy(&actions);
	errno = failed;
	return failed == 0 ? 0
	                   : err_errno(err,
	                         "cannot run '%s', which belongs beside "
	                         "foureyes and writes " FILE_NAME,
	                         program);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 0: it ended; -1: it had to be, or cannot be waited for. */
static int
await(pid_t pid, const char *program, int *status, struct err *err)
{
	const struct timespec nap = {0, 5L * 1000 * 1000};
	const int64_t end = now_ms() + REPORT_WORKBOOK_PATIENCE;

	for (;;) {
		pid_t ended = waitpid(pid, status, WNOHANG);

		if (ended == pid)
			return 0;
		if (ended < 0 && errno != EINTR)
			return err_errno(err, WORKBOOK_PROGRAM);
		if (now_ms() >= end)
			break;
		(void)nanosleep(&nap, NULL);
	}
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		continue;
	return err_set(err, ERR_SYSTEM,
	    "'%s' took longer than %d minutes over '" FILE_NAME
	    "' and was ended",
	    program, REPORT_WORKBOOK_PATIENCE / 60000);
}

static int
run(const char *program, int in, int out, struct err *err)
{
	pid_t pid = -1;
	int status = 0;

	if (start(program, in, out, &pid, err) < 0 ||
	    await(pid, program, &status, err) < 0)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0
	    ? 0
	    : err_set(err, ERR_SYSTEM,
	          "'" FILE_NAME "' could not be written: see what '%s' said",
	          program);
}

int
workbook_write(struct making *m, struct err *err)
{
	const char *program = program_beside(&m->report.pool, WORKBOOK_PROGRAM);
	FILE *cells = NULL, *file = NULL;
	int ret;

	if (pack_scratch(&m->pack, &cells, err) < 0)
		return -1;
	ret = put_all(m, cells, err);
	if (ret == 0)
		ret = pack_open(&m->pack, FILE_NAME, &file, err);
	if (ret == 0)
		ret = run(program, fileno(cells), fileno(file), err);
	(void)fclose(cells);
	if (file == NULL)
		return ret;
	if (ret < 0) {
		(void)fclose(file);
		return ret;
	}
	return pack_shut(&m->pack, FILE_NAME, file, err);
}
