#include "core/gate_read.h"

#include <string.h>

#include "base/text.h"
#include "core/shape.h"

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define TEN_YEARS (3650 * DAY)
#define AT(type, field) offsetof(struct type, field)

const char *const gate_modes[] = {"enforce", "observe", NULL};

static const char *const signs[] = {"required", "pusher", NULL};
static const char *const carries[] = {"exact", "same-content", "clean-merge",
    NULL};
static const char *const barred[] = {"bar", "allow", NULL};
static const char *const independences[] = {"contributors", "lander", NULL};
static const char *const presences[] = {"any", "required", NULL};
static const char *const refusals[] = {"refuse", "allow", NULL};
static const char *const plans[] = {"plan", "revert", NULL};
static const char *const deployments[] = {"optional", "required", NULL};
static const char *const sames[] = {"commit", "tree", NULL};

static const struct shape_row gate_rows[] = {
    {SHAPE_ROW("refs", TEXTS, gate, refs),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {SHAPE_ROW("mode", CHOICE, gate, mode), .names = gate_modes},
    {.key = "approvals"},
    {.key = "rollback_plan"},
    {SHAPE_ROW("unknown_contributors", EITHER, gate,
         unknown_contributors_allowed),
        .names = refusals},
    {.key = "owners"},
    {.key = "ticket"},
    {SHAPE_ROW("tests", TEXTS, gate, tests)},
    {.key = "freeze"},
    {SHAPE_ROW("landed_on", WORDS, gate, landed_on), .flags = SHAPE_FILLED},
    {.key = "after"},
    {SHAPE_ROW("landers", WORDS, gate, landers), .flags = SHAPE_FILLED},
    {SHAPE_ROW("environments", WORDS, gate, environments),
        .flags = SHAPE_FILLED},
    {.key = "rollback"},
    {SHAPE_ROW("born_from", WORDS, gate, born_from)},
    {.key = "delete"},
    {SHAPE_ROW("accepts", WORDS, gate, accepts)},
    {SHAPE_ROW("told_by", WORDS, gate, told_by), .flags = SHAPE_FILLED},
    {.key = "routine"},
    {.key = "secrets"},
    {0},
};

static const struct shape_row approval_rows[] = {
    {SHAPE_ROW("count", COUNT, policy_approvals, count), .least = 1,
        .most = POLICY_COUNT_MAX},
    {SHAPE_ROW("groups", WORDS, policy_approvals, groups),
        .flags = SHAPE_FILLED},
    {SHAPE_ROW("signed", EITHER, policy_approvals, pusher_may), .names = signs},
    {SHAPE_ROW("carry", CHOICE, policy_approvals, carry),
        .least = CARRIED_EXACT, .names = carries},
    {SHAPE_ROW("coauthors", EITHER, policy_approvals, coauthors_allowed),
        .names = barred},
    {SHAPE_ROW("valid_for", DURATION, policy_approvals, valid_for),
        .least = SECOND, .most = TEN_YEARS},
    {SHAPE_ROW("machines", WORDS, policy_approvals, machines)},
    {SHAPE_ROW("independent_of", CHOICE, policy_approvals, independent_of),
        .names = independences},
    {SHAPE_ROW("presence", EITHER, policy_approvals, presence),
        .names = presences},
    {0},
};

static const struct shape_row plan_rows[] = {
    {SHAPE_ROW("required", BOOL, policy_plan, asked)},
    {SHAPE_ROW("min_words", COUNT, policy_plan, min_words), .least = 1,
        .most = GATE_PLAN_WORDS_MAX},
    {SHAPE_ROW("placeholders", TEXTS, policy_plan, placeholders)},
    {SHAPE_ROW("machines", EITHER, policy_plan, machines_revert),
        .names = plans},
    {0},
};

static const struct shape_row owner_rows[] = {
    {SHAPE_ROW("paths", TEXTS, policy_owner, paths),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {SHAPE_ROW("count", COUNT, policy_owner, count), .least = 1,
        .most = POLICY_COUNT_MAX},
    {SHAPE_ROW("groups", WORDS, policy_owner, groups), .flags = SHAPE_FILLED},
    {0},
};

static const struct shape_row ticket_rows[] = {
    {SHAPE_ROW("pattern", TEXT, gate, ticket), .flags = SHAPE_NEEDED},
    {0},
};

static const struct shape_row freeze_rows[] = {
    {SHAPE_ROW("from", INSTANT, policy_freeze, from), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("to", INSTANT, policy_freeze, to), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("reason", TEXT, policy_freeze, reason), .flags = SHAPE_NEEDED},
    {0},
};

static const struct shape_row after_rows[] = {
    {SHAPE_ROW("gate", WORD, policy_after, gate), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("soak", DURATION, policy_after, soak), .most = TEN_YEARS},
    {SHAPE_ROW("deployment", CHOICE, policy_after, deployment),
        .least = DEPLOYMENT_OPTIONAL, .names = deployments},
    {SHAPE_ROW("told_by", WORDS, policy_after, told_by), .flags = SHAPE_FILLED},
    {SHAPE_ROW("same", EITHER, policy_after, same_tree), .names = sames},
    {0},
};

static const struct shape_row lane_rows[] = {
    {SHAPE_ROW("groups", WORDS, policy_lane, groups), .flags = SHAPE_FILLED},
    {SHAPE_ROW("count", COUNT, policy_lane, count), .most = POLICY_COUNT_MAX},
    {SHAPE_ROW("within", COUNT, policy_lane, within), .least = 1,
        .most = GATE_LANE_WITHIN_MAX},
    {0},
};

static const struct shape_row delete_rows[] = {
    {SHAPE_ROW("groups", WORDS, gate, delete_groups),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {0},
};

static const struct shape_row routine_rows[] = {
    {SHAPE_ROW("machines", WORDS, policy_routine, machines),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {SHAPE_ROW("paths", TEXTS, policy_routine, paths),
        .flags = SHAPE_NEEDED | SHAPE_FILLED},
    {SHAPE_ROW("max_files", COUNT, policy_routine, max_files),
        .flags = SHAPE_NEEDED, .least = 1, .most = GATE_ROUTINE_FILES_MAX},
    {0},
};

/*
 * A section and the struct it fills.  `asked` (a bool in that struct) becomes
 * true before the keys are read, so that a key may take it back.
 */
struct section {
	const char *key;
	const struct shape_row *rows;
	size_t offset;
	size_t asked;
};
#define NO_ASKED ((size_t)-1)
#define IN(part, type) AT(gate, part) + AT(type, asked)

static const struct section sections[] = {
    {"approvals", approval_rows, AT(gate, approvals),
        IN(approvals, policy_approvals)},
    {"rollback_plan", plan_rows, AT(gate, plan), IN(plan, policy_plan)},
    {"ticket", ticket_rows, 0, NO_ASKED},
    {"after", after_rows, AT(gate, after), IN(after, policy_after)},
    {"rollback", lane_rows, AT(gate, lane), IN(lane, policy_lane)},
    {"delete", delete_rows, 0, AT(gate, delete_asked)},
};

static int
read_sections(struct gate *gate, struct pool *pool, const struct tree *map,
    struct err *err)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct section *s = &sections[i];
		const struct tree *t = tree_get(map, s->key);
		char *base = (char *)gate;

		if (t == NULL)
			continue;
		if (s->asked != NO_ASKED)
			*(bool *)(void *)(base + s->asked) = true;
		if (shape_read(base + s->offset, pool, t, s->rows, err) < 0)
			return -1;
	}
	return 0;
}

int
gate_check_glob(struct pool *pool, const struct tree *t, const char *glob,
    struct err *err)
{
	if (strchr(glob, '?') != NULL || strchr(glob, '[') != NULL ||
	    strchr(glob, '{') != NULL || strchr(glob, '\\') != NULL)
		return tree_error(t, err,
		    "%s: globs have '*' and '**' only, no '?', "
		    "'[', '{' or '\\'",
		    shape_quote(pool, glob));
	return 0;
}

static int
check_paths(struct pool *pool, const struct tree *map,
    const struct texts *paths, struct err *err)
{
	const struct tree *t = shape_at(map, "paths", 0);

	for (size_t i = 0; i < paths->count; i++, t = t->next) {
		const char *path = paths->list[i];

		if (gate_check_glob(pool, t, path, err) < 0)
			return -1;
		if (path[0] == '/' || path[0] == '!' ||
		    text_starts(path, "./") ||
		    text_find(path, strlen(path), "//") != NULL)
			return tree_error(t, err,
			    "%s matches no path: paths begin at the "
			    "root of the repository, without '/', './' "
			    "or '!'",
			    shape_quote(pool, path));
		if (text_ends(path, "/"))
			return tree_error(t, err,
			    "%s matches no file: end it with '/**'",
			    shape_quote(pool, path));
	}
	return 0;
}

static int
read_owners(struct gate *gate, struct pool *pool, const struct tree *list,
    struct err *err)
{
	struct policy_owner *owners = NULL;

	if (list == NULL)
		return 0;
	if (shape_is_list(list, err) < 0)
		return -1;
	for (const struct tree *t = list->child; t != NULL; t = t->next) {
		struct policy_owner *o =
		    pool_grow(pool, &owners, &gate->owner_count, sizeof(*o));

		o->count = 1;
		if (shape_read(o, pool, t, owner_rows, err) < 0 ||
		    check_paths(pool, t, &o->paths, err) < 0)
			return -1;
	}
	gate->owners = owners;
	return 0;
}

static int
read_freezes(struct gate *gate, struct pool *pool, const struct tree *list,
    struct err *err)
{
	struct policy_freeze *freezes = NULL;

	if (list == NULL)
		return 0;
	if (shape_is_list(list, err) < 0)
		return -1;
	for (const struct tree *t = list->child; t != NULL; t = t->next) {
		struct policy_freeze *f =
		    pool_grow(pool, &freezes, &gate->freeze_count, sizeof(*f));

		if (shape_read(f, pool, t, freeze_rows, err) < 0)
			return -1;
		if (f->to <= f->from)
			return tree_error(tree_get(t, "to"), err,
			    "a freeze must end after it begins");
	}
	gate->freezes = freezes;
	return 0;
}

static int
read_routines(struct gate *gate, struct pool *pool, const struct tree *list,
    struct err *err)
{
	struct policy_routine *routines = NULL;

	if (list == NULL)
		return 0;
	if (shape_is_list(list, err) < 0)
		return -1;
	for (const struct tree *t = list->child; t != NULL; t = t->next) {
		struct policy_routine *r = pool_grow(pool, &routines,
		    &gate->routine_count, sizeof(*r));

		if (shape_read(r, pool, t, routine_rows, err) < 0 ||
		    check_paths(pool, t, &r->paths, err) < 0)
			return -1;
	}
	gate->routines = routines;
	return 0;
}

/* What no ref name may hold (git-check-ref-format), besides globs' own. */
static bool
is_ref(const char *ref)
{
	size_t len = strlen(ref);

	if (!text_starts(ref, "refs/") || len > GATE_REF_MAX ||
	    text_ends(ref, "/") || text_ends(ref, ".") ||
	    text_ends(ref, ".lock"))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)ref[i] <= ' ' || ref[i] == 0x7f ||
		    strchr("~^:", ref[i]) != NULL)
			return false;
	return text_find(ref, len, "//") == NULL &&
	    text_find(ref, len, "..") == NULL &&
	    text_find(ref, len, "/.") == NULL;
}

