#include "core/policy.h"

#include <string.h>

#include "base/text.h"

bool
texts_have(const struct texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (text_same(texts->list[i], text))
			return true;
	return false;
}

const struct policy_repository *
policy_repository(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->repository_count; i++) {
		const struct policy_repository *r = &policy->repositories[i];

		for (size_t m = 0; m < r->match.count; m++)
			if (text_glob(r->match.list[m], name))
				return r;
	}
	return NULL;
}

const struct gate *
policy_gate_named(const struct policy_repository *repository, const char *name)
{
	for (size_t i = 0; i < repository->gate_count; i++)
		if (text_same(repository->gates[i].name, name))
			return &repository->gates[i];
	return NULL;
}

/* Is `ref` the gate's, but for the case of letters: by its full names, or by
 * its globs? */
static bool
has_in_other_case(const struct gate *gate, const char *ref, bool globs)
{
	for (size_t i = 0; i < gate->refs.count; i++) {
		const char *name = gate->refs.list[i];

		if (text_is_glob(name) == globs &&
		    (globs ? text_glob_case_blind(name, ref)
		           : text_same_case_blind(name, ref)))
			return true;
	}
	return false;
}

static bool
is_in_other_case(const struct policy_repository *repository, const char *ref,
    bool globs, const struct gate **gate)
{
	for (size_t i = 0; i < repository->gate_count; i++) {
		*gate = &repository->gates[i];
		if (has_in_other_case(*gate, ref, globs))
			return true;
	}
	*gate = NULL;
	return false;
}

static bool
has_by_glob(const struct gate *gate, const char *ref)
{
	for (size_t i = 0; i < gate->refs.count; i++)
		if (text_is_glob(gate->refs.list[i]) &&
		    text_glob(gate->refs.list[i], ref))
			return true;
	return false;
}

static enum gate_found
find_by_glob(const struct policy_repository *repository, const char *ref,
    const struct gate **gate)
{
	enum gate_found found = GATE_NONE;

	for (size_t i = 0; i < repository->gate_count; i++) {
		if (!has_by_glob(&repository->gates[i], ref))
			continue;
		if (found == GATE_ONE)
			return GATE_TWO;
		*gate = &repository->gates[i];
		found = GATE_ONE;
	}
	return found;
}

/*
 * The case of a full name comes before globs: where the file system knows no
 * case, the other writing is the same file as the gated ref.  That of a glob
 * comes last.
 */
enum gate_found
policy_gate(const struct policy_repository *repository, const char *ref,
    const struct gate **gate)
{
	enum gate_found found;

	for (size_t i = 0; i < repository->gate_count; i++) {
		*gate = &repository->gates[i];
		if (!text_is_glob(ref) && texts_have(&(*gate)->refs, ref))
			return GATE_ONE;
	}
	if (is_in_other_case(repository, ref, false, gate))
		return GATE_CASE;
	found = find_by_glob(repository, ref, gate);
	if (found == GATE_NONE && is_in_other_case(repository, ref, true, gate))
		return GATE_CASE;
	return found;
}

bool
policy_target_is(const struct gate *gate, const char *target, const char *ref)
{
	if (text_same(target, ref))
		return true;
	return target != NULL && text_is_glob(target) &&
	    texts_have(&gate->refs, target) && text_glob(target, ref);
}

bool
policy_is_target(const struct policy_repository *repository, const char *target)
{
	const struct gate *gate;

	if (!text_is_glob(target))
		return policy_gate(repository, target, &gate) == GATE_ONE;
	for (size_t i = 0; i < repository->gate_count; i++)
		if (texts_have(&repository->gates[i].refs, target))
			return true;
	return false;
}
