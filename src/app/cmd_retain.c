/* retain: what of the ledger may go, and taking it away. */
#include "app/cmd.h"

#include <stdio.h>

#include "app/files.h"
#include "app/options.h"
#include "app/retain.h"
#include "app/say.h"
#include "base/json.h"
#include "base/text.h"

static void
write_segment(struct json *j, const struct retain_segment *s)
{
	json_open(j, '{');
	json_key_number(j, "first", (int64_t)s->first);
	json_key_number(j, "last", (int64_t)s->last);
	json_key_instant(j, "from", s->from);
	json_key_instant(j, "to", s->to);
	json_key_bool(j, "may_go", s->why == NULL);
	if (s->why != NULL)
		json_key_text(j, "why", s->why);
	json_close(j);
}

static void
list_json(const struct retain_plan *plan)
{
	struct buf out = {0};
	struct json j = {.out = &out};

	json_open(&j, '{');
	json_key_number(&j, "keep_ms", plan->keep);
	json_key_number(&j, "may_go", (int64_t)plan->may_go);
	json_key_open(&j, "segments", '[');
	for (size_t i = 0; i < plan->count; i++)
		write_segment(&j, &plan->list[i]);
	json_close(&j);
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

static void
list_text(const struct retain_plan *plan)
{
	char from[TEXT_INSTANT_SIZE], to[TEXT_INSTANT_SIZE], keep[32];

	text_duration(keep, plan->keep);
	for (size_t i = 0; i < plan->count; i++) {
		const struct retain_segment *s = &plan->list[i];

		text_instant(from, s->from);
		text_instant(to, s->to);
		say("records %llu to %llu, %.10s to %.10s: %s%s",
		    (unsigned long long)s->first, (unsigned long long)s->last,
		    from, to, s->why == NULL ? "may go" : "stay: ",
		    s->why == NULL ? "" : s->why);
	}
	if (plan->may_go == 0)
		say("nothing may go; records are kept for %s", keep);
	else
		say("%zu of %zu segments may go: foureyes retain --statement "
		    ">FILE; two administrators each: ssh-keygen -Y sign -n " PRUNED_SPACE
		    " -f KEY FILE; then: foureyes retain --prune "
		    "FILE SIGNATURE SIGNATURE",
		    plan->may_go, plan->count);
}

static int
list(struct setup *s, bool as_json)
{
	struct retain_plan plan;
	struct err err = {0};

	if (retain_plan(s, &plan, &err) < 0)
		return complain_err(&err);
	if (as_json)
		list_json(&plan);
	else
		list_text(&plan);
	return STATUS_YES;
}

/* As it is signed: not a byte more, and none made safe. */
static int
state(struct setup *s)
{
	struct retain_plan plan;
	struct pruning pruning;
	struct buf text = {0};
	struct err err = {0};
	int status = STATUS_YES;

	if (retain_plan(s, &plan, &err) < 0)
		return complain_err(&err);
	if (plan.may_go == 0)
		return complain(STATUS_NO, "retain: nothing may go now");
	if (retain_statement(s, plan.list[plan.may_go - 1].last, &pruning,
	        &text, &err) < 0)
		status = complain_err(&err);
	else if (fwrite(text.data, 1, text.len, stdout) != text.len ||
	    fflush(stdout) != 0)
		status = complain(STATUS_UNKNOWN, "retain: cannot write");
	buf_free(&text);
	return status;
}

static int
prune(struct setup *s, const struct buf *statement, const struct buf *armors)
{
	struct err err = {0};
	uint64_t record = 0;
	size_t files = 0;

	if (retain_prune(s, statement, armors, &record, &files, &err) == 0) {
		say("%zu files are taken away (record %llu); checkpoints and "
		    "proofs of what is kept go on holding",
		    files, (unsigned long long)record);
		return STATUS_YES;
	}
	if (record != 0)
		return complain(STATUS_UNKNOWN,
		    "recorded as %llu, and not done: %s; foureyes retain "
		    "--resume",
		    (unsigned long long)record, err.text);
	return complain(err.kind == ERR_INPUT ? STATUS_NO : STATUS_UNKNOWN,
	    "retain: %s", err.text);
}

static int
resume(struct setup *s)
{
	struct err err = {0};
	size_t files;

	if (retain_resume(s, &files, &err) < 0)
		return complain_err(&err);
	if (files == 0)
		say("there is nothing to go on with");
	else
		say("%zu more files are taken away", files);
	return STATUS_YES;
}

struct words {
	const char *config, *statement;
	const char *const *signatures;
	bool state, resume, as_json;
};

static int
run(struct setup *s, const struct words *w)
{
	struct buf texts[1 + PRUNED_SIGNERS] = {0};
	struct err err = {0};
	bool writes = w->statement != NULL || w->resume;
	int status = STATUS_UNKNOWN, ret = 0;

	/* Read as whoever runs us, before we become the hook user. */
	if (w->statement != NULL) {
		ret = file_read(&texts[0], w->statement, RETAIN_STATEMENT_MAX,
		    NULL, &err);
		for (size_t i = 0; ret == 0 && i < PRUNED_SIGNERS; i++)
			ret = file_read(&texts[1 + i], w->signatures[i],
			    RETAIN_SIGNATURE_MAX, NULL, &err);
	}
	if (ret < 0 || setup_read(s, setup_directory(w->config), &err) < 0 ||
	    setup_log(s, writes ? LEDGER_APPEND : LEDGER_READ, &err) < 0)
		status = complain_err(&err);
	else if (writes && s->config.settings.shared != NULL)
		status = complain(STATUS_NO,
		    "retain: the ledger is shared by several machines, and "
		    "each has a copy of all of it: nothing is pruned there");
	else if (w->statement != NULL)
		status = prune(s, &texts[0], &texts[1]);
	else if (w->resume)
		status = resume(s);
	else
		status = w->state ? state(s) : list(s, w->as_json);
	for (size_t i = 0; i < 1 + PRUNED_SIGNERS; i++)
		buf_free(&texts[i]);
	return status;
}

int
cmd_retain(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct words w = {.config = config};
	const struct option options[] = {
	    {.name = "--prune", .value = &w.statement},
	    {.name = "--statement", .given = &w.state},
	    {.name = "--resume", .given = &w.resume},
	    {.name = "--json", .given = &w.as_json},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, PRUNED_SIGNERS);
	int status;

	if (count < 0)
		return STATUS_USAGE;
	if (count != (w.statement != NULL ? PRUNED_SIGNERS : 0))
		return complain(STATUS_USAGE,
		    "retain: --prune STATEMENT SIGNATURE SIGNATURE");
	w.signatures = (const char *const *)argv + 1;
	status = run(&s, &w);
	setup_free(&s);
	return status;
}
