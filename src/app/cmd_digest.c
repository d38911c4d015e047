/* digest: what the log says of a week, on one page, and who signed for it. */
#include "app/cmd.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "app/options.h"
#include "app/reading.h"
#include "app/say.h"
#include "app/signoff.h"
#include "base/text.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)

struct asked {
	const char *from, *to, *until, *html, *remarks;
	const char *statement, *signature; /* --signed: what came back */
	bool to_sign;
	struct setup *s;
	struct report r;
	struct buf text;
	struct signoff what;
};

static int
read_day(int64_t *out, const char *option, const char *word, int64_t otherwise,
    struct err *err)
{
	*out = otherwise;
	return word == NULL ? 0 : option_instant(out, option, word, err);
}

/* The week before today, where nothing is said. */
static int
read_period(struct asked *a, struct err *err)
{
	struct report_asked *p = &a->r.asked;
	int64_t today = a->s->now - a->s->now % DAY, every;
	const struct policy_review *review = &a->s->config.policy.review;

	every = review->asked ? review->every : 7 * DAY;
	if (read_day(&p->to, "--to", a->to, today, err) < 0 ||
	    read_day(&p->from, "--from", a->from, p->to - every, err) < 0)
		return -1;
	if (p->from >= p->to)
		return err_set(err, ERR_INPUT, "--from is not before --to");
	return option_number(&p->until, "--until-seq", a->until, err);
}

/* What came back says of which time and record it is. */
static int
read_statement(struct asked *a, struct buf *bytes, struct err *err)
{
	struct signoff said;

	if (file_read(bytes, a->statement, SIGNOFF_STATEMENT_MAX, NULL, err) <
	        0 ||
	    signoff_read(&said, &a->s->pool, buf_text(bytes), bytes->len, err) <
	        0)
		return -1;
	a->r.asked.from = said.from;
	a->r.asked.to = said.to;
	a->r.asked.until = said.record;
	if (a->s->config.policy.review.asked &&
	    said.to - said.from > a->s->config.policy.review.every)
		return err_set(err, ERR_INPUT,
		    "it is of more time than review.every of policy.yaml "
		    "allows");
	return 0;
}

static int
make(struct asked *a, struct err *err)
{
	struct report *r = &a->r;

	r->s = a->s;
	if (ledger_open(&r->ledger, a->s->config.settings.ledger, LEDGER_READ,
	        err) < 0 ||
	    reading_make(r, &a->text, err) < 0)
		return -1;
	a->what = (struct signoff){.origin = r->origin != NULL ? r->origin : "",
	    .from = r->asked.from,
	    .to = r->asked.to,
	    .record = r->until,
	    .remarks = a->remarks != NULL ? a->remarks : "none"};
	digest_sha256_hex(a->what.digest, a->text.data, a->text.len);
	if (a->html == NULL)
		return 0;
	{
		struct buf page = {0};
		int ret;

		reading_html(&page, "foureyes: what the log says", &a->text);
		ret = file_write(a->html, page.data, page.len, 0644, true, err);
		buf_free(&page);
		return ret;
	}
}

static int
sign_off(struct asked *a, struct err *err)
{
	struct buf statement = {0}, armor = {0};
	const char *person = NULL;
	uint64_t seq = 0;
	int ret = -1;

	if (!a->s->config.policy.review.asked)
		err_set(err, ERR_CONFIG,
		    "no review section of policy.yaml says who may sign");
	else if (read_statement(a, &statement, err) == 0 &&
	    file_read(&armor, a->signature, SIGNOFF_SIGNATURE_MAX, NULL, err) ==
	        0 &&
	    make(a, err) == 0)
		ret = signoff_record(a->s, &statement, &armor, &a->what, &seq,
		    &person, err);
	if (ret == 0)
		say("record %llu: %s signed for the log of %s",
		    (unsigned long long)seq, person, a->what.origin);
	buf_free(&statement);
	buf_free(&armor);
	return ret;
}

static int
show(struct asked *a, struct err *err)
{
	struct signoff_state state;
	struct buf out = {0};

	if (read_period(a, err) < 0 || make(a, err) < 0 ||
	    signoff_state(a->s, false, &state, err) < 0)
		return -1;
	if (a->to_sign) {
		signoff_statement(&out, &a->what);
		(void)fwrite(out.data, 1, out.len, stdout);
		buf_free(&out);
		return 0;
	}
	(void)fwrite(a->text.data, 1, a->text.len, stdout);
	if (state.asked && state.overdue)
		say("\nSign-off is OVERDUE: the log was last read up to record "
		    "%llu",
		    (unsigned long long)state.record);
	return a->r.altered != NULL ? 1 : 0;
}

static int
remarks_fit(const char *remarks)
{
	return remarks == NULL ||
	    (remarks[0] != '\0' && strlen(remarks) <= SIGNOFF_REMARKS_MAX &&
	        strchr(remarks, '\n') == NULL &&
	        text_is_utf8(remarks, strlen(remarks)));
}

int
cmd_digest(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct asked a = {.s = &s};
	struct err err = {0};
	bool given = false;
	const struct option options[] = {
	    {.name = "--from", .value = &a.from},
	    {.name = "--to", .value = &a.to},
	    {.name = "--until-seq", .value = &a.until},
	    {.name = "--html", .value = &a.html},
	    {.name = "--statement", .given = &a.to_sign},
	    {.name = "--remarks", .value = &a.remarks},
	    {.name = "--signed", .given = &given},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, 2), ret;

	if (count < 0)
		return STATUS_USAGE;
	if (count != (given ? 2 : 0) || !remarks_fit(a.remarks))
		return complain(STATUS_USAGE,
		    "digest: --signed STATEMENT SIGNATURE takes both; remarks "
		    "are one line");
	a.statement = given ? argv[1] : NULL;
	a.signature = given ? argv[2] : NULL;
	ret = setup_read(&s, setup_directory(config), &err);
	if (ret == 0)
		ret = setup_log(&s, given ? LEDGER_APPEND : LEDGER_READ, &err);
	if (ret == 0)
		ret = given ? sign_off(&a, &err) : show(&a, &err);
	ledger_close(a.r.ledger);
	report_free(&a.r);
	buf_free(&a.text);
	if (ret < 0)
		ret = complain_err(&err);
	setup_free(&s);
	return ret;
}
