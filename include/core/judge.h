/*
 * judge - the decision, and the only place where it is made.
 *
 * judge() looks at a policy, at the people and at what is known about an
 * update, and says whether it may go ahead, and why.  It reads no clock, file
 * or network and cannot fail: the same facts give the same verdict today, in
 * the auditor's replay next year, and in the tests.
 *
 * Every control leaves at least one finding, also where nothing was asked.  An
 * update without changes is judged like one whose change nobody could read.
 * REFUSED if any finding is UNMET or UNDECIDED, unless a valid declaration
 * turns all of them (ADMITTED_AS_EMERGENCY); a hard finding is never turned.
 */
#ifndef CORE_JUDGE_H
#define CORE_JUDGE_H

#include "core/rule.h"

void judge(const struct policy *policy, const struct gate *gate,
    const struct people *people, const struct update *update, struct pool *pool,
    struct verdict *verdict);

/* "ADMITTED" and the like, as records spell them. */
const char *outcome_name(enum outcome outcome);
const char *standing_name(enum standing standing);

#endif
