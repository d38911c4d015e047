#include "app/baseline.h"

#include <string.h>

#include "app/cmd.h"
#include "app/gather.h"
#include "app/witness.h"
#include "base/text.h"

/* From a tip that is not there any more, everything is new. */
static int
count_new(struct push *p, struct baseline *b, struct err *err)
{
	const char *hide[1] = {b->tip};
	struct repo_commit *list;
	struct pool pool = {0};
	char from[REPO_OID_SIZE];
	enum repo_kind kind;
	size_t hides = 0;
	int ret;

	if (repo_has(p->repo, b->tip) &&
	    repo_peel(p->repo, b->tip, from, &kind, err) == 0 &&
	    kind == REPO_COMMIT) {
		hide[0] = from;
		hides = 1;
	}
	ret = repo_range(p->repo, &pool, b->commit, hide, hides,
	    BASELINE_COMMITS_MAX, &list, &b->unreviewed, err);
	pool_free(&pool);
	return ret;
}

int
baseline_look(struct push *p, const struct visit_ref *ref, bool settle,
    struct baseline *out, struct err *err)
{
	char commit[REPO_OID_SIZE];
	enum repo_kind kind;
	struct record record;

	*out = (struct baseline){.ref = ref->name,
	    .gate = ref->gate,
	    .actual = ref->tip};
	if (settle &&
	    witness_ref(p, ref->name, ref->gate,
	        ref->tip != NULL ? ref->tip : WITNESS_NOTHING, "found",
	        err) < 0)
		return -1;
	if (ledger_tip(p, ref->name, &record, &out->tip, err) < 0)
		return -1;
	out->gone = ref->tip == NULL && out->tip != NULL &&
	    !text_is_zero_oid(tree_text(record.tree, "new"));
	if (ref->tip == NULL)
		return 0;
	if (repo_peel(p->repo, ref->tip, commit, &kind, err) < 0)
		return err_within(err, "%s", ref->name);
	if (kind == REPO_COMMIT)
		out->commit = pool_text(p->pool, commit);
	out->drifted = out->tip != NULL && strcmp(out->tip, ref->tip) != 0;
	if (!out->drifted || out->commit == NULL)
		return 0;
	return count_new(p, out, err);
}

static int
find_gate(struct push *p, const char *name, const struct gate **gate,
    struct err *err)
{
	if (p->entry == NULL)
		return err_set(err, ERR_INPUT,
		    "no entry of policy.yaml fits the repository '%s'",
		    p->repository);
	switch (policy_gate(p->entry, name, gate)) {
	case GATE_ONE:
		return 0;
	case GATE_TWO:
		return err_set(err, ERR_INPUT,
		    "globs of two gates match '%s'; make one of them a full "
		    "name",
		    name);
	case GATE_CASE:
		return err_set(err, ERR_INPUT,
		    "'%s' differs from a gated ref by case only", name);
	case GATE_NONE:
		break;
	}
	return err_set(err, ERR_INPUT,
	    "'%s' is at no gate of '%s'; a ref is written in full, as "
	    "refs/heads/main",
	    name, p->repository);
}

static int
find_ref(struct push *p, const char *name, bool settle, struct baseline *out,
    struct err *err)
{
	struct visit_ref ref = {.name = name};
	char oid[REPO_OID_SIZE];
	bool exists;

	if (find_gate(p, name, &ref.gate, err) < 0 ||
	    repo_symref(p->repo, p->pool, name, &ref.name, err) < 0)
		return -1;
	if (strcmp(ref.name, name) != 0)
		return err_set(err, ERR_INPUT,
		    "'%s' is a symbolic ref; name the one it stands for, '%s'",
		    name, ref.name);
	if (repo_ref(p->repo, name, oid, &exists, err) < 0)
		return -1;
	ref.tip = exists ? pool_text(p->pool, oid) : NULL;
	return baseline_look(p, &ref, settle, out, err);
}

int
baseline_of(struct push *p, const char *name, struct baseline *out,
    struct err *err)
{
	return find_ref(p, name, true, out, err);
}

int
baseline_again(struct push *p, const char *name, struct baseline *out,
    struct err *err)
{
	if (changelog_catch_up(p->setup->log, err) < 0)
		return -1;
	return find_ref(p, name, false, out, err);
}

void
baseline_write(struct push *p, const struct baseline *b, const struct by *by,
    const char *reason, struct buf *out)
{
	const struct adoption a = {.repository = p->repository,
	    .gate = b->gate->name,
	    .ref = b->ref,
	    .tip = b->gone ? WITNESS_NOTHING : b->actual,
	    .subject = b->gone ? NULL : b->commit,
	    .from = b->tip,
	    .unreviewed = b->unreviewed,
	    .by = *by,
	    .reason = reason};

	record_adopted(out, &a);
}

void
baseline_warn(const struct by *by, const char *what)
{
	if (by->in_order)
		return;
	(void)complain(0,
	    "WARNING: the account '%s' %s%s is in none of the policy's "
	    "administration groups: this %s will be an exception in every "
	    "report",
	    by->account,
	    by->person != NULL ? "is " : "is nobody of people.yaml and",
	    by->person != NULL ? by->person : "", what);
}
