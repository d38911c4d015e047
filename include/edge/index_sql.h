/*
 * index_sql - what SQLite is told, for src/edge/index.c alone.
 *
 * record: where each line lies.  entry: topic (64 bits of its hash) to lines;
 * WITHOUT ROWID, so that a find reads one stretch of one tree.  Another schema
 * needs another INDEX_SCHEMA_ID; an index with a lower one is made anew.
 */
#ifndef EDGE_INDEX_SQL_H
#define EDGE_INDEX_SQL_H

/* SQLite's application_id: "FYi" and the schema's version. */
#define INDEX_SCHEMA_ID 0x46596904
#define INDEX_MAGIC                                                            \
	{                                                                      \
		'F', 'Y', 'i'                                                  \
	}

enum index_sql {
	SQL_ID,
	SQL_LAST,
	SQL_SEQ,
	SQL_UP,
	SQL_DOWN,
	SQL_ADD,
	SQL_TOPIC,
	SQL_READ,
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_COUNT
};

extern const char *const index_sql[SQL_COUNT];
/*
 * For an empty database, still under another name.  Not synced: with the power
 * gone it is damaged, and a damaged one is made anew.
 */
extern const char index_sql_schema[];
/* The same of one that is filled before it gets its name, and its end. */
extern const char index_sql_bulk_begin[], index_sql_bulk_end[];
/* A commit of any kind, after which log and shared memory are there. */
extern const char index_sql_any_commit[];
/*
 * For writers.  A commit may be lost with the power: it is in the ledger.  A
 * log that begins anew is cut to its length.
 */
extern const char index_sql_tuning[];

#endif
