/*
 * report: the auditor's pack.
 *
 * Two walks over the records (app/report.h), tables on the second, then the
 * page, which repeats the tables and the records, then the manifest.
 */
#include "app/cmd.h"

#include <string.h>
#include <unistd.h>

#include "app/options.h"
#include "app/say.h"
#include "base/text.h"
#include "app/report_inside.h"
#include "app/walking.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)

struct words {
	const char *from, *to, *as_of, *until, *out;
	const char *sample, *seed, *table;
	const char *repositories[REPORT_SCOPE_MAX], *gates[REPORT_SCOPE_MAX];
	size_t repository_count, gate_count;
};

static int
read_instant(int64_t *out, const char *option, const char *word,
    struct err *err)
{
	if (word == NULL)
		return err_set(err, ERR_INPUT,
		    "%s is missing: report --from DAY --to DAY --out DIR, or "
		    "--as-of DAY",
		    option);
	return option_instant(out, option, word, err);
}

static int
read_period(struct report_asked *a, const struct words *w, struct err *err)
{
	if (w->as_of != NULL) {
		if (w->from != NULL || w->to != NULL)
			return err_set(err, ERR_INPUT,
			    "--as-of is a day, and takes no --from or --to");
		if (read_instant(&a->as_of, "--as-of", w->as_of, err) < 0)
			return -1;
		a->from = a->as_of;
		a->to = a->as_of + DAY;
		return 0;
	}
	if (read_instant(&a->from, "--from", w->from, err) < 0 ||
	    read_instant(&a->to, "--to", w->to, err) < 0)
		return -1;
	if (a->from >= a->to)
		return err_set(err, ERR_INPUT,
		    "--from '%s' is not before --to '%s'", w->from, w->to);
	return 0;
}

static int
read_words(struct report_asked *a, const struct words *w, struct err *err)
{
	if (w->table != NULL && (w->out != NULL || w->sample != NULL))
		return err_set(err, ERR_INPUT,
		    "--table goes to standard output, and makes no pack: it "
		    "takes no --out and no --sample");
	if (w->table == NULL && w->out == NULL)
		return err_set(err, ERR_INPUT,
		    "--out names the new directory for the pack");
	a->repositories = (struct texts){w->repositories, w->repository_count};
	a->gates = (struct texts){w->gates, w->gate_count};
	return read_period(a, w, err) < 0
	    ? -1
	    : option_number(&a->until, "--until-seq", w->until, err);
}

static int
read_sample(struct making *m, const struct words *w, struct err *err)
{
	if ((w->sample == NULL) != (w->seed == NULL))
		return err_set(err, ERR_INPUT,
		    "--sample N and --seed WORD go together");
	if (option_number(&m->sample, "--sample", w->sample, err) < 0)
		return -1;
	if (m->sample > REPORT_SAMPLE_MAX)
		return err_set(err, ERR_INPUT, "--sample: at most %d",
		    REPORT_SAMPLE_MAX);
	m->seed = w->seed;
	return 0;
}

static int
open_key(struct making *m, struct err *err)
{
	const char *path = m->report.s->config.settings.report_key;

	if (path == NULL)
		return err_set(err, ERR_CONFIG,
		    "no report_key is named in foureyes.yaml: foureyes rekey "
		    "--report makes one");
	if (seal_report_open(&m->key, path, err) < 0)
		return -1;
	return seal_report_public(m->key, &m->report_pem, m->report_fingerprint,
	    err);
}

/* A log that cannot be appended to is told of, and reported all the same. */
static int
open_log(struct making *m, struct err *err)
{
	struct setup *s = m->report.s;

	if (setup_log(s, LEDGER_APPEND, err) < 0 ||
	    (m->report.asked.until == 0 && made_asked(m, err) < 0)) {
		if (err->kind != ERR_TAMPERED)
			return -1;
		m->unrecorded = pool_text(&s->pool, err->text);
		changelog_close(s->log);
		s->log = NULL;
		*err = (struct err){0};
	}
	return ledger_open(&m->report.ledger, s->config.settings.ledger,
	    LEDGER_READ, err);
}

static bool
find_report_key(struct making *m, const struct key_chain *chain)
{
	for (size_t i = chain->report_count; i > 0; i--)
		if (text_same(chain->reports[i - 1].fingerprint,
		        m->report_fingerprint)) {
			m->report_key_seq = chain->reports[i - 1].seq;
			return true;
		}
	return false;
}

/*
 * A key that the ledger does not know vouches for nothing.  It may be younger
 * than record `until`.  Of a ledger that does not verify, or has no sealing
 * key, nothing can be known: the pack says that much itself.
 */
static int
introduced(struct making *m, struct err *err)
{
	struct report *r = &m->report;
	struct key_chain whole = {.pool = &r->pool};

	if (find_report_key(m, &r->keys) || r->altered != NULL)
		return 0;
	if (key_chain_of(&whole, r->ledger, err) < 0)
		return -1;
	if (whole.seal_count == 0 || find_report_key(m, &whole))
		return 0;
	return err_set(err, ERR_CONFIG,
	    "report_key '%s' is not one that the ledger's sealing key "
	    "introduced, so nobody could tell whose pack it is: foureyes rekey "
	    "--report introduces it",
	    r->s->config.settings.report_key);
}

