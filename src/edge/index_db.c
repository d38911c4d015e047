#include "edge/index_db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const unsigned char magic[3] = INDEX_MAGIC;

int
index_fail(struct index *x, int rc, struct err *err)
{
	int kind = rc & 0xff;

	if (kind == SQLITE_NOMEM)
		err_fatal("out of memory");
	if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED)
		return err_set(err, ERR_UNREACHABLE,
		    "index '%s' was held by somebody else for %d ms",
		    x->set.name[0], INDEX_WAIT);
	if (kind == SQLITE_FULL)
		x->full = true;
	if (kind != SQLITE_FULL && kind != SQLITE_READONLY &&
	    kind != SQLITE_PERM)
		x->damaged = true;
	return err_set(err, ERR_SYSTEM, "index '%s': %s", x->set.name[0],
	    sqlite3_errstr(rc));
}

/* What was read or written counts only if the set is still the one there. */
int
index_check(struct index *x, struct err *err)
{
	if (index_set_same(&x->set))
		return 0;
	x->damaged = true;
	return err_set(err, ERR_SYSTEM,
	    "index '%s' was deleted or replaced while it was in use",
	    x->set.name[0]);
}

/* Prepared once; NULL with `err` set when that cannot be. */
sqlite3_stmt *
index_statement(struct index *x, enum index_sql which, struct err *err)
{
	sqlite3_stmt **s = &x->statement[which];
	int rc = SQLITE_OK;

	if (!x->db || x->damaged) {
		index_fail(x, SQLITE_CORRUPT, err);
		return NULL;
	}
	if (!*s)
		rc = sqlite3_prepare_v2(x->db, index_sql[which], -1, s, NULL);
	if (rc != SQLITE_OK)
		index_fail(x, rc, err);
	return *s;
}

