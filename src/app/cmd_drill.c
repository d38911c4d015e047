/*
 * drill: the emergency lane walked to its end, without moving a ref.
 *
 * A commit is judged as if the caller pushed it now with that declaration.
 * Exercised is the lane only where there was something to turn: the verdict is
 * ADMITTED_AS_EMERGENCY, and enough people are there who could review it.  What
 * came of it is a `drill` record either way.
 */
#include "app/cmd.h"

#include <string.h>

#include "app/baseline.h"
#include "app/gate.h"
#include "app/options.h"
#include "app/say.h"
#include "app/witness.h"
#include "base/json.h"
#include "base/text.h"
#include "core/judge.h"
#include "core/plan.h"
#include "core/record.h"

#define INCIDENT "drill" /* where none is named */
#define NAMED_PEOPLE 5

/* What came of it. */
struct drill {
	const char *declarer;  /* a person's id, or NULL */
	const char **findings; /* codes of those in its way */
	size_t finding_count;
	int64_t review_due; /* of a real one; 0: there would be none */
	unsigned asked;     /* reviewers, and who could be one */
	const char **reviewers;
	size_t reviewer_count;
	bool exercised; /* to its end, with reviewers enough */
};

struct walked {
	const char *repository, *ref, *commit; /* as asked */
	const char *incident, *reason;
	struct judged judged;
	struct drill drill;
};

static int
open_push(struct push *p, struct setup *s, struct walked *w, struct err *err)
{
	static const char *options[2];
	struct baseline b;
	const char *path, *line;

	if (door_path(&s->config.settings, &s->pool, w->repository, &path,
	        err) < 0 ||
	    visit_open(p, s, path, err) < 0 ||
	    baseline_of(p, w->ref, &b, err) < 0)
		return -1;
	line = pool_printf(&s->pool, "%s %s %s\n",
	    b.actual != NULL ? b.actual : WITNESS_NOTHING, w->commit, w->ref);
	if (push_read(p, line, strlen(line), err) < 0 || push_sort(p, err) < 0)
		return -1;
	options[0] = pool_printf(&s->pool, "emergency=%s", w->incident);
	options[1] = pool_printf(&s->pool, "reason=%s", w->reason);
	p->options = options;
	p->option_count = 2;
	p->deadline = 0;
	p->pusher = (struct actor){.person = s->account.person,
	    .login = s->account.login};
	return 0;
}

static bool
takes_part(const struct update *u, const char *person)
{
	for (size_t i = 0; i < u->change_count; i++)
		for (size_t k = 0; k < u->changes[i].contributor_count; k++)
			if (text_same(u->changes[i].contributors[k].person,
			        person))
				return true;
	return text_same(u->pusher.person, person);
}

/* Who could give the review that a real one would owe. */
static void
find_reviewers(struct push *p, struct walked *w)
{
	const struct people *people = &p->setup->config.people;
	const struct policy_approvals *asked = &p->refs[0].gate->approvals;
	struct drill *d = &w->drill;

	d->asked = asked->asked ? asked->count : 1;
	for (size_t i = 0; i < people->count; i++) {
		const struct person *who = &people->list[i];
		const char **one;

		if (!person_in_force(who, p->now) ||
		    takes_part(&w->judged.update, who->id) ||
		    !approvals_take(asked, who))
			continue;
		one = pool_grow(p->pool, &d->reviewers, &d->reviewer_count,
		    sizeof(*one));
		*one = who->id;
	}
}

static void
note_turned(struct push *p, struct walked *w)
{
	struct drill *d = &w->drill;

	for (size_t i = 0; i < w->judged.verdict.finding_count; i++) {
		const struct finding *f = &w->judged.verdict.findings[i];
		const char **one;

		if (!finding_is_open(f))
			continue;
		one = pool_grow(p->pool, &d->findings, &d->finding_count,
		    sizeof(*one));
		*one = f->code;
	}
}

static void
fill(struct push *p, struct walked *w)
{
	struct drill *d = &w->drill;
	const struct policy_emergency *e = &p->setup->config.policy.emergency;

	d->declarer = p->pusher.person;
	note_turned(p, w);
	find_reviewers(p, w);
	if (w->judged.verdict.outcome == ADMITTED_AS_EMERGENCY)
		d->review_due = p->now + e->review_within;
	d->exercised = w->judged.verdict.outcome == ADMITTED_AS_EMERGENCY &&
	    d->reviewer_count >= d->asked;
}

static const char *
names(struct pool *pool, const struct drill *d)
{
	struct buf out = {0};
	const char *text;

	for (size_t i = 0; i < d->reviewer_count && i < NAMED_PEOPLE; i++)
		buf_printf(&out, "%s%s", i > 0 ? ", " : "", d->reviewers[i]);
	if (d->reviewer_count > NAMED_PEOPLE)
		buf_printf(&out, " and %zu more",
		    d->reviewer_count - NAMED_PEOPLE);
	text = pool_text(pool,
	    d->reviewer_count > 0 ? buf_text(&out) : "nobody in people.yaml");
	buf_free(&out);
	return text;
}

