#include "app/watch.h"

#include <string.h>
#include <unistd.h>

#include "app/node.h"
#include "base/text.h"
#include "core/topics.h"

#define TRIES 20 /* as others append meanwhile */

struct writing {
	struct setup *s;
	const struct watch_how *how;
	struct standings standings;
	struct check_change *list;
	size_t count;
};

static bool
is_asked(const struct watch_how *how, const char *check)
{
	const struct check_kind *kind = check_kind(check);

	/* Of itself, as it ends, foureyesd is no witness. */
	if (how->afar && text_same(check, "daemon.answers"))
		return false;
	return kind != NULL && (kind->afar ? how->afar : how->local);
}

static bool
is_news(const struct checked *c, const struct check_standing *was)
{
	bool valued = c->value != NULL;

	if (was == NULL || was->state == CHECK_NONE)
		return c->state != CHECK_PASS || valued;
	if (was->state == CHECK_GONE && c->state == CHECK_PASS)
		return true;
	return c->state != was->state ||
	    (valued && !text_same(c->value, was->seen));
}

static struct check_change *
add(struct writing *w, const char *check, const char *subject,
    const struct check_standing *was)
{
	struct check_change *new =
	    pool_grow(&w->s->pool, &w->list, &w->count, sizeof(*new));

	*new = (struct check_change){.check = check,
	    .subject = subject,
	    .witness = w->how->witness,
	    .by = w->how->by};
	if (was != NULL) {
		new->was = was->state;
		new->since = was->time;
		new->since_record = was->record;
		new->repository = was->repository;
		new->value_was = was->value;
	}
	return new;
}

static void
compare(struct writing *w, const struct checked *c)
{
	struct pool *pool = &w->s->pool;
	const struct check_standing *was =
	    standing_of(&w->standings, pool, c->check, c->subject);
	struct check_change *new;

	if (!is_asked(w->how, c->check) ||
	    (!is_news(c, was) && !text_same(w->how->always, c->check)))
		return;
	new = add(w, c->check, c->subject, was);
	new->repository = c->repository;
	new->state = c->state;
	new->text = c->text;
	new->value = c->value;
	if (text_same(new->value, new->value_was))
		new->value_was = NULL;
}

/* Is it there, and not to be looked into?  Then nobody knows better. */
static bool
is_shut(const struct notes *n, struct pool *pool, const char *repository)
{
	const struct checked *known;

	if (repository == NULL)
		return false;
	known = map_get(&n->by_name,
	    pool_printf(pool, "repository.known %s", repository));
	return known != NULL && known->state != CHECK_PASS;
}

/* What was wrong with a thing that is no more is not wrong any more. */
static void
compare_gone(struct writing *w, const struct notes *n)
{
	for (const struct check_standing *st = w->standings.list; st != NULL;
	     st = st->next) {
		const char *name =
		    pool_printf(&w->s->pool, "%s %s", st->check, st->subject);
		struct check_change *new;

		if ((st->state != CHECK_FAIL && st->state != CHECK_UNKNOWN) ||
		    !is_asked(w->how, st->check) ||
		    text_same(st->check, "watch.self-test") ||
		    map_get(&n->by_name, name) != NULL ||
		    is_shut(n, &w->s->pool, st->repository))
			continue;
		new = add(w, st->check, st->subject, st);
		new->state = CHECK_GONE;
		new->text = "it is not looked at any more: it is not there, or "
		            "nothing is asked of it";
		new->value_was = NULL;
	}
}

static int
append(struct writing *w, bool *stale, struct err *err)
{
	struct pool pool = {0};
	struct buf *bodies = pool_array(&pool, w->count, sizeof(*bodies));
	struct ledger_body *lines = pool_array(&pool, w->count, sizeof(*lines));
	uint64_t first = 0;
	int ret;

	memset(bodies, 0, w->count * sizeof(*bodies));
	for (size_t i = 0; i < w->count; i++) {
		w->list[i].node =
		    node_of_checks(&w->s->pool, &w->s->config.settings);
		record_checked(&bodies[i], &w->list[i]);
		lines[i] = (struct ledger_body){bodies[i].data, bodies[i].len};
	}
	ledger_spare(changelog_ledger(w->s->log), true);
	ret = changelog_append_behind(w->s->log, lines, w->count, w->s->now,
	    &first, stale, err);
	for (size_t i = 0; i < w->count; i++) {
		buf_free(&bodies[i]);
		if (ret == 0 && !*stale && w->how->see != NULL)
			w->how->see(w->how->ctx, &w->list[i], first + i);
	}
	pool_free(&pool);
	return ret;
}

