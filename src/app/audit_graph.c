/*
 * What a step brought: every commit that it reaches and no step before it did.
 * The steps are taken from the oldest on, and each commit seen is remembered,
 * so each is read once and no date is asked.
 */
#include <stdlib.h>
#include <string.h>

#include "app/audit.h"
#include "base/text.h"

#define SLOTS_FIRST 4096

struct audit_seen {
	unsigned char id[20], tree[20];
	unsigned step;  /* from 1; before the first one: 0 */
	bool used, top; /* the step's own commit */
};

static size_t
slot_of(const struct audit *a, const unsigned char id[20])
{
	uint64_t start;
	size_t at;

	memcpy(&start, id, sizeof(start));
	at = (size_t)start & (a->seen_room - 1);
	while (a->seen[at].used && memcmp(a->seen[at].id, id, 20) != 0)
		at = (at + 1) & (a->seen_room - 1);
	return at;
}

static void
grow(struct audit *a)
{
	struct audit_seen *old = a->seen;
	size_t room = a->seen_room;

	a->seen_room = room == 0 ? SLOTS_FIRST : 2 * room;
	a->seen = calloc(a->seen_room, sizeof(a->seen[0]));
	if (a->seen == NULL)
		err_fatal("out of memory");
	for (size_t i = 0; i < room; i++)
		if (old[i].used)
			a->seen[slot_of(a, old[i].id)] = old[i];
	free(old);
}

static struct audit_seen *
remember(struct audit *a, const char *oid, const char *tree)
{
	struct audit_seen new = {.used = true, .step = a->step};
	size_t at;

	if (2 * (a->seen_count + 1) > a->seen_room)
		grow(a);
	if (!text_parse_hex(new.id, 20, oid) ||
	    !text_parse_hex(new.tree, 20, tree))
		return NULL;
	at = slot_of(a, new.id);
	a->seen_count += a->seen[at].used ? 0 : 1;
	a->seen[at] = new;
	return &a->seen[at];
}

static void
remember_top(struct audit *a, const char *oid, const char *tree)
{
	struct audit_seen *seen = remember(a, oid, tree);

	if (seen != NULL)
		seen->top = true;
}

static const struct audit_seen *
find(const struct audit *a, const char *oid)
{
	unsigned char id[20];
	size_t at;

	if (a->seen_room == 0 || !text_parse_hex(id, 20, oid))
		return NULL;
	at = slot_of(a, id);
	return a->seen[at].used ? &a->seen[at] : NULL;
}

bool
audit_seen_tree(const struct audit *a, const char *oid,
    char tree[REPO_OID_SIZE])
{
	const struct audit_seen *seen = find(a, oid);

	if (seen != NULL)
		text_hex(tree, seen->tree, 20);
	return seen != NULL;
}

static int
see_old(void *ctx, const char *oid, const char *raw, size_t len)
{
	char tree[REPO_OID_SIZE] = "";

	if (len > 45)
		memcpy(tree, raw + 5, 40);
	(void)remember(ctx, oid, tree);
	return 0;
}

int
audit_see_all(struct audit *a, const char *oid, struct err *err)
{
	char tree[REPO_OID_SIZE];

	if (repo_history(a->repo, &oid, 1, see_old, a, err) < 0)
		return -1;
	if (audit_seen_tree(a, oid, tree))
		remember_top(a, oid, tree);
	return 0;
}

void
audit_forget(struct audit *a)
{
	free(a->seen);
	a->seen = NULL;
	a->seen_room = a->seen_count = 0;
}

/*
 * Where the way down from a merged commit meets what was there before.  Every
 * common ancestor of the two is an ancestor of one of these.
 */
struct meeting {
	struct audit_seen top;  /* the newest step's own commit among them */
	struct audit_seen side; /* the newest of the others */
	bool several;           /* of those */
};

static void
meet(const struct audit *a, struct meeting *m, const struct audit_seen *seen)
{
	if (seen->step == a->step)
		return;
	if (seen->top) {
		if (!m->top.used || seen->step > m->top.step)
			m->top = *seen;
		return;
	}
	if (m->side.used && memcmp(m->side.id, seen->id, 20) != 0)
		m->several = true;
	if (!m->side.used || seen->step > m->side.step)
		m->side = *seen;
}

/*
 * A step's own commit has all of that step and of those before it as its
 * ancestors; of anything else only the one that is alone is certain.
 */
static void
settle(const struct meeting *m, struct audit_step *s)
{
	const struct audit_seen *base = NULL;

	if (m->top.used && (!m->side.used || m->top.step >= m->side.step))
		base = &m->top;
	else if (!m->top.used && m->side.used && !m->several)
		base = &m->side;
	if (base != NULL)
		text_hex(s->base_tree, base->tree, 20);
}

struct todo {
	const char (**list)[REPO_OID_SIZE];
	size_t count;
};

static void
push(struct todo *t, struct pool *pool, const char (*oid)[REPO_OID_SIZE])
{
	*(const char(**)[REPO_OID_SIZE])pool_grow(pool, &t->list, &t->count,
	    sizeof(*t->list)) = oid;
}

int
audit_bring(struct audit *a, struct audit_step *s, audit_bring_fn *see,
    struct err *err)
{
	struct meeting meeting = {0};
	struct todo todo = {0};
	size_t brought = 0;

	a->step++;
	remember_top(a, s->top.oid, s->top.tree);
	for (size_t i = s->top.parent_count; i-- > 1;)
		push(&todo, s->pool, &s->top.parents[i]);
	while (todo.count > 0) {
		const char *oid = *todo.list[--todo.count];
		const struct audit_seen *seen = find(a, oid);
		struct repo_commit c;

		if (seen != NULL) {
			meet(a, &meeting, seen);
			continue;
		}
		if (brought++ >= AUDIT_COMMITS_MAX)
			return err_set(err, ERR_INPUT,
			    "%s brings more than %d commits", s->top.oid,
			    AUDIT_COMMITS_MAX);
		if (repo_commit(a->repo, s->pool, oid, &c, err) < 0)
			return -1;
		(void)remember(a, oid, c.tree);
		see(a, s, &c);
		for (size_t i = c.parent_count; i-- > 0;)
			push(&todo, s->pool, &c.parents[i]);
	}
	settle(&meeting, s);
	return 0;
}
