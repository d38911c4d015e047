/*
 * ask: the clerk's task that asks forges for what no webhook told.
 *
 * When records came: the requests of those that say too little, as an approval
 * that names no commit, or a request whose head is abbreviated.  By the clock:
 * the open requests of each repository, what people said of them, and the
 * deliveries that the forge could not make.  So a dismissed review, a person's
 * approval that was part of many, a webhook that was lost come in all the same.
 *
 * A forge that says when it may be asked again is left alone until then.
 */
#include "app/cmd.h"
#include "app/daemon.h"
#include "app/daemon_ask.h"
#include "base/map.h"
#include "base/text.h"
#include "core/topics.h"

#define RECORDS_MAX 500  /* looked at in one run */
#define BIRTHS_MAX 2000  /* refs that came to be known, looked at */
#define REQUESTS_MAX 100 /* open ones of a repository */
#define SHARE 20000      /* ms for one repository */
#define RETRY 60000      /* ms, where nobody says when */

struct poll {
	struct clerk_run *run;
	struct setup *setup;
	struct pool *pool;
	struct map seen; /* requests and repositories that were asked about */
	int64_t wait;    /* ms until it should be tried again; 0: none failed */
	struct err first; /* what went wrong first */
	bool failed;
};

/* One source's repository. */
struct there {
	const struct source *source;
	const char *name; /* there */
};

static bool
is_late(const struct poll *p)
{
	return clock_now() >= p->run->deadline - SHARE;
}

static bool
is_first_time(struct poll *p, const char *what)
{
	if (map_get(&p->seen, what) != NULL)
		return false;
	map_put(&p->seen, what, (void *)(uintptr_t)what);
	return true;
}

/* What one source cannot tell now keeps no other from being asked. */
static void
note(struct poll *p, const struct forge *f, const struct err *err)
{
	int64_t wait = f != NULL ? forge_wait(f) : 0;

	if (!p->failed)
		p->first = *err;
	p->failed = true;
	if (wait > p->wait)
		p->wait = wait;
}

static int
ask_about(struct poll *p, struct forge *f, const struct there *at,
    const struct observed *request, struct err *err)
{
	const struct forge_list one = {.list = request, .count = 1};
	struct forge_list reviews;
	size_t stored;

	if (ask_store(p->setup, at->source, &one, &stored, err) < 0)
		return -1;
	return forge_reviews(f, p->pool, request, &reviews, err) < 0
	    ? -1
	    : ask_store(p->setup, at->source, &reviews, &stored, err);
}

/* ---- by the clock ---- */

static int
ask_open_ones(struct poll *p, struct forge *f, const struct there *at,
    struct err *err)
{
	struct forge_list open;
	size_t again;

	if (forge_open_requests(f, p->pool, at->name, &open, err) < 0)
		return -1;
	for (size_t i = 0; i < open.count && i < REQUESTS_MAX; i++) {
		struct forge_list whole;

		/* A list may tell less of each than it would be told alone. */
		if (open.list[i].head != NULL)
			whole = (struct forge_list){&open.list[i], 1};
		else if (forge_request(f, p->pool, at->name,
		             open.list[i].request, &whole, err) < 0)
			return -1;
		if (whole.count == 1 &&
		    ask_about(p, f, at, whole.list, err) < 0)
			return -1;
	}
	return forge_redeliver(f, at->name,
	    pool_printf(p->pool, "/hooks/%s", at->source->name), &again, err);
}

static void
ask_place(struct poll *p, const struct there *at)
{
	struct forge *f = NULL;
	struct err err = {0};

	if (ask_open(&f, p->pool, at->source, &err) < 0) {
		note(p, NULL, &err);
		return;
	}
	forge_time(f, SHARE);
	if (ask_open_ones(p, f, at, &err) < 0)
		note(p, f, &err);
	forge_close(f);
}

