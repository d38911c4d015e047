/*
 * tell: where no hook of ours runs, the verdict is a status at the forge.
 *
 * For each repository of a source with `mirrors` that something was told of:
 * the copy is brought up to date; evidence and received commits are written
 * down, then what moved; then every open request, merge queue and promotion is
 * judged, and what changed is told.  A repository that fails is tried again,
 * and holds up no other.
 */
#include <string.h>

#include "app/cmd.h"
#include "app/daemon.h"
#include "app/daemon_ask.h"
#include "app/visit.h"
#include "base/text.h"
#include "core/topics.h"

#include "daemon_tell_inside.h"

#define TELL_RETRY 30000 /* ms */
#define AGAIN_MIN 1000   /* ms: one time after another */

static int
open_copy(struct telling *t, struct err *err)
{
	t->look = (struct push){0};
	return visit_open(&t->look, t->run->setup, t->mirror.dir, err);
}

static int
fetch(struct telling *t, struct err *err)
{
	struct forge *f = NULL;
	const char *token = NULL;
	int ret;

	if (ask_open(&f, t->pool, t->mirror.source, err) < 0)
		return -1;
	ret = forge_token(f, t->mirror.forge_name, &token, err);
	if (ret == 0)
		ret = mirror_fetch(&t->mirror, t->pool, token, err);
	forge_close(f);
	return ret;
}

static int
bring_up(struct telling *t, bool wanted, bool made, struct err *err)
{
	if (tell_before(t, made, err) < 0 ||
	    ((t->made || wanted) && fetch(t, err) < 0))
		return -1;
	return open_copy(t, err);
}

/*
 * Who pushed a head first may be told a moment after the request is: until
 * then a yes of theirs would count.
 */
static int
is_early(struct telling *t, const struct open_request *r, bool *yes,
    struct err *err)
{
	uint64_t seq;
	size_t found;

	*yes = false;
	if (clock_now() >= r->told + TELL_SETTLE)
		return 0;
	if (changelog_seqs(t->run->setup->log, topic_received(t->pool, r->head),
	        false, 0, &seq, 1, &found, err) < 0)
		return -1;
	*yes = found == 0;
	if (*yes)
		tell_again(t, clock_now() + TELL_PENDING);
	return 0;
}

static int
judge_requests(struct telling *t, struct err *err)
{
	struct open_request *list;
	size_t count;

	if (tell_requests(t, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct posted one;
		bool early;

		if (is_early(t, &list[i], &early, err) < 0)
			return -1;
		if (early)
			continue;
		if (tell_judge(t, &list[i], &one, err) < 0)
			return -1;
		if (one.state != NULL)
			tell_add(t, &one);
	}
	return 0;
}

static int
look_at(struct telling *t, struct err *err)
{
	if (t->look.entry == NULL)
		return tell_before_done(t, err);
	if (tell_evidence(t, err) < 0 || tell_received(t, err) < 0)
		return -1;
	if (t->pending)
		return 0;
	if (tell_before_done(t, err) < 0 || tell_moved(t, err) < 0 ||
	    judge_requests(t, err) < 0 || tell_promotions(t, err) < 0)
		return -1;
	return tell_post(t, err);
}

/*
 * An error is told and kept with it; only one that it cannot be kept with is
 * everybody's.
 */
static int
tell_one(struct clerk_run *run, const struct source *s, const struct known *k,
    struct err *err)
{
	struct telling t = {.run = run,
	    .pool = run->pool,
	    .pushes = k->pushes,
	    .push_count = k->push_count};
	struct err why = {0};
	bool made, failed;

	if (mirror_of(&t.mirror, run->pool, s, k->forge_name, k->repository,
	        &why) < 0) {
		(void)complain(0, "tell: %s", why.text);
		return 0;
	}
	if (mirror_make(&t.mirror, t.pool, &made, err) < 0 ||
	    tell_keep_name(&t.mirror, t.pool, err) < 0)
		return -1;
	failed = bring_up(&t, k->fetch || k->behind, made, &why) < 0 ||
	    look_at(&t, &why) < 0;
	visit_close(&t.look);
	if (failed) {
		(void)complain(0, "tell: %s: %s", k->repository, why.text);
		tell_again(&t, clock_now() + TELL_RETRY);
	}
	if (t.again != 0 && (run->again == 0 || t.again < run->again))
		run->again = t.again;
	return tell_keep_behind(&t, k, failed || t.pending, err);
}

static int
tell_source(struct clerk_run *run, const struct source *s, struct err *err)
{
	struct known_list known;

	if (tell_known(run, s, &known, err) < 0)
		return -1;
	for (size_t i = 0; i < known.count; i++) {
		const struct known *k = &known.list[i];

		if ((k->look || k->fetch) && k->forge_name != NULL &&
		    tell_one(run, s, k, err) < 0)
			return err_within(err, "%s", k->repository);
	}
	return tell_known_done(run, s, err);
}

int
daemon_tell(struct clerk_run *run, struct err *err)
{
	const struct receiver *r = &run->setup->config.settings.receiver;
	int ret = 0;

	for (size_t i = 0; i < r->source_count; i++) {
		struct err why = {0};

		if (r->sources[i].mirrors == NULL ||
		    tell_source(run, &r->sources[i], &why) == 0)
			continue;
		if (ret == 0)
			*err = why;
		ret = -1;
	}
	if (run->again != 0 && run->again < clock_now() + AGAIN_MIN)
		run->again = clock_now() + AGAIN_MIN;
	return ret;
}
