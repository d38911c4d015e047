#include "app/gather.h"

#include <string.h>

#include "app/config_landed.h"
#include "app/secrets.h"
#include "app/setup.h"
#include "app/witness.h"
#include "base/text.h"
#include "core/facts_mask.h"
#include "core/object.h"
#include "core/rule.h"
#include "core/topics.h"

#define TIPS_MAX 200
#define DEFECTS_NAMED 20

bool
gather_is_late(const struct push *p)
{
	return p->deadline != 0 && clock_now() >= p->deadline;
}

static void
add_defect(struct push *p, struct update *u, const char *code, const char *text)
{
	struct defect *list = (struct defect *)u->defects, *d;

	d = pool_grow(p->pool, &list, &u->defect_count, sizeof(*list));
	d->code = code;
	d->text = text;
	u->defects = list;
}

/*
 * Commits that land, and their trees, are read strictly; what landed before is
 * let alone.
 */
static int
find_defects(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	size_t found = 0;

	for (size_t i = 0; i < g->fresh_count && !gather_is_late(p); i++) {
		const char *why = g->fresh[i]->defect;

		if (why == NULL &&
		    commit_fact_odd(p, g->fresh[i], &why, err) < 0)
			return err_within(err, "commit %.12s", g->fresh[i]->id);
		if (why == NULL || ++found > DEFECTS_NAMED)
			continue;
		add_defect(p, g->update, "object.malformed",
		    pool_printf(p->pool, "commit %.12s: %s", g->fresh[i]->id,
		        why));
	}
	if (found > DEFECTS_NAMED)
		add_defect(p, g->update, "object.malformed",
		    pool_printf(p->pool, "and %zu more commits",
		        found - DEFECTS_NAMED));
	return 0;
}

static int
classify(struct push *p, struct update *u, const char *commit, struct err *err)
{
	bool ahead, behind;

	if (text_is_zero_oid(u->new))
		u->move = MOVE_DELETE;
	else if (u->base == NULL)
		u->move = MOVE_CREATE;
	else if (strcmp(u->new, u->base) == 0)
		u->move = MOVE_RESTORE;
	if (u->move != MOVE_UNKNOWN)
		return 0;
	if (text_starts(u->ref, "refs/tags/")) {
		u->move = MOVE_ASIDE;
		return 0;
	}
	if (repo_is_ancestor(p->repo, u->base, commit, &ahead, err) < 0 ||
	    repo_is_ancestor(p->repo, commit, u->base, &behind, err) < 0)
		return -1;
	u->move = ahead ? MOVE_FORWARD : behind ? MOVE_BACKWARD : MOVE_ASIDE;
	return 0;
}

/*
 * Has this ref a baseline, or may it be born?  The server is asked whether it
 * is there, not the push.  Where it may be born, rule and range see to it.
 */
static int
find_adoption(struct push *p, const struct gate *gate, struct update *u,
    bool *unborn, struct err *err)
{
	const char *held;

	*unborn = false;
	u->adopted = u->base != NULL ? TRI_YES : TRI_NO;
	if (u->base != NULL || text_is_zero_oid(u->new))
		return 0;
	if (p->witnessed)
		held = u->old;
	else if (witness_present(p, u->ref, &held, err) < 0)
		return -1;
	*unborn = text_is_zero_oid(held) && text_is_zero_oid(u->old);
	if (!*unborn)
		return 0;
	if (gate->landed_on.count > 0)
		u->adopted = TRI_YES;
	else if (gate->born_from.count == 0 && p->entry->baseline)
		u->baseline = true;
	if (u->baseline)
		u->adopted = TRI_YES;
	return 0;
}

