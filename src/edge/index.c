#include "edge/index.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "edge/index_db.h"

/*
 * Some 120 pages.  Each hook that has the index for itself reads them all, at
 * a microsecond a page; copying them waits for the disk four times.  Where a
 * hook adds four pages, half a megabyte costs both together the least.
 */
#define LOG_MOST (512 << 10)

/* Run a statement that gives no rows. */
static int
run(struct index *x, sqlite3_stmt *s, struct err *err)
{
	int rc = sqlite3_step(s);

	sqlite3_reset(s);
	return rc == SQLITE_DONE ? 0 : index_fail(x, rc, err);
}

static void
end_reading(struct index *x)
{
	if (x->reading)
		index_rollback(x);
}

/* From here on one state is read, unless a writer reads what it writes. */
static int
begin_reading(struct index *x, struct err *err)
{
	sqlite3_stmt *s;

	if (x->db == NULL || !sqlite3_get_autocommit(x->db))
		return 0;
	s = index_statement(x, SQL_READ, err);
	if (!s || run(x, s, err) < 0)
		return -1;
	x->reading = true;
	x->checked = false;
	return 0;
}

/* That the set read from is the one there: once for what is read as one. */
static int
check_once(struct index *x, struct err *err)
{
	if (x->reading && x->checked)
		return 0;
	if (index_check(x, err) < 0)
		return -1;
	x->checked = x->reading;
	return 0;
}

static int
read_mark(struct index *x, sqlite3_stmt *s, struct chain_mark *mark,
    struct err *err)
{
	/* NULL where an entry's line is missing. */
	if (sqlite3_column_bytes(s, 4) != DIGEST_SIZE)
		return index_fail(x, SQLITE_CORRUPT, err);
	mark->seq = (uint64_t)sqlite3_column_int64(s, 0);
	mark->segment = (uint64_t)sqlite3_column_int64(s, 1);
	mark->offset = (uint64_t)sqlite3_column_int64(s, 2);
	mark->length = (uint64_t)sqlite3_column_int64(s, 3);
	memcpy(mark->digest, sqlite3_column_blob(s, 4), DIGEST_SIZE);
	return 0;
}

