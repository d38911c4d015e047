/* Alerts by syslog, and by this machine's sendmail. */
#include "daemon_alert_inside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/gitrun.h"
#include "app/version.h"
#include "base/text.h"
#include "edge/dial.h"

/* ---- syslog ---- */

/* By UDP a message is a datagram, else its length stands before it. */
static int
write_all(struct telling *t, struct dial *dial, const struct alert *list,
    size_t count, struct err *err)
{
	bool framed = !text_starts(t->to->url, "udp://");
	struct buf out = {0}, one = {0};
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++) {
		buf_clear(&one);
		alert_syslog(&one, &t->from, t->to, &list[i]);
		if (framed)
			buf_printf(&out, "%zu ", one.len);
		buf_add(&out, one.data, one.len);
		if (framed && i + 1 < count && out.len < 65536)
			continue;
		ret = dial_write(dial, out.data, out.len, err);
		buf_clear(&out);
	}
	buf_free(&out);
	buf_free(&one);
	return ret;
}

/*
 * Syslog has no answer.  A batch is a connection of its own, and was taken when
 * the other side ended it as well; one that broke is sent again, all of it.
 */
int
alert_send_syslog(struct telling *t, const struct alert *list, size_t count,
    struct err *err)
{
	const struct dial_how how = {.gate = t->to->url,
	    .ca_file = t->to->ca_file,
	    .certificate = t->to->certificate,
	    .key = t->to->key,
	    .patience = ALERT_REQUEST};
	struct dial *dial = NULL;
	int ret = dial_open(&dial, &how, err);

	if (ret == 0)
		ret = write_all(t, dial, list, count, err);
	if (ret == 0)
		ret = dial_end(dial, err);
	if (ret < 0)
		err_within(err, "'%s'", t->to->url);
	dial_close(dial);
	return ret;
}

/* ---- mail ---- */

static int
run(struct telling *t, struct pool *pool, const char *mail, struct err *err)
{
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", lang[] = "LC_ALL=C";
	char *const environment[] = {path, lang, NULL};
	const char *words[ALERT_ADDRESSES_MAX + 5] = {"-i", "-f", t->to->sender,
	    "--"};
	struct gitrun sendmail = {.program = t->to->program,
	    .input = mail,
	    .both = true,
	    .environment = environment,
	    .milliseconds = ALERT_REQUEST};
	size_t n = 4;

	for (size_t i = 0; i < t->to->to.count && i < ALERT_ADDRESSES_MAX; i++)
		words[n++] = t->to->to.list[i];
	if (gitrun(&sendmail, pool, words, err) < 0)
		return err_within(err, "'%s'", t->to->program);
	if (sendmail.status == 0)
		return 0;
	return err_set(err, ERR_UNREACHABLE, "'%s' ends with status %d: %s",
	    t->to->program, sendmail.status,
	    text_safe_copy(pool, sendmail.output, strlen(sendmail.output),
	        100));
}

int
alert_send_mail(struct telling *t, const struct alert *list, size_t count,
    struct err *err)
{
	struct pool pool = {0};
	struct buf mail = {0};
	int ret;

	alert_mail(&mail, &t->from, t->to, list, count, clock_now());
	ret = run(t, &pool, buf_text(&mail), err);
	buf_free(&mail);
	pool_free(&pool);
	return ret;
}

/* ---- any of them ---- */

int
alert_send(struct telling *t, const struct alert *list, size_t count,
    struct err *err)
{
	static alert_send_fn *const kinds[] = {
	    [ALERT_SYSLOG] = alert_send_syslog,
	    [ALERT_OTLP] = alert_send_http,
	    [ALERT_SPLUNK] = alert_send_http,
	    [ALERT_WEBHOOK] = alert_send_http,
	    [ALERT_MAIL] = alert_send_mail,
	};

	t->after = 0;
	t->refused = t->too_much = false;
	t->rejected = 0;
	return kinds[t->to->kind](t, list, count, err);
}

size_t
alert_batch(const struct alert_to *to)
{
	if (to->kind == ALERT_WEBHOOK)
		return to->body == ALERT_RECORD ? 100 : 20;
	return to->kind == ALERT_MAIL ? 100 : 500;
}

void
alert_from_here(struct alert_from *out, struct pool *pool,
    const struct setup *setup)
{
	const char *origin = setup->config.settings.origin;
	char host[256];

	if (gethostname(host, sizeof(host)) < 0)
		host[0] = '\0';
	host[sizeof(host) - 1] = '\0';
	*out = (struct alert_from){origin != NULL ? origin : "foureyes",
	    pool_text(pool, host), FOUREYES_VERSION};
}
