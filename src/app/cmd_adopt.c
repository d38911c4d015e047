/* adopt: gated refs as they are become their baseline. */
#include "app/cmd.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/baseline.h"
#include "app/options.h"
#include "app/receive.h"
#include "app/renaming.h"
#include "app/say.h"
#include "app/told.h"
#include "base/text.h"

#define SHORT 12

struct adopting {
	struct setup *setup;
	struct push push;
	struct by by;
	const char *glob;   /* --ref; or NULL */
	const char *reason; /* or NULL */
	const char *was;    /* what the repository was called; or NULL */
	bool dry;
	bool warned;
	size_t taken;
	/* Of one repository. */
	struct baseline *list;
	size_t count;
};

static int
keep(struct adopting *a, const struct baseline *b)
{
	struct baseline *slot;

	if (b->commit == NULL)
		return complain(STATUS_NO,
		    "%s: '%s' holds no commit and cannot be adopted",
		    a->push.repository, b->ref);
	slot = pool_grow(a->push.pool, &a->list, &a->count, sizeof(*slot));
	*slot = *b;
	return STATUS_YES;
}

static void
tell(const struct adopting *a, const struct baseline *b, uint64_t seq)
{
	const char *would = a->dry ? "would be " : "";

	if (b->tip == NULL)
		say("%s: %s %staken as it is at %.*s for gate %s, not reviewed",
		    a->push.repository, b->ref, would, SHORT, b->commit,
		    b->gate->name);
	else
		say("%s: %s %staken again, at %.*s: %zu commit(s) that nobody "
		    "reviewed come in; every report will show it",
		    a->push.repository, b->ref, would, SHORT, b->commit,
		    b->unreviewed);
	if (!a->dry)
		say("  record %llu", (unsigned long long)seq);
}

/* What was kept becomes records, all at once. */
static int
append(struct adopting *a, struct err *err)
{
	struct buf *bodies =
	    pool_array(a->push.pool, a->count, sizeof(*bodies));
	struct ledger_body *lines =
	    pool_array(a->push.pool, a->count, sizeof(*lines));
	uint64_t first = 0;
	int ret = 0;

	for (size_t i = 0; i < a->count; i++) {
		baseline_write(&a->push, &a->list[i], &a->by, a->reason,
		    &bodies[i]);
		lines[i] = (struct ledger_body){bodies[i].data, bodies[i].len};
	}
	if (!a->dry)
		ret = changelog_append(a->setup->log, lines, a->count,
		    a->setup->now, &first, err);
	for (size_t i = 0; i < a->count; i++) {
		if (ret == 0)
			tell(a, &a->list[i], first + i);
		buf_free(&bodies[i]);
	}
	return ret;
}

/* Of what nobody looked at before, once. */
static void
tell_defects(struct adopting *a)
{
	const char **tips = NULL;
	size_t count = 0;

	for (size_t i = 0; i < a->count; i++)
		if (a->list[i].tip == NULL)
			*(const char **)pool_grow(a->push.pool, &tips, &count,
			    sizeof(*tips)) = a->list[i].commit;
	baseline_defects(&a->push, tips, count);
}

static int
take_kept(struct adopting *a, struct err *err)
{
	if (a->count == 0)
		return 0;
	if (!a->warned)
		baseline_warn(&a->by, "adoption");
	a->warned = true;
	a->taken += a->count;
	tell_defects(a);
	return append(a, err);
}

/* One evidence ref that is there, as if it were received now. */
static int
take_up(struct adopting *a, const struct repo_ref *ref, size_t *taken,
    struct err *err)
{
	static const char zeros[] = "0000000000000000000000000000000000000000";
	struct ref_update r = {.old = zeros,
	    .new = ref->oid,
	    .name = ref->name,
	    .target = ref->name,
	    .evidence = true};
	struct buf body = {0};
	struct ledger_body line;
	int ret = receive_evidence(&a->push, &r, &body, err);

	if (ret == 0 && r.code != NULL)
		say("%s: %s is not taken up: %s: %s", a->push.repository,
		    ref->name, r.code, r.why);
	line = (struct ledger_body){body.data, body.len};
	if (ret == 0 && body.len > 0) {
		ret = changelog_append(a->setup->log, &line, 1, a->setup->now,
		    NULL, err);
		*taken += r.code == NULL ? 1 : 0;
	}
	buf_free(&body);
	return ret;
}

/*
 * What was approved before we came is received now: by our clock, checked by
 * the rules of now, and after the baseline.
 */
static int
take_up_evidence(struct adopting *a, struct err *err)
{
	struct repo_ref *refs;
	size_t count, taken = 0;

	if (a->dry || a->count == 0 || a->push.entry == NULL)
		return 0;
	if (repo_refs(a->push.repo, a->push.pool, "refs/foureyes/", &refs,
	        &count, err) < 0)
		return -1;
	a->push.pusher =
	    (struct actor){.person = a->by.person, .login = a->by.account};
	for (size_t i = 0; i < count; i++)
		if (take_up(a, &refs[i], &taken, err) < 0)
			return -1;
	if (taken > 0)
		say("%s: %zu evidence refs that were there are taken up, as "
		    "received now",
		    a->push.repository, taken);
	return 0;
}

