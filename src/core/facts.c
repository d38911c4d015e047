#include "core/facts.h"

#include <string.h>

#include "base/text.h"

enum field_kind {
	FIELD_TEXT,
	FIELD_BOOL,
	FIELD_WORD,  /* an enum, by its word */
	FIELD_COUNT, /* unsigned */
	FIELD_SEQ,   /* uint64_t */
	FIELD_SPAN,  /* int64_t milliseconds */
	FIELD_INSTANT,
	FIELD_TEXTS, /* const char *const *, and its count */
	FIELD_ONE,   /* a struct in the struct */
	FIELD_LIST   /* pointer to structs, and their count */
};

struct shape;

struct field {
	const char *key;
	enum field_kind kind;
	size_t at;
	size_t count_at;
	const struct shape *shape;
	const char *const *words; /* index is the value; NULL ends it */
};

struct shape {
	size_t size;
	const struct field *fields; /* a NULL key ends it */
};

static const char *const tri_words[] = {"unknown", "no", "yes", NULL};
static const char *const part_words[] = {"", "author", "committer", "co-author",
    "first-pusher", "opener", NULL};
static const char *const carried_words[] = {"", "exact", "same-content",
    "clean-merge", NULL};
static const char *const place_words[] = {"", "approved", "last", "mechanical",
    "replayed", "accepted", NULL};
static const char *const plan_words[] = {"absent", "empty", "placeholder",
    "template", "too-short", "real", NULL};
static const char *const move_words[] = {"", "forward", "create", "backward",
    "aside", "delete", "restore", NULL};
static const char *const mode_words[] = {"enforce", "observe", NULL};
static const char *const declared_words[] = {"", "push-option", "trailer",
    "tag", NULL};

#define AT(s, m) offsetof(struct s, m)
#define TEXT(s, k, m)                                                          \
	{                                                                      \
		k, FIELD_TEXT, AT(s, m), 0, NULL, NULL                         \
	}
#define BOOL(s, k, m)                                                          \
	{                                                                      \
		k, FIELD_BOOL, AT(s, m), 0, NULL, NULL                         \
	}
#define WORD(s, k, m, w)                                                       \
	{                                                                      \
		k, FIELD_WORD, AT(s, m), 0, NULL, w                            \
	}
#define TRI(s, k, m) WORD(s, k, m, tri_words)
#define COUNT(s, k, m)                                                         \
	{                                                                      \
		k, FIELD_COUNT, AT(s, m), 0, NULL, NULL                        \
	}
#define SEQ(s, k, m)                                                           \
	{                                                                      \
		k, FIELD_SEQ, AT(s, m), 0, NULL, NULL                          \
	}
#define SPAN(s, k, m)                                                          \
	{                                                                      \
		k, FIELD_SPAN, AT(s, m), 0, NULL, NULL                         \
	}
#define INSTANT(s, k, m)                                                       \
	{                                                                      \
		k, FIELD_INSTANT, AT(s, m), 0, NULL, NULL                      \
	}
#define TEXTS(s, k, m, n)                                                      \
	{                                                                      \
		k, FIELD_TEXTS, AT(s, m), AT(s, n), NULL, NULL                 \
	}
#define ONE(s, k, m, t)                                                        \
	{                                                                      \
		k, FIELD_ONE, AT(s, m), 0, t, NULL                             \
	}
#define LIST(s, k, m, n, t)                                                    \
	{                                                                      \
		k, FIELD_LIST, AT(s, m), AT(s, n), t, NULL                     \
	}
#define END                                                                    \
	{                                                                      \
		NULL, FIELD_TEXT, 0, 0, NULL, NULL                             \
	}

static const struct field actor_fields[] = {
    TEXT(actor, "person", person),
    TEXT(actor, "login", login),
    BOOL(actor, "machine", machine),
    END,
};
static const struct shape actor_shape = {sizeof(struct actor), actor_fields};

