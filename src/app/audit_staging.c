/*
 * Was what is on production ever on staging?  Git knows which commits a ref's
 * first-parent line holds now: not when they came there, nor in what order,
 * nor whether anything ran.
 */
#include <string.h>

#include "app/audit.h"
#include "base/text.h"

struct staging {
	struct pool *pool; /* of what is seen */
	struct map commits, trees;
	size_t refs;
};

static int64_t
time_of(struct pool *pool, const struct repo_commit *c)
{
	struct commit parsed = {0};
	struct err ignored = {0};

	if (commit_parse(&parsed, pool, c->raw, c->len, &ignored) < 0 ||
	    parsed.committer.seconds > INT64_MAX / 1000)
		return 0;
	return parsed.committer.seconds * 1000;
}

static void
remember(struct staging *g, const struct repo_commit *c)
{
	map_put(&g->commits, pool_text(g->pool, c->oid), g);
	map_put(&g->trees, pool_text(g->pool, c->tree), g);
}

/* Down the line, to where another ref of the gate was seen already. */
static int
take_line(struct audit *a, struct staging *g, const char *tip, bool one,
    struct err *err)
{
	char at[REPO_OID_SIZE];

	memcpy(at, tip, REPO_OID_SIZE);
	for (size_t i = 0; i < REPO_WALK_MAX && at[0] != '\0'; i++) {
		struct pool scratch = {0};
		struct repo_commit c;
		bool more = map_get(&g->commits, at) == NULL &&
		    (a->stop == NULL || !a->stop());

		if (more && repo_commit(a->repo, &scratch, at, &c, err) < 0) {
			pool_free(&scratch);
			return -1;
		}
		at[0] = '\0';
		if (more) {
			remember(g, &c);
			if (!one && c.parent_count > 0)
				memcpy(at, c.parents[0], REPO_OID_SIZE);
		}
		pool_free(&scratch);
	}
	return 0;
}

/* 0: the ref holds a commit, in `tip`; anything else is passed over. */
static bool
tip_of(struct audit *a, const struct gate *gate, const struct repo_ref *ref,
    char tip[REPO_OID_SIZE])
{
	const struct gate *found = NULL;
	struct err ignored = {0};
	enum repo_kind kind;

	return ref->target == NULL &&
	    policy_gate(a->entry, ref->name, &found) == GATE_ONE &&
	    found == gate &&
	    repo_peel(a->repo, ref->oid, tip, &kind, &ignored) == 0 &&
	    kind == REPO_COMMIT;
}

static bool
is_staged(const struct staging *g, const struct audit_staged *s,
    const struct repo_commit *c)
{
	if (map_get(&g->commits, c->oid) != NULL ||
	    (s->gate->after.same_tree && map_get(&g->trees, c->tree) != NULL))
		return true;
	/* A forge's merge button makes nothing else of what it promotes. */
	return c->parent_count == 2 &&
	    map_get(&g->commits, c->parents[1]) != NULL &&
	    map_get(&g->trees, c->tree) != NULL;
}

static void
judge(struct audit *a, const struct staging *g, struct audit_staged *s,
    const struct repo_commit *c, int64_t time)
{
	struct audit_example *e;
	char day[TEXT_INSTANT_SIZE] = "";

	s->steps++;
	if (is_staged(g, s, c)) {
		s->staged++;
		return;
	}
	s->not_staged++;
	if (s->example_count >= AUDIT_WORST_MAX)
		return;
	if (time != 0)
		text_instant(day, time);
	e = &s->examples[s->example_count++];
	memcpy(e->commit, c->oid, REPO_OID_SIZE);
	e->text = pool_printf(&a->pool, "%.10s", day);
}

static int
look_at_line(struct audit *a, const struct staging *g, struct audit_staged *s,
    const char *tip, struct err *err)
{
	size_t older = 0;
	char at[REPO_OID_SIZE];

	memcpy(at, tip, REPO_OID_SIZE);
	while (at[0] != '\0' && older < AUDIT_SLOP &&
	    (a->stop == NULL || !a->stop())) {
		struct pool scratch = {0};
		struct repo_commit c;
		int64_t time;

		if (repo_commit(a->repo, &scratch, at, &c, err) < 0) {
			pool_free(&scratch);
			return -1;
		}
		time = time_of(&scratch, &c);
		older = time < a->since ? older + 1 : 0;
		if (time >= a->since)
			judge(a, g, s, &c, time);
		at[0] = '\0';
		if (!s->is_tag && c.parent_count > 0)
			memcpy(at, c.parents[0], REPO_OID_SIZE);
		pool_free(&scratch);
	}
	return 0;
}

static struct audit_staged *
add(struct audit *a, const struct gate *gate, const struct gate *after,
    const char *ref)
{
	struct audit_staged *s =
	    pool_grow(&a->pool, &a->staged, &a->staged_count, sizeof(*s));

	s->gate = gate;
	s->after = after;
	s->ref = ref;
	s->is_tag = text_starts(ref, "refs/tags/");
	return s;
}

static void
look_at_gate(struct audit *a, const struct repo_ref *refs, size_t count,
    const struct gate *gate, const struct gate *after)
{
	struct pool pool = {0};
	struct staging g = {.pool = &pool,
	    .commits = {.pool = &pool},
	    .trees = {.pool = &pool}};
	char tip[REPO_OID_SIZE];
	struct err err = {0};
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++)
		if (tip_of(a, after, &refs[i], tip)) {
			g.refs++;
			ret = take_line(a, &g, tip,
			    text_starts(refs[i].name, "refs/tags/"), &err);
		}
	for (size_t i = 0; i < count; i++) {
		struct audit_staged *s;

		if (!tip_of(a, gate, &refs[i], tip))
			continue;
		s = add(a, gate, after, pool_text(&a->pool, refs[i].name));
		s->staging_refs = g.refs;
		if (ret == 0)
			ret = look_at_line(a, &g, s, tip, &err);
		if (ret < 0)
			s->trouble = pool_text(&a->pool, err.text);
	}
	pool_free(&pool);
}

int
audit_staging(struct audit *a, struct err *err)
{
	struct pool pool = {0};
	struct repo_ref *refs;
	size_t count;
	int ret = 0;

	if (a->empty)
		return 0;
	ret = repo_refs(a->repo, &pool, "refs/", &refs, &count, err);
	for (size_t i = 0; ret == 0 && i < a->entry->gate_count; i++) {
		const struct gate *gate = &a->entry->gates[i];

		if (gate->after.asked)
			look_at_gate(a, refs, count, gate,
			    policy_gate_named(a->entry, gate->after.gate));
	}
	pool_free(&pool);
	return ret;
}
