/* What an assessment stands on: repository, entry of the policy, gate, ref. */
#include "app/audit.h"

#include <string.h>

#include "base/text.h"

/* Of a policy that asks for none: what most trackers' tickets look like. */
static const char any_ticket[] = "[A-Z][A-Z0-9]+-[0-9]+|#[0-9]+";

static const struct gate *
main_gate(const struct policy_repository *entry)
{
	const struct gate *named = policy_gate_named(entry, "main");

	if (named != NULL)
		return named;
	for (size_t i = 0; i < entry->gate_count; i++)
		if (entry->gates[i].landed_on.count == 0)
			return &entry->gates[i];
	return &entry->gates[0];
}

static int
find_entry(struct audit *a, struct err *err)
{
	a->entry = policy_repository(a->policy, a->repository);
	if (a->entry == NULL)
		return err_set(err, ERR_INPUT,
		    "the policy has no entry for the repository '%s': "
		    "--repository NAME, or add one",
		    a->repository);
	if (a->entry->gate_count == 0)
		return err_set(err, ERR_INPUT,
		    "the policy asks nothing of the repository '%s': "
		    "--repository NAME names another",
		    a->repository);
	a->gate = main_gate(a->entry);
	return 0;
}

static int
ref_holds(struct audit *a, const char *name, bool *exists, struct err *err)
{
	char oid[REPO_OID_SIZE] = "";
	enum repo_kind kind;

	*exists = false;
	if (repo_ref(a->repo, name, oid, exists, err) < 0)
		return -1;
	if (!*exists)
		return 0;
	if (repo_peel(a->repo, oid, a->tip, &kind, err) < 0)
		return -1;
	if (kind != REPO_COMMIT)
		return err_set(err, ERR_INPUT, "'%s' holds no commit", name);
	a->ref = pool_text(&a->pool, name);
	return 0;
}

static int
find_named(struct audit *a, const char *ref, struct err *err)
{
	bool exists = false;

	for (size_t i = 0; i < 3 && !exists; i++) {
		struct err ignored = {0};
		const char *name = i == 0 ? ref
		    : i == 1 ? pool_printf(&a->pool, "refs/heads/%s", ref)
		             : pool_printf(&a->pool, "refs/tags/%s", ref);

		if (ref_holds(a, name, &exists, &ignored) < 0)
			exists = false;
	}
	return exists ? 0
	              : err_set(err, ERR_INPUT,
	                    "the repository has no ref '%s' that holds a "
	                    "commit: --ref names another",
	                    ref);
}

/* The main gate's first full name that is there, then its globs, then HEAD. */
static int
find_gated(struct audit *a, struct err *err)
{
	struct repo_ref *refs;
	size_t count;
	bool exists = false;

	for (size_t i = 0; i < a->gate->refs.count && !exists; i++)
		if (!text_is_glob(a->gate->refs.list[i]) &&
		    ref_holds(a, a->gate->refs.list[i], &exists, err) < 0)
			return -1;
	if (exists)
		return 0;
	if (repo_refs(a->repo, &a->pool, "refs/", &refs, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !exists; i++) {
		const struct gate *gate = NULL;

		if (policy_gate(a->entry, refs[i].name, &gate) == GATE_ONE &&
		    gate == a->gate &&
		    ref_holds(a, refs[i].name, &exists, err) < 0)
			return -1;
	}
	return exists ? 0 : ref_holds(a, "HEAD", &exists, err);
}

static int
find_ref(struct audit *a, const char *ref, struct err *err)
{
	const struct gate *gate = NULL;
	const char *real;

	if (ref != NULL ? find_named(a, ref, err) < 0 : find_gated(a, err) < 0)
		return -1;
	a->empty = a->ref == NULL;
	if (a->empty) {
		a->ref = "";
		return 0;
	}
	if (repo_symref(a->repo, &a->pool, a->ref, &real, err) < 0)
		return -1;
	a->ref = real;
	if (policy_gate(a->entry, real, &gate) == GATE_ONE)
		a->gate = gate;
	return 0;
}

int
audit_open(struct audit *a, const char *ref, struct err *err)
{
	const char *pattern;

	if (find_entry(a, err) < 0 || repo_open(&a->repo, a->path, err) < 0 ||
	    find_ref(a, ref, err) < 0)
		return -1;
	a->shallow = repo_is_shallow(a->repo);
	a->grafts = repo_grafts(a->repo);
	pattern = a->gate->ticket != NULL ? a->gate->ticket : any_ticket;
	if (regcomp(&a->ticket, pattern, REG_EXTENDED) != 0)
		return err_set(err, ERR_CONFIG,
		    "the ticket pattern '%s' is no regular expression",
		    pattern);
	a->ticket_ready = true;
	return 0;
}

void
audit_close(struct audit *a)
{
	repo_close(a->repo);
	repo_close(a->merger);
	a->repo = a->merger = NULL;
	if (a->ticket_ready)
		regfree(&a->ticket);
	a->ticket_ready = false;
	audit_forget(a);
	buf_free(&a->key);
	pool_free(&a->pool);
}

bool
audit_is_whole(const struct audit *a)
{
	bool staged = true;

	for (size_t i = 0; i < a->staged_count; i++)
		staged = staged && a->staged[i].trouble == NULL;
	return a->stopped[0] == '\0' && a->cut == NULL &&
	    a->counts.unread == 0 && a->counts.beyond == 0 && staged;
}
