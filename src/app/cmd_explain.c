/*
 * foureyes explain REPO OLD NEW REF: what would be decided, and why.  The
 * ledger is read and nothing is recorded; the pusher is --as PERSON, else the
 * account.
 */
#include "app/cmd.h"

#include <stdio.h>
#include <string.h>

#include "app/gate.h"
#include "app/options.h"
#include "app/refusal.h"
#include "app/say.h"
#include "app/setup.h"
#include "base/json.h"
#include "base/text.h"
#include "core/judge.h"
#include "core/record.h"

struct asked {
	const char *repository, *old, *new, *ref;
	const char *as;
	bool json;
};

static int
open_push(struct push *p, struct setup *s, const struct asked *a,
    struct err *err)
{
	const struct person *who;
	const char *path, *line;

	line = pool_printf(&s->pool, "%s %s %s\n", a->old, a->new, a->ref);
	if (door_path(&s->config.settings, &s->pool, a->repository, &path,
	        err) < 0 ||
	    push_open(p, s, line, strlen(line), path, err) < 0 ||
	    door_name(&s->config.settings, p->pool, repo_path(p->repo),
	        &p->repository, err) < 0)
		return -1;
	p->deadline = 0;
	p->pusher.login = s->account.login;
	who = people_by_id(&s->config.people,
	    a->as != NULL ? a->as : s->account.person);
	if (who == NULL && a->as != NULL)
		return err_set(err, ERR_INPUT,
		    "people.yaml has nobody called '%s'", a->as);
	if (who != NULL) {
		p->pusher.person = who->id;
		p->pusher.machine = who->machine;
	}
	return push_sort(p, err);
}

static void
print_json(const struct push *p, const struct judged *j)
{
	struct decided d = {.update = &j->update,
	    .verdict = &j->verdict,
	    .in_force = p->in_force};
	struct buf out = {0};

	buf_char(&out, '{');
	record_decision(&out, &d);
	say_json(&out);
	buf_free(&out);
}

static void
print_findings(const struct judged *j)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++) {
		const struct finding *f = &j->verdict.findings[i];

		say("%-9s %-28s %s", standing_name(f->standing), f->code,
		    f->text);
	}
	say("%s", outcome_name(j->verdict.outcome));
}

static int
explain(struct setup *s, const struct asked *a, struct err *err)
{
	struct gate_answer answer = {0};
	struct push p = {0};
	struct buf text = {0};
	struct judged j;
	int ret = -1;

	if (open_push(&p, s, a, err) < 0)
		goto out;
	if (p.refs[0].code != NULL || p.refs[0].gate == NULL) {
		if (p.refs[0].code != NULL)
			say("%s: %s", p.refs[0].code, p.refs[0].why);
		else
			say("'%s' is not gated: anybody who may push may "
			    "move it",
			    a->ref);
		ret = p.refs[0].code != NULL ? STATUS_NO : STATUS_YES;
		goto out;
	}
	if (setup_log(s, LEDGER_READ, err) < 0 ||
	    gate_judge(&p, &p.refs[0], &j, err) < 0)
		goto out;
	answer = (struct gate_answer){.judged = &j,
	    .judged_count = 1,
	    .admitted = j.verdict.outcome != REFUSED};
	if (a->json) {
		print_json(&p, &j);
	} else {
		print_findings(&j);
		if (!answer.admitted) {
			refusal_write(&text, &p, &answer);
			(void)fputs(buf_text(&text), stdout);
		}
	}
	ret = answer.admitted ? STATUS_YES : STATUS_NO;
out:
	buf_free(&text);
	repo_close(p.repo);
	return ret;
}

int
cmd_explain(int argc, char **argv, const char *config)
{
	struct asked a = {0};
	struct setup s = {0};
	struct err err = {0};
	const char *words[4];
	int count = 0, ret;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			a.json = true;
		else if (strcmp(argv[i], "--as") == 0 && i + 1 < argc)
			a.as = argv[++i];
		else if (count < 4 && argv[i][0] != '-')
			words[count++] = argv[i];
		else
			count = 5;
	}
	if (count != 4)
		return complain(STATUS_USAGE,
		    "usage: foureyes explain [--as PERSON] [--json] REPO OLD "
		    "NEW REF");
	a.repository = words[0];
	a.old = words[1];
	a.new = words[2];
	a.ref = words[3];
	if (setup_read(&s, setup_directory(config), &err) < 0) {
		setup_free(&s);
		return complain_err(&err);
	}
	ret = explain(&s, &a, &err);
	setup_free(&s);
	return ret < 0 ? complain_err(&err) : ret;
}
