/* POST /hooks/<source>: a delivery, from its first byte to its answer. */
#include "receiver_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/observe.h"
#include "base/text.h"
#include "core/topics.h"

#define HOOKS "/hooks/"

/* One delivery, for as long as it is not answered. */
struct delivery {
	struct receiver_write write;
	struct pool pool;
	struct receiving *receiving;
	struct listen_request *request;
	struct receiver_view *view;
	const struct source *source;
	const struct receiver_secrets *secrets;
	struct webhook_known known;
	struct observations found;
	char digest[DIGEST_HEX_SIZE];
};

static void
free_delivery(struct delivery *d)
{
	observations_free(&d->found);
	receiver_view_done(d->view);
	pool_free(&d->pool);
	free(d);
}

/* The last thing that is done with it. */
static void
answer(struct delivery *d, enum receiver_answer what, const char *why)
{
	static const unsigned statuses[] = {
	    [RECEIVED_STORED] = 204,
	    [RECEIVED_KNOWN] = 200,
	    [RECEIVED_IGNORED] = 200,
	    [RECEIVED_UNMAPPED] = 200,
	    [RECEIVED_MALFORMED] = 400,
	    [RECEIVED_FORGED] = 401,
	    [RECEIVED_UNSUITED] = 415,
	    [RECEIVED_FAILED] = 503,
	};
	struct listen_request *request = d->request;

	atomic_fetch_add_explicit(&d->secrets->counts->answers[what], 1,
	    memory_order_relaxed);
	free_delivery(d);
	receiver_say(request, statuses[what], why);
}

static void
stored(struct receiver_write *w, enum receiver_fate fate, uint64_t first)
{
	struct delivery *d = w->ctx;

	(void)first;
	switch (fate) {
	case RECEIVER_STORED:
		answer(d, RECEIVED_STORED, NULL);
		break;
	case RECEIVER_KNOWN:
		answer(d, RECEIVED_KNOWN, "known already");
		break;
	case RECEIVER_FAILED:
		answer(d, RECEIVED_FAILED,
		    "it could not be stored: send it again");
		break;
	}
}

static void
store(struct delivery *d)
{
	struct ledger_body *bodies =
	    pool_array(&d->pool, d->found.count, sizeof(*bodies));
	size_t keys = 0;

	for (size_t i = 0; i < d->found.count; i++)
		bodies[i] = (struct ledger_body){d->found.list[i].data,
		    d->found.list[i].len};
	if (d->known.id != NULL)
		d->write.keys[keys++] =
		    topic_delivery(&d->pool, d->source->name, d->known.id);
	if (!d->known.by_id)
		d->write.keys[keys++] =
		    topic_body(&d->pool, d->source->name, d->digest);
	d->write.bodies = bodies;
	d->write.count = d->found.count;
	d->write.done = stored;
	d->write.ctx = d;
	listen_drop_body(d->request);
	listen_later(d->request);
	if (!receiver_append(d->receiving, &d->write))
		answer(d, RECEIVED_FAILED,
		    "too much is waiting: send it again");
}

/* ---- before that ---- */

static const char *
header_of(const void *ctx, const char *name)
{
	return listen_header(ctx, name);
}

/* "application/json", and of its parameters at most a charset of UTF-8. */
static bool
is_json(const char *type)
{
	static const char json[] = "application/json";
	const char *at;

	if (type == NULL || strncasecmp(type, json, strlen(json)) != 0)
		return false;
	at = type + strlen(json);
	at += strspn(at, " \t");
	if (*at == '\0')
		return true;
	if (*at++ != ';')
		return false;
	at += strspn(at, " \t");
	return strcasecmp(at, "charset=utf-8") == 0 ||
	    strcasecmp(at, "charset=\"utf-8\"") == 0;
}

static const char *
why_unsuited(const struct listen_request *request)
{
	const char *coding = listen_header(request, "Content-Encoding");

	if (coding != NULL && strcasecmp(coding, "identity") != 0)
		return "a body is taken as it is, without Content-Encoding";
	if (!is_json(listen_header(request, "Content-Type")))
		return "a body is taken as application/json alone";
	return NULL;
}

static void
observe(struct delivery *d, const struct payload *payload)
{
	const struct observing from = {
	    .config = &d->view->setup.config,
	    .source = d->source,
	    .delivery = d->known.id,
	    .body = d->digest,
	    .now = clock_now(),
	};

	observe_bodies(&d->found, &d->pool, &from, payload);
}

static void
take(struct delivery *d)
{
	struct payload payload = {0};
	struct err err = {0};
	size_t len;
	const char *body = listen_body(d->request, &len);

	webhook_check(&d->known,
	    &(struct webhook){
	        .kind = d->source->kind,
	        .secrets = d->secrets->list,
	        .secret_count = d->secrets->count,
	        .header = header_of,
	        .ctx = d->request,
	        .body = body,
	        .len = len,
	        .now = clock_now(),
	    });
	if (d->known.why != NULL) {
		answer(d, RECEIVED_FORGED, d->known.why);
		return;
	}
	if (payload_read(&payload, &d->pool, d->source->kind, d->known.event,
	        body, len, &err) < 0) {
		answer(d, RECEIVED_MALFORMED, err.text);
		return;
	}
	if (payload.ignored != NULL || payload.count == 0) {
		answer(d, RECEIVED_IGNORED, "of no interest");
		return;
	}
	digest_sha256_hex(d->digest, body, len);
	observe(d, &payload);
	if (d->found.count > 0)
		store(d);
	else
		answer(d,
		    d->found.unmatched > 0 ? RECEIVED_UNMAPPED
		                           : RECEIVED_IGNORED,
		    "of no interest");
}

static struct delivery *
make(struct receiving *r, struct listen_request *request,
    struct receiver_view *view, const struct source *source)
{
	const struct receiver *all = &view->setup.config.settings.receiver;
	struct delivery *d = calloc(1, sizeof(*d));

	if (d == NULL)
		err_fatal("out of memory");
	d->receiving = r;
	d->request = request;
	d->view = view;
	d->source = source;
	d->secrets = &view->secrets[source - all->sources];
	return d;
}

void
receiver_hook(struct listen_request *request, void *ctx)
{
	struct receiving *r = ctx;
	struct receiver_view *view = receiver_view_take(r);
	const struct source *source =
	    receiver_source(&view->setup.config.settings.receiver,
	        listen_path(request) + strlen(HOOKS));
	const char *why = why_unsuited(request);
	struct delivery *d;

	if (source == NULL) {
		receiver_view_done(view);
		atomic_fetch_add(&r->unknown_source, 1);
		receiver_say(request, 404, "no source has that name");
		return;
	}
	d = make(r, request, view, source);
	if (why != NULL)
		answer(d, RECEIVED_UNSUITED, why);
	else
		take(d);
}
