#include "receiver_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/cmd.h"
#include "base/text.h"

#define ROUTES_MAX 64
#define STUCK ((int64_t)30 * 1000000000) /* ns that one append may take */
#define PATIENCE 10000                   /* ms for what was begun, at the end */

void
receiver_say(struct listen_request *request, unsigned status, const char *text)
{
	static const struct listen_header_line again = {"Retry-After", "5"};
	char line[700];
	int len = text == NULL ? 0 : snprintf(line, sizeof(line), "%s\n", text);

	listen_answer(request,
	    &(struct listen_reply){
	        .status = status,
	        .type = text == NULL ? NULL : "text/plain; charset=utf-8",
	        .body = line,
	        .len = (size_t)len,
	        .headers = &again,
	        .header_count = status == 503,
	    });
}

void
receiver_wake(struct receiving *r)
{
	static const char line[] = "stored\n";

	/* One line is enough until it is looked at; a full socket too. */
	if (r->wake_fd >= 0 && !atomic_exchange(&r->woken, true))
		(void)!write(r->wake_fd, line, sizeof(line) - 1);
}

void
receiver_look(struct receiving *r)
{
	atomic_store(&r->woken, false);
}

static void
discard(struct receiving *r)
{
	struct receiver_counts *next;

	changelog_close(r->indexer.log);
	changelog_close(r->writer.log);
	receiver_shared_close(&r->shared);
	if (r->view != NULL)
		receiver_view_done(r->view);
	for (struct receiver_counts *c = r->counts; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(r);
}

/* The logs are the writer's and the indexer's from here on, not the view's. */
static int
open_logs(struct receiving *r, struct err *err)
{
	struct setup *setup = &r->view->setup;

	if (setup_log(setup, LEDGER_APPEND, err) < 0)
		return -1;
	r->writer.log = setup->log;
	setup->log = NULL;
	r->writer.indexer = &r->indexer;
	r->indexer.receiving = r;
	if (setup_log(setup, LEDGER_READ, err) < 0)
		return -1;
	r->indexer.log = setup->log;
	setup->log = NULL;
	return 0;
}

int
receiver_open(struct receiving **out, const struct receiver_setup *setup,
    struct err *err)
{
	struct receiving *r = calloc(1, sizeof(*r));

	if (r == NULL)
		err_fatal("out of memory");
	r->dir = setup->dir;
	r->socket_count = setup->socket_count;
	memcpy(r->sockets, setup->sockets,
	    setup->socket_count * sizeof(r->sockets[0]));
	r->wake_fd = setup->wake_fd;
	(void)pthread_mutex_init(&r->view_lock, NULL);
	if (receiver_view_read(&r->view, r, err) < 0 ||
	    receiver_shared_open(&r->shared, r->dir, err) < 0 ||
	    open_logs(r, err) < 0) {
		discard(r);
		return -1;
	}
	*out = r;
	return 0;
}

int
receiver_run(struct receiving *r, struct err *err)
{
	struct listen_route routes[ROUTES_MAX];
	struct listen_setup setup = {
	    .sockets = r->sockets,
	    .socket_count = r->socket_count,
	    .routes = routes,
	    .certificate = r->view->certificate,
	    .key = r->view->key,
	};

	setup.route_count = receiver_routes(r, routes, ROUTES_MAX);
	if (receiver_indexer_start(&r->indexer, err) < 0 ||
	    receiver_writer_start(&r->writer, err) < 0 ||
	    receiver_pool_start(&r->pool, err) < 0 ||
	    receiver_shared_start(&r->shared, err) < 0 ||
	    receiver_lanes_start(r, err) < 0)
		return -1;
	return listen_start(&r->listen, &setup, err);
}

int
receiver_reload(struct receiving *r, struct err *err)
{
	struct receiver_view *new, *old = r->view;

	if (receiver_view_read(&new, r, err) < 0)
		return -1;
	if (!receiver_shared_is(&r->shared, &new->setup.config.settings)) {
		receiver_view_done(new);
		return err_set(err, ERR_CONFIG,
		    "where the ledger is kept changes with a restart alone");
	}
	if ((new->certificate == NULL) != (old->certificate == NULL)) {
		receiver_view_done(new);
		return err_set(err, ERR_CONFIG,
		    "'tls' comes and goes with a restart alone");
	}
	if (new->certificate != NULL &&
	    (!text_same(new->certificate, old->certificate) ||
	        !text_same(new->key, old->key)) &&
	    listen_renew(r->listen, new->certificate, new->key, err) < 0) {
		receiver_view_done(new);
		return -1;
	}
	(void)pthread_mutex_lock(&r->view_lock);
	r->view = new;
	(void)pthread_mutex_unlock(&r->view_lock);
	receiver_view_done(old);
	return 0;
}

bool
receiver_is_alive(struct receiving *r)
{
	long long since = atomic_load(&r->writer.busy_since);
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return since == 0 ||
	    (int64_t)t.tv_sec * 1000000000 + t.tv_nsec - since < STUCK;
}

void
receiver_close(struct receiving *r)
{
	if (r->listen != NULL)
		listen_stop(r->listen, PATIENCE);
	receiver_lanes_stop(r);
	receiver_pool_stop(&r->pool);
	receiver_writer_stop(&r->writer);
	receiver_shared_stop(&r->shared);
	receiver_indexer_stop(&r->indexer);
	discard(r);
}
