/* How it is doing: /healthz for a watcher, /metrics for Prometheus. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "receiver_inside.h"

static const char *const answers[] = {
    [RECEIVED_STORED] = "204\",reason=\"stored",
    [RECEIVED_KNOWN] = "200\",reason=\"known",
    [RECEIVED_IGNORED] = "200\",reason=\"ignored",
    [RECEIVED_UNMAPPED] = "200\",reason=\"unmapped",
    [RECEIVED_MALFORMED] = "400\",reason=\"malformed",
    [RECEIVED_FORGED] = "401\",reason=\"signature",
    [RECEIVED_UNSUITED] = "415\",reason=\"type",
    [RECEIVED_FAILED] = "503\",reason=\"not stored",
};

static void
describe(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP foureyes_%s %s\n# TYPE foureyes_%s %s\n", name,
	    help, name, type);
}

static void
one(struct buf *out, const char *name, const char *type, const char *help,
    unsigned long long value)
{
	describe(out, name, type, help);
	buf_printf(out, "foureyes_%s %llu\n", name, value);
}

/* Names of sources are words, so nothing has to be escaped. */
static void
deliveries(struct buf *out, struct receiving *r)
{
	describe(out, "deliveries_total", "counter",
	    "Deliveries, by source and answer.");
	(void)pthread_mutex_lock(&r->view_lock);
	for (struct receiver_counts *c = r->counts; c != NULL; c = c->next)
		for (size_t i = 0; i < RECEIVED_ANSWERS; i++)
			buf_printf(out,
			    "foureyes_deliveries_total{source=\"%s\",answer="
			    "\"%s\"} %llu\n",
			    c->name, answers[i], atomic_load(&c->answers[i]));
	describe(out, "unmapped_deliveries_total", "counter",
	    "Deliveries of repositories that no entry of mapping or policy "
	    "names.");
	for (struct receiver_counts *c = r->counts; c != NULL; c = c->next)
		buf_printf(out,
		    "foureyes_unmapped_deliveries_total{source=\"%s\"} %llu\n",
		    c->name, atomic_load(&c->answers[RECEIVED_UNMAPPED]));
	(void)pthread_mutex_unlock(&r->view_lock);
	one(out, "unknown_source_total", "counter",
	    "Deliveries to a source that is not configured.",
	    atomic_load(&r->unknown_source));
}

static void
appends(struct buf *out, struct receiver_writer *w)
{
	unsigned long long sum = 0;
	double most = 0.000125;

	describe(out, "append_seconds", "histogram",
	    "Time of an append to the ledger, its sync included.");
	for (size_t i = 0; i < RECEIVER_BUCKETS; i++, most *= 2) {
		sum += atomic_load(&w->buckets[i]);
		if (i + 1 < RECEIVER_BUCKETS)
			buf_printf(out,
			    "foureyes_append_seconds_bucket{le=\"%g\"} %llu\n",
			    most, sum);
	}
	buf_printf(out,
	    "foureyes_append_seconds_bucket{le=\"+Inf\"} %llu\n"
	    "foureyes_append_seconds_sum %.9f\n"
	    "foureyes_append_seconds_count %llu\n",
	    sum, (double)atomic_load(&w->nanoseconds) / 1e9, sum);
}

static void
writer(struct buf *out, struct receiver_writer *w)
{
	size_t waiting;

	(void)pthread_mutex_lock(&w->lock);
	waiting = w->waiting;
	(void)pthread_mutex_unlock(&w->lock);
	one(out, "queue_depth", "gauge", "Deliveries that wait to be written.",
	    waiting);
	one(out, "records_total", "counter", "Records appended.",
	    atomic_load(&w->records));
	one(out, "append_failures_total", "counter",
	    "Appends that the ledger did not take.", atomic_load(&w->failures));
	one(out, "ledger_last_seq", "gauge",
	    "The newest record that was appended or seen here.",
	    atomic_load(&w->last_seq));
	appends(out, w);
}

void
receiver_metrics(struct listen_request *request, void *ctx)
{
	struct receiving *r = ctx;
	struct buf out = {0};

	deliveries(&out, r);
	writer(&out, &r->writer);
	one(&out, "connections", "gauge", "Connections there are.",
	    listen_connections(r->listen));
	listen_answer(request,
	    &(struct listen_reply){
	        .status = 200,
	        .type = "text/plain; version=0.0.4; charset=utf-8",
	        .body = out.data,
	        .len = out.len,
	    });
	buf_free(&out);
}

void
receiver_health(struct listen_request *request, void *ctx)
{
	if (receiver_is_alive(ctx))
		receiver_say(request, 200, "ok");
	else
		receiver_say(request, 503, "the ledger does not take records");
}
