/* reconcile: every gated ref against the ledger. */
#include "app/cmd.h"

#include <stdio.h>
#include <unistd.h>

#include "app/options.h"
#include "app/reconcile.h"
#include "app/say.h"
#include "app/summary.h"
#include "base/json.h"
#include "base/text.h"

#define PROGRESS_EACH 1000

struct comparing {
	struct setup *setup;
	struct reconciled sum;
	struct buf refs, notes, decisions; /* JSON, items of lists */
	bool as_json, dry, list_decisions, progress;
	size_t amiss; /* notes that are no mere hints */
};

static void
begin_item(struct buf *out, struct json *j)
{
	*j = (struct json){.out = out};
	if (out->len > 0)
		buf_char(out, ',');
	json_open(j, '{');
}

/* ---- refs ---- */

static void
write_moves(struct json *j, const struct reconciled_ref *r)
{
	if (r->move_count == 0 && r->file_time == 0)
		return;
	json_key_open(j, "git", '{');
	json_key_instant(j, "file_time", r->file_time);
	json_key_open(j, "reflog", '[');
	for (size_t i = 0; i < r->move_count; i++) {
		json_open(j, '{');
		json_key_text(j, "old", r->moves[i].old);
		json_key_text(j, "new", r->moves[i].new);
		json_key_instant(j, "time", r->moves[i].time);
		json_key_bool(j, "recorded", r->moves[i].recorded);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void
write_ref(struct buf *out, const struct reconciled_ref *r)
{
	struct json j;

	begin_item(out, &j);
	json_key_text(&j, "repository", r->repository);
	json_key_text(&j, "gate", r->gate);
	json_key_text(&j, "ref", r->ref);
	json_key_text(&j, "standing", ref_standing_name(r->standing));
	json_key_text(&j, "old", r->old);
	json_key_text(&j, "new", r->new);
	if (r->symbolic != NULL)
		json_key_text(&j, "symbolic", r->symbolic);
	if (r->standing == REF_DRIFTED) {
		json_key_instant(&j, "since", r->since);
		json_key_number(&j, "since_record", (int64_t)r->since_record);
		json_key_instant(&j, "until", r->until);
	}
	json_key_number(&j, "record", (int64_t)r->record);
	json_key_bool(&j, "written", r->written);
	json_key_number(&j, "unrecorded", (int64_t)r->unrecorded);
	write_moves(&j, r);
	json_close(&j);
}

static const char *
record_words(struct pool *pool, const struct comparing *c,
    const struct reconciled_ref *r)
{
	if (r->record == 0)
		return c->dry ? "not recorded yet" : "not recorded";
	return pool_printf(pool, "record %llu%s", (unsigned long long)r->record,
	    r->written ? ", written now" : "");
}

static void
say_moves(const struct reconciled_ref *r)
{
	char time[TEXT_INSTANT_SIZE];

	text_instant(time, r->file_time);
	if (r->standing == REF_DRIFTED && r->file_time != 0)
		say("  by git's word: the ref's file was written at %.19sZ",
		    time);
	for (size_t i = 0; i < r->move_count; i++) {
		text_instant(time, r->moves[i].time);
		if (!r->moves[i].recorded)
			say("  by git's word: %.12s to %.12s at %.19sZ",
			    r->moves[i].old, r->moves[i].new, time);
	}
}

static void
say_drift(struct pool *pool, const struct comparing *c,
    const struct reconciled_ref *r)
{
	char since[TEXT_INSTANT_SIZE], until[TEXT_INSTANT_SIZE];
	bool gone = text_is_zero_oid(r->new);

	text_instant(since, r->since);
	text_instant(until, r->until);
	say("%s: %s: drift: %s to %s%s%s, after %.19sZ (record %llu) and "
	    "before %.19sZ; %s",
	    r->repository, r->ref, summary_id(pool, r->old),
	    summary_id(pool, r->new),
	    r->symbolic != NULL ? " as a symbolic ref to " : "",
	    r->symbolic != NULL ? r->symbolic : "", since,
	    (unsigned long long)r->since_record, until,
	    record_words(pool, c, r));
	say("  nobody decided on that.  Put it back to %.12s%s, or: foureyes "
	    "account %s %s --reason TEXT",
	    r->old,
	    gone                      ? ""
	        : r->symbolic != NULL ? ""
	                              : ", or have all from there approved",
	    r->repository, r->ref);
}

static void
say_ref(struct pool *pool, const struct comparing *c,
    const struct reconciled_ref *r)
{
	if (r->standing == REF_DRIFTED)
		say_drift(pool, c, r);
	if (r->standing == REF_UNADOPTED)
		say("%s: %s: no baseline: foureyes adopt %s", r->repository,
		    r->ref, r->repository);
	if (r->standing == REF_FOUND)
		say("%s: %s: landed at %s by a decision, and nobody had seen "
		    "it; %s",
		    r->repository, r->ref, summary_id(pool, r->new),
		    r->written ? record_words(pool, c, r) : "not recorded yet");
	if (r->unrecorded > 0 && r->standing != REF_DRIFTED)
		say("%s: %s: %zu movement(s) that only git knows of%s",
		    r->repository, r->ref, r->unrecorded,
		    r->written ? ", recorded as drift now" : "");
	if (r->standing == REF_DRIFTED || r->unrecorded > 0)
		say_moves(r);
}

static int
see_ref(void *ctx, const struct reconciled_ref *r, struct err *err)
{
	struct comparing *c = ctx;
	struct pool pool = {0};

	(void)err;
	if (c->as_json)
		write_ref(&c->refs, r);
	else
		say_ref(&pool, c, r);
	pool_free(&pool);
	return 0;
}

/* ---- notes ---- */

static bool
is_hint(enum reconcile_note note)
{
	return note == NOTE_HEAD || note == NOTE_EMPTY_GATE ||
	    note == NOTE_NO_ENTRY;
}

static int
see_note(void *ctx, const struct reconciled_note *n, struct err *err)
{
	struct comparing *c = ctx;
	struct json j;

	(void)err;
	c->amiss += is_hint(n->note) ? 0 : 1;
	if (!c->as_json) {
		say("%s%s%s%s%s%s%s: %s",
		    n->repository != NULL ? n->repository : "policy",
		    n->ref != NULL ? ": " : "", n->ref != NULL ? n->ref : "",
		    n->gate != NULL ? ": gate " : "",
		    n->gate != NULL ? n->gate : "", ": ",
		    reconcile_note_name(n->note), n->text);
		return 0;
	}
	begin_item(&c->notes, &j);
	json_key_text(&j, "note", reconcile_note_name(n->note));
	json_key_text(&j, "repository", n->repository);
	json_key_text(&j, "gate", n->gate);
	json_key_text(&j, "ref", n->ref);
	json_key_text(&j, "text", n->text);
	json_close(&j);
	return 0;
}

/* ---- decisions ---- */

static void
say_decision(const struct reconciled_decision *d)
{
	char time[TEXT_INSTANT_SIZE];
	struct pool pool = {0};

	text_instant(time, d->time);
	say("decision %llu of %.19sZ, %s %s to %s: %s%s",
	    (unsigned long long)d->seq, time,
	    d->repository != NULL ? d->repository : "-",
	    d->ref != NULL ? d->ref : "-", summary_id(&pool, d->new),
	    decision_end_name(d->end),
	    d->landing == 0 ? ""
	                    : pool_printf(&pool, " (record %llu)",
	                          (unsigned long long)d->landing));
	pool_free(&pool);
}

static int
see_decision(void *ctx, const struct reconciled_decision *d, struct err *err)
{
	struct comparing *c = ctx;
	struct json j;

	(void)err;
	if (c->progress && c->sum.decisions % PROGRESS_EACH == 0)
		(void)fprintf(stderr, "\r%zu decisions", c->sum.decisions);
	if (!c->list_decisions)
		return 0;
	if (!c->as_json) {
		say_decision(d);
		return 0;
	}
	begin_item(&c->decisions, &j);
	json_key_number(&j, "seq", (int64_t)d->seq);
	json_key_instant(&j, "time", d->time);
	json_key_text(&j, "repository", d->repository);
	json_key_text(&j, "gate", d->gate);
	json_key_text(&j, "ref", d->ref);
	json_key_text(&j, "old", d->old);
	json_key_text(&j, "new", d->new);
	json_key_text(&j, "outcome", d->outcome);
	json_key_text(&j, "end", decision_end_name(d->end));
	if (d->landing != 0)
		json_key_number(&j, "landing", (int64_t)d->landing);
	json_close(&j);
	return 0;
}

/* ---- all of it ---- */

static void
key_list(struct json *j, const char *key, const struct buf *items)
{
	struct buf list = {0};

	buf_char(&list, '[');
	buf_add(&list, buf_text(items), items->len);
	buf_char(&list, ']');
	json_key(j, key);
	json_raw(j, list.data, list.len);
	buf_free(&list);
}

static void
answer_json(const struct comparing *c)
{
	const struct reconciled *s = &c->sum;
	const struct {
		const char *key;
		size_t number;
	} counts[] = {{"repositories", s->repositories}, {"refs", s->refs},
	    {"stand", s->stand}, {"found", s->found}, {"drifted", s->drifted},
	    {"unadopted", s->unadopted}, {"unknown", s->unknown},
	    {"unrecorded", s->unrecorded}, {"written", s->written},
	    {"decisions", s->decisions}, {"open", s->open},
	    {"landed", s->landed}, {"lapsed", s->lapsed},
	    {"withheld", s->withheld}, {"refused", s->refused}};
	struct buf out = {0};
	struct json j = {.out = &out};

	json_open(&j, '{');
	json_key_number(&j, "as_of", (int64_t)changelog_last(c->setup->log));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_key_number(&j, counts[i].key, (int64_t)counts[i].number);
	key_list(&j, "refs_seen", &c->refs);
	key_list(&j, "notes", &c->notes);
	if (c->list_decisions)
		key_list(&j, "decisions_seen", &c->decisions);
	json_close(&j);
	say_json(&out);
	buf_free(&out);
}

static void
answer(const struct comparing *c)
{
	const struct reconciled *s = &c->sum;

	say("%zu gated refs of %zu repositories, as of record %llu: %zu where "
	    "the ledger has them, %zu landings found, %zu drifted, %zu without "
	    "a baseline, %zu not readable",
	    s->refs, s->repositories,
	    (unsigned long long)changelog_last(c->setup->log), s->stand,
	    s->found, s->drifted, s->unadopted, s->unknown);
	if (s->decisions > 0)
		say("%zu decisions: %zu landed, %zu lapsed, %zu withheld, %zu "
		    "refused, %zu open",
		    s->decisions, s->landed, s->lapsed, s->withheld, s->refused,
		    s->open);
}

static int
compare(struct comparing *c, char **words, int count)
{
	const struct reconcile_see see = {c, see_ref, see_note, see_decision};
	struct setup *s = c->setup;
	struct err err = {0};
	int ret = 0;

	if (count == 0)
		ret = reconcile_all(s, !c->dry, &see, &c->sum, &err);
	for (int i = 0; i < count && ret == 0; i++)
		ret = reconcile_repository(s, words[i], !c->dry, &see, &c->sum,
		    &err);
	if (ret == 0 && (count == 0 || c->list_decisions))
		ret = reconcile_decisions(s, 0, 0, &see, &c->sum, &err);
	if (c->progress)
		(void)fputs("\r                      \r", stderr);
	if (c->as_json)
		answer_json(c);
	else
		answer(c);
	if (ret < 0)
		return complain_err(&err);
	return c->amiss + c->sum.drifted + c->sum.unadopted + c->sum.unknown +
	            c->sum.unrecorded >
	        0
	    ? STATUS_NO
	    : STATUS_YES;
}

int
cmd_reconcile(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct comparing c = {.setup = &s};
	struct err err = {0};
	const struct option options[] = {
	    {.name = "--dry-run", .given = &c.dry},
	    {.name = "--decisions", .given = &c.list_decisions},
	    {.name = "--json", .given = &c.as_json},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, argc);
	int status;

	if (count < 0)
		return STATUS_USAGE;
	c.progress = isatty(STDERR_FILENO) == 1;
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, c.dry ? LEDGER_READ : LEDGER_APPEND, &err) < 0)
		status = complain_err(&err);
	else
		status = compare(&c, argv + 1, count);
	buf_free(&c.refs);
	buf_free(&c.notes);
	buf_free(&c.decisions);
	setup_free(&s);
	return status;
}