/* What the gate took last before this ref was: the nearest base there is. */
static int
base_of_birth(struct push *p, const struct gate *gate, const char *commit,
    const char **base, struct err *err)
{
	struct record *list;
	size_t count;
	bool in = false;

	*base = NULL;
	if (changelog_find(p->setup->log, p->pool,
	        topic_tips(p->pool, p->repository), true, 0, TIPS_MAX, &list,
	        &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && *base == NULL; i++) {
		const char *tip = tree_text(list[i].tree, "subject");

		if (!text_same(tree_text(list[i].tree, "gate"), gate->name) ||
		    tip == NULL || repo_kind_of(p->repo, tip) != REPO_COMMIT)
			continue;
		if (repo_is_ancestor(p->repo, tip, commit, &in, err) < 0)
			return -1;
		if (in)
			*base = tip;
	}
	return 0;
}

static void
no_range(struct gathering *g, const char *commit)
{
	g->fresh_map = (struct map){.pool = g->push->pool};
	g->line = pool_array(g->push->pool, 2, sizeof(*g->line));
	g->line[1] = commit;
	g->line_count = 2;
}

int
commit_behind(struct push *p, const char *id, const char **commit,
    struct err *err)
{
	char oid[REPO_OID_SIZE];
	enum repo_kind kind;

	*commit = NULL;
	if (repo_peel(p->repo, id, oid, &kind, err) < 0)
		return -1;
	if (kind == REPO_COMMIT)
		*commit = pool_text(p->pool, oid);
	return 0;
}

/*
 * Nothing of this gate is behind it.  What it takes from has a beginning, and
 * whoever made something since has a part in what is born; where that is too
 * much to read, nobody knows who has.
 */
static int
gather_birth(struct gathering *g, const char *commit, struct err *err)
{
	struct err too_much = {0};
	const char *from;

	if (gather_birth_base(g, commit, &from, err) < 0)
		return -1;
	if (from == NULL || gather_range(g, from, commit, &too_much) < 0)
		no_range(g, commit);
	return 0;
}

int
gather_span(struct gathering *g, const char *old, const char *subject,
    const char *new, struct err *err)
{
	const char *from = NULL, *to = subject;

	if (old != NULL && !text_is_zero_oid(old) &&
	    repo_has(g->push->repo, old) &&
	    commit_behind(g->push, old, &from, err) < 0)
		return -1;
	if (commit_behind(g->push, new, &to, err) < 0)
		return -1;
	if (to == NULL)
		return err_set(err, ERR_INPUT, "'%s' is no commit", new);
	if (from == NULL && base_of_birth(g->push, g->gate, to, &from, err) < 0)
		return -1;
	if (from != NULL)
		return gather_range(g, from, to, err);
	return gather_birth(g, to, err);
}

/*
 * A tag that lands is read as strictly as a commit, and so is each that it
 * stands for.  Its own name, which signatures cover, is the ref's.
 */
static int
find_tag_defects(struct push *p, struct update *u, struct err *err)
{
	const char *id = u->new, *ref = u->ref;

	for (unsigned depth = 0; depth <= REPO_PEEL_MAX; depth++) {
		const char *raw;
		enum repo_kind kind;
		struct err why = {0};
		struct tag tag;
		size_t len;

		if (repo_kind_of(p->repo, id) != REPO_TAG)
			return 0;
		if (repo_object(p->repo, p->pool, id, &kind, &raw, &len, err) <
		    0)
			return -1;
		if (tag_parse(&tag, p->pool, raw, len, &why) < 0) {
			add_defect(p, u, "object.malformed",
			    pool_printf(p->pool, "tag %.12s: %s", id,
			        why.text));
			return 0;
		}
		if (depth == 0 && text_starts(ref, "refs/tags/") &&
		    strcmp(tag.name, ref + strlen("refs/tags/")) != 0)
			add_defect(p, u, "object.malformed",
			    pool_printf(p->pool,
			        "tag %.12s calls itself '%s' and is pushed as "
			        "%s",
			        id,
			        text_safe_copy(p->pool, tag.name,
			            strlen(tag.name), 80),
			        ref));
		id = tag.object;
	}
	return 0;
}

static int
gather_forward(struct gathering *g, struct err *err)
{
	struct update *u = g->update;
	bool promotes = g->gate->landed_on.count > 0;

	if (find_defects(g, err) < 0 || find_tag_defects(g->push, u, err) < 0)
		return -1;
	u->promotes = promotes || g->gate->after.asked;
	if (u->promotes && gather_promotion(g, err) < 0)
		return -1;
	if (gather_lane(g, err) < 0 || gather_changes(g, err) < 0)
		return -1;
	return g->gate->after.asked ? gather_deployments(g, err) : 0;
}

/* A new ref of a gate with a place of birth: what it brings beyond that. */
static int
gather_born(struct gathering *g, const char *commit, struct err *err)
{
	struct update *u = g->update;

	if (gather_birth_place(g, commit, &u->birth, err) < 0)
		return -1;
	if (u->birth.commit == NULL || text_same(u->birth.commit, commit)) {
		no_range(g, commit);
		return 0;
	}
	if (gather_range(g, u->birth.commit, commit, err) < 0)
		return -1;
	return gather_forward(g, err);
}

static int
gather_all(struct gathering *g, struct err *err)
{
	struct push *p = g->push;
	struct update *u = g->update;
	const char *commit = NULL, *base = NULL;
	bool unborn;

	if (find_adoption(p, g->gate, u, &unborn, err) < 0)
		return -1;
	if (!text_is_zero_oid(u->new) &&
	    commit_behind(p, u->new, &commit, err) < 0)
		return -1;
	if (commit == NULL && !text_is_zero_oid(u->new)) {
		add_defect(p, u, "object.no-commit",
		    pool_printf(p->pool, "'%s' does not lead to a commit",
		        u->new));
		return 0;
	}
	u->landed = commit;
	if (u->base != NULL && repo_has(p->repo, u->base) &&
	    commit_behind(p, u->base, &base, err) < 0)
		return -1;
	if (u->base != NULL && base == NULL)
		return err_set(err, ERR_INPUT,
		    "the ledger's tip '%s' is not in the repository", u->base);
	if (classify(p, u, commit, err) < 0)
		return -1;
	if (u->move == MOVE_DELETE && gather_retirement(g, base, err) < 0)
		return -1;
	if (u->move == MOVE_DELETE || u->move == MOVE_RESTORE || u->baseline)
		no_range(g, commit != NULL ? commit : u->base);
	else if (u->move == MOVE_BACKWARD || u->move == MOVE_ASIDE ||
	    u->base != NULL || g->gate->landed_on.count > 0) {
		if (gather_span(g, u->base, commit, u->new, err) < 0 ||
		    gather_forward(g, err) < 0)
			return -1;
	} else if (!unborn) {
		no_range(g, commit);
	} else if (gather_born(g, commit, err) < 0) {
		return -1;
	}
	return gather_secrets(g, err) < 0 ? -1 : gather_emergency(g, err);
}

void
gather(struct push *p, const struct ref_update *r, struct update *u)
{
	struct gathering g = {.push = p, .gate = r->gate, .update = u};
	const char *unsound = NULL;
	struct err err = {0};

	u->repository = p->repository;
	u->gate = r->gate->name;
	u->ref = r->target;
	u->rules = RULES_VERSION;
	u->old = r->old;
	u->new = r->new;
	u->at = p->now;
	u->mode = r->gate->mode;
	u->pusher = p->pusher;
	u->foreseen = p->foreseen;
	u->witnessed = p->witnessed;
	u->gated = (unsigned)p->gated;
	if (gather_all(&g, &err) < 0)
		add_defect(p, u, "push.could-not-check",
		    pool_text(p->pool, err.text));
	if (config_landed_check(p, u->ref, u->landed, &unsound, &err) < 0)
		unsound = pool_text(p->pool, err.text);
	if (unsound != NULL)
		add_defect(p, u, "push.config-unsound", unsound);
	if (repo_is_shallow(p->repo))
		add_defect(p, u, "object.history-incomplete",
		    "the history is cut off (a shallow clone or repository); "
		    "push from a full clone: git fetch --unshallow");
	else if (gather_is_late(p))
		add_defect(p, u, "push.not-in-time",
		    "the check was not finished in time; push fewer commits "
		    "at once, or raise 'deadline' in foureyes.yaml");
	facts_mask(u, p->pool);
}