static int
adopt_refs_locked(struct adopting *a, int *status, struct err *err)
{
	struct visit_ref *refs;
	struct baseline b;
	size_t count;

	if (changelog_catch_up(a->setup->log, err) < 0 ||
	    visit_refs(&a->push, &refs, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (a->glob != NULL && !text_glob(a->glob, refs[i].name))
			continue;
		if (baseline_look(&a->push, &refs[i], false, &b, err) < 0)
			return -1;
		if (b.tip == NULL && keep(a, &b) != STATUS_YES)
			*status = STATUS_NO;
	}
	return take_kept(a, err);
}

/* A witness that comes meanwhile must not see the ref between two records. */
static int
take_lock(struct adopting *a, int *lock, struct err *err)
{
	*lock = a->dry ? -1 : told_lock(&a->push, err);
	return a->dry || *lock >= 0 ? 0 : -1;
}

static void
release(int lock)
{
	if (lock >= 0)
		(void)close(lock);
}

static int
adopt_refs(struct adopting *a, int *status, struct err *err)
{
	int lock, ret;

	if (take_lock(a, &lock, err) < 0)
		return -1;
	ret = adopt_refs_locked(a, status, err);
	release(lock);
	return ret < 0 ? -1 : take_up_evidence(a, err);
}

static int
adopt_one_locked(struct adopting *a, const char *name, int *status,
    struct err *err)
{
	struct baseline b;

	if (baseline_again(&a->push, name, &b, err) < 0)
		return -1;
	if (b.actual == NULL) {
		*status = complain(STATUS_NO, "%s: there is no ref '%s'%s%s",
		    a->push.repository, name,
		    b.tip != NULL ? "; make it again at " : "",
		    b.tip != NULL ? b.tip : "");
		return 0;
	}
	if (b.tip != NULL && !b.drifted) {
		say("%s: %s is where the ledger has it", a->push.repository,
		    name);
		return 0;
	}
	*status = keep(a, &b);
	return take_kept(a, err);
}

static int
adopt_one(struct adopting *a, const char *name, int *status, struct err *err)
{
	struct baseline seen;
	int lock, ret;

	/* What somebody decided on and landed is no adoption. */
	if (!a->dry && baseline_of(&a->push, name, &seen, err) < 0)
		return -1;
	if (take_lock(a, &lock, err) < 0)
		return -1;
	ret = adopt_one_locked(a, name, status, err);
	release(lock);
	return ret;
}

/* It goes on under this name. */
static int
take_over(struct adopting *a, struct err *err)
{
	uint64_t seq;

	if (a->was == NULL)
		return 0;
	if (renaming_tell(&a->push, a->was, &a->by, a->reason, &seq, err) < 0)
		return -1;
	baseline_warn(&a->by, "rename");
	say("%s: it was '%s', and goes on from there", a->push.repository,
	    text_safe_copy(a->push.pool, a->was, strlen(a->was), 200));
	say("  record %llu", (unsigned long long)seq);
	return 0;
}

/* One repository; `ref` NULL: all its gated refs. */
static int
visit(struct adopting *a, const char *word, const char *ref)
{
	struct err err = {0};
	int status = STATUS_YES, ret = -1;

	a->push = (struct push){0};
	a->list = NULL;
	a->count = 0;
	if (visit_open(&a->push, a->setup, word, &err) == 0) {
		if (a->push.entry == NULL)
			(void)complain(0, "%s: no entry of policy.yaml fits it",
			    a->push.repository);
		ret = take_over(a, &err) < 0 ? -1
		    : ref != NULL            ? adopt_one(a, ref, &status, &err)
		                             : adopt_refs(a, &status, &err);
	}
	visit_close(&a->push);
	if (ret < 0)
		return complain(err.kind == ERR_INPUT ? STATUS_USAGE
		                                      : STATUS_UNKNOWN,
		    "%s: %s", word, err.text);
	return status;
}

static int
visit_list(struct adopting *a, const char *const *words, size_t count)
{
	int status = STATUS_YES;

	for (size_t i = 0; i < count; i++) {
		int own = visit(a, words[i], NULL);

		status = own > status ? own : status;
	}
	if (a->taken == 0 && a->was == NULL && status == STATUS_YES)
		say("nothing to adopt: every gated ref there is has its "
		    "baseline");
	return status;
}

static int
run(struct adopting *a, const char *config, char **words, int count, bool all)
{
	struct setup *s = a->setup;
	const char **paths = (const char **)words;
	size_t paths_count = (size_t)count;
	struct err err = {0};

	if (setup_read(s, setup_directory(config), &err) < 0 ||
	    setup_log(s, a->dry ? LEDGER_READ : LEDGER_APPEND, &err) < 0 ||
	    (all && visit_all(s, &paths, &paths_count, &err) < 0))
		return complain(STATUS_UNKNOWN, "%s", err.text);
	a->by = setup_by(s);
	if (!all && count == 2 && text_starts(words[1], "heads/"))
		return complain(STATUS_USAGE,
		    "adopt: a ref is written in full, as refs/%s", words[1]);
	if (!all && count == 2 && text_starts(words[1], "refs/"))
		return visit(a, words[0], words[1]);
	return visit_list(a, paths, paths_count);
}

int
cmd_adopt(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct adopting a = {.setup = &s};
	bool all = false;
	const struct option options[] = {
	    {.name = "--dry-run", .given = &a.dry},
	    {.name = "--all", .given = &all},
	    {.name = "--ref", .value = &a.glob},
	    {.name = "--reason", .value = &a.reason},
	    {.name = "--was", .value = &a.was},
	    {0},
	};
	int count = options_read(argc, argv, options, 0, argc);
	int status;

	if (count < 0)
		return STATUS_USAGE;
	if (all == (count > 0))
		return complain(STATUS_USAGE,
		    "adopt: name repositories, or say --all");
	if (a.was != NULL && (count != 1 || a.dry))
		return complain(STATUS_USAGE,
		    "adopt --was: name the one repository by its new name");
	status = run(&a, config, argv + 1, count, all);
	setup_free(&s);
	return status;
}
