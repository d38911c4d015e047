/* access: who may do what, what changed, what nobody uses, and who signed. */
#include "app/cmd.h"

#include <stdio.h>
#include <string.h>

#include "app/access.h"
#include "app/files.h"
#include "app/options.h"
#include "app/say.h"
#include "app/signoff.h"
#include "base/text.h"

#define STAFF_MAX (16u << 20)

struct asked {
	const char *from, *until, *remarks, *staff;
	const char *statement, *signature;
	bool to_sign;
	struct setup *s;
	struct report r;
	struct buf text;
	struct signoff what;
};

/* From the last review on; before the first, since the log began. */
static int
read_period(struct asked *a, struct err *err)
{
	struct report_asked *p = &a->r.asked;
	struct signoff_state state;

	if (signoff_state(a->s, true, &state, err) < 0)
		return -1;
	p->to = a->s->now + 1;
	p->from = state.to;
	if (a->from != NULL &&
	    option_instant(&p->from, "--from", a->from, err) < 0)
		return -1;
	return option_number(&p->until, "--until-seq", a->until, err);
}

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
	return 0;
}

static int
make(struct asked *a, struct err *err)
{
	struct report *r = &a->r;

	r->s = a->s;
	if (ledger_open(&r->ledger, a->s->config.settings.ledger, LEDGER_READ,
	        err) < 0 ||
	    access_make(r, &a->text, err) < 0)
		return -1;
	a->what = (struct signoff){.access = true,
	    .origin = r->origin != NULL ? r->origin : "",
	    .from = r->asked.from,
	    .to = r->asked.to,
	    .record = r->until,
	    .remarks = a->remarks != NULL ? a->remarks : "none"};
	digest_sha256_hex(a->what.digest, a->text.data, a->text.len);
	return 0;
}

static int
sign_off(struct asked *a, struct err *err)
{
	struct buf statement = {0}, armor = {0};
	const char *person = NULL;
	uint64_t seq = 0;
	int ret = -1;

	if (!a->s->config.policy.access_review.asked)
		err_set(err, ERR_CONFIG,
		    "no access_review section of policy.yaml says who may "
		    "sign");
	else if (read_statement(a, &statement, err) == 0 &&
	    file_read(&armor, a->signature, SIGNOFF_SIGNATURE_MAX, NULL, err) ==
	        0 &&
	    make(a, err) == 0)
		ret = signoff_record(a->s, &statement, &armor, &a->what, &seq,
		    &person, err);
	if (ret == 0)
		say("record %llu: %s signed for who may do what in %s",
		    (unsigned long long)seq, person, a->what.origin);
	buf_free(&statement);
	buf_free(&armor);
	return ret;
}

/* Beside the page: what is signed says nothing of who works here. */
static int
show_leavers(struct asked *a, int *status, struct err *err)
{
	struct buf staff = {0}, lines = {0};
	int ret = file_read(&staff, a->staff, STAFF_MAX, NULL, err);

	if (ret == 0) {
		size_t count = access_leavers(&a->s->config.people, &staff,
		    a->s->now, &lines);

		say("\nIn force and not in %s: %zu", a->staff, count);
		(void)fputs(buf_text(&lines), stdout);
		*status = count > 0 ? STATUS_NO : *status;
	}
	buf_free(&staff);
	buf_free(&lines);
	return ret;
}

static int
show(struct asked *a, struct err *err)
{
	struct signoff_state state;
	struct buf out = {0};
	int status = STATUS_YES;

	if (read_period(a, err) < 0 || make(a, err) < 0 ||
	    signoff_state(a->s, true, &state, err) < 0)
		return -1;
	if (a->to_sign) {
		signoff_statement(&out, &a->what);
		(void)fwrite(out.data, 1, out.len, stdout);
		buf_free(&out);
		return STATUS_YES;
	}
	say_text("", buf_text(&a->text));
	if (state.asked && state.overdue) {
		say("\nThe review is OVERDUE: foureyes due says how");
		status = STATUS_NO;
	}
	if (a->staff != NULL && show_leavers(a, &status, err) < 0)
		return -1;
	return status;
}

static bool
remarks_fit(const char *remarks)
{
	return remarks == NULL ||
	    (remarks[0] != '\0' && strlen(remarks) <= SIGNOFF_REMARKS_MAX &&
	        strchr(remarks, '\n') == NULL &&
	        text_is_utf8(remarks, strlen(remarks)));
}

int
cmd_access(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct asked a = {.s = &s};
	struct err err = {0};
	bool given = false;
	const struct option options[] = {
	    {.name = "--from", .value = &a.from},
	    {.name = "--until-seq", .value = &a.until},
	    {.name = "--staff", .value = &a.staff},
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
		    "access: --signed STATEMENT SIGNATURE takes both; remarks "
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
