#include "app/signing_off.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "app/node.h"
#include "app/say.h"
#include "base/digest.h"
#include "base/text.h"

/* What came back says of which time and record it is. */
static int
read_statement(struct signing_off *a, struct buf *bytes, struct err *err)
{
	const struct policy_review *review = &a->s->config.policy.review;
	struct signoff said;

	if (file_read(bytes, a->statement, SIGNOFF_STATEMENT_MAX, NULL, err) <
	        0 ||
	    signoff_read(&said, &a->s->pool, buf_text(bytes), bytes->len, err) <
	        0)
		return -1;
	a->r.asked.from = said.from;
	a->r.asked.to = said.to;
	a->r.asked.until = said.record;
	if (!a->access && review->asked && said.to - said.from > review->every)
		return err_set(err, ERR_INPUT,
		    "it is of more time than review.every of policy.yaml "
		    "allows");
	return 0;
}

int
signing_off_make(struct signing_off *a, struct err *err)
{
	struct report *r = &a->r;

	r->s = a->s;
	if (node_ledger_now(&r->ledger, &a->s->config.settings, LEDGER_READ,
	        err) < 0 ||
	    a->make(a, err) < 0)
		return -1;
	a->what = (struct signoff){.access = a->access,
	    .origin = r->origin != NULL ? r->origin : "",
	    .from = r->asked.from,
	    .to = r->asked.to,
	    .record = r->until,
	    .remarks = a->remarks != NULL ? a->remarks : "none"};
	digest_sha256_hex(a->what.digest, a->text.data, a->text.len);
	return 0;
}

int
signing_off_state(struct signing_off *a)
{
	struct buf out = {0};

	signoff_statement(&out, &a->what);
	(void)fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
	return STATUS_YES;
}

static int
record(struct signing_off *a, struct err *err)
{
	const struct policy *policy = &a->s->config.policy;
	struct buf statement = {0}, armor = {0};
	const char *person = NULL;
	uint64_t seq = 0;
	int ret = -1;

	if (!(a->access ? policy->access_review : policy->review).asked)
		err_set(err, ERR_CONFIG,
		    "no %s section of policy.yaml says who may sign",
		    a->access ? "access_review" : "review");
	else if (read_statement(a, &statement, err) == 0 &&
	    file_read(&armor, a->signature, SIGNOFF_SIGNATURE_MAX, NULL, err) ==
	        0 &&
	    signing_off_make(a, err) == 0)
		ret = signoff_record(a->s, &statement, &armor, &a->what, &seq,
		    &person, err);
	if (ret == 0)
		say("record %llu: %s signed for %s %s", (unsigned long long)seq,
		    person, a->access ? "who may do what in" : "the log of",
		    a->what.origin);
	buf_free(&statement);
	buf_free(&armor);
	return ret;
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
signing_off_run(struct signing_off *a, int count, char **argv,
    const char *config)
{
	struct setup *s = &a->own;
	struct err err = {0};
	int ret;

	if (count < 0)
		return STATUS_USAGE;
	if (count != (a->given ? 2 : 0) || !remarks_fit(a->remarks))
		return complain(STATUS_USAGE,
		    "%s: --signed STATEMENT SIGNATURE takes both; remarks are "
		    "one line",
		    a->command);
	a->s = s;
	a->statement = a->given ? argv[1] : NULL;
	a->signature = a->given ? argv[2] : NULL;
	ret = setup_read(s, setup_directory(config), &err);
	if (ret == 0)
		ret =
		    setup_log(s, a->given ? LEDGER_APPEND : LEDGER_READ, &err);
	if (ret == 0)
		ret = a->given ? record(a, &err) : a->show(a, &err);
	ledger_close(a->r.ledger);
	report_free(&a->r);
	buf_free(&a->text);
	if (ret < 0)
		ret = complain_err(&err);
	setup_free(s);
	return ret;
}
