/*
 * index_db - the open database, for src/edge/index*.c alone.
 *
 * Opening, making anew, statements prepared once, and what an error of SQLite
 * means for the index.
 */
#ifndef EDGE_INDEX_DB_H
#define EDGE_INDEX_DB_H

#include "edge/index.h"
#include "edge/index_set.h"
#include "edge/index_sql.h"

struct sqlite3;
struct sqlite3_stmt;

/* A topic of a line that is not yet written; 1 MiB of them at most wait. */
#define INDEX_WAITING ((size_t)64 << 10)

struct index_entry {
	int64_t topic;
	int64_t seq;
};

struct index {
	struct index_set set;
	struct sqlite3 *db; /* NULL when it could not be opened again */
	struct sqlite3_stmt *statement[SQL_COUNT];
	bool damaged, full;
	bool tuned; /* as a writer */
	/*
	 * What is asked between two looks at the newest line is answered from
	 * one state of the index, and that set of files is looked at once.
	 */
	bool reading, checked;
	/*
	 * A writer's: written in the order of topics, before anything is looked
	 * for and before the commit.  A topic goes anywhere in a tree, so many
	 * that are sorted touch each page of it once.
	 */
	struct index_entry *waiting;
	size_t waiting_count, waiting_room;
};

/* Say what SQLite's `rc` means; returns -1, and the index may be damaged. */
int index_fail(struct index *x, int rc, struct err *err);
/* What was read or written counts only if the set is still the one there. */
int index_check(struct index *x, struct err *err) must_check;
/* NULL with `err` set when it cannot be had. */
struct sqlite3_stmt *index_statement(struct index *x, enum index_sql which,
    struct err *err);
/*
 * Put the database `name`, whole and closed, in place of what is there, unless
 * that knows the line `seq` too; and open what is there then.
 */
int index_put(struct index *x, const char *name, uint64_t seq,
    struct err *err) must_check;
int index_execute(struct index *x, const char *text,
    struct err *err) must_check;

#endif
