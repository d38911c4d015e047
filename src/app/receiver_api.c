/*
 * What readers are told, over HTTP (app/api.h has the answers).  Whoever asks
 * is looked at on the server's own thread; answers are made on two threads of
 * our own, one for the page's data, which may take a second, and one for all
 * else, so that neither deliveries nor hooks wait for a reader.
 */
#include "receiver_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/api_explain.h"
#include "app/change_token.h"
#include "app/page.h"
#include "base/text.h"

#define PAGE_PATH "/api/v1/page"
#define CHANGE_PATH "/change/"
#define HEADERS_MAX 12

static const char strict_policy[] = "default-src 'none'; frame-ancestors "
                                    "'none'; base-uri 'none'; form-action "
                                    "'none'; sandbox";

struct heading {
	struct listen_header_line list[HEADERS_MAX];
	size_t count;
};

static void
add(struct heading *h, const char *name, const char *value)
{
	if (h->count < HEADERS_MAX)
		h->list[h->count++] = (struct listen_header_line){name, value};
}

static void
begin(struct heading *h, const char *policy)
{
	add(h, "Cache-Control", "no-store");
	add(h, "X-Content-Type-Options", "nosniff");
	add(h, "Referrer-Policy", "no-referrer");
	add(h, "X-Frame-Options", "DENY");
	add(h, "Cross-Origin-Resource-Policy", "same-origin");
	add(h, "Content-Security-Policy", policy);
}

static void
send(struct listen_request *request, unsigned status, const char *type,
    const struct buf *body, const struct heading *h)
{
	listen_answer(request,
	    &(struct listen_reply){.status = status,
	        .type = type,
	        .body = buf_text(body),
	        .len = body->len,
	        .headers = h->list,
	        .header_count = h->count});
}

static void
send_error(struct listen_request *request, unsigned status, const char *why)
{
	struct heading h = {0};
	struct buf body = {0};

	begin(&h, strict_policy);
	if (status == 401)
		add(&h, "WWW-Authenticate", "Bearer realm=\"foureyes\"");
	if (status == 503)
		add(&h, "Retry-After", "5");
	buf_printf(&body, "{\"error\":\"%s\"}\n", why);
	send(request, status, "application/json", &body, &h);
	buf_free(&body);
}

static const char *
get_query(void *ctx, const char *name)
{
	return listen_query(ctx, name);
}

static void
send_reply(struct listen_request *request, const struct api_reply *reply)
{
	struct heading h = {0};
	char link[API_PATH_MAX + 64];

	begin(&h, strict_policy);
	if (reply->etag[0] != '\0')
		add(&h, "ETag", reply->etag);
	if (reply->status == 503)
		add(&h, "Retry-After", "5");
	if (reply->next.len > 0 && text_starts(reply->next.data, "from=")) {
		(void)snprintf(link, sizeof(link),
		    "</api/v1/records?%s>; rel=\"next\"", reply->next.data);
		add(&h, "Link", link);
	}
	send(request, reply->status, reply->type, &reply->body, &h);
}

static void
answer_api(struct api *api, struct listen_request *request)
{
	struct api_reply reply;

	api_answer(api,
	    &(struct api_asked){.path = listen_path(request),
	        .query = get_query,
	        .ctx = request,
	        .known = listen_header(request, "If-None-Match"),
	        .now = clock_now()},
	    &reply);
	send_reply(request, &reply);
	api_reply_free(&reply);
}

/* Its token opens the page of that change; anything else is not there. */
static void
answer_change(struct receiving *r, struct api *api,
    struct listen_request *request)
{
	struct receiver_view *view = receiver_view_take(r);
	const char *id = listen_query(request, "id");
	struct change_token_key key;
	struct heading h = {0};
	struct buf body = {0}, policy = {0};
	struct err err = {0};
	bool opens = change_token_key(&key,
	                 &view->setup.config.settings.receiver, &err) == 0 &&
	    id != NULL && strlen(id) <= CHANGE_ID_MAX &&
	    change_token_is(&key, id,
	        listen_path(request) + strlen(CHANGE_PATH));

	explicit_bzero(&key, sizeof(key));
	receiver_view_done(view);
	if (!opens || api_explain(&body, api, id, clock_now(), &err) < 0) {
		send_error(request, opens ? 503 : 404,
		    opens ? "it cannot be told just now"
		          : "this address opens nothing");
	} else {
		api_explain_policy(&policy);
		buf_put(&policy, "; frame-ancestors 'none'");
		begin(&h, buf_text(&policy));
		send(request, 200, "text/html; charset=utf-8", &body, &h);
	}
	buf_free(&policy);
	buf_free(&body);
}

