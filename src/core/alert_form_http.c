/* Alerts as requests: OTLP, Splunk, webhooks. */
#include "alert_form_inside.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"

static bool
is_cut(const struct alert_to *to, const struct alert *a)
{
	return to->body == ALERT_RECORD && a->len > to->most;
}

static bool
is_whole(const struct alert_to *to, const struct alert *a)
{
	return to->body == ALERT_RECORD && a->len <= to->most;
}

/* ---- OTLP ---- */

static void
attribute(struct json *j, const char *key, const char *value)
{
	if (value == NULL)
		return;
	json_open(j, '{');
	json_key_text(j, "key", key);
	json_key_open(j, "value", '{');
	json_key_text(j, "stringValue", value);
	json_close(j);
	json_close(j);
}

/* An int64 is a text in protobuf's JSON. */
static void
attribute_number(struct json *j, struct pool *pool, const char *key,
    uint64_t value)
{
	json_open(j, '{');
	json_key_text(j, "key", key);
	json_key_open(j, "value", '{');
	json_key_text(j, "intValue",
	    pool_printf(pool, "%llu", (unsigned long long)value));
	json_close(j);
	json_close(j);
}

/* The data model's own table of syslog's severities. */
static int
otlp_severity(enum alert_severity severity)
{
	switch (severity) {
	case ALERT_CRITICAL:
		return 18;
	case ALERT_ERROR:
		return 17;
	case ALERT_WARNING:
		return 13;
	case ALERT_NOTICE:
		return 10;
	case ALERT_INFO:
		break;
	}
	return 9;
}

static void
otlp_attributes(struct json *j, struct pool *pool, const struct alert_to *to,
    const struct alert *a)
{
	struct alert_field list[ALERT_FIELDS];

	json_key_open(j, "attributes", '[');
	attribute_number(j, pool, "foureyes.seq", a->seq);
	attribute(j, "foureyes.alert", a->word);
	attribute(j, "foureyes.sha256", a->digest);
	alert_fields(list, pool, a->record);
	for (size_t i = 0; i < ALERT_FIELDS; i++)
		attribute(j, pool_printf(pool, "foureyes.%s", list[i].name),
		    list[i].value);
	if (is_whole(to, a))
		attribute(j, "foureyes.text", alert_in_words(pool, a));
	if (is_cut(to, a))
		attribute(j, "foureyes.cut", "yes");
	json_close(j);
}

static void
otlp_record(struct json *j, struct pool *pool, const struct alert_to *to,
    const struct alert *a)
{
	const char *time = pool_printf(pool, "%lld000000", (long long)a->time);

	json_open(j, '{');
	json_key_text(j, "timeUnixNano", time);
	json_key_text(j, "observedTimeUnixNano", time);
	json_key_number(j, "severityNumber", otlp_severity(a->severity));
	json_key_text(j, "severityText", alert_severity_name(a->severity));
	json_key_open(j, "body", '{');
	json_key(j, "stringValue");
	if (is_whole(to, a))
		json_textn(j, a->line, a->len);
	else
		json_text(j, alert_in_words(pool, a));
	json_close(j);
	otlp_attributes(j, pool, to, a);
	json_close(j);
}

static void
otlp_scope(struct json *j, struct pool *pool, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count)
{
	json_open(j, '{');
	json_key_open(j, "scope", '{');
	json_key_text(j, "name", "foureyes");
	json_key_text(j, "version", from->version);
	json_close(j);
	json_key_open(j, "logRecords", '[');
	for (size_t i = 0; i < count; i++)
		otlp_record(j, pool, to, &list[i]);
	json_close(j);
	json_close(j);
}

void
alert_otlp(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count)
{
	struct json j = {.out = out};
	struct pool pool = {0};

	json_open(&j, '{');
	json_key_open(&j, "resourceLogs", '[');
	json_open(&j, '{');
	json_key_open(&j, "resource", '{');
	json_key_open(&j, "attributes", '[');
	attribute(&j, "service.name", "foureyes");
	attribute(&j, "service.version", from->version);
	attribute(&j, "host.name", from->host);
	attribute(&j, "foureyes.origin", from->origin);
	json_close(&j);
	json_close(&j);
	json_key_open(&j, "scopeLogs", '[');
	otlp_scope(&j, &pool, from, to, list, count);
	json_close(&j);
	json_close(&j);
	json_close(&j);
	json_close(&j);
	pool_free(&pool);
}

uint64_t
alert_otlp_rejected(struct pool *pool, const char *answer, size_t len)
{
	const struct tree *document, *t;
	struct err err = {0};
	uint64_t count = 0;
	const char *c;

	if (len == 0 || len > ALERT_ANSWER_MAX ||
	    tree_parse_json(&document, pool, answer, len, "answer", &err) < 0)
		return 0;
	t = tree_path(document, "partialSuccess.rejectedLogRecords");
	if (t == NULL)
		return 0;
	if (t->kind == TREE_NUMBER)
		return t->number > 0 ? (uint64_t)t->number : 0;
	for (c = t->kind == TREE_TEXT ? t->text : "";
	     *c >= '0' && *c <= '9' && count < INT64_MAX / 10; c++)
		count = count * 10 + (uint64_t)(*c - '0');
	return count;
}

/* ---- Splunk ---- */

