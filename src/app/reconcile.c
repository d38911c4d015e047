#include "app/reconcile.h"

#include <string.h>

#include "app/gather.h"
#include "app/visit.h"
#include "base/text.h"
#include "core/topics.h"
#include "reconcile_inside.h"

#define BORN_PAGE 1000

static const struct reconcile_see nobody;

int
reconcile_note(const struct reconciling *r, enum reconcile_note what,
    const char *repository, const char *gate, const char *ref, const char *text,
    struct err *err)
{
	const struct reconciled_note note = {what, repository, gate, ref, text};

	r->sum->notes++;
	return r->see->note == NULL ? 0 : r->see->note(r->see->ctx, &note, err);
}

/* ---- the refs of one repository ---- */

struct refs {
	struct standing_ref *list;
	size_t count;
	struct map known; /* their names */
	struct map gates; /* gates that have one of them */
};

static void
add_ref(struct push *p, struct refs *refs, const char *name,
    const struct gate *gate, const char *symbolic)
{
	struct standing_ref *ref;

	if (map_get(&refs->known, name) != NULL)
		return;
	ref = pool_grow(p->pool, &refs->list, &refs->count, sizeof(*ref));
	*ref = (struct standing_ref){.name = name,
	    .gate = gate,
	    .symbolic = symbolic};
	map_put(&refs->known, name, refs);
}

/*
 * A name of the same gate that leads to another one is a lawful alias, unless
 * it was a ref of its own once.
 */
static int
add_symbolic(const struct reconciling *r, struct push *p, struct refs *refs,
    const struct repo_ref *ref, const struct gate *gate, struct err *err)
{
	const struct gate *there = NULL;
	const char *tip, *target;
	struct record record;

	if (repo_symref(p->repo, p->pool, ref->name, &target, err) < 0 ||
	    ledger_tip(p, ref->name, &record, &tip, err) < 0)
		return -1;
	if (record.seq == 0 &&
	    policy_gate(p->entry, target, &there) == GATE_ONE && there == gate)
		return 0;
	if (record.seq != 0)
		add_ref(p, refs, ref->name, gate, target);
	return reconcile_note(r, NOTE_ALIAS, p->repository, gate->name,
	    ref->name,
	    pool_printf(p->pool,
	        "it is a symbolic ref to %s; take it out: git symbolic-ref "
	        "--delete %s",
	        target, ref->name),
	    err);
}

static int
add_present(const struct reconciling *r, struct push *p, struct refs *refs,
    const struct repo_ref *ref, struct err *err)
{
	const struct gate *gate = NULL;

	switch (policy_gate(p->entry, ref->name, &gate)) {
	case GATE_NONE:
		return 0;
	case GATE_TWO:
	case GATE_CASE:
		return reconcile_note(r, NOTE_TWO_GATES, p->repository,
		    gate == NULL ? NULL : gate->name, ref->name,
		    "two gates match it, or it differs from a gated ref by "
		    "case only",
		    err);
	case GATE_ONE:
		break;
	}
	map_put(&refs->gates, gate->name, refs);
	if (ref->target != NULL)
		return add_symbolic(r, p, refs, ref, gate, err);
	add_ref(p, refs, ref->name, gate, NULL);
	return 0;
}

/* One ref that cannot be read hides the list; those known are asked for. */
static int
find_present(const struct reconciling *r, struct push *p, struct refs *refs,
    struct err *err)
{
	struct err why = {0};
	struct repo_ref *list;
	size_t count;

	if (repo_refs(p->repo, p->pool, "refs/", &list, &count, &why) < 0)
		return reconcile_note(r, NOTE_UNREADABLE, p->repository, NULL,
		    NULL, pool_text(p->pool, why.text), err);
	for (size_t i = 0; i < count; i++)
		if (add_present(r, p, refs, &list[i], err) < 0)
			return -1;
	return 0;
}

