/* Alerts by HTTP: OTLP, Splunk's event collector, webhooks. */
#include "daemon_alert_inside.h"

#include <string.h>

#include "app/daemon.h"
#include "base/text.h"
#include "core/url.h"
#include "edge/http.h"

struct asking {
	struct telling *t;
	struct buf url, token, body;
	struct buf splunk; /* its way to show a token */
};

static void
wipe(struct buf *secret)
{
	if (secret->data != NULL)
		explicit_bzero(secret->data, secret->room);
	buf_free(secret);
}

static int
read_secrets(struct asking *a, struct err *err)
{
	const struct alert_to *to = a->t->to;

	if (to->url_file == NULL)
		buf_put(&a->url, to->url);
	else if (daemon_token(&a->url, to->url_file, err) < 0)
		return -1;
	else if (!url_is_plain(buf_text(&a->url)) ||
	    (!text_starts(buf_text(&a->url), "https://") &&
	        !url_is_local(buf_text(&a->url))))
		return err_set(err, ERR_CONFIG,
		    "'%s' must hold one 'https://...'", to->url_file);
	if (to->token_file == NULL)
		return 0;
	if (daemon_token(&a->token, to->token_file, err) < 0)
		return -1;
	if (to->kind == ALERT_SPLUNK)
		buf_printf(&a->splunk, "Splunk %s", buf_text(&a->token));
	return 0;
}

static void
write_body(struct asking *a, const struct alert *list, size_t count)
{
	struct alert_to words = *a->t->to;
	const struct alert_to *to = a->t->to;

	/* What is too much as it stands in the ledger is told in words. */
	if (a->t->in_words) {
		words.most = 0;
		to = &words;
	}
	if (to->kind == ALERT_OTLP)
		alert_otlp(&a->body, &a->t->from, to, list, count);
	else if (to->kind == ALERT_SPLUNK)
		alert_splunk(&a->body, &a->t->from, to, list, count);
	else
		alert_webhook(&a->body, &a->t->from, to, list, count);
}

/* Seconds; a date is not looked at. */
static int64_t
retry_after(const struct http_answer *answer)
{
	const char *text = http_field(answer, "Retry-After", 0);
	int64_t seconds = 0;

	if (text == NULL || strspn(text, "0123456789") != strlen(text))
		return 0;
	for (; *text != '\0' && seconds * 1000 < ALERT_AFTER_MAX; text++)
		seconds = seconds * 10 + (*text - '0');
	return seconds * 1000 < ALERT_AFTER_MAX ? seconds * 1000
	                                        : ALERT_AFTER_MAX;
}

static int
judge(struct telling *t, const struct http_answer *answer, struct err *err)
{
	struct pool pool = {0};

	if (answer->status >= 200 && answer->status < 300) {
		if (t->to->kind == ALERT_OTLP)
			t->rejected = alert_otlp_rejected(&pool,
			    buf_text(&answer->body), answer->body.len);
		pool_free(&pool);
		return 0;
	}
	t->after = retry_after(answer);
	t->refused = answer->status == 401 || answer->status == 403;
	t->too_much = answer->status == 400 || answer->status == 413 ||
	    answer->status == 422;
	return err_set(err, ERR_UNREACHABLE, "it answers with status %ld%s",
	    answer->status,
	    t->refused ? ": it does not take what we show to be known by" : "");
}

static int
ask(struct asking *a, struct err *err)
{
	struct telling *t = a->t;
	bool splunk = a->splunk.len > 0;
	const struct http_field field = {"Authorization", buf_text(&a->splunk)};
	struct http_answer answer = {0};
	int ret;

	ret = http_ask(&answer,
	    &(struct http_request){
	        .method = HTTP_POST,
	        .url = buf_text(&a->url),
	        .called = t->to->url_file != NULL ? t->to->name : NULL,
	        .type = "application/json",
	        .bearer =
	            a->token.len > 0 && !splunk ? buf_text(&a->token) : NULL,
	        .fields = &field,
	        .field_count = splunk ? 1 : 0,
	        .ca_file = t->to->ca_file,
	        .body = a->body.data,
	        .len = a->body.len,
	        .deadline = ALERT_REQUEST,
	        .most = ALERT_ANSWER_MAX,
	    },
	    err);
	if (ret == 0)
		ret = judge(t, &answer, err);
	http_answer_free(&answer);
	return ret;
}

int
alert_send_http(struct telling *t, const struct alert *list, size_t count,
    struct err *err)
{
	struct asking a = {.t = t};
	int ret = read_secrets(&a, err);

	if (ret == 0) {
		write_body(&a, list, count);
		ret = ask(&a, err);
	}
	wipe(&a.url);
	wipe(&a.token);
	wipe(&a.splunk);
	buf_free(&a.body);
	return ret;
}