static const struct field contributor_fields[] = {
    TEXT(contributor, "person", person),
    BOOL(contributor, "known", known),
    BOOL(contributor, "machine", machine),
    TEXT(contributor, "written", written),
    TEXT(contributor, "commit", commit),
    WORD(contributor, "part", part, part_words),
    END,
};
static const struct shape contributor_shape = {sizeof(struct contributor),
    contributor_fields};

static const struct field approval_fields[] = {
    SEQ(approval, "record", seq),
    TEXT(approval, "person", person),
    BOOL(approval, "machine", machine),
    TEXT(approval, "key", key),
    BOOL(approval, "presence", presence),
    TEXT(approval, "repository", repository),
    TEXT(approval, "commit", commit),
    TEXT(approval, "target", target),
    INSTANT(approval, "time", time),
    TEXT(approval, "source", source),
    WORD(approval, "carried", carried, carried_words),
    TRI(approval, "in_force", in_force),
    TRI(approval, "spent", spent),
    TRI(approval, "after_fact", after_fact),
    SEQ(approval, "taken_back", taken_back),
    TRI(approval, "plan_in_it", plan_in_it),
    END,
};
static const struct shape approval_shape = {sizeof(struct approval),
    approval_fields};

static const struct field commit_fields[] = {
    TEXT(landing_commit, "id", id),
    TEXT(landing_commit, "subject", subject),
    WORD(landing_commit, "place", place, place_words),
    TRI(landing_commit, "author_fits", author_fits),
    END,
};
static const struct shape commit_shape = {sizeof(struct landing_commit),
    commit_fields};

static const struct field owned_fields[] = {
    TRI(owned, "touched", touched),
    TEXT(owned, "path", path),
    END,
};
static const struct shape owned_shape = {sizeof(struct owned), owned_fields};

static const struct field gitlink_fields[] = {
    TEXT(gitlink, "commit", commit),
    TEXT(gitlink, "path", path),
    TEXT(gitlink, "from", from),
    TEXT(gitlink, "to", to),
    END,
};
static const struct shape gitlink_shape = {sizeof(struct gitlink),
    gitlink_fields};

static const struct field plan_fields[] = {
    WORD(plan_fact, "state", state, plan_words),
    TEXT(plan_fact, "where", where),
    TEXT(plan_fact, "text", text),
    TEXT(plan_fact, "to", to),
    TRI(plan_fact, "to_exists", to_exists),
    TRI(plan_fact, "to_was_live", to_was_live),
    TRI(plan_fact, "to_is_last", to_is_last),
    BOOL(plan_fact, "approved", approved),
    END,
};
static const struct shape plan_shape = {sizeof(struct plan_fact), plan_fields};

static const struct field rehearsal_fields[] = {
    TRI(rehearsal, "clean", clean),
    TEXTS(rehearsal, "conflicts", conflicts, conflict_count),
    END,
};
static const struct shape rehearsal_shape = {sizeof(struct rehearsal),
    rehearsal_fields};

static const struct field change_fields[] = {
    TEXT(change, "id", id),
    TEXT(change, "before", before),
    TEXT(change, "after", after),
    TEXT(change, "description", description),
    TEXT(change, "requester", requester),
    LIST(change, "commits", commits, commit_count, &commit_shape),
    TRI(change, "contributors_known", contributors_known),
    LIST(change, "contributors", contributors, contributor_count,
        &contributor_shape),
    COUNT(change, "unseen", unseen),
    TRI(change, "approvals_known", approvals_known),
    LIST(change, "approvals", approvals, approval_count, &approval_shape),
    LIST(change, "objections", objections, objection_count, &approval_shape),
    TRI(change, "paths_known", paths_known),
    COUNT(change, "path_count", path_count),
    LIST(change, "owned", owned, owned_count, &owned_shape),
    LIST(change, "gitlinks", gitlinks, gitlink_count, &gitlink_shape),
    ONE(change, "rollback_plan", plan, &plan_shape),
    TEXT(change, "ticket", ticket),
    TRI(change, "ticket_fits", ticket_fits),
    ONE(change, "rehearsal", rehearsal, &rehearsal_shape),
    END,
};
static const struct shape change_shape = {sizeof(struct change), change_fields};