/* Those the ledger knows, gone or not. */
static int
find_known(struct push *p, struct refs *refs, struct err *err)
{
	const char *topic = topic_born(p->pool, p->repository);
	struct record *list;
	size_t count = BORN_PAGE;

	for (uint64_t beyond = 0; count == BORN_PAGE;) {
		if (changelog_find(p->setup->log, p->pool, topic, false, beyond,
		        BORN_PAGE, &list, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			const char *name = tree_text(list[i].tree, "ref");
			const struct gate *gate = NULL;

			beyond = list[i].seq;
			if (name != NULL &&
			    text_same(tree_text(list[i].tree, "repository"),
			        p->repository) &&
			    policy_gate(p->entry, name, &gate) == GATE_ONE)
				add_ref(p, refs, name, gate, NULL);
		}
	}
	return 0;
}

static int
note_gates(const struct reconciling *r, struct push *p, const struct refs *refs,
    struct err *err)
{
	for (size_t i = 0; i < p->entry->gate_count; i++) {
		const char *gate = p->entry->gates[i].name;

		if (map_get(&refs->gates, gate) == NULL &&
		    reconcile_note(r, NOTE_EMPTY_GATE, p->repository, gate,
		        NULL, "no ref of this gate is there", err) < 0)
			return -1;
	}
	return 0;
}

static int
note_head(const struct reconciling *r, struct push *p, struct err *err)
{
	const struct gate *gate = NULL;
	struct err why = {0};
	const char *head;

	if (repo_symref(p->repo, p->pool, "HEAD", &head, &why) < 0)
		return reconcile_note(r, NOTE_UNREADABLE, p->repository, NULL,
		    "HEAD", pool_text(p->pool, why.text), err);
	if (policy_gate(p->entry, head, &gate) == GATE_ONE)
		return 0;
	return reconcile_note(r, NOTE_HEAD, p->repository, NULL, "HEAD",
	    pool_printf(p->pool,
	        "it stands for %s, which is at no gate: what people clone is "
	        "not what is guarded",
	        head),
	    err);
}

static int
look_at_refs(const struct reconciling *r, struct push *p, struct err *err)
{
	struct refs refs = {.known = {.pool = p->pool},
	    .gates = {.pool = p->pool}};

	if (find_present(r, p, &refs, err) < 0 ||
	    find_known(p, &refs, err) < 0 || note_gates(r, p, &refs, err) < 0 ||
	    note_head(r, p, err) < 0)
		return -1;
	for (size_t i = 0; i < refs.count; i++)
		if (reconcile_ref(r, p, &refs.list[i], err) < 0)
			return -1;
	return 0;
}

/* ---- repositories ---- */

static int
look_at_opened(const struct reconciling *r, struct push *p, struct err *err)
{
	if (p->entry == NULL)
		return reconcile_note(r, NOTE_NO_ENTRY, p->repository, NULL,
		    NULL,
		    pool_printf(p->pool,
		        "no entry of policy.yaml fits it, so every push to it "
		        "is refused; add under repositories: - {match: "
		        "[\"%s\"], gates: {...}}",
		        p->repository),
		    err);
	return p->entry->gate_count == 0 ? 0 : look_at_refs(r, p, err);
}

/* `*name` (may be NULL) becomes the repository's, `*entry` its entry. */
static int
look_at_one(const struct reconciling *r, const char *word, const char **name,
    const struct policy_repository **entry, struct err *err)
{
	struct push p = {0};
	struct err why = {0};
	int ret;

	r->sum->repositories++;
	if (visit_open(&p, r->setup, word, &why) < 0)
		ret = reconcile_note(r, NOTE_UNREADABLE, word, NULL, NULL,
		    why.text, err);
	else
		ret = look_at_opened(r, &p, err);
	*name = p.repository;
	*entry = p.entry;
	visit_close(&p);
	return ret;
}

static const char *
shown_match(struct pool *pool, const struct policy_repository *entry)
{
	struct buf out = {0};
	const char *copy;

	for (size_t i = 0; i < entry->match.count; i++)
		buf_printf(&out, "%s\"%s\"", i == 0 ? "" : ", ",
		    entry->match.list[i]);
	copy = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return copy;
}

/* An empty gate is no clean gate: those of entries without a repository. */
static int
note_entries(const struct reconciling *r, const bool *used, struct err *err)
{
	const struct policy *policy = &r->setup->config.policy;

	for (size_t i = 0; i < policy->repository_count; i++) {
		const struct policy_repository *e = &policy->repositories[i];

		if (!used[i] && e->gate_count > 0 &&
		    reconcile_note(r, NOTE_EMPTY_GATE, NULL, e->gates[0].name,
		        NULL,
		        pool_printf(&r->setup->pool,
		            "no repository comes to the entry with match: [%s]",
		            shown_match(&r->setup->pool, e)),
		        err) < 0)
			return -1;
	}
	return 0;
}

static int
begin(struct reconciling *r, const struct reconcile_see **see, struct err *err)
{
	if (r->setup->log == NULL)
		return err_set(err, ERR_INPUT, "the change log is not open");
	if (*see == NULL)
		*see = &nobody;
	r->see = *see;
	return 0;
}

int
reconcile_repository(struct setup *s, const char *word, bool record,
    const struct reconcile_see *see, struct reconciled *sum, struct err *err)
{
	struct reconciling r = {s, record, see, sum};
	const struct policy_repository *entry;
	const char *name, *path;

	if (begin(&r, &see, err) < 0 || visit_path(s, word, &path, err) < 0)
		return -1;
	return look_at_one(&r, path, &name, &entry, err);
}

int
reconcile_all(struct setup *s, bool record, const struct reconcile_see *see,
    struct reconciled *sum, struct err *err)
{
	struct reconciling r = {s, record, see, sum};
	const struct policy *policy = &s->config.policy;
	struct map seen = {.pool = &s->pool};
	const char **paths;
	bool *used;
	size_t count;

	if (begin(&r, &see, err) < 0 || visit_all(s, &paths, &count, err) < 0)
		return -1;
	used =
	    pool_array(&s->pool, policy->repository_count + 1, sizeof(*used));
	for (size_t i = 0; i < count; i++) {
		const struct policy_repository *entry = NULL;
		const char *name = NULL;

		if (look_at_one(&r, paths[i], &name, &entry, err) < 0)
			return -1;
		if (name != NULL)
			map_put(&seen, name, &seen);
		if (entry != NULL)
			used[entry - policy->repositories] = true;
	}
	return note_entries(&r, used, err) < 0
	    ? -1
	    : reconcile_missing(&r, &seen, err);
}

/* ---- names ---- */

const char *
ref_standing_name(enum ref_standing standing)
{
	static const char *const names[] = {"unknown", "stands", "found",
	    "drift", "unadopted"};

	return names[standing];
}

const char *
decision_end_name(enum decision_end end)
{
	static const char *const names[] = {"open", "landed", "lapsed",
	    "withheld", "refused"};

	return names[end];
}

const char *
reconcile_note_name(enum reconcile_note note)
{
	static const char *const names[] = {NULL, "no-entry", "unreadable",
	    "head", "empty-gate", "alias", "missing", "two-gates"};

	return names[note];
}
