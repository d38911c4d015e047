/* policy.yaml: whatever is read can be asked and warned about. */
#include <stdint.h>
#include <stdlib.h>

#include "base/tree.h"
#include "core/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each ref of each gate has a gate, and its own glob is a target. */
static void
ask(const struct policy_repository *r)
{
	for (size_t i = 0; i < r->gate_count; i++) {
		const struct gate *g = &r->gates[i], *found;

		if (policy_gate_named(r, g->name) != g || g->refs.count == 0)
			abort();
		for (size_t n = 0; n < g->refs.count; n++) {
			const char *ref = g->refs.list[n];

			if (policy_gate(r, ref, &found) == GATE_NONE ||
			    !policy_target_is(g, ref, ref))
				abort();
			if (policy_gate(r, ref, &found) == GATE_ONE &&
			    found == g && !policy_is_target(r, ref))
				abort();
		}
		for (size_t n = 0; n < g->landed_on.count; n++)
			if (policy_gate_named(r, g->landed_on.list[n]) == NULL)
				abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy policy = {0};
	struct pool pool = {0};
	struct err err = {0};
	const struct tree *document;
	const char *const *lines;

	if (tree_parse_yaml(&document, &pool, (const char *)data, size,
	        "policy.yaml", &err) == 0 &&
	    policy_read(&policy, &pool, document, &err) == 0) {
		for (size_t i = 0; i < policy.repository_count; i++)
			ask(&policy.repositories[i]);
		policy_warnings(&policy, &pool, &lines);
	} else if (err.text[0] == '\0' || policy.repository_count != 0) {
		abort();
	}
	pool_free(&pool);
	return 0;
}
