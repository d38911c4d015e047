/*
 * watch: the clerk's task that looks whether each guard still stands.
 *
 * By the clock everything: what foureyes watch looks at, where we may look at
 * it as the hook user may, and what forges protect, for repositories that are
 * judged from a copy.  When a forge told that its settings were changed, those
 * of that repository at once.
 */
#include <string.h>

#include "app/cmd.h"
#include "app/daemon.h"
#include "app/daemon_ask.h"
#include "app/doctor.h"
#include "base/map.h"
#include "base/text.h"
#include "core/protection.h"
#include "core/topics.h"

#define REPOSITORIES_MAX 2000
#define RECORDS_MAX 1000
#define REFS_MAX 50 /* of one repository, at exact names */
#define SHARE 20000 /* ms for one repository */
#define HEADS "refs/heads/"

struct watching {
	struct clerk_run *run;
	struct setup *setup;
	struct pool *pool;
	struct notes notes;
	struct map seen; /* repositories */
	bool partly;     /* there was no time for all of it */
};

/* ---- what a forge protects ---- */

struct lying {
	struct watching *w;
	const struct source *source;
	const char *there, *ours;
	struct forge *forge;
};

static void
judge(const struct lying *at, struct checked *c, const struct gate *gate,
    const char *ref, const struct observed *told)
{
	struct pool *pool = at->w->pool;
	const struct protection_asked asked = {.kind = at->source->kind,
	    .branch = ref + strlen(HEADS),
	    .context = pool_printf(pool, "foureyes/%s", gate->name),
	    .app_id = at->source->app_id};
	struct protection_found found = {0};
	const struct tree *doc;
	struct err err;

	if (tree_parse_json(&doc, pool, told->what, strlen(told->what),
	        c->subject, &err) < 0) {
		note_of(&at->w->notes, c, NOTE_UNKNOWN, "protection", "%s",
		    err.text);
		return;
	}
	protection_look(&found, pool, &asked, doc);
	if (found.state != CHECK_PASS)
		note_of(&at->w->notes, c,
		    found.state == CHECK_FAIL ? NOTE_WRONG : NOTE_UNKNOWN,
		    "protection", "%s: set it in the forge's settings of %s",
		    found.text, at->there);
}

static void
look_at_ref(const struct lying *at, const struct gate *gate, const char *ref)
{
	struct notes *n = &at->w->notes;
	const char *subject =
	    pool_printf(n->pool, "%s %s %s", at->source->name, at->ours, ref);
	struct checked *c = checking(n, "forge.protection", at->ours, subject);
	struct forge_list told;
	struct err err;

	if (forge_protection(at->forge, at->w->pool, at->there, ref, &told,
	        &err) < 0)
		note_of(n, c, NOTE_UNKNOWN, "protection", "%s", err.text);
	else if (told.count != 1 || told.list[0].what == NULL)
		note_of(n, c, NOTE_UNKNOWN, "protection",
		    "the forge told nothing");
	else
		judge(at, c, gate, ref, &told.list[0]);
}

static void
look_at_refs(const struct lying *at)
{
	struct push p = {0};
	struct visit_ref *refs;
	size_t count = 0, asked = 0;
	struct err err;

	if (visit_open(&p, at->w->setup, at->ours, &err) < 0 ||
	    p.entry == NULL || visit_refs(&p, &refs, &count, &err) < 0)
		count = 0;
	for (size_t i = 0; i < count && asked < REFS_MAX; i++) {
		if (!text_starts(refs[i].name, HEADS))
			continue;
		asked++;
		look_at_ref(at, refs[i].gate, refs[i].name);
	}
	visit_close(&p);
}

static void
look_at_webhook(const struct lying *at)
{
	struct notes *n = &at->w->notes;
	const char *subject =
	    pool_printf(n->pool, "%s %s", at->source->name, at->ours);
	struct checked *c = checking(n, "forge.webhook", at->ours, subject);
	struct forge_webhook hook;
	struct err err;

	if (forge_webhook(at->forge, at->w->pool, at->there,
	        pool_printf(n->pool, "/hooks/%s", at->source->name), &hook,
	        &err) < 0)
		note_of(n, c, NOTE_UNKNOWN, "webhook", "%s", err.text);
	else if (hook.wrong != NULL)
		note_of(n, c, NOTE_WRONG, "webhook",
		    "%s: set it in the forge's settings of %s", hook.wrong,
		    at->there);
}