static void
splunk_fields(struct json *j, struct pool *pool, const struct alert_from *from,
    const struct alert_to *to, const struct alert *a)
{
	struct alert_field list[ALERT_FIELDS];

	json_key_open(j, "fields", '{');
	json_key_text(j, "seq",
	    pool_printf(pool, "%llu", (unsigned long long)a->seq));
	json_key_text(j, "alert", a->word);
	json_key_text(j, "severity", alert_severity_name(a->severity));
	json_key_text(j, "origin", from->origin);
	json_key_text(j, "sha256", a->digest);
	alert_fields(list, pool, a->record);
	for (size_t i = 0; i < ALERT_FIELDS; i++)
		if (list[i].value != NULL)
			json_key_text(j, list[i].name, list[i].value);
	if (is_cut(to, a))
		json_key_text(j, "cut", "yes");
	json_close(j);
}

void
alert_splunk(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count)
{
	struct pool pool = {0};

	for (size_t i = 0; i < count; i++) {
		const struct alert *a = &list[i];
		struct json j = {.out = out};

		json_open(&j, '{');
		json_key_text(&j, "time",
		    pool_printf(&pool, "%lld.%03d", (long long)(a->time / 1000),
		        (int)(a->time % 1000)));
		json_key_text(&j, "host", from->host);
		json_key_text(&j, "source", "foureyes");
		json_key_text(&j, "sourcetype", "foureyes:record");
		json_key(&j, "event");
		if (is_whole(to, a))
			json_raw(&j, a->line, a->len);
		else
			json_text(&j, alert_in_words(&pool, a));
		splunk_fields(&j, &pool, from, to, a);
		json_close(&j);
		buf_char(out, '\n');
	}
	pool_free(&pool);
}

/* ---- webhooks ---- */

/*
 * As code, where chat tools look for no names, links and commands; "&", "<" and
 * ">" as Slack wants them, to which "<!channel>" would be one.
 */
static void
put_code(struct buf *out, const char *text)
{
	buf_char(out, '`');
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			buf_put(out, "&amp;");
			break;
		case '<':
			buf_put(out, "&lt;");
			break;
		case '>':
			buf_put(out, "&gt;");
			break;
		case '`':
			buf_char(out, '\'');
			break;
		default:
			buf_char(out, *text);
		}
	buf_char(out, '`');
}

static const char *
in_chat(struct pool *pool, const struct alert_from *from,
    const struct alert *list, size_t count)
{
	struct buf out = {0};
	const char *copy;

	buf_put(&out, "foureyes of ");
	put_code(&out, from->origin);
	for (size_t i = 0; i < count; i++) {
		buf_printf(&out,
		    "\n%s: ", alert_severity_name(list[i].severity));
		put_code(&out,
		    pool_printf(pool, "#%llu %s",
		        (unsigned long long)list[i].seq,
		        alert_in_words(pool, &list[i])));
	}
	copy = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return copy;
}

/* As Teams' workflows take one. */
static void
put_card(struct json *j, struct pool *pool, const struct alert_from *from,
    const struct alert *list, size_t count)
{
	json_key_text(j, "type", "message");
	json_key_open(j, "attachments", '[');
	json_open(j, '{');
	json_key_text(j, "contentType",
	    "application/vnd.microsoft.card.adaptive");
	json_key_open(j, "content", '{');
	json_key_text(j, "type", "AdaptiveCard");
	json_key_text(j, "version", "1.2");
	json_key_open(j, "body", '[');
	for (size_t i = 0; i <= count; i++) {
		json_open(j, '{');
		json_key_text(j, "type", "RichTextBlock");
		json_key_open(j, "inlines", '[');
		json_open(j, '{');
		json_key_text(j, "type", "TextRun");
		json_key_text(j, "text",
		    i == 0 ? pool_printf(pool, "foureyes of %s", from->origin)
		           : pool_printf(pool, "%s: #%llu %s",
		                 alert_severity_name(list[i - 1].severity),
		                 (unsigned long long)list[i - 1].seq,
		                 alert_in_words(pool, &list[i - 1])));
		json_close(j);
		json_close(j);
		json_close(j);
	}
	json_close(j);
	json_close(j);
	json_close(j);
	json_close(j);
}

static void
put_records(struct json *j, struct pool *pool, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count)
{
	json_key_text(j, "origin", from->origin);
	json_key_text(j, "host", from->host);
	json_key_open(j, "records", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(j, '{');
		json_key_number(j, "seq", (int64_t)list[i].seq);
		json_key_text(j, "alert", list[i].word);
		json_key_text(j, "severity",
		    alert_severity_name(list[i].severity));
		json_key_text(j, "sha256", list[i].digest);
		json_key_text(j, "text", alert_in_words(pool, &list[i]));
		json_key(j, "record");
		if (is_whole(to, &list[i]))
			json_raw(j, list[i].line, list[i].len);
		else
			json_nothing(j);
		json_close(j);
	}
	json_close(j);
}

void
alert_webhook(struct buf *out, const struct alert_from *from,
    const struct alert_to *to, const struct alert *list, size_t count)
{
	struct json j = {.out = out};
	struct pool pool = {0};

	json_open(&j, '{');
	if (to->body == ALERT_RECORD)
		put_records(&j, &pool, from, to, list, count);
	else if (to->body == ALERT_CARD)
		put_card(&j, &pool, from, list, count);
	else
		json_key_text(&j, "text", in_chat(&pool, from, list, count));
	json_close(&j);
	pool_free(&pool);
}
