/*
 * What moved at a forge where no hook of ours is asked: gated refs of the copy
 * that are not where the ledger has them.
 *
 * Each move that was told is judged as it landed, with whoever the forge says
 * made it; what would have been admitted is a decision and its landing, what
 * would not is a refused decision and drift: an exception in every report, and
 * the next verdict is given from where the ledger still is.
 */
#include "daemon_tell_inside.h"

#include <string.h>

#include "app/gather.h"
#include "app/movement.h"
#include "app/visit.h"
#include "app/witness.h"
#include "base/text.h"
#include "core/topics.h"

#define MOVES_MAX 50     /* of one ref, since the ledger's tip */
#define REQUESTS_MAX 200 /* words on requests for a ref, looked at */
#define GONE_MAX 1000    /* tips looked at for refs that are gone */

/* One step of a ref, and who made it. */
struct step {
	const char *new;
	struct actor lander;
	bool told; /* by the forge, and by whom */
	bool web;  /* made by the forge itself, for a request */
};

static bool
is_word(const struct telling *t, const struct record *r, const char *kind)
{
	return text_same(r->type, "observation") &&
	    text_same(tree_text(r->tree, "kind"), kind) &&
	    text_same(tree_text(r->tree, "repository"), t->look.repository) &&
	    text_same(tree_text(r->tree, "source"), t->mirror.source->name);
}

static struct actor
actor_of(const struct tree *r)
{
	return (struct actor){.person = tree_text(r, "person"),
	    .login = tree_text(r, "login"),
	    .machine = tree_true(r, "machine")};
}