static int
look(struct making *m, struct err *err)
{
	struct report *r = &m->report;
	struct report_visitor list[2] = {tables_visitor(m)};

	if (report_scan(r, err) < 0 || introduced(m, err) < 0 ||
	    report_reaches(r, err) < 0)
		return -1;
	if (sealed_choose(m, err) < 0 || tables_open(m, err) < 0 ||
	    vsa_open(m, &list[1], err) < 0 ||
	    report_walk(r, list, 2, err) < 0 || vsa_close(m, err) < 0)
		return -1;
	return tables_close(m, err);
}

/* Everything but the manifest, as the hook user. */
static int
write_files(struct making *m, struct err *err)
{
	if (open_log(m, err) < 0 || look(m, err) < 0 ||
	    sealed_write(m, err) < 0 || texts_write(m, err) < 0 ||
	    sample_write(m, err) < 0 || workbook_write(m, err) < 0 ||
	    oscal_write(m, err) < 0 || page_write(m, err) < 0)
		return -1;
	return about_write(m, err);
}

static int
write_pack(struct making *m, const char *out, struct err *err)
{
	struct err other = {0};
	int ret;

	if (pack_begin(&m->pack, out, err) < 0 ||
	    report_hand_over(m, err) < 0 || report_become(m, err) < 0)
		return -1;
	ret = write_files(m, err);
	/* Whatever that made fail. */
	if (walking_at(1, ""))
		ret = report_interrupted(err);
	if (report_root(m, ret < 0 ? &other : err) < 0 || ret < 0)
		return -1;
	return pack_finish(&m->pack, m->key, err);
}

static int
make(struct making *m, const char *out, struct err *err)
{
	int ret;

	if (open_key(m, err) < 0)
		return -1;
	walking_begin();
	ret = write_pack(m, out, err);
	walking_end();
	if (ret < 0 || report_become(m, err) < 0)
		return -1;
	return m->unrecorded == NULL ? made_done(m, err) : 0;
}

static int
answer(const struct making *m, const char *out)
{
	const struct report *r = &m->report;

	say("%s: %llu changes, as of record %llu; manifest %s", out,
	    (unsigned long long)m->counts.changes, (unsigned long long)r->until,
	    m->pack.digest);
	if (r->altered != NULL)
		return complain(STATUS_NO, "the ledger does not verify: %s",
		    r->altered);
	if (m->is_uncut == TRI_NO)
		return complain(STATUS_NO, "the checkpoint does not hold: %s",
		    m->uncut);
	if (m->unrecorded != NULL)
		return complain(STATUS_NO, "making it is no record: %s",
		    m->unrecorded);
	return m->mismatch ? complain(STATUS_NO,
	                         "the counts do not reconcile: see "
	                         "reconciliation.csv")
	                   : STATUS_YES;
}

static int
answer_one(const struct making *m)
{
	return m->report.altered == NULL
	    ? STATUS_YES
	    : complain(STATUS_NO, "the ledger does not verify: %s",
	          m->report.altered);
}

static void
end(struct making *m)
{
	tables_free(m);
	pack_end(&m->pack);
	seal_report_close(m->key);
	ledger_close(m->report.ledger);
	buf_free(&m->checkpoint);
	buf_free(&m->checkpoint_start);
	buf_free(&m->range);
	buf_free(&m->report_pem);
	report_free(&m->report);
}

static const char *
told(int argc, char **argv, struct pool *pool)
{
	struct buf out = {0};
	const char *text;

	buf_put(&out, "foureyes");
	for (int i = 0; i < argc; i++)
		buf_printf(&out, " %s", argv[i]);
	text = pool_text(pool, out.data);
	buf_free(&out);
	return text;
}

int
cmd_report(int argc, char **argv, const char *config)
{
	struct words w = {0};
	struct setup s = {0};
	struct making m = {.report = {.s = &s},
	    .pack = {.above = -1, .dir = -1}};
	struct err err = {0};
	const struct option options[] = {
	    {.name = "--from", .value = &w.from},
	    {.name = "--to", .value = &w.to},
	    {.name = "--as-of", .value = &w.as_of},
	    {.name = "--out", .value = &w.out},
	    {.name = "--until-seq", .value = &w.until},
	    {.name = "--sample", .value = &w.sample},
	    {.name = "--seed", .value = &w.seed},
	    {.name = "--table", .value = &w.table},
	    {.name = "--findings", .given = &m.findings},
	    {.name = "--repository",
	        .list = w.repositories,
	        .room = REPORT_SCOPE_MAX,
	        .count = &w.repository_count},
	    {.name = "--gate",
	        .list = w.gates,
	        .room = REPORT_SCOPE_MAX,
	        .count = &w.gate_count},
	    {0},
	};
	int status;

	m.command = told(argc, argv, &s.pool);
	if (options_read(argc, argv, options, 0, 0) < 0)
		status = STATUS_USAGE;
	else if (read_words(&m.report.asked, &w, &err) < 0 ||
	    read_sample(&m, &w, &err) < 0 ||
	    setup_read(&s, setup_directory(config), &err) < 0 ||
	    (w.table != NULL ? report_one(&m, w.table, STDOUT_FILENO, &err)
	                     : make(&m, w.out, &err)) < 0)
		status = complain_err(&err);
	else if (w.table != NULL)
		status = answer_one(&m);
	else
		status = answer(&m, w.out);
	end(&m);
	setup_free(&s);
	return status;
}
