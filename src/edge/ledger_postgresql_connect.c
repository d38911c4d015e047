/* A connection to the database of a ledger, made again where it was lost. */
#include "ledger_postgresql_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t
database_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
database_give_up(struct database *d)
{
	PQfinish(d->connection);
	d->connection = NULL;
}

/* A commit that was cut short is told by a warning, not by an error. */
static void
note_warning(void *ctx, const PGresult *result)
{
	struct database *d = ctx;
	const char *how =
	    PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (how != NULL && strcmp(how, "WARNING") == 0)
		d->warned = true;
}

/* libpq's own words, in one line. */
int
database_say(struct database *d, enum err_kind kind, const char *why,
    struct err *err)
{
	size_t len = strlen(why);

	while (len > 0 && (why[len - 1] == '\n' || why[len - 1] == ' '))
		len--;
	return err_set(err, kind, "the database of the ledger (%s): %.*s",
	    d->where, (int)(len > 400 ? 400 : len), why);
}

static void
name_place(struct database *d)
{
	PQconninfoOption *list = PQconninfoParse(d->url, NULL);
	const char *host = "its socket", *port = "5432";

	for (PQconninfoOption *o = list; o != NULL && o->keyword != NULL; o++) {
		if (o->val == NULL || o->val[0] == '\0')
			continue;
		if (strcmp(o->keyword, "host") == 0)
			host = o->val;
		if (strcmp(o->keyword, "port") == 0)
			port = o->val;
	}
	(void)snprintf(d->where, sizeof(d->where), "%.200s:%.80s", host, port);
	PQconninfoFree(list);
}

int
database_open(struct database **out, const struct database_how *how,
    struct err *err)
{
	struct database *d = calloc(1, sizeof(*d));
	char *why = NULL;
	PQconninfoOption *list = PQconninfoParse(how->url, &why);

	if (d == NULL || (d->url = strdup(how->url)) == NULL)
		err_fatal("out of memory");
	if (how->password != NULL &&
	    (d->password = strdup(how->password)) == NULL)
		err_fatal("out of memory");
	d->patience = how->patience;
	if (list == NULL) {
		(void)err_set(err, ERR_CONFIG, "'ledger': %s",
		    why != NULL ? why : "no address of a database");
		PQfreemem(why);
		database_close(d);
		return -1;
	}
	PQconninfoFree(list);
	name_place(d);
	*out = d;
	return 0;
}

void
database_close(struct database *d)
{
	if (d == NULL)
		return;
	PQfinish(d->connection);
	if (d->password != NULL)
		explicit_bzero(d->password, strlen(d->password));
	free(d->password);
	free(d->url);
	free(d);
}

const char *
database_where(const struct database *d)
{
	return d->where;
}

/*
 * What a session needs: nothing of ours waits at the server for longer than we
 * do, and a commit is one on every machine that the server waits for.
 */
static int
prepare(struct database *d, struct err *err)
{
	char text[64];
	struct params p = {0};
	struct answer a = {0};

	(void)snprintf(text, sizeof(text), "%" PRId64, d->patience);
	params_text(&p, text);
	return database_run(d,
	    "SELECT set_config('lock_timeout', $1, false),"
	    " set_config('idle_in_transaction_session_timeout', $1, false),"
	    " set_config('search_path', 'pg_catalog', false),"
	    " set_config('synchronous_commit', CASE"
	    "  WHEN current_setting('synchronous_commit') = 'remote_apply'"
	    "  THEN 'remote_apply' ELSE 'on' END, false)",
	    &p, &a, err);
}

/* Be connected; what failed a moment ago is not tried again at once. */
int
database_connect(struct database *d, struct err *err)
{
	if (d->connection != NULL && PQstatus(d->connection) == CONNECTION_OK)
		return 0;
	database_give_up(d);
	if (database_now() < d->not_before) {
		*err = d->last;
		return -1;
	}
	d->connection = database_dial(d, err);
	if (d->connection != NULL) {
		(void)PQsetNoticeReceiver(d->connection, note_warning, d);
		if (PQsetnonblocking(d->connection, 1) == 0 &&
		    prepare(d, err) == 0)
			return 0;
	}
	database_give_up(d);
	d->last = *err;
	d->not_before = database_now() + DATABASE_PAUSE;
	return -1;
}