static int
check_refs(struct pool *pool, const struct gate *gate, const struct tree *map,
    struct err *err)
{
	const struct tree *t = shape_at(map, "refs", 0);

	for (size_t i = 0; i < gate->refs.count; i++, t = t->next) {
		const char *ref = gate->refs.list[i];

		if (gate_check_glob(pool, t, ref, err) < 0)
			return -1;
		if (!is_ref(ref))
			return tree_error(t, err,
			    "%s is no full ref name: write "
			    "'refs/heads/...' or 'refs/tags/...'",
			    shape_quote(pool, ref));
		if (text_starts(ref, "refs/foureyes/") ||
		    text_starts(ref, "refs/namespaces/"))
			return tree_error(t, err,
			    "%s cannot be gated: it is never a change",
			    shape_quote(pool, ref));
	}
	return 0;
}

/* What the defaults of one key take from another. */
static void
default_from_keys(struct gate *gate, struct pool *pool, const struct tree *map)
{
	const char **name;

	if (tree_get(map, "born_from") == NULL)
		gate->born_from = gate->landed_on;
	if (tree_path(map, "approvals.independent_of") == NULL &&
	    gate->landed_on.count > 0)
		gate->approvals.independent_of = INDEPENDENT_OF_LANDER;
	if (gate->environments.count > 0)
		return;
	name = pool_array(pool, 1, sizeof(*name));
	name[0] = gate->name;
	gate->environments = (struct texts){name, 1};
}

