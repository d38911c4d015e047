/*
 * Of several hosts the one that takes appends.  All are asked at once, so that
 * one that is dead without a word holds up nobody.
 */
#include "ledger_postgresql_inside.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/pool.h"

#define APPLICATION "foureyesd"
#define KEYS_MAX 16

struct host {
	const char *name, *address, *port; /* "" or NULL: as libpq has it */
	PGconn *connection;                /* NULL: given up */
	PostgresPollingStatusType next;
};

struct hosts {
	struct pool pool;
	size_t count;
	struct host list[DATABASE_HOSTS_MAX];
};

/* The `at`-th of "a,b"; of one alone, that; else NULL. */
static const char *
part(struct pool *pool, const char *list, size_t at)
{
	if (list == NULL || list[0] == '\0')
		return NULL;
	if (at > 0 && strchr(list, ',') == NULL)
		return list;
	for (; at > 0; at--) {
		list = strchr(list, ',');
		if (list == NULL)
			return NULL;
		list++;
	}
	return pool_textn(pool, list, strcspn(list, ","));
}

static size_t
parts(const char *list)
{
	size_t n = 1;

	for (const char *c = list; c != NULL && *c != '\0'; c++)
		n += *c == ',' ? 1 : 0;
	return n;
}

static void
find_hosts(const struct database *d, struct hosts *h)
{
	PQconninfoOption *list = PQconninfoParse(d->url, NULL);
	const char *name = NULL, *address = NULL, *port = NULL;

	for (PQconninfoOption *o = list; o != NULL && o->keyword != NULL; o++) {
		if (strcmp(o->keyword, "host") == 0)
			name = o->val;
		if (strcmp(o->keyword, "hostaddr") == 0)
			address = o->val;
		if (strcmp(o->keyword, "port") == 0)
			port = o->val;
	}
	h->count = parts(name) > parts(address) ? parts(name) : parts(address);
	if (h->count > DATABASE_HOSTS_MAX)
		h->count = DATABASE_HOSTS_MAX;
	for (size_t i = 0; i < h->count; i++)
		h->list[i] = (struct host){
		    .name = part(&h->pool, name, i),
		    .address = part(&h->pool, address, i),
		    .port = part(&h->pool, port, i),
		};
	PQconninfoFree(list);
}

/*
 * What stands before the address here it may say otherwise; what stands behind
 * it is ours.
 */
static void
start(const struct database *d, struct host *h)
{
	char quiet[24];
	const char *keys[KEYS_MAX] = {"tcp_user_timeout", "keepalives_idle",
	    "keepalives_interval", "keepalives_count", "target_session_attrs",
	    "application_name", "client_encoding", "dbname"};
	const char *values[KEYS_MAX] = {quiet, "5", "2", "3", "read-write",
	    APPLICATION, "UTF8", d->url};
	const char *const more[][2] = {{"password", d->password},
	    {"host", h->name}, {"hostaddr", h->address}, {"port", h->port}};
	size_t n = 8;

	(void)snprintf(quiet, sizeof(quiet), "%" PRId64, d->patience);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (more[i][1] != NULL) {
			keys[n] = more[i][0];
			values[n++] = more[i][1];
		}
	h->connection = PQconnectStartParams(keys, values, 1);
	if (h->connection == NULL)
		err_fatal("out of memory");
	h->next = PQstatus(h->connection) == CONNECTION_BAD
	    ? PGRES_POLLING_FAILED
	    : PGRES_POLLING_WRITING;
}

/* Its own words, and no more of it. */
static void
fail(struct host *h, struct buf *why)
{
	const char *text = PQerrorMessage(h->connection);

	if (why->len > 0)
		buf_put(why, "; ");
	buf_add(why, text, strcspn(text, "\n"));
	PQfinish(h->connection);
	h->connection = NULL;
}

/* Wait until one of them has something to say; false: none is left, or time. */
static bool
wait_for(const struct hosts *h, int64_t until)
{
	struct pollfd p[DATABASE_HOSTS_MAX];
	int64_t left = until - database_now();
	nfds_t n = 0;

	for (size_t i = 0; i < h->count; i++)
		if (h->list[i].connection != NULL)
			p[n++] = (struct pollfd){
			    .fd = PQsocket(h->list[i].connection),
			    .events = h->list[i].next == PGRES_POLLING_READING
			        ? POLLIN
			        : POLLOUT,
			};
	return n > 0 && left > 0 && poll(p, n, (int)left) >= 0;
}

static bool
is_due(const struct host *h)
{
	struct pollfd p = {.fd = PQsocket(h->connection),
	    .events = h->next == PGRES_POLLING_READING ? POLLIN : POLLOUT};

	return poll(&p, 1, 0) != 0;
}

/* One step of each that has something to say; the one that is connected. */
static PGconn *
step(struct hosts *h, struct buf *why)
{
	for (size_t i = 0; i < h->count; i++) {
		struct host *one = &h->list[i];
		PGconn *done = one->connection;

		if (done == NULL)
			continue;
		if (one->next != PGRES_POLLING_FAILED && is_due(one))
			one->next = PQconnectPoll(done);
		if (one->next == PGRES_POLLING_FAILED)
			fail(one, why);
		if (one->next != PGRES_POLLING_OK)
			continue;
		one->connection = NULL;
		return done;
	}
	return NULL;
}

static void
say_silent(const struct hosts *h, struct buf *why)
{
	for (size_t i = 0; i < h->count; i++)
		if (h->list[i].connection != NULL)
			buf_printf(why, "%sno answer from \"%s\"",
			    why->len > 0 ? "; " : "",
			    PQhost(h->list[i].connection));
}

PGconn *
database_dial(struct database *d, struct err *err)
{
	struct hosts h = {.count = 0};
	struct buf why = {0};
	int64_t until = database_now() + DATABASE_CONNECT;
	PGconn *found;

	find_hosts(d, &h);
	for (size_t i = 0; i < h.count; i++)
		start(d, &h.list[i]);
	do
		found = step(&h, &why);
	while (found == NULL && wait_for(&h, until));
	if (found == NULL) {
		say_silent(&h, &why);
		(void)database_say(d, ERR_UNREACHABLE, buf_text(&why), err);
	}
	for (size_t i = 0; i < h.count; i++)
		PQfinish(h.list[i].connection);
	buf_free(&why);
	pool_free(&h.pool);
	return found;
}
