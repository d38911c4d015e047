/* How it is doing: /healthz for a watcher, /metrics for Prometheus. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/alert_state.h"

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
	one(out, "index_last_seq", "gauge",
	    "The newest record that the index is known to have.",
	    atomic_load(&w->indexer->indexed));
	appends(out, w);
}

/* ---- who is told ---- */

static unsigned long long
in_seconds(int64_t instant)
{
	return (unsigned long long)(instant / 1000);
}

static unsigned long long
told(const struct alert_state *s)
{
	return s->told;
}
static unsigned long long
looked_at(const struct alert_state *s)
{
	return s->seq;
}
static unsigned long long
told_at(const struct alert_state *s)
{
	return in_seconds(s->told_at);
}
static unsigned long long
failures(const struct alert_state *s)
{
	return s->failed;
}
static unsigned long long
rejected(const struct alert_state *s)
{
	return s->rejected + s->missed;
}

static const struct alert_metric {
	const char *name, *type, *help;
	unsigned long long (*value)(const struct alert_state *s);
} alert_metrics[] = {
    {"alert_told_total", "counter", "Records that it took.", told},
    {"alert_seq", "gauge",
        "The record up to which it was told what it wants; what is between "
        "that and ledger_last_seq waits.",
        looked_at},
    {"alert_last_success_timestamp_seconds", "gauge",
        "When it last took something; 0: never.", told_at},
    {"alert_failures", "gauge", "Tries in a row that failed.", failures},
    {"alert_lost_total", "counter",
        "Records that it says it rejected, or that were taken away before.",
        rejected},
};

/* Their names are words, so nothing has to be escaped. */
static void
alerts(struct buf *out, struct receiving *r)
{
	struct receiver_view *v = receiver_view_take(r);
	const struct settings *s = &v->setup.config.settings;
	struct pool pool = {0};
	struct alert_state *list;

	alert_states_read(&list, &pool, s);
	for (size_t k = 0;
	     k < sizeof(alert_metrics) / sizeof(alert_metrics[0]) &&
	     s->alerts.count > 0;
	     k++) {
		const struct alert_metric *m = &alert_metrics[k];

		describe(out, m->name, m->type, m->help);
		for (size_t i = 0; i < s->alerts.count; i++)
			buf_printf(out, "foureyes_%s{to=\"%s\"} %llu\n",
			    m->name, s->alerts.list[i].name,
			    m->value(&list[i]));
	}
	pool_free(&pool);
	receiver_view_done(v);
}

void
receiver_metrics(struct listen_request *request, void *ctx)
{
	struct receiving *r = ctx;
	struct buf out = {0};

	deliveries(&out, r);
	writer(&out, &r->writer);
	alerts(&out, r);
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
