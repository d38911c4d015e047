#include "app/push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/ref_line.h"
#include "core/statement.h"

int
push_read(struct push *p, const char *input, size_t len, struct err *err)
{
	struct ref_line line;
	struct ref_update *r;
	size_t used;

	for (; len > 0; input += used, len -= used) {
		if (ref_line_read(&line, p->pool, input, len, p->ref_count + 1,
		        &used, err) < 0)
			return -1;
		if (p->ref_count >= PUSH_REFS_MAX)
			return err_set(err, ERR_INPUT,
			    "more than %d refs in one push", PUSH_REFS_MAX);
		r = pool_grow(p->pool, &p->refs, &p->ref_count, sizeof(*r));
		r->old = line.old;
		r->new = line.new;
		r->name = r->target = line.name;
	}
	return 0;
}

const char *
push_variable(const struct push *p, const char *name)
{
	return p->handed != NULL ? map_get(&p->handed->variables, name)
	                         : getenv(name);
}

/* Bounded where they were read. */
static int
handed_options(struct push *p)
{
	p->options = p->handed->options;
	p->option_count = p->handed->option_count;
	return 0;
}

static int
environment_options(struct push *p, struct err *err)
{
	const char *count = getenv("GIT_PUSH_OPTION_COUNT");
	char name[40];
	unsigned long n = count == NULL ? 0 : strtoul(count, NULL, 10);
	const char **slot, *value;

	if (n > PUSH_OPTIONS_MAX)
		return err_set(err, ERR_INPUT, "more than %d push options",
		    PUSH_OPTIONS_MAX);
	for (unsigned long i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "GIT_PUSH_OPTION_%lu", i);
		value = getenv(name);
		if (value == NULL)
			return err_set(err, ERR_INPUT,
			    "push option %lu is missing", i);
		if (strlen(value) > PUSH_OPTION_SIZE)
			return err_set(err, ERR_INPUT,
			    "push option %lu is longer than %d bytes", i,
			    PUSH_OPTION_SIZE);
		slot = pool_grow(p->pool, &p->options, &p->option_count,
		    sizeof(*slot));
		*slot = pool_text(p->pool, value);
	}
	return 0;
}

int
push_options(struct push *p, struct err *err)
{
	if (p->handed != NULL)
		return handed_options(p);
	return environment_options(p, err);
}

const char *
push_option(const struct push *p, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < p->option_count; i++)
		if (strncmp(p->options[i], name, len) == 0 &&
		    p->options[i][len] == '=')
			return p->options[i] + len + 1;
	return NULL;
}

bool
push_option_given(const struct push *p, const char *name)
{
	for (size_t i = 0; i < p->option_count; i++)
		if (strcmp(p->options[i], name) == 0)
			return true;
	return false;
}

static void
refuse(struct ref_update *r, const char *code, const char *why)
{
	r->code = code;
	r->why = why;
}