/* The handle of this configuration; a new one where that was read again. */
static struct api *
open_api(struct receiver_lane *lane)
{
	struct receiver_view *view = receiver_view_take(lane->r);
	int64_t read = view->setup.now;
	struct err err = {0};

	receiver_view_done(view);
	if (lane->api != NULL && lane->read == read)
		return lane->api;
	api_close(lane->api);
	lane->api = NULL;
	lane->read = read;
	if (api_open(&lane->api, lane->r->dir, &err) < 0) {
		lane->api = NULL;
		(void)complain(0, "readers cannot be answered: %s", err.text);
	}
	return lane->api;
}

static void
answer(struct receiver_lane *lane, struct listen_request *request)
{
	struct api *api = open_api(lane);

	if (api == NULL)
		send_error(request, 503, "the change log cannot be read");
	else if (text_starts(listen_path(request), CHANGE_PATH))
		answer_change(lane->r, api, request);
	else
		answer_api(api, request);
}

static void *
run_lane(void *ctx)
{
	struct receiver_lane *lane = ctx;

	(void)pthread_mutex_lock(&lane->lock);
	for (;;) {
		struct listen_request *next;

		while (lane->count == 0 && !lane->over)
			(void)pthread_cond_wait(&lane->more, &lane->lock);
		if (lane->count == 0)
			break;
		next = lane->queue[lane->at];
		lane->at = (lane->at + 1) % RECEIVER_LANE_QUEUE;
		lane->count--;
		(void)pthread_mutex_unlock(&lane->lock);
		answer(lane, next);
		(void)pthread_mutex_lock(&lane->lock);
	}
	(void)pthread_mutex_unlock(&lane->lock);
	return NULL;
}

static void
put_aside(struct receiver_lane *lane, struct listen_request *request)
{
	bool taken = false;

	listen_later(request);
	(void)pthread_mutex_lock(&lane->lock);
	if (lane->count < RECEIVER_LANE_QUEUE && !lane->over) {
		lane->queue[(lane->at + lane->count++) % RECEIVER_LANE_QUEUE] =
		    request;
		taken = true;
		(void)pthread_cond_signal(&lane->more);
	}
	(void)pthread_mutex_unlock(&lane->lock);
	if (!taken)
		send_error(request, 503, "too many ask at once");
}

void
receiver_read(struct listen_request *request, void *ctx)
{
	struct receiving *r = ctx;
	struct receiver_view *view = receiver_view_take(r);
	bool may = readers_have(&view->readers,
	    listen_header(request, "Authorization"));

	receiver_view_done(view);
	if (!may)
		send_error(request, 401, "a reader's token is needed");
	else
		put_aside(text_same(listen_path(request), PAGE_PATH)
		        ? &r->lanes[RECEIVER_LANE_PAGE]
		        : &r->lanes[RECEIVER_LANE_API],
		    request);
}

void
receiver_change(struct listen_request *request, void *ctx)
{
	struct receiving *r = ctx;

	put_aside(&r->lanes[RECEIVER_LANE_API], request);
}

/* The page has no data: those are asked for with a token. */
void
receiver_page(struct listen_request *request, void *ctx)
{
	struct heading h = {0};
	struct buf page = {0}, policy = {0};

	(void)ctx;
	if (!text_same(listen_path(request), "/")) {
		send_error(request, 404, "there is nothing under this address");
		return;
	}
	page_live(&page);
	page_live_policy(&policy);
	buf_put(&policy, "; frame-ancestors 'none'");
	begin(&h, buf_text(&policy));
	send(request, 200, "text/html; charset=utf-8", &page, &h);
	buf_free(&page);
	buf_free(&policy);
}

int
receiver_lanes_start(struct receiving *r, struct err *err)
{
	for (size_t i = 0; i < RECEIVER_LANES; i++) {
		struct receiver_lane *lane = &r->lanes[i];

		lane->r = r;
		(void)pthread_mutex_init(&lane->lock, NULL);
		(void)pthread_cond_init(&lane->more, NULL);
		if (pthread_create(&lane->thread, NULL, run_lane, lane) != 0)
			return err_set(err, ERR_SYSTEM,
			    "no thread could be had");
		lane->started = true;
	}
	return 0;
}

void
receiver_lanes_stop(struct receiving *r)
{
	for (size_t i = 0; i < RECEIVER_LANES; i++) {
		struct receiver_lane *lane = &r->lanes[i];

		if (!lane->started)
			continue;
		(void)pthread_mutex_lock(&lane->lock);
		lane->over = true;
		(void)pthread_cond_broadcast(&lane->more);
		(void)pthread_mutex_unlock(&lane->lock);
		(void)pthread_join(lane->thread, NULL);
		lane->started = false;
		api_close(lane->api);
	}
}