/* The marks that a statement gives, at most `room`. */
static int
read_marks(struct index *x, sqlite3_stmt *s, struct chain_mark *out,
    size_t room, size_t *count, struct err *err)
{
	int rc = SQLITE_DONE, ret = 0;

	*count = 0;
	while (*count < room && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		ret = read_mark(x, s, &out[*count], err);
		if (ret < 0)
			break;
		++*count;
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		ret = index_fail(x, rc, err);
	sqlite3_reset(s);
	if (ret == 0)
		ret = check_once(x, err);
	if (ret < 0) {
		end_reading(x);
		*count = 0;
	}
	return ret;
}

static void
more_room(struct index *x)
{
	x->waiting_room = x->waiting_room == 0 ? 64 : x->waiting_room * 2;
	x->waiting = realloc(x->waiting, x->waiting_room * sizeof(*x->waiting));
	if (x->waiting == NULL)
		err_fatal("out of memory");
}

static int
by_topic(const void *a, const void *b)
{
	const struct index_entry *x = a, *y = b;

	if (x->topic != y->topic)
		return x->topic < y->topic ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* The topics that wait, into the transaction that is open. */
static int
write_waiting(struct index *x, struct err *err)
{
	sqlite3_stmt *s = index_statement(x, SQL_TOPIC, err);
	size_t count = x->waiting_count;

	if (!s)
		return -1;
	if (count > 0)
		qsort(x->waiting, count, sizeof(*x->waiting), by_topic);
	for (size_t i = 0; i < count; i++) {
		sqlite3_bind_int64(s, 1, x->waiting[i].topic);
		sqlite3_bind_int64(s, 2, x->waiting[i].seq);
		if (run(x, s, err) < 0)
			return -1;
	}
	x->waiting_count = 0;
	return 0;
}

int64_t
index_topic_number(const char *topic)
{
	unsigned char digest[DIGEST_SIZE];
	int64_t number;

	digest_sha256(digest, topic, strlen(topic));
	memcpy(&number, digest, sizeof(number));
	return number;
}

int
index_find(struct index *x, const char *topic, bool newest_first,
    uint64_t beyond, struct chain_mark *out, size_t room, size_t *count,
    struct err *err)
{
	enum index_sql which = newest_first ? SQL_DOWN : SQL_UP;
	sqlite3_stmt *s = index_statement(x, which, err);

	if (newest_first && beyond == 0)
		beyond = CHAIN_SEQ_MAX;
	if (!s || begin_reading(x, err) < 0 ||
	    (x->waiting_count > 0 && write_waiting(x, err) < 0))
		return -1;
	sqlite3_bind_int64(s, 1, index_topic_number(topic));
	sqlite3_bind_int64(s, 2, (int64_t)beyond);
	sqlite3_bind_int64(s, 3, (int64_t)room);
	return read_marks(x, s, out, room, count, err);
}

/* SQL_LAST has no place for `seq`, and SQLite passes it over. */
static int
read_one(struct index *x, enum index_sql which, uint64_t seq,
    struct chain_mark *mark, struct err *err)
{
	sqlite3_stmt *s = index_statement(x, which, err);
	size_t count;

	*mark = (struct chain_mark){0};
	if (!s || begin_reading(x, err) < 0)
		return -1;
	sqlite3_bind_int64(s, 1, (int64_t)seq);
	return read_marks(x, s, mark, 1, &count, err);
}

int
index_seq(struct index *x, uint64_t seq, struct chain_mark *mark,
    struct err *err)
{
	return read_one(x, SQL_SEQ, seq, mark, err);
}

int
index_last(struct index *x, struct chain_mark *last, struct err *err)
{
	end_reading(x);
	return read_one(x, SQL_LAST, 0, last, err);
}

int
index_begin(struct index *x, struct err *err)
{
	sqlite3_stmt *s;

	end_reading(x);
	s = index_statement(x, SQL_BEGIN, err);
	if (!s)
		return -1;
	if (!x->tuned && index_execute(x, index_sql_tuning, err) < 0)
		return -1;
	x->tuned = true;
	if (run(x, s, err) < 0)
		return -1;
	if (index_check(x, err) == 0)
		return 0;
	index_rollback(x);
	return -1;
}

int
index_add(struct index *x, const struct chain_mark *mark, struct err *err)
{
	sqlite3_stmt *s = index_statement(x, SQL_ADD, err);

	if (!s)
		return -1;
	sqlite3_bind_int64(s, 1, (int64_t)mark->seq);
	sqlite3_bind_int64(s, 2, (int64_t)mark->segment);
	sqlite3_bind_int64(s, 3, (int64_t)mark->offset);
	sqlite3_bind_int64(s, 4, (int64_t)mark->length);
	sqlite3_bind_blob(s, 5, mark->digest, DIGEST_SIZE, SQLITE_STATIC);
	return run(x, s, err);
}

int
index_topic(struct index *x, uint64_t seq, const char *topic, struct err *err)
{
	if (x->waiting_count == INDEX_WAITING && write_waiting(x, err) < 0)
		return -1;
	if (x->waiting_count == x->waiting_room)
		more_room(x);
	x->waiting[x->waiting_count++] =
	    (struct index_entry){index_topic_number(topic), (int64_t)seq};
	/* Outside of a transaction nothing else would write it. */
	return x->db && !sqlite3_get_autocommit(x->db) ? 0
	                                               : write_waiting(x, err);
}

/*
 * Whoever opens the index while nobody else has it open reads the whole log:
 * so it is kept short.  Copied into the database, it begins anew with the next
 * commit.  Where others are reading, another commit will do it.
 */
static void
shorten_log(struct index *x)
{
	sqlite3_busy_timeout(x->db, 0);
	if (sqlite3_wal_checkpoint_v2(x->db, NULL, SQLITE_CHECKPOINT_RESTART,
	        NULL, NULL) == SQLITE_OK)
		sqlite3_exec(x->db, index_sql_any_commit, NULL, NULL, NULL);
	index_rollback(x);
	sqlite3_busy_timeout(x->db, INDEX_WAIT);
}

int
index_commit(struct index *x, struct err *err)
{
	sqlite3_stmt *s = index_statement(x, SQL_COMMIT, err);

	if (!s)
		return -1;
	if (write_waiting(x, err) < 0 || run(x, s, err) < 0) {
		index_rollback(x);
		return -1;
	}
	if (index_set_log_size(&x->set) > LOG_MOST)
		shorten_log(x);
	return index_check(x, err);
}

void
index_rollback(struct index *x)
{
	if (x->db && !sqlite3_get_autocommit(x->db))
		sqlite3_exec(x->db, "ROLLBACK", NULL, NULL, NULL);
	x->reading = x->checked = false;
	x->waiting_count = 0;
}