static void
look_at_place(struct watching *w, const struct source *s, const char *ours)
{
	struct lying at = {w, s, ask_forge_name(w->pool, s, ours), ours, NULL};
	struct err err;

	if (at.there == NULL)
		return;
	if (ask_open(&at.forge, w->pool, s, &err) < 0) {
		note_of(&w->notes,
		    checking(&w->notes, "source.asked", NULL, s->name),
		    NOTE_UNKNOWN, s->name, "%s", err.text);
		return;
	}
	forge_time(at.forge, SHARE);
	look_at_refs(&at);
	look_at_webhook(&at);
	forge_close(at.forge);
}

static void
look_at_repository(struct watching *w, const char *ours)
{
	const struct receiver *r = &w->setup->config.settings.receiver;

	if (map_get(&w->seen, ours) != NULL)
		return;
	map_put(&w->seen, ours, w);
	if (clock_now() >= w->run->deadline - SHARE) {
		w->partly = true;
		return;
	}
	for (size_t i = 0; i < r->source_count; i++)
		if (r->sources[i].api != NULL && r->sources[i].mirrors != NULL)
			look_at_place(w, &r->sources[i], ours);
}

/* Those with a copy: what is there is judged there. */
static int
look_at_all(struct watching *w, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(w->setup->log, w->pool, topic_all_born(), true, 0,
	        REPOSITORIES_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const char *ours = tree_text(list[i].tree, "repository");

		if (ours != NULL)
			look_at_repository(w, pool_text(w->pool, ours));
	}
	w->partly = w->partly || count == REPOSITORIES_MAX;
	return 0;
}

/* A review that falls due is looked at then, not when the period is over. */
static void
note_due(struct watching *w, int64_t due)
{
	if (due > w->setup->now && (w->run->again == 0 || due < w->run->again))
		w->run->again = due;
}

/* What was told of settings since the last time, and what is owed since. */
static int
look_at_told(struct watching *w, struct err *err)
{
	uint64_t seq = w->run->from;

	if (w->run->to - seq > RECORDS_MAX)
		seq = w->run->to - RECORDS_MAX;
	while (seq < w->run->to) {
		struct record r;

		if (changelog_read(w->setup->log, w->pool, ++seq, &r, err) < 0)
			return -1;
		if (r.seq != 0)
			note_due(w, tree_instant(r.tree, "review_due"));
		if (r.seq != 0 &&
		    text_same(tree_text(r.tree, "kind"), "protection") &&
		    tree_text(r.tree, "repository") != NULL)
			look_at_repository(w, tree_text(r.tree, "repository"));
	}
	return 0;
}

/* ---- all of it ---- */

static int
look(struct watching *w, bool all, bool local, struct err *err)
{
	struct reconciled refs = {0};

	if (!all && w->run->due && local)
		note_due(w, doctor_reviews(&w->notes, w->setup));
	if (!all)
		return look_at_told(w, err);
	if (local &&
	    watch_refs(w->setup, &w->notes, NULL, NULL, &refs, err) < 0)
		return -1;
	if (local)
		doctor_look(&w->notes, w->setup, NULL, 0);
	else {
		doctor_sources(&w->notes, w->setup);
		doctor_alerts(&w->notes, w->setup);
	}
	if (local)
		note_due(w, doctor_reviews(&w->notes, w->setup));
	return look_at_all(w, err);
}

int
daemon_watch(struct clerk_run *run, struct err *err)
{
	struct watching w = {.run = run,
	    .setup = run->setup,
	    .pool = run->pool,
	    .notes = {.pool = run->pool},
	    .seen = {.pool = run->pool}};
	bool all = run->on_time || run->from == 0;
	bool local = watch_is_local(run->setup);
	struct watch_how how = {.witness = "foureyesd",
	    .whole = all,
	    .local = local,
	    .afar = true,
	    .by = setup_by(run->setup)};
	struct watched sum = {0};

	if (look(&w, all, local, err) < 0)
		return -1;
	how.whole = how.whole && !w.partly;
	return watch_write(run->setup, &w.notes, &how, &sum, err);
}
