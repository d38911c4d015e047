/*
 * gate - gather, judge, record, answer: the only place with that order.
 *
 * A whole push is decided at once: evidence first, so that an approval in the
 * same push counts, then every gated ref.  No admitted answer exists that is
 * not on disk; if it cannot be recorded, the push is refused.
 */
#ifndef APP_GATE_H
#define APP_GATE_H

#include "app/push.h"
#include "core/rule.h"

/* What became of one gated ref of the push. */
struct judged {
	struct ref_update *ref;
	struct update update;
	struct verdict verdict;
	/* Of its decision, or of the one it says again; 0: not recorded. */
	uint64_t seq;
};

struct gate_answer {
	bool admitted;   /* the push as a whole */
	bool unrecorded; /* refused, and the log's disk is full */
	struct judged *judged;
	size_t judged_count;
};

/*
 * `dry` records nothing (explain); evidence in the push then does not count.
 * -1: could not find out; callers refuse.
 */
int gate_push(struct push *p, bool dry, struct gate_answer *answer,
    struct err *err) must_check;
/* Judge one ref of a push, recording nothing. */
int gate_judge(struct push *p, struct ref_update *r, struct judged *out,
    struct err *err) must_check;
/*
 * The first ref has moved already, where nothing could hold it up: judge it and
 * record that decision.  With `only_admitted`, one that would be refused is not
 * recorded, and `out->seq` is 0.
 */
int gate_witnessed(struct push *p, bool only_admitted, struct judged *out,
    struct err *err) must_check;

#endif