static const struct field deployment_fields[] = {
    SEQ(deployment, "record", seq),
    TEXT(deployment, "environment", environment),
    TEXT(deployment, "commit", commit),
    BOOL(deployment, "success", success),
    TEXT(deployment, "person", person),
    BOOL(deployment, "machine", machine),
    BOOL(deployment, "source", source),
    TRI(deployment, "independent", independent),
    INSTANT(deployment, "time", time),
    END,
};
static const struct shape deployment_shape = {sizeof(struct deployment),
    deployment_fields};

static const struct field promotion_fields[] = {
    TEXT(promotion, "commit", commit),
    TRI(promotion, "landed", landed),
    TEXT(promotion, "landed_gate", landed_gate),
    SEQ(promotion, "landed_record", landed_seq),
    TRI(promotion, "judged", judged),
    TEXT(promotion, "doubt", doubt),
    TRI(promotion, "staged", staged),
    SEQ(promotion, "staged_record", staged_seq),
    TEXT(promotion, "staged_commit", staged_commit),
    INSTANT(promotion, "staged_at", staged_at),
    SPAN(promotion, "soaked", soaked),
    TRI(promotion, "deployments_known", deployments_known),
    LIST(promotion, "deployments", deployments, deployment_count,
        &deployment_shape),
    TEXTS(promotion, "includes", includes, include_count),
    TEXT(promotion, "asker", asker),
    END,
};
static const struct shape promotion_shape = {sizeof(struct promotion),
    promotion_fields};

static const struct field lane_fields[] = {
    BOOL(lane, "taken", taken),
    TEXT(lane, "to", to),
    TRI(lane, "live", live),
    COUNT(lane, "back", back),
    TRI(lane, "left", left),
    TRI(lane, "clear", clear),
    TEXT(lane, "reason", reason),
    WORD(lane, "reason_state", reason_state, plan_words),
    END,
};
static const struct shape lane_shape = {sizeof(struct lane), lane_fields};

static const struct field declaration_fields[] = {
    WORD(declaration, "by", by, declared_words),
    ONE(declaration, "declarer", declarer, &actor_shape),
    TEXT(declaration, "incident", incident),
    WORD(declaration, "incident_state", incident_state, plan_words),
    TEXT(declaration, "reason", reason),
    WORD(declaration, "reason_state", reason_state, plan_words),
    INSTANT(declaration, "time", time),
    SEQ(declaration, "record", seq),
    TRI(declaration, "used", used),
    TRI(declaration, "member", member),
    TEXT(declaration, "key", key),
    END,
};
static const struct shape declaration_shape = {sizeof(struct declaration),
    declaration_fields};

static const struct field debt_fields[] = {
    SEQ(debt, "record", seq),
    TEXT(debt, "ref", ref),
    TEXT(debt, "commit", commit),
    TEXT(debt, "declarer", declarer),
    INSTANT(debt, "due", due),
    BOOL(debt, "elsewhere", elsewhere),
    END,
};
static const struct shape debt_shape = {sizeof(struct debt), debt_fields};

static const struct field defect_fields[] = {
    TEXT(defect, "code", code),
    TEXT(defect, "text", text),
    END,
};
static const struct shape defect_shape = {sizeof(struct defect), defect_fields};

