#include "app/in_words.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/text.h"

struct lines {
	struct pool *pool;
	const char **list;
	size_t count;
};

static void add(struct lines *l, const char *format, ...) like_printf(2, 3);

static void
add(struct lines *l, const char *format, ...)
{
	const char **line =
	    pool_grow(l->pool, &l->list, &l->count, sizeof(*line));
	struct buf text = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	*line = pool_text(l->pool, buf_text(&text));
	buf_free(&text);
}

const char *
texts_in_words(struct pool *pool, const struct texts *texts, const char *none)
{
	struct buf out = {0};
	const char *copy;

	if (texts->count == 0)
		return none;
	for (size_t i = 0; i < texts->count; i++)
		buf_printf(&out, "%s%s",
		    i == 0                      ? ""
		        : i + 1 == texts->count ? " or "
		                                : ", ",
		    texts->list[i]);
	copy = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return copy;
}

const char *
duration_in_words(struct pool *pool, int64_t duration)
{
	char text[32];

	text_duration(text, duration);
	return pool_text(pool, text);
}

static void
approvals(struct lines *l, const struct policy_approvals *a)
{
	static const char *const reach[] = {"nowhere",
	    "only to the approved commit itself", "to the same content",
	    "by a clean merge"};

	if (!a->asked) {
		add(l, "approvals: not asked");
		return;
	}
	add(l, "approvals: %u by %s of %s, %s", a->count,
	    a->count == 1 ? "somebody" : "different people",
	    texts_in_words(l->pool, &a->groups, "any group"),
	    a->independent_of == INDEPENDENT_OF_LANDER
	        ? "not by who moves the ref"
	        : "who had no part in the change");
	add(l, "  signed%s%s; carried %s; good for %s",
	    a->presence ? ", with a security key that was touched" : "",
	    a->pusher_may ? ", or the pusher's own word" : "", reach[a->carry],
	    duration_in_words(l->pool, a->valid_for));
	if (a->coauthors_allowed)
		add(l, "  co-authors may approve");
	if (a->machines.count > 0)
		add(l, "  machines that count as peers: %s",
		    texts_in_words(l->pool, &a->machines, ""));
}

static void
plan(struct lines *l, const struct gate *g)
{
	if (!g->plan.asked)
		add(l, "rollback plan: not asked");
	else
		add(l, "rollback plan: asked, at least %u words%s",
		    g->plan.min_words,
		    g->plan.machines_revert
		        ? "; a routine change of a machine is reverted"
		        : "");
}

static void
content(struct lines *l, const struct gate *g)
{
	add(l, "contributors nobody knows: %s",
	    g->unknown_contributors_allowed ? "allowed" : "refused");
	for (size_t i = 0; i < g->owner_count; i++)
		add(l, "owners of %s: %u more by people of %s",
		    texts_in_words(l->pool, &g->owners[i].paths, ""),
		    g->owners[i].count,
		    texts_in_words(l->pool, &g->owners[i].groups, "any group"));
	if (g->ticket == NULL)
		add(l, "ticket: not asked");
	else
		add(l, "ticket: in a trailer or the subject, like %s",
		    g->ticket);
	for (size_t i = 0; i < g->routine_count; i++)
		add(l,
		    "routine, without approval: at most %u regular files of %s "
		    "by %s, who alone had a part in it",
		    g->routines[i].max_files,
		    texts_in_words(l->pool, &g->routines[i].paths, ""),
		    texts_in_words(l->pool, &g->routines[i].machines, ""));
}

static void
promotion(struct lines *l, const struct gate *g)
{
	static const char *const deployments[] = {"",
	    "; a failed deployment refuses", "; a good deployment is asked"};
	const struct policy_after *a = &g->after;

	if (g->landed_on.count > 0)
		add(l, "takes only what landed on %s",
		    texts_in_words(l->pool, &g->landed_on, ""));
	if (a->asked)
		add(l, "after %s: the same %s was there for %s%s", a->gate,
		    a->same_tree ? "content" : "commit",
		    duration_in_words(l->pool, a->soak),
		    deployments[a->deployment]);
	if (g->accepts.count > 0)
		add(l,
		    "accepts what landed under approval on %s; the merge "
		    "itself is approved here",
		    texts_in_words(l->pool, &g->accepts, ""));
	if (g->born_from.count > 0)
		add(l, "a new ref begins at what landed on %s",
		    texts_in_words(l->pool, &g->born_from, ""));
}

static void
moving(struct lines *l, const struct gate *g)
{
	const struct policy_lane *lane = &g->lane;

	add(l, "who may move it: %s",
	    texts_in_words(l->pool, &g->landers, "whoever may push"));
	if (lane->asked)
		add(l,
		    "the lane back: %s, with %u approvals, to one of the last "
		    "%u landings",
		    texts_in_words(l->pool, &lane->groups, "whoever may push"),
		    lane->count, lane->within);
	if (g->delete_asked)
		add(l, "may be deleted by %s, where another gated ref holds it",
		    texts_in_words(l->pool, &g->delete_groups, "nobody"));
}

static void
times_and_tests(struct lines *l, const struct gate *g)
{
	char from[TEXT_INSTANT_SIZE], to[TEXT_INSTANT_SIZE];

	if (g->tests.count > 0)
		add(l, "tests succeeded: %s",
		    texts_in_words(l->pool, &g->tests, ""));
	for (size_t i = 0; i < g->freeze_count; i++) {
		text_instant(from, g->freezes[i].from);
		text_instant(to, g->freezes[i].to);
		add(l, "frozen but for an emergency: %s to %s, %s", from, to,
		    g->freezes[i].reason);
	}
}

size_t
gate_in_words(struct pool *pool, const struct gate *gate,
    const char *const **lines)
{
	struct lines l = {.pool = pool};

	if (gate->mode == MODE_OBSERVE)
		add(&l, "OBSERVED ONLY: judged and recorded, never refused");
	approvals(&l, &gate->approvals);
	plan(&l, gate);
	content(&l, gate);
	promotion(&l, gate);
	moving(&l, gate);
	times_and_tests(&l, gate);
	*lines = l.list;
	return l.count;
}

const char *
emergency_in_words(struct pool *pool, const struct policy *policy)
{
	const struct policy_emergency *e = &policy->emergency;

	if (!e->asked)
		return "none";
	return pool_printf(pool,
	    "declared by %s, good for %s; its review is due within %s, and "
	    "when overdue %s",
	    texts_in_words(pool, &e->groups, "nobody"),
	    duration_in_words(pool, e->valid_for),
	    duration_in_words(pool, e->review_within),
	    e->overdue_blocks ? "blocks the next push to that gate"
	                      : "is only reported");
}
