/*
 * ledger_postgresql_inside - a connection and its statements, for
 * src/edge/ledger_postgresql*.c alone.
 */
#ifndef LEDGER_POSTGRESQL_INSIDE_H
#define LEDGER_POSTGRESQL_INSIDE_H

#include <libpq-fe.h>

#include "edge/ledger_postgresql.h"

#define PARAMS_MAX 10
#define WHERE_MAX 300

struct database {
	char *url, *password;
	int64_t patience;
	PGconn *connection; /* NULL: none */
	int64_t not_before; /* the next try to connect */
	char where[WHERE_MAX];
	struct err last; /* why the last try failed */
	bool warned;     /* the server said something about this statement */
};

/* ---- ledger_postgresql_connect.c ---- */

/* Be connected; what failed a moment ago is not tried again at once. */
int database_connect(struct database *d, struct err *err) must_check;
void database_give_up(struct database *d);
/* libpq's own words, in one line; -1. */
int database_say(struct database *d, enum err_kind kind, const char *why,
    struct err *err);
int64_t database_now(void); /* ms */

/* ---- ledger_postgresql_hosts.c ---- */

/* NULL: none of its hosts takes appends; `err` says of each why. */
PGconn *database_dial(struct database *d, struct err *err) must_check;

/* ---- ledger_postgresql_ask.c: one statement ---- */

struct params {
	int count;
	const char *values[PARAMS_MAX];
	int lengths[PARAMS_MAX], formats[PARAMS_MAX];
	uint64_t numbers[PARAMS_MAX]; /* in network order */
};

void params_bytes(struct params *p, const void *data, size_t len);
void params_text(struct params *p, const char *text);
void params_number(struct params *p, uint64_t number); /* an int8 */

/*
 * Each row of the answer; the connection is free again afterwards, or given up.
 */
typedef int row_fn(const PGresult *row, void *ctx, struct err *err);

struct answer {
	row_fn *see; /* NULL: rows are counted alone */
	void *ctx;
	unsigned long long touched; /* rows */
};

/* On the connection that is there. */
int database_run(struct database *d, const char *text, const struct params *p,
    struct answer *a, struct err *err) must_check;
/* The same, and be connected first. */
int database_ask(struct database *d, const char *text, const struct params *p,
    struct answer *a, struct err *err) must_check;
uint64_t row_number(const PGresult *row, int column);

#endif