int
index_execute(struct index *x, const char *text, struct err *err)
{
	int rc = sqlite3_exec(x->db, text, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : index_fail(x, rc, err);
}

static void
close_db(struct index *x)
{
	for (int i = 0; i < SQL_COUNT; i++) {
		sqlite3_finalize(x->statement[i]);
		x->statement[i] = NULL;
	}
	sqlite3_close(x->db);
	x->db = NULL;
	x->tuned = x->reading = x->checked = false;
	x->waiting_count = 0;
}

static int
connect_to(struct index *x, const char *path, bool keep, struct err *err)
{
	int yes = 1;
	int rc = sqlite3_open_v2(path, &x->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc != SQLITE_OK)
		return index_fail(x, rc, err);
	sqlite3_busy_timeout(x->db, INDEX_WAIT);
	if (!keep)
		return 0;
	/* index_commit() does that. */
	sqlite3_wal_autocheckpoint(x->db, 0);
	/* Neither closing nor the last one to close takes files away. */
	sqlite3_file_control(x->db, NULL, SQLITE_FCNTL_PERSIST_WAL, &yes);
	sqlite3_db_config(x->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return 0;
}

/* Is the database one of ours?  Reading it makes SQLite open all files. */
static int
check_id(struct index *x, bool *ours, struct err *err)
{
	sqlite3_stmt *s = index_statement(x, SQL_ID, err);
	int rc, ret = 0;

	if (!s)
		return -1;
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		*ours = sqlite3_column_int(s, 0) == INDEX_SCHEMA_ID;
	else
		ret = index_fail(x, rc, err);
	sqlite3_reset(s);
	return ret;
}

/* 1: open; 0: there is none that is any good; -1: it could not be found out. */
static int
open_set(struct index *x, struct err *err)
{
	struct err cause;
	bool ours = false;
	int ret = 0;

	x->damaged = false;
	if (index_set_pin(&x->set)) {
		if (connect_to(x, x->set.name[0], true, &cause) == 0 &&
		    check_id(x, &ours, &cause) == 0)
			ret = ours && index_set_same(&x->set);
		else if (!x->damaged) {
			*err = cause;
			ret = -1;
		}
	}
	index_set_unpin(&x->set);
	if (ret != 1)
		close_db(x);
	return ret;
}

/* An empty database under another name, whole before it gets its own. */
static int
make_database(struct index *x, const char *name, struct err *err)
{
	int ret;

	if (index_set_file(name, err) < 0)
		return -1;
	ret = connect_to(x, name, false, err);
	if (ret == 0)
		ret = index_execute(x, index_sql_schema, err);
	close_db(x);
	return ret;
}

/* Give a database that is whole its name, and make its set. */
static int
name_database(struct index *x, const char *name, struct err *err)
{
	int ret;

	if (rename(name, x->set.name[0]) < 0)
		return err_errno(err, "index '%s'", x->set.name[0]);
	ret = connect_to(x, x->set.name[0], true, err);
	if (ret == 0)
		ret = index_execute(x, index_sql_tuning, err);
	if (ret == 0)
		ret = index_execute(x, index_sql_any_commit, err);
	close_db(x);
	return ret;
}

static int
make_set(struct index *x, struct err *err)
{
	char name[sizeof(x->set.name[0]) + 16];
	int ret;

	snprintf(name, sizeof(name), "%s-new%d", x->set.name[0], (int)getpid());
	if (index_set_remove(&x->set, magic, err) < 0)
		return -1;
	ret = make_database(x, name, err);
	if (ret == 0)
		ret = name_database(x, name, err);
	if (ret < 0)
		unlink(name);
	return ret;
}

/* Is the set that lies there as good as one that knows `seq`? */
static bool
knows(struct index *x, uint64_t seq)
{
	struct chain_mark last;
	struct err ignored = {0};

	return open_set(x, &ignored) == 1 &&
	    index_last(x, &last, &ignored) == 0 && last.seq >= seq;
}

int
index_put(struct index *x, const char *name, uint64_t seq, struct err *err)
{
	int lock, ret = 0;

	close_db(x);
	if (index_set_lock(&x->set, &lock, err) < 0)
		return -1;
	if (!knows(x, seq)) {
		close_db(x);
		ret = index_set_remove(&x->set, magic, err);
		if (ret == 0)
			ret = name_database(x, name, err);
		if (ret == 0 && (ret = open_set(x, err)) == 0)
			ret = err_set(err, ERR_SYSTEM,
			    "index '%s' was deleted while it was made",
			    x->set.name[0]);
	}
	close(lock);
	return ret < 0 ? -1 : 0;
}

/*
 * Open what is there, or make it anew under the lock.  `unwanted`: what is
 * there is to go, unless somebody has put a new one there meanwhile.
 */
static int
open_or_make(struct index *x, bool unwanted, struct err *err)
{
	int lock, ret;

	if (!unwanted && (ret = open_set(x, err)) != 0)
		return ret < 0 ? -1 : 0;
	if (index_set_lock(&x->set, &lock, err) < 0)
		return -1;
	ret = unwanted && index_set_same(&x->set) ? 0 : open_set(x, err);
	if (ret == 0) {
		ret = make_set(x, err);
		if (ret == 0 && (ret = open_set(x, err)) == 0)
			ret = err_set(err, ERR_SYSTEM,
			    "index '%s' was deleted while it was made",
			    x->set.name[0]);
	}
	close(lock);
	return ret < 0 ? -1 : 0;
}

int
index_open(struct index **out, const char *path, struct err *err)
{
	struct index *x = calloc(1, sizeof(*x));

	if (!x)
		err_fatal("out of memory");
	if (index_set_name(&x->set, path, err) < 0 ||
	    open_or_make(x, false, err) < 0) {
		index_close(x);
		return -1;
	}
	*out = x;
	return 0;
}

void
index_close(struct index *x)
{
	if (!x)
		return;
	close_db(x);
	free(x->waiting);
	free(x);
}

bool
index_was_full(const struct index *x)
{
	return x->full;
}

bool
index_damaged(const struct index *x)
{
	return x->damaged;
}

int
index_reset(struct index *x, struct err *err)
{
	close_db(x);
	return open_or_make(x, true, err);
}