static const struct field update_fields[] = {
    TEXT(update, "repository", repository),
    TEXT(update, "gate", gate),
    TEXT(update, "ref", ref),
    TEXT(update, "old", old),
    TEXT(update, "new", new),
    TEXT(update, "base", base),
    TEXT(update, "landed", landed),
    INSTANT(update, "asked", at),
    WORD(update, "mode", mode, mode_words),
    WORD(update, "move", move, move_words),
    ONE(update, "pusher", pusher, &actor_shape),
    TRI(update, "adopted", adopted),
    BOOL(update, "baseline", baseline),
    TEXT(update, "drift", drift),
    COUNT(update, "gated", gated),
    LIST(update, "defects", defects, defect_count, &defect_shape),
    LIST(update, "changes", changes, change_count, &change_shape),
    BOOL(update, "promotes", promotes),
    ONE(update, "staging", promotion, &promotion_shape),
    ONE(update, "lane", lane, &lane_shape),
    ONE(update, "emergency", declaration, &declaration_shape),
    TRI(update, "debts_known", debts_known),
    LIST(update, "debts", debts, debt_count, &debt_shape),
    BOOL(update, "follows_objected", follows_objected),
    END,
};
static const struct shape update_shape = {sizeof(struct update), update_fields};

/* ---- writing ---- */

static const char *
text_at(const char *thing, size_t at)
{
	const char *text;

	memcpy(&text, thing + at, sizeof(text));
	return text;
}

