/* One statement and its answer, within a deadline. */
#include "ledger_postgresql_inside.h"

#include <endian.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
params_bytes(struct params *p, const void *data, size_t len)
{
	p->values[p->count] = data;
	p->lengths[p->count] = (int)len;
	p->formats[p->count++] = 1;
}

void
params_text(struct params *p, const char *text)
{
	p->values[p->count] = text;
	p->formats[p->count++] = 0;
}

/* An int8. */
void
params_number(struct params *p, uint64_t number)
{
	p->numbers[p->count] = htobe64(number);
	params_bytes(p, &p->numbers[p->count], sizeof(number));
}

/* Until the server has said something; false: not in time. */
static bool
wait_for(struct database *d, short events, int64_t until)
{
	struct pollfd p = {.fd = PQsocket(d->connection), .events = events};
	int64_t left = until - database_now();

	return left > 0 && poll(&p, 1, left > 1000 ? 1000 : (int)left) >= 0;
}

static bool
send_out(struct database *d, int64_t until)
{
	int ret;

	while ((ret = PQflush(d->connection)) > 0) {
		if (!wait_for(d, POLLIN | POLLOUT, until))
			return false;
		if (!PQconsumeInput(d->connection))
			return false;
	}
	return ret == 0;
}

/* NULL: the connection is lost, or the time is up. */
static PGresult *
next_result(struct database *d, bool *over)
{
	int64_t until = database_now() + d->patience;
	PGresult *result;

	*over = false;
	while (PQisBusy(d->connection)) {
		if (!wait_for(d, POLLIN, until))
			return NULL;
		if (!PQconsumeInput(d->connection))
			return NULL;
	}
	result = PQgetResult(d->connection);
	*over = result == NULL;
	return result;
}

static int
lost(struct database *d, struct err *err)
{
	const char *why = PQerrorMessage(d->connection);
	char text[80];

	(void)snprintf(text, sizeof(text), "no answer for %" PRId64 " ms",
	    d->patience);
	(void)database_say(d, ERR_UNREACHABLE, why[0] != '\0' ? why : text,
	    err);
	database_give_up(d);
	return -1;
}

static int
complaint(struct database *d, const PGresult *result, struct err *err)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *why = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	enum err_kind kind = ERR_UNREACHABLE;

	if (state != NULL &&
	    (strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0))
		return database_say(d, ERR_CONFIG,
		    "it holds no ledger yet: 'foureyesd ledger create' makes "
		    "one",
		    err);
	if (state != NULL && strcmp(state, "42501") == 0)
		kind = ERR_CONFIG;
	return database_say(d, kind,
	    why != NULL ? why : PQresultErrorMessage(result), err);
}

static int
take_result(struct database *d, PGresult *result, struct answer *a,
    struct err *err)
{
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK &&
	    status != PGRES_COMMAND_OK)
		return complaint(d, result, err);
	if (status != PGRES_SINGLE_TUPLE)
		a->touched = strtoull(PQcmdTuples(result), NULL, 10);
	if (a->see == NULL || status != PGRES_SINGLE_TUPLE)
		return 0;
	return a->see(result, a->ctx, err);
}

int
database_run(struct database *d, const char *text, const struct params *p,
    struct answer *a, struct err *err)
{
	static const struct params none = {0};
	PGresult *result;
	bool over = false;
	int ret = 0;

	if (p == NULL)
		p = &none;
	d->warned = false;
	if (!PQsendQueryParams(d->connection, text, p->count, NULL, p->values,
	        p->lengths, p->formats, 1) ||
	    !PQsetSingleRowMode(d->connection) ||
	    !send_out(d, database_now() + d->patience))
		return lost(d, err);
	while ((result = next_result(d, &over)) != NULL) {
		bool row = PQresultStatus(result) == PGRES_SINGLE_TUPLE;

		if (ret == 0)
			ret = take_result(d, result, a, err);
		PQclear(result);
		/* Nobody wants the rest. */
		if (ret < 0 && row) {
			database_give_up(d);
			return -1;
		}
	}
	return over ? ret : lost(d, err);
}

int
database_ask(struct database *d, const char *text, const struct params *p,
    struct answer *a, struct err *err)
{
	return database_connect(d, err) < 0 ? -1
	                                    : database_run(d, text, p, a, err);
}

uint64_t
row_number(const PGresult *row, int column)
{
	uint64_t n;

	if (PQgetlength(row, 0, column) != (int)sizeof(n))
		return 0;
	memcpy(&n, PQgetvalue(row, 0, column), sizeof(n));
	return be64toh(n);
}
