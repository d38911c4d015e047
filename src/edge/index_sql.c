#include "edge/index_sql.h"

#define TABLES                                                                 \
	"CREATE TABLE record(seq INTEGER PRIMARY KEY, segment INTEGER NOT "    \
	"NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,"              \
	" digest BLOB NOT NULL);"                                              \
	"CREATE TABLE entry(topic INTEGER NOT NULL, seq INTEGER NOT NULL,"     \
	" PRIMARY KEY(topic, seq)) WITHOUT ROWID;"                             \
	"PRAGMA application_id=0x46596904;"

const char index_sql_schema[] =
    "PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL;"
    "BEGIN IMMEDIATE;" TABLES "COMMIT;";

const char index_sql_bulk_begin[] =
    "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;"
    "PRAGMA cache_size=-2000; BEGIN IMMEDIATE;" TABLES;

const char index_sql_bulk_end[] = "COMMIT; PRAGMA journal_mode=WAL;";

const char index_sql_any_commit[] =
    "BEGIN IMMEDIATE; PRAGMA user_version=1; COMMIT;";

const char index_sql_tuning[] =
    "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
    "PRAGMA journal_size_limit=0;";

#define COLUMNS "r.seq, r.segment, r.offset, r.length, r.digest "
#define FOUND                                                                  \
	"SELECT " COLUMNS "FROM entry e LEFT JOIN record r ON r.seq = e.seq "  \
	"WHERE e.topic = ?1 "

const char *const index_sql[SQL_COUNT] = {
    [SQL_ID] = "PRAGMA application_id",
    [SQL_LAST] = "SELECT " COLUMNS "FROM record r ORDER BY r.seq DESC LIMIT 1",
    [SQL_SEQ] = "SELECT " COLUMNS "FROM record r WHERE r.seq = ?1",
    [SQL_UP] = FOUND "AND e.seq > ?2 ORDER BY e.seq LIMIT ?3",
    [SQL_DOWN] = FOUND "AND e.seq < ?2 ORDER BY e.seq DESC LIMIT ?3",
    [SQL_ADD] = "INSERT INTO record VALUES(?1, ?2, ?3, ?4, ?5)",
    [SQL_TOPIC] = "INSERT OR IGNORE INTO entry VALUES(?1, ?2)",
    [SQL_READ] = "BEGIN",
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
};