static void
tell(struct push *p, const struct walked *w, uint64_t seq)
{
	const struct drill *d = &w->drill;
	char due[TEXT_INSTANT_SIZE];

	for (size_t i = 0; i < w->judged.verdict.finding_count; i++) {
		const struct finding *f = &w->judged.verdict.findings[i];

		if (finding_is_open(f) || text_same(f->control, "emergency"))
			say("%-9s %-28s %s", standing_name(f->standing),
			    f->code, f->text);
	}
	text_instant(due, d->review_due);
	if (d->review_due != 0)
		say("a real one would be let through; its review would be due "
		    "by %s",
		    due);
	else if (w->judged.verdict.outcome == ADMITTED)
		say("nothing stands in its way, so the lane was not needed: "
		    "drill with a commit that nobody approved");
	else
		say("a real one would be refused: what is above is in its way");
	say("who could review it (%u asked): %s", d->asked, names(p->pool, d));
	say("%s (record %llu); no ref moved",
	    d->exercised ? "the emergency lane was exercised"
	                 : "the emergency lane was NOT exercised",
	    (unsigned long long)seq);
}

static void
put_texts(struct json *j, const char *key, const char **list, size_t count)
{
	json_key_open(j, key, '[');
	for (size_t i = 0; i < count; i++)
		json_text(j, list[i]);
	json_close(j);
}

static void
write_record(struct buf *body, const struct push *p, const struct walked *w,
    const struct by *by)
{
	const struct drill *d = &w->drill;
	struct json j = {.out = body};

	json_open(&j, '{');
	json_key_text(&j, "type", "drill");
	json_key_text(&j, "repository", p->repository);
	json_key_text(&j, "gate", w->judged.update.gate);
	json_key_text(&j, "ref", w->ref);
	json_key_text(&j, "commit", w->commit);
	json_key_text(&j, "declarer", d->declarer);
	json_key_text(&j, "incident", w->incident);
	json_key_text(&j, "reason", w->reason);
	json_key_text(&j, "outcome", outcome_name(w->judged.verdict.outcome));
	put_texts(&j, "findings", d->findings, d->finding_count);
	if (d->review_due != 0)
		json_key_instant(&j, "review_due", d->review_due);
	json_key_number(&j, "asked", d->asked);
	put_texts(&j, "reviewers", d->reviewers, d->reviewer_count);
	json_key_bool(&j, "exercised", d->exercised);
	record_key_by(&j, by);
	json_close(&j);
}

static int
walk(struct push *p, struct setup *s, struct walked *w, bool json,
    struct err *err)
{
	struct by by;
	struct buf body = {0};
	struct ledger_body line;
	uint64_t seq = 0;
	int ret;

	if (open_push(p, s, w, err) < 0)
		return -1;
	if (p->refs[0].code != NULL || p->refs[0].gate == NULL)
		return err_set(err, ERR_INPUT, "'%s' of '%s' is not gated: %s",
		    w->ref, w->repository,
		    p->refs[0].why != NULL ? p->refs[0].why
		                           : "there is no lane to walk");
	if (gate_judge(p, &p->refs[0], &w->judged, err) < 0)
		return -1;
	fill(p, w);
	by = setup_by(s);
	baseline_warn(&by, "drill");
	write_record(&body, p, w, &by);
	/* A body begins behind the brace that the line's head has. */
	line = (struct ledger_body){body.data + 1, body.len - 1};
	ret = changelog_append(s->log, &line, 1, s->now, &seq, err);
	if (ret == 0 && json)
		say_json(&body);
	else if (ret == 0)
		tell(p, w, seq);
	buf_free(&body);
	if (ret < 0)
		return -1;
	return w->drill.exercised ? STATUS_YES : STATUS_NO;
}

int
cmd_drill(int argc, char **argv, const char *config)
{
	struct walked w = {0};
	struct setup s = {0};
	struct push p = {0};
	struct err err = {0};
	bool json = false;
	const struct option options[] = {
	    {.name = "--incident", .value = &w.incident},
	    {.name = "--reason", .value = &w.reason},
	    {.name = "--json", .given = &json},
	    {0},
	};
	int status;

	if (options_read(argc, argv, options, 3, 3) < 0)
		return STATUS_USAGE;
	if (w.reason == NULL || strlen(w.reason) > PUSH_OPTION_SIZE ||
	    (w.incident != NULL && strlen(w.incident) > PUSH_OPTION_SIZE))
		return complain(STATUS_USAGE,
		    "drill: say in a few words what is exercised: --reason "
		    "TEXT");
	if (w.incident == NULL)
		w.incident = INCIDENT;
	w.repository = argv[1];
	w.ref = argv[2];
	w.commit = argv[3];
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, LEDGER_APPEND, &err) < 0)
		status = -1;
	else
		status = walk(&p, &s, &w, json, &err);
	if (status < 0)
		status = complain_err(&err);
	visit_close(&p);
	setup_free(&s);
	return status;
}
