/*
 * alert: the clerk's task that tells records to each destination of `alerts`.
 *
 * Each is told by a process of its own, so none waits for another; how far it
 * was told stands in a file of its own (app/alert_state.h), which has a lock.
 * One that failed is left in peace for a while, and fails no run.
 */
#include "daemon_alert_inside.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/daemon.h"
#include "base/text.h"

#define GRACE 15000 /* ms behind a share: the last batch's own deadline */
#define STILL 20    /* ms, while somebody is told */
#define AGAIN 300   /* ms, then it is looked for new records */

struct teller {
	pid_t pid;
	int lock;
};

/* ---- whose turn it is ---- */

static bool
is_named(const struct alert_round *r, const char *name)
{
	for (int i = 0; i < r->name_count; i++)
		if (strcmp(r->names[i], name) == 0)
			return true;
	return r->name_count == 0;
}

/* Where it begins: now, or with the first record that there is. */
static int
begin(struct telling *t, struct changelog *log, struct err *err)
{
	struct pruned gone;

	if (t->state.there)
		return 0;
	if (ledger_pruned(changelog_ledger(log), &gone, err) < 0 ||
	    (!t->to->from_start &&
	        changelog_mark(log, t->to_seq, &t->at, err) < 0))
		return -1;
	t->state.seq = t->to->from_start ? gone.last : t->to_seq;
	text_hex(t->state.digest,
	    t->to->from_start ? gone.digest : t->at.digest, DIGEST_SIZE);
	return alert_state_write(&t->setup->config.settings, &t->state, err);
}

static int
another_ledger(const struct telling *t, struct err *err)
{
	struct pool pool = {0};

	err_set(err, ERR_TAMPERED,
	    "record %llu, which was told last, is not in the ledger as it was: "
	    "foureyes verify; to begin anew remove '%s/%s'",
	    (unsigned long long)t->state.seq,
	    alert_dir(&pool, &t->setup->config.settings), t->to->name);
	pool_free(&pool);
	return -1;
}

/* The line that was told last is there, and the same; or was taken away. */
static int
find_place(struct telling *t, struct changelog *log, struct err *err)
{
	char digest[DIGEST_HEX_SIZE];
	struct pruned gone;

	if (changelog_mark(log, t->state.seq, &t->at, err) < 0 ||
	    ledger_pruned(changelog_ledger(log), &gone, err) < 0)
		return -1;
	if (gone.last >= t->state.seq) {
		t->at = (struct chain_mark){0};
		t->state.missed += gone.last - t->state.seq;
		t->state.seq = gone.last;
		text_hex(t->state.digest, gone.digest, DIGEST_SIZE);
		return 0;
	}
	text_hex(digest, t->at.digest, DIGEST_SIZE);
	return t->at.seq != 0 && strcmp(digest, t->state.digest) == 0
	    ? 0
	    : another_ledger(t, err);
}

/* ---- processes ---- */

static void __attribute__((noreturn)) tell(struct telling *t, bool quiet)
{
	struct err err = {0};
	bool good = alert_tell(t, &err) == 0;

	/* The first of the failures in a row is worth a line. */
	if (!good && (!quiet || t->state.failed <= 1))
		(void)complain(0, "alert: %s: %s", t->to->name, err.text);
	(void)fflush(NULL);
	_exit(good ? STATUS_YES : STATUS_UNKNOWN);
}

static void
start(struct alert_round *r, struct telling *t, struct teller *out)
{
	t->until = clock_now() + ALERT_SHARE;
	if (t->until > r->until)
		t->until = r->until;
	(void)fflush(NULL);
	out->pid = fork();
	if (out->pid == 0)
		tell(t, !r->at_once);
	if (out->pid < 0)
		out->pid = 0;
}

static void
keep_error(struct telling *t, const struct err *why)
{
	struct err err = {0};

	t->state.failed++;
	t->state.error = why->text;
	t->state.refused = why->kind == ERR_TAMPERED;
	t->state.tried = clock_now();
	if (t->state.failed_since == 0)
		t->state.failed_since = t->state.tried;
	t->state.not_until = t->state.tried + ALERT_RETRY_MAX;
	if (alert_state_write(&t->setup->config.settings, &t->state, &err) < 0)
		(void)complain(0, "alert: %s: %s", t->to->name, err.text);
}

static int
take_turn(struct alert_round *r, const struct alert_to *to, struct teller *out,
    struct err *err)
{
	struct setup *s = r->setup;
	struct telling t = {.setup = s,
	    .to = to,
	    .to_seq = r->last,
	    .most = alert_batch(to)};

