/* about.json: how, when, by whom, with what; the page's share is without when.
 */
#include <string.h>
#include <unistd.h>

#include "app/hook_program.h"
#include "app/program.h"
#include "app/version.h"
#include "base/json.h"
#include "base/text.h"
#include "app/report_inside.h"

static void
write_texts(struct json *j, const char *key, const struct texts *list)
{
	json_key_open(j, key, '[');
	for (size_t i = 0; i < list->count; i++)
		json_text(j, list->list[i]);
	json_close(j);
}

static void
write_period(struct json *j, const struct report *r)
{
	const struct report_asked *a = &r->asked;

	if (a->as_of != 0) {
		json_key_instant(j, "as_of", a->as_of);
	} else {
		json_key_open(j, "period", '{');
		json_key_instant(j, "from", a->from);
		json_key_instant(j, "to", a->to);
		json_close(j);
	}
	if (r->at < a->to)
		json_key_text(j, "incomplete",
		    "the period had not ended at the newest record");
	json_key_number(j, "record", (int64_t)r->until);
	json_key_instant(j, "record_time", r->at);
	json_key_open(j, "scope", '{');
	write_texts(j, "repositories", &a->repositories);
	write_texts(j, "gates", &a->gates);
	json_close(j);
}

static void
write_answer(struct json *j, const char *key, enum tri is, const char *why)
{
	static const char *const words[] = {"unknown", "no", "yes"};

	json_key_open(j, key, '{');
	json_key_text(j, "is", words[is]);
	json_key_text(j, "why", why);
	json_close(j);
}

static void
write_counts(struct json *j, const struct making *m)
{
	const struct report_counts *c = &m->counts;

	json_key_open(j, "counts", '{');
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (m->tables[i].name != NULL)
			json_key_number(j, m->tables[i].name,
			    (int64_t)m->tables[i].rows);
	json_key_number(j, "landings", (int64_t)c->landings);
	json_key_number(j, "drifts", (int64_t)c->drifts);
	json_key_number(j, "records",
	    (int64_t)(m->report.range.last + 1 - m->report.range.first));
	json_close(j);
	json_key_open(j, "coverage", '{');
	json_key_number(j, "gated", (int64_t)c->commits);
	json_key_number(j, "covered", (int64_t)c->covered);
	json_key_text(j, "why",
	    "commits named by the decisions of what "
	    "landed, and those among them whose content was reviewed");
	json_close(j);
}

/* Of one day nothing is held against Git. */
static void
write_complete(struct json *j, const struct making *m)
{
	const struct report *r = &m->report;

	if (m->mismatch)
		write_answer(j, "complete", TRI_NO,
		    "log, Git and pack do not reconcile: reconciliation.csv");
	else if (r->asked.as_of != 0 || r->altered != NULL)
		write_answer(j, "complete", TRI_UNKNOWN,
		    "log and Git were not held against each other");
	else
		write_answer(j, "complete", TRI_YES,
		    "the commits that Git has are those that the log names");
}

/* What is the same for the same last record. */
static void
write_common(struct json *j, const struct making *m)
{
	const struct report *r = &m->report;

	json_key_text(j, "title", "Change management evidence");
	json_key_text(j, "origin", r->origin);
	write_period(j, r);
	write_counts(j, m);
	json_key_open(j, "verify", '{');
	write_answer(j, "unaltered", r->altered == NULL ? TRI_YES : TRI_NO,
	    r->altered == NULL ? "each record names the one before it"
	                       : r->altered);
	write_answer(j, "uncut", m->is_uncut, m->uncut);
	if (!m->live)
		write_complete(j, m);
	json_close(j);
	json_key_text(j, "published", r->s->config.settings.published);
	if (m->live)
		json_key_bool(j, "live", true);
	json_key_bool(j, "observed", m->counts.observed > 0);
	json_key_open(j, "not_covered", '[');
	for (size_t i = 0; not_covered[i] != NULL; i++)
		json_text(j, not_covered[i]);
	json_close(j);
	json_key_open(j, "notes", '[');
	if (r->altered != NULL)
		json_text(j,
		    "The ledger does not verify: what is left of "
		    "it is told as it stands.");
	if (m->mismatch)
		json_text(j,
		    "Log, Git and pack do not reconcile: see "
		    "Reconciliation.");
	if (m->cut)
		json_text(j,
		    "This is not all of the time that was asked for, but the "
		    "newest records of it, as many as a page may hold: "
		    "foureyes report has the whole.");
	json_close(j);
}

void
about_page(struct making *m, struct buf *out)
{
	struct json j = {.out = out};

	json_open(&j, '{');
	write_common(&j, m);
	json_close(&j);
}

int
about_write(struct making *m, struct err *err)
{
	char host[256] = "";
	struct pool pool = {0};
	struct buf out = {0};
	struct json j = {.out = &out};
	const struct setup *s = m->report.s;
	int ret;

	json_open(&j, '{');
	write_common(&j, m);
	json_key_open(&j, "made", '{');
	json_key_instant(&j, "at", s->now);
	json_key_text(&j, "by", s->account.person);
	json_key_text(&j, "account", s->account.login);
	json_key_open(&j, "program", '{');
	json_key_text(&j, "version", FOUREYES_VERSION);
	json_key_text(&j, "sha256",
	    program_digest(&pool, program_cache(&pool, &s->config.settings)));
	json_close(&j);
	json_key_text(&j, "host",
	    gethostname(host, sizeof(host) - 1) == 0 ? host : NULL);
	json_key_text(&j, "times", "UTC; periods are half-open");
	json_key_text(&j, "command", m->command);
	json_key_text(&j, "signed_by", m->report_fingerprint);
	json_key_text(&j, "unrecorded", m->unrecorded);
	json_close(&j);
	if (m->sample > 0) {
		json_key_open(&j, "sample", '{');
		json_key_number(&j, "asked", (int64_t)m->sample);
		json_key_text(&j, "seed", m->seed);
		json_key_text(&j, "how",
		    "the rows n of changes.csv (the first behind the header is "
		    "1) whose SHA-256 of \"<seed> <SHA-256 of changes.csv> "
		    "<n>\" is smallest");
		json_close(&j);
	}
	json_close(&j);
	buf_char(&out, '\n');
	ret = pack_text(&m->pack, "about.json", out.data, out.len, err);
	buf_free(&out);
	pool_free(&pool);
	return ret;
}
