/* What is owed, and to whom something is told: until when, and how far. */
#include "app/doctor.h"

#include <string.h>

#include "app/alert_state.h"
#include "app/review.h"
#include "app/summary.h"
#include "base/text.h"
#include "core/topics.h"

/* One that is done and not on record as such is none that waits. */
static void
look_at_review(struct notes *n, const struct setup *s, const struct owed *o,
    int64_t due)
{
	const struct tree *t = o->landing.tree;
	const char *repository = tree_text(t, "repository");
	const char *subject = pool_printf(n->pool, "%s/%s %s",
	    repository != NULL ? repository : "?",
	    tree_text(t, "gate") != NULL ? tree_text(t, "gate") : "?",
	    summary_id(n->pool, owed_commit(&o->landing)));
	struct checked *c = checking(n, "due.review", repository, subject);

	if (o->review.state != REVIEW_DONE && due <= s->now)
		note_of(n, c, NOTE_WRONG, "review",
		    "that of the emergency of record %llu (%s) was due %s: "
		    "foureyes due",
		    (unsigned long long)o->landing.seq, subject,
		    tree_text(t, "review_due"));
}

int64_t
doctor_reviews(struct notes *n, struct setup *s)
{
	struct push p = {.setup = s,
	    .pool = n->pool,
	    .repository = "",
	    .now = s->now};
	struct owed_search search = {.topic = topic_all_owed()};
	int64_t next = 0;
	struct owed *list;
	size_t count;
	struct err err;
	bool all;

	if (s->log == NULL)
		return 0;
	if (owed_find(&p, &search, &list, &count, &all, &err) < 0) {
		note_of(n, checking(n, "due.review", NULL, NULL), NOTE_UNKNOWN,
		    "review", "%s", err.text);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		int64_t due = tree_instant(list[i].landing.tree, "review_due");

		look_at_review(n, s, &list[i], due);
		if (due > s->now && (next == 0 || due < next))
			next = due;
	}
	return next;
}

/* ---- alerts ---- */

static const char *
so_far(struct notes *n, const struct setup *s, const struct alert_state *state,
    const struct alert_waiting *waiting)
{
	const char *last = "nothing yet";
	char age[32];

	if (state->told_at > 0) {
		text_duration(age,
		    s->now > state->told_at ? s->now - state->told_at : 0);
		last = pool_printf(n->pool, "%llu records, the last %s ago",
		    (unsigned long long)state->told,
		    age[0] != '\0' ? age : "0s");
	}
	return pool_printf(n->pool, "told: %s; %llu%s wait%s%s", last,
	    (unsigned long long)waiting->count, waiting->more ? "+" : "",
	    state->rejected == 0
	        ? ""
	        : pool_printf(n->pool, "; %llu it says it rejected",
	              (unsigned long long)state->rejected),
	    state->missed == 0
	        ? ""
	        : pool_printf(n->pool,
	              "; %llu were taken away before they were told",
	              (unsigned long long)state->missed));
}

static void
look_at_alert(struct notes *n, struct setup *s, const struct alert_state *state)
{
	const struct alert_to *to = state->to;
	const char *thing = pool_printf(n->pool, "alerts: %s", to->name), *told;
	struct checked *c = checking(n, "alert.told", NULL, to->name);
	struct alert_waiting waiting = {0};
	bool late;
	struct err err;

	if (!state->there) {
		note_of(n, c,
		    state->error != NULL ? NOTE_UNKNOWN : NOTE_WARNING, thing,
		    "%s",
		    state->error != NULL
		        ? state->error
		        : "foureyesd has not begun yet: systemctl start "
		          "foureyesd, or foureyesd alert --once");
		return;
	}
	if (s->log == NULL ||
	    alert_waiting(&waiting, s->log, state, &err) < 0) {
		note_of(n, c, NOTE_UNKNOWN, thing, "what waits cannot be read");
		return;
	}
	told = so_far(n, s, state, &waiting);
	late = waiting.since != 0 &&
	    s->now - waiting.since > to->stale + to->gather;
	if (state->error != NULL && waiting.count > 0)
		note_of(n, c,
		    late || state->refused ? NOTE_WRONG : NOTE_WARNING, thing,
		    "%s: %s; foureyesd alert --test %s tries it", told,
		    state->error, to->name);
	else if (late)
		note_of(n, c, NOTE_WRONG, thing,
		    "%s: does foureyesd run? systemctl start foureyesd", told);
	else
		note(n, NOTE_OK, thing, "%s", told);
}

void
doctor_alerts(struct notes *n, struct setup *s)
{
	const struct settings *settings = &s->config.settings;
	struct alert_state *list;

	alert_states_read(&list, n->pool, settings);
	for (size_t i = 0; i < settings->alerts.count; i++)
		look_at_alert(n, s, &list[i]);
}
