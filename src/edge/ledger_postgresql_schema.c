/* The tables of a ledger, and how safely the server keeps them. */
#include "ledger_postgresql_inside.h"

#include <string.h>

#include "base/text.h"

static int
run_all(struct database *d, const char *const *texts, struct err *err)
{
	struct answer a = {0};
	struct err ignored = {0};

	for (; *texts != NULL; texts++)
		if (database_run(d, *texts, NULL, &a, err) < 0) {
			if (d->connection != NULL)
				(void)!database_run(d, "ROLLBACK", NULL, &a,
				    &ignored);
			return -1;
		}
	return 0;
}

static const char *const schema[] = {"BEGIN", "CREATE SCHEMA foureyes",
    "CREATE TABLE foureyes.head ("
    " one boolean PRIMARY KEY DEFAULT true CHECK (one),"
    " version bigint NOT NULL,"
    " origin text NOT NULL,"
    " seq bigint NOT NULL CHECK (seq >= 0),"
    " digest bytea NOT NULL CHECK (length(digest) = 32),"
    " segment bigint NOT NULL,"
    " bytes bigint NOT NULL,"
    " month text NOT NULL)"
    " WITH (fillfactor = 10)",
    "CREATE TABLE foureyes.lines ("
    " first bigint NOT NULL UNIQUE,"
    " last bigint PRIMARY KEY CHECK (last >= first AND first > 0),"
    " segment bigint NOT NULL CHECK (segment <= first AND segment > 0),"
    " lines bytea NOT NULL)",
    /* What is compressed by the server could be a bomb for who reads it. */
    "ALTER TABLE foureyes.lines ALTER COLUMN lines SET STORAGE EXTERNAL",
    "CREATE TABLE foureyes.checkpoints ("
    " size bigint PRIMARY KEY CHECK (size > 0),"
    " note bytea NOT NULL)",
    NULL};

int
database_create(struct database *d, const char *origin, struct err *err)
{
	static const char *const commit[] = {"COMMIT", NULL};
	struct params p = {0};
	struct answer a = {0};
	unsigned char zeros[DIGEST_SIZE] = {0};

	if (database_connect(d, err) < 0 || run_all(d, schema, err) < 0)
		return -1;
	params_number(&p, DATABASE_VERSION);
	params_text(&p, origin);
	params_bytes(&p, zeros, sizeof(zeros));
	if (database_run(d,
	        "INSERT INTO foureyes.head VALUES"
	        " (true, $1::bigint, $2::text, 0, $3::bytea, 1, 0, '')",
	        &p, &a, err) < 0)
		return -1;
	return run_all(d, commit, err);
}

/* ---- how safe it is ---- */

static bool
is_near(const char *host)
{
	return host == NULL || host[0] == '/' || host[0] == '\0' ||
	    strcmp(host, "localhost") == 0 || text_starts(host, "127.") ||
	    strcmp(host, "::1") == 0;
}

static bool
is_verified(const struct database *d)
{
	PQconninfoOption *list = PQconninfo(d->connection);
	bool verified = false;

	for (PQconninfoOption *o = list; o != NULL && o->keyword != NULL; o++)
		if (strcmp(o->keyword, "sslmode") == 0 && o->val != NULL)
			verified = strcmp(o->val, "verify-full") == 0;
	PQconninfoFree(list);
	return verified && PQsslInUse(d->connection);
}

static int
see_standing(const PGresult *row, void *ctx, struct err *err)
{
	struct database_standing *s = ctx;

	(void)err;
	s->writes_disk = row_number(row, 0) == 1;
	s->waits = row_number(row, 1) == 1;
	s->replicas = (unsigned)row_number(row, 2);
	s->may_rewrite = row_number(row, 3) == 1;
	s->hidden = row_number(row, 4) > 0;
	return 0;
}

int
database_standing(struct database *d, struct database_standing *out,
    struct err *err)
{
	struct answer a = {.see = see_standing, .ctx = out};
	const char *host;

	*out = (struct database_standing){0};
	if (database_ask(d,
	        "SELECT (current_setting('fsync') = 'on' AND"
	        " current_setting('full_page_writes') = 'on')::int::bigint,"
	        " (current_setting('synchronous_standby_names') <> '')"
	        "::int::bigint,"
	        " (SELECT count(*) FROM pg_stat_replication"
	        " WHERE sync_state IN ('sync', 'quorum')),"
	        " (has_table_privilege('foureyes.lines', 'UPDATE') OR"
	        " has_table_privilege('foureyes.lines', 'DELETE'))"
	        "::int::bigint,"
	        " (SELECT count(*) FROM pg_stat_replication"
	        " WHERE sync_state IS NULL)",
	        NULL, &a, err) < 0)
		return -1;
	host = PQhost(d->connection);
	out->server = PQserverVersion(d->connection);
	out->encrypted = PQsslInUse(d->connection) || is_near(host);
	out->verified = is_verified(d) || is_near(host);
	return 0;
}
