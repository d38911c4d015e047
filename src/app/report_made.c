/* Making a pack is a record: when it was asked for, and when it was made. */
#include <string.h>

#include "base/json.h"
#include "app/report_inside.h"

/* A body has no opening brace of its own: the head has it. */
static struct json
begin(struct buf *out, const char *stage)
{
	struct json j = {.out = out};

	json_open(&j, '{');
	buf_clear(out);
	json_key_text(&j, "type", "report");
	json_key_text(&j, "stage", stage);
	return j;
}

static void
write_asked(struct json *j, const struct report_asked *a)
{
	if (a->as_of != 0)
		json_key_instant(j, "as_of", a->as_of);
	json_key_instant(j, "from", a->from);
	json_key_instant(j, "to", a->to);
	json_key_open(j, "repositories", '[');
	for (size_t i = 0; i < a->repositories.count; i++)
		json_text(j, a->repositories.list[i]);
	json_close(j);
	json_key_open(j, "gates", '[');
	for (size_t i = 0; i < a->gates.count; i++)
		json_text(j, a->gates.list[i]);
	json_close(j);
}

static int
append(struct making *m, struct buf *body, struct err *err)
{
	struct setup *s = m->report.s;
	int ret = changelog_append(s->log,
	    &(struct ledger_body){body->data, body->len}, 1, s->now, NULL, err);

	buf_free(body);
	return ret;
}

int
made_asked(struct making *m, struct err *err)
{
	const struct by by = setup_by(m->report.s);
	struct buf body = {0};
	struct json j = begin(&body, "asked");

	write_asked(&j, &m->report.asked);
	record_key_by(&j, &by);
	json_close(&j);
	return append(m, &body, err);
}

int
made_done(struct making *m, struct err *err)
{
	const struct by by = setup_by(m->report.s);
	struct buf body = {0};
	struct json j = begin(&body, "made");

	write_asked(&j, &m->report.asked);
	json_key_number(&j, "until", (int64_t)m->report.until);
	json_key_number(&j, "changes", (int64_t)m->counts.changes);
	json_key_text(&j, "manifest", m->pack.digest);
	json_key_text(&j, "signed_by", m->report_fingerprint);
	record_key_by(&j, &by);
	json_close(&j);
	return append(m, &body, err);
}