/* Below these names, the case of letters makes no other ref. */
static bool
is_in_other_case(const char *name)
{
	static const char *const ours[] = {"refs/foureyes/", "refs/replace/",
	    "refs/namespaces/", "refs/foureyes/approvals/",
	    "refs/foureyes/deployments/"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (text_starts_case_blind(name, ours[i]) &&
		    !text_starts(name, ours[i]))
			return true;
	return false;
}

/* Names that are nobody's gate and still not to be had. */
static void
refuse_names(struct push *p, struct ref_update *r)
{
	if (strlen(r->name) > PUSH_REF_SIZE)
		refuse(r, "policy.ref-too-long",
		    "a ref's name may have 255 bytes");
	else if (is_in_other_case(r->name))
		refuse(r, "policy.case",
		    "this name differs by the case of letters only from one "
		    "with a meaning of its own");
	else if (text_starts(r->name, "refs/namespaces/"))
		refuse(r, "policy.namespace",
		    "refs of a namespace are not pushed to from outside it");
	else if (text_starts(r->name, "refs/replace/"))
		refuse(r, "policy.replace",
		    "replacement refs make two readers see two histories");
	else if (text_starts(r->name, "refs/foureyes/") &&
	    !text_starts(r->name, "refs/foureyes/approvals/") &&
	    !text_starts(r->name, "refs/foureyes/deployments/"))
		refuse(r, "evidence.ref",
		    "only approvals/ and deployments/ lie below "
		    "refs/foureyes/");
	else if (p->entry == NULL)
		refuse(r, "policy.no-repository",
		    pool_printf(p->pool,
		        "policy.yaml has no entry for '%s'; add under "
		        "repositories: - {match: [\"%s\"], gates: {...}}",
		        p->repository, p->repository));
}

static void
find_gate(struct push *p, struct ref_update *r)
{
	const struct gate *gate = NULL;

	switch (policy_gate(p->entry, r->target, &gate)) {
	case GATE_NONE:
		return;
	case GATE_ONE:
		r->gate = gate;
		p->gated++;
		return;
	case GATE_TWO:
		refuse(r, "policy.two-gates",
		    "globs of two gates match this ref; make one of them a "
		    "full name");
		return;
	case GATE_CASE:
		refuse(r, "policy.case",
		    "this name differs from a gated ref by case only");
		return;
	}
}

/* A gated name that is a symbolic ref: whoever writes to `target` moves it. */
struct alias {
	const char *name, *target;
};

struct aliases {
	struct alias *list;
	size_t count;
};

/* Globs are left out: finding what lies below them costs a listing. */
static int
find_aliases(struct push *p, struct aliases *out, struct err *err)
{
	for (size_t i = 0; p->entry != NULL && i < p->entry->gate_count; i++) {
		const struct texts *refs = &p->entry->gates[i].refs;

		for (size_t k = 0; k < refs->count; k++) {
			const char *name = refs->list[k], *target;

			if (text_is_glob(name))
				continue;
			if (repo_symref(p->repo, p->pool, name, &target, err) <
			    0)
				return -1;
			if (strcmp(name, target) != 0)
				*(struct alias *)pool_grow(p->pool, &out->list,
				    &out->count, sizeof(*out->list)) =
				    (struct alias){name, target};
		}
	}
	return 0;
}

static const struct gate *
gate_of(const struct push *p, const char *ref)
{
	const struct gate *gate = NULL;

	return policy_gate(p->entry, ref, &gate) == GATE_NONE ? NULL : gate;
}

/* One ref, one name, one gate: whatever else a symbolic ref makes of it. */
static void
refuse_alias(struct push *p, struct ref_update *r, const struct aliases *all)
{
	const struct gate *named = gate_of(p, r->name);

	if (strcmp(r->name, r->target) != 0 &&
	    (text_starts(r->target, "refs/foureyes/") ||
	        text_starts(r->target, "refs/replace/") ||
	        text_starts(r->target, "refs/namespaces/")))
		refuse(r, "policy.alias",
		    pool_printf(p->pool,
		        "it is a symbolic ref on the server, to %s",
		        r->target));
	else if (named != NULL && gate_of(p, r->target) != named)
		refuse(r, "policy.alias",
		    pool_printf(p->pool,
		        "it is gated, and on the server it is a symbolic ref "
		        "to %s, which is not; an administrator makes it a ref "
		        "of its own: git update-ref --no-deref",
		        r->target));
	for (size_t i = 0; i < all->count && r->code == NULL; i++)
		if (strcmp(all->list[i].target, r->target) == 0 &&
		    gate_of(p, r->target) != gate_of(p, all->list[i].name))
			refuse(r, "policy.alias",
			    pool_printf(p->pool,
			        "%s is gated, and on the server it is a "
			        "symbolic ref to this one",
			        all->list[i].name));
}

/* Two updates of one ref cannot both be judged from where it is. */
static void
refuse_twice(struct ref_update *r, struct map *targets)
{
	if (map_get(targets, r->target) != NULL)
		refuse(r, "policy.twice",
		    "one push moves this ref twice, or under two names");
	else
		map_put(targets, r->target, r);
}

/*
 * Ways to spoil a repository with gates by a ref that is at none of them.  A
 * history that is cut off would stay so for everybody.
 */
static void
refuse_traps(const struct push *p, struct ref_update *r)
{
	if (r->evidence && strcmp(r->target, r->name) != 0)
		refuse(r, "evidence.ref",
		    "this ref of evidence is a symbolic ref");
	else if (r->gate == NULL && p->entry->gate_count > 0 &&
	    repo_would_be_cut(p->repo) && !text_is_zero_oid(r->new))
		refuse(r, "object.history-incomplete",
		    "the history is cut off (a shallow clone); push from a "
		    "full clone: git fetch --unshallow");
}

int
push_sort(struct push *p, struct err *err)
{
	struct aliases aliases = {0};
	struct map targets = {.pool = p->pool};

	p->entry = policy_repository(&p->setup->config.policy, p->repository);
	if (find_aliases(p, &aliases, err) < 0)
		return -1;
	for (size_t i = 0; i < p->ref_count; i++) {
		struct ref_update *r = &p->refs[i];

		refuse_names(p, r);
		if (r->code != NULL)
			continue;
		r->evidence = statement_is_evidence_ref(r->name);
		if (repo_symref(p->repo, p->pool, r->name, &r->target, err) < 0)
			return -1;
		if (!r->evidence)
			refuse_alias(p, r, &aliases);
		if (r->code == NULL)
			refuse_twice(r, &targets);
		if (r->code == NULL && !r->evidence)
			find_gate(p, r);
		if (r->code == NULL)
			refuse_traps(p, r);
	}
	return 0;
}
