/*
 * listen_inside - what the pieces of listen know of each other.
 *
 * A generation is one libmicrohttpd daemon on one socket; a new certificate
 * begins another one, and the one before ends with its last connection.  A line
 * is one connection.  Its stage and since when are one atomic number, written
 * by the thread that serves it and read by the one that watches the clock.
 */
#ifndef LISTEN_INSIDE_H
#define LISTEN_INSIDE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "edge/listen.h"

enum stage {
	STAGE_FRESH = 0, /* no request yet */
	STAGE_IDLE,      /* between two */
	STAGE_HEAD,
	STAGE_BODY,
	STAGE_ANSWER
};

struct generation {
	struct generation *next;
	struct listen *listen;
	struct MHD_Daemon *daemon;
	bool tls, local;
	atomic_bool ending; /* each answer is the connection's last */
	int64_t until;      /* then it is ended, whatever is left */
};

struct line {
	struct line *next, *before;
	struct generation *generation;
	int fd;
	atomic_llong stage; /* an instant * 8 + the stage */
	uid_t uid;
	char peer[64];
};

struct listen {
	struct listen_route *routes;
	size_t route_count;
	unsigned threads, connections, per_address;
	struct generation *generations; /* newest first */
	pthread_mutex_t lock;           /* of what follows */
	struct line *lines;
	unsigned line_count;
	atomic_uint busy;
	atomic_ullong begun; /* connections and requests, ever */
	atomic_size_t bytes; /* of all bodies */
	pthread_t watcher;
	atomic_bool over;
	struct MHD_Response *plain[2]; /* 204, 200: without anything */
};

struct head {
	const char *name, *value;
};

struct listen_request {
	struct listen *listen;
	struct line *line;
	struct MHD_Connection *connection;
	const struct listen_route *route;
	const char *method, *path;
	struct head heads[LISTEN_HEADERS_MAX];
	size_t head_count;
	bool too_many;
	char *body;
	size_t len, room;
	size_t announced; /* bytes, by its length; 0: not known */
	size_t forgotten;
	const char *refused; /* why; NULL: it goes to the handler */
	unsigned status;     /* of a refusal */
	bool ours;           /* a handler has seen it */
	bool later;
	struct MHD_Response *response; /* the answer */
	unsigned answer;
};

#define LISTEN_ROOM_FIRST ((size_t)65536) /* of a body; it grows from there */

/* `size` bytes, the first of them as before; NULL and 0: there was none. */
char *listen_room_grow(char *room, size_t before, size_t size);
void listen_room_free(char *room, size_t size);

/* Monotonic, in ms. */
int64_t listen_clock(void);
void line_set(struct line *line, enum stage stage);

/* Callbacks of libmicrohttpd (listen_request.c, listen_line.c). */
enum MHD_Result listen_on_request(void *ctx, struct MHD_Connection *connection,
    const char *path, const char *method, const char *version, const char *data,
    size_t *size, void **request);
void listen_on_done(void *ctx, struct MHD_Connection *connection,
    void **request, enum MHD_RequestTerminationCode why);
void *listen_on_path(void *ctx, const char *path,
    struct MHD_Connection *connection);
void listen_on_line(void *ctx, struct MHD_Connection *connection,
    void **context, enum MHD_ConnectionNotificationCode what);

/* The answer of a request, made from `reply`. */
struct MHD_Response *listen_response(struct listen *l,
    const struct listen_reply *reply, bool last);
/* May the body begin?  Sets `refused` where not; false: cut it at once. */
bool listen_head_fits(struct listen_request *r);

/* Ends what is overdue, and generations that are over. */
void *listen_watch(void *listen);
/* The lines alone, for who stops the watcher. */
void listen_watch_once(struct listen *l);
/* Is nobody but in between two requests? */
bool listen_is_idle(struct listen *l);
void listen_end_generation(struct generation *g);

#endif
