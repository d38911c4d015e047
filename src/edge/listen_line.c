/*
 * Connections, and the time they may take.
 *
 * libmicrohttpd's own time limit begins again with each byte; here a head and a
 * body have a deadline as a whole.  What is overdue is shut down from outside:
 * its thread then reads an end and cleans up.  The descriptor is still open
 * while the line stands in the list, as both are ended under one lock.
 */
#define _GNU_SOURCE /* struct ucred */
#include "listen_inside.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"

#define LOOK 100 /* ms between two looks at the clock */

/* How long nothing was begun, and whether anything was before. */
struct quiet {
	unsigned long long begun;
	int64_t since;
	bool due;
};

int64_t
listen_clock(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
line_set(struct line *line, enum stage stage)
{
	atomic_store_explicit(&line->stage, listen_clock() * 8 + (int)stage,
	    memory_order_relaxed);
}

static void
name_peer(struct line *line, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection,
	        MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = info == NULL ? NULL : info->client_addr;
	const void *number = NULL;

	if (a != NULL && a->sa_family == AF_INET)
		number =
		    &((const struct sockaddr_in *)(const void *)a)->sin_addr;
	else if (a != NULL && a->sa_family == AF_INET6)
		number =
		    &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;
	if (number == NULL ||
	    inet_ntop(a->sa_family, number, line->peer, sizeof(line->peer)) ==
	        NULL)
		(void)snprintf(line->peer, sizeof(line->peer), "local");
}

static void
ask_uid(struct line *line)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	line->uid = (uid_t)-1;
	if (line->generation->local &&
	    getsockopt(line->fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0)
		line->uid = who.uid;
}

static void
begin_line(struct generation *g, struct MHD_Connection *connection,
    void **context)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection,
	        MHD_CONNECTION_INFO_CONNECTION_FD);
	struct line *line = calloc(1, sizeof(*line));
	struct listen *l = g->listen;

	if (line == NULL || info == NULL)
		err_fatal("out of memory");
	line->generation = g;
	line->fd = info->connect_fd;
	name_peer(line, connection);
	ask_uid(line);
	line_set(line, STAGE_FRESH);
	(void)pthread_mutex_lock(&l->lock);
	line->next = l->lines;
	if (l->lines != NULL)
		l->lines->before = line;
	l->lines = line;
	l->line_count++;
	(void)pthread_mutex_unlock(&l->lock);
	atomic_fetch_add_explicit(&l->begun, 1, memory_order_relaxed);
	*context = line;
}

static void
end_line(struct listen *l, struct line *line)
{
	(void)pthread_mutex_lock(&l->lock);
	if (line->before != NULL)
		line->before->next = line->next;
	else
		l->lines = line->next;
	if (line->next != NULL)
		line->next->before = line->before;
	l->line_count--;
	(void)pthread_mutex_unlock(&l->lock);
	free(line);
}

void
listen_on_line(void *ctx, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct generation *g = ctx;

	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		begin_line(g, connection, context);
	else if (*context != NULL)
		end_line(g->listen, *context);
}

/* How long a stage may last; 0: for ever. */
static int64_t
most(enum stage stage, bool ending)
{
	switch (stage) {
	case STAGE_FRESH:
	case STAGE_HEAD:
		return LISTEN_HEAD_TIME;
	case STAGE_IDLE:
		return ending ? 1000 : LISTEN_IDLE_TIME;
	case STAGE_BODY:
		return LISTEN_BODY_TIME;
	case STAGE_ANSWER:
		break;
	}
	return 0;
}

static void
shut(struct line *line, enum stage stage)
{
	static const char late[] = "HTTP/1.1 408 Request Timeout\r\n"
	                           "Connection: close\r\n"
	                           "Content-Length: 0\r\n\r\n";

	if (stage != STAGE_IDLE && !line->generation->tls)
		(void)send(line->fd, late, sizeof(late) - 1,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)shutdown(line->fd, SHUT_RDWR);
}

static void
look_at_lines(struct listen *l)
{
	int64_t now = listen_clock();

	(void)pthread_mutex_lock(&l->lock);
	for (struct line *line = l->lines; line != NULL; line = line->next) {
		long long at = atomic_load(&line->stage);
		enum stage stage = (enum stage)(at & 7);
		int64_t time =
		    most(stage, atomic_load(&line->generation->ending));

		if (time > 0 && now - at / 8 > time)
			shut(line, stage);
	}
	(void)pthread_mutex_unlock(&l->lock);
}

static bool
is_empty(struct listen *l, const struct generation *g)
{
	bool empty = true;

	(void)pthread_mutex_lock(&l->lock);
	for (struct line *line = l->lines; line != NULL; line = line->next)
		if (line->generation == g)
			empty = false;
	(void)pthread_mutex_unlock(&l->lock);
	return empty;
}

/* Those that began before the newest of their socket. */
static void
look_at_generations(struct listen *l)
{
	struct generation **at, *over = NULL;

	(void)pthread_mutex_lock(&l->lock);
	at = &l->generations;
	while (*at != NULL && over == NULL)
		if (atomic_load(&(*at)->ending) && (*at)->until != 0 &&
		    listen_clock() > (*at)->until) {
			over = *at;
			*at = over->next;
		} else {
			at = &(*at)->next;
		}
	(void)pthread_mutex_unlock(&l->lock);
	if (over != NULL)
		listen_end_generation(over);
}

/* One without lines ends at the next look. */
static void
hurry_generations(struct listen *l)
{
	for (struct generation *g = l->generations; g != NULL; g = g->next)
		if (atomic_load(&g->ending) && g->until > 1 && is_empty(l, g))
			g->until = 1;
}

void
listen_watch_once(struct listen *l)
{
	look_at_lines(l);
}

bool
listen_is_idle(struct listen *l)
{
	bool idle = true;

	(void)pthread_mutex_lock(&l->lock);
	for (struct line *line = l->lines; line != NULL; line = line->next)
		if ((atomic_load(&line->stage) & 7) != STAGE_IDLE)
			idle = false;
	(void)pthread_mutex_unlock(&l->lock);
	return idle;
}

/* Once something was done, and then nothing for a while. */
static void
give_back_at_quiet(struct listen *l, struct quiet *q)
{
	unsigned long long begun = atomic_load(&l->begun);
	int64_t now = listen_clock();

	if (begun != q->begun || atomic_load(&l->busy) > 0) {
		*q = (struct quiet){begun, now, true};
	} else if (q->due && now - q->since >= LISTEN_QUIET) {
		q->due = false;
		memory_give_back();
	}
}

void *
listen_watch(void *listen)
{
	const struct timespec look = {.tv_nsec = LOOK * 1000000L};
	struct listen *l = listen;
	struct quiet quiet = {0};

	while (!atomic_load(&l->over)) {
		(void)nanosleep(&look, NULL);
		look_at_lines(l);
		hurry_generations(l);
		look_at_generations(l);
		give_back_at_quiet(l, &quiet);
	}
	return NULL;
}