int
gate_read(struct gate *gate, struct pool *pool, const struct tree *map,
    enum mode mode, struct err *err)
{
	*gate = (struct gate){
	    .name = map->key,
	    .mode = mode,
	    .approvals = {.count = 1,
	        .carry = CARRIED_CLEAN_MERGE,
	        .valid_for = 90 * DAY},
	    .plan = {.min_words = 5},
	    .after = {.deployment = DEPLOYMENT_OPTIONAL},
	    .lane = {.within = 10},
	};
	if (!shape_is_word(gate->name))
		return tree_error(map, err,
		    "%s is no name for a gate: " SHAPE_WORD_IS,
		    shape_quote(pool, gate->name));
	if (shape_read(gate, pool, map, gate_rows, err) < 0 ||
	    read_sections(gate, pool, map, err) < 0 ||
	    check_refs(pool, gate, map, err) < 0 ||
	    read_owners(gate, pool, tree_get(map, "owners"), err) < 0 ||
	    read_freezes(gate, pool, tree_get(map, "freeze"), err) < 0 ||
	    read_routines(gate, pool, tree_get(map, "routine"), err) < 0 ||
	    gate_read_secrets(&gate->secrets, pool, tree_get(map, "secrets"),
	        err) < 0)
		return -1;
	default_from_keys(gate, pool, map);
	return 0;
}