	if (alert_state_read(&t.state, &s->pool, &s->config.settings, to, err) <
	        0 ||
	    begin(&t, s->log, err) < 0)
		return -1;
	if (!r->at_once && alert_state_patience(&t.state, clock_now()) > 0)
		return 0;
	if (find_place(&t, s->log, err) < 0) {
		keep_error(&t, err);
		return -1;
	}
	alert_from_here(&t.from, &s->pool, s);
	if (t.state.seq < r->last)
		start(r, &t, out);
	return 0;
}

/* Those that nobody tells just now. */
static int
take_turns(struct alert_round *r, struct teller *list)
{
	const struct alerts *alerts = &r->setup->config.settings.alerts;
	int failed = 0;

	for (size_t i = 0; i < alerts->count; i++) {
		struct err why = {0};

		if (list[i].lock < 0 || list[i].pid != 0 ||
		    take_turn(r, &alerts->list[i], &list[i], &why) == 0)
			continue;
		failed++;
		(void)complain(0, "alert: %s: %s", alerts->list[i].name,
		    why.text);
	}
	return failed;
}

/* Only what is on disk is told; what a shared ledger gives out is. */
static int
look_how_far(struct alert_round *r, struct err *err)
{
	if (changelog_catch_up(r->setup->log, err) < 0)
		return -1;
	r->last = changelog_last(r->setup->log);
	if (r->setup->config.settings.shared != NULL)
		return 0;
	return ledger_append(changelog_ledger(r->setup->log), NULL, 0,
	    r->setup->now, NULL, err);
}

/* How many are being told. */
static size_t
reap(struct teller *list, size_t count, bool late)
{
	size_t running = 0;

	for (size_t i = 0; i < count; i++) {
		int status;
		pid_t pid;

		if (list[i].pid == 0)
			continue;
		if (late)
			(void)kill(list[i].pid, SIGKILL);
		pid = waitpid(list[i].pid, &status, WNOHANG);
		if (pid == list[i].pid || (pid < 0 && errno != EINTR))
			list[i].pid = 0;
		else
			running++;
	}
	return running;
}

/* While one is slow, the others are told what comes. */
static int
wait_for(struct alert_round *r, struct teller *list, size_t count)
{
	int64_t began = clock_now(), looked = began, now = began;
	struct err ignored;
	uint64_t before;
	int failed = 0;

	while (reap(list, count, now > began + ALERT_SHARE + GRACE) > 0) {
		(void)poll(NULL, 0, STILL);
		now = clock_now();
		if (now < looked + AGAIN || now > began + ALERT_SHARE)
			continue;
		looked = now;
		before = r->last;
		if (look_how_far(r, &ignored) == 0 && r->last > before)
			failed += take_turns(r, list);
	}
	return failed;
}

/* When is there something to do that no record will wake us for? */
static void
look_ahead(struct alert_round *r)
{
	const struct settings *s = &r->setup->config.settings;
	struct alert_state *states;
	int64_t now = clock_now();

	alert_states_read(&states, &r->setup->pool, s);
	for (size_t i = 0; i < s->alerts.count; i++) {
		int64_t at = alert_state_patience(&states[i], now);

		if (!states[i].there || states[i].seq >= r->last)
			continue;
		at = now + (at > 0 ? at : ALERT_RETRY_MIN);
		if (r->again == 0 || at < r->again)
			r->again = at;
	}
}

int
alert_round(struct alert_round *r, struct err *err)
{
	struct setup *s = r->setup;
	const struct alerts *alerts = &s->config.settings.alerts;
	struct teller *list =
	    pool_array(&s->pool, alerts->count + 1, sizeof(*list));
	int failed = 0;

	r->until = clock_now() + ALERT_SHARE + GRACE - ALERT_REQUEST;
	if (look_how_far(r, err) < 0)
		return -1;
	for (size_t i = 0; i < alerts->count; i++) {
		struct err why = {0};

		list[i].lock = -1;
		if (!is_named(r, alerts->list[i].name) ||
		    alert_state_lock(&list[i].lock, &s->config.settings,
		        &alerts->list[i], &why) == 0)
			continue;
		failed++;
		(void)complain(0, "alert: %s: %s", alerts->list[i].name,
		    why.text);
	}
	failed += take_turns(r, list);
	failed += wait_for(r, list, alerts->count);
	for (size_t i = 0; i < alerts->count; i++)
		if (list[i].lock >= 0)
			(void)close(list[i].lock);
	look_ahead(r);
	return failed > 0 ? 1 : 0;
}

int
daemon_alert(struct clerk_run *run, struct err *err)
{
	struct alert_round round = {.setup = run->setup};

	if (run->setup->config.settings.alerts.count == 0)
		return 0;
	if (alert_round(&round, err) < 0)
		return -1;
	run->again = round.again;
	return 0;
}
