#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/gate_read.h"
#include "core/policy.h"
#include "core/policy_log.h"
#include "core/shape.h"

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const char *const first_pushes[] = {"refuse", "baseline", NULL};
static const char *const overdues[] = {"report", "block", NULL};

static const struct shape_row policy_rows[] = {
    {.key = "version"},
    {SHAPE_ROW("mode", CHOICE, policy, mode), .names = gate_modes},
    {SHAPE_ROW("help", TEXT, policy, help)},
    {.key = "administration"},
    {.key = "repositories", .flags = SHAPE_NEEDED},
    {.key = "emergency"},
    {.key = "retention"},
    {.key = "review"},
    {.key = "access_review"},
    {0},
};

static const struct shape_row administration_rows[] = {
    {SHAPE_ROW("groups", WORDS, policy, administration),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {0},
};

static const struct shape_row repository_rows[] = {
    {SHAPE_ROW("match", TEXTS, policy_repository, match),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {SHAPE_ROW("mode", CHOICE, policy_repository, mode), .names = gate_modes},
    {SHAPE_ROW("first_push", EITHER, policy_repository, baseline),
        .names = first_pushes},
    {.key = "gates", .flags = SHAPE_NEEDED},
    {0},
};

static const struct shape_row emergency_rows[] = {
    {SHAPE_ROW("groups", WORDS, policy_emergency, groups),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {SHAPE_ROW("valid_for", DURATION, policy_emergency, valid_for),
        .least = SECOND, .most = 30 * DAY},
    {SHAPE_ROW("review_within", DURATION, policy_emergency, review_within),
        .least = SECOND, .most = 365 * DAY},
    {SHAPE_ROW("overdue", EITHER, policy_emergency, overdue_blocks),
        .names = overdues},
    {0},
};

/* Names are "team/app": a pattern that can match none guards nothing. */
static int
check_match(struct pool *pool, const struct texts *match,
    const struct tree *map, struct err *err)
{
	const struct tree *t = shape_at(map, "match", 0);

	for (size_t i = 0; i < match->count; i++, t = t->next) {
		const char *m = match->list[i];

		if (gate_check_glob(pool, t, m, err) < 0)
			return -1;
		if (m[0] == '/' || text_ends(m, "/") || text_ends(m, ".git") ||
		    text_find(m, strlen(m), "//") != NULL)
			return tree_error(t, err,
			    "%s matches no repository: names have no '/' at "
			    "either end, no '//' and no '.git'",
			    shape_quote(pool, m));
	}
	return 0;
}

/* One gate of one entry that a key names. */
static int
check_named(const struct policy_repository *r, struct pool *pool,
    const struct tree *t, const char *name, struct err *err)
{
	if (policy_gate_named(r, name) != NULL)
		return 0;
	return tree_error(t, err, "there is no gate %s in this entry",
	    shape_quote(pool, name));
}

static int
check_names(const struct policy_repository *r, struct pool *pool,
    const struct tree *map, const char *key, const struct texts *names,
    struct err *err)
{
	const struct tree *t = shape_at(map, key, 0);

	if (tree_get(map, key) == NULL)
		return 0;
	for (size_t i = 0; i < names->count; i++, t = t->next)
		if (check_named(r, pool, t, names->list[i], err) < 0)
			return -1;
	return 0;
}

/* The gates that one gate names are there, and are others than itself. */
static int
check_links(const struct policy_repository *r, struct pool *pool,
    const struct gate *g, const struct tree *map, struct err *err)
{
	if (check_names(r, pool, map, "landed_on", &g->landed_on, err) < 0 ||
	    check_names(r, pool, map, "accepts", &g->accepts, err) < 0 ||
	    check_names(r, pool, map, "born_from", &g->born_from, err) < 0)
		return -1;
	if (texts_have(&g->accepts, g->name))
		return tree_error(tree_get(map, "accepts"), err,
		    "gate '%s' takes from itself", g->name);
	if (!g->after.asked)
		return 0;
	return check_named(r, pool, tree_path(map, "after.gate"), g->after.gate,
	    err);
}

/* What a gate waits for, by landed_on or after. */
static const char *
waits_for(const struct gate *g, size_t nth)
{
	if (nth < g->landed_on.count)
		return g->landed_on.list[nth];
	return nth == g->landed_on.count && g->after.asked ? g->after.gate
	                                                   : NULL;
}

enum seen {
	NOT_SEEN = 0,
	ON_THE_WAY,
	DONE
};

struct step {
	size_t gate;
	size_t next;
};

/*
 * Walks from gate `from` along what gates wait for, with a stack of its own.
 * Returns a gate that waits for itself in the end, or NULL.
 */
static const struct gate *
find_circle(const struct policy_repository *r, size_t from, enum seen *seen,
    struct step *stack)
{
	size_t depth = 1;

	stack[0] = (struct step){.gate = from};
	seen[from] = ON_THE_WAY;
	while (depth > 0) {
		struct step *s = &stack[depth - 1];
		const char *name = waits_for(&r->gates[s->gate], s->next++);
		size_t to;

		if (name == NULL) {
			seen[s->gate] = DONE;
			depth--;
			continue;
		}
		to = (size_t)(policy_gate_named(r, name) - r->gates);
		if (seen[to] == ON_THE_WAY)
			return &r->gates[to];
		if (seen[to] == NOT_SEEN) {
			seen[to] = ON_THE_WAY;
			stack[depth++] = (struct step){.gate = to};
		}
	}
	return NULL;
}

static int
check_circles(const struct policy_repository *r, struct pool *pool,
    const struct tree *gates, struct err *err)
{
	enum seen *seen = pool_array(pool, r->gate_count, sizeof(*seen));
	struct step *stack = pool_array(pool, r->gate_count, sizeof(*stack));

	for (size_t i = 0; i < r->gate_count; i++) {
		const struct gate *g = NULL;

		if (seen[i] == NOT_SEEN)
			g = find_circle(r, i, seen, stack);
		if (g != NULL)
			return tree_error(tree_get(gates, g->name), err,
			    "gate '%s' takes from itself by way of 'landed_on' "
			    "and 'after': nothing could ever land",
			    g->name);
	}
	return 0;
}

/* A ref or glob as it stands in the file. */
struct written {
	const char *ref;
	const char *gate;
	const struct tree *at;
	size_t order;
};

static int
by_ref(const void *a, const void *b)
{
	const struct written *x = a, *y = b;
	int order = strcmp(x->ref, y->ref);

	if (order != 0)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int
check_twice(const struct policy_repository *r, struct pool *pool,
    const struct tree *gates, struct err *err)
{
	const struct tree *map = gates->child;
	struct written *list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < r->gate_count && map != NULL;
	     i++, map = map->next) {
		const struct gate *g = &r->gates[i];
		const struct tree *t = shape_at(map, "refs", 0);

		for (size_t n = 0; n < g->refs.count; n++, t = t->next) {
			struct written *w =
			    pool_grow(pool, &list, &count, sizeof(*w));

			*w = (struct written){g->refs.list[n], g->name, t,
			    count};
		}
	}
	if (count > 1)
		qsort(list, count, sizeof(*list), by_ref);
	for (size_t i = 1; i < count; i++)
		if (strcmp(list[i].ref, list[i - 1].ref) == 0)
			return tree_error(list[i].at, err,
			    "%s stands twice: gate '%s' has it in line %u",
			    shape_quote(pool, list[i].ref), list[i - 1].gate,
			    list[i - 1].at->line);
	return 0;
}

static int
read_gates(struct policy_repository *r, struct pool *pool,
    const struct tree *gates, struct err *err)
{
	const struct tree *map;
	struct gate *list;

	if (shape_is_map(gates, err) < 0)
		return -1;
	if (gates->len > POLICY_GATES_MAX)
		return tree_error(gates, err, "'gates' has more than %d gates",
		    POLICY_GATES_MAX);
	list = pool_array(pool, gates->len, sizeof(*list));
	r->gates = list;
	for (map = gates->child; map != NULL; map = map->next)
		if (gate_read(&list[r->gate_count++], pool, map, r->mode, err) <
		    0)
			return -1;
	map = gates->child;
	for (size_t i = 0; i < r->gate_count && map != NULL;
	     i++, map = map->next)
		if (check_links(r, pool, &list[i], map, err) < 0)
			return -1;
	if (check_circles(r, pool, gates, err) < 0)
		return -1;
	return check_twice(r, pool, gates, err);
}

static int
read_repositories(struct policy *policy, struct pool *pool,
    const struct tree *list, struct err *err)
{
	struct policy_repository *repositories;

	if (shape_is_list(list, err) < 0)
		return -1;
	repositories = pool_array(pool, list->len, sizeof(*repositories));
	policy->repositories = repositories;
	for (const struct tree *t = list->child; t != NULL; t = t->next) {
		struct policy_repository *r =
		    &repositories[policy->repository_count++];

		r->mode = policy->mode;
		if (shape_read(r, pool, t, repository_rows, err) < 0 ||
		    check_match(pool, &r->match, t, err) < 0 ||
		    read_gates(r, pool, tree_get(t, "gates"), err) < 0)
			return -1;
	}
	return 0;
}

static int
read_administration(struct policy *policy, struct pool *pool,
    const struct tree *map, struct err *err)
{
	if (map == NULL)
		return 0;
	return shape_read(policy, pool, map, administration_rows, err);
}

static int
read_emergency(struct policy_emergency *emergency, struct pool *pool,
    const struct tree *map, struct err *err)
{
	if (map == NULL)
		return 0;
	*emergency = (struct policy_emergency){
	    .asked = true,
	    .valid_for = 4 * HOUR,
	    .review_within = 24 * HOUR,
	    .overdue_blocks = true,
	};
	return shape_read(emergency, pool, map, emergency_rows, err);
}

int
policy_read(struct policy *policy, struct pool *pool,
    const struct tree *document, struct err *err)
{
	struct policy new = {0};

	if (shape_version(document, err) < 0 ||
	    shape_read(&new, pool, document, policy_rows, err) < 0 ||
	    read_administration(&new, pool,
	        tree_get(document, "administration"), err) < 0 ||
	    read_repositories(&new, pool, tree_get(document, "repositories"),
	        err) < 0 ||
	    read_emergency(&new.emergency, pool,
	        tree_get(document, "emergency"), err) < 0 ||
	    policy_read_log(&new, pool, document, err) < 0)
		return -1;
	*policy = new;
	return 0;
}
