#include "edge/ledger_postgresql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger_postgresql_inside.h"

static void
text_at(const PGresult *row, int column, char *out, size_t room)
{
	(void)snprintf(out, room, "%.*s", PQgetlength(row, 0, column),
	    PQgetvalue(row, 0, column));
}

static int
see_head(const PGresult *row, void *ctx, struct err *err)
{
	struct database_head *h = ctx;
	uint64_t version = row_number(row, 0);

	if (version != DATABASE_VERSION ||
	    PQgetlength(row, 0, 3) != DIGEST_SIZE)
		return err_set(err, ERR_CONFIG,
		    "the database holds a ledger of version %" PRIu64
		    ", and this program knows version %d",
		    version, DATABASE_VERSION);
	text_at(row, 1, h->origin, sizeof(h->origin));
	h->last.seq = row_number(row, 2);
	memcpy(h->last.digest, PQgetvalue(row, 0, 3), DIGEST_SIZE);
	h->segment = row_number(row, 4);
	h->bytes = row_number(row, 5);
	text_at(row, 6, h->month, sizeof(h->month));
	h->checkpoint = row_number(row, 7);
	return 0;
}

int
database_head(struct database *d, struct database_head *out, struct err *err)
{
	struct answer a = {.see = see_head, .ctx = out};

	*out = (struct database_head){0};
	if (database_ask(d,
	        "SELECT version, origin, seq, digest, segment, bytes, month,"
	        " (SELECT coalesce(max(size), 0) FROM foureyes.checkpoints)"
	        " FROM foureyes.head",
	        NULL, &a, err) < 0)
		return -1;
	return a.touched == 1
	    ? 0
	    : database_say(d, ERR_CONFIG,
	          "its table foureyes.head has not one row", err);
}

struct seeing {
	database_see_fn *lines;
	database_note_fn *note;
	void *ctx;
};

static int
see_lines(const PGresult *row, void *ctx, struct err *err)
{
	struct seeing *s = ctx;
	struct ledger_lines lines = {.segment = row_number(row, 0),
	    .data = PQgetvalue(row, 0, 1),
	    .len = (size_t)PQgetlength(row, 0, 1)};

	return s->lines(&lines, s->ctx, err);
}

int
database_lines(struct database *d, uint64_t after, database_see_fn *see,
    void *ctx, struct err *err)
{
	struct seeing s = {.lines = see, .ctx = ctx};
	struct answer a = {.see = see_lines, .ctx = &s};
	struct params p = {0};

	params_number(&p, after);
	return database_ask(d,
	    "SELECT segment, lines FROM foureyes.lines"
	    " WHERE last > $1::bigint ORDER BY last",
	    &p, &a, err);
}

static int
see_note(const PGresult *row, void *ctx, struct err *err)
{
	struct seeing *s = ctx;

	return s->note(row_number(row, 0), PQgetvalue(row, 0, 1),
	    (size_t)PQgetlength(row, 0, 1), s->ctx, err);
}

int
database_notes(struct database *d, uint64_t beyond, database_note_fn *see,
    void *ctx, struct err *err)
{
	struct seeing s = {.note = see, .ctx = ctx};
	struct answer a = {.see = see_note, .ctx = &s};
	struct params p = {0};

	params_number(&p, beyond);
	return database_ask(d,
	    "SELECT size, note FROM foureyes.checkpoints"
	    " WHERE size > $1::bigint ORDER BY size",
	    &p, &a, err);
}

/* ---- writing ---- */

enum database_fate
database_put(struct database *d, const struct database_put *put,
    struct err *err)
{
	const struct database_head *from = put->before, *to = put->after;
	struct params p = {0};
	struct answer a = {0};

	params_number(&p, to->last.seq);
	params_bytes(&p, to->last.digest, DIGEST_SIZE);
	params_number(&p, to->segment);
	params_number(&p, to->bytes);
	params_text(&p, to->month);
	params_number(&p, from->last.seq);
	params_bytes(&p, from->last.digest, DIGEST_SIZE);
	params_number(&p, from->last.seq + 1);
	params_bytes(&p, put->lines.data, put->lines.len);
	if (database_ask(d,
	        "WITH moved AS (UPDATE foureyes.head SET seq = $1::bigint,"
	        " digest = $2::bytea, segment = $3::bigint, bytes = $4::bigint,"
	        " month = $5::text WHERE seq = $6::bigint"
	        " AND digest = $7::bytea RETURNING seq)"
	        " INSERT INTO foureyes.lines (first, last, segment, lines)"
	        " SELECT $8::bigint, $1::bigint, $3::bigint, $9::bytea"
	        " FROM moved",
	        &p, &a, err) < 0)
		return DATABASE_UNKNOWN;
	if (a.touched == 0)
		return DATABASE_STALE;
	if (!d->warned)
		return DATABASE_STORED;
	(void)database_say(d, ERR_UNREACHABLE,
	    "a commit was cut short, and may be on one machine alone", err);
	return DATABASE_UNKNOWN;
}

int
database_confirm(struct database *d, struct err *err)
{
	struct answer a = {0};

	if (database_ask(d, "UPDATE foureyes.head SET seq = seq", NULL, &a,
	        err) < 0)
		return -1;
	if (a.touched == 1 && !d->warned)
		return 0;
	return database_say(d, ERR_UNREACHABLE,
	    "a commit was cut short, and may be on one machine alone", err);
}

int
database_keep(struct database *d, uint64_t size, const char *note, size_t len,
    struct err *err)
{
	struct params p = {0};
	struct answer a = {0};

	params_number(&p, size);
	params_bytes(&p, note, len);
	return database_ask(d,
	    "INSERT INTO foureyes.checkpoints VALUES ($1::bigint, $2::bytea)"
	    " ON CONFLICT DO NOTHING",
	    &p, &a, err);
}
