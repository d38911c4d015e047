/*
 * listen - answering HTTP requests.
 *
 * The door to libmicrohttpd.  Sockets are the caller's: bound here from an
 * address or handed in by systemd.  What is bounded: connections in total and
 * of one address, bytes of a head, bytes of a body (by path, checked while it
 * comes in), the time for a head, a body and an idle connection, and the memory
 * of all bodies together.  A body comes whole or not at all.
 *
 * A handler runs on one of the server's threads and must not wait long.  One
 * that has to (a sync, another server) puts the request aside with
 * listen_later() and answers from any thread with listen_answer().
 */
#ifndef EDGE_LISTEN_H
#define EDGE_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

#define LISTEN_SOCKETS_MAX 8
#define LISTEN_CONNECTIONS 12288 /* in total, by default, if descriptors do */
#define LISTEN_SPARE 256         /* descriptors for everything else */
#define LISTEN_PER_ADDRESS 256   /* of one address, by default */
#define LISTEN_THREADS 4         /* at most, by default */
/* ms: until a head is there whole, then its body; between two requests. */
#define LISTEN_HEAD_TIME 10000
#define LISTEN_BODY_TIME 30000
#define LISTEN_IDLE_TIME 60000
#define LISTEN_HEAD_MAX 32768 /* bytes of a head, about */
#define LISTEN_HEADERS_MAX 64
/* Bytes of all bodies together; each counts with the room it has. */
#define LISTEN_MEMORY ((size_t)128 << 20)
#define LISTEN_QUIET 2000 /* ms without anything, and free memory goes back */
/*
 * A body that is not wanted is read to its end and forgotten up to this, so
 * that its sender hears why; a longer one is cut.
 */
#define LISTEN_FORGET ((size_t)64 << 20)

struct listen_request; /* one request; the server's */

const char *listen_method(const struct listen_request *r);
const char *listen_path(const struct listen_request *r);
/* A header by its name, in any case: NULL: none; "": there are several. */
const char *listen_header(const struct listen_request *r, const char *name);
/* The value of `name=` in the query, unescaped; NULL: none; "": it is no text.
 */
const char *listen_query(const struct listen_request *r, const char *name);
const char *listen_body(const struct listen_request *r, size_t *len);
/* It is needed no more: for who goes on to wait. */
void listen_drop_body(struct listen_request *r);
/* The other side's address, safe to show. */
const char *listen_peer(const struct listen_request *r);
/* It came by a Unix socket, from this account. */
bool listen_local(const struct listen_request *r, uid_t *uid);

struct listen_header_line {
	const char *name, *value;
};

struct listen_reply {
	unsigned status;
	const char *type; /* Content-Type; NULL: no body */
	const void *body; /* copied */
	size_t len;
	const struct listen_header_line *headers; /* more of them */
	size_t header_count;
};

/* Put it aside; it is this thread's no longer once somebody answers. */
void listen_later(struct listen_request *r);
void listen_answer(struct listen_request *r, const struct listen_reply *reply);

/*
 * One path, or all below one that ends in "/".  The most specific one wins.
 * `handle` answers or puts aside; one that does neither has answered 500.
 */
struct listen_route {
	const char *method; /* "GET" (HEAD too), "POST" */
	const char *path;
	size_t body_max; /* 0: a body is refused */
	bool local_only; /* by the Unix socket alone; else 404 */
	void (*handle)(struct listen_request *r, void *ctx);
	void *ctx;
};

struct listen_setup {
	const int *sockets; /* listening; closed by listen_stop() */
	size_t socket_count;
	const struct listen_route *routes;
	size_t route_count;
	unsigned threads;     /* 0: one for each processor, at most 4 */
	unsigned connections; /* 0: the default; and so on */
	unsigned per_address;
	const char *certificate, *key; /* PEM; NULL: no TLS */
};

/*
 * What is answered before a handler sees it: 400 for a head that two readers
 * could read differently (both lengths, a length twice, an encoding other than
 * chunked, a header that is none), 404, 405, 408, 413, 431, and 503 with
 * Retry-After where all bodies together take more than LISTEN_MEMORY.  An
 * answer from 400 on is the last one of its connection: a request that was read
 * otherwise than it was sent has nothing behind it.
 */
struct listen;
int listen_start(struct listen **out, const struct listen_setup *setup,
    struct err *err) must_check;
/*
 * From now on with this certificate and key.  Connections that are there end
 * with the old ones, each after its next answer.
 */
int listen_renew(struct listen *l, const char *certificate, const char *key,
    struct err *err) must_check;
/* Requests whose answer is not sent yet. */
unsigned listen_busy(const struct listen *l);
/* Connections there are. */
unsigned listen_connections(const struct listen *l);
/* No new ones; those that are being answered are answered first. */
void listen_stop(struct listen *l, int64_t patience);
/* "127.0.0.1:8470", "[::1]:8470", ":8470" or a path from "/" on. */
int listen_bind(const char *address, struct err *err) must_check;

#endif
