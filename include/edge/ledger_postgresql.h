/*
 * ledger_postgresql - the one place of a shared ledger: a PostgreSQL database.
 *
 * The door to libpq; in foureyesd alone.  A schema `foureyes` holds
 *
 *	head	one row: what is the newest line, and where the next one goes
 *	lines	for each append its lines as they stand in a segment, newlines
 *		included; its first and last seq, and the segment's number
 *	checkpoints	signed notes, by how many records they count
 *
 * An append moves the head from the line it follows and puts its lines in one
 * statement, which does nothing where the head has moved: so there is one
 * sequence and one chain, whoever appends.  It is answered once it is
 * committed, with synchronous_commit on whatever the server's default.
 *
 * One thread at a time.  Everything has a deadline (`patience`, behind which a
 * connection is given up); a connection that is gone is made again by the next
 * call, but not more often than once in DATABASE_PAUSE.
 */
#ifndef EDGE_LEDGER_POSTGRESQL_H
#define EDGE_LEDGER_POSTGRESQL_H

#include <stdbool.h>

#include "core/chain.h"
#include "edge/ledger_shared.h"

#define DATABASE_VERSION 1
#define DATABASE_PAUSE 1000    /* ms */
#define DATABASE_CONNECT 2000  /* ms, for all of its hosts together */
#define DATABASE_HOSTS_MAX 8   /* that one address names */
#define DATABASE_NAME_MAX 256  /* of an origin */
#define DATABASE_NOTE_MAX 4096 /* bytes of a checkpoint */
#define DATABASE_MONTH 8       /* 2026-11 */

struct database;

struct database_how {
	const char *url;      /* without a password */
	const char *password; /* or NULL: none, or libpq's own ways */
	int64_t patience;     /* ms for one question */
};

/* No connection is made yet. */
int database_open(struct database **out, const struct database_how *how,
    struct err *err) must_check;
void database_close(struct database *d); /* NULL is allowed */
/* "db.example.com:5432", for people. */
const char *database_where(const struct database *d);

struct database_head {
	char origin[DATABASE_NAME_MAX];
	struct chain_mark last; /* seq and digest alone */
	uint64_t segment;       /* the one that grows */
	uint64_t bytes;         /* in it */
	char
	    month[DATABASE_MONTH]; /* of its first line; "" while it has none */
	uint64_t checkpoint;       /* how many records the newest counts */
};

/* Make the schema, and an empty ledger of that name; there must be none. */
int database_create(struct database *d, const char *origin,
    struct err *err) must_check;
/* ERR_CONFIG: there is none, or of a version that is not known. */
int database_head(struct database *d, struct database_head *out,
    struct err *err) must_check;

/* All lines behind `after`, some at a time. */
typedef int database_see_fn(const struct ledger_lines *lines, void *ctx,
    struct err *err);
int database_lines(struct database *d, uint64_t after, database_see_fn *see,
    void *ctx, struct err *err) must_check;

/* How an append ended. */
enum database_fate {
	DATABASE_UNKNOWN = 0, /* the connection was lost over it */
	DATABASE_STALE,       /* somebody else has appended */
	DATABASE_STORED
};
struct database_put {
	const struct database_head *before;
	const struct database_head *after;
	struct ledger_lines lines;
};
/* DATABASE_UNKNOWN sets `err`, which says why. */
enum database_fate database_put(struct database *d,
    const struct database_put *put, struct err *err) must_check;
/*
 * All that is there is kept as surely as an append: for what was stored while
 * the connection was lost, and perhaps on one machine alone.
 */
int database_confirm(struct database *d, struct err *err) must_check;

/* Keep a note that counts so many records; one that is there stays. */
int database_keep(struct database *d, uint64_t size, const char *note,
    size_t len, struct err *err) must_check;
/* Those that count more than `beyond`, in order. */
typedef int database_note_fn(uint64_t size, const char *note, size_t len,
    void *ctx, struct err *err);
int database_notes(struct database *d, uint64_t beyond, database_note_fn *see,
    void *ctx, struct err *err) must_check;

/* How safe it is, by its own settings. */
struct database_standing {
	int server;        /* 150018 */
	bool encrypted;    /* TLS, or a Unix socket */
	bool verified;     /* sslmode=verify-full, loopback or a Unix socket */
	bool writes_disk;  /* fsync and full_page_writes are on */
	unsigned replicas; /* that a commit waits for, now */
	bool hidden;       /* our account does not see which follow */
	bool waits;        /* synchronous_standby_names is set */
	bool may_rewrite;  /* our account could change lines */
};
int database_standing(struct database *d, struct database_standing *out,
    struct err *err) must_check;

#endif