static void
ask_repository(struct poll *p, const char *ours)
{
	const struct receiver *r = &p->setup->config.settings.receiver;

	for (size_t i = 0; i < r->source_count && !is_late(p); i++) {
		struct there at = {.source = &r->sources[i]};

		if (at.source->api == NULL ||
		    !source_tells(at.source, SOURCE_TELLS_APPROVALS))
			continue;
		at.name = ask_forge_name(p->pool, at.source, ours);
		if (at.name != NULL)
			ask_place(p, &at);
	}
}

static int
ask_repositories(struct poll *p, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(p->setup->log, p->pool, topic_all_born(), true, 0,
	        BIRTHS_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !is_late(p); i++) {
		const char *ours = tree_text(list[i].tree, "repository");

		if (ours != NULL && is_first_time(p, ours))
			ask_repository(p, ours);
	}
	return 0;
}

/* ---- when records came ---- */

/* It was sent, and not all that counts is in it. */
static bool
says_too_little(const struct record *r)
{
	const char *kind = tree_text(r->tree, "kind");

	if (!text_same(r->type, "observation") ||
	    tree_text(r->tree, "via") != NULL ||
	    tree_text(r->tree, "request") == NULL)
		return false;
	if (text_same(kind, "request"))
		return tree_text(r->tree, "head") == NULL;
	return text_same(kind, "approval") &&
	    tree_text(r->tree, "commit") == NULL;
}

/* Of which request a record tells; NULL: of none. */
static const char *
request_of(struct poll *p, const struct record *r)
{
	const char *source = tree_text(r->tree, "source");
	const char *name = tree_text(r->tree, "forge.repository");
	const char *number = tree_text(r->tree, "request");

	return source != NULL && name != NULL && number != NULL
	    ? pool_printf(p->pool, "%s %s %s", source, name, number)
	    : NULL;
}

static void
ask_for_record(struct poll *p, const struct record *r)
{
	struct there at = {0};
	const char *source = tree_text(r->tree, "source");
	const char *number = tree_text(r->tree, "request");
	struct forge *f = NULL;
	struct forge_list one;
	struct err err = {0};

	if (source != NULL)
		at.source = receiver_source(&p->setup->config.settings.receiver,
		    source);
	at.name = tree_text(r->tree, "forge.repository");
	if (at.source == NULL || at.source->api == NULL || at.name == NULL ||
	    !is_first_time(p, request_of(p, r)))
		return;
	if (ask_open(&f, p->pool, at.source, &err) < 0) {
		note(p, NULL, &err);
		return;
	}
	forge_time(f, SHARE);
	if (forge_request(f, p->pool, at.name, number, &one, &err) < 0 ||
	    (one.count == 1 && ask_about(p, f, &at, one.list, &err) < 0))
		note(p, f, &err);
	forge_close(f);
}

/*
 * The newest first: what was asked about since is done.  A run without anything
 * new comes after one that failed, and looks back.
 */
static int
ask_for_records(struct poll *p, struct err *err)
{
	uint64_t from = p->run->from, seq = p->run->to;

	if (from == seq || seq - from > RECORDS_MAX)
		from = seq > RECORDS_MAX ? seq - RECORDS_MAX : 0;
	for (; seq > from && !is_late(p); seq--) {
		struct record r;

		if (changelog_read(p->setup->log, p->pool, seq, &r, err) < 0)
			return -1;
		if (r.seq == 0)
			continue;
		if (tree_text(r.tree, "via") != NULL &&
		    request_of(p, &r) != NULL)
			(void)is_first_time(p, request_of(p, &r));
		else if (says_too_little(&r))
			ask_for_record(p, &r);
	}
	return 0;
}

int
daemon_poll(struct clerk_run *run, struct err *err)
{
	struct poll p = {.run = run,
	    .setup = run->setup,
	    .pool = run->pool,
	    .seen = {.pool = run->pool}};

	if (ask_for_records(&p, err) < 0 ||
	    (run->on_time && ask_repositories(&p, err) < 0))
		return -1;
	if (p.failed) {
		/* Not a failure of the task's, which would be tried at once. */
		run->again = clock_now() + (p.wait > 0 ? p.wait : RETRY);
		(void)complain(0, "ask: %s", p.first.text);
	}
	return 0;
}
