/* watch: what stands otherwise than before is written down, once. */
#include "app/cmd.h"

#include "app/doctor.h"
#include "app/options.h"
#include "app/say.h"
#include "app/watch.h"
#include "base/json.h"
#include "base/text.h"
#include "core/plan.h"

struct watching {
	struct setup *s;
	struct notes notes;
	struct watched sum;
	struct reconciled refs;
	struct buf changes; /* JSON, items of a list */
	bool as_json;
};

static void
see_change(void *ctx, const struct check_change *c, uint64_t seq)
{
	struct watching *w = ctx;
	struct json j = {.out = &w->changes};

	if (!w->as_json) {
		say("%s: %s of %s%s%s (record %llu)",
		    check_state_word(c->state), c->check, c->subject,
		    c->text != NULL ? ": " : "", c->text != NULL ? c->text : "",
		    (unsigned long long)seq);
		return;
	}
	if (w->changes.len > 0)
		buf_char(&w->changes, ',');
	json_open(&j, '{');
	json_key_text(&j, "check", c->check);
	json_key_text(&j, "subject", c->subject);
	json_key_text(&j, "state", check_state_word(c->state));
	json_key_text(&j, "text", c->text);
	json_key_number(&j, "record", (int64_t)seq);
	json_close(&j);
}

static int
see_ref(void *ctx, const struct reconciled_ref *r, struct err *err)
{
	struct watching *w = ctx;

	(void)err;
	if (r->standing == REF_DRIFTED && !w->as_json)
		say("drift: %s %s: %.12s, and the ledger has it at %.12s "
		    "(record %llu%s)",
		    r->repository, r->ref, r->new, r->old,
		    (unsigned long long)r->record,
		    r->written ? ", written now" : "");
	return 0;
}

static void
answer(const struct watching *w)
{
	struct buf out = {0};
	struct json j = {.out = &out};

	if (!w->as_json) {
		say("%zu checks: %zu failed, %zu unknown; %zu refs, %zu "
		    "drifted; %zu records written",
		    w->sum.checks, w->sum.failed, w->sum.unknown, w->refs.refs,
		    w->refs.drifted, w->sum.written + w->refs.written);
		return;
	}
	json_open(&j, '{');
	json_key_number(&j, "checks", (int64_t)w->sum.checks);
	json_key_number(&j, "failed", (int64_t)w->sum.failed);
	json_key_number(&j, "unknown", (int64_t)w->sum.unknown);
	json_key_number(&j, "refs", (int64_t)w->refs.refs);
	json_key_number(&j, "drifted", (int64_t)w->refs.drifted);
	json_key_number(&j, "written",
	    (int64_t)(w->sum.written + w->refs.written));
	buf_put(&out, ",\"changes\":[");
	buf_add(&out, buf_text(&w->changes), w->changes.len);
	buf_put(&out, "]");
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

static int
look(struct watching *w)
{
	const struct watch_how how = {.witness = "watch",
	    .whole = true,
	    .local = true,
	    .by = setup_by(w->s),
	    .see = see_change,
	    .ctx = w};
	struct err err = {0};

	if (watch_refs(w->s, &w->notes, see_ref, w, &w->refs, &err) < 0)
		return complain_err(&err);
	doctor_look(&w->notes, w->s, NULL, 0);
	if (watch_write(w->s, &w->notes, &how, &w->sum, &err) < 0)
		return complain_err(&err);
	answer(w);
	if (w->sum.failed + w->refs.drifted > 0)
		return STATUS_NO;
	return w->sum.unknown + w->refs.unknown > 0 ? STATUS_UNKNOWN
	                                            : STATUS_YES;
}

static int
self_test(struct watching *w)
{
	const struct watch_how how = {.witness = "watch",
	    .local = true,
	    .always = "watch.self-test",
	    .by = setup_by(w->s),
	    .see = see_change,
	    .ctx = w};
	struct err err = {0};

	watch_self_test(w->s, &w->notes);
	if (watch_write(w->s, &w->notes, &how, &w->sum, &err) < 0)
		return complain_err(&err);
	if (w->as_json)
		answer(w);
	if (w->sum.failed > 0)
		return STATUS_NO;
	return w->sum.unknown > 0 ? STATUS_UNKNOWN : STATUS_YES;
}

static int
accept(struct setup *s, const char *check, const char *subject,
    const char *reason)
{
	struct err err = {0};
	uint64_t seq;

	if (subject == NULL)
		subject = "installation";
	if (watch_accept(s, check, subject, reason, &seq, &err) < 0)
		return complain_err(&err);
	say("%s of %s is taken for right (record %llu); foureyes watch --once "
	    "looks again",
	    check, subject, (unsigned long long)seq);
	return STATUS_YES;
}

int
cmd_watch(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct watching w = {.s = &s, .notes = {.pool = &s.pool}};
	const char *check = NULL, *subject = NULL, *reason = NULL;
	bool once = false, self = false, accepts;
	struct err err = {0};
	const struct option options[] = {
	    {.name = "--once", .given = &once},
	    {.name = "--self-test", .given = &self},
	    {.name = "--json", .given = &w.as_json},
	    {.name = "--accept", .value = &check},
	    {.name = "--subject", .value = &subject},
	    {.name = "--reason", .value = &reason},
	    {0},
	};
	int status;

	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	accepts = check != NULL;
	if (once + self + accepts != 1 || accepts == (reason == NULL))
		return complain(STATUS_USAGE,
		    "watch: --once, or --self-test, or --accept CHECK --reason "
		    "TEXT");
	if (reason != NULL && plan_is_placeholder(reason, NULL, 0, &s.pool)) {
		pool_free(&s.pool);
		return complain(STATUS_USAGE,
		    "watch: the reason '%s' says nothing", reason);
	}
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, LEDGER_APPEND, &err) < 0)
		status = complain_err(&err);
	else
		status = accepts ? accept(&s, check, subject, reason)
		    : self       ? self_test(&w)
		                 : look(&w);
	buf_free(&w.changes);
	setup_free(&s);
	return status;
}