static uint64_t
number_at(const char *thing, const struct field *f)
{
	uint64_t wide = 0;
	unsigned narrow;
	bool yes;

	if (f->kind == FIELD_BOOL) {
		memcpy(&yes, thing + f->at, sizeof(yes));
		return yes;
	}
	if (f->kind == FIELD_WORD || f->kind == FIELD_COUNT) {
		memcpy(&narrow, thing + f->at, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, thing + f->at, sizeof(wide));
	return wide;
}

static void write_members(struct json *j, const struct shape *shape,
    const char *thing);

static void
write_lists(struct json *j, const struct field *f, const char *thing)
{
	size_t count;

	memcpy(&count, thing + f->count_at, sizeof(count));
	if (count == 0)
		return;
	json_key_open(j, f->key, '[');
	for (size_t i = 0; i < count; i++) {
		const char *list = text_at(thing, f->at);

		if (f->kind == FIELD_TEXTS) {
			json_text(j, text_at(list, i * sizeof(char *)));
			continue;
		}
		json_open(j, '{');
		write_members(j, f->shape, list + i * f->shape->size);
		json_close(j);
	}
	json_close(j);
}

static bool
is_zero(const char *thing, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (thing[i] != 0)
			return false;
	return true;
}

static void
write_field(struct json *j, const struct field *f, const char *thing)
{
	if (f->kind == FIELD_TEXTS || f->kind == FIELD_LIST) {
		write_lists(j, f, thing);
		return;
	}
	if (f->kind == FIELD_ONE) {
		if (is_zero(thing + f->at, f->shape->size))
			return;
		json_key_open(j, f->key, '{');
		write_members(j, f->shape, thing + f->at);
		json_close(j);
		return;
	}
	if (f->kind == FIELD_TEXT) {
		if (text_at(thing, f->at) != NULL)
			json_key_text(j, f->key, text_at(thing, f->at));
		return;
	}
	if (number_at(thing, f) == 0 && f->words != mode_words)
		return;
	if (f->kind == FIELD_WORD)
		json_key_text(j, f->key, f->words[number_at(thing, f)]);
	else if (f->kind == FIELD_BOOL)
		json_key_bool(j, f->key, true);
	else if (f->kind == FIELD_INSTANT)
		json_key_instant(j, f->key, (int64_t)number_at(thing, f));
	else
		json_key_number(j, f->key, (int64_t)number_at(thing, f));
}

static void
write_members(struct json *j, const struct shape *shape, const char *thing)
{
	for (const struct field *f = shape->fields; f->key != NULL; f++)
		write_field(j, f, thing);
}

void
facts_write(struct json *j, const struct update *update)
{
	write_members(j, &update_shape, (const char *)update);
}

/* ---- reading ---- */

static int read_members(struct pool *pool, const struct shape *shape,
    const struct tree *t, char *thing, struct err *err);

static int
read_word(const struct field *f, const struct tree *t, char *thing,
    struct err *err)
{
	if (t->kind == TREE_TEXT)
		for (unsigned i = 0; f->words[i] != NULL; i++)
			if (strcmp(f->words[i], t->text) == 0) {
				memcpy(thing + f->at, &i, sizeof(i));
				return 0;
			}
	return tree_error(t, err, "'%s' is no word for this", f->key);
}

static int
read_number(const struct field *f, const struct tree *t, char *thing,
    struct err *err)
{
	uint64_t wide;
	unsigned narrow;

	if (t->kind != TREE_NUMBER || t->number < 0 ||
	    (f->kind == FIELD_COUNT && t->number > UINT32_MAX))
		return tree_error(t, err, "'%s' must be a number", f->key);
	wide = (uint64_t)t->number;
	narrow = (unsigned)t->number;
	if (f->kind == FIELD_COUNT)
		memcpy(thing + f->at, &narrow, sizeof(narrow));
	else
		memcpy(thing + f->at, &wide, sizeof(wide));
	return 0;
}

static int
read_list(struct pool *pool, const struct field *f, const struct tree *t,
    char *thing, struct err *err)
{
	size_t size = f->kind == FIELD_LIST ? f->shape->size : sizeof(char *);
	size_t i = 0;
	char *list;

	if (t->kind != TREE_LIST)
		return tree_error(t, err, "'%s' must be a list", f->key);
	list = pool_array(pool, t->len + 1, size);
	for (const struct tree *e = t->child; e != NULL; e = e->next, i++) {
		if (f->kind == FIELD_LIST) {
			if (read_members(pool, f->shape, e, list + i * size,
			        err) < 0)
				return -1;
		} else if (e->kind == TREE_TEXT) {
			memcpy(list + i * size, &e->text, sizeof(e->text));
		} else {
			return tree_error(e, err, "'%s' holds texts", f->key);
		}
	}
	memcpy(thing + f->at, &list, sizeof(list));
	memcpy(thing + f->count_at, &i, sizeof(i));
	return 0;
}

static int
read_field(struct pool *pool, const struct field *f, const struct tree *t,
    char *thing, struct err *err)
{
	int64_t instant;

	if (f->kind == FIELD_ONE)
		return read_members(pool, f->shape, t, thing + f->at, err);
	if (f->kind == FIELD_LIST || f->kind == FIELD_TEXTS)
		return read_list(pool, f, t, thing, err);
	if (f->kind == FIELD_WORD)
		return read_word(f, t, thing, err);
	if (f->kind == FIELD_TEXT && t->kind == TREE_TEXT) {
		memcpy(thing + f->at, &t->text, sizeof(t->text));
		return 0;
	}
	if (f->kind == FIELD_BOOL && t->kind == TREE_BOOL) {
		memcpy(thing + f->at, &t->boolean, sizeof(t->boolean));
		return 0;
	}
	if (f->kind == FIELD_INSTANT && t->kind == TREE_TEXT &&
	    text_parse_instant(t->text, &instant)) {
		memcpy(thing + f->at, &instant, sizeof(instant));
		return 0;
	}
	if (f->kind == FIELD_COUNT || f->kind == FIELD_SEQ ||
	    f->kind == FIELD_SPAN)
		return read_number(f, t, thing, err);
	return tree_error(t, err, "'%s' has the wrong type", f->key);
}

static int
read_members(struct pool *pool, const struct shape *shape, const struct tree *t,
    char *thing, struct err *err)
{
	if (t->kind != TREE_MAP)
		return tree_error(t, err, "an object is expected");
	for (const struct field *f = shape->fields; f->key != NULL; f++) {
		const struct tree *member = tree_get(t, f->key);

		if (member == NULL || member->kind == TREE_NULL)
			continue;
		if (read_field(pool, f, member, thing, err) < 0)
			return -1;
	}
	return 0;
}

int
facts_read(struct update *update, struct pool *pool, const struct tree *record,
    struct err *err)
{
	*update = (struct update){0};
	return read_members(pool, &update_shape, record, (char *)update, err);
}