static int
write_once(struct writing *w, const struct notes *n, bool *stale,
    struct err *err)
{
	*stale = false;
	w->list = NULL;
	w->count = 0;
	if (changelog_catch_up(w->s->log, err) < 0 ||
	    standings_read(&w->standings, &w->s->pool, w->s->log,
	        node_of_checks(&w->s->pool, &w->s->config.settings), err) < 0)
		return -1;
	for (const struct checked *c = n->checks; c != NULL; c = c->next)
		compare(w, c);
	if (w->how->whole)
		compare_gone(w, n);
	return w->count == 0 ? 0 : append(w, stale, err);
}

int
watch_write(struct setup *s, const struct notes *n, const struct watch_how *how,
    struct watched *sum, struct err *err)
{
	struct writing w = {.s = s, .how = how};
	bool stale = true;

	for (const struct checked *c = n->checks; c != NULL; c = c->next) {
		if (!is_asked(how, c->check))
			continue;
		sum->checks++;
		sum->failed += c->state == CHECK_FAIL ? 1 : 0;
		sum->unknown += c->state == CHECK_UNKNOWN ? 1 : 0;
	}
	for (int i = 0; stale && i < TRIES; i++)
		if (write_once(&w, n, &stale, err) < 0)
			return -1;
	if (stale)
		return err_set(err, ERR_SYSTEM,
		    "the ledger grew all the time, and nothing was written");
	sum->written += w.count;
	return 0;
}

/* ---- what is taken for right ---- */

static int
accept(struct setup *s, const struct check_change *c, const char *reason,
    uint64_t drift, uint64_t *seq, struct err *err)
{
	struct buf body = {0};
	struct ledger_body line;
	int ret;

	record_accepted(&body, c, reason, drift);
	line = (struct ledger_body){body.data, body.len};
	ret = changelog_append(s->log, &line, 1, s->now, seq, err);
	buf_free(&body);
	return ret;
}

int
watch_accept(struct setup *s, const char *check, const char *subject,
    const char *reason, uint64_t *seq, struct err *err)
{
	const struct check_kind *kind = check_kind(check);
	const struct check_standing *st;
	struct standings standings;
	struct record drift;
	struct check_change c = {.check = check,
	    .subject = subject,
	    .node = node_of_checks(&s->pool, &s->config.settings),
	    .by = setup_by(s)};

	if (kind == NULL || !kind->valued)
		return err_set(err, ERR_INPUT,
		    "'%s' is no check that compares a value: what it finds is "
		    "mended, not accepted",
		    check);
	if (standings_read(&standings, &s->pool, s->log, c.node, err) < 0)
		return -1;
	st = standing_of(&standings, &s->pool, check, subject);
	if (st == NULL || st->state != CHECK_FAIL)
		return err_set(err, ERR_INPUT,
		    "no record says that %s of %s is another than before: "
		    "foureyes watch --once",
		    check, subject);
	if (changelog_read(s->log, &s->pool, st->at, &drift, err) < 0)
		return -1;
	c.value = tree_text(drift.tree, "value");
	c.repository = st->repository;
	return accept(s, &c, reason, st->record, seq, err);
}

int
watch_applied(struct setup *s, const char *check, const char *value,
    struct err *err)
{
	struct check_change c = {.check = check,
	    .subject = "installation",
	    .value = value,
	    .node = node_of_checks(&s->pool, &s->config.settings),
	    .by = setup_by(s)};
	const struct check_standing *st;
	struct standings standings;

	if (standings_read(&standings, &s->pool, s->log, c.node, err) < 0)
		return -1;
	st = standing_of(&standings, &s->pool, check, c.subject);
	if (st == NULL || text_same(st->value, value))
		return 0;
	return accept(s, &c, "put in place by foureyes apply", 0, NULL, err);
}

bool
watch_is_local(struct setup *s)
{
	struct hook_user who;
	struct err err;

	if (s->config.settings.door_count == 0)
		return true;
	return setup_hook_user(s, &who, &err) == 0 &&
	    (!who.known || geteuid() == who.uid || geteuid() == 0);
}
