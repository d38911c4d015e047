/*
 * From where each ref is judged, and what became of those that a push leaves
 * alone.
 */
#include "app/gate.h"
#include "app/gather.h"
#include "app/witness.h"
#include "base/text.h"

#include "gate_inside.h"

#define LOOKED_AROUND_MAX 50 /* refs that the push does not move */

static const char *
known_to_hold(const struct record *tip)
{
	return tip->seq == 0 ? WITNESS_NOTHING : tree_text(tip->tree, "new");
}

static bool
is_gone(const struct record *tip)
{
	return tip->seq != 0 && text_is_zero_oid(known_to_hold(tip));
}

int
gate_find_base(struct push *p, struct judged *j, bool dry, struct err *err)
{
	const struct ref_update *r = j->ref;
	struct record tip;
	const char *held, *known;

	if (witness_present(p, r->target, &held, err) < 0 ||
	    ledger_tip(p, r->target, &tip, &j->update.base, err) < 0)
		return -1;
	known = known_to_hold(&tip);
	j->update.gone = is_gone(&tip);
	if (text_same(known, held))
		return 0;
	if (!dry) {
		if (witness_ref(p, r->target, r->gate, held, "found", err) <
		        0 ||
		    ledger_tip(p, r->target, &tip, &j->update.base, err) < 0)
			return -1;
		known = known_to_hold(&tip);
	}
	j->update.gone = is_gone(&tip);
	if (tip.seq != 0 && !text_same(known, held))
		j->update.drift = held;
	return 0;
}

int
gate_look_around(struct push *p, struct err *err)
{
	size_t looked_at = 0;

	for (size_t i = 0; i < p->entry->gate_count; i++) {
		const struct gate *gate = &p->entry->gates[i];

		for (size_t k = 0; k < gate->refs.count; k++) {
			const char *ref = gate->refs.list[k], *held, *base;
			struct record tip;

			if (text_is_glob(ref) ||
			    ++looked_at > LOOKED_AROUND_MAX)
				continue;
			if (witness_present(p, ref, &held, err) < 0 ||
			    ledger_tip(p, ref, &tip, &base, err) < 0)
				return -1;
			if (!text_same(known_to_hold(&tip), held) &&
			    witness_ref(p, ref, gate, held, "found", err) < 0)
				return -1;
		}
	}
	return 0;
}