int
tell_merged(struct telling *t, const char *ref, const char *commit,
    bool *merged, struct actor *by, struct err *err)
{
	struct record *list;
	size_t count;

	*merged = false;
	if (changelog_find(t->run->setup->log, t->pool,
	        topic_requests(t->pool, t->look.repository, ref), true, 0,
	        REQUESTS_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !*merged; i++) {
		const struct tree *r = list[i].tree;

		if (!is_word(t, &list[i], "request") ||
		    !text_same(tree_text(r, "state"), "merged") ||
		    !text_same(tree_text(r, "merge_commit"), commit))
			continue;
		*merged = true;
		*by = actor_of(r);
	}
	return 0;
}

static int
find_merged(struct telling *t, const char *ref, struct step *s, struct err *err)
{
	struct actor by = {0};

	if (tell_merged(t, ref, s->new, &s->web, &by, err) < 0)
		return -1;
	if (s->web && !s->told) {
		s->lander = by;
		s->told = true;
	}
	return 0;
}

static const struct record *
find_move(const struct telling *t, const struct record *list, size_t count,
    const char *ref, const char *old)
{
	for (size_t i = 0; i < count; i++)
		if (is_word(t, &list[i], "push") &&
		    text_same(tree_text(list[i].tree, "ref"), ref) &&
		    text_same(tree_text(list[i].tree, "old"), old))
			return &list[i];
	return NULL;
}

/* The steps from `from` to `to`, as they were told; else one, of nobody. */
static int
find_steps(struct telling *t, const char *ref, const char *from, const char *to,
    struct step steps[MOVES_MAX], size_t *count, struct err *err)
{
	struct record *list;
	const char *at = from;
	size_t told;

	*count = 0;
	if (changelog_find(t->run->setup->log, t->pool,
	        topic_moved(t->pool, t->look.repository, ref), true, 0,
	        MOVES_MAX, &list, &told, err) < 0)
		return -1;
	while (!text_same(at, to) && *count < MOVES_MAX - 1) {
		const struct record *r = find_move(t, list, told, ref, at);

		if (r == NULL || tree_text(r->tree, "new") == NULL)
			break;
		at = tree_text(r->tree, "new");
		steps[(*count)++] = (struct step){.new = at,
		    .told = true,
		    .lander = actor_of(r->tree)};
	}
	if (!text_same(at, to))
		steps[(*count)++] = (struct step){.new = to};
	for (size_t i = 0; i < *count; i++)
		if (find_merged(t, ref, &steps[i], err) < 0)
			return -1;
	return 0;
}

/* ---- one step ---- */

static int
take_step(struct telling *t, const struct visit_ref *ref, const char *from,
    const struct step *s, bool known_drift, struct err *err)
{
	struct judged j;
	struct push p;

	if (tell_push(t, &p, from, s->new, ref->name, err) < 0)
		return -1;
	p.witnessed = true;
	p.pusher = s->lander;
	p.web = s->web;
	if (p.refs[0].gate == NULL)
		return 0;
	if (gate_witnessed(&p, known_drift, &j, err) < 0)
		return -1;
	if (known_drift && j.seq == 0)
		return 0;
	return witness_ref(&p, ref->name, ref->gate, s->new,
	    s->told ? "webhook" : "found", err);
}

/* Who moved it may be told a little later than the copy shows it. */
static bool
is_early(struct telling *t, const char *ref, const struct step *last)
{
	int64_t seen = repo_ref_written(t->look.repo, ref);

	if (last->told || seen == 0 || clock_now() >= seen + TELL_WAIT)
		return false;
	tell_again(t, seen + TELL_WAIT);
	return true;
}

/* What drift told of already is not told again. */
static size_t
first_new(const struct step *steps, size_t count, const char *drifted)
{
	for (size_t i = 0; i + 1 < count; i++)
		if (text_same(steps[i].new, drifted))
			return i + 1;
	return 0;
}

/*
 * A ref that stands where nobody let it is judged again and again, and written
 * down once it is let: when enough people approved what is there.
 */
static int
follow(struct telling *t, const struct visit_ref *ref, const char *from,
    bool unborn, struct err *err)
{
	const struct moved m = {.ref = ref->name};
	struct step steps[MOVES_MAX];
	struct record drift;
	const char *drifted;
	size_t count, first;

	if (movement_drift(&t->look, &m, &drift, err) < 0 ||
	    find_steps(t, ref->name, from, ref->tip, steps, &count, err) < 0)
		return -1;
	drifted = tree_text(drift.tree, "new");
	if (count == 0)
		return 0;
	if (unborn || text_same(drifted, ref->tip))
		return take_step(t, ref, from, &steps[count - 1], true, err);
	if (is_early(t, ref->name, &steps[count - 1]))
		return 0;
	first = first_new(steps, count, drifted);
	for (size_t i = first; i < count; i++) {
		const char *old = i == 0 ? from : steps[i - 1].new;

		if (take_step(t, ref, old, &steps[i], false, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- all refs ---- */

/* Of a repository that is new here: taken as it is, where the policy says so.
 */
static int
take_baseline(struct telling *t, const struct visit_ref *ref, struct err *err)
{
	struct adoption a = {.repository = t->look.repository,
	    .gate = ref->gate->name,
	    .ref = ref->name,
	    .tip = ref->tip,
	    .by = setup_by(t->run->setup),
	    .reason = "first seen (first_push: baseline)"};
	struct buf body = {0};
	struct ledger_body line;
	int ret;

	if (commit_behind(&t->look, ref->tip, &a.subject, err) < 0)
		return -1;
	a.by.in_order = true;
	record_adopted(&body, &a);
	line = (struct ledger_body){body.data, body.len};
	ret = changelog_append(t->run->setup->log, &line, 1, clock_now(), NULL,
	    err);
	buf_free(&body);
	return ret;
}

static int
is_new_here(struct telling *t, bool *new, struct err *err)
{
	uint64_t seq;
	size_t count;

	if (changelog_seqs(t->run->setup->log,
	        topic_tips(t->pool, t->look.repository), false, 0, &seq, 1,
	        &count, err) < 0)
		return -1;
	*new = count == 0;
	return 0;
}

static int
look_at(struct telling *t, const struct visit_ref *ref, bool new,
    struct err *err)
{
	struct record tip;
	const char *base, *known = WITNESS_NOTHING;

	if (ledger_tip(&t->look, ref->name, &tip, &base, err) < 0)
		return -1;
	if (tip.seq != 0)
		known = tree_text(tip.tree, "new");
	if (text_same(known, ref->tip))
		return witness_ref(&t->look, ref->name, ref->gate, ref->tip,
		    "found", err);
	if (new)
		return t->look.entry->baseline ? take_baseline(t, ref, err) : 0;
	/* Unborn by the ledger: only what may begin there does. */
	if (tip.seq == 0 && ref->gate->landed_on.count == 0 &&
	    ref->gate->born_from.count == 0)
		return t->look.entry->baseline ? take_baseline(t, ref, err) : 0;
	return follow(t, ref, known, tip.seq == 0, err);
}

/* Refs that the ledger has and the copy has not. */
static int
look_at_gone(struct telling *t, struct err *err)
{
	struct map seen = {.pool = t->pool};
	struct record *list;
	size_t count;

	if (changelog_find(t->run->setup->log, t->pool,
	        topic_tips(t->pool, t->look.repository), true, 0, GONE_MAX,
	        &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct visit_ref ref = {.name = tree_text(list[i].tree, "ref"),
		    .tip = WITNESS_NOTHING};
		const char *held;

		if (ref.name == NULL || map_get(&seen, ref.name) != NULL)
			continue;
		map_put(&seen, ref.name, t);
		if (witness_present(&t->look, ref.name, &held, err) < 0)
			return -1;
		if (text_is_zero_oid(held) &&
		    policy_gate(t->look.entry, ref.name, &ref.gate) ==
		        GATE_ONE &&
		    look_at(t, &ref, false, err) < 0)
			return -1;
	}
	return 0;
}

int
tell_moved(struct telling *t, struct err *err)
{
	struct visit_ref *refs;
	size_t count;
	bool new;

	if (is_new_here(t, &new, err) < 0 ||
	    visit_refs(&t->look, &refs, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (look_at(t, &refs[i], new, err) < 0)
			return err_within(err, "%s %s", t->look.repository,
			    refs[i].name);
	return look_at_gone(t, err);
}
